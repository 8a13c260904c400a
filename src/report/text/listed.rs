//! Findings that are listed only where all are asked for: what follows from a diagnosis, what is met, what does not apply.

use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::foreign::Foreign;
use crate::report::page::Page;
use crate::report::view::View;

pub(super) fn write(page: &mut Page, view: &View<'_>) {
    let follows = |finding: &&FindingReport| finding.verdict == VerdictWord::Unknown && finding.diagnosis.is_some();
    let findings = || view.report.findings.iter();
    section(page, "Not decided because of what is above", findings().filter(follows));
    section(page, "Passed", findings().filter(|finding| finding.verdict == VerdictWord::Pass));
    section(page, "Not applicable", findings().filter(|finding| finding.verdict == VerdictWord::NotApplicable));
}

fn section<'a>(page: &mut Page, heading: &str, findings: impl Iterator<Item = &'a FindingReport>) {
    let mut about = None;
    for finding in findings {
        if about.is_none() {
            page.heading(heading);
        }
        if about != Some(&finding.endpoint) {
            about = Some(&finding.endpoint);
            page.wrapped(2, 4, &finding.endpoint);
        }
        let why = match finding.verdict {
            VerdictWord::NotApplicable | VerdictWord::Unknown => Foreign::message(&finding.message).for_terminal(),
            VerdictWord::Pass | VerdictWord::Fail => Foreign::joined(&finding.observed, ", ").for_terminal(),
        };
        let line =
            if why.is_empty() { finding.requirement.to_string() } else { format!("{}: {why}", finding.requirement) };
        page.wrapped(4, 6, &line);
    }
}
