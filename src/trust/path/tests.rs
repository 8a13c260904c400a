//! Every way a path can break, and what must not break it.

mod purpose;

use std::sync::Arc;

use time::Duration;
use time::macros::datetime;

use crate::certificate::Certificate;
use crate::lab::pki::{
    Attribute, KeyId, KeyName, KeyUsage, Minted, Organization, Pki, Recipe, Signature, Subtree, oid,
};
use crate::requirement::case::{INTERNET, INTRANET, NOW, lab};
use crate::trust::path::fault::{Fault, named};
use crate::trust::path::search::{Purpose, Search};
use crate::trust::path::signed::{Signed, signed_by};
use crate::trust::path::{MOST_AUTHORITIES, MOST_CERTIFICATES, MOST_SIGNATURES, NoPath, Path, Paths, Why};
use crate::trust::signature::ALGORITHMS;
use crate::trust::store::TrustStore;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// A chain, what is declared and trusted beside it, and when it is judged.
struct Given {
    chain: Vec<Der>,
    declared: Vec<Der>,
    fetched: Vec<Der>,
    roots: Vec<Der>,
    now: Timestamp,
    purpose: Purpose,
}

fn der(minted: &Minted) -> Der {
    Der::from(minted.der.as_slice())
}

fn read(ders: &[Der]) -> Vec<Arc<Certificate>> {
    ders.iter().map(|der| Arc::new(Certificate::read(der))).collect()
}

fn presented(chain: &[&Minted]) -> Given {
    Given {
        chain: chain.iter().map(|minted| der(minted)).collect(),
        declared: Vec::new(),
        fetched: Vec::new(),
        roots: vec![der(&lab().root)],
        now: NOW,
        purpose: Purpose::ServerAuthentication,
    }
}

impl Given {
    fn declaring(mut self, intermediates: &[&Minted]) -> Self {
        self.declared = intermediates.iter().map(|minted| der(minted)).collect();
        self
    }

    fn trusting(mut self, roots: &[&Minted]) -> Self {
        self.roots = roots.iter().map(|minted| der(minted)).collect();
        self
    }

    fn at(mut self, now: time::OffsetDateTime) -> Self {
        self.now = now.into();
        self
    }

    fn paths(&self) -> Paths {
        self.counted().0
    }

    /// How many signatures were verified.
    fn signatures(&self) -> usize {
        self.counted().1
    }

    fn counted(&self) -> (Paths, usize) {
        let (chain, roots, fetched) = (read(&self.chain), read(&self.roots), read(&self.fetched));
        let trust = TrustStore::new(roots, Vec::new(), read(&self.declared), ALGORITHMS);
        let Some((leaf, presented)) = chain.split_first() else { return (Paths::of_nothing(), 0) };
        let search = Search::new(leaf, presented, &trust, &trust.roots, self.purpose, self.now);
        Paths::counted(&search.with_fetched(&fetched))
    }

    fn for_purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The path, which must be there.
    fn path(&self) -> Path {
        self.paths().best().unwrap_or_else(|nothing| panic!("{nothing:?}")).clone()
    }

    /// The reason there is no path, which must be.
    fn nothing(&self) -> NoPath {
        self.paths().best().expect_err("no path was to be found").clone()
    }

    /// Why it is undecided, which it must be.
    fn undecided(&self) -> String {
        match self.nothing().why {
            Why::Undecided(unknown) => unknown.why,
            Why::Broken(broken) => panic!("broken: {broken}"),
        }
    }

    /// The fault, and the certificate it must lie in.
    fn fault_in(&self, at: &Minted) -> Fault {
        match self.nothing().why {
            Why::Broken(broken) => {
                let found = named(&broken.at);
                assert_eq!(broken.at.der, der(at), "the fault was found in {found}: {broken}");
                broken.fault
            }
            Why::Undecided(unknown) => panic!("undecided: {unknown:?}"),
        }
    }
}

fn leaf(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
    lab().issue(&bend(lab().web_server(&[INTRANET, INTERNET]))).unwrap()
}

/// Contoso's issuing authority, made again with something changed.
fn issuing(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
    lab().root.issue(&bend(lab().issuing.recipe.clone())).unwrap()
}

fn below(authority: &Minted) -> Minted {
    authority.issue(&lab().web_server(&[INTRANET, INTERNET])).unwrap()
}

fn impostor() -> Pki {
    Organization::impostor().build().unwrap()
}

fn subjects(certificates: &[Arc<Certificate>]) -> Vec<&str> {
    certificates.iter().map(|certificate| certificate.subject_text()).collect()
}

fn unknown_issuer(of: &Minted, issuer: &str) -> Fault {
    let urls = Certificate::read(&der(of)).facts.unwrap().issuer_urls;
    Fault::IssuerNotAtHand { issuer: issuer.into(), urls }
}

const ISSUING: &str = "CN=Contoso Issuing CA, DC=contoso, DC=com";

#[test]
fn a_whole_chain_leads_to_the_root_by_itself() {
    let given = presented(&[&leaf(|r| r), &lab().issuing]);
    let path = given.path();
    assert_eq!(subjects(&path.issuers), [ISSUING]);
    assert_eq!(path.words(), format!("issued by {ISSUING}, issued by CN=Contoso Root CA"));
    let paths = given.paths();
    assert_eq!(paths.presented_alone(), Ok(&path));
    assert_eq!(paths.below_root(), (path.issuers.as_slice(), None));
}

#[test]
fn order_strangers_duplicates_and_the_root_do_not_matter_to_a_path() {
    let stranger = Pki::stranger().unwrap();
    let chain = [&leaf(|r| r), &lab().root, &stranger.issuing, &lab().issuing, &lab().issuing];
    let given = presented(&chain);
    assert_eq!(subjects(&given.path().issuers), [ISSUING]);
    assert!(given.paths().presented_alone().is_ok());
}

#[test]
fn of_two_certificates_of_one_authority_the_better_counts_in_either_order() {
    let (good, leaf) = (&lab().issuing, leaf(|r| r));
    let worse = [
        issuing(|r| r.signed_with(Signature::Sha1).serial(&[0x21])),
        issuing(|r| r.no_cdp().serial(&[0x22])),
        issuing(|r| r.cdp(&["ldap:///CN=Contoso%20Root%20CA,CN=PKI01,CN=CDP"]).serial(&[0x23])),
    ];
    for (which, other) in worse.iter().enumerate() {
        for further in [[good, other], [other, good]] {
            let path = presented(&[&leaf, further[0], further[1]]).path();
            assert_eq!(path.issuers[0].der, der(good), "beside the worse one {which}");
        }
    }
}

#[test]
fn a_missing_intermediate_is_named_and_the_definition_can_supply_it() {
    let leaf = leaf(|r| r);
    let given = presented(&[&leaf]);
    assert_eq!(given.fault_in(&leaf), unknown_issuer(&leaf, ISSUING));
    assert!(!given.nothing().whole);
    assert!(given.paths().below_root().1.is_some());

    let given = given.declaring(&[&lab().issuing]);
    assert_eq!(subjects(&given.path().issuers), [ISSUING]);
    let paths = given.paths();
    let alone = paths.presented_alone().expect_err("the leaf alone is not enough");
    assert!(matches!(&alone.why, Why::Broken(broken) if broken.is_missing_certificate()), "{alone:?}");
}

#[test]
fn a_foreign_hierarchy_ends_at_an_issuer_nobody_knows() {
    let stranger = Pki::stranger().unwrap();
    let leaf = below(&stranger.issuing);
    let fault = presented(&[&leaf, &stranger.issuing]).fault_in(&stranger.issuing);
    assert_eq!(fault, unknown_issuer(&stranger.issuing, "CN=Fabrikam Root CA"));

    let with_root = presented(&[&leaf, &stranger.issuing, &stranger.root]);
    assert_eq!(with_root.fault_in(&stranger.root), Fault::UnknownRoot);
    let nothing = with_root.nothing();
    assert!(nothing.whole, "everything below the foreign root was sent");
    assert_eq!(subjects(&nothing.followed), ["CN=Fabrikam Issuing CA, DC=fabrikam, DC=com"]);
}

#[test]
fn a_self_signed_leaf_is_named_so() {
    let own = Minted::self_signed(&lab().web_server(&[INTRANET])).unwrap();
    assert_eq!(presented(&[&own]).fault_in(&own), Fault::SelfSigned { names_another: false });
    // As `openssl req -x509` makes it.
    let authority = Minted::self_signed(&lab().web_server(&[INTRANET]).basic_constraints(true, None)).unwrap();
    assert_eq!(presented(&[&authority]).fault_in(&authority), Fault::SelfSigned { names_another: false });
}

#[test]
fn a_self_signed_leaf_that_is_declared_a_root_leads_to_itself() {
    let own = Minted::self_signed(&lab().web_server(&[INTRANET])).unwrap();
    let path = presented(&[&own]).trusting(&[&own]).path();
    assert!(path.issuers.is_empty());
    assert_eq!(path.root.der, der(&own));
}

#[test]
fn a_bad_signature_is_found_in_its_certificate() {
    let damaged = leaf(|r| r).corrupt_signature();
    let fault = presented(&[&damaged, &lab().issuing]).fault_in(&damaged);
    assert!(matches!(fault, Fault::SignatureBroken { is_root: false, .. }), "{fault:?}");

    // The authority's old certificate, of another key, is sent.
    let leaf = leaf(|r| r);
    let old = issuing(|r| r.key(KeyName::Rsa2048G));
    let fault = presented(&[&leaf, &old]).fault_in(&leaf);
    assert!(matches!(fault, Fault::OtherKey { is_root: false, .. }), "{fault:?}");
    assert!(presented(&[&leaf, &old, &lab().issuing]).paths().presented_alone().is_ok());
}

#[test]
fn a_root_of_the_same_name_and_another_key_is_no_root() {
    let impostor = impostor();
    let leaf = below(&impostor.issuing);
    let fault = presented(&[&leaf, &impostor.issuing]).fault_in(&impostor.issuing);
    assert!(matches!(fault, Fault::OtherKey { is_root: true, .. }), "{fault:?}");
    let fault = presented(&[&leaf, &impostor.issuing, &impostor.root]).fault_in(&impostor.root);
    assert!(matches!(fault, Fault::OtherKey { is_root: true, .. }), "{fault:?}");
    // Where both are roots, as after a renewal with a new key, each finds its own.
    let both = presented(&[&leaf, &impostor.issuing]).trusting(&[&lab().root, &impostor.root]);
    assert_eq!(both.path().root.der, der(&impostor.root));
}

#[test]
fn an_issuer_is_valid_to_the_last_second() {
    let (from, to) = (datetime!(2025-01-01 00:00 UTC), datetime!(2026-06-01 12:00 UTC));
    let issuing = issuing(|r| r.valid(from, to));
    let given = presented(&[&below(&issuing), &issuing]);
    assert!(given.paths().best().is_ok(), "not_after itself is within");
    let within = presented(&[&below(&issuing), &issuing]).at(to + Duration::milliseconds(999));
    assert!(within.paths().best().is_ok(), "and all of its second");
    let fault = given.at(to + Duration::SECOND).fault_in(&issuing);
    assert_eq!(fault, Fault::Expired { not_after: to.into(), successor: None });
}

#[test]
fn an_issuer_is_valid_from_the_first_second() {
    let (from, to) = (datetime!(2026-06-01 12:00 UTC), datetime!(2030-01-01 00:00 UTC));
    let issuing = issuing(|r| r.valid(from, to));
    let given = presented(&[&below(&issuing), &issuing]);
    assert!(given.paths().best().is_ok(), "not_before itself is within");
    let fault = given.at(from - Duration::SECOND).fault_in(&issuing);
    assert_eq!(fault, Fault::NotYetValid { not_before: from.into() });
}

#[test]
fn the_leafs_own_dates_do_not_break_a_path() {
    let day = |year: i32| time::Date::from_calendar_date(year, time::Month::March, 1).unwrap().midnight().assume_utc();
    let expired = leaf(|r| r.valid(day(2024), day(2025)));
    assert!(presented(&[&expired, &lab().issuing]).paths().best().is_ok());
    let early = leaf(|r| r.valid(day(2027), day(2028)));
    assert!(presented(&[&early, &lab().issuing]).paths().best().is_ok());
    let reversed = leaf(|r| r.valid(day(2027), day(2025)));
    assert!(presented(&[&reversed, &lab().issuing]).paths().best().is_ok());

    // The issuer was renewed after the leaf had expired: it is valid now, though not then.
    let renewed = issuing(|r| r.valid(day(2026), day(2030)));
    assert!(presented(&[&expired, &renewed]).paths().best().is_ok());
    // The issuer was valid then, and is not now.
    let ended = issuing(|r| r.valid(day(2020), day(2026)));
    assert_eq!(
        presented(&[&expired, &ended]).fault_in(&ended),
        Fault::Expired { not_after: day(2026).into(), successor: None }
    );
}

#[test]
fn the_leafs_own_purposes_and_ca_bit_do_not_break_a_path() {
    for leaf in [
        leaf(|r| r.no_eku()),
        leaf(|r| r.eku(&[])),
        leaf(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])),
        leaf(|r| r.basic_constraints(true, Some(0))),
        leaf(|r| r.no_san()),
    ] {
        assert!(presented(&[&leaf, &lab().issuing]).paths().presented_alone().is_ok());
    }
}

#[test]
fn what_is_no_authority_certifies_nobody() {
    let server = leaf(|r| r);
    let fault = presented(&[&below(&server), &server, &lab().issuing]).fault_in(&server);
    assert_eq!(fault, Fault::NotAnAuthority("has no Basic Constraints"));

    let says_so = issuing(|r| r.basic_constraints(false, None));
    let fault = presented(&[&below(&says_so), &says_so]).fault_in(&says_so);
    assert_eq!(fault, Fault::NotAnAuthority("says in its Basic Constraints that it is none"));

    let no_right = issuing(|r| r.key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::CRL_SIGN));
    let fault = presented(&[&below(&no_right), &no_right]).fault_in(&no_right);
    assert_eq!(fault, Fault::NotAnAuthority("has a Key Usage without the right to sign certificates"));

    let no_usage = issuing(|r| r.no_key_usage());
    assert!(presented(&[&below(&no_usage), &no_usage]).paths().best().is_ok());

    let first_version = issuing(|r| r.version_1());
    let fault = presented(&[&below(&first_version), &first_version]).fault_in(&first_version);
    assert_eq!(fault, Fault::Version(1));
}

#[test]
fn a_path_is_as_long_as_its_authorities_allow() {
    let policy =
        |allowed| issuing(|r| r.cn("Contoso Policy CA").key(KeyName::Rsa2048G).basic_constraints(true, Some(allowed)));
    let sub = |above: &Minted| above.issue(&lab().issuing.recipe.clone()).unwrap();
    let none_below = policy(0);
    let issuing = sub(&none_below);
    let fault = presented(&[&below(&issuing), &issuing, &none_below]).fault_in(&none_below);
    assert_eq!(fault, Fault::PathLength { allowed: 0, found: 1 });

    let one_below = policy(1);
    let issuing = sub(&one_below);
    let path = presented(&[&below(&issuing), &issuing, &one_below]).path();
    assert_eq!(subjects(&path.issuers), [ISSUING, "CN=Contoso Policy CA, DC=contoso, DC=com"]);
}

#[test]
fn a_missing_upper_authority_is_told_from_the_leafs_own_issuer() {
    let policy = issuing(|r| r.cn("Contoso Policy CA").key(KeyName::Rsa2048G).basic_constraints(true, None));
    let issuing = policy.issue(&lab().issuing.recipe.clone()).unwrap();
    let leaf = below(&issuing);
    let fault = presented(&[&leaf, &issuing]).fault_in(&issuing);
    assert_eq!(fault, unknown_issuer(&issuing, "CN=Contoso Policy CA, DC=contoso, DC=com"));
    let supplied = presented(&[&leaf, &issuing]).declaring(&[&policy]);
    assert!(supplied.paths().best().is_ok());
    assert!(supplied.paths().presented_alone().is_err());
}

#[test]
fn a_name_outside_the_constraints_is_named() {
    let dns = |name: &str| Subtree::Dns(name.into());
    for (permitted, excluded, name) in [
        (vec![dns("corp.contoso.com")], vec![], Some("dns:mp.contoso.com")),
        (vec![dns("contoso.com")], vec![], None),
        (vec![], vec![dns("corp.contoso.com")], Some("dns:mp01.corp.contoso.com")),
        (vec![], vec![dns("fabrikam.com")], None),
        (vec![dns("contoso.com"), dns("fabrikam.com")], vec![], None),
        (vec![Subtree::Ip("10.0.0.0".parse().unwrap(), 8)], vec![], None),
    ] {
        let issuing = issuing(|r| r.name_constraints(&permitted, &excluded));
        let given = presented(&[&below(&issuing), &issuing]);
        match name {
            None => assert!(given.paths().best().is_ok(), "{permitted:?} {excluded:?}: {:?}", given.nothing()),
            Some(expected) => match given.fault_in(&issuing) {
                Fault::NameConstraint { name, bearer, .. } => {
                    assert_eq!(name, expected);
                    assert_eq!(bearer.subject_text(), format!("CN={INTRANET}"));
                }
                other => panic!("{other:?}"),
            },
        }
    }
}

#[test]
fn directory_names_are_held_against_constraints() {
    let company = |name: &str| vec![(Attribute::Organization, name.into())];
    let constraints = [Subtree::Directory(company("Contoso"))];
    let issuing = issuing(|r| r.name_constraints(&constraints, &[]));
    let named = |company: &str| {
        let subject = vec![(Attribute::Organization, company.into()), (Attribute::CommonName, INTRANET.into())];
        issuing.issue(&lab().web_server(&[INTRANET]).subject(subject)).unwrap()
    };
    let given = presented(&[&named("Contoso"), &issuing]);
    assert!(given.paths().best().is_ok(), "{:?}", given.nothing());
    let fault = presented(&[&named("Fabrikam"), &issuing]).fault_in(&issuing);
    assert!(matches!(&fault, Fault::NameConstraint { name, .. } if name.contains("Fabrikam")), "{fault:?}");
}

#[test]
fn an_issuer_limited_to_other_purposes_is_named() {
    let clients_only = issuing(|r| r.eku(&[oid::CLIENT_AUTHENTICATION]));
    let fault = presented(&[&below(&clients_only), &clients_only]).fault_in(&clients_only);
    assert_eq!(
        fault,
        Fault::Purpose { purpose: Purpose::ServerAuthentication, allowed: vec![oid::CLIENT_AUTHENTICATION.into()] }
    );
    for purposes in [&[oid::ANY_PURPOSE][..], &[oid::CLIENT_AUTHENTICATION, oid::SERVER_AUTHENTICATION]] {
        let issuing = issuing(|r| r.eku(purposes));
        assert!(presented(&[&below(&issuing), &issuing]).paths().best().is_ok(), "{purposes:?}");
    }
}

#[test]
fn an_unknown_critical_extension_is_named_wherever_it_is() {
    let unknown = "1.3.6.1.4.1.55555.1";
    let expected = Fault::CriticalExtension(vec![unknown.into()]);
    let leaf = leaf(|r| r.unknown_critical_extension(unknown));
    assert_eq!(presented(&[&leaf, &lab().issuing]).fault_in(&leaf), expected);
    let issuing = issuing(|r| r.unknown_critical_extension(unknown));
    assert_eq!(presented(&[&below(&issuing), &issuing]).fault_in(&issuing), expected);
}

/// AD CS marks Application Policies critical together with the Enhanced Key Usage; Windows knows the extension.
#[test]
fn microsofts_own_extensions_may_be_critical() {
    // SEQUENCE { SEQUENCE { OID serverAuth } }
    let value = [0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 1];
    let leaf = leaf(|mut r| {
        r.application_policies = None;
        r.extension(oid::APPLICATION_POLICIES, true, &value)
    });
    let given = presented(&[&leaf, &lab().issuing]);
    assert!(given.paths().best().is_ok(), "{:?}", given.nothing());
}

#[test]
fn a_leaf_of_version_1_or_none_at_all_is_named() {
    let first = leaf(|r| r.version_1());
    assert_eq!(presented(&[&first, &lab().issuing]).fault_in(&first), Fault::Version(1));

    let mut given = presented(&[&lab().issuing]);
    given.chain = vec![Der::from(&b"<html>"[..])];
    let nothing = given.nothing();
    assert!(matches!(&nothing.why, Why::Broken(broken) if matches!(broken.fault, Fault::Unreadable(_))), "{nothing:?}");
    given.chain.clear();
    assert!(matches!(given.nothing().why, Why::Undecided(_)));
}

#[test]
fn a_malformed_extension_is_refused_in_words() {
    let twice = leaf(|r| r.extension(oid::EXTENDED_KEY_USAGE, false, &[0x04, 1, 0]).no_eku());
    let fault = presented(&[&twice, &lab().issuing]).fault_in(&twice);
    assert!(matches!(&fault, Fault::Malformed(what) if what[0].contains("Enhanced Key Usage")), "{fault:?}");
}

#[test]
fn what_everybody_reads_and_nobody_can_leaves_a_path_open() {
    let odd = leaf(|r| r.no_authority_information().extension("1.3.6.1.5.5.7.1.1", false, &[0x31, 0]));
    let why = presented(&[&odd, &lab().issuing]).undecided();
    assert!(why.contains("Authority Information Access") && why.contains("strict software"), "{why}");
    // Nobody but Windows reads a template's, and it decides nothing.
    let template = leaf(|r| r.extension("1.3.6.1.4.1.311.20.2", false, &[5, 0]));
    assert!(presented(&[&template, &lab().issuing]).paths().presented_alone().is_ok());
}

#[test]
fn without_a_root_nothing_is_decided() {
    let given = presented(&[&leaf(|r| r), &lab().issuing]).trusting(&[]);
    let nothing = given.nothing();
    match &nothing.why {
        Why::Undecided(unknown) => {
            assert_eq!(unknown.why, "no root is given");
            assert!(unknown.decided_by.contains("--ca-file") && unknown.decided_by.contains("[trust] roots"));
        }
        Why::Broken(broken) => panic!("{broken}"),
    }
    assert_eq!(subjects(&nothing.followed), [ISSUING]);
    assert!(!nothing.whole);

    let mut unreadable = presented(&[&leaf(|r| r), &lab().issuing]);
    unreadable.roots = vec![Der::from(&b"no certificate"[..])];
    let nothing = unreadable.nothing();
    assert!(matches!(&nothing.why, Why::Undecided(unknown) if unknown.why.contains("can be read")), "{nothing:?}");
}

#[test]
fn an_algorithm_nobody_can_verify_leaves_the_question_open() {
    // sha256WithRSAEncryption's identifier, both times, becomes one nobody assigned.
    let mut unknown = leaf(|r| r);
    let usual = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
    while let Some(at) = unknown.der.windows(usual.len()).position(|part| part == usual) {
        unknown.der[at + 8] = 99;
    }
    let why = presented(&[&unknown, &lab().issuing]).undecided();
    assert!(why.contains("cannot verify a signature of the algorithm 1.2.840.113549.1.1.99"), "{why}");
}

#[test]
fn more_authorities_than_anybody_follows_are_our_limit_and_said_so() {
    let keys = [KeyName::Rsa2048G, KeyName::Rsa2048H];
    let mut authorities = vec![lab().root.clone()];
    for number in 0..=MOST_AUTHORITIES {
        let recipe = Recipe::root(&format!("Sub CA {number}")).key(keys[number % 2]);
        let next = authorities[number].issue(&recipe).unwrap();
        authorities.push(next);
    }
    let chain = |depth: usize| -> Vec<Minted> {
        let leaf = below(&authorities[depth]);
        [leaf].into_iter().chain(authorities[1..=depth].iter().rev().cloned()).collect()
    };
    let most = chain(MOST_AUTHORITIES);
    assert!(presented(&most.iter().collect::<Vec<_>>()).paths().best().is_ok());
    let more = chain(MOST_AUTHORITIES + 1);
    let why = presented(&more.iter().collect::<Vec<_>>()).undecided();
    assert_eq!(why, "there are more than 16 authorities in a row, and no more are followed");
}

#[test]
fn a_heap_of_certificates_hides_no_path_until_it_is_our_limit_and_then_that_is_said() {
    let leaf = leaf(|r| r);
    let decoy = |number: usize| {
        let octets = u16::try_from(number + 1).unwrap().to_be_bytes();
        issuing(|mut r| {
            r.subject_key_id = KeyId::Derived;
            r.key(KeyName::Rsa2048G).serial(&octets)
        })
    };
    let behind = |decoys: &[Minted]| {
        let mut chain = vec![&leaf];
        chain.extend(decoys);
        chain.push(&lab().issuing);
        presented(&chain)
    };
    // The key that is named is tried first: a hundred others of the same name cost nothing.
    let decoys: Vec<Minted> = (0..MOST_SIGNATURES + 4).map(decoy).collect();
    let given = behind(&decoys);
    assert!(given.paths().presented_alone().is_ok());
    assert!(given.signatures() <= 4, "{}", given.signatures());

    // Where no key is named, all are tried, as far as we go.
    let unnamed = lab().issue(&Recipe { authority_key_id: KeyId::Absent, ..lab().web_server(&[INTRANET]) }).unwrap();
    let behind = |decoys: &[Minted]| {
        let mut chain = vec![&unnamed];
        chain.extend(decoys);
        chain.push(&lab().issuing);
        presented(&chain)
    };
    assert!(behind(&decoys[..MOST_SIGNATURES / 2]).paths().presented_alone().is_ok());
    let given = behind(&decoys);
    assert_eq!(given.undecided(), "more than 96 signatures would have to be verified, and no more are");
    assert!(given.signatures() <= MOST_SIGNATURES);

    let stranger = Pki::stranger().unwrap();
    let heap = vec![stranger.issuing; MOST_CERTIFICATES];
    assert_eq!(behind(&heap).undecided(), "more than 1024 certificates were sent, and no more are considered");
    assert!(behind(&heap[1..]).paths().presented_alone().is_ok());
}

#[test]
fn authorities_that_certify_each_other_end_somewhere() {
    let recipe = |name: &str, key| Recipe::root(name).key(key);
    let first = Minted::self_signed(&recipe("Ring A", KeyName::Rsa2048G)).unwrap();
    let second = Minted::self_signed(&recipe("Ring B", KeyName::Rsa2048H)).unwrap();
    let first_by_second = second.issue(&recipe("Ring A", KeyName::Rsa2048G)).unwrap();
    let second_by_first = first.issue(&recipe("Ring B", KeyName::Rsa2048H)).unwrap();
    let leaf = below(&first);
    let given = presented(&[&leaf, &first_by_second, &second_by_first]);
    assert_eq!(given.fault_in(&second_by_first), Fault::Circle);
    let with_roots = presented(&[&leaf, &first_by_second, &second_by_first, &first, &second]);
    assert!(matches!(with_roots.nothing().why, Why::Broken(_)));
}

#[test]
fn a_signature_belongs_to_one_key() {
    let of = |minted: &Minted| Certificate::read(&der(minted));
    let (leaf, issuing, root) = (of(&leaf(|r| r)), of(&lab().issuing), of(&lab().root));
    assert_eq!(signed_by(&leaf, &issuing, ALGORITHMS), Signed::Yes);
    assert_eq!(signed_by(&leaf, &root, ALGORITHMS), Signed::No);
    assert_eq!(signed_by(&root, &root, ALGORITHMS), Signed::Yes);
    // An RSA signature is never an elliptic curve's.
    let curve = of(&issuing_with(KeyName::P256A));
    assert_eq!(signed_by(&leaf, &curve, ALGORITHMS), Signed::No);
    assert_eq!(signed_by(&of(&below(&issuing_with(KeyName::P256A))), &curve, ALGORITHMS), Signed::Yes);
}

fn issuing_with(key: KeyName) -> Minted {
    issuing(|r| r.key(key))
}

/// What ring refuses by policy is judged by requirements of its own, and is a path all the same.
#[test]
fn weak_signatures_break_no_path() {
    for signature in [Signature::Md5, Signature::Sha1, Signature::Sha512, Signature::PssSha256] {
        let pki = Organization::contoso().signed_with(signature).build().unwrap();
        let leaf = pki.issue(&pki.web_server(&[INTRANET])).unwrap();
        let given = presented(&[&leaf, &pki.issuing]).trusting(&[&pki.root]);
        assert!(given.paths().presented_alone().is_ok(), "{signature:?}: {:?}", given.nothing());
    }
    for key in [KeyName::P384, KeyName::P521, KeyName::Ed25519] {
        let issuing = issuing_with(key);
        let given = presented(&[&below(&issuing), &issuing]);
        assert!(given.paths().presented_alone().is_ok(), "{key:?}: {:?}", given.nothing());
    }
}

/// KB 2661254: 1024 bits is the least, in the root too; the leaf's own key has a row of its own.
#[test]
fn a_short_rsa_key_above_the_leaf_breaks_a_path() {
    let short = |issuing: &Minted| issuing.issue(&lab().web_server(&[INTRANET]).signed_with(Signature::Sha1)).unwrap();
    let enough = issuing_with(KeyName::Rsa1024);
    assert!(presented(&[&short(&enough), &enough]).paths().best().is_ok());
    let too_short = issuing_with(KeyName::Rsa512);
    let fault = presented(&[&short(&too_short), &too_short]).fault_in(&too_short);
    assert_eq!(fault, Fault::KeyTooShort { bits: 512, least: 1024 });
    let root =
        Minted::self_signed(&Recipe::root("Old Root").key(KeyName::Rsa512).signed_with(Signature::Sha1)).unwrap();
    let nothing = presented(&[&short(&root)]).trusting(&[&root]);
    assert_eq!(nothing.fault_in(&root), Fault::KeyTooShort { bits: 512, least: 1024 });
    assert!(presented(&[&leaf(|r| r.key(KeyName::Rsa512)), &lab().issuing]).paths().best().is_ok());
}
