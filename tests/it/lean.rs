//! `jsonl` as thousands of endpoints would need it: a healthy endpoint's line, and what one costs at which nothing listens,
//! stay small for every role in both editions of the demo's site; and what a line leaves out is read back.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::Ipv4Addr;

use cmprobe::lab::peer::ClosedPort;
use cmprobe::report::diagnosis::DiagnosisReport;
use cmprobe::report::document::Report;
use cmprobe::report::finding::FindingReport;
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;
use cmprobe::site::vantage::Network;
use serde_json::Value;

use crate::program::run;
use crate::rows::Up;
use crate::small_site::SmallSite;

/// The most octets of a healthy endpoint's line, and of all that is said of one at which nothing listens.
const HEALTHY: usize = 4_000;
const REFUSED: usize = 2_000;

/// The lines of a run, each with its value.
fn lines(out: &str) -> Vec<(&str, Value)> {
    out.lines().map(|line| (line, serde_json::from_str(line).unwrap())).collect()
}

/// What every line that speaks of an endpoint costs, by its id: its own, and those of findings and diagnoses about it.
fn costs(out: &str) -> BTreeMap<String, usize> {
    let lines = lines(out);
    let of = |kind: &str| lines.iter().filter(|(_, value)| value["type"] == kind).collect::<Vec<_>>();
    let mut costs = BTreeMap::new();
    for (line, value) in of("endpoint") {
        costs.insert(value["id"].as_str().unwrap().to_owned(), line.len());
    }
    for (line, value) in [of("findings"), of("diagnosis")].concat() {
        let places = value["places"].as_array().into_iter().flatten().chain([&value["id"]]);
        for place in places.filter_map(Value::as_str) {
            let about = costs.iter_mut().filter(|(id, _)| *id == place || id.starts_with(&format!("{place}/")));
            about.for_each(|(_, cost)| *cost += line.len());
        }
    }
    costs
}

#[test]
fn a_healthy_endpoints_line_is_small_in_both_sites() {
    for site in ["2007", "2026"] {
        let (out, complaints, code) = run(&["demo", "--site", site, "-q", "-f", "jsonl", "--show", "failures"]);
        assert_eq!((complaints.as_str(), code), ("", 0));
        let costs = costs(&out);
        assert!(costs.len() >= 7, "{costs:?}");
        let large: Vec<_> = lines(&out)
            .into_iter()
            .filter(|(line, value)| value["type"] == "endpoint" && line.len() > HEALTHY)
            .map(|(line, _)| format!("{}: {line}", line.len()))
            .collect();
        assert!(large.is_empty(), "{}", large.join("\n"));
    }
}

/// A definition with a system for each role, at ports where nothing listens.
fn refused(site: &SmallSite, profile: Profile, port: u16) -> (String, usize) {
    let mut text = site.definition(port, "root.cer");
    text.truncate(text.find("[[system]]").unwrap());
    text = text.replace("native-mode-2007", profile.name());
    let roles = Role::ALL.into_iter().filter(|role| role.uses_https() && role.only_in().is_none_or(|of| of == profile));
    let roles: Vec<Role> = roles.filter(|role| !matches!(role, Role::Proxy | Role::Nlb)).collect();
    for (at, role) in roles.iter().enumerate() {
        let (system, host) = (format!("SERVER{at:02}"), format!("server{at:02}"));
        let _ = writeln!(text, "[[system]]\nname = \"{system}\"\nroles = [\"{}\"]", role.name());
        if role.serves(Network::Internet) {
            let _ = writeln!(text, "internet_fqdn = \"{host}.contoso.com\"");
        }
        if *role != Role::CloudManagementGateway {
            let _ = writeln!(text, "intranet_fqdn = \"{host}.corp.contoso.com\"");
        }
        let _ = writeln!(text, "[system.ports]\nhttps = {port}\nsoftware-update-point = {port}");
        for (name, fqdn) in
            [("intranet", format!("{host}.corp.contoso.com")), ("internet", format!("{host}.contoso.com"))]
        {
            let pins = format!("name = \"{name}\"\n");
            let at = text.find(&pins).unwrap();
            let hosts = text[at..].find("[vantage.hosts]\n").unwrap() + at + "[vantage.hosts]\n".len();
            text.insert_str(hosts, &format!("\"{fqdn}\" = [\"127.0.0.1\"]\n"));
        }
    }
    (site.write("refused.toml", text), roles.len())
}

#[test]
fn what_an_endpoint_costs_at_which_nothing_listens_is_small_for_every_role() {
    let site = SmallSite::with(|recipe| recipe);
    let closed = ClosedPort::take((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let mut large = Vec::new();
    for profile in [Profile::NativeMode2007, Profile::CurrentBranch] {
        let (definition, roles) = refused(&site, profile, closed.address().port());
        let args = ["check", &definition, "-f", "jsonl", "-q", "--show", "failures"];
        let (out, complaints, code) = run(&args);
        assert_eq!((complaints.as_str(), code), ("", 1));
        let costs = costs(&out);
        assert!(costs.len() >= roles, "{roles} roles: {costs:?}");
        for (line, value) in lines(&out).iter().filter(|(_, value)| value["type"] == "endpoint") {
            let told = &value["diagnoses"][0];
            assert_eq!(
                (&value["probe_status"], &told["cause"]),
                (&"connection-refused".into(), &"nothing-listens".into())
            );
            assert!(
                value["findings"][0]["requirement"] == "reachability/connects" && told["remedy"].is_string(),
                "{line}"
            );
            let cost = costs[value["id"].as_str().unwrap()];
            if cost > REFUSED {
                large.push(format!("{cost}: {line}"));
            }
        }
    }
    assert!(large.is_empty(), "{}", large.join("\n"));
}

fn value(one: &impl serde::Serialize) -> Value {
    serde_json::to_value(one).unwrap()
}

/// Everything by what tells it apart, so that reports whose parts came in another order compare alike.
fn parts(report: &Report) -> BTreeMap<String, Value> {
    let findings = report.findings.iter().map(|one| {
        // Of the cause, lines have the sentence it has everywhere.
        let one = FindingReport { cause: None, ..one.clone() };
        (format!("finding {} {} {}", one.requirement, one.endpoint, one.title), value(&one))
    });
    let diagnoses = report.diagnoses.iter().map(|one| {
        let mut one = one.clone();
        one.places.truncate(DiagnosisReport::PLACES_IN_A_LINE);
        (format!("diagnosis {}", one.id), value(&one))
    });
    let endpoints = report.endpoints.iter().map(|one| {
        let mut told = value(one);
        // Its handshakes tell it.
        told["windows_clients"] = Value::Null;
        (format!("endpoint {}", one.id), told)
    });
    findings.chain(diagnoses).chain(endpoints).collect()
}

#[test]
fn what_lines_leave_out_is_read_back() {
    // What is wrong at one place, at several, at none, and what follows from something else.
    let up = Up::with(&["port-closed", "crl-not-found", "dns-no-such-name", "expires-soon", "bridge-that-tunnels"]);
    for show in ["failures", "all"] {
        // Of one run, in which nothing is handed back before its end.
        let check = ["check", "site.toml", "-q", "-f", "jsonl", "--show", show, "--report", "json=site.json"];
        let (lines, complaints, code) = up.run(&[&check[..], &["--save", "seen.jsonl"]].concat());
        assert_eq!((complaints.as_str(), code), ("", 1));
        let lines = Report::read(lines.as_bytes()).unwrap();
        let document = std::fs::read(up.folder.path().join("site.json")).unwrap();
        let document = parts(&Report::read(&document).unwrap());
        let now = lines.run.judged_at.to_string();
        let assess = ["assess", "site.toml", "seen.jsonl", "-q", "--show", show, "--at", &now, "-f", "jsonl"];
        let (again, _, _) = up.run(&[&assess[..], &["--report", "json=again.json"]].concat());
        for read in [parts(&lines), parts(&Report::read(again.as_bytes()).unwrap())] {
            let differ: Vec<_> = document
                .iter()
                .filter(|(name, value)| read.get(*name) != Some(value))
                .map(|(name, value)| format!("{name}:\n{value}\n{}", read.get(name).unwrap_or(&Value::Null)))
                .collect();
            assert!(differ.is_empty(), "{}", differ.join("\n"));
            assert_eq!(read.len(), document.len());
        }
    }
}
