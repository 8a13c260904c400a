//! Signatures over what is known by its digest alone: long revocation lists, whose octets nobody keeps.

use openssl::md::Md;
use openssl::pkey::PKey;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use x509_parser::asn1_rs::{Any, BitString, FromDer};
use x509_parser::certificate::X509Certificate;

use crate::certificate::{Certificate, Hash, SignatureAlgorithm, SignatureFamily};
use crate::trust::path::signed::Signed;

/// Whether a signature over something of this digest was made with an authority's key; `frame`: what was signed in whatever
/// form, how, and the signature, laid out as in a certificate.
pub fn made_with(digest: &[u8], frame: &[u8], named: &SignatureAlgorithm, issuer: &Certificate) -> Signed {
    let undecided = || Signed::Undecided(format!("the signature algorithm {} cannot be verified", named.name));
    let Some(hash) = named.hash.and_then(known) else { return undecided() };
    let Some(signature) = signature(frame) else { return Signed::No };
    let Ok((_, read)) = X509Certificate::from_der(issuer.der.as_slice()) else { return Signed::No };
    let Ok(key) = PKey::public_key_from_der(read.public_key().raw) else {
        return Signed::Undecided(format!("the key of {} cannot be used", issuer.subject_text()));
    };
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
        context.verify(digest, &signature)
    };
    match named.family {
        SignatureFamily::RsaPkcs1 | SignatureFamily::RsaPss | SignatureFamily::Ecdsa | SignatureFamily::Dsa => {}
        SignatureFamily::EdDsa | SignatureFamily::Other => return undecided(),
    }
    if verify().unwrap_or(false) { Signed::Yes } else { Signed::No }
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

/// The third of three values.
fn signature(frame: &[u8]) -> Option<Vec<u8>> {
    let (_, outer) = Any::from_der(frame).ok()?;
    let (rest, _) = Any::from_der(outer.data).ok()?;
    let (rest, _) = Any::from_der(rest).ok()?;
    let (_, signature) = BitString::from_der(rest).ok()?;
    Some(signature.data.to_vec())
}
