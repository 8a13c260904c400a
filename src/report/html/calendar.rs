//! Everything that ends, soonest first.

use maud::{Markup, html};

use super::words::{date, left_out, section, value, wide};
use super::{MOST, Source, bars};
use crate::report::calendar::{EndKind, EndReport, common_name};
use crate::report::text::moment::distance;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let calendar = &source.report().calendar;
    if calendar.is_empty() {
        return html! {};
    }
    let table = html! {
        table {
            caption { "Soonest first, counted from when it was judged." }
            thead { tr {
                th scope="col" { "Ends" }
                th scope="col" { "When" }
                th scope="col" { "What" }
                th scope="col" { "Issued by" }
                th scope="col" { "Seen" }
            } }
            tbody { @for end in calendar.iter().take(MOST) { (row(source, end)) } }
        }
    };
    let content = html! {
        (wide("Everything that ends", table))
        (left_out(calendar.len().saturating_sub(MOST), "end"))
    };
    section("ends", "What ends", content)
}

fn row(source: &Source<'_>, end: &EndReport) -> Markup {
    let seen = match (end.kind, end.places.as_slice()) {
        (EndKind::Waiver, _) => end.subject.as_deref().unwrap_or_default().to_owned(),
        (_, []) => String::new(),
        (_, [one]) => one.clone(),
        (_, several) => format!("{} places", several.len()),
    };
    html! {
        tr {
            td { (date(end.ends)) }
            td class={ "when " (bars::mark(source, end).class()) } { (distance(source.report().run.judged_at, end.ends)) }
            td {
                (value(&end.what))
                @if end.renewed_by.is_some() { span.sub { "renewed, but the new one is not bound here" } }
            }
            td { @if let Some(issuer) = &end.issuer { (value(common_name(issuer))) } }
            td { (value(&seen)) }
        }
    }
}
