//! Connections: so many at once, one request each, and a time for everything a client can draw out.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::Exporter;
use super::answer::{Caller, answer};

/// How many connections are open at once. A further one takes the place of one that has said nothing yet, or waits.
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

/// Accepts connections until it is aborted. Where all places are taken, whoever has been silent for longest gives way to
/// whoever comes: so many that say nothing keep nobody from being answered.
pub(super) async fn accept(listener: TcpListener, exporter: Arc<Exporter>, connections: Arc<Semaphore>) {
    let silent = Arc::new(Silent::default());
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                sleep(BREATH).await;
                continue;
            }
        };
        if connections.available_permits() == 0 {
            silent.dismiss_first();
        }
        let Ok(place) = Arc::clone(&connections).acquire_owned().await else { return };
        // By itself: what is being answered is answered, though nothing more is accepted.
        silent.listen_to(|listed| connection(stream, Arc::clone(&exporter), listed, place));
    }
}

/// The connections over which no request has come yet, in the order in which they were accepted.
#[derive(Default)]
struct Silent(Mutex<VecDeque<AbortHandle>>);

impl Silent {
    /// Starts a connection, which stands here until its request has come, or it ends.
    fn listen_to<F: Future<Output = ()> + Send + 'static>(self: &Arc<Self>, connection: impl FnOnce(Listed) -> F) {
        let mut all = self.all();
        let task = tokio::spawn(connection(Listed(Arc::clone(self))));
        all.push_back(task.abort_handle());
    }

    /// Closes the one that has been silent for longest, if there is one.
    fn dismiss_first(&self) {
        if let Some(first) = self.all().pop_front() {
            first.abort();
        }
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<AbortHandle>> {
        // What is kept is whole between any two statements.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a connection stands among the silent ones.
struct Listed(Arc<Silent>);

impl Listed {
    /// It does not any more.
    fn speaks(&self) {
        if let Some(own) = tokio::task::try_id() {
            self.0.all().retain(|one| one.id() != own);
        }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.speaks();
    }
}

/// One connection, from its first octet to its last.
async fn connection(stream: TcpStream, exporter: Arc<Exporter>, listed: Listed, _place: OwnedSemaphorePermit) {
    // Only latency is lost without it.
    let _ = stream.set_nodelay(true);
    let web = exporter.web.current();
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALL));
    let stream = Box::pin(stream);
    let talk = async {
        match web.tls.clone() {
            None => converse(stream, &exporter, &Caller { web }, &listed).await,
            Some(acceptor) => {
                let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await else { return };
                if web.admits(stream.get_ref().1.peer_certificates()) {
                    converse(stream, &exporter, &Caller { web }, &listed).await;
                }
            }
        }
    };
    // Whoever is too slow is not told so: the connection is closed.
    let _ = timeout(LONGEST, talk).await;
}

/// Reads one request and answers it.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    exporter: &Arc<Exporter>,
    caller: &Caller,
    listed: &Listed,
) {
    let service = service_fn(|request| async {
        listed.speaks();
        Ok::<_, Infallible>(answer(request, exporter, caller).await)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A client that is wrong, slow or gone is no matter of ours.
    let _ = serving.await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::mpsc;

    use super::{Listed, Silent};

    /// A connection that ends when it is told to, or dismissed; then its number is said.
    async fn connection(number: usize, speaks: bool, listed: Listed, ended: mpsc::UnboundedSender<usize>) {
        struct Said(usize, mpsc::UnboundedSender<usize>);
        impl Drop for Said {
            fn drop(&mut self) {
                let _ = self.1.send(self.0);
            }
        }
        let _said = Said(number, ended);
        if speaks {
            listed.speaks();
        }
        std::future::pending::<()>().await;
    }

    #[tokio::test]
    async fn who_has_been_silent_for_longest_gives_way_and_nobody_who_spoke() {
        let silent = Arc::new(Silent::default());
        let (ended, mut says) = mpsc::unbounded_channel();
        for (number, speaks) in [false, true, false].into_iter().enumerate() {
            silent.listen_to(|listed| connection(number, speaks, listed, ended.clone()));
        }
        tokio::task::yield_now().await;
        silent.dismiss_first();
        assert_eq!(says.recv().await, Some(0));
        silent.dismiss_first();
        assert_eq!(says.recv().await, Some(2));
        silent.dismiss_first();
        assert!(silent.all().is_empty());
        tokio::task::yield_now().await;
        assert!(says.try_recv().is_err(), "the one that spoke was dismissed");
    }
}
