//! `check` and `assess` over a small site: what is written, where, and with which exit code.

use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cmprobe::lab::peer::{ClosedPort, ScriptedPeer, silent};
use cmprobe::lab::pki::{Pki, oid};
use cmprobe::observation::Seen;
use cmprobe::report::document::Report;
use cmprobe::report::jsonl::Line;
use serde_json::Value;

use crate::program::run;
use crate::small_site::{AT, SmallSite};

/// Handshakes only, judged when the lab's certificates are valid.
const FLAGS: [&str; 4] = ["--no-http", "--no-stranger", "--at", AT];

/// Checks a definition with more arguments.
fn check(definition: &str, more: &[&str]) -> (String, String, i32) {
    run(&[&["check", definition], FLAGS.as_slice(), more].concat())
}

/// A port at which nothing listens.
fn closed_port() -> ClosedPort {
    ClosedPort::take((Ipv4Addr::LOCALHOST, 0).into()).unwrap()
}

fn report(text: &str) -> Report {
    let value: Value = serde_json::from_str(text).unwrap();
    let schema: Value = serde_json::from_str(&run(&["schema", "report"]).0).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    serde_json::from_value(value).unwrap()
}

/// The endpoints of a report, in its order.
pub(crate) fn ids_of(text: &str) -> Vec<String> {
    report(text).endpoints.into_iter().map(|endpoint| endpoint.id).collect()
}

/// The requirements that fail, with what they are about.
fn failing(report: &Report) -> Vec<(&str, &str)> {
    let fails = report.findings.iter().filter(|finding| finding.fails());
    fails.map(|finding| (finding.requirement.as_ref(), finding.endpoint.as_str())).collect()
}

#[test]
fn a_healthy_site_fails_nothing_and_its_report_is_valid() {
    let site = SmallSite::with(|recipe| recipe);
    let (out, complaints, code) = check(&site.arg("site.toml"), &["-f", "json", "--show", "all"]);
    let report = report(&out);
    assert_eq!(failing(&report), []);
    assert_eq!(complaints, "");
    assert_eq!(i32::from(report.run.summary.exit_code), code);
    let port = site.address().port();
    assert_eq!(
        ids_of(&out),
        [
            format!("MP01/management-point/mp01.corp.contoso.com/intranet/127.0.0.1:{port}"),
            format!("MP01/management-point/mp.contoso.com/internet/127.0.0.1:{port}"),
        ]
    );
    let endpoint = &report.endpoints[0];
    assert_eq!(endpoint.probe_status, "success");
    assert_eq!(endpoint.tls_version.as_deref(), Some("TLSv1.3"));
    assert_eq!(endpoint.received_certificate_chain.len(), 2);
    assert!(endpoint.timing_ms.handshake.is_some());
    let verdicts = |word: &str| out.matches(&format!("\"verdict\": \"{word}\"")).count();
    let summary = &report.run.summary;
    assert_eq!((verdicts("pass"), verdicts("unknown")), (summary.pass, summary.unknown));
    assert_eq!(verdicts("not-applicable"), summary.not_applicable);
    assert_eq!(report.run.site.code.as_deref(), Some("PRI"));
}

#[test]
fn a_wrong_certificate_is_told_in_text_with_both_sides_and_exit_1() {
    let site = SmallSite::with(|recipe| recipe.eku(&[oid::CLIENT_AUTHENTICATION]));
    let (out, _, code) = check(&site.arg("site.toml"), &[]);
    assert_eq!(code, 1, "{out}");
    for part in [
        "\n  expected  Server Authentication (1.3.6.1.5.5.7.3.1)\n",
        "\n  observed  1.3.6.1.5.5.7.3.2",
        "\n  remedy    ",
        "\n  rule      web-server/server-auth-eku",
        "\nexit code 1: PRI fails: ",
        "\nDo first:\n1. ",
    ] {
        assert!(out.contains(part), "no {part:?} in\n{out}");
    }
    // The same failure is told once, with both places, and named once more by what is to be done first.
    assert_eq!(out.matches("  rule      web-server/server-auth-eku").count(), 1, "{out}");
    assert_eq!(out.matches("web-server/server-auth-eku").count(), 2, "{out}");
    assert!(out.starts_with("PRI"), "{out}");
    for line in out.lines() {
        assert!(line.chars().count() <= 80 || !line.trim().contains(' '), "{line}");
        assert!(!line.contains('\u{1b}'), "{line:?}");
    }
    let (colored, _, _) = check(&site.arg("site.toml"), &["--color", "always"]);
    assert!(colored.contains("\u{1b}["));
}

#[test]
fn what_fails_a_run_can_be_chosen() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let soon = ["-f", "json", "--warn-days", "36500"];
    let (out, _, code) = check(&definition, &soon);
    let plain = report(&out);
    assert!(failing(&plain).iter().any(|(requirement, _)| *requirement == "web-server/expiry"), "{out}");
    assert_eq!(plain.run.summary.fail.error, 0, "{:?}", failing(&plain));
    assert_ne!(code, 1);
    let (out, _, code) = check(&definition, &[soon.as_slice(), &["--fail-on", "warning"]].concat());
    assert_eq!(code, 1);
    assert_eq!(report(&out).run.summary.exit_code, 1);
    let (_, _, code) = check(&definition, &["--fail-on", "warning"]);
    assert_ne!(code, 1);
}

#[test]
fn every_report_asked_for_is_written_and_says_the_same() {
    let site = SmallSite::with(|recipe| recipe.no_eku());
    let (json, jsonl, text) = (site.arg("r.json"), site.arg("r.jsonl"), site.arg("r.txt"));
    let (out, _, code) = check(
        &site.arg("site.toml"),
        &["-o", &text, "--report", &format!("json={json}"), "--report", &format!("jsonl={jsonl}")],
    );
    assert_eq!((out.as_str(), code), ("", 1));
    let whole = report(&site.read("r.json"));
    assert!(site.read("r.txt").contains("\nexit code 1: PRI fails: "));
    let lines: Vec<Line> = site.read("r.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut endpoints = Vec::new();
    let mut findings = Vec::new();
    let mut summaries = Vec::new();
    for line in lines {
        match line {
            Line::Endpoint(line) => {
                endpoints.push(line.endpoint.id.clone());
                findings.extend(line.findings);
            }
            Line::Findings(line) => findings.extend(line.findings),
            Line::Difference(_) | Line::File(_) | Line::Certificate(_) | Line::List(_) | Line::Diagnosis(_) => {}
            Line::Summary(line) => summaries.push(line.run),
        }
    }
    assert_eq!(summaries, std::slice::from_ref(&whole.run));
    endpoints.sort();
    let mut ids: Vec<String> = whole.endpoints.iter().map(|endpoint| endpoint.id.clone()).collect();
    ids.sort();
    assert_eq!(endpoints, ids);
    assert_eq!(findings.len(), whole.findings.len());
    // What a line leaves out because its diagnosis tells it is there again when the lines are read.
    let read = Report::read(site.read("r.jsonl").as_bytes()).unwrap();
    assert!(whole.findings.iter().all(|finding| read.findings.contains(finding)));
}

#[test]
fn saved_observations_give_byte_for_byte_the_report_of_check() {
    let site = SmallSite::with(|recipe| recipe.no_eku());
    let (definition, saved) = (site.arg("site.toml"), site.arg("seen.json"));
    let (checked, _, code) = check(&definition, &["-f", "json", "--show", "all", "--save", &saved]);
    let (assessed, notes, again) = run(&["assess", &definition, &saved, "-f", "json", "--show", "all"]);
    assert_eq!(notes, "");
    assert_eq!(code, again);
    assert!(checked == assessed, "{checked}\n{assessed}");
    // As of another time they are judged anew.
    let (later, _, _) = run(&["assess", &definition, &saved, "-f", "json", "--at", "2036-01-01"]);
    let requirements: Vec<_> = report(&later).findings.iter().map(|finding| finding.requirement.clone()).collect();
    assert!(requirements.iter().any(|id| id == "web-server/validity"), "{requirements:?}");

    let schema: Value = serde_json::from_str(&run(&["schema", "observation"]).0).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let lines = site.read("seen.json");
    for line in lines.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let faults: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{line}\n{}", faults.join("\n"));
    }
    assert!(matches!(serde_json::from_str(lines.lines().next().unwrap()).unwrap(), Seen::Run(_)));
    assert!(matches!(serde_json::from_str(lines.lines().last().unwrap()).unwrap(), Seen::End(_)));
}

#[test]
fn inside_and_outside_meet_in_assess_and_what_is_missing_is_unknown() {
    let site = SmallSite::with(|recipe| recipe.no_eku());
    let definition = site.arg("site.toml");
    let (inside, outside) = (site.arg("inside.json"), site.arg("outside.json"));
    check(&definition, &["--vantage", "intranet", "--save", &inside]);
    check(&definition, &["--vantage", "internet", "--save", &outside]);
    let (both, _, _) = check(&definition, &["-f", "json"]);
    let (met, notes, code) = run(&["assess", &definition, &inside, &outside, "-f", "json"]);
    assert_eq!((notes.as_str(), code), ("", 1));
    assert_eq!(report(&met).findings, report(&both).findings);

    let (half, notes, _) = run(&["assess", &definition, &inside, "-f", "json"]);
    assert_eq!(notes, "");
    let half = report(&half);
    let outside_id = "MP01/management-point/mp.contoso.com/internet";
    let not_probed = half.endpoints.iter().find(|endpoint| endpoint.id == outside_id).unwrap();
    assert_eq!((not_probed.probe_status.as_ref(), not_probed.address), ("not-probed", None));
    let about: Vec<_> = half.findings.iter().filter(|finding| finding.endpoint == outside_id).collect();
    assert!(!about.is_empty());
    for finding in about {
        let unknown = finding.unknown.as_ref().unwrap();
        assert!(unknown.why.contains("vantage internet"), "{}", unknown.why);
        assert!(unknown.decided_by.contains("--vantage internet"), "{}", unknown.decided_by);
    }
    // Narrowed to the vantage that is there, nothing is missing.
    let (narrowed, notes, _) = run(&["assess", &definition, &inside, "--vantage", "intranet", "-f", "json"]);
    assert_eq!(notes, "");
    assert!(!narrowed.contains("not-probed"));

    let (_, notes, _) = run(&["assess", &definition, &inside, &inside, &outside]);
    assert!(notes.contains("inside.json: seen in ") && notes.contains("inside.json too, and left out: "), "{notes}");
    assert!(notes.contains("MP01/management-point/mp01.corp.contoso.com/intranet"), "{notes}");
}

#[test]
fn of_several_runs_of_one_vantage_what_was_seen_last_counts() {
    let site = SmallSite::with(|recipe| recipe.no_eku());
    let closed = closed_port();
    let refused = site.write("refused.toml", site.definition(closed.address().port(), "root.cer"));
    let (definition, early, late) = (site.arg("site.toml"), site.arg("early.jsonl"), site.arg("late.jsonl"));
    check(&refused, &["--vantage", "intranet", "--save", &early]);
    check(&definition, &["--vantage", "intranet", "--save", &late]);
    // Whatever the clock said meanwhile.
    let text = site.read("early.jsonl");
    let (header, rest) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header["run"]["started_at"] = "2001-01-01T00:00:00Z".into();
    site.write("early.jsonl", format!("{header}\n{rest}"));
    let assess = |files: &[&str]| {
        let (out, notes, _) =
            run(&[&["assess", &definition], files, &["--vantage", "intranet", "-f", "json", "--at", AT]].concat());
        (report(&out).findings, notes)
    };
    let alone = assess(&[&late]).0;
    assert_ne!(alone, assess(&[&early]).0);
    for files in [[early.as_str(), &late], [&late, &early]] {
        let (findings, notes) = assess(&files);
        assert_eq!(findings, alone, "{files:?}");
        // The target and the lookup, in whatever order they were saved.
        let told = format!("early.jsonl: seen later in {late}, and left out: ");
        let left = notes.lines().find_map(|line| line.split_once(&told)).map(|(_, ids)| ids);
        assert!(left.is_some_and(|ids| ids.contains("MP01/management-point/")), "{notes}");
    }
    // What the later run did not come to is as the earlier one saw it.
    let text = site.read("late.jsonl");
    let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("{\"target\"")).collect();
    assert!(without.len() < text.lines().count());
    site.write("late.jsonl", without.join("\n") + "\n");
    let (findings, _) = assess(&[&early, &late]);
    let connects = findings.iter().find(|finding| finding.requirement == "reachability/connects").unwrap();
    assert_eq!(connects.cause_id.as_deref(), Some("nothing-listens"));
}

#[test]
fn saved_files_that_are_none_are_refused_with_file_and_line() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let saved = site.arg("seen.json");
    check(&definition, &["--save", &saved]);
    let good = site.read("seen.json");
    let mut lines: Vec<&str> = good.lines().collect();
    lines[1] = "{\"target\": 3}";
    let spoiled = site.write("spoiled.json", lines.join("\n"));
    let headless = site.write("headless.json", lines[2..].join("\n"));
    let newer = site.write("newer.json", good.replace("\"schema_version\":\"1.0\"", "\"schema_version\":\"2.0\""));
    let nothing = site.write("nothing.json", "");
    let missing = site.arg("missing.json");
    let (out, complaints, code) =
        run(&["assess", &definition, &spoiled, &headless, &newer, &nothing, &missing, &saved]);
    assert_eq!((out.as_str(), code), ("", 2));
    let lines: Vec<&str> = complaints.lines().collect();
    assert_eq!(lines.len(), 5, "{complaints}");
    assert!(lines[0].contains("spoiled.json:2: is no observation"), "{complaints}");
    assert!(lines[1].contains("headless.json: is no file of observations"), "{complaints}");
    assert!(lines[2].contains("newer.json:1: is of version 2.0"), "{complaints}");
    assert!(lines[3].contains("nothing.json: is no file of observations"), "{complaints}");
    assert!(lines[4].contains("missing.json: there is no such file"), "{complaints}");

    // A run cut short, in the middle of a line, is judged as far as it goes.
    let last_target = good.rfind("{\"target\"").unwrap();
    let cut = site.write("cut.json", &good[..last_target + 40]);
    let (out, notes, _) = run(&["assess", &definition, &cut, "-f", "json"]);
    assert!(notes.contains("cut.json: the run was cut short"), "{notes}");
    let cut = report(&out);
    assert!(!cut.run.summary.complete);
    assert!(cut.endpoints.iter().any(|endpoint| endpoint.probe_status == "not-probed"));

    // Targets of another definition are named and left out.
    let other = site.definition(site.address().port(), "root.cer").replace("\"MP01\"", "\"MP02\"");
    let other = site.write("other.toml", other);
    let (_, notes, _) = run(&["assess", &other, &saved]);
    assert!(notes.contains("seen.json: not in the definition, and left out: "), "{notes}");
    assert!(notes.contains("MP01/management-point/mp01.corp.contoso.com/intranet"), "{notes}");
}

#[test]
fn a_dead_endpoint_fails_and_the_others_are_reported_in_full() {
    let site = SmallSite::with(|recipe| recipe);
    let closed = closed_port();
    let silent = site.runtime.block_on(ScriptedPeer::start(silent())).unwrap();
    let list = site.write(
        "list.txt",
        format!("# three endpoints\n{}\n{}\r\n{} # silent\n", site.address(), closed.address(), silent.address()),
    );
    let root = site.arg("root.cer");
    let begun = Instant::now();
    let arguments = ["check", "--list", &list, "--ca-file", &root, "--at", AT, "-f", "json", "--revocation", "off"];
    let (out, _, code) = run(&[arguments.as_slice(), &["--handshake-timeout", "300ms", "--timeout", "2s"]].concat());
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(code, 1);
    let report = report(&out);
    let statuses: Vec<&str> = report.endpoints.iter().map(|endpoint| endpoint.probe_status.as_ref()).collect();
    assert_eq!(statuses, ["success", "connection-refused", "io-timeout"]);
    assert_eq!(report.endpoints[0].received_certificate_chain.len(), 2);
    let failing = failing(&report);
    let dead = format!("127.0.0.1/endpoint/{0}/here/{0}", closed.address());
    assert!(failing.contains(&("reachability/connects", dead.as_str())), "{failing:?}");
    let mute = format!("127.0.0.1/endpoint/{0}/here/{0}", silent.address());
    assert!(failing.contains(&("reachability/speaks-tls", mute.as_str())), "{failing:?}");
}

#[test]
fn a_name_that_leads_nowhere_is_an_endpoint_without_address() {
    let site = SmallSite::with(|recipe| recipe);
    let text = site.read("site.toml").replace("\"mp.contoso.com\" = [\"127.0.0.1\"]", "");
    let definition = site.write("site.toml", text);
    let (out, _, code) = check(&definition, &["-f", "json"]);
    assert_eq!(code, 1);
    let report = report(&out);
    let nowhere = &report.endpoints[1];
    assert_eq!(nowhere.id, "MP01/management-point/mp.contoso.com/internet");
    assert_eq!((nowhere.address, nowhere.probe_status.as_ref()), (None, "resolve-error"));
    assert!(failing(&report).contains(&("reachability/name-resolves", nowhere.id.as_str())));
    assert_eq!(report.endpoints[0].probe_status, "success");
}

#[test]
fn a_run_that_is_stopped_leaves_a_valid_report_of_what_it_saw() {
    let site = SmallSite::with(|recipe| recipe);
    let silent = site.runtime.block_on(ScriptedPeer::start(silent())).unwrap();
    let root = site.arg("root.cer");
    let (good, mute) = (site.address().port(), silent.address().port());
    let pin = |port: u16| format!("mp.contoso.com:{port}:127.0.0.1");
    let name = |port: u16| format!("mp.contoso.com:{port}");
    fs::write(site.path("old.html"), "old").unwrap();
    let reports = ["old.html", "new.html"].map(|name| format!("html={}", site.arg(name)));
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["check", &name(good), &name(mute), "--resolve", &pin(good), "--resolve", &pin(mute)])
        .args(["--ca-file", &root, "--at", AT, "-f", "jsonl"])
        .args(["--handshake-timeout", "60s", "--timeout", "120s", "--revocation", "off"])
        .args(["--report", &reports[0], "--report", &reports[1]])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let first = std::io::BufRead::lines(&mut out)
        .map(|line| serde_json::from_str::<Line>(&line.unwrap()).unwrap())
        .find(|line| !matches!(line, Line::Certificate(_)));
    assert!(matches!(&first, Some(Line::Endpoint(line)) if line.endpoint.probe_status == "success"), "{first:?}");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    let code = child.wait().unwrap().code();
    assert!(complaints.contains("ended early"), "{complaints}");
    let lines: Vec<Line> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [Line::Endpoint(stopped), .., Line::Summary(last)] = lines.as_slice() else { panic!("{rest}") };
    assert_eq!(stopped.endpoint.probe_status, "not-probed");
    assert!(!last.run.summary.complete);
    assert_eq!(code, Some(i32::from(last.run.summary.exit_code)));
    assert_ne!(code, Some(0), "{rest}");
    // An older report of a whole run is worth more than one of half a run.
    assert!(complaints.contains("old.html: the older report stays"), "{complaints}");
    assert_eq!(site.read("old.html"), "old");
    assert!(site.read("new.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn what_was_seen_is_saved_and_judged_though_its_list_never_came() {
    let lists = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://mp.contoso.com:{}/a.crl", lists.local_addr().unwrap().port());
    let site = SmallSite::with(|recipe| recipe.cdp(&[&url]));
    let (root, saved) = (site.arg("root.cer"), site.arg("seen.jsonl"));
    let pin = |port: u16| format!("mp.contoso.com:{port}:127.0.0.1");
    let port = site.address().port();
    let child = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["check", &format!("mp.contoso.com:{port}"), "--resolve", &pin(port)])
        .args(["--resolve", &pin(lists.local_addr().unwrap().port())])
        .args(["--ca-file", &root, "--at", AT, "-f", "json", "--show", "all", "--save", &saved])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever asks for the list has handed on what the handshake showed.
    let (_held, _) = lists.accept().unwrap();
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("ended early"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["endpoints"][0]["probe_status"], "success");
    let findings = report["findings"].as_array().unwrap();
    let verdict = |id: &str| {
        let found = findings.iter().find(|finding| finding["requirement"] == id);
        found.and_then(|finding| finding["verdict"].as_str()).unwrap_or_default()
    };
    assert_eq!(verdict("chain/leads-to-site-root"), "pass");
    // The list the signal cut off decides nothing; another one's host has no name here.
    assert_ne!(verdict("revocation/not-revoked"), "pass", "{findings:#?}");
    assert!(site.read("seen.jsonl").lines().any(|line| line.contains(r#""target":"#)));
}

#[test]
fn a_waived_failure_is_listed_with_its_reason_and_fails_nothing() {
    let site = SmallSite::with(|recipe| recipe.no_eku());
    let waiver = "\n[[waiver]]\nrequirement = \"web-server/server-auth-eku\"\nsystem = \"MP01\"\nreason = \"replaced in May\"\nuntil = ";
    let definition = site.write("waived.toml", format!("{}{waiver}2026-05-31\n", site.read("site.toml")));
    let (out, _, code) = check(&definition, &["-f", "json"]);
    let waived = report(&out);
    assert_eq!(failing(&waived), []);
    assert_ne!(code, 1);
    assert_eq!(waived.run.summary.waived, 2);
    let reasons: Vec<&str> =
        waived.findings.iter().filter_map(|one| one.waived.as_ref()).map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["replaced in May"; 2]);
    let (text, _, _) = check(&definition, &[]);
    assert!(text.contains("\nWaived\n  1 diagnosis, 2 findings: replaced in May, until 2026-05-31\n"), "{text}");

    // The day after its last day it covers nothing any more.
    let ended = site.write("ended.toml", format!("{}{waiver}2026-01-31\n", site.read("site.toml")));
    let (out, _, code) = check(&ended, &["-f", "json"]);
    assert_eq!(code, 1);
    assert!(failing(&report(&out)).iter().any(|(requirement, _)| *requirement == "web-server/server-auth-eku"));
}

/// The processor time a run takes, in seconds, as the shell that starts it counts.
fn cost(folder: &Path, args: &str) -> f64 {
    let script = format!("{} {args} > /dev/null 2>&1; times", env!("CARGO_BIN_EXE_cmprobe"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let of_children = text.lines().last().unwrap();
    let seconds = of_children.split(' ').map(|time| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    });
    seconds.sum()
}

#[test]
fn a_file_that_takes_long_to_unlock_is_unlocked_once() {
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("client.pem"), format!("{}{}", client.pem(), client.key_pem())).unwrap();
    fs::write(folder.path().join("root.cer"), &pki.root.der).unwrap();
    fs::write(folder.path().join("password"), "secret").unwrap();
    let export = "pkcs12 -export -in client.pem -out slow.pfx -passout pass:secret -iter 3000000 -nomac";
    let exported = Command::new("openssl").args(export.split(' ')).current_dir(&folder).output().unwrap();
    assert!(exported.status.success(), "{exported:?}");
    let with = "--pass-file password --ca-file root.cer";
    let once = cost(folder.path(), &format!("inspect --as client slow.pfx {with}"));
    let checked = cost(folder.path(), &format!("check 127.0.0.1:1 --pfx slow.pfx {with} --no-stranger"));
    assert!(once > 0.2 && checked < once * 1.6, "inspect takes {once} s, check {checked} s");
}
