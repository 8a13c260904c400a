//! What shows at other things of the run, too.

use super::Trigger;
use super::rows::{LACKING_A_NAME, MADE_ON_THE_WAY};

/// What a failure brings with it where another thing of the run is asked.
#[derive(Debug)]
pub struct Elsewhere {
    /// The causes that bring it about.
    pub of: &'static [&'static str],
    /// How it shows there: by these causes, or in nothing but these requirements.
    pub shows_as: Trigger,
    /// What the two must share.
    pub shares: Shared,
}

/// What two things of a run share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shared {
    /// They belong to the same system, cluster or proxy.
    System,
    /// The one stands behind the proxy at which the other shows.
    BehindProxy,
    /// The one is said of the proxy; the other shows through it, and nowhere else.
    ThroughProxy,
    /// Wherever the other shows, the one does.
    Place,
}

/// What shows elsewhere, too.
pub static ELSEWHERE: &[Elsewhere] = &[
    // A proxy that does not open the connection has no leg of its own, and needs no certificate for it.
    Elsewhere {
        of: &["mode-differs"],
        shows_as: Trigger::Causes(&["no-certificate-for-inner-leg"]),
        shares: Shared::System,
    },
    // Nor is it the system's certificate that is seen through a proxy that opens the connection, nor the proxy's where it
    // does not: which names are wanted of it is known once the definition says what the proxy does.
    Elsewhere { of: &["mode-differs"], shows_as: Trigger::Causes(LACKING_A_NAME), shares: Shared::ThroughProxy },
    // A gateway that does not answer as one lets no client in.
    Elsewhere { of: &["service"], shows_as: Trigger::Causes(&["application-pool-stopped"]), shares: Shared::System },
    // What stands behind a proxy is met there once more.
    Elsewhere { of: &["enhanced-http"], shows_as: Trigger::Causes(&["enhanced-http"]), shares: Shared::BehindProxy },
    Elsewhere {
        of: &["possible-impersonation"],
        shows_as: Trigger::Causes(&["possible-impersonation"]),
        shares: Shared::BehindProxy,
    },
    // What is shown in a system's place at one vantage is the device's: its authority, what it does not pass on.
    Elsewhere {
        of: &["intercepted-on-the-way"],
        shows_as: Trigger::Requirements(MADE_ON_THE_WAY),
        shares: Shared::Place,
    },
    // What answers nobody does not answer the proxy either.
    Elsewhere {
        of: &[
            "nothing-listens",
            "packets-dropped",
            "no-route",
            "plain-http-on-port",
            "other-service-on-port",
            "no-usable-certificate-bound",
            "nothing-in-common",
            "name-not-served",
            "hello-refused",
            "handshake-silent",
            "server-fails-in-handshake",
        ],
        shows_as: Trigger::Causes(&["gateway-cannot-reach-server", "inner-leg-fails"]),
        shares: Shared::BehindProxy,
    },
];
