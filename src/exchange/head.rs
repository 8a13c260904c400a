//! How much a peer may send before its answer's head is there. The HTTP library passes over interim answers (1xx) without
//! counting them: a peer that sends nothing else would keep it busy until the deadline.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much may come before the head is read: a head of full length, and what is read ahead of the body behind it.
const BEFORE_ANSWER: usize = 128 * 1024;

/// A stream of which so much is read until its answer came.
pub(super) struct Bounded<S> {
    inner: S,
    read: usize,
    answered: Arc<AtomicBool>,
}

/// What ends the bound.
pub(super) struct Awaited(Arc<AtomicBool>);

impl Awaited {
    /// The answer's head came: what follows is bounded by whoever reads it.
    pub(super) fn came(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> Bounded<S> {
    /// Bounds a stream, until the second value is told that the answer came.
    pub(super) fn new(inner: S) -> (Self, Awaited) {
        let answered = Arc::new(AtomicBool::new(false));
        (Self { inner, read: 0, answered: Arc::clone(&answered) }, Awaited(answered))
    }
}

/// More came than the head of an answer may have, and no answer.
#[derive(Debug)]
pub(super) struct Endless;

impl Endless {
    /// The reason inside an error, where it is this.
    pub(super) fn in_error(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref::<Self>()
    }
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {BEFORE_ANSWER} octets came, and no answer among them: interim answers (1xx) without end")
    }
}

impl std::error::Error for Endless {}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let bounded = self.get_mut();
        if bounded.read > BEFORE_ANSWER && !bounded.answered.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::Error::other(Endless)));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut bounded.inner).poll_read(cx, buf))?;
        bounded.read = bounded.read.saturating_add(buf.filled().len() - before);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
