//! What follows a completed handshake before anything is asked, or is answered: in TLS 1.3 a refused client certificate
//! shows here.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, timeout_at};

use super::{Capture, Stream};
use crate::observation::handshake::{Aftermath, RequestedWhen};
use crate::wire::version::ProtocolVersion;

/// Where a client certificate was asked for in a TLS 1.3 handshake, waits until `until` for what follows and records it;
/// elsewhere does nothing. A session ticket ends the wait: who sends one has taken the client's certificate, or its
/// absence. No byte is lost: data that came is read again from the stream given back.
pub async fn settle(mut session: Box<dyn Stream>, capture: &Capture, until: Instant) -> Box<dyn Stream> {
    if !may_refuse(capture) {
        return session;
    }
    let alerts = capture.lock().alerts.len();
    let mut buffer = [0; 512];
    let mut room = ReadBuf::new(&mut buffer);
    let follows = poll_fn(|cx| match Pin::new(&mut *session).poll_read(cx, &mut room) {
        Poll::Ready(ended) => Poll::Ready(Some(ended.map(|()| room.filled().len()))),
        Poll::Pending if capture.has_ticket() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    let ended = timeout_at(until, follows).await.unwrap_or(None);
    let mut seen = capture.lock();
    seen.aftermath = Some(match &ended {
        None => Aftermath::Silence,
        Some(Ok(0)) => Aftermath::Closed,
        Some(Ok(_)) => Aftermath::Data,
        Some(Err(_)) if seen.alerts.len() > alerts => Aftermath::Alert,
        Some(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Aftermath::Closed,
        Some(Err(_)) => Aftermath::Reset,
    });
    match ended {
        Some(Ok(came)) if came > 0 => {
            Box::new(Replay { first: buffer.get(..came).unwrap_or_default().to_vec(), at: 0, inner: session })
        }
        _ => session,
    }
}

/// Whether the peer may yet refuse the client's certificate, or its absence: it asked for one in a TLS 1.3 handshake, whose
/// end it hears of last.
pub fn may_refuse(capture: &Capture) -> bool {
    let seen = capture.lock();
    let asked = seen.client_certificate_request.as_ref().map(|request| request.when);
    seen.version == Some(ProtocolVersion::TLS1_3) && asked == Some(RequestedWhen::Handshake)
}

/// A session that is spoken on before it is known whether the peer refuses the certificate: one that has may have closed
/// the connection by then, and what it said is still to be read. So what goes wrong with writing is told by reading.
pub fn regardless(session: Box<dyn Stream>) -> Box<dyn Stream> {
    Box::new(Regardless(session))
}

struct Regardless(Box<dyn Stream>);

impl AsyncRead for Regardless {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Regardless {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.get_mut().0).poll_write(cx, buf).map(|written| written.or(Ok(buf.len())))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().0).poll_flush(cx).map(|flushed| flushed.or(Ok(())))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().0).poll_shutdown(cx)
    }
}

/// A stream that gives some bytes again before it goes on.
struct Replay {
    first: Vec<u8>,
    at: usize,
    inner: Box<dyn Stream>,
}

impl AsyncRead for Replay {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let replay = self.get_mut();
        let left = replay.first.get(replay.at..).unwrap_or_default();
        if left.is_empty() {
            return Pin::new(&mut *replay.inner).poll_read(cx, buf);
        }
        let now = left.len().min(buf.remaining());
        buf.put_slice(&left[..now]);
        replay.at += now;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Replay {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().inner).poll_shutdown(cx)
    }
}
