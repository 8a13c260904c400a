//! Peers that are no TLS servers, or bad ones, and offers that cannot be made.

use super::*;

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
        (&b""[..], HandshakeFailure::Closed),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", HandshakeFailure::PlainHttp),
        (b"<html><body>Bad Request</body></html>", HandshakeFailure::PlainHttp),
        (b"220 mail.contoso.com ESMTP ready\r\n", HandshakeFailure::NotTls),
        (b"\x15\x03\x01\x00\x02\x02\x28", HandshakeFailure::Alert),
        (b"\x15\x03\x01\x00\x02\x02\x46", HandshakeFailure::Alert),
        (b"\x16\x03\x01\x00\x04\x02\x00", HandshakeFailure::Closed),
        (b"\x16\x03\x01\x00\x04\x02\x00\x00\x00", HandshakeFailure::ProtocolError),
        (b"\x16\x03\x01\x00\x04\x02\xff\xff\xff", HandshakeFailure::TooLarge),
    ] {
        let (handshake, failure) = scripted(answer.to_vec(), false, &hello()).await;
        assert_eq!(failure.stop, kind.into(), "{}: {}", answer.escape_ascii(), failure.detail);
        assert!(!handshake.completed);
        if kind == HandshakeFailure::Alert {
            assert_eq!(handshake.alerts, [Alert { level: Some(2), description: answer[6] }]);
        }
    }
}

#[tokio::test]
async fn a_silent_peer_is_left_at_the_deadline() {
    let soon = || Hello { deadline: Instant::now() + Duration::from_millis(200), ..hello() };
    let (_, failure) = scripted(Vec::new(), true, &soon()).await;
    assert_eq!(failure.stop, HandshakeFailure::Timeout.into());
    let (_, failure) = scripted(b"\x16\x03\x01".to_vec(), true, &soon()).await;
    assert_eq!(failure.stop, HandshakeFailure::Timeout.into());
    assert!(failure.detail.contains("3 bytes"), "{}", failure.detail);
}

#[tokio::test]
async fn a_peer_that_pours_without_end_is_cut_off() {
    // Warnings are legal and mean nothing.
    let warnings = b"\x15\x03\x01\x00\x02\x01\x70".repeat(200_000);
    let (handshake, failure) = scripted(warnings, false, &hello()).await;
    assert!(
        matches!(failure.stop, Stop::Handshake(HandshakeFailure::ProtocolError | HandshakeFailure::TooLarge)),
        "{failure:?}"
    );
    assert!(handshake.alerts.len() <= 16);
}

#[test]
fn what_cannot_be_offered_is_said_before_anything_is_connected() {
    let long = "a".repeat(256);
    for name in ["", "mp\0", long.as_str()] {
        let failure = obstacle(&Hello { server_name: Some(name.into()), ..hello() });
        assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::EngineLimit.into()), "{name:?}");
    }
    for name in ["mp&01", "mp_01.contoso.com", "MP01", "*", "m\u{fc}.de", "10.1.0.21"] {
        assert_eq!(obstacle(&Hello { server_name: Some(name.into()), ..hello() }), None, "{name:?}");
    }
    let alien = ClientIdentity::new("broken", vec![Der::from(web_server().der)], Zeroizing::new(vec![0x30, 0]));
    let failure = obstacle(&Hello { identity: Some(Arc::new(alien)), ..hello() });
    assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::IdentityUnusable.into()));
    let beyond = Versions::only(ProtocolVersion(0x0305));
    let failure = obstacle(&Hello { versions: beyond, ..hello() });
    assert_eq!(failure.map(|failure| failure.stop), Some(HandshakeFailure::EngineLimit.into()));
}

#[test]
fn the_numbers_of_options_without_a_name_are_openssls() {
    use crate::engine::openssl::context::{
        ALLOW_UNSAFE_LEGACY_RENEGOTIATION, IGNORE_UNEXPECTED_EOF, LEGACY_SERVER_CONNECT,
    };
    assert_eq!(LEGACY_SERVER_CONNECT, openssl_sys::SSL_OP_LEGACY_SERVER_CONNECT);
    assert_eq!(ALLOW_UNSAFE_LEGACY_RENEGOTIATION, openssl_sys::SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    assert_eq!(IGNORE_UNEXPECTED_EOF, openssl::ssl::SslOptions::IGNORE_UNEXPECTED_EOF.bits());
}
