//! Whether certificates lead to a root of the site, whatever they are for and whenever they are valid: whether the site's own
//! people vouch for what they name. Handed to whoever fetches, who must not judge.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::trust::path::MOST_PRESENTED;
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
        let leading = leading(&chain, &declared, &roots, algorithms);
        chain.iter().map(|one| leading.contains(&one)).collect()
    }
}

/// Of what was presented and declared, whatever leads to one of the roots by names and signatures; looked for from the roots
/// downwards, so that no two certificates are held against each other twice. Of what was presented the first
/// [`MOST_PRESENTED`] are looked at.
pub(in crate::trust) fn leading<'a>(
    presented: &'a [Arc<Certificate>],
    declared: &'a [Arc<Certificate>],
    roots: &'a [Arc<Certificate>],
    algorithms: &dyn Verifier,
) -> Vec<&'a Arc<Certificate>> {
    let (mut leading, mut open): (Vec<_>, Vec<_>) =
        presented.iter().take(MOST_PRESENTED).chain(declared).partition(|one| roots.contains(one));
    let mut above: Vec<&Arc<Certificate>> = roots.iter().collect();
    for _ in 0..=MOST_ABOVE {
        let below: Vec<_>;
        (below, open) = open.into_iter().partition(|one| above.iter().any(|above| vouches(above, one, algorithms)));
        if below.is_empty() {
            break;
        }
        leading.extend(&below);
        above = below;
    }
    leading
}

/// Whether a certificate is an authority's that issued another, by name and signature.
fn vouches(above: &Certificate, below: &Certificate, algorithms: &dyn Verifier) -> bool {
    let (Some(authority), Some(facts)) = (above.facts(), below.facts()) else { return false };
    authority.subject.is_same_as(&facts.issuer)
        && authority.basic_constraints.is_none_or(|constraints| constraints.ca)
        && signed_by(below, above, algorithms) == Signed::Yes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{MOST_ABOVE, leads_to_roots};
    use crate::certificate::Certificate;
    use crate::lab::pki::{KeyName, Minted, Organization, Pki};
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

    #[test]
    fn so_many_may_stand_between_a_certificate_and_a_root() {
        let pki = Pki::lab().unwrap();
        let root = Arc::new(Certificate::read(&Der::from(pki.root.der.as_slice())));
        let leads = leads_to_roots(&TrustStore::new(vec![root], Vec::new(), Vec::new(), ALGORITHMS));
        let mut last = pki.root.clone();
        let mut chain = Vec::new();
        for number in 0..=MOST_ABOVE + 1 {
            let mut recipe = pki.issuing.recipe.clone().cn(&format!("Contoso CA {number}")).key(KeyName::P256A);
            recipe.basic_constraints = None;
            last = last.issue(&recipe).unwrap();
            chain.push(Der::from(last.der.as_slice()));
        }
        // Whatever is presented first: the last of them has one too many above it.
        let trusted = leads(&chain);
        assert_eq!(trusted.iter().filter(|trusted| **trusted).count(), MOST_ABOVE + 1);
        assert_eq!(trusted.last(), Some(&false));
    }
}
