//! `check --discover`: whom a management point's list names and nobody gave is looked up and dialled.

use std::fs;

use cmprobe::report::document::Report;
use cmprobe::report::finding::VerdictWord;

use crate::rows::Up;

/// What became of a requirement, with what was observed.
fn found(report: &Report, id: &str) -> Vec<(VerdictWord, String)> {
    let of = report.findings.iter().filter(|finding| finding.requirement == id);
    of.map(|finding| (finding.verdict, finding.observed.join("; "))).collect()
}

#[test]
fn a_member_the_definition_does_not_know_is_looked_up_where_the_list_was_had() {
    let up = Up::with(&["lists-an-unknown-management-point"]);
    let words = ["check", "site.toml", "--only", "MP01", "--vantage", "intranet"];
    let (report, _) = up.report(&words);
    let resolves = found(&report, "management-point/list-resolves");
    assert!(resolves.iter().all(|(verdict, _)| *verdict == VerdictWord::Pass), "{resolves:?}");
    let (report, code) = up.report(&[&words[..], &["--discover"]].concat());
    let resolves = found(&report, "management-point/list-resolves");
    let fails = |(verdict, observed): &(VerdictWord, String)| {
        *verdict == VerdictWord::Fail && observed.contains("mp09.corp.contoso.com")
    };
    assert!(resolves.iter().any(fails), "{resolves:?}");
    assert_eq!(code, 1);
}

#[test]
fn of_one_endpoint_the_list_gives_the_others_and_each_is_dialled_once() {
    let up = Up::healthy();
    let text = fs::read_to_string(up.folder.path().join("site.toml")).unwrap();
    let after = |from: &str, key: &str| {
        let (_, rest) = text.split_once(from).unwrap();
        let (_, value) = rest.split_once(key).unwrap();
        value.split(['"', '\n']).next().unwrap().to_owned()
    };
    let server = after("network = \"intranet\"", "dns = [\"");
    let endpoint = format!("mp=mp01.corp.contoso.com:{}", after("name = \"MP01\"", "https = "));
    let words = [
        "check",
        &endpoint,
        "--resolver",
        &server,
        "--pfx",
        "pki/workstation.pfx",
        "--pass-file",
        "pki/clients.password",
        "--ca-file",
        "pki/contoso-root.cer",
    ];
    let names = |report: &Report| report.endpoints.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&up.report(&words).0), ["mp01.corp.contoso.com"]);
    let (report, code) = up.report(&[&words[..], &["--discover"]].concat());
    assert_eq!(names(&report), ["mp01.corp.contoso.com", "pmp01.corp.contoso.com", "cm.corp.contoso.com"]);
    assert_eq!(code, 1, "at that port only the first listens");
}
