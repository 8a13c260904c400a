use rustls_pki_types::SignatureVerificationAlgorithm;

use crate::certificate::Certificate;
use crate::lab::pki::{KeyName, Minted, Recipe, Signature};
use crate::trust::path::signed::{Signed, signed_by};
use crate::trust::signature::{ALGORITHMS, USUAL};
use crate::wire::der::Der;

/// A root of this key that signs a server's certificate in this way.
fn chain(key: KeyName, signature: Signature) -> (Minted, Minted) {
    let root = Recipe::root("Root").key(key).signed_with(signature);
    let root = Minted::self_signed(&root).unwrap();
    let leaf = root.issue(&Recipe::web_server(&["mp01.contoso.com"]).signed_with(signature)).unwrap();
    (root, leaf)
}

fn judged(root: &Minted, leaf: &Minted) -> Signed {
    let [root, leaf] = [root, leaf].map(|one| Certificate::read(&Der::from(one.der.as_slice())));
    signed_by(&leaf, &root, ALGORITHMS)
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
    (KeyName::Dsa1024, Signature::Sha1),
    (KeyName::Dsa1024, Signature::Sha256),
];

#[test]
fn every_signature_the_lab_makes_is_judged_good() {
    for &(key, signature) in EVERY_WAY {
        let (root, leaf) = chain(key, signature);
        // Twice: the second time the answer is remembered.
        for _ in 0..2 {
            assert_eq!(judged(&root, &leaf), Signed::Yes, "{key:?} {signature:?}");
        }
    }
}

#[test]
fn a_spoiled_signature_is_judged_bad_also_after_the_good_one_was_seen() {
    for &(key, signature) in EVERY_WAY {
        let (root, leaf) = chain(key, signature);
        assert_eq!(judged(&root, &leaf), Signed::Yes);
        let spoiled = leaf.corrupt_signature();
        assert_eq!(judged(&root, &spoiled), Signed::No, "{key:?} {signature:?}");
    }
}

#[test]
fn another_key_of_the_same_name_is_judged_bad() {
    let (_, leaf) = chain(KeyName::Rsa2048A, Signature::Sha1);
    let (impostor, _) = chain(KeyName::Rsa2048B, Signature::Sha1);
    assert_eq!(judged(&impostor, &leaf), Signed::No);
}

#[test]
fn no_identifier_pair_stands_twice() {
    for (at, one) in USUAL.iter().enumerate() {
        let pair = (one.public_key_alg_id(), one.signature_alg_id());
        let again = USUAL[at + 1..].iter().any(|other| (other.public_key_alg_id(), other.signature_alg_id()) == pair);
        assert!(!again, "{pair:?}");
    }
}

#[test]
fn nonsense_is_bad_and_nothing_worse() {
    for algorithm in USUAL {
        for bytes in [&[][..], &[0], &[0x30, 0x00], &[4; 65], &[0xff; 300]] {
            assert!(algorithm.verify_signature(bytes, b"message", bytes).is_err());
        }
    }
    for bytes in [&[][..], &[0], &[0x30, 0x00], &[4; 65], &[0xff; 300]] {
        assert_ne!(ALGORITHMS.verifies(bytes, bytes, b"message", bytes), Some(true));
    }
}
