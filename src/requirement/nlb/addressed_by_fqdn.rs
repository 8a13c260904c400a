//! `nlb/addressed-by-fqdn`

use super::cluster_names;
use crate::plan::expectation::Presenter;
use crate::rule::scope::Scope;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The cluster is defined by its FQDN, never by an address: a site in native mode does not support an address, nor a
    /// name without its domain.
    ///
    /// Who is hurt: every client of the cluster: no certificate is for an address, so clients become unmanaged when
    /// the site is switched to native mode, until the cluster is configured by name.
    ///
    /// How it is seen: in the definition alone, which repeats what the management point component's properties say.
    ADDRESSED_BY_FQDN {
        id: "nlb/addressed-by-fqdn",
        title: "The cluster is configured by its FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::NLB, place: "Site Mode tab, network load balancing management points" },
        scope: Scope::CLUSTERS,
        evidence: &[EvidenceSource::Definition],
        remedy: "In the management point component's properties give the cluster's FQDN instead of its address, and register that name in DNS.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let expectation = &subject.target.expectation;
    if expectation.presenter == Presenter::SiteSystem {
        return Verdict::NotApplicable("judged at the cluster's own name");
    }
    let is_address = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    let names = expectation.cluster.iter().flat_map(|cluster| cluster_names(cluster)).chain([&subject.target.name]);
    let wrong: Vec<&str> =
        names.map(|name| name.as_str()).filter(|name| is_address(name) || !name.contains('.')).collect();
    let Some(first) = wrong.first() else {
        return Verdict::pass_with(subject.target.name.as_str());
    };
    Evidence::new("The cluster is not configured by an FQDN.")
        .expected("a fully qualified domain name")
        .observed(*first)
        .because(&cause::CLUSTER_BY_ADDRESS)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::site::name::HostName;

    pub(super) fn all() -> Vec<Case> {
        let cluster = || World::web_server(|r| r).cluster();
        let named = |name: &'static str| {
            cluster().target(|target| target.name = HostName::new(name)).expecting(|expectation| {
                if let Some(cluster) = expectation.cluster.as_mut().map(std::sync::Arc::make_mut) {
                    cluster.intranet_fqdn = Some(HostName::new(name));
                }
            })
        };
        vec![
            Case::passes("an FQDN", cluster()),
            Case::fails("an address", named("10.1.0.30"), "cluster-by-address"),
            Case::fails("a short name", named("CMNLB"), "CMNLB"),
            Case::not_applicable("a node", World::web_server(|r| r).node()),
            Case::not_applicable("no cluster", World::web_server(|r| r)),
        ]
    }
}
