//! Connections: so many at once, one request each, and a time for everything a client can draw out.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::Exporter;
use super::answer::{Caller, answer};

/// How many connections are open at once; further ones wait to be accepted.
pub(super) const CONNECTIONS: usize = 64;
/// The longest head of a request, in octets.
const HEAD: usize = 8 * 1024;
/// How long a TLS handshake, and then a request's head, may take to come.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a client may take nothing of what it is sent.
const STALL: Duration = Duration::from_secs(10);
/// How long a connection may last in all.
const LONGEST: Duration = Duration::from_secs(600);
/// How long is waited where the machine gives no more sockets.
const BREATH: Duration = Duration::from_millis(100);

/// Accepts connections until it is aborted.
pub(super) async fn accept(listener: TcpListener, exporter: Arc<Exporter>, connections: Arc<Semaphore>) {
    loop {
        let Ok(place) = Arc::clone(&connections).acquire_owned().await else { return };
        match listener.accept().await {
            // By itself: what is being answered is answered, though nothing more is accepted.
            Ok((stream, _)) => drop(tokio::spawn(connection(stream, Arc::clone(&exporter), place))),
            Err(_) => sleep(BREATH).await,
        }
    }
}

/// One connection, from its first octet to its last.
async fn connection(stream: TcpStream, exporter: Arc<Exporter>, _place: OwnedSemaphorePermit) {
    // Only latency is lost without it.
    let _ = stream.set_nodelay(true);
    let web = exporter.web.current();
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALL));
    let stream = Box::pin(stream);
    let talk = async {
        match web.tls.clone() {
            None => converse(stream, &exporter, &Caller { web }).await,
            Some(acceptor) => {
                let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await else { return };
                if web.admits(stream.get_ref().1.peer_certificates()) {
                    converse(stream, &exporter, &Caller { web }).await;
                }
            }
        }
    };
    // Whoever is too slow is not told so: the connection is closed.
    let _ = timeout(LONGEST, talk).await;
}

/// Reads one request and answers it.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + 'static, exporter: &Arc<Exporter>, caller: &Caller) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request, exporter, caller).await) });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A client that is wrong, slow or gone is no matter of ours.
    let _ = serving.await;
}
