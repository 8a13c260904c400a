//! The two sets of documents a site can be held against.

use serde::{Deserialize, Serialize};

/// Which documents are the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Configuration Manager 2007 in native mode: "Certificate Requirements for Native Mode".
    #[serde(rename = "native-mode-2007")]
    NativeMode2007,
    /// Configuration Manager Current Branch with HTTPS: "PKI certificate requirements for Configuration Manager".
    CurrentBranch,
}

impl Profile {
    /// Both, in the order reports use.
    pub const ALL: [Self; 2] = [Self::NativeMode2007, Self::CurrentBranch];

    /// The profile in a definition's or the command line's words.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == text)
    }

    /// The name in definitions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NativeMode2007 => "native-mode-2007",
            Self::CurrentBranch => "current-branch",
        }
    }
}

/// Whence it is known which documents are the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileSource {
    /// The definition says so.
    Declared,
    /// The command line says so.
    Flag,
    /// A management point named its version, which is of that profile.
    Observed(String),
    /// Nobody says anything: it is assumed.
    Default,
}

impl ProfileSource {
    /// The name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Flag => "flag",
            Self::Observed(_) => "observed",
            Self::Default => "default",
        }
    }
}

/// Something the two profiles' documents say each in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByProfile<T> {
    /// For a site of 2007 in native mode.
    pub native_mode_2007: T,
    /// For a Current Branch site.
    pub current_branch: T,
}

impl<T: Copy> ByProfile<T> {
    /// The same for both.
    pub const fn both(value: T) -> Self {
        Self { native_mode_2007: value, current_branch: value }
    }

    /// One for each.
    pub const fn each(native_mode_2007: T, current_branch: T) -> Self {
        Self { native_mode_2007, current_branch }
    }

    /// What holds under a profile.
    pub const fn under(self, profile: Profile) -> T {
        match profile {
            Profile::NativeMode2007 => self.native_mode_2007,
            Profile::CurrentBranch => self.current_branch,
        }
    }
}
