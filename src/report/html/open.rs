//! What could not be decided and no diagnosis explains, by what would decide it.

use maud::{Markup, html};

use super::Source;
use super::areas::Mark;
use super::words::{badge, left_out, prose, section, value};
use crate::report::text::open::Open;
use crate::report::text::place::place_words;
use crate::report::text::ranges::TOLD;
use crate::verdict::severity::Severity;

/// How many are told, and how many requirements of each.
const MANY: usize = 100;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let groups = &source.matters.open;
    if groups.is_empty() {
        return html! {};
    }
    let content = html! {
        @for group in groups.iter().take(MANY) { (told(source, group)) }
        (left_out(groups.len().saturating_sub(MANY), "question"))
    };
    section("open", "Not decided", content)
}

fn told(source: &Source<'_>, group: &Open<'_>) -> Markup {
    let mark = if group.heaviest == Severity::Error { Mark::Unknown } else { Mark::Open };
    let places = group.places();
    let mut requirements: Vec<&str> = Vec::new();
    for finding in &group.findings {
        if requirements.len() <= MANY && !requirements.contains(&finding.requirement.as_ref()) {
            requirements.push(&finding.requirement);
        }
    }
    html! {
        article class={ "cause " (mark.class()) } id=[group.number.map(|number| format!("d{number}"))] {
            h3 {
                @if let Some(number) = group.number { span.number { (number) } " " }
                (badge(mark, if group.heaviest == Severity::Error { "must be decided" } else { "open" })) " "
                (value(&group.why()))
            }
            p.remedy { strong { "Decided by: " } (prose(group.decided_by)) }
            dl {
                div { dt { "Where" } dd { (value(&place_words(&source.view, &places, places.len(), TOLD))) } }
                div { dt { "Rule" } @for requirement in requirements.iter().take(MANY) { dd { code { (value(requirement)) } } } }
            }
        }
    }
}
