//! From findings to diagnoses: the same cause with the same culprit is one, over endpoints, systems, vantages, files and
//! requirements, and what follows from it is counted beneath it. Findings stay the complete record; nothing is judged here.

mod fold;
mod shows;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::judgement::run::Place;
use crate::judgement::tally::{FailCounts, Undecided};
use crate::judgement::{Finding, Waived};
use crate::requirement::catalogue::catalogue;
use crate::rule::{Check, Requirement};
use crate::site::profile::Profile;
use crate::verdict::cause::consequence::{self, Consequence, Kind, Reach, Trigger};
use crate::verdict::cause::host::Host;
use crate::verdict::cause::shown::Shown;
use crate::verdict::cause::{Cause, Culprit, CulpritKind, catalogue as cause, matches};
use crate::verdict::severity::Severity;
use crate::verdict::{Evidence, Verdict};
use crate::wire::timestamp::Timestamp;

pub use shows::Places;
use shows::Systems;

/// How many pieces of evidence a diagnosis keeps of its first finding.
const MOST_EVIDENCE: usize = 12;
/// How many diagnoses are looked through for that.
const MOST_RECENT: usize = 64;

/// How many diagnoses that were handed back are remembered for what follows from them.
const MOST_GONE: usize = 256;
/// How many diagnoses of a run whose lines go out as they come are kept to its end; what comes after them is handed back
/// wherever it shows.
const MOST_KEPT: usize = 512;

/// How many places of a diagnosis are named where lines go out as they come; in documents all of them are.
pub const MOST_NAMED: usize = 10;

/// One cause with one culprit, and everything that comes of it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What is so; `None`: a requirement failed that names no cause, and stands for itself.
    pub cause: Option<&'static Cause>,
    /// The cause as it was first told, which its id is made of.
    pub told_as: &'static str,
    /// The first requirement that failed because of it.
    pub requirement: &'static Requirement,
    /// What has to be put right.
    pub culprit: Culprit,
    /// The heaviest severity of its findings.
    pub severity: Severity,
    /// What its first finding says is wrong.
    pub message: String,
    /// What would be right, by its first finding.
    pub expected: Vec<String>,
    /// What was seen, by its first finding.
    pub observed: Vec<String>,
    /// The requirements that fail because of it, in the catalogue's order.
    pub requirements: Vec<&'static str>,
    /// Where it shows.
    pub places: Places,
    /// The systems these belong to.
    systems: Systems,
    /// How many findings are it.
    pub findings: usize,
    /// Failures that are the same thing once more, by severity.
    pub derived: FailCounts,
    /// What cannot be decided because of it.
    pub blocked: usize,
    /// When the first of the certificates it is about ends.
    pub first_end: Option<Timestamp>,
    /// When the last of them ends.
    pub last_end: Option<Timestamp>,
    /// Why it is accepted, where a waiver covers every finding of it.
    pub waived: Option<Waived>,
    /// The diagnosis at another thing of the run that this one follows from.
    pub follows: Option<Leader>,
    /// Where its first finding stands, in whatever order findings came.
    first: Standing,
    /// What answers where it shows; where that differs, what most remedies are for.
    host: Host,
    /// Its findings by severity.
    counts: FailCounts,
    /// The servers at which it shows, where their address is to blame.
    servers: Vec<Server>,
    /// The systems behind the proxies at which it shows.
    behind: Vec<Arc<str>>,
    /// The proxies at which it shows.
    through: Vec<Arc<str>>,
    /// Whether it shows anywhere else.
    shows_directly: bool,
    /// A failure that is the same thing, told by itself where only it shows.
    same_as: Option<Key>,
}

impl Diagnosis {
    /// What to do about exactly this; what follows from another is put right there.
    pub fn remedy(&self, profile: Profile) -> &'static str {
        match &self.follows {
            Some(Leader { cause, requirement, host, .. }) => remedy(*cause, requirement, *host, profile),
            None => remedy(self.cause, self.requirement, self.host, profile),
        }
    }

    /// How it shows where administrators look.
    pub fn symptoms(&self) -> Vec<Shown> {
        self.cause.map(|cause| cause.shown_at(self.host)).unwrap_or_default()
    }

    /// What is so, in a sentence.
    pub fn words(&self) -> &str {
        self.cause.map_or(self.message.as_str(), |cause| cause.words)
    }

    /// At how many systems it shows.
    pub fn system_count(&self) -> usize {
        self.systems.count()
    }

    /// Its cause's id; of a requirement that names none, the requirement's.
    pub fn id(&self) -> &'static str {
        self.cause.map_or(self.requirement.id, |cause| cause.id)
    }
}

/// Where a finding stands in a document: its place, and how many findings stand before it there.
type Standing = (Place, usize);

/// A server: a system, in what it does.
type Server = (Arc<str>, Host);

/// What tells diagnoses apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    told_as: &'static str,
    culprit: Culprit,
}

/// How a finding is explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explained {
    /// By nothing: it passes, does not apply, or cannot be decided for a reason of its own.
    Not,
    /// It is this diagnosis.
    Is(Named),
    /// It follows from it.
    Follows(Named, Kind),
}

/// A diagnosis by what it is named after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The cause as it was first told.
    pub told_as: &'static str,
    /// The culprit.
    pub culprit: Culprit,
}

/// A diagnosis that others follow from, with what its remedy is told by.
#[derive(Clone, Debug)]
pub struct Leader {
    /// What it is named after.
    pub named: Named,
    cause: Option<&'static Cause>,
    requirement: &'static Requirement,
    host: Host,
}

/// What to do about a cause; about a requirement that names none.
fn remedy(
    cause: Option<&'static Cause>,
    requirement: &'static Requirement,
    host: Host,
    profile: Profile,
) -> &'static str {
    cause.map_or(requirement.remedy, |cause| cause.remedy_at(profile, host))
}

/// Makes diagnoses of findings as they come.
#[derive(Debug, Default)]
pub struct Diagnoser {
    at: HashMap<Key, usize>,
    all: Vec<Diagnosis>,
    /// Some path led to a root the definition names.
    declared_root_met: bool,
    excused: Undecided,
    /// Where the next finding stands, should it be of the same place as the last.
    next: Option<Standing>,
    /// The diagnoses that were found, or found again, last: latest first, each once.
    recent: VecDeque<usize>,
    /// The systems behind proxies and clusters, by these' names.
    behind: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// Diagnoses whose culprit is one endpoint's address are handed back, not kept; and those beyond [`MOST_KEPT`].
    forgets_local: bool,
    /// The last of those, without what was seen.
    gone: VecDeque<Diagnosis>,
}

/// What came of findings about one thing.
#[derive(Debug, Default)]
pub struct Told {
    /// One for each finding, in their order.
    pub explained: Vec<Explained>,
    /// Diagnoses that were not kept: those that concern this thing alone and, where so many are kept already, others that
    /// show here. What shows at several things is then told at each of them, under one id.
    pub local: Vec<Diagnosis>,
}

impl Diagnoser {
    /// One that keeps no diagnosis of a single endpoint's address, and of others the first 512: for runs of any length
    /// whose lines go out as they come.
    #[must_use]
    pub fn forgetting_local() -> Self {
        Self { forgets_local: true, ..Self::default() }
    }

    /// Takes the findings about one thing of a place. What is of one place comes together; the places in whatever order
    /// they were looked at: what is made of them in the end is the same.
    pub fn take(&mut self, place: Place, findings: &[Finding]) -> Told {
        let before = self.next.filter(|(last, _)| *last == place).map_or(0, |(_, before)| before);
        self.next = Some((place, before + findings.len()));
        let failing = Failing::among(findings);
        self.declared_root_met |= findings.iter().any(|finding| {
            finding.requirement.id == "chain/leads-to-site-root" && matches!(finding.verdict, Verdict::Pass(_))
        });
        if let Some(proxy) = findings.first().and_then(|finding| finding.proxy.as_ref()) {
            let publishes = || proxy.publishes.iter().map(|(system, _)| Arc::clone(system)).collect();
            self.behind.entry(Arc::clone(&proxy.name)).or_insert_with(publishes);
        }
        if let Some(cluster) = findings.first().and_then(|finding| finding.cluster.as_ref()) {
            self.behind.entry(Arc::clone(&cluster.name)).or_insert_with(|| cluster.nodes.clone());
        }
        if failing.is_empty() && !findings.iter().any(|finding| matches!(finding.verdict, Verdict::Unknown(_))) {
            return Told { explained: vec![Explained::Not; findings.len()], local: Vec::new() };
        }
        let leaders = leaders(&failing);
        let mut local: Vec<Diagnosis> = Vec::new();
        // Failures that lead come first: what follows is counted beneath them.
        let keys: Vec<Option<Key>> = failing
            .iter()
            .zip(&leaders)
            .map(|(one, leader)| {
                let key = leader.is_none().then(|| key(one.finding, one.evidence))?;
                self.note(&key, (place, before + one.at), (one.finding, one.evidence), &mut local);
                Some(key)
            })
            .collect();
        let mut positions = 0..;
        let explained = findings.iter().map(|finding| match &finding.verdict {
            Verdict::Pass(_) | Verdict::NotApplicable(_) => Explained::Not,
            Verdict::Fail(_) => {
                let position = positions.next().unwrap_or_default();
                match (&keys[position], leaders[position].and_then(|leader| keys[leader].as_ref())) {
                    (Some(key), _) => Explained::Is(key.named()),
                    (None, Some(key)) => {
                        self.count(key, &mut local, |diagnosis| {
                            diagnosis.derived.count(finding.severity, 1);
                            diagnosis.severity = diagnosis.severity.max(finding.severity);
                        });
                        Explained::Follows(key.named(), Kind::Derived)
                    }
                    (None, None) => Explained::Not,
                }
            }
            Verdict::Unknown(_) => {
                let here = blocking(finding, &failing).and_then(|(blocking, kind)| {
                    let leader = leaders[blocking].unwrap_or(blocking);
                    Some((keys[leader].clone()?, failing[leader].finding.waived.is_some(), kind))
                });
                let elsewhere = || self.lacking_elsewhere(finding).or_else(|| self.blocking_elsewhere(finding));
                let Some((key, waived, kind)) = here.or_else(elsewhere) else {
                    return Explained::Not;
                };
                self.count(&key, &mut local, |diagnosis| diagnosis.blocked += 1);
                if waived && finding.waived.is_none() {
                    self.excused.all += 1;
                    self.excused.errors += usize::from(finding.severity == Severity::Error);
                }
                Explained::Follows(key.named(), kind)
            }
        });
        let explained = explained.collect();
        self.hand_back(&mut local);
        Told { explained, local }
    }

    /// Says of what is handed back from what it follows, and remembers it for what follows from it.
    fn hand_back(&mut self, local: &mut [Diagnosis]) {
        for diagnosis in local {
            diagnosis.follows = fold::leader_of(diagnosis, &self.gone);
            self.gone.push_front(diagnosis.without_evidence());
            self.gone.truncate(MOST_GONE);
        }
    }

    /// What keeps something about a file from being decided: the authority that it lacks is one that servers lack, and is
    /// told there.
    fn lacking_elsewhere(&self, finding: &Finding) -> Option<(Key, bool, Kind)> {
        let key = Key { told_as: cause::AUTHORITY_ABOVE_UNKNOWN.id, culprit: finding.lacks.clone()? };
        let diagnosis = self.all.get(*self.at.get(&key)?)?;
        blocks(diagnosis, finding).then_some((key, diagnosis.waived.is_some(), Kind::Blocked))
    }

    /// What keeps something about a name, or about the whole site, from being decided: a diagnosis at one of its endpoints;
    /// at the system it is about, or behind it.
    fn blocking_elsewhere(&self, finding: &Finding) -> Option<(Key, bool, Kind)> {
        let is_about_name = match finding.requirement.check {
            Check::Site(_) => false,
            Check::Target(_) => true,
            Check::Endpoint(_)
            | Check::Lookup(_)
            | Check::File(_)
            | Check::Quality(_)
            | Check::OfUse(..)
            | Check::EndpointAndFile(..)
            | Check::Waiver(_) => return None,
        };
        let behind = self.behind.get(&finding.system).into_iter().flatten();
        let systems: Vec<&Arc<str>> = std::iter::once(&finding.system).chain(behind).collect();
        // A name's endpoints come just before it.
        let is_below = |diagnosis: &Diagnosis| {
            diagnosis
                .places
                .latest()
                .any(|place| place.strip_prefix(&*finding.subject).is_some_and(|rest| rest.starts_with('/')))
        };
        let is_it = |diagnosis: &&Diagnosis| {
            systems.iter().any(|system| diagnosis.systems.contains(system))
                && (!is_about_name || is_below(diagnosis))
                && blocks(diagnosis, finding)
        };
        let kept = if is_about_name {
            self.recent.iter().filter_map(|at| self.all.get(*at)).find(is_it)
        } else {
            self.all.iter().filter(is_it).min_by_key(|diagnosis| diagnosis.first)
        };
        let blocking = kept.or_else(|| self.gone.iter().find(is_it))?;
        let key = Key { told_as: blocking.told_as, culprit: blocking.culprit.clone() };
        Some((key, blocking.waived.is_some(), Kind::Blocked))
    }

    /// What of the undecided is excused so far: it follows from a failure that a waiver accepts.
    pub const fn excused(&self) -> Undecided {
        self.excused
    }

    /// Every diagnosis kept, heaviest first, each with the cause that all of the run together shows.
    pub fn finish(mut self) -> Vec<Diagnosis> {
        let rows: HashMap<&str, usize> = catalogue().iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        self.all.sort_by_key(|diagnosis| diagnosis.first);
        for diagnosis in &mut self.all {
            diagnosis.put_in_order(&rows);
            if diagnosis.cause == Some(&cause::UNKNOWN_ROOT) {
                diagnosis.cause = Some(diagnosis.seen_together(self.declared_root_met));
            }
        }
        let mut all = self.all;
        fold::fold(&mut all, &self.gone);
        let phase = |diagnosis: &Diagnosis| {
            let order = cause::CAUSES.iter().position(|one| Some(*one) == diagnosis.cause);
            order.unwrap_or(usize::MAX)
        };
        // Of what shows about everywhere the earlier phase comes first: what ended is put right before its lists are.
        let widest = |severity: Severity| {
            let of = all.iter().filter(|one| one.waived.is_none() && one.severity == severity);
            of.map(|one| one.places.count()).max().unwrap_or_default()
        };
        let widest =
            [Severity::Notice, Severity::Warning, Severity::Error].map(|severity| (severity, widest(severity)));
        all.sort_by_cached_key(|diagnosis| {
            let places = diagnosis.places.count();
            let widest =
                widest.iter().find(|(severity, _)| *severity == diagnosis.severity).map_or(0, |(_, most)| *most);
            let is_wide = places * 2 > widest;
            (
                diagnosis.waived.is_some(),
                diagnosis.follows.is_some(),
                std::cmp::Reverse(diagnosis.severity),
                std::cmp::Reverse(is_wide),
                std::cmp::Reverse(if is_wide { 0 } else { places }),
                phase(diagnosis),
                std::cmp::Reverse(places),
                Arc::clone(diagnosis.places.least()),
            )
        });
        all
    }

    /// Takes note of a failure that is a diagnosis.
    fn note(
        &mut self,
        key: &Key,
        stands: Standing,
        (finding, evidence): (&Finding, &Evidence),
        local: &mut Vec<Diagnosis>,
    ) {
        let at = self.at.get(key).copied();
        let is_local = self.forgets_local
            && at.is_none()
            && (key.culprit.kind() == CulpritKind::Address || self.all.len() >= MOST_KEPT);
        let known = if is_local {
            local.iter_mut().find(|one| one.told_as == key.told_as && one.culprit == key.culprit)
        } else {
            let at = at.unwrap_or(self.all.len());
            if self.recent.front() != Some(&at) {
                self.recent.retain(|one| *one != at);
                self.recent.push_front(at);
                self.recent.truncate(MOST_RECENT);
            }
            self.all.get_mut(at)
        };
        if let Some(diagnosis) = known {
            diagnosis.add(stands, finding, evidence);
            return;
        }
        let most = if self.forgets_local { MOST_NAMED } else { usize::MAX };
        let new = Diagnosis::new(key, most, stands, finding, evidence);
        if is_local {
            local.push(new);
        } else {
            self.at.insert(key.clone(), self.all.len());
            self.all.push(new);
        }
    }

    fn count(&mut self, key: &Key, local: &mut [Diagnosis], count: impl FnOnce(&mut Diagnosis)) {
        let kept = self.at.get(key).and_then(|at| self.all.get_mut(*at));
        let known = match kept {
            Some(kept) => Some(kept),
            None => local.iter_mut().find(|one| one.told_as == key.told_as && one.culprit == key.culprit),
        };
        if let Some(diagnosis) = known {
            count(diagnosis);
        }
    }
}

impl Key {
    fn named(&self) -> Named {
        Named { told_as: self.told_as, culprit: self.culprit.clone() }
    }
}

impl Diagnosis {
    fn new(key: &Key, most: usize, stands: Standing, finding: &Finding, evidence: &Evidence) -> Self {
        Self {
            cause: evidence.because,
            told_as: key.told_as,
            requirement: finding.requirement,
            culprit: key.culprit.clone(),
            severity: finding.severity,
            message: String::new(),
            expected: Vec::new(),
            observed: Vec::new(),
            requirements: vec![finding.requirement.id],
            places: Places::new(most, stands.0, &finding.subject),
            systems: Systems::default(),
            findings: 1,
            derived: FailCounts::default(),
            blocked: 0,
            first_end: finding.ends,
            last_end: finding.ends,
            waived: finding.waived.clone(),
            follows: None,
            first: stands,
            host: finding.host,
            counts: FailCounts::default(),
            servers: Vec::new(),
            behind: Vec::new(),
            through: Vec::new(),
            shows_directly: false,
            same_as: None,
        }
        .beginning(stands, finding, evidence)
    }

    /// With its first finding.
    fn beginning(mut self, stands: Standing, finding: &Finding, evidence: &Evidence) -> Self {
        self.tell_by(stands, finding, evidence);
        self.count(finding);
        self
    }

    /// Is told by this finding from here on: it stands before those that were known.
    fn tell_by(&mut self, stands: Standing, finding: &Finding, evidence: &Evidence) {
        let bounded = |words: &[String]| words.iter().take(MOST_EVIDENCE).cloned().collect();
        self.first = stands;
        self.requirement = finding.requirement;
        self.message.clone_from(&evidence.message);
        self.expected = bounded(&evidence.expected);
        self.observed = bounded(&evidence.observed);
        let same = evidence.same_as.as_ref();
        self.same_as = same.map(|(cause, culprit)| Key { told_as: cause.id, culprit: culprit.clone() });
        if self.waived.is_some() {
            self.waived.clone_from(&finding.waived);
        }
    }

    /// Puts what came as it was looked at in a document's order, and the catalogue's.
    fn put_in_order(&mut self, rows: &HashMap<&str, usize>) {
        self.requirements.sort_by_key(|id| rows.get(id));
        self.places.put_in_order();
    }

    fn count(&mut self, finding: &Finding) {
        self.counts.count(finding.severity, 1);
        self.systems.add(&finding.system);
        let server = (&finding.system, finding.host);
        if self.culprit.kind() == CulpritKind::Address && !self.servers.iter().any(|one| (&one.0, one.1) == server) {
            self.servers.push((Arc::clone(server.0), server.1));
        }
        match &finding.proxy {
            Some(proxy) if !self.through.contains(&proxy.name) => self.through.push(Arc::clone(&proxy.name)),
            Some(_) => {}
            None => self.shows_directly = true,
        }
        for (system, _) in finding.proxy.iter().flat_map(|proxy| &proxy.publishes) {
            if !self.behind.contains(system) {
                self.behind.push(Arc::clone(system));
            }
        }
    }

    /// What it is named after.
    fn named(&self) -> Named {
        Named { told_as: self.told_as, culprit: self.culprit.clone() }
    }

    /// As what others follow from.
    fn leader(&self) -> Leader {
        Leader { named: self.named(), cause: self.cause, requirement: self.requirement, host: self.host }
    }

    /// As it is remembered.
    fn without_evidence(&self) -> Self {
        Self { message: String::new(), expected: Vec::new(), observed: Vec::new(), ..self.clone() }
    }

    /// Whether it shows at none but another's systems.
    fn is_within(&self, other: &Self) -> bool {
        self.systems.are_among(&other.systems)
    }

    /// Whether it is how something else shows: by its cause, or because it shows in these requirements alone.
    fn shows_as(&self, how: &Trigger) -> bool {
        match how {
            Trigger::Causes(causes) => causes.contains(&self.id()),
            Trigger::Requirements(patterns) => {
                self.requirements.iter().all(|id| patterns.iter().any(|pattern| matches(pattern, id)))
            }
        }
    }

    /// What a root that the definition does not name is, by everything that stands below it: with servers below it, and
    /// none that leads to a declared one, the definition lacks it; under files alone it is another's.
    fn seen_together(&self, declared_root_met: bool) -> &'static Cause {
        let of_servers = self.requirements.contains(&"chain/leads-to-site-root");
        match (of_servers, self.requirements.as_slice()) {
            (false, ["client/leads-to-root"]) => &cause::CLIENT_OF_FOREIGN_HIERARCHY,
            (false, _) => &cause::FOREIGN_HIERARCHY,
            (true, _) if self.systems.count() == 1 => &cause::UNKNOWN_ROOT,
            (true, _) if declared_root_met => &cause::FOREIGN_HIERARCHY,
            (true, _) => &cause::ROOT_NOT_DECLARED,
        }
    }

    fn add(&mut self, stands: Standing, finding: &Finding, evidence: &Evidence) {
        if finding.waived.is_none() {
            self.waived = None;
        }
        if stands < self.first {
            self.tell_by(stands, finding, evidence);
        }
        self.findings += 1;
        self.count(finding);
        self.host = self.host.and(finding.host);
        self.severity = self.severity.max(finding.severity);
        if !self.requirements.contains(&finding.requirement.id) {
            self.requirements.push(finding.requirement.id);
        }
        self.places.add(stands.0, &finding.subject);
        self.first_end = self.first_end.into_iter().chain(finding.ends).min();
        self.last_end = self.last_end.into_iter().chain(finding.ends).max();
    }
}

fn key(finding: &Finding, evidence: &Evidence) -> Key {
    let told_as = evidence.because.map_or(finding.requirement.id, |cause| cause.id);
    let culprit = evidence.culprit.clone().unwrap_or_else(|| Culprit::Definition(Arc::clone(&finding.subject)));
    Key { told_as, culprit }
}

/// A failure, and what it brings with it.
struct Failing<'a> {
    /// Its position among the findings.
    at: usize,
    finding: &'a Finding,
    evidence: &'a Evidence,
    /// The rows of the table of consequences that it sets off, each with its rank.
    rows: Vec<(usize, &'static Consequence)>,
}

impl<'a> Failing<'a> {
    /// The failures among some findings.
    fn among(findings: &'a [Finding]) -> Vec<Self> {
        let failing = findings.iter().enumerate().filter_map(|(at, finding)| match &finding.verdict {
            Verdict::Fail(evidence) => {
                let rows = consequence::of(finding.requirement.id, evidence.because).collect();
                Some(Self { at, finding, evidence, rows })
            }
            Verdict::Pass(_) | Verdict::NotApplicable(_) | Verdict::Unknown(_) => None,
        });
        failing.collect()
    }

    /// Whether it and another are one diagnosis anyway.
    fn is_same(&self, other: &Self) -> bool {
        let (one, other) = (self.evidence, other.evidence);
        one.because.is_some() && one.because == other.because && one.culprit == other.culprit
    }
}

/// Which other failure each follows from, by its position among them; `None`: none, it leads.
fn leaders(failing: &[Failing<'_>]) -> Vec<Option<usize>> {
    let direct: Vec<Option<usize>> = (0..failing.len()).map(|at| leader(at, failing)).collect();
    // What follows from something that follows, follows from what that follows from.
    (0..failing.len())
        .map(|at| {
            let mut leader = direct[at]?;
            for _ in 0..failing.len() {
                match direct[leader] {
                    Some(next) if next != at => leader = next,
                    Some(_) | None => break,
                }
            }
            Some(leader)
        })
        .collect()
}

fn leader(at: usize, failing: &[Failing<'_>]) -> Option<usize> {
    let one = &failing[at];
    let own = one.rows.first().map(|(rank, _)| *rank);
    let others = failing.iter().enumerate().filter(|(other, _)| *other != at);
    let leading = others.filter_map(|(other, leading)| {
        // What is accepted leads to nothing that is not, nor follows from it.
        if leading.finding.waived.is_some() != one.finding.waived.is_some() || one.is_same(leading) {
            return None;
        }
        let (rank, _) = leading.rows.iter().find(|(_, row)| {
            row.follows(one.finding.requirement.id, true) == Some(Kind::Derived)
                && row.takes(one.evidence.because)
                && reaches(row, leading.evidence, one.evidence.culprit.as_ref())
        })?;
        // Of two that could follow from each other the one that shows in an earlier phase leads.
        own.is_none_or(|own| *rank < own || (*rank == own && other < at)).then_some((*rank, other))
    });
    leading.min().map(|(_, other)| other)
}

/// Whether a diagnosis keeps a finding of another place from being decided.
fn blocks(diagnosis: &Diagnosis, finding: &Finding) -> bool {
    let mut rows = diagnosis.requirements.iter().flat_map(|id| consequence::of(id, diagnosis.cause));
    rows.any(|(_, row)| row.follows(finding.requirement.id, false) == Some(Kind::Blocked))
}

/// The failure that keeps something from being decided, and how.
fn blocking(finding: &Finding, failing: &[Failing<'_>]) -> Option<(usize, Kind)> {
    let found = failing.iter().enumerate().filter_map(|(at, leading)| {
        let follows =
            |(rank, row): &(usize, &Consequence)| Some((*rank, at, row.follows(finding.requirement.id, false)?));
        leading.rows.iter().find_map(follows)
    });
    found.min_by_key(|(rank, at, _)| (*rank, *at)).map(|(_, at, kind)| (at, kind))
}

/// Whether a consequence reaches from a failure to another about the same thing, whose culprit is this.
fn reaches(row: &Consequence, proof: &Evidence, other: Option<&Culprit>) -> bool {
    match row.reach {
        Reach::Run | Reach::Resolver | Reach::Device | Reach::Target | Reach::Address | Reach::Client | Reach::File => {
            true
        }
        Reach::Certificate | Reach::Authority | Reach::Url => match (other, &proof.culprit) {
            // Two different ones of the same kind are two things to put right.
            (Some(one), Some(two)) => one.kind() != two.kind() || one == two,
            (None, _) | (_, None) => true,
        },
    }
}
