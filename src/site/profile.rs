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

    /// The name in definitions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NativeMode2007 => "native-mode-2007",
            Self::CurrentBranch => "current-branch",
        }
    }
}
