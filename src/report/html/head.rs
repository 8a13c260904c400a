//! What was looked at, how it stands, held against what, from where and when; and where on the page to find what.

use maud::{Markup, html};

use super::Source;
use super::areas::Mark;
use super::words::{date_and_time, message, value};
use crate::judgement::tally::Outcome;
use crate::report::document::ProfileSource;
use crate::report::text::ending;
use crate::report::text::moment::span;
use crate::wire::counted::counted;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let report = source.report();
    let site = &report.run.site;
    let (word, mark) = match report.run.summary.outcome() {
        Outcome::Passed => ("In order", Mark::Met),
        Outcome::Failed => ("Fails", Mark::Error),
        Outcome::Undecided => ("Not decided", Mark::Unknown),
        Outcome::Changed => ("Changed", Mark::Warning),
    };
    html! {
        header {
            h1 {
                (value(&site.name))
                @if let Some(code) = site.code.as_ref().filter(|code| **code != site.name) { " (" (value(code)) ")" }
            }
            p class={ "verdict " (mark.class()) } {
                strong { (word) }
                span { (message(&ending::comes_to(report, &source.matters))) }
            }
            (counts(source))
            (facts(source))
            (contents(source))
        }
    }
}

/// How much of what there is.
fn counts(source: &Source<'_>) -> Markup {
    let summary = &source.report().run.summary;
    let counts = [
        (Mark::Error, summary.fail.error, counted(summary.fail.error, "error")),
        (Mark::Warning, summary.fail.warning, counted(summary.fail.warning, "warning")),
        (Mark::Unknown, summary.unknown, format!("{} not decided", summary.unknown)),
        (Mark::Notice, summary.fail.notice, counted(summary.fail.notice, "notice")),
        (Mark::Waived, summary.waived, format!("{} waived", summary.waived)),
        (Mark::Met, summary.pass, format!("{} met", summary.pass)),
    ];
    html! {
        ul.counts aria-label="Findings" {
            @for (mark, count, words) in counts {
                @if count > 0 || mark == Mark::Error || mark == Mark::Met {
                    li class=(if count == 0 { Mark::None.class() } else { mark.class() }) { (words) }
                }
            }
        }
    }
}

fn facts(source: &Source<'_>) -> Markup {
    let report = source.report();
    let (run, circumstances) = (&report.run, &report.circumstances);
    let by = match run.site.profile_source {
        ProfileSource::Declared => "declared",
        ProfileSource::ManagementPoint => "by the management point's version",
        ProfileSource::Flag => "by --profile",
        ProfileSource::Assumed => "assumed",
    };
    let looked_at = [(run.summary.endpoints, "endpoint"), (report.files.len(), "file")];
    let looked_at: Vec<String> =
        looked_at.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
    html! {
        dl.facts {
            div { dt { "Held against" } dd { (run.site.profile.name()) " (" (by) ")" } }
            @if !looked_at.is_empty() { div { dt { "Looked at" } dd { (looked_at.join(" and ")) } } }
            div { dt { "When" } dd {
                (date_and_time(run.started_at)) ", " (span(source.view.seconds()))
                @if run.judged_at.unix() != run.started_at.unix() { "; judged as of " (date_and_time(run.judged_at)) }
                @if !run.summary.complete { "; ended early" }
            } }
            @if !circumstances.vantages.is_empty() {
                div { dt { "From" } dd {
                    @for (at, vantage) in circumstances.vantages.iter().enumerate() {
                        @if at > 0 { ", " }
                        (value(&vantage.name))
                    }
                } }
            }
            @if let Some(definition) = &circumstances.definition {
                div { dt { "Definition" } dd { code { (value(&definition.path)) } } }
            }
            @if let Some(host) = &circumstances.probe_host { div { dt { "On" } dd { (value(host)) } } }
        }
    }
}

fn contents(source: &Source<'_>) -> Markup {
    let report = source.report();
    let matters = &source.matters;
    let links = [
        ("systems", "Systems".to_owned(), !source.board.rows.is_empty()),
        ("wrong", counted(matters.entries.len(), "cause"), !matters.entries.is_empty()),
        ("open", "Not decided".to_owned(), !matters.open.is_empty()),
        ("changes", "Changes".to_owned(), report.difference.is_some()),
        ("ends", "What ends".to_owned(), !report.calendar.is_empty()),
        ("certificates", "Certificates".to_owned(), !report.certificates.is_empty()),
        ("rows", "Row by row".to_owned(), true),
        ("waivers", "Waivers".to_owned(), super::waivers::are_there(source)),
        ("findings", "All findings".to_owned(), !report.findings.is_empty()),
    ];
    html! {
        nav aria-label="Parts of this report" {
            ul { @for (id, words, is_there) in links { @if is_there { li { a href={ "#" (id) } { (words) } } } } }
        }
    }
}
