//! The reports of a run: lines that go out as endpoints finish, documents that are written at its end. Only documents
//! keep anything. A reader who leaves, or a disk that is full, ends no run: the verdict is reached all the same.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use clap::ColorChoice;
use cmprobe::certificate::Certificate;
use cmprobe::judgement::run::Place;
use cmprobe::report::certificate::CertificateReport;
use cmprobe::report::circumstances::{AuthorityReport, Circumstances, DeclaredAs};
use cmprobe::report::diagnosis::DiagnosisReport;
use cmprobe::report::difference::Difference;
use cmprobe::report::document::{Parts, Report, RunReport};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::file::FileReport;
use cmprobe::report::finding::{FindingReport, VerdictWord};
use cmprobe::report::jsonl::{EndpointLine, FileLine, FindingsLine, Line, SummaryLine};
use cmprobe::report::list::ListReport;
use cmprobe::report::nagios::State;
use cmprobe::report::text::TextOptions;
use cmprobe::report::{
    Format, Show, checkmk, csv as spreadsheet, first, flat, html, ics, json, jsonl, junit, nagios, prometheus, prtg,
    sarif, text, zabbix,
};
use cmprobe::requirement::catalogue::catalogue;
use cmprobe::site::fault::Fault;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::store::TrustStore;

use crate::exit::{Error, Outcome, complain};
use crate::output::Sink;
use crate::terminal;

/// A report that was asked for: its format, and where it goes; `None`: standard output.
pub(crate) type Wanted = (Format, Option<PathBuf>);

/// How reports are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Which findings are listed.
    pub(crate) show: Show,
    /// Whether each endpoint's session is told in full (text).
    pub(crate) verbose: bool,
    /// When to colour (text).
    pub(crate) color: ColorChoice,
    /// Whether lines are flat events (jsonl).
    pub(crate) flat: bool,
    /// Whether a byte order mark comes first (csv).
    pub(crate) bom: bool,
    /// Only what ends within so many days (ics).
    pub(crate) within_days: Option<u32>,
}

/// What has been judged: an endpoint with its findings, or findings about something else.
#[derive(Clone, Default)]
pub(crate) struct Judged {
    pub(crate) endpoint: Option<EndpointReport>,
    pub(crate) file: Option<FileReport>,
    pub(crate) findings: Vec<FindingReport>,
    /// What is wrong with this one thing alone, where nothing is kept to the end.
    pub(crate) diagnoses: Vec<DiagnosisReport>,
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
    /// What takes lines; `None`: it takes no more.
    lines: Vec<Option<Sink>>,
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
    manner: Manner,
    /// Whether the run ends as a monitoring system's plug-in does.
    is_plugin: bool,
    /// What could not be written; why.
    unwritten: Vec<String>,
    /// Whoever read standard output has gone.
    closed: bool,
    /// The run was told to stop before its end.
    ended_early: bool,
    /// Whoever wants the report itself.
    taker: Option<Sender<Report>>,
}

impl Reports {
    /// Opens every place that is written to. The first report is the one the exit code belongs to.
    ///
    /// # Errors
    /// All the files that cannot be written.
    pub(crate) fn open(wanted: &[Wanted], manner: Manner) -> Result<Self, Error> {
        let mut reports = Self {
            lines: Vec::new(),
            documents: Vec::new(),
            kept: Vec::new(),
            certificates: Certificates::default(),
            circumstances: Circumstances::default(),
            declared: Vec::new(),
            lists: None,
            baseline: None,
            manner,
            is_plugin: wanted.first().is_some_and(|(format, _)| *format == Format::Nagios),
            unwritten: Vec::new(),
            closed: false,
            ended_early: false,
            taker: None,
        };
        let mut faults = Vec::new();
        for (format, path) in wanted {
            let goes_out_in_lines = *format == Format::Jsonl && !manner.flat;
            let open = |path: &Path| if goes_out_in_lines { Sink::direct(path) } else { Sink::file(path) };
            match path.as_deref().map(open).transpose() {
                Ok(sink) => {
                    let sink = sink.unwrap_or_else(Sink::standard);
                    if goes_out_in_lines {
                        reports.lines.push(Some(sink));
                    } else {
                        reports.documents.push((*format, sink));
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        Error::all(faults)?;
        Ok(reports)
    }

    /// The run was told to stop before its end: a document of it takes no older one's place.
    pub(crate) const fn ended_early(&mut self) {
        self.ended_early = true;
    }

    /// Hands the report itself over, too.
    pub(crate) fn handed_to(self, taker: Option<Sender<Report>>) -> Self {
        Self { taker, ..self }
    }

    /// Compares the run with an earlier one's report.
    pub(crate) fn compared_with(self, baseline: Option<Report>) -> Self {
        Self { baseline, ..self }
    }

    /// Takes in which requirements were asked: where options leave something out, the others are among it.
    pub(crate) fn asked(&mut self, asked: &HashSet<&'static str>) {
        let left = &mut self.circumstances.left_out;
        if !left.options.is_empty() {
            let others = catalogue().iter().map(|requirement| requirement.id).filter(|id| !asked.contains(id));
            left.requirements = others.map(str::to_owned).collect();
        }
    }

    /// Tells from where and on what grounds the run looks, and what it trusts.
    pub(crate) fn about(mut self, circumstances: Circumstances, trust: &TrustStore) -> Self {
        self.circumstances = circumstances;
        let declared = [
            (DeclaredAs::Root, &trust.roots),
            (DeclaredAs::ClientRoot, &trust.client_roots),
            (DeclaredAs::PublicRoot, &trust.public_or_own),
            (DeclaredAs::Intermediate, &trust.intermediates),
        ];
        let is_own = |one: &Arc<Certificate>| trust.roots.iter().any(|root| root.fingerprint == one.fingerprint);
        let told = |certificate: &Arc<Certificate>| Arc::new(CertificateReport::from(certificate.as_ref()));
        for (declared_as, authorities) in declared {
            // What is trusted for more than one purpose is told once.
            for authority in authorities.iter().filter(|one| declared_as == DeclaredAs::Root || !is_own(one)) {
                let fingerprint_sha256 = authority.fingerprint_sha256();
                self.circumstances.authorities.push(AuthorityReport { fingerprint_sha256, declared_as });
                self.declared.push(told(authority));
            }
        }
        self
    }

    /// Tells of something the definition says that the run showed to be otherwise; without a definition nothing said it.
    pub(crate) fn warned(&mut self, fault: &Fault) {
        if self.circumstances.definition.is_some() {
            let warnings = &mut self.circumstances.definition_warnings;
            warnings.push(fault.into());
            warnings.sort_by_key(|warning| warning.defined_at);
        }
    }

    /// Tells of the revocation lists that will have been met.
    pub(crate) fn with_lists(self, lists: Arc<CrlStore>) -> Self {
        Self { lists: Some(lists), ..self }
    }

    /// Whether lines go to a terminal as they come, so that nothing else should be drawn there.
    pub(crate) fn draws_on_terminal(&self) -> bool {
        self.lines.iter().flatten().any(Sink::is_standard) && std::io::stdout().is_terminal()
    }

    /// Takes what has been judged.
    ///
    /// # Errors
    /// A line cannot be made.
    pub(crate) fn take(&mut self, place: Place, about: &str, mut judged: Judged) -> Result<(), Error> {
        let mut met = Vec::new();
        if let Some(endpoint) = &mut judged.endpoint {
            met.append(&mut endpoint.certificates);
        }
        if let Some(file) = &mut judged.file {
            met.append(&mut file.certificates);
        }
        self.certificates(met)?;
        if !self.lines.is_empty() {
            let told = if self.keeps() { judged.clone() } else { std::mem::take(&mut judged) };
            self.line_of(about, told)?;
        }
        if self.keeps() {
            if !self.keeps_passes() {
                judged.findings.retain(|finding| is_open(finding) || self.manner.show == Show::All);
            }
            self.kept.push((place, judged));
        }
        Ok(())
    }

    /// Writes what has been judged as a line, less the findings that are not listed.
    fn line_of(&mut self, about: &str, judged: Judged) -> Result<(), Error> {
        let Judged { endpoint, file, mut findings, diagnoses } = judged;
        findings.retain(|finding| is_listed(self.manner.show, finding));
        let line = match (endpoint, file) {
            (Some(mut endpoint), _) => {
                // Its handshakes tell it already.
                endpoint.windows_clients.clear();
                Line::Endpoint(Box::new(EndpointLine::of(endpoint, findings, diagnoses)))
            }
            (None, Some(file)) => Line::File(Box::new(FileLine::of(file, findings))),
            (None, None) if findings.is_empty() => return Ok(()),
            (None, None) => Line::Findings(FindingsLine::of(about, findings)),
        };
        self.line(&line)
    }

    /// Whether what was judged is needed at the end.
    pub(crate) fn keeps(&self) -> bool {
        !self.documents.is_empty() || self.baseline.is_some() || self.taker.is_some()
    }

    /// Whether what is met is needed at the end, whatever is listed.
    pub(crate) fn keeps_passes(&self) -> bool {
        self.documents.iter().any(|(format, _)| format.wants_passes())
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
        let written = jsonl::render(line).map_err(|error| Error::Output(error.to_string()))?;
        self.in_lines(|sink| sink.write(&written));
        Ok(())
    }

    /// Does something with everything that takes lines; what fails takes no more.
    fn in_lines(&mut self, mut each: impl FnMut(&mut Sink) -> Result<(), Error>) {
        let mut lines = std::mem::take(&mut self.lines);
        for place in &mut lines {
            if let Some(Err(error)) = place.as_mut().map(&mut each) {
                *place = None;
                self.failed(error);
            }
        }
        self.lines = lines;
    }

    /// Remembers that something could not be written.
    fn failed(&mut self, error: Error) {
        match error {
            Error::OutputClosed => self.closed = true,
            Error::Output(words) => self.unwritten.push(words),
            Error::Faults(words) | Error::Unwritten { words, .. } => self.unwritten.extend(words),
        }
    }

    /// Lets readers see the lines so far.
    ///
    /// # Errors
    /// None: what cannot be written is said at the end.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.in_lines(|sink| sink.finish(""));
        Ok(())
    }

    /// Writes the summary and the documents. Gives how the run ended, with what changed taken into account.
    ///
    /// # Errors
    /// Something could not be written.
    pub(crate) fn finish(mut self, run: RunReport, diagnoses: Vec<DiagnosisReport>) -> Result<Outcome, Error> {
        let mut report = self.report(run, diagnoses)?;
        report.run.summary.first = first(&report);
        let mut outcome = Outcome::from(report.run.summary.outcome());
        if !self.lines.is_empty() {
            self.last_lines(&report)?;
        }
        let documents = std::mem::take(&mut self.documents);
        if self.is_plugin {
            outcome = Outcome::Plugin(State::of(&report));
        }
        let (whole, listed): (Vec<_>, Vec<_>) = documents.into_iter().partition(|(format, _)| format.wants_passes());
        self.documents(&report, whole);
        // What the other formats do not list is let go before they are written.
        let show = self.manner.show;
        report.findings.retain(|finding| is_open(finding) || show == Show::All);
        let (all, lean): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(format, _)| format.wants_consequences());
        self.documents(&report, all);
        if let Some(taker) = &self.taker {
            // Who wants it no more does not get it.
            let _ = taker.send(report.clone());
        }
        report.findings.retain(|finding| is_listed(show, finding));
        self.documents(&report, lean);
        if self.unwritten.is_empty() && !self.closed {
            return Ok(outcome);
        }
        Err(Error::Unwritten { outcome, words: self.unwritten, first: report.run.summary.first })
    }

    /// Puts the report together.
    fn report(&mut self, run: RunReport, diagnoses: Vec<DiagnosisReport>) -> Result<Report, Error> {
        let declared = std::mem::take(&mut self.declared);
        self.certificates(declared)?;
        let lists = self.lists.as_ref().map(|lists| lists.every()).unwrap_or_default();
        let lists = lists.iter().filter_map(|(vantage, url, fetched)| ListReport::of(vantage, url, fetched)).collect();
        let mut parts = Parts {
            circumstances: std::mem::take(&mut self.circumstances),
            certificates: std::mem::take(&mut self.certificates.kept),
            lists,
            diagnoses,
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
        Ok(report)
    }

    /// Writes the lines that come last.
    fn last_lines(&mut self, report: &Report) -> Result<(), Error> {
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
        self.flush()
    }

    /// Writes documents.
    fn documents(&mut self, report: &Report, documents: Vec<(Format, Sink)>) {
        for (format, mut sink) in documents {
            if let Some(path) = sink.replaces().filter(|_| self.ended_early) {
                complain(&format!("{}: the older report stays, for this run was ended early", path.display()));
                continue;
            }
            let written = written(report, format, self.manner, &sink).and_then(|text| sink.finish(&text));
            if let Err(error) = written {
                self.failed(error);
            }
        }
    }
}

/// A report in a format.
fn written(report: &Report, format: Format, manner: Manner, sink: &Sink) -> Result<String, Error> {
    let json = match format {
        Format::Text => {
            let color = sink.wants_color(manner.color);
            let all = manner.show == Show::All;
            let calendar = manner.show == Show::Calendar;
            let terminal = if sink.is_standard() { terminal::width(std::io::stdout()) } else { None };
            let width = terminal.unwrap_or(TextOptions::default().width);
            let options = TextOptions { color, verbose: manner.verbose, all, calendar, width };
            return Ok(text::render(report, options));
        }
        Format::Html => return Ok(html::render(report, manner.show)),
        Format::Junit => return Ok(junit::render(report)),
        Format::Nagios => return Ok(nagios::render(report)),
        Format::Prometheus => return Ok(prometheus::render(report)),
        Format::Csv => return Ok(spreadsheet::render(report, manner.bom)),
        Format::Prtg => return Ok(prtg::render(report)),
        Format::Checkmk => return Ok(checkmk::render(report)),
        Format::Ics => return Ok(ics::render(report, manner.within_days)),
        Format::Json => json::render(report),
        Format::Jsonl => flat::render(report),
        Format::Sarif => sarif::render(report),
        Format::Zabbix => zabbix::render(report),
    };
    json.map_err(|error| Error::Output(error.to_string()))
}

/// Whether a finding is a failure, waived or not, or not decided.
fn is_open(finding: &FindingReport) -> bool {
    matches!(finding.verdict, VerdictWord::Fail | VerdictWord::Unknown)
}

/// Whether a finding is listed: what a diagnosis leaves undecided is told by the diagnosis.
fn is_listed(show: Show, finding: &FindingReport) -> bool {
    match show {
        Show::All => true,
        Show::Failures | Show::Calendar => {
            let is_explained = finding.verdict == VerdictWord::Unknown && finding.diagnosis.is_some();
            is_open(finding) && !is_explained
        }
    }
}
