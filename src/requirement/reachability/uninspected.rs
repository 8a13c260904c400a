//! `reachability/uninspected`

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::direct::foreign_issuer;
use crate::certificate::{Certificate, host_name};
use crate::plan::Target;
use crate::plan::expectation::Presenter;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, SiteSubject, TargetSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::trust::path::fault::named;
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Whoever looks at a system, from whichever vantage, is shown a certificate of the site's, and none that a device on
    /// the way makes for its name.
    ///
    /// Who is hurt: the clients behind such a device. They do not trust what it shows, and where they were made to, it
    /// cannot pass their own certificate on. From everywhere else all is well, so that nobody at the server sees it.
    ///
    /// How it is seen: at one vantage the certificate carries the name that was dialled and leads to an authority the site
    /// does not know, and at another vantage the same system, or what a tunnelling proxy publishes, shows another one,
    /// which leads to a root of the site's. A system that was looked at from one vantage alone is not held against this; there
    /// chain/leads-to-site-root tells of the certificate, and reachability/direct of a Via header.
    UNINSPECTED {
        id: "reachability/uninspected",
        title: "No vantage is shown a certificate that was made on the way",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "RFC 5246, 7.4.2: the certificate a client is shown is the server's" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Site, EvidenceSource::Handshake],
        remedy: "Exempt the site systems from TLS inspection on the device.",
        check: Check::Site(check),
    }
}

/// How many of the places where the site's own certificate is shown are told.
const MOST_PLACES: usize = 4;

/// A certificate that leads to a root of the site's, and where it is shown.
struct Own<'a> {
    target: &'a TargetSubject<'a>,
    leaf: &'a Arc<Certificate>,
}

fn check(site: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let met = || site.targets.iter().flat_map(|target| target.endpoints.iter().map(move |endpoint| (target, endpoint)));
    let leads = met().filter(|(_, endpoint)| endpoint.paths().is_some_and(|paths| paths.best().is_ok()));
    let mut own: HashMap<&str, Vec<Own<'_>>> = HashMap::new();
    for (target, endpoint) in leads {
        let leaf = endpoint.chain.first();
        own.entry(&target.target.system).or_default().extend(leaf.map(|leaf| Own { target, leaf }));
    }
    let mut found = Vec::new();
    let mut in_order: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (target, endpoint) in met() {
        let Some(leaf) = endpoint.chain.first() else { continue };
        let elsewhere = || {
            let own = same_as(target.target).filter_map(|system| own.get(system)).flatten();
            own.filter(|own| own.target.target.vantage != target.target.vantage)
        };
        let id = SiteId::of(Arc::clone(&target.target.system));
        if let Some(issuer) = made_for_its_name(endpoint, leaf) {
            let others: Vec<&Own<'_>> = elsewhere().filter(|own| own.leaf != leaf).take(MOST_PLACES).collect();
            if !others.is_empty() {
                let of = &target.target.id;
                let id = [&of.what, &of.name, &of.vantage].into_iter().fold(id, |id, part| id.with(Arc::clone(part)));
                let id = id.with(endpoint.seen.address.to_string());
                found.push((id, made_on_the_way(target, leaf, &issuer, &others)));
            }
        } else if elsewhere().next().is_some() && endpoint.paths().is_some_and(|paths| paths.best().is_ok()) {
            let vantages = in_order.entry(&target.target.system).or_default();
            if !vantages.contains(&&*target.target.vantage) {
                vantages.push(&target.target.vantage);
            }
        }
    }
    let passes = in_order.into_iter().map(|(system, vantages)| {
        (SiteId::of(system), Verdict::pass_with(format!("certificates of the site's from {}", vantages.join(", "))))
    });
    found.extend(passes);
    found
}

/// Who issued the certificate an endpoint shows, where that is nobody the site knows and it carries the name that was
/// dialled, as what a device makes does.
pub(crate) fn made_for_its_name(endpoint: &EndpointSubject<'_>, leaf: &Certificate) -> Option<String> {
    let facts = leaf.facts()?;
    let is_made = !leaf.is_self_issued() && host_name::accepts(facts, endpoint.target.name.as_str());
    is_made.then(|| foreign_issuer(endpoint)).flatten()
}

/// Whose certificate a target shows from wherever it is looked at: its system's, or that of what it is a tunnel to.
fn same_as(target: &Target) -> impl Iterator<Item = &str> {
    let expectation = &target.expectation;
    let tunnel = expectation.proxy.iter().filter(|_| expectation.presenter != Presenter::BridgingProxy);
    let published = tunnel.flat_map(|proxy| &proxy.publishes).map(|(system, _)| &**system);
    std::iter::once(&*target.system).chain(published.filter(|system| *system != &*target.system))
}

fn made_on_the_way(target: &TargetSubject<'_>, leaf: &Certificate, issuer: &str, elsewhere: &[&Own<'_>]) -> Verdict {
    let own = elsewhere.iter().map(|own| format!("from {}: {}", own.target.target.vantage, named(own.leaf)));
    Evidence::new(format!("From {} another certificate is shown than elsewhere.", target.target.vantage))
        .expected("the certificate the system shows elsewhere")
        .observed(format!("from {}: {}, issued by {issuer}", target.target.vantage, named(leaf)))
        .observed_all(own)
        .cause("A web proxy or firewall on the way opens TLS and makes a certificate for the name that was asked for.")
        .because(&causes::INTERCEPTED_ON_THE_WAY)
        .culprit(Culprit::Device(issuer.into()))
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Pki;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let outside = World::from_internet;
        let made_by = |names: &[&str]| {
            let leaf = Pki::stranger().unwrap().issuing.issue(&lab().web_server(names)).unwrap();
            World::presented_as(Use::WebServer, &[&leaf], &[&lab().root])
        };
        let made = || outside(made_by(&[INTRANET, INTERNET]));
        vec![
            Case::passes("the same certificate from both", outside(healthy()).beside(healthy())),
            Case::passes(
                "another one of the site's",
                outside(World::web_server(|r| r.serial(&[0x77]))).beside(healthy()),
            ),
            Case::fails("another authority's outside", made().beside(healthy()), "intercepted-on-the-way"),
            Case::fails(
                "behind what is declared a tunnel",
                made().tunneling_proxy().beside(healthy()),
                "from internet: CN",
            ),
            Case::nothing(
                "for another name: another server",
                outside(made_by(&["www.fabrikam.com"])).beside(healthy()),
            ),
            Case::nothing("from one vantage alone", made().as_site()),
            Case::nothing("the other was not reached", made().beside(healthy().refused())),
            Case::nothing("foreign from everywhere", made().beside(made_by(&[INTRANET, INTERNET]))),
        ]
    }
}
