//! `validity`

use crate::certificate::{Certificate, Facts};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};

use crate::rule::usage::Use;
use crate::trust::dates::{is_within_dates, span};

quality! {
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
        slug: |_| "validity",
        servers: None,
        title: "{} is within its dates",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let now = of.basis.now;
    if is_within_dates(facts, now) {
        return Verdict::pass();
    }
    let evidence = |message: String| {
        of.evidence(message)
            .expected(format!("valid at {now}"))
            .observed(format!("valid from {} to {}", facts.not_before, facts.not_after))
    };
    if facts.not_after < facts.not_before {
        return evidence("The certificate ends before it begins: it was never valid.".into())
            .because(&cause::VALIDITY_IMPOSSIBLE)
            .fail();
    }
    if now < facts.not_before {
        let left = span(facts.not_before.unix() - now.unix());
        return evidence(format!("The certificate is not valid for another {left}."))
            .because(&cause::CERTIFICATE_NOT_YET_VALID)
            .fail();
    }
    let evidence = evidence(format!("The certificate expired {} ago.", span(now.unix() - facts.not_after.unix())));
    if let Some(successor) = successor(of, facts) {
        return renewed(evidence, successor).fail();
    }
    evidence.because(ended(of.of)).fail()
}

/// What brings it about that a certificate has ended of which no successor is known.
fn ended(of: Use) -> &'static crate::verdict::cause::Cause {
    match of {
        Use::Client => &cause::CLIENT_CERTIFICATE_ENDED,
        Use::SiteServer => &cause::SIGNING_CERTIFICATE_ENDED,
        Use::WebServer
        | Use::Proxy
        | Use::ProxyClient
        | Use::MobileDevice
        | Use::Deployment
        | Use::Monitoring
        | Use::DistributionPointClient
        | Use::Root
        | Use::CloudManagementGateway
        | Use::SmsProvider
        | Use::ReportingPoint
        | Use::SqlServer => &cause::CERTIFICATE_ENDED,
    }
}

/// A certificate met at the same endpoint that is within its dates and has the same names.
fn successor<'a>(of: &Credential<'a>, facts: &Facts) -> Option<&'a Certificate> {
    let endpoint = of.endpoint()?;
    // What bears no name of a host (the site's signing certificate) is followed by its own kind alone.
    let is_named = facts.dns_names().next().is_some();
    let same_names = |other: &Facts| {
        let has_all = || facts.dns_names().all(|name| other.dns_names().any(|one| one == name));
        other.subject.der == facts.subject.der || (is_named && has_all())
    };
    endpoint.met.iter().map(|met| met.leaf()).find_map(|leaf| {
        let other = leaf.facts().filter(|other| is_within_dates(other, of.basis.now) && same_names(other))?;
        (other.not_after > facts.not_after).then_some(leaf.as_ref())
    })
}

/// Evidence that the successor is there, and is not what is presented.
fn renewed(evidence: Evidence, successor: &Certificate) -> Evidence {
    let until = successor.facts().map(|facts| format!(", valid to {}", facts.not_after)).unwrap_or_default();
    let evidence = evidence
        .because(&cause::CERTIFICATE_ENDED_RENEWED_NOT_BOUND)
        .observed(format!("its successor is there: thumbprint {}{until}", successor.thumbprint_sha1()));
    Evidence { culprit: None, ..evidence }
}

#[cfg(test)]
mod cases {
    use time::Duration;
    use time::macros::datetime;

    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-01 00:00 UTC), datetime!(2026-12-31 23:59:59 UTC));
        let dated = || World::of(of, |r| r.valid(from, to));
        vec![
            Case::passes("amidst its dates", dated()),
            Case::passes("its first second", dated().at(from)),
            Case::passes("its last second", dated().at(to)),
            Case::passes("within its last second", dated().at(to + Duration::milliseconds(999))),
            Case::fails("a second too early", dated().at(from - Duration::SECOND), "another 1 second"),
            Case::fails("a second too late", dated().at(to + Duration::SECOND), "expired 1 second ago"),
            Case::fails("two days too late", dated().at(to + Duration::hours(50)), "expired 2 days ago"),
            Case::fails("hours too early", dated().at(from - Duration::hours(5)), "another 5 hours"),
        ]
    }
}
