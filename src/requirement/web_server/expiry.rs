//! `web-server/expiry`

use super::validity::{is_within_dates, span};
use crate::certificate::Facts;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::basis::Basis;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// More days are left to the certificate than the warning threshold: 30, or the number given with `--warn-days`.
    ///
    /// Who is hurt: nobody yet. On the day the certificate ends every client falls silent at once, and a client that
    /// cannot reach its management point cannot be given the news.
    ///
    /// How it is seen: in the leaf, to the second: exactly the threshold's days left is not more. It is judged only
    /// while the certificate is within its dates; before and after, web-server/validity has the say and this row does
    /// not apply, so that one fault gives one finding.
    EXPIRY {
        id: "web-server/expiry",
        title: "The web server certificate does not end soon",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "the end of a certificate can be seen coming" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Renew the certificate with the same names and choose the new one in the HTTPS binding of the web site; autoenrolment renews, but binds nothing by itself.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| ends_later(leaf, subject.basis))
}

/// Whether a certificate has more left than the warning threshold; shared with the rows on certificate files.
pub(crate) fn ends_later(facts: &Facts, basis: &Basis<'_>) -> Verdict {
    if !is_within_dates(facts, basis.now) {
        return Verdict::NotApplicable("the certificate is not within its dates");
    }
    let left = facts.not_after.unix() - basis.now.unix();
    if left > i64::from(basis.warn_days) * 86_400 {
        return Verdict::pass();
    }
    Evidence::new(format!("The certificate ends in {}.", span(left)))
        .expected(format!("more than {} days left", basis.warn_days))
        .observed(format!("valid to {}", facts.not_after))
        .cause("Its time is running out, or it was renewed and the new one is not bound yet.")
        .fail()
}

#[cfg(test)]
mod cases {
    use time::Duration;
    use time::macros::datetime;

    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-01 00:00 UTC), datetime!(2026-12-31 12:00 UTC));
        let left = |left: Duration| World::web_server(|r| r.valid(from, to)).at(to - left);
        vec![
            Case::passes("half a year", left(Duration::days(180))),
            Case::passes("thirty days and a second", left(Duration::days(30) + Duration::SECOND)),
            Case::fails("thirty days", left(Duration::days(30)), "ends in 30 days"),
            Case::fails("a day", left(Duration::DAY), "ends in 1 day."),
            Case::fails("its last second", left(Duration::ZERO), "more than 30 days"),
            Case::unknown("nothing listens", left(Duration::DAY).refused()),
            Case::not_applicable("it has expired", left(-Duration::SECOND)),
            Case::not_applicable("it is not valid yet", left(to - from + Duration::SECOND)),
            Case::not_applicable("a bridging proxy has its own row", left(Duration::DAY).bridging_proxy()),
        ]
    }
}
