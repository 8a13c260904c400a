//! The reports of a run: lines that go out as endpoints finish, documents that are written at its end. Only documents
//! keep anything.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ColorChoice;
use cmprobe::certificate::Certificate;
use cmprobe::report::certificate::CertificateReport;
use cmprobe::report::circumstances::{AuthorityReport, Circumstances, DeclaredAs};
use cmprobe::report::difference::Difference;
use cmprobe::report::document::{Parts, Report, RunReport};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::file::FileReport;
use cmprobe::report::finding::FindingReport;
use cmprobe::report::jsonl::{EndpointLine, FileLine, FindingsLine, Line, SummaryLine};
use cmprobe::report::list::ListReport;
use cmprobe::report::text::TextOptions;
use cmprobe::report::{Format, json, jsonl, text};
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::store::TrustStore;

use crate::exit::{Error, Outcome};
use crate::output::Sink;

/// A report that was asked for: its format, and where it goes; `None`: standard output.
pub(crate) type Wanted = (Format, Option<PathBuf>);

/// Where something belongs in a document: the plan's order, targets before lookups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The plan's n-th target.
    Target(usize),
    /// The plan's n-th lookup.
    Lookup(usize),
    /// The n-th certificate file.
    File(usize),
    /// The site as a whole, from every vantage.
    Site,
    /// The definition's waivers.
    Waivers,
}

/// What has been judged: an endpoint with its findings, or findings about something else.
#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) endpoint: Option<EndpointReport>,
    pub(crate) file: Option<FileReport>,
    pub(crate) findings: Vec<FindingReport>,
}

/// Certificates, each once, in the order in which they were met.
#[derive(Default)]
struct Certificates {
    /// The beginnings of their fingerprints.
    told: HashSet<u128>,
    /// The certificates, where a document will need them.
    kept: Vec<Arc<CertificateReport>>,
}

impl Certificates {
    /// Those that were not told before.
    fn new_ones(&mut self, met: Vec<Arc<CertificateReport>>) -> Vec<Arc<CertificateReport>> {
        let beginning = |one: &CertificateReport| {
            one.fingerprint_sha256.get(..32).and_then(|digits| u128::from_str_radix(digits, 16).ok())
        };
        met.into_iter().filter(|one| beginning(one).is_none_or(|print| self.told.insert(print))).collect()
    }
}

/// The reports of a run, under way.
pub(crate) struct Reports {
    lines: Vec<Sink>,
    documents: Vec<(Format, Sink)>,
    kept: Vec<(Place, Judged)>,
    certificates: Certificates,
    circumstances: Circumstances,
    /// The certificates of the authorities that were declared.
    declared: Vec<Arc<CertificateReport>>,
    /// The revocation lists met, filled while the run goes on.
    lists: Option<Arc<CrlStore>>,
    /// What the run is compared with.
    baseline: Option<Report>,
    color: ColorChoice,
    verbose: bool,
}

impl Reports {
    /// Opens every place that is written to.
    ///
    /// # Errors
    /// All the files that cannot be written.
    pub(crate) fn open(wanted: &[Wanted], color: ColorChoice, verbose: bool) -> Result<Self, Error> {
        let mut reports = Self {
            lines: Vec::new(),
            documents: Vec::new(),
            kept: Vec::new(),
            certificates: Certificates::default(),
            circumstances: Circumstances::default(),
            declared: Vec::new(),
            lists: None,
            baseline: None,
            color,
            verbose,
        };
        let mut faults = Vec::new();
        for (format, path) in wanted {
            let sink = match path.as_deref().map(Sink::file).transpose() {
                Ok(sink) => sink.unwrap_or_else(Sink::standard),
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            match format {
                Format::Jsonl => reports.lines.push(sink),
                Format::Text | Format::Json => reports.documents.push((*format, sink)),
            }
        }
        Error::all(faults)?;
        Ok(reports)
    }

    /// Compares the run with an earlier one's report.
    pub(crate) fn compared_with(self, baseline: Option<Report>) -> Self {
        Self { baseline, ..self }
    }

    /// Tells from where and on what grounds the run looks, and what it trusts.
    pub(crate) fn about(mut self, circumstances: Circumstances, trust: &TrustStore) -> Self {
        self.circumstances = circumstances;
        let declared = [
            (DeclaredAs::Root, &trust.roots),
            (DeclaredAs::ClientRoot, &trust.client_roots),
            (DeclaredAs::Intermediate, &trust.intermediates),
        ];
        let told = |certificate: &Arc<Certificate>| Arc::new(CertificateReport::from(certificate.as_ref()));
        for (declared_as, authorities) in declared {
            self.circumstances.authorities.extend(
                authorities.iter().map(|authority| AuthorityReport {
                    fingerprint_sha256: authority.fingerprint_sha256(),
                    declared_as,
                }),
            );
            self.declared.extend(authorities.iter().map(told));
        }
        self
    }

    /// Tells of the revocation lists that will have been met.
    pub(crate) fn with_lists(self, lists: Arc<CrlStore>) -> Self {
        Self { lists: Some(lists), ..self }
    }

    /// Whether lines go to a terminal as they come, so that nothing else should be drawn there.
    pub(crate) fn draws_on_terminal(&self) -> bool {
        self.lines.iter().any(Sink::is_standard) && std::io::stdout().is_terminal()
    }

    /// Takes what has been judged.
    ///
    /// # Errors
    /// A line cannot be written.
    pub(crate) fn take(&mut self, place: Place, about: &str, mut judged: Judged) -> Result<(), Error> {
        let mut met = Vec::new();
        if let Some(endpoint) = &mut judged.endpoint {
            met.append(&mut endpoint.certificates);
        }
        if let Some(file) = &mut judged.file {
            met.append(&mut file.certificates);
        }
        self.certificates(met)?;
        if !self.lines.is_empty() && (judged.endpoint.is_some() || judged.file.is_some() || !judged.findings.is_empty())
        {
            let findings = judged.findings;
            let line = match (judged.endpoint, judged.file) {
                (Some(endpoint), _) => Line::Endpoint(Box::new(EndpointLine { endpoint, findings })),
                (None, Some(file)) => Line::File(Box::new(FileLine { file, findings })),
                (None, None) => Line::Findings(FindingsLine { id: about.to_owned(), findings }),
            };
            self.line(&line)?;
            judged = match line {
                Line::Endpoint(line) => Judged { endpoint: Some(line.endpoint), file: None, findings: line.findings },
                Line::File(line) => Judged { endpoint: None, file: Some(line.file), findings: line.findings },
                Line::Findings(line) => Judged { findings: line.findings, ..Judged::default() },
                Line::Certificate(_) | Line::List(_) | Line::Diagnosis(_) | Line::Difference(_) | Line::Summary(_) => {
                    Judged::default()
                }
            };
        }
        if self.keeps() {
            self.kept.push((place, judged));
        }
        Ok(())
    }

    /// Whether what was judged is needed at the end.
    fn keeps(&self) -> bool {
        !self.documents.is_empty() || self.baseline.is_some()
    }

    /// Takes certificates that were met, each once.
    fn certificates(&mut self, met: Vec<Arc<CertificateReport>>) -> Result<(), Error> {
        for certificate in self.certificates.new_ones(met) {
            if !self.lines.is_empty() {
                self.line(&Line::Certificate(Arc::clone(&certificate)))?;
            }
            if self.keeps() {
                self.certificates.kept.push(certificate);
            }
        }
        Ok(())
    }

    /// Writes a line to everything that takes lines.
    fn line(&mut self, line: &Line) -> Result<(), Error> {
        let written = render_line(line)?;
        self.lines.iter_mut().try_for_each(|sink| sink.write(&written))
    }

    /// Lets readers see the lines so far.
    ///
    /// # Errors
    /// A line cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.lines.iter_mut().try_for_each(|sink| sink.finish(""))
    }

    /// Writes the summary and the documents. Gives how the run ended, with what changed taken into account.
    ///
    /// # Errors
    /// Something cannot be written.
    pub(crate) fn finish(mut self, run: RunReport) -> Result<Outcome, Error> {
        let declared = std::mem::take(&mut self.declared);
        self.certificates(declared)?;
        let lists = self.lists.as_ref().map(|lists| lists.every()).unwrap_or_default();
        let lists = lists.iter().filter_map(|(vantage, url, fetched)| ListReport::of(vantage, url, fetched)).collect();
        let mut parts = Parts {
            circumstances: std::mem::take(&mut self.circumstances),
            certificates: std::mem::take(&mut self.certificates.kept),
            lists,
            ..Parts::default()
        };
        self.kept.sort_by_key(|(place, _)| *place);
        for (_, judged) in std::mem::take(&mut self.kept) {
            parts.endpoints.extend(judged.endpoint);
            parts.files.extend(judged.file);
            parts.findings.extend(judged.findings);
        }
        let mut report = Report::of(run, parts);
        if let Some(baseline) = &self.baseline {
            let difference = Difference::between(baseline, &report);
            if !difference.is_empty() {
                report.run.summary.changed();
            }
            report.difference = Some(difference);
        }
        let outcome = report.run.summary.outcome();
        if !self.lines.is_empty() {
            for list in &report.lists {
                self.line(&Line::List(Box::new(list.clone())))?;
            }
            for diagnosis in &report.diagnoses {
                self.line(&Line::Diagnosis(Box::new(diagnosis.clone().in_a_line())))?;
            }
            if let Some(difference) = &report.difference {
                self.line(&Line::Difference(Box::new(difference.clone())))?;
            }
            let (run, circumstances) = (report.run.clone(), report.circumstances.clone());
            self.line(&Line::Summary(Box::new(SummaryLine { run, circumstances })))?;
            self.flush()?;
        }
        for (format, sink) in &mut self.documents {
            let written = match format {
                Format::Text => {
                    text::render(&report, TextOptions { color: sink.wants_color(self.color), verbose: self.verbose })
                }
                Format::Json | Format::Jsonl => {
                    json::render(&report).map_err(|error| Error::Output(error.to_string()))?
                }
            };
            sink.finish(&written)?;
        }
        Ok(outcome)
    }
}

fn render_line(line: &Line) -> Result<String, Error> {
    jsonl::render(line).map_err(|error| Error::Output(error.to_string()))
}
