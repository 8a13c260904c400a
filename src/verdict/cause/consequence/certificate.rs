//! What follows from what the certificate, its path and its lists say.

use super::rows::{
    ABOVE_THE_GAP, ALL_LISTS, CLIENTS, FILES, FOREIGN, LACKING_A_NAME, LIST_CONTENTS, LISTS, LISTS_AND_URLS,
    NOT_OF_AN_AUTHORITY, PATHS, PRESENTED, ROLES, SESSION, SIGNING,
};
use super::{Consequence, Phase, Reach, Trigger};

/// In the order in which one of two that block the same requirement is named.
pub(super) static CERTIFICATE: &[Consequence] = &[
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
        blocked: &[ABOVE_THE_GAP, &["chain/complete", "*/distribution-point"], LISTS, ALL_LISTS],
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
        of: Trigger::Causes(LACKING_A_NAME),
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
];
