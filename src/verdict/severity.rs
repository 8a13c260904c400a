//! How much a failure weighs, by profile.

use serde::{Deserialize, Serialize};

use crate::site::profile::ByProfile;

/// How much a failure weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// The document recommends it, or what is there works only for some clients.
    Warning,
    /// The document says must.
    Error,
}

impl Severity {
    /// All, heaviest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Severity is fixed by the document, never by the run; where the two profiles' documents differ, both are said.
pub type SeverityByProfile = ByProfile<Severity>;
