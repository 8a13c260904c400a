//! The engine for the servers rustls cannot meet: SSL 3.0 to TLS 1.3 by OpenSSL, every suite it still has, keys and
//! signatures of any size, servers without RFC 5746, and client certificates asked for after the request, by renegotiation
//! or post-handshake authentication. It accepts every certificate and records it. What OpenSSL no longer has is out of
//! reach: SSL 2.0, single DES, EXPORT suites.
//!
//! Its laxity is its own: contexts are built here and used nowhere else.

mod context;
mod failure;
#[allow(unsafe_code)]
pub(crate) mod ffi;
mod gate;
mod session;
#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "demo"))]
pub(crate) use context::load_old_ciphers;

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, StatusType};
use tokio::io::BufReader;
use tokio::time::timeout_at;
use tokio_openssl::SslStream;

use super::follow::Follower;
use super::message::kind;
use super::tap::Tap;
use super::{Capture, Hello, Objection, Performed, Stream};
use crate::identity::{ClientIdentity, Parsed};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::Handshake;
use crate::wire::alert::Alert;
use crate::wire::version::ProtocolVersion;
use gate::Gate;
use session::Session;

/// OpenSSL reads a record in two calls; with a buffer under it they are one.
const READ_BUFFER: usize = 8 * 1024;
/// The longest server name DNS has; OpenSSL takes no longer one.
const SERVER_NAME_LIMIT: usize = 255;

/// Has OpenSSL read no configuration; counts where nothing of it has been used yet.
pub(super) fn read_no_configuration() {
    ffi::begin_without_configuration();
}

/// An offer in OpenSSL's terms.
pub(super) struct Prepared {
    ssl: Ssl,
    listener: Arc<Listener>,
}

impl Prepared {
    /// Puts the offer into OpenSSL's terms.
    pub(super) fn new(hello: &Hello, capture: &Capture) -> Result<Self, Failure> {
        let listener = Arc::new(Listener::new(capture.clone(), hello));
        Ok(Self { ssl: prepare(hello, &listener)?, listener })
    }

    /// Performs the offer. The session it gives follows later handshakes inside its reads and records them in `capture`.
    pub(super) async fn perform(self, io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
        let Self { ssl, listener } = self;
        // SSL 3.0 has no extensions.
        let named = hello.offered().newest > ProtocolVersion::SSL3;
        capture.lock().server_name = hello.server_name.as_deref().filter(|_| named).map(str::to_owned);
        let (tap, seen) = Tap::new(Gate::new(io, capture.clone()));
        capture.note_wire(&seen);
        let mut tls = match SslStream::new(ssl, BufReader::with_capacity(READ_BUFFER, tap)) {
            Ok(tls) => tls,
            Err(error) => return Performed::Stopped(Some(limit("cannot open a connection", &error))),
        };
        let ended = timeout_at(hello.deadline, Pin::new(&mut tls).connect()).await;
        if matches!(ended, Ok(Ok(()))) {
            seen.lock().establish_open();
            listener.follower().establish();
            capture.complete();
            if capture.lock().secure_renegotiation == Some(true) {
                // Who speaks RFC 5746 once speaks it always: without it a later handshake is somebody else's.
                ffi::clear_options(ffi::connection(&mut tls), context::WITHOUT_RFC_5746);
            }
        }
        seen.note(&mut capture.lock());
        match ended {
            Ok(Ok(())) => match listener.unusable(hello) {
                Some(failure) => Performed::Stopped(Some(failure)),
                None => Performed::Session(Box::new(Session::new(tls, listener, hello.patience))),
            },
            Ok(Err(error)) => Performed::Stopped(Some(failure::of(&error, &seen, hello, &listener))),
            Err(_) => Performed::Stopped(Some(super::failure::timeout(&seen))),
        }
    }
}

/// The offer in OpenSSL's terms.
fn prepare(hello: &Hello, listener: &Arc<Listener>) -> Result<Ssl, Failure> {
    let offered = hello.offered();
    let oldest = offered.oldest.max(ProtocolVersion::SSL3);
    let newest = offered.newest.min(ProtocolVersion::TLS1_3);
    if oldest > newest {
        let words = format!("the openssl engine speaks SSLv3 to TLSv1.3, not {}", hello.versions.newest);
        return Err(Failure::new(HandshakeFailure::EngineLimit, words));
    }
    let context =
        context::of(oldest, newest, hello.cautious).map_err(|error| limit("cannot set these versions up", &error))?;
    let mut ssl = Ssl::new(&context).map_err(|error| limit("cannot open a connection", &error))?;
    ffi::listen(&mut ssl, Arc::clone(listener) as _).map_err(|error| limit("cannot open a connection", &error))?;
    if let Some(name) = hello.server_name.as_deref() {
        let sent = !name.is_empty() && name.len() <= SERVER_NAME_LIMIT && !name.contains('\0');
        if !sent || ssl.set_hostname(name).is_err() {
            let words = format!(
                "the openssl engine cannot send \u{201c}{}\u{201d} as server name",
                crate::wire::text::quotable(name)
            );
            return Err(Failure::new(HandshakeFailure::EngineLimit, words));
        }
    }
    if newest > ProtocolVersion::SSL3 {
        ssl.set_status_type(StatusType::OCSP).map_err(|error| limit("cannot ask for an OCSP response", &error))?;
    }
    if hello.late_authentication {
        ffi::offer_post_handshake_authentication(&mut ssl);
    }
    if let Some(identity) = hello.identity.as_deref() {
        present(&mut ssl, identity).map_err(|error| {
            let words = format!(
                "the openssl engine cannot use the identity of client \u{201c}{}\u{201d}: {}",
                identity.name,
                failure::reasons(&error)
            );
            Failure::new(HandshakeFailure::IdentityUnusable, words)
        })?;
    }
    Ok(ssl)
}

/// Makes the identity ready to be presented wherever it is asked for.
fn present(ssl: &mut Ssl, identity: &ClientIdentity) -> Result<(), ErrorStack> {
    let Parsed { chain, key } = identity.parsed()?;
    let mut chain = chain.iter();
    if let Some(leaf) = chain.next() {
        ssl.set_certificate(leaf)?;
    }
    for further in chain {
        ssl.add_chain_cert(further.clone())?;
    }
    ssl.set_private_key(key)
}

fn limit(what: &str, error: &ErrorStack) -> Failure {
    let words = format!("the openssl engine {what}: {}", failure::reasons(error));
    Failure::new(HandshakeFailure::EngineLimit, words)
}

/// Hears the messages of one connection and writes them into the capture.
struct Listener {
    capture: Capture,
    follower: Mutex<Follower>,
    /// The alert that ended the session, where the peer sent one.
    fatal: Mutex<Option<Alert>>,
    /// The peer asks again and again.
    is_pestered: AtomicBool,
    /// What decides whether the identity may be presented.
    objection: Option<Arc<Objection>>,
}

/// How many later handshakes and certificate requests of one connection are followed. IIS asks once.
const LATER_DEMANDS: u32 = 3;

impl Listener {
    fn new(capture: Capture, hello: &Hello) -> Self {
        Self {
            capture,
            follower: Mutex::default(),
            fatal: Mutex::default(),
            is_pestered: AtomicBool::new(false),
            objection: hello.objection.clone().filter(|_| hello.identity.is_some()),
        }
    }

    /// Asks whether the identity may be presented to who shows this certificate, in this handshake or a later one.
    fn meet(&self, captured: &Handshake) {
        let Some(objection) = &self.objection else { return };
        let chain = captured.later_chain.as_ref().unwrap_or(&captured.chain);
        if let Some(words) = objection(chain) {
            self.capture.withhold(&words);
        }
    }

    fn follower(&self) -> MutexGuard<'_, Follower> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The alert that ended the session.
    fn fatal(&self) -> Option<Alert> {
        *self.fatal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the peer asked more often than is followed.
    fn is_pestered(&self) -> bool {
        self.is_pestered.load(Ordering::Acquire)
    }

    /// Why the identity was not presented though it was asked for; `None`: it was, or was not asked for.
    fn unusable(&self, hello: &Hello) -> Option<Failure> {
        let captured = self.capture.lock();
        let refused = hello.identity.is_some()
            && captured.client_certificate_request.is_some()
            && !captured.client_certificate_sent;
        refused.then(|| {
            Failure::new(
                HandshakeFailure::IdentityUnusable,
                "the server accepts none of the signatures the openssl engine can make with the client's key",
            )
        })
    }
}

impl ffi::Listener for Listener {
    fn handshake(&self, sent: bool, message: &[u8]) {
        let mut follower = self.follower();
        let mut captured = self.capture.lock();
        let is_certificate = message.first() == Some(&kind::CERTIFICATE);
        if sent {
            if is_certificate && captured.chain.is_empty() {
                self.meet(&captured);
            }
            // What is written now does not leave this machine.
            if self.capture.withheld().is_none() {
                follower.sent(message, &mut captured);
            }
        } else {
            follower.received(message, &mut captured);
            if is_certificate {
                self.meet(&captured);
            }
            if message.first() == Some(&kind::NEW_SESSION_TICKET) && follower.is_established() {
                self.capture.note_ticket();
            }
        }
        if follower.later_demands() > LATER_DEMANDS {
            self.is_pestered.store(true, Ordering::Release);
        }
    }

    fn alert(&self, sent: bool, alert: &[u8]) {
        if sent {
            return;
        }
        if let Some(alert) = self.follower().alert(alert, &mut self.capture.lock()) {
            *self.fatal.lock().unwrap_or_else(PoisonError::into_inner) = Some(alert);
        }
    }
}
