//! How each certificate file stands: what it was judged as, whose it is, when it ends. Those of one kind that stand alike
//! are one line, unless files are all there is.

use std::collections::{HashMap, HashSet};

use super::certificate;
use super::entry::Matters;
use super::moment::date;
use super::ranges::{TOLD, ranges};
use super::state::{Standing, State};
use super::table::{Column, Keeps, Line, Rows, Table};
use crate::report::calendar::common_name;
use crate::report::file::{FileReport, KeyWord};
use crate::report::foreign::Foreign;
use crate::report::page::{Ink, Page};
use crate::report::view::View;
use crate::wire::counted::counted;

const N: usize = 6;

const COLUMNS: [Column; N] = [
    Column { heading: "FILE", weight: 9, least: 16, keeps: Keeps::End },
    Column { heading: "AS", weight: 6, least: 8, keeps: Keeps::Beginning },
    Column { heading: "SUBJECT", weight: 3, least: 14, keeps: Keeps::Beginning },
    Column { heading: "HOLDS", weight: 1, least: 8, keeps: Keeps::Beginning },
    Column { heading: "UNTIL", weight: 5, least: 10, keeps: Keeps::Beginning },
    Column { heading: "SEE", weight: 8, least: 4, keeps: Keeps::Beginning },
];

/// Where files are all there is, so many are told one by one: they were asked for by name.
const BY_NAME: usize = 10;

/// Where files are all there is, so many are told in full.
const IN_FULL: usize = 3;

/// What files have in common that are told together.
type Likeness<'a> = (&'a str, &'a Standing);

struct Row<'a> {
    file: &'a FileReport,
    standing: Standing,
}

pub(super) fn write(page: &mut Page, view: &View<'_>, matters: &Matters<'_>, told_rows: Rows) {
    let verbose = told_rows == Rows::Everything;
    let report = view.report;
    if report.files.is_empty() {
        return;
    }
    let rows: Vec<Row<'_>> =
        report.files.iter().map(|file| Row { file, standing: matters.standings.of(&[&file.id]) }).collect();
    let mut alike: HashMap<Likeness<'_>, Vec<&Row<'_>>> = HashMap::new();
    for row in &rows {
        alike.entry(likeness(row, told_rows)).or_default().push(row);
    }
    let apart = match report.files.iter().any(|file| file.selection.is_some()) {
        true => report.files.len(),
        false if report.endpoints.is_empty() => BY_NAME,
        false => 1,
    };
    let mut lines: Vec<(&Row<'_>, Line<N>)> = Vec::new();
    let mut told: HashSet<Likeness<'_>> = HashSet::new();
    for row in &rows {
        let likeness = likeness(row, told_rows);
        let group = alike.get(&likeness).map(Vec::as_slice).unwrap_or_default();
        if verbose || group.len() <= apart {
            lines.push((row, Line::Cells(cells(view, row))));
        } else if told.insert(likeness) {
            lines.push((row, Line::Spanning(together(view, group, &rows, likeness.0))));
        }
    }
    let only: Vec<Line<N>> = lines.iter().map(|(_, line)| line.clone()).collect();
    let table = Table::new(COLUMNS, [true; N], &only, page.width());
    table.headings(page);
    let tells_all = verbose || (report.endpoints.is_empty() && report.files.len() <= IN_FULL);
    for (row, line) in &lines {
        table.write(page, row.standing.state.word(), row.standing.state.ink(), line);
        if let Some(selection) = &row.file.selection {
            page.labelled(certificate::MARGIN, "clients", Ink::Quiet, certificate::COLUMN, &selection.why);
        }
        if tells_all {
            in_full(page, row.file, view);
        }
    }
}

/// Where there is no room for more, what is in order is one, of whatever kind, and then whatever stands alike.
fn likeness<'a>(row: &'a Row<'_>, rows: Rows) -> Likeness<'a> {
    let is_brief = match rows {
        Rows::Everything | Rows::Alike => false,
        Rows::Wrong => row.standing.state == State::Pass,
        Rows::Fewest => true,
    };
    (if is_brief { "" } else { row.file.kind.as_str() }, &row.standing)
}

/// What a file's columns say, escaped.
fn cells(view: &View<'_>, row: &Row<'_>) -> [String; N] {
    let file = row.file;
    let certificate = file.certificate.as_deref().and_then(|print| view.certificate(print));
    let named = certificate.and_then(|certificate| {
        let names = certificate.subject_alternative_names.as_deref().unwrap_or_default();
        let subject = certificate.subject.as_deref().filter(|subject| !subject.is_empty());
        subject.map(common_name).or(names.first().map(String::as_str))
    });
    let value = |text: &str| Foreign::value(text).for_terminal();
    [
        value(&file.id),
        value(&file.kind),
        value(named.unwrap_or_default()),
        holds(file),
        certificate.and_then(|certificate| certificate.not_after).map(date).unwrap_or_default(),
        row.standing.see(),
    ]
}

/// What its bytes are, and whether there is a key.
fn holds(file: &FileReport) -> String {
    let key = match file.private_key {
        KeyWord::Absent => "",
        KeyWord::Fits => ", with its key",
        KeyWord::DoesNotFit => ", with a key of another certificate",
    };
    format!("{}{key}", file.format.words())
}

/// What is said of files that stand alike, the longest version first.
fn together(view: &View<'_>, group: &[&Row<'_>], all: &[Row<'_>], kind: &str) -> Vec<String> {
    let Some(first) = group.first() else { return Vec::new() };
    if kind.is_empty() && first.standing.state == State::Pass {
        let words = format!("{} of {}", group.len(), counted(all.len(), "file"));
        let certificates = group.iter().filter_map(|row| view.certificate(row.file.certificate.as_deref()?));
        let first_end = certificates.filter_map(|certificate| certificate.not_after).min();
        let longer = first_end.map(|end| format!("{words}, first end {}", date(end)));
        return longer.into_iter().chain([words]).collect();
    }
    if first.standing.state == State::Pass {
        let every = all.iter().filter(|row| row.file.kind == kind).count();
        return vec![format!("{} of {}: {kind}", group.len(), counted(every, "file"))];
    }
    let see = first.standing.see();
    let see = if see.is_empty() { see } else { format!(": {see}") };
    let version = |most| {
        let files = ranges(group.iter().map(|row| row.file.id.as_str()), most);
        let kind = if kind.is_empty() { String::new() } else { format!(" {kind}") };
        format!("{}{kind}{see}", Foreign::value(&files).for_terminal())
    };
    (1..=TOLD).rev().map(version).collect()
}

/// What a file holds, in full.
fn in_full(page: &mut Page, file: &FileReport, view: &View<'_>) {
    page.labelled(certificate::MARGIN, "file", Ink::Quiet, certificate::COLUMN, &file.id);
    page.labelled(certificate::MARGIN, "holds", Ink::Quiet, certificate::COLUMN, &holds(file));
    if let Some(own) = file.certificate.as_deref().and_then(|own| view.certificate(own)) {
        certificate::in_full(page, own, view.report.run.judged_at);
    }
    let others = file.others.iter().filter_map(|other| view.certificate(other));
    let others = others.map(|other| ("also", other.subject.clone().unwrap_or_default()));
    let provider = file.provider.iter().map(|provider| ("provider", provider.clone()));
    for (label, words) in provider.chain(others).filter(|(_, words)| !words.is_empty()) {
        page.labelled(certificate::MARGIN, label, Ink::Quiet, certificate::COLUMN, &words);
    }
}
