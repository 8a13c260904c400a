//! What changed since the report it was compared with.

use maud::{Markup, html};

use super::Source;
use super::words::{date_and_time, left_out, message, section, value};
use crate::report::change::{Change, DiagnosisChange, FindingChange};
use crate::wire::counted::{counted, counted_with};

/// How many of a kind are told.
const MANY: usize = 200;
/// How many targets of a changed certificate are named.
const PLACES: usize = 6;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let Some(difference) = &source.report().difference else { return html! {} };
    let sessions = difference
        .sessions
        .iter()
        .map(|change| format!("{}: {}: {}", change.target, change.what, turned(&change.before, &change.after)));
    let certificates = difference.certificates.iter().map(|change| {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        let targets = change.targets.iter().take(PLACES).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = change.targets.len().saturating_sub(PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{targets}{more}: {}: {} became {}", change.place, side(&change.before), side(&change.after))
    });
    let content = html! {
        p { "Since " (date_and_time(difference.before)) "." }
        @for change in &difference.grounds { p { (change.words()) } }
        @if !difference.not_compared.is_empty() {
            p {
                (counted_with(difference.not_compared.len(), "name", "is", "are"))
                " not compared: one of the two runs left them out by its options."
            }
        }
        @if difference.is_empty() { p { "Nothing." } }
        (list("New diagnoses", diagnoses(&difference.new_diagnoses)))
        (list("Diagnoses that are gone", diagnoses(&difference.gone_diagnoses)))
        (list("Diagnoses at other places", diagnoses(&difference.changed_diagnoses)))
        (findings("New findings", &difference.new_findings))
        (findings("Findings that are gone", &difference.gone_findings))
        (findings("Changed findings", &difference.changed_findings))
        (list("Certificates", certificates.collect()))
        (list("Reached", changes(&difference.reachability)))
        (list("Addresses", changes(&difference.addresses)))
        (list("Sessions", sessions.collect()))
        (list("New names", difference.new_targets.clone()))
        (list("Names that are gone", difference.gone_targets.clone()))
    };
    section("changes", "Changes", content)
}

fn diagnoses(changes: &[DiagnosisChange]) -> Vec<String> {
    let places = |what: &str, places: &[String]| match places {
        [] => String::new(),
        [one] => format!("; {what} {one}"),
        [first, ..] => format!("; {what} {}, {first} among them", counted(places.len(), "place")),
    };
    let words = |change: &DiagnosisChange| {
        let new = places("now at", &change.new_places);
        format!("{}{new}{}", change.title, places("no more at", &change.gone_places))
    };
    changes.iter().map(words).collect()
}

fn turned(before: &[String], after: &[String]) -> String {
    let side = |side: &[String]| if side.is_empty() { "nothing".to_owned() } else { side.join(", ") };
    format!("{} became {}", side(before), side(after))
}

fn changes(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{}: {}", change.target, turned(&change.before, &change.after))).collect()
}

fn list(heading: &str, lines: Vec<String>) -> Markup {
    html! {
        @if !lines.is_empty() {
            h3 { (heading) }
            ul { @for line in lines.iter().take(MANY) { li { (message(line)) } } }
            (left_out(lines.len().saturating_sub(MANY), "change"))
        }
    }
}

fn findings(heading: &str, findings: &[FindingChange]) -> Markup {
    html! {
        @if !findings.is_empty() {
            h3 { (heading) }
            ul {
                @for change in findings.iter().take(MANY) {
                    li {
                        code { (value(&change.requirement)) } " at " code { (value(&change.about)) }
                        @if let Some(side) = change.after.as_ref().or(change.before.as_ref()) { ": " (message(&side.message)) }
                    }
                }
            }
            (left_out(findings.len().saturating_sub(MANY), "change"))
        }
    }
}
