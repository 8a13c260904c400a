//! What two reports both looked at: what one of them left out by its options is neither gone nor new.

use std::collections::HashSet;

use crate::report::document::Report;

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
