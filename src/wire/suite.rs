//! Cipher suites and groups by their numbers; [`super::registry`] names them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cipher suite's number in IANA's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CipherSuite(pub u16);

/// A named group's number in IANA's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NamedGroup(pub u16);
