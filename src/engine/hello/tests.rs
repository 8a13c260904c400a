use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::write::{SUITES, client_hello};
use super::{Answer, Progress};
use crate::engine::{self, Capture, Hello, Performed, Prepared, Stream};
use crate::lab::legacy::{Demand, Identity, Legacy, When};
use crate::lab::pki::{KeyName, LAB_EPOCH, Minted, OcspRecipe, Pki, Recipe, Signature};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::{Handshake, KeyProof, RequestedWhen};
use crate::plan::engine::EngineId;
use crate::plan::offer::{Shape, Versions};
use crate::wire::alert::Alert;
use crate::wire::der::Der;
use crate::wire::suite::CipherSuite;
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::WindowsClient;

const OLD: [ProtocolVersion; 4] =
    [ProtocolVersion::SSL3, ProtocolVersion::TLS1_0, ProtocolVersion::TLS1_1, ProtocolVersion::TLS1_2];

fn hello() -> Hello {
    Hello {
        server_name: Some("mp01.contoso.com".into()),
        versions: Versions::ANY,
        identity: None,
        shape: Shape::Usual,
        cautious: false,
        patience: Duration::from_secs(5),
        objection: None,
        late_authentication: false,
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

fn obstacle(hello: &Hello) -> Option<Failure> {
    Prepared::new(EngineId::HelloReader, hello, &Capture::default()).err()
}

async fn perform(io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
    engine::perform(EngineId::HelloReader, io, hello, capture).await
}

fn minted(key: KeyName, signature: Signature) -> Minted {
    Minted::self_signed(&Recipe::web_server(&["mp01.contoso.com"]).key(key).signed_with(signature)).unwrap()
}

async fn read(server: Legacy, hello: &Hello) -> (Handshake, Option<Failure>) {
    let server = server.start(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let capture = Capture::default();
    match perform(stream, hello, &capture).await {
        Performed::Stopped(failure) => (capture.take(), failure),
        Performed::Session(_) => panic!("this engine completes nothing"),
    }
}

#[tokio::test]
async fn every_version_up_to_tls_1_2_shows_its_chain_in_clear_text() {
    let pki = Pki::lab().unwrap();
    let web_server = pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap();
    for version in OLD {
        for hello in [hello(), Hello { versions: Versions::only(version), ..hello() }] {
            let (seen, failure) = read(Legacy::new(Identity::of(&web_server).unwrap(), version), &hello).await;
            assert_eq!(failure, None, "{version}");
            assert_eq!(seen.version, Some(version));
            assert_eq!(seen.chain, web_server.chain().into_iter().map(Der::from).collect::<Vec<_>>());
            assert_eq!(seen.secure_renegotiation, Some(true));
            assert!(!seen.completed && seen.key_proof == KeyProof::NotSeen);
            assert_eq!(seen.client_certificate_request, None);
            assert_eq!(seen.server_name.is_some(), hello.versions.newest != ProtocolVersion::SSL3);
        }
    }
}

#[tokio::test]
async fn suites_keys_and_groups_are_told() {
    for (key, signature, suites, suite, group) in [
        (KeyName::Rsa512, Signature::Md5, "RC4-MD5", 0x0004, None),
        (KeyName::Rsa1024, Signature::Sha1, "DES-CBC3-SHA", 0x000a, None),
        (KeyName::Dsa1024, Signature::Sha1, "DHE-DSS-AES128-SHA", 0x0032, None),
        (KeyName::P521, Signature::Sha512, "ECDHE-ECDSA-AES128-SHA", 0xc009, Some(0x001d)),
        (KeyName::Ed25519, Signature::Sha256, "ECDHE-ECDSA-AES128-GCM-SHA256", 0xc02b, Some(0x001d)),
    ] {
        let minted = minted(key, signature);
        let mut server = Legacy::new(Identity::of(&minted).unwrap(), ProtocolVersion::TLS1_2);
        server.suites = suites.into();
        let (seen, failure) = read(server, &hello()).await;
        assert_eq!(failure, None, "{key:?} {suites}");
        assert_eq!(seen.cipher_suite, Some(CipherSuite(suite)));
        assert_eq!(seen.key_exchange_group.map(|group| group.0), group);
        assert_eq!(seen.chain, [Der::from(minted.der)]);
    }
}

#[tokio::test]
async fn requests_authorities_and_staples_are_kept() {
    let pki = Pki::lab().unwrap();
    let web_server = pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap();
    let response = pki.issuing.ocsp(&web_server, &OcspRecipe::at(LAB_EPOCH)).unwrap();
    for version in OLD {
        let mut server = Legacy::new(Identity::of(&web_server).unwrap(), version);
        server.staple = Some(response.clone());
        server.demand = Demand {
            names: vec![pki.root.der.clone(), pki.issuing.der.clone()],
            ..Demand::required(When::Handshake, std::slice::from_ref(&pki.root.der))
        };
        let (seen, failure) = read(server, &hello()).await;
        assert_eq!(failure, None, "{version}");
        let request = seen.client_certificate_request.unwrap();
        assert_eq!((request.when, request.accepted_issuers.len()), (RequestedWhen::Handshake, 2));
        // SSL 3.0 has no extension to ask for it.
        let expected = (version != ProtocolVersion::SSL3).then(|| Der::from(response.clone()));
        assert_eq!(seen.ocsp_response, expected, "{version}");
    }
}

#[tokio::test]
async fn a_server_of_tls_1_3_alone_refuses() {
    let server =
        Legacy::new(Identity::of(&minted(KeyName::P256A, Signature::Sha256)).unwrap(), ProtocolVersion::TLS1_3);
    let (seen, failure) = read(server, &hello()).await;
    assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::Alert.into()));
    assert_eq!(seen.alerts, [Alert { level: Some(2), description: 70 }]);
}

#[tokio::test]
async fn a_version_not_offered_is_told_with_what_it_showed() {
    let minted = minted(KeyName::Rsa2048A, Signature::Sha1);
    let server = Legacy::new(Identity::of(&minted).unwrap(), ProtocolVersion::TLS1_0);
    let (seen, failure) = read(server, &Hello { versions: Versions::only(ProtocolVersion::TLS1_2), ..hello() }).await;
    assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::ProtocolError.into()));
    assert_eq!((seen.version, seen.chain.len()), (Some(ProtocolVersion::TLS1_0), 1));
}

#[test]
fn what_cannot_be_offered_is_said() {
    let limit = |hello: Hello| obstacle(&hello).map(|failure| failure.stop);
    let only = |version| Hello { versions: Versions::only(version), ..hello() };
    assert_eq!(limit(only(ProtocolVersion::TLS1_3)), Some(HandshakeFailure::EngineLimit.into()));
    assert_eq!(limit(only(ProtocolVersion(0x0002))), Some(HandshakeFailure::EngineLimit.into()));
    assert_eq!(
        limit(Hello { server_name: Some("a".repeat(256).into()), ..hello() }),
        Some(HandshakeFailure::EngineLimit.into())
    );
    assert_eq!(limit(Hello { server_name: Some("mp&01".into()), ..hello() }), None);
    assert_eq!(limit(only(ProtocolVersion::SSL3)), None);
}

#[test]
fn the_hello_fits_a_packet_and_every_suite_has_a_name_and_a_certificate() {
    assert!(client_hello(&hello()).unwrap().record.len() < 500);
    let (signal, suites) = SUITES.split_last().unwrap();
    assert_eq!(*signal, 0x00ff);
    for (at, suite) in suites.iter().enumerate() {
        let name = CipherSuite(*suite).registered_name();
        assert!(name.is_some_and(|name| !name.contains("anon")) && suite >> 8 != 0x13, "{suite:04x}");
        assert!(!suites[at + 1..].contains(suite), "{suite:04x} stands twice");
    }
    for old in [0x0003, 0x0006, 0x0008, 0x0009] {
        assert!(suites.contains(&old), "DES and EXPORT suites are offered");
    }
}

fn record(content: u8, fragment: &[u8]) -> Vec<u8> {
    let mut record = vec![content, 3, 1];
    record.extend(u16::try_from(fragment.len()).unwrap_or_default().to_be_bytes());
    record.extend(fragment);
    record
}

/// An export-era server's first flight: an EXPORT suite, a certificate of these bytes, the end.
fn first_flight(certificate: &[u8]) -> Vec<u8> {
    let mut hello = vec![2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 3, 0]);
    let length = |extra: usize| (certificate.len() + extra).to_be_bytes()[5..].to_vec();
    let chain = [vec![11], length(6), length(3), length(0), certificate.to_vec()].concat();
    [hello, chain, vec![14, 0, 0, 0]].concat()
}

#[test]
fn records_and_messages_may_be_cut_anywhere() {
    let flight = first_flight(b"certificate");
    for fragment in [1, 3, 7, 50, flight.len()] {
        let wire: Vec<u8> = flight.chunks(fragment).flat_map(|piece| record(22, piece)).collect();
        for cut in [1, 2, 5, 11, wire.len()] {
            let (mut answer, capture) = (Answer::default(), Capture::default());
            let mut progress = Vec::new();
            for piece in wire.chunks(cut) {
                progress.push(answer.take(piece, &capture).unwrap());
            }
            assert_eq!(progress.pop(), Some(Progress::Done));
            assert!(progress.iter().all(|step| *step == Progress::More));
            let seen = capture.take();
            assert_eq!(seen.chain, [Der::from(&b"certificate"[..])]);
            assert_eq!(seen.cipher_suite, Some(CipherSuite(3)));
        }
    }
}

#[test]
fn a_first_flight_cut_short_shows_what_came() {
    let wire = record(22, &first_flight(b"certificate"));
    for length in 0..wire.len() {
        let capture = Capture::default();
        assert_eq!(Answer::default().take(&wire[..length], &capture), Ok(Progress::More));
    }
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(
        records in proptest::collection::vec((20_u8..25, proptest::collection::vec(any::<u8>(), 0..60)), 0..8),
        tail in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let (mut answer, capture) = (Answer::default(), Capture::default());
        let mut wire: Vec<u8> = records.iter().flat_map(|(content, fragment)| record(*content, fragment)).collect();
        wire.extend(tail);
        let _ = answer.take(&wire, &capture);
        prop_assert!(answer.records.len() + answer.messages.len() <= wire.len());
    }

    #[test]
    fn a_flight_with_a_byte_changed_is_read_or_refused(at in 0_usize..80, to in any::<u8>()) {
        let mut wire = record(22, &first_flight(b"certificate"));
        let at = at % wire.len();
        wire[at] = to;
        let _ = Answer::default().take(&wire, &Capture::default());
    }
}

/// A peer that sends these bytes once it has heard a hello, then closes.
async fn scripted(answer: Vec<u8>) -> (Handshake, Option<Failure>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let peer = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut spoken = [0; 4096];
        let _ = stream.read(&mut spoken).await;
        // The client may be gone before all is sent; that is its right.
        let _ = stream.write_all(&answer).await;
    };
    let capture = Capture::default();
    let probe = async {
        let stream = TcpStream::connect(address).await.unwrap();
        match perform(stream, &hello(), &capture).await {
            Performed::Stopped(failure) => failure,
            Performed::Session(_) => panic!("this engine completes nothing"),
        }
    };
    let ((), failure) = tokio::join!(peer, probe);
    (capture.take(), failure)
}

#[tokio::test]
async fn an_export_suite_and_a_certificate_message_beyond_64_kilobytes_are_read() {
    let large = vec![0x30; 82 * 1024];
    let wire: Vec<u8> = first_flight(&large).chunks(16_000).flat_map(|piece| record(22, piece)).collect();
    let (seen, failure) = scripted(wire).await;
    assert_eq!(failure, None);
    assert_eq!(seen.chain, [Der::from(large)]);
    assert_eq!(seen.cipher_suite, Some(CipherSuite(3)));
}

#[tokio::test]
async fn peers_end_as_what_they_are() {
    let closed_early = record(22, &first_flight(b"certificate")[..60]);
    let endless = record(22, &[&[11, 0xff, 0xff, 0xff][..], &[0; 16_000]].concat()).repeat(80);
    let crumbs = record(22, &[11, 0xff, 0xff, 0xff]).into_iter().chain(record(22, &[0]).repeat(200_000)).collect();
    for (answer, kind) in [
        (Vec::new(), HandshakeFailure::Closed),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), HandshakeFailure::PlainHttp),
        (b"220 ready\r\n".to_vec(), HandshakeFailure::NotTls),
        (record(21, &[2, 40]), HandshakeFailure::Alert),
        (record(21, &[1, 0]), HandshakeFailure::Closed),
        (record(23, b"data"), HandshakeFailure::ProtocolError),
        (vec![22, 3, 1, 0xff, 0xff], HandshakeFailure::ProtocolError),
        (record(22, &[2, 0, 0, 1, 3]), HandshakeFailure::ProtocolError),
        (closed_early, HandshakeFailure::Closed),
        (endless, HandshakeFailure::TooLarge),
        (crumbs, HandshakeFailure::TooLarge),
    ] {
        let start = answer.get(..8).unwrap_or(&answer).escape_ascii().to_string();
        let (_, failure) = scripted(answer).await;
        assert_eq!(failure.map(|failure| failure.stop), Some(kind.into()), "{start}");
    }
}

#[tokio::test]
async fn a_silent_peer_is_left_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let soon = Hello { deadline: Instant::now() + Duration::from_millis(200), ..hello() };
    let Performed::Stopped(Some(failure)) = perform(stream, &soon, &Capture::default()).await else {
        panic!("nothing can come of this")
    };
    assert_eq!(failure.stop, HandshakeFailure::Timeout.into());
}

/// What each Windows client settles on with a server that has everything of its time.
#[tokio::test]
async fn windows_clients_are_met_as_what_they_are() {
    let identity = || Identity::of(&minted(KeyName::Rsa2048A, Signature::Sha256)).unwrap();
    let old = Legacy { oldest: ProtocolVersion::SSL3, ..Legacy::new(identity(), ProtocolVersion::TLS1_2) };
    let new = Legacy { oldest: ProtocolVersion::TLS1_2, ..Legacy::new(identity(), ProtocolVersion::TLS1_3) };
    for client in WindowsClient::ALL {
        let row = client.row();
        let versions = Versions { oldest: row.oldest, newest: row.newest };
        let hello = Hello { shape: Shape::Windows(client), versions, ..hello() };
        for (server, newest) in [(&old, ProtocolVersion::TLS1_2), (&new, ProtocolVersion::TLS1_3)] {
            let (seen, failure) = read(server.clone(), &hello).await;
            let settled = row.newest.min(newest);
            if settled < server.oldest {
                assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::Alert.into()), "{}", row.words);
                continue;
            }
            assert_eq!((seen.version, failure), (Some(settled), None), "{}", row.words);
            assert!(row.offers(seen.cipher_suite.unwrap()), "{}: {:?}", row.words, seen.cipher_suite);
            assert_eq!(seen.server_name.is_some(), row.sends_server_name, "{}", row.words);
            // In TLS 1.3 the certificate is not in clear text.
            assert_eq!(seen.chain.is_empty(), settled == ProtocolVersion::TLS1_3, "{}", row.words);
        }
    }
}
