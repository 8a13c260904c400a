//! A line of JSON for each endpoint as it finishes, then a summary. Nothing is kept between lines, and a run cut short
//! leaves valid lines. Lines of endpoints, of findings and of diagnoses leave out what is `null`, an empty list or a count
//! of none in the document, and what the same line says elsewhere; read back, they are the document.

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
use super::finding::{FindingReport, VerdictWord};
use super::json;
use super::list::ListReport;
use crate::plan::engine::EngineId;

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
    /// The findings about it; those of a diagnosis of this line leave to it what it tells.
    #[serde(default)]
    pub findings: Vec<FindingReport>,
    /// What is wrong with this endpoint alone, which is left out of their places; what shows in more than one place has
    /// lines of its own, at the end. A run keeps 512 for its end; what comes after them stands in the line of every
    /// endpoint that shows it, each time with what that line adds.
    #[serde(default)]
    pub diagnoses: Vec<DiagnosisReport>,
}

impl EndpointLine {
    /// The line of an endpoint: what it tells once is not told again.
    pub fn of(mut endpoint: EndpointReport, findings: Vec<FindingReport>, diagnoses: Vec<DiagnosisReport>) -> Self {
        let findings = findings.into_iter().map(|finding| match own(&finding, &diagnoses) {
            Some(diagnosis) => beside(lean(finding, &endpoint.id), diagnosis),
            None => lean(finding, &endpoint.id),
        });
        let findings: Vec<FindingReport> = findings.collect();
        let diagnoses = diagnoses.into_iter().map(|diagnosis| {
            let mut diagnosis = diagnosis.lean();
            diagnosis.places.retain(|place| *place != endpoint.id);
            if diagnosis.requirements == requirements(&findings, &diagnosis.id) {
                diagnosis.requirements.clear();
            }
            diagnosis
        });
        let diagnoses = diagnoses.collect();
        for probe in &mut endpoint.probes {
            probe.failure = probe.failure.take().filter(|failure| endpoint.failure.as_ref() != Some(failure));
        }
        let session = (endpoint.tls_version.clone(), endpoint.cipher.clone());
        if session.0.is_some() && session.1.is_some() {
            for one in sessions(&mut endpoint).filter(|one| (&*one.0, &*one.1) == (&session.0, &session.1)) {
                (*one.0, *one.1) = (None, None);
            }
        }
        Self { endpoint, findings, diagnoses }
    }

    /// All of it, with what its parts leave to each other.
    pub fn whole(self) -> (EndpointReport, Vec<FindingReport>, Vec<DiagnosisReport>) {
        let Self { mut endpoint, findings, diagnoses } = self;
        let mut diagnoses: Vec<DiagnosisReport> = diagnoses.into_iter().map(DiagnosisReport::whole).collect();
        let findings = findings.into_iter().map(|finding| match own(&finding, &diagnoses) {
            Some(diagnosis) => with(about(finding, &endpoint.id), diagnosis),
            None => about(finding, &endpoint.id),
        });
        let findings: Vec<FindingReport> = findings.collect();
        for diagnosis in diagnoses.iter_mut().filter(|diagnosis| diagnosis.places.len() < diagnosis.place_count) {
            diagnosis.places.insert(0, endpoint.id.clone());
        }
        for diagnosis in diagnoses.iter_mut().filter(|diagnosis| diagnosis.requirements.is_empty()) {
            diagnosis.requirements = requirements(&findings, &diagnosis.id);
        }
        // Of what was stopped nothing but the endpoint's own failure is left out.
        for probe in endpoint.probes.iter_mut().filter(|probe| probe.was_stopped() && probe.failure.is_none()) {
            probe.failure.clone_from(&endpoint.failure);
        }
        let session = (endpoint.tls_version.clone(), endpoint.cipher.clone());
        if session.0.is_some() && session.1.is_some() {
            for one in sessions(&mut endpoint).filter(|one| one.0.is_none() && one.1.is_none()) {
                (*one.0, *one.1) = session.clone();
            }
        }
        (endpoint, findings, diagnoses)
    }
}

/// The requirements that fail in a line because of a diagnosis, each once, in their order.
fn requirements(findings: &[FindingReport], diagnosis: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for finding in findings {
        let is_it = finding.verdict == VerdictWord::Fail && finding.diagnosis.as_deref() == Some(diagnosis);
        if is_it && !all.iter().any(|known| *known == finding.requirement) {
            all.push(finding.requirement.to_string());
        }
    }
    all
}

/// The version and suite of everything that came to its end over TLS: what has none there has the endpoint's.
fn sessions(endpoint: &mut EndpointReport) -> impl Iterator<Item = (&mut Option<String>, &mut Option<String>)> {
    let ended = |status: &str, engines: &[EngineId]| {
        status == EndpointReport::SUCCESS && engines.iter().all(|engine| engine.speaks_tls())
    };
    let handshakes = endpoint.handshakes.iter_mut().filter(move |one| ended(&one.probe_status, &one.engines));
    let probes = endpoint.probes.iter_mut().filter(move |one| ended(&one.probe_status, &one.engines));
    let of_handshakes = handshakes.map(|one| (&mut one.tls_version, &mut one.cipher));
    of_handshakes.chain(probes.map(|one| (&mut one.tls_version, &mut one.cipher)))
}

/// A finding without what its line says of it, and without the remedy that its diagnosis has: what is to be done about a
/// failure can turn out to be something else once everything was seen.
fn lean(mut finding: FindingReport, id: &str) -> FindingReport {
    if finding.endpoint == id {
        finding.endpoint.clear();
    }
    if finding.verdict == VerdictWord::Fail && finding.diagnosis.is_some() {
        finding.remedy = None;
    }
    finding
}

/// A finding with what it is about.
fn about(mut finding: FindingReport, id: &str) -> FindingReport {
    if finding.endpoint.is_empty() {
        id.clone_into(&mut finding.endpoint);
    }
    finding
}

/// The diagnosis of a line that a failing finding of it is part of.
fn own<'a>(finding: &FindingReport, diagnoses: &'a [DiagnosisReport]) -> Option<&'a DiagnosisReport> {
    let id = finding.diagnosis.as_ref().filter(|_| finding.verdict == VerdictWord::Fail)?;
    diagnoses.iter().find(|diagnosis| diagnosis.id == *id)
}

/// A finding without what its diagnosis tells.
fn beside(finding: FindingReport, diagnosis: &DiagnosisReport) -> FindingReport {
    let mut finding = FindingReport { cause_id: None, cause: None, culprit: None, ..finding };
    if diagnosis.findings == 1 {
        // They are this finding's.
        (finding.expected, finding.observed) = (Vec::new(), Vec::new());
    }
    finding
}

/// A finding with what its diagnosis tells.
fn with(finding: FindingReport, diagnosis: &DiagnosisReport) -> FindingReport {
    let mut finding = FindingReport {
        cause_id: Some(diagnosis.cause.clone().into()),
        cause: Some(diagnosis.words.clone()),
        culprit: Some(diagnosis.culprit.clone()),
        remedy: Some(diagnosis.remedy.clone().into()),
        ..finding
    };
    if diagnosis.findings == 1 {
        (finding.expected, finding.observed) = (diagnosis.expected.clone(), diagnosis.observed.clone());
    }
    finding
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

impl FileLine {
    /// The line of a file.
    pub fn of(file: FileReport, findings: Vec<FindingReport>) -> Self {
        let findings = findings.into_iter().map(|finding| lean(finding, &file.id)).collect();
        Self { file, findings }
    }

    /// All of it.
    pub fn whole(self) -> (FileReport, Vec<FindingReport>) {
        let Self { file, findings } = self;
        let findings = findings.into_iter().map(|finding| about(finding, &file.id)).collect();
        (file, findings)
    }
}

/// Findings about something that is no single endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingsLine {
    /// What they are about.
    pub id: String,
    /// The findings.
    #[serde(default)]
    pub findings: Vec<FindingReport>,
}

impl FindingsLine {
    /// The line of findings about something.
    pub fn of(id: &str, findings: Vec<FindingReport>) -> Self {
        Self { id: id.to_owned(), findings: findings.into_iter().map(|finding| lean(finding, id)).collect() }
    }

    /// The findings, each with what it is about.
    pub fn whole(self) -> Vec<FindingReport> {
        let Self { id, findings } = self;
        findings.into_iter().map(|finding| about(finding, &id)).collect()
    }
}

/// Writes a line, with its end.
///
/// # Errors
/// None that a line of this crate can bring about; a floating-point number that is no number would be one.
pub fn render(line: &Line) -> serde_json::Result<String> {
    match line {
        Line::Endpoint(_) | Line::Findings(_) | Line::Diagnosis(_) => json::lean_line(line),
        // Of a certificate, what is absent and what is empty are not the same.
        Line::Certificate(_) | Line::File(_) | Line::List(_) | Line::Difference(_) | Line::Summary(_) => {
            json::line(line)
        }
    }
}
