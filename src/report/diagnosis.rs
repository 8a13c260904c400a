//! A diagnosis, as documents have it: one cause with one culprit, wherever it shows. What finds diagnoses is another
//! room's work; here stands what is told of them.

use data_encoding::HEXLOWER;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::waived::WaivedReport;
use crate::diagnosis::{Diagnosis, MOST_NAMED, Named};
use crate::judgement::tally::FailCounts;
use crate::site::profile::Profile;
use crate::verdict::cause::shown::Shown;
use crate::verdict::cause::{Culprit, CulpritKind, for_site};
use crate::verdict::severity::Severity;
use crate::wire::timestamp::Timestamp;

/// One cause with one culprit, and everything that comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosisReport {
    /// Its id: the same from run to run for the same cause and culprit.
    pub id: String,
    /// The cause's id; `explain` has its page.
    pub cause: String,
    /// What has to be put right.
    pub culprit: CulpritReport,
    /// The heaviest severity of its findings.
    pub severity: Severity,
    /// What is wrong, in one sentence that names this culprit. A line of `jsonl` leaves it out where it is the culprit's
    /// name, a colon and the words.
    #[serde(default)]
    pub title: String,
    /// What the cause is, in a sentence.
    pub words: String,
    /// What would be right, as its first finding has it.
    #[serde(default)]
    pub expected: Vec<String>,
    /// What was seen, as its first finding has it.
    #[serde(default)]
    pub observed: Vec<String>,
    /// What to do about exactly this; of what follows from another diagnosis, what to do about that.
    pub remedy: String,
    /// How it shows where administrators look.
    #[serde(default)]
    pub symptom: Vec<SymptomReport>,
    /// The requirements that fail because of it, in the catalogue's order; in an endpoint's line of `jsonl` left out where
    /// the line's findings tell them.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// Where it shows, by id: endpoints, names, lookups, files; in `jsonl` the first ten.
    #[serde(default)]
    pub places: Vec<String>,
    /// At how many places it shows.
    pub place_count: usize,
    /// At how many systems it shows, where not every place is named, while the run is told; else none.
    #[serde(skip)]
    pub systems: usize,
    /// How many findings are this diagnosis.
    pub findings: usize,
    /// What follows from it, and is therefore not told by itself.
    pub consequences: ConsequencesReport,
    /// When the first of the certificates or lists it is about ends; `null`: it is about none.
    pub first_end: Option<Timestamp>,
    /// When the last of them ends.
    pub last_end: Option<Timestamp>,
    /// Why it is accepted; `null`: nothing excuses it.
    pub waived: Option<WaivedReport>,
    /// The id of the diagnosis at another thing of the run that this one follows from, and among whose consequences it
    /// counts; `null`: it stands by itself.
    #[serde(default)]
    pub follows: Option<String>,
}

impl DiagnosisReport {
    /// How many places a line of `jsonl` names.
    pub const PLACES_IN_A_LINE: usize = MOST_NAMED;

    /// The id of a cause with a culprit: the first 16 hexadecimal digits of SHA-256 over the cause's id, the culprit's
    /// kind and what tells it from others of its kind, joined by NUL.
    pub fn id(cause: &str, culprit: &CulpritReport) -> String {
        let which = culprit.fingerprint_sha256.as_deref().unwrap_or(&culprit.name);
        let digest = Sha256::digest([cause, culprit.kind.name(), which].join("\0"));
        let mut id = HEXLOWER.encode(&digest);
        id.truncate(16);
        id
    }

    /// What was found to be wrong, told under a profile, of the site with a code.
    pub fn of(diagnosis: &Diagnosis, profile: Profile, code: Option<&str>) -> Self {
        let culprit = CulpritReport::from(&diagnosis.culprit);
        let words = diagnosis.words();
        let names_all = diagnosis.places.named().count() == diagnosis.places.count();
        Self {
            id: Self::id(diagnosis.told_as, &culprit),
            cause: diagnosis.id().to_owned(),
            title: titled(&culprit, words),
            culprit,
            severity: diagnosis.severity,
            words: words.to_owned(),
            expected: diagnosis.expected.clone(),
            observed: diagnosis.observed.clone(),
            remedy: for_site(diagnosis.remedy(profile), code).into_owned(),
            symptom: diagnosis.symptoms().into_iter().map(SymptomReport::from).collect(),
            requirements: diagnosis.requirements.iter().map(|id| (*id).to_owned()).collect(),
            places: diagnosis.places.named().map(|place| place.as_ref().to_owned()).collect(),
            place_count: diagnosis.places.count(),
            systems: if names_all { 0 } else { diagnosis.system_count() },
            findings: diagnosis.findings,
            consequences: ConsequencesReport { fail: diagnosis.derived, unknown: diagnosis.blocked },
            first_end: diagnosis.first_end,
            last_end: diagnosis.last_end,
            waived: diagnosis.waived.as_ref().map(Into::into),
            follows: diagnosis.follows.as_ref().map(|leader| Self::named(&leader.named)),
        }
    }

    /// Whether it is told by itself: nothing excuses it, and it follows from nothing.
    pub const fn is_told(&self) -> bool {
        self.waived.is_none() && self.follows.is_none()
    }

    /// The id of the diagnosis of a name.
    pub fn named(named: &Named) -> String {
        Self::id(named.told_as, &CulpritReport::from(&named.culprit))
    }

    /// As a line of `jsonl` has it: with the count of its places and the first of them.
    pub fn in_a_line(mut self) -> Self {
        self.places.truncate(Self::PLACES_IN_A_LINE);
        self.lean()
    }

    /// With what another line tells of the same.
    pub(super) fn merge(&mut self, more: Self) {
        self.severity = self.severity.max(more.severity);
        for requirement in more.requirements {
            if !self.requirements.contains(&requirement) {
                self.requirements.push(requirement);
            }
        }
        self.places.extend(more.places);
        self.place_count += more.place_count;
        self.findings += more.findings;
        self.consequences.fail += more.consequences.fail;
        self.consequences.unknown += more.consequences.unknown;
        self.first_end = self.first_end.into_iter().chain(more.first_end).min();
        self.last_end = self.last_end.into_iter().chain(more.last_end).max();
        if more.waived.is_none() {
            self.waived = None;
        }
    }

    /// Without the title, where the rest tells it.
    pub(super) fn lean(mut self) -> Self {
        if self.title == titled(&self.culprit, &self.words) {
            self.title.clear();
        }
        self
    }

    /// With its title.
    pub(super) fn whole(mut self) -> Self {
        if self.title.is_empty() {
            self.title = titled(&self.culprit, &self.words);
        }
        self
    }
}

/// What is wrong with a culprit, in one sentence.
fn titled(culprit: &CulpritReport, words: &str) -> String {
    format!("{}: {words}", culprit.name)
}

/// What has to be put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct CulpritReport {
    /// What kind of thing it is.
    pub kind: CulpritWord,
    /// Which one: a certificate's subject, a URL, an address, a name in the definition, a file.
    pub name: String,
    /// Of a certificate or an authority: SHA-256 over its bytes, lower-case hexadecimal.
    pub fingerprint_sha256: Option<String>,
}

/// Kinds of things that have to be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CulpritWord {
    /// A certificate that was judged.
    Certificate,
    /// An authority's certificate above it.
    Authority,
    /// A URL a certificate or a list names.
    Url,
    /// A vantage's name server.
    Resolver,
    /// An address, or the server at it.
    Address,
    /// A line of the definition, a setting of the site, or a name in DNS.
    Definition,
    /// A file.
    File,
    /// A device on the way.
    Device,
    /// The machine the probe runs on.
    Machine,
}

impl CulpritWord {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Authority => "authority",
            Self::Url => "url",
            Self::Resolver => "resolver",
            Self::Address => "address",
            Self::Definition => "definition",
            Self::File => "file",
            Self::Device => "device",
            Self::Machine => "machine",
        }
    }
}

impl From<CulpritKind> for CulpritWord {
    fn from(kind: CulpritKind) -> Self {
        match kind {
            CulpritKind::Certificate => Self::Certificate,
            CulpritKind::Authority => Self::Authority,
            CulpritKind::Url => Self::Url,
            CulpritKind::Resolver => Self::Resolver,
            CulpritKind::Address => Self::Address,
            CulpritKind::Definition => Self::Definition,
            CulpritKind::File => Self::File,
            CulpritKind::Device => Self::Device,
            CulpritKind::Machine => Self::Machine,
        }
    }
}

impl From<&Culprit> for CulpritReport {
    fn from(culprit: &Culprit) -> Self {
        let (name, fingerprint) = match culprit {
            Culprit::Certificate { fingerprint, subject } => (subject.to_string(), Some(fingerprint)),
            Culprit::Authority { fingerprint, subject } => (subject.to_string(), fingerprint.as_ref()),
            Culprit::Url(url) => (url.to_string(), None),
            Culprit::Resolver { vantage, server } => (format!("{server} of vantage {vantage}"), None),
            Culprit::Address(address) => (address.to_string(), None),
            Culprit::Named(what) | Culprit::Definition(what) | Culprit::File(what) | Culprit::Device(what) => {
                (what.to_string(), None)
            }
            Culprit::Machine => ("this machine".to_owned(), None),
        };
        let fingerprint_sha256 = fingerprint.map(|bytes| HEXLOWER.encode(bytes));
        Self { kind: culprit.kind().into(), name, fingerprint_sha256 }
    }
}

/// How a failure shows where administrators look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SymptomReport {
    /// At the client: log file, line, codes; `null`: nothing is seen there.
    pub client: Option<String>,
    /// At the server: event, IIS status; `null`: nothing is seen there.
    pub server: Option<String>,
    /// How else it shows, or why nothing is seen; `null`: the two say it all.
    #[serde(default)]
    pub also: Option<String>,
}

impl From<Shown> for SymptomReport {
    fn from(shown: Shown) -> Self {
        Self { client: shown.client, server: shown.server, also: shown.also }
    }
}

/// What follows from a diagnosis. Lines of `jsonl` leave out counts of none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsequencesReport {
    /// Requirements that fail only because of it.
    #[serde(default)]
    pub fail: FailCounts,
    /// Requirements that could not be decided because of it.
    #[serde(default)]
    pub unknown: usize,
}

impl ConsequencesReport {
    /// All of them.
    pub const fn count(&self) -> usize {
        self.fail.error + self.fail.warning + self.fail.notice + self.unknown
    }
}
