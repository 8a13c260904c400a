//! What follows where a client does not get as far as a session: the files, the name, the proxy, the port, the handshake.

use super::rows::{
    ALL_LISTS, CLIENTS, CONNECTION, HELLO, LISTS, MADE_ON_THE_WAY, PATHS, PRESENTED, RESOLUTION, ROLES, SESSION,
    SIGNING,
};
use super::{Consequence, Phase, Reach, Trigger};

/// In the order in which a client passes them.
pub(super) static WAY: &[Consequence] = &[
    Consequence {
        of: Trigger::Causes(&["profile-differs"]),
        reach: Reach::Run,
        phase: Phase::Before,
        derived: &["management-point/site-signing-certificate"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["clock-wrong"]),
        reach: Reach::Run,
        phase: Phase::Before,
        derived: &[
            "*/validity",
            "*/expiry",
            "*/path-validity",
            "chain/leads-to-site-root",
            "*/leads-to-root",
            "session/clock",
            "root/standard",
            "revocation/current",
            "revocation/delta",
            "*/crl-current",
            "*/crl-expiry",
            "*/crl-delta",
            "management-point/site-signing-certificate",
        ],
        blocked: &[&["revocation/not-revoked", "*/not-revoked"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["judged-as-of"]),
        reach: Reach::Run,
        phase: Phase::Before,
        derived: &[
            "revocation/current",
            "revocation/delta",
            "revocation/expiry",
            "*/crl-current",
            "*/crl-delta",
            "*/crl-expiry",
        ],
        blocked: &[&["revocation/not-revoked", "*/not-revoked"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["pfx-without-key", "pfx-several-keys", "key-of-another", "password-differs"]),
        reach: Reach::File,
        phase: Phase::Before,
        derived: &["*/pkcs12", "*/key-matches"],
        blocked: &[
            &[
                "client/*",
                "monitoring/*",
                "mobile-device/*",
                "deployment/*",
                "distribution-point-client/*",
                "proxy-client/*",
                "proxy/client-auth-eku",
            ],
            CLIENTS,
            ROLES,
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&[
            "name-server-silent",
            "name-server-unusable",
            "name-server-fails",
            "name-server-refuses",
        ]),
        reach: Reach::Resolver,
        phase: Phase::Resolve,
        derived: &["reachability/name-resolves", "revocation/reachable", "*/crl-reachable"],
        blocked: &[RESOLUTION, CONNECTION, HELLO, PRESENTED, SESSION, LISTS, ALL_LISTS, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["reachability/name-resolves"]),
        reach: Reach::Target,
        phase: Phase::Resolve,
        blocked: &[
            &["reachability/internet-address"],
            CONNECTION,
            HELLO,
            PRESENTED,
            SESSION,
            LISTS,
            CLIENTS,
            ROLES,
            SIGNING,
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&[
            "proxy-wants-credentials",
            "proxy-forbids",
            "proxy-cannot-reach",
            "proxy-unresolved",
            "proxy-not-listening",
            "proxy-without-route",
            "proxy-silent",
            "proxy-redirects",
            "proxy-limits",
            "proxy-fails",
            "proxy-is-none",
        ]),
        reach: Reach::Device,
        phase: Phase::Proxy,
        derived: &["reachability/connects", "revocation/reachable", "*/crl-reachable"],
        blocked: &[RESOLUTION, CONNECTION, HELLO, PRESENTED, SESSION, LISTS, ALL_LISTS, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["reachability/connects"]),
        reach: Reach::Address,
        phase: Phase::Connect,
        blocked: &[CONNECTION, HELLO, PRESENTED, SESSION, LISTS, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["reachability/speaks-tls"]),
        reach: Reach::Address,
        phase: Phase::Hello,
        derived: &[
            "session/server-name",
            "session/hello-tolerance",
            "session/protocol",
            "session/reaches-clients",
            "session/reaches-old-clients",
        ],
        blocked: &[PRESENTED, SESSION, LISTS, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    // What swallows one hello may swallow others: whoever waits for an answer to them gives up.
    Consequence {
        of: Trigger::Causes(&["intolerant-of-new-hello"]),
        reach: Reach::Address,
        phase: Phase::Hello,
        blocked: &[SESSION, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["issuer-list-too-long"]),
        reach: Reach::Address,
        phase: Phase::Handshake,
        derived: &[
            "client-authentication/issuer-list-size",
            "session/message-size",
            "reachability/completes-handshake",
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["reachability/completes-handshake"]),
        reach: Reach::Address,
        phase: Phase::Handshake,
        derived: &["session/reaches-clients", "session/reaches-old-clients"],
        blocked: &[SESSION, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    // A server whose suites none of our engines has: what a handshake would show stays open with it.
    Consequence {
        of: Trigger::Causes(&["foreign-suites-alone"]),
        reach: Reach::Address,
        phase: Phase::Handshake,
        derived: &["session/reaches-old-clients", "session/forward-secrecy"],
        blocked: &[SESSION, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    // A server whose newest version is an old one has the suites of its time; what brings it the newer version brings these.
    Consequence {
        of: Trigger::Causes(&["old-versions-only"]),
        reach: Reach::Address,
        phase: Phase::Handshake,
        derived: &["session/forward-secrecy"],
        only: &["no-ephemeral-suite"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["intercepted-on-the-way"]),
        reach: Reach::Device,
        phase: Phase::Handshake,
        derived: MADE_ON_THE_WAY,
        blocked: &[PATHS, &["chain/*"], LISTS, ALL_LISTS, CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["key-does-not-fit", "elliptic-curve-key"]),
        reach: Reach::Address,
        phase: Phase::Handshake,
        derived: &["session/reaches-clients", "session/reaches-old-clients"],
        blocked: &[CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
];
