//! A modern TLS server on loopback (TLS 1.2 and 1.3, by rustls) that presents exactly what it is given, asks for client
//! certificates as told, and keeps a log of what it saw.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig, SignatureScheme,
    SupportedProtocolVersion,
};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::pki::{KeyName, MintError, Minted};

/// What a server presents.
#[derive(Clone)]
pub struct Credentials {
    /// The certificates as they go out, DER, the leaf first; nothing checks that they belong together.
    pub chain: Vec<Vec<u8>>,
    /// The key it signs with; nothing checks that it is the leaf's.
    pub key: KeyName,
    /// The OCSP response it staples.
    pub staple: Option<Vec<u8>>,
}

impl Credentials {
    /// A certificate as it should be presented: with everything above it but the root.
    pub fn of(leaf: &Minted) -> Self {
        Self { chain: leaf.chain(), key: leaf.key, staple: None }
    }
}

/// Which versions it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// TLS 1.2 alone.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
    /// Both.
    #[default]
    Both,
}

/// What it does where a client sends no server name.
#[derive(Clone, Default)]
pub enum Nameless {
    /// Nothing else.
    #[default]
    Same,
    /// It presents something else.
    Other(Credentials),
    /// It ends the handshake with an alert.
    Refused,
}

/// Whether and how it asks for a client certificate in the handshake.
#[derive(Clone, Default)]
pub enum ClientAuth {
    /// Not at all.
    #[default]
    None,
    /// It asks, and goes on without.
    Optional(Accepts),
    /// It asks, and ends the handshake without.
    Required(Accepts),
}

/// Which client certificates it accepts.
#[derive(Clone)]
pub struct Accepts {
    /// The names of authorities it sends, DER; whatever it then accepts.
    pub authorities: Vec<Vec<u8>>,
    /// Roots, DER, a client's chain must lead to; `None`: it accepts any certificate.
    pub roots: Option<Vec<Vec<u8>>>,
    /// The moment certificates must be valid at.
    pub at: OffsetDateTime,
}

/// What a client has to do with a session once it stands.
pub type Serve = Arc<dyn Fn(TlsStream<TcpStream>) -> BoxFuture<'static, ()> + Send + Sync>;

/// What a server is made of.
#[derive(Clone)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it presents.
    pub credentials: Credentials,
    /// What it does where a client sends no server name.
    pub nameless: Nameless,
    /// Which versions it speaks.
    pub versions: Versions,
    /// Whether it asks for a client certificate.
    pub client_auth: ClientAuth,
    /// Whether it sends session tickets when a TLS 1.3 handshake is over, as nearly every server does.
    pub sends_tickets: bool,
    /// What it does with a session; `None`: it waits for the client to close it.
    pub serve: Option<Serve>,
}

impl Options {
    /// A server on a free port of 127.0.0.1 that presents this, to whoever asks.
    pub fn presenting(credentials: Credentials) -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            credentials,
            nameless: Nameless::default(),
            versions: Versions::default(),
            client_auth: ClientAuth::default(),
            sends_tickets: true,
            serve: None,
        }
    }
}

/// A connection as the server saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The server name the client sent; not known where the handshake failed.
    pub server_name: Option<String>,
    /// The version agreed on, as on the wire; `None`: it did not come to that.
    pub version: Option<u16>,
    /// What the client presented, DER.
    pub client_chain: Vec<Vec<u8>>,
    /// Why the handshake failed; `None`: it did not.
    pub failure: Option<String>,
}

/// A running server; it ends when dropped.
pub struct TlsServer {
    address: SocketAddr,
    log: Log,
    _tasks: JoinSet<()>,
}

type Log = watch::Sender<Vec<Connection>>;

impl TlsServer {
    /// Starts a server.
    ///
    /// # Errors
    /// The port cannot be had, or the key or the configuration cannot be used.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let config = Arc::new(config(&options).map_err(io::Error::other)?);
        let log = Log::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, TlsAcceptor::from(config), options.serve, log.clone()));
        Ok(Self { address, log, _tasks: tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The connections whose handshake is over, in the order they ended.
    pub fn connections(&self) -> Vec<Connection> {
        self.log.borrow().clone()
    }

    /// The same, once there are so many: a client is through with a TLS 1.3 handshake before the server is.
    pub async fn connections_when(&self, count: usize) -> Vec<Connection> {
        let mut log = self.log.subscribe();
        match log.wait_for(|seen| seen.len() >= count).await {
            Ok(seen) => seen.clone(),
            Err(_) => self.connections(),
        }
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, serve: Option<Serve>, log: Log) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, acceptor.clone(), serve.clone(), log.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, serve: Option<Serve>, log: Log) {
    let accepted = acceptor.accept(stream).await;
    let mut seen = Connection::default();
    match &accepted {
        Ok(tls) => {
            let session = tls.get_ref().1;
            seen.server_name = session.server_name().map(str::to_owned);
            seen.version = session.protocol_version().map(u16::from);
            let chain = session.peer_certificates().unwrap_or_default();
            seen.client_chain = chain.iter().map(|one| one.to_vec()).collect();
        }
        Err(error) => seen.failure = Some(error.to_string()),
    }
    log.send_modify(|log| log.push(seen));
    let Ok(mut tls) = accepted else { return };
    match serve {
        Some(serve) => serve(tls).await,
        None => {
            let mut buffer = [0; 1024];
            while tls.read(&mut buffer).await.is_ok_and(|came| came > 0) {}
        }
    }
}

fn config(options: &Options) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
    let versions: &[&'static SupportedProtocolVersion] = match options.versions {
        Versions::Tls12 => &[&TLS12],
        Versions::Tls13 => &[&TLS13],
        Versions::Both => &[&TLS12, &TLS13],
    };
    let builder =
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_protocol_versions(versions)?;
    let builder = match &options.client_auth {
        ClientAuth::None => builder.with_no_client_auth(),
        ClientAuth::Optional(accepts) => builder.with_client_cert_verifier(Arc::new(Verifier::new(accepts, false)?)),
        ClientAuth::Required(accepts) => builder.with_client_cert_verifier(Arc::new(Verifier::new(accepts, true)?)),
    };
    let nameless = match &options.nameless {
        Nameless::Same => Some(certified(&options.credentials)?),
        Nameless::Other(credentials) => Some(certified(credentials)?),
        Nameless::Refused => None,
    };
    let mut config =
        builder.with_cert_resolver(Arc::new(Presents { named: certified(&options.credentials)?, nameless }));
    if !options.sends_tickets {
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}

fn certified(credentials: &Credentials) -> Result<Arc<CertifiedKey>, Box<dyn std::error::Error + Send + Sync>> {
    let pkcs8 = credentials.key.pkcs8().map_err(|error: MintError| error.to_string())?;
    let key = any_supported_type(&PrivatePkcs8KeyDer::from(pkcs8).into())?;
    let chain = credentials.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
    let mut certified = CertifiedKey::new(chain, key);
    certified.ocsp = credentials.staple.clone();
    Ok(Arc::new(certified))
}

#[derive(Debug)]
struct Presents {
    named: Arc<CertifiedKey>,
    nameless: Option<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Presents {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(_) => Some(Arc::clone(&self.named)),
            None => self.nameless.clone(),
        }
    }
}

/// Asks for a client certificate, and says who is accepted.
struct Verifier {
    mandatory: bool,
    authorities: Vec<DistinguishedName>,
    inner: Option<Arc<dyn ClientCertVerifier>>,
    at: UnixTime,
}

impl Verifier {
    fn new(accepts: &Accepts, mandatory: bool) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let inner = match &accepts.roots {
            None => None,
            Some(ders) => {
                let mut roots = RootCertStore::empty();
                for der in ders {
                    roots.add(CertificateDer::from(der.clone()))?;
                }
                let provider = Arc::new(ring::default_provider());
                Some(WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build()?)
            }
        };
        let seconds = u64::try_from(accepts.at.unix_timestamp())?;
        Ok(Self {
            mandatory,
            authorities: accepts.authorities.iter().map(|name| DistinguishedName::from(name.clone())).collect(),
            inner,
            at: UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)),
        })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("mandatory", &self.mandatory).finish_non_exhaustive()
    }
}

impl ClientCertVerifier for Verifier {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match &self.inner {
            Some(inner) => inner.verify_client_cert(end_entity, intermediates, self.at),
            None => Ok(ClientCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, &algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
