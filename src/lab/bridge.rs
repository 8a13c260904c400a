//! A proxy web server that ends clients' TLS, looks at their certificates, and opens its own TLS to the site system it
//! publishes, where it may have to show a certificate of its own after the request: SSL bridging.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContext, SslMethod, SslVerifyMode};
use openssl::x509::X509;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::legacy::{self, Demand, Identity, Legacy, Pages};
use super::site::pages::Page;
use crate::engine::openssl::load_old_ciphers;
use crate::wire::version::ProtocolVersion;

/// The inner leg takes no longer, whatever the site system does.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest answer passed on.
const ANSWER_LIMIT: u64 = 4 * 1024 * 1024;

/// What a bridge is to be.
pub struct Bridge {
    /// What it presents to clients.
    pub outside: Identity,
    /// What it asks clients for.
    pub demand: Demand,
    /// As of when it judges what they show.
    pub now: OffsetDateTime,
    /// Where what it publishes listens.
    pub published: SocketAddr,
    /// The name it calls that by.
    pub published_name: String,
    /// What it shows there when asked; `None`: it has nothing to show.
    pub inside: Option<Identity>,
    /// Methods it turns down.
    pub turns_down: &'static [&'static str],
}

impl Bridge {
    /// Starts it: a server of its time, as old as its clients.
    ///
    /// # Errors
    /// A certificate or key cannot be used, or the listener has no address.
    pub fn start(self, listener: TcpListener) -> io::Result<legacy::Server> {
        let inner = Inner {
            address: self.published,
            name: self.published_name,
            context: context(self.inside.as_ref()).map_err(io::Error::other)?,
            turns_down: self.turns_down,
        };
        let mut outer = Legacy::new(self.outside, ProtocolVersion::TLS1_2);
        outer.oldest = ProtocolVersion::TLS1_0;
        outer.demand = self.demand;
        outer.now = self.now;
        outer.pages = Arc::new(inner);
        outer.start(listener).map_err(io::Error::other)
    }
}

impl Pages for Inner {
    /// It asks in the handshake, or not at all.
    fn protects(&self, _path: &str) -> bool {
        false
    }

    fn answer<'a>(&'a self, method: &'a str, path: &'a str, _known_client: bool) -> BoxFuture<'a, Page> {
        Box::pin(async move {
            if self.turns_down.contains(&method) {
                return turned_down();
            }
            match timeout(PATIENCE, self.ask(method, path)).await {
                Ok(Ok(answer)) => passed_on(&answer).unwrap_or_else(bad_gateway),
                Ok(Err(_)) | Err(_) => bad_gateway(),
            }
        })
    }
}

/// The inner leg.
struct Inner {
    address: SocketAddr,
    name: String,
    context: SslContext,
    turns_down: &'static [&'static str],
}

impl Inner {
    /// The site system's whole answer, as it came.
    async fn ask(&self, method: &str, path: &str) -> io::Result<Vec<u8>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let mut ssl = Ssl::new(&self.context)?;
        ssl.set_hostname(&self.name)?;
        let mut session = SslStream::new(ssl, stream)?;
        Pin::new(&mut session).connect().await.map_err(io::Error::other)?;
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nVia: 1.1 bridge\r\nConnection: close\r\n\r\n",
            method, path, self.name
        );
        session.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        // The certificate, where it is asked for now, is shown while this waits for the answer.
        session.take(ANSWER_LIMIT).read_to_end(&mut answer).await?;
        if answer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(answer)
    }
}

/// The site system's answer, as the proxy passes it on; `None`: it is no answer.
fn passed_on(answer: &[u8]) -> Option<Page> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(answer.get(..end)?).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let of_the_connection = |line: &&str| !line.starts_with("Content-Length:") && !line.starts_with("Connection:");
    let headers = lines.filter(of_the_connection).map(str::to_owned).collect();
    Some(Page { status, reason: "Passed on", media_type: "", headers, body: answer.get(end + 4..)?.to_vec() })
}

/// As ISA Server says it when the inner leg does not come about.
fn bad_gateway() -> Page {
    let body = "<html><body>Error Code: 502 Bad Gateway. The server could not be reached by the proxy.</body></html>";
    Page { status: 502, reason: "Bad Gateway", media_type: "text/html", headers: Vec::new(), body: body.into() }
}

/// As its HTTP filter says it.
fn turned_down() -> Page {
    let body =
        "<html><body>Error Code: 500 Internal Server Error. The request was rejected by the HTTP filter.</body></html>";
    Page { status: 405, reason: "Method Not Allowed", media_type: "text/html", headers: Vec::new(), body: body.into() }
}

fn context(identity: Option<&Identity>) -> Result<SslContext, ErrorStack> {
    load_old_ciphers()?;
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    // What it publishes may be as old as it likes.
    context.set_security_level(0);
    context.set_cipher_list("ALL:COMPLEMENTOFALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0")?;
    // What the site system presents is the prober's to judge.
    context.set_verify(SslVerifyMode::NONE);
    if let Some(identity) = identity {
        let mut chain = identity.chain.iter();
        if let Some(leaf) = chain.next() {
            context.set_certificate(&*X509::from_der(leaf)?)?;
        }
        for further in chain {
            context.add_extra_chain_cert(X509::from_der(further)?)?;
        }
        context.set_private_key(&identity.key)?;
    }
    Ok(context.build())
}
