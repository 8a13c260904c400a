//! An established session. Renegotiation and post-handshake authentication happen inside its reads, where the listener
//! hears them; a peer that asks for them without end is stopped, and alerts are told as what they are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use openssl::error::ErrorStack;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio_openssl::SslStream;

use super::Listener;
use crate::engine::tap::Tap;
use crate::engine::{AlertReceived, Stream};

pub(super) struct Session<S> {
    tls: SslStream<BufReader<Tap<S>>>,
    listener: Arc<Listener>,
}

impl<S: Stream> Session<S> {
    pub(super) fn new(tls: SslStream<BufReader<Tap<S>>>, listener: Arc<Listener>) -> Self {
        Self { tls, listener }
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
        Poll::Ready(ready!(ended).map_err(|error| match self.listener.fatal() {
            Some(alert) => io::Error::other(AlertReceived(alert)),
            None => error,
        }))
    }
}

impl<S: Stream> AsyncRead for Session<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let session = self.get_mut();
        let read = session.tls().poll_read(cx, buf);
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
