//! The clear-text hello reader: says hello as an old client would, in TLS 1.2 and older, and reads what the server answers
//! in clear text, up to ServerHelloDone. No key is agreed on and nothing is proved, so no server is too old, too weak or too
//! odd for it, short of SSL 2.0; single DES and EXPORT suites, which no library has any more, are offered too.
//! It cannot see into TLS 1.3, cannot ask anything of the server, and never completes a handshake.

mod write;

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout_at;

use super::failure::{broken, closed, failure, foreign, refused, timeout};
use super::follow::Follower;
use super::message::kind;
use super::tap::{Seen, Tap};
use super::{Capture, Hello, Performed, Stream};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::plan::offer::Shape;
use crate::wire::version::ProtocolVersion;
pub(super) use write::Greeting;

/// The longest fragment a record may carry (RFC 5246, 6.2.3), with room for those who exceed it a little.
const RECORD_LIMIT: usize = (1 << 14) + 2048;
/// How much is read at a time.
const CHUNK: usize = 4096;

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
/// A close_notify in front of which nothing is encrypted.
const CLOSE_NOTIFY: [u8; 2] = [1, 0];

impl Greeting {
    /// Writes the hello of the offer.
    pub(super) fn new(hello: &Hello) -> Result<Self, Failure> {
        write::client_hello(hello)
    }

    /// Says hello and reads the answer. What is seen goes into `capture`; a whole answer is no failure.
    pub(super) async fn perform(self, io: impl Stream, hello: &Hello, capture: &Capture) -> Performed {
        let named = self.has_extensions
            && match hello.shape {
                Shape::Usual => true,
                Shape::Windows(client) => client.row().sends_server_name,
            };
        capture.lock().server_name = hello.server_name.as_deref().filter(|_| named).map(str::to_owned);
        let (mut stream, seen) = Tap::new(io);
        capture.note_wire(&seen);
        let conversation = converse(&mut stream, &self.record, hello.offers_tls13(), capture, &seen);
        let ended = timeout_at(hello.deadline, conversation).await;
        seen.note(&mut capture.lock());
        let failure = match ended {
            Ok(Ok(())) => chosen_unasked(hello, capture),
            Ok(Err(failure)) => Some(failure),
            Err(_) => Some(timeout(&seen)),
        };
        Performed::Stopped(failure)
    }
}

/// A server that answers in a version it was not offered: it speaks no other.
fn chosen_unasked(hello: &Hello, capture: &Capture) -> Option<Failure> {
    let chosen = capture.lock().version.filter(|version| !hello.versions.contains(*version))?;
    Some(failure(HandshakeFailure::ProtocolError, format!("the server chose {chosen}, which was not offered")))
}

async fn converse<S: Stream>(
    stream: &mut Tap<S>,
    greeting: &[u8],
    offers_tls13: bool,
    capture: &Capture,
    seen: &Seen,
) -> Result<(), Failure> {
    let fail = |error: io::Error| {
        let wire = seen.lock();
        foreign(&wire).unwrap_or_else(|| broken(&error, &wire))
    };
    stream.write_all(greeting).await.map_err(fail)?;
    stream.flush().await.map_err(fail)?;
    let mut answer = Answer { offers_tls13, ..Answer::default() };
    let mut chunk = [0; CHUNK];
    loop {
        let came = stream.read(&mut chunk).await.map_err(fail)?;
        if let Some(failure) = ended(came, seen) {
            return Err(failure);
        }
        if answer.take(chunk.get(..came).unwrap_or_default(), capture)? == Progress::Done {
            // A courtesy that costs nothing: the server need not log a client that vanished.
            let farewell = [&[ALERT][..], &answer.version, &[0, 2], &CLOSE_NOTIFY].concat();
            let _ = stream.write_all(&farewell).await;
            return Ok(());
        }
    }
}

/// Why nothing more can be read: what comes is not TLS, or nothing comes.
fn ended(came: usize, seen: &Seen) -> Option<Failure> {
    let wire = seen.lock();
    foreign(&wire).or_else(|| (came == 0).then(|| closed(&wire)))
}

/// Whether the answer is all there.
#[derive(Debug, PartialEq, Eq)]
enum Progress {
    More,
    Done,
}

/// The server's answer as it comes in: records, and the messages inside them, neither of which need end where the other does.
#[derive(Debug, Default)]
struct Answer {
    records: Vec<u8>,
    messages: Vec<u8>,
    follower: Follower,
    /// The version in the server's records, to answer in.
    version: [u8; 2],
    /// Whether TLS 1.3 was offered: what follows the hello is encrypted then, and the hello all there is to read.
    offers_tls13: bool,
}

impl Answer {
    /// Takes bytes from the wire, whose number the tap bounds.
    fn take(&mut self, bytes: &[u8], capture: &Capture) -> Result<Progress, Failure> {
        self.records.extend_from_slice(bytes);
        let records = std::mem::take(&mut self.records);
        let mut rest = records.as_slice();
        while let Some((&[content, major, minor, high, low], after)) = rest.split_first_chunk::<5>() {
            let length = usize::from(u16::from_be_bytes([high, low]));
            if length > RECORD_LIMIT {
                let words = format!("the server sent a record of {length} bytes, which no version of TLS allows");
                return Err(failure(HandshakeFailure::ProtocolError, words));
            }
            let Some((fragment, after)) = after.split_at_checked(length) else { break };
            rest = after;
            self.version = [major, minor];
            if self.record(content, fragment, capture)? == Progress::Done {
                return Ok(Progress::Done);
            }
        }
        self.records = rest.to_vec();
        Ok(Progress::More)
    }

    fn record(&mut self, content: u8, fragment: &[u8], capture: &Capture) -> Result<Progress, Failure> {
        match content {
            HANDSHAKE => self.handshake(fragment, capture),
            ALERT => {
                let mut captured = capture.lock();
                for alert in fragment.chunks(2) {
                    if let Some(fatal) = self.follower.alert(alert, &mut captured) {
                        return Err(refused(fatal));
                    }
                    if alert == CLOSE_NOTIFY {
                        let words = "the server closed the session instead of answering";
                        return Err(failure(HandshakeFailure::Closed, words));
                    }
                }
                Ok(Progress::More)
            }
            other => {
                let words = format!("the server sent a record of type {other} instead of its answer");
                Err(failure(HandshakeFailure::ProtocolError, words))
            }
        }
    }

    fn handshake(&mut self, fragment: &[u8], capture: &Capture) -> Result<Progress, Failure> {
        self.messages.extend_from_slice(fragment);
        let mut rest = self.messages.as_slice();
        while let Some(&[kind, a, b, c]) = rest.first_chunk::<4>() {
            let length = 4 + usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX - 4);
            let Some((message, after)) = rest.split_at_checked(length) else { break };
            rest = after;
            let mut captured = capture.lock();
            self.follower.received(message, &mut captured);
            match kind {
                kind::SERVER_HELLO if captured.version.is_none() => {
                    return Err(failure(HandshakeFailure::ProtocolError, "the server's hello cannot be read"));
                }
                kind::SERVER_HELLO if self.offers_tls13 && captured.version == Some(ProtocolVersion::TLS1_3) => {
                    return Ok(Progress::Done);
                }
                // Not offered, and nothing can be read behind it.
                kind::SERVER_HELLO if captured.version >= Some(ProtocolVersion::TLS1_3) => {
                    return Err(failure(
                        HandshakeFailure::ProtocolError,
                        "the server chose a version that was not offered",
                    ));
                }
                kind::SERVER_HELLO_DONE => return Ok(Progress::Done),
                _ => {}
            }
        }
        // A long message that comes in crumbs is not copied for each of them.
        let read = self.messages.len() - rest.len();
        self.messages.drain(..read);
        Ok(Progress::More)
    }
}

#[cfg(test)]
mod tests;
