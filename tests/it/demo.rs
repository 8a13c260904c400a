//! The simulated site under the real prober: healthy it passes everything, and each fault is named where it was planted,
//! with nothing beside it that does not follow from it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use cmprobe::lab::fault::{self, Fault};
use cmprobe::lab::site::blueprint::Edition;
use cmprobe::requirement::catalogue;
use serde_json::Value;

use crate::program;

/// The report of a run of the demo, and its exit code.
fn demo(args: &[&str]) -> (Value, i32) {
    let args = [&["demo", "--format", "json", "--quiet"], args].concat();
    let (report, complaints, code) = program::run(&args);
    let report = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{args:?}: {error}: {complaints}"));
    (report, code)
}

/// Requirement and subject of every finding with a verdict.
fn findings(report: &Value, verdict: &str) -> BTreeSet<(String, String)> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let all = report["findings"].as_array().unwrap();
    all.iter()
        .filter(|finding| finding["verdict"] == verdict)
        .map(|finding| (text(finding, "requirement"), text(finding, "endpoint")))
        .collect()
}

/// The targets reported on: endpoints without their addresses.
fn targets(report: &Value) -> BTreeSet<String> {
    let endpoints = report["endpoints"].as_array().unwrap();
    let ids = endpoints.iter().filter_map(|endpoint| endpoint["id"].as_str());
    ids.map(|id| id.split('/').take(4).collect::<Vec<_>>().join("/")).collect()
}

#[test]
fn the_healthy_site_passes_everything() {
    let (report, code) = demo(&["--show", "all"]);
    assert_eq!(findings(&report, "fail"), BTreeSet::new());
    assert_eq!(findings(&report, "unknown"), BTreeSet::new());
    assert_eq!(code, 0);
    assert_eq!(targets(&report).len(), 13);
    assert!(findings(&report, "pass").len() > 300);
}

#[test]
fn each_fault_is_named_at_its_place_and_nothing_else_is() {
    let healthy = targets(&demo(&[]).0);
    let faults = Mutex::new(fault::all());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        // More than there are processors: a fault that stalls costs waiting, not work. But not many more, for what a site
        // with all its servers and everything offered to them takes of a processor shows in the times of its handshakes.
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let next = faults.lock().unwrap().next();
                    let Some(fault) = next else { break };
                    let found = disagreements(fault, &healthy);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_healthy_site_of_2026_passes_everything() {
    let (report, code) = demo(&["--site", "2026", "--show", "all"]);
    assert_eq!(findings(&report, "fail"), BTreeSet::new());
    assert_eq!(findings(&report, "unknown"), BTreeSet::new());
    assert_eq!(code, 0);
    let targets = targets(&report);
    assert_eq!(targets.len(), 7, "{targets:?}");
    for id in ["cloud-management-gateway/service", "cloud-management-gateway/prefix", "sms-provider/service"] {
        assert!(findings(&report, "pass").iter().any(|(passed, _)| passed == id), "{id}");
    }
}

/// Faults of different systems know nothing of each other: a run has one of each.
#[test]
fn each_fault_of_the_site_of_2026_is_named_at_its_place_and_nothing_else_is() {
    let mut runs: Vec<Vec<&Fault>> = Vec::new();
    for fault in fault::of(Edition::Site2026) {
        let elsewhere = |run: &&mut Vec<&Fault>| run.iter().all(|other| other.at != fault.at);
        match runs.iter_mut().find(elsewhere) {
            Some(run) => run.push(fault),
            None => runs.push(vec![fault]),
        }
    }
    let mut wrong = Vec::new();
    for run in runs {
        let flags = run.iter().flat_map(|fault| ["--fault", fault.name]);
        let args: Vec<&str> = ["--site", "2026"].into_iter().chain(flags).collect();
        let (report, code) = demo(&args);
        assert_eq!((code, targets(&report).len()), (1, 7), "{args:?}");
        let failing = findings(&report, "fail");
        for fault in &run {
            let is_here = |at: &str| fault.at.iter().any(|place| at.starts_with(place));
            let here: BTreeSet<&str> =
                failing.iter().filter(|(_, at)| is_here(at)).map(|(id, _)| id.as_str()).collect();
            let may = |id: &&str| fault.plants.contains(id) || fault.consequences.contains(id);
            let is_seen = |id: &&&str| here.contains(**id);
            let follows = |id: &&&str| failing.iter().any(|(failed, _)| failed == **id);
            if !here.iter().all(may)
                || fault.plants.iter().filter(is_seen).count() < fault.plants.len()
                || fault.consequences.iter().filter(follows).count() < fault.consequences.len()
            {
                wrong.push(format!("{}: {here:?} fail there, and {:?} anywhere", fault.name, failing));
            }
        }
        let is_said = |(id, at): &&(String, String)| {
            run.iter().any(|fault| {
                fault.at.iter().any(|place| at.starts_with(place)) || fault.consequences.contains(&id.as_str())
            })
        };
        wrong
            .extend(failing.iter().filter(|one| !is_said(one)).map(|(id, at)| format!("{args:?}: {id} fails at {at}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the place is where a certificate of the fault's is met again: the bridging proxy hands out what MP01 calls its
/// own certificate, which is judged there too.
fn is_handed_out(fault: &Fault, at: &str) -> bool {
    fault.at.contains(&"MP01/") && at.starts_with("ISA01/")
}

/// Where a run with a fault differs from what the fault says of itself.
fn disagreements(fault: &Fault, healthy: &BTreeSet<String>) -> Vec<String> {
    let (report, code) = demo(&["--fault", fault.name]);
    let failing = findings(&report, "fail");
    let mut wrong = Vec::new();
    let mut say = |words: String| wrong.push(format!("{}: {words}", fault.name));
    if code != 1 {
        say(format!("exit code {code}"));
    }
    for id in fault.plants.iter().chain(fault.consequences).filter(|id| catalogue::find(id).is_none()) {
        say(format!("there is no requirement {id}"));
    }
    for (planted, place) in fault.plants.iter().flat_map(|id| fault.at.iter().map(move |place| (*id, *place))) {
        if !failing.iter().any(|(id, at)| id == planted && at.starts_with(place)) {
            say(format!("{planted} does not fail at {place}"));
        }
    }
    for (id, at) in &failing {
        let planted = fault.plants.contains(&id.as_str())
            && (fault.at.iter().any(|place| at.starts_with(place)) || is_handed_out(fault, at));
        if !planted && !fault.consequences.contains(&id.as_str()) {
            say(format!("{id} fails at {at}"));
        }
    }
    for id in fault.consequences.iter().filter(|id| !failing.iter().any(|(failed, _)| failed == *id)) {
        say(format!("{id} is said to follow, and does not"));
    }
    // Dialled by other names where the fault is in the definition itself; as many all the same.
    if targets(&report).len() != healthy.len() {
        say(format!("{} of {} targets are reported on", targets(&report).len(), healthy.len()));
    }
    wrong
}

#[test]
fn a_list_server_that_hangs_drips_or_floods_costs_its_list_and_nothing_else() {
    let wherever = |(id, at): (String, String)| {
        let without_port = at.split('/').take(4).map(|part| part.split(':').next().unwrap());
        (id, without_port.collect::<Vec<_>>().join("/"))
    };
    let passed = |report: &Value| findings(report, "pass").into_iter().map(wherever).collect::<BTreeSet<_>>();
    let healthy = passed(&demo(&["--show", "all"]).0);
    std::thread::scope(|scope| {
        let faults = ["crl-server-hangs", "crl-server-drips", "crl-server-floods"];
        let runs = faults.map(|fault| (fault, scope.spawn(move || demo(&["--show", "all", "--fault", fault]))));
        for (fault, run) in runs {
            let (report, code) = run.join().unwrap();
            assert_eq!(code, 1, "{fault}");
            let failing: BTreeSet<_> = findings(&report, "fail").into_iter().map(wherever).collect();
            assert_eq!(
                failing.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
                ["revocation/reachable"],
                "{fault}"
            );
            let unknown: BTreeSet<_> = findings(&report, "unknown").into_iter().map(wherever).collect();
            let is_of_the_list =
                |(id, at): &(String, String)| id.starts_with("revocation/") && at.starts_with("PMP01/");
            assert!(failing.iter().chain(&unknown).all(is_of_the_list), "{fault}: {failing:?} {unknown:?}");
            let decided: BTreeSet<_> = passed(&report).into_iter().chain(failing).chain(unknown).collect();
            let missing: Vec<_> = healthy.difference(&decided).collect();
            assert!(missing.is_empty(), "{fault}: {missing:?}");
        }
    });
}

#[test]
fn several_faults_are_all_named() {
    let (report, code) = demo(&[
        "--fault",
        "internet-name-missing",
        "--fault",
        "port-closed",
        "--fault",
        "dns-no-such-name",
        "--fault",
        "expires-soon",
    ]);
    let failing = findings(&report, "fail");
    let has = |id: &str, place: &str| failing.iter().any(|(failed, at)| failed == id && at.starts_with(place));
    assert!(has("reachability/connects", "MP01/"));
    assert!(has("reachability/name-resolves", "SMP01/"));
    assert!(has("web-server/expiry", "SUP01/"));
    assert!(!has("web-server/internet-name", "MP01/"), "a certificate behind a closed port cannot be judged");
    assert_eq!(code, 1);
}

#[test]
fn the_last_screen_names_what_failed() {
    let (out, _, code) = program::run(&["demo", "--fault", "internet-name-missing", "--fault", "plain-http"]);
    let lines: Vec<&str> = out.lines().collect();
    let screen = lines[lines.len() - 24..].join("\n");
    assert_eq!(code, 1);
    for failed in ["web-server/internet-name", "reachability/speaks-tls"] {
        assert!(screen.contains(failed), "no {failed} in\n{screen}");
    }
}

#[test]
fn the_bar_for_failing_can_be_raised() {
    let (_, code) = demo(&["--fault", "wildcard", "--fail-on", "warning"]);
    assert_eq!(code, 0, "a notice is below the bar");
}

#[test]
fn faults_are_listed_and_a_wrong_name_is_an_error() {
    let (list, _, code) = program::run(&["demo", "--list-faults"]);
    assert_eq!(code, 0);
    for fault in fault::all() {
        assert!(list.lines().any(|line| line.trim() == fault.name), "{}", fault.name);
    }
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    let (of_2026, _, _) = program::run(&["demo", "--site", "2026", "--list-faults"]);
    for fault in fault::of(Edition::Site2026) {
        assert!(of_2026.lines().any(|line| line.trim() == fault.name), "{}", fault.name);
    }
    let (_, complaint, code) = program::run(&["demo", "--fault", "no-such-fault", "--fault", "expired"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("no-such-fault") && complaint.contains("--list-faults"), "{complaint}");
}

#[test]
fn a_hang_up_ends_a_kept_site_and_its_folder_goes_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["demo", "--keep", "--quiet"])
        .env_clear()
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(site.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("The site stays up until Ctrl-C")));
    let made = || std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(made(), 1);
    let id = rustix::process::Pid::from_child(&site);
    rustix::process::kill_process(id, rustix::process::Signal::HUP).unwrap();
    assert_eq!((site.wait().unwrap().code(), made()), (Some(0), 0));
}

#[test]
fn a_site_that_is_kept_can_be_checked_until_it_is_ended() {
    let mut site = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["demo", "--keep", "--fault", "wildcard", "--quiet"])
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(site.stdout.take().unwrap()).lines().map(Result::unwrap);
    let command = lines.find(|line| line.trim_start().starts_with("cmprobe check ")).unwrap();
    let definition = command.split_whitespace().nth(2).unwrap().to_owned();
    let (report, complaints, code) = program::run(&["check", &definition, "--fail-on", "notice"]);
    assert_eq!(code, 1, "{report}{complaints}");
    assert!(report.contains("web-server/wildcard"), "{report}");
    let id = rustix::process::Pid::from_child(&site);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(site.wait().unwrap().code(), Some(1), "as a check ends");
    assert!(!Path::new(&definition).exists(), "its files are gone with it");
}

#[test]
fn a_server_that_ends_the_handshake_for_want_of_a_client_certificate_was_reached() {
    let (report, _) = demo(&[]);
    let endpoints = report["endpoints"].as_array().unwrap();
    let proxy = endpoints.iter().find(|endpoint| endpoint["role"] == "proxy").unwrap();
    assert_eq!(proxy["client_certificate_request"]["when"], "handshake");
    for endpoint in endpoints {
        assert_eq!(endpoint["probe_status"], "success", "{endpoint}");
        assert!(endpoint["failure"].is_null(), "{endpoint}");
    }
    let (out, _, code) = program::run(&["demo", "--quiet", "--format", "nagios"]);
    assert!(code == 0 && out.contains(" unreached=0;"), "{out}");
}

#[test]
fn everything_that_ends_is_shown_by_date_and_stands_in_the_calendar() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, ics) = (format!("json={}", path("demo.json")), format!("ics={}", path("demo.ics")));
    let (text, complaints, code) =
        program::run(&["demo", "--quiet", "--show", "calendar", "--report", &json, "--report", &ics]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let report: Value = serde_json::from_str(&read("demo.json")).unwrap();
    let ends = report["calendar"].as_array().unwrap();
    assert!(ends.iter().any(|end| end["kind"] == "revocation-list" && end["days"].as_i64().unwrap() < 30));
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, _) = text.split_once("Everything that ends\n").unwrap().1.split_once("\n\n").unwrap();
    let calendar = read("demo.ics").replace("\r\n ", "").replace("\\,", ",");
    for end in ends {
        let what = end["what"].as_str().unwrap();
        assert!(flat(shown).contains(&flat(what)), "{what}: {shown}");
        assert!(calendar.contains(&format!("SUMMARY:{what} ends")), "{what}: {calendar}");
    }
    let ids: BTreeSet<&str> = calendar.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!((ids.len(), calendar.matches("BEGIN:VEVENT").count()), (ends.len(), ends.len()));
    assert!(program::run(&["demo", "--quiet"]).0.contains("(--show calendar has everything)"));
}
