//! What judging says: verdicts, the evidence for them, and why something could not be decided. Names no requirement.

pub mod cause;
pub mod severity;

use cause::{Cause, Culprit};

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
    /// What brings this about, as far as the evidence tells, in words.
    pub cause: String,
    /// What brings this about.
    pub because: Option<&'static Cause>,
    /// What has to be put right; `None`: what the cause's kind of culprit is at the place the finding is about.
    pub culprit: Option<Culprit>,
    /// A failure that is told by itself where only it shows, and is the same thing: its cause and what it blames.
    pub same_as: Option<(&'static Cause, Culprit)>,
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

    /// Names what brings it about.
    pub const fn because(mut self, cause: &'static Cause) -> Self {
        self.because = Some(cause);
        self
    }

    /// Names what has to be put right, where it is not what the finding is about.
    pub fn culprit(mut self, culprit: Culprit) -> Self {
        self.culprit = Some(culprit);
        self
    }

    /// Names a failure that is the same thing.
    pub fn same_as(mut self, cause: &'static Cause, culprit: Culprit) -> Self {
        self.same_as = Some((cause, culprit));
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
