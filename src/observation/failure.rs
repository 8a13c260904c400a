//! Where and how a probe was stopped. A failure is a fact about the peer or the network, not an error of ours.

use serde::{Deserialize, Serialize};

/// A probe's end before its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// Where.
    pub phase: Phase,
    /// How.
    pub kind: FailureKind,
    /// What exactly was met, in words; never holds a secret.
    pub detail: String,
}

impl Failure {
    /// A failure in words.
    pub fn new(phase: Phase, kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { phase, kind, detail: detail.into() }
    }
}

/// The phases of a probe, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Turning a name into addresses.
    Resolve,
    /// Opening a TCP connection, through a proxy or not.
    Connect,
    /// The TLS handshake.
    Handshake,
    /// The HTTP exchange.
    Exchange,
}

/// Everything that can stop a probe, one variant for each thing a reader would call different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The name does not exist (NXDOMAIN).
    NameNotFound,
    /// The name exists but has no record of the kind asked for.
    NoData,
    /// The name server failed (SERVFAIL).
    ServerFailure,
    /// The name server refuses to answer (REFUSED).
    QueryRefused,
    /// The name server's answer could not be read.
    MalformedAnswer,
    /// The aliases lead in a circle, or on without end.
    AliasLoop,
    /// No name server answered in time.
    ResolveTimeout,
    /// The name cannot be asked for at all (a label too long, a character DNS has no way to carry).
    NameUnusable,
    /// The name server could not be reached, or answered with another error.
    ResolveError,
    /// The peer refused the TCP connection.
    ConnectionRefused,
    /// The TCP connection did not come about in time.
    ConnectionTimeout,
    /// There is no way to the peer.
    Unreachable,
    /// The HTTP proxy asked to connect would not.
    ProxyRefused,
    /// This machine could not open the connection (no free port, no file descriptor, no such source address).
    LocalLimit,
    /// The peer accepted the connection and said nothing, or not enough, in time.
    HandshakeTimeout,
    /// The peer reset the connection.
    ConnectionReset,
    /// The peer closed the connection.
    ConnectionClosed,
    /// The peer sent a TLS alert.
    Alert,
    /// The peer answered with plain HTTP.
    PlainHttp,
    /// The peer answered with something that is not TLS.
    NotTls,
    /// The peer speaks TLS, but broke its rules.
    ProtocolError,
    /// A message of the peer is larger than the engine takes.
    TooLarge,
    /// The engine cannot do what the offer asks, or what the peer wants.
    EngineLimit,
    /// The client identity could not be used by this engine.
    IdentityUnusable,
    /// The HTTP answer did not come in time.
    ExchangeTimeout,
    /// The HTTP answer could not be read.
    HttpError,
    /// The time for the whole probe was up.
    DeadlineExceeded,
    /// A URL in a scheme that is not fetched.
    NotFetched,
    /// Not attempted, because an earlier probe of the same endpoint was stopped before it could have begun.
    NotAttempted,
}

impl FailureKind {
    /// The name in reports.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        }
    }

    /// zgrab2's word for it, for readers who know those.
    pub const fn probe_status(self) -> &'static str {
        match self {
            Self::NameNotFound
            | Self::NoData
            | Self::ServerFailure
            | Self::QueryRefused
            | Self::MalformedAnswer
            | Self::AliasLoop
            | Self::ResolveTimeout
            | Self::NameUnusable
            | Self::ResolveError => "resolve-error",
            Self::ConnectionRefused | Self::ProxyRefused => "connection-refused",
            Self::ConnectionTimeout | Self::Unreachable => "connection-timeout",
            Self::ConnectionReset | Self::ConnectionClosed => "connection-closed",
            Self::HandshakeTimeout | Self::ExchangeTimeout | Self::DeadlineExceeded => "io-timeout",
            Self::Alert | Self::TooLarge | Self::EngineLimit | Self::IdentityUnusable => "handshake-error",
            Self::PlainHttp | Self::NotTls | Self::ProtocolError => "protocol-error",
            Self::HttpError => "application-error",
            Self::LocalLimit | Self::NotFetched | Self::NotAttempted => "unknown-error",
        }
    }
}
