//! `proxy/verbs`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{INSIDE_LEFT_OUT, is_inside_left_out};
use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::plan::expectation::{Presenter, ProxyExpectation};
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, SiteSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::vantage::Network;
use crate::verdict::cause::{Culprit, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Through a bridging proxy the requests clients make reach what it publishes: HEAD and GET, PROPFIND, and a range of a
    /// file.
    ///
    /// Who is hurt: Internet clients that download: the proxy's rule lets GET through and turns PROPFIND or HEAD down, or
    /// hands the Range header on to nobody, and the job stays at 0 % while everything looks well in a browser.
    ///
    /// How it is seen: what the published system answers inside beside what comes through the proxy outside, for the same
    /// path and the same kind of request, as a client. CCM_POST and BITS_POST, which change something, are never sent. HEAD
    /// and a range are asked for where the definition names a file of a package (`package_path`). Where no request of a
    /// client gets through at all, proxy/bridges-client says why.
    VERBS {
        id: "proxy/verbs",
        title: "The bridging proxy lets every kind of request through that clients make",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::PROXY, place: "HTTP verbs and headers that must pass" },
            Citation { document: &document::IBCM, place: "Prerequisites: verbs and headers that proxy servers must allow" },
        ),
        scope: Scope::BRIDGING_PROXIES,
        evidence: &[EvidenceSource::Site],
        remedy: "Let the publishing rule pass GET, HEAD, PROPFIND, CCM_POST and BITS_POST, and the Range header.",
        check: Check::Site(check),
    }
}

/// The kinds of requests, and what each is called.
const KINDS: [(OfferLabel, &str); 5] = [
    (OfferLabel::Client, "GET"),
    (OfferLabel::ClientSecondPath, "GET"),
    (OfferLabel::ClientListing, "PROPFIND"),
    (OfferLabel::ClientPackageHead, "HEAD"),
    (OfferLabel::ClientPackageRange, "Range"),
];

fn check(site: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let mut outside: BTreeMap<SiteId, (&ProxyExpectation, Vec<&EndpointSubject<'_>>)> = BTreeMap::new();
    for target in site.targets {
        let expectation = &target.target.expectation;
        let Some(proxy) = expectation.proxy.as_deref().filter(|_| expectation.presenter == Presenter::BridgingProxy)
        else {
            continue;
        };
        if target.target.network == Network::Internet {
            let place = format!("{}:{}", target.target.name, target.target.port);
            let id = SiteId::of(Arc::clone(&proxy.name)).with("proxy").with(place);
            outside.entry(id).or_insert_with(|| (proxy, Vec::new())).1.extend(&target.endpoints);
        }
    }
    outside.into_iter().map(|(id, (proxy, seen))| (id, judge(site, proxy, &seen))).collect()
}

fn judge(site: &SiteSubject<'_>, proxy: &ProxyExpectation, outside: &[&EndpointSubject<'_>]) -> Verdict {
    let inside: Vec<&EndpointSubject<'_>> = site
        .targets
        .iter()
        .filter(|target| target.target.network == Network::Intranet)
        .filter(|target| proxy.is_for(&target.target.system))
        .flat_map(|target| &target.endpoints)
        .collect();
    let (mut through, mut lost) = (Vec::new(), Vec::new());
    let mut kinds: Vec<&str> = Vec::new();
    for (label, kind) in KINDS {
        for seen in outside.iter().flat_map(|endpoint| endpoint.seen.with_offer(label)) {
            let Some(exchange) = &seen.exchange else { continue };
            let served = inside.iter().flat_map(|endpoint| endpoint.seen.with_offer(label)).find_map(|one| {
                let same = one.exchange.as_ref().filter(|one| one.path == exchange.path)?;
                same.answer.as_ref().filter(|answer| (200..=299).contains(&answer.status))
            });
            let Some(served) = served else { continue };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            let answer = exchange.answer.as_ref();
            let words = format!(
                "{kind} {}: {} inside, {} through the proxy",
                exchange.path,
                status_text(served),
                answer.map_or_else(|| silence(seen), status_text)
            );
            let came = answer.is_some_and(|answer| comes_through(served, answer));
            if came { through.push(words) } else { lost.push(words) }
        }
    }
    let everywhere = || outside.iter().chain(&inside);
    let was_asked = KINDS.iter().any(|(label, _)| everywhere().any(|one| one.seen.with_offer(*label).next().is_some()));
    let could_be_asked = !site.basis.site.clients.is_empty() && everywhere().any(|one| !one.chain.is_empty());
    if !was_asked && could_be_asked {
        return Verdict::NotApplicable("it was not asked for in this run");
    }
    if is_inside_left_out(site, proxy) {
        return Verdict::NotApplicable(INSIDE_LEFT_OUT);
    }
    match (kinds.as_slice(), through.is_empty(), lost.is_empty()) {
        ([], ..) => Verdict::unknown(
            "no request of a client was answered inside and asked for through the proxy",
            "a run at an intranet and at an Internet vantage, with a client of the site",
        ),
        ([_], _, true) => Verdict::NotApplicable("clients make one kind of request of what it publishes"),
        (_, true, _) => Verdict::unknown(
            "no request of a client gets through the proxy",
            "a client certificate that the proxy accepts; proxy/bridges-client says more",
        ),
        (_, false, true) => Verdict::Pass(through),
        (_, false, false) => Evidence::new("The proxy lets some kinds of requests through and not others.")
            .expected("through the proxy what is answered inside")
            .observed_all(lost)
            .observed_all(through)
            .because(&cause::VERBS)
            .culprit(Culprit::Device(Arc::clone(&proxy.name)))
            .fail(),
    }
}

/// Whether the proxy's answer is what the published system answers: a range where it gives one.
const fn comes_through(inside: &Answer, outside: &Answer) -> bool {
    outside.status >= 200 && outside.status <= 299 && (inside.status != 206 || outside.status == 206)
}

/// Why there is no answer.
fn silence(seen: &Observation) -> String {
    let of_exchange = seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref());
    seen.stopped.as_ref().or(of_exchange).map_or_else(|| "no answer".to_owned(), |failure| failure.detail.clone())
}

#[cfg(test)]
mod cases {
    use super::super::with_inside;
    use super::OfferLabel::{Client, ClientListing, ClientPackageHead, ClientPackageRange};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::DistributionPoint);
        let answers = |world: World, list: u16, head: u16, range: u16| {
            world
                .answering(Client, 200, "")
                .answering(ClientListing, list, "")
                .answering(ClientPackageHead, head, "")
                .answering(ClientPackageRange, range, "")
        };
        let inside = || answers(point(), 207, 200, 206);
        let bridge = |list, head, range| answers(point().bridging_proxy(), list, head, range).beside(inside());
        vec![
            Case::passes("all of them", bridge(207, 200, 206)),
            Case::fails("no PROPFIND", bridge(405, 200, 206), "PROPFIND /: 207 inside, 405 through the proxy"),
            Case::fails("no HEAD", bridge(207, 501, 206), "HEAD"),
            Case::fails("the whole instead of a range", bridge(207, 200, 200), "Range /: 206 inside, 200"),
            Case::not_applicable(
                "one kind alone",
                World::web_server(|r| r)
                    .bridging_proxy()
                    .answering(Client, 200, "")
                    .beside(World::web_server(|r| r).answering(Client, 200, "")),
            ),
            Case::unknown(
                "nothing gets through",
                point().bridging_proxy().answering(Client, 403, "").answering(ClientListing, 403, "").beside(inside()),
            ),
            Case::not_applicable(
                "inside left out",
                with_inside(answers(point().bridging_proxy(), 207, 200, 206)).as_site(),
            ),
            Case::unknown(
                "not reached inside",
                answers(point().bridging_proxy(), 207, 200, 206).beside(point().refused()),
            ),
            Case::nothing("a tunnel", answers(point().tunneling_proxy(), 207, 200, 206).beside(inside())),
            Case::nothing("no proxy", inside().as_site()),
        ]
    }
}
