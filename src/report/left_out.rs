//! What a run leaves out by its options: what was not asked is neither met nor gone.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Report;

/// What a run left out, and by which options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOutReport {
    /// The options that leave something out, as they are written; empty: nothing is left out.
    pub options: Vec<String>,
    /// What an option leaves nothing of, each in a sentence.
    pub notes: Vec<String>,
    /// The names of the definition that were not dialled because of them.
    pub targets: Vec<String>,
    /// The requirements that were decided nowhere because of them.
    pub requirements: Vec<String>,
}

/// What two reports both looked at.
pub(super) struct Both<'a> {
    targets: HashSet<&'a str>,
    requirements: HashSet<&'a str>,
    /// Names, endpoints and files that were looked at by both.
    known: HashSet<&'a str>,
}

impl<'a> Both<'a> {
    pub(super) fn of(before: &'a Report, after: &'a Report) -> Self {
        let reports = [before, after];
        let left = || reports.into_iter().map(|report| &report.circumstances.left_out);
        let looked_at = |report: &'a Report| -> HashSet<&'a str> {
            let endpoints = report.endpoints.iter().flat_map(|endpoint| [endpoint.target(), endpoint.id.as_str()]);
            endpoints.chain(report.files.iter().map(|file| file.id.as_str())).collect()
        };
        let (old, new) = (looked_at(before), looked_at(after));
        Self {
            targets: left().flat_map(|left| &left.targets).map(String::as_str).collect(),
            requirements: left().flat_map(|left| &left.requirements).map(String::as_str).collect(),
            known: old.intersection(&new).copied().collect(),
        }
    }

    /// Whether one of them left a name out.
    pub(super) fn leaves_out(&self, target: &str) -> bool {
        self.targets.contains(target)
    }

    /// Whether what is said of a place can be compared: where names were left out, only of what both looked at.
    pub(super) fn compares(&self, about: &str) -> bool {
        self.targets.is_empty() || self.known.contains(about)
    }

    /// Whether both decided a requirement, if it applied.
    pub(super) fn decides(&self, requirement: &str) -> bool {
        !self.requirements.contains(requirement)
    }

    /// Whether both asked for something that requirements of a kind rest on.
    pub(super) fn asks(&self, kind: &str) -> bool {
        !self.requirements.iter().any(|requirement| requirement.starts_with(kind))
    }
}
