//! A stream that passes everything through and keeps what a TLS library does not tell: the first bytes received, how many
//! came, and the types of the records. It bounds what one handshake may send.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::message::{self, ServerHello};
use crate::observation::handshake::Handshake;

/// How many bytes a peer may send before the handshake is over. The largest handshakes seen in the field (a hundred
/// certificates, hundreds of authorities) stay under a tenth of this.
pub const HANDSHAKE_LIMIT: usize = 1024 * 1024;
/// How many of the first bytes are kept: a ServerHello fits.
const HEAD_LIMIT: usize = 512;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// The stream.
pub struct Tap<S> {
    inner: S,
    wire: Arc<Mutex<Wire>>,
}

impl<S> Tap<S> {
    /// Taps a stream; what is seen can be read through the second value, also after the stream is gone.
    pub fn new(inner: S) -> (Self, Seen) {
        let wire = Arc::new(Mutex::new(Wire::default()));
        (Self { inner, wire: Arc::clone(&wire) }, Seen(wire))
    }
}

/// A view of what a tap saw.
#[derive(Clone, Debug)]
pub struct Seen(Arc<Mutex<Wire>>);

impl Seen {
    /// Writes down what the library does not tell of a handshake: how long its hello was, and where it stopped, how much
    /// had come.
    pub(super) fn note(&self, seen: &mut Handshake) {
        let wire = self.lock();
        seen.hello_length = wire.hello_length();
        seen.received = (!seen.completed).then(|| wire.received() as u64);
    }

    /// What was seen so far.
    pub fn lock(&self) -> MutexGuard<'_, Wire> {
        lock(&self.0)
    }
}

fn lock(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came over the wire.
#[derive(Debug, Default)]
pub struct Wire {
    head: Vec<u8>,
    received: usize,
    stage: Stage,
    /// The record header being read, and how much of it is there.
    header: [u8; 5],
    have: usize,
    /// What is left of the record's body.
    body: usize,
    cipher_changed: bool,
    handshakes_after_change: u32,
    /// The length in the head of the first record sent.
    hello_length: Option<u16>,
}

/// How far a connection is, as far as the tap is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// The first handshake: it may send so much.
    #[default]
    Handshake,
    /// It is over, and the engine can make no other.
    Final,
    /// It is over, and the engine follows further ones.
    Open,
}

/// Why a tap ended a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// More came than one handshake may send.
    TooMuch,
    /// The server asked for a new handshake (HelloRequest, TLS 1.2 and older).
    RenegotiationWanted,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooMuch => write!(f, "more than {HANDSHAKE_LIMIT} bytes came in one handshake"),
            Self::RenegotiationWanted => f.write_str("the server asks for a new handshake"),
        }
    }
}

impl std::error::Error for Ended {}

impl Ended {
    /// The reason inside an error, where a tap made it.
    pub fn in_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }
}

impl Wire {
    /// The first bytes received.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// How many bytes were received.
    pub fn received(&self) -> usize {
        self.received
    }

    /// How long the ClientHello was that was sent.
    pub fn hello_length(&self) -> Option<u16> {
        self.hello_length
    }

    /// Takes note of the first bytes sent: libraries write a record's head in one piece.
    fn note_sent(&mut self, bytes: &[u8]) {
        if let (None, [HANDSHAKE, _, _, high, low, ..]) = (self.hello_length, bytes) {
            self.hello_length = Some(u16::from_be_bytes([*high, *low]));
        }
    }

    /// The handshake is over: the bound on its bytes ends, and a further one in TLS 1.2 means renegotiation, which ends
    /// the stream.
    pub fn establish(&mut self) {
        self.stage = Stage::Final;
    }

    /// The handshake is over, the bound on its bytes ends, and the engine makes further handshakes itself.
    pub fn establish_open(&mut self) {
        self.stage = Stage::Open;
    }

    /// Whether the first bytes cannot be a TLS record.
    pub fn is_not_tls(&self) -> bool {
        match self.head.as_slice() {
            [] => false,
            [kind] => !(CHANGE_CIPHER_SPEC..=24).contains(kind),
            [kind, major, ..] => !(CHANGE_CIPHER_SPEC..=24).contains(kind) || *major != 3,
        }
    }

    /// Whether the first bytes are an HTTP answer, or the bare page older servers send to what they cannot read.
    pub fn is_http(&self) -> bool {
        let begins = |with: &[u8]| self.head.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
        begins(b"HTTP/") || begins(b"<html") || begins(b"<!doctype html")
    }

    /// The ServerHello at the beginning of what was received, as far as it is told in clear text.
    pub(super) fn server_hello(&self) -> Option<ServerHello> {
        let mut rest = self.head.as_slice();
        loop {
            let (header, after) = rest.split_at_checked(5)?;
            let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
            match header[0] {
                ALERT => rest = after.get(length..)?,
                HANDSHAKE => {
                    // A server that drips has said nothing until its message is here as a whole.
                    let (&[kind, a, b, c], body) = after.split_first_chunk::<4>()?;
                    let body = body.get(..u32::from_be_bytes([0, a, b, c]) as usize)?;
                    return (kind == message::kind::SERVER_HELLO).then(|| ServerHello::read(body))?;
                }
                _ => return None,
            }
        }
    }

    /// Takes note of bytes received.
    fn note(&mut self, mut bytes: &[u8]) -> Result<(), Ended> {
        self.received = self.received.saturating_add(bytes.len());
        if self.head.len() < HEAD_LIMIT {
            let room = HEAD_LIMIT - self.head.len();
            self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        while !bytes.is_empty() {
            if self.body > 0 {
                let skipped = self.body.min(bytes.len());
                self.body -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            let taken = (self.header.len() - self.have).min(bytes.len());
            self.header[self.have..self.have + taken].copy_from_slice(&bytes[..taken]);
            self.have += taken;
            bytes = &bytes[taken..];
            if self.have == self.header.len() {
                self.have = 0;
                self.body = usize::from(u16::from_be_bytes([self.header[3], self.header[4]]));
                match self.header[0] {
                    CHANGE_CIPHER_SPEC => self.cipher_changed = true,
                    HANDSHAKE if self.cipher_changed => self.handshakes_after_change += 1,
                    _ => {}
                }
            }
        }
        // In TLS 1.2 the one handshake record after the change of ciphers is Finished; in TLS 1.3 all of them look like data.
        if self.stage == Stage::Final && self.handshakes_after_change > 1 {
            return Err(Ended::RenegotiationWanted);
        }
        if self.stage == Stage::Handshake && self.received > HANDSHAKE_LIMIT {
            return Err(Ended::TooMuch);
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let tap = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut tap.inner).poll_read(cx, buf))?;
        let came = buf.filled().get(before..).unwrap_or_default();
        Poll::Ready(lock(&tap.wire).note(came).map_err(io::Error::other))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let tap = self.get_mut();
        lock(&tap.wire).note_sent(buf);
        Pin::new(&mut tap.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let tap = self.get_mut();
        if let Some(first) = bufs.first() {
            lock(&tap.wire).note_sent(first);
        }
        Pin::new(&mut tap.inner).poll_write_vectored(cx, bufs)
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

#[cfg(test)]
mod tests {
    use super::{Ended, HANDSHAKE_LIMIT, Wire};
    use crate::wire::suite::CipherSuite;
    use crate::wire::version::ProtocolVersion;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 3, 3];
        record.extend(u16::try_from(body.len()).unwrap_or_default().to_be_bytes());
        record.extend(body);
        record
    }

    fn server_hello(version: u16, extensions: &[u8]) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.extend([3, 1, 2, 3, 0xc0, 0x2f, 0]);
        if !extensions.is_empty() {
            body.extend([0, extensions.len() as u8]);
            body.extend(extensions);
        }
        let mut message = vec![2, 0, 0, body.len() as u8];
        message.extend(body);
        message
    }

    fn wire(bytes: &[u8]) -> Wire {
        let mut wire = Wire::default();
        assert_eq!(wire.note(bytes), Ok(()));
        wire
    }

    #[test]
    fn a_handshake_record_after_finished_is_a_wish_to_renegotiate_however_it_is_cut() {
        let mut bytes = record(22, &[2; 70]);
        bytes.extend(record(20, &[1]));
        bytes.extend(record(22, &[9; 40]));
        for cut in 1..bytes.len() {
            let mut wire = Wire::default();
            for piece in bytes.chunks(cut) {
                assert_eq!(wire.note(piece), Ok(()));
            }
            wire.establish();
            assert_eq!(wire.note(&record(23, &[0; 30])), Ok(()));
            assert_eq!(wire.note(&record(22, &[8; 28])), Err(Ended::RenegotiationWanted));
        }
    }

    #[test]
    fn a_handshake_may_send_so_much_and_no_more() {
        let mut wire = Wire::default();
        assert_eq!(wire.note(&vec![22; HANDSHAKE_LIMIT]), Ok(()));
        assert_eq!(wire.note(&[22]), Err(Ended::TooMuch));
        wire.establish();
        assert_eq!(wire.note(&[22; 9]), Ok(()));
    }

    #[test]
    fn what_follows_a_handshake_is_unbounded_also_where_further_ones_are_followed() {
        let mut bytes = record(22, &[2; 70]);
        bytes.extend(record(20, &[1]));
        bytes.extend(record(22, &[9; 40]));
        let mut wire = wire(&bytes);
        wire.establish_open();
        assert_eq!(wire.note(&record(22, &[8; 28])), Ok(()));
        assert_eq!(wire.note(&record(23, &[0; 60_000]).repeat(HANDSHAKE_LIMIT / 30_000)), Ok(()));
    }

    #[test]
    fn the_server_hello_is_read_after_warnings_and_however_short() {
        let mut bytes = record(21, &[1, 112]);
        bytes.extend(record(22, &server_hello(0x0303, &[0xff, 1, 0, 1, 0])));
        let hello = wire(&bytes).server_hello();
        assert_eq!(
            hello.map(|h| (h.version, h.cipher_suite, h.secure_renegotiation)),
            Some((ProtocolVersion::TLS1_2, CipherSuite(0xc02f), true))
        );
        let old = wire(&record(22, &server_hello(0x0301, &[]))).server_hello();
        assert_eq!(old.map(|h| (h.version, h.secure_renegotiation)), Some((ProtocolVersion::TLS1_0, false)));
        let new = wire(&record(22, &server_hello(0x0303, &[0, 43, 0, 2, 3, 4]))).server_hello();
        assert_eq!(new.map(|h| h.version), Some(ProtocolVersion::TLS1_3));
        for end in 0..bytes.len() {
            assert_eq!(wire(&bytes[..end]).server_hello(), None, "cut at {end}");
        }
    }

    #[test]
    fn what_is_not_tls_is_told_by_its_first_bytes() {
        for (bytes, tls, http) in [
            (&b""[..], true, false),
            (b"\x16", true, false),
            (b"\x15\x03\x01\x00\x02", true, false),
            (b"\x16\x02", false, false),
            (b"HTTP/1.1 400 Bad Request", false, true),
            (b"<HTML><BODY>", false, true),
            (b"HTT", false, false),
            (b"220 mail ready", false, false),
        ] {
            let wire = wire(bytes);
            assert_eq!((!wire.is_not_tls(), wire.is_http()), (tls, http), "{}", bytes.escape_ascii());
        }
    }
}
