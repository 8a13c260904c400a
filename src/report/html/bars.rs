//! What ends next, as bars of days left.

use maud::{Markup, html};

use super::Source;
use super::areas::Mark;
use super::words::{date, section, value};
use crate::report::calendar::{EndKind, EndReport};
use crate::report::text::calendar::days;
use crate::report::text::moment::distance;
use crate::report::text::ranges::TOLD;

/// How many bars there are.
const BARS: usize = 6;
/// What is as long as the longest bar, in days.
const YEAR: i64 = 365;

/// How near an end is.
pub(super) fn mark(source: &Source<'_>, end: &EndReport) -> Mark {
    let warn_days = i64::from(source.report().circumstances.warn_days);
    match end.kind {
        _ if end.days < 0 => Mark::Error,
        // Lists end all the time: the next one is on its way.
        EndKind::RevocationList => Mark::Met,
        EndKind::Certificate | EndKind::Authority | EndKind::Waiver if end.days <= warn_days => Mark::Warning,
        EndKind::Certificate | EndKind::Authority | EndKind::Waiver => Mark::Met,
    }
}

pub(super) fn write(source: &Source<'_>) -> Markup {
    let report = source.report();
    let days = days(report.calendar.iter());
    if days.is_empty() {
        return html! {};
    }
    let now = report.run.judged_at;
    let content = html! {
        ul.bars {
            @for day in days.iter().take(BARS) {
                @if let Some(first) = day.ends.first() {
                    @let mark = mark(source, first);
                    li {
                        span.what { (value(&day.words(TOLD))) }
                        span class={ "when " (mark.class()) } { (distance(now, first.ends)) ", " (date(first.ends)) }
                        svg.bar viewBox="0 0 365 6" preserveAspectRatio="none" aria-hidden="true" {
                            rect.track x="0" y="0" width="365" height="6" {}
                            rect class=(mark.class()) x="0" y="0" width=(first.days.clamp(3, YEAR)) height="6" {}
                        }
                    }
                }
            }
        }
        p.muted { "A whole bar is a year or more. " a href="#ends" { "Everything that ends" } "." }
    };
    section("next", "Ends next", content)
}
