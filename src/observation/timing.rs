//! How long things took.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long each phase of a probe took, in milliseconds; `null`: the phase was not reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Timing {
    /// Turning the name into addresses.
    pub resolve: Option<Milliseconds>,
    /// Opening the TCP connection.
    pub connect: Option<Milliseconds>,
    /// The TLS handshake.
    pub handshake: Option<Milliseconds>,
    /// The HTTP exchange.
    pub exchange: Option<Milliseconds>,
    /// How much of the handshake's time may have been this machine's own: what it worked on it, and how late it woke its own
    /// tasks meanwhile, which can be more than all of it; `null`, or absent: not measured.
    #[serde(default)]
    pub own: Option<Milliseconds>,
}

impl Timing {
    /// Milliseconds of this machine's own that are worth telling: of an idle machine's own time nobody needs to know.
    pub const OWN_TOLD: f64 = 100.0;
}

/// A duration in milliseconds, to a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Milliseconds(pub f64);

impl From<Duration> for Milliseconds {
    fn from(duration: Duration) -> Self {
        Self((duration.as_secs_f64() * 100_000.0).round() / 100.0)
    }
}
