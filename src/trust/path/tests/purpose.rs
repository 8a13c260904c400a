//! What a path is for, the root, renewed authorities, names in another writing, policies, and what a search may cost.

use time::Duration;
use time::macros::datetime;

use super::*;
use crate::lab::pki::{San, Text};
use crate::trust::path::fault::Place;
use crate::trust::path::search::Origin;

#[test]
fn an_authority_for_clients_is_one_for_clients_and_the_purpose_is_the_searchs() {
    let for_clients = issuing(|r| r.eku(&[oid::CLIENT_AUTHENTICATION, "1.3.6.1.5.5.7.3.4"]));
    let client = for_clients.issue(&Recipe::client("ws01")).unwrap();
    let given = || presented(&[&client, &for_clients]);
    assert!(given().for_purpose(Purpose::ClientAuthentication).paths().best().is_ok());
    assert!(given().for_purpose(Purpose::Any).paths().best().is_ok());
    for purpose in [Purpose::ServerAuthentication, Purpose::DocumentSigning] {
        let fault = given().for_purpose(purpose).fault_in(&for_clients);
        assert!(matches!(&fault, Fault::Purpose { purpose: of, allowed } if *of == purpose && allowed.len() == 2));
    }
    // Windows takes what Enhanced Key Usage and Application Policies both allow.
    let both = issuing(|r| {
        r.eku(&[oid::CLIENT_AUTHENTICATION, oid::SERVER_AUTHENTICATION])
            .application_policies(&[oid::SERVER_AUTHENTICATION])
    });
    let client = both.issue(&Recipe::client("ws01")).unwrap();
    let fault = presented(&[&client, &both]).for_purpose(Purpose::ClientAuthentication).fault_in(&both);
    assert!(matches!(fault, Fault::Purpose { .. }), "{fault:?}");
}

/// The root of Contoso, made again with something changed.
fn rooted(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
    Minted::self_signed(&bend(lab().root.recipe.clone())).unwrap()
}

#[test]
fn the_root_is_judged_like_any_authority_and_named() {
    let (from, to) = (datetime!(2021-01-01 00:00 UTC), datetime!(2026-06-01 12:00 UTC));
    let below_root = |root: &Minted| {
        let issuing = root.issue(&lab().issuing.recipe.clone()).unwrap();
        let leaf = below(&issuing);
        presented(&[&leaf, &issuing]).trusting(&[root])
    };
    let dated = rooted(|r| r.valid(from, to));
    assert!(below_root(&dated).paths().best().is_ok(), "not_after itself is within");
    let ended = below_root(&dated).at(to + Duration::SECOND);
    assert_eq!(ended.fault_in(&dated), Fault::Expired { not_after: to.into(), successor: None });
    let Why::Broken(broken) = ended.nothing().why else { panic!() };
    assert_eq!((broken.place, broken.cause_id()), (Place::Root, "root-ended"));
    assert_eq!(ended.paths().root().map(|root| root.der.clone()), Some(der(&dated)));
    let early = rooted(|r| r.valid(to, datetime!(2040-01-01 00:00 UTC)));
    let fault = below_root(&early).at(to - Duration::SECOND).fault_in(&early);
    assert_eq!(fault, Fault::NotYetValid { not_before: to.into() });

    let not_a_ca = rooted(|r| r.basic_constraints(false, None));
    assert!(matches!(below_root(&not_a_ca).fault_in(&not_a_ca), Fault::NotAnAuthority(_)));
    let lists_only = rooted(|r| r.key_usage(KeyUsage::CRL_SIGN));
    assert!(matches!(below_root(&lists_only).fault_in(&lists_only), Fault::NotAnAuthority(_)));
    let short = rooted(|r| r.basic_constraints(true, Some(0)));
    assert_eq!(below_root(&short).fault_in(&short), Fault::PathLength { allowed: 0, found: 1 });
    let long_enough = rooted(|r| r.basic_constraints(true, Some(1)));
    assert!(below_root(&long_enough).paths().best().is_ok());
    let code_signing = rooted(|r| r.eku(&["1.3.6.1.5.5.7.3.3"]));
    assert!(matches!(below_root(&code_signing).fault_in(&code_signing), Fault::Purpose { .. }));
    let odd = rooted(|r| r.unknown_critical_extension("1.3.6.1.4.1.55555.1"));
    assert!(matches!(below_root(&odd).fault_in(&odd), Fault::CriticalExtension(_)));
    let named = rooted(|r| r.name_constraints(&[Subtree::Dns("fabrikam.com".into())], &[]));
    assert!(matches!(below_root(&named).fault_in(&named), Fault::NameConstraint { .. }));
    // A root of version 1 has no extensions to say what it is.
    assert!(below_root(&rooted(|r| r.version_1())).paths().best().is_ok());
}

#[test]
fn renewed_authorities_are_not_counted_and_not_constrained() {
    // The authority got a new key twice, and certified the new one with the old.
    let first = issuing(|r| r.key(KeyName::Rsa2048G));
    let again = |by: &Minted, key| by.issue(&lab().issuing.recipe.clone().key(key)).unwrap();
    let second = again(&first, KeyName::Rsa2048H);
    let third = again(&second, KeyName::Rsa2048A);
    let leaf = below(&third);
    let path = presented(&[&leaf, &third, &second, &first]).path();
    assert_eq!(path.issuers.len(), 3);

    // Its own name is excluded above it: only the last of the path would mind (RFC 5280, 6.1.3 b).
    let excluding = [Subtree::Directory(lab().issuing.recipe.subject.clone())];
    let first = issuing(|r| r.key(KeyName::Rsa2048G).name_constraints(&[], &excluding));
    let renewed = again(&first, KeyName::Rsa2048A);
    let leaf = below(&renewed);
    assert!(presented(&[&leaf, &renewed, &first]).paths().best().is_ok());
    let last = presented(&[&renewed, &first]).for_purpose(Purpose::Any).fault_in(&first);
    assert!(matches!(last, Fault::NameConstraint { .. }), "{last:?}");
}

#[test]
fn a_name_in_another_encoding_leads_on_and_is_told() {
    let spelled = vec![
        (Attribute::DomainComponent, Text::Ia5("COM".into())),
        (Attribute::DomainComponent, Text::Ia5("contoso".into())),
        (Attribute::CommonName, Text::Utf8("contoso  issuing ca ".into())),
    ];
    let leaf = leaf(|r| r.issued_by(spelled));
    let given = presented(&[&leaf, &lab().issuing]);
    let path = given.path();
    let [spelling] = path.spellings.as_slice() else { panic!("{:?}", path.spellings) };
    let words = spelling.to_string();
    assert!(words.contains("another encoding"), "{words}");
    assert!(words.contains("CN=\"contoso  issuing ca \" (UTF8String)"), "{words}");
    assert!(words.contains("CN=\"Contoso Issuing CA\" (PrintableString)"), "{words}");
    // A name that is another is another.
    let other = vec![(Attribute::CommonName, Text::Utf8("Contoso IssuingCA".into()))];
    let stranger = super::leaf(|r| r.issued_by(other));
    assert!(matches!(presented(&[&stranger, &lab().issuing]).fault_in(&stranger), Fault::IssuerNotAtHand { .. }));
}

#[test]
fn where_each_certificate_came_from_is_told() {
    let policy = issuing(|r| r.cn("Contoso Policy CA").key(KeyName::Rsa2048G).basic_constraints(true, None));
    let issuing = policy.issue(&lab().issuing.recipe.clone()).unwrap();
    let leaf = below(&issuing);
    let mut given = presented(&[&leaf]).declaring(&[&policy]);
    assert!(given.paths().best().is_err());
    given.fetched = vec![der(&issuing)];
    let paths = given.paths();
    assert_eq!(paths.best().unwrap().origins, [Origin::Fetched, Origin::Declared]);
    assert_eq!(paths.needed_unsent().len(), 2);
    let alone = paths.presented_alone().expect_err("the leaf alone is not enough");
    assert!(matches!(&alone.why, Why::Broken(broken) if broken.cause_id() == "issuer-not-sent"));
    // What is presented is taken first.
    given.chain.push(der(&issuing));
    assert_eq!(given.paths().best().unwrap().origins, [Origin::Presented, Origin::Declared]);
}

#[test]
fn an_old_certificate_of_an_authority_is_told_from_an_ended_one() {
    let (from, to) = (datetime!(2020-01-01 00:00 UTC), datetime!(2026-05-31 00:00 UTC));
    let ended = issuing(|r| r.valid(from, to));
    let leaf = below(&ended);
    let cause = |of: &NoPath| match &of.why {
        Why::Broken(broken) => broken.cause_id(),
        Why::Undecided(unknown) => panic!("{unknown:?}"),
    };
    assert_eq!(cause(&presented(&[&leaf, &ended]).nothing()), "authority-ended");
    let renewed = presented(&[&leaf, &ended]).declaring(&[&lab().issuing]);
    assert!(renewed.paths().best().is_ok());
    assert_eq!(cause(renewed.paths().presented_alone().unwrap_err()), "old-authority-still-sent");

    // With a new key: only what leads to a root proves it.
    let old = issuing(|r| r.key(KeyName::Rsa2048G));
    let leaf = super::leaf(|r| r);
    assert_eq!(cause(&presented(&[&leaf, &old]).nothing()), "possible-impersonation");
    let proven = presented(&[&leaf, &old]).declaring(&[&lab().issuing]);
    let paths = proven.paths();
    let alone = paths.presented_alone().unwrap_err();
    assert_eq!(cause(alone), "authority-renewed-with-new-key");
    let impostor = impostor();
    let foreign = below(&impostor.issuing);
    assert_eq!(cause(&presented(&[&foreign, &impostor.issuing, &impostor.root]).nothing()), "possible-impersonation");
}

/// A bad way to the root hides no good one, whatever stands first.
#[test]
fn every_way_up_is_tried() {
    let (from, to) = (datetime!(2020-01-01 00:00 UTC), datetime!(2026-05-31 00:00 UTC));
    let policy = |name: &str| issuing(|r| r.cn(name).key(KeyName::Rsa2048G).basic_constraints(true, None));
    let upper = policy("Contoso Policy CA");
    let ended = upper.issue(&lab().issuing.recipe.clone().valid(from, to)).unwrap();
    let current = upper.issue(&lab().issuing.recipe.clone()).unwrap();
    let leaf = below(&current);
    assert!(presented(&[&leaf, &ended, &upper, &current]).paths().best().is_ok());
    // Both lead over the same authority above; only one is for servers.
    let clients = upper.issue(&lab().issuing.recipe.clone().eku(&[oid::CLIENT_AUTHENTICATION])).unwrap();
    assert!(presented(&[&leaf, &clients, &upper, &current]).paths().best().is_ok());
}

#[test]
fn a_common_name_that_counts_as_the_hosts_is_held_against_constraints() {
    let constraints = [Subtree::Dns("corp.contoso.com".into())];
    let issuing = issuing(|r| r.name_constraints(&constraints, &[]));
    let named = |bend: fn(Recipe) -> Recipe| issuing.issue(&bend(lab().web_server(&[INTRANET]))).unwrap();
    assert!(presented(&[&named(|r| r.no_san()), &issuing]).paths().best().is_ok());
    let outside = named(|r| r.no_san().cn("mp.fabrikam.com"));
    let fault = presented(&[&outside, &issuing]).fault_in(&issuing);
    assert!(matches!(&fault, Fault::NameConstraint { name, .. } if name.contains("mp.fabrikam.com")), "{fault:?}");
    // A client's is nobody's host name, nor is a name that has an alternative beside it.
    assert!(presented(&[&outside, &issuing]).for_purpose(Purpose::ClientAuthentication).paths().best().is_ok());
    assert!(presented(&[&named(|r| r.cn("mp.fabrikam.com")), &issuing]).paths().best().is_ok());
}

#[test]
fn mail_uris_and_addresses_are_held_against_constraints() {
    let email = |base: &str| Subtree::Email(base.into());
    let uri = |base: &str| Subtree::Uri(base.into());
    let ten = || Subtree::Ip("10.0.0.0".parse().unwrap(), 8);
    let of_subject = |r: Recipe| r.attribute(Attribute::EmailAddress, Text::Ia5("pki@fabrikam.com".into()));
    type Leaf<'a> = (&'a str, &'a dyn Fn(Recipe) -> Recipe, Subtree, bool);
    let leaves: [Leaf<'_>; 9] = [
        ("a mailbox inside", &|r| r.san(San::Email("pki@contoso.com".into())), email("contoso.com"), true),
        ("a mailbox outside", &|r| r.san(San::Email("pki@mail.contoso.com".into())), email("contoso.com"), false),
        ("the subject's", &of_subject, email("contoso.com"), false),
        ("beside another", &|r| of_subject(r).san(San::Email("a@contoso.com".into())), email("contoso.com"), false),
        ("a URI inside", &|r| r.san(San::Uri("https://mp.contoso.com/x".into())), uri(".contoso.com"), true),
        ("a URI outside", &|r| r.san(San::Uri("https://mp.contoso.com/x".into())), uri("contoso.com"), false),
        ("a URI without a host", &|r| r.san(San::Uri("urn:x".into())), uri("contoso.com"), false),
        ("an address outside", &|r| r.san(San::Ip("11.0.0.1".parse().unwrap())), ten(), false),
        ("a common name that is an address", &|r| r.no_san().cn("11.0.0.1"), ten(), false),
    ];
    for (what, bend, permitted, is_within) in leaves {
        let issuing = issuing(|r| r.name_constraints(&[permitted], &[]));
        let leaf = issuing.issue(&bend(lab().web_server(&[INTRANET]))).unwrap();
        let given = presented(&[&leaf, &issuing]);
        assert_eq!(given.paths().best().is_ok(), is_within, "{what}");
        if !is_within {
            assert!(matches!(given.fault_in(&issuing), Fault::NameConstraint { .. }), "{what}");
        }
    }
    let issuing =
        issuing(|r| r.extension("2.5.29.30", true, b"\x30\x0e\xa1\x0c\x30\x0a\x87\x08\x0a\0\0\0\xff\0\xff\0"));
    assert!(presented(&[&below(&issuing), &issuing]).undecided().contains("holes"));
}

#[test]
fn certificate_policies_are_demanded_mapped_and_inhibited() {
    let (one, other) = ("1.3.6.1.4.1.55555.10", "1.3.6.1.4.1.55555.11");
    let policy = |demand: u32, policies: &[&str]| {
        let recipe = lab().issuing.recipe.clone().cn("Contoso Policy CA").key(KeyName::Rsa2048G);
        let recipe = recipe.basic_constraints(true, None).certificate_policies(policies);
        lab().root.issue(&recipe.require_explicit_policy(demand)).unwrap()
    };
    let chain = |demand: u32, upper: &[&str], middle: &[&str], leaf: &[&str]| {
        let policy = policy(demand, upper);
        let issuing = policy.issue(&lab().issuing.recipe.clone().certificate_policies(middle)).unwrap();
        let leaf = issuing.issue(&lab().web_server(&[INTRANET]).certificate_policies(leaf)).unwrap();
        (presented(&[&leaf, &issuing, &policy]), policy)
    };
    assert!(chain(0, &[one], &[one], &[one]).0.paths().best().is_ok());
    assert!(chain(0, &["2.5.29.32.0"], &[one, other], &[other]).0.paths().best().is_ok());
    assert!(chain(3, &[one], &[], &[]).0.paths().best().is_ok());
    let (given, policy_ca) = chain(0, &[one], &[], &[one]);
    match given.fault_in(&policy_ca) {
        Fault::Policy { lacking, named, wanted } => {
            assert_eq!(lacking.subject_text(), ISSUING);
            assert_eq!((named, wanted), (vec![], vec![one.to_owned()]));
        }
        fault => panic!("{fault:?}"),
    }
    let (given, policy_ca) = chain(0, &[one], &[one], &[other]);
    let fault = given.fault_in(&policy_ca);
    assert!(matches!(&fault, Fault::Policy { lacking, .. } if lacking.subject_text().contains(INTRANET)), "{fault:?}");

    let below = |issuing: &dyn Fn(Recipe) -> Recipe, leaf: &str| {
        let policy = policy(0, &[one]);
        let issuing = policy.issue(&issuing(lab().issuing.recipe.clone())).unwrap();
        let leaf = issuing.issue(&lab().web_server(&[INTRANET]).certificate_policies(&[leaf])).unwrap();
        presented(&[&leaf, &issuing, &policy]).paths().best().is_ok()
    };
    let mapped = |r: Recipe| r.certificate_policies(&[one]).map_policy(one, other);
    assert!(below(&mapped, other));
    assert!(!below(&mapped, one));
    let any = |r: Recipe| r.certificate_policies(&["2.5.29.32.0"]);
    assert!(below(&any, one));
    assert!(below(&|r| any(r).inhibit_any_policy(0), one));
    assert!(!below(&|r| r.certificate_policies(&[one]).inhibit_any_policy(0), "2.5.29.32.0"));
    assert!(!below(&|r| mapped(r).map_policy("2.5.29.32.0", other), other), "anyPolicy may not be mapped");
}

/// Written in BER where X.509 wants DER: who minds is not known, so nothing is decided, and the certificate and the field
/// are named.
#[test]
fn what_is_malformed_is_named_with_its_certificate() {
    let issuing = issuing(|r| r.no_basic_constraints().extension("2.5.29.19", true, &[0x30, 3, 1, 1, 2]));
    let why = presented(&[&below(&issuing), &issuing]).undecided();
    assert!(why.contains("CN=Contoso Issuing CA") && why.contains("Basic Constraints (2.5.29.19) has 02"), "{why}");
    let long = leaf(|mut r| {
        r.sans.clear();
        r.extension("2.5.29.17", false, &[0x30, 0x81, 3, 0x82, 1, b'a'])
    });
    let why = presented(&[&long, &lab().issuing]).undecided();
    assert!(why.contains("Subject Alternative Name (2.5.29.17) has a length in more octets"), "{why}");
    // What cannot be read at all is the certificate in which it breaks, not the leaf.
    let mut damaged = presented(&[&leaf(|r| r), &lab().issuing]);
    let cut = damaged.chain[1].as_slice()[..200].to_vec();
    damaged.chain[1] = Der::from(cut);
    let Why::Broken(broken) = damaged.nothing().why else { panic!() };
    assert!(matches!(&broken.fault, Fault::Unreadable(why) if why == "not a certificate: it is cut short"));
    assert_eq!(broken.at.der, damaged.chain[1]);
}

/// Certificates that certify each other in every direction cost a bounded number of signatures, and end.
#[test]
fn a_mesh_of_authorities_costs_a_bounded_number_of_signatures() {
    let keys = [KeyName::Rsa2048A, KeyName::Rsa2048B, KeyName::Rsa2048C, KeyName::Rsa2048D, KeyName::Rsa2048G];
    let recipe = |at: usize| {
        let mut recipe = Recipe::root(&format!("Mesh {at}")).key(keys[at]);
        recipe.subject_key_id = KeyId::Absent;
        recipe
    };
    let own: Vec<Minted> = (0..keys.len()).map(|at| Minted::self_signed(&recipe(at)).unwrap()).collect();
    let mut mesh = Vec::new();
    for (at, below) in own.iter().enumerate() {
        for above in own.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, above)| above) {
            mesh.push(above.issue(&below.recipe.clone()).unwrap());
        }
    }
    let leaf = below(&own[0]);
    let chain: Vec<&Minted> = [&leaf].into_iter().chain(&mesh).collect();
    let given = presented(&chain);
    assert!(given.signatures() <= MOST_SIGNATURES, "{}", given.signatures());
    assert!(given.paths().best().is_err());
}
