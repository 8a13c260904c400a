//! A web server as Windows Server 2003 and 2008 were before MS10-049: SSL 3.0 or TLS 1.0 with RC4, RSA key exchange, and no
//! word of RFC 5746, which no library's server can be made to leave out. It reads the request first and then, where told to,
//! asks for a client certificate by a second handshake inside the first. Written by hand for the lab; it verifies nothing.

mod keys;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openssl::rsa::Padding;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::legacy::{Identity, Pages, Visit};
use crate::engine::openssl::load_old_ciphers;
use crate::wire::version::ProtocolVersion;
use keys::{Secrets, Side, broken};
use wire::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE, Wire};

/// No connection takes longer, whatever the client does.
const PATIENCE: Duration = Duration::from_secs(30);
const HEAD_LIMIT: usize = 16 * 1024;
/// `RSA_WITH_RC4_128_SHA`, what such servers choose first.
const SUITE: [u8; 2] = [0x00, 0x05];

/// What such a server is to be.
#[derive(Clone)]
pub struct Unpatched {
    /// What it presents; the key must be RSA.
    pub presented: Identity,
    /// SSL 3.0 or TLS 1.0.
    pub version: ProtocolVersion,
    /// Whether it asks for a client certificate where the pages protect a path.
    pub asks: bool,
    /// What it answers.
    pub pages: Arc<dyn Pages>,
}

/// A running one; it stops, and its connections with it, when dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Visit>>>,
    _tasks: JoinSet<()>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The connections that have ended, in the order they did.
    pub fn visits(&self) -> Vec<Visit> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Unpatched {
    /// Starts it on this listener.
    ///
    /// # Errors
    /// The listener has no address, or OpenSSL was built without RC4.
    pub fn start(self, listener: TcpListener) -> io::Result<Running> {
        load_old_ciphers()?;
        let address = listener.local_addr()?;
        let log: Arc<Mutex<Vec<Visit>>> = Arc::default();
        let visits = Arc::clone(&log);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        let (server, visits) = (self.clone(), Arc::clone(&visits));
                        connections.spawn(async move {
                            let mut visit = Visit { version: Some(server.version), ..Visit::default() };
                            let ended = match timeout(PATIENCE, server.serve(stream, &mut visit)).await {
                                Ok(ended) => ended,
                                Err(_) => Err(io::ErrorKind::TimedOut.into()),
                            };
                            visit.ended = ended.err().map(|error| error.to_string());
                            visits.lock().unwrap_or_else(PoisonError::into_inner).push(visit);
                        });
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Running { address, log, _tasks: tasks })
    }

    async fn serve(&self, stream: TcpStream, visit: &mut Visit) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut wire = Wire::new(stream, self.version);
        self.handshake(&mut wire, false, visit).await?;
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let (content, fragment) = wire.read().await?;
            if content != DATA || head.len() > HEAD_LIMIT {
                return Err(broken("no request came"));
            }
            head.extend(fragment);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let mut words = text.split([' ', '\r']).map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(broken("no request line came"));
        };
        visit.request = Some((method.clone(), path.clone()));
        if self.asks && self.pages.protects(&path) {
            // HelloRequest, and the whole handshake again under the keys of the first.
            wire.write(HANDSHAKE, &[0, 0, 0, 0]).await?;
            self.handshake(&mut wire, true, visit).await?;
        }
        let page = self.pages.answer(&method, &path, visit.client_certificate.is_some()).await;
        visit.status = Some(page.status);
        let answer = format!(
            "HTTP/1.1 {} {}\r\nServer: Microsoft-IIS/6.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            page.status,
            page.reason,
            page.body.len()
        );
        wire.write(DATA, answer.as_bytes()).await?;
        wire.write(DATA, &page.body).await?;
        wire.write(ALERT, &[1, 0]).await
    }

    /// One full handshake, with a request for a certificate or without.
    async fn handshake(&self, wire: &mut Wire, with_request: bool, visit: &mut Visit) -> io::Result<()> {
        let mut transcript = Vec::new();
        let hello = wire.message(&mut transcript, 1).await?;
        let client_random: [u8; 32] =
            hello.get(2..34).and_then(|random| random.try_into().ok()).ok_or_else(|| broken("no ClientHello came"))?;
        let mut server_random = [0; 32];
        openssl::rand::rand_bytes(&mut server_random)?;
        let greeting = [&self.version.0.to_be_bytes()[..], &server_random, &[0], &SUITE, &[0]].concat();
        let chain: Vec<u8> = self.presented.chain.iter().flat_map(|one| wire::vector(3, one)).collect();
        let mut flight = wire::message(2, &greeting);
        flight.extend(wire::message(11, &wire::vector(3, &chain)));
        if with_request {
            // RSA certificates of any authority.
            flight.extend(wire::message(13, &[1, 1, 0, 0]));
        }
        flight.extend(wire::message(14, &[]));
        transcript.extend(&flight);
        wire.write(HANDSHAKE, &flight).await?;

        let (mut kind, mut body) = wire.any_message(&mut transcript).await?;
        if kind == 11 {
            let leaf = body.get(6..).filter(|leaf| !leaf.is_empty());
            let length =
                body.get(3..6).map(|length| length.iter().fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet)));
            visit.client_certificate =
                leaf.zip(length).and_then(|(leaf, length)| leaf.get(..length)).map(<[u8]>::to_vec);
            (kind, body) = wire.any_message(&mut transcript).await?;
        }
        if kind != 16 {
            return Err(broken("no ClientKeyExchange came"));
        }
        let encrypted = match self.version {
            ProtocolVersion::SSL3 => body.as_slice(),
            // TLS puts a length in front.
            _ => body.get(2..).unwrap_or_default(),
        };
        let key = self.presented.key.rsa()?;
        let mut premaster = vec![0; key.size() as usize];
        let length = key.private_decrypt(encrypted, &mut premaster, Padding::PKCS1)?;
        premaster.truncate(length);
        let secrets = Secrets::new(self.version, &premaster, &client_random, &server_random)?;

        // CertificateVerify, where there was a certificate, then the change of ciphers, then Finished.
        loop {
            match wire.record_or_message(&mut transcript).await? {
                Some(15) => {}
                Some(_) => return Err(broken("a message came out of turn")),
                None => break,
            }
        }
        wire.read_with(secrets.cipher(Side::Client)?);
        let expected = secrets.finished(Side::Client, &transcript)?;
        if wire.message(&mut transcript, 20).await? != expected {
            return Err(broken("the client's Finished does not fit"));
        }
        wire.write(CHANGE_CIPHER_SPEC, &[1]).await?;
        wire.write_with(secrets.cipher(Side::Server)?);
        let finished = wire::message(20, &secrets.finished(Side::Server, &transcript)?);
        wire.write(HANDSHAKE, &finished).await
    }
}
