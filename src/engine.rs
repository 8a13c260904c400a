//! Performs an offer on a stream and captures what the peer shows. Engines judge nothing: every certificate is
//! accepted, every oddity recorded. What an engine cannot do ends as a named failure, so that another can be asked.

mod alert;
mod failure;
mod follow;
pub mod hello;
mod message;
pub mod openssl;
pub mod rustls;
mod settle;
pub mod tap;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use crate::identity::ClientIdentity;
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::{Handshake, KeyProof, LaterHandshake};
use crate::plan::engine::EngineId;
use crate::plan::offer::{Shape, Versions};
use crate::wire::der::Der;
use crate::wire::registry::KeyExchange;
use crate::wire::version::ProtocolVersion;

pub use alert::alert_in;
pub use settle::{may_refuse, regardless, settle};

/// A byte stream an engine can run over, or gives back.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What one handshake is to offer.
#[derive(Clone)]
pub struct Hello {
    /// The server name sent; `None`: no such extension. Any text: what an engine cannot send ends as `EngineLimit`.
    pub server_name: Option<Arc<str>>,
    /// The versions offered, cut to what the engine can do; nothing left is `EngineLimit`.
    pub versions: Versions,
    /// What the hello is like.
    pub shape: Shape,
    /// Whether it keeps to TLS 1.2 at most and to a length outside 256 to 511 octets, for what does not answer others.
    pub cautious: bool,
    /// The certificate presented if asked; `None`: an empty answer.
    pub identity: Option<Arc<ClientIdentity>>,
    /// What decides whether it may be presented; `None`: it may, to anybody.
    pub objection: Option<Arc<Objection>>,
    /// Whether a request follows that may be answered by a late demand for the certificate (renegotiation, post-handshake authentication).
    pub late_authentication: bool,
    /// When the handshake must be over.
    pub deadline: Instant,
    /// How long a new handshake may take that the server asks for after the request.
    pub patience: Duration,
}

/// What there is against presenting the client's certificate to who shows this chain, in words; `None`: nothing. Where there is
/// something, nothing more is said on the connection.
pub type Objection = dyn Fn(&[Der]) -> Option<String> + Send + Sync;

/// What is seen of a connection's handshakes. Shared, because renegotiation and post-handshake authentication happen
/// inside later reads: the capture keeps growing while the session lives.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Captured>);

#[derive(Debug, Default)]
struct Captured {
    handshake: Mutex<Handshake>,
    renegotiation_wanted: AtomicBool,
    has_ticket: AtomicBool,
    withheld: OnceLock<Failure>,
    wire: OnceLock<tap::Seen>,
}

impl Hello {
    /// Whether the hello reader offers TLS 1.3, as today's Windows does: of the answer it can read the hello alone.
    fn offers_tls13(&self) -> bool {
        match self.shape {
            Shape::Usual => false,
            Shape::Windows(client) => client.row().speaks(ProtocolVersion::TLS1_3),
        }
    }

    /// The versions offered: a cautious hello has TLS 1.2 at most.
    fn offered(&self) -> Versions {
        let newest =
            if self.cautious { self.versions.newest.min(ProtocolVersion::TLS1_2) } else { self.versions.newest };
        Versions { newest, ..self.versions }
    }
}

impl Capture {
    /// The handshake as captured so far, to read or to add to.
    pub fn lock(&self) -> MutexGuard<'_, Handshake> {
        self.0.handshake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server asked for a new handshake (HelloRequest) that the engine could not follow; the session's read
    /// ended with an error when it came.
    pub fn renegotiation_wanted(&self) -> bool {
        self.0.renegotiation_wanted.load(Ordering::Acquire)
    }

    /// Notes that the server asked for a new handshake that the engine cannot follow.
    pub fn note_renegotiation_wanted(&self) {
        self.lock().later = LaterHandshake::Asked;
        self.0.renegotiation_wanted.store(true, Ordering::Release);
    }

    /// Whether the server sent a session ticket after a TLS 1.3 handshake. It can make one only from the client's Finished
    /// (RFC 8446, 4.6.1), which follows the client's certificate: that was taken, or its absence was.
    pub fn has_ticket(&self) -> bool {
        self.0.has_ticket.load(Ordering::Acquire)
    }

    /// Notes that the server sent a session ticket after a TLS 1.3 handshake.
    fn note_ticket(&self) {
        self.0.has_ticket.store(true, Ordering::Release);
    }

    /// Whether the peer has sent anything yet.
    pub fn is_answered(&self) -> bool {
        self.0.wire.get().is_some_and(|wire| wire.lock().received() > 0)
    }

    /// Notes where what the peer sends passes through.
    pub(crate) fn note_wire(&self, wire: &tap::Seen) {
        // One capture is of one connection.
        let _ = self.0.wire.set(wire.clone());
    }

    /// Why the client's certificate was not presented, though the offer has one; `None`: nothing was against it.
    pub fn withheld(&self) -> Option<&Failure> {
        self.0.withheld.get()
    }

    /// Notes that the client's certificate must not be presented on this connection.
    fn withhold(&self, objection: &str) {
        let words = format!("the client's certificate was not presented: {objection}");
        // The first reason is the one that counts.
        let _ = self.0.withheld.set(Failure::new(HandshakeFailure::NotPresented, words));
    }

    /// Notes that both sides' Finished went through. With RSA key exchange that is the server's proof of its key: without
    /// it the server could not have read the secret the client sent.
    fn complete(&self) {
        let mut seen = self.lock();
        seen.completed = true;
        if seen.key_proof == KeyProof::NotSeen
            && seen.cipher_suite.is_some_and(|suite| suite.key_exchange() == KeyExchange::Rsa)
        {
            seen.key_proof = KeyProof::Good;
        }
    }

    /// Takes what was captured, leaving an empty one.
    pub fn take(&self) -> Handshake {
        std::mem::take(&mut *self.lock())
    }
}

/// How a handshake ended: what was captured is in the `Capture` either way.
pub enum Performed {
    /// It completed; application data can flow.
    Session(Box<dyn Stream>),
    /// It was stopped, or the engine does not complete handshakes.
    Stopped(Option<Failure>),
}

/// Has engines read no configuration of this machine (`OPENSSL_CONF`, `openssl.cnf`): what is seen must not depend on it. To be
/// called before anything else of this crate; later it is too late.
pub fn read_no_configuration() {
    openssl::read_no_configuration();
}

/// An offer in the terms of the engine that makes it, ready for a connection.
pub struct Prepared(Ready);

enum Ready {
    Rustls(Box<rustls::Prepared>),
    Openssl(openssl::Prepared),
    Plain,
    HelloReader(hello::Greeting),
}

impl Prepared {
    /// Prepares the offer; what will be seen goes into `capture`.
    ///
    /// # Errors
    /// The engine cannot make this offer at all.
    pub fn new(engine: EngineId, hello: &Hello, capture: &Capture) -> Result<Self, Failure> {
        Ok(Self(match engine {
            EngineId::Rustls => Ready::Rustls(Box::new(rustls::Prepared::new(hello, capture)?)),
            EngineId::Openssl => Ready::Openssl(openssl::Prepared::new(hello, capture)?),
            EngineId::Plain => Ready::Plain,
            EngineId::HelloReader => Ready::HelloReader(hello::Greeting::new(hello)?),
        }))
    }

    /// Performs the offer on the stream; `hello` and `capture` are those it was prepared for.
    pub async fn perform(self, io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
        capture.lock().cautious = hello.cautious && !matches!(self.0, Ready::Plain);
        // Boxed but for the one that nearly every probe uses, so that a probe in flight has no room for the others.
        match self.0 {
            Ready::Rustls(prepared) => prepared.perform(io, hello, capture).await,
            Ready::Openssl(prepared) => Box::pin(prepared.perform(io, hello, capture)).await,
            Ready::Plain => Performed::Session(Box::new(io)),
            Ready::HelloReader(greeting) => Box::pin(greeting.perform(io, hello, capture)).await,
        }
    }
}

/// Prepares the offer and performs it on the stream; what is seen goes into `capture`.
pub async fn perform(engine: EngineId, io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
    match Prepared::new(engine, hello, capture) {
        Ok(prepared) => prepared.perform(io, hello, capture).await,
        Err(failure) => Performed::Stopped(Some(failure)),
    }
}

/// Writes down what a server's handshake messages in clear text show, one after another: what the engines overhear, without
/// a connection. After a Finished, what follows is a later handshake. What is cut short is left out.
pub fn overhear(messages: &[u8], capture: &Capture) {
    let mut follower = follow::Follower::default();
    let mut rest = messages;
    while let Some(&[kind, a, b, c]) = rest.first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
        let Some((message, after)) = rest.split_at_checked(length.saturating_add(4)) else { return };
        rest = after;
        follower.received(message, &mut capture.lock());
        if kind == message::kind::FINISHED {
            follower.establish();
        }
    }
}
