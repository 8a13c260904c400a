//! The frame of requirements: their form, whom they concern, what a check may look at, which sentence they rest on. Names
//! no requirement.

pub mod credential;
pub mod document;
pub mod handed_out;
pub mod met;
pub mod quality;
pub mod scope;
pub mod search;
pub mod subject;
pub mod usage;

use serde::Serialize;

use crate::site::profile::ByProfile;
use crate::verdict::Verdict;
use crate::verdict::severity::SeverityByProfile;
use credential::Credential;
use document::Document;
use quality::Row;
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
    /// The sentence it rests on, by profile.
    pub citation: ByProfile<Citation>,
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
    pub(crate) cases: Cases,
}

/// A requirement's cases.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cases {
    /// Of its own.
    Own(fn() -> Vec<crate::requirement::case::Case>),
    /// A quality's, for one use.
    OfUse(fn(usage::Use) -> Vec<crate::requirement::case::Case>, usage::Use),
}

#[cfg(test)]
impl Cases {
    /// The cases.
    pub(crate) fn all(self) -> Vec<crate::requirement::case::Case> {
        match self {
            Self::Own(cases) => cases(),
            Self::OfUse(cases, of) => cases(of),
        }
    }
}

impl PartialEq for Requirement {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// Declares a requirement: the doc comment becomes its explanation, and `cases` of the same file its test cases.
macro_rules! requirement {
    ($(#[doc = $doc:literal])+ $name:ident {
        id: $id:expr,
        title: $title:expr,
        severity: $severity:expr,
        citation: $citation:expr,
        $($field:ident : $value:expr),+ $(,)?
    }) => {
        $crate::rule::requirement! {
            $(#[doc = $doc])+ $name {
                id: $id,
                title: $title,
                severity: $severity,
                citations: $crate::site::profile::ByProfile::both($citation),
                $($field: $value),+
            }
        }
    };
    ($(#[doc = $doc:literal])+ $name:ident {
        id: $id:expr,
        title: $title:expr,
        severity: $severity:expr,
        citations: $citations:expr,
        $($field:ident : $value:expr),+ $(,)?
    }) => {
        $(#[doc = $doc])+
        pub static $name: $crate::rule::Requirement = $crate::rule::Requirement {
            explanation: concat!($($doc, "\n"),+),
            id: $id,
            title: $title,
            severity: $severity,
            citation: $citations,
            $($field: $value,)+
            #[cfg(test)]
            cases: $crate::rule::Cases::Own(cases::all),
        };
    };
}
pub(crate) use requirement;

/// The place a requirement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Citation {
    /// The document.
    pub document: &'static Document,
    /// Where in it: a table's row and column, or a section.
    pub place: &'static str,
}

impl PartialEq for Citation {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.place == other.place
    }
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
    Site(fn(&SiteSubject<'_>) -> Vec<(SiteId, Verdict)>),
    /// A certificate for its use, wherever it is met: at an endpoint or in a file.
    Quality(&'static Row),
    /// A certificate for one use, wherever it is met, by a rule that is no quality.
    OfUse(usage::Use, fn(&Credential<'_>, &crate::certificate::Facts) -> Verdict),
    /// An endpoint, and the files of the scope's uses.
    EndpointAndFile(fn(&EndpointSubject<'_>) -> Verdict, fn(&FileSubject<'_>) -> Verdict),
    /// A waiver of the definition, after everything else was judged.
    Waiver(fn(&WaiverSubject<'_>) -> Verdict),
}

/// What a finding about the whole site is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId {
    /// The system, cluster, proxy or client it belongs to.
    pub system: std::sync::Arc<str>,
    /// What of it, and where from; empty: all of it.
    pub what: Vec<std::sync::Arc<str>>,
}

impl SiteId {
    /// About a system as a whole.
    pub fn of(system: impl Into<std::sync::Arc<str>>) -> Self {
        Self { system: system.into(), what: Vec::new() }
    }

    /// About a part of it.
    #[must_use]
    pub fn with(mut self, part: impl Into<std::sync::Arc<str>>) -> Self {
        self.what.push(part.into());
        self
    }

    /// As reports write it.
    pub fn text(&self) -> String {
        let mut text = self.system.to_string();
        for part in &self.what {
            text.push('/');
            text.push_str(part);
        }
        text
    }
}
