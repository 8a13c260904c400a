//! The same connections as full probing of management points makes, by a loop that records and judges nothing: two
//! handshakes by rustls, one of them without a server name, and five requests by OpenSSL: without a certificate, with a
//! stranger's, and three with the client's.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openssl::ssl::{SslConnector, SslFiletype, SslMethod};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_openssl::SslStream;
use tokio_rustls::TlsConnector;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Connections at a time.
const IN_FLIGHT: usize = 200;
/// For all of one connection.
const TIME_OUT: Duration = Duration::from_secs(5);

/// What is asked for, and with whose certificate.
const REQUESTS: [(&str, Option<&str>); 5] = [
    ("MPLIST", None),
    ("MPLIST", Some("stranger")),
    ("MPLIST", Some("client")),
    ("MPCERT", Some("client")),
    ("SITESIGNCERT", Some("client")),
];

/// One connection: to a place, to a name.
#[derive(Clone)]
enum Connection {
    Handshake(TlsConnector),
    Request(SslConnector, &'static str),
}

/// `bare FOLDER`: connects to every endpoint of the site whose files are there.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    let [folder] = arguments else { return Err("bare FOLDER".into()) };
    let folder = Path::new(folder);
    let mut connections = vec![handshake(folder, true)?, handshake(folder, false)?];
    for (what, whose) in REQUESTS {
        connections.push(Connection::Request(requesting(folder, whose)?, what));
    }
    let list = std::fs::read_to_string(folder.join("endpoints.txt"))?;
    let good = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let places = Arc::new(Semaphore::new(IN_FLIGHT));
        let mut tasks = tokio::task::JoinSet::new();
        for line in list.lines() {
            let (address, name) = line.split_once(' ').ok_or("no name")?;
            let address: SocketAddr = address.parse()?;
            for connection in &connections {
                let place = Arc::clone(&places).acquire_owned().await?;
                let (connection, name, good) = (connection.clone(), name.to_owned(), Arc::clone(&good));
                tasks.spawn(async move {
                    let _place = place;
                    if let Ok(Ok(())) = tokio::time::timeout(TIME_OUT, connection.make(address, name)).await {
                        good.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        }
        while tasks.join_next().await.is_some() {}
        Ok::<_, Failed>(())
    })?;
    println!("{}", good.load(Ordering::Relaxed));
    Ok(())
}

fn handshake(folder: &Path, with_name: bool) -> Result<Connection, Failed> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("root.pem"))?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.enable_sni = with_name;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(Connection::Handshake(TlsConnector::from(Arc::new(config))))
}

fn requesting(folder: &Path, whose: Option<&str>) -> Result<SslConnector, Failed> {
    let mut connector = SslConnector::builder(SslMethod::tls_client())?;
    connector.set_ca_file(folder.join("root.pem"))?;
    if let Some(whose) = whose {
        connector.set_certificate_chain_file(folder.join(format!("{whose}.pem")))?;
        connector.set_private_key_file(folder.join(format!("{whose}.key")), SslFiletype::PEM)?;
    }
    Ok(connector.build())
}

impl Connection {
    async fn make(&self, address: SocketAddr, name: String) -> Result<(), Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        match self {
            Self::Handshake(connector) => {
                connector.connect(ServerName::try_from(name)?, stream).await?;
            }
            Self::Request(connector, what) => {
                let mut stream = SslStream::new(connector.configure()?.into_ssl(&name)?, stream)?;
                Pin::new(&mut stream).connect().await?;
                let request =
                    format!("GET /SMS_MP/.sms_aut?{what} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
                stream.write_all(request.as_bytes()).await?;
                stream.read_to_end(&mut Vec::new()).await?;
            }
        }
        Ok(())
    }
}
