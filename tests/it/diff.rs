//! `diff` and `--baseline`: a change shows as just what it is, and what differs between any two runs does not show.

use std::fs;
use std::path::Path;

use cmprobe::lab::pki::Recipe;
use cmprobe::lab::server::Versions;
use cmprobe::report::difference::Difference;
use cmprobe::report::document::Report;
use time::macros::datetime;

use crate::program::run;
use crate::small_site::{AT, SmallSite};

const FLAGS: [&str; 4] = ["--no-http", "--no-stranger", "--at", AT];

/// Checks the site and keeps its report, as if it listened at port 443: every site of a test has another port.
fn keep(site: &SmallSite, name: &str, more: &[&str]) -> String {
    let (out, complaints, code) =
        run(&[&["check", &site.arg("site.toml"), "-f", "json"], FLAGS.as_slice(), more].concat());
    assert!([0, 1, 3].contains(&code), "{complaints}");
    let port = site.address().port();
    site.write(name, out.replace(&format!(":{port}"), ":443").replace(&format!("\"port\": {port}"), "\"port\": 443"))
}

fn diff(before: &str, after: &str) -> (Difference, i32) {
    let (out, complaints, code) = run(&["diff", before, after, "-f", "json"]);
    assert_eq!(complaints, "");
    let schema: serde_json::Value = serde_json::from_str(&run(&["schema", "report"]).0).unwrap();
    let schema = serde_json::json!({ "$ref": "#/$defs/Difference", "$defs": schema["$defs"] });
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&serde_json::from_str(&out).unwrap()), "{out}");
    (serde_json::from_str(&out).unwrap(), code)
}

fn example() -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports/example.json");
    Report::read(&fs::read(path).unwrap()).unwrap()
}

/// What of a difference is not empty.
fn parts(difference: &Difference) -> Vec<&'static str> {
    [
        ("new findings", difference.new_findings.is_empty()),
        ("gone findings", difference.gone_findings.is_empty()),
        ("changed findings", difference.changed_findings.is_empty()),
        ("new targets", difference.new_targets.is_empty()),
        ("gone targets", difference.gone_targets.is_empty()),
        ("certificates", difference.certificates.is_empty()),
        ("addresses", difference.addresses.is_empty()),
        ("reachability", difference.reachability.is_empty()),
        ("sessions", difference.sessions.is_empty()),
    ]
    .into_iter()
    .filter_map(|(part, is_empty)| (!is_empty).then_some(part))
    .collect()
}

#[test]
fn a_site_that_stayed_as_it_was_shows_nothing() {
    let site = SmallSite::with(|recipe| recipe);
    let (before, after) = (keep(&site, "before.json", &[]), keep(&site, "after.json", &[]));
    assert_ne!(site.read("before.json"), site.read("after.json"), "times of two runs differ");
    let (difference, code) = diff(&before, &after);
    assert_eq!((parts(&difference), code), (vec![], 0));
    let (text, _, _) = run(&["diff", &before, &after]);
    assert!(text.ends_with("Nothing changed.\n"), "{text}");
}

#[test]
fn a_renewed_certificate_shows_as_just_that() {
    let dates = |from, to| move |recipe: Recipe| recipe.valid(from, to);
    let old = SmallSite::with(dates(datetime!(2025-09-01 0:00 UTC), datetime!(2026-09-01 0:00 UTC)));
    let new = SmallSite::with(dates(datetime!(2026-01-15 0:00 UTC), datetime!(2027-01-15 0:00 UTC)));
    let (difference, code) = diff(&keep(&old, "r.json", &[]), &keep(&new, "r.json", &[]));
    assert_eq!((parts(&difference), code), (vec!["certificates"], 4));
    assert_eq!(difference.certificates.len(), 2, "one for each name");
    let change = &difference.certificates[0];
    assert_eq!(change.place, "leaf");
    let told = change.differs.join("\n");
    assert!(told.contains("valid until: 2026-09-01T00:00:00Z -> 2027-01-15T00:00:00Z"), "{told}");
    assert!(!told.contains("names:") && !told.contains("key:"), "{told}");
}

#[test]
fn a_protocol_switched_off_shows_as_just_that() {
    let old = SmallSite::with(|recipe| recipe);
    let new = SmallSite::speaking(Versions::Tls12, |recipe| recipe);
    let of = |site: &SmallSite| keep(site, "r.json", &["--tls-versions"]);
    let (difference, code) = diff(&of(&old), &of(&new));
    let versions = difference.sessions.iter().find(|change| change.what == "versions accepted").unwrap();
    assert_eq!(versions.before, ["TLSv1.2", "TLSv1.3"]);
    assert_eq!(versions.after, ["TLSv1.2"]);
    let others: Vec<&str> = parts(&difference).into_iter().filter(|part| *part != "certificates").collect();
    assert_eq!((others, code), (vec!["sessions"], 4));
}

#[test]
fn a_moved_address_shows_as_just_that() {
    let before = example();
    let mut after = before.clone();
    let (from, to) = ("10.1.0.21:443", "10.9.9.9:443");
    let moved = serde_json::to_string(&after).unwrap().replace(from, to);
    after = serde_json::from_str(&moved).unwrap();
    let difference = Difference::between(&before, &after);
    assert_eq!(parts(&difference), ["addresses"]);
    assert_eq!(difference.addresses[0].target, "MP01/management-point/mp01.corp.contoso.com/intranet");
    assert!(difference.addresses[0].before.contains(&from.to_owned()));
    assert!(difference.addresses[0].after.contains(&to.to_owned()));
}

#[test]
fn a_report_does_not_differ_from_itself_in_either_form_or_any_order() {
    let report = example();
    assert!(Difference::between(&report, &report).is_empty());
    let mut turned = report.clone();
    turned.endpoints.reverse();
    turned.findings.reverse();
    assert!(Difference::between(&report, &turned).is_empty());
    let path = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports").join(name);
        path.to_str().unwrap().to_owned()
    };
    let (_, complaints, code) = run(&["diff", &path("example.json"), &path("example.jsonl")]);
    assert_eq!((complaints.as_str(), code), ("", 1), "the example fails, but the same way");
    assert!(run(&["diff", &path("example.json"), &path("example.jsonl")]).0.contains("Nothing changed."));
}

#[test]
fn what_is_taken_away_comes_back_the_other_way_round() {
    let whole = example();
    for at in 0..whole.findings.len() {
        let mut cut = whole.clone();
        cut.findings.remove(at);
        let (there, back) = (Difference::between(&whole, &cut), Difference::between(&cut, &whole));
        assert_eq!(there.gone_findings.len(), back.new_findings.len());
        assert_eq!(there.new_findings.len() + back.gone_findings.len(), 0);
    }
    for at in 0..whole.endpoints.len() {
        let mut cut = whole.clone();
        cut.endpoints.remove(at);
        let (there, back) = (Difference::between(&whole, &cut), Difference::between(&cut, &whole));
        assert!(!there.is_empty() && !back.is_empty());
        assert_eq!(there.gone_targets, back.new_targets);
    }
}

#[test]
fn a_failure_weighs_more_than_a_change_and_the_bar_is_the_users() {
    let good = SmallSite::with(|recipe| recipe);
    let bad = SmallSite::with(|recipe| recipe.no_eku());
    let (good, bad) = (keep(&good, "r.json", &[]), keep(&bad, "r.json", &[]));
    let (difference, code) = diff(&good, &bad);
    assert_eq!(code, 1);
    assert!(difference.new_findings.iter().any(|new| new.requirement == "web-server/server-auth-eku"));
    let (mended, code) = diff(&bad, &good);
    assert_eq!(code, 4);
    assert_eq!(mended.gone_findings.len(), difference.new_findings.len());
}

#[test]
fn a_run_compares_itself_with_its_baseline() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let check = |more: &[&str]| run(&[&["check", &definition], FLAGS.as_slice(), more].concat());
    let (_, _, before) = check(&["-f", "jsonl", "-o", &site.arg("before.jsonl")]);
    let (out, complaints, code) = check(&["--baseline", &site.arg("before.jsonl")]);
    assert_eq!((complaints.as_str(), code), ("", before));
    assert!(out.contains("Changes") && out.contains("Nothing changed."), "{out}");
    // One system moves to a port where another certificate is.
    let other = SmallSite::with(|recipe| recipe.valid(datetime!(2025-10-01 0:00 UTC), datetime!(2026-10-01 0:00 UTC)));
    site.write("site.toml", site.definition(other.address().port(), "root.cer"));
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl"), "-f", "json"]);
    let report = Report::read(out.as_bytes()).unwrap();
    assert_eq!((code, report.run.summary.exit_code), (4, 4));
    let difference = report.difference.unwrap();
    assert_eq!(parts(&difference), ["certificates", "addresses"]);
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl"), "-f", "jsonl"]);
    let kinds: Vec<&str> =
        out.lines().map(|line| line.split('"').nth(3).unwrap()).filter(|kind| *kind != "endpoint").collect();
    assert_eq!((kinds.last().copied(), code), (Some("summary"), 4));
    assert_eq!(kinds.get(kinds.len() - 2).copied(), Some("difference"));
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl")]);
    assert!(out.contains("\nexit code 4: PRI: nothing failed, but something changed"), "{out}");
    assert_eq!(code, 4);
}

#[test]
fn what_is_no_report_is_refused_with_its_name_before_anything_is_probed() {
    let site = SmallSite::with(|recipe| recipe);
    let html = site.write("page.json", "<html>");
    let old = site.write("old.json", "{\"schema_version\": \"9.0\"}");
    let (out, complaints, code) = run(&["diff", &html, &old]);
    assert_eq!((out.as_str(), code), ("", 2));
    for words in ["page.json: is no report: it looks like HTML", "old.json: is a report of version 9.0"] {
        assert!(complaints.contains(words), "{complaints}");
    }
    let folder = site.path("").to_str().unwrap().to_owned();
    let (_, complaints, code) = run(&["diff", &site.arg("none.json"), &folder]);
    assert_eq!(code, 2);
    assert!(complaints.contains("no such file") && complaints.contains("is a directory"), "{complaints}");
    let (_, complaints, code) = run(&["check", &site.arg("site.toml"), "--baseline", &html]);
    assert_eq!((code, site.connections()), (2, 0));
    assert!(complaints.contains("page.json"), "{complaints}");
}
