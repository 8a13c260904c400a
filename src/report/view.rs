//! A report as formats read it: what a finding is about, how much it weighs here, what is told first. Decides nothing a
//! verdict has not decided.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;

use super::certificate::CertificateReport;
use super::circumstances::{TableKind, TableReport};
use super::diagnosis::DiagnosisReport;
use super::document::{Certificates, Report};
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::finding::{FindingReport, VerdictWord};
use crate::judgement::tally::FailCounts;
use crate::site::role::Role;
use crate::verdict::severity::Severity;
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

/// A report, with its parts at hand by id.
pub(super) struct View<'a> {
    pub(super) report: &'a Report,
    endpoints: HashMap<&'a str, &'a EndpointReport>,
    names: HashMap<&'a str, &'a EndpointReport>,
    files: HashMap<&'a str, &'a FileReport>,
    /// Names of systems, clusters and proxies, which ids begin with.
    parties: HashSet<&'a str>,
    diagnoses: HashMap<&'a str, &'a DiagnosisReport>,
    certificates: Certificates<'a>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// The system, cluster or proxy; `None`: a file, the site.
    pub(super) system: Option<&'a str>,
    /// The role.
    pub(super) role: Option<Role>,
    /// The name dialled.
    pub(super) name: Option<&'a str>,
    /// The vantage.
    pub(super) vantage: Option<&'a str>,
    /// The address, where it is about one.
    pub(super) address: Option<SocketAddr>,
    /// An endpoint of its name, where it is one or has some.
    pub(super) dialled: Option<&'a EndpointReport>,
    /// The endpoint, where it is one.
    pub(super) endpoint: Option<&'a EndpointReport>,
    /// The file, where it is one.
    pub(super) file: Option<&'a FileReport>,
}

impl<'a> Subject<'a> {
    /// Where it is, in words: `MP01 (mp.contoso.com, internet)`.
    pub(super) fn words(&self) -> String {
        let of: Vec<&str> = self.name.into_iter().chain(self.vantage).collect();
        match (self.system, of.is_empty()) {
            (Some(system), false) => format!("{system} ({})", of.join(", ")),
            (Some(system), true) => system.to_owned(),
            (None, _) => self.id.to_owned(),
        }
    }

    /// Whose it is: the system, the file, or what it is called.
    pub(super) fn whose(&self) -> &'a str {
        self.system.unwrap_or(self.id)
    }
}

/// How a finding counts in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Fails at or above `--fail-on`.
    Fails,
    /// Fails below `--fail-on`.
    FailsBelow,
    /// Fails, and a waiver covers it.
    Waived,
    /// Follows from a diagnosis told elsewhere.
    Follows,
    /// Not decided, though it must hold.
    Undecided,
    /// Not decided, and need not be.
    UndecidedBelow,
    /// Met.
    Met,
    /// Does not concern its subject.
    NotApplicable,
}

/// How much something weighs, heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    /// The document says must.
    Error,
    /// The document recommends.
    Warning,
    /// Not decided, though it must hold.
    Undecided,
    /// Worth knowing.
    Notice,
}

impl From<Severity> for Weight {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Notice => Self::Notice,
        }
    }
}

/// Something to be told once: a diagnosis, or findings alike that none explains.
#[derive(Clone, Debug)]
pub(super) struct Matter<'a> {
    /// How much it weighs.
    pub(super) weight: Weight,
    /// The requirement it fails, or that is not decided; of a diagnosis the first.
    pub(super) requirement: &'a str,
    /// What is wrong, or why it is not decided, in a sentence.
    pub(super) message: &'a str,
    /// What would be right.
    pub(super) expected: &'a [String],
    /// What was seen.
    pub(super) observed: &'a [String],
    /// Where, each place once.
    pub(super) places: Vec<Subject<'a>>,
    /// At how many places.
    pub(super) count: usize,
    /// At how many systems, where places are left out.
    pub(super) systems: usize,
    /// What follows from it and is not told by itself.
    pub(super) consequences: usize,
}

impl Matter<'_> {
    /// Where it is, in words.
    pub(super) fn place_words(&self) -> String {
        const NAMED: usize = 3;
        match self.places.as_slice() {
            [] => "the site".to_owned(),
            [one] if self.count <= 1 => one.words(),
            several => {
                let systems = systems(several);
                let named = systems.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                let more = if systems.len() > NAMED { " ..." } else { "" };
                format!("{} ({named}{more})", counted(self.count, "place"))
            }
        }
    }

    /// The sentence, with whose it is before it.
    pub(super) fn sentence(&self) -> String {
        match systems(&self.places).as_slice() {
            [] => self.message.to_owned(),
            [one] if begins_with_whose(self.message, one) => self.message.to_owned(),
            [one] => format!("{one}: {}", self.message),
            // Lines that went out as they came leave the names of the first.
            several => format!("{} systems: {}", several.len().max(self.systems), self.message),
        }
    }

    /// Both sides where there are both, else the sentence.
    pub(super) fn sides(&self) -> Sides<'_> {
        if self.expected.is_empty() || self.observed.is_empty() {
            Sides::Message(self.message)
        } else {
            Sides::Both(self.expected, self.observed)
        }
    }
}

/// What can be told of a matter in a line.
pub(super) enum Sides<'a> {
    /// A sentence.
    Message(&'a str),
    /// What would be right, and what was seen.
    Both(&'a [String], &'a [String]),
}

/// Whose places these are, each once, in order.
fn systems<'a>(places: &'a [Subject<'_>]) -> Vec<&'a str> {
    let mut known = HashSet::new();
    places.iter().map(Subject::whose).filter(|whose| known.insert(*whose)).collect()
}

/// A name dialled at a port from a vantage, with its endpoints; in the order of the report.
pub(super) struct NameView<'a> {
    pub(super) system: &'a str,
    pub(super) role: Option<Role>,
    pub(super) name: &'a str,
    pub(super) vantage: &'a str,
    pub(super) port: u16,
    pub(super) endpoints: Vec<&'a EndpointReport>,
}

impl NameView<'_> {
    /// How many addresses it led to.
    pub(super) fn addresses(&self) -> usize {
        self.endpoints.iter().filter(|endpoint| endpoint.address.is_some()).count()
    }

    /// Whether every address completed a handshake, and there is one.
    pub(super) fn is_up(&self) -> bool {
        self.addresses() > 0 && self.endpoints.iter().all(|endpoint| endpoint.is_up())
    }
}

/// Which certificates of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The one presented.
    Leaf,
    /// Those above it.
    Authorities,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let endpoints = || report.endpoints.iter();
        Self {
            report,
            parties: parties(report).map(|table| table.name.as_str()).collect(),
            endpoints: endpoints().map(|endpoint| (endpoint.id.as_str(), endpoint)).collect(),
            names: endpoints().map(|endpoint| (endpoint.target(), endpoint)).collect(),
            files: report.files.iter().map(|file| (file.id.as_str(), file)).collect(),
            diagnoses: report.diagnoses.iter().map(|diagnosis| (diagnosis.id.as_str(), diagnosis)).collect(),
            certificates: report.certificates_by_fingerprint(),
        }
    }

    /// What the site is called in a label: its code; without one, what was looked at.
    pub(super) fn site(&self) -> &'a str {
        match &self.report.run.site.code {
            Some(code) => code,
            None if self.report.endpoints.is_empty() && !self.report.files.is_empty() => "files",
            None => "endpoints",
        }
    }

    /// What an id is about.
    pub(super) fn subject(&self, id: &'a str) -> Subject<'a> {
        let mut subject = Subject {
            id,
            system: None,
            role: None,
            name: None,
            vantage: None,
            address: None,
            dialled: None,
            endpoint: self.endpoints.get(id).copied(),
            file: self.files.get(id).copied(),
        };
        if let Some(of) = subject.endpoint.or_else(|| self.names.get(id).copied()) {
            subject.dialled = Some(of);
            subject.system = Some(&of.system);
            subject.role = of.role;
            subject.name = Some(&of.name);
            subject.vantage = Some(&of.vantage);
            subject.address = subject.endpoint.and_then(EndpointReport::own_address);
        } else if subject.file.is_none() {
            let parts = id.match_indices('/').map(|(at, _)| at).chain([id.len()]);
            subject.system = parts.filter_map(|end| self.parties.get(&id[..end])).next().copied();
            let vantages = self.report.circumstances.vantages.iter().map(|vantage| vantage.name.as_str());
            subject.vantage = vantages.into_iter().find(|name| ends_with_part(id, name));
        }
        subject
    }

    /// The definition's tables.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'a TableReport> + use<'a> {
        tables(self.report)
    }

    /// The names of systems, clusters and proxies: in the definition's order; those it does not have as they come.
    pub(super) fn systems(&self) -> Vec<&'a str> {
        let mut systems: Vec<&str> = parties(self.report).map(|table| table.name.as_str()).collect();
        let mut known: HashSet<&str> = systems.iter().copied().collect();
        for endpoint in &self.report.endpoints {
            if known.insert(&endpoint.system) {
                systems.push(&endpoint.system);
            }
        }
        systems
    }

    /// How a finding counts in this run.
    pub(super) fn standing(&self, finding: &FindingReport) -> Standing {
        match finding.verdict {
            VerdictWord::Pass => Standing::Met,
            VerdictWord::NotApplicable => Standing::NotApplicable,
            VerdictWord::Fail | VerdictWord::Unknown if finding.waived.is_some() => Standing::Waived,
            VerdictWord::Fail if self.follows_from(finding).is_some() => Standing::Follows,
            VerdictWord::Fail if finding.severity >= self.report.run.summary.fail_on => Standing::Fails,
            VerdictWord::Fail => Standing::FailsBelow,
            VerdictWord::Unknown if self.follows_from(finding).is_some() => Standing::Follows,
            VerdictWord::Unknown if finding.severity == Severity::Error => Standing::Undecided,
            VerdictWord::Unknown => Standing::UndecidedBelow,
        }
    }

    /// The diagnosis a finding follows from, where it is none of those that are it.
    pub(super) fn follows_from(&self, finding: &FindingReport) -> Option<&'a DiagnosisReport> {
        let diagnosis = self.diagnosis(finding)?;
        let is_it = finding.verdict == VerdictWord::Fail
            && diagnosis.requirements.iter().any(|requirement| *requirement == finding.requirement);
        (!is_it).then_some(diagnosis)
    }

    /// The diagnosis a finding is part of, or follows from.
    pub(super) fn diagnosis(&self, finding: &FindingReport) -> Option<&'a DiagnosisReport> {
        self.diagnoses.get(finding.diagnosis.as_deref()?).copied()
    }

    /// The diagnosis that another follows from; `None`: it stands by itself.
    pub(super) fn leader(&self, diagnosis: &DiagnosisReport) -> Option<&'a DiagnosisReport> {
        self.diagnoses.get(diagnosis.follows.as_deref()?).copied()
    }

    /// Everything to be told, each once: heaviest first, and as the report has them among equals.
    pub(super) fn matters(&self) -> Vec<Matter<'a>> {
        let mut matters: Vec<Matter<'a>> =
            self.report.diagnoses.iter().filter(|diagnosis| diagnosis.is_told()).map(|one| self.of(one)).collect();
        type Alike<'a> = (Weight, &'a str, &'a str, &'a [String], &'a [String]);
        let mut alike: HashMap<Alike<'a>, usize> = HashMap::new();
        for finding in &self.report.findings {
            let weight = match self.standing(finding) {
                Standing::Fails | Standing::FailsBelow => finding.severity.into(),
                Standing::Undecided => Weight::Undecided,
                Standing::Waived
                | Standing::Follows
                | Standing::UndecidedBelow
                | Standing::Met
                | Standing::NotApplicable => continue,
            };
            if self.diagnosis(finding).is_some() {
                continue;
            }
            let (requirement, message) = (finding.requirement.as_ref(), finding.message.as_ref());
            let (expected, observed) = (finding.expected.as_slice(), finding.observed.as_slice());
            let at = *alike.entry((weight, requirement, message, expected, observed)).or_insert_with(|| {
                matters.push(Matter {
                    weight,
                    requirement,
                    message,
                    expected,
                    observed,
                    places: Vec::new(),
                    count: 0,
                    systems: 0,
                    consequences: 0,
                });
                matters.len() - 1
            });
            if let Some(matter) = matters.get_mut(at) {
                matter.places.push(self.subject(&finding.endpoint));
                matter.count += 1;
            }
        }
        matters.sort_by_key(|matter| matter.weight);
        matters
    }

    fn of(&self, diagnosis: &'a DiagnosisReport) -> Matter<'a> {
        Matter {
            weight: diagnosis.severity.into(),
            requirement: diagnosis.requirements.first().map_or(diagnosis.cause.as_str(), String::as_str),
            message: &diagnosis.title,
            expected: &diagnosis.expected,
            observed: &diagnosis.observed,
            places: diagnosis.places.iter().map(|place| self.subject(place)).collect(),
            count: diagnosis.place_count,
            systems: diagnosis.systems,
            consequences: diagnosis.consequences.count(),
        }
    }

    /// Findings of one verdict by severity; failures without those a waiver covers.
    pub(super) fn counts(&self, of: Counted) -> FailCounts {
        count(self.report.findings.iter(), of)
    }

    /// Each name dialled at a port from a vantage, once.
    pub(super) fn names(&self) -> Vec<NameView<'a>> {
        let mut names: Vec<NameView<'a>> = Vec::new();
        let mut places: BTreeMap<(&str, Option<Role>, &str, &str, u16), usize> = BTreeMap::new();
        for endpoint in &self.report.endpoints {
            let (system, name, vantage) = (&endpoint.system, &endpoint.name, &endpoint.vantage);
            let at = *places.entry((system, endpoint.role, name, vantage, endpoint.port)).or_insert_with(|| {
                names.push(NameView {
                    system,
                    role: endpoint.role,
                    name,
                    vantage,
                    port: endpoint.port,
                    endpoints: Vec::new(),
                });
                names.len() - 1
            });
            if let Some(name) = names.get_mut(at) {
                name.endpoints.push(endpoint);
            }
        }
        names
    }

    /// Endpoints that no handshake completed at.
    pub(super) fn unreached(&self) -> usize {
        self.report.endpoints.iter().filter(|endpoint| !endpoint.is_up()).count()
    }

    /// The certificates an endpoint presented, in its order, as far as they are known.
    pub(super) fn chain(&self, endpoint: &'a EndpointReport) -> impl Iterator<Item = &'a CertificateReport> {
        endpoint.received_certificate_chain.iter().filter_map(|print| self.certificates.get(print.as_str()).copied())
    }

    /// When the first of some endpoints' certificates ends.
    pub(super) fn first_end(
        &self,
        endpoints: impl IntoIterator<Item = &'a EndpointReport>,
        part: Part,
    ) -> Option<Timestamp> {
        let of_part = |endpoint: &'a EndpointReport| {
            let wanted = match part {
                Part::Leaf => 0..1,
                Part::Authorities => 1..usize::MAX,
            };
            self.chain(endpoint)
                .enumerate()
                .filter(move |(at, _)| wanted.contains(at))
                .filter_map(|(_, one)| one.not_after)
        };
        endpoints.into_iter().flat_map(of_part).min()
    }

    /// When the first of the definition's own certificates ends, authorities apart.
    pub(super) fn first_file_end(&self) -> Option<Timestamp> {
        let files = self.report.files.iter().filter(|file| file.kind != "root");
        let certificates = files.filter_map(|file| self.certificates.get(file.certificate.as_deref()?));
        certificates.filter_map(|certificate| certificate.not_after).min()
    }

    /// A certificate.
    pub(super) fn certificate(&self, fingerprint: &str) -> Option<&'a CertificateReport> {
        self.certificates.get(fingerprint).copied()
    }

    /// When the first list met at a vantage lapses; `None` for the vantage: anywhere.
    pub(super) fn first_list_end(&self, vantage: Option<&str>) -> Option<Timestamp> {
        let lists = self.report.lists.iter().filter(|list| vantage.is_none_or(|vantage| list.vantage == vantage));
        lists.filter_map(|list| list.next_update).min()
    }

    /// Whole days until an end, as of when it was judged.
    pub(super) fn days(&self, end: Timestamp) -> i64 {
        self.report.run.judged_at.days_until(end)
    }

    /// Whole hours until an end, as of when it was judged.
    pub(super) fn hours(&self, end: Timestamp) -> i64 {
        (end.unix() - self.report.run.judged_at.unix()).div_euclid(3_600)
    }

    /// How long the run took, in whole seconds; at least none.
    pub(super) fn seconds(&self) -> i64 {
        (self.report.run.finished_at.unix() - self.report.run.started_at.unix()).max(0)
    }

    /// Whether something changed since the report it was compared with.
    pub(super) fn changed(&self) -> bool {
        self.report.difference.as_ref().is_some_and(|difference| !difference.is_empty())
    }

    /// The counts in words: `1 error, 1 warning, 1 not decided`.
    pub(super) fn counts_in_words(&self) -> String {
        let fail = self.report.run.summary.fail;
        let unknown = self.counts(Counted::Unknown).error;
        let mut parts = Vec::new();
        if fail.error > 0 {
            parts.push(counted(fail.error, "error"));
        }
        if fail.warning > 0 {
            parts.push(counted(fail.warning, "warning"));
        }
        if unknown > 0 {
            parts.push(format!("{unknown} not decided"));
        }
        if parts.is_empty() { "no error, no warning".to_owned() } else { parts.join(", ") }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Failures nothing excuses.
    Fail,
    /// What could not be decided.
    Unknown,
    /// Failures and open questions a waiver covers.
    Waived,
}

impl Counted {
    /// The name in labels.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
        }
    }
}

/// Counts findings by severity.
pub(super) fn count<'a>(findings: impl Iterator<Item = &'a FindingReport>, of: Counted) -> FailCounts {
    let mut counts = FailCounts::default();
    for finding in findings {
        let is_open = matches!(finding.verdict, VerdictWord::Fail | VerdictWord::Unknown);
        let counts_here = match of {
            Counted::Fail => finding.fails(),
            Counted::Unknown => finding.verdict == VerdictWord::Unknown && finding.waived.is_none(),
            Counted::Waived => is_open && finding.waived.is_some(),
        };
        if counts_here {
            counts.count(finding.severity, 1);
        }
    }
    counts
}

/// Whether a sentence says whose it is.
fn begins_with_whose(sentence: &str, whose: &str) -> bool {
    sentence.strip_prefix(whose).is_some_and(|rest| rest.starts_with(':'))
}

/// The definition's tables.
fn tables(report: &Report) -> impl Iterator<Item = &TableReport> {
    report.circumstances.definition.iter().flat_map(|definition| &definition.tables)
}

/// Systems, clusters and proxies, in the definition's order.
fn parties(report: &Report) -> impl Iterator<Item = &TableReport> {
    tables(report).filter(|table| matches!(table.kind, TableKind::System | TableKind::Cluster | TableKind::Proxy))
}

/// Whether an id's last part is this name.
fn ends_with_part(id: &str, name: &str) -> bool {
    id.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
}

/// The first thing to be told, in a sentence; `None`: there is none.
pub fn first(report: &Report) -> Option<String> {
    View::new(report).matters().first().map(Matter::sentence)
}
