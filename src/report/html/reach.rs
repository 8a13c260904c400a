//! Who reaches whom: each name from each vantage, the picture in words.

use maud::{Markup, html};

use super::areas::Mark;
use super::picture::proxies_before;
use super::words::{left_out, section, value, wide};
use super::{MOST, Source};
use crate::report::reach::ReachReport;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let reach = &source.report().reach;
    if reach.is_empty() {
        return html! {};
    }
    let table = html! {
        table {
            caption { "Each name, from each vantage." }
            thead { tr {
                th scope="col" { "From" }
                th scope="col" { "Name dialled" }
                th scope="col" { "System" }
                th scope="col" { "Through" }
                th scope="col" { "Outcome" }
            } }
            tbody { @for one in reach.iter().take(MOST) { (row(source, one)) } }
        }
    };
    let content = html! {
        (wide("Who reaches whom", table))
        (left_out(reach.len().saturating_sub(MOST), "name"))
    };
    section("reach", "Who reaches whom", content)
}

fn row(source: &Source<'_>, one: &ReachReport) -> Markup {
    let role = one.role.map(|role| role.name().replace('-', " ")).unwrap_or_default();
    let through = proxies_before(source, one);
    let (mark, words) = outcome(one);
    html! {
        tr {
            td { (value(&one.vantage)) }
            td { (value(&one.name)) ":" (one.port) }
            td {
                (value(&one.system))
                @if !role.is_empty() { span.sub { (role) } }
            }
            td {
                @if through.is_empty() { "\u{2013}" } @else { (value(&through.join(", "))) }
                @if !one.leads_to.is_empty() { span.sub { "leads to " (value(&one.leads_to.join(", "))) } }
            }
            td class=(mark.class()) { (words) }
        }
    }
}

/// How it went, in words.
fn outcome(one: &ReachReport) -> (Mark, String) {
    let status = one.status.replace('-', " ");
    match (one.addresses, one.reached) {
        (_, _) if one.status == "not-probed" => (Mark::Open, "not looked at".to_owned()),
        (0, _) => (Mark::Error, format!("no address: {status}")),
        (1, 1) => (Mark::Met, "reached".to_owned()),
        (all, reached) if all == reached => (Mark::Met, format!("reached at {all} addresses")),
        (1, _) => (Mark::Open, status),
        (all, reached) => (Mark::Open, format!("{reached} of {all} addresses: {status}")),
    }
}
