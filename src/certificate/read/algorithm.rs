//! Public keys and signature algorithms, by object identifier.

use crate::certificate::read::der::{Element, Reader, bit_length, bits, dotted, is_shortest, tag};
use crate::certificate::{Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm, SignatureFamily};

/// The key of a SubjectPublicKeyInfo, or, where its bytes do not fit its algorithm, what kind it claims to be, of 0 bits.
pub(super) fn public_key(info: &[u8]) -> Result<PublicKey, PublicKey> {
    let unnamed = || PublicKey { algorithm: KeyAlgorithm::Other("none".to_owned()), bits: 0 };
    let (identifier, key) = parts(info).ok_or_else(unnamed)?;
    let mut identifier = Reader::new(identifier);
    let oid = identifier.take(tag::OID).ok_or_else(unnamed)?;
    let parameters = identifier.next();
    let (algorithm, bits) = match oid {
        // 1.2.840.113549.1.1.1, and X.500's own 2.5.8.1.1; .10
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1] | [0x55, 8, 1, 1] => (KeyAlgorithm::Rsa, rsa_bits(key)),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10] => (KeyAlgorithm::RsaPss, rsa_bits(key)),
        // 1.2.840.10045.2.1
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => curve(parameters, key),
        // 1.2.840.10040.4.1, and the OIW's 1.3.14.3.2.12
        [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1] | [0x2b, 0x0e, 3, 2, 12] => (KeyAlgorithm::Dsa, dsa_bits(parameters)),
        // 1.3.101.112, .113
        [0x2b, 0x65, 0x70] => (KeyAlgorithm::Ed25519, Some(256)),
        [0x2b, 0x65, 0x71] => (KeyAlgorithm::Ed448, Some(448)),
        other => (KeyAlgorithm::Other(dotted(other)), u32::try_from(key.len()).ok().and_then(|n| n.checked_mul(8))),
    };
    match bits {
        Some(bits) => Ok(PublicKey { algorithm, bits }),
        None => Err(PublicKey { algorithm, bits: 0 }),
    }
}

/// What is not as it ought to be with a key that can be read.
pub(super) enum Odd {
    /// Written otherwise than DER demands.
    Readable(&'static str),
    /// No key anybody could verify with.
    Useless(&'static str),
}

/// What is odd about the key of a SubjectPublicKeyInfo; RSA keys only (RFC 8017, 3.1).
pub(super) fn odd(info: &[u8]) -> Option<Odd> {
    let (identifier, key) = parts(info)?;
    let ([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1 | 10] | [0x55, 8, 1, 1]) =
        Reader::new(identifier).take(tag::OID)?
    else {
        return None;
    };
    let mut fields = Reader::only(key, tag::SEQUENCE)?;
    let (modulus, exponent) = (fields.take(tag::INTEGER)?, fields.take(tag::INTEGER)?);
    let is_even = |number: &[u8]| number.last().is_none_or(|last| last % 2 == 0);
    if is_even(exponent) || bit_length(exponent) < 2 {
        return Some(Odd::Useless("the RSA key's exponent is no odd number of 3 or more"));
    }
    if is_even(modulus) {
        return Some(Odd::Useless("the RSA key's modulus is an even number"));
    }
    let is_negative = |number: &[u8]| number.first().is_some_and(|first| *first >= 0x80);
    if [modulus, exponent].iter().any(|number| is_negative(number) || !is_shortest(number)) {
        return Some(Odd::Readable("the RSA key's numbers are not written as DER writes them"));
    }
    (!fields.is_at_end()).then_some(Odd::Readable("something follows the RSA key's numbers"))
}

/// The contents of a SubjectPublicKeyInfo's algorithm, and its key.
pub(super) fn parts(info: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = Reader::only(info, tag::SEQUENCE)?;
    let identifier = fields.take(tag::SEQUENCE)?;
    let key = bits(fields.take(tag::BIT_STRING)?)?;
    fields.is_at_end().then_some((identifier, key))
}

/// RSAPublicKey: the modulus's length to the bit.
fn rsa_bits(key: &[u8]) -> Option<u32> {
    let mut fields = Reader::only(key, tag::SEQUENCE)?;
    let modulus = fields.take(tag::INTEGER)?;
    fields.take(tag::INTEGER)?;
    Some(bit_length(modulus)).filter(|bits| *bits > 0)
}

/// Dss-Parms: the length of p.
fn dsa_bits(parameters: Option<Element<'_>>) -> Option<u32> {
    let prime = Reader::new(parameters?.holds(tag::SEQUENCE)?).take(tag::INTEGER)?;
    Some(bit_length(prime)).filter(|bits| *bits > 0)
}

/// The curve by its identifier; one written out in full has no name, and its length is that of a coordinate.
fn curve(parameters: Option<Element<'_>>, point: &[u8]) -> (KeyAlgorithm, Option<u32>) {
    let coordinate = match point {
        [4, rest @ ..] => u32::try_from(rest.len() / 2).ok().and_then(|n| n.checked_mul(8)),
        [2 | 3, rest @ ..] => u32::try_from(rest.len()).ok().and_then(|n| n.checked_mul(8)),
        _ => None,
    };
    let Some(parameters) = parameters else { return (KeyAlgorithm::Ec("of an unnamed curve".into()), None) };
    let Some(oid) = parameters.holds(tag::OID) else {
        return (KeyAlgorithm::Ec("of explicit parameters".into()), coordinate);
    };
    let (name, bits) = match oid {
        // 1.2.840.10045.3.1.1, .7
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1] => ("P-192", 192),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7] => ("P-256", 256),
        // 1.3.132.0.33, .34, .35, .10
        [0x2b, 0x81, 4, 0, 33] => ("P-224", 224),
        [0x2b, 0x81, 4, 0, 34] => ("P-384", 384),
        [0x2b, 0x81, 4, 0, 35] => ("P-521", 521),
        [0x2b, 0x81, 4, 0, 10] => ("secp256k1", 256),
        // 1.3.36.3.3.2.8.1.1.7, .11, .13
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7] => ("brainpoolP256r1", 256),
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11] => ("brainpoolP384r1", 384),
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13] => ("brainpoolP512r1", 512),
        other => return (KeyAlgorithm::Ec(dotted(other)), coordinate),
    };
    (KeyAlgorithm::Ec(name.into()), coordinate.map(|_| bits))
}

/// A signature algorithm, by its identifier's content octets and its parameters.
pub(super) fn signature(oid: &[u8], parameters: Option<Element<'_>>) -> SignatureAlgorithm {
    use SignatureFamily::{Dsa, Ecdsa, EdDsa, Other, RsaPkcs1, RsaPss};
    let (name, hash, family) = match oid {
        // 1.2.840.113549.1.1
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last] => match last {
            2 => ("md2WithRSAEncryption", Some(Hash::Md2), RsaPkcs1),
            3 => ("md4WithRSAEncryption", Some(Hash::Md4), RsaPkcs1),
            4 => ("md5WithRSAEncryption", Some(Hash::Md5), RsaPkcs1),
            5 => ("sha1WithRSAEncryption", Some(Hash::Sha1), RsaPkcs1),
            10 => ("RSASSA-PSS", pss_hash(parameters), RsaPss),
            11 => ("sha256WithRSAEncryption", Some(Hash::Sha256), RsaPkcs1),
            12 => ("sha384WithRSAEncryption", Some(Hash::Sha384), RsaPkcs1),
            13 => ("sha512WithRSAEncryption", Some(Hash::Sha512), RsaPkcs1),
            14 => ("sha224WithRSAEncryption", Some(Hash::Sha224), RsaPkcs1),
            _ => ("", None, Other),
        },
        // 1.3.14.3.2: the OIW's, which old Windows tools write
        [0x2b, 0x0e, 3, 2, last] => match last {
            2 | 4 => ("md4WithRSA", Some(Hash::Md4), RsaPkcs1),
            3 => ("md5WithRSA", Some(Hash::Md5), RsaPkcs1),
            13 | 27 => ("dsa-with-sha1", Some(Hash::Sha1), Dsa),
            29 => ("sha1WithRSA", Some(Hash::Sha1), RsaPkcs1),
            _ => ("", None, Other),
        },
        // 1.2.840.10045.4
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] => ("ecdsa-with-SHA1", Some(Hash::Sha1), Ecdsa),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3] => ("ecdsa-with-Specified", specified_hash(parameters), Ecdsa),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, last] => match last {
            1 => ("ecdsa-with-SHA224", Some(Hash::Sha224), Ecdsa),
            2 => ("ecdsa-with-SHA256", Some(Hash::Sha256), Ecdsa),
            3 => ("ecdsa-with-SHA384", Some(Hash::Sha384), Ecdsa),
            4 => ("ecdsa-with-SHA512", Some(Hash::Sha512), Ecdsa),
            _ => ("", None, Other),
        },
        // 1.2.840.10040.4.3
        [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3] => ("dsa-with-sha1", Some(Hash::Sha1), Dsa),
        // 2.16.840.1.101.3.4.3
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, last] => match last {
            1 => ("dsa-with-sha224", Some(Hash::Sha224), Dsa),
            2 => ("dsa-with-sha256", Some(Hash::Sha256), Dsa),
            3 => ("dsa-with-sha384", Some(Hash::Sha384), Dsa),
            4 => ("dsa-with-sha512", Some(Hash::Sha512), Dsa),
            _ => ("", None, Other),
        },
        [0x2b, 0x65, 0x70] => ("Ed25519", None, EdDsa),
        [0x2b, 0x65, 0x71] => ("Ed448", None, EdDsa),
        _ => ("", None, Other),
    };
    let oid = dotted(oid);
    let name = if name.is_empty() { oid.clone() } else { name.to_owned() };
    SignatureAlgorithm { oid, name, hash, family }
}

/// RSASSA-PSS-params (RFC 4055, 3.1): the hash stands in `[0]`, and is SHA-1 where nothing stands there.
fn pss_hash(parameters: Option<Element<'_>>) -> Option<Hash> {
    let mut fields = Reader::new(parameters?.holds(tag::SEQUENCE)?);
    match fields.take(tag::constructed(0)) {
        Some(hash) => specified_hash(Reader::new(hash).next()),
        None => Some(Hash::Sha1),
    }
}

/// An AlgorithmIdentifier that names a hash.
fn specified_hash(identifier: Option<Element<'_>>) -> Option<Hash> {
    let oid = Reader::new(identifier?.holds(tag::SEQUENCE)?).take(tag::OID)?;
    Some(match oid {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 2] => Hash::Md2,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 4] => Hash::Md4,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5] => Hash::Md5,
        [0x2b, 0x0e, 3, 2, 26] => Hash::Sha1,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Hash::Sha256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Hash::Sha384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Hash::Sha512,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4] => Hash::Sha224,
        _ => return None,
    })
}
