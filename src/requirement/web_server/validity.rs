//! `web-server/validity`

use crate::certificate::Facts;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::timestamp::Timestamp;

requirement! {
    /// Now lies within the dates of the certificate: from the first second of its validity to the last, both included.
    ///
    /// Who is hurt: every client, from one second to the next. Error 12175 with the flag CERT_DATE_INVALID (0x20) stands
    /// in `ccmexec.log`, 0x800B0101 in what asks CryptoAPI, and nobody can be told anything any more by policy.
    ///
    /// How it is seen: in the leaf, at the time of the probe or the one given with `--at`. A certificate that was
    /// renewed and still is shown with its old dates was not bound: IIS keeps the old one on the HTTPS binding until
    /// another is chosen there, autoenrolment or not (from IIS 8.5 it can be told to rebind by itself). One that is not
    /// valid yet, on a server with the right time, was most often issued by an authority whose clock is ahead; AD CS
    /// starts a certificate ten minutes early to allow for less.
    VALIDITY {
        id: "web-server/validity",
        title: "The web server certificate is within its dates",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "the certificates must be in place before the site can operate in native mode" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Renew the certificate (certreq, or the Certificates console of the computer account) and choose the new one in the HTTPS binding of the web site; for a certificate that is not valid yet, set the authority's clock right and issue again.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| within_dates(leaf, subject.basis.now))
}

/// Whether a moment lies within a certificate's dates, to the second; shared with the rows on certificate files.
pub(crate) fn within_dates(facts: &Facts, now: Timestamp) -> Verdict {
    let (message, cause) = if now.unix() < facts.not_before.unix() {
        (
            format!("The certificate is not valid for another {}.", span(facts.not_before.unix() - now.unix())),
            "It was issued by a clock that is ahead, or for a later date.",
        )
    } else if now.unix() > facts.not_after.unix() {
        (
            format!("The certificate expired {} ago.", span(now.unix() - facts.not_after.unix())),
            "It was not renewed, or the renewed one was not bound to the web site.",
        )
    } else {
        return Verdict::pass();
    };
    Evidence::new(message)
        .expected(format!("valid at {now}"))
        .observed(format!("valid from {} to {}", facts.not_before, facts.not_after))
        .cause(cause)
        .fail()
}

/// Whether a moment lies within a certificate's dates.
pub(crate) fn is_within_dates(facts: &Facts, now: Timestamp) -> bool {
    (facts.not_before.unix()..=facts.not_after.unix()).contains(&now.unix())
}

/// A span of time in its largest whole unit.
pub(crate) fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        86_400.. => (seconds / 86_400, "day"),
        3_600.. => (seconds / 3_600, "hour"),
        60.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod cases {
    use time::Duration;
    use time::macros::datetime;

    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-01 00:00 UTC), datetime!(2026-12-31 23:59:59 UTC));
        let dated = || World::web_server(|r| r.valid(from, to));
        vec![
            Case::passes("amidst its dates", dated()),
            Case::passes("its first second", dated().at(from)),
            Case::passes("its last second", dated().at(to)),
            Case::passes("within its last second", dated().at(to + Duration::milliseconds(999))),
            Case::fails("a second too early", dated().at(from - Duration::SECOND), "another 1 second"),
            Case::fails("a second too late", dated().at(to + Duration::SECOND), "expired 1 second ago"),
            Case::fails("two days too late", dated().at(to + Duration::hours(50)), "expired 2 days ago"),
            Case::fails("hours too early", dated().at(from - Duration::hours(5)), "another 5 hours"),
            Case::unknown("nothing listens", dated().refused()),
            Case::unknown("the certificate cannot be read", dated().unreadable()),
            Case::not_applicable("a bridging proxy has its own row", dated().bridging_proxy()),
        ]
    }
}
