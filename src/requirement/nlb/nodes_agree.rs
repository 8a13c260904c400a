//! `nlb/nodes-agree`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cluster_name::carries;
use super::cluster_names;
use crate::plan::expectation::{ClusterExpectation, Presenter};
use crate::rule::credential;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, SiteSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::site::name::HostName;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// Every node of a cluster presents a certificate that is valid for the cluster's name, under the same root. The
    /// certificates need not be the same.
    ///
    /// Who is hurt: the clients that are sent to the odd node: they fail now and then.
    ///
    /// How it is seen: every node asked by its own name, and what the cluster's name met in several connections,
    /// side by side. A node that was not seen leaves this undecided.
    NODES_AGREE {
        id: "nlb/nodes-agree",
        title: "All nodes present certificates for the cluster under one root",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "a client may be sent to any node" },
        scope: Scope::CLUSTERS,
        evidence: &[EvidenceSource::Site],
        remedy: "Give every node a certificate from the same authority with the cluster's FQDN, and bind it to the same web site on each.",
        check: Check::Site(check),
    }
}

fn check(site: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let mut clusters: BTreeMap<&str, (&ClusterExpectation, Vec<&EndpointSubject<'_>>)> = BTreeMap::new();
    for target in site.targets {
        let Some(cluster) = &target.target.expectation.cluster else { continue };
        let (_, nodes) = clusters.entry(&cluster.name).or_insert_with(|| (cluster, Vec::new()));
        if target.target.expectation.presenter == Presenter::SiteSystem {
            nodes.extend(&target.endpoints);
        }
    }
    clusters
        .into_values()
        .map(|(cluster, nodes)| (SiteId::of(Arc::clone(&cluster.name)), agree(cluster, &nodes)))
        .collect()
}

fn agree(cluster: &ClusterExpectation, seen: &[&EndpointSubject<'_>]) -> Verdict {
    let unseen: Vec<&str> = cluster
        .nodes
        .iter()
        .filter(|node| !seen.iter().any(|one| one.target.system == **node && !one.chain.is_empty()))
        .map(|node| &**node)
        .collect();
    let names: Vec<&HostName> = cluster_names(cluster).collect();
    let describe = |one: &EndpointSubject<'_>| {
        let leaf = one.chain.first().map_or_else(String::new, |leaf| leaf.thumbprint_sha1());
        let root = root(one).unwrap_or("no root of the site");
        format!("{}: {leaf} under {root}", one.target.system)
    };
    let lacking = seen
        .iter()
        .filter_map(|one| one.chain.first())
        .find(|leaf| leaf.facts().is_some_and(|leaf| !matches!(carries(leaf, &names), Verdict::Pass(_))));
    let mut roots: Vec<Option<&str>> = seen.iter().filter(|one| !one.chain.is_empty()).map(|one| root(one)).collect();
    roots.sort_unstable();
    roots.dedup();
    if lacking.is_some() || roots.len() > 1 {
        let evidence = Evidence::new("The nodes do not present certificates for the cluster under one root.")
            .expected_all(names.iter().map(ToString::to_string))
            .observed_all(seen.iter().map(|one| describe(one)));
        return match lacking {
            Some(leaf) => evidence.because(&cause::NODE_LACKS_CLUSTER_NAME).culprit(credential::culprit(leaf)),
            None => evidence.because(&cause::NODES_DIFFER),
        }
        .fail();
    }
    if !unseen.is_empty() {
        return Verdict::unknown(
            format!("no certificate was seen of {}", unseen.join(", ")),
            "every node of the cluster asked by its own name",
        );
    }
    Verdict::pass_with(counted(cluster.nodes.len(), "node"))
}

/// The root of the site that an endpoint's certificate leads to.
fn root<'a>(one: &'a EndpointSubject<'_>) -> Option<&'a str> {
    one.paths()?.best().ok().map(|path| path.root.subject_text())
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{CLUSTER, Case, INTRANET, World};

    pub(super) fn all() -> Vec<Case> {
        let node = |names: &'static [&'static str]| World::web_server(|r| r.dns(names)).node().as_site();
        vec![
            Case::passes("all nodes carry the name", node(&[CLUSTER, INTRANET])),
            Case::fails("a node does not", node(&[INTRANET]), "node-lacks-cluster-name"),
            Case::unknown("a node was not seen", World::web_server(|r| r.dns(&[CLUSTER])).node().refused().as_site()),
            Case::nothing("no cluster", World::web_server(|r| r).as_site()),
        ]
    }
}
