use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::perform;
use crate::engine::{Capture, Hello, Performed, settle};
use crate::exchange;
use crate::identity::ClientIdentity;
use crate::lab::legacy::{Demand, Identity, Legacy, Server, Trust, Visit, When};
use crate::lab::pki::{KeyName, LAB_EPOCH, Minted, OcspRecipe, Pki, Recipe, Signature};
use crate::observation::exchange::Exchange;
use crate::observation::failure::{Failure, FailureKind, Phase};
use crate::observation::handshake::{
    Aftermath, Alert, CipherSuite, Der, Handshake, KeyProof, NamedGroup, ProtocolVersion, RequestedWhen,
};
use crate::plan::offer::{Method, Request, Versions};

const SSL3: ProtocolVersion = ProtocolVersion::SSL3;
const TLS1_0: ProtocolVersion = ProtocolVersion::TLS1_0;
const TLS1_1: ProtocolVersion = ProtocolVersion::TLS1_1;
const TLS1_2: ProtocolVersion = ProtocolVersion::TLS1_2;
const TLS1_3: ProtocolVersion = ProtocolVersion::TLS1_3;

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
    fn ended(&self) -> Option<FailureKind> {
        let exchange = self.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref());
        exchange.or(self.stopped.as_ref()).map(|failure| failure.kind)
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
        late_authentication: true,
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

fn client(minted: &Minted) -> Option<Arc<ClientIdentity>> {
    Some(Arc::new(ClientIdentity {
        name: "workstation".into(),
        chain: minted.chain().into_iter().map(Der::from).collect(),
        key: Zeroizing::new(minted.key.pkcs8().unwrap()),
    }))
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
    let stream = TcpStream::connect(server.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let capture = Capture::default();
    let (mut stopped, mut exchange) = (None, None);
    match perform(stream, hello, &capture).await {
        Performed::Session(session) => {
            // Long enough that what comes is always waited for; silence is not among what these tests look for here.
            let until = Instant::now() + Duration::from_millis(300);
            let session = settle(session, &capture, until).await;
            if capture.lock().aftermath == Some(Aftermath::Alert) {
                stopped = Some(Failure::new(Phase::Exchange, FailureKind::Alert, "after the handshake"));
            } else {
                let request = Request { method: Method::Get, path: path.into() };
                exchange = Some(exchange::perform(session, "mp01.contoso.com", 443, &request, hello.deadline).await);
            }
        }
        Performed::Stopped(failure) => stopped = failure,
    }
    let visit = loop {
        if let Some(visit) = server.visits().pop() {
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
        let ephemeral = suite.contains("DHE");
        assert_eq!(seen.handshake.key_proof, if ephemeral { KeyProof::Good } else { KeyProof::NotSeen }, "{case}");
        assert_eq!(seen.handshake.key_exchange_group.is_some(), suite.starts_with("ECDHE"), "{case}");
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

/// What a demand for a client certificate gives: versions, the demand's time, what it is seen as.
const DEMANDS: [(ProtocolVersion, When, RequestedWhen); 9] = [
    (SSL3, When::Handshake, RequestedWhen::Handshake),
    (TLS1_0, When::Handshake, RequestedWhen::Handshake),
    (TLS1_2, When::Handshake, RequestedWhen::Handshake),
    (TLS1_3, When::Handshake, RequestedWhen::Handshake),
    (SSL3, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_0, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_1, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_2, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_3, When::AfterRequest, RequestedWhen::PostHandshake),
];

#[tokio::test]
async fn the_sites_own_client_is_let_in_wherever_it_is_asked() {
    for (version, when, seen_as) in DEMANDS {
        for required in [true, false] {
            let mut server = legacy(version);
            server.demand = Demand { required, ..Demand::required(when, &roots()) };
            let hello = Hello { identity: own_client(), ..hello() };
            let seen = probe(server, &hello, "/protected/list").await;
            let case = format!("{version} {when:?} {required}: {:?} {:?}", seen.stopped, seen.visit);
            assert_eq!(seen.status(), Some(200), "{case}");
            assert_eq!(seen.when(), Some(seen_as), "{case}");
            assert!(seen.handshake.client_certificate_sent, "{case}");
            assert_eq!(seen.handshake.later_chain, None, "{case}");
            let presented = hello.identity.as_ref().map(|identity| identity.chain[0].as_slice().to_vec());
            assert_eq!(seen.visit.client_certificate, presented, "{case}");
        }
    }
}

#[tokio::test]
async fn without_a_certificate_or_with_a_strangers_a_demanding_server_sends_an_alert() {
    for (version, when, seen_as) in DEMANDS {
        for identity in [None, stranger()] {
            let mut server = legacy(version);
            server.demand = Demand::required(when, &roots());
            let hello = Hello { identity: identity.clone(), ..hello() };
            let seen = probe(server, &hello, "/protected/list").await;
            let case = format!(
                "{version} {when:?} {}: {:?} {:?} {:?}",
                identity.is_some(),
                seen.stopped,
                seen.exchange,
                seen.visit
            );
            assert_eq!(seen.status(), None, "{case}");
            assert_eq!(seen.ended(), Some(FailureKind::Alert), "{case}");
            assert_eq!(seen.when(), Some(seen_as), "{case}");
            assert_eq!(seen.handshake.client_certificate_sent, identity.is_some(), "{case}");
            let expected = match (identity.is_some(), version) {
                // SSL 3.0 has no alert for an authority it does not know.
                (true, SSL3) => &[42][..],
                (true, _) => &[48],
                (false, TLS1_3) => &[116],
                (false, _) => &[40],
            };
            let last = seen.handshake.alerts.last().copied();
            assert!(last.is_some_and(|alert| expected.contains(&alert.description)), "{case} {last:?}");
            assert_eq!(last.and_then(|alert: Alert| alert.level), Some(2), "{case}");
            let late = version == TLS1_3 && when == When::Handshake;
            assert_eq!(seen.handshake.aftermath, late.then_some(Aftermath::Alert), "{case}");
            assert_eq!(seen.handshake.chain.len(), 2, "{case}");
        }
    }
}

#[tokio::test]
async fn a_server_that_only_asks_answers_by_itself() {
    for (version, when, seen_as) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand::optional(when, &roots());
        let seen = probe(server, &hello(), "/protected/list").await;
        let case = format!("{version} {when:?}: {:?} {:?}", seen.stopped, seen.visit);
        assert_eq!(seen.status(), Some(403), "{case}");
        assert_eq!(seen.when(), Some(seen_as), "{case}");
        assert!(!seen.handshake.client_certificate_sent, "{case}");
    }
}

#[tokio::test]
async fn a_server_that_takes_anybody_lets_the_stranger_in() {
    for (version, when, seen_as) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand { when, required: true, trust: Trust::Anybody, names: Vec::new() };
        let seen = probe(server, &Hello { identity: stranger(), ..hello() }, "/protected/list").await;
        assert_eq!((seen.status(), seen.when()), (Some(200), Some(seen_as)), "{version} {when:?}");
    }
}

#[tokio::test]
async fn the_authorities_a_server_names_are_kept_whenever_it_asks() {
    let pki = Pki::lab().unwrap();
    let named = [&pki.root, &pki.issuing].map(|one| one.der.clone());
    for (version, when, _) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand { names: named.to_vec(), ..Demand::optional(when, &roots()) };
        let seen = probe(server, &hello(), "/protected/list").await;
        let request = seen.handshake.client_certificate_request.unwrap();
        let names: Vec<String> = request
            .accepted_issuers
            .iter()
            .map(|name| crate::observation::certificate::Name::read(name).unwrap().text)
            .collect();
        assert_eq!(names, ["CN=Contoso Root CA", "CN=Contoso Issuing CA, DC=contoso, DC=com"], "{version} {when:?}");
    }
}

#[tokio::test]
async fn a_path_that_is_not_protected_asks_for_nothing() {
    for version in [SSL3, TLS1_2, TLS1_3] {
        let mut server = legacy(version);
        server.demand = Demand::required(When::AfterRequest, &roots());
        let seen = probe(server, &hello(), "/").await;
        assert_eq!((seen.status(), seen.when()), (Some(200), None), "{version}");
    }
}

#[tokio::test]
async fn another_certificate_in_the_second_handshake_is_kept_apart() {
    let pki = Pki::lab().unwrap();
    let other = pki.issue(&pki.web_server(&["other.contoso.com"])).unwrap();
    for version in [SSL3, TLS1_0, TLS1_2] {
        let mut server = legacy(version);
        server.demand = Demand::optional(When::AfterRequest, &roots());
        server.presented_later = Some(Identity::of(&other).unwrap());
        let seen = probe(server, &hello(), "/protected").await;
        assert_eq!(seen.handshake.chain[0].as_slice(), web_server().der, "{version}");
        let later = seen.handshake.later_chain.unwrap_or_default();
        assert_eq!(later.first().map(Der::as_slice), Some(other.der.as_slice()), "{version}");
    }
}

#[tokio::test]
async fn a_server_that_asks_again_and_again_is_followed_so_far_and_no_further() {
    for version in [TLS1_0, TLS1_2, TLS1_3] {
        for (times, status) in [(3, Some(403)), (4, None), (50, None)] {
            let mut server = legacy(version);
            server.demand = Demand::optional(When::AgainAndAgain(times), &roots());
            let seen = probe(server, &hello(), "/protected").await;
            assert_eq!(seen.status(), status, "{version} {times}: {:?} {:?}", seen.exchange, seen.visit);
            if status.is_none() {
                assert_eq!(seen.ended(), Some(FailureKind::ProtocolError), "{version} {times}");
            }
        }
    }
}

#[tokio::test]
async fn without_an_offer_of_late_authentication_a_tls_1_3_server_cannot_ask() {
    let mut server = legacy(TLS1_3);
    server.demand = Demand::required(When::AfterRequest, &roots());
    let seen = probe(server, &Hello { late_authentication: false, ..hello() }, "/protected").await;
    assert_eq!((seen.status(), seen.when()), (None, None));
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
                assert_eq!(seen.ended(), Some(FailureKind::Alert), "{case}");
            } else if offered > spoken {
                // The server answers in what it speaks, which was not offered; or sees that and refuses.
                let refused = matches!(seen.ended(), Some(FailureKind::Alert | FailureKind::ProtocolError));
                assert!(refused, "{case}");
            }
            assert_eq!(seen.handshake.server_name.is_some(), offered != SSL3, "{case}");
        }
    }
}

#[tokio::test]
async fn a_weak_client_key_that_rustls_cannot_load_is_presented() {
    let pki = Pki::lab().unwrap();
    for (key, signature) in [(KeyName::Rsa1024, Signature::Sha1), (KeyName::P521, Signature::Sha256)] {
        let weak = pki.issue(&Recipe::client("ws01").key(key).signed_with(signature)).unwrap();
        for version in [TLS1_0, TLS1_2] {
            let mut server = legacy(version);
            server.demand = Demand::required(When::AfterRequest, &roots());
            let seen = probe(server, &Hello { identity: client(&weak), ..hello() }, "/protected").await;
            assert_eq!(seen.status(), Some(200), "{key:?} {version}: {:?} {:?}", seen.exchange, seen.visit);
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

/// A peer that sends these bytes once the client has spoken, then closes, or holds the connection open.
async fn scripted(answer: Vec<u8>, holds: bool, hello: &Hello) -> (Handshake, Failure) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let peer = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut spoken = [0; 16 * 1024];
        let _ = stream.read(&mut spoken).await;
        // The client may be gone before all is sent; that is its right.
        let _ = stream.write_all(&answer).await;
        let mut rest = Vec::new();
        if holds {
            let _ = stream.read_to_end(&mut rest).await;
        }
    };
    let capture = Capture::default();
    let probe = async {
        let stream = TcpStream::connect(address).await.unwrap();
        match perform(stream, hello, &capture).await {
            Performed::Stopped(Some(failure)) => failure,
            Performed::Stopped(None) | Performed::Session(_) => panic!("nothing can come of this"),
        }
    };
    let ((), failure) = tokio::join!(peer, probe);
    (capture.take(), failure)
}

#[tokio::test]
async fn peers_that_speak_no_tls_end_as_what_they_are() {
    for (answer, kind) in [
        (&b""[..], FailureKind::ConnectionClosed),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", FailureKind::PlainHttp),
        (b"<html><body>Bad Request</body></html>", FailureKind::PlainHttp),
        (b"220 mail.contoso.com ESMTP ready\r\n", FailureKind::NotTls),
        (b"\x15\x03\x01\x00\x02\x02\x28", FailureKind::Alert),
        (b"\x15\x03\x01\x00\x02\x02\x46", FailureKind::Alert),
        (b"\x16\x03\x01\x00\x04\x02\x00", FailureKind::ConnectionClosed),
        (b"\x16\x03\x01\x00\x04\x02\x00\x00\x00", FailureKind::ProtocolError),
        (b"\x16\x03\x01\x00\x04\x02\xff\xff\xff", FailureKind::TooLarge),
    ] {
        let (handshake, failure) = scripted(answer.to_vec(), false, &hello()).await;
        assert_eq!(failure.kind, kind, "{}: {}", answer.escape_ascii(), failure.detail);
        assert!(!handshake.completed);
        if kind == FailureKind::Alert {
            assert_eq!(handshake.alerts, [Alert { level: Some(2), description: answer[6] }]);
        }
    }
}

#[tokio::test]
async fn a_silent_peer_is_left_at_the_deadline() {
    let soon = || Hello { deadline: Instant::now() + Duration::from_millis(200), ..hello() };
    let (_, failure) = scripted(Vec::new(), true, &soon()).await;
    assert_eq!(failure.kind, FailureKind::HandshakeTimeout);
    let (_, failure) = scripted(b"\x16\x03\x01".to_vec(), true, &soon()).await;
    assert_eq!(failure.kind, FailureKind::HandshakeTimeout);
    assert!(failure.detail.contains("3 bytes"), "{}", failure.detail);
}

#[tokio::test]
async fn a_peer_that_pours_without_end_is_cut_off() {
    // Warnings are legal and mean nothing.
    let warnings = b"\x15\x03\x01\x00\x02\x01\x70".repeat(200_000);
    let (handshake, failure) = scripted(warnings, false, &hello()).await;
    assert!(matches!(failure.kind, FailureKind::ProtocolError | FailureKind::TooLarge), "{failure:?}");
    assert!(handshake.alerts.len() <= 16);
}

#[test]
fn what_cannot_be_offered_is_said_before_anything_is_connected() {
    let long = "a".repeat(256);
    for name in ["", "mp\0", long.as_str()] {
        let failure = super::obstacle(&Hello { server_name: Some(name.into()), ..hello() });
        assert_eq!(failure.map(|failure| failure.kind), Some(FailureKind::EngineLimit), "{name:?}");
    }
    for name in ["mp&01", "mp_01.contoso.com", "MP01", "*", "m\u{fc}.de", "10.1.0.21"] {
        assert_eq!(super::obstacle(&Hello { server_name: Some(name.into()), ..hello() }), None, "{name:?}");
    }
    let alien = ClientIdentity {
        name: "broken".into(),
        chain: vec![Der::from(web_server().der)],
        key: Zeroizing::new(vec![0x30, 0]),
    };
    let failure = super::obstacle(&Hello { identity: Some(Arc::new(alien)), ..hello() });
    assert_eq!(failure.map(|failure| failure.kind), Some(FailureKind::IdentityUnusable));
    let beyond = Versions::only(ProtocolVersion(0x0305));
    let failure = super::obstacle(&Hello { versions: beyond, ..hello() });
    assert_eq!(failure.map(|failure| failure.kind), Some(FailureKind::EngineLimit));
}

#[test]
fn the_numbers_of_options_without_a_name_are_openssls() {
    use super::context::{ALLOW_UNSAFE_LEGACY_RENEGOTIATION, IGNORE_UNEXPECTED_EOF, LEGACY_SERVER_CONNECT};
    assert_eq!(LEGACY_SERVER_CONNECT, openssl_sys::SSL_OP_LEGACY_SERVER_CONNECT);
    assert_eq!(ALLOW_UNSAFE_LEGACY_RENEGOTIATION, openssl_sys::SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    assert_eq!(IGNORE_UNEXPECTED_EOF, openssl::ssl::SslOptions::IGNORE_UNEXPECTED_EOF.bits());
}
