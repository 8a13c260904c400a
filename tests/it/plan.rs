//! `plan` as a user runs it: no network, no file but the definition, and what it prints is what `check` would do.

use std::path::Path;

use serde_json::Value;

use crate::check::ids_of;
use crate::program::run;
use crate::small_site::SmallSite;

#[test]
fn every_definition_to_start_from_is_planned_in_80_columns() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(path) = path.to_str().filter(|path| path.ends_with(".toml")) else { continue };
        count += 1;
        // The files these name are not there: a plan needs none of them.
        let (out, complaints, code) = run(&["plan", path]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{path}");
        assert!(out.lines().all(|line| line.chars().count() <= 80 && !line.contains('\u{1b}')), "{path}\n{out}");
        let (json, _, code) = run(&["plan", path, "-f", "json"]);
        assert_eq!(code, 0);
        assert!(serde_json::from_str::<Value>(&json).unwrap()["targets"].as_array().is_some_and(|all| !all.is_empty()));
    }
    assert!(count >= 6, "{count} definitions");
}

#[test]
fn what_is_planned_is_what_is_checked() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    for narrowed in [[].as_slice(), &["--vantage", "internet"], &["--only", "mp", "--vantage", "intranet"]] {
        let before = site.connections();
        let planned = run(&[&["plan", &definition, "-f", "json"], narrowed].concat()).0;
        assert_eq!(site.connections(), before, "a plan connects to nothing");
        let planned: Value = serde_json::from_str(&planned).unwrap();
        let targets: Vec<String> = planned["targets"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|target| target["id"].as_str())
            .map(str::to_owned)
            .collect();
        assert!(!targets.is_empty());
        let checked = run(&[&["check", &definition, "-f", "json", "--no-http"], narrowed].concat()).0;
        let endpoints = ids_of(&checked);
        assert_eq!(endpoints.len(), targets.len());
        for (endpoint, target) in endpoints.iter().zip(&targets) {
            assert!(endpoint.starts_with(&format!("{target}/")), "{endpoint} is none of {target}");
        }
    }
}

#[test]
fn a_plan_of_nothing_there_is_refused() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    for (arguments, what) in [
        (vec!["plan", &definition, "--vantage", "moon"], "the definition's vantages are intranet, internet"),
        (vec!["plan", &definition, "--only", "MP09"], "systems, clusters and proxies are MP01"),
        (vec!["plan", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (vec!["plan"], "<DEFINITION>"),
    ] {
        let (out, complaints, code) = run(&arguments);
        assert_eq!((out.as_str(), code), ("", 2), "{arguments:?}");
        assert!(complaints.contains(what), "{arguments:?}: {complaints}");
    }
}

#[test]
fn what_is_fetched_of_what_certificates_name_is_told_too() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let fetches = |definition: &str| {
        let (out, _, _) = run(&["plan", definition, "-f", "json"]);
        let plan: Value = serde_json::from_str(&out).unwrap();
        let all = plan["fetches"].as_array().unwrap();
        let word = |fetch: &Value, key: &str| fetch[key].as_str().unwrap().to_owned();
        all.iter().map(|one| (word(one, "vantage"), word(one, "fetches"), word(one, "named_by"))).collect::<Vec<_>>()
    };
    let from = |vantage: &str, what: &str| (vantage.to_owned(), what.to_owned(), "endpoints".to_owned());
    let issuers = [from("internet", "issuer"), from("intranet", "issuer")];
    assert_eq!(fetches(&definition), issuers, "clients of this site do not check lists");
    let text = site.read("site.toml").replace("clients_check_revocation = false\n", "");
    let checked = site.write("checked.toml", text);
    let all = fetches(&checked);
    for what in ["revocation-list", "delta-list", "ocsp-answer", "issuer"] {
        assert!(["internet", "intranet"].iter().all(|vantage| all.contains(&from(vantage, what))), "{what}: {all:?}");
    }
    let (out, _, _) = run(&["plan", &checked]);
    for words in ["revocation lists (CRL)", "delta lists", "OCSP responders", "issuers that were neither sent"] {
        assert!(out.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {out}");
    }
}
