//! A difference as text: a summary first, then each change with both sides, in 80 columns.

use super::{Difference, FindingChange, FindingSide};
use crate::report::page::{Ink, Page};

pub(super) fn render(difference: &Difference, color: bool) -> String {
    let mut page = Page::new(color);
    write(&mut page, difference);
    page.into_text()
}

pub(super) fn write(page: &mut Page, difference: &Difference) {
    page.wrapped(0, 2, &format!("From {} to {}", difference.before, difference.after));
    if difference.is_empty() {
        page.inked(Ink::Good, "Nothing changed.");
        return;
    }
    page.wrapped(0, 2, &summary(difference));
    findings(page, "New findings", &difference.new_findings);
    findings(page, "Changed findings", &difference.changed_findings);
    findings(page, "Gone findings", &difference.gone_findings);
    list(page, "New names", &difference.new_targets);
    list(page, "Gone names", &difference.gone_targets);
    if !difference.certificates.is_empty() {
        page.heading("Certificates");
        for change in &difference.certificates {
            page.wrapped(2, 4, &format!("{}, {}", change.target, change.place));
            sides(page, change.before.as_deref(), change.after.as_deref());
            for differs in &change.differs {
                page.wrapped(6, 8, differs);
            }
        }
    }
    for (heading, changes) in [("Addresses", &difference.addresses), ("Reachability", &difference.reachability)] {
        if !changes.is_empty() {
            page.heading(heading);
        }
        for change in changes {
            page.wrapped(2, 4, &change.target);
            sides(page, Some(&words(&change.before)), Some(&words(&change.after)));
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
    let counts = [
        (difference.new_findings.len(), "new finding", "new findings"),
        (difference.gone_findings.len(), "gone finding", "gone findings"),
        (difference.changed_findings.len(), "changed finding", "changed findings"),
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

fn findings(page: &mut Page, heading: &str, changes: &[FindingChange]) {
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
