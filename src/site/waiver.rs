//! Known, accepted deviations.

use time::Date;

use super::fault::Position;

/// A requirement a system is excused from, why, and until when.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The requirement's id.
    pub requirement: String,
    /// The system, cluster or proxy it holds for; `None`: all.
    pub system: Option<String>,
    /// Why the deviation is accepted.
    pub reason: String,
    /// The last day it holds; `None`: no end.
    pub until: Option<Date>,
    /// Where the definition names the requirement.
    pub at: Position,
    /// Where its table begins.
    pub defined_at: Position,
}
