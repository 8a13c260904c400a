//! The report as a document: what stands around endpoints and findings. The names are public; changes only add.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::{self, EndReport};
use super::certificate::CertificateReport;
use super::change::Difference;
use super::circumstances::Circumstances;
use super::diagnosis::DiagnosisReport;
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::finding::{FindingReport, VerdictWord};
use super::list::ListReport;
use super::reach::{self, ReachReport};
pub use super::tool::Tool;
use crate::judgement::tally::{FailCounts, Outcome, Tally};
use crate::site::Site;
use crate::site::profile::{self, Profile};
use crate::verdict::severity::Severity;
use crate::wire::timestamp::Timestamp;

/// The version of the document; additive changes keep the first number.
pub const SCHEMA_VERSION: &str = "1.0";

/// What cmprobe found: every endpoint, and the findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The run and what it adds up to.
    #[serde(flatten)]
    pub run: RunReport,
    /// From where and on what grounds it looked.
    #[serde(flatten)]
    pub circumstances: Circumstances,
    /// What is wrong, each cause with each culprit once, heaviest first.
    #[serde(default)]
    pub diagnoses: Vec<DiagnosisReport>,
    /// Who reaches whom: each name from each vantage, in the plan's order.
    pub reach: Vec<ReachReport>,
    /// Everything that ends, soonest first.
    pub calendar: Vec<EndReport>,
    /// Every endpoint, in the plan's order. A name that led to no address is an endpoint without one.
    pub endpoints: Vec<EndpointReport>,
    /// The certificate files that were judged: those `inspect` was given, or those the definition names.
    pub files: Vec<FileReport>,
    /// Every certificate that was met or read, once, by fingerprint in the order in which they were met.
    pub certificates: Vec<Arc<CertificateReport>>,
    /// The revocation lists that were asked for, by vantage and URL.
    pub lists: Vec<ListReport>,
    /// The findings, in the plan's order: failures and what could not be decided; passes too where they were asked for.
    pub findings: Vec<FindingReport>,
    /// What changed since the report it was compared with (`--baseline`); `null`: it was compared with none.
    pub difference: Option<Difference>,
}

/// Certificates by fingerprint.
pub type Certificates<'a> = HashMap<&'a str, &'a CertificateReport>;

/// What a report is put together from; the rest of it follows.
#[derive(Debug, Default)]
pub struct Parts {
    /// From where and on what grounds it looked.
    pub circumstances: Circumstances,
    /// Every endpoint.
    pub endpoints: Vec<EndpointReport>,
    /// Every file.
    pub files: Vec<FileReport>,
    /// Every certificate, once, in whatever order.
    pub certificates: Vec<Arc<CertificateReport>>,
    /// Every list.
    pub lists: Vec<ListReport>,
    /// The findings.
    pub findings: Vec<FindingReport>,
    /// The diagnoses.
    pub diagnoses: Vec<DiagnosisReport>,
}

impl Report {
    /// Puts a report together: who reaches whom, what ends when, and what to do about a failure that a diagnosis explains,
    /// follow from the rest.
    pub fn of(run: RunReport, parts: Parts) -> Self {
        let Parts { circumstances, endpoints, files, mut certificates, lists, mut findings, diagnoses } = parts;
        as_they_are_shown(&mut certificates, &endpoints, &files);
        advise_as_diagnoses_do(&mut findings, &diagnoses);
        let reach = reach::of(&endpoints, circumstances.definition.as_ref());
        let calendar = calendar::of(&calendar::Material {
            judged_at: run.judged_at,
            circumstances: &circumstances,
            endpoints: &endpoints,
            files: &files,
            certificates: &certificates,
            lists: &lists,
        });
        Self {
            run,
            circumstances,
            diagnoses,
            reach,
            calendar,
            endpoints,
            files,
            certificates,
            lists,
            findings,
            difference: None,
        }
    }

    /// Its certificates, by fingerprint.
    pub fn certificates_by_fingerprint(&self) -> Certificates<'_> {
        self.certificates.iter().map(|one| (one.fingerprint_sha256.as_str(), &**one)).collect()
    }
}

/// Puts certificates in the order in which endpoints and files show them, whichever was looked at first; those that nobody
/// shows come last.
fn as_they_are_shown(certificates: &mut [Arc<CertificateReport>], endpoints: &[EndpointReport], files: &[FileReport]) {
    let of_files = files.iter().flat_map(|file| file.certificate.iter().chain(&file.others));
    let of_endpoints = endpoints.iter().flat_map(|endpoint| &endpoint.received_certificate_chain);
    let mut ranks: HashMap<&str, usize> = HashMap::new();
    for shown in of_endpoints.chain(of_files) {
        let next = ranks.len();
        ranks.entry(shown).or_insert(next);
    }
    certificates.sort_by_key(|one| ranks.get(one.fingerprint_sha256.as_str()).copied().unwrap_or(usize::MAX));
}

/// Gives each failure the remedy of its diagnosis, which is known once everything was seen together: what follows from
/// something else is put right there, and its own remedy would send people the wrong way.
fn advise_as_diagnoses_do(findings: &mut [FindingReport], diagnoses: &[DiagnosisReport]) {
    let by_id: HashMap<&str, &DiagnosisReport> = diagnoses.iter().map(|one| (one.id.as_str(), one)).collect();
    for finding in findings.iter_mut().filter(|finding| finding.verdict == VerdictWord::Fail) {
        let of = finding.diagnosis.as_deref().and_then(|id| by_id.get(id));
        if let Some(diagnosis) = of.filter(|one| finding.remedy.as_deref() != Some(one.remedy.as_str())) {
            finding.remedy = Some(diagnosis.remedy.clone().into());
        }
    }
}

/// The run and what it adds up to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunReport {
    /// The version of this format.
    pub schema_version: Cow<'static, str>,
    /// What wrote it.
    pub tool: Tool,
    /// The site.
    pub site: SiteReport,
    /// When the probing began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// As of when it was judged.
    pub judged_at: Timestamp,
    /// What it adds up to.
    pub summary: Summary,
}

/// The site a document is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteReport {
    /// Its site code; `null`: endpoints were given without a definition, or without a code.
    pub code: Option<String>,
    /// What people call it.
    pub name: String,
    /// Which documents it was held against.
    pub profile: Profile,
    /// Who said which.
    pub profile_source: ProfileSource,
    /// The version a management point tells, where the profile is taken from that.
    pub profile_version: Option<String>,
}

/// Who said which documents a site is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileSource {
    /// The definition.
    Declared,
    /// The command line.
    Flag,
    /// A management point, by the version it tells.
    ManagementPoint,
    /// Nobody: it is what is taken where nothing is known.
    Assumed,
}

impl From<&Site> for SiteReport {
    fn from(site: &Site) -> Self {
        let (profile_source, version) = match &site.profile_source {
            profile::ProfileSource::Declared => (ProfileSource::Declared, None),
            profile::ProfileSource::Flag => (ProfileSource::Flag, None),
            profile::ProfileSource::Observed(version) => (ProfileSource::ManagementPoint, Some(version.clone())),
            profile::ProfileSource::Default => (ProfileSource::Assumed, None),
        };
        Self {
            code: site.code.clone(),
            name: site.name.clone(),
            profile: site.profile,
            profile_source,
            profile_version: version,
        }
    }
}

/// What the findings add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Endpoints in the report.
    pub endpoints: usize,
    /// Requirements met.
    pub pass: usize,
    /// Failures nothing excuses.
    pub fail: FailCounts,
    /// Failures a waiver covers.
    pub waived: usize,
    /// What could not be decided.
    pub unknown: usize,
    /// What does not concern its subject.
    pub not_applicable: usize,
    /// Whether everything planned was looked at; `false`: the run was ended early.
    pub complete: bool,
    /// The least severity that makes the run fail.
    pub fail_on: Severity,
    /// The first diagnosis in a sentence; `null`: there is none.
    pub first: Option<String>,
    /// The exit code: 0 nothing failed, 1 something failed, 3 something that must hold could not be decided, 4 something
    /// changed.
    pub exit_code: u8,
}

impl Summary {
    /// Sums a run up.
    pub fn new(endpoints: usize, tally: &Tally, fail_on: Severity, complete: bool) -> Self {
        let outcome = match tally.outcome(fail_on) {
            // What was not looked at is not decided.
            Outcome::Passed if !complete => Outcome::Undecided,
            outcome => outcome,
        };
        Self {
            endpoints,
            pass: tally.pass,
            fail: tally.fail,
            waived: tally.waived,
            unknown: tally.unknown,
            not_applicable: tally.not_applicable,
            complete,
            fail_on,
            first: None,
            exit_code: outcome.exit_code(),
        }
    }

    /// Failures nothing excuses, at or above a severity.
    pub const fn failing(&self, at_least: Severity) -> usize {
        match at_least {
            Severity::Error => self.fail.error,
            Severity::Warning => self.fail.error + self.fail.warning,
            Severity::Notice => self.fail.error + self.fail.warning + self.fail.notice,
        }
    }

    /// Takes note that something changed since the report it was compared with: that is how a run ends in which nothing
    /// failed and which came to its end.
    pub const fn changed(&mut self) {
        if self.complete && !matches!(self.outcome(), Outcome::Failed) {
            self.exit_code = Outcome::Changed.exit_code();
        }
    }

    /// How the run ended.
    pub const fn outcome(&self) -> Outcome {
        match self.exit_code {
            0 => Outcome::Passed,
            3 => Outcome::Undecided,
            4 => Outcome::Changed,
            _ => Outcome::Failed,
        }
    }
}
