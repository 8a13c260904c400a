mod late;
mod peers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{Listener, context, ffi, prepare};
use crate::engine::{self, Capture, Hello, Objection, Performed, Prepared, Stream, settle};
use crate::exchange;
use crate::identity::ClientIdentity;
use crate::lab::legacy::{Demand, Greeting, Identity, Legacy, Server, Trust, Visit, When};
use crate::lab::pki::{KeyName, LAB_EPOCH, Minted, OcspRecipe, Pki, Recipe, Signature};
use crate::lab::unpatched::Unpatched;
use crate::observation::exchange::Exchange;
use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure, Stop};
use crate::observation::handshake::{Aftermath, Handshake, KeyProof, RequestedWhen};
use crate::plan::engine::EngineId;
use crate::plan::offer::{BODY_LIMIT, Method, Request, Shape, Versions};
use crate::wire::alert::Alert;
use crate::wire::der::Der;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::version::ProtocolVersion;

fn clock() -> crate::wire::timestamp::Timestamp {
    crate::wire::timestamp::Timestamp(LAB_EPOCH)
}

const SSL3: ProtocolVersion = ProtocolVersion::SSL3;
const TLS1_0: ProtocolVersion = ProtocolVersion::TLS1_0;
const TLS1_1: ProtocolVersion = ProtocolVersion::TLS1_1;
const TLS1_2: ProtocolVersion = ProtocolVersion::TLS1_2;
const TLS1_3: ProtocolVersion = ProtocolVersion::TLS1_3;

/// How long is waited for an alert after a handshake, so long that on a busy machine too it comes.
const SETTLED: Duration = Duration::from_secs(1);

/// What a probe saw, and what the server saw of it.
struct Seen {
    handshake: Handshake,
    stopped: Option<Failure>,
    exchange: Option<Exchange>,
    visit: Visit,
}

impl Seen {
    fn status(&self) -> Option<u16> {
        self.exchange.as_ref()?.answer.as_ref().map(|answer| answer.status)
    }

    fn when(&self) -> Option<RequestedWhen> {
        self.handshake.client_certificate_request.as_ref().map(|request| request.when)
    }

    /// How the exchange, or else the handshake, was stopped.
    fn ended(&self) -> Option<Stop> {
        let exchange = self.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref());
        exchange.or(self.stopped.as_ref()).map(|failure| failure.stop)
    }
}

fn web_server() -> Minted {
    let pki = Pki::lab().unwrap();
    pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap()
}

fn legacy(version: ProtocolVersion) -> Legacy {
    Legacy::new(Identity::of(&web_server()).unwrap(), version)
}

fn presenting(minted: &Minted, version: ProtocolVersion) -> Legacy {
    Legacy::new(Identity::of(minted).unwrap(), version)
}

async fn start(server: Legacy) -> Server {
    server.start(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap()
}

fn hello() -> Hello {
    Hello {
        server_name: Some("mp01.contoso.com".into()),
        versions: Versions::ANY,
        identity: None,
        shape: Shape::Usual,
        cautious: false,
        patience: Duration::from_secs(5),
        objection: None,
        late_authentication: true,
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

fn obstacle(hello: &Hello) -> Option<Failure> {
    Prepared::new(EngineId::Openssl, hello, &Capture::default()).err()
}

async fn perform(io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
    engine::perform(EngineId::Openssl, io, hello, capture).await
}

fn client(minted: &Minted) -> Option<Arc<ClientIdentity>> {
    Some(Arc::new(ClientIdentity::new(
        "workstation",
        minted.chain().into_iter().map(Der::from).collect(),
        Zeroizing::new(minted.key.pkcs8().unwrap()),
    )))
}

fn own_client() -> Option<Arc<ClientIdentity>> {
    let pki = Pki::lab().unwrap();
    client(&pki.issue(&pki.client("ws01.contoso.com")).unwrap())
}

fn stranger() -> Option<Arc<ClientIdentity>> {
    let pki = Pki::stranger().unwrap();
    client(&pki.issue(&pki.client("ws01.contoso.com")).unwrap())
}

fn roots() -> Vec<Vec<u8>> {
    let pki = Pki::lab().unwrap();
    vec![pki.root.der.clone()]
}

/// Performs the offer and asks for the path.
async fn probe(server: Legacy, hello: &Hello, path: &str) -> Seen {
    let server = start(server).await;
    visit(server.address(), || server.visits().pop(), hello, path).await
}

async fn visit(address: SocketAddr, log: impl Fn() -> Option<Visit>, hello: &Hello, path: &str) -> Seen {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let capture = Capture::default();
    let (mut stopped, mut exchange) = (None, None);
    match perform(stream, hello, &capture).await {
        Performed::Session(session) => {
            // Long enough that what comes is always waited for; silence is not among what these tests look for here.
            let until = Instant::now() + SETTLED;
            let session = settle(session, &capture, until).await;
            if capture.lock().aftermath == Some(Aftermath::Alert) {
                stopped = Some(Failure::new(ExchangeFailure::Alert, "after the handshake"));
            } else {
                let request = Request { method: Method::Get, path: path.into(), most: BODY_LIMIT };
                exchange =
                    Some(exchange::perform(session, "mp01.contoso.com", 443, &request, clock, hello.deadline).await);
            }
        }
        Performed::Stopped(failure) => stopped = failure,
    }
    let visit = loop {
        if let Some(visit) = log() {
            break visit;
        }
        assert!(Instant::now() < hello.deadline, "the server never finished");
        tokio::task::yield_now().await;
    };
    Seen { handshake: capture.take(), stopped, exchange, visit }
}

#[tokio::test]
async fn real_handshakes_in_ssl_3_rc4_and_3des_so_that_a_build_without_them_shows() {
    for (version, suite, number) in [
        (SSL3, "RC4-SHA", 0x0005),
        (SSL3, "RC4-MD5", 0x0004),
        (SSL3, "DES-CBC3-SHA", 0x000a),
        (SSL3, "AES128-SHA", 0x002f),
        (TLS1_0, "RC4-SHA", 0x0005),
        (TLS1_0, "RC4-MD5", 0x0004),
        (TLS1_0, "DES-CBC3-SHA", 0x000a),
        (TLS1_0, "DHE-RSA-AES128-SHA", 0x0033),
        (TLS1_0, "ECDHE-RSA-RC4-SHA", 0xc011),
        (TLS1_1, "AES256-SHA", 0x0035),
        (TLS1_2, "AES128-SHA256", 0x003c),
        (TLS1_2, "ECDHE-RSA-AES256-SHA384", 0xc028),
        (TLS1_2, "DHE-RSA-AES256-GCM-SHA384", 0x009f),
    ] {
        let mut server = legacy(version);
        server.suites = suite.into();
        let seen = probe(server, &hello(), "/").await;
        let case = format!("{version} {suite}: {:?} {:?}", seen.stopped, seen.visit);
        assert!(seen.handshake.completed, "{case}");
        assert_eq!(seen.handshake.version, Some(version), "{case}");
        assert_eq!(seen.handshake.cipher_suite, Some(CipherSuite(number)), "{case}");
        assert_eq!(seen.handshake.chain.len(), 2, "{case}");
        assert_eq!(seen.handshake.secure_renegotiation, Some(true), "{case}");
        assert_eq!(seen.handshake.key_proof, KeyProof::Good, "{case}");
        assert_eq!(seen.handshake.key_exchange_group.is_some(), suite.starts_with("ECDHE"), "{case}");
        assert_eq!(seen.handshake.prime_bits, suite.starts_with("DHE").then_some(1024), "{case}");
        assert_eq!(seen.status(), Some(200), "{case}");
        assert_eq!(seen.visit.version, Some(version), "{case}");
    }
}

#[tokio::test]
async fn modern_versions_are_met_as_well() {
    let seen = probe(legacy(TLS1_3), &hello(), "/").await;
    assert_eq!(seen.handshake.version, Some(TLS1_3));
    assert_eq!(seen.handshake.cipher_suite, Some(CipherSuite(0x1302)));
    assert_eq!(seen.handshake.key_exchange_group, Some(NamedGroup(0x001d)));
    assert_eq!(seen.handshake.key_proof, KeyProof::Good);
    assert_eq!(seen.handshake.secure_renegotiation, None);
    assert_eq!(seen.handshake.chain[0].as_slice(), web_server().der);
    assert_eq!(seen.handshake.server_name.as_deref(), Some("mp01.contoso.com"));
    assert_eq!(seen.visit.server_name.as_deref(), Some("mp01.contoso.com"));
    assert_eq!(seen.status(), Some(200));
    assert_eq!((seen.when(), seen.handshake.alerts.as_slice()), (None, &[][..]));
}

#[tokio::test]
async fn a_server_of_another_group_is_met_by_a_second_hello() {
    let mut server = legacy(TLS1_3);
    server.groups = Some("P-521".into());
    let seen = probe(server, &hello(), "/").await;
    assert_eq!(seen.handshake.key_exchange_group, Some(NamedGroup(0x0019)));
    assert_eq!(seen.handshake.key_proof, KeyProof::Good);
}

#[tokio::test]
async fn keys_and_signatures_of_every_kind_are_met() {
    for (key, signature, versions) in [
        (KeyName::Rsa512, Signature::Md5, &[SSL3, TLS1_0, TLS1_1][..]),
        (KeyName::Rsa1024, Signature::Sha1, &[SSL3, TLS1_0, TLS1_2, TLS1_3]),
        (KeyName::Rsa8192, Signature::Sha256, &[TLS1_2]),
        (KeyName::RsaPss2048, Signature::PssSha256, &[TLS1_2, TLS1_3]),
        (KeyName::P256A, Signature::Sha256, &[TLS1_0, TLS1_2, TLS1_3]),
        (KeyName::P521, Signature::Sha512, &[TLS1_2, TLS1_3]),
        (KeyName::Ed25519, Signature::Sha256, &[TLS1_2, TLS1_3]),
        (KeyName::Dsa1024, Signature::Sha1, &[SSL3, TLS1_0, TLS1_2]),
    ] {
        let recipe = Recipe::web_server(&["mp01.contoso.com"]).key(key).signed_with(signature);
        let minted = Minted::self_signed(&recipe).unwrap();
        for &version in versions {
            let seen = probe(presenting(&minted, version), &hello(), "/").await;
            let case = format!("{key:?} {version}: {:?} {:?}", seen.stopped, seen.visit);
            assert_eq!(seen.handshake.chain, [Der::from(minted.der.clone())], "{case}");
            assert_eq!(seen.status(), Some(200), "{case}");
        }
    }
}

#[tokio::test]
async fn certificates_no_client_should_take_are_taken() {
    for recipe in [
        Recipe::web_server(&["mp01.contoso.com"]).version_1(),
        Recipe::web_server(&["mp01.contoso.com"]).unknown_critical_extension("1.3.6.1.4.1.99999.1"),
        Recipe::web_server(&["mp01.contoso.com"]).no_san().extension("2.5.29.17", false, &[0x30, 3, 0x82, 5, 0]),
        Recipe::root("CA as leaf").key(KeyName::Rsa2048B),
        Recipe::leaf("nothing at all"),
    ] {
        for version in [TLS1_0, TLS1_2, TLS1_3] {
            let minted = Pki::lab().unwrap().issue(&recipe).unwrap();
            let seen = probe(presenting(&minted, version), &hello(), "/").await;
            assert_eq!(seen.handshake.chain[0].as_slice(), minted.der);
            assert_eq!(seen.status(), Some(200), "{:?} {version}: {:?}", recipe.subject, seen.stopped);
        }
    }
}

#[tokio::test]
async fn a_stapled_response_is_kept() {
    let response = Pki::lab().unwrap().issuing.ocsp(&web_server(), &OcspRecipe::at(LAB_EPOCH)).unwrap();
    for version in [TLS1_0, TLS1_2, TLS1_3] {
        let mut server = legacy(version);
        server.staple = Some(response.clone());
        let seen = probe(server, &hello(), "/").await;
        assert_eq!(seen.handshake.ocsp_response, Some(Der::from(response.clone())), "{version}");
    }
}

#[tokio::test]
async fn a_version_offered_alone_is_accepted_or_refused() {
    for offered in ProtocolVersion::ALL {
        for spoken in ProtocolVersion::ALL {
            let hello = Hello { versions: Versions::only(offered), ..hello() };
            let seen = probe(legacy(spoken), &hello, "/").await;
            let case = format!("{offered} to {spoken}: {:?}", seen.stopped);
            assert_eq!(seen.handshake.completed, offered == spoken, "{case}");
            if offered < spoken {
                assert_eq!(seen.ended(), Some(HandshakeFailure::Alert.into()), "{case}");
            } else if offered > spoken {
                // The server answers in what it speaks, which was not offered; or sees that and refuses.
                let refused = matches!(
                    seen.ended(),
                    Some(Stop::Handshake(HandshakeFailure::Alert | HandshakeFailure::ProtocolError))
                );
                assert!(refused, "{case}");
            }
            assert_eq!(seen.handshake.server_name.is_some(), offered != SSL3, "{case}");
        }
    }
}

#[tokio::test]
async fn two_kinds_of_session_at_once_do_not_mix() {
    let refused = async {
        let mut server = legacy(TLS1_0);
        server.demand = Demand::required(When::AfterRequest, &roots());
        probe(server, &hello(), "/protected").await
    };
    let nameless = Hello { server_name: None, ..hello() };
    let served = probe(legacy(TLS1_2), &nameless, "/");
    let (refused, served) = tokio::join!(refused, served);
    assert_eq!((refused.status(), served.status()), (None, Some(200)));
    assert_eq!(served.visit.server_name, None);
    assert_eq!(served.handshake.alerts, []);
}

/// What an engine sees of a server, but for what rustls does not tell: the level of alerts, the group of a handshake that
/// was stopped.
async fn seen_by(engine: EngineId, server: &Legacy, hello: &Hello) -> (Handshake, Option<Stop>) {
    let server = start(server.clone()).await;
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let capture = Capture::default();
    let kind = match engine::perform(engine, stream, hello, &capture).await {
        Performed::Session(session) => {
            settle(session, &capture, Instant::now() + SETTLED).await;
            None
        }
        Performed::Stopped(failure) => failure.map(|failure| failure.stop),
    };
    let mut handshake = capture.take();
    if !handshake.completed {
        handshake.key_exchange_group = None;
    }
    for alert in &mut handshake.alerts {
        alert.level = None;
    }
    // Each engine's hello has a length of its own, and it may read more or less before it stops.
    (handshake.hello_length, handshake.received) = (None, None);
    (handshake, kind)
}

/// What chokes on hellos chokes on TLS 1.3 in them, or on a length of 256 to 511 octets.
#[tokio::test]
async fn a_cautious_hello_has_tls_1_2_at_most_and_no_middling_length_whatever_the_name() {
    for name in [1, 30, 120, 250] {
        let label = "m".repeat(40);
        let name: String = [&*label; 7].join(".").chars().take(name).collect::<String>().trim_matches('.').into();
        let hello = Hello { cautious: true, server_name: Some(name.as_str().into()), ..hello() };
        let server = start(Legacy { oldest: TLS1_2, ..legacy(TLS1_3) }).await;
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let capture = Capture::default();
        let _ = engine::perform(EngineId::Openssl, stream, &hello, &capture).await;
        let seen = capture.take();
        let length = seen.hello_length.unwrap();
        assert_eq!((seen.version, seen.cautious), (Some(TLS1_2), true), "{name}");
        assert!(!(256..512).contains(&length), "{name}: {length}");
    }
}

#[tokio::test]
async fn both_engines_see_the_same_of_a_modern_server() {
    let pki = Pki::lab().unwrap();
    let response = pki.issuing.ocsp(&web_server(), &OcspRecipe::at(LAB_EPOCH)).unwrap();
    let mut cases = Vec::new();
    for version in [TLS1_2, TLS1_3] {
        for demand in [
            Demand::never(),
            Demand { names: vec![pki.root.der.clone()], ..Demand::optional(When::Handshake, &roots()) },
            Demand::required(When::Handshake, &roots()),
        ] {
            for identity in [None, own_client(), stranger()] {
                let mut server = legacy(version);
                server.suites = "ECDHE+AESGCM".into();
                server.staple = Some(response.clone());
                server.demand = demand.clone();
                let hello = Hello { identity, late_authentication: false, ..hello() };
                cases.push(async move {
                    let one = seen_by(EngineId::Rustls, &server, &hello);
                    let other = seen_by(EngineId::Openssl, &server, &hello);
                    let (one, other) = tokio::join!(one, other);
                    let Demand { when, required, .. } = server.demand;
                    assert_eq!(one, other, "{version} {when:?} {required} {:?}", hello.identity);
                });
            }
        }
    }
    futures_util::future::join_all(cases).await;
}

#[tokio::test]
async fn what_this_engine_accepts_the_other_still_refuses() {
    let (weak, _) = seen_by(EngineId::Openssl, &legacy(TLS1_0), &hello()).await;
    assert!(weak.completed);
    let (refused, kind) = seen_by(EngineId::Rustls, &legacy(TLS1_0), &hello()).await;
    assert!(!refused.completed && kind.is_some());
    let mut cbc = legacy(TLS1_2);
    cbc.suites = "AES128-SHA".into();
    let (refused, kind) = seen_by(EngineId::Rustls, &cbc, &hello()).await;
    assert_eq!((refused.completed, kind), (false, Some(HandshakeFailure::Alert.into())));
}
