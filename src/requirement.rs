//! One checkable sentence of a document: its id, its weight, whom it concerns, what to do, and one pure comparison.
//!
//! Adding a requirement: write `src/requirement/<subject>/<requirement>.rs` (its doc comment is the `explain` page, its
//! cases stand beside it), name it in `src/requirement/<subject>.rs` and in [`catalogue`]. Nothing else changes: no
//! format, no command, no page. A test compares the catalogue with the files.

pub mod basis;
pub mod catalogue;
pub mod document;
pub mod scope;
pub mod subject;

#[cfg(test)]
pub(crate) mod case;

pub mod chain;
pub mod client;
pub mod client_authentication;
pub mod deployment;
pub mod distribution_point;
pub mod management_point;
pub mod mobile_device;
pub mod nlb;
pub mod proxy;
pub mod reachability;
pub mod revocation;
pub mod root;
pub mod session;
pub mod site_server;
pub mod software_update_point;
pub mod state_migration_point;
pub mod waiver;
pub mod web_server;

use serde::{Deserialize, Serialize};

use crate::site::profile::Profile;
use document::Document;
use scope::Scope;
use subject::{EndpointSubject, FileSubject, LookupSubject, SiteSubject, TargetSubject, WaiverSubject};

/// A requirement, as data.
#[derive(Debug)]
pub struct Requirement {
    /// `subject/requirement`: public, and never changes meaning.
    pub id: &'static str,
    /// One line: what must be so.
    pub title: &'static str,
    /// The page `explain` shows: what it asks, who is hurt, how it is seen. Taken from the doc comment.
    pub explanation: &'static str,
    /// How much a failure weighs, by profile.
    pub severity: SeverityByProfile,
    /// The sentence it rests on.
    pub citation: Citation,
    /// Where it applies.
    pub scope: Scope,
    /// Where the evidence comes from.
    pub evidence: &'static [EvidenceSource],
    /// What to do about a failure.
    pub remedy: &'static str,
    /// The comparison.
    pub check: Check,
    /// Cases every requirement brings: at least one that passes, one that fails, and one outside a narrower scope.
    #[cfg(test)]
    pub(crate) cases: fn() -> Vec<case::Case>,
}

impl PartialEq for Requirement {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// Declares a requirement: the doc comment becomes its explanation, and `cases` of the same file its test cases.
macro_rules! requirement {
    ($(#[doc = $doc:literal])+ $name:ident { $($field:ident : $value:expr),+ $(,)? }) => {
        $(#[doc = $doc])+
        pub static $name: $crate::requirement::Requirement = $crate::requirement::Requirement {
            explanation: concat!($($doc, "\n"),+),
            $($field: $value,)+
            #[cfg(test)]
            cases: cases::all,
        };
    };
}
pub(crate) use requirement;

/// How much a failure weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// The document recommends it, or what is there works only for some clients.
    Warning,
    /// The document says must.
    Error,
}

impl Severity {
    /// All, heaviest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Severity is fixed by the document, never by the run; where the two profiles' documents differ, both are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityByProfile {
    /// For a site of 2007 in native mode.
    pub native_mode_2007: Severity,
    /// For a Current Branch site.
    pub current_branch: Severity,
}

impl SeverityByProfile {
    /// The same for both profiles.
    pub const fn both(severity: Severity) -> Self {
        Self { native_mode_2007: severity, current_branch: severity }
    }

    /// The severity under a profile.
    pub const fn under(self, profile: Profile) -> Severity {
        match profile {
            Profile::NativeMode2007 => self.native_mode_2007,
            Profile::CurrentBranch => self.current_branch,
        }
    }
}

/// The place a requirement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Citation {
    /// The document.
    pub document: &'static Document,
    /// Where in it: a table's row and column, or a section.
    pub place: &'static str,
}

/// Where evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceSource {
    /// The site definition alone.
    Definition,
    /// The vantage's resolver.
    Dns,
    /// The TCP connection.
    Connection,
    /// The TLS handshake and the certificates in it.
    Handshake,
    /// An HTTP exchange on that connection.
    Exchange,
    /// A certificate file.
    File,
    /// The revocation lists a certificate names.
    RevocationList,
    /// Several endpoints of the site, seen together.
    Site,
}

/// The comparison, by what it looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One endpoint: an address and a port.
    Endpoint(fn(&EndpointSubject<'_>) -> Verdict),
    /// One name dialled from one vantage, with all its endpoints.
    Target(fn(&TargetSubject<'_>) -> Verdict),
    /// A question put to a resolver.
    Lookup(fn(&LookupSubject<'_>) -> Verdict),
    /// A certificate file.
    File(fn(&FileSubject<'_>) -> Verdict),
    /// Everything seen of the site; one verdict for each thing it is about, with that thing's id.
    Site(fn(&SiteSubject<'_>) -> Vec<(String, Verdict)>),
    /// A waiver of the definition, after everything else was judged.
    Waiver(fn(&WaiverSubject<'_>) -> Verdict),
}

/// What a check concludes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so; what was seen, where there is more to say than that.
    Pass(Vec<String>),
    /// It is not so.
    Fail(Box<Evidence>),
    /// It does not concern this subject; why.
    NotApplicable(&'static str),
    /// It could not be decided: what was not observed is never a pass and never a fail.
    Unknown(Unknown),
}

impl Verdict {
    /// It is so, and there is nothing to add.
    pub const fn pass() -> Self {
        Self::Pass(Vec::new())
    }

    /// It is so; this was seen.
    pub fn pass_with(observed: impl Into<String>) -> Self {
        Self::Pass(vec![observed.into()])
    }

    /// Could not be decided.
    pub fn unknown(why: impl Into<String>, decided_by: impl Into<String>) -> Self {
        Self::Unknown(Unknown { why: why.into(), decided_by: decided_by.into() })
    }

    /// The name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::NotApplicable(_) => "not-applicable",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Both sides of a failed comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What would be right.
    pub expected: Vec<String>,
    /// What was seen.
    pub observed: Vec<String>,
    /// What brings this about, as far as the evidence tells.
    pub cause: String,
}

impl Evidence {
    /// What is wrong, in one sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// Adds something that would be right.
    pub fn expected(mut self, value: impl Into<String>) -> Self {
        self.expected.push(value.into());
        self
    }

    /// Adds several things that would be right.
    pub fn expected_all<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.expected.extend(values.into_iter().map(Into::into));
        self
    }

    /// Adds something that was seen.
    pub fn observed(mut self, value: impl Into<String>) -> Self {
        self.observed.push(value.into());
        self
    }

    /// Adds several things that were seen.
    pub fn observed_all<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.observed.extend(values.into_iter().map(Into::into));
        self
    }

    /// Says what brings it about.
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    /// The verdict it is evidence for.
    pub fn fail(self) -> Verdict {
        Verdict::Fail(Box::new(self))
    }
}

/// Why something could not be decided, and what would decide it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Why.
    pub why: String,
    /// What would decide it.
    pub decided_by: String,
}
