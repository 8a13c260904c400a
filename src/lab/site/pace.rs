//! How fast a server gives its answer.

use std::time::Duration;

/// How an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As soon as it is asked for.
    AtOnce,
    /// After so long.
    After(Duration),
    /// An octet of its body now and an octet every second.
    Drip,
    /// Its body over and over, without end and without saying how much there will be.
    Flood,
}
