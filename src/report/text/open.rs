//! What could not be decided and no diagnosis explains, grouped by what would decide it, what weighs most first.

use std::collections::{BTreeSet, HashMap};

use super::place::place_words_within;
use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::page::{Ink, Page};
use crate::report::view::View;
use crate::verdict::severity::Severity;
use crate::wire::counted::counted;

/// How many requirements are named; of more, only their number is told.
const NAMED: usize = 3;
/// How many groups are told; of more, only their number.
const GROUPS: usize = 6;

/// Where the words begin.
const COLUMN: usize = 9;

/// What one thing would decide.
#[derive(Debug)]
pub(in crate::report) struct Open<'a> {
    /// By what it is referred to; `None`: it need not be decided.
    pub(in crate::report) number: Option<usize>,
    /// What would decide it.
    pub(in crate::report) decided_by: &'a str,
    /// The heaviest severity among the requirements.
    pub(in crate::report) heaviest: Severity,
    pub(in crate::report) findings: Vec<&'a FindingReport>,
}

impl<'a> Open<'a> {
    /// The requirements, each once: named, or counted where they are many.
    pub(in crate::report) fn requirements(&self) -> String {
        let mut requirements: Vec<&str> = Vec::new();
        for finding in &self.findings {
            if !requirements.contains(&finding.requirement.as_ref()) {
                requirements.push(&finding.requirement);
            }
        }
        match requirements.len() {
            0..=NAMED => requirements.join(", "),
            more => counted(more, "requirement"),
        }
    }

    /// The same, with how many of them must hold, where only some must.
    fn weighed(&self) -> String {
        let requirements = self.requirements();
        let count = |of: fn(&&&FindingReport) -> bool| {
            self.findings.iter().filter(of).map(|finding| &finding.requirement).collect::<BTreeSet<_>>().len()
        };
        let (all, must) = (count(|_| true), count(|finding| finding.severity == Severity::Error));
        if must == 0 || must == all || all <= NAMED {
            return requirements;
        }
        format!("{requirements}, of which {must} must hold,")
    }

    /// Where, each place once.
    pub(in crate::report) fn places(&self) -> Vec<&'a str> {
        let mut known = BTreeSet::new();
        let places = self.findings.iter().map(|finding| finding.endpoint.as_str());
        places.filter(|place| known.insert(*place)).collect()
    }

    /// Why it is not decided.
    pub(in crate::report) fn why(&self) -> String {
        let reasons: BTreeSet<&str> = self.findings.iter().map(|finding| finding.message.as_ref()).collect();
        let first = self.findings.first().map_or("", |finding| finding.message.as_ref());
        match reasons.len() {
            0 | 1 => first.to_owned(),
            several => format!("{first}, and {}", counted(several - 1, "other reason")),
        }
    }
}

/// What is not decided, by what would decide it.
pub(in crate::report) fn groups<'a>(view: &View<'a>) -> Vec<Open<'a>> {
    let mut groups: Vec<Open<'a>> = Vec::new();
    let mut by: HashMap<&str, usize> = HashMap::new();
    let unexplained = view.report.findings.iter().filter(|finding| {
        finding.verdict == VerdictWord::Unknown && finding.diagnosis.is_none() && finding.waived.is_none()
    });
    for finding in unexplained {
        let decided_by = finding.unknown.as_ref().map_or("", |unknown| unknown.decided_by.as_str());
        let at = *by.entry(decided_by).or_insert_with(|| {
            groups.push(Open { number: None, decided_by, heaviest: finding.severity, findings: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.heaviest = group.heaviest.max(finding.severity);
            group.findings.push(finding);
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.heaviest));
    groups
}

/// How much is told of what is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Told {
    /// What and where: the end of the report says what would decide it.
    Briefly,
    /// Why, and what would decide it, too.
    Normally,
    /// Everything, everywhere.
    InFull,
}

/// Tells what is not decided.
pub(in crate::report) fn write(page: &mut Page, view: &View<'_>, groups: &[Open<'_>], manner: Told) {
    let verbose = manner == Told::InFull;
    if groups.is_empty() {
        return;
    }
    page.inked(Ink::Heading, "Not decided");
    let told = if verbose { groups.len() } else { GROUPS };
    for group in groups.iter().take(told) {
        let label = group.number.map_or_else(|| "  ".to_owned(), |number| format!("{number:>2}"));
        let places = group.places();
        // A colon follows it.
        let room = if verbose { usize::MAX } else { page.width().saturating_sub(1) };
        let at = place_words_within(room, view, &places, places.len(), if verbose { usize::MAX } else { NAMED });
        let at = format!("at {at}");
        let (requirements, by) = (group.weighed(), group.decided_by);
        let words = match manner {
            Told::Briefly => format!("{requirements} {at}"),
            Told::Normally | Told::InFull => format!("{requirements} {at}: {}; decided by {by}", group.why()),
        };
        // Nothing of it fails: it has no severity.
        let weight = if group.heaviest == Severity::Error { "must" } else { "open" };
        page.labelled(0, &format!("{label} {weight}"), Ink::Quiet, COLUMN, &words);
    }
    if groups.len() > told {
        let left: usize = groups.iter().skip(told).map(|group| group.findings.len()).sum();
        page.wrapped(COLUMN, COLUMN, &format!("and {left} more (-v tells them)"));
    }
}
