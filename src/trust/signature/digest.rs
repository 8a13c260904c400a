//! Signatures over what is known by its digest alone: long revocation lists, whose octets nobody keeps.

use openssl::md::Md;
use openssl::pkey::PKey;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;

use crate::certificate::{Hash, SignatureAlgorithm, SignatureFamily};

/// Whether a signature over something of this digest was made with a key, a SubjectPublicKeyInfo; `None`: that cannot be told.
pub(super) fn verifies(named: &SignatureAlgorithm, key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool> {
    let hash = known(named.hash?)?;
    match named.family {
        SignatureFamily::RsaPkcs1 | SignatureFamily::RsaPss | SignatureFamily::Ecdsa | SignatureFamily::Dsa => {}
        SignatureFamily::EdDsa | SignatureFamily::Other => return None,
    }
    let key = PKey::public_key_from_der(key).ok()?;
    let verify = || -> Result<bool, openssl::error::ErrorStack> {
        let mut context = PkeyCtx::new(&key)?;
        context.verify_init()?;
        match named.family {
            SignatureFamily::RsaPkcs1 => context.set_rsa_padding(Padding::PKCS1)?,
            SignatureFamily::RsaPss => {
                context.set_rsa_padding(Padding::PKCS1_PSS)?;
                // In verifying: whatever the signature has.
                context.set_rsa_pss_saltlen(RsaPssSaltlen::MAXIMUM_LENGTH)?;
                context.set_rsa_mgf1_md(hash)?;
            }
            SignatureFamily::Ecdsa | SignatureFamily::Dsa | SignatureFamily::EdDsa | SignatureFamily::Other => {}
        }
        context.set_signature_md(hash)?;
        context.verify(digest, signature)
    };
    Some(verify().unwrap_or(false))
}

/// The hashes that lists are digested with.
fn known(hash: Hash) -> Option<&'static openssl::md::MdRef> {
    Some(match hash {
        Hash::Sha1 => Md::sha1(),
        Hash::Sha224 => Md::sha224(),
        Hash::Sha256 => Md::sha256(),
        Hash::Sha384 => Md::sha384(),
        Hash::Sha512 => Md::sha512(),
        Hash::Md2 | Hash::Md4 | Hash::Md5 => return None,
    })
}
