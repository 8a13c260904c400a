//! TLS alerts as they stand on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// 1 warning, 2 fatal; `None`: the engine does not say.
    pub level: Option<u8>,
    /// The description's number.
    pub description: u8,
}
