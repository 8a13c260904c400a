use proptest::prelude::*;
use time::Duration;

use crate::certificate::Certificate;
use crate::certificate::revocation_list::*;
use crate::lab::pki::{CrlRecipe, IssuingDistributionPoint, LAB_EPOCH, Minted, Pki, Reason, Revoked as Listed, pem};

fn minted(bend: impl FnOnce(CrlRecipe) -> CrlRecipe) -> Vec<u8> {
    let pki = Pki::lab().unwrap();
    pki.issuing.crl(&bend(pki.issuing_crl())).unwrap()
}

fn read(bytes: &[u8]) -> Result<RevocationList, NotAList> {
    RevocationList::read(&Der::from(bytes))
}

/// A certificate's issuer and serial number, as its facts have them.
fn named(certificate: &Minted) -> (Der, Vec<u8>) {
    let facts = Certificate::read(&Der::from(certificate.der.as_slice())).facts.unwrap();
    (facts.issuer.der, facts.serial_number)
}

fn lookup(list: &RevocationList, certificate: &Minted) -> Option<Revoked> {
    let (issuer, serial) = named(certificate);
    list.revoked(&issuer, &serial)
}

#[test]
fn a_list_says_who_when_and_until_when() {
    let list = read(&minted(|r| r)).unwrap();
    assert!(list.issuer.text.starts_with("CN=Contoso Issuing CA"));
    assert_eq!(list.signature.name, "sha256WithRSAEncryption");
    assert_eq!(list.this_update, Timestamp(LAB_EPOCH - Duration::days(1)));
    assert_eq!(list.next_update, Some(Timestamp(LAB_EPOCH + Duration::days(6) + Duration::hours(12))));
    assert_eq!(list.next_publish, Some(Timestamp(LAB_EPOCH + Duration::days(6))));
    assert!(list.is_empty() && !list.is_delta() && list.encoding == Encoding::Der);
    assert_eq!(list.coverage, Coverage::default());
    let bare = read(&minted(|mut r| {
        r.version = 1;
        r.no_next_update()
    }))
    .unwrap();
    assert_eq!((bare.next_update, bare.next_publish), (None, None));
}

#[test]
fn the_listed_are_found_and_nobody_else() {
    let pki = Pki::lab().unwrap();
    let certificates: Vec<Minted> =
        (0..200).map(|number| pki.issue(&pki.client(&format!("pc{number}"))).unwrap()).collect();
    let (listed, free) = certificates.split_at(100);
    let list =
        read(&minted(|r| listed.iter().fold(r, |r, one| r.revoke_for(one, Reason::Superseded)).revoke(&pki.issuing)))
            .unwrap();
    assert_eq!(list.len(), 101);
    for one in listed {
        let found = lookup(&list, one).unwrap();
        assert_eq!(found.at, Some(list.this_update));
        assert_eq!(found.reason_in_words(), "superseded");
    }
    assert!(free.iter().all(|one| lookup(&list, one).is_none()));
    // Listed by number, but the number is one the root gave.
    assert_eq!(lookup(&list, &pki.issuing), None);
}

#[test]
fn serial_numbers_are_compared_as_numbers() {
    let pki = Pki::lab().unwrap();
    for (serial, other) in [(&[0, 0x80][..], &[0, 0x81][..]), (&[1], &[1, 0]), (&[0], &[1]), (&[0xfe], &[0, 0xfe])] {
        let one = pki.issue(&pki.client("one").serial(serial)).unwrap();
        let another = pki.issue(&pki.client("one").serial(other)).unwrap();
        let list = read(&minted(|r| r.revoke(&one))).unwrap();
        assert!(lookup(&list, &one).is_some(), "{serial:x?}");
        assert!(lookup(&list, &another).is_none(), "{other:x?}");
    }
}

#[test]
fn an_indirect_list_names_the_issuer_once_for_all_that_follow() {
    let pki = Pki::lab().unwrap();
    let [own, first, second] = ["a", "b", "c"].map(|name| pki.client(name));
    let own = pki.root.issue(&own).unwrap();
    let (first, second) = (pki.issue(&first).unwrap(), pki.issue(&second).unwrap());
    let entry = |one: &Minted, issuer| Listed {
        serial: one.serial.clone(),
        at: LAB_EPOCH,
        reason: None,
        certificate_issuer: issuer,
    };
    let recipe = pki
        .root_crl()
        .issuing_distribution_point(IssuingDistributionPoint { indirect: true, ..Default::default() })
        .entry(entry(&own, None))
        .entry(entry(&first, Some(pki.issuing.recipe.subject.clone())))
        .entry(entry(&second, None));
    let list = read(&pki.root.crl(&recipe).unwrap()).unwrap();
    assert!(list.coverage.is_indirect);
    assert!([&own, &first, &second].into_iter().all(|one| lookup(&list, one).is_some()));
    let (root, _) = named(&own);
    assert_eq!(list.revoked(&root, &named(&second).1), None);
}

#[test]
fn text_is_decoded_whatever_it_calls_itself() {
    let der = minted(|r| r);
    for label in ["X509 CRL", "CERTIFICATE"] {
        for before in ["", "\u{feff}\r\n"] {
            let list = read(format!("{before}{}", pem(label, &der)).as_bytes()).unwrap();
            assert_eq!((list.encoding, list.whole.unwrap().as_slice()), (Encoding::Pem, &der[..]));
        }
    }
}

#[test]
fn what_is_no_list_is_named() {
    let pki = Pki::lab().unwrap();
    let der = minted(|r| r);
    let cases: [(&[u8], &str); 7] = [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf <html>", "a web page"),
        (&pki.issuing.der, "a certificate"),
        (&der[..der.len() - 1], "cut short"),
        (b"-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----", "Base64"),
        (b"404 not found", "text instead of"),
    ];
    for (bytes, words) in cases {
        let instead = read(bytes).unwrap_err().to_string();
        assert!(instead.contains(words), "{instead}");
    }
    let mut longer = der;
    longer.push(0);
    assert!(read(&longer).is_err(), "something follows the list");
}

#[test]
fn schemes_are_told_apart_whatever_their_case() {
    for (url, scheme) in [
        ("http://pki/a.crl", Scheme::Http),
        ("HTTP://pki/a.crl", Scheme::Http),
        ("https://pki/a.crl", Scheme::Https),
        ("ldap:///CN=a", Scheme::Ldap),
        ("file://server/share/a.crl", Scheme::File),
        ("\\\\server\\share", Scheme::Other),
        ("", Scheme::Other),
    ] {
        assert_eq!(Scheme::of(url), scheme, "{url}");
    }
}

#[test]
fn a_list_read_octet_by_octet_is_the_list_read_at_once() {
    let whole = rich();
    let text = pem("X509 CRL", &whole);
    for bytes in [&whole[..], text.as_bytes()] {
        let mut reading = Reading::default();
        for octet in bytes {
            assert!(reading.may_be_a_list());
            reading.push(std::slice::from_ref(octet));
        }
        let sent = reading.finish();
        assert_eq!(sent.content.unwrap(), read(bytes).unwrap().extract);
        assert_eq!((sent.octets, sent.whole.unwrap().as_slice()), (bytes.len() as u64, bytes));
    }
}

#[test]
fn what_cannot_become_a_list_is_known_before_it_ends() {
    for start in [&b"<html>"[..], b"\x30\x05\x02\x01", b"\x31\x80", b"PK\x03\x04", b"0 0 0 0"] {
        let mut reading = Reading::default();
        reading.push(start);
        reading.push(&[0; 64]);
        assert!(!reading.may_be_a_list(), "{start:?}");
    }
}

#[test]
fn a_long_list_leaves_its_extract_behind() {
    let entries: Vec<Listed> = (0_u32..20_000)
        .map(|number| Listed {
            serial: number.to_be_bytes().to_vec(),
            at: LAB_EPOCH,
            reason: (number == 7).then_some(Reason::KeyCompromise),
            certificate_issuer: None,
        })
        .collect();
    let bytes = minted(|r| entries.into_iter().fold(r, CrlRecipe::entry));
    assert!(bytes.len() > reading::KEPT);
    let mut reading = Reading::default();
    bytes.chunks(4096).for_each(|chunk| reading.push(chunk));
    let sent = reading.finish();
    assert!(sent.whole.is_none());
    let extract = sent.content.unwrap();
    let saved: Extract = serde_json::from_str(&serde_json::to_string(&extract).unwrap()).unwrap();
    let list = RevocationList::of_extract(saved, None).unwrap();
    assert_eq!(list.len(), 20_000);
    let found = |serial: &[u8]| list.revoked(&list.issuer.der, serial);
    assert_eq!(found(&[0, 0, 0, 7]).unwrap().reason, Some(1));
    assert_eq!(found(&[7]).unwrap().at, Some(Timestamp(LAB_EPOCH)));
    assert!(found(&[0, 0, 0x4e, 0x20]).is_none() && found(&[0x4e, 0x1f]).is_some());
    assert_eq!(extract.entries.as_slice().len(), 20_000 * entry::RECORD);
}

#[test]
fn whatever_breaks_the_rules_for_lists_is_told() {
    let rules = |bend: fn(CrlRecipe) -> CrlRecipe| read(&minted(bend)).unwrap().malformed;
    assert_eq!(rules(|r| r), []);
    assert_eq!(rules(|r| r.extension("1.2.3.4", true, &[5, 0])), [Malformed::UnknownCritical("1.2.3.4".into())]);
    assert_eq!(rules(|r| r.extension("1.2.3.4", false, &[5, 0])), []);
    let number = [Malformed::Twice("2.5.29.20".into())];
    assert_eq!(rules(|r| r.extension("2.5.29.20", false, &[2, 1, 1])), number);
    assert_eq!(rules(|r| r.extension("2.5.29.46", false, &[5, 0])), [Malformed::Unreadable("2.5.29.46".into())]);
    // The version, inside SEQUENCE, SEQUENCE, becomes 1, 3; the algorithm beside the signature another.
    let mut bytes = minted(|r| r);
    let version = bytes.windows(3).position(|part| part == [2, 1, 1]).unwrap() + 2;
    bytes[version] = 0;
    assert_eq!(read(&bytes).unwrap().malformed, [Malformed::ExtensionsInVersion1]);
    bytes[version] = 2;
    assert_eq!(read(&bytes).unwrap().malformed, [Malformed::Version("3".into())]);
    bytes[version] = 1;
    let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    let beside = bytes.windows(9).rposition(|part| part == sha256).unwrap() + 8;
    bytes[beside] = 13;
    let two =
        Malformed::TwoAlgorithms { signed: "sha256WithRSAEncryption".into(), beside: "sha512WithRSAEncryption".into() };
    assert_eq!(read(&bytes).unwrap().malformed, [two]);
}

/// A list with everything in it, to be damaged.
fn rich() -> Vec<u8> {
    let pki = Pki::lab().unwrap();
    let one = pki.issue(&pki.client("one")).unwrap();
    minted(|r| {
        let point = IssuingDistributionPoint {
            urls: vec!["http://pki.contoso.com/a.crl".into()],
            indirect: true,
            only_reasons: vec![Reason::KeyCompromise],
            ..Default::default()
        };
        r.revoke_for(&one, Reason::KeyCompromise).delta_over(1).issuing_distribution_point(point).entry(Listed {
            serial: vec![5],
            at: LAB_EPOCH,
            reason: None,
            certificate_issuer: Some(pki.root.recipe.subject.clone()),
        })
    })
}

/// Whatever was read can be asked.
fn ask(bytes: &[u8]) {
    if let Ok(list) = read(bytes) {
        for serial in [&[5][..], &[0], &[], &[0xff; 40]] {
            let _ = list.revoked(&list.issuer.der, serial);
        }
        // What is kept of it is the same list.
        let again = RevocationList::of_extract(list.extract.clone(), None).unwrap();
        assert_eq!((again.len(), again.malformed, again.this_update), (list.len(), list.malformed, list.this_update));
    }
}

#[test]
fn a_list_cut_anywhere_is_no_list_and_no_panic() {
    let whole = rich();
    assert!(read(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        ask(&bytes);
    }

    #[test]
    fn no_damage_panics(at in 0_usize..4096, byte in any::<u8>(), also in 0_usize..4096, other in any::<u8>()) {
        let mut bytes = rich();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes[also % length] = other;
        ask(&bytes);
    }
}
