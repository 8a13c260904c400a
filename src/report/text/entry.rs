//! What is wrong, each thing once: diagnoses of one cause whose culprits are of one kind are one entry where the same is
//! to be done about them, and so are failures alike that no diagnosis explains. An entry has a number, by which endpoints and the last lines refer to it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::open::Open;
use super::state::{Standings, State};
use crate::report::diagnosis::{ConsequencesReport, CulpritReport, CulpritWord, DiagnosisReport, SymptomReport};
use crate::report::finding::{CitationReport, FindingReport};
use crate::report::foreign::Foreign;
use crate::report::view::View;
use crate::verdict::severity::Severity;

/// Something wrong.
#[derive(Debug)]
pub(in crate::report) struct Entry<'a> {
    pub(in crate::report) number: usize,
    pub(in crate::report) severity: Severity,
    /// What is wrong, in a sentence.
    pub(in crate::report) title: String,
    /// Whether other places have another sentence.
    title_varies: bool,
    /// The cause's id.
    pub(in crate::report) cause: Option<&'a str>,
    /// What the cause is; empty where the title says it.
    pub(in crate::report) words: &'a str,
    /// What has to be put right, each once.
    pub(in crate::report) culprits: Vec<&'a CulpritReport>,
    pub(in crate::report) expected: &'a [String],
    pub(in crate::report) observed: &'a [String],
    /// What was seen of other culprits that differs from it.
    pub(in crate::report) more_observed: Vec<&'a String>,
    /// What was seen of any.
    all_observed: HashSet<&'a String>,
    pub(in crate::report) remedy: &'a str,
    /// The remedies of other culprits that differ from it.
    pub(in crate::report) other_remedies: Vec<&'a str>,
    pub(in crate::report) symptom: &'a [SymptomReport],
    pub(in crate::report) requirements: Vec<&'a str>,
    /// What each requirement rests on, as far as the findings tell.
    pub(in crate::report) citations: BTreeMap<&'a str, &'a CitationReport>,
    /// Where it shows, each place once.
    pub(in crate::report) places: Vec<&'a str>,
    pub(in crate::report) place_count: usize,
    pub(in crate::report) consequences: ConsequencesReport,
    /// The severities of what it tells that stands by itself: a diagnosis each, or a failure that none explains.
    reasons: Vec<Severity>,
}

impl<'a> Entry<'a> {
    fn of(diagnosis: &'a DiagnosisReport) -> Self {
        Self {
            number: 0,
            severity: diagnosis.severity,
            title: diagnosis.title.clone(),
            title_varies: false,
            // Without a cause of its own it is called by its requirement.
            cause: Some(diagnosis.cause.as_str()).filter(|cause| !cause.contains('/')),
            words: &diagnosis.words,
            culprits: Vec::new(),
            expected: &diagnosis.expected,
            observed: &diagnosis.observed,
            more_observed: Vec::new(),
            all_observed: HashSet::new(),
            remedy: &diagnosis.remedy,
            other_remedies: Vec::new(),
            symptom: &diagnosis.symptom,
            requirements: Vec::new(),
            citations: BTreeMap::new(),
            places: Vec::new(),
            place_count: 0,
            consequences: ConsequencesReport::default(),
            reasons: Vec::new(),
        }
    }

    fn alone(finding: &'a FindingReport) -> Self {
        Self {
            number: 0,
            severity: finding.severity,
            title: finding.message.as_ref().to_owned(),
            title_varies: false,
            cause: finding.cause_id.as_deref(),
            words: finding.cause.as_deref().unwrap_or_default(),
            culprits: Vec::new(),
            expected: &finding.expected,
            observed: &finding.observed,
            more_observed: Vec::new(),
            all_observed: HashSet::new(),
            remedy: finding.remedy.as_deref().unwrap_or_default(),
            other_remedies: Vec::new(),
            symptom: &[],
            requirements: vec![&finding.requirement],
            citations: BTreeMap::new(),
            places: Vec::new(),
            place_count: 0,
            consequences: ConsequencesReport::default(),
            reasons: Vec::new(),
        }
    }

    /// How many things there are to put right, of a severity and above.
    pub(in crate::report) fn reasons(&self, from: Severity) -> usize {
        self.reasons.iter().filter(|severity| **severity >= from).count()
    }

    fn add(&mut self, diagnosis: &'a DiagnosisReport) {
        self.severity = self.severity.max(diagnosis.severity);
        self.reasons.push(diagnosis.severity);
        self.show(diagnosis);
        let (all, more) = (&mut self.consequences, diagnosis.consequences);
        all.fail += more.fail;
        all.unknown += more.unknown;
    }

    /// Whether a diagnosis has its cause, and blames the same kind of thing.
    fn is_of(&self, diagnosis: &DiagnosisReport) -> bool {
        self.cause == Some(diagnosis.cause.as_str())
            && self.culprits.iter().all(|culprit| culprit.kind == diagnosis.culprit.kind)
    }

    /// Where a diagnosis shows, and what it blames.
    fn show(&mut self, diagnosis: &'a DiagnosisReport) {
        self.culprits.push(&diagnosis.culprit);
        self.other_remedies.push(&diagnosis.remedy);
        for observed in &diagnosis.observed {
            if self.all_observed.insert(observed) && !self.observed.contains(observed) {
                self.more_observed.push(observed);
            }
        }
        for requirement in &diagnosis.requirements {
            if !self.requirements.contains(&requirement.as_str()) {
                self.requirements.push(requirement);
            }
        }
        self.places.extend(diagnosis.places.iter().map(String::as_str));
        self.place_count += diagnosis.place_count;
    }

    /// Everything is in it: what several culprits have in common is its title, and each place counts once.
    fn close(&mut self) {
        let listed = self.places.len();
        let mut known = HashSet::new();
        self.places.retain(|place| known.insert(*place));
        self.place_count = self.place_count.saturating_sub(listed - self.places.len()).max(self.places.len());
        let mut known = HashSet::from([self.remedy]);
        self.other_remedies.retain(|remedy| known.insert(*remedy));
        let mut known = HashSet::new();
        self.culprits.retain(|culprit| known.insert(*culprit));
        match self.culprits.as_slice() {
            [first, others @ ..] if !self.words.is_empty() && !others.is_empty() => {
                let alike = others.iter().all(|other| other.kind == first.kind);
                let count = if alike { counted_kind(first.kind, self.culprits.len()) } else { "several".to_owned() };
                self.title = format!("{count}: {}", std::mem::take(&mut self.words));
            }
            _ if self.title_varies && !self.words.is_empty() => {
                self.title = std::mem::take(&mut self.words).to_owned();
            }
            _ if self.title.contains(self.words) => self.words = "",
            _ => {}
        }
    }

    /// What has to be put right, in few words; empty: nothing is named.
    pub(in crate::report) fn culprit_words(&self, most: usize) -> String {
        let Some(first) = self.culprits.first() else { return String::new() };
        // Several may have the same short name: each counts.
        let names = self.culprits.iter().map(|culprit| Foreign::value(short_name(culprit)));
        let names: Vec<String> = names.map(|name| name.for_json().to_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let names = super::ranges::ranges_of_all(&names, most);
        match (first.kind, self.culprits.len()) {
            (CulpritWord::Machine | CulpritWord::Definition | CulpritWord::Url | CulpritWord::File, _) => names,
            (kind, 1) => format!("{} {names}", noun(kind).0),
            (kind, _) => format!("{} {names}", noun(kind).1),
        }
    }
}

/// A culprit's name where there is little room: of a distinguished name, the common name.
fn short_name(culprit: &CulpritReport) -> &str {
    match culprit.kind {
        CulpritWord::Certificate | CulpritWord::Authority => crate::report::calendar::common_name(&culprit.name),
        CulpritWord::Url
        | CulpritWord::Resolver
        | CulpritWord::Address
        | CulpritWord::Definition
        | CulpritWord::File
        | CulpritWord::Device
        | CulpritWord::Machine => &culprit.name,
    }
}

/// What one and what several of a kind are called.
const fn noun(kind: CulpritWord) -> (&'static str, &'static str) {
    match kind {
        CulpritWord::Certificate => ("certificate", "certificates"),
        CulpritWord::Authority => ("authority", "authorities"),
        CulpritWord::Url => ("URL", "URLs"),
        CulpritWord::Resolver => ("name server", "name servers"),
        CulpritWord::Address => ("address", "addresses"),
        CulpritWord::Definition => ("setting", "settings"),
        CulpritWord::File => ("file", "files"),
        CulpritWord::Device => ("device", "devices"),
        CulpritWord::Machine => ("machine", "machines"),
    }
}

fn counted_kind(kind: CulpritWord, count: usize) -> String {
    let (one, several) = noun(kind);
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What makes failures alike that no diagnosis explains: all but where they are and what exactly was seen there.
type Alike<'a> = (&'a str, Severity, Option<&'a str>, &'a str, Option<&'a str>);

/// Everything there is to tell, in the order in which it is told.
#[derive(Debug)]
pub(in crate::report) struct Matters<'a> {
    /// What fails, heaviest first.
    pub(in crate::report) entries: Vec<Entry<'a>>,
    /// What is not decided and no diagnosis explains.
    pub(in crate::report) open: Vec<Open<'a>>,
    /// How everything stands.
    pub(in crate::report) standings: Standings<'a>,
    numbers: Numbers<'a>,
}

impl<'a> Matters<'a> {
    pub(in crate::report) fn new(view: &View<'a>) -> Self {
        let report = view.report;
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut by_cause: HashMap<(&str, CulpritWord, &str), usize> = HashMap::new();
        let mut by_diagnosis: HashMap<&str, usize> = HashMap::new();
        for diagnosis in report.diagnoses.iter().filter(|diagnosis| diagnosis.is_told()) {
            let at =
                *by_cause.entry((&diagnosis.cause, diagnosis.culprit.kind, &diagnosis.remedy)).or_insert_with(|| {
                    entries.push(Entry::of(diagnosis));
                    entries.len() - 1
                });
            by_diagnosis.insert(&diagnosis.id, at);
            if let Some(entry) = entries.get_mut(at) {
                entry.add(diagnosis);
            }
        }
        for diagnosis in &report.diagnoses {
            if let Some(at) = diagnosis.follows.as_deref().and_then(|id| by_diagnosis.get(id)).copied() {
                by_diagnosis.insert(&diagnosis.id, at);
                // The same cause once more is shown where it is, and counts once.
                if let Some(entry) = entries.get_mut(at).filter(|entry| entry.is_of(diagnosis)) {
                    entry.show(diagnosis);
                }
            }
        }
        let mut alike: HashMap<Alike<'a>, usize> = HashMap::new();
        let (mut told, mut alone) = (Vec::new(), Vec::new());
        for finding in report.findings.iter().filter(|finding| finding.fails()) {
            let known = finding.diagnosis.as_deref().and_then(|id| by_diagnosis.get(id)).copied();
            if known.is_none() && view.diagnosis(finding).is_some() {
                // Its diagnosis is waived, and it follows from that.
                continue;
            }
            let at = known.unwrap_or_else(|| {
                let at = *alike.entry(sameness(finding)).or_insert_with(|| {
                    entries.push(Entry::alone(finding));
                    entries.len() - 1
                });
                if let Some(entry) = entries.get_mut(at) {
                    if entry.reasons.is_empty() {
                        entry.reasons.push(finding.severity);
                    }
                    entry.title_varies |= finding.message.as_ref() != entry.title;
                    entry.places.push(&finding.endpoint);
                    entry.place_count += 1;
                    entry.culprits.extend(finding.culprit.as_ref());
                }
                at
            });
            if let Some(entry) = entries.get_mut(at) {
                entry.citations.entry(&finding.requirement).or_insert(&finding.citation);
            }
            if known.is_none() {
                alone.push((finding, at));
            }
            told.push((finding, at));
        }
        entries.iter_mut().for_each(Entry::close);
        let mut open = super::open::groups(view);
        let numbers = number(&mut entries, &mut open);
        let of_diagnosis = |id: &str| by_diagnosis.get(id).and_then(|at| numbers.get(*at)).copied();
        let mut standings = Standings::default();
        for (finding, at) in told {
            standings.add(&finding.endpoint, State::of(finding), numbers.get(at).copied());
        }
        for diagnosis in report.diagnoses.iter().filter(|diagnosis| diagnosis.waived.is_none()) {
            for place in &diagnosis.places {
                // A place whose findings are not listed stands as the diagnosis weighs.
                let state = if standings.knows(place) { State::Pass } else { State::failing(diagnosis.severity) };
                standings.add(place, state, of_diagnosis(&diagnosis.id));
            }
        }
        let undecided = report.findings.iter().filter(|finding| State::of(finding) == State::Unknown);
        for finding in undecided {
            match finding.diagnosis.as_deref() {
                Some(id) if view.diagnosis(finding).is_some() => {
                    // What a waived diagnosis leaves undecided goes with it.
                    if let Some(number) = of_diagnosis(id) {
                        standings.add(&finding.endpoint, State::Unknown, Some(number));
                    }
                }
                Some(_) => standings.add(&finding.endpoint, State::Unknown, None),
                None => {}
            }
        }
        for group in &open {
            for finding in group.findings.iter().filter(|finding| State::of(finding) == State::Unknown) {
                standings.add(&finding.endpoint, State::Unknown, group.number);
            }
        }
        let of_findings = alone.into_iter().filter_map(|(finding, at)| Some((about(finding), *numbers.get(at)?)));
        let of_groups = open.iter().filter_map(|group| Some((group.number?, &group.findings)));
        let of_groups =
            of_groups.flat_map(|(number, findings)| findings.iter().copied().map(move |one| (about(one), number)));
        let numbers = Numbers {
            findings: of_findings.chain(of_groups).collect(),
            diagnoses: by_diagnosis.iter().filter_map(|(id, at)| Some((*id, *numbers.get(*at)?))).collect(),
        };
        entries.sort_by_key(|entry| entry.number);
        Self { entries, open, standings, numbers }
    }
}

impl Matters<'_> {
    /// By which number a finding is told; `None`: by none.
    pub(in crate::report) fn number_of(&self, finding: &FindingReport) -> Option<usize> {
        let explained = finding.diagnosis.as_deref().and_then(|id| self.numbers.diagnoses.get(id));
        explained.or_else(|| self.numbers.findings.get(&about(finding))).copied()
    }
}

/// By which numbers diagnoses are told, and findings that none explains.
#[derive(Debug, Default)]
struct Numbers<'a> {
    diagnoses: HashMap<&'a str, usize>,
    findings: HashMap<(&'a str, &'a str), usize>,
}

/// What tells a finding from others.
fn about(finding: &FindingReport) -> (&str, &str) {
    (&finding.requirement, &finding.endpoint)
}

fn sameness(finding: &FindingReport) -> Alike<'_> {
    let cause = finding.cause_id.as_deref().or(finding.cause.as_deref());
    // Without cause and remedy only the same sentence is the same matter.
    let message = if cause.is_none() && finding.remedy.is_none() { finding.message.as_ref() } else { "" };
    (&finding.requirement, finding.severity, cause, message, finding.remedy.as_deref())
}

/// Numbers what is told in the order in which it is told: errors, warnings, what must hold and is not decided, notices.
/// Gives the number of each entry, as they stand.
fn number(entries: &mut [Entry<'_>], open: &mut [Open<'_>]) -> Vec<usize> {
    let mut next = 1;
    let mut give = || {
        next += 1;
        next - 1
    };
    for severity in [Severity::Error, Severity::Warning] {
        entries.iter_mut().filter(|entry| entry.severity == severity).for_each(|entry| entry.number = give());
    }
    open.iter_mut().filter(|group| group.heaviest == Severity::Error).for_each(|group| group.number = Some(give()));
    entries.iter_mut().filter(|entry| entry.severity == Severity::Notice).for_each(|entry| entry.number = give());
    entries.iter().map(|entry| entry.number).collect()
}
