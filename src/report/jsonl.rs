//! A line of JSON for each endpoint as it finishes, then a summary. Nothing is kept between lines, and a run cut short
//! leaves valid lines.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::CertificateReport;
use super::change::Difference;
use super::circumstances::Circumstances;
use super::diagnosis::DiagnosisReport;
use super::document::RunReport;
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::finding::FindingReport;
use super::json;
use super::list::ListReport;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Line {
    /// A certificate; stands before the first endpoint or file that shows it.
    Certificate(Arc<CertificateReport>),
    /// An endpoint and its findings. Where a name led to no address, the findings about the name are here.
    Endpoint(Box<EndpointLine>),
    /// A certificate file and its findings.
    File(Box<FileLine>),
    /// Findings about something that is no single endpoint: a name with all its endpoints (after them), a lookup, a file,
    /// the site. There is no such line where there is no such finding to list.
    Findings(FindingsLine),
    /// A revocation list that was asked for; after all endpoints.
    List(Box<ListReport>),
    /// What is wrong, with the count of its places and the first of them; after all endpoints, heaviest first.
    Diagnosis(Box<DiagnosisReport>),
    /// What changed since the report the run was compared with (`--baseline`); comes before the last line.
    Difference(Box<Difference>),
    /// The last line: what the run adds up to. Without it, the run was cut short.
    Summary(Box<SummaryLine>),
}

/// The run, and on what grounds it looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SummaryLine {
    /// The run and what it adds up to.
    #[serde(flatten)]
    pub run: RunReport,
    /// From where and on what grounds it looked.
    #[serde(flatten)]
    pub circumstances: Circumstances,
}

/// An endpoint and its findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointLine {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: EndpointReport,
    /// The findings about it; those of a diagnosis of this line leave its cause, culprit and remedy to it.
    pub findings: Vec<FindingReport>,
    /// What is wrong with this endpoint alone; what shows in more than one place has lines of its own, at the end.
    #[serde(default)]
    pub diagnoses: Vec<DiagnosisReport>,
}

/// A certificate file and its findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileLine {
    /// The file.
    #[serde(flatten)]
    pub file: FileReport,
    /// The findings about it.
    pub findings: Vec<FindingReport>,
}

/// Findings about something that is no single endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingsLine {
    /// What they are about.
    pub id: String,
    /// The findings.
    pub findings: Vec<FindingReport>,
}

/// Writes a line, with its end.
///
/// # Errors
/// None that a line of this crate can bring about; a floating-point number that is no number would be one.
pub fn render(line: &Line) -> serde_json::Result<String> {
    json::line(line)
}
