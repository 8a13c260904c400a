//! `inspect` of what an earlier run saw, out of its observations or its report, and `--online`: the lists and responders
//! certificates in files name.

use std::collections::BTreeMap;
use std::fs;

use cmprobe::report::document::Report;
use cmprobe::report::finding::VerdictWord;

use crate::rows::Up;

/// The site's definition, and the flags that open the client's file.
const CLIENT: [&str; 4] = ["pki/workstation.pfx", "--pass-file", "pki/clients.password", "--online"];

/// The verdicts on what certificates decide, by endpoint and requirement.
fn on_certificates(report: &Report, subjects: &[&str], prefix: &str) -> BTreeMap<(String, String), VerdictWord> {
    let of_sessions = ["web-server/key-usage", "chain/one-leaf"];
    report
        .findings
        .iter()
        .filter(|one| subjects.iter().any(|subject| one.requirement.starts_with(subject)))
        .filter(|one| !of_sessions.contains(&one.requirement.as_ref()))
        .filter_map(|one| {
            Some(((one.endpoint.strip_prefix(prefix)?.to_owned(), one.requirement.to_string()), one.verdict))
        })
        .collect()
}

/// Asserts that findings are the same ones, and shows those that are not.
fn same(found: &BTreeMap<(String, String), VerdictWord>, expected: &BTreeMap<(String, String), VerdictWord>) {
    let differ = |one: &BTreeMap<_, _>, other: &BTreeMap<_, _>| -> Vec<String> {
        one.iter().filter(|(at, verdict)| other.get(*at) != Some(*verdict)).map(|one| format!("{one:?}")).collect()
    };
    assert_eq!((differ(found, expected), differ(expected, found)), (Vec::new(), Vec::new()));
}

#[test]
fn a_saved_chain_gets_the_very_findings_of_the_run_that_saved_it() {
    let up = Up::with(&["revoked", "internet-name-missing", "ocsp-revoked"]);
    let (checked, code) = up.report(&["check", "site.toml", "--save", "seen.jsonl", "--report", "json=report.json"]);
    assert_eq!(code, 1);
    let all = ["web-server/", "chain/", "revocation/"];
    let (of_observations, code) =
        up.report(&["inspect", "--as", "web-server", "seen.jsonl", "--definition", "site.toml"]);
    assert_eq!(code, 1);
    let expected = on_certificates(&checked, &all, "");
    let expected: BTreeMap<_, _> =
        expected.into_iter().filter(|((at, _), _)| at.ends_with(|c: char| c.is_ascii_digit())).collect();
    assert!(expected.values().filter(|verdict| **verdict == VerdictWord::Fail).count() > 3);
    same(&on_certificates(&of_observations, &all, "seen.jsonl: "), &expected);
    assert_eq!(of_observations.files.len(), 13);
    // A report does not keep lists, nor what a proxy hands on of the management point behind it: nothing is said of
    // revocation, unless it is asked for, nor of web servers' certificates there.
    let presented = |all: BTreeMap<(String, String), VerdictWord>| -> BTreeMap<(String, String), VerdictWord> {
        all.into_iter().filter(|((at, id), _)| !(at.contains("/proxy/") && id.starts_with("web-server/"))).collect()
    };
    let inspect = ["inspect", "--as", "web-server", "report.json", "--definition", "site.toml"];
    let (of_report, _) = up.report(&inspect);
    let expected = presented(expected);
    let without: BTreeMap<_, _> = expected
        .iter()
        .filter(|((_, id), _)| !id.starts_with("revocation/"))
        .map(|(at, verdict)| (at.clone(), *verdict))
        .collect();
    same(&presented(on_certificates(&of_report, &all[..2], "report.json: ")), &without);
    assert!(
        !of_report
            .findings
            .iter()
            .any(|one| one.requirement == "revocation/not-revoked" && one.verdict != VerdictWord::NotApplicable)
    );
    let (online, _) = up.report(&[inspect.as_slice(), &["--online"]].concat());
    same(&presented(on_certificates(&online, &all, "report.json: ")), &expected);
}

#[test]
fn a_saved_chain_is_judged_where_it_was_met_or_where_it_is_said_to_be() {
    let up = Up::healthy();
    let (_, code) = up.report(&["check", "site.toml", "--save", "seen.jsonl"]);
    assert_eq!(code, 0);
    let root = ["--ca-file", "pki/contoso-root.cer"];
    let inspect = |more: &[&str]| {
        up.report(
            &[&["inspect", "--as", "web-server", "seen.jsonl", "--endpoint", "dp01/"], root.as_slice(), more].concat(),
        )
    };
    let verdict =
        |report: &Report, id: &str| report.findings.iter().find(|one| one.requirement == id).map(|one| one.verdict);
    let (alone, code) = inspect(&[]);
    assert_eq!((code, alone.files.len()), (0, 2), "inside and outside");
    assert!(alone.files.iter().all(|file| file.id.starts_with("seen.jsonl: DP01/distribution-point/dp")));
    assert_eq!(verdict(&alone, "web-server/client-accepts-name"), Some(VerdictWord::Pass));
    assert_eq!(verdict(&alone, "revocation/not-revoked"), Some(VerdictWord::Pass), "the run's own lists");
    let (renamed, code) = inspect(&["--role", "dp", "--name", "dp09.corp.contoso.com"]);
    assert_eq!((code, verdict(&renamed, "web-server/client-accepts-name")), (1, Some(VerdictWord::Fail)));
    let outside = [
        "inspect",
        "--as",
        "web-server",
        "seen.jsonl",
        "--definition",
        "site.toml",
        "--online",
        "--vantage",
        "internet",
    ];
    let (outside, _) = up.report(&outside);
    assert!(!outside.files.is_empty() && outside.files.iter().all(|file| file.id.contains("/internet/")));
}

#[test]
fn what_is_no_run_or_holds_no_such_endpoint_is_told() {
    let up = Up::healthy();
    let (_, code) =
        up.report(&["check", "site.toml", "--only", "DP01", "--save", "seen.jsonl", "--report", "json=report.json"]);
    assert_eq!(code, 0);
    let write = |name: &str, text: &str| fs::write(up.folder.path().join(name), text).unwrap();
    let seen = fs::read_to_string(up.folder.path().join("seen.jsonl")).unwrap();
    write("damaged.jsonl", &seen.replacen("\"offer\"", "\"of", 1));
    write("brace.json", "{");
    write("other.json", "{\"a\": 1}\n");
    write("header.jsonl", seen.lines().next().unwrap());
    for (words, complaint) in [
        (
            vec!["--as", "web-server", "seen.jsonl", "--endpoint", "MP01/"],
            "no endpoint's id begins so; there are DP01/",
        ),
        (
            vec!["--as", "client", "seen.jsonl"],
            "inspected --as web-server, or as what else servers present, not client",
        ),
        (vec!["--as", "web-server", "damaged.jsonl"], "damaged.jsonl:"),
        (vec!["--as", "web-server", "brace.json"], "brace.json: is no report"),
        (vec!["--as", "web-server", "other.json"], "other.json: is no report"),
        (vec!["--as", "web-server", "header.jsonl"], "no endpoint in it presented a certificate"),
        (vec!["--as", "root", "pki/contoso-root.cer", "--endpoint", "MP01"], "no such file is given"),
        (vec!["--as", "root", "pki/contoso-root.cer", "--online"], "--online is not for --as root"),
        (vec!["--as", "root", "pki/contoso-root.cer", "-4"], "go with --online"),
        (
            vec!["--as", "client", "pki/device.cer", "--online", "--definition", "site.toml", "--vantage", "moon"],
            "--vantage moon",
        ),
        (vec!["--as", "client", "pki/device.cer", "--vantage", "internet"], "--online"),
    ] {
        let (_, complaints, code) = up.run(&[&["inspect"], words.as_slice()].concat());
        assert_eq!(code, 2, "{words:?}: {complaints}");
        assert!(complaints.contains(complaint), "{words:?}: {complaints}");
    }
}

#[test]
fn online_says_whether_the_clients_list_can_be_fetched_and_from_where() {
    let up = Up::healthy();
    let definition = ["inspect", "--as", "client", "--definition", "site.toml"];
    let reachable = |words: &[&str]| {
        let (report, code) = up.report(words);
        let finding = report.findings.iter().find(|one| one.requirement == "client/crl-reachable").cloned();
        (finding.map(|one| (one.verdict, one.observed.join(" "))), code)
    };
    let (Some((verdict, observed)), 0) = reachable(&[definition.as_slice(), &CLIENT].concat()) else {
        panic!("a failure")
    };
    assert_eq!(verdict, VerdictWord::Pass);
    let port: String =
        observed.split("pki.contoso.com:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    // Nobody listens there, whatever the vantage's name server says.
    let pin = format!("pki.contoso.com:{port}:127.20.0.99");
    let pinned = [definition.as_slice(), &CLIENT, &["--resolve", &pin]].concat();
    let (Some((verdict, observed)), 1) = reachable(&pinned) else { panic!("no failure") };
    assert_eq!(verdict, VerdictWord::Fail);
    assert!(observed.contains("refused"), "{observed}");
    let inside = [pinned.as_slice(), &["--vantage", "Intranet"]].concat();
    let (Some((_, observed)), 1) = reachable(&inside) else { panic!("no failure") };
    assert!(observed.contains("from intranet") && !observed.contains("from internet"), "{observed}");
    // Without a definition: from here. Nothing is fetched where revocation is not judged.
    let pin = format!("pki.contoso.com:{port}:127.20.0.80");
    let here = ["inspect", "--as", "client", "--ca-file", "pki/contoso-root.cer", "--resolve", &pin];
    let (Some((verdict, observed)), 0) = reachable(&[here.as_slice(), &CLIENT].concat()) else { panic!("a failure") };
    assert!(verdict == VerdictWord::Pass && observed.ends_with("from here"), "{observed}");
    let (Some((verdict, _)), 0) = reachable(&[here.as_slice(), &CLIENT, &["--revocation", "off"]].concat()) else {
        panic!()
    };
    assert_eq!(verdict, VerdictWord::NotApplicable);
}
