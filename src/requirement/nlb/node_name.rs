//! `nlb/node-name`

use super::cluster_names;
use crate::plan::expectation::Presenter;
use crate::requirement::web_server::names::contains;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate of a node carries the node's own name too, after the cluster's: its intranet FQDN (or its NetBIOS
    /// name, where it is configured by that).
    ///
    /// Who is hurt: whoever speaks to the node itself: the site server that monitors it, and clients of a site that
    /// names nodes. Consumers that read only the first entry must find the cluster's name there. No copy of the document
    /// that could be read has the cell for such a certificate's content.
    ///
    /// How it is seen: at the node by its own name; the order is that of the Subject Alternative Name.
    NODE_NAME {
        id: "nlb/node-name",
        title: "A node's certificate carries its own name after the cluster's",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "whoever speaks to the node itself looks for its own name" },
        scope: Scope::CLUSTERS,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the node a certificate whose Subject Alternative Name has the cluster's FQDN first and the node's own name after it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let expectation = &subject.target.expectation;
    let (Some(cluster), Presenter::SiteSystem) = (&expectation.cluster, expectation.presenter) else {
        return Verdict::NotApplicable("judged at the nodes' own names");
    };
    let Some(own) = expectation.intranet_fqdn.as_ref().or(expectation.netbios_name.as_ref()) else {
        return Verdict::NotApplicable("the node's own name is not known");
    };
    subject.judge_leaves(|leaf| {
        let evidence = || {
            let names = cluster_names(cluster).map(ToString::to_string);
            Evidence::new("The node's own name does not stand in its certificate after the cluster's.")
                .expected_all(names.chain([own.to_string()]))
                .observed_all(leaf.host_names().take(20).map(str::to_owned))
        };
        if !contains(leaf, own) {
            return evidence().because(&cause::NODE_NAME_MISSING).fail();
        }
        let place = |wanted: &str| leaf.dns_names().position(|name| name.eq_ignore_ascii_case(wanted));
        let cluster_at = cluster_names(cluster).filter_map(|name| place(name.as_str())).min();
        match (place(own.as_str()), cluster_at) {
            (Some(own_at), Some(cluster_at)) if own_at < cluster_at => evidence()
                .because(&cause::NODE_NAME_MISSING)
                .cause("The node's name stands before the cluster's.")
                .fail(),
            _ => Verdict::pass(),
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{CLUSTER, Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let node = |names: &'static [&'static str]| World::web_server(|r| r.dns(names)).node();
        let without = || lab().issue(&lab().web_server(&[CLUSTER]).no_cn()).expect("a recipe that can be minted");
        vec![
            Case::passes("after the cluster's", node(&[CLUSTER, INTRANET])),
            Case::fails("before the cluster's", node(&[INTRANET, CLUSTER]), "stands before"),
            Case::fails("not at all", World::web_server(|r| r.no_cn().dns(&[CLUSTER])).node(), "node-name-missing"),
            Case::fails(
                "on another connection",
                node(&[CLUSTER, INTRANET]).also_answered_by(&without()),
                "node-name-missing",
            ),
            Case::unknown("nothing listens", node(&[CLUSTER]).refused()),
            Case::not_applicable("at the cluster", World::web_server(|r| r).cluster()),
            Case::not_applicable("no cluster", World::web_server(|r| r)),
        ]
    }
}
