//! JUnit XML, by the schema Jenkins' xunit plug-in publishes: a suite for each system, a case for each requirement held
//! against each thing. What follows from something else is skipped, so that one cause is one failure.

use std::collections::{HashMap, HashSet};

use super::document::Report;
use super::endpoint::EndpointReport;
use super::finding::FindingReport;
use super::foreign::Foreign;
use super::view::{Standing, Subject, View};
use super::xml::Xml;
use crate::verdict::severity::Severity;

/// A suite: whose findings, and how they count.
#[derive(Default)]
struct Suite<'a> {
    findings: Vec<(&'a FindingReport, Subject<'a>, Standing)>,
    seconds: f64,
}

impl Suite<'_> {
    fn count(&self, of: impl Fn(&FindingReport, Standing) -> bool) -> usize {
        self.findings.iter().filter(|(finding, _, standing)| of(finding, *standing)).count()
    }

    fn failures(&self) -> usize {
        self.count(|_, standing| standing == Standing::Fails)
    }

    fn errors(&self) -> usize {
        self.count(|_, standing| standing == Standing::Undecided)
    }

    fn skipped(&self) -> usize {
        self.count(is_skipped)
    }
}

/// Whether a case neither passes nor fails.
fn is_skipped(finding: &FindingReport, standing: Standing) -> bool {
    match standing {
        Standing::FailsBelow => finding.severity != Severity::Notice,
        Standing::Waived | Standing::Follows | Standing::UndecidedBelow => true,
        Standing::Fails | Standing::Undecided | Standing::Met | Standing::NotApplicable => false,
    }
}

/// Writes the suites. The report should hold every finding: what is met is a case that passes.
pub fn render(report: &Report) -> String {
    let view = View::new(report);
    let suites = suites(&view);
    let sum = |of: fn(&Suite<'_>) -> usize| suites.iter().map(|(_, suite)| of(suite)).sum::<usize>().to_string();
    let mut xml = Xml::new();
    xml.open(
        "testsuites",
        &[
            ("name", &format!("cmprobe {}", Foreign::value(view.site()).for_xml())),
            ("tests", &sum(|suite| suite.findings.len())),
            ("failures", &sum(|suite| suite.failures())),
            ("errors", &sum(|suite| suite.errors())),
            ("time", &format!("{}.000", view.seconds())),
        ],
    );
    let started = report.run.started_at.to_string();
    let host = Foreign::value(report.circumstances.probe_host.as_deref().unwrap_or_default());
    for (name, suite) in &suites {
        let (tests, failures) = (suite.findings.len().to_string(), suite.failures().to_string());
        let (errors, skipped) = (suite.errors().to_string(), suite.skipped().to_string());
        let time = format!("{:.3}", suite.seconds);
        let shown = Foreign::value(name);
        let mut attributes = vec![
            ("name", shown.for_xml()),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", &errors),
            ("skipped", &skipped),
            ("time", &time),
            ("timestamp", started.trim_end_matches('Z')),
        ];
        if !host.is_empty() {
            attributes.push(("hostname", host.for_xml()));
        }
        xml.open("testsuite", &attributes);
        xml.open("properties", &[]);
        let version = Foreign::value(&report.run.tool.version);
        xml.empty("property", &[("name", "cmprobe.version"), ("value", version.for_xml())]);
        xml.empty("property", &[("name", "profile"), ("value", report.run.site.profile.name())]);
        xml.close();
        let mut timed = HashSet::new();
        for (finding, subject, standing) in &suite.findings {
            let seconds = subject.endpoint.filter(|endpoint| timed.insert(endpoint.id.as_str())).map_or(0.0, seconds);
            case(&mut xml, &view, finding, subject, *standing, seconds);
        }
        xml.close();
    }
    xml.close();
    xml.into_text()
}

/// Systems, clusters and proxies in the definition's order, then files, then the site. What concerns nobody is no case.
fn suites<'a>(view: &View<'a>) -> Vec<(&'a str, Suite<'a>)> {
    let names: Vec<&str> = view.systems().into_iter().chain(["files", "site"]).collect();
    let mut suites: Vec<(&str, Suite<'a>)> = names.iter().map(|name| (*name, Suite::default())).collect();
    let (files, site) = (names.len() - 2, names.len() - 1);
    let places: HashMap<&str, usize> = names.iter().take(files).enumerate().map(|(at, name)| (*name, at)).collect();
    for finding in &view.report.findings {
        let standing = view.standing(finding);
        if standing == Standing::NotApplicable {
            continue;
        }
        let subject = view.subject(&finding.endpoint);
        let at = match subject.system.and_then(|system| places.get(system)) {
            Some(at) => *at,
            None if subject.file.is_some() => files,
            None => site,
        };
        if let Some((_, suite)) = suites.get_mut(at) {
            suite.findings.push((finding, subject, standing));
        }
    }
    for endpoint in &view.report.endpoints {
        if let Some((_, suite)) = places.get(endpoint.system.as_str()).and_then(|at| suites.get_mut(*at)) {
            suite.seconds += seconds(endpoint);
        }
    }
    suites.retain(|(_, suite)| !suite.findings.is_empty());
    suites
}

/// How long an endpoint took.
fn seconds(endpoint: &EndpointReport) -> f64 {
    let timing = endpoint.timing_ms;
    let phases = [timing.resolve, timing.connect, timing.handshake, timing.exchange];
    phases.into_iter().flatten().map(|took| took.0).sum::<f64>() / 1_000.0
}

fn case(
    xml: &mut Xml,
    view: &View<'_>,
    finding: &FindingReport,
    subject: &Subject<'_>,
    standing: Standing,
    seconds: f64,
) {
    let name = Foreign::owned(format!("{} at {}", finding.requirement, at(subject)));
    let class = class(view, subject);
    let time = format!("{seconds:.3}");
    let attributes = [("classname", class.as_str()), ("name", name.for_xml()), ("time", &time)];
    let message = Foreign::message(&finding.message);
    let skipped = |xml: &mut Xml, why: String| {
        xml.open("testcase", &attributes);
        xml.empty("skipped", &[("message", Foreign::message(&why).for_xml())]);
        xml.close();
    };
    match standing {
        Standing::Fails => {
            let severity = finding.severity.name();
            let kind = finding.cause_id.as_deref().map_or_else(|| severity.to_owned(), |id| format!("{severity}:{id}"));
            let told = Foreign::owned(finding.title.clone().into_owned());
            let told = format!("{}: {}", told.for_xml(), message.for_xml());
            xml.open("testcase", &attributes);
            xml.with_text("failure", &[("type", &kind), ("message", &told)], &sides(finding));
            xml.close();
        }
        Standing::Undecided => {
            let told = format!("not decided: {}", message.for_xml());
            let decided_by = finding.unknown.as_ref().map_or("", |unknown| unknown.decided_by.as_str());
            let text = format!("decided by: {}", Foreign::message(decided_by).for_xml());
            xml.open("testcase", &attributes);
            xml.with_text("error", &[("type", "unknown"), ("message", &told)], &text);
            xml.close();
        }
        Standing::FailsBelow if finding.severity == Severity::Notice => {
            xml.open("testcase", &attributes);
            xml.element("system-out", &format!("notice: {}\n{}", message.for_xml(), sides(finding)));
            xml.close();
        }
        Standing::FailsBelow => {
            let (severity, bar) = (finding.severity.name(), view.report.run.summary.fail_on.name());
            skipped(xml, format!("{severity}, below --fail-on {bar}: {}", finding.message));
        }
        Standing::Waived => skipped(xml, waived(finding)),
        Standing::Follows => {
            let from = view.follows_from(finding).map(|diagnosis| {
                let id = diagnosis.requirements.first().map_or(diagnosis.cause.as_str(), String::as_str);
                let place = diagnosis.places.first().map_or("the site", String::as_str);
                format!("{id} at {place}")
            });
            skipped(xml, format!("follows from {}", from.unwrap_or_default()));
        }
        Standing::UndecidedBelow => {
            skipped(xml, format!("{}, not decided: {}", finding.severity.name(), finding.message));
        }
        Standing::Met | Standing::NotApplicable => xml.empty("testcase", &attributes),
    }
}

fn waived(finding: &FindingReport) -> String {
    match &finding.waived {
        Some(waived) => match waived.until {
            Some(until) => format!("waived until {until}: {}", waived.reason),
            None => format!("waived: {}", waived.reason),
        },
        None => "waived".to_owned(),
    }
}

/// Where a case was: `mp.contoso.com internet 203.0.113.10:443`; of what was not dialled, its id.
fn at(subject: &Subject<'_>) -> String {
    let Some(name) = subject.name else { return subject.id.to_owned() };
    let mut parts = vec![name.to_owned()];
    parts.extend(subject.vantage.map(str::to_owned));
    parts.extend(subject.address.map(|address| address.to_string()));
    parts.join(" ")
}

/// Jenkins makes packages of dots, so no part of a class holds one.
fn class(view: &View<'_>, subject: &Subject<'_>) -> String {
    let part = |text: &str| Foreign::value(text).for_xml().replace('.', "_");
    let system = subject.system.map_or_else(|| if subject.file.is_some() { "files" } else { "site" }.to_owned(), part);
    let kind = subject.file.map(|file| part(&file.kind));
    let last = subject.role.map(|role| role.name().to_owned()).or(kind).map(|last| format!(".{last}"));
    format!("cmprobe.{}.{system}{}", part(view.site()), last.unwrap_or_default())
}

/// Both sides, what to do, and the sentence it rests on, a line each.
fn sides(finding: &FindingReport) -> String {
    let line = |label: &str, words: &Foreign<'_>| (!words.is_empty()).then(|| format!("{label}: {}", words.for_xml()));
    let remedy = finding.remedy.as_deref().unwrap_or_default();
    let source = format!("{}, {}", finding.citation.document, finding.citation.place);
    let lines = [
        line("message", &Foreign::message(&finding.message)).filter(|_| finding.expected.is_empty()),
        line("expected", &Foreign::joined(&finding.expected, "; ")),
        line("observed", &Foreign::joined(&finding.observed, "; ")),
        line("remedy", &Foreign::message(remedy)),
        line("source", &Foreign::message(&source)),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
