//! The same connections as full probing of management points makes, by a loop that records and judges nothing: by
//! rustls two handshakes, one of them without a server name, and a request; by OpenSSL five requests: without a
//! certificate, with a stranger's, and three with the client's. With `versions` also the handshakes of each version, and
//! the hellos of Windows clients, with as many connections to one address at a time as the prober allows itself.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cmprobe::engine::{self, Capture, Hello};
use cmprobe::plan::build::{Offers, Options};
use cmprobe::plan::engine::EngineId;
use cmprobe::plan::offer::Sni;
use cmprobe::plan::{Offer, OfferLabel};
use cmprobe::site::Site;
use cmprobe::site::name::HostName;
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;
use openssl::ssl::{SslConnector, SslFiletype, SslMethod, SslVerifyMode, SslVersion};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
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
/// Connections to one address at a time, where each version is tried, as `--per-host` has it.
const PER_HOST: usize = 10;
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
    /// A hello in clear text.
    Hello(Arc<Greeting>),
    /// A version the server does not have, by OpenSSL and then by a hello in clear text.
    Refused(SslConnector, Arc<Greeting>),
}

/// `bare FOLDER [versions]`: connects to every endpoint of the site whose files are there.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failed> {
    let (folder, with_versions) = match arguments {
        [folder] => (folder, false),
        [folder, versions] if versions == "versions" => (folder, true),
        _ => return Err("bare FOLDER [versions]".into()),
    };
    let folder = Path::new(folder);
    let both = rustls::DEFAULT_VERSIONS;
    let (named, nameless) = (rustls(folder, true, both)?, rustls(folder, false, both)?);
    let mut connections = vec![
        Connection::Rustls(named.clone(), None),
        Connection::Rustls(nameless, None),
        Connection::Rustls(named, Some(EXCEPTION)),
    ];
    for (what, whose) in REQUESTS {
        connections.push(Connection::OpenSsl(openssl(folder, whose)?, what));
    }
    let per_host = if with_versions { PER_HOST } else { IN_FLIGHT };
    let list = std::fs::read_to_string(folder.join("endpoints.txt"))?;
    let good = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        if with_versions {
            connections.extend(versions(folder).await?);
        }
        let places = Arc::new(Semaphore::new(IN_FLIGHT));
        let mut tasks = tokio::task::JoinSet::new();
        for line in list.lines() {
            let (address, name) = line.split_once(' ').ok_or("no name")?;
            let address: SocketAddr = address.parse()?;
            let of_host = Arc::new(Semaphore::new(per_host));
            for connection in &connections {
                let (places, of_host) = (Arc::clone(&places), Arc::clone(&of_host));
                let (connection, name, good) = (connection.clone(), name.to_owned(), Arc::clone(&good));
                tasks.spawn(async move {
                    let (Ok(_of_host), Ok(_place)) = (of_host.acquire().await, places.acquire().await) else { return };
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

/// The handshakes of each version and of each Windows client that a management point of today is offered.
async fn versions(folder: &Path) -> Result<Vec<Connection>, Failed> {
    let name = HostName::new(NAME);
    let site = Site::nameless(Profile::CurrentBranch);
    let offers = Offers::new(&site, &Options::default()).given(Some(Role::ManagementPoint), &name, 443);
    let mut connections = Vec::new();
    for offer in offers.iter() {
        connections.push(match offer.label {
            OfferLabel::OnlyTls13 => Connection::Rustls(rustls(folder, true, &[&TLS13])?, None),
            OfferLabel::OnlyTls12 => Connection::Rustls(rustls(folder, true, &[&TLS12])?, None),
            OfferLabel::OnlySsl3 => Connection::Refused(old(SslVersion::SSL3)?, greeting(offer).await?),
            OfferLabel::OnlyTls10 => Connection::Refused(old(SslVersion::TLS1)?, greeting(offer).await?),
            OfferLabel::OnlyTls11 => Connection::Refused(old(SslVersion::TLS1_1)?, greeting(offer).await?),
            OfferLabel::Windows(_) => Connection::Hello(greeting(offer).await?),
            _ => continue,
        });
    }
    Ok(connections)
}

/// The name in hellos, until they are sent to somebody.
const NAME: &str = "mp0.corp.contoso.com";

/// A hello in clear text, and where the name is in it.
struct Greeting {
    record: Vec<u8>,
    named_at: Option<usize>,
}

/// What the prober's reader of clear text says for an offer, overheard.
async fn greeting(offer: &Offer) -> Result<Arc<Greeting>, Failed> {
    let in_a_while = tokio::time::Instant::now() + TIME_OUT;
    let hello = Hello {
        server_name: (offer.sni == Sni::Dialled).then(|| NAME.into()),
        versions: offer.versions,
        shape: offer.shape,
        cautious: false,
        identity: None,
        objection: None,
        late_authentication: false,
        deadline: in_a_while,
        patience: TIME_OUT,
    };
    let (ours, mut theirs) = tokio::io::duplex(16 * 1024);
    let heard = Capture::default();
    let saying = engine::perform(EngineId::HelloReader, ours, &hello, &heard);
    let hearing = async {
        let mut head = [0; 5];
        theirs.read_exact(&mut head).await?;
        let mut record = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        theirs.read_exact(&mut record).await?;
        drop(theirs);
        Ok::<_, std::io::Error>([&head[..], &record].concat())
    };
    let (record, _) = tokio::join!(hearing, saying);
    let record = record?;
    let named_at = record.windows(NAME.len()).position(|part| part == NAME.as_bytes());
    Ok(Arc::new(Greeting { record, named_at }))
}

impl Greeting {
    /// Says it to who is called so, and reads until the answer is there as far as it can be read.
    async fn say(&self, address: SocketAddr, name: &str) -> Result<(), Failed> {
        let mut record = self.record.clone();
        // A name as long as the one in it takes its place; the lengths around it stay as they are.
        if let Some(place) = self.named_at.and_then(|at| record.get_mut(at..at + name.len()))
            && name.len() == NAME.len()
        {
            place.copy_from_slice(name.as_bytes());
        }
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(&record).await?;
        let mut came = Vec::new();
        while !is_answered(&came) {
            if stream.read_buf(&mut came).await? == 0 {
                return Err("closed".into());
            }
        }
        Ok(())
    }
}

/// Whether an alert, the last message in clear text, or what follows the hello in TLS 1.3 has come.
fn is_answered(mut came: &[u8]) -> bool {
    const SERVER_HELLO_DONE: u8 = 14;
    while let Some((&[kind, _, _, high, low], rest)) = came.split_first_chunk::<5>() {
        let Some((mut messages, after)) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low]))) else {
            return false;
        };
        if kind != 22 {
            return true;
        }
        while let Some((&[kind, a, b, c], rest)) = messages.split_first_chunk::<4>() {
            if kind == SERVER_HELLO_DONE {
                return true;
            }
            messages = rest.get(u32::from_be_bytes([0, a, b, c]) as usize..).unwrap_or_default();
        }
        came = after;
    }
    false
}

/// One old version alone, by every suite there is.
fn old(version: SslVersion) -> Result<SslConnector, Failed> {
    let mut connector = SslConnector::builder(SslMethod::tls_client())?;
    connector.set_cipher_list("ALL:@SECLEVEL=0")?;
    connector.set_min_proto_version(Some(version))?;
    connector.set_max_proto_version(Some(version))?;
    connector.set_verify(SslVerifyMode::NONE);
    Ok(connector.build())
}

fn rustls(
    folder: &Path,
    with_name: bool,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<TlsConnector, Failed> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("root.pem"))?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)?
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
        if let Self::Hello(greeting) = self {
            return greeting.say(address, &name).await;
        }
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
            Self::Refused(connector, greeting) => {
                let mut stream = SslStream::new(connector.configure()?.into_ssl(&name)?, stream)?;
                if Pin::new(&mut stream).connect().await.is_ok() {
                    return Err("it has this version".into());
                }
                greeting.say(address, &name).await?;
            }
            Self::Hello(_) => {}
        }
        Ok(())
    }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, name: &str, what: &str) -> Result<(), Failed> {
    stream.write_all(format!("GET {what} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(())
}
