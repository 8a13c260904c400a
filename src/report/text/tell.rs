//! An entry in words: what is wrong and where, both sides, what to do, how it shows, what it rests on, what follows. In
//! less detail where a screen would not hold it.

use super::entry::Entry;
use super::place::place_words_within;
use super::ranges::TOLD;
use super::sentence::{clause, first_sentence};
use crate::report::diagnosis::SymptomReport;
use crate::report::finding::CitationReport;
use crate::report::foreign::Foreign;
use crate::report::page::{Ink, Page, columns};
use crate::report::view::View;
use crate::wire::counted::counted;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// What and where: what to do is told below, under what to do first.
    Named,
    /// What, where, and the first step.
    Barest,
    /// The same, and both sides at their shortest.
    Bare,
    /// The least that helps.
    Least,
    /// One of each, and the whole remedy.
    Short,
    /// What the cause is, and every citation, too.
    Full,
    /// Every place, every side, every symptom.
    Everything,
}

impl Detail {
    /// What is tried where a report should fit a screen, the most first.
    pub(super) const DESCENDING: [Self; 3] = [Self::Full, Self::Short, Self::Least];

    /// How many values of a side are told.
    const fn values(self) -> usize {
        match self {
            Self::Named | Self::Barest => 0,
            Self::Bare | Self::Least => 1,
            Self::Short => 2,
            Self::Full => 4,
            Self::Everything => usize::MAX,
        }
    }
}

const INDENT: usize = 2;
const COLUMN: usize = 12;

/// Writes an entry.
pub(super) fn write(page: &mut Page, view: &View<'_>, entry: &Entry<'_>, detail: Detail, is_told_below: bool) {
    let label = format!("{} {}", entry.number, entry.severity.name());
    let rest = columns(&label) + 2;
    page.labelled(0, &label, entry.severity.into(), rest, &Foreign::message(&entry.title).for_terminal());
    places(page, view, entry, detail);
    culprits(page, entry, detail);
    if detail > Detail::Barest || sends_to_evidence(entry) {
        sides(page, entry, detail);
    }
    if detail >= Detail::Full && !entry.words.is_empty() {
        told(page, "cause", entry.words);
    }
    if detail > Detail::Named || !is_told_below {
        remedy(page, entry, detail);
    } else if first_sentence(entry.remedy).len() < entry.remedy.len() {
        told(page, "remedy", "begins below; -v has the other steps");
    }
    symptoms(page, entry.symptom, detail);
    rules(page, entry, detail);
    consequences(page, entry);
}

/// A label and a message.
fn told(page: &mut Page, label: &str, words: &str) {
    let words = Foreign::message(words).for_terminal();
    match label {
        "" => page.wrapped(COLUMN, COLUMN, &words),
        label => page.labelled(INDENT, label, Ink::Quiet, COLUMN, &words),
    }
}

fn places(page: &mut Page, view: &View<'_>, entry: &Entry<'_>, detail: Detail) {
    // What is too long for its column is written across the line.
    let room = page.width();
    told(page, "where", &place_words_within(room, view, &entry.places, entry.place_count, TOLD));
    let is_told_so = matches!(entry.places.as_slice(), [one] if columns(one) <= room);
    if detail == Detail::Everything && !is_told_so {
        for place in &entry.places {
            page.wrapped(COLUMN, COLUMN, place);
        }
    }
}

fn culprits(page: &mut Page, entry: &Entry<'_>, detail: Detail) {
    if detail == Detail::Everything {
        for (at, culprit) in entry.culprits.iter().enumerate() {
            let print = culprit.fingerprint_sha256.as_deref();
            let print = print.map(|print| format!(" {print}")).unwrap_or_default();
            let words = format!("{} {}{print}", culprit.kind.name(), culprit.name);
            told(page, if at == 0 { "culprit" } else { "" }, &words);
        }
        return;
    }
    let is_told = match entry.culprits.as_slice() {
        [] => true,
        [one] => entry.title.contains(&one.name) || entry.places.contains(&one.name.as_str()),
        _ => false,
    };
    if !is_told {
        told(page, "culprit", &entry.culprit_words(TOLD));
    }
}

/// How many of the observed values are told at the least where words refer to them.
const REFERRED_TO: usize = 2;

/// Whether what is told of it refers to the evidence: then that is told too, however little room there is.
fn sends_to_evidence(entry: &Entry<'_>) -> bool {
    [entry.words, &entry.title, entry.remedy].iter().any(|text| text.contains("the evidence"))
}

fn sides(page: &mut Page, entry: &Entry<'_>, detail: Detail) {
    let referred_to = if sends_to_evidence(entry) { REFERRED_TO } else { 0 };
    let others: &[&String] = if detail == Detail::Everything { &entry.more_observed } else { &[] };
    let sides = [("expected", entry.expected, &[][..], 0), ("observed", entry.observed, others, referred_to)];
    for (label, values, others, least) in sides {
        let most = detail.values().max(least);
        let mut values: Vec<&String> = values.iter().chain(others.iter().copied()).collect();
        if values.len() > most {
            values.sort_by_key(|value| decides(entry, value));
        }
        for (at, value) in values.iter().take(most).enumerate() {
            let words = Foreign::value(value).for_terminal();
            match at {
                0 => page.labelled(INDENT, label, Ink::Quiet, COLUMN, &words),
                _ => page.wrapped(COLUMN, COLUMN, &words),
            }
        }
        if values.len() > most && detail > Detail::Bare {
            page.wrapped(COLUMN, COLUMN, &format!("and {} more", values.len() - most));
        }
    }
}

/// What is left of several values where there is no room for all: first what names the culprit, last what only says of
/// what the others were seen.
fn decides(entry: &Entry<'_>, value: &str) -> u8 {
    let is_setting = ["the certificate ", "presented: "].iter().any(|start| value.starts_with(start));
    match entry.culprits.iter().any(|culprit| value.contains(&culprit.name)) {
        _ if is_setting => 2,
        true => 0,
        false => 1,
    }
}

fn remedy(page: &mut Page, entry: &Entry<'_>, detail: Detail) {
    if entry.remedy.is_empty() {
        return;
    }
    match detail {
        Detail::Named | Detail::Barest | Detail::Bare | Detail::Least => {
            let first = first_sentence(entry.remedy);
            let more = if first.len() < entry.remedy.len() { " (-v has the other steps)" } else { "" };
            told(page, "remedy", &format!("{first}{more}"));
        }
        Detail::Short | Detail::Full => told(page, "remedy", entry.remedy),
        Detail::Everything => {
            told(page, "remedy", entry.remedy);
            for other in &entry.other_remedies {
                told(page, "", other);
            }
        }
    }
}

fn symptoms(page: &mut Page, symptoms: &[SymptomReport], detail: Detail) {
    let mut lines: Vec<&str> = Vec::new();
    for symptom in symptoms {
        for side in [&symptom.client, &symptom.server, &symptom.also].into_iter().flatten().map(String::as_str) {
            if !lines.contains(&side) {
                lines.push(side);
            }
        }
    }
    let (most, is_whole) = match detail {
        Detail::Named | Detail::Barest | Detail::Bare => (0, false),
        Detail::Least => (1, false),
        Detail::Short => (2, false),
        Detail::Full => (2, true),
        Detail::Everything => (lines.len(), true),
    };
    for (at, line) in lines.iter().take(most).enumerate() {
        told(page, if at == 0 { "symptom" } else { "" }, if is_whole { line } else { clause(line) });
    }
}

fn rules(page: &mut Page, entry: &Entry<'_>, detail: Detail) {
    let citation = |requirement: &&str| entry.citations.get(*requirement).copied();
    let mut by: Vec<(Option<&CitationReport>, Vec<&str>)> = Vec::new();
    for requirement in &entry.requirements {
        let cited = citation(requirement);
        match by.iter_mut().find(|(known, _)| *known == cited || detail < Detail::Full) {
            Some((_, requirements)) => requirements.push(requirement),
            None => by.push((cited, vec![requirement])),
        }
    }
    for (at, (cited, requirements)) in by.iter().enumerate() {
        let source = cited.filter(|_| detail > Detail::Bare);
        let source = source.map(|cited| format!(" ({}: {})", cited.document, cited.place)).unwrap_or_default();
        let cause = entry.cause.filter(|_| at + 1 == by.len()).map(|id| format!("; cause {id}")).unwrap_or_default();
        told(page, if at == 0 { "rule" } else { "" }, &format!("{}{source}{cause}", requirements.join(", ")));
    }
}

fn consequences(page: &mut Page, entry: &Entry<'_>) {
    let fail = entry.consequences.fail;
    let failing = fail.error + fail.warning + fail.notice;
    let requirements = |count| counted(count, "requirement");
    let words = match (entry.consequences.unknown, failing) {
        (0, 0) => return,
        (unknown, 0) => format!("and {} cannot be decided because of it", requirements(unknown)),
        (0, 1) => "and 1 requirement more fails because of it".to_owned(),
        (0, failing) => format!("and {} more fail because of it", requirements(failing)),
        (unknown, failing) => format!(
            "and {} more {}, and {} cannot be decided, because of it",
            requirements(failing),
            if failing == 1 { "fails" } else { "fail" },
            requirements(unknown)
        ),
    };
    page.wrapped(INDENT, INDENT, &words);
}
