//! Against the lab's servers, and peers that send what no server would.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use crate::engine::{self, Capture, Hello, Performed, Prepared, Stream, settle};
use crate::identity::ClientIdentity;
use crate::lab::legacy::{self, Demand, Legacy, When};
use crate::lab::peer::{self, Script, ScriptedPeer};
use crate::lab::pki::{KeyName, LAB_EPOCH, Minted, Pki, Recipe, Signature, oid};
use crate::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer, Versions as Speaks};
use crate::observation::failure::{Failure, HandshakeFailure, Phase};
use crate::observation::handshake::{Aftermath, Handshake, KeyProof, RequestedWhen};
use crate::plan::engine::EngineId;
use crate::plan::offer::{Shape, Versions};
use crate::wire::der::Der;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::version::ProtocolVersion;

/// Long enough for loopback under load.
const PATIENT: Duration = Duration::from_secs(20);
/// What is waited for whole.
const SHORT: Duration = Duration::from_millis(250);

fn hello(patience: Duration) -> Hello {
    Hello {
        server_name: Some("mp01.corp.contoso.com".into()),
        versions: Versions::ANY,
        identity: None,
        shape: Shape::Usual,
        cautious: false,
        patience: Duration::from_secs(5),
        objection: None,
        late_authentication: false,
        deadline: Instant::now() + patience,
    }
}

fn obstacle(hello: &Hello) -> Option<Failure> {
    Prepared::new(EngineId::Rustls, hello, &Capture::default()).err()
}

async fn perform(io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
    engine::perform(EngineId::Rustls, io, hello, capture).await
}

fn pki() -> &'static Pki {
    Pki::lab().unwrap()
}

fn healthy() -> Recipe {
    pki().web_server(&["mp01.corp.contoso.com"])
}

fn identity(leaf: &Minted) -> Arc<ClientIdentity> {
    Arc::new(ClientIdentity::new(
        "workstation",
        leaf.chain().into_iter().map(Der::from).collect(),
        Zeroizing::new(leaf.key.pkcs8().unwrap()),
    ))
}

/// Shakes hands with a server, waits for what follows, and gives what was captured and where it stopped.
async fn shake(address: std::net::SocketAddr, hello: &Hello) -> (Handshake, Option<Failure>) {
    let capture = Capture::default();
    let stream = TcpStream::connect(address).await.unwrap();
    match perform(stream, hello, &capture).await {
        Performed::Session(session) => {
            drop(settle(session, &capture, hello.deadline).await);
            (capture.take(), None)
        }
        Performed::Stopped(failure) => (capture.take(), failure),
    }
}

async fn with(options: Options, hello: &Hello) -> (Handshake, Option<Failure>) {
    let server = TlsServer::start(options).await.unwrap();
    shake(server.address(), hello).await
}

/// What a server that presents this certificate shows, by both versions.
async fn presented(credentials: &Credentials) -> [Handshake; 2] {
    let mut seen = Vec::new();
    for versions in [Speaks::Tls12, Speaks::Tls13] {
        let options = Options { versions, ..Options::presenting(credentials.clone()) };
        let (handshake, failure) = with(options, &hello(PATIENT)).await;
        assert_eq!(failure, None);
        seen.push(handshake);
    }
    seen.try_into().unwrap()
}

fn sent(handshake: &Handshake) -> Vec<Vec<u8>> {
    handshake.chain.iter().map(|der| der.as_slice().to_vec()).collect()
}

#[tokio::test]
async fn version_suite_and_group_are_captured() {
    let leaf = pki().issue(&healthy()).unwrap();
    let [old, new] = presented(&Credentials::of(&leaf)).await;
    for (seen, version, suite, renegotiation) in [
        (old, ProtocolVersion::TLS1_2, CipherSuite(0xc02f), Some(true)),
        (new, ProtocolVersion::TLS1_3, CipherSuite(0x1301), None),
    ] {
        assert!(seen.completed);
        assert_eq!((seen.version, seen.cipher_suite), (Some(version), Some(suite)));
        assert_eq!(seen.key_exchange_group, Some(NamedGroup(0x001d)));
        assert_eq!(seen.secure_renegotiation, renegotiation);
        assert_eq!(seen.key_proof, KeyProof::Good);
        assert_eq!(seen.server_name.as_deref(), Some("mp01.corp.contoso.com"));
        assert_eq!((seen.client_certificate_request, seen.aftermath, seen.alerts.len()), (None, None, 0));
    }
}

#[tokio::test]
async fn whatever_is_sent_as_chain_is_captured_as_it_was_sent() {
    let pki = pki();
    let long_ago = LAB_EPOCH - time::Duration::days(900);
    let leaf = pki.issue(&healthy()).unwrap();
    let root = pki.root.der.clone();
    let issuing = pki.issuing.der.clone();
    let recipes = [
        healthy().valid(long_ago, long_ago + time::Duration::days(30)),
        healthy().no_eku().no_san(),
        healthy().eku(&[oid::CODE_SIGNING]),
        healthy().signed_with(Signature::Sha1),
        healthy().signed_with(Signature::Md5),
        healthy().basic_constraints(true, None),
        healthy().key(KeyName::P384),
    ];
    let mut chains: Vec<Credentials> =
        recipes.iter().map(|recipe| Credentials::of(&pki.issue(recipe).unwrap())).collect();
    for chain in [
        vec![leaf.der.clone()],
        vec![leaf.der.clone(), root.clone(), issuing.clone()],
        vec![leaf.der.clone(), issuing.clone(), issuing.clone(), leaf.der.clone()],
        vec![leaf.der.clone(), Pki::stranger().unwrap().root.der],
    ] {
        chains.push(Credentials { chain, key: leaf.key, staple: None });
    }
    for credentials in chains {
        for seen in presented(&credentials).await {
            assert!(seen.completed);
            assert_eq!(sent(&seen), credentials.chain);
            assert_eq!(seen.key_proof, KeyProof::Good);
        }
    }
}

#[tokio::test]
async fn the_key_is_proved_whatever_the_leaf_looks_like() {
    for recipe in [healthy().version_1(), healthy().unknown_critical_extension("1.3.6.1.4.1.99999.1")] {
        let leaf = pki().issue(&recipe).unwrap();
        for seen in presented(&Credentials::of(&leaf)).await {
            assert_eq!((seen.key_proof, seen.chain.len()), (KeyProof::Good, 2));
        }
    }
    let leaf = pki().issue(&healthy().key(KeyName::Rsa2048B)).unwrap();
    let borrowed = Credentials { key: KeyName::Rsa2048G, ..Credentials::of(&leaf) };
    for seen in presented(&borrowed).await {
        assert_eq!(seen.key_proof, KeyProof::Bad);
        assert!(seen.completed);
    }
    // The leaf says 1024 bits; that ring cannot check such a key must not read as a wrong signature.
    let small = pki().issue(&healthy().key(KeyName::Rsa1024)).unwrap();
    let borrowed = Credentials { chain: small.chain(), key: KeyName::Rsa2048G, staple: None };
    for seen in presented(&borrowed).await {
        let KeyProof::Undecided(why) = seen.key_proof else { panic!("{:?}", seen.key_proof) };
        assert!(why.contains("1024 bits") && why.contains("openssl"), "{why}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_certificate_are_captured_too() {
    let credentials =
        Credentials { chain: vec![b"no certificate".to_vec()], key: KeyName::Rsa2048B, staple: Some(vec![1, 2, 3]) };
    for seen in presented(&credentials).await {
        assert_eq!(sent(&seen), credentials.chain);
        assert_eq!(seen.ocsp_response, Some(Der::from(vec![1, 2, 3])));
        assert!(matches!(seen.key_proof, KeyProof::Undecided(_)));
    }
}

fn accepting(roots: Option<Vec<Vec<u8>>>) -> Accepts {
    let authorities = vec![b"0\x10one".to_vec(), b"0\x10two".to_vec()];
    Accepts { authorities, roots, at: LAB_EPOCH }
}

#[tokio::test]
async fn the_request_for_a_client_certificate_is_captured_and_answered() {
    let leaf = pki().issue(&healthy()).unwrap();
    let client = pki().issue(&pki().client("pc1.corp.contoso.com")).unwrap();
    for versions in [Speaks::Tls12, Speaks::Tls13] {
        for (identity, presented) in [(None, vec![]), (Some(identity(&client)), client.chain())] {
            let server = TlsServer::start(Options {
                versions,
                client_auth: ClientAuth::Optional(accepting(None)),
                ..Options::presenting(Credentials::of(&leaf))
            })
            .await
            .unwrap();
            let hello = Hello { identity: identity.clone(), ..hello(SHORT) };
            let (seen, failure) = shake(server.address(), &hello).await;
            assert_eq!(failure, None);
            let request = seen.client_certificate_request.unwrap();
            assert_eq!(request.when, RequestedWhen::Handshake);
            let authorities: Vec<_> = request.accepted_issuers.iter().map(Der::as_slice).collect();
            assert_eq!(authorities, [b"0\x10one", b"0\x10two"]);
            assert_eq!(seen.client_certificate_sent, identity.is_some());
            let waited = (versions == Speaks::Tls13).then_some(Aftermath::Silence);
            assert_eq!(seen.aftermath, waited);
            let connections = timeout(PATIENT, server.connections_when(1)).await.unwrap();
            assert_eq!(connections.first().map(|seen| &seen.client_chain), Some(&presented));
        }
    }
}

#[tokio::test]
async fn a_session_ticket_ends_the_wait_for_a_refusal() {
    let leaf = pki().issue(&healthy()).unwrap();
    let client = pki().issue(&pki().client("pc1.corp.contoso.com")).unwrap();
    for identity in [None, Some(identity(&client))] {
        for (sends_tickets, patience) in [(true, PATIENT), (false, SHORT)] {
            let options = Options {
                versions: Speaks::Tls13,
                client_auth: ClientAuth::Optional(accepting(None)),
                sends_tickets,
                ..Options::presenting(Credentials::of(&leaf))
            };
            let began = Instant::now();
            let (seen, failure) = with(options, &Hello { identity: identity.clone(), ..hello(patience) }).await;
            assert_eq!((seen.aftermath, failure), (Some(Aftermath::Silence), None));
            assert_eq!(began.elapsed() < patience, sends_tickets);
        }
    }
}

#[tokio::test]
async fn a_refused_client_certificate_shows_in_the_handshake_or_after_it() {
    let leaf = pki().issue(&healthy()).unwrap();
    let stranger = Pki::stranger().unwrap();
    let unknown = stranger.issue(&stranger.client("pc1.corp.contoso.com")).unwrap();
    // rustls's server says certificate_required (116) in both versions; IIS closes or says handshake_failure.
    for (identity, description) in [(None, 116), (Some(identity(&unknown)), 48)] {
        for versions in [Speaks::Tls12, Speaks::Tls13] {
            let options = Options {
                versions,
                client_auth: ClientAuth::Required(accepting(Some(vec![pki().root.der.clone()]))),
                ..Options::presenting(Credentials::of(&leaf))
            };
            let (seen, failure) = with(options, &Hello { identity: identity.clone(), ..hello(PATIENT) }).await;
            assert_eq!(seen.alerts.iter().map(|alert| alert.description).collect::<Vec<_>>(), [description]);
            assert_eq!(sent(&seen), leaf.chain());
            if versions == Speaks::Tls13 {
                assert_eq!((seen.aftermath, seen.completed, failure), (Some(Aftermath::Alert), true, None));
            } else {
                assert_eq!((seen.aftermath, seen.completed), (None, false));
                assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::Alert.into()));
            }
        }
    }
}

#[tokio::test]
async fn the_server_name_is_sent_or_not() {
    let leaf = pki().issue(&healthy()).unwrap();
    let server = TlsServer::start(Options::presenting(Credentials::of(&leaf))).await.unwrap();
    for name in [None, Some("other.contoso.com"), Some("MP01"), Some("mp_01.contoso.com")] {
        let hello = Hello { server_name: name.map(Into::into), ..hello(PATIENT) };
        let (seen, failure) = shake(server.address(), &hello).await;
        assert_eq!(failure, None);
        assert_eq!(seen.server_name.as_deref(), name);
    }
    let connections = timeout(PATIENT, server.connections_when(4)).await.unwrap();
    let names: Vec<_> = connections.into_iter().map(|seen| seen.server_name).collect();
    let heard: Vec<_> = names.iter().map(Option::as_deref).collect();
    // rustls's server gives names in lower case.
    assert_eq!(heard, [None, Some("other.contoso.com"), Some("mp01"), Some("mp_01.contoso.com")]);
}

#[tokio::test]
async fn one_version_alone_is_offered_alone() {
    let leaf = pki().issue(&healthy()).unwrap();
    let server = TlsServer::start(Options::presenting(Credentials::of(&leaf))).await.unwrap();
    for version in [ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_3] {
        let (seen, _) = shake(server.address(), &Hello { versions: Versions::only(version), ..hello(PATIENT) }).await;
        assert_eq!(seen.version, Some(version));
    }
    let only = Options { versions: Speaks::Tls13, ..Options::presenting(Credentials::of(&leaf)) };
    let offer = Hello { versions: Versions::only(ProtocolVersion::TLS1_2), ..hello(PATIENT) };
    let (seen, failure) = with(only, &offer).await;
    assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::Alert.into()));
    assert_eq!(seen.alerts.first().map(|alert| alert.description), Some(70));
}

#[test]
fn what_cannot_be_offered_is_said_before_connecting() {
    let old = Hello { versions: Versions::only(ProtocolVersion::TLS1_0), ..hello(PATIENT) };
    let named = |name: &str| Hello { server_name: Some(name.into()), ..hello(PATIENT) };
    let small = identity(&pki().issue(&pki().client("pc1").key(KeyName::Rsa1024)).unwrap());
    let unusable = Hello { identity: Some(small), ..hello(PATIENT) };
    for (hello, kind) in [
        (old, HandshakeFailure::EngineLimit),
        (named("a&b.contoso.com"), HandshakeFailure::EngineLimit),
        (named("m\u{fc}nchen.contoso.com"), HandshakeFailure::EngineLimit),
        (named("mp01.contoso.com."), HandshakeFailure::EngineLimit),
        (named("10.1.2.3"), HandshakeFailure::EngineLimit),
        (named(""), HandshakeFailure::EngineLimit),
        (unusable, HandshakeFailure::IdentityUnusable),
    ] {
        let failure = obstacle(&hello).unwrap();
        assert_eq!((failure.stop, failure.phase()), (kind.into(), Phase::Handshake));
        assert!(failure.detail.contains("the openssl engine"), "{}", failure.detail);
    }
    assert_eq!(obstacle(&hello(PATIENT)), None);
}

async fn meeting(script: Script, patience: Duration) -> (Handshake, Failure) {
    let peer = ScriptedPeer::start(script).await.unwrap();
    let (seen, failure) = shake(peer.address(), &hello(patience)).await;
    assert!(!seen.completed && seen.chain.is_empty());
    (seen, failure.unwrap())
}

#[tokio::test]
async fn every_peer_that_is_no_server_ends_as_what_it_is() {
    use peer::Step::{Close, Flood, Hold, Listen, Send};
    let says = |bytes: &[u8]| vec![Listen, Send(bytes.to_vec()), Hold];
    for (script, kind, word) in [
        (peer::closes(), HandshakeFailure::Closed, "without a word"),
        (peer::resets(), HandshakeFailure::Reset, "without a word"),
        (peer::plain_http(), HandshakeFailure::PlainHttp, "HTTP/1.1 400 Bad Request"),
        (says(b"<html><body>Bad Request"), HandshakeFailure::PlainHttp, "<html>"),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n"), HandshakeFailure::NotTls, "SSH-2.0-OpenSSH_9.2\u{201d}"),
        (vec![Send(b"220 mail.contoso.com ESMTP\r\n".to_vec()), Hold], HandshakeFailure::NotTls, "220 mail"),
        (peer::garbage(), HandshakeFailure::NotTls, "begins"),
        (vec![Listen, Flood(b"garbage ".to_vec())], HandshakeFailure::NotTls, "garbage"),
        (peer::alerts(40), HandshakeFailure::Alert, "handshake_failure (40)"),
        (peer::alerts(233), HandshakeFailure::Alert, "alert 233"),
        (peer::huge_message(), HandshakeFailure::TooLarge, "larger"),
        (peer::endless_warnings(), HandshakeFailure::ProtocolError, "too many warning alerts"),
        (peer::chooses(0x0301, 0x002f), HandshakeFailure::EngineLimit, "TLSv1.0"),
        (peer::chooses(0x0300, 0x000a), HandshakeFailure::EngineLimit, "SSLv3"),
        (peer::chooses(0x0303, 0x002f), HandshakeFailure::ProtocolError, "selected unoffered cipher suite"),
        (vec![Listen, Send(vec![22, 3, 3, 0, 9, 2]), Close], HandshakeFailure::Closed, "after 6 bytes"),
    ] {
        let (seen, failure) = meeting(script.clone(), PATIENT).await;
        assert_eq!((failure.stop, failure.phase()), (kind.into(), Phase::Handshake), "{failure:?}");
        assert!(failure.detail.contains(word), "{failure:?}");
        assert_eq!(seen.alerts.len(), usize::from(kind == HandshakeFailure::Alert));
    }
}

#[tokio::test]
async fn a_peer_that_takes_its_time_is_left_when_ours_is_over() {
    for (script, word) in
        [(peer::silent(), "nothing"), (peer::half_a_record(), "11 bytes"), (peer::drips(), "bytes had come")]
    {
        let began = Instant::now();
        let (_, failure) = meeting(script, SHORT).await;
        assert_eq!(failure.stop, HandshakeFailure::Timeout.into());
        assert!(failure.detail.contains(word), "{failure:?}");
        assert!((SHORT..PATIENT).contains(&began.elapsed()));
    }
}

#[tokio::test]
async fn what_an_old_server_chose_is_kept() {
    let (seen, _) = meeting(peer::chooses(0x0301, 0x000a), PATIENT).await;
    assert_eq!((seen.version, seen.cipher_suite), (Some(ProtocolVersion::TLS1_0), Some(CipherSuite(0x000a))));
    assert_eq!(seen.secure_renegotiation, Some(false));
}

#[tokio::test]
async fn data_that_comes_unasked_is_not_lost() {
    let leaf = pki().issue(&healthy()).unwrap();
    let server = TlsServer::start(Options {
        client_auth: ClientAuth::Optional(accepting(None)),
        serve: Some(Arc::new(|mut stream| {
            Box::pin(async move {
                let _ = stream.write_all(b"unasked").await;
                let _ = stream.shutdown().await;
                let _ = stream.read(&mut [0; 16]).await;
            })
        })),
        ..Options::presenting(Credentials::of(&leaf))
    })
    .await
    .unwrap();
    let capture = Capture::default();
    let hello = hello(PATIENT);
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let Performed::Session(session) = perform(stream, &hello, &capture).await else { panic!("stopped") };
    let mut session = settle(session, &capture, hello.deadline).await;
    assert_eq!(capture.lock().aftermath, Some(Aftermath::Data));
    let mut all = String::new();
    session.read_to_string(&mut all).await.unwrap();
    assert_eq!(all, "unasked");
}

/// A server of OpenSSL's, which presents keys and speaks suites that rustls's own does not.
async fn old(leaf: &Minted, spoil: impl FnOnce(Legacy) -> Legacy, version: ProtocolVersion) -> legacy::Server {
    let server = spoil(Legacy::new(legacy::Identity::of(leaf).unwrap(), version));
    server.start(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap()
}

#[tokio::test]
async fn keys_ring_does_not_take_are_captured_and_said_to_be_undecided() {
    use ProtocolVersion as V;
    for (key, version, word) in [
        (KeyName::Rsa1024, V::TLS1_2, "1024 bits"),
        (KeyName::Rsa1024, V::TLS1_3, "1024 bits"),
        (KeyName::RsaPss2048, V::TLS1_3, "cannot verify"),
        (KeyName::P521, V::TLS1_3, "cannot verify"),
    ] {
        let leaf = pki().issue(&healthy().key(key)).unwrap();
        let server = old(&leaf, |server| server, version).await;
        let (seen, failure) = shake(server.address(), &hello(PATIENT)).await;
        assert_eq!((failure, seen.completed, sent(&seen)), (None, true, leaf.chain()), "{key:?}");
        let KeyProof::Undecided(why) = &seen.key_proof else { panic!("{key:?}: {:?}", seen.key_proof) };
        assert!(why.contains(word) && why.contains("the openssl engine can tell"), "{why}");
    }
}

#[tokio::test]
async fn what_rustls_does_not_speak_is_refused_by_the_server_or_said_to_be_the_engines_limit() {
    use ProtocolVersion as V;
    let rsa = pki().issue(&healthy()).unwrap();
    let dsa = pki().issue(&healthy().key(KeyName::Dsa1024)).unwrap();
    let pss = pki().issue(&healthy().key(KeyName::RsaPss2048)).unwrap();
    let suites = |suites: &str| {
        let suites = suites.to_owned();
        move |server| Legacy { suites, ..server }
    };
    for (server, kind) in [
        (old(&rsa, |server| server, V::SSL3).await, HandshakeFailure::Alert),
        (old(&rsa, |server| server, V::TLS1_0).await, HandshakeFailure::Alert),
        (old(&rsa, suites("AES128-SHA:AES128-GCM-SHA256"), V::TLS1_2).await, HandshakeFailure::Alert),
        (old(&rsa, suites("ECDHE-RSA-AES128-SHA"), V::TLS1_2).await, HandshakeFailure::Alert),
        (old(&dsa, |server| server, V::TLS1_2).await, HandshakeFailure::Alert),
        (old(&pss, |server| server, V::TLS1_2).await, HandshakeFailure::EngineLimit),
    ] {
        let (seen, failure) = shake(server.address(), &hello(PATIENT)).await;
        let failure = failure.unwrap();
        assert_eq!(failure.stop, kind.into(), "{failure:?}");
        assert_eq!(seen.chain.is_empty(), kind == HandshakeFailure::Alert);
        assert!(!seen.completed);
    }
}

#[tokio::test]
async fn a_wish_to_renegotiate_ends_the_session_with_a_word() {
    let leaf = pki().issue(&healthy()).unwrap();
    let demand = Demand::required(When::AfterRequest, &[pki().root.der.clone()]);
    let server = old(&leaf, |server| Legacy { demand, ..server }, ProtocolVersion::TLS1_2).await;
    for (path, renegotiates) in [("/", false), ("/protected", true)] {
        let capture = Capture::default();
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let Performed::Session(mut session) = perform(stream, &hello(PATIENT), &capture).await else { panic!() };
        session.write_all(format!("GET {path} HTTP/1.1\r\nHost: mp01\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = timeout(PATIENT, session.read_to_end(&mut answer)).await.unwrap();
        assert_eq!(capture.renegotiation_wanted(), renegotiates);
        assert_eq!(answer.is_empty(), renegotiates);
        if renegotiates {
            assert!(read.unwrap_err().to_string().contains("new handshake"));
        }
    }
}
