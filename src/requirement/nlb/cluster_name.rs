//! `nlb/cluster-name`

use super::cluster_names;
use crate::certificate::Facts;
use crate::requirement::web_server::names::contains;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate of every node carries the FQDNs clients know the cluster by: the intranet FQDN where clients
    /// inside connect, the Internet FQDN where clients outside do.
    ///
    /// Who is hurt: the clients that are sent to the node that lacks the name: WinHTTP reports a wrong name
    /// (CERT_CN_INVALID), now and then.
    ///
    /// How it is seen: at each node by its own name, and at the cluster's name often enough to meet every node.
    CLUSTER_NAME {
        id: "nlb/cluster-name",
        title: "Every node's certificate carries the cluster's FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Network load balancing cluster, Subject Name or Subject Alternative Name" },
        scope: Scope::CLUSTERS,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue each node a certificate whose Subject Alternative Name has the cluster's FQDNs first and the node's own name after them.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(cluster) = &subject.target.expectation.cluster else {
        return Verdict::NotApplicable("the cluster's names are not known");
    };
    let names: Vec<&HostName> = cluster_names(cluster).collect();
    subject.judge_leaves(|leaf| carries(leaf, &names))
}

/// Whether a certificate carries all these names.
pub(super) fn carries(leaf: &Facts, names: &[&HostName]) -> Verdict {
    let missing: Vec<String> = names.iter().filter(|name| !contains(leaf, name)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return Verdict::pass();
    }
    Evidence::new("A node's certificate lacks a name of the cluster.")
        .expected_all(missing)
        .observed_all(leaf.host_names().take(20).map(str::to_owned))
        .because(&cause::NODE_LACKS_CLUSTER_NAME)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{CLUSTER, Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let with = |names: &'static [&'static str]| World::web_server(|r| r.dns(names));
        let alone = || lab().issue(&lab().web_server(&[INTRANET])).expect("a recipe that can be minted");
        vec![
            Case::passes("at the cluster", with(&[CLUSTER, INTRANET]).cluster()),
            Case::passes("at a node", with(&[CLUSTER, INTRANET]).node()),
            Case::fails("a node without it", with(&[INTRANET]).node(), CLUSTER),
            Case::fails(
                "one node of several",
                with(&[CLUSTER, INTRANET]).cluster().also_answered_by(&alone()),
                CLUSTER,
            ),
            Case::unknown("nothing listens", with(&[CLUSTER]).cluster().refused()),
            Case::not_applicable("no cluster", with(&[INTRANET])),
        ]
    }
}
