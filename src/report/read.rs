//! Reports read back: the document, or its lines put together again. What is no report is told as what it is.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;

use super::change::Difference;
use super::document::{Parts, Report, RunReport, SCHEMA_VERSION};
use super::jsonl::Line;
use crate::wire::json;
use crate::wire::text::{self, TextError};

/// Why text is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is no text.
    NoText(TextError),
    /// It is something else; what it looks like, in words.
    NoReport(&'static str),
    /// It is a report of a version this program does not read.
    Version(String),
    /// A line of `jsonl`, from 1, is no line of a report; why.
    Line(usize, String),
    /// The lines end without a summary.
    CutShort,
    /// It is JSON, but not a report's; why.
    Content(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RIGHT: &str = "this must be what `check --format json` wrote";
        match self {
            Self::NoText(why) => write!(f, "is no report: {why}"),
            Self::NoReport(what) => write!(f, "is no report: {what}; {RIGHT}"),
            Self::Version(version) => {
                write!(f, "is a report of version {version}; this program reads version {SCHEMA_VERSION}")
            }
            Self::Line(line, why) => write!(f, "line {line} is no line of a report: {why}; {RIGHT}"),
            Self::CutShort => write!(f, "has no summary: the run that wrote it was cut short; {RIGHT}, to its end"),
            Self::Content(why) => write!(f, "is no report: {why}; {RIGHT}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// The fields by which a document is told apart before it is read.
#[derive(Deserialize)]
struct Kind {
    schema_version: Option<String>,
    endpoints: Option<serde::de::IgnoredAny>,
    findings: Option<serde::de::IgnoredAny>,
}

/// A line, as far as it is told apart.
#[derive(Deserialize)]
struct LineKind {
    #[serde(rename = "type")]
    kind: Option<String>,
    run: Option<serde::de::IgnoredAny>,
    schema_version: Option<String>,
}

impl Report {
    /// Reads what `json` wrote, or puts the lines of `jsonl` together.
    ///
    /// # Errors
    /// What it is instead, or where it is not what it should be.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.starts_with(b"\x1f\x8b") {
            return Err(ReadError::NoReport("it is compressed (gzip)"));
        }
        let text = text::decode(bytes).map_err(ReadError::NoText)?;
        let text = text.as_bytes();
        if text.trim_ascii().is_empty() {
            return Err(ReadError::NoReport("there is nothing in it"));
        }
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if Lines::begin_so(first) {
            return lines(text);
        }
        if serde_json::from_slice::<LineKind>(first).is_ok_and(|line| line.run.is_some()) {
            return Err(ReadError::NoReport("these are observations, which `assess` judges"));
        }
        let kind: Kind = serde_json::from_slice(text).map_err(|error| not_json(text, &error))?;
        check_version(kind.schema_version.as_deref())?;
        if kind.endpoints.is_none() || kind.findings.is_none() {
            return Err(ReadError::NoReport("it has no endpoints and findings"));
        }
        serde_json::from_slice(text).map_err(|error| ReadError::Content(json::words(&error)))
    }
}

/// Reads lines; the summary makes them whole.
fn lines(text: &[u8]) -> Result<Report, ReadError> {
    let mut read = Lines::default();
    text.split(|byte| *byte == b'\n').try_for_each(|line| read.push(line))?;
    read.end()
}

/// A report put together of its lines, one after the other: of what was read nothing but the report is kept.
#[derive(Debug, Default)]
pub struct Lines {
    parts: Parts,
    difference: Option<Difference>,
    run: Option<RunReport>,
    /// Where the diagnoses stand that lines of endpoints told.
    told: HashMap<String, usize>,
    /// How many lines there were.
    count: usize,
}

impl Lines {
    /// Whether a text with such a first line is in lines.
    pub fn begin_so(first: &[u8]) -> bool {
        serde_json::from_slice::<LineKind>(first).is_ok_and(|line| line.kind.is_some())
    }

    /// Takes in the next line.
    ///
    /// # Errors
    /// It is no line of a report, or one of another version.
    pub fn push(&mut self, line: &[u8]) -> Result<(), ReadError> {
        self.count += 1;
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let read = serde_json::from_slice(line).or_else(|error| {
            // A summary of another version need not have the fields of this one.
            let kind = serde_json::from_slice::<LineKind>(line).ok();
            check_version_if(kind.and_then(|kind| kind.schema_version).as_deref())?;
            let words = || ReadError::Line(self.count, json::words(&error));
            if error.is_eof() { Err(ReadError::CutShort) } else { Err(words()) }
        })?;
        let parts = &mut self.parts;
        match read {
            Line::Certificate(certificate) => parts.certificates.push(certificate),
            Line::Endpoint(line) => {
                let (endpoint, findings, diagnoses) = line.whole();
                parts.endpoints.push(endpoint);
                parts.findings.extend(findings);
                for diagnosis in diagnoses {
                    match self.told.get(&diagnosis.id).and_then(|at| parts.diagnoses.get_mut(*at)) {
                        Some(known) => known.merge(diagnosis),
                        None => {
                            self.told.insert(diagnosis.id.clone(), parts.diagnoses.len());
                            parts.diagnoses.push(diagnosis);
                        }
                    }
                }
            }
            Line::File(line) => {
                let (file, findings) = line.whole();
                parts.files.push(file);
                parts.findings.extend(findings);
            }
            Line::Findings(line) => parts.findings.extend(line.whole()),
            Line::List(list) => parts.lists.push(*list),
            Line::Diagnosis(diagnosis) => parts.diagnoses.push(diagnosis.whole()),
            Line::Difference(found) => self.difference = Some(*found),
            Line::Summary(summary) => {
                check_version(Some(&summary.run.schema_version))?;
                self.run = Some(summary.run);
                parts.circumstances = summary.circumstances;
            }
        }
        Ok(())
    }

    /// The report, once its last line was taken in.
    ///
    /// # Errors
    /// There was no summary: the run that wrote them was cut short.
    pub fn end(self) -> Result<Report, ReadError> {
        let run = self.run.ok_or(ReadError::CutShort)?;
        Ok(Report { difference: self.difference, ..Report::of(run, self.parts) })
    }
}

fn check_version_if(version: Option<&str>) -> Result<(), ReadError> {
    version.map_or(Ok(()), |version| check_version(Some(version)))
}

/// The first number must be ours.
fn check_version(version: Option<&str>) -> Result<(), ReadError> {
    let Some(version) = version else { return Err(ReadError::NoReport("it has no schema_version")) };
    if version.split('.').next() == SCHEMA_VERSION.split('.').next() {
        Ok(())
    } else {
        Err(ReadError::Version(version.chars().take(20).collect()))
    }
}

/// What text is that is no JSON.
fn not_json(text: &[u8], error: &serde_json::Error) -> ReadError {
    match text.trim_ascii_start().first() {
        Some(b'{') if error.is_eof() => ReadError::NoReport("it was cut off"),
        Some(b'{') => ReadError::Content(json::words(error)),
        Some(b'<') => ReadError::NoReport("it looks like HTML or XML"),
        _ => ReadError::NoReport("it is not JSON"),
    }
}

#[cfg(test)]
mod tests {
    use super::ReadError;
    use crate::report::document::Report;

    fn why(text: &str) -> String {
        Report::read(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_no_report_is_told_as_what_it_is() {
        for (text, words) in [
            ("", "there is nothing in it"),
            ("<html>", "HTML"),
            ("MP01 failed", "it is not JSON"),
            ("{\"schema_version\": \"1.0\"", "cut off"),
            ("{}", "no schema_version"),
            ("[1]", "not JSON"),
            ("{\"schema_version\": \"1.0\"}", "no endpoints and findings"),
            ("{\"schema_version\": \"2.0\", \"endpoints\": [], \"findings\": []}", "version 2.0; this program reads"),
            ("{\"schema_version\": \"1.0\", \"endpoints\": [], \"findings\": []}", "has no reach"),
            ("{\"run\": {}}\n", "observations"),
            ("{\"type\": \"findings\", \"id\": \"MP01\", \"findings\": []}\n", "cut short"),
            ("{\"type\": \"findings\", \"id\": \"MP01\", \"findings\": []}\n{\"type\": \"sum", "cut short"),
            ("{\"type\": \"findings\"}\n", "line 1"),
            ("{\"type\": \"summary\", \"schema_version\": \"3.1\"}\n", "version 3.1"),
        ] {
            assert!(why(text).contains(words), "{text}: {}", why(text));
        }
    }

    #[test]
    fn later_minor_versions_are_read() {
        let text = "{\"schema_version\": \"1.7\", \"endpoints\": [], \"findings\": []}";
        assert!(!matches!(Report::read(text.as_bytes()), Err(ReadError::Version(_))));
    }
}
