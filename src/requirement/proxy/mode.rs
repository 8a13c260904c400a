//! `proxy/mode`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{INSIDE_LEFT_OUT, is_inside_left_out};
use crate::plan::expectation::ProxyExpectation;
use crate::requirement::reachability::uninspected::made_for_its_name;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, SiteSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::site::ProxyMode;
use crate::site::profile::ByProfile;
use crate::site::vantage::Network;
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The proxy does with clients' TLS what the definition declares: a bridging proxy ends it and shows a certificate of
    /// its own outside; a tunnelling proxy passes it on, and outside as inside the site system's certificate is seen.
    ///
    /// Who is hurt: Internet clients, and whoever relies on the proxy: a tunnel that ends TLS hides the client
    /// certificate from the site system; a bridge that is none lets unauthenticated packets into the perimeter.
    ///
    /// How it is seen: the certificate at the Internet FQDN outside beside the one the published system shows inside.
    /// The same certificate means tunnelling, another means bridging. Versions, suites and when a client certificate is
    /// asked for are shown as further evidence. Until both were seen this cannot be decided: run `cmprobe check
    /// --save` at each vantage and put the files together with `cmprobe assess`. A run that is told to look from outside
    /// alone leaves it out.
    MODE {
        id: "proxy/mode",
        title: "The proxy bridges or tunnels as declared",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::PROXY, place: "SSL bridging and SSL tunneling" },
            Citation { document: &document::IBCM, place: "SSL bridging to SSL, and tunneling" },
        ),
        scope: Scope { presenters: crate::rule::scope::Presenters::Proxies, words: "proxy web servers", ..Scope::EVERY_ENDPOINT },
        evidence: &[EvidenceSource::Site],
        remedy: "Correct `mode` in the definition, or the proxy's publishing rule: a server publishing rule tunnels, a web publishing rule bridges.",
        check: Check::Site(check),
    }
}

fn check(site: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let mut outside: BTreeMap<SiteId, (&ProxyExpectation, Vec<&EndpointSubject<'_>>)> = BTreeMap::new();
    for target in site.targets {
        let Some(proxy) = &target.target.expectation.proxy else { continue };
        if target.target.network == Network::Internet {
            let place = format!("{}:{}", target.target.name, target.target.port);
            let id = SiteId::of(Arc::clone(&proxy.name)).with("proxy").with(place);
            outside.entry(id).or_insert_with(|| (proxy, Vec::new())).1.extend(&target.endpoints);
        }
    }
    outside.into_iter().map(|(id, (proxy, seen))| (id, judge(site, proxy, &seen))).collect()
}

fn judge(site: &SiteSubject<'_>, proxy: &ProxyExpectation, outside: &[&EndpointSubject<'_>]) -> Verdict {
    let outside: Vec<&EndpointSubject<'_>> = outside.iter().copied().filter(|one| !one.chain.is_empty()).collect();
    let Some(first) = outside.first() else {
        return Verdict::unknown(
            "the proxy's certificate was not seen outside",
            "a run at an Internet vantage that reaches the proxy",
        );
    };
    let inside: Vec<&EndpointSubject<'_>> = site
        .targets
        .iter()
        .filter(|target| target.target.network == Network::Intranet && proxy.is_for(&target.target.system))
        .flat_map(|target| &target.endpoints)
        .filter(|one| !one.chain.is_empty())
        .collect();
    if is_inside_left_out(site, proxy) {
        return Verdict::NotApplicable(INSIDE_LEFT_OUT);
    }
    if inside.is_empty() {
        return Verdict::unknown(
            "what the proxy publishes was not seen inside",
            "a run at an intranet vantage (`cmprobe check --vantage intranet --save inside.jsonl`), assessed together with this one",
        );
    }
    let same = |one: &EndpointSubject<'_>| {
        inside.iter().flat_map(|inner| inner.leaves()).any(|leaf| one.chain.first() == Some(leaf))
    };
    let tunnels = outside.iter().filter(|one| same(one)).count();
    let evidence = |message: &str, expected: &str| {
        Evidence::new(message)
            .expected(expected)
            .observed(format!("outside: {}", session(first)))
            .observed_all(inside.iter().take(4).map(|one| format!("inside: {}", session(one))))
    };
    match proxy.mode {
        ProxyMode::Tunneling if tunnels == outside.len() => Verdict::pass_with("the site system's own certificate outside"),
        ProxyMode::Bridging if tunnels == 0 => Verdict::pass_with("another certificate outside than inside"),
        ProxyMode::Tunneling => {
            let evidence = evidence(
                "The proxy is declared to tunnel, and terminates TLS.",
                "outside the certificate the site system shows inside",
            );
            let made_by = first.chain.first().and_then(|leaf| made_for_its_name(first, leaf));
            match made_by {
                Some(issuer) => evidence.because(&cause::INTERCEPTED_ON_THE_WAY).culprit(Culprit::Device(issuer.into())),
                None => evidence.because(&cause::MODE_DIFFERS).cause("A web publishing rule ends TLS at the proxy, or the Internet name leads to another server than the definition says."),
            }
            .fail()
        }
        ProxyMode::Bridging => evidence("The proxy is declared to bridge, and shows the site system's certificate.", "outside a certificate of the proxy's own")
            .because(&cause::MODE_DIFFERS)
            .cause("A server publishing rule passes TLS on unopened, or the proxy was given a copy of the site system's certificate and key.")
            .fail(),
    }
}

/// What tells two TLS ends apart, in a line.
fn session(one: &EndpointSubject<'_>) -> String {
    let leaf = one
        .chain
        .first()
        .map_or_else(String::new, |leaf| format!("{} {}", leaf.thumbprint_sha1(), leaf.subject_text()));
    let Some(seen) = one.principal() else { return leaf };
    let handshake = &seen.handshake;
    let version = handshake.version.map_or_else(|| "?".to_owned(), |version| version.to_string());
    let suite = handshake.cipher_suite.map_or_else(|| "?".to_owned(), |suite| suite.to_string());
    let asked = one.seen.observations.iter().find_map(|seen| seen.handshake.client_certificate_request.as_ref());
    let when = asked.map_or("not seen", |request| request.when.name());
    format!("{leaf}, {version} {suite}, client certificate asked for: {when}")
}

#[cfg(test)]
mod cases {
    use super::super::with_inside;
    use crate::lab::pki::Pki;
    use crate::requirement::case::{Case, INTERNET, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let other = || World::web_server(|r| r.serial(&[0x77]));
        let made = || {
            let leaf = Pki::stranger().unwrap().issuing.issue(&lab().web_server(&[INTERNET])).unwrap();
            World::presented_as(Use::WebServer, &[&leaf], &[&lab().root])
        };
        vec![
            Case::passes("a tunnel shows the same", healthy().tunneling_proxy().beside(healthy())),
            Case::passes("a bridge shows another", other().bridging_proxy().beside(healthy())),
            Case::fails("a tunnel that terminates", other().tunneling_proxy().beside(healthy()), "terminates TLS"),
            Case::fails(
                "a tunnel somebody else opens",
                made().tunneling_proxy().beside(healthy()),
                "intercepted-on-the-way",
            ),
            Case::fails("a bridge that is none", healthy().bridging_proxy().beside(healthy()), "shows the site system"),
            Case::not_applicable("inside left out", with_inside(healthy().tunneling_proxy()).as_site()),
            Case::unknown("no vantage inside", healthy().tunneling_proxy().as_site()),
            Case::unknown("inside not reached", healthy().tunneling_proxy().beside(healthy().refused())),
            Case::unknown("outside not reached", healthy().tunneling_proxy().refused().beside(healthy())),
            Case::nothing("no proxy", healthy().as_site()),
        ]
    }
}
