//! A stream on which nothing more is sent once the client's certificate is to be withheld: OpenSSL goes on by itself when it
//! has heard a server's certificate, whatever whoever overhears it thinks of that.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::engine::{Capture, Stream};

/// The stream.
pub(super) struct Gate<S> {
    inner: S,
    capture: Capture,
}

impl<S> Gate<S> {
    /// Open until something in `capture` shuts it.
    pub(super) const fn new(inner: S, capture: Capture) -> Self {
        Self { inner, capture }
    }
}

impl<S: Stream> AsyncRead for Gate<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(cx, buf)
    }
}

impl<S: Stream> AsyncWrite for Gate<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        match gate.capture.withheld() {
            Some(withheld) => Poll::Ready(Err(io::Error::other(withheld.detail.clone()))),
            None => Pin::new(&mut gate.inner).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
