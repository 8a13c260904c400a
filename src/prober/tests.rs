//! The prober against the lab: what one run sends, in which time, with which connections.

mod asking; // what is asked of a server that may yet refuse

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use time::macros::datetime;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::{Prober, Settings, run};
use crate::identity::ClientIdentity;
use crate::lab::dns::{Answer, DnsServer, View};
use crate::lab::peer::{self, ClosedPort, Script, ScriptedPeer};
use crate::lab::pki::Pki;
use crate::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};
use crate::observation::failure::{ConnectFailure, HandshakeFailure, ResolveFailure, Stop};
use crate::observation::handshake::Aftermath;
use crate::observation::resolution::ResolutionSource;
use crate::observation::{LookupAnswer, Observation, Seen, TargetObservation};
use crate::plan::engine::EngineId;
use crate::plan::offer::{BODY_LIMIT, Condition, Identity, Method, Request, Shape, Sni, Versions};
use crate::plan::{Lookup, Offer, OfferLabel, Question, Target, TargetId};
use crate::site::name::{HostName, NameKind};
use crate::site::vantage::{Network, Vantage};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use crate::wire::version::ProtocolVersion;

pub(super) const PATIENT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(250);

fn clock() -> Timestamp {
    Timestamp(datetime!(2026-01-01 00:00 UTC))
}

pub(super) fn vantage() -> Vantage {
    Vantage { private_addresses: true, ..Vantage::new("inside", Network::Intranet) }
}

pub(super) fn settings() -> Settings {
    Settings {
        connect_timeout: PATIENT,
        handshake_timeout: PATIENT,
        resolve_timeout: PATIENT,
        deadline: PATIENT,
        settle: SHORT,
        ..Settings::new(vec![vantage()], clock)
    }
}

fn offer(label: OfferLabel) -> Offer {
    Offer {
        label,
        sni: Sni::Dialled,
        versions: Versions::ANY,
        identity: Identity::None,
        shape: Shape::Usual,
        condition: Condition::Always,
        request: None,
        engines: [EngineId::Rustls].into(),
    }
}

fn target(name: &str, port: u16, offers: Vec<Offer>) -> Arc<Target> {
    Arc::new(Target {
        id: TargetId::new("MP01", "management-point", name, "inside"),
        system: "MP01".into(),
        role: None,
        vantage: "inside".into(),
        network: Network::Intranet,
        name: HostName::new(name),
        name_kind: NameKind::Given,
        port,
        http_port: 80,
        expectation: Arc::default(),
        offers: offers.into(),
        connections: 1,
        why: "".into(),
    })
}

pub(super) fn default_target(at: SocketAddr) -> Arc<Target> {
    target(&at.ip().to_string(), at.port(), vec![offer(OfferLabel::Default)])
}

async fn probe_all(targets: Vec<Arc<Target>>, settings: &Settings) -> Vec<TargetObservation> {
    let (sink, mut source) = mpsc::channel(4);
    let running = run(targets, Vec::new(), settings, sink);
    let collecting = async {
        let mut all = Vec::new();
        while let Some(seen) = source.recv().await {
            let Seen::Target(target) = seen else { panic!("{seen:?}") };
            all.push(*target);
        }
        all
    };
    timeout(PATIENT, async { tokio::join!(running, collecting).1 }).await.unwrap()
}

async fn probe_one(target: Arc<Target>, settings: &Settings) -> TargetObservation {
    let mut all = probe_all(vec![target], settings).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn only(seen: &TargetObservation) -> &[Observation] {
    assert_eq!(seen.endpoints.len(), 1);
    &seen.endpoints[0].observations
}

fn kinds(observations: &[Observation]) -> Vec<Option<Stop>> {
    observations.iter().map(|seen| seen.stopped.as_ref().map(|failure| failure.stop)).collect()
}

fn presenting(name: &str) -> Options {
    let pki = Pki::lab().unwrap();
    Options::presenting(Credentials::of(&pki.issue(&pki.web_server(&[name])).unwrap()))
}

async fn healthy() -> TlsServer {
    TlsServer::start(presenting("mp01.corp.contoso.com")).await.unwrap()
}

#[tokio::test]
async fn a_healthy_endpoint_is_seen_whole() {
    let server = healthy().await;
    let seen = probe_one(default_target(server.address()), &settings()).await;
    assert_eq!(seen.resolution.source, ResolutionSource::Literal);
    assert_eq!(seen.endpoints[0].address, server.address());
    let [one] = only(&seen) else { panic!("{seen:?}") };
    assert_eq!((one.offer, one.engine, one.at), (OfferLabel::Default, EngineId::Rustls, clock()));
    assert_eq!((one.stopped.as_ref(), one.handshake.completed, one.handshake.chain.len()), (None, true, 2));
    assert_eq!(one.handshake.server_name, None, "an address is no server name");
    assert!(one.timing.connect.is_some() && one.timing.handshake.is_some() && one.timing.exchange.is_none());
    assert!(one.timing.own.is_some_and(|own| own.0 > 0.0), "what this machine did of it: {:?}", one.timing);
}

#[tokio::test]
async fn a_name_is_resolved_and_sent_unless_the_offer_says_otherwise() {
    let server = healthy().await;
    let mut view = View::default();
    view.addresses("mp01.corp.contoso.com", &[server.address().ip()]);
    let dns = DnsServer::start(view).await.unwrap();
    let inside = Vantage { dns: vec![dns.address()], ..vantage() };
    let settings = Settings { vantages: vec![inside], ..settings() };
    let offers = vec![
        offer(OfferLabel::Default),
        Offer { sni: Sni::Off, ..offer(OfferLabel::WithoutServerName) },
        Offer { sni: Sni::Other("other.contoso.com".into()), ..offer(OfferLabel::Anonymous) },
        Offer { versions: Versions::only(ProtocolVersion::TLS1_2), ..offer(OfferLabel::OnlyTls12) },
    ];
    let seen = probe_one(target("mp01.corp.contoso.com", server.address().port(), offers), &settings).await;
    assert!(matches!(seen.resolution.source, ResolutionSource::Servers(_)));
    let observations = only(&seen);
    assert_eq!(kinds(observations), [None; 4]);
    assert!(observations.iter().all(|one| one.timing.resolve.is_some()));
    assert_eq!(observations[3].handshake.version, Some(ProtocolVersion::TLS1_2));
    let names = [Some("mp01.corp.contoso.com"), None, Some("other.contoso.com"), Some("mp01.corp.contoso.com")];
    let sent: Vec<_> = observations.iter().map(|one| one.handshake.server_name.as_deref()).collect();
    assert_eq!(sent, names);
    let connections = timeout(PATIENT, server.connections_when(4)).await.unwrap();
    let heard: Vec<_> = connections.iter().map(|one| one.server_name.as_deref()).collect();
    assert_eq!(heard, names);
}

#[tokio::test]
async fn every_address_of_a_name_is_an_endpoint_of_its_own() {
    let there = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));
    let server = healthy().await;
    let port = server.address().port();
    let closed = ClosedPort::take(SocketAddr::new(there, port)).unwrap();
    let hosts = vec![(HostName::new("MP01"), vec![there, server.address().ip()])];
    let settings = Settings { vantages: vec![Vantage { hosts, ..vantage() }], ..settings() };
    let seen = probe_one(target("mp01", port, vec![offer(OfferLabel::Default)]), &settings).await;
    let addresses: Vec<_> = seen.endpoints.iter().map(|one| one.address).collect();
    assert_eq!(addresses, [closed.address(), server.address()]);
    assert_eq!(kinds(&seen.endpoints[0].observations), [Some(ConnectFailure::Refused.into())]);
    assert_eq!(kinds(&seen.endpoints[1].observations), [None]);
}

#[tokio::test]
async fn of_a_name_with_thousands_of_addresses_some_are_probed_and_the_rest_is_counted() {
    let there = |n: u16| {
        let [a, b] = n.to_be_bytes();
        IpAddr::from([127, 77, a, b])
    };
    let port = ClosedPort::take(SocketAddr::new(there(1), 0)).unwrap().address().port();
    let hosts = vec![(HostName::new("MP01"), (1..=3999).map(there).collect())];
    let settings = Settings { vantages: vec![Vantage { hosts, ..vantage() }], ..settings() };
    let seen = probe_one(target("mp01", port, vec![offer(OfferLabel::Default)]), &settings).await;
    assert_eq!((seen.endpoints.len(), seen.resolution.addresses.len()), (super::ADDRESSES, super::ADDRESSES));
    let failure = seen.resolution.failure.unwrap();
    assert!(failure.is(ResolveFailure::TooManyAddresses) && failure.detail.contains("3999"), "{failure:?}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_has_no_endpoints() {
    let dns = DnsServer::start(View::default()).await.unwrap();
    let settings = Settings { resolvers: vec![dns.address()], ..settings() };
    let seen = probe_one(target("gone.contoso.com", 443, vec![offer(OfferLabel::Default)]), &settings).await;
    assert_eq!(seen.endpoints.len(), 0);
    assert_eq!(seen.resolution.failure.map(|failure| failure.stop), Some(ResolveFailure::NameNotFound.into()));
}

#[tokio::test]
async fn a_dead_endpoint_costs_one_time_out_whatever_was_planned_for_it() {
    let silent = ScriptedPeer::start(peer::silent()).await.unwrap();
    let closed = ClosedPort::take(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let offers = || [OfferLabel::Default, OfferLabel::WithoutServerName, OfferLabel::OnlyTls12].map(offer).to_vec();
    let settings = Settings { handshake_timeout: SHORT, ..settings() };
    let stops: [(SocketAddr, Stop); 2] =
        [(silent.address(), HandshakeFailure::Timeout.into()), (closed.address(), ConnectFailure::Refused.into())];
    for (address, kind) in stops {
        let seen = probe_one(target("127.0.0.1", address.port(), offers()), &settings).await;
        let left = Some(kind.not_attempted());
        assert_eq!(kinds(only(&seen)), [Some(kind), left, left]);
        assert_eq!(only(&seen)[2].offer, OfferLabel::OnlyTls12);
    }
    assert_eq!(silent.connections(), 4, "the usual hello, two that went out early, and a cautious one");
}

#[tokio::test]
async fn where_there_is_place_for_one_connection_the_cautious_hello_waits_for_the_usual_ones_end() {
    let silent = ScriptedPeer::start(peer::silent()).await.unwrap();
    let alone = Settings { handshake_timeout: SHORT, per_host: NonZeroUsize::MIN, ..settings() };
    for settings in [alone.clone(), Settings { concurrency: NonZeroUsize::MIN, per_host: NonZeroUsize::MAX, ..alone }] {
        let before = silent.connections();
        let seen = probe_one(default_target(silent.address()), &settings).await;
        assert_eq!(kinds(only(&seen)), [Some(HandshakeFailure::Timeout.into())]);
        assert_eq!(silent.connections() - before, 2);
    }
}

#[tokio::test]
async fn many_silent_endpoints_cost_one_time_out_together() {
    let mut peers = Vec::new();
    for host in 1..=30 {
        let at = SocketAddr::from(([127, 0, 3, host], 0));
        peers.push(ScriptedPeer::start_at(at, peer::silent()).await.unwrap());
    }
    let server = healthy().await;
    let targets = peers.iter().map(|peer| default_target(peer.address()));
    let targets = targets.chain([default_target(server.address())]).collect();
    let wait = Duration::from_secs(1);
    let began = Instant::now();
    let all = probe_all(targets, &Settings { handshake_timeout: wait, ..settings() }).await;
    assert_eq!(all.len(), 31);
    assert_eq!(all[0].endpoints[0].address, server.address(), "what answers does not wait for what does not");
    let took = began.elapsed();
    assert!((wait..wait * 10).contains(&took), "{took:?}");
}

#[tokio::test]
async fn limits_hold_and_everybody_gets_a_turn() {
    let peer = ScriptedPeer::start(peer::silent()).await.unwrap();
    let targets = (0..4).map(|_| default_target(peer.address())).collect();
    let settings = Settings {
        per_host: NonZeroUsize::MIN,
        concurrency: NonZeroUsize::MIN,
        handshake_timeout: Duration::from_millis(50),
        ..settings()
    };
    let began = Instant::now();
    assert_eq!(probe_all(targets, &settings).await.len(), 4);
    assert!(began.elapsed() >= Duration::from_millis(200), "one after the other");
}

#[tokio::test]
async fn time_outs_are_tried_again_and_nothing_else_is() {
    for (script, kind, connections) in [
        (peer::silent(), HandshakeFailure::Timeout, 3),
        (peer::half_a_record(), HandshakeFailure::Timeout, 3),
        (peer::closes(), HandshakeFailure::Closed, 1),
        (peer::plain_http(), HandshakeFailure::PlainHttp, 1),
    ] {
        // What meets a hello with silence or a close is asked once more, with a cautious one.
        let is_asked_again = script == peer::silent() || script == peer::closes();
        let peer = ScriptedPeer::start(script).await.unwrap();
        let wait = if connections > 1 { SHORT } else { PATIENT };
        let settings = Settings { retries: 2, handshake_timeout: wait, ..settings() };
        let seen = probe_one(default_target(peer.address()), &settings).await;
        assert_eq!(kinds(only(&seen)), [Some(kind.into())]);
        assert_eq!(peer.connections(), connections + usize::from(is_asked_again));
        let attempts = only(&seen)[0].stopped.as_ref().unwrap().attempts;
        assert_eq!(attempts, u32::try_from(connections).unwrap());
    }
}

#[tokio::test]
async fn the_deadline_bounds_the_retries() {
    let peer = ScriptedPeer::start(peer::silent()).await.unwrap();
    let settings = Settings { retries: 255, handshake_timeout: SHORT, deadline: SHORT * 2, ..settings() };
    let seen = probe_one(default_target(peer.address()), &settings).await;
    assert_eq!(kinds(only(&seen)), [Some(HandshakeFailure::Timeout.into())]);
    assert!(peer.connections() <= 3);
}

#[tokio::test]
async fn a_cluster_is_connected_to_more_than_once() {
    let server = healthy().await;
    let mut cluster = Target::clone(&default_target(server.address()));
    cluster.connections = 3;
    cluster.offers = [offer(OfferLabel::Default), offer(OfferLabel::WithoutServerName)].into();
    let seen = probe_one(Arc::new(cluster), &settings()).await;
    assert_eq!(only(&seen).len(), 4);
    assert_eq!(seen.endpoints[0].with_offer(OfferLabel::Default).count(), 3);
}

#[tokio::test]
async fn what_no_engine_can_make_is_said_without_connecting() {
    let peer = ScriptedPeer::start(peer::silent()).await.unwrap();
    for (refused, word) in [
        (Offer { versions: Versions::only(ProtocolVersion::SSL3), ..offer(OfferLabel::OnlySsl3) }, "SSLv3"),
        (Offer { identity: Identity::Client("nobody".into()), ..offer(OfferLabel::Client) }, "nobody"),
    ] {
        let at = peer.address();
        let seen = probe_one(target("127.0.0.1", at.port(), vec![refused]), &settings()).await;
        let failure = only(&seen)[0].stopped.as_ref().unwrap();
        assert!(failure.detail.contains(word), "{failure:?}");
    }
    assert_eq!(peer.connections(), 0);
}

#[tokio::test]
async fn a_refusal_after_a_tls_13_handshake_is_in_the_aftermath() {
    let accepts = Accepts {
        authorities: Vec::new(),
        roots: Some(vec![Pki::lab().unwrap().root.der.clone()]),
        at: crate::lab::pki::LAB_EPOCH,
    };
    let options = Options { client_auth: ClientAuth::Required(accepts), ..presenting("mp01.corp.contoso.com") };
    let server = TlsServer::start(options).await.unwrap();
    let settings = Settings { settle: PATIENT, ..settings() };
    let seen = probe_one(default_target(server.address()), &settings).await;
    let [one] = only(&seen) else { panic!("{seen:?}") };
    assert_eq!(one.handshake.aftermath, Some(Aftermath::Alert));
    assert!(one.handshake.client_certificate_request.is_some());
    assert_eq!((one.stopped.as_ref(), one.handshake.alerts.len()), (None, 1));
}

#[tokio::test]
async fn every_fault_is_named_and_the_others_are_still_seen_whole() {
    let faults: [(Script, HandshakeFailure); 8] = [
        (peer::resets(), HandshakeFailure::Reset),
        (peer::closes(), HandshakeFailure::Closed),
        (peer::plain_http(), HandshakeFailure::PlainHttp),
        (peer::garbage(), HandshakeFailure::NotTls),
        (peer::alerts(40), HandshakeFailure::Alert),
        (peer::huge_message(), HandshakeFailure::TooLarge),
        (peer::drips(), HandshakeFailure::Timeout),
        (peer::half_a_record(), HandshakeFailure::Timeout),
    ];
    let server = healthy().await;
    let (mut peers, mut targets) = (Vec::new(), vec![default_target(server.address())]);
    for (script, kind) in faults {
        let peer = ScriptedPeer::start(script).await.unwrap();
        targets.push(default_target(peer.address()));
        peers.push((peer, kind));
    }
    let settings = Settings { handshake_timeout: Duration::from_secs(2), ..settings() };
    let all = probe_all(targets, &settings).await;
    assert_eq!(all.len(), 9);
    for seen in &all {
        let expected =
            peers.iter().find(|(peer, _)| peer.address() == seen.endpoints[0].address).map(|(_, kind)| (*kind).into());
        assert_eq!(kinds(only(seen)).first(), Some(&expected));
    }
}

#[tokio::test]
async fn the_next_engine_is_asked_where_it_may_get_further_and_every_attempt_is_kept() {
    let both = || Offer { engines: [EngineId::Rustls, EngineId::Openssl].into(), ..offer(OfferLabel::Default) };
    for (script, engines) in [
        (peer::alerts(40), 2),
        (peer::alerts(70), 2),
        (peer::alerts(80), 2),
        (peer::alerts(109), 2),
        (peer::alerts(120), 2),
        (peer::resets(), 2),
        (peer::closes(), 2),
        (peer::chooses(0x0303, 0x002f), 2),
        (peer::alerts(112), 1),
        (peer::plain_http(), 1),
        (peer::garbage(), 1),
        (peer::silent(), 1),
    ] {
        let peer = ScriptedPeer::start(script.clone()).await.unwrap();
        let settings = Settings { handshake_timeout: SHORT, ..settings() };
        let seen = probe_one(target("127.0.0.1", peer.address().port(), vec![both()]), &settings).await;
        let asked: Vec<_> = only(&seen).iter().map(|one| one.engine).collect();
        assert_eq!(asked, [EngineId::Rustls, EngineId::Openssl][..engines], "{script:?}");
        let is_asked_again = [peer::silent(), peer::closes(), peer::resets()].contains(&script);
        assert_eq!(peer.connections(), engines + usize::from(is_asked_again));
    }
    let server = healthy().await;
    let seen = probe_one(target("127.0.0.1", server.address().port(), vec![both()]), &settings()).await;
    assert_eq!(only(&seen).len(), 1);
}

#[tokio::test]
async fn plain_http_is_asked_at_its_own_port_though_https_is_closed() {
    let peer = ScriptedPeer::start(peer::plain_http()).await.unwrap();
    let closed = ClosedPort::take(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let request = Request { method: Method::Get, path: "/".into(), most: BODY_LIMIT };
    let plain = Offer { engines: [EngineId::Plain].into(), request: Some(request), ..offer(OfferLabel::PlainHttp) };
    let mut both =
        Target::clone(&target("127.0.0.1", closed.address().port(), vec![offer(OfferLabel::Default), plain]));
    both.http_port = peer.address().port();
    let seen = probe_one(Arc::new(both), &settings()).await;
    assert_eq!(kinds(only(&seen)), [Some(ConnectFailure::Refused.into()), None]);
    let exchange = only(&seen)[1].exchange.as_ref().unwrap();
    assert_eq!(exchange.answer.as_ref().map(|answer| answer.status), Some(400));
}

#[tokio::test]
async fn lookups_are_answered_beside_the_probes() {
    let mut view = View::default();
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let service = crate::lab::dns::Service { priority: 0, weight: 0, port: 443, target: "mp01.corp".into() };
    view.addresses("mp01.corp", &[address]).say("_mssms_mp_pri._tcp.corp", Answer::Services(vec![service]));
    let dns = DnsServer::start(view).await.unwrap();
    let settings = Settings { resolvers: vec![dns.address()], ..settings() };
    let lookup = |id: &str, question| {
        Arc::new(Lookup {
            id: TargetId::new("PRI", "lookup", id, "inside"),
            system: "PRI".into(),
            vantage: "inside".into(),
            network: Network::Intranet,
            question,
            expectation: Arc::default(),
            why: "".into(),
        })
    };
    let lookups = vec![
        lookup("hidden", Question::HiddenHost(HostName::new("mp01.corp"))),
        lookup(
            "service",
            Question::ManagementPointService {
                record: "_mssms_mp_pri._tcp.corp".into(),
                targets: Vec::new(),
                ports: Vec::new(),
            },
        ),
    ];
    let (sink, mut source) = mpsc::channel(4);
    timeout(PATIENT, Prober::new(settings).run(Vec::new(), lookups, sink)).await.unwrap();
    let mut addresses = Vec::new();
    while let Some(seen) = source.recv().await {
        let Seen::Lookup(seen) = seen else { panic!("{seen:?}") };
        assert_eq!(seen.at, clock());
        addresses.extend(match seen.answer {
            LookupAnswer::Host(host) => host.addresses,
            LookupAnswer::Service(service) => service.records.into_iter().flat_map(|one| one.host.addresses).collect(),
        });
    }
    assert_eq!(addresses, [address, address]);
}

#[tokio::test]
async fn a_run_nobody_listens_to_ends() {
    let peer = ScriptedPeer::start(peer::silent()).await.unwrap();
    let settings = Settings { concurrency: NonZeroUsize::MIN, handshake_timeout: SHORT, ..settings() };
    let targets = std::iter::repeat_with(|| default_target(peer.address())).take(100_000);
    let (sink, source) = mpsc::channel(1);
    drop(source);
    timeout(PATIENT, run(targets, Vec::new(), &settings, sink)).await.unwrap();
    assert!(peer.connections() < 10);
}

/// A probe that waits is one of two thousand; one in flight one of a thousand.
#[tokio::test]
async fn what_waits_is_small_and_what_is_in_flight_is_bounded() {
    let prober = Prober::new(settings());
    let one = default_target(SocketAddr::from(([127, 0, 0, 1], 1)));
    assert!(size_of_val(&prober.0.target(&one)) <= 1024);
    let stand = &prober.0.stands[0];
    let at = SocketAddr::from(([127, 0, 0, 1], 1));
    let probe = prober.0.probe(stand, &one, at, &one.offers[0], (false, None), None);
    assert!(size_of_val(&probe) <= 4096, "{}", size_of_val(&probe));
}

#[tokio::test]
async fn the_clients_certificate_goes_to_whom_nobody_objects_and_a_strangers_to_anybody() {
    let pki = Pki::lab().unwrap();
    let identity = |name: &str| {
        let minted = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
        Arc::new(ClientIdentity::new(
            name,
            minted.chain().into_iter().map(Der::from).collect(),
            zeroize::Zeroizing::new(minted.key.pkcs8().unwrap()),
        ))
    };
    let offers = [EngineId::Rustls, EngineId::Openssl].map(|engine| {
        let only = |identity| Offer { identity, engines: [engine].into(), ..offer(OfferLabel::Client) };
        [only(Identity::Client("ws01".into())), only(Identity::Stranger)]
    });
    let mut offers: Vec<Offer> = offers.into_iter().flatten().collect();
    offers.push(Offer { condition: Condition::WhereWithheld, ..offer(OfferLabel::ClientSecondPath) });
    for (trusted, shown) in [("mp01.corp.contoso.com", [true; 4]), ("elsewhere", [false, true, false, true])] {
        let accepts = Accepts { authorities: Vec::new(), roots: None, at: crate::lab::pki::LAB_EPOCH };
        let options = Options { client_auth: ClientAuth::Optional(accepts), ..presenting("mp01.corp.contoso.com") };
        let server = TlsServer::start(options).await.unwrap();
        let mut of = Target::clone(&target("127.0.0.1", server.address().port(), offers.clone()));
        of.system = "mp01.corp.contoso.com".into();
        let settings = Settings {
            identities: vec![identity("ws01")],
            stranger: Some(identity("stranger").into()),
            presented_to: Some(Arc::new(move |target: &Target| {
                let own = &*target.system == trusted;
                Arc::new(move |chain: &[Der]| (!own).then(|| format!("{} are none of ours", chain.len())))
            })),
            ..settings()
        };
        let seen = probe_one(Arc::new(of), &settings).await;
        let sent: Vec<bool> = only(&seen).iter().map(|one| one.handshake.client_certificate_sent).collect();
        // Without certificate it is asked where the client's was withheld, and nowhere else.
        let as_anybody = only(&seen).iter().filter(|one| one.offer == OfferLabel::ClientSecondPath).count();
        assert_eq!(as_anybody, usize::from(shown.contains(&false)), "{trusted}");
        assert_eq!(sent[..shown.len()], shown, "{trusted}");
        for (one, shown) in only(&seen).iter().zip(shown) {
            let failure = one.stopped.as_ref().map(|failure| (failure.stop, failure.detail.as_str()));
            let words = "the client's certificate was not presented: 2 are none of ours";
            assert_eq!(failure, (!shown).then_some((HandshakeFailure::NotPresented.into(), words)));
        }
        let met = server.connections();
        assert_eq!(met.iter().filter(|met| !met.client_chain.is_empty()).count(), shown.iter().filter(|s| **s).count());
    }
}
