//! What findings add up to, and what that means for the run.

use serde::{Deserialize, Serialize};

use crate::judgement::Finding;
use crate::verdict::Verdict;
use crate::verdict::severity::Severity;

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requirements met.
    pub pass: usize,
    /// Failures nothing excuses, by severity.
    pub fail: FailCounts,
    /// Failures a waiver covers.
    pub waived: usize,
    /// Not decided.
    pub unknown: usize,
    /// Not decided, of severity error.
    pub unknown_errors: usize,
    /// Outside the requirement's scope.
    pub not_applicable: usize,
}

/// Failures by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FailCounts {
    /// The document says must.
    #[serde(default)]
    pub error: usize,
    /// The document recommends.
    #[serde(default)]
    pub warning: usize,
    /// Worth knowing.
    #[serde(default)]
    pub notice: usize,
}

impl FailCounts {
    /// Counts so many more of a severity.
    pub const fn count(&mut self, severity: Severity, more: usize) {
        let of = match severity {
            Severity::Error => &mut self.error,
            Severity::Warning => &mut self.warning,
            Severity::Notice => &mut self.notice,
        };
        *of += more;
    }
}

impl std::ops::AddAssign for FailCounts {
    fn add_assign(&mut self, more: Self) {
        self.error += more.error;
        self.warning += more.warning;
        self.notice += more.notice;
    }
}

impl Tally {
    /// Leaves out what was undecided only because of something that a waiver accepts.
    pub const fn excuse(&mut self, undecided: Undecided) {
        self.unknown -= undecided.all;
        self.unknown_errors -= undecided.errors;
        self.waived += undecided.all;
    }

    /// Counts findings.
    pub fn add_all(&mut self, findings: &[Finding]) {
        findings.iter().for_each(|finding| self.add(finding));
    }

    /// Counts a finding.
    pub fn add(&mut self, finding: &Finding) {
        match &finding.verdict {
            Verdict::Pass(_) => self.pass += 1,
            Verdict::NotApplicable(_) => self.not_applicable += 1,
            Verdict::Unknown(_) if finding.waived.is_some() => self.waived += 1,
            Verdict::Unknown(_) => {
                self.unknown += 1;
                if finding.severity == Severity::Error {
                    self.unknown_errors += 1;
                }
            }
            Verdict::Fail(_) if finding.waived.is_some() => self.waived += 1,
            Verdict::Fail(_) => self.fail.count(finding.severity, 1),
        }
    }

    /// Failures at or above a severity.
    pub fn failing(&self, at_least: Severity) -> usize {
        match at_least {
            Severity::Error => self.fail.error,
            Severity::Warning => self.fail.error + self.fail.warning,
            Severity::Notice => self.fail.error + self.fail.warning + self.fail.notice,
        }
    }

    /// How the run ended, for its exit code.
    pub fn outcome(&self, fail_on: Severity) -> Outcome {
        if self.failing(fail_on) > 0 {
            Outcome::Failed
        } else if self.unknown_errors > 0 {
            Outcome::Undecided
        } else {
            Outcome::Passed
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything decided, nothing failed at or above the bar.
    Passed,
    /// Something failed at or above the bar.
    Failed,
    /// Nothing failed, but a requirement of severity error could not be decided.
    Undecided,
    /// Nothing failed, but something changed.
    Changed,
}

impl Outcome {
    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Undecided => 3,
            Self::Changed => 4,
        }
    }

    /// What the exit code means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Passed => "everything was decided and nothing failed",
            Self::Failed => "something failed",
            Self::Undecided => "nothing failed, but something that must hold could not be decided",
            Self::Changed => "nothing failed, but something changed",
        }
    }
}

/// How much of something is undecided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undecided {
    /// Of severity error.
    pub errors: usize,
    /// Of any severity.
    pub all: usize,
}
