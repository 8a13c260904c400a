//! Records and handshake messages, in the clear and under RC4 with a MAC.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::keys::Protection;
use super::keys::broken;
use crate::wire::version::ProtocolVersion;

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const ALERT: u8 = 21;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const DATA: u8 = 23;

/// How much goes into a record.
const FRAGMENT: usize = 1 << 14;

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
    version: ProtocolVersion,
    reading: Option<Protection>,
    writing: Option<Protection>,
    /// Handshake bytes read and not yet asked for.
    pending: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, version: ProtocolVersion) -> Self {
        Self { stream, version, reading: None, writing: None, pending: Vec::new() }
    }

    /// From now on the client's records are protected like this.
    pub(super) fn read_with(&mut self, protection: Protection) {
        self.reading = Some(protection);
    }

    /// From now on ours are protected like this.
    pub(super) fn write_with(&mut self, protection: Protection) {
        self.writing = Some(protection);
    }

    pub(super) async fn write(&mut self, content: u8, bytes: &[u8]) -> io::Result<()> {
        for fragment in bytes.chunks(FRAGMENT) {
            let protected = match &mut self.writing {
                Some(protection) => protection.seal(content, self.version, fragment)?,
                None => fragment.to_vec(),
            };
            let mut record = vec![content];
            record.extend(self.version.0.to_be_bytes());
            record.extend(vector(2, &protected));
            self.stream.write_all(&record).await?;
        }
        Ok(())
    }

    /// The next record: its type and what it holds. An alert is an error, but for warnings: SSL 3.0's clients say with one
    /// that they have no certificate.
    pub(super) async fn read(&mut self) -> io::Result<(u8, Vec<u8>)> {
        loop {
            let mut header = [0; 5];
            self.stream.read_exact(&mut header).await?;
            let [content, _, _, high, low] = header;
            let mut fragment = vec![0; usize::from(u16::from_be_bytes([high, low]))];
            self.stream.read_exact(&mut fragment).await?;
            if let Some(protection) = &mut self.reading {
                fragment = protection.open(content, self.version, &fragment)?;
            }
            match (content, fragment.as_slice()) {
                (ALERT, &[1, what]) if what != 0 => {}
                (ALERT, alert) => {
                    let words = format!("the client sent the alert {alert:?}");
                    return Err(io::Error::new(io::ErrorKind::ConnectionAborted, words));
                }
                _ => return Ok((content, fragment)),
            }
        }
    }

    /// The next handshake message, which must be of this type: its body.
    pub(super) async fn message(&mut self, transcript: &mut Vec<u8>, kind: u8) -> io::Result<Vec<u8>> {
        match self.any_message(transcript).await? {
            (came, body) if came == kind => Ok(body),
            _ => Err(broken("another message came than was due")),
        }
    }

    /// The next handshake message: its type and body.
    pub(super) async fn any_message(&mut self, transcript: &mut Vec<u8>) -> io::Result<(u8, Vec<u8>)> {
        loop {
            if let Some(message) = self.pending_message(transcript) {
                return Ok(message);
            }
            match self.read().await? {
                (HANDSHAKE, fragment) => self.pending.extend(fragment),
                _ => return Err(broken("no handshake message came")),
            }
        }
    }

    /// The type of the next handshake message, or `None` where the change of ciphers comes.
    pub(super) async fn record_or_message(&mut self, transcript: &mut Vec<u8>) -> io::Result<Option<u8>> {
        loop {
            if let Some((kind, _)) = self.pending_message(transcript) {
                return Ok(Some(kind));
            }
            match self.read().await? {
                (CHANGE_CIPHER_SPEC, _) => return Ok(None),
                (HANDSHAKE, fragment) => self.pending.extend(fragment),
                _ => return Err(broken("no handshake message came")),
            }
        }
    }

    fn pending_message(&mut self, transcript: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
        let &[kind, a, b, c] = self.pending.first_chunk::<4>()?;
        let length = 4 + u32::from_be_bytes([0, a, b, c]) as usize;
        if self.pending.len() < length {
            return None;
        }
        let message: Vec<u8> = self.pending.drain(..length).collect();
        transcript.extend(&message);
        Some((kind, message.get(4..).unwrap_or_default().to_vec()))
    }
}

/// A handshake message.
pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], vector(3, body)].concat()
}

/// Contents with their length in so many octets in front.
pub(super) fn vector(octets: usize, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    [&length[length.len() - octets..], contents].concat()
}
