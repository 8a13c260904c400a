//! Verification by OpenSSL, for everything ring will not touch. Any failure is a no.

use std::sync::LazyLock;

use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::lib_ctx::LibCtx;
use openssl::md::Md;
use openssl::md_ctx::MdCtx;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey};
use openssl::provider::Provider;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Verifier};

use crate::certificate::Hash;
use crate::trust::signature::odd::{self, Pss};
use crate::trust::signature::{Curve, Scheme};

/// Whether the signature is good. `public_key` is what a SubjectPublicKeyInfo's BIT STRING holds.
pub(super) fn verifies(scheme: Scheme, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let verdict = match scheme {
        Scheme::RsaPkcs1(hash) => pkcs1(hash, public_key, message, signature),
        Scheme::RsaPss(hash) => pss(Pss { hash, mask: hash, salt: salt_of(hash) }, public_key, message, signature),
        Scheme::Ecdsa(curve, hash) => ecdsa(curve, hash, public_key, message, signature),
        Scheme::Ed25519 => edwards(Id::ED25519, public_key, message, signature),
        Scheme::Ed448 => edwards(Id::ED448, public_key, message, signature),
    };
    verdict.unwrap_or(false)
}

/// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): the padding undone, what is left must be the DigestInfo to the byte.
fn pkcs1(hash: Hash, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let key = Rsa::public_key_from_der_pkcs1(public_key)?;
    let size = usize::try_from(key.size()).unwrap_or_default();
    if signature.len() != size {
        return Ok(false);
    }
    let mut block = vec![0; size];
    let length = key.public_decrypt(signature, &mut block, Padding::PKCS1)?;
    let Some(digest) = digest(hash, message)? else { return Ok(false) };
    let expected = [digest_info(hash), digest.as_slice()].concat();
    Ok(block.get(..length) == Some(expected.as_slice()))
}

/// Whether the signature is good; `None`: this build of OpenSSL does not know the key's curve. `key` is the whole
/// SubjectPublicKeyInfo, `public_key` what its BIT STRING holds.
pub(super) fn verifies_odd(
    algorithm: odd::Algorithm,
    key: &[u8],
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let verdict = match algorithm {
        odd::Algorithm::RsaPkcs1(hash) => pkcs1(hash, public_key, message, signature),
        odd::Algorithm::RsaPss(parameters) => pss(parameters, public_key, message, signature),
        odd::Algorithm::Ecdsa(hash) | odd::Algorithm::Dsa(hash) => {
            let key = PKey::public_key_from_der(key).ok()?;
            let verify = |digest| Verifier::new(digest, &key)?.verify_oneshot(signature, message);
            verify(message_digest(hash)?)
        }
    };
    Some(verdict.unwrap_or(false))
}

/// How many octets of salt go with a hash where nobody says otherwise.
fn salt_of(hash: Hash) -> u16 {
    message_digest(hash).and_then(|digest| u16::try_from(digest.size()).ok()).unwrap_or_default()
}

fn pss(parameters: Pss, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let (Some(digest), Some(mask)) = (message_digest(parameters.hash), message_digest(parameters.mask)) else {
        return Ok(false);
    };
    let key = PKey::from_rsa(Rsa::public_key_from_der_pkcs1(public_key)?)?;
    let mut verifier = Verifier::new(digest, &key)?;
    verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
    verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(parameters.salt)))?;
    verifier.set_rsa_mgf1_md(mask)?;
    verifier.verify_oneshot(signature, message)
}

fn ecdsa(curve: Curve, hash: Hash, point: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let Some(digest) = message_digest(hash) else { return Ok(false) };
    let group = EcGroup::from_curve_name(match curve {
        Curve::P256 => Nid::X9_62_PRIME256V1,
        Curve::P384 => Nid::SECP384R1,
        Curve::P521 => Nid::SECP521R1,
    })?;
    let mut numbers = BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, point, &mut numbers)?;
    let key = PKey::from_ec_key(EcKey::from_public_key(&group, &point)?)?;
    Verifier::new(digest, &key)?.verify_oneshot(signature, message)
}

fn edwards(kind: Id, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let key = PKey::public_key_from_raw_bytes(public_key, kind)?;
    Verifier::new_without_digest(&key)?.verify_oneshot(signature, message)
}

/// The DER in front of a digest: the SEQUENCE, the hash's identifier, NULL, the OCTET STRING's head (RFC 8017, 9.2).
const fn digest_info(hash: Hash) -> &'static [u8] {
    match hash {
        Hash::Md2 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x02\x05\x00\x04\x10",
        Hash::Md4 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x04\x05\x00\x04\x10",
        Hash::Md5 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10",
        Hash::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
        Hash::Sha224 => b"\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c",
        Hash::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        Hash::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
        Hash::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    }
}

fn digest(hash: Hash, message: &[u8]) -> Result<Option<Vec<u8>>, ErrorStack> {
    match message_digest(hash) {
        Some(known) => Ok(Some(openssl::hash::hash(known, message)?.to_vec())),
        None => match hash {
            Hash::Md2 => old_digest("MD2", message),
            Hash::Md4 => old_digest("MD4", message),
            Hash::Md5 | Hash::Sha1 | Hash::Sha224 | Hash::Sha256 | Hash::Sha384 | Hash::Sha512 => Ok(None),
        },
    }
}

/// The hashes of OpenSSL's default provider.
fn message_digest(hash: Hash) -> Option<MessageDigest> {
    Some(match hash {
        Hash::Md2 | Hash::Md4 => return None,
        Hash::Md5 => MessageDigest::md5(),
        Hash::Sha1 => MessageDigest::sha1(),
        Hash::Sha224 => MessageDigest::sha224(),
        Hash::Sha256 => MessageDigest::sha256(),
        Hash::Sha384 => MessageDigest::sha384(),
        Hash::Sha512 => MessageDigest::sha512(),
    })
}

/// Those of its legacy provider, which is loaded into a context of its own: nothing else gets weaker by it.
fn old_digest(name: &str, message: &[u8]) -> Result<Option<Vec<u8>>, ErrorStack> {
    static OLD: LazyLock<Option<(LibCtx, Provider)>> = LazyLock::new(|| {
        let context = LibCtx::new().ok()?;
        let provider = Provider::load(Some(&context), "legacy").ok()?;
        Some((context, provider))
    });
    let Some((context, _)) = OLD.as_ref() else { return Ok(None) };
    let algorithm = Md::fetch(Some(context), name, None)?;
    let mut hashing = MdCtx::new()?;
    hashing.digest_init(&algorithm)?;
    hashing.digest_update(message)?;
    let mut out = vec![0; algorithm.size()];
    hashing.digest_final(&mut out)?;
    Ok(Some(out))
}
