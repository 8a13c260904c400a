//! A certificate file, as documents have it: what its bytes are, and what it holds. Never a key.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::CertificateReport;
use crate::certificate::Certificate;
use crate::judgement::selection::Choice;
use crate::observation::file::{FileFacts, FileFormat, KeyPresence};

/// A certificate file that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileReport {
    /// Its name, as given.
    pub id: String,
    /// What it was judged as: `web-server`, `client`, `mobile-device`, `site-server`, `deployment`, `root`, `proxy`.
    pub kind: String,
    /// What its bytes are, told by content.
    pub format: FormatWord,
    /// The certificate it is about, by its SHA-256, an object of `certificates[]`; `null`: there is none to be had.
    pub certificate: Option<String>,
    /// The other certificates, in the file's order, likewise.
    pub others: Vec<String>,
    /// The private key, in the file or beside it.
    pub private_key: KeyWord,
    /// The key's provider, as a PKCS #12 file of Windows names it.
    pub provider: Option<String>,
    /// Which of several a client of the site takes; `null`: nobody asked.
    #[serde(default)]
    pub selection: Option<SelectionReport>,
    /// The certificates themselves, for whoever keeps each once; not part of the file's JSON.
    #[serde(skip)]
    pub certificates: Vec<Arc<CertificateReport>>,
}

/// Whether a client that has several certificates takes this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SelectionReport {
    /// It is the one.
    pub taken: bool,
    /// Why, in words.
    pub why: String,
}

impl From<&Choice> for SelectionReport {
    fn from(choice: &Choice) -> Self {
        Self { taken: choice.taken, why: choice.why.clone() }
    }
}

/// What a file's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FormatWord {
    /// One certificate, DER.
    Der,
    /// Certificates in PEM (Base64 encoded X.509).
    Pem,
    /// PKCS #7.
    Pkcs7,
    /// PKCS #12.
    Pkcs12,
    /// What an earlier run saw of an endpoint, out of its observations or its report.
    Saved,
}

impl FormatWord {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Der => FileFormat::Der.name(),
            Self::Pem => FileFormat::Pem.name(),
            Self::Pkcs7 => FileFormat::Pkcs7.name(),
            Self::Pkcs12 => FileFormat::Pkcs12.name(),
            Self::Saved => FileFormat::Saved.name(),
        }
    }
}

impl From<FileFormat> for FormatWord {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Der => Self::Der,
            FileFormat::Pem => Self::Pem,
            FileFormat::Pkcs7 => Self::Pkcs7,
            FileFormat::Pkcs12 => Self::Pkcs12,
            FileFormat::Saved => Self::Saved,
        }
    }
}

/// A private key and its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyWord {
    /// There is none.
    Absent,
    /// There is one, and it belongs to the certificate.
    Fits,
    /// There is one, of another certificate.
    DoesNotFit,
}

impl From<KeyPresence> for KeyWord {
    fn from(key: KeyPresence) -> Self {
        match key {
            KeyPresence::Absent => Self::Absent,
            KeyPresence::Fits => Self::Fits,
            KeyPresence::DoesNotFit => Self::DoesNotFit,
        }
    }
}

impl FileReport {
    /// A file, and what it was judged as.
    pub fn new(id: &str, kind: &str, file: &FileFacts) -> Self {
        let told = |certificate: &Arc<Certificate>| Arc::new(CertificateReport::from(certificate.as_ref()));
        let print = |certificate: &Arc<Certificate>| certificate.fingerprint_sha256();
        Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            format: file.format.into(),
            certificate: file.certificate.as_ref().map(print),
            others: file.others.iter().map(print).collect(),
            private_key: file.key.into(),
            provider: file.provider.clone(),
            selection: None,
            certificates: file.certificate.iter().chain(&file.others).map(told).collect(),
        }
    }
}
