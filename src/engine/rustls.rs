//! The engine for what is modern: TLS 1.2 and 1.3 by rustls with ring. It accepts every certificate and records it.
//! It cannot do SSL 3.0 to TLS 1.1, CBC suites, RSA key exchange, finite-field Diffie-Hellman, renegotiation or
//! post-handshake authentication; an offer or a peer that needs those ends as a failure that says so.

mod failure;
mod key_proof;
mod record;

use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, ready};

use ::rustls::client::{ClientConnection, Resumption, Tls12Resumption};
use ::rustls::crypto::ring::{self, cipher_suite as suite};
use ::rustls::crypto::{CryptoProvider, SupportedKxGroup};
use ::rustls::pki_types::{DnsName, ServerName};
use ::rustls::version::{TLS12, TLS13};
use ::rustls::{ClientConfig, HandshakeKind, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout_at;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::alert::alert_in;
use super::tap::{Seen, Tap};
use super::{Capture, Hello, Performed, Stream};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::Handshake;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::version::ProtocolVersion;
use record::Recorder;

/// What a completed handshake settled on.
fn note_session(captured: &mut Handshake, session: &ClientConnection, seen: &Seen) {
    captured.version = session.protocol_version().map(|version| ProtocolVersion(u16::from(version)));
    captured.cipher_suite = session.negotiated_cipher_suite().map(|suite| CipherSuite(u16::from(suite.suite())));
    captured.key_exchange_group =
        session.negotiated_key_exchange_group().map(|group| NamedGroup(u16::from(group.name())));
    if captured.version == Some(ProtocolVersion::TLS1_2) {
        captured.secure_renegotiation = seen.lock().server_hello().map(|hello| hello.secure_renegotiation);
    }
    debug_assert_ne!(session.handshake_kind(), Some(HandshakeKind::Resumed), "a resumed session shows no certificate");
}

/// What a stopped handshake showed in clear text.
fn note_clear_text(captured: &mut Handshake, seen: &Seen) {
    if let Some(hello) = seen.lock().server_hello() {
        captured.version = Some(hello.version);
        captured.cipher_suite = Some(hello.cipher_suite);
        captured.secure_renegotiation =
            (hello.version <= ProtocolVersion::TLS1_2).then_some(hello.secure_renegotiation);
    }
}

/// An offer in rustls's terms.
pub(super) struct Prepared {
    config: Arc<ClientConfig>,
    server_name: ServerName<'static>,
    recorder: Arc<Recorder>,
}

impl Prepared {
    /// Puts the offer into rustls's terms.
    pub(super) fn new(hello: &Hello, capture: &Capture) -> Result<Self, Failure> {
        let limit = |words: String| Failure::new(HandshakeFailure::EngineLimit, words);
        let offered = hello.offered();
        let oldest = offered.oldest.max(ProtocolVersion::TLS1_2);
        let newest = offered.newest.min(ProtocolVersion::TLS1_3);
        let template = match (oldest, newest) {
            (ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_3) => &TEMPLATES.both,
            (ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_2) => &TEMPLATES.tls12,
            (ProtocolVersion::TLS1_3, ProtocolVersion::TLS1_3) => &TEMPLATES.tls13,
            _ => &None,
        };
        let Some(template) = template else {
            let words = format!(
                "the rustls engine speaks TLSv1.2 and TLSv1.3, not {} alone; the openssl engine speaks SSLv3 to TLSv1.3",
                hello.versions.newest
            );
            return Err(limit(words));
        };
        let server_name = match hello.server_name.as_deref() {
            None => ServerName::from(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            // rustls would drop a trailing dot by itself.
            Some(name) => match DnsName::try_from(name.to_owned()) {
                Ok(valid) if !name.ends_with('.') => ServerName::DnsName(valid),
                Ok(_) | Err(_) => {
                    let words = format!(
                        "the rustls engine cannot send \u{201c}{name}\u{201d} as server name; the openssl engine can"
                    );
                    return Err(limit(words));
                }
            },
        };
        let recorder = Arc::new(Recorder::new(capture.clone(), hello.identity.as_deref(), hello.objection.clone())?);
        let mut config = template.clone();
        config.enable_sni = hello.server_name.is_some();
        config.client_auth_cert_resolver = Arc::clone(&recorder) as _;
        // It keeps no session: a resumed one shows no certificate.
        config.resumption = Resumption::store(Arc::clone(&recorder) as _).tls12_resumption(Tls12Resumption::Disabled);
        config.dangerous().set_certificate_verifier(Arc::clone(&recorder) as _);
        Ok(Self { config: Arc::new(config), server_name, recorder })
    }

    /// Performs the offer. The session it gives records the alerts that come later in `capture`, and ends with an error
    /// when the server asks for a new handshake.
    pub(super) async fn perform(self, io: impl Stream + 'static, hello: &Hello, capture: &Capture) -> Performed {
        let Self { config, server_name, recorder } = self;
        capture.lock().server_name = hello.server_name.as_deref().map(str::to_owned);
        let (tap, seen) = Tap::new(io);
        capture.note_wire(&seen);
        let handshake = TlsConnector::from(config).connect(server_name, tap);
        let ended = timeout_at(hello.deadline, handshake).await;
        if matches!(ended, Ok(Ok(_))) {
            capture.complete();
        }
        seen.note(&mut capture.lock());
        match ended {
            Ok(Ok(tls)) => {
                seen.lock().establish();
                let mut captured = capture.lock();
                note_session(&mut captured, tls.get_ref().1, &seen);
                match recorder.unusable(&captured) {
                    Some(failure) => Performed::Stopped(Some(failure)),
                    None => Performed::Session(Box::new(Session { tls, capture: capture.clone() })),
                }
            }
            Ok(Err(error)) => {
                let mut captured = capture.lock();
                note_clear_text(&mut captured, &seen);
                captured.alerts.extend(alert_in(&error));
                let failure = recorder.unusable(&captured);
                Performed::Stopped(Some(failure.unwrap_or_else(|| failure::of(&error, &seen, hello))))
            }
            Err(_) => {
                note_clear_text(&mut capture.lock(), &seen);
                Performed::Stopped(Some(super::failure::timeout(&seen)))
            }
        }
    }
}

/// ring, asked for the cheaper of its equally good suites first.
static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    let groups: Vec<&'static dyn SupportedKxGroup> = ring::ALL_KX_GROUPS.to_vec();
    Arc::new(CryptoProvider {
        cipher_suites: vec![
            suite::TLS13_AES_128_GCM_SHA256,
            suite::TLS13_AES_256_GCM_SHA384,
            suite::TLS13_CHACHA20_POLY1305_SHA256,
            suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ],
        kx_groups: groups,
        ..ring::default_provider()
    })
});

/// Configurations made once; each probe clones one and puts its recorder in.
struct Templates {
    both: Option<ClientConfig>,
    tls12: Option<ClientConfig>,
    tls13: Option<ClientConfig>,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates {
    both: template(&[&TLS13, &TLS12]),
    tls12: template(&[&TLS12]),
    tls13: template(&[&TLS13]),
});

fn template(versions: &[&'static SupportedProtocolVersion]) -> Option<ClientConfig> {
    let recorder = Arc::new(Recorder::new(Capture::default(), None, None).ok()?);
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER))
        .with_protocol_versions(versions)
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(recorder)
        .with_no_client_auth();
    // A resumed session shows no certificate.
    config.resumption = Resumption::disabled();
    Some(config)
}

/// An established session that records the alerts it meets.
struct Session<S> {
    tls: TlsStream<Tap<S>>,
    capture: Capture,
}

impl<S> Session<S> {
    fn note(&self, error: &io::Error) {
        self.capture.lock().alerts.extend(alert_in(error));
        if super::tap::Ended::in_error(error) == Some(super::tap::Ended::RenegotiationWanted) {
            self.capture.note_renegotiation_wanted();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Session<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let session = self.get_mut();
        let read = ready!(Pin::new(&mut session.tls).poll_read(cx, buf));
        Poll::Ready(read.inspect_err(|error| session.note(error)))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Session<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tls).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tls).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.tls.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tls).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tls).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
