//! NIST's Public Key Interoperability Test Suite: every certificate of an end entity it has is held against its expected
//! result, with every other certificate of the suite at hand, by the library's paths and lists. `tests/run` fetches it.
//!
//! The suite says what a conforming implementation answers under its default settings (any policy, none demanded); what
//! the program answers otherwise stands in one table, each with its reason. Nothing that must be refused is accepted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::certificate::distribution_point::PointName;
use cmprobe::certificate::{Certificate, Name};
use cmprobe::observation::resolution::{CrlObservation, Sought};
use cmprobe::site::Site;
use cmprobe::site::profile::Profile;
use cmprobe::trust::basis::{Basis, RevocationMode};
use cmprobe::trust::lists::checked::{Checked, Place};
use cmprobe::trust::lists::fitness::Told;
use cmprobe::trust::lists::listed::{Standing, standing};
use cmprobe::trust::lists::store::Asked;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::path::search::{Purpose, Search};
use cmprobe::trust::path::{Paths, Why};
use cmprobe::trust::signature::ALGORITHMS;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::der::Der;
use cmprobe::wire::timestamp::Timestamp;
use time::macros::datetime;

/// The suite's certificates are valid from 2010 to 2030.
const NOW: time::OffsetDateTime = datetime!(2020-06-01 12:00 UTC);

/// Those whose names do not tell what is expected (section 4.8), and that are refused.
const REFUSED: [&str; 6] = [
    "DifferentPoliciesTest4",
    "DifferentPoliciesTest5",
    "DifferentPoliciesTest7",
    "DifferentPoliciesTest8",
    "DifferentPoliciesTest9",
    "DifferentPoliciesTest12",
];

/// Those that are refused for what lists say, or for what lists are.
const BY_LISTS: &[&str] = &[
    "InvalidMissingCRLTest1",
    "InvalidRevokedCATest2",
    "InvalidRevokedEETest3",
    "InvalidBadCRLSignatureTest4",
    "InvalidBadCRLIssuerNameTest5",
    "InvalidWrongCRLTest6",
    "InvalidUnknownCRLEntryExtensionTest8",
    "InvalidUnknownCRLExtensionTest9",
    "InvalidUnknownCRLExtensionTest10",
    "InvalidOldCRLnextUpdateTest11",
    "Invalidpre2000CRLnextUpdateTest12",
    "InvalidNegativeSerialNumberTest15",
    "InvalidLongSerialNumberTest18",
    "InvalidSeparateCertificateandCRLKeysTest20",
    "InvalidSeparateCertificateandCRLKeysTest21",
    "InvalidBasicSelfIssuedOldWithNewTest2",
    "InvalidBasicSelfIssuedNewWithOldTest5",
    "InvalidBasicSelfIssuedCRLSigningKeyTest7",
    "InvalidkeyUsageCriticalcRLSignFalseTest4",
    "InvalidkeyUsageNotCriticalcRLSignFalseTest5",
    "InvaliddistributionPointTest2",
    "InvaliddistributionPointTest3",
    "InvaliddistributionPointTest6",
    "InvaliddistributionPointTest8",
    "InvaliddistributionPointTest9",
    "InvalidonlyContainsUserCertsTest11",
    "InvalidonlyContainsCACertsTest12",
    "InvalidonlyContainsAttributeCertsTest14",
    "InvalidonlySomeReasonsTest15",
    "InvalidonlySomeReasonsTest16",
    "InvalidonlySomeReasonsTest17",
    "InvalidonlySomeReasonsTest20",
    "InvalidonlySomeReasonsTest21",
    "InvalidIDPwithindirectCRLTest23",
    "InvalidIDPwithindirectCRLTest26",
    "InvalidcRLIssuerTest27",
    "InvalidcRLIssuerTest31",
    "InvalidcRLIssuerTest32",
    "InvalidcRLIssuerTest34",
    "InvalidcRLIssuerTest35",
    "InvaliddeltaCRLIndicatorNoBaseTest1",
    "InvaliddeltaCRLTest3",
    "InvaliddeltaCRLTest4",
    "InvaliddeltaCRLTest6",
    "InvaliddeltaCRLTest9",
    "InvaliddeltaCRLTest10",
];

/// What the program answers otherwise, and why.
const OTHERWISE: &[(&str, Said, &str)] = &[(
    "ValidDSAParameterInheritanceTest5",
    Said::Unknown,
    "the key takes its parameters from the authority above: no document of Configuration Manager takes DSA at all",
)];

/// What is said of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Valid,
    Invalid,
    Unknown,
}

struct Suite {
    certificates: Vec<(String, Arc<Certificate>)>,
    store: TrustStore,
    /// Every list, fetched from a URL of its file's name.
    lists: CrlStore,
}

impl Suite {
    fn read() -> Self {
        let folder = folder();
        let (lists, mut names) = (CrlStore::default(), Vec::new());
        for (name, bytes) in files(&folder.join("crls")) {
            let mut seen = CrlObservation::asked("here", url(&name), Sought::List, NOW.into());
            seen.body = Some(Der::from(bytes));
            lists.add(&seen);
            names.push(name);
        }
        let read = |bytes: Vec<u8>| with_urls(Certificate::read(&Der::from(bytes)), &lists, &names);
        let certificates = files(&folder.join("certs")).into_iter();
        let mut certificates: Vec<(String, Arc<Certificate>)> =
            certificates.map(|(name, bytes)| (name, Arc::new(read(bytes)))).collect();
        let at = certificates.iter().position(|(name, _)| name == "TrustAnchorRootCertificate").expect("the root");
        let (_, root) = certificates.remove(at);
        let store = TrustStore::new(vec![root], Vec::new(), Vec::new(), ALGORITHMS);
        Self { certificates, store, lists }
    }

    fn leaves(&self) -> impl Iterator<Item = (&str, &Arc<Certificate>)> {
        self.certificates.iter().filter_map(|(name, one)| Some((name.strip_suffix("EE")?, one)))
    }

    /// What is said of the path alone, and how; with it, where it is one, its certificates below the root.
    fn path(&self, leaf: &Arc<Certificate>) -> (Said, String, Vec<Arc<Certificate>>) {
        let others: Vec<Arc<Certificate>> = self
            .certificates
            .iter()
            .filter(|(name, _)| !name.ends_with("EE"))
            .map(|(_, one)| Arc::clone(one))
            .collect();
        let now = Timestamp::from(NOW);
        let facts = leaf.facts().unwrap_or_else(|| panic!("{:?}", leaf.facts));
        // The leaf's own dates are a row of their own.
        if now < facts.not_before || facts.not_after < now {
            return (Said::Invalid, "the leaf's own dates".to_owned(), Vec::new());
        }
        match Paths::find(&Search::new(leaf, &others, &self.store, &self.store.roots, Purpose::Any, now)).best() {
            Ok(path) => {
                let below = [leaf].into_iter().chain(&path.issuers).map(Arc::clone).collect();
                (Said::Valid, path.words(), below)
            }
            Err(nothing) => match &nothing.why {
                Why::Broken(broken) => (Said::Invalid, broken.to_string(), Vec::new()),
                Why::Undecided(unknown) => (Said::Unknown, unknown.why.clone(), Vec::new()),
            },
        }
    }

    /// What is said of the path and of every list of its certificates.
    fn path_and_lists(&self, leaf: &Arc<Certificate>) -> (Said, String) {
        let (said, words, below) = self.path(leaf);
        if said != Said::Valid {
            return (said, words);
        }
        for (at, one) in below.iter().enumerate() {
            let place = if at == 0 { Place::Leaf } else { Place::Authority };
            let (said, words) = self.listed(one, place);
            if said != Said::Valid {
                return (said, format!("{}: {words}", one.subject_text()));
            }
        }
        (Said::Valid, words)
    }

    /// What the lists say of one certificate.
    fn listed(&self, one: &Arc<Certificate>, place: Place) -> (Said, String) {
        let site = Site::nameless(Profile::CurrentBranch);
        let basis = Basis {
            site: &site,
            trust: &self.store,
            now: NOW.into(),
            warn_days: 30,
            revocation: RevocationMode::Hard,
            crls: &self.lists,
        };
        let others = self.certificates.iter().filter(|(name, _)| !name.ends_with("EE")).map(|(_, one)| one);
        let known: Vec<&Arc<Certificate>> = others.chain(&self.store.roots).collect();
        let checked = Checked::new(&basis, Asked::From("here"), one, place, &known).expect("a certificate");
        let fault = || checked.first_fault().map(|(source, fault)| format!("{}: {fault:?}", source.url));
        match (standing(&checked), checked.told()) {
            (Standing::Listed(listed), _) => (Said::Invalid, format!("{}: {:?}", listed.url, listed.entry)),
            (Standing::Told { by, .. }, _) => (Said::Invalid, by),
            (Standing::Free(words), Told::All) => (Said::Valid, words.join("; ")),
            (Standing::Free(_), Told::Some { missing }) => {
                (Said::Invalid, format!("nothing tells of {}", missing.words()))
            }
            (Standing::Free(_), Told::None) => (Said::Invalid, "nothing tells".to_owned()),
            (Standing::Undecided(unknown), _) => (Said::Unknown, unknown.why),
            (Standing::Nothing, _) => (Said::Invalid, fault().unwrap_or_else(|| "there is no list".to_owned())),
        }
    }
}

/// The suite's lists lie in a directory, below their issuers' names, which nobody asks here: what would be found there gets
/// a URL, as if the certificate named it.
fn with_urls(mut one: Certificate, lists: &CrlStore, names: &[String]) -> Certificate {
    let Ok(facts) = &mut one.facts else { return one };
    for url in names.iter().map(|name| url(name)) {
        let Some(fetched) = lists.at("here", &url) else { continue };
        let Some(Ok(known)) = &fetched.content else { continue };
        let is_issuer = |name: &Name| name.is_same_as(&known.list.issuer);
        let own = is_issuer(&facts.issuer);
        if url.ends_with("deltaCRL.crl") {
            facts.freshest_crl.extend(own.then_some(url));
            continue;
        }
        if facts.distribution_points.is_empty() {
            facts.crl_distribution_points.extend(own.then(|| url.clone()));
        }
        for point in &mut facts.distribution_points {
            let mut issuers = point.issuers.iter().filter_map(Name::read);
            if (point.issuers.is_empty() && own) || issuers.any(|name| is_issuer(&name)) {
                point.names.push(PointName::Url(url.clone()));
            }
        }
    }
    one
}

fn url(name: &str) -> String {
    format!("http://pkits.example/{name}.crl")
}

/// Where `tests/run` put the suite.
fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pkits");
    assert!(folder.join("certs").is_dir(), "{} is missing: run tests/run, which fetches the suite", folder.display());
    folder
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, fs::read(&path).expect("a file"))
        })
        .collect();
    found.sort();
    found
}

fn is_refused(name: &str) -> bool {
    name.starts_with("Invalid") || REFUSED.contains(&name)
}

#[test]
fn every_path_of_the_suite_is_judged_as_expected() {
    let suite = Suite::read();
    let mut faults = Vec::new();
    let mut count = 0;
    for (name, leaf) in suite.leaves() {
        count += 1;
        let expected = if is_refused(name) && !BY_LISTS.contains(&name) { Said::Invalid } else { Said::Valid };
        let (said, words, _) = suite.path(leaf);
        // What is an exception for its lists alone has a good path.
        let otherwise = OTHERWISE.iter().find(|(of, ..)| *of == name).filter(|_| said != expected);
        if said != expected && otherwise.is_none_or(|(_, of, _)| *of != said) {
            faults.push(format!("{name}: expected {expected:?}, said {said:?}: {words}"));
        }
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(count, 223, "the suite is not whole");
}

#[test]
fn every_path_of_the_suite_with_its_lists_is_judged_as_expected() {
    let suite = Suite::read();
    let mut faults = Vec::new();
    for (name, leaf) in suite.leaves() {
        let expected = if is_refused(name) { Said::Invalid } else { Said::Valid };
        let (said, words) = suite.path_and_lists(leaf);
        let is_right = match OTHERWISE.iter().find(|(of, ..)| *of == name) {
            Some((_, of, _)) => *of == said && said != expected,
            None => said == expected,
        };
        if !is_right {
            faults.push(format!("{name}: expected {expected:?}, said {said:?}: {words}"));
        }
    }
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_table_of_exceptions_is_short_and_accepts_nothing_that_must_be_refused() {
    assert!(OTHERWISE.len() <= 22, "at most a tenth of 223");
    for (name, said, reason) in OTHERWISE {
        assert!(!(is_refused(name) && *said == Said::Valid), "{name}");
        assert!(reason.len() > 20, "{name}");
    }
}
