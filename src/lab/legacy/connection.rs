//! One connection: the handshake, the request, the demand for a certificate where there is one, the answer.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::ssl::{NameType, Ssl, SslRef, SslVerifyMode};
use openssl::x509::X509;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::{Demand, Identity, Prepared, Trust, Visit, When};
use crate::engine::openssl::ffi;
use crate::lab::site::http::{self, Asked};
use crate::wire::version::ProtocolVersion;

/// No connection takes longer, whatever the client does.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest request head read.
const HEAD_LIMIT: usize = 16 * 1024;
const FINISHED: u8 = 20;

/// Serves a connection and says what was seen.
pub(super) async fn serve(stream: TcpStream, prepared: &Prepared) -> Visit {
    let mut visit = Visit::default();
    let ended = match timeout(PATIENCE, converse(stream, prepared, &mut visit)).await {
        Ok(ended) => ended,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    };
    visit.ended = ended.err().map(|error| error.to_string());
    visit
}

async fn converse(stream: TcpStream, prepared: &Prepared, visit: &mut Visit) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let demand = &prepared.legacy.demand;
    let mut ssl = Ssl::new(&prepared.context)?;
    let finished = Arc::new(Finished::default());
    ffi::listen(&mut ssl, Arc::clone(&finished) as _)?;
    if demand.when == When::Handshake {
        ask(&mut ssl, prepared)?;
    }
    let mut tls = SslStream::new(ssl, stream)?;
    let accepted = Pin::new(&mut tls).accept().await;
    note(tls.ssl(), visit);
    accepted.map_err(io::Error::other)?;

    let (method, path) = request(&mut tls).await?;
    visit.request = Some((method.clone(), path.clone()));
    let times = match demand.when {
        When::AfterRequest => 1,
        When::AgainAndAgain(times) => times,
        When::Never | When::Handshake => 0,
    };
    if prepared.legacy.pages.protects(&path) {
        for _ in 0..times {
            let demanded = demand_later(&mut tls, prepared, &finished).await;
            note(tls.ssl(), visit);
            demanded?;
        }
    }
    let page = prepared.legacy.pages.answer(&method, &path, visit.client_certificate.is_some()).await;
    visit.status = Some(page.status);
    http::write(&mut tls, &Asked { method, path }, &page).await
}

/// What OpenSSL knows of the client now.
fn note(ssl: &SslRef, visit: &mut Visit) {
    visit.version = Some(match ssl.version_str() {
        "SSLv3" => ProtocolVersion::SSL3,
        "TLSv1" => ProtocolVersion::TLS1_0,
        "TLSv1.1" => ProtocolVersion::TLS1_1,
        "TLSv1.2" => ProtocolVersion::TLS1_2,
        _ => ProtocolVersion::TLS1_3,
    });
    visit.server_name = ssl.servername(NameType::HOST_NAME).map(str::to_owned);
    visit.client_certificate = ssl.peer_certificate().and_then(|certificate| certificate.to_der().ok());
}

/// Reads a request's head, and gives its method and path.
async fn request(tls: &mut SslStream<TcpStream>) -> io::Result<(String, String)> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > HEAD_LIMIT || tls.read_buf(&mut head).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no request came"));
        }
    }
    let line = String::from_utf8_lossy(&head);
    let mut words = line.split([' ', '\r']).map(str::to_owned);
    match (words.next(), words.next()) {
        (Some(method), Some(path)) => Ok((method, path)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "no request line came")),
    }
}

/// Sets a connection up to ask for a client certificate.
fn ask(ssl: &mut SslRef, prepared: &Prepared) -> Result<(), ErrorStack> {
    let Demand { required, trust, .. } = &prepared.legacy.demand;
    let mut mode = SslVerifyMode::PEER;
    mode.set(SslVerifyMode::FAIL_IF_NO_PEER_CERT, *required);
    match trust {
        Trust::Roots(_) => ssl.set_verify(mode),
        Trust::Anybody => ssl.set_verify_callback(mode, |_, _| true),
    }
    ssl.set_verify_cert_store(prepared.store()?)?;
    ssl.set_client_ca_list(prepared.name_list()?);
    Ok(())
}

/// Asks for a certificate now that the request is read, and waits until the client has answered.
async fn demand_later(tls: &mut SslStream<TcpStream>, prepared: &Prepared, finished: &Finished) -> io::Result<()> {
    let before = finished.0.load(Ordering::Acquire);
    let is_tls13 = tls.ssl().version_str() == "TLSv1.3";
    let ssl = ffi::connection(tls);
    ask(ssl, prepared)?;
    if let Some(other) = &prepared.legacy.presented_later {
        present(ssl, other)?;
    }
    if is_tls13 {
        ffi::request_certificate(ssl)?;
    } else {
        ffi::renegotiate(ssl)?;
    }
    // The request goes out; the client's answer is taken by reading, which waits for data that will not come.
    Pin::new(&mut *tls).do_handshake().await.map_err(io::Error::other)?;
    let mut nothing = [0];
    poll_fn(|cx| {
        let peeked = Pin::new(&mut *tls).poll_peek(cx, &mut nothing);
        let answered = finished.0.load(Ordering::Acquire) > before && tls.ssl().is_init_finished();
        match peeked {
            Poll::Ready(Err(error)) => Poll::Ready(Err(io::Error::other(error))),
            _ if answered && (is_tls13 || !ffi::is_renegotiating(tls.ssl())) => Poll::Ready(Ok(())),
            Poll::Ready(Ok(_)) => Poll::Ready(Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the client sent data instead of its answer",
            ))),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

fn present(ssl: &mut SslRef, identity: &Identity) -> Result<(), ErrorStack> {
    let mut chain = identity.chain.iter();
    if let Some(leaf) = chain.next() {
        ssl.set_certificate(&*X509::from_der(leaf)?)?;
    }
    for further in chain {
        ssl.add_chain_cert(X509::from_der(further)?)?;
    }
    ssl.set_private_key(&identity.key)
}

/// How many Finished messages the client has sent.
#[derive(Default)]
struct Finished(AtomicU32);

impl ffi::Listener for Finished {
    fn handshake(&self, sent: bool, message: &[u8]) {
        if !sent && message.first() == Some(&FINISHED) {
            self.0.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn alert(&self, _sent: bool, _alert: &[u8]) {}
}
