//! What to do first, and everything that is wrong, each cause once with its places.

use maud::{Markup, html};

use super::Source;
use super::areas::Mark;
use super::words::{badge, left_out, message, prose, section, value, values};
use crate::report::diagnosis::SymptomReport;
use crate::report::text::ending::{FIRST, items};
use crate::report::text::entry::Entry;
use crate::report::text::place::place_words;
use crate::report::text::ranges::TOLD;
use crate::wire::counted::counted;

/// How many places are listed.
const PLACES: usize = 200;
/// How many causes are told.
const CAUSES: usize = 200;

/// The first steps.
pub(super) fn first(source: &Source<'_>) -> Markup {
    let items = items(&source.report().run.summary, &source.matters);
    let content = html! {
        @if items.is_empty() {
            p { "Nothing needs to be done." }
        } @else {
            ol.first {
                @for item in items.iter().take(FIRST) {
                    li value=(item.number()) {
                        (prose(&item.words())) " "
                        a href={ "#d" (item.number()) } aria-label={ "More on " (item.number()) } { "more" }
                    }
                }
            }
            @if items.len() > FIRST { p.muted { "and " (counted(items.len() - FIRST, "more step")) ", below" } }
        }
    };
    section("first", "Do first", content)
}

pub(super) fn write(source: &Source<'_>) -> Markup {
    let entries = &source.matters.entries;
    if entries.is_empty() {
        return html! {};
    }
    let content = html! {
        @for entry in entries.iter().take(CAUSES) { (told(source, entry)) }
        (left_out(entries.len().saturating_sub(CAUSES), "cause"))
    };
    section("wrong", "What is wrong", content)
}

fn told(source: &Source<'_>, entry: &Entry<'_>) -> Markup {
    let mark = Mark::failing(entry.severity);
    html! {
        article class={ "cause " (mark.class()) } id={ "d" (entry.number) } {
            h3 {
                span.number { (entry.number) } " "
                (badge(mark, entry.severity.name())) " "
                (message(&entry.title))
            }
            @if !entry.words.is_empty() { p { (prose(entry.words)) } }
            @if !entry.remedy.is_empty() {
                p.remedy { strong { "Do: " } (prose(entry.remedy)) }
                @for other in &entry.other_remedies { p.remedy { strong { "Or: " } (prose(other)) } }
            }
            dl {
                div { dt { "Where" } (places(source, entry)) }
                @if entry.culprits.len() > 1 { div { dt { "Concerns" } dd { (value(&entry.culprit_words(TOLD))) } } }
                @if !entry.expected.is_empty() { div { dt { "Expected" } (values(entry.expected)) } }
                @if !entry.observed.is_empty() { div { dt { "Observed" } (values(entry.observed)) } }
                @let symptoms = symptoms(entry.symptom);
                @if !symptoms.is_empty() {
                    div { dt { "Shows as" } @for (who, line) in symptoms { dd { (who) ": " (prose(line)) } } }
                }
                div { dt { "Rule" } (rules(entry)) }
            }
            (consequences(entry))
        }
    }
}

fn places(source: &Source<'_>, entry: &Entry<'_>) -> Markup {
    html! {
        @match entry.places.as_slice() {
            [] => dd { (counted(entry.place_count, "place")) },
            [one] => dd { code { (value(one)) } },
            several => dd {
                details {
                    summary { (value(&place_words(&source.view, several, entry.place_count, TOLD))) }
                    ul { @for place in several.iter().take(PLACES) { li { code { (value(place)) } } } }
                    (left_out(several.len().saturating_sub(PLACES), "place"))
                }
            },
        }
    }
}

/// Each line once: who sees it, and what.
fn symptoms(symptoms: &[SymptomReport]) -> Vec<(&'static str, &str)> {
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for symptom in symptoms {
        let sides = [("at the client", &symptom.client), ("at the server", &symptom.server), ("also", &symptom.also)];
        for (who, side) in sides {
            if let Some(side) = side.as_deref().filter(|side| lines.iter().all(|(_, known)| known != side)) {
                lines.push((who, side));
            }
        }
    }
    lines
}

fn rules(entry: &Entry<'_>) -> Markup {
    html! {
        @for requirement in &entry.requirements {
            dd {
                code { (value(requirement)) }
                @if let Some(cited) = entry.citations.get(requirement) {
                    ": " (value(&cited.document)) ", " (value(&cited.place))
                }
            }
        }
        @if let Some(cause) = entry.cause { dd.muted { "cause " code { (value(cause)) } } }
    }
}

fn consequences(entry: &Entry<'_>) -> Markup {
    let fail = entry.consequences.fail;
    let failing = fail.error + fail.warning + fail.notice;
    let unknown = entry.consequences.unknown;
    let mut parts = Vec::new();
    if failing > 0 {
        parts.push(format!("{} more {}", counted(failing, "requirement"), if failing == 1 { "fails" } else { "fail" }));
    }
    if unknown > 0 {
        parts.push(format!("{} cannot be decided", counted(unknown, "requirement")));
    }
    html! { @if !parts.is_empty() { p.muted { "Because of it " (parts.join(", and ")) "." } } }
}
