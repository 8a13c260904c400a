//! A Checkmk local check: a line for the site, then one for each system. Service names come from the definition, so that
//! services do not come and go with what servers send.

use std::collections::HashMap;

use super::document::Report;
use super::endpoint::EndpointReport;
use super::finding::FindingReport;
use super::foreign::Foreign;
use super::nagios::State;
use super::view::{Counted, Matter, Part, Standing, View, count};
use crate::verdict::severity::Severity;
use crate::wire::timestamp::Timestamp;

/// Writes the lines.
pub fn render(report: &Report) -> String {
    let view = View::new(report);
    let summary = &report.run.summary;
    let unknown = view.counts(Counted::Unknown).error;
    let site = Foreign::value(view.site());
    let first = match view.matters().first().map(Matter::sentence) {
        Some(first) => format!("\\n{}", Foreign::message(&first).for_checkmk()),
        None => String::new(),
    };
    let cut_short = if summary.complete { "" } else { "\\nthe run was ended before everything planned was looked at" };
    let leaf = view.first_end(&report.endpoints, Part::Leaf);
    let mut lines = line(
        State::of(report),
        &format!("cmprobe {}", site.for_service()),
        &metrics(&view, summary.fail.error, summary.fail.warning, unknown, leaf),
        &format!("{}{first}{cut_short}", view.counts_in_words()),
    );
    let mut findings: HashMap<&str, Vec<&FindingReport>> = HashMap::new();
    for finding in &report.findings {
        findings.entry(view.subject(&finding.endpoint).system.unwrap_or_default()).or_default().push(finding);
    }
    let mut endpoints: HashMap<&str, Vec<&EndpointReport>> = HashMap::new();
    for endpoint in &report.endpoints {
        endpoints.entry(&endpoint.system).or_default().push(endpoint);
    }
    for system in view.systems() {
        // What was not to be looked at is no service that is all right.
        if let Some(own) = endpoints.get(system) {
            let found = findings.get(system).map_or(&[][..], Vec::as_slice);
            lines += &of_system(&view, system, found, own);
        }
    }
    lines
}

fn of_system(view: &View<'_>, system: &str, findings: &[&FindingReport], endpoints: &[&EndpointReport]) -> String {
    let all = || findings.iter().copied();
    let fail = count(all(), Counted::Fail);
    let unknown = count(all(), Counted::Unknown).error;
    let fails_on_notice = view.report.run.summary.fail_on == Severity::Notice;
    let state = if fail.error > 0 {
        State::Critical
    } else if fail.warning > 0 || (fail.notice > 0 && fails_on_notice) {
        State::Warning
    } else if unknown > 0 {
        State::Unknown
    } else {
        State::Ok
    };
    let told = |finding: &&FindingReport| {
        matches!(view.standing(finding), Standing::Fails | Standing::FailsBelow | Standing::Undecided)
    };
    // Failures before what is not decided, heaviest first; the first of equals.
    let heaviest = all().filter(told).rev().max_by_key(|finding| (finding.fails(), finding.severity));
    let text = match heaviest {
        Some(finding) => format!(
            "{}: {}",
            Foreign::value(&finding.requirement).for_checkmk(),
            Foreign::message(&finding.message).for_checkmk()
        ),
        None if unknown > 0 => format!("{unknown} not decided"),
        None => "everything was decided and nothing failed".to_owned(),
    };
    let service =
        format!("cmprobe {} {}", Foreign::value(view.site()).for_service(), Foreign::value(system).for_service());
    let leaf = view.first_end(endpoints.iter().copied(), Part::Leaf);
    line(state, &service, &metrics(view, fail.error, fail.warning, unknown, leaf), &text)
}

fn metrics(view: &View<'_>, errors: usize, warnings: usize, unknown: usize, leaf: Option<Timestamp>) -> String {
    let days = leaf.map(|end| format!("|cmprobe_days={};{}:;7:", view.days(end), view.report.circumstances.warn_days));
    let days = days.unwrap_or_default();
    format!("cmprobe_errors={errors}|cmprobe_warnings={warnings}|cmprobe_unknown={unknown}{days}")
}

fn line(state: State, service: &str, metrics: &str, text: &str) -> String {
    format!("{} \"{service}\" {metrics} {text}\n", state.code())
}
