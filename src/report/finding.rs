//! A finding, as documents have it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diagnosis::CulpritReport;
use super::waived::WaivedReport;
use crate::judgement::Finding;
use crate::rule::Citation;
use crate::verdict::Verdict;
use crate::verdict::severity::Severity;

/// A requirement, what it was held against, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingReport {
    /// The requirement's id.
    pub requirement: Cow<'static, str>,
    /// How much a failure weighs under the site's profile.
    pub severity: Severity,
    /// What came of it.
    pub verdict: VerdictWord,
    /// What it is about: the id of an endpoint; of a name at a vantage, where the finding is about all its endpoints or
    /// there is none; of a lookup; or a file's name. A line of `jsonl` leaves it out where it is the line's `id`.
    #[serde(default)]
    pub endpoint: String,
    /// What must be so.
    pub title: Cow<'static, str>,
    /// What is wrong, or why it is not known, or why it does not apply; for a pass, the title.
    pub message: Cow<'static, str>,
    /// What would be right; empty where it is so.
    #[serde(default)]
    pub expected: Vec<String>,
    /// What was seen.
    #[serde(default)]
    pub observed: Vec<String>,
    /// The diagnosis it is part of, by its id in `diagnoses[]`; of what could not be decided, the one it follows from;
    /// `null`: none explains it.
    pub diagnosis: Option<String>,
    /// What brings a failure about, by the cause's id.
    pub cause_id: Option<Cow<'static, str>>,
    /// What has to be put right.
    pub culprit: Option<CulpritReport>,
    /// What brings a failure about, as far as the evidence tells.
    pub cause: Option<String>,
    /// What to do about a failure: its diagnosis' remedy, or that of what the diagnosis follows from. In lines of `jsonl`
    /// the diagnosis has it.
    pub remedy: Option<Cow<'static, str>>,
    /// The sentence it rests on.
    pub citation: CitationReport,
    /// Why it could not be decided, and what would decide it.
    pub unknown: Option<UnknownReport>,
    /// Why a failure is accepted.
    pub waived: Option<WaivedReport>,
}

/// What came of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictWord {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// It does not concern this subject.
    NotApplicable,
    /// It could not be decided.
    Unknown,
}

impl VerdictWord {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

/// The place a requirement rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CitationReport {
    /// The document's title.
    pub document: Cow<'static, str>,
    /// Where in it.
    pub place: Cow<'static, str>,
}

impl From<&Citation> for CitationReport {
    fn from(citation: &Citation) -> Self {
        Self { document: citation.document.title.into(), place: citation.place.into() }
    }
}

/// Why something could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct UnknownReport {
    /// Why.
    pub why: String,
    /// What would decide it.
    pub decided_by: String,
}

impl FindingReport {
    /// Whether it fails and nothing excuses it.
    pub const fn fails(&self) -> bool {
        matches!(self.verdict, VerdictWord::Fail) && self.waived.is_none()
    }
}

impl From<Finding> for FindingReport {
    fn from(finding: Finding) -> Self {
        let requirement = finding.requirement;
        let mut report = Self {
            requirement: requirement.id.into(),
            severity: finding.severity,
            verdict: VerdictWord::Pass,
            endpoint: finding.subject.as_ref().to_owned(),
            title: requirement.title.into(),
            message: requirement.title.into(),
            expected: Vec::new(),
            observed: Vec::new(),
            diagnosis: None,
            cause_id: None,
            culprit: None,
            cause: None,
            remedy: None,
            citation: (&finding.citation).into(),
            unknown: None,
            waived: finding.waived.as_ref().map(Into::into),
        };
        match finding.verdict {
            Verdict::Pass(observed) => report.observed = observed,
            Verdict::Fail(evidence) => {
                report.verdict = VerdictWord::Fail;
                report.message = evidence.message.into();
                report.expected = evidence.expected;
                report.observed = evidence.observed;
                report.cause_id = evidence.because.map(|cause| cause.id.into());
                report.culprit = evidence.culprit.as_ref().map(Into::into);
                let words = evidence.because.map(|cause| cause.words).unwrap_or_default();
                let told = [words, &evidence.cause].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>();
                report.cause = Some(told.join(" ")).filter(|cause| !cause.is_empty());
                let remedy = evidence.because.map(|cause| cause.remedy_at(finding.profile, finding.host));
                report.remedy = Some(remedy.unwrap_or(requirement.remedy).into());
            }
            Verdict::NotApplicable(why) => {
                report.verdict = VerdictWord::NotApplicable;
                report.message = why.into();
            }
            Verdict::Unknown(unknown) => {
                report.verdict = VerdictWord::Unknown;
                report.message = unknown.why.clone().into();
                report.unknown = Some(UnknownReport { why: unknown.why, decided_by: unknown.decided_by });
            }
        }
        report
    }
}
