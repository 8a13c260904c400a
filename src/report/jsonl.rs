//! A line of JSON for each endpoint as it finishes, then a summary. Nothing is kept between lines, and a run cut short
//! leaves valid lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::difference::Difference;
use super::document::RunReport;
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::finding::FindingReport;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Line {
    /// An endpoint and its findings. Where a name led to no address, the findings about the name are here.
    Endpoint(Box<EndpointLine>),
    /// A certificate file and its findings.
    File(Box<FileLine>),
    /// Findings about something that is no single endpoint: a name with all its endpoints (after them), a lookup, a file,
    /// the site. There is no such line where there is no such finding to list.
    Findings(FindingsLine),
    /// What changed since the report the run was compared with (`--baseline`); comes before the last line.
    Difference(Box<Difference>),
    /// The last line: what the run adds up to. Without it, the run was cut short.
    Summary(RunReport),
}

/// An endpoint and its findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointLine {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: EndpointReport,
    /// The findings about it.
    pub findings: Vec<FindingReport>,
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
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    Ok(text)
}
