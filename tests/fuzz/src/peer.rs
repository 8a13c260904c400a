//! A peer that sends bytes once it was asked, as servers do: what comes before a request is never taken for its answer.

use std::io::{self, Cursor};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Says its piece, then closes. It takes whatever it is told.
pub struct Peer {
    piece: Cursor<Vec<u8>>,
    was_asked: bool,
    waits: Option<Waker>,
}

impl Peer {
    /// A peer with these bytes to say.
    pub fn saying(bytes: &[u8]) -> Self {
        Self { piece: Cursor::new(bytes.to_vec()), was_asked: false, waits: None }
    }
}

impl AsyncRead for Peer {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.was_asked {
            return Pin::new(&mut self.piece).poll_read(context, into);
        }
        self.waits = Some(context.waker().clone());
        Poll::Pending
    }
}

impl AsyncWrite for Peer {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.was_asked = true;
        if let Some(reader) = self.waits.take() {
            reader.wake();
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
