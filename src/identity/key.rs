//! Private keys as files hold them: PEM or DER, encrypted or not, by old algorithms too.

use openssl::pkey::{PKey, Private};
use openssl::provider::Provider;
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::{IdentityError, rounds};
use crate::wire::pem;

/// Whether a key belongs to a certificate.
pub(super) fn fits(certificate: &X509, key: &PKey<Private>) -> bool {
    certificate.public_key().is_ok_and(|public| public.public_eq(key))
}

/// A private key in PEM or DER, encrypted or not.
pub(super) fn read_private_key(bytes: &[u8], secret: Option<&str>) -> Result<PKey<Private>, IdentityError> {
    load_old_algorithms();
    let decoded;
    let mut bytes = bytes;
    if let Ok(text) = pem::text(bytes) {
        let text = Zeroizing::new(text.into_owned());
        let blocks = pem::blocks(&text);
        if !blocks.is_empty() {
            return read_pem_key(&blocks, secret);
        }
        if let Some(der) = pem::bare(&text) {
            decoded = Zeroizing::new(der);
            bytes = &decoded;
        }
    }
    if rounds::too_many(bytes) {
        return Err(IdentityError::TooManyRounds);
    }
    if let Ok(key) = PKey::private_key_from_der(bytes) {
        return Ok(key);
    }
    if X509::from_der(bytes).is_ok() {
        return Err(IdentityError::NoKey);
    }
    // An encrypted PKCS #8 structure begins with an AlgorithmIdentifier, not with a version.
    let encrypted = matches!(bytes, [0x30, rest @ ..] if encrypted_pkcs8(rest));
    match secret {
        Some(secret) => PKey::private_key_from_pkcs8_passphrase(bytes, secret.as_bytes())
            .map_err(|_| if encrypted { IdentityError::WrongSecret } else { IdentityError::UnreadableKey }),
        None if encrypted => Err(IdentityError::SecretMissing),
        None => Err(IdentityError::UnreadableKey),
    }
}

/// The first private key of a PEM file.
fn read_pem_key(blocks: &[pem::Block<'_>], secret: Option<&str>) -> Result<PKey<Private>, IdentityError> {
    let Some(block) = blocks.iter().find(|block| block.is_private_key()) else { return Err(IdentityError::NoKey) };
    let written = block.rewritten();
    if rounds::too_many(written.as_bytes()) {
        return Err(IdentityError::TooManyRounds);
    }
    let encrypted =
        block.label == "ENCRYPTED PRIVATE KEY" || block.headers.iter().any(|header| header.contains("ENCRYPTED"));
    if !encrypted {
        return PKey::private_key_from_pem(written.as_bytes()).map_err(|_| IdentityError::UnreadableKey);
    }
    let Some(secret) = secret else { return Err(IdentityError::SecretMissing) };
    PKey::private_key_from_pem_passphrase(written.as_bytes(), secret.as_bytes()).map_err(|_| IdentityError::WrongSecret)
}

/// Whether what follows the outer SEQUENCE tag is a length and then another SEQUENCE.
fn encrypted_pkcs8(rest: &[u8]) -> bool {
    let after_length = match rest.first() {
        Some(length) if *length < 0x80 => 1,
        Some(length) => 1 + usize::from(length & 0x7f),
        None => return false,
    };
    rest.get(after_length) == Some(&0x30)
}

/// Makes RC2, RC4 and their kind available for reading old files, beside everything else. Kept for the process's life.
pub(super) fn load_old_algorithms() {
    static LOADED: std::sync::OnceLock<Option<Provider>> = std::sync::OnceLock::new();
    LOADED.get_or_init(|| Provider::try_load(None, "legacy", true).ok());
}
