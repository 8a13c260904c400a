//! Whether the server's signature over the handshake fits the leaf's key; where ring or webpki cannot tell, why.

use ::rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use ::rustls::{CertificateError, DigitallySignedStruct, Error};
use webpki::RawPublicKeyEntity;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::PROVIDER;
use crate::observation::handshake::KeyProof;

/// The sizes of RSA keys ring verifies with, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// What rustls's own check says, looked at again where it failed: it also fails for keys ring does not take, and for
/// leaves webpki does not parse (X.509 v1, an unknown critical extension), neither of which says anything of the signature.
pub(super) fn key_proof(
    message: &[u8],
    leaf: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    error: Option<Error>,
) -> KeyProof {
    let Some(error) = error else { return KeyProof::Good };
    let Ok((_, parsed)) = X509Certificate::from_der(leaf) else {
        return KeyProof::Undecided("the leaf cannot be read as a certificate".into());
    };
    let key = parsed.public_key();
    if let Ok(PublicKey::RSA(rsa)) = key.parsed() {
        let bits = significant_bits(rsa.modulus);
        if !RSA_BITS.contains(&bits) {
            return KeyProof::Undecided(format!(
                "the leaf's RSA key has {bits} bits; the rustls engine verifies signatures of {} to {} bits only; the openssl engine can tell",
                RSA_BITS.start(),
                RSA_BITS.end()
            ));
        }
    }
    if matches!(error, Error::InvalidCertificate(CertificateError::BadSignature)) {
        return KeyProof::Bad;
    }
    let mapping = PROVIDER.signature_verification_algorithms.mapping;
    let Some((_, algorithms)) = mapping.iter().find(|(scheme, _)| *scheme == signed.scheme) else {
        return KeyProof::Undecided(format!(
            "the server signed with {:?}, which the rustls engine cannot verify; the openssl engine can tell",
            signed.scheme
        ));
    };
    let spki = SubjectPublicKeyInfoDer::from(key.raw);
    let Ok(raw) = RawPublicKeyEntity::try_from(&spki) else {
        return KeyProof::Undecided("the leaf's public key cannot be read".into());
    };
    let mut fits_none = false;
    for algorithm in *algorithms {
        match raw.verify_signature(*algorithm, message, signed.signature()) {
            Ok(()) => return KeyProof::Good,
            Err(webpki::Error::InvalidSignatureForPublicKey) => fits_none = true,
            Err(_) => {}
        }
    }
    if fits_none { KeyProof::Bad } else { KeyProof::Undecided(format!("the signature cannot be checked: {error}")) }
}

/// The length in bits of a big-endian number.
fn significant_bits(number: &[u8]) -> usize {
    let digits = number.iter().skip_while(|byte| **byte == 0);
    let leading = digits.clone().next().map_or(0, |byte| byte.leading_zeros() as usize);
    digits.count() * 8 - leading
}

#[cfg(test)]
mod tests {
    use super::significant_bits;

    #[test]
    fn a_number_has_as_many_bits_as_it_needs() {
        for (number, bits) in [(&[][..], 0), (&[0, 0], 0), (&[1], 1), (&[0, 0x80, 0], 16), (&[0x7f, 0xff], 15)] {
            assert_eq!(significant_bits(number), bits, "{number:?}");
        }
    }
}
