//! Algorithms that are no fixed octets: RSASSA-PSS with its parameters (RFC 4055), DSA, ECDSA over any curve, and the usual
//! ones written in an unusual way.

use crate::certificate::Hash;
use crate::certificate::read::der::{Element, Reader, tag};

/// An algorithm, as OpenSSL has to be told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS.
    RsaPss(Pss),
    /// ECDSA, by whatever curve the key names.
    Ecdsa(Hash),
    /// DSA, with the parameters the key holds.
    Dsa(Hash),
}

/// RSASSA-PSS-params: hash, mask generation function 1 with a hash of its own, and the salt's length in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pss {
    pub(super) hash: Hash,
    pub(super) mask: Hash,
    pub(super) salt: u16,
}

/// 1.2.840.113549.1.1
const PKCS_1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];

/// Whether a key's algorithm (what its identifier holds) is RSA: rsaEncryption, with NULL as RFC 3279 wants it or without,
/// or X.500's own 2.5.8.1.1, whatever its parameters.
pub(super) fn is_rsa(kind: &[u8]) -> bool {
    let mut kind = Reader::new(kind);
    let Some(oid) = kind.take(tag::OID) else { return false };
    let is_pkcs_1 = oid.strip_prefix(PKCS_1).is_some_and(|rest| rest == [1]) && has_no_parameters(kind);
    is_pkcs_1 || oid == [0x55, 8, 1, 1]
}

fn has_no_parameters(mut rest: Reader<'_>) -> bool {
    rest.is_at_end() || matches!(rest.next(), Some(Element { tag: 5, contents: [] }) if rest.is_at_end())
}

impl Algorithm {
    /// By what a signature's and a key's identifiers hold; `None`: nobody here can verify it.
    pub(super) fn of(identifier: &[u8], kind: &[u8]) -> Option<Self> {
        let mut fields = Reader::new(identifier);
        let oid = fields.take(tag::OID)?;
        let mut key = Reader::new(kind);
        let key_oid = key.take(tag::OID)?;
        let (is_rsa, is_pss_key) = (is_rsa(kind), key_oid.strip_prefix(PKCS_1).is_some_and(|rest| rest == [10]));
        match oid {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10] if is_rsa || is_pss_key => {
                let pss = Pss::read(fields.next())?;
                // A key may be bound to parameters of its own: the same hashes, and no shorter a salt.
                let bound = if is_pss_key && !key.is_at_end() { Some(Pss::read(key.next())?) } else { None };
                let fits = bound
                    .is_none_or(|bound| bound.hash == pss.hash && bound.mask == pss.mask && bound.salt <= pss.salt);
                fits.then_some(Self::RsaPss(pss))
            }
            // RFC 4055 (5): without parameters it must be accepted too.
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last] if is_rsa && has_no_parameters(fields) => {
                Some(Self::RsaPkcs1(match last {
                    2 => Hash::Md2,
                    3 => Hash::Md4,
                    4 => Hash::Md5,
                    5 => Hash::Sha1,
                    11 => Hash::Sha256,
                    12 => Hash::Sha384,
                    13 => Hash::Sha512,
                    14 => Hash::Sha224,
                    _ => return None,
                }))
            }
            // 1.2.840.10045.4
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, rest @ ..] if key_oid == EC_KEY => Some(Self::Ecdsa(match rest {
                [1] => Hash::Sha1,
                [3, 1] => Hash::Sha224,
                [3, 2] => Hash::Sha256,
                [3, 3] => Hash::Sha384,
                [3, 4] => Hash::Sha512,
                _ => return None,
            })),
            // 1.2.840.10040.4.3; a key without parameters takes them from the authority above, which is not done here.
            [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3] if key_oid == DSA_KEY && !key.is_at_end() => {
                Some(Self::Dsa(Hash::Sha1))
            }
            // 2.16.840.1.101.3.4.3
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, last] if key_oid == DSA_KEY && !key.is_at_end() => {
                Some(Self::Dsa(match last {
                    1 => Hash::Sha224,
                    2 => Hash::Sha256,
                    3 => Hash::Sha384,
                    4 => Hash::Sha512,
                    _ => return None,
                }))
            }
            _ => None,
        }
    }
}

/// 1.2.840.10045.2.1
const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// 1.2.840.10040.4.1
const DSA_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];

/// Whether an identifier is RSASSA-PSS's with a trailer field that is not 1: RFC 4055 (3.1) wants 1, and there is no other
/// trailer, so that nobody takes such a signature.
pub(super) fn has_undefined_trailer(identifier: &[u8]) -> bool {
    let mut fields = Reader::new(identifier);
    let is_pss = fields.take(tag::OID).and_then(|oid| oid.strip_prefix(PKCS_1)).is_some_and(|rest| rest == [10]);
    let trailer = || {
        let mut parameters = Reader::new(fields.next()?.holds(tag::SEQUENCE)?);
        for before in 0..3 {
            parameters.take(tag::constructed(before));
        }
        Some(Reader::only(parameters.take(tag::constructed(3))?, tag::INTEGER)?.remaining())
    };
    is_pss && { trailer }().is_some_and(|trailer| trailer != [1])
}

impl Pss {
    /// RFC 4055, 3.1: what is left out is SHA-1, MGF1 with SHA-1, 20 octets.
    fn read(parameters: Option<Element<'_>>) -> Option<Self> {
        let mut fields = Reader::new(parameters?.holds(tag::SEQUENCE)?);
        let hash = match fields.take(tag::constructed(0)) {
            Some(hash) => hash_of(Reader::only(hash, tag::SEQUENCE)?)?,
            None => Hash::Sha1,
        };
        let mask = match fields.take(tag::constructed(1)) {
            Some(function) => {
                let mut function = Reader::only(function, tag::SEQUENCE)?;
                // 1.2.840.113549.1.1.8: MGF1
                let is_mgf1 = function.take(tag::OID)?.strip_prefix(PKCS_1).is_some_and(|rest| rest == [8]);
                let hash = hash_of(Reader::only(function.remaining(), tag::SEQUENCE)?)?;
                if !is_mgf1 {
                    return None;
                }
                hash
            }
            None => Hash::Sha1,
        };
        let salt = match fields.take(tag::constructed(2)) {
            Some(length) => short(Reader::only(length, tag::INTEGER)?.remaining())?,
            None => 20,
        };
        let trailer = match fields.take(tag::constructed(3)) {
            Some(field) => short(Reader::only(field, tag::INTEGER)?.remaining())?,
            None => 1,
        };
        (fields.is_at_end() && trailer == 1).then_some(Self { hash, mask, salt })
    }
}

/// A hash by its identifier, with NULL for parameters or without (RFC 4055, 2.1).
fn hash_of(mut identifier: Reader<'_>) -> Option<Hash> {
    let hash = match identifier.take(tag::OID)? {
        [0x2b, 0x0e, 3, 2, 26] => Hash::Sha1,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Hash::Sha256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Hash::Sha384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Hash::Sha512,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4] => Hash::Sha224,
        _ => return None,
    };
    has_no_parameters(identifier).then_some(hash)
}

/// A small INTEGER that is not negative.
fn short(number: &[u8]) -> Option<u16> {
    match number {
        [low @ 0..0x80] => Some(u16::from(*low)),
        [high @ 0..0x80, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An identifier's contents: 1.2.840.113549.1.1.10 and parameters.
    fn pss(parameters: &[u8]) -> Vec<u8> {
        [&b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"[..], parameters].concat()
    }

    const RSA_KEY: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

    #[test]
    fn pss_parameters_are_what_they_say_and_what_they_leave_out() {
        let defaults = Pss { hash: Hash::Sha1, mask: Hash::Sha1, salt: 20 };
        assert_eq!(Algorithm::of(&pss(b"\x30\x00"), RSA_KEY), Some(Algorithm::RsaPss(defaults)));
        // SHA-384 without NULL, MGF1 left out, a salt of 64 octets.
        let sha384 =
            b"\x30\x16\xa0\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\xa2\x05\x02\x03\x00\x00\x40";
        assert_eq!(Algorithm::of(&pss(sha384), RSA_KEY), None, "a number of three octets is no salt's length");
        let sha384 = b"\x30\x14\xa0\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\xa2\x03\x02\x01\x40";
        let read = Pss { hash: Hash::Sha384, mask: Hash::Sha1, salt: 64 };
        assert_eq!(Algorithm::of(&pss(sha384), RSA_KEY), Some(Algorithm::RsaPss(read)));
        // Without any parameters, and with a trailer field of 2: nothing that is defined.
        assert_eq!(Algorithm::of(&pss(b""), RSA_KEY), None);
        assert_eq!(Algorithm::of(&pss(b"\x30\x05\xa3\x03\x02\x01\x02"), RSA_KEY), None);
    }

    #[test]
    fn a_trailer_field_other_than_1_is_none() {
        for (parameters, is_undefined) in [
            (&b"\x30\x05\xa3\x03\x02\x01\x02"[..], true),
            (b"\x30\x0a\xa2\x03\x02\x01\x40\xa3\x03\x02\x01\x02", true),
            (b"\x30\x06\xa3\x04\x02\x02\x01\x00", true),
            (b"\x30\x05\xa3\x03\x02\x01\x01", false),
            (b"\x30\x00", false),
            (b"", false),
        ] {
            assert_eq!(has_undefined_trailer(&pss(parameters)), is_undefined, "{parameters:02x?}");
        }
        assert!(!has_undefined_trailer(RSA_KEY));
    }

    #[test]
    fn rsa_keys_are_known_by_three_names() {
        assert!(is_rsa(RSA_KEY));
        assert!(is_rsa(&RSA_KEY[..11]));
        assert!(is_rsa(b"\x06\x04\x55\x08\x01\x01\x02\x02\x08\x00"));
        assert!(!is_rsa(&pss(b"")));
    }
}
