//! What could not be decided, folded into one line for each reason, what weighs most first.

use std::collections::{BTreeSet, HashMap};

use super::counted;
use crate::report::document::Report;
use crate::report::finding::UnknownReport;
use crate::report::page::{Ink, Page};
use crate::verdict::severity::Severity;

/// How many requirements or endpoints are named; of more, only their number is told.
const NAMED: usize = 3;

/// A reason, and what it leaves open.
struct Reason<'a> {
    unknown: &'a UnknownReport,
    requirements: Vec<&'a str>,
    endpoints: BTreeSet<&'a str>,
    /// The heaviest severity among the requirements.
    heaviest: Severity,
}

pub(super) fn write(page: &mut Page, report: &Report) {
    let mut places = HashMap::new();
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for finding in &report.findings {
        let Some(unknown) = &finding.unknown else { continue };
        let place = *places.entry(unknown).or_insert(reasons.len());
        if place == reasons.len() {
            reasons.push(Reason {
                unknown,
                requirements: Vec::new(),
                endpoints: BTreeSet::new(),
                heaviest: finding.severity,
            });
        }
        let Some(reason) = reasons.get_mut(place) else { continue };
        if !reason.requirements.contains(&finding.requirement.as_ref()) {
            reason.requirements.push(&finding.requirement);
        }
        reason.endpoints.insert(&finding.endpoint);
        reason.heaviest = reason.heaviest.max(finding.severity);
    }
    if reasons.is_empty() {
        return;
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.heaviest));
    page.heading("Not decided");
    for reason in reasons {
        let requirements = match reason.requirements.len() {
            0..=NAMED => reason.requirements.join(", "),
            more => counted(more, "requirement"),
        };
        let place = match (reason.endpoints.len(), reason.endpoints.first()) {
            (1, Some(only)) => (*only).to_owned(),
            (more, _) => format!("{more} places"),
        };
        let UnknownReport { why, decided_by } = reason.unknown;
        let words = format!("{why}: {requirements} at {place}; decided by {decided_by}");
        page.labelled(2, reason.heaviest.name(), Ink::Quiet, 10, &words);
    }
}
