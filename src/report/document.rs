//! The report as a document: what stands around endpoints and findings. The names are public; changes only add.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::catalogue::RequirementReport;
use super::cause::{CauseReport, CodeReport, CodesReport};
use super::difference::Difference;
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::finding::FindingReport;
use super::jsonl::Line;
use crate::judgement::tally::{FailCounts, Outcome, Tally};
use crate::site::Site;
use crate::site::profile::Profile;
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
    /// Every endpoint, in the plan's order. A name that led to no address is an endpoint without one.
    pub endpoints: Vec<EndpointReport>,
    /// The certificate files that were judged: those `inspect` was given, or those the definition names.
    #[serde(default)]
    pub files: Vec<FileReport>,
    /// The findings, in the plan's order: failures and what could not be decided; passes too where they were asked for.
    pub findings: Vec<FindingReport>,
    /// What changed since the report it was compared with (`--baseline`); `null`: it was compared with none.
    #[serde(default)]
    pub difference: Option<Difference>,
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

/// The program that wrote a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

impl Tool {
    /// This program.
    pub const THIS: Self =
        Self { name: Cow::Borrowed(env!("CARGO_PKG_NAME")), version: Cow::Borrowed(env!("CARGO_PKG_VERSION")) };
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
}

impl From<&Site> for SiteReport {
    fn from(site: &Site) -> Self {
        Self { code: site.code.clone(), name: site.name.clone(), profile: site.profile }
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

/// The JSON Schema of the document. Beside it stand what the lines of `jsonl` are, as `#/$defs/Line`, what an entry of the
/// catalogue is, as `#/$defs/RequirementReport`, and what `diff` writes, as `#/$defs/Difference`.
pub fn schema() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<Line>();
    generator.subschema_for::<RequirementReport>();
    generator.subschema_for::<CauseReport>();
    generator.subschema_for::<CodeReport>();
    generator.subschema_for::<CodesReport>();
    generator.subschema_for::<Difference>();
    let mut schema = generator.into_root_schema_for::<Report>();
    schema.insert("title".into(), "cmprobe report".into());
    schema.insert(
        "description".into(),
        "A report as `--format json` writes it. Each line of `--format jsonl` is described by #/$defs/Line, each entry of \
         `explain --format json` by #/$defs/RequirementReport (a cause by #/$defs/CauseReport, a code by \
         #/$defs/CodesReport), what `diff --format json` writes by #/$defs/Difference. \
         Changes within version 1 only add properties."
            .into(),
    );
    schema
}
