//! A difference as text: a summary first, then each change with both sides. No line is wider than the page.

use std::collections::{HashMap, HashSet};

use super::{CertificateChange, DiagnosisChange, Difference, FindingChange, FindingSide};
use crate::report::page::{Ink, Page};
use crate::wire::counted::counted_with;

/// How many places of a diagnosis are named.
const PLACES: usize = 6;

pub(super) fn render(difference: &Difference, color: bool, width: usize) -> String {
    let mut page = Page::wide(color, width).breaking();
    write(&mut page, difference);
    page.into_text()
}

pub(super) fn write(page: &mut Page, difference: &Difference) {
    page.wrapped(0, 2, &format!("From {} to {}", difference.before, difference.after));
    for change in &difference.grounds {
        page.wrapped(0, 2, &change.words());
    }
    if let left @ 1.. = difference.not_compared.len() {
        let names = counted_with(left, "name", "is", "are");
        page.wrapped(0, 2, &format!("{names} not compared: one of the two runs left them out by its options"));
    }
    if difference.is_empty() {
        page.inked(Ink::Good, "Nothing changed.");
        return;
    }
    let summary = summary(difference);
    page.wrapped(0, 2, if summary.is_empty() { "Nothing else changed." } else { &summary });
    diagnoses(page, "New", &difference.new_diagnoses);
    diagnoses(page, "At other places", &difference.changed_diagnoses);
    diagnoses(page, "Gone", &difference.gone_diagnoses);
    let beside = Beside::of(difference);
    findings(page, "New findings", &beside.new);
    findings(page, "Changed findings", &beside.changed);
    findings(page, "Gone findings", &beside.gone);
    list(page, "New names", &difference.new_targets);
    list(page, "Gone names", &difference.gone_targets);
    certificates(page, &difference.certificates);
    for (heading, changes) in [("Addresses", &difference.addresses), ("Reachability", &difference.reachability)] {
        if !changes.is_empty() {
            page.heading(heading);
        }
        for change in changes {
            page.wrapped(2, 4, &change.target);
            let side = |side, other, what| match change.before.len().max(change.after.len()) {
                0..=PLACES => words(side),
                _ => of_many(side, other, what),
            };
            let (before, after) = (&change.before, &change.after);
            sides(page, Some(&side(before, after, "gone")), Some(&side(after, before, "new")));
        }
    }
    if !difference.sessions.is_empty() {
        page.heading("Sessions");
        for change in &difference.sessions {
            page.wrapped(2, 4, &format!("{}, {}", change.target, change.what));
            sides(page, Some(&words(&change.before)), Some(&words(&change.after)));
        }
    }
}

/// What changed, counted.
fn summary(difference: &Difference) -> String {
    let beside = Beside::of(difference);
    let counts = [
        (difference.new_diagnoses.len(), "new diagnosis", "new diagnoses"),
        (difference.gone_diagnoses.len(), "gone diagnosis", "gone diagnoses"),
        (difference.changed_diagnoses.len(), "diagnosis at other places", "diagnoses at other places"),
        (beside.new.len(), "new finding", "new findings"),
        (beside.gone.len(), "gone finding", "gone findings"),
        (beside.changed.len(), "changed finding", "changed findings"),
        (difference.new_targets.len(), "new name", "new names"),
        (difference.gone_targets.len(), "gone name", "gone names"),
        (difference.certificates.len(), "certificate changed", "certificates changed"),
        (difference.addresses.len(), "name moved", "names moved"),
        (difference.reachability.len(), "name reached otherwise", "names reached otherwise"),
        (difference.sessions.len(), "session changed", "sessions changed"),
    ];
    let told: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    told.join(", ")
}

/// The findings that no change of a diagnosis tells.
struct Beside<'a> {
    new: Vec<&'a FindingChange>,
    gone: Vec<&'a FindingChange>,
    changed: Vec<&'a FindingChange>,
}

impl<'a> Beside<'a> {
    fn of(difference: &'a Difference) -> Self {
        let all = [&difference.new_diagnoses, &difference.gone_diagnoses, &difference.changed_diagnoses];
        let told: HashSet<&str> = all.into_iter().flatten().map(|change| change.id.as_str()).collect();
        let is_told = |side: &FindingSide| side.diagnosis.as_deref().is_some_and(|id| told.contains(id));
        let rest = |changes: &'a [FindingChange]| {
            let sides = |change: &FindingChange| change.before.iter().chain(&change.after).all(is_told);
            changes.iter().filter(|change| !sides(change)).collect()
        };
        Self {
            new: rest(&difference.new_findings),
            gone: rest(&difference.gone_findings),
            changed: rest(&difference.changed_findings),
        }
    }
}

fn diagnoses(page: &mut Page, heading: &str, changes: &[DiagnosisChange]) {
    if changes.is_empty() {
        return;
    }
    page.heading(heading);
    for change in changes {
        page.labelled(2, change.severity.name(), change.severity.into(), 10, &change.title);
        for (label, places) in [("at", &change.new_places), ("not at", &change.gone_places)] {
            if !places.is_empty() {
                page.labelled(4, label, Ink::Quiet, 12, &some(places));
            }
        }
        page.labelled(4, "cause", Ink::Quiet, 12, &change.cause);
    }
}

/// One of two sides of which one is long: how many there are, and which the other lacks.
fn of_many(side: &[String], other: &[String], what: &str) -> String {
    let known: HashSet<&String> = other.iter().collect();
    let lacking: Vec<String> = side.iter().filter(|one| !known.contains(one)).cloned().collect();
    match lacking.len() {
        0 => format!("{} of them", side.len()),
        _ => format!("{} of them, {what}: {}", side.len(), some(&lacking)),
    }
}

/// The first of several, and how many more there are.
fn some(places: &[String]) -> String {
    let named: Vec<&str> = places.iter().take(PLACES).map(String::as_str).collect();
    match places.len().saturating_sub(PLACES) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Certificates by what differs: those that were reissued alike are told together, with a line for each.
fn certificates(page: &mut Page, changes: &[CertificateChange]) {
    if changes.is_empty() {
        return;
    }
    page.heading("Certificates");
    let mut alike: Vec<Vec<&CertificateChange>> = Vec::new();
    let mut known: HashMap<(&str, Vec<&str>), usize> = HashMap::new();
    for change in changes {
        let differs = reissued(change);
        let at = match differs.is_empty() {
            true => alike.len(),
            false => *known.entry((&change.place, differs)).or_insert(alike.len()),
        };
        match alike.get_mut(at) {
            Some(changes) => changes.push(change),
            None => alike.push(vec![change]),
        }
    }
    for changes in alike {
        let (first, is_alone) = (changes[0], changes.len() == 1);
        if !is_alone {
            page.wrapped(2, 4, &format!("{} certificates in place of others, {}", changes.len(), first.place));
        }
        for change in &changes {
            let place = if is_alone { format!(", {}", first.place) } else { String::new() };
            match change.targets.as_slice() {
                [only] => page.wrapped(2, 4, &format!("{only}{place}")),
                several => page.wrapped(2, 4, &format!("{} names{place}: {}", several.len(), some(several))),
            }
            sides(page, change.before.as_deref(), change.after.as_deref());
        }
        let all = || first.differs.iter().map(String::as_str).collect();
        let differs: Vec<&str> = if is_alone { all() } else { reissued(first) };
        differs.into_iter().for_each(|differs| page.wrapped(6, 8, differs));
    }
}

/// What differs, but for the serial, which every certificate has its own of.
fn reissued(change: &CertificateChange) -> Vec<&str> {
    change.differs.iter().map(String::as_str).filter(|differs| !differs.starts_with("serial:")).collect()
}

fn findings(page: &mut Page, heading: &str, changes: &[&FindingChange]) {
    if changes.is_empty() {
        return;
    }
    page.heading(heading);
    for change in changes {
        page.labelled(
            2,
            change.severity.name(),
            change.severity.into(),
            10,
            &format!("{} {}", change.requirement, change.about),
        );
        sides(page, change.before.as_ref().map(told).as_deref(), change.after.as_ref().map(told).as_deref());
    }
}

fn told(side: &FindingSide) -> String {
    let waived = side.waived.as_ref().map(|reason| format!(" (waived: {reason})")).unwrap_or_default();
    let observed = if side.observed.is_empty() { String::new() } else { format!(" [{}]", side.observed.join("; ")) };
    format!("{}: {}{observed}{waived}", side.verdict, side.message)
}

fn list(page: &mut Page, heading: &str, names: &[String]) {
    if !names.is_empty() {
        page.heading(heading);
        names.iter().for_each(|name| page.wrapped(2, 4, name));
    }
}

fn sides(page: &mut Page, before: Option<&str>, after: Option<&str>) {
    if let Some(before) = before {
        page.labelled(4, "was", Ink::Quiet, 8, before);
    }
    if let Some(after) = after {
        page.labelled(4, "is", Ink::Quiet, 8, after);
    }
}

fn words(values: &[String]) -> String {
    if values.is_empty() { "nothing".into() } else { values.join(", ") }
}
