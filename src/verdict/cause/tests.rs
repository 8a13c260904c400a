use std::collections::BTreeSet;

use super::catalogue::{CAUSES, find};
use super::consequence::{ELSEWHERE, Elsewhere, Kind, Reach, Shared, Trigger, of, table};
use super::symptom::SYMPTOMS;
use super::{CulpritKind, matches};
use crate::requirement::catalogue::catalogue;

/// Every id there is.
fn known() -> BTreeSet<&'static str> {
    catalogue().iter().map(|requirement| requirement.id).collect()
}

/// Fails with everything that was found.
fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Every pattern written in the room covers a requirement, and every requirement has a cause that can fail it.
#[test]
fn every_pattern_covers_a_requirement_and_every_requirement_has_a_cause() {
    let known = known();
    let mut found = Vec::new();
    let of_causes = CAUSES.iter().flat_map(|cause| cause.rows.iter().map(|row| (cause.id, *row)));
    let of_symptoms = SYMPTOMS.iter().flat_map(|symptom| symptom.rows.iter().map(|row| (symptom.key, *row)));
    let of_consequences = table().flat_map(|consequence| {
        let set_off = match consequence.of {
            Trigger::Requirements(patterns) => patterns,
            Trigger::Causes(_) => &[],
        };
        let followers = consequence.derived.iter().chain(consequence.blocked.iter().flat_map(|group| group.iter()));
        set_off.iter().chain(followers).chain(consequence.moot).map(|row| ("a consequence", *row))
    });
    for (whose, row) in of_causes.chain(of_symptoms).chain(of_consequences) {
        if !known.iter().any(|id| matches(row, id)) {
            found.push(format!("{whose}: {row} covers nothing"));
        }
    }
    for id in &known {
        if !CAUSES.iter().any(|cause| cause.fails(id)) {
            found.push(format!("{id}: no cause fails it"));
        }
    }
    nothing(found);
}

#[test]
fn patterns_cover_what_they_say() {
    for (pattern, id, covers) in [
        ("*/validity", "web-server/validity", true),
        ("*/validity", "client/validity", true),
        ("*/validity", "client/path-validity", false),
        ("*/validity", "validity", false),
        ("session/*", "session/clock", true),
        ("session/*", "sessions/clock", false),
        ("chain/complete", "chain/complete", true),
        ("chain/complete", "chain/order", false),
        ("chain/comp", "chain/complete", false),
    ] {
        assert_eq!(matches(pattern, id), covers, "{pattern} {id}");
    }
}

#[test]
fn every_consequence_is_set_off_by_causes_that_exist_and_comes_in_order() {
    for consequence in table() {
        let causes = match consequence.of {
            Trigger::Causes(causes) => causes,
            Trigger::Requirements(_) => &[],
        };
        for id in causes {
            let cause = find(id).unwrap_or_else(|| panic!("there is no cause {id}"));
            // What reaches all that share a thing is told of a cause whose culprit that thing is.
            let shared = match consequence.reach {
                Reach::Resolver => Some(CulpritKind::Resolver),
                Reach::File => Some(CulpritKind::File),
                Reach::Run
                | Reach::Device
                | Reach::Target
                | Reach::Address
                | Reach::Certificate
                | Reach::Authority
                | Reach::Url
                | Reach::Client => None,
            };
            assert!(shared.is_none_or(|kind| kind == cause.culprit), "{id}");
        }
        let none = consequence.derived.is_empty() && consequence.blocked.is_empty() && consequence.moot.is_empty();
        assert!(!none, "{:?} has no consequence", consequence.of);
    }
    let phases: Vec<_> = table().map(|consequence| consequence.phase).collect();
    assert!(phases.is_sorted(), "{phases:?}");
}

#[test]
fn what_shows_elsewhere_is_told_by_causes_that_exist_and_never_leads_itself() {
    for row in ELSEWHERE {
        let (causes, patterns): (&[&str], &[&str]) = match row.shows_as {
            Trigger::Causes(causes) => (causes, &[]),
            Trigger::Requirements(patterns) => (&[], patterns),
        };
        for id in row.of.iter().chain(causes) {
            assert!(find(id).is_some(), "there is no cause {id}");
        }
        for pattern in patterns {
            assert!(catalogue().iter().any(|one| matches(pattern, one.id)), "{pattern} covers nothing");
        }
        assert!(!row.of.is_empty());
        assert_ne!(causes.is_empty(), patterns.is_empty());
        // What shows behind a proxy once more as what it is stands there by itself.
        let once_more = |row: &Elsewhere| {
            matches!(row.shows_as, Trigger::Causes(causes) if row.of == causes) && row.shares == Shared::BehindProxy
        };
        for leading in ELSEWHERE.iter().filter(|other| !once_more(other)).flat_map(|other| other.of) {
            assert!(once_more(row) || !causes.contains(leading), "{leading} would follow and lead");
        }
    }
    for consequence in table() {
        for id in consequence.only {
            let cause = find(id).unwrap_or_else(|| panic!("there is no cause {id}"));
            let covers = |pattern: &&str| catalogue().iter().any(|one| matches(pattern, one.id) && cause.fails(one.id));
            assert!(consequence.derived.iter().any(covers), "{id} fails nothing of {:?}", consequence.derived);
        }
    }
}

/// How a requirement follows from a failure, by the first consequence that says so.
fn follows(requirement: &str, cause: &str, other: &str, failed: bool) -> Option<(Kind, Reach)> {
    let cause = find(cause);
    assert!(cause.is_some());
    of(requirement, cause).find_map(|(_, consequence)| Some((consequence.follows(other, failed)?, consequence.reach)))
}

#[test]
fn consequences_are_those_of_the_table() {
    let unknown = false;
    let failed = true;
    for (requirement, cause, other, state, wanted) in [
        // A silent resolver: names fail with it, and everything behind them is open.
        (
            "reachability/name-resolves",
            "name-server-silent",
            "reachability/name-resolves",
            failed,
            Some((Kind::Derived, Reach::Resolver)),
        ),
        (
            "reachability/name-resolves",
            "name-server-silent",
            "web-server/validity",
            unknown,
            Some((Kind::Blocked, Reach::Resolver)),
        ),
        ("reachability/name-resolves", "name-server-silent", "reachability/name-syntax", unknown, None),
        (
            "reachability/name-resolves",
            "name-not-in-dns",
            "session/protocol",
            unknown,
            Some((Kind::Blocked, Reach::Target)),
        ),
        ("reachability/name-resolves", "name-not-in-dns", "reachability/name-resolves", failed, None),
        ("reachability/name-resolves", "name-not-in-dns", "web-server/validity", failed, None),
        // Refused: the rows of that address.
        (
            "reachability/connects",
            "nothing-listens",
            "reachability/speaks-tls",
            unknown,
            Some((Kind::Blocked, Reach::Address)),
        ),
        ("reachability/connects", "nothing-listens", "client/validity", unknown, None),
        (
            "reachability/connects",
            "proxy-forbids",
            "reachability/connects",
            failed,
            Some((Kind::Derived, Reach::Device)),
        ),
        (
            "reachability/speaks-tls",
            "no-usable-certificate-bound",
            "session/server-name",
            failed,
            Some((Kind::Derived, Reach::Address)),
        ),
        // The certificate was seen though the handshake failed.
        (
            "reachability/completes-handshake",
            "server-fails-in-handshake",
            "management-point/list",
            unknown,
            Some((Kind::Blocked, Reach::Address)),
        ),
        ("reachability/completes-handshake", "server-fails-in-handshake", "web-server/validity", unknown, None),
        // One root for all.
        (
            "chain/leads-to-site-root",
            "root-not-declared",
            "client/leads-to-root",
            failed,
            Some((Kind::Derived, Reach::Authority)),
        ),
        ("chain/leads-to-site-root", "root-not-declared", "web-server/internet-name", failed, None),
        ("chain/validity", "authority-ended", "revocation/current", unknown, Some((Kind::Blocked, Reach::Authority))),
        // A cluster's node.
        (
            "nlb/cluster-name",
            "node-lacks-cluster-name",
            "web-server/client-accepts-name",
            failed,
            Some((Kind::Derived, Reach::Certificate)),
        ),
        // Lists.
        (
            "revocation/reachable",
            "list-host-unreachable",
            "client/crl-reachable",
            failed,
            Some((Kind::Derived, Reach::Url)),
        ),
        (
            "revocation/reachable",
            "list-host-unreachable",
            "revocation/not-revoked",
            unknown,
            Some((Kind::Blocked, Reach::Url)),
        ),
        (
            "revocation/current",
            "list-ended",
            "client-authentication/accepts-client",
            failed,
            Some((Kind::Derived, Reach::Authority)),
        ),
        // Doors.
        (
            "client-authentication/demanded",
            "certificate-not-required",
            "client-authentication/when",
            unknown,
            Some((Kind::Moot, Reach::Address)),
        ),
        (
            "client-authentication/accepts-client",
            "client-root-not-trusted",
            "management-point/list",
            unknown,
            Some((Kind::Blocked, Reach::Client)),
        ),
        ("client-authentication/accepts-client", "client-root-not-trusted", "web-server/validity", unknown, None),
        (
            "management-point/list",
            "role-fails",
            "client-authentication/accepts-client",
            failed,
            Some((Kind::Derived, Reach::Address)),
        ),
        // Files.
        ("deployment/pkcs12", "password-differs", "deployment/key-length", unknown, Some((Kind::Blocked, Reach::File))),
        ("deployment/pkcs12", "password-differs", "web-server/key-length", unknown, None),
        // What has none stands for itself.
        ("web-server/key-length", "key-too-short", "web-server/validity", failed, None),
        ("web-server/key-length", "key-too-short", "web-server/validity", unknown, None),
    ] {
        assert_eq!(follows(requirement, cause, other, state), wanted, "{cause} at {requirement}: {other}");
    }
}
