//! How the exporter is reached: the web configuration with the files it names, read again where they change. One that is
//! wrong leaves the old in force.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cmprobe::certificate::{AlternativeName, Certificate};
use cmprobe::exporter::web_config::{Clients, Oldest, Tls, WebConfig};
use cmprobe::wire::der::Der;
use data_encoding::BASE64;
use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use super::stamp::{Stamp, stamp};
use crate::exit::{Error, complain};
use crate::files;

/// The web configuration that is in force.
pub(super) struct Web {
    path: Option<PathBuf>,
    state: Mutex<State>,
}

struct State {
    config: Arc<Config>,
    /// The files, as they were when they were last read.
    stamp: Stamp,
}

/// What the configuration says.
#[derive(Default)]
pub(super) struct Config {
    /// `None`: plain HTTP.
    pub(super) tls: Option<TlsAcceptor>,
    /// The names of which clients' certificates must hold one; empty: any will do.
    client_names: Vec<String>,
    users: BTreeMap<String, String>,
    /// Digests of what was verified: the hashes cost a lot by design, and scrapes come often.
    known: Mutex<HashSet<[u8; 32]>>,
    /// Only so many are verified at once, so that guessing takes no more than that of the machine.
    turn: Turn,
}

struct Turn(Semaphore);

impl Default for Turn {
    fn default() -> Self {
        Self(Semaphore::new(1))
    }
}

impl Web {
    /// Reads the configuration, where there is one.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn open(path: Option<PathBuf>) -> Result<Self, Error> {
        let (config, stamp) = match &path {
            Some(path) => read(path).map_err(Error::Faults)?,
            None => (Config::default(), Stamp::new()),
        };
        Ok(Self { path, state: Mutex::new(State { config: Arc::new(config), stamp }) })
    }

    /// What is in force; the files are read again where they have changed.
    pub(super) fn current(&self) -> Arc<Config> {
        let (config, was) = {
            let state = self.state();
            (Arc::clone(&state.config), state.stamp.clone())
        };
        if stamp(was.iter().map(|(path, _)| path.clone())) == was {
            return config;
        }
        self.reload();
        Arc::clone(&self.state().config)
    }

    /// Reads the files again.
    pub(super) fn reload(&self) {
        let Some(path) = &self.path else { return };
        match read(path) {
            Ok((config, stamp)) => {
                *self.state() = State { config: Arc::new(config), stamp };
            }
            Err(faults) => {
                faults.iter().for_each(|fault| complain(fault));
                complain("the web configuration that was read before stays in force");
                let mut state = self.state();
                state.stamp = stamp(state.stamp.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
            }
        }
    }

    /// Whether TLS is spoken.
    pub(super) fn speaks_tls(&self) -> bool {
        self.state().config.tls.is_some()
    }

    /// Whether callers are asked for passwords.
    pub(super) fn asks_for_passwords(&self) -> bool {
        self.state().config.asks_for_passwords()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Config {
    /// Whether callers are asked for passwords.
    pub(super) fn asks_for_passwords(&self) -> bool {
        !self.users.is_empty()
    }

    /// Whether a client with this certificate may ask anything.
    pub(super) fn admits(&self, presented: Option<&[CertificateDer<'_>]>) -> bool {
        if self.client_names.is_empty() {
            return true;
        }
        let Some(own) = presented.and_then(<[_]>::first) else { return false };
        let read = Certificate::read(&Der::from(own.as_ref()));
        let names = read.facts().and_then(|facts| facts.alternative_names.as_deref()).unwrap_or_default();
        names.iter().any(|name| {
            let text = match name {
                AlternativeName::Dns(text) | AlternativeName::Upn(text) => text.clone(),
                AlternativeName::Ip(address) => address.to_string(),
                AlternativeName::Other { kind: "email" | "uri", value } => value.clone(),
                AlternativeName::Other { .. } => return false,
            };
            self.client_names.contains(&text)
        })
    }

    /// Whether a caller with this `Authorization` is one of the users.
    pub(super) async fn knows(&self, authorization: Option<&[u8]>) -> bool {
        if self.users.is_empty() {
            return true;
        }
        let Some((user, password)) = authorization.and_then(credentials) else { return false };
        // Who is no user is not told so by a quick answer.
        let own = self.users.get(user.as_str());
        let Some(hash) = own.or_else(|| self.users.values().next()).cloned() else { return false };
        let mut digest = Sha256::new();
        for part in [user.as_bytes(), password.as_bytes(), hash.as_bytes()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest: [u8; 32] = digest.finalize().into();
        if self.known().contains(&digest) {
            return true;
        }
        let Ok(_turn) = self.turn.0.acquire().await else { return false };
        let verified = tokio::task::spawn_blocking(move || bcrypt::verify(password.as_bytes(), &hash)).await;
        let is_right = matches!(verified, Ok(Ok(true))) && own.is_some();
        if is_right {
            self.known().insert(digest);
        }
        is_right
    }

    fn known(&self) -> MutexGuard<'_, HashSet<[u8; 32]>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// User and password of a Basic `Authorization`.
fn credentials(value: &[u8]) -> Option<(String, Zeroizing<String>)> {
    let (scheme, encoded) = value.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let decoded = Zeroizing::new(BASE64.decode(encoded.trim_ascii()).ok()?);
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), Zeroizing::new(password.to_owned())))
}

/// Reads a configuration and the files it names, and notes them as they were before.
fn read(path: &Path) -> Result<(Config, Stamp), Vec<String>> {
    let shown = path.display();
    let before = stamp([path.to_owned()]);
    let text = files::read_text(path).map_err(|why| vec![format!("{shown}: {why}")])?;
    let named = |faults: Vec<String>| faults.into_iter().map(|fault| format!("{shown}: {fault}")).collect::<Vec<_>>();
    let config = WebConfig::read(&text, path.parent().unwrap_or(Path::new(""))).map_err(named)?;
    let stamp = before.into_iter().chain(stamp(config.files().map(Path::to_owned))).collect();
    let mut client_names = Vec::new();
    let mut tls = None;
    if let Some(wanted) = &config.tls {
        let server = server(wanted).map_err(|fault| named(vec![fault]))?;
        tls = Some(TlsAcceptor::from(Arc::new(server)));
        client_names.clone_from(&wanted.client_names);
    }
    Ok((Config { tls, client_names, users: config.users, ..Config::default() }, stamp))
}

/// TLS as it was configured.
fn server(wanted: &Tls) -> Result<ServerConfig, String> {
    let chain = certificates(&wanted.certificate)?;
    let key = files::read_secret(&wanted.key).map_err(|why| format!("{}: {why}", wanted.key.display()))?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| format!("{}: holds no key in PEM that opens without a password", wanted.key.display()))?;
    let provider = Arc::new(ring::default_provider());
    let versions: &[&SupportedProtocolVersion] = match wanted.oldest {
        Oldest::Tls12 => &[&TLS13, &TLS12],
        Oldest::Tls13 => &[&TLS13],
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())?;
    let builder = match (&wanted.client_authorities, wanted.clients) {
        (None, _) | (Some(_), Clients::NotAsked) => builder.with_no_client_auth(),
        (Some(file), clients @ (Clients::IfGiven | Clients::Required)) => {
            let mut roots = RootCertStore::empty();
            let (taken, _) = roots.add_parsable_certificates(certificates(file)?);
            if taken == 0 {
                return Err(format!("{}: holds no authority's certificate", file.display()));
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier = if clients == Clients::IfGiven { verifier.allow_unauthenticated() } else { verifier };
            builder.with_client_cert_verifier(verifier.build().map_err(|error| error.to_string())?)
        }
    };
    let mut server = builder
        .with_single_cert(chain, key)
        .map_err(|error| format!("{} and {}: {error}", wanted.certificate.display(), wanted.key.display()))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(server)
}

/// The certificates of a PEM file.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bytes = files::read(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .map_err(|_| format!("{}: is no PEM file of certificates", file.display()))?;
    if found.is_empty() { Err(format!("{}: holds no certificate in PEM", file.display())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::credentials;

    #[test]
    fn passwords_may_hold_colons() {
        let read = |text: &str| credentials(text.as_bytes()).map(|(user, password)| (user, password.to_string()));
        assert_eq!(read("Basic YWxpY2U6YTpi"), Some(("alice".into(), "a:b".into())));
        assert_eq!(read("basic  YWxpY2U6"), Some(("alice".into(), String::new())));
        for text in ["", "Basic", "Basic ", "Basic !", "Bearer YWxpY2U6YTpi", "Basic YWxpY2U="] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
