//! The floor: the least an honest tokio + rustls probe pays. Connects, shakes hands, verifies the chain against the root
//! and the name, and counts. It reports nothing and judges nothing else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;

/// Connections at a time.
const IN_FLIGHT: usize = 200;
/// For connecting and shaking hands together.
const TIME_OUT: Duration = Duration::from_secs(5);

/// `floor LIST ROOT`: probes every endpoint of the list.
pub(crate) fn run(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let [list, root] = arguments else { return Err("floor LIST ROOT".into()) };
    let endpoints: Vec<SocketAddr> =
        std::fs::read_to_string(list)?.lines().map(str::parse).collect::<Result<_, _>>()?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(root)?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    let connector = TlsConnector::from(Arc::new(config));
    let good = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let places = Arc::new(Semaphore::new(IN_FLIGHT));
        let mut tasks = tokio::task::JoinSet::new();
        for endpoint in endpoints {
            let place = Arc::clone(&places).acquire_owned().await?;
            let (connector, good) = (connector.clone(), Arc::clone(&good));
            tasks.spawn(async move {
                let _place = place;
                let probe = async {
                    let stream = TcpStream::connect(endpoint).await?;
                    stream.set_nodelay(true)?;
                    connector.connect(ServerName::from(endpoint.ip()), stream).await
                };
                if let Ok(Ok(_)) = tokio::time::timeout(TIME_OUT, probe).await {
                    good.fetch_add(1, Ordering::Relaxed);
                }
            });
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
        Ok::<_, Box<dyn std::error::Error>>(())
    })?;
    println!("{}", good.load(Ordering::Relaxed));
    Ok(())
}
