use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::lab::pki::{KeyName, LAB_EPOCH, Minted, Recipe, Signature};
use crate::trust::signature::ALGORITHMS;

/// A root of this key that signs a server's certificate in this way.
fn chain(key: KeyName, signature: Signature) -> (Minted, Minted) {
    let root = Recipe::root("Root").key(key).signed_with(signature);
    let root = Minted::self_signed(&root).unwrap();
    let leaf = root.issue(&Recipe::web_server(&["mp01.contoso.com"]).signed_with(signature)).unwrap();
    (root, leaf)
}

fn judged(root: &Minted, leaf: &Minted) -> Result<(), webpki::Error> {
    let root = CertificateDer::from(root.der.as_slice());
    let leaf = CertificateDer::from(leaf.der.as_slice());
    let anchors = [anchor_from_trusted_cert(&root).unwrap()];
    let now =
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(LAB_EPOCH.unix_timestamp().try_into().unwrap()));
    let leaf = EndEntityCert::try_from(&leaf).unwrap();
    leaf.verify_for_usage(ALGORITHMS, &anchors, &[], now, KeyUsage::server_auth(), None, None).map(|_| ())
}

const EVERY_WAY: &[(KeyName, Signature)] = &[
    (KeyName::Rsa2048A, Signature::Sha256),
    (KeyName::Rsa2048A, Signature::Sha384),
    (KeyName::Rsa2048A, Signature::Sha512),
    (KeyName::Rsa2048A, Signature::Sha1),
    (KeyName::Rsa2048A, Signature::Md5),
    (KeyName::Rsa2048A, Signature::Md4),
    (KeyName::Rsa2048A, Signature::Md2),
    (KeyName::Rsa2048A, Signature::PssSha256),
    (KeyName::Rsa2048A, Signature::PssSha384),
    (KeyName::Rsa2048A, Signature::PssSha512),
    (KeyName::RsaPss2048, Signature::PssSha256),
    (KeyName::Rsa512, Signature::Md5),
    (KeyName::Rsa512, Signature::Sha1),
    (KeyName::Rsa512, Signature::Sha256),
    (KeyName::Rsa1024, Signature::Sha1),
    (KeyName::Rsa1024, Signature::Sha512),
    (KeyName::Rsa1024, Signature::PssSha256),
    (KeyName::Rsa3072, Signature::Sha256),
    (KeyName::Rsa8096, Signature::Sha256),
    (KeyName::Rsa8192, Signature::Sha1),
    (KeyName::P256A, Signature::Sha256),
    (KeyName::P256A, Signature::Sha1),
    (KeyName::P256A, Signature::Sha384),
    (KeyName::P256A, Signature::Sha512),
    (KeyName::P384, Signature::Sha384),
    (KeyName::P384, Signature::Sha256),
    (KeyName::P384, Signature::Sha512),
    (KeyName::P521, Signature::Sha512),
    (KeyName::P521, Signature::Sha256),
    (KeyName::P521, Signature::Sha1),
    (KeyName::Ed25519, Signature::Sha256),
];

#[test]
fn every_signature_the_lab_makes_is_judged_good() {
    for &(key, signature) in EVERY_WAY {
        let (root, leaf) = chain(key, signature);
        // Twice: the second time the answer is remembered.
        for _ in 0..2 {
            assert!(judged(&root, &leaf).is_ok(), "{key:?} {signature:?}: {:?}", judged(&root, &leaf));
        }
    }
}

#[test]
fn a_spoiled_signature_is_judged_bad_also_after_the_good_one_was_seen() {
    for &(key, signature) in EVERY_WAY {
        let (root, leaf) = chain(key, signature);
        judged(&root, &leaf).unwrap();
        let spoiled = leaf.corrupt_signature();
        let verdict = judged(&root, &spoiled);
        assert!(
            matches!(verdict, Err(webpki::Error::InvalidSignatureForPublicKey)),
            "{key:?} {signature:?}: {verdict:?}"
        );
    }
}

#[test]
fn another_key_of_the_same_name_is_judged_bad() {
    let (_, leaf) = chain(KeyName::Rsa2048A, Signature::Sha1);
    let (impostor, _) = chain(KeyName::Rsa2048B, Signature::Sha1);
    assert!(matches!(judged(&impostor, &leaf), Err(webpki::Error::InvalidSignatureForPublicKey)));
}

#[test]
fn no_identifier_pair_stands_twice() {
    for (at, one) in ALGORITHMS.iter().enumerate() {
        let pair = (one.public_key_alg_id(), one.signature_alg_id());
        let again =
            ALGORITHMS[at + 1..].iter().any(|other| (other.public_key_alg_id(), other.signature_alg_id()) == pair);
        assert!(!again, "{pair:?}");
    }
}

#[test]
fn nonsense_is_bad_and_nothing_worse() {
    for algorithm in ALGORITHMS {
        for bytes in [&[][..], &[0], &[0x30, 0x00], &[4; 65], &[0xff; 300]] {
            assert!(algorithm.verify_signature(bytes, b"message", bytes).is_err());
        }
    }
}
