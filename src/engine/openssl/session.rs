//! An established session. Renegotiation and post-handshake authentication happen inside its reads, where the listener
//! hears them; a peer that asks for them without end is stopped, and alerts are told as what they are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use openssl::error::ErrorStack;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_openssl::SslStream;

use super::Listener;
use super::failure::reasons;
use crate::engine::Stream;
use crate::engine::alert::AlertReceived;
use crate::engine::tap::Tap;
use crate::observation::handshake::LaterHandshake;

pub(super) struct Session<S> {
    tls: SslStream<BufReader<Tap<S>>>,
    listener: Arc<Listener>,
    /// How long a new handshake may take.
    patience: Duration,
    /// When the one under way has taken too long.
    late: Option<Pin<Box<Sleep>>>,
}

impl<S: Stream> Session<S> {
    pub(super) fn new(tls: SslStream<BufReader<Tap<S>>>, listener: Arc<Listener>, patience: Duration) -> Self {
        Self { tls, listener, patience, late: None }
    }

    /// Whether a new handshake the server began has gone on for too long: something on the way keeps it from its end.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        if self.listener.capture.lock().later != LaterHandshake::Asked {
            self.late = None;
            return false;
        }
        let patience = self.patience;
        self.late.get_or_insert_with(|| Box::pin(sleep(patience))).as_mut().poll(cx).is_ready()
    }

    /// OpenSSL's stream, its thread's error queue emptied first: what another connection left there would be taken for ours.
    fn tls(&mut self) -> Pin<&mut SslStream<BufReader<Tap<S>>>> {
        drop(ErrorStack::get());
        Pin::new(&mut self.tls)
    }

    /// What a call ended with, told as what ended it.
    fn told<T>(&self, ended: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if self.listener.is_pestered() {
            return Poll::Ready(Err(io::Error::other("the server asks for new handshakes without end")));
        }
        if let Some(withheld) = self.listener.capture.withheld() {
            return Poll::Ready(Err(io::Error::other(withheld.detail.clone())));
        }
        Poll::Ready(ready!(ended).map_err(|error| match self.listener.fatal() {
            Some(alert) => io::Error::other(AlertReceived(alert)),
            None => in_words(error),
        }))
    }
}

/// OpenSSL's error by its reasons alone, without numbers and the places in its sources.
fn in_words(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<openssl::ssl::Error>());
    match inner.and_then(openssl::ssl::Error::ssl_error) {
        Some(stack) => io::Error::new(error.kind(), reasons(stack)),
        None => error,
    }
}

impl<S: Stream> AsyncRead for Session<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let session = self.get_mut();
        let read = session.tls().poll_read(cx, buf);
        if read.is_pending() && session.is_late(cx) {
            let words = "the new handshake the server asked for after the request did not come to its end";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, words)));
        }
        session.told(read)
    }
}

impl<S: Stream> AsyncWrite for Session<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let session = self.get_mut();
        let written = session.tls().poll_write(cx, buf);
        session.told(written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let session = self.get_mut();
        let flushed = session.tls().poll_flush(cx);
        session.told(flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let session = self.get_mut();
        let shut = session.tls().poll_shutdown(cx);
        session.told(shut)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use openssl::x509::X509;

    use super::in_words;

    #[test]
    fn what_openssl_says_is_told_without_its_numbers_and_files() {
        let noisy = || io::Error::other(openssl::ssl::Error::from(X509::from_der(b"no certificate").unwrap_err()));
        assert!(noisy().to_string().contains(".c:"), "{}", noisy());
        let told = in_words(noisy()).to_string();
        assert!(!told.contains(".c:") && !told.contains("error:") && !told.is_empty(), "{told}");
        assert_eq!(in_words(io::Error::other("words")).to_string(), "words");
    }
}
