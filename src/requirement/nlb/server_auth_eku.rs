//! `nlb/server-auth-eku`

use crate::requirement::quality::purpose::is_for;
use crate::rule::credential::judge_all;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::usage::Purpose;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::Verdict;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The certificate of every node has Server Authentication in its Enhanced Key Usage.
    ///
    /// Who is hurt: the clients that happen to be sent to the node that lacks it: they fail now and then, and nobody
    /// can repeat it.
    ///
    /// How it is seen: at each node by its own name, and at the cluster's name often enough to meet every node;
    /// every certificate met is judged.
    SERVER_AUTH_EKU {
        id: "nlb/server-auth-eku",
        title: "Every node's certificate is for Server Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Network load balancing cluster, certificate use" },
        scope: Scope::CLUSTERS,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the node's certificate from the Web Server template and bind it on every node.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge_all(subject, subject.of, &subject.met, |of, facts| is_for(of, facts, Purpose::ServerAuthentication))
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::oid;
    use crate::requirement::case::{Case, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let client_only = || lab().issue(&lab().client("node")).expect("a recipe that can be minted");
        vec![
            Case::passes("the nodes' certificates", World::web_server(|r| r).cluster()),
            Case::fails(
                "a node's",
                World::web_server(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])).node(),
                "1.3.6.1.5.5.7.3.2",
            ),
            Case::fails(
                "one node of several",
                World::web_server(|r| r).cluster().also_answered_by(&client_only()),
                "1.3.6.1.5.5.7.3.2",
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).cluster().refused()),
            Case::not_applicable("no cluster", World::web_server(|r| r)),
        ]
    }
}
