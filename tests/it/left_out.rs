//! What an option or a waiver leaves out is no question any more: a run that leaves it out can end with 0, and the words
//! under its code say what its counts say.

use std::fmt::Write;
use std::fs;

use cmprobe::lab::pki::{CRYPTOGRAPHIC_SERVICE_PROVIDER, Pkcs12, Pki};
use cmprobe::report::document::Report;
use cmprobe::report::finding::{FindingReport, VerdictWord};

use crate::program;
use crate::rows::Up;
use crate::small_site::AT;

/// The findings of a verdict that no waiver covers.
fn of(report: &Report, verdict: VerdictWord) -> impl Iterator<Item = &FindingReport> {
    report.findings.iter().filter(move |one| one.verdict == verdict && one.waived.is_none())
}

/// Asserts that the words under the code say what the counts above them say; they begin with the code.
fn agree(text: &str, code: i32) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (above, words) = flat.split_once(&format!("exit code {code}: ")).unwrap_or_else(|| panic!("{code}: {text}"));
    let count = |what: &str| -> usize {
        let before = above.rsplit_once(what).map_or("0", |(before, _)| before.trim_end());
        before.rsplit([' ', ',']).next().unwrap().parse().unwrap_or(0)
    };
    let (errors, warnings) = (count(" error"), count(" warning"));
    let (waived, undecided) = (count(" waived"), count(" not decided"));
    assert_eq!(words.contains("fails"), code == 1, "{text}");
    assert_eq!(words.contains("could not be decided"), code == 3, "{text}");
    let told: &[(usize, &str)] = match code {
        1 => &[(errors, "error"), (warnings, "warning")],
        3 => &[],
        _ => &[(waived, "waived"), (warnings, "warning"), (undecided, "lesser")],
    };
    for (count, what) in told {
        assert_eq!(words.contains(&format!("{count} {what}")), *count > 0, "{what}: {text}");
    }
    let nothing_left = undecided + waived + errors + warnings == 0;
    assert_eq!(words.contains("everything was decided"), nothing_left, "{text}");
}

/// Runs it twice, for what is said and for what was found.
fn both(up: &Up, words: &[&str]) -> (String, Report, i32) {
    let (report, code) = up.report(words);
    let (text, complaints, same) = up.run(&[words, &["--quiet"]].concat());
    assert_eq!((complaints.as_str(), same), ("", code), "{words:?}");
    agree(&text, code);
    (text, report, code)
}

#[test]
fn what_an_option_leaves_out_is_not_applicable() {
    let up = Up::healthy();
    for (options, left_out) in [
        (&["--no-stranger"][..], "client-authentication/refuses-stranger"),
        (&["--no-http"], "management-point/list"),
        (&["--no-stranger", "--no-http"], "client-authentication/accepts-client"),
        (&["--no-tls-versions"], "session/old-versions"),
        (&["--revocation", "off"], "revocation/reachable"),
    ] {
        let (text, report, code) = both(&up, &[&["check", "site.toml", "--fail-on", "notice"], options].concat());
        assert_eq!(code, 0, "{options:?}: {text}");
        let open: Vec<_> = of(&report, VerdictWord::Unknown).map(|one| (&one.requirement, &one.endpoint)).collect();
        assert!(open.is_empty(), "{options:?}: {open:?}");
        let mut found = report.findings.iter().filter(|one| one.requirement == left_out).peekable();
        assert!(found.peek().is_some(), "{left_out}");
        assert!(found.all(|one| one.verdict == VerdictWord::NotApplicable), "{options:?}: {left_out}");
    }
}

#[test]
fn an_endpoint_without_a_definition_needs_no_site_code() {
    let up = Up::healthy();
    let report = up.report(&["check", "site.toml"]).0;
    let endpoint = report.endpoints.iter().find(|one| one.id.starts_with("MP01/")).unwrap();
    let definition = fs::read_to_string(up.folder.path().join("site.toml")).unwrap();
    let dns = definition.split("dns = [\"").nth(1).unwrap().split('"').next().unwrap();
    let place = format!("mp={}:{}", endpoint.name, endpoint.port);
    let base =
        ["check", &place, "--resolver", dns, "--ca-file", "pki/contoso-root.cer", "--pfx", "pki/workstation.pfx"];
    let more = ["--pass-file", "pki/clients.password", "--profile", "native-mode-2007", "--fail-on", "notice"];
    let base = [&base[..], &more].concat();
    for options in [&[][..], &["--site-code", "PRI"], &["--no-stranger"], &["--no-http"]] {
        let (text, report, code) = both(&up, &[&base, options].concat());
        let open: Vec<_> = of(&report, VerdictWord::Unknown).map(|one| &one.requirement).collect();
        assert_eq!((code, open.len()), (0, 0), "{options:?}: {open:?} {text}");
        let codes: Vec<_> = report.findings.iter().filter(|one| one.requirement == "site-server/site-code").collect();
        let is_judged = options.contains(&"--site-code");
        assert!(codes.iter().all(|one| (one.verdict == VerdictWord::Pass) == is_judged), "{options:?}: {codes:?}");
    }
}

#[test]
fn a_file_that_says_nothing_of_its_provider_is_not_held_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("osd.corp.contoso.com")).unwrap();
    let export = || Pkcs12::export(&client, "throw-away");
    // As `openssl pkcs12 -export` makes it, and as Windows exports it.
    fs::write(path("openssl.pfx"), export().der().unwrap()).unwrap();
    fs::write(path("windows.pfx"), export().provider(CRYPTOGRAPHIC_SERVICE_PROVIDER).der().unwrap()).unwrap();
    fs::write(path("root.cer"), pki.root.pem()).unwrap();
    fs::write(path("password"), "throw-away\n").unwrap();
    for (file, verdict) in [("openssl.pfx", VerdictWord::NotApplicable), ("windows.pfx", VerdictWord::Pass)] {
        let (file, root, password) = (path(file), path("root.cer"), path("password"));
        let args = ["inspect", "--as", "deployment", &file, "--pass-file", &password, "--ca-file", &root, "--at", AT];
        let args =
            [&args[..], &["--profile", "native-mode-2007", "--revocation", "off", "--fail-on", "notice"]].concat();
        let (json, complaints, code) = program::run(&[&args[..], &["--show", "all", "-f", "json"]].concat());
        assert_eq!(code, 0, "{file}: {complaints}{json}");
        let report: Report = serde_json::from_str(&json).unwrap();
        let provider = report.findings.iter().find(|one| one.requirement == "deployment/cng-provider").unwrap();
        assert_eq!(provider.verdict, verdict, "{file}: {provider:?}");
        agree(&program::run(&args).0, 0);
    }
}

#[test]
fn a_waiver_covers_a_failure_with_what_follows_from_it_and_what_is_not_decided() {
    let up = Up::with(&["crl-not-found", "crl-expired"]);
    let definition = fs::read_to_string(up.folder.path().join("site.toml")).unwrap();
    let mut waived = definition.clone();
    for requirement in ["revocation/reachable", "revocation/current"] {
        write!(waived, "\n[[waiver]]\nrequirement = \"{requirement}\"\nreason = \"known\"\n").unwrap();
    }
    fs::write(up.folder.path().join("waived.toml"), waived).unwrap();
    let (_, report, code) = both(&up, &["check", "site.toml", "--fail-on", "notice"]);
    assert_eq!(code, 1);
    let open = of(&report, VerdictWord::Unknown).count();
    assert!(open > 0, "nothing follows from it");
    let (text, report, code) = both(&up, &["check", "waived.toml", "--fail-on", "notice"]);
    assert_eq!(code, 0, "{text}");
    assert!(report.diagnoses.iter().all(|one| one.waived.is_some()), "{text}");
    // What is undecided for another reason is waived by itself.
    let up = Up::healthy();
    let undecided = definition_without_root(&up);
    fs::write(up.folder.path().join("undecided.toml"), &undecided).unwrap();
    let (_, report, code) = both(&up, &["check", "undecided.toml"]);
    assert_eq!(code, 3);
    let mut ids: Vec<&str> = of(&report, VerdictWord::Unknown).map(|one| one.requirement.as_ref()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut waived = undecided.clone();
    for id in ids {
        write!(waived, "\n[[waiver]]\nrequirement = \"{id}\"\nreason = \"the root comes next week\"\n").unwrap();
    }
    fs::write(up.folder.path().join("waived.toml"), waived).unwrap();
    let (text, _, code) = both(&up, &["check", "waived.toml"]);
    assert_eq!(code, 0, "{text}");
}

/// The definition of a site, saying nothing of roots.
fn definition_without_root(up: &Up) -> String {
    let definition = fs::read_to_string(up.folder.path().join("site.toml")).unwrap();
    definition.replace("roots = [\"pki/contoso-root.cer\"]", "roots = []")
}

#[test]
fn lists_that_cannot_be_had_or_are_stale_are_warnings_with_revocation_soft() {
    // A server's list that is gone, one that ended, and a device's that ended.
    let up = Up::with(&["crl-not-found", "crl-expired", "device-crl-expired"]);
    let (_, _, code) = both(&up, &["check", "site.toml"]);
    assert_eq!(code, 1);
    let (text, report, code) = both(&up, &["check", "site.toml", "--revocation", "soft"]);
    assert_eq!(code, 0, "{text}");
    let failing: Vec<&FindingReport> = of(&report, VerdictWord::Fail).collect();
    assert!(failing.len() >= 3, "{failing:?}");
    for one in failing {
        assert_eq!(one.severity, cmprobe::verdict::severity::Severity::Warning, "{one:?}");
        assert!(one.requirement.starts_with("revocation/") || one.requirement.contains("/crl-"), "{one:?}");
        let same =
            |other: &&FindingReport| other.endpoint == one.endpoint && other.requirement.ends_with("/not-revoked");
        let not_revoked: Vec<&FindingReport> = report.findings.iter().filter(same).collect();
        assert!(!not_revoked.is_empty(), "{one:?}");
        assert!(not_revoked.iter().all(|one| one.verdict == VerdictWord::NotApplicable), "{not_revoked:?}");
    }
    assert_eq!(of(&report, VerdictWord::Unknown).count(), 0);
    let (_, _, code) = both(&up, &["check", "site.toml", "--revocation", "soft", "--fail-on", "warning"]);
    assert_eq!(code, 1);
}
