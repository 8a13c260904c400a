//! Client identities: a certificate with its chain, and the key that fits it, ready to be presented. Secrets stay in
//! zeroizing memory and never show in `Debug`, errors or logs. Bytes in, identity out: files are read elsewhere.

mod bundle;
pub mod file;
mod key;
mod rounds;
pub mod stranger;

use std::fmt;
use std::sync::{Arc, OnceLock};

use openssl::error::ErrorStack;
use openssl::pkcs7::Pkcs7;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509, X509VerifyResult};
use zeroize::Zeroizing;

use crate::wire::der::Der;
use crate::wire::pem;
use key::{fits, load_old_algorithms, read_private_key};

/// A certificate the probe may present, and its key.
pub struct ClientIdentity {
    /// Its name in the definition; `stranger` for the minted one.
    pub name: Arc<str>,
    /// The certificate, then its chain as far as it is at hand.
    pub chain: Vec<Der>,
    /// The private key, PKCS #8 DER.
    pub key: Zeroizing<Vec<u8>>,
    /// Both as OpenSSL has them, read once for all connections.
    parsed: OnceLock<Result<Parsed, ErrorStack>>,
}

/// A certificate with its chain, and its key, as OpenSSL has them.
pub(crate) struct Parsed {
    /// The certificate, then its chain.
    pub(crate) chain: Vec<X509>,
    /// The private key. What OpenSSL prepares for signing with it stays with it.
    pub(crate) key: PKey<Private>,
}

impl Parsed {
    fn read(chain: &[Der], key: &[u8]) -> Result<Self, ErrorStack> {
        let chain = chain.iter().map(|one| X509::from_der(one.as_slice())).collect::<Result<_, _>>()?;
        Ok(Self { chain, key: PKey::private_key_from_pkcs8(key)? })
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity")
            .field("name", &self.name)
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}

/// Why an identity cannot be had. Holds no secret and no byte of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// The file is not PKCS #12.
    NotPkcs12,
    /// The secret does not open it.
    WrongSecret,
    /// It is locked, and no secret was given.
    SecretMissing,
    /// It holds no private key.
    NoKey,
    /// It holds no certificate.
    NoCertificate,
    /// The key's bytes are no private key this program reads.
    UnreadableKey,
    /// A certificate's bytes cannot be read.
    UnreadableCertificate,
    /// The key belongs to another certificate.
    KeyDoesNotFit,
    /// Trying a password on it would take minutes: its bytes ask for more rounds of hashing than any honest program writes.
    TooManyRounds,
    /// The cryptography library failed.
    Library(String),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotPkcs12 => "this is not a PKCS #12 file (.pfx, .p12)",
            Self::WrongSecret => "the password does not open it",
            Self::SecretMissing => "it is protected by a password, and none was given",
            Self::NoKey => "it holds no private key; export it again \u{201c}with the private key\u{201d}",
            Self::NoCertificate => "it holds no certificate",
            Self::UnreadableKey => "this is no private key in PEM or DER (PKCS #8, PKCS #1 or SEC 1)",
            Self::UnreadableCertificate => "this is no certificate in PEM or DER",
            Self::KeyDoesNotFit => "the private key does not belong to the certificate",
            Self::TooManyRounds => {
                "trying its password would take minutes: it asks for more than ten million rounds of hashing; export it again"
            }
            Self::Library(words) => return write!(f, "the cryptography library failed: {words}"),
        })
    }
}

impl std::error::Error for IdentityError {}

impl From<ErrorStack> for IdentityError {
    fn from(stack: ErrorStack) -> Self {
        // Reasons only: an error stack's data strings can quote input.
        let reasons: Vec<&str> = stack.errors().iter().filter_map(openssl::error::Error::reason).collect();
        Self::Library(if reasons.is_empty() { "no reason given".to_owned() } else { reasons.join("; ") })
    }
}

/// What a PKCS #12 file held, opened.
pub struct Opened {
    /// The certificate that fits the key.
    pub leaf: Der,
    /// The other certificates, in the file's order.
    pub others: Vec<Der>,
    /// The key, PKCS #8 DER.
    pub key: Zeroizing<Vec<u8>>,
}

impl ClientIdentity {
    /// A certificate with its chain, and its key, PKCS #8 DER.
    pub fn new(name: impl Into<Arc<str>>, chain: Vec<Der>, key: Zeroizing<Vec<u8>>) -> Self {
        Self { name: name.into(), chain, key, parsed: OnceLock::new() }
    }

    /// Certificates and key as OpenSSL has them.
    ///
    /// # Errors
    /// It cannot read one of them.
    pub(crate) fn parsed(&self) -> Result<&Parsed, ErrorStack> {
        self.parsed.get_or_init(|| Parsed::read(&self.chain, &self.key)).as_ref().map_err(Clone::clone)
    }

    /// Opens a PKCS #12 file, old (RC2-40, 3DES, SHA-1) or new (AES, SHA-2).
    ///
    /// # Errors
    /// Not PKCS #12, a wrong or missing secret, no key, no certificate, or a key that fits none of the certificates.
    pub fn from_pkcs12(name: &str, bytes: &[u8], secret: Option<&str>) -> Result<Self, IdentityError> {
        Ok(Self::of(name, open_pkcs12(bytes, secret)?))
    }

    fn of(name: &str, Opened { leaf, others, key }: Opened) -> Self {
        let mut chain = vec![leaf];
        chain.extend(others);
        Self::new(name, chain, key)
    }

    /// Puts certificate and key together, each PEM or DER; the key may stand in the certificate's PEM file. A PEM file's
    /// further certificates are the chain.
    ///
    /// # Errors
    /// An unreadable part, a wrong or missing secret, or a key that fits none of the certificates.
    pub fn from_pair(
        name: &str,
        certificate: &[u8],
        key: Option<&[u8]>,
        secret: Option<&str>,
    ) -> Result<Self, IdentityError> {
        let certificates = read_certificates(certificate)?;
        let key = read_private_key(key.unwrap_or(certificate), secret)?;
        let at = certificates.iter().position(|one| fits(one, &key)).ok_or(IdentityError::KeyDoesNotFit)?;
        let mut ordered: Vec<&X509> = vec![&certificates[at]];
        ordered.extend(certificates.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, one)| one));
        let chain = ordered.into_iter().map(|one| one.to_der().map(Der::from)).collect::<Result<_, _>>()?;
        Ok(Self::new(name, chain, Zeroizing::new(key.private_key_to_pkcs8()?)))
    }
}

/// How many authorities above a client are looked for.
const HIGHEST: usize = 8;

impl ClientIdentity {
    /// Adds the authorities above it that its file leaves out, as Windows sends them from its own stores; a root is never
    /// sent.
    pub fn complete(&mut self, authorities: &[Der]) {
        let read = |der: &Der| X509::from_der(der.as_slice()).ok();
        let issued = |above: &X509, below: &X509| above.issued(below) == X509VerifyResult::OK;
        let own: Vec<X509> = self.chain.iter().filter_map(read).collect();
        let known: Vec<X509> = authorities.iter().filter_map(read).collect();
        let Some(mut last) = own.first().cloned() else { return };
        for _ in 0..HIGHEST {
            if issued(&last, &last) {
                return;
            }
            if let Some(above) = own.iter().find(|above| issued(above, &last)) {
                last = above.clone();
                continue;
            }
            let Some(above) = known.iter().find(|above| issued(above, &last) && !issued(above, above)) else { return };
            let Ok(der) = above.to_der() else { return };
            self.chain.push(Der::from(der));
            self.parsed.take();
            last = above.clone();
        }
    }
}

/// Opens a PKCS #12 file.
///
/// # Errors
/// As [`ClientIdentity::from_pkcs12`].
pub fn open_pkcs12(bytes: &[u8], secret: Option<&str>) -> Result<Opened, IdentityError> {
    opened(unlock(bytes, secret)?)
}

/// What a PKCS #12 file holds. To unlock it is what costs: it asks for thousands of rounds of hashing, or millions.
struct Unlocked {
    key: Option<PKey<Private>>,
    certificates: Vec<X509>,
}

fn unlock(bytes: &[u8], secret: Option<&str>) -> Result<Unlocked, IdentityError> {
    load_old_algorithms();
    let bytes = &*pem::unwrapped(bytes);
    if rounds::too_many(bytes) {
        return Err(IdentityError::TooManyRounds);
    }
    let file = Pkcs12::from_der(bytes).map_err(|_| IdentityError::NotPkcs12)?;
    // No password has a NUL in it; OpenSSL takes none that has.
    if secret.is_some_and(|secret| secret.contains('\0')) {
        return Err(IdentityError::WrongSecret);
    }
    let parsed = match file.parse2(secret.unwrap_or_default()) {
        Ok(parsed) => parsed,
        Err(_) if secret.is_none() => return Err(IdentityError::SecretMissing),
        Err(_) => return Err(IdentityError::WrongSecret),
    };
    let certificates = parsed.cert.into_iter().chain(parsed.ca.into_iter().flatten()).collect();
    Ok(Unlocked { key: parsed.pkey, certificates })
}

fn opened(unlocked: Unlocked) -> Result<Opened, IdentityError> {
    let key = unlocked.key.ok_or(IdentityError::NoKey)?;
    let mut all = unlocked.certificates;
    if all.is_empty() {
        return Err(IdentityError::NoCertificate);
    }
    let at = all.iter().position(|one| fits(one, &key)).ok_or(IdentityError::KeyDoesNotFit)?;
    let leaf = Der::from(all.remove(at).to_der()?);
    let others = all.iter().map(|one| one.to_der().map(Der::from)).collect::<Result<_, _>>()?;
    Ok(Opened { leaf, others, key: Zeroizing::new(key.private_key_to_pkcs8()?) })
}

/// Every certificate of a PEM file, or the one of a DER file.
fn read_certificates(bytes: &[u8]) -> Result<Vec<X509>, IdentityError> {
    let ders = match pem::text(bytes) {
        Ok(text) if !pem::blocks(&text).is_empty() => bundle::in_order(bytes),
        Ok(_) | Err(_) => {
            let der = pem::unwrapped(bytes);
            let several = Pkcs7::from_der(&der).ok().and_then(|file| bundle::pkcs7_certificates(&file));
            several.unwrap_or_else(|| vec![Der::from(&*der)])
        }
    };
    if ders.is_empty() {
        return Err(IdentityError::NoCertificate);
    }
    ders.iter().map(|der| X509::from_der(der.as_slice()).map_err(|_| IdentityError::UnreadableCertificate)).collect()
}

#[cfg(test)]
mod tests;
