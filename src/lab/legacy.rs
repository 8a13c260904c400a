//! A web server as old, as weak and as particular as OpenSSL can be made: any version from SSL 3.0 to TLS 1.3, any suite,
//! any key, and a client certificate asked for never, in the handshake, or only after the request has been read, as IIS does:
//! by renegotiation, in TLS 1.3 by post-handshake authentication. It answers one request a connection and logs what it saw.
//!
//! It always speaks RFC 5746 with a client that does: OpenSSL's servers cannot do otherwise.

mod connection;

use std::fmt;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{
    NameType, SniError, SslAlert, SslContext, SslContextBuilder, SslMethod, SslOptions, SslSessionCacheMode, SslVersion,
};
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::{X509, X509Name};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::pki::{LAB_EPOCH, MintError, Minted};
use super::site::pages::Page;
use crate::engine::openssl::load_old_ciphers;
use crate::wire::version::ProtocolVersion;
use connection::serve;

/// What such a server is to be.
#[derive(Clone)]
pub struct Legacy {
    /// What it presents.
    pub presented: Identity,
    /// What it does where a client sends no server name.
    pub nameless: Nameless,
    /// What it presents in a second handshake on the same connection; `None`: the same.
    pub presented_later: Option<Identity>,
    /// The oldest version it speaks.
    pub oldest: ProtocolVersion,
    /// The newest.
    pub newest: ProtocolVersion,
    /// Its suites up to TLS 1.2, as OpenSSL writes them, in the order it prefers them.
    pub suites: String,
    /// Its groups, as OpenSSL writes them; `None`: OpenSSL's own.
    pub groups: Option<String>,
    /// The stapled OCSP response.
    pub staple: Option<Vec<u8>>,
    /// How it asks for a client certificate.
    pub demand: Demand,
    /// As of when it judges client certificates.
    pub now: OffsetDateTime,
    /// What it answers.
    pub pages: Arc<dyn Pages>,
}

/// A certificate with its chain, DER, and its key.
#[derive(Clone)]
pub struct Identity {
    /// What is sent, the certificate itself first.
    pub chain: Vec<Vec<u8>>,
    /// Its key.
    pub key: PKey<Private>,
}

impl Identity {
    /// What a minted certificate's server presents: its chain without the root.
    ///
    /// # Errors
    /// The key cannot be read.
    pub fn of(minted: &Minted) -> Result<Self, MintError> {
        Ok(Self { chain: minted.chain(), key: minted.private_key()? })
    }
}

/// What a server does where a client sends no server name.
#[derive(Clone)]
pub enum Nameless {
    /// Nothing else.
    Same,
    /// It presents this.
    Other(Identity),
    /// It ends the handshake with an alert.
    Refused,
}

/// How a server asks for a client certificate.
#[derive(Clone, Debug)]
pub struct Demand {
    /// When.
    pub when: When,
    /// Whether it goes on without one.
    pub required: bool,
    /// Whose certificates it takes.
    pub trust: Trust,
    /// The certificates whose subjects it names as accepted authorities, DER.
    pub names: Vec<Vec<u8>>,
}

impl Demand {
    /// It never asks.
    pub fn never() -> Self {
        Self { when: When::Never, required: false, trust: Trust::Anybody, names: Vec::new() }
    }

    /// It insists on a certificate under these roots, DER, and names nobody.
    pub fn required(when: When, roots: &[Vec<u8>]) -> Self {
        Self { when, required: true, trust: Trust::Roots(roots.to_vec()), names: Vec::new() }
    }

    /// It asks for a certificate under these roots, and goes on without.
    pub fn optional(when: When, roots: &[Vec<u8>]) -> Self {
        Self { required: false, ..Self::required(when, roots) }
    }
}

/// When a client certificate is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Never.
    Never,
    /// In the handshake.
    Handshake,
    /// Once the request is read and its path is one the pages protect: by renegotiation or post-handshake authentication.
    AfterRequest,
    /// As before, so many times in a row.
    AgainAndAgain(u32),
}

/// Whose client certificates are taken.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Those under these roots, DER.
    Roots(Vec<Vec<u8>>),
    /// Anybody's: nothing is checked.
    Anybody,
}

/// What a server answers.
pub trait Pages: Send + Sync + 'static {
    /// Whether a path is for clients with a certificate only.
    fn protects(&self, path: &str) -> bool;
    /// The answer, to a client that has shown a certificate the server takes, or to one that has not.
    fn answer<'a>(&'a self, method: &'a str, path: &'a str, known_client: bool) -> BoxFuture<'a, Page>;
}

impl Pages for super::site::pages::Pages {
    fn protects(&self, path: &str) -> bool {
        self.access(path) == super::site::pages::Access::ClientCertificate
    }

    fn answer<'a>(&'a self, method: &'a str, path: &'a str, known_client: bool) -> BoxFuture<'a, Page> {
        Box::pin(ready(Self::answer(self, method, path, known_client)))
    }
}

/// A page that greets, beside one that only clients with a certificate may read: `/protected` and what lies below.
#[derive(Clone, Copy, Debug)]
pub struct Greeting;

impl Pages for Greeting {
    fn protects(&self, path: &str) -> bool {
        path.starts_with("/protected")
    }

    fn answer<'a>(&'a self, _method: &'a str, path: &'a str, known_client: bool) -> BoxFuture<'a, Page> {
        let text = |status, reason, body: &str| Page {
            status,
            reason,
            media_type: "text/plain",
            headers: Vec::new(),
            body: body.into(),
        };
        Box::pin(ready(match (self.protects(path), known_client) {
            (true, false) => text(403, "Forbidden", "HTTP Error 403.7 - Forbidden"),
            (true, true) => text(200, "OK", "hello, friend"),
            (false, _) => text(200, "OK", "hello"),
        }))
    }
}

/// Why such a server cannot be had.
#[derive(Debug)]
pub enum LegacyError {
    /// OpenSSL refuses its settings.
    Crypto(ErrorStack),
    /// The operating system does not say where the listener is.
    Io(io::Error),
}

impl fmt::Display for LegacyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crypto(stack) => write!(f, "OpenSSL refuses the server's settings: {stack}"),
            Self::Io(error) => write!(f, "the listener has no address: {error}"),
        }
    }
}

impl std::error::Error for LegacyError {}

impl From<ErrorStack> for LegacyError {
    fn from(stack: ErrorStack) -> Self {
        Self::Crypto(stack)
    }
}

impl Legacy {
    /// Speaks one version, in every suite OpenSSL has, to anybody.
    pub fn new(presented: Identity, version: ProtocolVersion) -> Self {
        Self {
            presented,
            nameless: Nameless::Same,
            presented_later: None,
            oldest: version,
            newest: version,
            suites: "ALL:COMPLEMENTOFALL:!aNULL:!eNULL:!PSK:!SRP".into(),
            groups: None,
            staple: None,
            demand: Demand::never(),
            now: LAB_EPOCH,
            pages: Arc::new(Greeting),
        }
    }

    /// Starts it on this listener.
    ///
    /// # Errors
    /// OpenSSL refuses the settings, or the listener has no address.
    pub fn start(self, listener: TcpListener) -> Result<Server, LegacyError> {
        let address = listener.local_addr().map_err(LegacyError::Io)?;
        let prepared = Arc::new(Prepared::new(self)?);
        let log: Arc<Mutex<Vec<Visit>>> = Arc::default();
        let visits = Arc::clone(&log);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        let (prepared, visits) = (Arc::clone(&prepared), Arc::clone(&visits));
                        connections.spawn(async move {
                            let visit = serve(stream, &prepared).await;
                            visits.lock().unwrap_or_else(PoisonError::into_inner).push(visit);
                        });
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Server { address, log, _tasks: tasks })
    }
}

/// A running server; it stops, and its connections with it, when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Visit>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The connections that have ended, in the order they did.
    pub fn visits(&self) -> Vec<Visit> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a server saw of one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The version agreed on.
    pub version: Option<ProtocolVersion>,
    /// The server name sent.
    pub server_name: Option<String>,
    /// Method and path asked for.
    pub request: Option<(String, String)>,
    /// The certificate the client presented, DER.
    pub client_certificate: Option<Vec<u8>>,
    /// The status answered.
    pub status: Option<u16>,
    /// What ended the connection early.
    pub ended: Option<String>,
}

/// A server's settings in OpenSSL's terms.
struct Prepared {
    context: SslContext,
    legacy: Legacy,
    /// Those it trusts.
    roots: Vec<X509>,
    /// Those it names.
    names: Vec<X509>,
}

impl Prepared {
    fn new(legacy: Legacy) -> Result<Self, ErrorStack> {
        load_old_ciphers()?;
        let mut context = builder(&legacy, &legacy.presented)?;
        match &legacy.nameless {
            Nameless::Same => {}
            Nameless::Other(other) => {
                let other = builder(&legacy, other)?.build();
                context.set_servername_callback(move |ssl, _| match ssl.servername(NameType::HOST_NAME) {
                    Some(_) => Ok(()),
                    None => ssl.set_ssl_context(&other).map_err(|_| SniError::ALERT_FATAL),
                });
            }
            Nameless::Refused => {
                context.set_servername_callback(|ssl, alert| match ssl.servername(NameType::HOST_NAME) {
                    Some(_) => Ok(()),
                    None => {
                        *alert = SslAlert::UNRECOGNIZED_NAME;
                        Err(SniError::ALERT_FATAL)
                    }
                });
            }
        }
        let read = |all: &[Vec<u8>]| all.iter().map(|der| X509::from_der(der)).collect::<Result<Vec<_>, _>>();
        let roots = match &legacy.demand.trust {
            Trust::Roots(roots) => read(roots)?,
            Trust::Anybody => Vec::new(),
        };
        let names = read(&legacy.demand.names)?;
        Ok(Self { context: context.build(), legacy, roots, names })
    }

    fn store(&self) -> Result<X509Store, ErrorStack> {
        let mut store = X509StoreBuilder::new()?;
        for root in &self.roots {
            store.add_cert(root.clone())?;
        }
        Ok(store.build())
    }

    fn name_list(&self) -> Result<Stack<X509Name>, ErrorStack> {
        let mut list = Stack::new()?;
        for authority in &self.names {
            list.push(authority.subject_name().to_owned()?)?;
        }
        Ok(list)
    }
}

/// A context that presents an identity.
fn builder(legacy: &Legacy, presented: &Identity) -> Result<SslContextBuilder, ErrorStack> {
    let mut context = SslContextBuilder::new(SslMethod::tls_server())?;
    context.set_security_level(0);
    context.set_min_proto_version(version(legacy.oldest))?;
    context.set_max_proto_version(version(legacy.newest))?;
    context.set_cipher_list(&format!("{}:@SECLEVEL=0", legacy.suites))?;
    if let Some(groups) = &legacy.groups {
        context.set_groups_list(groups)?;
    }
    context.set_tmp_dh(&*Dh::get_1024_160()?)?;
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_session_id_context(b"lab")?;
    // Without the last, a second handshake would resume the first and ask for nothing.
    let unnamed = SslOptions::from_bits_retain(NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    context.set_options(SslOptions::CIPHER_SERVER_PREFERENCE | SslOptions::NO_TICKET | unnamed);
    let mut leaf_first = presented.chain.iter();
    if let Some(leaf) = leaf_first.next() {
        context.set_certificate(&*X509::from_der(leaf)?)?;
    }
    for further in leaf_first {
        context.add_extra_chain_cert(X509::from_der(further)?)?;
    }
    context.set_private_key(&presented.key)?;
    if let Some(staple) = legacy.staple.clone() {
        context.set_status_callback(move |ssl| Ok(ssl.set_ocsp_status(&staple).is_ok()))?;
    }
    context.verify_param_mut().set_time(legacy.now.unix_timestamp());
    context.verify_param_mut().set_auth_level(0);
    Ok(context)
}

/// The number in ssl.h; openssl's flags have no name for it.
const NO_SESSION_RESUMPTION_ON_RENEGOTIATION: u64 = 1 << 16;

fn version(version: ProtocolVersion) -> Option<SslVersion> {
    match version {
        ProtocolVersion::SSL3 => Some(SslVersion::SSL3),
        ProtocolVersion::TLS1_0 => Some(SslVersion::TLS1),
        ProtocolVersion::TLS1_1 => Some(SslVersion::TLS1_1),
        ProtocolVersion::TLS1_2 => Some(SslVersion::TLS1_2),
        ProtocolVersion::TLS1_3 => Some(SslVersion::TLS1_3),
        ProtocolVersion(_) => None,
    }
}
