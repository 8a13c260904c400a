//! NIST's Public Key Interoperability Test Suite: every certificate of an end entity it has is held against its expected
//! result, with every other certificate of the suite at hand, by the library's paths and lists. `tests/run` fetches it.
//!
//! The suite says what a conforming implementation answers under its default settings (any policy, none demanded); what
//! the program answers otherwise stands in one table, each with its reason. Nothing that must be refused is accepted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::certificate::Certificate;
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
    root: Arc<Certificate>,
}

impl Suite {
    fn read() -> Self {
        let folder = folder();
        let mut certificates: Vec<(String, Arc<Certificate>)> = files(&folder.join("certs"))
            .into_iter()
            .map(|(name, bytes)| (name, Arc::new(Certificate::read(&Der::from(bytes)))))
            .collect();
        let at = certificates.iter().position(|(name, _)| name == "TrustAnchorRootCertificate").expect("the root");
        let (_, root) = certificates.remove(at);
        Self { certificates, root }
    }

    fn leaves(&self) -> impl Iterator<Item = (&str, &Arc<Certificate>)> {
        self.certificates.iter().filter_map(|(name, one)| Some((name.strip_suffix("EE")?, one)))
    }

    /// What is said of the path, and how.
    fn path(&self, leaf: &Arc<Certificate>) -> (Said, String) {
        let others: Vec<Arc<Certificate>> = self
            .certificates
            .iter()
            .filter(|(name, _)| !name.ends_with("EE"))
            .map(|(_, one)| Arc::clone(one))
            .collect();
        let store = TrustStore::new(vec![Arc::clone(&self.root)], Vec::new(), Vec::new(), ALGORITHMS);
        let now = Timestamp::from(NOW);
        let facts = leaf.facts().unwrap_or_else(|| panic!("{:?}", leaf.facts));
        // The leaf's own dates are a row of their own.
        if now < facts.not_before || facts.not_after < now {
            return (Said::Invalid, "the leaf's own dates".to_owned());
        }
        match Paths::find(&Search::new(leaf, &others, &store, &store.roots, Purpose::Any, now)).best() {
            Ok(path) => (Said::Valid, path.words()),
            Err(nothing) => match &nothing.why {
                Why::Broken(broken) => (Said::Invalid, broken.to_string()),
                Why::Undecided(unknown) => (Said::Unknown, unknown.why.clone()),
            },
        }
    }
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
        let (said, words) = suite.path(leaf);
        let otherwise = OTHERWISE.iter().find(|(of, ..)| *of == name);
        match otherwise {
            Some((_, of, _)) if *of == said && said != expected => {}
            None if said == expected => {}
            Some(_) | None => faults.push(format!("{name}: expected {expected:?}, said {said:?}: {words}")),
        }
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(count, 223, "the suite is not whole");
}

#[test]
fn the_table_of_exceptions_is_short_and_accepts_nothing_that_must_be_refused() {
    assert!(OTHERWISE.len() <= 22, "at most a tenth of 223");
    for (name, said, reason) in OTHERWISE {
        assert!(!(is_refused(name) && *said == Said::Valid), "{name}");
        assert!(reason.len() > 20, "{name}");
    }
}
