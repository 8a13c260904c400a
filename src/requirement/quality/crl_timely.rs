//! `crl-timely`

use super::lists::{because, judge_lists};
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::verdict::cause::Culprit;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// The revocation list arrives within 15 seconds, which is how long Windows waits by default before it does without.
    ///
    /// Who is hurt: clients on slow lines, and all of them when the list has grown: they give up before it has come, and
    /// a list that did not come counts as revoked.
    ///
    /// How it is seen: the time from the question for the web server's name to the last octet of the list, or of an OCSP
    /// responder's answer.
    CRL_TIMELY {
        slug: |_| "crl-timely",
        servers: Some("revocation/timely"),
        title: "Revocation lists for {} arrive within the 15 seconds Windows waits",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    judge_lists(of, timely)
}

/// How long Windows waits for a list, in milliseconds.
const PATIENCE: f64 = 15_000.0;

/// Whether what tells of a certificate comes within the time Windows waits.
pub fn timely(one: &Checked<'_>) -> Verdict {
    if !one.has_content() {
        return one.no_list();
    }
    let responders = one.responders();
    let slow: Vec<(&str, String)> = one
        .sources
        .iter()
        .filter(|source| source.took().is_some_and(|took| took.0 > PATIENCE))
        .map(|source| (source.url, source.words()))
        .chain(responders.iter().filter_map(|responder| {
            let took = responder.took().filter(|took| took.0 > PATIENCE)?;
            Some((responder.url.as_str(), format!("{}: an answer in {:.0} ms", responder.url, took.0)))
        }))
        .collect();
    let Some((first, _)) = slow.first() else { return Verdict::pass() };
    let evidence = Evidence::new("What tells who is revoked comes later than Windows waits for it.")
        .expected("15 s at most")
        .observed_all(slow.iter().map(|(_, words)| words.as_str()))
        .culprit(Culprit::Url((*first).into()))
        .cause("The web server or the line is slow, or the list is large.");
    because(evidence, Some("list-slow")).fail()
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let url = lab().issuing_crl_url();
        let healthy = || World::of(of, |r| r).healthy_crls();
        vec![
            Case::passes("at once", healthy()),
            Case::passes("just in time", healthy().crl_took(&url, 15_000.0)),
            Case::fails("too late", healthy().crl_took(&url, 15_001.0), "15001 ms"),
            Case::unknown("never", healthy().crl_failed(&url, ExchangeFailure::Timeout, "no answer in 20 s")),
            Case::unknown("nobody asked", World::of(of, |r| r)),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let took = |took| World::of(of, |r| r).healthy_crls().crl_took(&url, took);
        vec![
            Case::passes("exactly as long as Windows waits", took(15_000.0)),
            Case::fails("longer", took(15_001.0), "15001 ms"),
        ]
    }
}
