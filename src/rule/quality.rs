//! The form of a quality: one thing that can be right or wrong with any certificate, or with the path above it.

use super::credential::{Credential, unreadable};
use super::usage::Use;
use super::{Citation, EvidenceSource};
use crate::certificate::Facts;
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::Verdict;
use crate::verdict::severity::Severity;

/// A quality, as data.
#[derive(Debug)]
pub struct Quality {
    /// The second part of its requirements' ids, by use.
    pub slug: fn(Use) -> &'static str,
    /// The id its requirements share where servers present the certificate; `None`: each use has its own.
    pub servers: Option<&'static str>,
    /// What must be so, `{}` standing for the certificate.
    pub title: &'static str,
    /// The page `explain` shows. Taken from the doc comment.
    pub explanation: &'static str,
    /// Where the evidence comes from.
    pub evidence: &'static [EvidenceSource],
    /// What a chain out of a file can decide of it.
    pub decided_by: Decider,
    /// The comparison.
    pub judge: fn(&Credential<'_>, &Facts) -> Verdict,
    /// What it says of a certificate that cannot be read; `None`: it cannot be decided.
    pub unreadable: Option<fn(&Credential<'_>) -> Verdict>,
    /// Cases for a use: at least one that passes and one that fails.
    #[cfg(test)]
    pub(crate) cases: fn(Use) -> Vec<crate::requirement::case::Case>,
}

impl Quality {
    /// Judges a certificate, whether or not it can be read.
    pub fn verdict(&self, of: &Credential<'_>) -> Verdict {
        match (&of.certificate().facts, self.unreadable) {
            (Ok(facts), _) => (self.judge)(of, facts),
            (Err(_), Some(judge)) => judge(of),
            (Err(why), None) => unreadable(why),
        }
    }
}

/// What decides a quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// The certificate and the path above it.
    Certificate,
    /// The certificate and the name clients dial.
    Name,
    /// The certificate and the session it was presented in.
    Session,
    /// The chain as a server sends it.
    Chain,
}

/// Declares a quality: the doc comment becomes its explanation, and `cases` of the same file its test cases. What it says of
/// a certificate that cannot be read may follow.
macro_rules! quality {
    (@unreadable) => { None };
    (@unreadable $judge:expr) => { Some($judge) };
    ($(#[doc = $doc:literal])+ $name:ident { $($field:ident : $value:expr),+ $(,)? } $(unreadable: $judge:expr)?) => {
        $(#[doc = $doc])+
        pub static $name: $crate::rule::quality::Quality = $crate::rule::quality::Quality {
            explanation: concat!($($doc, "\n"),+),
            $($field: $value,)+
            unreadable: quality!(@unreadable $($judge)?),
            #[cfg(test)]
            cases: cases::all,
        };
    };
}
pub(crate) use quality;

/// A cell of the table uses × qualities, under each profile.
#[derive(Clone, Copy, Debug)]
pub struct Cell(pub ByProfile<Half>);

/// A cell under one profile.
#[derive(Clone, Copy, Debug)]
pub enum Half {
    /// Judged: how much a failure weighs, and the document that asks for it.
    Judged(Severity, &'static super::document::Document),
    /// Not judged, and why.
    Empty(&'static Reason),
}

/// Why a cell is empty.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its number in the table.
    pub number: u8,
    /// In words.
    pub words: &'static str,
}

/// A row of the catalogue that is made of cells: a quality, asked of one use or, under a shared id, of several.
#[derive(Debug)]
pub struct Row {
    /// The quality.
    pub quality: &'static Quality,
    /// The uses, and what each's cell says.
    pub cells: Vec<(Use, Cell, ByProfile<Citation>)>,
}

impl Row {
    /// The cell of a use; `None`: the row does not concern it.
    pub fn cell(&self, of: Use) -> Option<(&Cell, &ByProfile<Citation>)> {
        self.cells.iter().find(|(one, ..)| *one == of).map(|(_, cell, citation)| (cell, citation))
    }

    /// Why a use is not judged under a profile; `None`: it is.
    pub fn excludes(&self, of: Use, profile: Profile) -> Option<&'static str> {
        match self.cell(of)?.0.0.under(profile) {
            Half::Judged(..) => None,
            Half::Empty(reason) => Some(reason.words),
        }
    }
}
