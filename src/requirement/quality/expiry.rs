//! `expiry`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

use crate::rule::usage::Use;
use crate::trust::dates::{is_within_dates, span};
use crate::wire::counted::counted;

quality! {
    /// More days are left to the certificate than the warning threshold: 30, or the number given with `--warn-days`; for
    /// the site server signing certificate 10, from which the site itself warns every day (status message 5112).
    ///
    /// Who is hurt: nobody yet. On the day the certificate ends whoever relies on it falls silent at once, and a client that
    /// cannot reach its management point cannot be given the news.
    ///
    /// How it is seen: in the certificate, to the second: exactly the threshold's days left is not more. It is judged only
    /// while the certificate is within its dates; before and after, its validity row has the say and this one does not
    /// apply, so that one fault gives one finding.
    EXPIRY {
        slug: |_| "expiry",
        servers: None,
        title: "{} does not end soon",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

/// Days before its end from which the site itself warns of its signing certificate (status message 5112).
const SIGNING: u32 = 10;

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let basis = of.basis;
    if !is_within_dates(facts, basis.now) {
        return Verdict::NotApplicable("the certificate is not within its dates, which its validity row says");
    }
    let threshold = if of.of == Use::SiteServer { SIGNING } else { basis.warn_days };
    let left = facts.not_after.unix() - basis.now.unix();
    if left > i64::from(threshold) * 86_400 {
        return Verdict::pass_with(format!("until {}", facts.not_after));
    }
    let cause =
        if of.of == Use::SiteServer { &cause::SIGNING_CERTIFICATE_ENDED } else { &cause::CERTIFICATE_ENDS_SOON };
    of.evidence(format!("The certificate ends in {}.", span(left)))
        .expected(format!("more than {} left", counted(threshold, "day")))
        .observed(format!("valid to {}", facts.not_after))
        .because(cause)
        .fail()
}

#[cfg(test)]
mod cases {
    use time::Duration;
    use time::macros::datetime;

    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-01 00:00 UTC), datetime!(2026-12-31 12:00 UTC));
        let left = |left: Duration| World::of(of, |r| r.valid(from, to)).at(to - left);
        let (threshold, said) =
            if of == Use::SiteServer { (10, "more than 10 days") } else { (30, "more than 30 days") };
        vec![
            Case::passes("half a year", left(Duration::days(180))),
            Case::passes("the threshold and a second", left(Duration::days(threshold) + Duration::SECOND)),
            Case::fails("the threshold", left(Duration::days(threshold)), "ends in"),
            Case::fails("a day", left(Duration::DAY), "ends in 1 day."),
            Case::fails("its last second", left(Duration::ZERO), said),
            Case::not_applicable("it has expired", left(-Duration::SECOND)),
            Case::not_applicable("it is not valid yet", left(to - from + Duration::SECOND)),
        ]
    }
}
