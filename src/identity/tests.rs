//! Every way an identity can come, and every way it can be wrong.

use openssl::pkey::{PKey, Private};
use openssl::symm::Cipher;

use super::{ClientIdentity, IdentityError, stranger};
use crate::certificate::Certificate;
use crate::lab::pki::{Minted, Pkcs12, Pki, Protection};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

const SECRET: &str = "p\u{e4}ssword";

fn client() -> (Minted, PKey<Private>) {
    let pki = Pki::lab().unwrap();
    let minted = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let key = minted.private_key().unwrap();
    (minted, key)
}

fn subject(identity: &ClientIdentity) -> String {
    Certificate::read(&identity.chain[0]).subject_text().to_owned()
}

#[test]
fn old_and_new_pkcs12_files_open() {
    let (minted, key) = client();
    for protection in [Protection::Legacy, Protection::TripleDes, Protection::Modern] {
        let file = Pkcs12::export(&minted, SECRET).protection(protection).der().unwrap();
        let identity = ClientIdentity::from_pkcs12("workstation", &file, Some(SECRET)).unwrap();
        assert_eq!(subject(&identity), "CN=ws01.corp.contoso.com", "{protection:?}");
        assert!(PKey::private_key_from_pkcs8(&identity.key).unwrap().public_eq(&key), "{protection:?}");
        let refused = |secret| ClientIdentity::from_pkcs12("workstation", &file, secret).map(|_| ()).unwrap_err();
        assert_eq!(refused(Some("wrong")), IdentityError::WrongSecret, "{protection:?}");
        assert_eq!(refused(None), IdentityError::SecretMissing, "{protection:?}");
    }
}

#[test]
fn a_pkcs12_file_brings_its_chain_and_lacks_nothing() {
    let (minted, _) = client();
    let whole = Pkcs12::export(&minted, SECRET).der().unwrap();
    let identity = ClientIdentity::from_pkcs12("workstation", &whole, Some(SECRET)).unwrap();
    assert_eq!(identity.chain[0].as_slice(), &minted.der[..]);
    let keyless = Pkcs12::export(&minted, SECRET).keys(&[]).der().unwrap();
    let refused = ClientIdentity::from_pkcs12("workstation", &keyless, Some(SECRET)).map(|_| ());
    assert_eq!(refused, Err(IdentityError::NoKey));
    let no_file = ClientIdentity::from_pkcs12("workstation", b"MZ\x90\0", Some(SECRET)).map(|_| ());
    assert_eq!(no_file, Err(IdentityError::NotPkcs12));
}

#[test]
fn pairs_open_in_pem_and_der_with_the_key_locked_or_not() {
    let (minted, key) = client();
    let pem = minted.pem();
    let locked = |key: &PKey<Private>| {
        key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), SECRET.as_bytes()).unwrap()
    };
    let locked_der = key.private_key_to_pkcs8_passphrase(Cipher::aes_256_cbc(), SECRET.as_bytes()).unwrap();
    let open_der = key.private_key_to_pkcs8().unwrap();
    let both = [pem.as_bytes(), &key.private_key_to_pem_pkcs8().unwrap()].concat();
    let keys: [(&str, Vec<u8>, Option<&str>); 4] = [
        ("PEM", key.private_key_to_pem_pkcs8().unwrap(), None),
        ("locked PEM", locked(&key), Some(SECRET)),
        ("DER", open_der, None),
        ("locked DER", locked_der.clone(), Some(SECRET)),
    ];
    for certificate in [pem.as_bytes(), &minted.der] {
        for (kind, key, secret) in &keys {
            let identity = ClientIdentity::from_pair("workstation", certificate, Some(key), *secret).unwrap();
            assert_eq!(subject(&identity), "CN=ws01.corp.contoso.com", "{kind}");
        }
    }
    assert!(ClientIdentity::from_pair("workstation", &both, None, None).is_ok(), "both in one file");
    let refused = |certificate: &[u8], key: Option<&[u8]>, secret| {
        ClientIdentity::from_pair("workstation", certificate, key, secret).map(|_| ()).unwrap_err()
    };
    let pem = pem.as_bytes();
    assert_eq!(refused(pem, None, None), IdentityError::NoKey);
    assert_eq!(refused(pem, Some(&locked(&key)), None), IdentityError::SecretMissing);
    assert_eq!(refused(pem, Some(&locked(&key)), Some("wrong")), IdentityError::WrongSecret);
    assert_eq!(refused(pem, Some(&locked_der), None), IdentityError::SecretMissing);
    assert_eq!(refused(pem, Some(&locked_der), Some("wrong")), IdentityError::WrongSecret);
    assert_eq!(refused(pem, Some(b"not a key"), None), IdentityError::UnreadableKey);
    assert_eq!(refused(b"not a certificate", Some(&keys[0].1), None), IdentityError::UnreadableCertificate);
    let other = Pki::lab().unwrap().issuing.private_key().unwrap().private_key_to_pkcs8().unwrap();
    assert_eq!(refused(pem, Some(&other), None), IdentityError::KeyDoesNotFit);
}

#[test]
fn the_stranger_looks_like_the_client_and_comes_from_nowhere() {
    let (minted, _) = client();
    let now = Timestamp(time::macros::datetime!(2026-06-01 12:00 UTC));
    let stranger = stranger::mint(Some(&minted.der[..].into()), now).unwrap();
    assert_eq!(subject(&stranger), "CN=ws01.corp.contoso.com");
    let leaf = Certificate::read(&stranger.chain[0]);
    let facts = leaf.facts().unwrap();
    assert_eq!(facts.dns_names().collect::<Vec<_>>(), ["ws01.corp.contoso.com"]);
    assert!(facts.issuer.text.contains("nobody trusts"));
    assert!(facts.not_before < now && now < facts.not_after);
    assert!(stranger::mint(None, now).is_ok());
}

#[test]
fn neither_secret_nor_key_shows() {
    let (minted, key) = client();
    let file = Pkcs12::export(&minted, SECRET).der().unwrap();
    let identity = ClientIdentity::from_pkcs12("workstation", &file, Some(SECRET)).unwrap();
    let shown = format!("{identity:?}");
    assert!(!shown.contains(SECRET) && !shown.contains("key"), "{shown}");
    let locked = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), SECRET.as_bytes()).unwrap();
    let error = ClientIdentity::from_pair("w", minted.pem().as_bytes(), Some(&locked), Some("hunter2")).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

#[test]
fn a_client_sends_the_authorities_it_has_and_never_a_root() {
    let pki = Pki::lab().unwrap();
    let der = |minted: &Minted| Der::from(minted.der.as_slice());
    let leaf = pki.issue(&pki.client("wks01.corp.contoso.com")).unwrap();
    let identity = |chain: Vec<Der>| ClientIdentity::new("one", chain, Vec::new().into());
    let (client, issuing, root) = (der(&leaf), der(&pki.issuing), der(&pki.root));
    let stranger = der(&Pki::stranger().unwrap().issuing);
    for (chain, known, expected) in [
        (vec![client.clone()], vec![stranger, issuing.clone(), root.clone()], vec![client.clone(), issuing.clone()]),
        (vec![client.clone()], vec![root.clone()], vec![client.clone()]),
        (vec![client.clone(), issuing.clone()], vec![issuing.clone()], vec![client.clone(), issuing.clone()]),
        (
            vec![client.clone(), root.clone()],
            vec![issuing.clone()],
            vec![client.clone(), root.clone(), issuing.clone()],
        ),
        (vec![root.clone()], vec![issuing], vec![root]),
    ] {
        let mut one = identity(chain);
        one.complete(&known);
        assert_eq!(one.chain, expected);
    }
}
