//! `client/crl-reachable`

use super::PRESENTED_TO_SERVERS;
use crate::certificate::Facts;
use crate::certificate::revocation_list::Scheme;
use crate::requirement::revocation::reachable::cause;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::basis::RevocationMode;
use crate::trust::lists::checked::MOST_URLS;
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
    subject.judge(|facts| of_certificate(subject, facts))
}

fn of_certificate(subject: &FileSubject<'_>, facts: &Facts) -> Verdict {
    let named: Vec<&String> = facts.crl_distribution_points.iter().take(MOST_URLS).collect();
    if named.is_empty() {
        return Evidence::new("The certificate names no revocation list.")
            .expected("a CRL distribution point")
            .observed("no CRL distribution point")
            .cause("The authority has none configured; IIS finds no list, and answers 403.13.")
            .fail();
    }
    let http: Vec<&String> = named.iter().copied().filter(|url| Scheme::of(url) == Scheme::Http).collect();
    if http.is_empty() {
        return Verdict::unknown(
            "the certificate names no http URL, and directories and shares are not asked",
            "certutil -verify -urlfetch on the site system",
        );
    }
    let mut tried = Vec::new();
    let mut why = None;
    for url in http {
        for (vantage, fetched) in subject.basis.crls.anywhere(url) {
            if fetched.content.is_some() {
                return Verdict::pass_with(format!("{url}: {} octets, from {vantage}", fetched.octets));
            }
            let Some(failure) = &fetched.failure else { continue };
            tried.push(format!("{url}: {}, from {vantage}", failure.detail));
            why.get_or_insert(failure.stop);
        }
    }
    match why {
        None => {
            Verdict::unknown("the revocation list was not asked for", "inspect --online, or check with this identity")
        }
        Some(kind) => Evidence::new("The revocation list of the client's certificate cannot be fetched.")
            .expected("the list, from one of the URLs at least")
            .observed_all(tried)
            .cause(cause(kind))
            .fail(),
    }
}

#[cfg(test)]
mod cases {
    use super::RevocationMode;
    use crate::lab::pki::Recipe;
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, World, issuing_crl, lab};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let client = || World::file(Client, &lab().client("pc01"));
        vec![
            Case::passes("fetched", client().crl(&url, &lab().issuing.crl(&issuing_crl()).unwrap())),
            Case::fails(
                "not there",
                client().crl_failed(&url, ExchangeFailure::HttpError, "answered 404"),
                "answered 404",
            ),
            Case::fails("none is named", World::file(Client, &Recipe::client("pc01").no_cdp()), "403.13"),
            Case::not_applicable("not judged", client().revocation(RevocationMode::Off)),
            Case::unknown("not asked for", client()),
            Case::unknown("a directory", World::file(Client, &lab().client("pc01").cdp(&["ldap:///CN=a"]))),
            Case::unknown("no certificate", client().file_facts(|file| file.certificate = None)),
        ]
    }
}
