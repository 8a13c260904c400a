//! Whether one certificate's signature was made with another's key, by the algorithms the trust store hands in.

use rustls_pki_types::{SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use webpki::RawPublicKeyEntity;
use x509_parser::asn1_rs::{Any, BitString, FromDer};
use x509_parser::certificate::X509Certificate;

use crate::certificate::{Certificate, Facts, KeyAlgorithm, SignatureAlgorithm, SignatureFamily};

/// What came of looking at a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The signature was made with that key.
    Yes,
    /// It was not.
    No,
    /// No algorithm at hand can tell: why, in words.
    Undecided(String),
}

/// Whether `certificate` bears a signature made with `issuer`'s key. Names and dates are not looked at.
pub fn signed_by(
    certificate: &Certificate,
    issuer: &Certificate,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
) -> Signed {
    match certificate.facts() {
        Some(facts) => made_with(certificate.der.as_slice(), &facts.signature, issuer, algorithms),
        None => Signed::No,
    }
}

/// The same for anything signed as certificates are, such as a revocation list: its whole DER, and the algorithm it names.
pub fn made_with(
    der: &[u8],
    named: &SignatureAlgorithm,
    issuer: &Certificate,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
) -> Signed {
    let Some(issuer_facts) = issuer.facts() else { return Signed::No };
    let Some((body, algorithm, signature)) = parts(der) else { return Signed::No };
    let Ok((_, read)) = X509Certificate::from_der(issuer.der.as_slice()) else { return Signed::No };
    let key = SubjectPublicKeyInfoDer::from(read.public_key().raw);
    let Ok(key) = RawPublicKeyEntity::try_from(&key) else { return Signed::No };
    let mut known = false;
    for candidate in algorithms.iter().filter(|known| known.signature_alg_id().as_ref() == algorithm) {
        known = true;
        match key.verify_signature(*candidate, body, &signature) {
            Ok(()) => return Signed::Yes,
            // Several algorithms share an identifier and differ in the keys they take.
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Signed::No,
        }
    }
    if !fits(named, issuer_facts) {
        return Signed::No;
    }
    let of_key =
        if known { format!(" with a key of the kind {}", issuer_facts.public_key.algorithm) } else { String::new() };
    Signed::Undecided(format!("the signature algorithm {}{of_key} cannot be verified", named.name))
}

/// Whether a key of the issuer's kind can make signatures of this family at all.
fn fits(signature: &SignatureAlgorithm, issuer: &Facts) -> bool {
    match (signature.family, &issuer.public_key.algorithm) {
        (SignatureFamily::RsaPkcs1, key) => *key == KeyAlgorithm::Rsa,
        (SignatureFamily::RsaPss, key) => matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss),
        (SignatureFamily::Ecdsa, key) => matches!(key, KeyAlgorithm::Ec(_)),
        (SignatureFamily::Dsa, key) => *key == KeyAlgorithm::Dsa,
        (SignatureFamily::EdDsa, key) => matches!(key, KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448),
        (SignatureFamily::Other, _) => true,
    }
}

/// What was signed, the content of the algorithm's identifier, the signature (RFC 5280, 4.1.1).
fn parts(der: &[u8]) -> Option<(&[u8], &[u8], Vec<u8>)> {
    let (_, outer) = Any::from_der(der).ok()?;
    let (rest, _) = Any::from_der(outer.data).ok()?;
    let body = outer.data.get(..outer.data.len().checked_sub(rest.len())?)?;
    let (rest, algorithm) = Any::from_der(rest).ok()?;
    let (_, signature) = BitString::from_der(rest).ok()?;
    Some((body, algorithm.data, signature.data.to_vec()))
}
