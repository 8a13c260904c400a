//! A proxy web server that ends clients' TLS, looks at their certificates, and opens its own TLS to the site system it
//! publishes, where it may have to show a certificate of its own after the request: SSL bridging.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContext, SslMethod, SslVerifyMode};
use openssl::x509::X509;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::legacy::Identity;
use super::server::{ClientAuth, Connection, Credentials, Options, TlsServer, Versions};
use super::site::http::{self, Asked};
use super::site::pages::Page;
use crate::engine::openssl::load_old_ciphers;

/// The inner leg takes no longer, whatever the site system does.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest answer passed on.
const ANSWER_LIMIT: u64 = 4 * 1024 * 1024;

/// What a bridge is to be.
#[derive(Clone)]
pub struct Bridge {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it presents to clients.
    pub outside: Credentials,
    /// What it asks clients for.
    pub client_auth: ClientAuth,
    /// Where what it publishes listens.
    pub published: SocketAddr,
    /// The name it calls that by.
    pub published_name: String,
    /// What it shows there when asked; `None`: it has nothing to show.
    pub inside: Option<Identity>,
}

/// A running bridge; it ends when dropped.
pub struct Bridging(TlsServer);

impl Bridge {
    /// Starts it.
    ///
    /// # Errors
    /// The port cannot be had, or a certificate or key cannot be used.
    pub async fn start(self) -> io::Result<Bridging> {
        let inner = Arc::new(Inner {
            address: self.published,
            name: self.published_name,
            context: context(self.inside.as_ref()).map_err(io::Error::other)?,
        });
        let options = Options {
            listen: self.listen,
            versions: Versions::Tls12,
            client_auth: self.client_auth,
            serve: Some(Arc::new(move |mut session| {
                let inner = Arc::clone(&inner);
                Box::pin(async move {
                    // A client that goes away is no concern of the proxy's.
                    let Ok(Some(asked)) = http::read(&mut session).await else { return };
                    let _ = match timeout(PATIENCE, inner.ask(&asked)).await {
                        Ok(Ok(answer)) => pass_on(&mut session, &answer).await,
                        Ok(Err(_)) | Err(_) => http::write(&mut session, &asked, &bad_gateway()).await,
                    };
                })
            })),
            ..Options::presenting(self.outside)
        };
        TlsServer::start(options).await.map(Bridging)
    }
}

impl Bridging {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Clients' connections whose handshake is over, in the order they ended.
    pub fn connections(&self) -> Vec<Connection> {
        self.0.connections()
    }
}

/// The inner leg.
struct Inner {
    address: SocketAddr,
    name: String,
    context: SslContext,
}

impl Inner {
    /// The site system's whole answer, as it came.
    async fn ask(&self, asked: &Asked) -> io::Result<Vec<u8>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let mut ssl = Ssl::new(&self.context)?;
        ssl.set_hostname(&self.name)?;
        let mut session = SslStream::new(ssl, stream)?;
        Pin::new(&mut session).connect().await.map_err(io::Error::other)?;
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nVia: 1.1 bridge\r\nConnection: close\r\n\r\n",
            asked.method, asked.path, self.name
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

async fn pass_on(session: &mut (impl tokio::io::AsyncWrite + Unpin), answer: &[u8]) -> io::Result<()> {
    session.write_all(answer).await?;
    session.flush().await?;
    session.shutdown().await
}

/// As ISA Server says it when the inner leg does not come about.
fn bad_gateway() -> Page {
    let body = "<html><body>Error Code: 502 Bad Gateway. The server could not be reached by the proxy.</body></html>";
    Page { status: 502, reason: "Bad Gateway", media_type: "text/html", body: body.into() }
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
