//! Authorities' certificates as they are published for whoever looks for a certificate's issuer (RFC 5280, 4.2.2.1): one in
//! DER, a PKCS #7 message of several, or either as Base64 text.

use crate::certificate::Certificate;
use crate::certificate::encoded::{from_pem, text};
use crate::certificate::read::der::{Reader, tag};
use crate::wire::der::Der;

/// How many certificates of one answer are read; real ones hold one, or an authority's renewals.
const MOST: usize = 16;

/// The certificates in an answer; none: it holds none.
pub fn read(bytes: &[u8]) -> Vec<Der> {
    let text = text(bytes);
    let decoded = text.starts_with(b"-").then(|| from_pem(text)).flatten();
    let bytes = decoded.as_deref().unwrap_or(bytes);
    let one = Der::from(bytes);
    if Certificate::read(&one).facts.is_ok() {
        return vec![one];
    }
    message(bytes).unwrap_or_default()
}

/// The certificates of a PKCS #7 message (SignedData, RFC 2315, 9.1).
fn message(bytes: &[u8]) -> Option<Vec<Der>> {
    let mut content = Reader::only(bytes, tag::SEQUENCE)?;
    // 1.2.840.113549.1.7.2
    content.take(tag::OID).filter(|oid| *oid == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2])?;
    let mut signed = Reader::only(content.take(tag::constructed(0))?, tag::SEQUENCE)?;
    signed.take(tag::INTEGER)?;
    signed.take(tag::SET)?;
    signed.take(tag::SEQUENCE)?;
    let mut certificates = Reader::new(signed.take(tag::constructed(0))?);
    let mut found = Vec::new();
    while let Some(one) = certificates.take_whole(tag::SEQUENCE).filter(|_| found.len() < MOST) {
        let one = Der::from(one);
        if Certificate::read(&one).facts.is_ok() {
            found.push(one);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{MOST, read};
    use crate::lab::pki::{KeyName, Minted, Pki, Recipe, pem, pkcs7};

    #[test]
    fn one_or_several_are_read_however_they_are_written() {
        let pki = Pki::lab().unwrap();
        let (one, other) = (&pki.issuing, &pki.root);
        let ders =
            |found: Vec<crate::wire::der::Der>| found.iter().map(|der| der.as_slice().to_vec()).collect::<Vec<_>>();
        let message = pkcs7(&[&one.der, &other.der]).unwrap();
        assert_eq!(ders(read(&one.der)), std::slice::from_ref(&one.der));
        assert_eq!(ders(read(pem("CERTIFICATE", &one.der).as_bytes())), std::slice::from_ref(&one.der));
        assert_eq!(ders(read(&message)).len(), 2);
        assert_eq!(ders(read(pem("PKCS7", &message).as_bytes())).len(), 2);
        for nothing in [&b""[..], b"<html>", &one.der[..50], &message[..message.len() - 1]] {
            assert!(read(nothing).is_empty());
        }
    }

    #[test]
    fn so_many_are_read_of_one_answer_and_no_more() {
        let other =
            |n: usize| Minted::self_signed(&Recipe::root(&format!("Other {n}")).key(KeyName::P256A)).unwrap().der;
        let many: Vec<Vec<u8>> = (0..=MOST).map(other).collect();
        assert_eq!(read(&pkcs7(&many[..MOST]).unwrap()).len(), MOST);
        assert_eq!(read(&pkcs7(&many).unwrap()).len(), MOST);
    }
}
