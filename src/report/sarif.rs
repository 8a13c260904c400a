//! SARIF 2.1.0, as GitHub's code scanning reads it: results stand at the line of the definition that describes the system.
//! Without a definition there is no line to stand at, and GitHub shows nothing.

use std::collections::{BTreeSet, HashMap};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::catalogue;
use super::circumstances::{Listed, PositionReport, Span, TableKind, TableReport};
use super::document::Report;
use super::finding::FindingReport;
use super::foreign::Foreign;
use super::json;
use super::view::{Standing, Subject, View};
use crate::requirement::catalogue::catalogue as requirements;
use crate::rule::Requirement;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::verdict::severity::Severity;

/// The longest short or full description, in characters.
const DESCRIPTION: usize = 1_000;
/// The most results GitHub takes.
const MOST_RESULTS: usize = 25_000;

/// Writes the log.
///
/// # Errors
/// None that a document of this crate can bring about.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    let profile = report.run.site.profile;
    let asked: Vec<&Requirement> = requirements()
        .iter()
        .copied()
        .filter(|requirement| requirement.scope.excludes_profile(profile).is_none())
        .collect();
    let mut indices: HashMap<&str, usize> = asked.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let mut rules: Vec<Value> = asked.iter().map(|requirement| rule(requirement, &view)).collect();
    // A report read back may name what this release does not know.
    for finding in &report.findings {
        let id = finding.requirement.as_ref();
        indices.entry(id).or_insert_with(|| {
            rules.push(unknown_rule(finding));
            rules.len() - 1
        });
    }
    let place = Place::of(&view);
    let mut invocation = json!({
        "executionSuccessful": true,
        "exitCode": report.run.summary.exit_code,
        "startTimeUtc": report.run.started_at.to_string(),
        "endTimeUtc": report.run.finished_at.to_string(),
        "toolExecutionNotifications": notifications(&view),
    });
    if let (Some(folder), Some(invocation)) = (&place.folder, invocation.as_object_mut()) {
        invocation.insert("workingDirectory".into(), json!({ "uri": folder }));
    }
    let category = format!("cmprobe/{}/", Foreign::value(view.site()).for_json().replace('/', "_"));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cmprobe",
                "semanticVersion": report.run.tool.version,
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": category },
            "invocations": [invocation],
            "results": results(&view, &indices, &place),
        }],
    });
    json::line(&log)
}

/// A requirement, as a rule.
fn rule(requirement: &Requirement, view: &View<'_>) -> Value {
    let page = catalogue::page(requirement, false);
    let severity = requirement.severity.under(view.report.run.site.profile);
    let subject = requirement.id.split('/').next().unwrap_or_default();
    let told = catalogue::RequirementReport::from(requirement);
    json!({
        "id": requirement.id,
        "name": pascal(requirement.id),
        "shortDescription": { "text": shortened(requirement.title) },
        "fullDescription": { "text": shortened(&told.explanation) },
        "defaultConfiguration": { "level": level(severity) },
        "help": { "text": page, "markdown": markdown(&told, view.report.run.site.profile) },
        "properties": {
            "tags": [subject, "PKI"],
            "precision": "very-high",
            "problem.severity": problem_severity(severity),
        },
    })
}

fn unknown_rule(finding: &FindingReport) -> Value {
    let title = Foreign::message(&finding.title);
    let text = shortened(title.for_json());
    json!({
        "id": Foreign::value(&finding.requirement).for_json(),
        "shortDescription": { "text": text },
        "fullDescription": { "text": text },
        "help": { "text": text },
    })
}

/// A requirement's page, for readers that show Markdown.
fn markdown(told: &catalogue::RequirementReport, profile: Profile) -> String {
    let citation = match profile {
        Profile::NativeMode2007 => &told.citation,
        Profile::CurrentBranch => &told.current_branch_citation,
    };
    format!(
        "{}\n\n{}\n\n**Remedy**: {}\n\n**Source**: {}, {}",
        told.title, told.explanation, told.remedy, citation.document, citation.place
    )
}

/// At most as many characters as GitHub takes; never none.
fn shortened(text: &str) -> String {
    let text = if text.trim().is_empty() { "-" } else { text };
    if text.chars().count() <= DESCRIPTION {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(DESCRIPTION - 1).collect();
    short.push('\u{2026}');
    short
}

/// `web-server/internet-name` as `WebServerInternetName`.
fn pascal(id: &str) -> String {
    let words = id.split(['/', '-', '.']);
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    words.map(upper).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "recommendation",
    }
}

/// What is not decided and must hold, as notifications: a result would be an alert.
fn notifications(view: &View<'_>) -> Vec<Value> {
    let undecided = view.report.findings.iter().filter(|finding| view.standing(finding) == Standing::Undecided);
    let told = |finding: &FindingReport| {
        let place = Foreign::value(&finding.endpoint);
        let why = Foreign::message(&finding.message);
        json!({
            "level": "warning",
            "descriptor": { "id": finding.requirement },
            "message": { "text": format!("Not decided at {}: {}", place.for_json(), why.for_json()) },
        })
    };
    undecided.take(MOST_RESULTS).map(told).collect()
}

/// Where results stand.
struct Place<'a> {
    /// The definition or the list, relative to the folder.
    uri: Option<String>,
    /// The folder, where the definition was given by an absolute path.
    folder: Option<String>,
    tables: Vec<&'a TableReport>,
    listed: Option<&'a Listed>,
}

impl<'a> Place<'a> {
    fn of(view: &View<'a>) -> Self {
        let circumstances = &view.report.circumstances;
        let listed = circumstances.listed.as_ref();
        let path = circumstances.definition.as_ref().map(|definition| &definition.path);
        let path = path.or(listed.map(|listed| &listed.path)).map(|path| path.replace('\\', "/"));
        let tables = view.tables().collect();
        let Some(path) = path else { return Self { uri: None, folder: None, tables, listed } };
        let has_drive = path.get(1..3) == Some(":/");
        let (folder, uri) = match path.rsplit_once('/') {
            Some((folder, name)) if path.starts_with('/') || has_drive => {
                let root = if has_drive { "file:///" } else { "file://" };
                (Some(format!("{root}{}/", encoded(folder))), encoded(name))
            }
            _ => (None, encoded(path.trim_start_matches("./"))),
        };
        Self { uri: Some(uri), folder, tables, listed }
    }

    /// Where a subject is described: the table's heading, or the line of the list.
    fn span(&self, finding: &FindingReport, subject: &Subject<'_>) -> Option<Span> {
        let heading = |table: &TableReport| {
            let at = table.defined_at;
            Span { at, end: at.column + table.kind.heading().len() }
        };
        let line = || {
            let endpoint = subject.dialled?;
            self.listed?.line(endpoint.role, &endpoint.name, endpoint.port)
        };
        self.table(finding, subject).map(heading).or_else(line)
    }

    /// The table a subject is described by; the site's where there is none of its own.
    fn table(&self, finding: &FindingReport, subject: &Subject<'_>) -> Option<&'a TableReport> {
        let named = |kinds: &[TableKind], name: &str| {
            self.tables
                .iter()
                .copied()
                .find(|table| kinds.contains(&table.kind) && table.name.eq_ignore_ascii_case(name))
        };
        let waiver = || {
            let waivers = self.tables.iter().copied().filter(|table| table.kind == TableKind::Waiver);
            let is_of = |table: &&TableReport| {
                let system = table.leads_to.first().map_or("every system", String::as_str);
                finding.endpoint == format!("waiver/{system}/{}", table.name)
            };
            waivers.into_iter().find(is_of)
        };
        let of_file = |id: &str| {
            let clients = self.tables.iter().copied().filter(|table| table.kind == TableKind::Client);
            clients.into_iter().find(|table| table.leads_to.iter().any(|file| file == id))
        };
        match (subject.system, subject.file) {
            (Some(system), _) => named(&[TableKind::System, TableKind::Cluster, TableKind::Proxy], system),
            (None, Some(file)) => of_file(&file.id),
            (None, None) => waiver(),
        }
        .or_else(|| self.tables.iter().copied().find(|table| table.kind == TableKind::Site))
    }

    fn location(&self, finding: &FindingReport, subject: &Subject<'_>) -> Value {
        let kind = if subject.file.is_some() { "member" } else { "resource" };
        let logical = json!([{ "fullyQualifiedName": Foreign::value(subject.id).for_json(), "kind": kind }]);
        match (&self.uri, self.span(finding, subject)) {
            (Some(uri), Some(Span { at: PositionReport { line, column }, end })) => json!({
                "physicalLocation": {
                    "artifactLocation": { "uri": uri },
                    "region": { "startLine": line, "startColumn": column, "endLine": line, "endColumn": end },
                },
                "logicalLocations": logical,
            }),
            (Some(_) | None, _) => json!({ "logicalLocations": logical }),
        }
    }
}

/// A path, as a URI reference has it.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b':' if uri.len() == 1 => uri.push(':'),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

/// What makes results one: everything but the address.
type Key<'a> = (&'a str, &'a str, Option<Role>, &'a str, &'a str, &'a str);

/// A result, and the addresses it shows at.
struct Found<'a> {
    finding: &'a FindingReport,
    subject: Subject<'a>,
    addresses: BTreeSet<String>,
}

/// A result for each requirement, system, role, name and vantage.
fn results(view: &View<'_>, indices: &HashMap<&str, usize>, place: &Place<'_>) -> Vec<Value> {
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut known: HashMap<Key<'_>, usize> = HashMap::new();
    for finding in &view.report.findings {
        if !matches!(view.standing(finding), Standing::Fails | Standing::FailsBelow) {
            continue;
        }
        let subject = view.subject(&finding.endpoint);
        let other = if subject.name.is_some() { "" } else { subject.id };
        let (name, vantage) = (subject.name.unwrap_or_default(), subject.vantage.unwrap_or_default());
        let key: Key<'_> = (&finding.requirement, subject.whose(), subject.role, name, vantage, other);
        let at = *known.entry(key).or_insert_with(|| {
            found.push(Found { finding, subject, addresses: BTreeSet::new() });
            found.len() - 1
        });
        if let Some(found) = found.get_mut(at) {
            found.addresses.extend(subject.address.map(|address| address.to_string()));
        }
    }
    // Errors first, so that what GitHub cuts off weighs least.
    found.sort_by_key(|found| std::cmp::Reverse(found.finding.severity));
    let changes = Changes::of(view);
    found.iter().take(MOST_RESULTS).map(|found| result(view, found, indices, place, changes.as_ref())).collect()
}

fn result(
    view: &View<'_>,
    found: &Found<'_>,
    indices: &HashMap<&str, usize>,
    place: &Place<'_>,
    changes: Option<&Changes<'_>>,
) -> Value {
    let (finding, subject) = (found.finding, &found.subject);
    let print = fingerprint(finding, subject);
    let mut result = json!({
        "ruleId": finding.requirement,
        "ruleIndex": indices.get(finding.requirement.as_ref()),
        "level": level(finding.severity),
        "message": { "text": message(view, found) },
        "locations": [place.location(finding, subject)],
        "partialFingerprints": { "primaryLocationLineHash": format!("{print}:1"), "cmprobe/v1": print },
    });
    if let (Some(changes), Some(result)) = (changes, result.as_object_mut()) {
        result.insert("baselineState".into(), changes.state(finding, subject).into());
    }
    result
}

/// `MP01: mp.contoso.com is not on the certificate. Expected …, observed …`
fn message(view: &View<'_>, found: &Found<'_>) -> String {
    let finding = found.finding;
    let told = Foreign::message(&finding.message);
    let whose = Foreign::value(found.subject.whose());
    let mut text = format!("{}: {}.", whose.for_json(), told.for_json().trim_end_matches('.'));
    let (expected, observed) = (Foreign::joined(&finding.expected, "; "), Foreign::joined(&finding.observed, "; "));
    match (expected.is_empty(), observed.is_empty()) {
        (false, false) => text += &format!(" Expected {}, observed {}.", expected.for_json(), observed.for_json()),
        (false, true) => text += &format!(" Expected {}.", expected.for_json()),
        (true, false) => text += &format!(" Observed {}.", observed.for_json()),
        (true, true) => {}
    }
    if found.addresses.len() > 1 {
        let addresses: Vec<&str> = found.addresses.iter().map(String::as_str).collect();
        text += &format!(" At {}.", addresses.join(", "));
    }
    let diagnosis = view.diagnosis(finding);
    if let Some(leader) = diagnosis.and_then(|diagnosis| view.leader(diagnosis)) {
        text +=
            &format!(" It follows from this, which is to be put right: {}", Foreign::message(&leader.title).for_json());
    } else if let Some(diagnosis) = diagnosis.filter(|diagnosis| diagnosis.consequences.count() > 0) {
        text += &format!(" {} more follow from it.", diagnosis.consequences.count());
    }
    text
}

/// The first 16 hexadecimal digits of SHA-256 over requirement, system, role, name and vantage, joined by NUL.
fn fingerprint(finding: &FindingReport, subject: &Subject<'_>) -> String {
    let parts = [
        finding.requirement.as_ref(),
        subject.whose(),
        subject.role.map_or("", Role::name),
        subject.name.unwrap_or_default(),
        subject.vantage.unwrap_or_default(),
    ];
    let mut print = HEXLOWER.encode(&Sha256::digest(parts.join("\0")));
    print.truncate(16);
    print
}

/// What changed since the baseline.
struct Changes<'a> {
    new: BTreeSet<(&'a str, &'a str)>,
    updated: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Changes<'a> {
    fn of(view: &View<'a>) -> Option<Self> {
        let difference = view.report.difference.as_ref()?;
        let keys = |changes: &'a [super::change::FindingChange]| {
            changes.iter().map(|change| (change.requirement.as_str(), change.about.as_str())).collect()
        };
        Some(Self { new: keys(&difference.new_findings), updated: keys(&difference.changed_findings) })
    }

    fn state(&self, finding: &FindingReport, subject: &Subject<'_>) -> &'static str {
        let about = subject.endpoint.map_or(subject.id, |endpoint| endpoint.target());
        let key = (finding.requirement.as_ref(), about);
        if self.new.contains(&key) {
            "new"
        } else if self.updated.contains(&key) {
            "updated"
        } else {
            "unchanged"
        }
    }
}
