//! Signatures the lab can make, from MD2 to PSS: always the same bytes for the same key and data.

use std::sync::LazyLock;

use openssl::hash::{MessageDigest, hash};
use openssl::lib_ctx::LibCtx;
use openssl::md::{Md, MdRef};
use openssl::md_ctx::MdCtx;
use openssl::pkey_ctx::{NonceType, PkeyCtx};
use openssl::provider::Provider;
use openssl::rsa::Padding;
use openssl::sign::Signer;

use super::key::Kind;
use super::{KeyName, MintError, der};

/// How a certificate or a CRL is signed. The hash is chosen here; the rest follows from the issuer's key: PKCS #1 v1.5 for
/// RSA, ECDSA for the elliptic curves, DSA; an Ed25519 key signs in its one way whatever is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signature {
    /// RSA only. OpenSSL verifies no certificate signed with it.
    Md2,
    /// RSA only. OpenSSL verifies none either: it has the hash's identifier wrong.
    Md4,
    /// RSA only.
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    /// RSASSA-PSS, what AD CS calls the alternate signature format. RSA only, as are the next two.
    PssSha256,
    PssSha384,
    PssSha512,
}

/// OpenSSL's old algorithms, in a context of their own: the lab must not switch them on for the program around it.
pub(super) struct Legacy {
    pub(super) context: LibCtx,
    _provider: Provider,
}

pub(super) fn legacy() -> Result<&'static Legacy, MintError> {
    static LEGACY: LazyLock<Option<Legacy>> = LazyLock::new(|| {
        let context = LibCtx::new().ok()?;
        let _provider = Provider::load(Some(&context), "legacy").ok()?;
        Some(Legacy { context, _provider })
    });
    LEGACY.as_ref().ok_or(MintError::NoLegacyAlgorithms)
}

/// A hash, and what RFC 8017 and RFC 5758 call it.
#[derive(Clone, Copy)]
enum Hash {
    Md2,
    Md4,
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn object_identifier(self) -> &'static str {
        match self {
            Self::Md2 => "1.2.840.113549.2.2",
            Self::Md4 => "1.2.840.113549.2.4",
            Self::Md5 => "1.2.840.113549.2.5",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }

    fn of(self, data: &[u8]) -> Result<Vec<u8>, MintError> {
        let digest = match self {
            Self::Md2 => return old_digest("MD2", data),
            Self::Md4 => return old_digest("MD4", data),
            Self::Md5 => MessageDigest::md5(),
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        };
        Ok(hash(digest, data)?.to_vec())
    }

    fn algorithm(self) -> Result<Vec<u8>, MintError> {
        let name = der::object_identifier(self.object_identifier())?;
        Ok(der::sequence(&[name, der::null()]))
    }
}

fn old_digest(name: &str, data: &[u8]) -> Result<Vec<u8>, MintError> {
    let digest = Md::fetch(Some(&legacy()?.context), name, None)?;
    let mut context = MdCtx::new()?;
    context.digest_init(&digest)?;
    context.digest_update(data)?;
    let mut out = vec![0; digest.size()];
    context.digest_final(&mut out)?;
    Ok(out)
}

impl Signature {
    fn hash(self) -> Hash {
        match self {
            Self::Md2 => Hash::Md2,
            Self::Md4 => Hash::Md4,
            Self::Md5 => Hash::Md5,
            Self::Sha1 => Hash::Sha1,
            Self::Sha256 | Self::PssSha256 => Hash::Sha256,
            Self::Sha384 | Self::PssSha384 => Hash::Sha384,
            Self::Sha512 | Self::PssSha512 => Hash::Sha512,
        }
    }

    fn is_pss(self) -> bool {
        matches!(self, Self::PssSha256 | Self::PssSha384 | Self::PssSha512)
    }

    /// The AlgorithmIdentifier, DER, of this signature by `key`.
    pub(super) fn algorithm(self, key: KeyName) -> Result<Vec<u8>, MintError> {
        let impossible = MintError::Signature { signature: self, key };
        let (dotted, parameters) = match (key.kind(), self) {
            (Kind::Rsa | Kind::RsaPss, Self::PssSha256 | Self::PssSha384 | Self::PssSha512) => {
                ("1.2.840.113549.1.1.10", pss_parameters(self.hash())?)
            }
            (Kind::Rsa, Self::Md2) => ("1.2.840.113549.1.1.2", der::null()),
            (Kind::Rsa, Self::Md4) => ("1.2.840.113549.1.1.3", der::null()),
            (Kind::Rsa, Self::Md5) => ("1.2.840.113549.1.1.4", der::null()),
            (Kind::Rsa, Self::Sha1) => ("1.2.840.113549.1.1.5", der::null()),
            (Kind::Rsa, Self::Sha256) => ("1.2.840.113549.1.1.11", der::null()),
            (Kind::Rsa, Self::Sha384) => ("1.2.840.113549.1.1.12", der::null()),
            (Kind::Rsa, Self::Sha512) => ("1.2.840.113549.1.1.13", der::null()),
            (Kind::Ec, Self::Sha1) => ("1.2.840.10045.4.1", Vec::new()),
            (Kind::Ec, Self::Sha256) => ("1.2.840.10045.4.3.2", Vec::new()),
            (Kind::Ec, Self::Sha384) => ("1.2.840.10045.4.3.3", Vec::new()),
            (Kind::Ec, Self::Sha512) => ("1.2.840.10045.4.3.4", Vec::new()),
            (Kind::Dsa, Self::Sha1) => ("1.2.840.10040.4.3", Vec::new()),
            (Kind::Dsa, Self::Sha256) => ("2.16.840.1.101.3.4.3.2", Vec::new()),
            (Kind::Ed25519, _) => ("1.3.101.112", Vec::new()),
            (Kind::RsaPss | Kind::Ec | Kind::Dsa, _) => return Err(impossible),
        };
        Ok(der::sequence(&[der::object_identifier(dotted)?, parameters]))
    }

    /// The signature over `data`. Errors: the key is too short for the hash.
    pub(super) fn sign(self, key: KeyName, data: &[u8]) -> Result<Vec<u8>, MintError> {
        let private = key.private()?;
        match key.kind() {
            Kind::Ed25519 => {
                let mut signer = Signer::new_without_digest(&private)?;
                Ok(signer.sign_oneshot_to_vec(data)?)
            }
            Kind::Ec | Kind::Dsa => {
                // RFC 6979: without it every signature would differ.
                let digest = self.hash().of(data)?;
                let mut context = PkeyCtx::new(&private)?;
                context.sign_init()?;
                context.set_signature_md(named_digest(self.hash()))?;
                context.set_nonce_type(NonceType::DETERMINISTIC_K)?;
                let mut out = Vec::new();
                context.sign_to_vec(&digest, &mut out)?;
                Ok(out)
            }
            Kind::Rsa | Kind::RsaPss => {
                let rsa = private.rsa()?;
                let mut out = vec![0; rsa.size() as usize];
                if self.is_pss() {
                    let bits = rsa.n().num_bits() as usize;
                    let message = pss_encoded(self.hash(), data, bits)?;
                    rsa.private_encrypt(&message, &mut out, Padding::NONE)?;
                } else {
                    let digest = der::octet_string(&self.hash().of(data)?);
                    let info = der::sequence(&[self.hash().algorithm()?, digest]);
                    rsa.private_encrypt(&info, &mut out, Padding::PKCS1)?;
                }
                Ok(out)
            }
        }
    }
}

fn named_digest(hash: Hash) -> &'static MdRef {
    match hash {
        Hash::Sha384 => Md::sha384(),
        Hash::Sha512 => Md::sha512(),
        Hash::Sha256 => Md::sha256(),
        // `Signature::algorithm` lets no elliptic or DSA key sign with the rest.
        Hash::Sha1 | Hash::Md2 | Hash::Md4 | Hash::Md5 => Md::sha1(),
    }
}

/// RSASSA-PSS-params (RFC 4055): the hash, MGF1 over the same hash, a salt as long as the hash.
fn pss_parameters(hash: Hash) -> Result<Vec<u8>, MintError> {
    let algorithm = hash.algorithm()?;
    let mgf1 = der::object_identifier("1.2.840.113549.1.1.8")?;
    let salt_length = hash.of(&[])?.len() as u64;
    Ok(der::sequence(&[
        der::context(0, &algorithm),
        der::context(1, &der::sequence(&[mgf1, algorithm.clone()])),
        der::context(2, &der::unsigned(salt_length)),
    ]))
}

/// EMSA-PSS (RFC 8017, 9.1.1) with a salt drawn from the message, so that the signature is a function of it.
fn pss_encoded(hash: Hash, data: &[u8], modulus_bits: usize) -> Result<Vec<u8>, MintError> {
    let digest = hash.of(data)?;
    let salt = hash.of(&[b"salt", digest.as_slice()].concat())?;
    let length = (modulus_bits - 1).div_ceil(8);
    let Some(padding) = length.checked_sub(digest.len() + salt.len() + 2) else {
        return Err(MintError::KeyTooShort { bits: modulus_bits });
    };
    let seed = hash.of(&[&[0; 8], digest.as_slice(), salt.as_slice()].concat())?;
    let mut block = vec![0; padding];
    block.push(1);
    block.extend_from_slice(&salt);
    for (byte, mask) in block.iter_mut().zip(mgf1(hash, &seed)?) {
        *byte ^= mask;
    }
    if let Some(first) = block.first_mut() {
        *first &= 0xff >> (8 * length - (modulus_bits - 1));
    }
    block.extend_from_slice(&seed);
    block.push(0xbc);
    // One octet short where the modulus is one bit longer than whole octets: RSA wants a full block.
    let missing = modulus_bits.div_ceil(8) - block.len();
    Ok([vec![0; missing], block].concat())
}

/// As much mask as the longest lab key needs (RFC 8017, B.2.1).
fn mgf1(hash: Hash, seed: &[u8]) -> Result<Vec<u8>, MintError> {
    let mut mask = Vec::new();
    for counter in 0u32..64 {
        mask.extend(hash.of(&[seed, &counter.to_be_bytes()].concat())?);
    }
    Ok(mask)
}
