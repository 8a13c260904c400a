//! PKCS #12 and PKCS #7 files open as those of Windows do.

use openssl::error::ErrorStack;
use openssl::pkcs7::Pkcs7;
use openssl::pkcs12::ParsedPkcs12_2;
use openssl::provider::Provider;

use super::super::*;

fn opened(file: &[u8], password: &str) -> Result<ParsedPkcs12_2, ErrorStack> {
    let _legacy = Provider::try_load(None, "legacy", true)?;
    openssl::pkcs12::Pkcs12::from_der(file)?.parse2(password)
}

fn client() -> Minted {
    let pki = Pki::lab().unwrap();
    pki.issue(&pki.client("pc01.contoso.com")).unwrap()
}

/// The BMPString holding this text, as it lies in a file.
fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[test]
fn every_protection_opens_with_its_password_only() {
    let client = client();
    for protection in [Protection::Legacy, Protection::TripleDes, Protection::Modern] {
        for password in ["", "geheim", "Paßwort €"] {
            let recipe = Pkcs12::export(&client, password).protection(protection).friendly_name("pc01");
            let file = recipe.der().unwrap();
            assert_eq!(file, recipe.der().unwrap(), "{protection:?}: the same bytes each time");
            let contents = opened(&file, password).unwrap_or_else(|e| panic!("{protection:?} {password:?}: {e}"));
            assert_eq!(contents.cert.unwrap().to_der().unwrap(), client.der);
            assert!(contents.pkey.unwrap().public_eq(&client.private_key().unwrap()));
            let chain: Vec<Vec<u8>> = contents.ca.unwrap().iter().map(|one| one.to_der().unwrap()).collect();
            assert_eq!(chain.len(), 2);
            assert!(client.issuers.iter().all(|issuer| chain.contains(issuer)));
            assert!(opened(&file, "wrong").is_err(), "{protection:?}");
        }
    }
}

#[test]
fn contents_can_lack_a_key_or_carry_anothers() {
    let client = client();
    let no_key = opened(&Pkcs12::export(&client, "p").keys(&[]).leaf_only().der().unwrap(), "p").unwrap();
    assert!(no_key.pkey.is_none());
    assert_eq!(no_key.ca.map_or(0, |chain| chain.len()) + usize::from(no_key.cert.is_some()), 1);
    let file = Pkcs12::export(&client, "p").keys(&[KeyName::Rsa2048H]).der().unwrap();
    // OpenSSL itself refuses to hand out a key beside a certificate it does not fit.
    assert!(
        opened(&file, "p").map_or(true, |contents| {
            !contents.pkey.is_some_and(|key| key.public_eq(&client.private_key().unwrap()))
        })
    );
}

#[test]
fn the_provider_is_named_only_when_asked() {
    let client = client();
    let plain = Pkcs12::export(&client, "p").der().unwrap();
    let named = Pkcs12::export(&client, "p").provider(KEY_STORAGE_PROVIDER).der().unwrap();
    let holds = |file: &[u8]| {
        let text = wide(KEY_STORAGE_PROVIDER);
        file.windows(text.len()).any(|window| window == text)
    };
    assert!(holds(&named) && !holds(&plain));
    assert!(opened(&named, "p").unwrap().pkey.is_some());
}

#[test]
fn a_p7b_file_holds_its_certificates_in_order() {
    let client = client();
    let file = pkcs7(&client.chain()).unwrap();
    let envelope = Pkcs7::from_der(&file).unwrap();
    let inside: Vec<Vec<u8>> =
        envelope.signed().unwrap().certificates().unwrap().iter().map(|one| one.to_der().unwrap()).collect();
    assert_eq!(inside, client.chain());
}
