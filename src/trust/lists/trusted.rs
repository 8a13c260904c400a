//! Whether certificates lead to a root of the site, whatever they are for and whenever they are valid: whether the site's own
//! people vouch for what they name. Handed to whoever fetches, who must not judge.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::trust::path::signed::{Signed, signed_by};
use crate::trust::signature::Verifier;
use crate::trust::store::TrustStore;
use crate::wire::der::Der;

/// How many certificates may stand between one and a root.
const MOST_ABOVE: usize = 6;

/// Says of each certificate of a chain whether it leads to a root, with what the chain and the definition hold.
pub fn leads_to_roots(trust: &TrustStore) -> impl Fn(&[Der]) -> Vec<bool> + Send + Sync + use<> {
    let roots: Vec<Arc<Certificate>> = trust.roots.iter().chain(&trust.client_roots).cloned().collect();
    let (declared, algorithms) = (trust.intermediates.clone(), trust.algorithms);
    move |chain| {
        let chain: Vec<Arc<Certificate>> = chain.iter().map(|der| Arc::new(Certificate::read(der))).collect();
        let known: Vec<&Arc<Certificate>> = chain.iter().chain(&declared).chain(&roots).collect();
        chain.iter().map(|one| leads(one, &known, &roots, algorithms, 0)).collect()
    }
}

/// Whether a certificate leads to one of the roots by names and signatures.
fn leads(
    one: &Arc<Certificate>,
    known: &[&Arc<Certificate>],
    roots: &[Arc<Certificate>],
    algorithms: &dyn Verifier,
    below: usize,
) -> bool {
    if roots.contains(one) {
        return true;
    }
    let Some(facts) = one.facts().filter(|_| below <= MOST_ABOVE) else { return false };
    let is_authority = |above: &Certificate| {
        above.facts().is_some_and(|above| {
            above.subject.der == facts.issuer.der && above.basic_constraints.is_none_or(|constraints| constraints.ca)
        })
    };
    known.iter().any(|above| {
        *above != one
            && is_authority(above)
            && signed_by(one, above, algorithms) == Signed::Yes
            && leads(above, known, roots, algorithms, below + 1)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::leads_to_roots;
    use crate::certificate::Certificate;
    use crate::lab::pki::{Minted, Organization, Pki};
    use crate::trust::signature::ALGORITHMS;
    use crate::trust::store::TrustStore;
    use crate::wire::der::Der;

    #[test]
    fn whoever_leads_to_a_root_is_vouched_for_and_nobody_beside_it() {
        let (pki, impostor) = (Pki::lab().unwrap(), Organization::impostor().build().unwrap());
        let der = |minted: &Minted| Der::from(minted.der.as_slice());
        let trust = |known: &[&Minted]| {
            let read = |one: &Minted| Arc::new(Certificate::read(&der(one)));
            let known = known.iter().map(|one| read(one)).collect();
            leads_to_roots(&TrustStore::new(vec![read(&pki.root)], Vec::new(), known, ALGORITHMS))
        };
        let leaf = pki.issue(&pki.client("pc01")).unwrap();
        let (mine, foreign) = (der(&leaf), der(&impostor.issuing));
        let chain = [mine.clone(), der(&pki.issuing), foreign.clone()];
        assert_eq!(trust(&[])(&chain), [true, true, false], "a name alone is nobody's word");
        assert_eq!(trust(&[])(&[mine.clone(), foreign]), [false, false]);
        assert_eq!(trust(&[&pki.issuing])(&[mine]), [true]);
    }
}
