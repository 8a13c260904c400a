//! Accepted deviations: why, until when, and whether they are of any use.

use maud::{Markup, html};
use time::Date;

use super::Source;
use super::words::{section, value, wide};
use crate::report::circumstances::{TableKind, TableReport};
use crate::report::finding::FindingReport;
use crate::report::view::Standing;
use crate::report::waived::WaivedReport;
use crate::wire::counted::counted;

/// How many are told.
const MANY: usize = 200;

/// A deviation and how many findings it covers.
struct Waiver<'a> {
    requirement: &'a str,
    whose: String,
    reason: &'a str,
    until: Option<Date>,
    covers: usize,
}

/// Whether there are any.
pub(super) fn are_there(source: &Source<'_>) -> bool {
    source.view.tables().any(|table| table.kind == TableKind::Waiver)
        || source.report().findings.iter().any(|finding| finding.waived.is_some())
}

pub(super) fn write(source: &Source<'_>) -> Markup {
    if !are_there(source) {
        return html! {};
    }
    let waivers = waivers(source);
    let table = html! {
        table {
            caption { "What was found and accepted." }
            thead { tr {
                th scope="col" { "Requirement" }
                th scope="col" { "For" }
                th scope="col" { "Reason" }
                th scope="col" { "Until" }
                th scope="col" { "Covers" }
            } }
            tbody {
                @for waiver in waivers.iter().take(MANY) {
                    tr {
                        th scope="row" { code { (value(waiver.requirement)) } }
                        td { (value(&waiver.whose)) }
                        td { (value(waiver.reason)) }
                        td { @match waiver.until { Some(until) => (until), None => "no end" } }
                        td { @if waiver.covers == 0 { "nothing" } @else { (counted(waiver.covers, "finding")) } }
                    }
                }
            }
        }
    };
    section("waivers", "Waivers", wide("Table of waivers", table))
}

/// The definition's, then those only findings know.
fn waivers<'a>(source: &Source<'a>) -> Vec<Waiver<'a>> {
    let tables = source.view.tables().filter(|table| table.kind == TableKind::Waiver);
    let mut waivers: Vec<Waiver<'a>> = tables.map(declared).collect();
    let covered = |finding: &&FindingReport| source.view.standing(finding) == Standing::Waived;
    for finding in source.report().findings.iter().filter(covered) {
        let Some(WaivedReport { reason, until }) = &finding.waived else { continue };
        let known = waivers.iter_mut().find(|one| one.reason == reason && one.until == *until);
        match known {
            Some(waiver) => waiver.covers += 1,
            None => waivers.push(Waiver {
                requirement: &finding.requirement,
                whose: source.view.subject(&finding.endpoint).whose().to_owned(),
                reason,
                until: *until,
                covers: 1,
            }),
        }
    }
    waivers
}

fn declared(table: &TableReport) -> Waiver<'_> {
    let whose = if table.leads_to.is_empty() { "every system".to_owned() } else { table.leads_to.join(", ") };
    let reason = table.reason.as_deref().unwrap_or_default();
    Waiver { requirement: &table.name, whose, reason, until: table.until, covers: 0 }
}
