//! Whether one certificate's signature was made with another's key, by the algorithms the trust store hands in.

use crate::certificate::read::der::{Reader, tag};
use crate::certificate::{Certificate, Facts, KeyAlgorithm, SignatureAlgorithm, SignatureFamily};
use crate::trust::signature::Verifier;

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
pub fn signed_by(certificate: &Certificate, issuer: &Certificate, algorithms: &dyn Verifier) -> Signed {
    let Some(facts) = certificate.facts() else { return Signed::No };
    let frame = &facts.frame;
    let parts = Parts {
        body: certificate.part(&frame.body),
        algorithm: certificate.part(&frame.algorithm),
        signature: certificate.part(&frame.signature),
    };
    parts.made_with(&facts.signature, issuer, algorithms)
}

/// The same for anything signed as certificates are, such as a revocation list: its whole DER, and the algorithm it names.
pub fn made_with(der: &[u8], named: &SignatureAlgorithm, issuer: &Certificate, algorithms: &dyn Verifier) -> Signed {
    match Parts::of(der) {
        Some(parts) => parts.made_with(named, issuer, algorithms),
        None => Signed::No,
    }
}

/// The same for something whose octets nobody keeps: the digest of what was signed, and the rest of it laid out the same way.
pub fn digest_made_with(
    digest: &[u8],
    frame: &[u8],
    named: &SignatureAlgorithm,
    issuer: &Certificate,
    algorithms: &dyn Verifier,
) -> Signed {
    let (Some(parts), Some(facts)) = (Parts::of(frame), issuer.facts()) else { return Signed::No };
    if !fits(named, facts) {
        return Signed::No;
    }
    match algorithms.verifies_digest(named, issuer.part(&facts.frame.key), digest, parts.signature) {
        Some(true) => Signed::Yes,
        Some(false) => Signed::No,
        None => Signed::Undecided(format!(
            "this program cannot verify a signature of the algorithm {} over so long a list",
            named.name
        )),
    }
}

/// What was signed, the algorithm's identifier, the signature (RFC 5280, 4.1.1).
struct Parts<'a> {
    body: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(Reader::new(der).take(tag::SEQUENCE)?);
        let body = outer.take_whole(tag::SEQUENCE)?;
        let algorithm = outer.take_whole(tag::SEQUENCE)?;
        let signature = outer.take(tag::BIT_STRING)?.strip_prefix(&[0])?;
        Some(Self { body, algorithm, signature })
    }

    fn made_with(&self, named: &SignatureAlgorithm, issuer: &Certificate, algorithms: &dyn Verifier) -> Signed {
        let Some(facts) = issuer.facts() else { return Signed::No };
        if !fits(named, facts) {
            return Signed::No;
        }
        match algorithms.verifies(self.algorithm, issuer.part(&facts.frame.key), self.body, self.signature) {
            Some(true) => Signed::Yes,
            Some(false) => Signed::No,
            None => Signed::Undecided(format!(
                "this program cannot verify a signature of the algorithm {} with a key of the kind {}",
                named.name, facts.public_key.algorithm
            )),
        }
    }
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
