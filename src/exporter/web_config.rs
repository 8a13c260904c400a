//! The web configuration of Prometheus' exporters (exporter-toolkit's YAML): how `serve` speaks TLS, and whose passwords it
//! takes. A key that means nothing here is refused by its name, for it would have meant a protection. No complaint quotes
//! a value of `basic_auth_users`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use bcrypt::HashParts;
use serde::Deserialize;

/// How the exporter is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebConfig {
    /// Its TLS; `None`: plain HTTP.
    pub tls: Option<Tls>,
    /// The bcrypt hashes of passwords, by user; empty: nobody is asked for one.
    pub users: BTreeMap<String, String>,
}

/// How the exporter speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Its certificate with those above it, PEM.
    pub certificate: PathBuf,
    /// The certificate's key, PEM.
    pub key: PathBuf,
    /// The authorities whose clients are taken, PEM.
    pub client_authorities: Option<PathBuf>,
    /// What clients must present.
    pub clients: Clients,
    /// Of the clients' alternative names one must be among these; empty: any will do.
    pub client_names: Vec<String>,
    /// The oldest version spoken.
    pub oldest: Oldest,
}

/// What clients must present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clients {
    /// Nothing.
    NotAsked,
    /// A certificate of the authorities, or none.
    IfGiven,
    /// A certificate of the authorities.
    Required,
}

/// The oldest version of TLS that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oldest {
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tls_server_config: Option<TlsFile>,
    #[serde(default)]
    basic_auth_users: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsFile {
    cert_file: String,
    key_file: String,
    #[serde(default)]
    client_ca_file: Option<String>,
    #[serde(default)]
    client_auth_type: Option<String>,
    #[serde(default)]
    client_allowed_sans: Option<Vec<String>>,
    #[serde(default)]
    min_version: Option<String>,
}

impl WebConfig {
    /// Reads a configuration; the files it names lie in `folder` unless they say where they are.
    ///
    /// # Errors
    /// Everything that is wrong with it, never with a hash.
    pub fn read(text: &str, folder: &Path) -> Result<Self, Vec<String>> {
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Self::default());
        }
        let file: File =
            serde_saphyr::from_str(text).map_err(|error| vec![words(&error.without_snippet().to_string())])?;
        let mut faults = Vec::new();
        let users = file.basic_auth_users.unwrap_or_default();
        for (user, hash) in &users {
            if HashParts::from_str(hash).is_err() {
                faults.push(format!(
                    "basic_auth_users: what stands for {user} is no bcrypt hash; htpasswd -nB {user} makes one"
                ));
            }
        }
        let tls = file.tls_server_config.map(|tls| tls.understood(folder, &mut faults));
        if faults.is_empty() { Ok(Self { tls, users }) } else { Err(faults) }
    }

    /// The files it names.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.tls
            .iter()
            .flat_map(|tls| {
                [Some(&tls.certificate), Some(&tls.key), tls.client_authorities.as_ref()].into_iter().flatten()
            })
            .map(PathBuf::as_path)
    }
}

impl TlsFile {
    fn understood(self, folder: &Path, faults: &mut Vec<String>) -> Tls {
        let clients = match self.client_auth_type.as_deref() {
            None | Some("" | "NoClientCert") => Clients::NotAsked,
            Some("VerifyClientCertIfGiven") => Clients::IfGiven,
            Some("RequireAndVerifyClientCert") => Clients::Required,
            Some("RequestClientCert" | "RequireAnyClientCert") => {
                faults.push("client_auth_type: certificates that nobody verifies protect nothing; write VerifyClientCertIfGiven or RequireAndVerifyClientCert".into());
                Clients::NotAsked
            }
            Some(_) => {
                faults.push(
                    "client_auth_type: it is one of NoClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert"
                        .into(),
                );
                Clients::NotAsked
            }
        };
        match (clients, &self.client_ca_file) {
            (Clients::NotAsked, Some(_)) => faults.push("client_ca_file: authorities of clients without a client_auth_type are asked for nothing; write RequireAndVerifyClientCert".into()),
            (Clients::IfGiven | Clients::Required, None) => {
                faults.push("client_auth_type: without a client_ca_file no client can be verified".into());
            }
            (Clients::NotAsked, None) | (Clients::IfGiven | Clients::Required, Some(_)) => {}
        }
        let client_names = self.client_allowed_sans.unwrap_or_default();
        if !client_names.is_empty() && clients != Clients::Required {
            faults.push("client_allowed_sans: names are demanded of clients that need not show a certificate; write client_auth_type: RequireAndVerifyClientCert".into());
        }
        let oldest = match self.min_version.as_deref() {
            None | Some("" | "TLS12") => Oldest::Tls12,
            Some("TLS13") => Oldest::Tls13,
            Some(_) => {
                faults.push("min_version: it is TLS12 or TLS13; older ones are not spoken".into());
                Oldest::Tls12
            }
        };
        Tls {
            certificate: folder.join(self.cert_file),
            key: folder.join(self.key_file),
            client_authorities: self.client_ca_file.map(|file| folder.join(file)),
            clients,
            client_names,
            oldest,
        }
    }
}

/// What the YAML's reader has to say, in words of ours; never with a value.
fn words(told: &str) -> String {
    let place = told.rsplit_once(" at line ").map(|(_, place)| format!(", at line {place}")).unwrap_or_default();
    let after = |kind: &str| told.split_once(kind).map(|(_, rest)| rest);
    let in_ticks = |rest: &str| rest.split('`').nth(1).unwrap_or_default().to_owned();
    let is_end = |c: char| c == ',' || c.is_whitespace();
    if let Some(rest) = after("missing field ") {
        format!("it has no {}{place}", in_ticks(rest))
    } else if let Some(rest) = after("unknown field ") {
        format!("unknown key {}{place}", in_ticks(rest))
    } else if let Some(rest) = after("duplicate mapping key: ") {
        format!("the key {} is there twice{place}", rest.split(is_end).next().unwrap_or_default())
    } else {
        format!("it is no YAML with tls_server_config or basic_auth_users, each with keys of its own{place}")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Clients, Oldest, WebConfig};

    const HASH: &str = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

    fn read(text: &str) -> Result<WebConfig, String> {
        WebConfig::read(text, Path::new("etc")).map_err(|faults| faults.join("\n"))
    }

    #[test]
    fn what_the_toolkit_documents_is_read() {
        let text = format!(
            "# ours\ntls_server_config:\n  cert_file: server.crt\n  key_file: /pki/server.key\n  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n  client_allowed_sans:\n  - prometheus.contoso.com\n  min_version: TLS13\nbasic_auth_users:\n  alice: {HASH}\n"
        );
        let config = read(&text).unwrap();
        let tls = config.tls.as_ref().unwrap();
        assert_eq!(tls.certificate, Path::new("etc/server.crt"));
        assert_eq!(tls.key, Path::new("/pki/server.key"));
        assert_eq!((tls.clients, tls.oldest), (Clients::Required, Oldest::Tls13));
        assert_eq!(tls.client_names, ["prometheus.contoso.com"]);
        assert_eq!(config.users["alice"], HASH);
        assert_eq!(config.files().count(), 3);
        for empty in ["", "\n# nothing\n"] {
            assert_eq!(read(empty), Ok(WebConfig::default()));
        }
    }

    #[test]
    fn the_readers_words_are_ours() {
        for (text, words) in [
            ("basic_auth_users:\n  a: x\n  a: y\n", "the key a is there twice, at line 3"),
            ("tls_server_config:\n  cert_file: x\n", "it has no key_file, at line"),
            ("- a\n", "it is no YAML with tls_server_config or basic_auth_users, each with keys of its own, at line 1"),
            ("http_server_config: {}\n", "unknown key http_server_config"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.starts_with(words), "{text}: {fault}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_no_hash_is_quoted() {
        let tls = "tls_server_config: {cert_file: a, key_file: b";
        for (text, word) in [
            ("http_server_config: {http2: false}".to_owned(), "http_server_config"),
            (format!("{tls}, cipher_suites: [x]}}"), "cipher_suites"),
            ("tls_server_config: {cert_file: a}".to_owned(), "key_file"),
            (format!("{tls}, min_version: TLS10}}"), "min_version"),
            (format!("{tls}, client_ca_file: c}}"), "client_auth_type"),
            (format!("{tls}, client_auth_type: RequireAndVerifyClientCert}}"), "client_ca_file"),
            (format!("{tls}, client_auth_type: RequireAnyClientCert}}"), "client_auth_type"),
            (format!("{tls}, client_allowed_sans: [x]}}"), "client_allowed_sans"),
            ("basic_auth_users: {alice: canary}".to_owned(), "alice"),
            (format!("basic_auth_users: {{alice: [\"{HASH}canary\"]}}"), ""),
            (format!("basic_auth_users:\n  alice: {HASH}canary\n  alice: x\n"), ""),
            ("basic_auth_users: canary".to_owned(), ""),
        ] {
            let fault = read(&text).unwrap_err();
            assert!(fault.contains(word), "{text}: {fault}");
            assert!(!fault.contains("canary") && !fault.contains("$2y$"), "{text}: {fault}");
        }
    }
}
