//! Every signature the lab can make is one OpenSSL verifies, and the same one each time.

use openssl::md::Md;
use openssl::md_ctx::MdCtx;
use openssl::provider::Provider;
use openssl::rsa::Padding;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::super::*;

fn verifies(minted: &Minted) -> bool {
    let certificate = minted.x509().unwrap();
    certificate.verify(&certificate.public_key().unwrap()).unwrap()
}

fn algorithm(minted: &Minted) -> String {
    let (_, certificate) = X509Certificate::from_der(&minted.der).unwrap();
    assert_eq!(certificate.signature_algorithm, certificate.tbs_certificate.signature);
    certificate.signature_algorithm.algorithm.to_id_string()
}

#[test]
fn signatures_verify_until_they_are_corrupted() {
    use KeyName::*;
    use Signature::*;
    for (key, signature, name) in [
        (Rsa2048B, Md5, "1.2.840.113549.1.1.4"),
        (Rsa2048B, Sha1, "1.2.840.113549.1.1.5"),
        (Rsa2048B, Sha256, "1.2.840.113549.1.1.11"),
        (Rsa2048B, Sha384, "1.2.840.113549.1.1.12"),
        (Rsa2048B, Sha512, "1.2.840.113549.1.1.13"),
        (Rsa2048B, PssSha256, "1.2.840.113549.1.1.10"),
        (Rsa2048B, PssSha384, "1.2.840.113549.1.1.10"),
        (Rsa2048B, PssSha512, "1.2.840.113549.1.1.10"),
        (RsaPss2048, PssSha256, "1.2.840.113549.1.1.10"),
        (Rsa512, Sha1, "1.2.840.113549.1.1.5"),
        (Rsa512, Md5, "1.2.840.113549.1.1.4"),
        (Rsa1024, Sha1, "1.2.840.113549.1.1.5"),
        (Rsa3072, PssSha256, "1.2.840.113549.1.1.10"),
        (Rsa4096, Sha256, "1.2.840.113549.1.1.11"),
        (Rsa8096, Sha256, "1.2.840.113549.1.1.11"),
        (Rsa8096, PssSha256, "1.2.840.113549.1.1.10"),
        (Rsa8192, Sha256, "1.2.840.113549.1.1.11"),
        (P256A, Sha1, "1.2.840.10045.4.1"),
        (P256B, Sha256, "1.2.840.10045.4.3.2"),
        (P384, Sha384, "1.2.840.10045.4.3.3"),
        (P521, Sha512, "1.2.840.10045.4.3.4"),
        (Ed25519, Sha256, "1.3.101.112"),
        (Dsa1024, Sha1, "1.2.840.10040.4.3"),
        (Dsa1024, Sha256, "2.16.840.1.101.3.4.3.2"),
    ] {
        let recipe = Recipe::root("r").key(key).signed_with(signature);
        let minted = Minted::self_signed(&recipe).unwrap_or_else(|error| panic!("{key:?} {signature:?}: {error}"));
        assert_eq!(algorithm(&minted), name, "{key:?} {signature:?}");
        assert!(verifies(&minted), "{key:?} {signature:?}");
        assert_eq!(minted, Minted::self_signed(&recipe).unwrap(), "{key:?} {signature:?} is the same each time");
        assert!(!verifies(&minted.corrupt_signature()), "{key:?} {signature:?} corrupted");
    }
}

/// OpenSSL verifies neither: it ties no hash to MD2's identifier, and expects 1.2.840.113549.2.3 for MD4's inside the
/// signature, which is 1.2.840.113549.2.4. So this opens the signatures by hand.
#[test]
fn md2_and_md4_signatures_hold_the_hash_of_what_is_signed() {
    let _legacy = Provider::try_load(None, "legacy", true).unwrap();
    for (signature, name, hash, arc) in
        [(Signature::Md2, "1.2.840.113549.1.1.2", "MD2", 2), (Signature::Md4, "1.2.840.113549.1.1.3", "MD4", 4)]
    {
        let recipe = Recipe::root("r").key(KeyName::Rsa2048B).signed_with(signature);
        let minted = Minted::self_signed(&recipe).unwrap();
        assert_eq!(algorithm(&minted), name);
        let (_, certificate) = X509Certificate::from_der(&minted.der).unwrap();
        let rsa = minted.private_key().unwrap().rsa().unwrap();
        let mut opened = vec![0; rsa.size() as usize];
        let length = rsa.public_decrypt(&certificate.signature_value.data, &mut opened, Padding::PKCS1).unwrap();

        let mut context = MdCtx::new().unwrap();
        context.digest_init(&Md::fetch(None, hash, None).unwrap()).unwrap();
        context.digest_update(certificate.tbs_certificate.as_ref()).unwrap();
        let mut digest = [0; 16];
        context.digest_final(&mut digest).unwrap();
        let info = [0x30, 32, 0x30, 12, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, arc, 5, 0, 4, 16];
        assert_eq!(opened[..length], [info.as_slice(), &digest].concat(), "{hash}");
    }
}

#[test]
fn what_a_key_cannot_sign_is_an_error_that_says_so() {
    for (key, signature) in [
        (KeyName::P256A, Signature::Md5),
        (KeyName::Dsa1024, Signature::Sha512),
        (KeyName::RsaPss2048, Signature::Sha256),
        (KeyName::P384, Signature::PssSha256),
    ] {
        let error = Minted::self_signed(&Recipe::root("r").key(key).signed_with(signature)).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&format!("{key:?}")) && text.contains(&format!("{signature:?}")), "{text}");
    }
    let short = Recipe::root("r").key(KeyName::Rsa512);
    let pss = Minted::self_signed(&short.clone().signed_with(Signature::PssSha256)).unwrap_err();
    assert_eq!(pss.to_string(), "a key of 512 bits has no room for this signature");
    let sha512 = Minted::self_signed(&short.signed_with(Signature::Sha512)).unwrap_err();
    assert!(matches!(sha512, MintError::Crypto(_)), "{sha512}");
}

#[test]
fn a_leaf_of_any_key_is_signed_by_its_issuer() {
    let pki = Pki::lab().unwrap();
    let issuer = pki.issuing.x509().unwrap().public_key().unwrap();
    for key in KeyName::ALL {
        let minted = pki.issue(&Recipe::web_server(&["a"]).key(key).signed_with(Signature::Sha1)).unwrap();
        let x509 = minted.x509().unwrap();
        assert!(x509.verify(&issuer).unwrap(), "{key:?}");
        assert_eq!(x509.public_key().unwrap().public_key_to_der().unwrap(), key.public().unwrap());
        assert!(minted.private_key().unwrap().public_eq(&x509.public_key().unwrap()), "{key:?}");
    }
}
