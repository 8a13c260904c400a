//! How much a failure weighs, by profile.

use serde::{Deserialize, Serialize};

use crate::site::profile::Profile;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityByProfile {
    /// For a site of 2007 in native mode.
    pub native_mode_2007: Severity,
    /// For a Current Branch site.
    pub current_branch: Severity,
}

impl SeverityByProfile {
    /// The same for both profiles.
    pub const fn both(severity: Severity) -> Self {
        Self { native_mode_2007: severity, current_branch: severity }
    }

    /// The severity under a profile.
    pub const fn under(self, profile: Profile) -> Severity {
        match profile {
            Profile::NativeMode2007 => self.native_mode_2007,
            Profile::CurrentBranch => self.current_branch,
        }
    }
}
