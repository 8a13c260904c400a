//! What a certificate file holds, told by its content and not by its name.

use std::sync::Arc;

use crate::certificate::Certificate;

/// What was found in a certificate file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// What the bytes are.
    pub format: FileFormat,
    /// Whether it could be opened.
    pub lock: Lock,
    /// The certificate it is about: the one the key fits, else the first that is no CA, else the first.
    pub certificate: Option<Arc<Certificate>>,
    /// The other certificates, in the file's order.
    pub others: Vec<Arc<Certificate>>,
    /// The private key, in the file or beside it.
    pub key: KeyPresence,
    /// How many private keys it holds.
    pub keys: usize,
    /// The key's provider, as a PKCS #12 file exported by Windows names it.
    pub provider: Option<String>,
}

#[cfg(test)]
impl FileFacts {
    /// Of a file that is this certificate, DER, and nothing else.
    pub(crate) fn of_der(certificate: Certificate) -> Self {
        Self {
            format: FileFormat::Der,
            lock: Lock::Open,
            certificate: Some(Arc::new(certificate)),
            others: Vec::new(),
            key: KeyPresence::Absent,
            keys: 0,
            provider: None,
        }
    }
}

/// What a certificate file's bytes are, told by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// One certificate, DER.
    Der,
    /// Certificates in PEM (Windows: Base64 encoded X.509).
    Pem,
    /// PKCS #7, DER or PEM.
    Pkcs7,
    /// PKCS #12.
    Pkcs12,
    /// What an earlier run saw of an endpoint.
    Saved,
}

impl FileFormat {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Der => "DER encoded binary X.509",
            Self::Pem => "Base64 encoded X.509 (PEM)",
            Self::Pkcs7 => "PKCS #7",
            Self::Pkcs12 => "PKCS #12",
            Self::Saved => "saved by an earlier run",
        }
    }
}

/// Whether a file could be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It needs no secret, or the secret given opens it.
    Open,
    /// The secret given does not open it.
    WrongSecret,
    /// It needs a secret, and none was given.
    SecretMissing,
}

/// A private key and its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPresence {
    /// There is none.
    Absent,
    /// There is one, and it belongs to the certificate.
    Fits,
    /// There is one, of another certificate.
    DoesNotFit,
}
