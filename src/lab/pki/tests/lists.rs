//! CRLs and OCSP responses say what their recipes say.

use ::time::Duration;
use openssl::ocsp::{OcspCertId, OcspCertStatus, OcspFlag, OcspResponse};
use openssl::stack::Stack;
use openssl::x509::X509Crl;
use openssl::x509::store::X509StoreBuilder;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer, X509Version};
use x509_parser::revocation_list::CertificateRevocationList;

use super::super::*;

fn parsed(der: &[u8]) -> CertificateRevocationList<'_> {
    let (rest, list) = CertificateRevocationList::from_der(der).unwrap();
    assert!(rest.is_empty());
    list
}

fn verifies(list: &[u8], issuer: &Minted) -> bool {
    X509Crl::from_der(list).unwrap().verify(&issuer.x509().unwrap().public_key().unwrap()).unwrap()
}

#[test]
fn a_healthy_list_is_current_empty_and_signed() {
    let pki = Pki::lab().unwrap();
    for (authority, recipe) in [(&pki.root, pki.root_crl()), (&pki.issuing, pki.issuing_crl())] {
        let bytes = authority.crl(&recipe).unwrap();
        assert_eq!(bytes, authority.crl(&recipe).unwrap());
        let list = parsed(&bytes);
        assert!(list.last_update().to_datetime() < LAB_EPOCH);
        assert!(list.next_update().unwrap().to_datetime() > LAB_EPOCH);
        assert_eq!(list.iter_revoked_certificates().count(), 0);
        assert_eq!(list.crl_number().unwrap().to_string(), "1");
        assert_eq!(list.version(), Some(X509Version::V2));
        assert!(verifies(&bytes, authority));
        assert!(!verifies(&bytes, &Pki::stranger().unwrap().issuing));
        assert!(pem("X509 CRL", &bytes).starts_with("-----BEGIN X509 CRL-----\n"));
    }
}

#[test]
fn the_revoked_are_listed_with_their_reasons() {
    let pki = Pki::lab().unwrap();
    let [good, bad, held] = ["a", "b", "c"].map(|name| pki.issue(&pki.client(name)).unwrap());
    let recipe = pki.issuing_crl().revoke(&bad).revoke_for(&held, Reason::CertificateHold);
    let bytes = pki.issuing.crl(&recipe).unwrap();
    let list = parsed(&bytes);
    let entries: Vec<(&[u8], Option<u8>)> = list
        .iter_revoked_certificates()
        .map(|entry| (entry.raw_serial(), entry.reason_code().map(|(_, reason)| reason.0)))
        .collect();
    assert_eq!(entries, [(bad.serial.as_slice(), None), (held.serial.as_slice(), Some(6))]);
    let openssl = X509Crl::from_der(&bytes).unwrap();
    let listed =
        |one: &Minted| !matches!(openssl.get_by_cert(&one.x509().unwrap()), openssl::x509::CrlStatus::NotRevoked);
    assert!(!listed(&good) && listed(&bad) && listed(&held));
}

#[test]
fn dates_version_and_signature_are_those_asked_for() {
    let pki = Pki::lab().unwrap();
    let (from, to) = (LAB_EPOCH - Duration::days(60), LAB_EPOCH - Duration::days(53));
    let bytes = pki.issuing.crl(&pki.issuing_crl().current(from, to).signed_with(Signature::Md5)).unwrap();
    let list = parsed(&bytes);
    assert_eq!(list.last_update().to_datetime(), from);
    assert_eq!(list.next_update().unwrap().to_datetime(), to);
    assert_eq!(list.signature_algorithm.algorithm.to_id_string(), "1.2.840.113549.1.1.4");
    assert!(verifies(&bytes, &pki.issuing));

    let endless = pki.issuing.crl(&pki.issuing_crl().no_next_update()).unwrap();
    assert!(parsed(&endless).next_update().is_none());
    let revoked = pki.issue(&pki.client("a")).unwrap();
    let old = CrlRecipe { version: 1, ..pki.issuing_crl().revoke_for(&revoked, Reason::Superseded) };
    let old = pki.issuing.crl(&old).unwrap();
    assert_eq!(parsed(&old).version(), None);
    assert!(parsed(&old).extensions().is_empty());
    assert!(parsed(&old).iter_revoked_certificates().all(|entry| entry.extensions().is_empty()));
    assert!(verifies(&old, &pki.issuing));
}

#[test]
fn deltas_partitions_and_indirect_lists_say_what_they_are() {
    let pki = Pki::lab().unwrap();
    let other = vec![(Attribute::CommonName, Text::from("Other CA"))];
    let recipe = pki
        .issuing_crl()
        .number(7)
        .delta_over(5)
        .entry(Revoked {
            serial: vec![1],
            at: LAB_EPOCH,
            reason: Some(Reason::KeyCompromise),
            certificate_issuer: Some(other),
        })
        .issuing_distribution_point(IssuingDistributionPoint {
            urls: vec!["http://pki.contoso.com/part.crl".to_owned()],
            only_user_certificates: true,
            only_reasons: vec![Reason::KeyCompromise, Reason::AaCompromise],
            indirect: true,
            ..IssuingDistributionPoint::default()
        })
        .extension("1.2.3.4", true, &[5, 0]);
    let bytes = pki.issuing.crl(&recipe).unwrap();
    let list = parsed(&bytes);
    assert_eq!(list.crl_number().unwrap().to_string(), "7");
    let mut delta = None;
    let mut part = None;
    let mut unknown = false;
    for one in list.extensions() {
        match (one.oid.to_id_string().as_str(), one.parsed_extension()) {
            ("2.5.29.27", _) => delta = Some((one.critical, one.value)),
            ("1.2.3.4", _) => unknown = one.critical,
            (_, ParsedExtension::IssuingDistributionPoint(point)) => part = Some(point),
            _ => {}
        }
    }
    assert_eq!(delta, Some((true, &[2, 1, 5][..])));
    let part = part.unwrap();
    assert!(part.only_contains_user_certs && !part.only_contains_ca_certs && part.indirect_crl);
    let reasons = part.only_some_reasons.as_ref().unwrap();
    assert!(reasons.key_compromise() && reasons.aa_compromise() && !reasons.superseded());
    assert!(part.distribution_point.is_some() && unknown);
    assert!(verifies(&bytes, &pki.issuing));
}

#[test]
fn another_issuer_can_be_claimed() {
    let pki = Pki::lab().unwrap();
    let recipe = pki.issuing_crl().issued_by(pki.issuing.recipe.subject.clone());
    let bytes = Pki::stranger().unwrap().issuing.crl(&recipe).unwrap();
    assert_eq!(parsed(&bytes).issuer().to_string(), "DC=com, DC=contoso, CN=Contoso Issuing CA");
    assert!(!verifies(&bytes, &pki.issuing));
}

fn ocsp_status(bytes: &[u8], issuer: &Minted, certificate: &Minted) -> Option<OcspCertStatus> {
    let basic = OcspResponse::from_der(bytes).unwrap().basic().unwrap();
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(Pki::lab().unwrap().root.x509().unwrap()).unwrap();
    let mut untrusted = Stack::new().unwrap();
    untrusted.push(issuer.x509().unwrap()).unwrap();
    // Times are the caller's business: the lab's epoch is not the machine's now.
    let mut parameters = openssl::x509::verify::X509VerifyParam::new().unwrap();
    parameters.set_time(LAB_EPOCH.unix_timestamp());
    store.set_param(&parameters).unwrap();
    basic.verify(&untrusted, &store.build(), OcspFlag::empty()).ok()?;
    let id = OcspCertId::from_cert(
        openssl::hash::MessageDigest::sha1(),
        &certificate.x509().unwrap(),
        &issuer.x509().unwrap(),
    )
    .unwrap();
    basic.find_status(&id).map(|found| found.status)
}

#[test]
fn ocsp_answers_are_signed_by_the_issuer_or_its_delegate() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["a"])).unwrap();
    let responder = pki.issue(&Recipe::leaf("OCSP").eku(&[oid::OCSP_SIGNING]).key(KeyName::Rsa2048G)).unwrap();
    let answer = |recipe: OcspRecipe| pki.issuing.ocsp(&leaf, &recipe).unwrap();
    let good = answer(OcspRecipe::default());
    assert_eq!(good, answer(OcspRecipe::default()));
    assert_eq!(ocsp_status(&good, &pki.issuing, &leaf), Some(OcspCertStatus::GOOD));
    let revoked = answer(OcspRecipe::default().status(OcspStatus::Revoked(LAB_EPOCH)).responder(&responder));
    assert_eq!(ocsp_status(&revoked, &pki.issuing, &leaf), Some(OcspCertStatus::REVOKED));
    let unknown = answer(OcspRecipe::default().status(OcspStatus::Unknown));
    assert_eq!(ocsp_status(&unknown, &pki.issuing, &leaf), Some(OcspCertStatus::UNKNOWN));
    // A certificate without the OCSP purpose may not answer for its CA.
    let usurper = pki.issue(&pki.web_server(&["b"])).unwrap();
    let wrong = answer(OcspRecipe::default().responder(&usurper));
    assert_eq!(ocsp_status(&wrong, &pki.issuing, &leaf), None);
    let other = pki.issue(&pki.web_server(&["c"])).unwrap();
    assert_eq!(ocsp_status(&good, &pki.issuing, &other), None);
}
