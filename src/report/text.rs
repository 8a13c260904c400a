//! The report for people: one line for each endpoint, then what failed with both sides, what is not known and why, and what
//! it adds up to. Fits 80 columns, needs no colour, and lets nothing a peer sent reach the terminal unescaped.

mod endpoints;
mod failures;
mod files;
mod unknowns;

use crate::verdict::severity::Severity;

use super::document::{Report, Summary};
use super::finding::VerdictWord;
use super::page::{Ink, Page};

/// How to write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to colour it.
    pub color: bool,
    /// Whether to tell each endpoint's session in full.
    pub verbose: bool,
}

/// Writes the report.
pub fn render(report: &Report, options: TextOptions) -> String {
    let mut page = Page::new(options.color);
    endpoints::write(&mut page, report, options.verbose);
    files::write(&mut page, report, options.verbose);
    failures::write(&mut page, report);
    failures::write_waived(&mut page, report);
    unknowns::write(&mut page, report);
    passes(&mut page, report);
    if let Some(difference) = &report.difference {
        page.heading("Changes");
        difference.write(&mut page);
    }
    page.gap();
    summary(&mut page, &report.run.summary, report.files.len());
    page.into_text()
}

/// The findings that are only listed when all are asked for.
fn passes(page: &mut Page, report: &Report) {
    for (heading, verdict) in [("Passed", VerdictWord::Pass), ("Not applicable", VerdictWord::NotApplicable)] {
        let findings: Vec<_> = report.findings.iter().filter(|finding| finding.verdict == verdict).collect();
        if findings.is_empty() {
            continue;
        }
        page.heading(heading);
        let mut about = "";
        for finding in findings {
            if finding.endpoint != about {
                about = &finding.endpoint;
                page.wrapped(2, 4, about);
            }
            let why = match verdict {
                VerdictWord::NotApplicable => finding.message.as_ref().to_owned(),
                VerdictWord::Pass | VerdictWord::Fail | VerdictWord::Unknown => finding.observed.join(", "),
            };
            let line = if why.is_empty() {
                finding.requirement.to_string()
            } else {
                format!("{}: {why}", finding.requirement)
            };
            page.wrapped(4, 6, &line);
        }
    }
}

/// The last lines: counts, and what the exit code means.
fn summary(page: &mut Page, summary: &Summary, files: usize) {
    let mut parts = vec![
        counted(summary.fail.error, "error"),
        counted(summary.fail.warning, "warning"),
        counted(summary.fail.notice, "notice"),
        format!("{} not decided", summary.unknown),
        format!("{} passed", summary.pass),
        format!("{} not applicable", summary.not_applicable),
    ];
    if summary.waived > 0 {
        parts.insert(3, format!("{} waived", summary.waived));
    }
    let looked_at = match (summary.endpoints, files) {
        (endpoints, 0) => counted(endpoints, "endpoint"),
        (0, files) => counted(files, "file"),
        (endpoints, files) => format!("{} and {}", counted(endpoints, "endpoint"), counted(files, "file")),
    };
    page.wrapped(0, 2, &format!("{looked_at}: {}", parts.join(", ")));
    if !summary.complete {
        page.wrapped(0, 2, "The run was ended before everything planned was looked at.");
    }
    let outcome = summary.outcome();
    let ink = match outcome.exit_code() {
        0 => Ink::Good,
        1 => Ink::Error,
        _ => Ink::Warning,
    };
    let bar = match summary.fail_on {
        Severity::Error => String::new(),
        Severity::Warning | Severity::Notice => format!(" (failing on {} and above)", summary.fail_on.name()),
    };
    page.inked(ink, &format!("exit code {}: {}{bar}", outcome.exit_code(), outcome.meaning()));
}

/// A number and its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
