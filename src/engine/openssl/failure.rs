//! How a handshake that OpenSSL gave up is told to a reader.

use openssl::error::ErrorStack;
use openssl::ssl::{Error, ErrorCode};

use super::Listener;
use crate::engine::Hello;
use crate::engine::failure::{broken, closed, failure, foreign, refused};
use crate::engine::tap::Seen;
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::KeyProof;

/// A handshake that ended with an error.
pub(super) fn of(error: &Error, seen: &Seen, hello: &Hello, listener: &Listener) -> Failure {
    if let Some(withheld) = listener.capture.withheld() {
        return withheld.clone();
    }
    if let Some(alert) = listener.fatal() {
        return refused(alert);
    }
    let wire = seen.lock();
    if let Some(foreign) = foreign(&wire) {
        return foreign;
    }
    if let Some(io) = error.io_error() {
        return broken(io, &wire);
    }
    match error.ssl_error() {
        Some(stack) => of_tls(stack, hello, listener),
        None if matches!(error.code(), ErrorCode::ZERO_RETURN | ErrorCode::SYSCALL) => closed(&wire),
        None => failure(HandshakeFailure::ProtocolError, format!("the handshake cannot go on: {error}")),
    }
}

/// What OpenSSL has against the peer, by the reason its first error names.
fn of_tls(stack: &ErrorStack, hello: &Hello, listener: &Listener) -> Failure {
    let mut captured = listener.capture.lock();
    let first = stack.errors().iter().find_map(openssl::error::Error::reason).unwrap_or_default();
    match first {
        "excessive message size" => failure(
            HandshakeFailure::TooLarge,
            "a message of the peer is larger than the openssl engine takes (256 KiB for certificates and requests)",
        ),
        "unsupported protocol"
        | "wrong ssl version"
        | "wrong version number"
        | "version too low"
        | "version too high" => match captured.version {
            Some(chosen) if !hello.versions.contains(chosen) => {
                failure(HandshakeFailure::ProtocolError, format!("the server chose {chosen}, which was not offered"))
            }
            Some(_) | None => {
                failure(HandshakeFailure::ProtocolError, format!("the server broke the rules of TLS: {first}"))
            }
        },
        "bad signature" => {
            captured.key_proof = KeyProof::Bad;
            failure(
                HandshakeFailure::ProtocolError,
                "the server's signature over the handshake does not fit the leaf's key",
            )
        }
        "no protocols available" | "no ciphers available" | "no cipher match" => {
            failure(HandshakeFailure::EngineLimit, format!("the openssl engine cannot make this offer: {first}"))
        }
        "unknown cipher returned"
        | "wrong cipher returned"
        | "unknown certificate type"
        | "unknown pkey type"
        | "unsupported elliptic curve"
        | "wrong curve"
        | "wrong signature type"
        | "wrong certificate type"
        | "unable to find public key parameters"
        | "unsupported" => failure(
            HandshakeFailure::EngineLimit,
            format!(
                "the openssl engine cannot go on with this server ({}); the hello-reader engine may",
                reasons(stack)
            ),
        ),
        _ => failure(HandshakeFailure::ProtocolError, format!("the handshake cannot go on: {}", reasons(stack))),
    }
}

/// OpenSSL's reasons alone: its further data can quote what it was given. What only says which part of it passed a reason
/// on is left out where there is a reason.
pub(super) fn reasons(stack: &ErrorStack) -> String {
    let all: Vec<&str> = stack.errors().iter().filter_map(openssl::error::Error::reason).collect();
    let mut telling: Vec<&str> = all.iter().copied().filter(|reason| !passes_on(reason)).collect();
    telling.dedup();
    match (telling.is_empty(), all.first()) {
        (false, _) => telling.join("; "),
        (true, Some(first)) => (*first).to_owned(),
        (true, None) => "no reason given".to_owned(),
    }
}

/// Whether a reason says no more than that another part of the library failed.
fn passes_on(reason: &str) -> bool {
    reason.ends_with(" lib") || matches!(reason, "nested asn1 error" | "record layer failure")
}
