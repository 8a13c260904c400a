//! `client/crl-reachable`

use std::sync::Arc;

use super::PRESENTED_TO_SERVERS;
use crate::certificate::Certificate;
use crate::requirement::revocation::checked::LookedUp;
use crate::requirement::revocation::reachable::reachable;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::vantage::Network;
use crate::trust::basis::RevocationMode;
use crate::trust::lists::checked::{Asked, Checked};
use crate::trust::lists::issuers;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The revocation list the client's certificate names can be fetched. IIS looks it up for every client certificate by
    /// default, whatever the site says about its clients.
    ///
    /// Who is hurt: every client with such a certificate: where the server cannot fetch the list it answers 403.13, and
    /// the clients become unmanaged all at once.
    ///
    /// How it is seen: every http URL in the certificate is asked for, from wherever this program stands; whether the
    /// server gets through is for it to say.
    CRL_REACHABLE {
        id: "client/crl-reachable",
        title: "The revocation list of the client's certificate can be fetched",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRL, place: "Certificate revocation checking by IIS" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File, EvidenceSource::RevocationList],
        remedy: "Publish the list at the URL the certificate names, and let the site systems' computer accounts fetch it.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    if subject.basis.revocation == RevocationMode::Off {
        return Verdict::NotApplicable("revocation is not judged in this run");
    }
    let Some(certificate) = &subject.file.certificate else { return subject.judge(|_| Verdict::pass()) };
    let authorities: Vec<Arc<Certificate>> = above(subject, certificate);
    let known: Vec<&Arc<Certificate>> = authorities.iter().chain(&subject.basis.trust.client_roots).collect();
    subject.judge(|_| {
        let looked_up = LookedUp {
            basis: subject.basis,
            asked: Asked::Anywhere,
            leaves: vec![&**certificate],
            authorities: &authorities,
            incomplete: None,
            known,
            staple: None,
        };
        looked_up.judge(of_one)
    })
}

/// The authorities above a file's certificate, by name, as far as they are at hand: in the file, in the definition, fetched.
fn above(subject: &FileSubject<'_>, certificate: &Arc<Certificate>) -> Vec<Arc<Certificate>> {
    let trust = subject.basis.trust;
    let chain: Vec<Arc<Certificate>> = std::iter::once(certificate).chain(&subject.file.others).cloned().collect();
    let fetched = issuers::fetched(subject.basis.crls, Asked::Anywhere, &chain);
    let at_hand: Vec<&Arc<Certificate>> = chain.iter().skip(1).chain(&trust.intermediates).chain(&fetched).collect();
    let mut found: Vec<Arc<Certificate>> = Vec::new();
    let mut below = certificate;
    while let Some(facts) = below.facts()
        && let Some(next) = at_hand.iter().find(|one| {
            one.facts().is_some_and(|above| above.subject.der == facts.issuer.der)
                && !one.is_self_issued()
                && !found.contains(one)
        })
    {
        found.push(Arc::clone(next));
        below = next;
    }
    found
}

fn of_one(one: &Checked<'_>) -> Verdict {
    if !one.sources.is_empty() {
        return reachable(one, Network::Intranet);
    }
    if one.is_authority() {
        return Verdict::NotApplicable("the certificate names no revocation list");
    }
    Evidence::new("The certificate names no revocation list.")
        .expected("a CRL distribution point")
        .observed("no CRL distribution point")
        .cause("The authority has none configured; IIS finds no list, and answers 403.13.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::RevocationMode;
    use crate::lab::pki::Recipe;
    use crate::observation::failure::FailureKind;
    use crate::requirement::case::{Case, World, issuing_crl, lab};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let client = || World::file(Client, &lab().client("pc01"));
        vec![
            Case::passes("fetched", client().healthy_crls()),
            Case::fails("not there", client().crl_failed(&url, FailureKind::HttpError, "answered 404"), "answered 404"),
            Case::fails("none is named", World::file(Client, &Recipe::client("pc01").no_cdp()), "403.13"),
            Case::not_applicable("not judged", client().revocation(RevocationMode::Off)),
            Case::unknown("not asked for", client()),
            Case::unknown("a directory", World::file(Client, &lab().client("pc01").cdp(&["ldap:///CN=a"]))),
            Case::unknown("no certificate", client().file_facts(|file| file.certificate = None)),
        ]
    }
}
