//! What waivers cover: counted by reason; everything where that is asked for.

use super::place::place_words;
use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::page::{Ink, Page};
use crate::report::view::View;
use crate::report::waived::WaivedReport;
use crate::wire::counted::counted;

/// How many reasons are told; of more, only their number.
const REASONS: usize = 3;

pub(super) fn write(page: &mut Page, view: &View<'_>, verbose: bool) {
    let mut by_reason: Vec<(&WaivedReport, Vec<&FindingReport>)> = Vec::new();
    for finding in &view.report.findings {
        let is_open = matches!(finding.verdict, VerdictWord::Fail | VerdictWord::Unknown);
        let Some(waived) = finding.waived.as_ref().filter(|_| is_open) else { continue };
        match by_reason.iter_mut().find(|(known, _)| *known == waived) {
            Some((_, findings)) => findings.push(finding),
            None => by_reason.push((waived, vec![finding])),
        }
    }
    for diagnosis in view.report.diagnoses.iter() {
        if let Some(waived) = diagnosis.waived.as_ref()
            && !by_reason.iter().any(|(known, _)| *known == waived)
        {
            by_reason.push((waived, Vec::new()));
        }
    }
    if by_reason.is_empty() {
        return;
    }
    let told = if verbose { by_reason.len() } else { REASONS };
    page.inked(Ink::Heading, "Waived");
    for (waived, findings) in by_reason.iter().take(told) {
        let until = waived.until.map(|until| format!(", until {until}")).unwrap_or_default();
        let diagnoses = view.report.diagnoses.iter().filter(|one| one.waived.as_ref() == Some(waived));
        let count = match (diagnoses.count(), findings.len()) {
            (0, findings) => counted(findings, "finding"),
            (diagnoses, 0) => counted_diagnoses(diagnoses),
            (diagnoses, findings) => format!("{}, {}", counted_diagnoses(diagnoses), counted(findings, "finding")),
        };
        page.wrapped(2, 4, &format!("{count}: {}{until}", waived.reason));
        if verbose {
            each(page, view, findings);
        }
    }
    if by_reason.len() > told {
        page.wrapped(2, 4, &format!("and {} (-v tells them)", counted(by_reason.len() - told, "more waiver")));
    }
}

fn counted_diagnoses(count: usize) -> String {
    counted(count, "diagnosis")
}

/// Each requirement, and where.
fn each(page: &mut Page, view: &View<'_>, findings: &[&FindingReport]) {
    let mut by: Vec<(&str, Vec<&str>)> = Vec::new();
    for finding in findings {
        match by.iter_mut().find(|(known, _)| *known == finding.requirement) {
            Some((_, places)) => places.push(&finding.endpoint),
            None => by.push((&finding.requirement, vec![&finding.endpoint])),
        }
    }
    for (requirement, places) in by {
        page.wrapped(4, 6, &format!("{requirement} at {}", place_words(view, &places, places.len(), usize::MAX)));
    }
}
