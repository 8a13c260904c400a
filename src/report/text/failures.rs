//! What failed, heaviest first: both sides, the cause, what to do and why it matters. The same failure at several endpoints
//! of one system is told once.

use std::collections::HashMap;

use crate::report::document::Report;
use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::page::{Ink, Page};

/// A failure, and everything it was met at.
struct Group<'a> {
    failure: &'a FindingReport,
    met_at: Vec<&'a str>,
}

/// What makes two failures the same for a reader: all but the endpoint, within a system.
fn sameness(finding: &FindingReport) -> impl std::hash::Hash + Eq + '_ {
    let system = finding.endpoint.split('/').next();
    (
        &finding.requirement,
        &finding.message,
        &finding.expected,
        &finding.observed,
        &finding.cause,
        &finding.waived,
        system,
    )
}

fn groups<'a>(findings: impl Iterator<Item = &'a FindingReport>) -> Vec<Group<'a>> {
    let mut places = HashMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for failure in findings {
        let place = *places.entry(sameness(failure)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.met_at.push(&failure.endpoint),
            None => groups.push(Group { failure, met_at: vec![&failure.endpoint] }),
        }
    }
    groups
}

pub(super) fn write(page: &mut Page, report: &Report) {
    let mut groups = groups(report.findings.iter().filter(|finding| finding.fails()));
    if groups.is_empty() {
        return;
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.failure.severity));
    for Group { failure, met_at } in groups {
        page.gap();
        page.labelled(0, failure.severity.name(), failure.severity.into(), 9, &failure.requirement);
        page.wrapped(2, 2, &failure.message);
        labelled_list(page, "at", &met_at);
        labelled_list(page, "expected", &failure.expected);
        labelled_list(page, "observed", &failure.observed);
        let rest = [("cause", failure.cause.as_deref()), ("remedy", failure.remedy.as_deref())];
        for (label, words) in rest {
            if let Some(words) = words {
                page.labelled(2, label, Ink::Quiet, 12, words);
            }
        }
        let source = format!("{}: {}", failure.citation.document, failure.citation.place);
        page.labelled(2, "source", Ink::Quiet, 12, &source);
    }
}

/// A label and a list, an entry a line.
fn labelled_list(page: &mut Page, label: &str, entries: &[impl AsRef<str>]) {
    for (at, entry) in entries.iter().enumerate() {
        match at {
            0 => page.labelled(2, label, Ink::Quiet, 12, entry.as_ref()),
            _ => page.wrapped(12, 12, entry.as_ref()),
        }
    }
}

/// Failures a waiver covers, and its reason.
pub(super) fn write_waived(page: &mut Page, report: &Report) {
    let waived = |finding: &&FindingReport| finding.verdict == VerdictWord::Fail && finding.waived.is_some();
    let groups = groups(report.findings.iter().filter(waived));
    if groups.is_empty() {
        return;
    }
    page.heading("Waived");
    for Group { failure, met_at } in groups {
        let reason = failure.waived.as_ref().map_or("", |waived| waived.reason.as_str());
        page.wrapped(2, 4, &format!("{}: {reason}", failure.requirement));
        for endpoint in met_at {
            page.wrapped(4, 6, &format!("at {endpoint}"));
        }
    }
}
