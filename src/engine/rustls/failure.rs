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
            (HandshakeFailure::EngineLimit, format!("the rustls engine cannot go on with this server ({}); the openssl engine may", in_words(why)))
        }
        Error::PeerMisbehaved(
            why @ (PeerMisbehaved::SignedKxWithWrongAlgorithm
            | PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme
            | PeerMisbehaved::SelectedUnofferedKxGroup),
        ) => (
            HandshakeFailure::EngineLimit,
            format!("the server uses an algorithm the rustls engine does not know ({}); the openssl engine may", in_words(why)),
        ),
        Error::InvalidMessage(
            why @ (InvalidMessage::UnsupportedCurveType | InvalidMessage::UnsupportedKeyExchangeAlgorithm(_)),
        ) => (
            HandshakeFailure::EngineLimit,
            format!("the server uses a key exchange the rustls engine does not know ({}); the openssl engine may", in_words(why)),
        ),
        Error::NoCertificatesPresented => (HandshakeFailure::ProtocolError, "the server presented no certificate".into()),
        Error::PeerMisbehaved(why) => (HandshakeFailure::ProtocolError, format!("the server broke the rules of TLS: {}", in_words(why))),
        Error::InvalidMessage(why) => {
            (HandshakeFailure::ProtocolError, format!("a message of the server cannot be read: {}", unreadable(why)))
        }
        other => (HandshakeFailure::ProtocolError, format!("the handshake cannot go on: {other}")),
    }
}

/// What is wrong with a message.
fn unreadable(why: &InvalidMessage) -> String {
    match why {
        InvalidMessage::TrailingData(part) => format!("{} is longer than its length says", spaced(part)),
        InvalidMessage::MissingData(part) => format!("{} is cut short", spaced(part)),
        InvalidMessage::InvalidEmptyPayload => "a record is empty where none may be".to_owned(),
        InvalidMessage::InvalidContentType => "a record is of a type TLS does not have".to_owned(),
        InvalidMessage::UnknownProtocolVersion => "a record is of a version TLS does not have".to_owned(),
        other => in_words(other),
    }
}

/// The name of a fault as the library writes it, as words: `TooManyRenegotiationRequests` is "too many renegotiation
/// requests". What stands in brackets behind it is left out.
fn in_words(fault: &impl std::fmt::Debug) -> String {
    let name = format!("{fault:?}");
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    spaced(&name[..end]).to_ascii_lowercase()
}

/// A name in capitals and small letters as words: a word begins at a capital that follows a small letter or a figure, or
/// stands before one.
fn spaced(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::with_capacity(name.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase));
        if begins {
            words.push(' ');
        }
        words.push(*letter);
    }
    words
}

#[cfg(test)]
mod tests {
    use ::rustls::{InvalidMessage, PeerMisbehaved};

    use super::{in_words, spaced, unreadable};

    #[test]
    fn faults_are_told_in_words_and_not_by_the_librarys_names() {
        assert_eq!(in_words(&PeerMisbehaved::TooManyWarningAlertsReceived), "too many warning alerts received");
        assert_eq!(in_words(&PeerMisbehaved::UnsolicitedServerHelloExtension), "unsolicited server hello extension");
        assert_eq!(unreadable(&InvalidMessage::TrailingData("SessionID")), "Session ID is longer than its length says");
        assert_eq!(unreadable(&InvalidMessage::MissingData("u16")), "u16 is cut short");
        assert_eq!(unreadable(&InvalidMessage::InvalidEmptyPayload), "a record is empty where none may be");
        assert_eq!(spaced("HTTPServer2Go"), "HTTP Server2 Go");
    }
}
