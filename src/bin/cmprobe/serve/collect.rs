//! What other exporters of the same definitions saw, fetched before it is judged. A password goes to them over TLS, or over
//! this machine's loopback, and nowhere else; what comes is bounded, and read as strictly as any file of observations.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, HOST, HeaderValue};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::args::ServeArgs;
use crate::exit::Error;
use crate::files;
use crate::secret::secret;
use cmprobe::exporter::query;
use cmprobe::site::SecretSource;

/// How long opening a connection, with its handshake, may take.
const OPENING: Duration = Duration::from_secs(10);
/// How long fetching may take in all.
const LONGEST: Duration = Duration::from_secs(120);
/// The most octets that are taken.
const MOST: u64 = 1024 * 1024 * 1024;

/// An exporter to fetch from.
pub(super) struct Source {
    tls: Option<TlsConnector>,
    host: String,
    port: u16,
    path: String,
    authorization: Option<HeaderValue>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}{}", self.host, self.port, self.path)
    }
}

/// The exporters that are to be fetched from.
///
/// # Errors
/// Everything that is wrong with what was given.
pub(super) fn sources(args: &ServeArgs) -> Result<Vec<Source>, Error> {
    let mut faults = Vec::new();
    let mut roots = RootCertStore::empty();
    for file in &args.collect_ca_file {
        match files::certificates(file) {
            Ok(found) => {
                let found = found.iter().map(|one| CertificateDer::from(one.der.as_slice().to_vec()));
                if roots.add_parsable_certificates(found).0 == 0 {
                    faults.push(format!("{}: holds no authority's certificate", file.display()));
                }
            }
            Err(why) => faults.push(format!("{}: {why}", file.display())),
        }
    }
    let mut authorization = None;
    if let Some(file) = &args.pass_file {
        match secret(&SecretSource::File(file.clone()), "the exporters collected from") {
            Ok(line) if line.contains(':') => {
                let value = format!("Basic {}", BASE64.encode(line.as_bytes()));
                authorization = HeaderValue::from_str(&value).ok().map(|mut value| {
                    value.set_sensitive(true);
                    value
                });
            }
            Ok(_) => faults.push(format!("{}: its first line is no USER:PASSWORD", file.display())),
            Err(why) => faults.push(format!("--pass-file: {why}")),
        }
    }
    let mut sources = Vec::new();
    for url in &args.collect {
        match Source::read(url, &roots, authorization.clone()) {
            Ok(source) => sources.push(source),
            Err(why) => faults.push(format!("--collect: {why}")),
        }
    }
    Error::all(faults)?;
    Ok(sources)
}

impl Source {
    /// Reads a URL. What is wrong is told without it, for it may hold a password.
    fn read(url: &str, roots: &RootCertStore, authorization: Option<HeaderValue>) -> Result<Self, String> {
        const RIGHT: &str = "write https://HOST[:PORT], or http://HOST:PORT where the way is safe";
        let uri: Uri = url.parse().map_err(|_| RIGHT.to_owned())?;
        let authority = uri.authority().ok_or(RIGHT)?;
        if authority.as_str().contains('@') {
            return Err("the URL holds credentials; put USER:PASSWORD into a file and name it by --pass-file".into());
        }
        if uri.query().is_some() {
            return Err("the URL holds a query; the definition's name is added by itself".into());
        }
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) | None => return Err(RIGHT.into()),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_loopback = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        if !is_tls && authorization.is_some() && !is_loopback {
            return Err(format!("the password would cross the network in the clear to {host}; use https"));
        }
        if is_tls && roots.is_empty() {
            return Err(format!("nothing says which authority {host} is to be believed by; add --collect-ca-file"));
        }
        let tls = is_tls.then(|| connector(roots)).transpose()?;
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { tls, host, port, path, authorization })
    }

    /// Fetches what was seen of a definition into a file.
    ///
    /// # Errors
    /// Why there is nothing.
    pub(super) async fn fetch(&self, definition: &str, into: &Path) -> Result<(), String> {
        let fetching = async {
            let connecting = timeout(OPENING, TcpStream::connect((self.host.as_str(), self.port))).await;
            let stream = connecting.map_err(|_| "does not answer")?.map_err(|error| error.to_string())?;
            match &self.tls {
                None => self.ask(stream, definition, into).await,
                Some(connector) => {
                    let name = ServerName::try_from(self.host.clone()).map_err(|_| "its host is no name")?;
                    let shaking = timeout(OPENING, connector.connect(name, stream)).await;
                    let stream = shaking.map_err(|_| "the TLS handshake does not end")?;
                    self.ask(stream.map_err(|error| error.to_string())?, definition, into).await
                }
            }
        };
        timeout(LONGEST, fetching).await.map_err(|_| "the answer takes too long".to_owned())?
    }

    async fn ask<S>(&self, stream: S, definition: &str, into: &Path) -> Result<(), String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let told = |error: hyper::Error| error.to_string();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
        let mut driving = JoinSet::new();
        driving.spawn(connection);
        let query = query::of_definition(definition, None);
        let mut question = Request::get(format!("{}/observations?{query}", self.path))
            .header(HOST, format!("{}:{}", self.host, self.port));
        if let Some(authorization) = &self.authorization {
            question = question.header(AUTHORIZATION, authorization);
        }
        let question = question.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
        let mut answer = sender.send_request(question).await.map_err(told)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err("does not take the password, or wants one: --pass-file".into()),
            StatusCode::FORBIDDEN => return Err("hands out observations only where it asks for passwords".into()),
            StatusCode::BAD_REQUEST => return Err(format!("knows no definition {definition}")),
            StatusCode::SERVICE_UNAVAILABLE => return Err("has not ended its first run yet".into()),
            other => return Err(format!("answers {}", other.as_u16())),
        }
        let cannot = |error: std::io::Error| format!("{}: cannot be written: {error}", into.display());
        let mut file = File::create(into).await.map_err(cannot)?;
        let mut length = 0_u64;
        while let Some(frame) = answer.body_mut().frame().await {
            let Ok(data) = frame.map_err(told)?.into_data() else { continue };
            length += data.len() as u64;
            if length > MOST {
                return Err("hands out more than any run sees".into());
            }
            file.write_all(&data).await.map_err(cannot)?;
        }
        file.flush().await.map_err(cannot)
    }
}

/// TLS that believes these authorities.
fn connector(roots: &RootCertStore) -> Result<TlsConnector, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots.clone())
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
