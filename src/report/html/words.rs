//! The small pieces every part is made of: foreign text, moments, badges, tables that may be wider than a page.

use maud::{Markup, Render, html};

use super::areas::Mark;
use crate::report::foreign::Foreign;
use crate::report::text::moment;
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

impl Render for Foreign<'_> {
    fn render_to(&self, buffer: &mut String) {
        self.for_html().render_to(buffer);
    }
}

/// A value that came from elsewhere.
pub(super) fn value(text: &str) -> Foreign<'_> {
    Foreign::value(text)
}

/// A message, which may hold what came from elsewhere.
pub(super) fn message(text: &str) -> Foreign<'_> {
    Foreign::message(text)
}

/// A text in which what stands in backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    let text = Foreign::message(text);
    let is_paired = text.for_html().matches('`').count().is_multiple_of(2);
    html! {
        @if is_paired {
            @for (at, part) in text.for_html().split('`').enumerate() {
                @if !at.is_multiple_of(2) { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}

/// A day.
pub(super) fn date(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_string()) { (moment::date(at)) } }
}

/// A moment.
pub(super) fn date_and_time(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_string()) { (moment::date_and_time(at)) } }
}

/// What something comes to, in a word and a colour.
pub(super) fn badge(mark: Mark, words: &str) -> Markup {
    html! { span class={ "badge " (mark.class()) } { (words) } }
}

/// A link to where a number is told.
pub(super) fn see(number: usize, words: &str) -> Markup {
    html! { a href={ "#d" (number) } { (words) } }
}

/// A part of the page, with its heading.
pub(super) fn section(id: &str, heading: &str, content: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-h" } {
            h2 id={ (id) "-h" } { (heading) }
            (content)
        }
    }
}

/// What may be wider than a page, to be scrolled within it; by keyboard too.
pub(super) fn wide(label: &str, content: Markup) -> Markup {
    html! { div.wide tabindex="0" role="region" aria-label=(value(label)) { (content) } }
}

/// What is left out of a list, and where it is.
pub(super) fn left_out(count: usize, noun: &str) -> Markup {
    html! {
        @if count > 0 {
            p.muted { "And " (counted(count, noun)) " that this page has no room for; the formats " code { "json" } " and "
                code { "csv" } " have everything." }
        }
    }
}

/// Values, one below the other: the first few, the others folded.
pub(super) fn values(values: &[String]) -> Markup {
    const FEW: usize = 5;
    const MANY: usize = 100;
    let (few, others) = values.split_at(values.len().min(FEW));
    html! {
        @for one in few { dd { code { (value(one)) } } }
        @if !others.is_empty() {
            dd { details {
                summary { "and " (others.len()) " more" }
                ul { @for one in others.iter().take(MANY) { li { code { (value(one)) } } } }
                (left_out(others.len().saturating_sub(MANY), "value"))
            } }
        }
    }
}
