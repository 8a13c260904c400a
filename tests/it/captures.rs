//! What odd servers were seen to do, kept as `check --save` wrote it and judged again in every build: each capture in
//! `testdata/captures` has its definition and the failures it must lead to, with their causes, beside it.
//!
//! `CMPROBE_UPDATE=1` starts the lab's servers anew, probes them, and writes captures and verdicts; read the difference
//! before keeping it. What differs from run to run, ports, times and how long things took, is levelled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use cmprobe::lab::fault::{self, Fault};
use cmprobe::lab::site::LabSite;
use serde_json::Value;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::program;

/// As of when everything is minted, probed and judged.
const AT: &str = "2026-02-01T12:00:00Z";
/// What a capture may take: a corpus stays small enough to be read in every build.
const MOST_OCTETS: usize = 256 * 1024;

/// The lab's fault that makes the server odd (none: it is what IIS is), the system it is, and whether each version is
/// offered by itself.
const CAPTURES: &[(Option<&str>, &str, bool)] = &[
    (None, "DP01", false), // asks for client certificates by renegotiation
    (Some("another-key"), "SUP01", false),
    (Some("asks-after-the-handshake"), "PMP01", false),
    (Some("certificate-too-long"), "SUP02", false),
    (Some("closed-without-a-word"), "PMP01", false),
    (Some("crl-html"), "MP01", false),
    (Some("crl-packed"), "MP01", false),
    (Some("crl-server-drips"), "PMP01", false),
    (Some("delta-blocked"), "SUP01", false), // 404.11
    (Some("drip"), "SUP01", false),
    (Some("garbage"), "DP01", false),
    (Some("gateway-in-front"), "DP01", false),
    (Some("handshake-never-ends"), "SMP01", false),
    (Some("issuer-list-too-long"), "PMP01", false),
    (Some("other-certificate-without-server-name"), "SUP01", false),
    (Some("plain-http"), "PMP01", false),
    (Some("rc4-alone"), "DP01", true),
    (Some("refused-without-server-name"), "SUP02", false),
    (Some("reset"), "SMP01", false),
    (Some("second-address-other-certificate"), "DP01", false),
    (Some("silent-peer"), "DP01", false),
    (Some("ssl3-alone"), "SUP01", true),
    (Some("stranger-in-chain"), "DP01", false),
    (Some("swallows-new-hellos"), "SMP01", false),
    (Some("tls-alert"), "SUP02", false),
    (Some("tls13-alone"), "SUP01", true),
    (Some("unpatched"), "SUP02", false),
];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/captures")
}

fn name_of(fault: Option<&str>) -> &str {
    fault.unwrap_or("healthy")
}

fn is_update() -> bool {
    std::env::var_os("CMPROBE_UPDATE").is_some()
}

#[test]
fn every_capture_is_judged_as_before() {
    if is_update() {
        fs::create_dir_all(corpus().join("pki")).unwrap();
        // The files all definitions name come with the first.
        capture(None, CAPTURES[0].1, false);
    }
    let next = AtomicUsize::new(0);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let one = || {
            let mut wrong = Vec::new();
            while let Some((fault, system, versions)) = CAPTURES.get(next.fetch_add(1, Ordering::Relaxed)) {
                if is_update() && fault.is_some() {
                    capture(*fault, system, *versions);
                }
                wrong.extend(disagreement(name_of(*fault)));
            }
            wrong
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(one)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where a capture is judged otherwise than is written beside it.
fn disagreement(name: &str) -> Option<String> {
    let verdict = verdict(&corpus(), name);
    let expected = corpus().join(format!("{name}.expected"));
    if is_update() {
        fs::write(expected, verdict).unwrap();
        return None;
    }
    let kept = fs::read_to_string(&expected).unwrap_or_default();
    (kept != verdict).then(|| format!("{name}.expected differs; CMPROBE_UPDATE=1 writes it anew:\n{verdict}"))
}

/// The exit code, and each failure with its place and cause.
fn verdict(folder: &Path, name: &str) -> String {
    let path = |ending: &str| folder.join(format!("{name}.{ending}")).to_str().unwrap().to_owned();
    let (definition, seen) = (path("toml"), path("jsonl"));
    let args = ["assess", &definition, &seen, "--at", AT, "-f", "json", "--quiet"];
    let (report, complaints, code) = program::run(&args);
    let report: Value = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{name}: {error}: {complaints}"));
    let failing: BTreeSet<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["verdict"] == "fail")
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or("none").to_owned();
            format!("{} at {}: {}\n", text("requirement"), text("endpoint"), text("cause_id"))
        })
        .collect();
    format!("exit code {code}\n{}", failing.into_iter().collect::<String>())
}

/// Starts the lab's site with a fault, probes one system of it from where its clients are, and writes what was seen and what it is.
fn capture(fault: Option<&str>, system: &str, versions: bool) {
    let faults: Vec<&Fault> = fault.iter().map(|name| fault::find(name).unwrap()).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = runtime.block_on(LabSite::start(&faults, OffsetDateTime::parse(AT, &Rfc3339).unwrap())).unwrap();
    let folder = TempDir::new().unwrap();
    site.write_to(folder.path()).unwrap();
    let (definition, ports) = narrowed(&fs::read_to_string(folder.path().join("site.toml")).unwrap(), system);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("narrow.toml"), &definition).unwrap();
    let (definition_path, saved, versions) =
        (path("narrow.toml"), path("seen.jsonl"), if versions { "--tls-versions" } else { "--no-tls-versions" });
    let args = ["check", &definition_path, "--at", AT, "--save", &saved, versions, "-f", "json", "--quiet"];
    let (_, complaints, code) = program::run(&args);
    assert!([0, 1, 3].contains(&code), "{fault:?}: {complaints}");
    let levelled = |text: &str| {
        ports.iter().fold(text.to_owned(), |text, (port, usual)| {
            text.replace(&format!(":{port}"), &format!(":{usual}"))
                .replace(&format!(" = {port}\n"), &format!(" = {usual}\n"))
        })
    };
    let lines: Vec<String> = fs::read_to_string(&saved)
        .unwrap()
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            level(&mut line);
            levelled(&line.to_string()) + "\n"
        })
        .collect();
    let name = name_of(fault);
    fs::write(corpus().join(format!("{name}.jsonl")), lines.concat()).unwrap();
    fs::write(corpus().join(format!("{name}.toml")), levelled(&definition)).unwrap();
    if fault.is_none() {
        for file in ["pki/contoso-root.cer", "pki/workstation.pfx", "pki/clients.password"] {
            fs::copy(folder.path().join(file), corpus().join(file)).unwrap();
        }
    }
}

/// The part of a definition that is about one system and one vantage, and its ports with those they stand for.
fn narrowed(definition: &str, system: &str) -> (String, Vec<(i64, u16)>) {
    let mut site: toml::Table = definition.parse().unwrap();
    let kept = |list: &mut toml::Table, key: &str, name: &str| {
        list[key].as_array_mut().unwrap().retain(|one| one["name"].as_str() == Some(name));
    };
    kept(&mut site, "client", "workstation");
    kept(&mut site, "system", system);
    let is_outside = site["system"][0]["client_connections"].as_str() == Some("internet");
    kept(&mut site, "vantage", if is_outside { "internet" } else { "intranet" });
    for unwanted in ["site_server", "cluster", "proxy"] {
        site.remove(unwanted);
    }
    site["site"].as_table_mut().unwrap().insert("windows".into(), vec!["10-1607"].into());
    let dns: std::net::SocketAddr = site["vantage"][0]["dns"][0].as_str().unwrap().parse().unwrap();
    let mut ports = vec![(i64::from(dns.port()), 53)];
    for (key, port) in site["system"][0]["ports"].as_table().unwrap() {
        ports.push((port.as_integer().unwrap(), if key.contains("http") && key != "https" { 80 } else { 443 }));
    }
    (toml::to_string(&site).unwrap(), ports)
}

/// Levels what differs from run to run: when, and how long unless that was long.
fn level(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_seen = ["offer", "url", "lookup"].iter().any(|key| fields.contains_key(*key));
            for (key, value) in fields.iter_mut() {
                match key.as_str() {
                    "at" if is_seen => *value = AT.into(),
                    "started_at" | "finished_at" | "judged_at" => *value = AT.into(),
                    "host" if value.is_string() => *value = Value::Null,
                    "took" => *value = brief(value),
                    "timing" => value.as_object_mut().unwrap().values_mut().for_each(|took| *took = brief(took)),
                    _ => level(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(level),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn brief(took: &Value) -> Value {
    match took.as_f64() {
        None => Value::Null,
        Some(took) if took < 1000.0 => 1.0.into(),
        Some(took) => ((took / 1000.0).round() * 1000.0).into(),
    }
}

#[test]
fn the_corpus_is_what_is_listed_and_small() {
    let on_disk: BTreeSet<String> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name != "pki")
        .collect();
    let listed: BTreeSet<String> = CAPTURES
        .iter()
        .flat_map(|(fault, ..)| ["toml", "jsonl", "expected"].map(|ending| format!("{}.{ending}", name_of(*fault))))
        .collect();
    assert_eq!(on_disk, listed);
    for name in on_disk {
        let octets = fs::metadata(corpus().join(&name)).unwrap().len();
        assert!(octets <= MOST_OCTETS as u64, "{name} has {octets} octets");
    }
}

/// A capture of the healthy server in which the server shows another name's certificate is not judged as before.
#[test]
fn a_capture_that_says_something_else_is_judged_otherwise() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("pki")).unwrap();
    for file in ["pki/contoso-root.cer", "pki/workstation.pfx", "pki/clients.password"] {
        fs::copy(corpus().join(file), folder.path().join(file)).unwrap();
    }
    fs::copy(corpus().join("healthy.toml"), folder.path().join("healthy.toml")).unwrap();
    let kept = fs::read_to_string(corpus().join("healthy.jsonl")).unwrap();
    fs::write(folder.path().join("healthy.jsonl"), kept.replace("\"key_proof\":\"good\"", "\"key_proof\":\"bad\""))
        .unwrap();
    let expected = fs::read_to_string(corpus().join("healthy.expected")).unwrap();
    let spoiled = verdict(folder.path(), "healthy");
    assert_ne!(spoiled, expected);
    assert!(spoiled.contains("session/key-proof at DP01/"), "{spoiled}");
}
