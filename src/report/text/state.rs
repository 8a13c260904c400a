//! How an endpoint or a file stands: the worst that is said of it, and by which numbers it is told below.

use std::collections::{BTreeSet, HashMap};

use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::page::Ink;
use crate::verdict::severity::Severity;

/// How an endpoint or a file stands, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::report) enum State {
    #[default]
    Pass,
    Notice,
    Unknown,
    Warning,
    Fail,
}

impl State {
    pub(in crate::report) const fn of(finding: &FindingReport) -> Self {
        match (finding.verdict, finding.severity) {
            (VerdictWord::Fail | VerdictWord::Unknown, _) if finding.waived.is_some() => Self::Pass,
            (VerdictWord::Fail, severity) => Self::failing(severity),
            (VerdictWord::Unknown, Severity::Error) => Self::Unknown,
            (VerdictWord::Pass | VerdictWord::NotApplicable, _)
            | (VerdictWord::Unknown, Severity::Warning | Severity::Notice) => Self::Pass,
        }
    }

    pub(in crate::report) const fn failing(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Fail,
            Severity::Warning => Self::Warning,
            Severity::Notice => Self::Notice,
        }
    }

    pub(in crate::report) const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Notice => "note",
            Self::Unknown => "?",
            Self::Warning => "warn",
            Self::Fail => "FAIL",
        }
    }

    pub(in crate::report) const fn ink(self) -> Ink {
        match self {
            Self::Pass => Ink::Good,
            Self::Notice => Ink::Notice,
            Self::Unknown | Self::Warning => Ink::Warning,
            Self::Fail => Ink::Error,
        }
    }
}

/// How something stands, and under which numbers that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::report) struct Standing {
    pub(in crate::report) state: State,
    pub(in crate::report) numbers: BTreeSet<usize>,
}

impl Standing {
    pub(in crate::report) fn take(&mut self, other: &Self) {
        self.state = self.state.max(other.state);
        self.numbers.extend(&other.numbers);
    }

    /// The numbers, as a line ends with them; empty: there is none.
    pub(in crate::report) fn see(&self) -> String {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    }
}

/// How everything stands, by id.
#[derive(Debug, Default)]
pub(in crate::report) struct Standings<'a>(HashMap<&'a str, Standing>);

impl<'a> Standings<'a> {
    pub(in crate::report) fn add(&mut self, id: &'a str, state: State, number: Option<usize>) {
        let standing = self.0.entry(id).or_default();
        standing.state = standing.state.max(state);
        standing.numbers.extend(number);
    }

    /// Whether something is said of it.
    pub(in crate::report) fn knows(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// How what has any of these ids stands.
    pub(in crate::report) fn of(&self, ids: &[&str]) -> Standing {
        let mut all = Standing::default();
        for standing in ids.iter().filter_map(|id| self.0.get(id)) {
            all.take(standing);
        }
        all
    }
}
