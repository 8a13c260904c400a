//! Hands what the library judged on to the reports of the run.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use cmprobe::diagnosis::{Diagnoser, Explained};
use cmprobe::judgement::Finding;
use cmprobe::judgement::run::{self, Conclusion, Judged, Place, Sink};
use cmprobe::judgement::selection::Choice;
use cmprobe::report::Show;
use cmprobe::report::certificate::CertificateReports;
use cmprobe::report::diagnosis::DiagnosisReport;
use cmprobe::report::document::{RunReport, SCHEMA_VERSION, SiteReport, Summary, Tool};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::file::{FileReport, SelectionReport};
use cmprobe::report::finding::FindingReport;
use cmprobe::requirement::management_point::list_state::contradicted;
use cmprobe::site::Site;
use cmprobe::site::profile::Profile;
use cmprobe::trust::basis::Basis;
use cmprobe::verdict::Verdict;
use cmprobe::verdict::cause::for_site;
use cmprobe::verdict::severity::Severity;
use cmprobe::wire::timestamp::Timestamp;

use crate::exit::{Error, Outcome};
use crate::reports::{self, Reports};

/// A run being judged into reports.
pub(crate) type Judging<'a> = run::Run<'a, Handing>;

/// Turns findings into what reports hold.
pub(crate) struct Handing {
    certificates: CertificateReports,
    show: Show,
    reports: Reports,
    diagnoser: Diagnoser,
    profile: Profile,
    /// The site's code, where it is known.
    code: Option<String>,
    /// Which of several certificates clients take, by the files' names.
    choices: HashMap<String, Choice>,
    /// The management points of which their list says otherwise than the definition how they take clients.
    contradicted: BTreeSet<Arc<str>>,
    /// The requirements that were decided somewhere, or left open.
    asked: HashSet<&'static str>,
}

impl Handing {
    pub(crate) fn new(show: Show, site: &Site, reports: Reports) -> Self {
        let diagnoser = if reports.keeps() { Diagnoser::default() } else { Diagnoser::forgetting_local() };
        Self {
            certificates: CertificateReports::default(),
            show,
            reports,
            diagnoser,
            profile: site.profile,
            code: site.code.clone(),
            choices: HashMap::new(),
            contradicted: BTreeSet::new(),
            asked: HashSet::new(),
        }
    }

    /// Tells which of several certificates clients take.
    pub(crate) fn telling(self, choices: HashMap<String, Choice>) -> Self {
        Self { choices, ..self }
    }

    /// The run was told to stop: older reports stay.
    pub(crate) const fn ended_early(&mut self) {
        self.reports.ended_early();
    }

    /// Lets readers see what there is so far.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.reports.flush()
    }
}

impl Sink for Handing {
    type Error = Error;

    fn take(&mut self, place: Place, about: Judged<'_>, findings: Vec<Finding>) -> Result<(), Error> {
        let subject = findings.first().map(|finding| finding.subject.to_string());
        let is_asked = |finding: &&Finding| !matches!(finding.verdict, Verdict::NotApplicable(_));
        self.asked.extend(findings.iter().filter(is_asked).map(|finding| finding.requirement.id));
        let told = self.diagnoser.take(place, &findings);
        let all = self.reports.keeps_passes();
        let findings = findings.into_iter().zip(&told.explained);
        let findings = findings.filter(|(finding, _)| all || self.show.lists(finding)).map(|(finding, explained)| {
            let diagnosis = match explained {
                Explained::Not => None,
                Explained::Is(named) | Explained::Follows(named, _) => Some(DiagnosisReport::named(named)),
            };
            let report = FindingReport::from(finding);
            let remedy = report.remedy.map(|remedy| for_site(&remedy, self.code.as_deref()).into_owned().into());
            FindingReport { diagnosis, remedy, ..report }
        });
        let findings = findings.collect();
        let (profile, code) = (self.profile, self.code.as_deref());
        let diagnoses = told.local.iter().map(|one| DiagnosisReport::of(one, profile, code)).collect();
        let judged = |endpoint, file| reports::Judged { endpoint, file, findings, diagnoses };
        let (id, judged) = match about {
            Judged::Endpoint(endpoint, resolution) => {
                if contradicted(endpoint).is_some() {
                    self.contradicted.insert(Arc::clone(&endpoint.target.system));
                }
                let report = EndpointReport::seen(endpoint, resolution, &mut self.certificates);
                (endpoint.target.id.text(), judged(Some(report), None))
            }
            Judged::Nowhere(target, resolution) => {
                (target.id.text(), judged(Some(EndpointReport::nowhere(target, resolution)), None))
            }
            Judged::NotProbed(target) => (target.id.text(), judged(Some(EndpointReport::not_probed(target)), None)),
            Judged::Name(target) => (target.id.text(), judged(None, None)),
            Judged::Lookup(lookup) => (lookup.id.text(), judged(None, None)),
            Judged::File(file) => {
                let mut report = FileReport::new(&file.name, file.of.name(), &file.facts);
                report.selection = self.choices.get(&file.name).map(SelectionReport::from);
                (file.name.clone(), judged(None, Some(report)))
            }
            Judged::Site => (subject.unwrap_or_default(), judged(None, None)),
        };
        self.reports.take(place, &id, judged)
    }
}

/// Sums the run up and writes what is left to write.
///
/// # Errors
/// A report cannot be written.
pub(crate) fn write(
    conclusion: Conclusion<Handing>,
    basis: &Basis<'_>,
    (started_at, finished_at): (Timestamp, Timestamp),
    fail_on: Severity,
    complete: bool,
) -> Result<Outcome, Error> {
    let Conclusion { sink, mut tally, endpoints } = conclusion;
    tally.excuse(sink.diagnoser.excused());
    let (profile, code) = (basis.site.profile, basis.site.code.as_deref());
    let mut reports = sink.reports;
    if !sink.contradicted.is_empty() {
        reports.warned(&basis.site.contradicted(&sink.contradicted.into_iter().collect::<Vec<_>>()));
    }
    reports.asked(&sink.asked);
    // Of each what was seen is let go as soon as it is told: there may be as many as certificates.
    let diagnoses = sink.diagnoser.finish().into_iter();
    let diagnoses = diagnoses.map(|diagnosis| DiagnosisReport::of(&diagnosis, profile, code)).collect();
    let run = RunReport {
        schema_version: SCHEMA_VERSION.into(),
        tool: Tool::THIS,
        site: SiteReport::from(basis.site),
        started_at,
        finished_at,
        judged_at: basis.now,
        summary: Summary::new(endpoints, &tally, fail_on, complete),
    };
    reports.finish(run, diagnoses)
}
