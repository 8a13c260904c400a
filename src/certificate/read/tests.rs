use proptest::prelude::*;
use time::macros::datetime;

use super::der::{self, Element, tag};
use super::timestamp;
use crate::certificate::Facts;
use crate::certificate::read::extension::MOST_EXTENSIONS;
use crate::certificate::read::{extension, facts};
use crate::certificate::{
    AlternativeName, Certificate, CommonName, Hash, KeyAlgorithm, Name, SignatureFamily, Template,
};
use crate::lab::pki::{
    Attribute, BasicConstraints, KeyName, KeyUsage, Minted, Pki, Recipe, San, Signature, Subtree,
    Template as LabTemplate, Text, oid,
};
use crate::wire::der::Der;

fn minted(recipe: &Recipe) -> Minted {
    Pki::lab().unwrap().issue(recipe).unwrap()
}

fn read(recipe: &Recipe) -> Facts {
    facts(&minted(recipe).der).unwrap()
}

/// Everything a recipe can say, at once.
fn loaded() -> Recipe {
    Pki::lab()
        .unwrap()
        .web_server(&["mp01.contoso.com", "mp.contoso.com"])
        .san(San::Ip("10.1.0.21".parse().unwrap()))
        .san(San::Ip("2001:db8::21".parse().unwrap()))
        .san(San::Upn("mp01$@contoso.com".into()))
        .san(San::Uri("https://mp01/".into()))
        .san(San::Email("pki@contoso.com".into()))
        .san(San::Directory(vec![(Attribute::CommonName, "MP01".into())]))
        .ocsp("http://ocsp.contoso.com/")
        .also_cdp(&["file://\\\\pki01\\CertEnroll\\Contoso.crl"])
        .certificate_policies(&["1.3.6.1.4.1.99999.1"])
        .name_constraints(&[Subtree::Dns("contoso.com".into())], &[])
}

#[test]
fn a_web_server_certificate_says_all_it_was_given() {
    let facts = read(&loaded());
    assert_eq!(facts.version, 3);
    assert_eq!(facts.subject.text, "CN=mp01.contoso.com");
    assert_eq!(facts.issuer.text, "CN=Contoso Issuing CA, DC=contoso, DC=com");
    assert_eq!(facts.not_before.0, datetime!(2025-12-02 00:00 UTC));
    assert_eq!(facts.not_after.0, datetime!(2027-12-02 00:00 UTC));
    assert_eq!(facts.dns_names().collect::<Vec<_>>(), ["mp01.contoso.com", "mp.contoso.com"]);
    let shown: Vec<String> = facts.alternative_names.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(
        shown[2..],
        [
            "ip:10.1.0.21",
            "ip:2001:db8::21",
            "upn:mp01$@contoso.com",
            "uri:https://mp01/",
            "email:pki@contoso.com",
            "directory:CN=MP01",
        ]
    );
    assert_eq!(facts.extended_key_usage.as_deref(), Some(&[oid::SERVER_AUTHENTICATION.to_owned()][..]));
    assert_eq!(facts.application_policies, facts.extended_key_usage);
    let usage = facts.key_usage.unwrap();
    assert!(usage.digital_signature && usage.key_encipherment);
    assert!(!usage.key_agreement && !usage.key_cert_sign && !usage.crl_sign);
    assert_eq!(facts.basic_constraints, None);
    assert_eq!((facts.public_key.algorithm, facts.public_key.bits), (KeyAlgorithm::Rsa, 2048));
    assert_eq!(facts.signature.name, "sha256WithRSAEncryption");
    assert_eq!(facts.crl_distribution_points.len(), 3);
    assert!(facts.crl_distribution_points[0].starts_with("ldap:///CN=Contoso%20Issuing%20CA,"));
    assert_eq!(facts.crl_distribution_points[1], "http://pki.contoso.com/CertEnroll/Contoso%20Issuing%20CA.crl");
    assert_eq!(facts.crl_distribution_points[2], "file://\\\\pki01\\CertEnroll\\Contoso.crl");
    assert_eq!(facts.ocsp_responders, ["http://ocsp.contoso.com/"]);
    assert_eq!(facts.issuer_urls.len(), 2);
    let template = facts.template.unwrap();
    assert!(template.oid.unwrap().starts_with("1.3.6.1.4.1.311.21.8."));
    assert_eq!((template.name, template.major_revision), (None, Some(100)));
    assert_eq!(facts.subject_key_id.as_deref(), Some(KeyName::Rsa2048B.id().unwrap()));
    assert_eq!(facts.authority_key_id.as_deref(), Some(KeyName::Rsa2048A.id().unwrap()));
    assert!(facts.unknown_critical.is_empty());
    assert!(facts.malformed.is_empty(), "{:?}", facts.malformed);
}

fn words_of(facts: &Facts) -> Vec<&str> {
    facts.malformed.iter().map(|flaw| flaw.words.as_str()).collect()
}

#[test]
fn a_certification_authority_says_so() {
    let facts = facts(&Pki::lab().unwrap().issuing.der).unwrap();
    let constraints = facts.basic_constraints.unwrap();
    assert!(constraints.ca);
    assert_eq!(constraints.path_length, Some(0));
    assert!(facts.key_usage.unwrap().key_cert_sign && facts.key_usage.unwrap().crl_sign);
    assert_eq!(facts.template, Some(Template { oid: None, name: Some("SubCA".into()), major_revision: None }));
    assert_eq!(facts.extended_key_usage, None);
    assert!(facts.malformed.is_empty(), "{:?}", facts.malformed);
    let mut recipe = Recipe::leaf("a");
    recipe.basic_constraints = Some(BasicConstraints { ca: false, path_length: None });
    assert!(!read(&recipe).basic_constraints.unwrap().ca);
}

#[test]
fn absent_and_empty_are_told_apart() {
    let bare = read(&Recipe::leaf("a"));
    assert_eq!((bare.alternative_names, bare.extended_key_usage, bare.key_usage), (None, None, None));
    let empty = read(&Recipe::leaf("a").eku(&[]));
    assert_eq!(empty.extended_key_usage, Some(vec![]));
    let none_set = read(&Recipe::leaf("a").key_usage(KeyUsage::NONE)).key_usage.unwrap();
    assert!(!none_set.digital_signature && !none_set.key_encipherment);
}

#[test]
fn purposes_keep_their_order_and_their_numbers() {
    let purposes = ["1.3.6.1.4.1.311.10.3.12", oid::CLIENT_AUTHENTICATION, oid::SERVER_AUTHENTICATION, "2.5.29.37.0"];
    let facts = read(&Recipe::leaf("a").eku(&purposes).application_policies(&["1.3.6.1.5.5.7.3.2"]));
    assert_eq!(facts.extended_key_usage.unwrap(), purposes);
    assert_eq!(facts.application_policies.unwrap(), ["1.3.6.1.5.5.7.3.2"]);
}

#[test]
fn keys_are_measured_to_the_bit() {
    for (key, algorithm, bits) in [
        (KeyName::Rsa512, KeyAlgorithm::Rsa, 512),
        (KeyName::Rsa1024, KeyAlgorithm::Rsa, 1024),
        (KeyName::Rsa4096, KeyAlgorithm::Rsa, 4096),
        (KeyName::Rsa8096, KeyAlgorithm::Rsa, 8096),
        (KeyName::Rsa8192, KeyAlgorithm::Rsa, 8192),
        (KeyName::RsaPss2048, KeyAlgorithm::RsaPss, 2048),
        (KeyName::P256A, KeyAlgorithm::Ec("P-256".into()), 256),
        (KeyName::P384, KeyAlgorithm::Ec("P-384".into()), 384),
        (KeyName::P521, KeyAlgorithm::Ec("P-521".into()), 521),
        (KeyName::Ed25519, KeyAlgorithm::Ed25519, 256),
        (KeyName::Dsa1024, KeyAlgorithm::Dsa, 1024),
    ] {
        let facts = read(&Recipe::leaf("a").key(key));
        assert_eq!((facts.public_key.algorithm, facts.public_key.bits), (algorithm, bits), "{key:?}");
        assert!(facts.malformed.is_empty(), "{key:?}: {:?}", facts.malformed);
    }
}

#[test]
fn a_modulus_of_1023_bits_is_not_rounded_up() {
    // The lab's 1024-bit modulus with its top bit cleared, in place.
    let mut der = minted(&Recipe::leaf("a").key(KeyName::Rsa1024)).der;
    let at = der.windows(4).position(|part| part == [0x02, 0x81, 0x81, 0x00]).unwrap();
    der[at + 4] = der[at + 4] & 0x7f | 0x40;
    assert_eq!(facts(&der).unwrap().public_key.bits, 1023);
}

#[test]
fn signatures_have_their_usual_names_and_hashes() {
    for (signature, name, hash, family) in [
        (Signature::Md2, "md2WithRSAEncryption", Hash::Md2, SignatureFamily::RsaPkcs1),
        (Signature::Md4, "md4WithRSAEncryption", Hash::Md4, SignatureFamily::RsaPkcs1),
        (Signature::Md5, "md5WithRSAEncryption", Hash::Md5, SignatureFamily::RsaPkcs1),
        (Signature::Sha1, "sha1WithRSAEncryption", Hash::Sha1, SignatureFamily::RsaPkcs1),
        (Signature::Sha384, "sha384WithRSAEncryption", Hash::Sha384, SignatureFamily::RsaPkcs1),
        (Signature::Sha512, "sha512WithRSAEncryption", Hash::Sha512, SignatureFamily::RsaPkcs1),
        (Signature::PssSha256, "RSASSA-PSS", Hash::Sha256, SignatureFamily::RsaPss),
    ] {
        let signed = read(&Recipe::leaf("a").signed_with(signature)).signature;
        assert_eq!((signed.name.as_str(), signed.hash, signed.family), (name, Some(hash), family));
    }
    for (key, signature, name) in [
        (KeyName::P256A, Signature::Sha256, "ecdsa-with-SHA256"),
        (KeyName::P384, Signature::Sha1, "ecdsa-with-SHA1"),
        (KeyName::Dsa1024, Signature::Sha1, "dsa-with-sha1"),
        (KeyName::Ed25519, Signature::Sha256, "Ed25519"),
    ] {
        let signed = Minted::self_signed(&Recipe::leaf("a").key(key).signed_with(signature)).unwrap();
        assert_eq!(facts(&signed.der).unwrap().signature.name, name);
    }
}

#[test]
fn names_read_as_windows_shows_them() {
    let facts = read(&Recipe::leaf("x").subject(vec![
        (Attribute::DomainComponent, Text::Ia5("com".into())),
        (Attribute::State, Text::Teletex("Th\u{fc}ringen".into())),
        (Attribute::Organization, Text::Utf8("Contoso, \"Ltd\"".into())),
        (Attribute::Other("1.2.3.4".into()), Text::Bmp("\u{c4}".into())),
        (Attribute::OrganizationalUnit, Text::Raw { tag: 0x04, bytes: vec![1, 2] }),
        (Attribute::CommonName, Text::Universal("m\u{fc}.contoso.com".into())),
        (Attribute::CommonName, Text::Printable("mp01.contoso.com".into())),
        (Attribute::CommonName, Text::Bmp("mp02".into())),
        (Attribute::CommonName, Text::Utf8("a\u{1b}[2J".into())),
    ]));
    assert_eq!(
        facts.subject.text,
        "CN=a\\u{1b}[2J, CN=mp02, CN=mp01.contoso.com, CN=m\u{fc}.contoso.com, OU=#04:0102, OID.1.2.3.4=\u{c4}, \
         O=\"Contoso, \"\"Ltd\"\"\", S=Th\u{fc}ringen, DC=com"
    );
    let cn = |text: &str, is_ascii| CommonName { text: text.into(), is_ascii };
    assert_eq!(
        facts.subject.common_names,
        [cn("m\u{fc}.contoso.com", false), cn("mp01.contoso.com", true), cn("mp02", true), cn("a\u{1b}[2J", true)]
    );
    assert!(facts.malformed.is_empty());
}

#[test]
fn a_name_of_several_values_in_one_part_keeps_them_together() {
    // SEQUENCE { SET { CN=a, OU=b } }
    let der = b"\x30\x18\x31\x16\x30\x08\x06\x03\x55\x04\x03\x0c\x01a\x30\x0a\x06\x03\x55\x04\x0b\x1e\x03\x00b\x00";
    assert_eq!(Name::read(&Der::from(&der[..])).unwrap().text, "CN=a + OU=b\u{fffd}");
    assert_eq!(Name::read(&Der::from(&b"\x30\x00"[..])).unwrap().text, "");
    assert_eq!(Name::read(&Der::from(&b"\x30\x01\x31"[..])), None);
    assert_eq!(Name::read(&Der::from(&b""[..])), None);
}

#[test]
fn what_is_malformed_is_named_and_the_rest_is_kept() {
    let recipe = loaded().san(San::Raw(vec![0x82, 3, b'a', 0xff, b'b'])).san(San::Raw(vec![0x87, 3, 10, 1, 0]));
    let facts = read(&recipe);
    let names = facts.alternative_names.as_deref().unwrap();
    let malformed = |value: &str| AlternativeName::Other { kind: "malformed", value: value.into() };
    assert_eq!(names[names.len() - 2..], [malformed("61ff62"), malformed("0a0100")]);
    assert_eq!(facts.dns_names().count(), 2);

    for (oid, value, words) in [
        ("2.5.29.17", &[0x30, 3, 0x82, 5, b'a'][..], "Subject Alternative Name (2.5.29.17) cannot be read"),
        ("2.5.29.37", &[5, 0], "Enhanced Key Usage (2.5.29.37) cannot be read"),
        ("2.5.29.15", &[3, 2, 9, 0xa0], "Key Usage (2.5.29.15) cannot be read"),
        ("2.5.29.19", &[0x30, 3, 2, 1, 0xff], "Basic Constraints (2.5.29.19) cannot be read"),
        ("2.5.29.31", &[0x31, 0], "CRL Distribution Points (2.5.29.31) cannot be read"),
        ("1.3.6.1.4.1.311.21.7", &[0x30, 0], "Certificate Template Information (1.3.6.1.4.1.311.21.7) cannot be read"),
    ] {
        let facts = read(&Recipe::leaf("a").extension(oid, false, value).cn("b"));
        assert_eq!(words_of(&facts), [words]);
        assert_eq!(facts.subject.text, "CN=b");
        assert!(facts.subject_key_id.is_some());
    }
    let facts = read(&Recipe::web_server(&["a"]).extension("2.5.29.37", false, &[0x30, 0]));
    assert_eq!(words_of(&facts), ["Enhanced Key Usage (2.5.29.37) is there more than once"]);
    assert_eq!(facts.extended_key_usage.unwrap(), [oid::SERVER_AUTHENTICATION]);
}

#[test]
fn so_many_extensions_are_read_and_no_more() {
    let with = |count: usize| {
        // One again and again: each is told, as far as they are read.
        let mut facts = facts(&minted(&Recipe::leaf("a")).der).unwrap();
        facts.malformed.clear();
        let one = der::value(0x30, &[6, 3, 0x2a, 3, 4, 4, 2, 5, 0]);
        extension::read(&der::value(0x30, &one.repeat(count)), &mut facts);
        let told: Vec<&str> = facts.malformed.iter().map(|flaw| flaw.words.as_str()).collect();
        (told.len(), told.last().is_some_and(|words| words.contains("more than 256 extensions")))
    };
    assert_eq!(with(MOST_EXTENSIONS), (MOST_EXTENSIONS - 1, false));
    assert_eq!(with(MOST_EXTENSIONS + 1), (MOST_EXTENSIONS, true));
    assert_eq!(with(50 * MOST_EXTENSIONS), (MOST_EXTENSIONS, true));
}

#[test]
fn critical_extensions_nobody_names_are_listed() {
    let facts = read(&loaded().unknown_critical_extension("1.3.6.1.4.1.99999.7").extension(
        "1.3.6.1.4.1.99999.8",
        false,
        &[5, 0],
    ));
    assert_eq!(facts.unknown_critical, ["1.3.6.1.4.1.99999.7"]);
    assert!(facts.malformed.is_empty());
}

#[test]
fn templates_of_both_kinds_are_read() {
    let named = read(&Recipe::leaf("a").template(LabTemplate::Named("WebServer".into()))).template.unwrap();
    assert_eq!(named, Template { oid: None, name: Some("WebServer".into()), major_revision: None });
    let versioned =
        LabTemplate::Versioned { object_identifier: "1.3.6.1.4.1.311.21.8.1".into(), major: 3, minor: None };
    let versioned = read(&Recipe::leaf("a").template(versioned)).template.unwrap();
    assert_eq!(versioned.oid.as_deref(), Some("1.3.6.1.4.1.311.21.8.1"));
    assert_eq!(versioned.major_revision, Some(3));
}

#[test]
fn serial_numbers_lose_their_leading_zeros_and_version_1_has_no_extensions() {
    assert_eq!(read(&Recipe::leaf("a").serial(&[0, 0x9a, 0])).serial, "9a00");
    assert_eq!(read(&Recipe::leaf("a").serial(&[0])).serial, "00");
    let facts = read(&Recipe::web_server(&["a"]).version_1());
    assert_eq!((facts.version, facts.alternative_names), (1, None));
}

#[test]
fn a_serial_number_in_more_octets_than_it_needs_is_noted() {
    let said = "the serial number is not in as few octets as it needs (BER, not DER)";
    for (octets, odd) in [
        (&[0, 0, 5][..], true),
        (&[0, 5], true),
        (&[0xff, 0xfe], true),
        (&[], true),
        (&[0, 0x85], false),
        (&[0xfe], false),
        (&[0], false),
    ] {
        let found = read(&Recipe::leaf("a").serial(octets));
        assert_eq!(words_of(&found).contains(&said), odd, "{octets:02x?}");
        assert!(found.malformed.iter().all(|flaw| flaw.is_readable), "{octets:02x?}");
    }
}

#[test]
fn dates_that_rfc_5280_does_not_allow_are_read_and_noted() {
    let at = |tag, text: &str| timestamp(Element { tag, contents: text.as_bytes() });
    let (utc, generalized) = (tag::UTC_TIME, tag::GENERALIZED_TIME);
    let right = at(utc, "261101100000Z").unwrap();
    assert_eq!(right.1, None);
    assert_eq!(at(generalized, "20261101100000Z"), Some(right));
    for (tag, text, odd) in [
        (utc, "2611011000Z", "without seconds"),
        (utc, "261101110000+0100", "in another time zone"),
        (generalized, "20261101100000.5Z", "with a fraction of a second"),
    ] {
        assert_eq!(at(tag, text), Some((right.0, Some(odd))), "{text}");
    }
    for none in ["261301100000Z", "260230100000Z", "26AB01100000Z", "261101100000", "261101100060Z", ""] {
        assert_eq!(at(utc, none), None, "{none}");
    }
}

#[test]
fn a_key_nobody_can_verify_with_and_one_that_is_written_oddly_are_told_apart() {
    use super::algorithm::{Odd, odd};
    let key = |modulus: &[u8], exponent: &[u8]| {
        let rsa = [&der::value(tag::OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1])[..], &[5, 0]].concat();
        let numbers = [der::value(tag::INTEGER, modulus), der::value(tag::INTEGER, exponent)].concat();
        let bits = [&[0][..], &der::value(tag::SEQUENCE, &numbers)].concat();
        der::value(tag::SEQUENCE, &[der::value(tag::SEQUENCE, &rsa), der::value(tag::BIT_STRING, &bits)].concat())
    };
    let good: &[u8] = &[0, 0x9b, 0x15];
    for exponent in [&[3_u8][..], &[1, 0, 1]] {
        assert!(odd(&key(good, exponent)).is_none(), "{exponent:?}");
    }
    for exponent in [&[1_u8][..], &[0], &[2], &[1, 0, 0], &[]] {
        assert!(matches!(odd(&key(good, exponent)), Some(Odd::Useless(_))), "{exponent:?}");
    }
    assert!(matches!(odd(&key(&[0, 0x9b, 0x14], &[3])), Some(Odd::Useless(_))), "an even modulus");
    for modulus in [&[0x9b_u8, 0x15][..], &[0, 0, 0x9b, 0x15]] {
        assert!(matches!(odd(&key(modulus, &[3])), Some(Odd::Readable(_))), "{modulus:02x?}");
    }
}

#[test]
fn a_path_length_beyond_any_number_is_no_limit_and_one_below_zero_is_none() {
    let path_length = |number: &[u8]| {
        let value = [&[1, 1, 0xff][..], &der::value(tag::INTEGER, number)].concat();
        let found = read(&Recipe::leaf("a").extension("2.5.29.19", true, &der::value(tag::SEQUENCE, &value)));
        found.basic_constraints.and_then(|constraints| constraints.path_length)
    };
    for (number, read) in [
        (&[0][..], Some(0)),
        (&[0x7f], Some(127)),
        (&[0, 0x80], Some(128)),
        (&[0, 0xff, 0xff, 0xff, 0xff], Some(u32::MAX)),
        (&[1, 0, 0, 0, 0], Some(u32::MAX)),
        (&[0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0], Some(u32::MAX)),
        (&[0xff], None),
        (&[], None),
    ] {
        assert_eq!(path_length(number), read, "{number:02x?}");
    }
}

#[test]
fn a_list_without_anything_in_it_is_noted() {
    for (oid, what) in [
        ("2.5.29.17", "Subject Alternative Name (2.5.29.17)"),
        ("2.5.29.46", "Freshest CRL (2.5.29.46)"),
        ("2.5.29.32", "Certificate Policies (2.5.29.32)"),
    ] {
        let found = read(&Recipe::leaf("a").extension(oid, false, &[0x30, 0]).cn("b"));
        assert_eq!(words_of(&found), [format!("{what} has nothing in it, which RFC 5280 does not allow")]);
        assert!(found.malformed.iter().all(|flaw| flaw.is_readable));
    }
}

#[test]
fn what_follows_a_certificate_is_noted() {
    let mut der = minted(&Recipe::leaf("a")).der;
    der.extend([0, 0]);
    assert_eq!(words_of(&facts(&der).unwrap()), ["2 bytes follow the certificate"]);
}

#[test]
fn a_certificate_cut_short_anywhere_is_unreadable_with_a_reason() {
    let der = minted(&loaded()).der;
    for length in 0..der.len() {
        let certificate = Certificate::read(&Der::from(&der[..length]));
        assert!(!certificate.facts.unwrap_err().is_empty());
    }
}

#[test]
fn no_flipped_bit_brings_the_reader_down() {
    let der = minted(&loaded()).der;
    let mut readable = 0;
    for at in 0..der.len() {
        for bit in 0..8 {
            let mut spoiled = der.clone();
            spoiled[at] ^= 1 << bit;
            readable += usize::from(facts(&spoiled).is_ok());
        }
    }
    // A signature's bits, a key's, a name's letters: most flips leave a certificate that says something else.
    assert!(readable > der.len() * 4, "{readable} of {}", der.len() * 8);
}

proptest! {
    #[test]
    fn any_bytes_give_facts_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(facts(&bytes).is_ok() || facts(&bytes).is_err_and(|reason| !reason.is_empty()));
    }

    #[test]
    fn any_extension_gives_facts(
        which in 0_usize..11,
        critical in any::<bool>(),
        value in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let oids = [
            "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.35", "2.5.29.37",
            "1.3.6.1.5.5.7.1.1", "1.3.6.1.4.1.311.20.2", "1.3.6.1.4.1.311.21.7", "1.3.6.1.4.1.311.21.10",
        ];
        // Half of the bytes become the contents of a well-framed SEQUENCE, so that the inside is reached too.
        let mut framed = vec![0x30, u8::try_from(value.len()).unwrap_or(0)];
        framed.extend(&value);
        for value in [&value, &framed] {
            let facts = read(&Recipe::leaf("a").extension(oids[which], critical, value));
            prop_assert_eq!(facts.subject.text, "CN=a");
        }
    }

    #[test]
    fn any_name_is_read_or_refused(value in proptest::collection::vec(any::<u8>(), 0..60), tag in any::<u8>()) {
        let recipe = Recipe::leaf("a").subject(vec![
            (Attribute::Organization, Text::Raw { tag: tag & 0xde, bytes: value }),
            (Attribute::CommonName, "last".into()),
        ]);
        prop_assert!(read(&recipe).subject.text.starts_with("CN=last, O="));
    }
}
