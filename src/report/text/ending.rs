//! The last lines: what there was, what it comes to, and what to do first. They fit a screen of 24 lines.

use super::entry::{Entry, Matters};
use super::open::Open;
use super::sentence::first_sentence;
use super::state::State;
use crate::judgement::tally::Outcome;
use crate::report::document::{Report, Summary};
use crate::report::page::{Ink, Page};
use crate::verdict::severity::Severity;
use crate::wire::counted::counted;

/// How many lines a screen has.
pub(super) const SCREEN: usize = 24;
/// How many things are to be done first.
pub(in crate::report) const FIRST: usize = 6;

/// Writes them, and gives how many things to do first are told.
pub(super) fn write(page: &mut Page, report: &Report, matters: &Matters<'_>) -> usize {
    let summary = &report.run.summary;
    page.wrapped(0, 2, &counts(summary, report.files.len()));
    let outcome = summary.outcome();
    let ink = match outcome {
        Outcome::Passed => Ink::Good,
        Outcome::Failed => Ink::Error,
        Outcome::Undecided | Outcome::Changed => Ink::Warning,
    };
    // The sentence itself is in no colour: not every one is legible on every background.
    page.begun_in(ink, &format!("exit code {}:", summary.exit_code), &comes_to(report, matters));
    let items = items(summary, matters);
    for most in (1..=FIRST).rev() {
        let mut steps = page.another();
        first(&mut steps, &items, most);
        if page.lines() + steps.lines() <= SCREEN || most == 1 {
            page.append_directly(&steps);
            return most;
        }
    }
    0
}

/// What was looked at, and what came of it.
fn counts(summary: &Summary, files: usize) -> String {
    let mut parts = vec![counted(summary.fail.error, "error"), counted(summary.fail.warning, "warning")];
    let rest = [
        (summary.fail.notice, counted(summary.fail.notice, "notice")),
        (summary.waived, format!("{} waived", summary.waived)),
        (summary.unknown, format!("{} not decided", summary.unknown)),
    ];
    parts.extend(rest.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words));
    parts.push(format!("{} passed", summary.pass));
    parts.push(format!("{} not applicable", summary.not_applicable));
    let looked_at = match (summary.endpoints, files) {
        (endpoints, 0) => counted(endpoints, "endpoint"),
        (0, files) => counted(files, "file"),
        (endpoints, files) => format!("{} and {}", counted(endpoints, "endpoint"), counted(files, "file")),
    };
    format!("{looked_at}: {}", parts.join(", "))
}

/// What it comes to, in one sentence that agrees with the counts.
pub(in crate::report) fn comes_to(report: &Report, matters: &Matters<'_>) -> String {
    let summary = &report.run.summary;
    let fails = if summary.outcome() == Outcome::Failed { " fails" } else { "" };
    let site = report.run.site.code.as_deref().map(|code| format!("{code}{fails}: ")).unwrap_or_default();
    let bar = match summary.fail_on {
        Severity::Error => "",
        Severity::Warning => " (failing on warning and above)",
        Severity::Notice => " (failing on notice and above)",
    };
    let outcome = summary.outcome();
    let what = match outcome {
        Outcome::Failed => failed(summary, matters),
        Outcome::Undecided if summary.complete || must_be_decided(report) > 0 => undecided(report),
        // It is undecided because it was ended.
        Outcome::Undecided => format!("nothing failed{}", beside(summary)),
        Outcome::Changed => format!("nothing failed, but something changed{}", beside(summary)),
        Outcome::Passed => passed(report),
    };
    let ended = if summary.complete { "" } else { "; the run was ended before everything planned was looked at" };
    format!("{site}{what}{ended}{bar}")
}

fn failed(summary: &Summary, matters: &Matters<'_>) -> String {
    let mut counts = Vec::new();
    for (severity, count) in [
        (Severity::Error, summary.fail.error),
        (Severity::Warning, summary.fail.warning),
        (Severity::Notice, summary.fail.notice),
    ] {
        if severity >= summary.fail_on && count > 0 {
            counts.push(counted(count, severity.name()));
        }
    }
    let failed = if counts.is_empty() { "something failed".to_owned() } else { counts.join(" and ") };
    match matters.entries.iter().map(|entry| entry.reasons(summary.fail_on)).sum::<usize>() {
        0 => failed,
        // What is told together is one kind of thing to put right.
        reasons => match matters.entries.iter().filter(|entry| entry.reasons(summary.fail_on) > 0).count() {
            kinds if kinds < reasons => {
                format!("{failed}, for {} of {}", counted(reasons, "reason"), counted(kinds, "kind"))
            }
            _ => format!("{failed}, for {}", counted(reasons, "reason")),
        },
    }
}

/// How many requirements must hold and are not decided.
fn must_be_decided(report: &Report) -> usize {
    report.findings.iter().filter(|finding| State::of(finding) == State::Unknown).count()
}

fn undecided(report: &Report) -> String {
    match must_be_decided(report) {
        _ if report.run.summary.endpoints == 0 && report.endpoints.is_empty() => {
            "nothing was probed, and something that must hold could not be decided".to_owned()
        }
        0 => "nothing failed, but something that must hold could not be decided".to_owned(),
        1 => "nothing failed, but 1 requirement that must hold could not be decided".to_owned(),
        open => format!("nothing failed, but {open} requirements that must hold could not be decided"),
    }
}

fn passed(report: &Report) -> String {
    let summary = &report.run.summary;
    if summary.endpoints == 0 && report.files.is_empty() {
        return "nothing was looked at".to_owned();
    }
    let is_all = beside(summary).is_empty();
    if is_all {
        "everything was decided and nothing failed".to_owned()
    } else {
        format!("everything that must hold was decided, and nothing failed{}", beside(summary))
    }
}

/// What there is beside what the outcome says.
fn beside(summary: &Summary) -> String {
    let below = summary.failing(Severity::Notice) - summary.failing(summary.fail_on);
    let mut parts = Vec::new();
    if below > 0 {
        let mut lesser = Vec::new();
        if summary.fail_on > Severity::Warning && summary.fail.warning > 0 {
            lesser.push(counted(summary.fail.warning, "warning"));
        }
        if summary.fail_on > Severity::Notice && summary.fail.notice > 0 {
            lesser.push(counted(summary.fail.notice, "notice"));
        }
        parts.push(format!("but for {}", lesser.join(" and ")));
    }
    if summary.unknown > 0 {
        let what = if summary.unknown == 1 { "lesser one" } else { "lesser ones" };
        parts.push(format!("{} {what} not decided", summary.unknown));
    }
    if summary.waived > 0 {
        parts.push(format!("{} waived", summary.waived));
    }
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(", ")) }
}

/// Something to do.
pub(in crate::report) enum Item<'a> {
    /// Something to put right.
    Entry(&'a Entry<'a>),
    /// Something to decide.
    Open(&'a Open<'a>),
}

impl Item<'_> {
    pub(in crate::report) fn number(&self) -> usize {
        match self {
            Self::Entry(entry) => entry.number,
            Self::Open(group) => group.number.unwrap_or_default(),
        }
    }

    pub(in crate::report) fn words(&self) -> String {
        match self {
            Self::Entry(entry) => {
                let step = if entry.remedy.is_empty() { entry.title.as_str() } else { first_sentence(entry.remedy) };
                let culprit = entry.culprit_words(2);
                let failed = entry.requirements.first().map(|id| format!(" ({id})")).unwrap_or_default();
                let whose = format!("{culprit}{failed}");
                let whose = if culprit.is_empty() { whose.trim_matches([' ', '(', ')']) } else { whose.as_str() };
                if whose.is_empty() { step.to_owned() } else { format!("{whose}: {step}") }
            }
            Self::Open(group) => format!("to decide {}: {}", group.requirements(), group.decided_by),
        }
    }
}

/// What is to be done, in the order of the numbers: what fails or must be decided; notices where there is nothing else.
pub(in crate::report) fn items<'a>(summary: &Summary, matters: &'a Matters<'a>) -> Vec<Item<'a>> {
    let entries = matters.entries.iter().map(Item::Entry);
    let open = matters.open.iter().filter(|group| group.number.is_some()).map(Item::Open);
    let mut items: Vec<Item<'a>> = entries.chain(open).collect();
    items.sort_by_key(Item::number);
    let is_notice = |item: &Item<'_>| matches!(item, Item::Entry(entry) if entry.severity == Severity::Notice);
    if summary.fail_on > Severity::Notice && !items.iter().all(is_notice) {
        items.retain(|item| !is_notice(item));
    }
    items
}

fn first(page: &mut Page, items: &[Item<'_>], most: usize) {
    if items.is_empty() {
        return;
    }
    page.inked(Ink::Heading, "Do first:");
    for item in items.iter().take(most) {
        page.labelled(0, &format!("{}.", item.number()), Ink::Heading, 3, &item.words());
    }
    if items.len() > most {
        page.wrapped(3, 3, &format!("and {} more, told above", items.len() - most));
    }
}
