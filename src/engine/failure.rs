//! How a stopped handshake is told to a reader, whatever the engine: time-outs, peers that speak no TLS, broken connections.

use std::io::{self, ErrorKind};

use super::tap::{Ended, Seen, Wire};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::wire::alert::Alert;
use crate::wire::counted::counted;
use crate::wire::text::beginning;

/// A failure of the handshake.
pub(super) fn failure(kind: HandshakeFailure, words: impl Into<String>) -> Failure {
    Failure::new(kind, words)
}

/// A handshake that did not end in time.
pub(super) fn timeout(seen: &Seen) -> Failure {
    let wire = seen.lock();
    foreign(&wire).unwrap_or_else(|| {
        let words = match wire.received() {
            0 => "the peer accepted the connection and sent nothing in time".to_owned(),
            n => format!("the handshake did not end in time; {} had come", counted(n, "byte")),
        };
        failure(HandshakeFailure::Timeout, words)
    })
}

/// A handshake the peer ended with an alert.
pub(super) fn refused(alert: Alert) -> Failure {
    failure(HandshakeFailure::Alert, format!("the peer sent the alert {alert}: {}", alert.in_words()))
}

/// A handshake that ended with an error of the connection.
pub(super) fn broken(error: &io::Error, wire: &Wire) -> Failure {
    if let Some(ended) = Ended::in_error(error) {
        return failure(HandshakeFailure::TooLarge, ended.to_string());
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => closed(wire),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            failure(HandshakeFailure::Reset, format!("the peer reset the connection {}", so_far(wire)))
        }
        ErrorKind::TimedOut => failure(HandshakeFailure::Timeout, format!("the connection died {}", so_far(wire))),
        _ => failure(HandshakeFailure::Reset, format!("the connection broke {}: {error}", so_far(wire))),
    }
}

/// A handshake that ended with the connection's regular end.
pub(super) fn closed(wire: &Wire) -> Failure {
    failure(HandshakeFailure::Closed, format!("the peer closed the connection {}", so_far(wire)))
}

fn so_far(wire: &Wire) -> String {
    match wire.received() {
        0 => "without a word".to_owned(),
        n => format!("after {}", counted(n, "byte")),
    }
}

/// A peer that does not speak TLS.
pub(super) fn foreign(wire: &Wire) -> Option<Failure> {
    if !wire.is_not_tls() {
        return None;
    }
    let head = wire.head();
    let begins = beginning(head);
    Some(if wire.is_http() {
        failure(HandshakeFailure::PlainHttp, format!("the peer answered in plain HTTP: {begins}"))
    } else {
        failure(HandshakeFailure::NotTls, format!("the peer's answer is not TLS; it begins {begins}"))
    })
}
