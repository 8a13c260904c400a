//! What follows from a cause: which other requirements fail with it and are the same thing once more, which cannot be
//! decided because of it, and which are no question any more. A failure that follows by no row of this table stands for
//! itself.

mod elsewhere;
mod rows;

pub use elsewhere::{ELSEWHERE, Elsewhere, Shared};

use rows::{
    ABOVE_THE_GAP, ALL_LISTS, ANSWERED_BY_ANOTHER, CLIENTS, CONNECTION, FILES, FOREIGN, HELLO, LIST_CONTENTS, LISTS,
    LISTS_AND_URLS, MADE_ON_THE_WAY, NOT_OF_AN_AUTHORITY, PATHS, PRESENTED, RESOLUTION, ROLES, SESSION, SIGNING,
    WHAT_ANOTHER_DOES,
};

use super::{Cause, matches};

/// What a failure brings with it.
#[derive(Debug)]
pub struct Consequence {
    /// The failure.
    pub of: Trigger,
    /// How far it reaches.
    pub reach: Reach,
    /// Where it stands among the things that stop a client: of two that block the same requirement, the earlier one is
    /// named.
    pub phase: Phase,
    /// Patterns of the requirements that fail with it: one and the same thing.
    pub derived: &'static [&'static str],
    /// The causes by which they do; empty: whatever cause they name.
    pub only: &'static [&'static str],
    /// Patterns of the requirements that cannot be decided because of it.
    pub blocked: &'static [&'static [&'static str]],
    /// Patterns of the requirements that are no question any more.
    pub moot: &'static [&'static str],
}

/// What sets a consequence off.
#[derive(Debug)]
pub enum Trigger {
    /// One of these causes, whatever requirement it fails.
    Causes(&'static [&'static str]),
    /// Any failure of these requirements (patterns), whatever its cause.
    Requirements(&'static [&'static str]),
}

/// How far a consequence reaches: what else is concerned must share this with the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Everything in this run.
    Run,
    /// Everything that is asked of the same name server.
    Resolver,
    /// Everything that goes through the same device.
    Device,
    /// The same name at the same vantage, all its addresses.
    Target,
    /// The same address and port at the same vantage.
    Address,
    /// The same certificate, wherever it is met.
    Certificate,
    /// Every path that has this authority in it.
    Authority,
    /// Every certificate that names this URL.
    Url,
    /// The same client at the same address, or in front of it at a proxy.
    Client,
    /// The same file, and whatever it is used for.
    File,
}

/// The phases of a client's way, in the order in which it passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything: the profile, the clock, the files.
    Before,
    /// From a name to an address.
    Resolve,
    /// Through a web proxy.
    Proxy,
    /// To the port.
    Connect,
    /// The first hello.
    Hello,
    /// To the end of the handshake.
    Handshake,
    /// What the certificate, its path and its lists say.
    Certificate,
    /// A request and its answer.
    Exchange,
    /// What the role says.
    Role,
}

/// How something follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It fails with it: the same thing once more.
    Derived,
    /// It cannot be decided because of it.
    Blocked,
    /// It is no question any more.
    Moot,
}

impl Consequence {
    /// Nothing.
    const NONE: Self = Self {
        of: Trigger::Causes(&[]),
        reach: Reach::Run,
        phase: Phase::Before,
        derived: &[],
        only: &[],
        blocked: &[],
        moot: &[],
    };

    /// Whether a failure sets it off: by the cause that is named, or by the requirement.
    pub fn is_set_off_by(&self, requirement: &str, cause: Option<&Cause>) -> bool {
        match self.of {
            Trigger::Causes(causes) => cause.is_some_and(|cause| causes.contains(&cause.id)),
            Trigger::Requirements(patterns) => patterns.iter().any(|pattern| matches(pattern, requirement)),
        }
    }

    /// How a requirement follows, if it does. What both fails and is blocked is derived where it fails, and blocked where
    /// it is unknown: ask with what it is.
    pub fn follows(&self, requirement: &str, failed: bool) -> Option<Kind> {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, requirement));
        if failed {
            return any(self.derived).then_some(Kind::Derived);
        }
        if any(self.moot) {
            return Some(Kind::Moot);
        }
        (self.blocked.iter().any(|group| any(group)) || any(self.derived)).then_some(Kind::Blocked)
    }

    /// Whether a requirement that fails with a cause can be the same thing once more.
    pub fn takes(&self, cause: Option<&Cause>) -> bool {
        self.only.is_empty() || cause.is_some_and(|cause| self.only.contains(&cause.id))
    }
}

/// The consequences of a failure, in the order of the table.
pub fn of<'a>(requirement: &'a str, cause: Option<&'a Cause>) -> impl Iterator<Item = &'static Consequence> + 'a {
    CONSEQUENCES.iter().filter(move |consequence| consequence.is_set_off_by(requirement, cause))
}

/// The table.
pub static CONSEQUENCES: &[Consequence] = &[
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
    Consequence {
        of: Trigger::Causes(&["enhanced-http", "self-signed-bound", "wrong-certificate-bound"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: NOT_OF_AN_AUTHORITY,
        blocked: &[ABOVE_THE_GAP, &["chain/complete"], LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["certificate-ended-renewed-not-bound"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: &["*/validity", "*/expected-certificate", "chain/one-leaf"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["authority-ended", "old-authority-still-sent"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: PATHS,
        blocked: &[LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["root-ended", "root-is-no-authority"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: &[
            "root/standard",
            "root/expiry",
            "chain/leads-to-site-root",
            "chain/validity",
            "*/leads-to-root",
            "*/path-validity",
            "site-server/same-root",
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["root-not-declared", "unknown-root", "foreign-hierarchy"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: FOREIGN,
        blocked: &[
            &["chain/complete", "chain/validity", "chain/signatures", "*/path-validity", "*/path-signatures"],
            LISTS,
            ALL_LISTS,
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["authority-above-unknown"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: FOREIGN,
        blocked: &[ABOVE_THE_GAP, &["chain/complete"], LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    // What lies at the URLs of an authority nobody knows is nothing to put right: it is replaced, or declared and asked again.
    Consequence {
        of: Trigger::Causes(&["authority-above-unknown"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: LISTS_AND_URLS,
        ..Consequence::NONE
    },
    // Of a file's certificate that another's root issued nothing above it is looked at.
    Consequence {
        of: Trigger::Causes(&["client-issuer-not-at-hand"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        blocked: &[ABOVE_THE_GAP, &["chain/complete", "deployment/root-specified"], LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["issuer-not-sent"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        derived: &["chain/leads-to-site-root", "*/leads-to-root", "chain/complete"],
        blocked: &[ABOVE_THE_GAP, LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["possible-impersonation", "authority-renewed-with-new-key", "signature-broken"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: &[
            "chain/leads-to-site-root",
            "*/leads-to-root",
            "deployment/root-specified",
            "site-server/same-root",
            "revocation/current",
            "*/crl-current",
        ],
        blocked: &[&["chain/complete"], LISTS, ALL_LISTS],
        ..Consequence::NONE
    },
    // Of what cannot be read nothing can be said, but that it is none.
    Consequence {
        of: Trigger::Causes(&["unreadable-certificate", "unreadable-authority"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: &["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root", "chain/order"],
        blocked: &[PRESENTED, SESSION, LISTS, ALL_LISTS, FILES],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["node-lacks-cluster-name"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: &[
            "nlb/cluster-name",
            "nlb/nodes-agree",
            "nlb/node-name",
            "web-server/client-accepts-name",
            "web-server/intranet-name",
            "web-server/internet-name",
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&[
            "name-not-requested",
            "names-joined-by-ampersand",
            "computer-name-only",
            "name-in-wrong-field",
            "wildcard-does-not-cover",
            "no-name-at-all",
            "published-name-missing",
        ]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: &[
            "web-server/intranet-name",
            "*/internet-name",
            "*/client-accepts-name",
            "*/literal-ampersand",
            "web-server/intranet-fqdn-preferred",
            "web-server/update-point-both-names",
            "cloud-management-gateway/service-name",
            "nlb/node-name",
        ],
        ..Consequence::NONE
    },
    // What is not on the proxy's certificate is asked of nobody behind it.
    Consequence {
        of: Trigger::Causes(&["published-name-missing"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        blocked: &[&["proxy/verbs"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["signing-subject-wrong"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        blocked: &[&["site-server/site-code"]],
        ..Consequence::NONE
    },
    // A list that the certificate names at no place, or at none that can be asked, is not had.
    Consequence {
        of: Trigger::Causes(&["no-distribution-point", "directory-only", "https-only"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        blocked: &[&["revocation/reachable", "*/crl-reachable"], LIST_CONTENTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["broken-hash"]),
        reach: Reach::Certificate,
        phase: Phase::Certificate,
        derived: &["*/signature", "chain/signatures", "*/path-signatures"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["revocation/reachable", "*/crl-reachable"]),
        reach: Reach::Url,
        phase: Phase::Certificate,
        derived: &["revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        blocked: &[LIST_CONTENTS],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["list-ended", "offline-root-list-ended"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: &[
            "revocation/current",
            "*/crl-current",
            "revocation/every-url",
            "revocation/expiry",
            "*/crl-expiry",
            "client-authentication/accepts-client",
        ],
        blocked: &[&["revocation/not-revoked", "*/not-revoked"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["revocation/current", "*/crl-current"]),
        reach: Reach::Url,
        phase: Phase::Certificate,
        derived: &["revocation/current", "*/crl-current", "revocation/every-url"],
        blocked: &[&[
            "revocation/not-revoked",
            "revocation/expiry",
            "revocation/delta",
            "revocation/timely",
            "revocation/der-encoding",
            "*/not-revoked",
            "*/crl-expiry",
            "*/crl-delta",
            "*/crl-timely",
        ]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["authority-revoked"]),
        reach: Reach::Authority,
        phase: Phase::Certificate,
        derived: &["revocation/not-revoked", "*/not-revoked"],
        ..Consequence::NONE
    },
    // Whatever breaks the path, what stands above the break is not judged.
    Consequence {
        of: Trigger::Requirements(&["chain/leads-to-site-root"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        blocked: &[ABOVE_THE_GAP, &["chain/complete"], ALL_LISTS],
        ..Consequence::NONE
    },
    // Without a certificate for its own leg a proxy gets through to nobody.
    Consequence {
        of: Trigger::Requirements(&["proxy/client-auth-eku"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        derived: CLIENTS,
        only: &["gateway-cannot-reach-server", "inner-leg-shows-nothing", "inner-leg-fails"],
        blocked: &[&["proxy/verbs"]],
        ..Consequence::NONE
    },
    // A client's certificate is not shown to a server whose own leads to no root of the site's, or is for another name; and
    // a server that demands one lets no session come about then.
    Consequence {
        of: Trigger::Requirements(&["chain/leads-to-site-root", "*/client-accepts-name"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        blocked: &[&["session/handshake-time"], CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    // Nor to one that leaves its issuing authority to be fetched.
    Consequence {
        of: Trigger::Causes(&["issuer-fetchable"]),
        reach: Reach::Address,
        phase: Phase::Certificate,
        blocked: &[CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&[
            "client-certificate-ended",
            "client-certificate-revoked",
            "client-list-out-of-reach",
            "client-root-not-trusted",
            "client-issuer-unknown-to-server",
            "client-of-foreign-hierarchy",
            "client-issuer-not-at-hand",
        ]),
        reach: Reach::Client,
        phase: Phase::Exchange,
        derived: &["client-authentication/accepts-client", "proxy/bridges-client"],
        blocked: &[ROLES, SIGNING],
        ..Consequence::NONE
    },
    // Who does not trust the clients' root does not name it among its authorities either.
    Consequence {
        of: Trigger::Causes(&["client-root-not-trusted"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &["client-authentication/accepted-issuers", "client-authentication/foreign-issuers"],
        ..Consequence::NONE
    },
    // Where something else answers, it is what hands out no certificate and lets everybody in.
    Consequence {
        of: Trigger::Causes(&["not-a-list", "something-else-answers"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: ANSWERED_BY_ANOTHER,
        only: WHAT_ANOTHER_DOES,
        blocked: &[CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["management-point-list-malformed", "answer-compressed"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        blocked: &[&["management-point/profile", "management-point/list-known", "management-point/list-state"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["certificate-not-required", "proxy-lets-anybody-in"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &["client-authentication/demanded", "client-authentication/refuses-stranger", "proxy/bridges-client"],
        moot: &[
            "client-authentication/refuses-stranger",
            "client-authentication/refuses-outsider",
            "client-authentication/accepted-issuers",
            "client-authentication/issuer-list-size",
            "client-authentication/foreign-issuers",
            "client-authentication/late-request",
            "client-authentication/when",
        ],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["any-certificate-taken", "proxy-takes-any-certificate"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &["client-authentication/refuses-outsider"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["issuers-lack-client-root", "issuer-list-too-long"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &["client-authentication/foreign-issuers"],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&[
            "application-pool-stopped",
            "role-fails",
            "request-unanswered",
            "request-cut-off",
            "answer-not-http",
            "proxy-wants-credentials",
            "inner-name-differs",
            "site-database-unreachable",
            "gateway-cannot-reach-server",
            "answered-otherwise",
        ]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &[
            "client-authentication/accepts-client",
            "proxy/bridges-client",
            "*/service",
            "management-point/list",
            "distribution-point/content",
            "distribution-point/listing",
        ],
        blocked: &[CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Causes(&["role-not-here", "redirected-elsewhere", "content-not-here"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        derived: &["management-point/list", "distribution-point/content", "distribution-point/listing", "*/service"],
        blocked: &[CLIENTS, ROLES, SIGNING],
        ..Consequence::NONE
    },
    // What refuses update scans does not show whether it would ask for a certificate.
    Consequence {
        of: Trigger::Requirements(&["software-update-point/service"]),
        reach: Reach::Address,
        phase: Phase::Exchange,
        blocked: &[&["client-authentication/update-point-ignores"]],
        ..Consequence::NONE
    },
    Consequence {
        of: Trigger::Requirements(&["client-authentication/accepts-client"]),
        reach: Reach::Client,
        phase: Phase::Exchange,
        derived: &["proxy/bridges-client"],
        blocked: &[ROLES, SIGNING],
        ..Consequence::NONE
    },
];
