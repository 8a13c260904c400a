//! Every requirement fails by some fault of the demonstration's two sites, but those a reason is given for.

use std::collections::BTreeSet;

use cmprobe::lab::fault;
use cmprobe::lab::site::blueprint::Edition;
use cmprobe::requirement::catalogue::catalogue;

/// What the demonstration cannot make fail, or does not: how ids begin or end, and why. Each has its failing cases beside it.
const WITHOUT: &[(&str, &str)] = &[
    ("sql-server/", "no definition names the certificate of a site database server: `inspect` alone judges it"),
    ("waiver/", "the demonstration's definition waives nothing"),
    ("site-server/not-on-secondary", "the demonstration's site is a primary one"),
    ("nlb/addressed-by-fqdn", "a definition with an address for a cluster is refused before anything is probed"),
    ("proxy/tunnel-needs-none", "what the definition says too much of, not what the site is"),
    ("proxy/no-plain-http", "the port 80 of a proxy is nobody's on the demonstration's loopback"),
    ("session/handshake-time", "a fault of two seconds would cost each run of it two seconds at every handshake"),
    ("client-authentication/when", "late requests, which it tells of, are faults of the row on them"),
    ("/key-minimum", "the authorities of the demonstration sign with long keys: a short one is a leaf's"),
    ("/path-key-minimum", "the same"),
    ("/signature-family", "the demonstration's authorities above the issuing one are not spoilt"),
    ("/issuer-spelling", "the same"),
    ("/cng-provider", "the demonstration's files come from a cryptographic service provider"),
    ("/key-matches", "a file whose key is another's is refused before anything is probed"),
    ("cloud-management-gateway/pkcs12", "the gateway is met by its handshake, not by its file"),
];

/// Where servers' rows bear another name than those of files for the same quality.
const OF_SERVERS: &[(&str, &str)] = &[
    ("path-validity", "chain/validity"),
    ("path-signatures", "chain/signatures"),
    ("sha1-signature", "chain/sha1-signatures"),
    ("leads-to-root", "chain/leads-to-site-root"),
    ("distribution-point", "revocation/distribution-point"),
    ("crl-reachable", "revocation/reachable"),
    ("crl-current", "revocation/current"),
    ("not-revoked", "revocation/not-revoked"),
    ("crl-delta", "revocation/delta"),
    ("crl-timely", "revocation/timely"),
    ("crl-expiry", "revocation/expiry"),
];

#[test]
fn every_requirement_has_a_fault_that_makes_it_fail_or_a_reason_why_there_is_none() {
    let faults = Edition::ALL.into_iter().flat_map(fault::of);
    let planted: BTreeSet<&str> =
        faults.flat_map(|fault| fault.plants.iter().chain(fault.consequences)).copied().collect();
    let slug = |id: &'static str| id.split_once('/').unwrap().1;
    // A quality is judged by one file for all uses: where it fails for one, it would for another.
    let by_another_use = |id: &'static str| {
        let of_servers = OF_SERVERS.iter().find(|(own, _)| *own == slug(id));
        planted.iter().any(|other| slug(other) == slug(id)) || of_servers.is_some_and(|(_, id)| planted.contains(id))
    };
    let mut used = BTreeSet::new();
    let mut without: Vec<&str> = Vec::new();
    for id in catalogue().iter().map(|one| one.id).filter(|id| !planted.contains(id)) {
        let excused = WITHOUT.iter().find(|(part, _)| id.starts_with(part) || id.ends_with(part));
        used.extend(excused.map(|(part, _)| *part));
        if excused.is_none() && !by_another_use(id) {
            without.push(id);
        }
    }
    assert!(without.is_empty(), "neither a fault nor a reason: {without:#?}");
    for (part, why) in WITHOUT {
        assert!(used.contains(part), "{part} ({why}): nothing is without a fault for it");
    }
}
