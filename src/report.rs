//! What a run says, as a document: stable, versioned structures of their own, and one file for each format that writes
//! them. Pure: everything here takes data and gives data or text; who reads the text is the caller's business.

pub mod calendar;
pub mod catalogue;
pub mod certificate;
pub mod change;
pub mod circumstances;
pub mod diagnosis;
pub mod difference;
pub mod document;
pub mod endpoint;
pub mod file;
pub mod finding;
pub mod json;
pub mod jsonl;
pub mod list;
mod page;
pub mod plan;
pub mod reach;
pub mod read;
pub mod schema;
pub mod text;
mod tool;

pub use page::escape;

use crate::judgement::Finding;
use crate::verdict::Verdict;

/// The formats a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people.
    Text,
    /// The whole document.
    Json,
    /// A line for each endpoint as it finishes, then a summary.
    Jsonl,
}

impl Format {
    /// Every format, in the order help shows them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Jsonl];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == text)
    }
}

/// Which findings a report lists. All are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Failures, waived ones too, and what could not be decided.
    #[default]
    Failures,
    /// Every finding.
    All,
}

impl Show {
    /// Whether a finding is listed.
    pub const fn lists(self, finding: &Finding) -> bool {
        match (self, &finding.verdict) {
            (Self::All, _) | (Self::Failures, Verdict::Fail(_) | Verdict::Unknown(_)) => true,
            (Self::Failures, Verdict::Pass(_) | Verdict::NotApplicable(_)) => false,
        }
    }
}
