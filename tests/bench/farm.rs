//! The farm: one process, one port, and as many loopback addresses as there are endpoints, each with a certificate of its
//! own from one authority, of keys on P-256 or of RSA. Which certificate is shown depends on the address that was connected to.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use cmprobe::lab::pki::{KeyName, MintError, Minted, Organization, San};
use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Failed = Box<dyn std::error::Error>;

/// Which endpoints the list names.
pub(crate) enum Mix {
    AllGood,
    SomeDead,
}

/// The keys of its certificates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// P-256, from the root to the leaves: what handshakes cost least with. Of a site three requirements fail by it.
    P256,
    /// RSA as a site's: 4096 bits for the root, 2048 below it. Nothing fails.
    Rsa,
}

impl Keys {
    /// Its word on a command line and in a table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::Rsa => "RSA",
        }
    }
}

/// A farm that runs, and the files that say where.
pub(crate) struct Farm {
    child: Child,
    /// Lists every endpoint, one a line.
    pub(crate) list: PathBuf,
    /// The root of their certificates, PEM.
    pub(crate) root: PathBuf,
    _folder: tempfile::TempDir,
}

/// The address of the endpoint with this number.
pub(crate) fn address(number: usize) -> Ipv4Addr {
    let [_, high, middle, low] = u32::try_from(number + 1).unwrap_or(u32::MAX).to_be_bytes();
    Ipv4Addr::new(127, 1 + high, middle, low)
}

impl Farm {
    /// Starts a farm of `count` endpoints in a process of its own.
    pub(crate) fn start(count: usize, mix: Mix, keys: Keys) -> Result<Self, Failed> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["farm", &count.to_string(), keys.name()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("the farm has no output")?).lines();
        let mut number = || -> Result<u16, Failed> { Ok(lines.next().ok_or("the farm said nothing")??.parse()?) };
        let (good, silent) = (number()?, number()?);
        // A port that was bound and given back refuses.
        let refusing = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let port_of = |number: usize| match mix {
            Mix::SomeDead if number % 10 == 3 => refusing,
            Mix::SomeDead if number % 20 == 7 => silent,
            Mix::SomeDead | Mix::AllGood => good,
        };
        let lines = (0..count).map(|number| format!("{}:{}\n", address(number), port_of(number)));
        let folder = tempfile::tempdir()?;
        let (list, root) = (folder.path().join("endpoints.txt"), folder.path().join("root.pem"));
        std::fs::write(&list, lines.collect::<String>())?;
        std::fs::write(&root, organization(keys).build()?.root.pem())?;
        Ok(Self { child, list, root, _folder: folder })
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn organization(keys: Keys) -> Organization {
    let contoso = Organization::contoso().at(time::OffsetDateTime::now_utc());
    match keys {
        Keys::P256 => Organization { root_key: KeyName::P256A, issuing_key: KeyName::P256B, ..contoso },
        Keys::Rsa => contoso,
    }
}

/// A resolver of one certificate.
#[derive(Debug)]
struct One(Arc<CertifiedKey>);

impl ResolvesServerCert for One {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// The farm's own process: says its two ports, the good one and the silent one, and serves until it is killed.
pub(crate) fn serve(count: usize, keys: Keys) -> Result<(), Failed> {
    let pki = organization(keys).build()?;
    let now = time::OffsetDateTime::now_utc();
    let name = match keys {
        Keys::P256 => KeyName::P256A,
        Keys::Rsa => KeyName::Rsa2048B,
    };
    let key = CertifiedKeySource::new(name)?;
    let acceptors: Arc<[TlsAcceptor]> = (0..count)
        .map(|number| {
            let address = address(number);
            let recipe = pki
                .web_server(&[&format!("host{number}.farm.test")])
                .san(San::Ip(address.into()))
                .key(name)
                .valid(now - time::Duration::days(30), now + time::Duration::days(365));
            Ok(TlsAcceptor::from(Arc::new(key.config(&pki.issue(&recipe)?, &pki.issuing)?)))
        })
        .collect::<Result<_, Failed>>()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let (good, silent) = (listen()?, listen()?);
        println!("{}\n{}", good.local_addr()?.port(), silent.local_addr()?.port());
        std::io::stdout().flush()?;
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = silent.accept().await {
                held.push(stream);
            }
        });
        loop {
            let Ok((stream, _)) = good.accept().await else { continue };
            let Some(acceptor) = stream.local_addr().ok().and_then(number_of).and_then(|number| acceptors.get(number))
            else {
                continue;
            };
            let accepting = acceptor.accept(stream);
            tokio::spawn(async move {
                if let Ok(mut session) = accepting.await {
                    let _ = tokio::io::AsyncReadExt::read(&mut session, &mut [0; 1024]).await;
                }
            });
        }
    })
}

/// Listens at every address, at a port of its own.
pub(crate) fn listen() -> std::io::Result<TcpListener> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
    socket.listen(8192)
}

/// The number of the endpoint at this address.
pub(crate) fn number_of(local: SocketAddr) -> Option<usize> {
    match local.ip() {
        std::net::IpAddr::V4(v4) => {
            let [_, high, middle, low] = v4.octets();
            usize::try_from(u32::from_be_bytes([0, high.checked_sub(1)?, middle, low])).ok()?.checked_sub(1)
        }
        std::net::IpAddr::V6(_) => None,
    }
}

/// The leaves' key, read once.
pub(crate) struct CertifiedKeySource(Arc<dyn rustls::sign::SigningKey>);

impl CertifiedKeySource {
    pub(crate) fn new(name: KeyName) -> Result<Self, MintError> {
        let key = PrivateKeyDer::try_from(name.pkcs8()?);
        let key = key.ok().and_then(|key| rustls::crypto::ring::sign::any_supported_type(&key).ok());
        Ok(Self(key.ok_or(MintError::KeyUnreadable(name))?))
    }

    fn config(&self, leaf: &Minted, issuing: &Minted) -> Result<ServerConfig, rustls::Error> {
        self.presenting(vec![CertificateDer::from(leaf.der.clone()), CertificateDer::from(issuing.der.clone())])
    }

    /// A server that presents this chain, whatever it is.
    pub(crate) fn presenting(&self, chain: Vec<CertificateDer<'static>>) -> Result<ServerConfig, rustls::Error> {
        let certified = Arc::new(CertifiedKey::new(chain, Arc::clone(&self.0)));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(One(certified)));
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        Ok(config)
    }
}
