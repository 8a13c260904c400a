//! Whom a client's certificate may be shown: who presents a certificate that leads to the site's roots and carries the name
//! that was dialled. Handed to whoever connects, who must not judge. Dates are left out: a server whose certificate has ended
//! is still the site's own.

use std::sync::Arc;

use crate::certificate::{Certificate, host_name};
use crate::site::name::HostName;
use crate::trust::lists::trusted::leading;
use crate::trust::signature::Verifier;
use crate::trust::store::TrustStore;
use crate::wire::der::Der;

/// What it takes to say to whom a client's certificate may be shown.
#[derive(Clone)]
pub struct Shown {
    own: Vec<Arc<Certificate>>,
    own_or_public: Vec<Arc<Certificate>>,
    declared: Vec<Arc<Certificate>>,
    algorithms: &'static dyn Verifier,
}

impl Shown {
    /// By what a site trusts.
    pub fn new(trust: &TrustStore) -> Self {
        Self {
            own: trust.roots.clone(),
            own_or_public: trust.public_or_own.clone(),
            declared: trust.intermediates.clone(),
            algorithms: trust.algorithms,
        }
    }

    /// What there is against showing it to who presents this chain, as a sentence without its full stop; `None`: nothing. The
    /// leaf must carry one of the names; without any the roots alone decide.
    pub fn objection(&self, chain: &[Der], may_be_public: bool, names: &[HostName]) -> Option<String> {
        let roots = if may_be_public { &self.own_or_public } else { &self.own };
        if roots.is_empty() {
            return Some("no root is given to hold the server's certificate against".to_owned());
        }
        let chain: Vec<Arc<Certificate>> = chain.iter().map(|der| Arc::new(Certificate::read(der))).collect();
        let Some((leaf, facts)) = chain.first().and_then(|leaf| Some((leaf, leaf.facts()?))) else {
            return Some("the server presented no certificate that can be read".to_owned());
        };
        if !leading(&chain, &self.declared, roots, self.algorithms).contains(&leaf) {
            return Some(
                "with the authorities it sent and those given, the server's certificate leads to no root of the site"
                    .to_owned(),
            );
        }
        if names.is_empty() || names.iter().any(|name| host_name::accepts(facts, name.as_str())) {
            return None;
        }
        Some(match names {
            [one] => format!("the server's certificate does not carry the name {one}"),
            _ => "the server's certificate carries no name of the site".to_owned(),
        })
    }
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use time::macros::datetime;

    use super::Shown;
    use crate::certificate::Certificate;
    use crate::lab::pki::{Minted, Organization, Pki};
    use crate::site::name::HostName;
    use crate::trust::signature::ALGORITHMS;
    use crate::trust::store::TrustStore;
    use crate::wire::der::Der;

    const MP: &str = "mp01.corp.contoso.com";

    fn der(minted: &Minted) -> Der {
        Der::from(minted.der.as_slice())
    }

    fn names(names: &[&str]) -> Vec<HostName> {
        names.iter().map(|name| HostName::new(name)).collect()
    }

    #[test]
    fn it_is_shown_where_the_certificate_leads_to_a_root_and_carries_the_name() {
        let (pki, impostor) = (Pki::lab().unwrap(), Organization::impostor().build().unwrap());
        let read = |one: &Minted| Arc::new(Certificate::read(&der(one)));
        let site = TrustStore::new(vec![read(&pki.root)], Vec::new(), Vec::new(), ALGORITHMS);
        let shown = Shown::new(&site.with_public_roots(vec![read(&impostor.root)]));
        let leaf = pki.issue(&pki.web_server(&[MP])).unwrap();
        let mut ended = pki.web_server(&[MP]);
        ended.not_after = datetime!(2001-01-01 00:00 UTC);
        ended.not_before = datetime!(2000-01-01 00:00 UTC);
        let ended = pki.issue(&ended).unwrap();
        let forged = impostor.issue(&impostor.web_server(&[MP])).unwrap();
        let own = [der(&leaf), der(&pki.issuing)];
        let others = [der(&forged), der(&impostor.issuing), der(&pki.root)];
        let ask = |chain: &[Der], public, dialled: &[&str]| shown.objection(chain, public, &names(dialled));

        assert_eq!(ask(&own, false, &[MP]), None);
        assert_eq!(ask(&own, false, &["other.contoso.com", MP]), None, "one of several will do");
        assert_eq!(ask(&own, false, &[]), None, "without a name the roots alone");
        assert_eq!(ask(&[der(&ended), der(&pki.issuing)], false, &[MP]), None, "dates apart");
        assert_eq!(ask(&others, true, &[MP]), None, "where a public root will do");
        for (against, chain, dialled) in [
            ("does not carry the name mp02", &own[..], &["mp02.corp.contoso.com"][..]),
            ("carries no name of the site", &own, &["mp02.corp.contoso.com", "mp03.corp.contoso.com"]),
            ("leads to no root", &others, &[MP]),
            ("leads to no root", &own[..1], &[MP]),
            ("no certificate that can be read", &[], &[MP]),
            ("no certificate that can be read", &[Der::from(&b"\x30\x03"[..])], &[MP]),
        ] {
            let objection = ask(chain, false, dialled).unwrap_or_default();
            assert!(objection.contains(against), "{against}: {objection}");
        }
        let nobody = Shown::new(&TrustStore::new(Vec::new(), Vec::new(), Vec::new(), ALGORITHMS));
        assert!(nobody.objection(&own, false, &[]).unwrap().contains("no root is given"));
    }
}
