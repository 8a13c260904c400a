//! What changed between two reports, as documents have it. Who finds it is [`super::difference`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tool::Tool;
use crate::verdict::severity::Severity;
use crate::wire::timestamp::Timestamp;

/// The version of the document; additive changes keep the first number.
pub const SCHEMA_VERSION: &str = "1.0";

/// What changed from one report to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The version of this format.
    pub schema_version: String,
    /// What wrote it.
    pub tool: Tool,
    /// As of when the earlier report was judged.
    pub before: Timestamp,
    /// As of when the later report was judged.
    pub after: Timestamp,
    /// What the two reports are of, or are held against, where it differs: the site, the documents. Then what else differs
    /// is no change of one site.
    #[serde(default)]
    pub grounds: Vec<GroundsChange>,
    /// What is wrong, each cause with its culprit once, and was not before.
    pub new_diagnoses: Vec<DiagnosisChange>,
    /// What was wrong and is not any more.
    pub gone_diagnoses: Vec<DiagnosisChange>,
    /// What is still wrong, at other places.
    pub changed_diagnoses: Vec<DiagnosisChange>,
    /// Failures and open questions that were not there before, those of diagnoses included.
    pub new_findings: Vec<FindingChange>,
    /// Failures and open questions that are not there any more.
    pub gone_findings: Vec<FindingChange>,
    /// Those whose verdict, waiver or evidence is another.
    pub changed_findings: Vec<FindingChange>,
    /// Names that were not dialled before.
    pub new_targets: Vec<String>,
    /// Names that are not dialled any more.
    pub gone_targets: Vec<String>,
    /// Certificates that changed, each pair once with every target that shows it.
    pub certificates: Vec<CertificateChange>,
    /// Addresses that changed, by target.
    pub addresses: Vec<Change>,
    /// Whether an endpoint answers, by target.
    pub reachability: Vec<Change>,
    /// Versions, suites and requests for client certificates that changed, by target.
    pub sessions: Vec<SessionChange>,
    /// Names of the definition that one of the two runs left out by its options; they count as unchanged.
    #[serde(default)]
    pub not_compared: Vec<String>,
}

/// What two reports are of, or are held against, where it differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroundsChange {
    /// What: `site` (its code), `profile`.
    pub what: String,
    /// In the earlier report.
    pub before: String,
    /// In the later report.
    pub after: String,
}

impl GroundsChange {
    /// In a sentence.
    pub fn words(&self) -> String {
        let (before, after) = (&self.before, &self.after);
        match self.what.as_str() {
            "site" => format!("The two reports are of different sites: {before}, then {after}."),
            _ => format!("The two reports are held against different documents: {before}, then {after}."),
        }
    }
}

/// A diagnosis that came, went, or shows elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosisChange {
    /// Its id in the later report; of one that went, in the earlier.
    pub id: String,
    /// The cause's id.
    pub cause: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in a sentence that names the culprit.
    pub title: String,
    /// Targets, lookups and files where it shows and did not before.
    pub new_places: Vec<String>,
    /// Those where it showed and does not any more.
    pub gone_places: Vec<String>,
}

/// A finding that came, went or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChange {
    /// The requirement's id.
    pub requirement: String,
    /// What it is about: a target, lookup or file, without address.
    pub about: String,
    /// How much a failure weighs.
    pub severity: Severity,
    /// What came of it before; `null`: nothing worth listing.
    pub before: Option<FindingSide>,
    /// What comes of it now; `null`: nothing worth listing.
    pub after: Option<FindingSide>,
}

/// One side of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct FindingSide {
    /// `fail` or `unknown`.
    pub verdict: String,
    /// In a sentence.
    pub message: String,
    /// What was seen.
    pub observed: Vec<String>,
    /// The waiver's reason, where one covers it.
    pub waived: Option<String>,
    /// The id of the diagnosis it is part of; `null`: none.
    pub diagnosis: Option<String>,
}

/// Something that was one set of values and is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The target.
    pub target: String,
    /// What it was.
    pub before: Vec<String>,
    /// What it is.
    pub after: Vec<String>,
}

/// Something about sessions that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionChange {
    /// The target.
    pub target: String,
    /// `protocol`, `cipher`, `versions accepted`, `client certificate`, …
    pub what: String,
    /// What it was.
    pub before: Vec<String>,
    /// What it is.
    pub after: Vec<String>,
}

/// A certificate in place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateChange {
    /// The targets.
    pub targets: Vec<String>,
    /// `leaf`, or `chain 1` for the next one sent, and so on.
    pub place: String,
    /// Thumbprint (SHA-1) and subject of what was presented; `null`: nothing in this place.
    pub before: Option<String>,
    /// Thumbprint (SHA-1) and subject of what is presented; `null`: nothing in this place.
    pub after: Option<String>,
    /// What differs, each with both sides.
    pub differs: Vec<String>,
}
