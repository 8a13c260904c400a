//! How a handshake that rustls gave up is told to a reader.

use std::io;

use ::rustls::{Error, InvalidMessage, PeerIncompatible, PeerMisbehaved};

use crate::engine::Hello;
use crate::engine::alert::alert_in;
use crate::engine::failure::{broken, failure, foreign, refused};
use crate::engine::tap::{Seen, Wire};
use crate::observation::failure::{Failure, HandshakeFailure};

/// A handshake that ended with an error.
pub(super) fn of(error: &io::Error, seen: &Seen, hello: &Hello) -> Failure {
    if let Some(alert) = alert_in(error) {
        return refused(alert);
    }
    let wire = seen.lock();
    if let Some(foreign) = foreign(&wire) {
        return foreign;
    }
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(tls) => {
            let (kind, words) = of_tls(tls, &wire, hello);
            failure(kind, words)
        }
        None => broken(error, &wire),
    }
}

/// What rustls has against the peer.
fn of_tls(error: &Error, wire: &Wire, hello: &Hello) -> (HandshakeFailure, String) {
    match error {
        Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge
            | InvalidMessage::CertificatePayloadTooLarge
            | InvalidMessage::MessageTooLarge,
        )
        | Error::PeerSentOversizedRecord => (
            HandshakeFailure::TooLarge,
            "a message of the peer is larger than the rustls engine takes (64 KiB); the openssl and hello-reader engines take more".into(),
        ),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => match wire.server_hello() {
            Some(chosen) if hello.versions.contains(chosen.version) => (
                HandshakeFailure::EngineLimit,
                format!("the server chose {}, which the rustls engine does not speak; the openssl engine does", chosen.version),
            ),
            Some(chosen) => {
                (HandshakeFailure::ProtocolError, format!("the server chose {}, which was not offered", chosen.version))
            }
            None => (HandshakeFailure::ProtocolError, "the server chose a version that was not offered".into()),
        },
        Error::PeerIncompatible(why) => {
            (HandshakeFailure::EngineLimit, format!("the rustls engine cannot go on with this server ({why:?}); the openssl engine may"))
        }
        Error::PeerMisbehaved(
            why @ (PeerMisbehaved::SignedKxWithWrongAlgorithm
            | PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme
            | PeerMisbehaved::SelectedUnofferedKxGroup),
        ) => (
            HandshakeFailure::EngineLimit,
            format!("the server uses an algorithm the rustls engine does not know ({why:?}); the openssl engine may"),
        ),
        Error::InvalidMessage(
            why @ (InvalidMessage::UnsupportedCurveType | InvalidMessage::UnsupportedKeyExchangeAlgorithm(_)),
        ) => (
            HandshakeFailure::EngineLimit,
            format!("the server uses a key exchange the rustls engine does not know ({why:?}); the openssl engine may"),
        ),
        Error::NoCertificatesPresented => (HandshakeFailure::ProtocolError, "the server presented no certificate".into()),
        Error::PeerMisbehaved(why) => (HandshakeFailure::ProtocolError, format!("the server broke the rules of TLS: {why:?}")),
        Error::InvalidMessage(why) => {
            (HandshakeFailure::ProtocolError, format!("a message of the server cannot be read: {why:?}"))
        }
        other => (HandshakeFailure::ProtocolError, format!("the handshake cannot go on: {other}")),
    }
}
