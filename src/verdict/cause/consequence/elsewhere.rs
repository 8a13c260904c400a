//! What shows at other things of the run, too.

/// What a failure brings with it where another thing of the run is asked.
#[derive(Debug)]
pub struct Elsewhere {
    /// The causes that bring it about.
    pub of: &'static [&'static str],
    /// The causes by which it shows there.
    pub shows_as: &'static [&'static str],
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
}

/// What shows elsewhere, too.
pub static ELSEWHERE: &[Elsewhere] = &[
    // A proxy that does not open the connection has no leg of its own, and needs no certificate for it.
    Elsewhere { of: &["mode-differs"], shows_as: &["no-certificate-for-inner-leg"], shares: Shared::System },
    // A gateway that does not answer as one lets no client in.
    Elsewhere { of: &["service"], shows_as: &["application-pool-stopped"], shares: Shared::System },
    // What stands behind a proxy is met there once more.
    Elsewhere { of: &["enhanced-http"], shows_as: &["enhanced-http"], shares: Shared::BehindProxy },
    Elsewhere { of: &["possible-impersonation"], shows_as: &["possible-impersonation"], shares: Shared::BehindProxy },
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
            "handshake-silent",
            "server-fails-in-handshake",
        ],
        shows_as: &["gateway-cannot-reach-server", "inner-leg-fails"],
        shares: Shared::BehindProxy,
    },
];
