//! What follows from how the server and the role answer a request, with a client's certificate or without.

use super::rows::{ANSWERED_BY_ANOTHER, CLIENTS, ROLES, SIGNING, WHAT_ANOTHER_DOES};
use super::{Consequence, Phase, Reach, Trigger};

/// In the order in which one of two that block the same requirement is named.
pub(super) static ANSWER: &[Consequence] = &[
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
