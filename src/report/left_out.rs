//! What a run leaves out by its options: what was not asked is neither met nor gone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a run left out, and by which options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOutReport {
    /// The options that leave something out, as they are written; empty: nothing is left out.
    pub options: Vec<String>,
    /// What an option leaves nothing of, each in a sentence.
    pub notes: Vec<String>,
    /// The names of the definition that were not dialled because of them.
    pub targets: Vec<String>,
    /// The requirements that were decided nowhere because of them.
    pub requirements: Vec<String>,
}
