//! The same connections as full probing of management points makes, by a loop that records and judges nothing: by
//! rustls two handshakes, one of them without a server name, and a request; by OpenSSL five requests: without a
//! certificate, with a stranger's, and three with the client's.

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
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_openssl::SslStream;
use tokio_rustls::TlsConnector;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Connections at a time.
const IN_FLIGHT: usize = 200;
/// For all of one connection.
const TIME_OUT: Duration = Duration::from_secs(5);

/// What rustls asks for.
const EXCEPTION: &str = "/SMS_MP_ALTAUTH/.sms_aut?MPLIST";

/// What OpenSSL asks for, and with whose certificate.
const REQUESTS: [(&str, Option<&str>); 5] = [
    ("/SMS_MP/.sms_aut?MPLIST", None),
    ("/SMS_MP/.sms_aut?MPLIST", Some("stranger")),
    ("/SMS_MP/.sms_aut?MPLIST", Some("client")),
    ("/SMS_MP/.sms_aut?MPCERT", Some("client")),
    ("/SMS_MP/.sms_aut?SITESIGNCERT", Some("client")),
];

/// One connection: by whom, and what is asked for.
#[derive(Clone)]
enum Connection {
    Rustls(TlsConnector, Option<&'static str>),
    OpenSsl(SslConnector, &'static str),
}

/// `bare FOLDER`: connects to every endpoint of the site whose files are there.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    let [folder] = arguments else { return Err("bare FOLDER".into()) };
    let folder = Path::new(folder);
    let (named, nameless) = (rustls(folder, true)?, rustls(folder, false)?);
    let mut connections = vec![
        Connection::Rustls(named.clone(), None),
        Connection::Rustls(nameless, None),
        Connection::Rustls(named, Some(EXCEPTION)),
    ];
    for (what, whose) in REQUESTS {
        connections.push(Connection::OpenSsl(openssl(folder, whose)?, what));
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

fn rustls(folder: &Path, with_name: bool) -> Result<TlsConnector, Failed> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("root.pem"))?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.enable_sni = with_name;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn openssl(folder: &Path, whose: Option<&str>) -> Result<SslConnector, Failed> {
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
            Self::Rustls(connector, what) => {
                let stream = connector.connect(ServerName::try_from(name.clone())?, stream).await?;
                if let Some(what) = what {
                    ask(stream, &name, what).await?;
                }
            }
            Self::OpenSsl(connector, what) => {
                let mut stream = SslStream::new(connector.configure()?.into_ssl(&name)?, stream)?;
                Pin::new(&mut stream).connect().await?;
                ask(stream, &name, what).await?;
            }
        }
        Ok(())
    }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, name: &str, what: &str) -> Result<(), Failed> {
    stream.write_all(format!("GET {what} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(())
}
