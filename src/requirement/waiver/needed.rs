//! `waiver/needed`

use super::current::WAIVERS;
use crate::rule::subject::WaiverSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A waiver covers something: the requirement it names fails somewhere it holds for. One that covers nothing is a
    /// leftover, or names the wrong requirement or system.
    ///
    /// Who is hurt: the next reader, who takes the deviation for real; and the administrator whose real deviation is
    /// covered by nothing because of a slip.
    ///
    /// How it is seen: after everything was judged. A run that looked at part of the site only, or that could not
    /// decide the requirement everywhere, does not show it.
    NEEDED {
        id: "waiver/needed",
        title: "The waiver covers a failure",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "an allowance that nothing needs hides the next one" },
        scope: WAIVERS,
        evidence: &[EvidenceSource::Definition, EvidenceSource::Site],
        remedy: "Remove the [[waiver]] table, or correct the requirement or the system it names.",
        check: Check::Waiver(check),
    }
}

fn check(subject: &WaiverSubject<'_>) -> Verdict {
    if subject.waiver.until.is_some_and(|until| until < subject.basis.now.0.date()) {
        return Verdict::NotApplicable("the waiver has ended");
    }
    if subject.used {
        return Verdict::pass();
    }
    if !subject.whole {
        return Verdict::unknown("only part of the site was looked at", "a run over every system from every vantage");
    }
    Evidence::new("The waiver covers nothing.")
        .expected(format!("a failure of {}", subject.waiver.requirement))
        .observed("none where the waiver holds")
        .because(&cause::WAIVER_UNUSED)
        .fail()
}

#[cfg(test)]
mod cases {
    use time::macros::date;

    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let waived = |used| World::web_server(|r| r).waived(None, used);
        vec![
            Case::passes("it covers a failure", waived(true)),
            Case::fails("it covers nothing", waived(false), "covers nothing"),
            Case::unknown("part of the site", waived(false).in_part()),
            Case::not_applicable("it has ended", World::web_server(|r| r).waived(Some(date!(2026 - 05 - 31)), false)),
        ]
    }
}
