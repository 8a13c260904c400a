//! `chain/one-leaf`

use std::net::SocketAddr;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::plan::OfferLabel;
use crate::requirement::proxy::internet_name::INTERNET_NAME as PROXY_NAME;
use crate::requirement::uses::{QualityRow, TableCell, qualities};
use crate::requirement::web_server::internet_name::INTERNET_NAME;
use crate::requirement::web_server::intranet_name::INTRANET_NAME;
use crate::requirement::web_server::update_point_both_names::UPDATE_POINT_BOTH_NAMES;
use crate::rule::credential::{Credential, Place, culprit};
use crate::rule::met::{Meeting, MetChain};
use crate::rule::quality::{Decider, Half};
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, TargetSubject};
use crate::rule::{Check, Citation, EvidenceSource, Requirement, document, requirement};
use crate::trust::path::fault::named;
use crate::verdict::cause::{Cause, Culprit, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// Every address of a name presents the same certificate, and the same with a server name in the ClientHello as
    /// without; or, where they differ, certificates that pass the same requirements.
    ///
    /// Who is hurt: clients by turns. DNS hands out addresses in rotation, a load balancer picks a node, and a client
    /// before Windows Vista sends no server name (SNI): it works today and not tomorrow, here and not there, and no log
    /// says why. On IIS 8 and later a binding with "Require Server Name Indication" and another one without, or
    /// a certificate replaced on one node only, are the usual ways to get here.
    ///
    /// How it is seen: the first certificate of every address and of both kinds of ClientHello is compared, byte for
    /// byte. Nodes of a cluster rightly present certificates of their own, so different ones are held against every
    /// requirement of severity error about the certificate and its chain; it fails where one passes what another fails.
    /// A difference in warnings (one expires sooner) is left to those. An address that shows no certificate has rows of
    /// its own; where one address was asked in one way, there is nothing to compare.
    ONE_LEAF {
        id: "chain/one-leaf",
        title: "Every address of a name presents the same certificate, or an equally good one",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 6066, 3: what a client gets must not depend on SNI or on the address it picks" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Bind the right certificate on every node and address, and to the binding without a host name as well (netsh http show sslcert lists them all).",
        check: Check::Target(check),
    }
}

/// Rules on names whose failure is an error.
static NAMES: [&Requirement; 4] = [&INTRANET_NAME, &INTERNET_NAME, &UPDATE_POINT_BOTH_NAMES, &PROXY_NAME];

/// A certificate, and where it was met: first at this endpoint.
struct Met<'a> {
    endpoint: &'a EndpointSubject<'a>,
    chain: &'a MetChain,
    leaf: &'a Arc<Certificate>,
    places: Vec<(SocketAddr, Meeting)>,
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    if subject.seen.endpoints.is_empty() {
        return subject.no_endpoint();
    }
    let tried = subject.endpoints.iter().flat_map(|endpoint| &endpoint.seen.observations);
    let tried = tried.filter(|seen| !seen.offer.is_plain()).count();
    let shown = subject.endpoints.iter().flat_map(|endpoint| &endpoint.seen.observations);
    let shown = shown.filter(|seen| !seen.handshake.chain.is_empty()).count();
    let mut met: Vec<Met<'_>> = Vec::new();
    for endpoint in &subject.endpoints {
        for chain in &endpoint.met {
            let places = || chain.on.iter().map(|meeting| (endpoint.seen.address, *meeting));
            match met.iter_mut().find(|met| met.leaf == chain.leaf()) {
                Some(known) => known.places.extend(places()),
                None => met.push(Met { endpoint, chain, leaf: chain.leaf(), places: places().collect() }),
            }
        }
    }
    match (met.as_slice(), shown, tried) {
        ([], ..) => Verdict::NotApplicable("no address showed a certificate: there is nothing to compare"),
        (_, 1, 1) => Verdict::NotApplicable("one address, asked in one way: nothing to compare"),
        (_, 1, _) => Verdict::unknown(
            "one certificate was seen, and nothing to compare it with",
            "another address, or a handshake without a server name, that shows a certificate",
        ),
        ([_], ..) => Verdict::pass(),
        (several, ..) => compared(subject, several),
    }
}

/// How many connections to one address are told that met a certificate others there did not.
const MOST_CONNECTIONS: usize = 3;

/// Where a certificate was met, in words: by address; of an address that showed another, too, on which connections.
fn places(met: &[Met<'_>], one: &Met<'_>) -> String {
    let mut addresses: Vec<SocketAddr> = one.places.iter().map(|(address, _)| *address).collect();
    addresses.dedup();
    let words = addresses.into_iter().map(|address| {
        let is_here = |(at, _): &&(SocketAddr, Meeting)| *at == address;
        let shows_another =
            met.iter().any(|other| other.leaf != one.leaf && other.places.iter().any(|at| is_here(&at)));
        if !shows_another {
            return address.to_string();
        }
        let mut connections: Vec<String> =
            one.places.iter().filter(is_here).map(|(_, meeting)| place(address, *meeting)).collect();
        connections.dedup();
        let more = connections.len().saturating_sub(MOST_CONNECTIONS);
        connections.truncate(MOST_CONNECTIONS);
        let rest = if more == 0 { String::new() } else { format!(" and {}", counted(more, "more connection")) };
        format!("{}{rest}", connections.join(", "))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A connection on which a certificate was met, in words.
fn place(address: SocketAddr, meeting: Meeting) -> String {
    match meeting {
        Meeting::Handshake(OfferLabel::Default) => address.to_string(),
        Meeting::Handshake(OfferLabel::WithoutServerName) => format!("{address} without a server name"),
        Meeting::Handshake(offer) => format!("{address} ({offer})"),
        Meeting::LaterHandshake(offer) => format!("{address} ({offer}, second handshake)"),
        Meeting::HandedOut(_) | Meeting::File => address.to_string(),
    }
}

/// A requirement that a certificate fails, and what brings that about.
struct Failed {
    id: String,
    because: Option<(&'static Cause, Culprit)>,
}

impl Failed {
    /// What a verdict is, where it fails.
    fn of(id: impl Into<String>, verdict: Verdict, leaf: &Certificate) -> Option<Self> {
        match verdict {
            Verdict::Fail(evidence) => {
                let blamed = evidence.culprit.unwrap_or_else(|| culprit(leaf));
                Some(Self { id: id.into(), because: evidence.because.map(|cause| (cause, blamed)) })
            }
            Verdict::Pass(_) | Verdict::NotApplicable(_) | Verdict::Unknown(_) => None,
        }
    }
}

/// The qualities of severity error that a certificate fails, by their ids.
fn failing(subject: &TargetSubject<'_>, endpoint: &EndpointSubject<'_>, chain: &MetChain) -> Vec<Failed> {
    let (basis, of) = (subject.basis, endpoint.of);
    let profile = basis.site.profile;
    let credential = Credential { basis, of, chain, place: Place::Endpoint(endpoint) };
    let Some(facts) = chain.leaf().facts() else {
        return vec![Failed { id: "it cannot be read".into(), because: None }];
    };
    let is_error = |row: &&QualityRow| match row.cell(of) {
        TableCell::Of(cell) => matches!(cell.0.under(profile), Half::Judged(Severity::Error, _)),
        TableCell::Told => false,
    };
    let named = NAMES.iter().filter_map(|requirement| match requirement.check {
        Check::OfUse(asked, judge) => {
            let target = subject.target;
            let scope = &requirement.scope;
            let concerns =
                asked == of && scope.excludes(profile, target.role, target.network, &target.expectation).is_none();
            concerns.then(|| Failed::of(requirement.id, judge(&credential, facts), chain.leaf())).flatten()
        }
        _ => None,
    });
    let rows = qualities().filter(is_error).filter(|row| row.quality.decided_by != Decider::Chain);
    let failing = rows.filter_map(|row| Failed::of(row.id(of), (row.quality.judge)(&credential, facts), chain.leaf()));
    named.chain(failing).collect()
}

/// Whether certificates that differ are equally good.
fn compared(subject: &TargetSubject<'_>, met: &[Met<'_>]) -> Verdict {
    let fails: Vec<Vec<Failed>> = met.iter().map(|one| failing(subject, one.endpoint, one.chain)).collect();
    let ids = |fails: &[Failed]| fails.iter().map(|failed| failed.id.clone()).collect::<Vec<_>>();
    let words = |(one, fails): (&Met<'_>, &Vec<Failed>)| {
        let failing = if fails.is_empty() { "nothing".to_owned() } else { ids(fails).join(", ") };
        format!("{}: {}, fails {failing}", places(met, one), named(one.leaf))
    };
    let certificates: Vec<String> = met.iter().zip(&fails).map(words).collect();
    if fails.windows(2).all(|pair| matches!(pair, [one, other] if ids(one) == ids(other))) {
        return Verdict::Pass(certificates);
    }
    let worst = met.iter().zip(&fails).max_by_key(|(_, fails)| fails.len());
    let evidence = Evidence::new(format!(
        "{} presents different certificates, and not all are equally good.",
        subject.target.name
    ))
    .expected("the same certificate everywhere, or certificates that pass the same requirements")
    .observed_all(certificates);
    // What the worst one fails at its own address says what is wrong there; this is the same thing once more.
    let worst_lacks_it = worst.is_some_and(|(_, fails)| lack_the_name(fails));
    let cause = match &subject.target.expectation.cluster {
        Some(_) if worst_lacks_it => &cause::NODE_LACKS_CLUSTER_NAME,
        None if worst_lacks_it && !fails.iter().all(|fails| lack_the_name(fails)) => &cause::WRONG_CERTIFICATE_BOUND,
        Some(_) | None => &cause::NODES_DIFFER,
    };
    let evidence = evidence.because(cause);
    // What the worst fails and another does not is told at its own address by itself, too.
    let alone = |failed: &&Failed| fails.iter().any(|other| !other.iter().any(|one| one.id == failed.id));
    let evidence = match worst.and_then(|(_, fails)| fails.iter().filter(alone).find_map(|one| one.because.clone())) {
        Some((same, blamed)) if *cause == cause::NODES_DIFFER => evidence.same_as(same, blamed),
        Some(_) | None => evidence,
    };
    match worst {
        Some((worst, _)) if *cause == cause::NODE_LACKS_CLUSTER_NAME => evidence.culprit(culprit(worst.leaf)),
        Some((worst, _)) => evidence.culprit(worst.endpoint.place()),
        None => evidence,
    }
    .fail()
}

/// Whether a certificate is refused by who dials the name.
fn lack_the_name(fails: &[Failed]) -> bool {
    fails.iter().any(|failed| failed.id.ends_with("/client-accepts-name"))
}

#[cfg(test)]
mod cases {
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};

    use crate::lab::pki::{KeyName, Minted, Recipe};
    use crate::observation::failure::ResolveFailure;
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World, lab};
    use crate::wire::der::Der;

    fn leaf(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
        lab().issue(&bend(lab().web_server(&[INTRANET, INTERNET]))).unwrap()
    }

    fn instead(handshake: &mut Handshake, leaf: &Minted) {
        if let Some(first) = handshake.chain.first_mut() {
            *first = Der::from(leaf.der.as_slice());
        }
    }

    /// A second address, which presents this certificate.
    fn and_at_second_address(world: World, leaf: Option<&Minted>) -> World {
        world.seen(|seen| {
            let mut second = seen.endpoints[0].clone();
            second.address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 1, 0, 22)), 443);
            let handshake = &mut second.observations[0].handshake;
            match leaf {
                Some(leaf) => instead(handshake, leaf),
                None => *handshake = Handshake::default(),
            }
            seen.endpoints.push(second);
        })
    }

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let (same, renewed) = (leaf(|r| r), leaf(|r| r.key(KeyName::Rsa2048G)));
        let without_internet = leaf(|r| r.dns(&[INTRANET]));
        let without_name = |leaf: Option<&Minted>| {
            let leaf = leaf.cloned();
            healthy().also(OfferLabel::WithoutServerName, move |seen| match &leaf {
                Some(leaf) => instead(&mut seen.handshake, leaf),
                None => seen.handshake = Handshake::default(),
            })
        };
        vec![
            Case::passes("the same at both addresses", and_at_second_address(healthy(), Some(&same))),
            Case::passes("the same without a server name", without_name(Some(&same))),
            Case::passes("another key, equally good", and_at_second_address(healthy(), Some(&renewed))),
            Case::fails(
                "the second address lacks the Internet FQDN",
                and_at_second_address(healthy(), Some(&without_internet)),
                "10.1.0.22:443: CN=mp01.corp.contoso.com (thumbprint",
            ),
            Case::fails(
                "what it fails is named",
                and_at_second_address(healthy(), Some(&without_internet)),
                "fails web-server/internet-name",
            ),
            Case::fails(
                "another purpose without a server name",
                without_name(Some(&leaf(|r| r.eku(&[])))),
                "10.1.0.21:443 without a server name",
            ),
            Case::fails(
                "two nodes behind one address",
                healthy().also_answered_by(&without_internet),
                "web-server/internet-name",
            ),
            Case::passes(
                "a node that expires sooner",
                and_at_second_address(
                    healthy(),
                    Some(&leaf(|r| {
                        let from = r.not_before;
                        r.valid(from, time::macros::datetime!(2026-06-11 0:00 UTC))
                    })),
                ),
            ),
            Case::passes(
                "both addresses, one silent without a server name",
                and_at_second_address(without_name(None), Some(&same)),
            ),
            Case::not_applicable("one address, asked once", healthy()),
            Case::unknown("one of two addresses shows a certificate", and_at_second_address(healthy(), None)),
            Case::not_applicable("nothing listens", healthy().refused()),
            Case::unknown("the name does not resolve", healthy().unresolved(ResolveFailure::NameNotFound)),
        ]
    }
}
