//! `waiver/current`

use crate::rule::scope::Scope;
use crate::rule::subject::WaiverSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A waiver has not ended: the last day it holds is today or later, or it names none. From the day after, what it
    /// covered fails again.
    ///
    /// Who is hurt: whoever accepted the deviation for a time and would forget it.
    ///
    /// How it is seen: `until` in the definition's `[[waiver]]` table, as of the time of the run or of --at.
    CURRENT {
        id: "waiver/current",
        title: "The waiver has not ended",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "an accepted deviation is accepted for a time" },
        scope: WAIVERS,
        evidence: &[EvidenceSource::Definition],
        remedy: "Mend what the waiver covers, or agree on a new end date and write it down.",
        check: Check::Waiver(check),
    }
}

/// Waivers of the definition.
pub(super) const WAIVERS: Scope = Scope { words: "waivers of the definition", ..Scope::EVERY_ENDPOINT };

fn check(subject: &WaiverSubject<'_>) -> Verdict {
    let today = subject.basis.now.0.date();
    match subject.waiver.until {
        Some(until) if until < today => Evidence::new("The waiver has ended.")
            .expected(format!("an end on {today} or later"))
            .observed(format!("until {until}: {}", subject.waiver.reason))
            .because(&cause::WAIVER_ENDED)
            .fail(),
        Some(until) => Verdict::pass_with(format!("until {until}")),
        None => Verdict::pass(),
    }
}

#[cfg(test)]
mod cases {
    use time::macros::date;

    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let until = |until| World::web_server(|r| r).waived(until, true);
        vec![
            Case::passes("no end", until(None)),
            Case::passes("its last day", until(Some(date!(2026 - 06 - 01)))),
            Case::fails("the day after", until(Some(date!(2026 - 05 - 31))), "until 2026-05-31"),
            Case::nothing("no waiver", World::web_server(|r| r).as_site()),
        ]
    }
}
