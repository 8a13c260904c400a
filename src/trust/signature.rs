//! The signature algorithms certification paths are checked with: ring's, and under them OpenSSL's for what ring refuses
//! by policy (RSA below 2048 bits, SHA-1, MD5 and older, P-521) or does not know (DSA, RSASSA-PSS with any parameters
//! RFC 4055 allows, further curves), so that a weak or odd chain is judged, not merely unreadable. Verifying only; nothing
//! here says that a signature is strong enough.

mod digest;
mod memo;
mod odd;
mod openssl;

use std::fmt::Debug;

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use webpki::ring;

use crate::certificate::read::der::{Reader, tag};
use crate::certificate::{Hash, SignatureAlgorithm};

/// What verifies signatures. A value that is handed in, so that no check depends on a crypto library.
pub trait Verifier: Debug + Send + Sync {
    /// Whether the signature over the message was made with the key; `None`: no algorithm at hand can tell.
    ///
    /// `algorithm` is an AlgorithmIdentifier and `key` a SubjectPublicKeyInfo, DER.
    fn verifies(&self, algorithm: &[u8], key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool>;

    /// The same of a message known by its digest alone, under the hash the algorithm names.
    fn verifies_digest(&self, named: &SignatureAlgorithm, key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool>;
}

/// Every algorithm there is at hand.
pub static ALGORITHMS: &dyn Verifier = &All;

#[derive(Debug)]
struct All;

impl Verifier for All {
    fn verifies(&self, algorithm: &[u8], key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let identifier = Reader::only(algorithm, tag::SEQUENCE)?.remaining();
        let mut parts = Reader::only(key, tag::SEQUENCE)?;
        let (kind, point) = (parts.take(tag::SEQUENCE)?, parts.take(tag::BIT_STRING)?);
        let (_, point) = point.split_first()?;
        let kind = if odd::is_rsa(kind) { alg_id::RSA_ENCRYPTION.as_ref() } else { kind };
        let usual = USUAL.iter().find(|one| one.signature.as_ref() == identifier && one.key.as_ref() == kind);
        if let Some(usual) = usual {
            return Some(usual.verify_signature(point, message, signature).is_ok());
        }
        if odd::has_undefined_trailer(identifier) {
            return Some(false);
        }
        let odd = odd::Algorithm::of(identifier, kind)?;
        let digest = memo::digest([identifier, b"odd", key, message, signature]);
        if let Some(known) = memo::known(&digest) {
            return Some(known);
        }
        let good = openssl::verifies_odd(odd, key, point, message, signature)?;
        memo::remember(digest, good);
        Some(good)
    }

    fn verifies_digest(&self, named: &SignatureAlgorithm, key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool> {
        digest::verifies(named, key, digest, signature)
    }
}

/// The usual ones, by identifier and kind of key.
static USUAL: &[Algorithm] = &[
    rsa(alg_id::RSA_PKCS1_SHA256, Hash::Sha256, Some(ring::RSA_PKCS1_2048_8192_SHA256)),
    rsa(SHA1_WITH_RSA, Hash::Sha1, None),
    rsa(alg_id::RSA_PKCS1_SHA384, Hash::Sha384, Some(ring::RSA_PKCS1_2048_8192_SHA384)),
    rsa(alg_id::RSA_PKCS1_SHA512, Hash::Sha512, Some(ring::RSA_PKCS1_2048_8192_SHA512)),
    ec(Curve::P256, alg_id::ECDSA_SHA256, Hash::Sha256, Some(ring::ECDSA_P256_SHA256)),
    ec(Curve::P384, alg_id::ECDSA_SHA384, Hash::Sha384, Some(ring::ECDSA_P384_SHA384)),
    ec(Curve::P256, alg_id::ECDSA_SHA384, Hash::Sha384, Some(ring::ECDSA_P256_SHA384)),
    ec(Curve::P384, alg_id::ECDSA_SHA256, Hash::Sha256, Some(ring::ECDSA_P384_SHA256)),
    ec(Curve::P521, alg_id::ECDSA_SHA512, Hash::Sha512, None),
    ec(Curve::P256, alg_id::ECDSA_SHA512, Hash::Sha512, None),
    ec(Curve::P384, alg_id::ECDSA_SHA512, Hash::Sha512, None),
    ec(Curve::P521, alg_id::ECDSA_SHA256, Hash::Sha256, None),
    ec(Curve::P521, alg_id::ECDSA_SHA384, Hash::Sha384, None),
    ec(Curve::P256, ECDSA_SHA1, Hash::Sha1, None),
    ec(Curve::P384, ECDSA_SHA1, Hash::Sha1, None),
    ec(Curve::P521, ECDSA_SHA1, Hash::Sha1, None),
    pss(alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA256, Hash::Sha256, Some(ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY)),
    pss(alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA384, Hash::Sha384, Some(ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY)),
    pss(alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA512, Hash::Sha512, Some(ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY)),
    Algorithm { key: alg_id::ED25519, signature: alg_id::ED25519, scheme: Scheme::Ed25519, ring: Some(ring::ED25519) },
    Algorithm { key: alg_id::ED448, signature: alg_id::ED448, scheme: Scheme::Ed448, ring: None },
    rsa(MD5_WITH_RSA, Hash::Md5, None),
    rsa(MD4_WITH_RSA, Hash::Md4, None),
    rsa(MD2_WITH_RSA, Hash::Md2, None),
    rsa(SHA224_WITH_RSA, Hash::Sha224, None),
    rsa(SHA1_WITH_RSA_OIW, Hash::Sha1, None),
];

// Identifiers rustls-pki-types has no constants for. 1.2.840.113549.1.1.n, then NULL.
const MD2_WITH_RSA: AlgorithmIdentifier = identifier(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02\x05\x00");
const MD4_WITH_RSA: AlgorithmIdentifier = identifier(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x03\x05\x00");
const MD5_WITH_RSA: AlgorithmIdentifier = identifier(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04\x05\x00");
const SHA1_WITH_RSA: AlgorithmIdentifier = identifier(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00");
const SHA224_WITH_RSA: AlgorithmIdentifier = identifier(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e\x05\x00");
/// 1.3.14.3.2.29, as the makecert of old Windows SDKs writes it.
const SHA1_WITH_RSA_OIW: AlgorithmIdentifier = identifier(b"\x06\x05\x2b\x0e\x03\x02\x1d\x05\x00");
/// 1.2.840.10045.4.1
const ECDSA_SHA1: AlgorithmIdentifier = identifier(b"\x06\x07\x2a\x86\x48\xce\x3d\x04\x01");

/// One of ring's, as webpki has it.
type Ring = &'static dyn SignatureVerificationAlgorithm;

/// A signature algorithm for one kind of key.
#[derive(Debug)]
struct Algorithm {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    scheme: Scheme,
    /// Ring's way, where it has one.
    ring: Option<Ring>,
}

/// What OpenSSL is to do.
#[derive(Clone, Copy, Debug)]
enum Scheme {
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Curve, Hash),
    Ed25519,
    Ed448,
}

/// Curves with an algorithm.
#[derive(Clone, Copy, Debug)]
enum Curve {
    P256,
    P384,
    P521,
}

const fn identifier(der: &'static [u8]) -> AlgorithmIdentifier {
    AlgorithmIdentifier::from_slice(der)
}

const fn rsa(signature: AlgorithmIdentifier, hash: Hash, ring: Option<Ring>) -> Algorithm {
    Algorithm { key: alg_id::RSA_ENCRYPTION, signature, scheme: Scheme::RsaPkcs1(hash), ring }
}

const fn pss(key: AlgorithmIdentifier, signature: AlgorithmIdentifier, hash: Hash, ring: Option<Ring>) -> Algorithm {
    Algorithm { key, signature, scheme: Scheme::RsaPss(hash), ring }
}

const fn ec(curve: Curve, signature: AlgorithmIdentifier, hash: Hash, ring: Option<Ring>) -> Algorithm {
    let key = match curve {
        Curve::P256 => alg_id::ECDSA_P256,
        Curve::P384 => alg_id::ECDSA_P384,
        Curve::P521 => alg_id::ECDSA_P521,
    };
    Algorithm { key, signature, scheme: Scheme::Ecdsa(curve, hash), ring }
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        // A site's leaves share their issuers: what was found once is not computed again. The digest costs about a
        // microsecond, a verification from 18 (RSA-2048) to 520 (P-384).
        let digest = memo::digest([&self.key, &self.signature, public_key, message, signature]);
        let good = memo::known(&digest).unwrap_or_else(|| {
            let good = self.ring.is_some_and(|ring| ring.verify_signature(public_key, message, signature).is_ok())
                || openssl::verifies(self.scheme, public_key, message, signature);
            memo::remember(digest, good);
            good
        });
        if good { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

#[cfg(test)]
mod tests;
