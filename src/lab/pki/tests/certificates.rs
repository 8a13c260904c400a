//! Every field of a recipe shows in the certificate.

use super::super::*;
use x509_parser::prelude::*;

fn parsed(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate
}

#[test]
fn a_web_server_certificate_leads_to_its_root() {
    let pki = Pki::contoso().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap();
    let [root, issuing, leaf] = [&pki.root, &pki.issuing, &leaf].map(|one| one.x509().unwrap());
    assert!(leaf.verify(&issuing.public_key().unwrap()).unwrap());
    assert!(issuing.verify(&root.public_key().unwrap()).unwrap());
    assert!(root.verify(&root.public_key().unwrap()).unwrap());
    assert!(!leaf.verify(&root.public_key().unwrap()).unwrap());
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let once = || {
        let pki = Pki::contoso().unwrap();
        pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap()
    };
    assert_eq!(once(), once());
    let other = Pki::contoso().unwrap();
    let other = other.issue(&other.web_server(&["mp02.contoso.com"])).unwrap();
    assert_ne!(once().serial, other.serial);
    assert_eq!(parsed(&other.der).raw_serial(), other.serial);
}
