//! Every field of a recipe shows in the certificate.

use std::net::IpAddr;

use ::time::Duration;
use ::time::macros::datetime;
use rustls_pki_types::{CertificateDer, UnixTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::{ASN1Time, FromDer, X509Version};

use super::super::*;

fn parsed(minted: &Minted) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(&minted.der).unwrap();
    assert!(rest.is_empty());
    certificate
}

/// Signed by the lab's issuing CA.
fn issued(recipe: &Recipe) -> Minted {
    Pki::lab().unwrap().issue(recipe).unwrap()
}

/// The value of the extension with this identifier, and whether it is critical.
fn extension<'a>(certificate: &X509Certificate<'a>, dotted: &str) -> Option<(bool, &'a [u8])> {
    let found = certificate.extensions().iter().find(|one| one.oid.to_id_string() == dotted);
    found.map(|one| (one.critical, one.value))
}

#[test]
fn a_leaf_leads_to_its_root_and_to_no_other() {
    let pki = Pki::lab().unwrap();
    let leaf = issued(&pki.web_server(&["mp01.contoso.com"]));
    let [root, issuing, leaf_x509] = [&pki.root, &pki.issuing, &leaf].map(|one| one.x509().unwrap());
    assert!(leaf_x509.verify(&issuing.public_key().unwrap()).unwrap());
    assert!(issuing.verify(&root.public_key().unwrap()).unwrap());
    assert!(root.verify(&root.public_key().unwrap()).unwrap());
    assert!(!leaf_x509.verify(&root.public_key().unwrap()).unwrap());
    assert_eq!(leaf.chain(), [leaf.der.clone(), pki.issuing.der.clone()]);
    assert_eq!(leaf.issuers.last(), Some(&pki.root.der));
    assert_eq!(leaf.chain_pem().matches("BEGIN CERTIFICATE").count(), 2);
}

#[test]
fn what_is_healthy_is_healthy_to_webpki_too() {
    let pki = Pki::lab().unwrap();
    let anchor_der = pki.root.der.clone().into();
    let anchor = webpki::anchor_from_trusted_cert(&anchor_der).unwrap();
    let intermediates = [pki.issuing.der.clone().into()];
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(LAB_EPOCH.unix_timestamp() as u64));
    let crls = [pki.root.crl(&pki.root_crl()).unwrap(), pki.issuing.crl(&pki.issuing_crl()).unwrap()]
        .map(|bytes| webpki::OwnedCertRevocationList::from_der(&bytes).unwrap().into());
    let crls: Vec<&webpki::CertRevocationList<'_>> = crls.iter().collect();
    for (recipe, purpose) in [
        (pki.web_server(&["mp01.contoso.com"]), webpki::KeyUsage::server_auth()),
        (pki.client("pc01.contoso.com"), webpki::KeyUsage::client_auth()),
        (pki.mobile_device("anna"), webpki::KeyUsage::client_auth()),
        (pki.bridging_proxy(&["mp.contoso.com"]), webpki::KeyUsage::client_auth()),
    ] {
        let leaf = CertificateDer::from(issued(&recipe).der);
        let path = webpki::EndEntityCert::try_from(&leaf).unwrap();
        let revocation = webpki::RevocationOptionsBuilder::new(&crls)
            .unwrap()
            .with_depth(webpki::RevocationCheckDepth::Chain)
            .with_status_policy(webpki::UnknownStatusPolicy::Deny)
            .with_expiration_policy(webpki::ExpirationPolicy::Enforce)
            .build();
        path.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            std::slice::from_ref(&anchor),
            &intermediates,
            now,
            purpose,
            Some(revocation),
            None,
        )
        .unwrap();
    }
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let once = || {
        let pki = Pki::contoso().unwrap();
        pki.issue(&pki.web_server(&["mp01.contoso.com"])).unwrap()
    };
    assert_eq!(once(), once());
    let other = issued(&Pki::lab().unwrap().web_server(&["mp02.contoso.com"]));
    assert_ne!(once().serial, other.serial);
    assert_eq!(parsed(&other).raw_serial(), other.serial);
    assert_eq!(other.serial.len(), 19);
}

#[test]
fn bytes_stay_the_same_from_release_to_release() {
    // A changed thumbprint changes saved captures: change it knowingly.
    let minted = issued(&Pki::lab().unwrap().web_server(&["mp01.contoso.com"]));
    assert_eq!(
        data_encoding::HEXLOWER.encode(&openssl::sha::sha1(&minted.der)),
        "0f9537096323c353d044976d11f97946a10d4376"
    );
}

#[test]
fn names_of_both_kinds_keep_their_order() {
    let minted = issued(
        &Recipe::web_server(&["a.contoso.com", "b.contoso.com"])
            .attribute(Attribute::CommonName, "second")
            .san(San::Ip(IpAddr::from([10, 1, 0, 21])))
            .san(San::Upn("anna@contoso.com".to_owned()))
            .san(San::Email("anna@contoso.com".to_owned()))
            .san(San::Uri("urn:a".to_owned()))
            .san(San::Directory(vec![(Attribute::CommonName, "d".into())]))
            .san(San::Raw(vec![0x82, 1, 0xff])),
    );
    let certificate = parsed(&minted);
    assert_eq!(certificate.subject().to_string(), "CN=a.contoso.com, CN=second");
    let san = certificate.subject_alternative_name().unwrap().unwrap();
    assert!(!san.critical);
    let [a, b, ip, upn, email, uri, directory, raw] = san.value.general_names.as_slice() else { panic!("{san:?}") };
    assert_eq!(a, &GeneralName::DNSName("a.contoso.com"));
    assert_eq!(b, &GeneralName::DNSName("b.contoso.com"));
    assert_eq!(ip, &GeneralName::IPAddress(&[10, 1, 0, 21]));
    assert!(matches!(upn, GeneralName::OtherName(kind, _) if kind.to_id_string() == "1.3.6.1.4.1.311.20.2.3"));
    assert_eq!(email, &GeneralName::RFC822Name("anna@contoso.com"));
    assert_eq!(uri, &GeneralName::URI("urn:a"));
    assert!(matches!(directory, GeneralName::DirectoryName(name) if name.to_string() == "CN=d"));
    assert!(matches!(raw, GeneralName::Invalid(tag, [0xff]) if tag.0 == 2), "{raw:?}");
    let critical = issued(&Recipe { san_critical: true, ..Recipe::web_server(&["a"]) });
    assert!(parsed(&critical).subject_alternative_name().unwrap().unwrap().critical);
}

#[test]
fn subject_setters_replace_what_they_say() {
    let subject = |recipe: Recipe| parsed(&issued(&recipe)).subject().to_string();
    let with_company = Recipe::leaf("a").attribute(Attribute::Organization, "Contoso");
    assert_eq!(subject(with_company.clone().cn("b")), "O=Contoso, CN=b");
    assert_eq!(subject(with_company.no_cn()), "O=Contoso");
    assert_eq!(subject(Recipe::leaf("a").subject(Vec::new())), "");
    let signing = subject(Recipe::site_signing("PRI"));
    assert_eq!(signing, "CN=The site code of this site server is PRI");
}

#[test]
fn purposes_are_those_asked_for() {
    let healthy = Pki::lab().unwrap().web_server(&["a"]);
    let purposes = |recipe: &Recipe| {
        let minted = issued(recipe);
        let eku = parsed(&minted).extended_key_usage().unwrap().map(|eku| {
            (eku.critical, eku.value.any, eku.value.server_auth, eku.value.client_auth, eku.value.other.len())
        });
        let policies = extension(&parsed(&minted), oid::APPLICATION_POLICIES).map(|(_, value)| value.to_vec());
        (eku, policies)
    };
    let server_only = [0x30, 12, 0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1].to_vec();
    let (eku, policies) = purposes(&healthy);
    assert_eq!(eku, Some((false, false, true, false, 0)));
    assert_eq!(policies, Some(server_only.clone()));

    let (eku, policies) = purposes(&healthy.clone().eku(&[oid::CLIENT_AUTHENTICATION, oid::DOCUMENT_SIGNING]));
    assert_eq!(eku, Some((false, false, false, true, 1)));
    assert_ne!(policies, Some(server_only.clone()), "Application Policies follow");

    let apart = healthy.clone().eku(&[oid::ANY_PURPOSE]).application_policies(&[oid::SERVER_AUTHENTICATION]);
    assert_eq!(purposes(&apart.eku_critical()), (Some((true, true, false, false, 0)), Some(server_only)));
    assert_eq!(purposes(&healthy.no_eku()), (None, None));
    assert_eq!(purposes(&Recipe::leaf("a").eku(&[])).1, None);
}

#[test]
fn an_empty_list_of_purposes_is_not_none_at_all() {
    let minted = issued(&Recipe::leaf("a").eku(&[]));
    assert_eq!(extension(&parsed(&minted), oid::EXTENDED_KEY_USAGE), Some((false, &[0x30, 0][..])));
}

#[test]
fn key_usage_and_constraints_are_those_asked_for() {
    let usage = KeyUsage::KEY_ENCIPHERMENT | KeyUsage::KEY_CERT_SIGN;
    let minted = issued(&Recipe::leaf("a").key_usage(usage).basic_constraints(true, Some(3)));
    let certificate = parsed(&minted);
    let shown = certificate.key_usage().unwrap().unwrap();
    assert!(shown.critical && shown.value.key_encipherment() && shown.value.key_cert_sign());
    assert!(!shown.value.digital_signature() && !shown.value.crl_sign());
    let constraints = certificate.basic_constraints().unwrap().unwrap();
    assert!(constraints.critical && constraints.value.ca);
    assert_eq!(constraints.value.path_len_constraint, Some(3));

    let bare = issued(&Recipe::root("r").no_key_usage().no_basic_constraints());
    assert!(parsed(&bare).key_usage().unwrap().is_none());
    assert!(parsed(&bare).basic_constraints().unwrap().is_none());
    let leaf = issued(&Recipe::leaf("a").basic_constraints(false, None));
    assert!(!parsed(&leaf).basic_constraints().unwrap().unwrap().value.ca);
}

#[test]
fn name_constraints_cover_what_they_say() {
    let minted = issued(&Recipe::issuing("i").name_constraints(
        &[Subtree::Dns("contoso.com".to_owned()), Subtree::Ip(IpAddr::from([10, 0, 0, 0]), 12)],
        &[Subtree::Directory(vec![(Attribute::Organization, "Fabrikam".into())])],
    ));
    let certificate = parsed(&minted);
    let constraints = certificate.name_constraints().unwrap().unwrap();
    assert!(constraints.critical);
    let permitted = constraints.value.permitted_subtrees.as_deref().unwrap();
    assert_eq!(permitted[0].base, GeneralName::DNSName("contoso.com"));
    assert_eq!(permitted[1].base, GeneralName::IPAddress(&[10, 0, 0, 0, 255, 240, 0, 0]));
    let excluded = constraints.value.excluded_subtrees.as_deref().unwrap();
    assert!(matches!(&excluded[0].base, GeneralName::DirectoryName(name) if name.to_string() == "O=Fabrikam"));
}

#[test]
fn dates_and_serials_are_taken_as_given() {
    let from = datetime!(1999-06-01 00:00 UTC);
    let to = datetime!(2055-06-01 00:00 UTC);
    let minted = issued(&Recipe::leaf("a").valid(from, to).serial(&[0]));
    let certificate = parsed(&minted);
    assert_eq!(certificate.validity().not_before.to_datetime(), from);
    assert_eq!(certificate.validity().not_after.to_datetime(), to);
    assert_eq!(certificate.raw_serial(), [0]);
    let negative = issued(&Recipe::leaf("a").serial(&[0xff, 0x01]));
    assert_eq!(parsed(&negative).raw_serial(), [0xff, 0x01]);
}

#[test]
fn pointers_lead_where_ad_cs_would_lead() {
    let pki = Organization::contoso().published_at("http://127.0.0.1:8080/CertEnroll/").build().unwrap();
    let minted = pki.issue(&pki.web_server(&["a"])).unwrap();
    let certificate = parsed(&minted);
    let urls: Vec<String> = certificate
        .extensions()
        .iter()
        .filter_map(|one| match one.parsed_extension() {
            ParsedExtension::CRLDistributionPoints(points) => Some(points.points.clone()),
            _ => None,
        })
        .flatten()
        .filter_map(|point| match point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        })
        .flatten()
        .map(|name| match name {
            GeneralName::URI(url) => url.to_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        urls,
        [
            "ldap:///CN=Contoso%20Issuing%20CA,CN=PKI01,CN=CDP,CN=Public%20Key%20Services,CN=Services,\
             CN=Configuration,DC=contoso,DC=com?certificateRevocationList?base?objectClass=cRLDistributionPoint",
            "http://127.0.0.1:8080/CertEnroll/Contoso%20Issuing%20CA.crl",
        ]
    );
    assert_eq!(pki.issuing_crl_url(), urls[1]);
    let x509 = minted.x509().unwrap();
    let places: Vec<String> =
        x509.authority_info().unwrap().iter().filter_map(|access| access.location().uri().map(str::to_owned)).collect();
    assert_eq!(places.len(), 2);
    assert_eq!(places[1], "http://127.0.0.1:8080/CertEnroll/Contoso%20Issuing%20CA.crt");
    let published: Vec<String> = pki.published().unwrap().into_iter().map(|file| file.url).collect();
    assert!(published.contains(&pki.root_crl_url()) && published.contains(&places[1]));
    assert!(pki.root.x509().unwrap().crl_distribution_points().is_none());
}

#[test]
fn distribution_points_can_be_several_indirect_or_gone() {
    let point = |minted: &Minted| minted.x509().unwrap().crl_distribution_points().map(|points| points.len());
    let one = Pki::lab().unwrap().web_server(&["a"]);
    assert_eq!(point(&issued(&one)), Some(1));
    assert_eq!(point(&issued(&one.clone().also_cdp(&["http://b/"]))), Some(2));
    assert_eq!(point(&issued(&one.clone().no_cdp())), None);
    let responder = issued(&one.clone().no_authority_information().ocsp("http://ocsp.contoso.com/"));
    assert_eq!(
        responder.x509().unwrap().ocsp_responders().unwrap().iter().map(|url| url.to_string()).collect::<Vec<_>>(),
        ["http://ocsp.contoso.com/"]
    );
    let mut indirect = one.cdp(&["http://a/"]);
    indirect.crl_distribution_points[0].crl_issuer = Some(vec![(Attribute::CommonName, "Other CA".into())]);
    indirect.freshest_crl = vec![DistributionPoint { urls: vec!["http://a/+".to_owned()], crl_issuer: None }];
    let minted = issued(&indirect);
    let certificate = parsed(&minted);
    let issuers = certificate.extensions().iter().find_map(|one| match one.parsed_extension() {
        ParsedExtension::CRLDistributionPoints(points) => points.points[0].crl_issuer.clone(),
        _ => None,
    });
    assert!(matches!(&issuers.unwrap()[..], [GeneralName::DirectoryName(name)] if name.to_string() == "CN=Other CA"));
    assert!(extension(&certificate, "2.5.29.46").is_some());
}

#[test]
fn templates_of_both_ages_are_written() {
    let new = issued(&Pki::lab().unwrap().web_server(&["a"]));
    let (_, value) = extension(&parsed(&new), oid::CERTIFICATE_TEMPLATE).unwrap();
    assert!(value.ends_with(&[2, 1, 100, 2, 1, 4]), "revision 100.4: {value:x?}");
    let old = issued(&Recipe::leaf("a").template(Template::Named("WebServer".to_owned())));
    let (_, value) = extension(&parsed(&old), oid::CERTIFICATE_TEMPLATE_NAME).unwrap();
    assert_eq!(value, b"\x1e\x12\0W\0e\0b\0S\0e\0r\0v\0e\0r");
    let issuing = &Pki::lab().unwrap().issuing;
    let (_, value) = extension(&parsed(issuing), oid::CERTIFICATE_TEMPLATE_NAME).unwrap();
    assert_eq!(value, b"\x1e\x0a\0S\0u\0b\0C\0A");
}

#[test]
fn key_identifiers_match_the_issuer_unless_asked_otherwise() {
    let pki = Pki::lab().unwrap();
    let leaf = issued(&Recipe::leaf("a"));
    let leaf_x509 = leaf.x509().unwrap();
    let authority = leaf_x509.authority_key_id().unwrap().as_slice().to_vec();
    assert_eq!(pki.issuing.x509().unwrap().subject_key_id().unwrap().as_slice(), authority);
    assert_eq!(leaf_x509.subject_key_id().unwrap().as_slice(), leaf.key.id().unwrap());
    assert!(pki.root.x509().unwrap().authority_key_id().is_none());
    let wrong = issued(&Recipe {
        subject_key_id: KeyId::Absent,
        authority_key_id: KeyId::Value(vec![1, 2, 3]),
        ..Recipe::leaf("a")
    });
    assert!(wrong.x509().unwrap().subject_key_id().is_none());
    assert_eq!(wrong.x509().unwrap().authority_key_id().unwrap().as_slice(), [1, 2, 3]);
}

#[test]
fn version_1_has_no_extensions() {
    let minted = issued(&Recipe::web_server(&["a"]).version_1());
    let certificate = parsed(&minted);
    assert_eq!(certificate.version(), X509Version::V1);
    assert!(certificate.extensions().is_empty());
}

#[test]
fn unknown_extensions_and_policies_are_written_as_they_are() {
    let minted =
        issued(&Recipe::leaf("a").unknown_critical_extension("1.2.3.4").certificate_policies(&["1.2.3.5"]).extension(
            oid::SUBJECT_ALTERNATIVE_NAME,
            false,
            b"\x30\x05not",
        ));
    let certificate = parsed(&minted);
    assert_eq!(extension(&certificate, "1.2.3.4"), Some((true, &[5, 0][..])));
    assert_eq!(extension(&certificate, oid::SUBJECT_ALTERNATIVE_NAME), Some((false, &b"\x30\x05not"[..])));
    assert_eq!(extension(&certificate, "2.5.29.32"), Some((false, &[0x30, 7, 0x30, 5, 6, 3, 0x2a, 3, 5][..])));
}

#[test]
fn the_impostor_has_the_names_and_not_the_keys() {
    let [real, false_one] = [Organization::contoso(), Organization::impostor()].map(|one| one.build().unwrap());
    assert_eq!(parsed(&real.issuing).subject(), parsed(&false_one.issuing).subject());
    let leaf = false_one.issue(&false_one.client("pc01.contoso.com")).unwrap();
    assert!(!leaf.x509().unwrap().verify(&real.issuing.x509().unwrap().public_key().unwrap()).unwrap());
    let stranger = Pki::stranger().unwrap();
    assert_eq!(parsed(&stranger.root).subject().to_string(), "CN=Fabrikam Root CA");
}

#[test]
fn another_issuer_can_be_claimed() {
    let pki = Pki::lab().unwrap();
    let minted =
        Pki::stranger().unwrap().issue(&Recipe::leaf("a").issued_by(pki.issuing.recipe.subject.clone())).unwrap();
    assert_eq!(parsed(&minted).issuer(), parsed(&pki.issuing).subject());
    assert!(!minted.x509().unwrap().verify(&pki.issuing.x509().unwrap().public_key().unwrap()).unwrap());
}

#[test]
fn a_pki_is_valid_at_the_moment_it_is_built_for() {
    let now = LAB_EPOCH + Duration::days(900);
    let pki = Organization::contoso().at(now).build().unwrap();
    let leaf = pki.issue(&pki.site_signing("PRI")).unwrap();
    let at = ASN1Time::from(now);
    for minted in [&pki.root, &pki.issuing, &leaf] {
        assert!(parsed(minted).validity().is_valid_at(at));
    }
    let earlier = Pki::lab().unwrap();
    assert!(!parsed(&issued(&earlier.client("a"))).validity().is_valid_at(at));
}
