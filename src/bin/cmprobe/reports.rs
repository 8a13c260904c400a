//! The reports of a run: lines that go out as endpoints finish, documents that are written at its end. Only documents
//! keep anything.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ColorChoice;
use cmprobe::judgement::run::Place;
use cmprobe::report::difference::Difference;
use cmprobe::report::document::{Report, RunReport};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::file::FileReport;
use cmprobe::report::finding::FindingReport;
use cmprobe::report::jsonl::{EndpointLine, FileLine, FindingsLine, Line};
use cmprobe::report::text::TextOptions;
use cmprobe::report::{Format, json, jsonl, text};

use crate::exit::{Error, Outcome};
use crate::output::Sink;

/// A report that was asked for: its format, and where it goes; `None`: standard output.
pub(crate) type Wanted = (Format, Option<PathBuf>);

/// What has been judged: an endpoint with its findings, or findings about something else.
#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) endpoint: Option<EndpointReport>,
    pub(crate) file: Option<FileReport>,
    pub(crate) findings: Vec<FindingReport>,
}

/// The reports of a run, under way.
pub(crate) struct Reports {
    lines: Vec<Sink>,
    documents: Vec<(Format, Sink)>,
    kept: Vec<(Place, Judged)>,
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
        let mut reports =
            Self { lines: Vec::new(), documents: Vec::new(), kept: Vec::new(), baseline: None, color, verbose };
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

    /// Whether lines go to a terminal as they come, so that nothing else should be drawn there.
    pub(crate) fn draws_on_terminal(&self) -> bool {
        self.lines.iter().any(Sink::is_standard) && std::io::stdout().is_terminal()
    }

    /// Takes what has been judged.
    ///
    /// # Errors
    /// A line cannot be written.
    pub(crate) fn take(&mut self, place: Place, about: &str, mut judged: Judged) -> Result<(), Error> {
        if !self.lines.is_empty() && (judged.endpoint.is_some() || judged.file.is_some() || !judged.findings.is_empty())
        {
            let findings = judged.findings;
            let line = match (judged.endpoint, judged.file) {
                (Some(endpoint), _) => Line::Endpoint(Box::new(EndpointLine { endpoint, findings })),
                (None, Some(file)) => Line::File(Box::new(FileLine { file, findings })),
                (None, None) => Line::Findings(FindingsLine { id: about.to_owned(), findings }),
            };
            let written = render_line(&line)?;
            for sink in &mut self.lines {
                sink.write(&written)?;
            }
            judged = match line {
                Line::Endpoint(line) => Judged { endpoint: Some(line.endpoint), file: None, findings: line.findings },
                Line::File(line) => Judged { endpoint: None, file: Some(line.file), findings: line.findings },
                Line::Findings(line) => Judged { findings: line.findings, ..Judged::default() },
                Line::Difference(_) | Line::Summary(_) => Judged::default(),
            };
        }
        if !self.documents.is_empty() || self.baseline.is_some() {
            self.kept.push((place, judged));
        }
        Ok(())
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
        self.kept.sort_by_key(|(place, _)| *place);
        let mut report =
            Report { run, endpoints: Vec::new(), files: Vec::new(), findings: Vec::new(), difference: None };
        for (_, judged) in self.kept {
            report.endpoints.extend(judged.endpoint);
            report.files.extend(judged.file);
            report.findings.extend(judged.findings);
        }
        if let Some(baseline) = &self.baseline {
            let difference = Difference::between(baseline, &report);
            if !difference.is_empty() {
                report.run.summary.changed();
            }
            report.difference = Some(difference);
        }
        let outcome = report.run.summary.outcome();
        if !self.lines.is_empty() {
            let difference = report.difference.iter().map(|difference| Line::Difference(Box::new(difference.clone())));
            let last = difference.chain([Line::Summary(report.run.clone())]);
            let written = last.map(|line| render_line(&line)).collect::<Result<String, _>>()?;
            for sink in &mut self.lines {
                sink.finish(&written)?;
            }
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
