//! A row for each finding that fails, is not decided or is waived (RFC 4180): for spreadsheets and databases. What a
//! spreadsheet would take for a formula is told to be text. Columns are only ever appended.

use super::document::Report;
use super::finding::{FindingReport, VerdictWord};
use super::foreign::Foreign;
use super::view::{Part, View};

/// The columns, in order.
pub const COLUMNS: [&str; 20] = [
    "time",
    "site",
    "profile",
    "system",
    "role",
    "vantage",
    "name",
    "address",
    "requirement",
    "severity",
    "verdict",
    "waived",
    "cause_id",
    "culprit",
    "message",
    "expected",
    "observed",
    "remedy",
    "not_after",
    "document",
];

/// Writes the rows. With `bom`, a byte order mark comes first, which Excel wants before it takes a file for UTF-8.
pub fn render(report: &Report, bom: bool) -> String {
    let view = View::new(report);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has as many cells as the first.
    let _ = writer.write_record(COLUMNS);
    for finding in rows(report) {
        let _ = writer.write_record(cells(&view, finding).iter().map(Foreign::for_csv));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    let mark = if bom { "\u{feff}" } else { "" };
    format!("{mark}{}", String::from_utf8_lossy(&bytes))
}

/// The findings that are rows.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = &FindingReport> {
    let open = |finding: &&FindingReport| matches!(finding.verdict, VerdictWord::Fail | VerdictWord::Unknown);
    report.findings.iter().filter(open)
}

/// What a finding's cells say.
pub(super) fn cells<'a>(view: &View<'a>, finding: &'a FindingReport) -> [Foreign<'a>; COLUMNS.len()] {
    let run = &view.report.run;
    let subject = view.subject(&finding.endpoint);
    let ends = subject.endpoint.and_then(|endpoint| view.first_end([endpoint], Part::Leaf)).or_else(|| {
        let own = subject.file.and_then(|file| file.certificate.as_deref());
        own.and_then(|own| view.certificate(own)).and_then(|certificate| certificate.not_after)
    });
    let waived = finding.waived.as_ref().map(|waived| match waived.until {
        Some(until) => format!("until {until}: {}", waived.reason),
        None => waived.reason.clone(),
    });
    let culprit = finding.culprit.as_ref().map(|culprit| {
        format!("{} {}", culprit.kind.name(), culprit.fingerprint_sha256.as_deref().unwrap_or(&culprit.name))
    });
    let whose = subject.system.unwrap_or(if subject.file.is_some() { subject.id } else { "" });
    [
        Foreign::owned(run.finished_at.to_string()),
        Foreign::value(run.site.code.as_deref().unwrap_or_default()),
        Foreign::value(run.site.profile.name()),
        Foreign::value(whose),
        Foreign::value(subject.role.map_or("", |role| role.name())),
        Foreign::value(subject.vantage.unwrap_or_default()),
        Foreign::value(subject.name.unwrap_or_default()),
        Foreign::owned(subject.address.map(|address| address.to_string()).unwrap_or_default()),
        Foreign::value(&finding.requirement),
        Foreign::value(finding.severity.name()),
        Foreign::value(finding.verdict.name()),
        Foreign::owned(waived.unwrap_or_default()),
        Foreign::value(finding.cause_id.as_deref().unwrap_or_default()),
        Foreign::owned(culprit.unwrap_or_default()),
        Foreign::message(&finding.message),
        Foreign::joined(&finding.expected, "; "),
        Foreign::joined(&finding.observed, "; "),
        Foreign::message(finding.remedy.as_deref().unwrap_or_default()),
        Foreign::owned(ends.map(|ends| ends.to_string()).unwrap_or_default()),
        Foreign::value(&finding.citation.document),
    ]
}
