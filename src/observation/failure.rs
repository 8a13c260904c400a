//! Where and how a probe was stopped. A failure is a fact about the peer or the network, not an error of ours.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A probe's end before its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// Where and how.
    #[serde(flatten)]
    pub stop: Stop,
    /// What exactly was met, in words; never holds a secret.
    pub detail: String,
    /// How often it was attempted, each time with this end; left out: once.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub attempts: u32,
}

const fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_once(attempts: &u32) -> bool {
    *attempts <= 1
}

impl Failure {
    /// A failure in words.
    pub fn new(stop: impl Into<Stop>, detail: impl Into<String>) -> Self {
        Self { stop: stop.into(), detail: detail.into(), attempts: 1 }
    }

    /// Whether it is this one.
    pub fn is(&self, stop: impl Into<Stop>) -> bool {
        self.stop == stop.into()
    }

    /// Where.
    pub const fn phase(&self) -> Phase {
        self.stop.phase()
    }

    /// What was met, and how often where that was more than once.
    pub fn words(&self) -> Cow<'_, str> {
        match self.attempts {
            0 | 1 => Cow::Borrowed(&self.detail),
            times => Cow::Owned(format!("{} (attempted {times} times)", self.detail)),
        }
    }
}

/// The phases of a probe, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// Everything that can stop a probe, by the phase it was stopped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "phase", content = "kind", rename_all = "kebab-case")]
pub enum Stop {
    /// Turning a name into addresses.
    Resolve(ResolveFailure),
    /// Opening a TCP connection, through a proxy or not.
    Connect(ConnectFailure),
    /// The TLS handshake.
    Handshake(HandshakeFailure),
    /// The HTTP exchange.
    Exchange(ExchangeFailure),
}

/// What keeps a name from being turned into addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResolveFailure {
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
    /// It has addresses, and all are of the family the run was told to leave out.
    FamilyLeftOut,
    /// No name server answered in time.
    #[serde(rename = "resolve-timeout")]
    Timeout,
    /// The name cannot be asked for at all (a label too long, a character DNS has no way to carry).
    NameUnusable,
    /// The name server could not be reached, or answered with another error.
    #[serde(rename = "resolve-error")]
    Error,
    /// More addresses than are looked at: those beyond are counted and not probed.
    TooManyAddresses,
    /// A bound of ours.
    LocalLimit,
    /// A URL in a scheme that is not fetched.
    NotFetched,
    /// Not attempted.
    NotAttempted,
}

/// What keeps a TCP connection from coming about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectFailure {
    /// The peer refused it.
    #[serde(rename = "connection-refused")]
    Refused,
    /// It did not come about in time.
    #[serde(rename = "connection-timeout")]
    Timeout,
    /// There is no way to the peer.
    Unreachable,
    /// The peer reset it before it was open.
    #[serde(rename = "connection-reset")]
    Reset,
    /// This machine could not open it (no free port, no file descriptor, no such source address).
    LocalLimit,
    /// The local address connections are to start from cannot reach the peer: it is of the other family, or not here.
    SourceAddressUnusable,
    /// The time for the whole probe was up before.
    #[serde(rename = "deadline-exceeded")]
    Deadline,
    /// Not attempted, because an earlier probe of the same endpoint was stopped before it could have begun.
    NotAttempted,
    /// The proxy on the way is what stopped it; nothing is said of the peer behind.
    #[serde(untagged)]
    Proxy(ProxyFailure),
}

/// What stops a connection at the proxy it goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyFailure {
    /// The proxy's own name has no address.
    #[serde(rename = "proxy-unresolved")]
    Unresolved,
    /// The proxy itself refuses the connection.
    #[serde(rename = "proxy-connection-refused")]
    NotListening,
    /// The connection to the proxy itself does not come about in time.
    #[serde(rename = "proxy-connection-timeout")]
    ConnectTimeout,
    /// There is no way to the proxy itself.
    #[serde(rename = "proxy-unreachable")]
    Unreachable,
    /// The proxy takes the connection, and does not answer CONNECT in time.
    #[serde(rename = "proxy-silent")]
    Silent,
    /// The proxy wants a user (407).
    #[serde(rename = "proxy-wants-credentials")]
    WantsCredentials,
    /// The proxy's rules forbid it (403, 405).
    #[serde(rename = "proxy-forbids")]
    Forbids,
    /// The proxy cannot reach or resolve the peer, or not in time (408, 502 to 504).
    #[serde(rename = "proxy-cannot-reach")]
    CannotReach,
    /// The proxy sends elsewhere who wants through: to a page where a user signs in (3xx, 511).
    #[serde(rename = "proxy-redirects")]
    Redirects,
    /// The proxy takes no more for now from who asks (429).
    #[serde(rename = "proxy-limits")]
    Limits,
    /// The proxy itself fails (500).
    #[serde(rename = "proxy-fails")]
    Fails,
    /// What answers in the proxy's place answers as no proxy does.
    #[serde(rename = "proxy-refused")]
    Refused,
}

/// What stops a TLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HandshakeFailure {
    /// The peer said nothing, or not enough, in time.
    #[serde(rename = "handshake-timeout")]
    Timeout,
    /// The peer reset the connection.
    #[serde(rename = "connection-reset")]
    Reset,
    /// The peer closed the connection.
    #[serde(rename = "connection-closed")]
    Closed,
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
    /// We ended it: the client's certificate is not shown to who presents such a certificate.
    NotPresented,
    /// The time for the whole probe was up.
    #[serde(rename = "deadline-exceeded")]
    Deadline,
    /// Not attempted, because an earlier probe of the same endpoint was stopped before it could have begun.
    NotAttempted,
}

/// What stops an HTTP exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExchangeFailure {
    /// The answer did not come, or did not end, in time.
    #[serde(rename = "exchange-timeout")]
    Timeout,
    /// The peer reset the connection.
    #[serde(rename = "connection-reset")]
    Reset,
    /// The peer closed the connection.
    #[serde(rename = "connection-closed")]
    Closed,
    /// The peer sent a TLS alert.
    Alert,
    /// The peer broke the rules of TLS.
    ProtocolError,
    /// The answer could not be read, or is none.
    HttpError,
    /// The answer is larger than is taken.
    TooLarge,
    /// The engine cannot do what the peer wants: be asked for a certificate after the request.
    EngineLimit,
    /// A bound of ours.
    LocalLimit,
    /// A URL in a scheme that is not fetched.
    NotFetched,
    /// The time for the whole probe was up.
    #[serde(rename = "deadline-exceeded")]
    Deadline,
    /// Not attempted.
    NotAttempted,
}

impl From<ResolveFailure> for Stop {
    fn from(failure: ResolveFailure) -> Self {
        Self::Resolve(failure)
    }
}

impl From<ConnectFailure> for Stop {
    fn from(failure: ConnectFailure) -> Self {
        Self::Connect(failure)
    }
}

impl From<ProxyFailure> for Stop {
    fn from(failure: ProxyFailure) -> Self {
        Self::Connect(ConnectFailure::Proxy(failure))
    }
}

impl From<HandshakeFailure> for Stop {
    fn from(failure: HandshakeFailure) -> Self {
        Self::Handshake(failure)
    }
}

impl From<ExchangeFailure> for Stop {
    fn from(failure: ExchangeFailure) -> Self {
        Self::Exchange(failure)
    }
}

impl Stop {
    /// Every way a probe can stop, in the order of the phases.
    pub const ALL: [Self; 56] = {
        use ConnectFailure as C;
        use ExchangeFailure as E;
        use HandshakeFailure as H;
        use ProxyFailure as P;
        use ResolveFailure as R;
        [
            Self::Resolve(R::NameNotFound),
            Self::Resolve(R::NoData),
            Self::Resolve(R::ServerFailure),
            Self::Resolve(R::QueryRefused),
            Self::Resolve(R::MalformedAnswer),
            Self::Resolve(R::AliasLoop),
            Self::Resolve(R::FamilyLeftOut),
            Self::Resolve(R::Timeout),
            Self::Resolve(R::NameUnusable),
            Self::Resolve(R::Error),
            Self::Resolve(R::TooManyAddresses),
            Self::Resolve(R::LocalLimit),
            Self::Resolve(R::NotFetched),
            Self::Resolve(R::NotAttempted),
            Self::Connect(C::Refused),
            Self::Connect(C::Timeout),
            Self::Connect(C::Unreachable),
            Self::Connect(C::Reset),
            Self::Connect(C::LocalLimit),
            Self::Connect(C::SourceAddressUnusable),
            Self::Connect(C::Deadline),
            Self::Connect(C::NotAttempted),
            Self::Connect(C::Proxy(P::Unresolved)),
            Self::Connect(C::Proxy(P::NotListening)),
            Self::Connect(C::Proxy(P::ConnectTimeout)),
            Self::Connect(C::Proxy(P::Unreachable)),
            Self::Connect(C::Proxy(P::Silent)),
            Self::Connect(C::Proxy(P::WantsCredentials)),
            Self::Connect(C::Proxy(P::Forbids)),
            Self::Connect(C::Proxy(P::CannotReach)),
            Self::Connect(C::Proxy(P::Refused)),
            Self::Handshake(H::Timeout),
            Self::Handshake(H::Reset),
            Self::Handshake(H::Closed),
            Self::Handshake(H::Alert),
            Self::Handshake(H::PlainHttp),
            Self::Handshake(H::NotTls),
            Self::Handshake(H::ProtocolError),
            Self::Handshake(H::TooLarge),
            Self::Handshake(H::EngineLimit),
            Self::Handshake(H::IdentityUnusable),
            Self::Handshake(H::NotPresented),
            Self::Handshake(H::Deadline),
            Self::Handshake(H::NotAttempted),
            Self::Exchange(E::Timeout),
            Self::Exchange(E::Reset),
            Self::Exchange(E::Closed),
            Self::Exchange(E::Alert),
            Self::Exchange(E::ProtocolError),
            Self::Exchange(E::HttpError),
            Self::Exchange(E::TooLarge),
            Self::Exchange(E::EngineLimit),
            Self::Exchange(E::LocalLimit),
            Self::Exchange(E::NotFetched),
            Self::Exchange(E::Deadline),
            Self::Exchange(E::NotAttempted),
        ]
    };

    /// The phase it belongs to.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Resolve(_) => Phase::Resolve,
            Self::Connect(_) => Phase::Connect,
            Self::Handshake(_) => Phase::Handshake,
            Self::Exchange(_) => Phase::Exchange,
        }
    }

    /// Whether nothing was attempted.
    pub const fn is_not_attempted(self) -> bool {
        matches!(
            self,
            Self::Resolve(ResolveFailure::NotAttempted)
                | Self::Connect(ConnectFailure::NotAttempted)
                | Self::Handshake(HandshakeFailure::NotAttempted)
                | Self::Exchange(ExchangeFailure::NotAttempted)
        )
    }

    /// The same phase, not attempted.
    pub const fn not_attempted(self) -> Self {
        match self {
            Self::Resolve(_) => Self::Resolve(ResolveFailure::NotAttempted),
            Self::Connect(_) => Self::Connect(ConnectFailure::NotAttempted),
            Self::Handshake(_) => Self::Handshake(HandshakeFailure::NotAttempted),
            Self::Exchange(_) => Self::Exchange(ExchangeFailure::NotAttempted),
        }
    }

    /// zgrab2's word for it, for readers who know those.
    pub const fn probe_status(self) -> &'static str {
        match self {
            Self::Resolve(failure) => match failure {
                ResolveFailure::FamilyLeftOut
                | ResolveFailure::LocalLimit
                | ResolveFailure::NotFetched
                | ResolveFailure::NotAttempted
                | ResolveFailure::TooManyAddresses => "unknown-error",
                ResolveFailure::NameNotFound
                | ResolveFailure::NoData
                | ResolveFailure::ServerFailure
                | ResolveFailure::QueryRefused
                | ResolveFailure::MalformedAnswer
                | ResolveFailure::AliasLoop
                | ResolveFailure::Timeout
                | ResolveFailure::NameUnusable
                | ResolveFailure::Error => "resolve-error",
            },
            Self::Connect(failure) => match failure {
                ConnectFailure::Refused | ConnectFailure::Proxy(_) => "connection-refused",
                ConnectFailure::Timeout | ConnectFailure::Unreachable => "connection-timeout",
                ConnectFailure::Reset => "connection-closed",
                ConnectFailure::Deadline => "io-timeout",
                ConnectFailure::LocalLimit | ConnectFailure::SourceAddressUnusable | ConnectFailure::NotAttempted => {
                    "unknown-error"
                }
            },
            Self::Handshake(failure) => match failure {
                HandshakeFailure::Timeout | HandshakeFailure::Deadline => "io-timeout",
                HandshakeFailure::Reset | HandshakeFailure::Closed => "connection-closed",
                HandshakeFailure::Alert
                | HandshakeFailure::TooLarge
                | HandshakeFailure::EngineLimit
                | HandshakeFailure::IdentityUnusable => "handshake-error",
                HandshakeFailure::PlainHttp | HandshakeFailure::NotTls | HandshakeFailure::ProtocolError => {
                    "protocol-error"
                }
                HandshakeFailure::NotPresented | HandshakeFailure::NotAttempted => "unknown-error",
            },
            Self::Exchange(failure) => match failure {
                ExchangeFailure::Timeout | ExchangeFailure::Deadline => "io-timeout",
                ExchangeFailure::Reset | ExchangeFailure::Closed => "connection-closed",
                ExchangeFailure::Alert | ExchangeFailure::TooLarge | ExchangeFailure::EngineLimit => "handshake-error",
                ExchangeFailure::ProtocolError => "protocol-error",
                ExchangeFailure::HttpError => "application-error",
                ExchangeFailure::LocalLimit | ExchangeFailure::NotFetched | ExchangeFailure::NotAttempted => {
                    "unknown-error"
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ConnectFailure, Failure, ProxyFailure, Stop};

    #[test]
    fn every_failure_is_written_as_phase_and_kind_and_read_again() {
        let mut written = BTreeSet::new();
        for stop in Stop::ALL {
            let failure = Failure::new(stop, "words");
            let text = serde_json::to_string(&failure).unwrap();
            assert_eq!(serde_json::from_str::<Failure>(&text).unwrap(), failure, "{text}");
            assert!(written.insert(text.clone()), "twice: {text}");
            assert!(!text.contains("attempts"), "{text}");
        }
        let proxy = Failure { attempts: 3, ..Failure::new(ProxyFailure::Silent, "words") };
        let text = serde_json::to_string(&proxy).unwrap();
        assert_eq!(text, r#"{"phase":"connect","kind":"proxy-silent","detail":"words","attempts":3}"#);
        assert_eq!(proxy.words(), "words (attempted 3 times)");
        let old = r#"{"phase":"connect","kind":"connection-refused","detail":"words"}"#;
        assert!(serde_json::from_str::<Failure>(old).unwrap().is(ConnectFailure::Refused));
    }
}
