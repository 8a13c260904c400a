//! Waivers, as reports have them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::judgement::Waived;

/// Why a failure is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct WaivedReport {
    /// The waiver's reason.
    pub reason: String,
    /// The last day it holds; `null`: no end.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

impl From<&Waived> for WaivedReport {
    fn from(waived: &Waived) -> Self {
        Self { reason: waived.reason.as_ref().to_owned(), until: waived.until }
    }
}
