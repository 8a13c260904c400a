//! How a handshake that rustls gave up is told to a reader.

use std::io::{self, ErrorKind};

use ::rustls::{Error, InvalidMessage, PeerIncompatible, PeerMisbehaved};

use crate::engine::tap::{Ended, Seen, Wire};
use crate::engine::{Hello, alert_in};
use crate::observation::failure::{Failure, FailureKind, Phase};

/// How much of what is not TLS is quoted.
const QUOTED: usize = 40;

/// A handshake that did not end in time.
pub(super) fn timeout(seen: &Seen) -> Failure {
    let wire = seen.lock();
    foreign(&wire).unwrap_or_else(|| {
        let words = match wire.received() {
            0 => "the peer accepted the connection and sent nothing in time".to_owned(),
            n => format!("the handshake did not end in time; {n} bytes had come"),
        };
        failure(FailureKind::HandshakeTimeout, words)
    })
}

/// A handshake that ended with an error.
pub(super) fn of(error: &io::Error, seen: &Seen, hello: &Hello) -> Failure {
    if let Some(alert) = alert_in(error) {
        return failure(FailureKind::Alert, format!("the peer sent the alert {alert}: {}", alert.in_words()));
    }
    let wire = seen.lock();
    if let Some(foreign) = foreign(&wire) {
        return foreign;
    }
    if let Some(ended) = Ended::in_error(error) {
        return failure(FailureKind::TooLarge, ended.to_string());
    }
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        let (kind, words) = of_tls(tls, &wire, hello);
        return failure(kind, words);
    }
    let so_far = match wire.received() {
        0 => "without a word".to_owned(),
        n => format!("after {n} bytes"),
    };
    match error.kind() {
        ErrorKind::UnexpectedEof => {
            failure(FailureKind::ConnectionClosed, format!("the peer closed the connection {so_far}"))
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            failure(FailureKind::ConnectionReset, format!("the peer reset the connection {so_far}"))
        }
        ErrorKind::TimedOut => failure(FailureKind::HandshakeTimeout, format!("the connection died {so_far}")),
        _ => failure(FailureKind::ConnectionReset, format!("the connection broke {so_far}: {error}")),
    }
}

fn failure(kind: FailureKind, words: impl Into<String>) -> Failure {
    Failure::new(Phase::Handshake, kind, words)
}

/// A peer that does not speak TLS.
fn foreign(wire: &Wire) -> Option<Failure> {
    if !wire.is_not_tls() {
        return None;
    }
    let head = wire.head();
    let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let quoted = line.get(..QUOTED).unwrap_or(line).escape_ascii();
    Some(if wire.is_http() {
        failure(FailureKind::PlainHttp, format!("the peer answered in plain HTTP: \u{201c}{quoted}\u{201d}"))
    } else {
        failure(FailureKind::NotTls, format!("the peer's answer is not TLS; it begins \u{201c}{quoted}\u{201d}"))
    })
}

/// What rustls has against the peer.
fn of_tls(error: &Error, wire: &Wire, hello: &Hello) -> (FailureKind, String) {
    match error {
        Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge
            | InvalidMessage::CertificatePayloadTooLarge
            | InvalidMessage::MessageTooLarge,
        )
        | Error::PeerSentOversizedRecord => (
            FailureKind::TooLarge,
            "a message of the peer is larger than the rustls engine takes (64 KiB); the openssl and hello-reader engines take more".into(),
        ),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => match wire.server_hello() {
            Some(chosen) if hello.versions.contains(chosen.version) => (
                FailureKind::EngineLimit,
                format!("the server chose {}, which the rustls engine does not speak; the openssl engine does", chosen.version),
            ),
            Some(chosen) => {
                (FailureKind::ProtocolError, format!("the server chose {}, which was not offered", chosen.version))
            }
            None => (FailureKind::ProtocolError, "the server chose a version that was not offered".into()),
        },
        Error::PeerIncompatible(why) => {
            (FailureKind::EngineLimit, format!("the rustls engine cannot go on with this server ({why:?}); the openssl engine may"))
        }
        Error::PeerMisbehaved(
            why @ (PeerMisbehaved::SignedKxWithWrongAlgorithm
            | PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme
            | PeerMisbehaved::SelectedUnofferedKxGroup),
        ) => (
            FailureKind::EngineLimit,
            format!("the server uses an algorithm the rustls engine does not know ({why:?}); the openssl engine may"),
        ),
        Error::InvalidMessage(
            why @ (InvalidMessage::UnsupportedCurveType | InvalidMessage::UnsupportedKeyExchangeAlgorithm(_)),
        ) => (
            FailureKind::EngineLimit,
            format!("the server uses a key exchange the rustls engine does not know ({why:?}); the openssl engine may"),
        ),
        Error::NoCertificatesPresented => (FailureKind::ProtocolError, "the server presented no certificate".into()),
        Error::PeerMisbehaved(why) => (FailureKind::ProtocolError, format!("the server broke the rules of TLS: {why:?}")),
        Error::InvalidMessage(why) => {
            (FailureKind::ProtocolError, format!("a message of the server cannot be read: {why:?}"))
        }
        other => (FailureKind::ProtocolError, format!("the handshake cannot go on: {other}")),
    }
}
