//! Metrics in Prometheus' text format 0.0.4: for the textfile collector of node_exporter, and for `serve`. All are gauges;
//! labels hold names of the definition only, so that no server can create a series.

use std::collections::HashMap;
use std::fmt::{Display, Write};

use super::document::Report;
use super::finding::FindingReport;
use super::foreign::Foreign;
use super::view::{Counted, NameView, Part, View, count};
use crate::judgement::tally::{FailCounts, Outcome};
use crate::verdict::severity::Severity;

/// Writes the metrics of a scrape: the same, of all vantages or of one, and the three that blackbox_exporter's rules and
/// dashboards look for. What was decided by what others saw stays decided for one vantage by itself.
pub fn probed(report: &Report, vantage: Option<&str>) -> String {
    let alone = vantage.map(|vantage| at(report, vantage));
    let report = alone.as_ref().unwrap_or(report);
    let mut metrics = Metrics(render(report));
    let success = u8::from(succeeded(report));
    metrics.alone("probe_success", "Whether the probe succeeded: cmprobe_run_success.", success);
    let view = View::new(report);
    metrics.alone("probe_duration_seconds", "How long the probe took: cmprobe_run_duration_seconds.", view.seconds());
    let ends = view.names().into_iter().filter_map(|name| {
        let of = |part| view.first_end(name.endpoints.iter().copied(), part);
        [of(Part::Leaf), of(Part::Authorities)].into_iter().flatten().min()
    });
    let earliest = ends.min().map(|end| (String::new(), end.unix()));
    let help = "When the first certificate presented ends, in Unix time.";
    metrics.add("probe_ssl_earliest_cert_expiry", help, earliest);
    metrics.0
}

/// What a report says of a vantage, and of what belongs to none.
fn at(report: &Report, vantage: &str) -> Report {
    let view = View::new(report);
    let is_here = |finding: &&FindingReport| view.subject(&finding.endpoint).vantage.is_none_or(|at| at == vantage);
    let findings: Vec<FindingReport> = report.findings.iter().filter(is_here).cloned().collect();
    let endpoints: Vec<_> = report.endpoints.iter().filter(|endpoint| endpoint.vantage == vantage).cloned().collect();
    let lists = report.lists.iter().filter(|list| list.vantage == vantage).cloned().collect();
    let mut run = report.run.clone();
    run.summary.endpoints = endpoints.len();
    run.summary.fail = count(findings.iter(), Counted::Fail);
    let is_open = count(findings.iter(), Counted::Unknown).error > 0 || !run.summary.complete;
    // Where the whole passes, what is open in it was excused.
    if run.summary.failing(run.summary.fail_on) > 0 {
        run.summary.exit_code = Outcome::Failed.exit_code();
    } else if !succeeded(report) {
        let outcome = if is_open { Outcome::Undecided } else { Outcome::Passed };
        run.summary.exit_code = outcome.exit_code();
    }
    Report {
        run,
        circumstances: report.circumstances.clone(),
        endpoints,
        files: report.files.clone(),
        certificates: report.certificates.clone(),
        lists,
        findings,
        // Metrics tell nothing of these.
        diagnoses: Vec::new(),
        reach: Vec::new(),
        calendar: Vec::new(),
        difference: None,
    }
}

fn succeeded(report: &Report) -> bool {
    matches!(report.run.summary.outcome(), Outcome::Passed | Outcome::Changed)
}

/// Writes the metrics.
pub fn render(report: &Report) -> String {
    let view = View::new(report);
    let run = &report.run;
    let mut metrics = Metrics(String::new());
    let version = format!(
        "site=\"{}\",profile=\"{}\",version=\"{}\"",
        label(view.site()),
        run.site.profile.name(),
        label(&run.tool.version)
    );
    metrics.add("cmprobe_run_info", "What was judged, and by which release.", [(version, 1)]);
    let success = succeeded(report);
    let help = "Whether nothing failed at or above --fail-on and everything that must hold was decided.";
    metrics.alone("cmprobe_run_success", help, u8::from(success));
    let complete = u8::from(run.summary.complete);
    metrics.alone("cmprobe_run_complete", "Whether everything planned was looked at.", complete);
    let ended = run.finished_at.unix();
    metrics.alone("cmprobe_run_timestamp_seconds", "When the run ended, in Unix time.", ended);
    metrics.alone("cmprobe_run_duration_seconds", "How long the run took.", view.seconds());
    let by_verdict = [Counted::Fail, Counted::Unknown, Counted::Waived].into_iter().flat_map(|of| {
        let counts = view.counts(of);
        Severity::ALL
            .map(|level| (format!("verdict=\"{}\",level=\"{}\"", of.name(), level.name()), level_of(counts, level)))
    });
    metrics.add("cmprobe_findings", "Requirements not met or not decided, by verdict and level.", by_verdict);
    of_endpoints(&mut metrics, &view);
    let mut files: Vec<(String, i64)> = Vec::new();
    for file in &report.files {
        let own = file.certificate.as_deref().and_then(|own| view.certificate(own));
        if let Some(ends) = own.and_then(|certificate| certificate.not_after) {
            let labels = format!("use=\"{}\",name=\"{}\"", label(&file.kind), label(&file.id));
            if files.iter().all(|(known, _)| *known != labels) {
                files.push((labels, ends.unix()));
            }
        }
    }
    let help = "When a certificate of the definition ends, in Unix time.";
    metrics.add("cmprobe_file_not_after_timestamp_seconds", help, files);
    let mut vantages: Vec<&str> = report.lists.iter().map(|list| list.vantage.as_str()).collect();
    vantages.sort_unstable();
    vantages.dedup();
    let lists = vantages.into_iter().filter_map(|vantage| {
        Some((format!("vantage=\"{}\"", label(vantage)), view.first_list_end(Some(vantage))?.unix()))
    });
    let help = "When the first revocation list met at a vantage lapses, in Unix time.";
    metrics.add("cmprobe_revocation_list_next_update_timestamp_seconds", help, lists);
    metrics.0
}

/// What there is to say of each name dialled at a port from a vantage.
fn of_endpoints(metrics: &mut Metrics, view: &View<'_>) {
    let names: Vec<(String, NameView<'_>)> = view.names().into_iter().map(|name| (labels(&name), name)).collect();
    let each = || names.iter().map(|(labels, name)| (labels.clone(), name));
    let addresses = each().map(|(labels, name)| (labels, name.addresses()));
    metrics.add("cmprobe_endpoint_addresses", "Addresses the name led to.", addresses);
    let up = each().map(|(labels, name)| (labels, u8::from(name.is_up())));
    metrics.add("cmprobe_endpoint_up", "Whether every address completed a handshake.", up);
    let mut found: HashMap<&str, Vec<&FindingReport>> = HashMap::new();
    for finding in &view.report.findings {
        let subject = view.subject(&finding.endpoint);
        found.entry(subject.endpoint.map_or(subject.id, |endpoint| endpoint.target())).or_default().push(finding);
    }
    let failures = each().flat_map(|(labels, name)| {
        let target = name.endpoints.first().map_or("", |endpoint| endpoint.target());
        let own = found.get(target).map_or(&[][..], Vec::as_slice);
        let counts = count(own.iter().copied(), Counted::Fail);
        [Severity::Error, Severity::Warning]
            .map(|level| (format!("{labels},level=\"{}\"", level.name()), level_of(counts, level)))
    });
    metrics.add("cmprobe_endpoint_failures", "Requirements not met at an endpoint, by level.", failures);
    let ends = each().flat_map(|(labels, name)| {
        [("leaf", Part::Leaf), ("authorities", Part::Authorities)].into_iter().filter_map(move |(place, part)| {
            let end = view.first_end(name.endpoints.iter().copied(), part)?;
            Some((format!("{labels},place=\"{place}\""), end.unix()))
        })
    });
    let help = "When the certificate presented ends, in Unix time; the earliest of all addresses.";
    metrics.add("cmprobe_certificate_not_after_timestamp_seconds", help, ends);
}

fn labels(name: &NameView<'_>) -> String {
    format!(
        "system=\"{}\",role=\"{}\",name=\"{}\",vantage=\"{}\",port=\"{}\"",
        label(name.system),
        name.role.map_or("", |role| role.name()),
        label(name.name),
        label(name.vantage),
        name.port
    )
}

/// A text as a label's value.
pub(crate) fn label(text: &str) -> String {
    Foreign::value(text).for_label()
}

const fn level_of(counts: FailCounts, level: Severity) -> usize {
    match level {
        Severity::Error => counts.error,
        Severity::Warning => counts.warning,
        Severity::Notice => counts.notice,
    }
}

/// The text being written.
struct Metrics(String);

impl Metrics {
    /// A gauge without labels.
    fn alone(&mut self, name: &str, help: &str, value: impl Display) {
        self.add(name, help, [(String::new(), value)]);
    }

    /// A gauge and its samples; none at all where there is no sample.
    fn add<T: Display>(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = (String, T)>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples {
            let _ = match labels.is_empty() {
                true => writeln!(self.0, "{name} {value}"),
                false => writeln!(self.0, "{name}{{{labels}}} {value}"),
            };
        }
    }
}
