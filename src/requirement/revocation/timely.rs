//! `revocation/timely`

use super::checked::judge;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::Checked;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The revocation list arrives within 15 seconds, which is how long Windows waits by default before it does without.
    ///
    /// Who is hurt: clients on slow lines, and all of them when the list has grown: they give up before it has come, and
    /// a list that did not come counts as revoked.
    ///
    /// How it is seen: the time from the question for the web server's name to the last octet of the list, or of an OCSP
    /// responder's answer.
    TIMELY {
        id: "revocation/timely",
        title: "Revocation lists arrive within the 15 seconds Windows waits",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "Windows' default URL retrieval time-out" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the list nearer to the clients, or make it smaller: renew the authority with a new key, which begins a new list, or take expired certificates out of it.",
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, of_one)),
    }
}

/// How long Windows waits for a list, in milliseconds.
const PATIENCE: f64 = 15_000.0;

fn of_one(one: &Checked<'_>) -> Verdict {
    if !one.has_content() {
        return one.no_list();
    }
    let slow: Vec<String> = one
        .sources
        .iter()
        .filter(|source| source.took().is_some_and(|took| took.0 > PATIENCE))
        .map(|source| source.words())
        .chain(one.responders().iter().filter_map(|responder| {
            let took = responder.took().filter(|took| took.0 > PATIENCE)?;
            Some(format!("{}: an answer in {:.0} ms", responder.url, took.0))
        }))
        .collect();
    if slow.is_empty() {
        return Verdict::pass();
    }
    Evidence::new("What tells who is revoked comes later than Windows waits for it.")
        .expected("15 s at most")
        .observed_all(slow)
        .cause("The web server or the line is slow, or the list is large.")
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let healthy = || World::web_server(|r| r).healthy_crls();
        vec![
            Case::passes("at once", healthy()),
            Case::passes("just in time", healthy().crl_took(&url, 15_000.0)),
            Case::fails("too late", healthy().crl_took(&url, 15_001.0), "15001 ms"),
            Case::unknown("never", healthy().crl_failed(&url, ExchangeFailure::Timeout, "no answer in 20 s")),
            Case::unknown("nobody asked", World::web_server(|r| r)),
        ]
    }
}
