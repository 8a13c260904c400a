//! The simulated site under the real prober: healthy it passes everything, and each fault is named where it was planted,
//! with nothing beside it that does not follow from it.

mod advice; // what follows is put right where it comes from
mod covered; // every requirement has a fault
mod told;
mod words;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use cmprobe::lab::fault::{self, Fault};
use cmprobe::lab::site::blueprint::{Edition, SITE_CODE};
use cmprobe::requirement::catalogue;
use cmprobe::rule::usage::Use;
use cmprobe::site::profile::Profile;
use cmprobe::verdict::cause::Cause;
use cmprobe::verdict::cause::catalogue as causes;
use cmprobe::verdict::cause::for_site;
use cmprobe::verdict::cause::host::Host;
use serde_json::Value;

use crate::program;

/// The report of a run of the demo, and its exit code. How long a server takes for a handshake is left open on a machine that
/// is busy with other tests; that says nothing of the demo, and is taken for a pass.
fn demo(args: &[&str]) -> (Value, i32) {
    let args = [&["demo", "--format", "json", "--quiet"], args].concat();
    let (report, complaints, code) = program::run(&args);
    let mut report: Value =
        serde_json::from_str(&report).unwrap_or_else(|error| panic!("{args:?}: {error}: {complaints}"));
    let is_open = |finding: &Value| {
        let why = finding["unknown"]["why"].as_str().unwrap_or_default();
        finding["requirement"] == "session/handshake-time" && why.starts_with("this machine was busy")
    };
    for finding in report["findings"].as_array_mut().unwrap().iter_mut().filter(|finding| is_open(finding)) {
        finding["verdict"] = "pass".into();
    }
    (report, code)
}

/// The same, with the report as text.
fn demo_and_text(args: &[&str]) -> (Value, String, i32) {
    let (report, told, code) = demo_and_told(args);
    (report, told.text, code)
}

/// A run in the words of other formats.
struct Told {
    text: String,
    html: String,
    jsonl: String,
    csv: String,
    junit: String,
}

/// The same, with the report in other formats.
fn demo_and_told(args: &[&str]) -> (Value, Told, i32) {
    let folder = tempfile::tempdir().unwrap();
    let path = |format: &str| folder.path().join(format).to_str().unwrap().to_owned();
    let wanted = ["text", "html", "jsonl", "csv", "junit"].map(|format| format!("{format}={}", path(format)));
    let wanted: Vec<&str> = wanted.iter().flat_map(|one| ["--report", one]).collect();
    let (report, code) = demo(&[args, &wanted].concat());
    let read = |format: &str| std::fs::read_to_string(path(format)).unwrap();
    let [text, html, jsonl, csv, junit] = ["text", "html", "jsonl", "csv", "junit"].map(read);
    (report, Told { text, html, jsonl, csv, junit }, code)
}

/// How many lines a report about one fault has at the most.
const PAGE: usize = 40;

/// Where the diagnoses of a run differ from what its faults are told by, and its text from what fits a screen.
fn misdiagnosed(edition: Edition, faults: &[&Fault], report: &Value, told: &Told) -> Vec<String> {
    let text = told.text.as_str();
    let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
    let mut wrong = Vec::new();
    let mut say = |words: String| wrong.push(format!("{}: {words}", names.join(" and ")));
    let diagnoses = report["diagnoses"].as_array().unwrap();
    let following: Vec<&Value> = diagnoses.iter().filter(|one| !one["follows"].is_null()).collect();
    let diagnoses: Vec<&Value> = diagnoses.iter().filter(|one| one["follows"].is_null()).collect();
    let words = |diagnosis: &Value, key: &str| diagnosis[key].as_str().unwrap().to_owned();
    let found: BTreeSet<String> = diagnoses.iter().map(|one| words(one, "cause")).collect();
    let planted: BTreeSet<String> =
        faults.iter().flat_map(|fault| told::by(edition, fault)).map(|cause| (*cause).to_owned()).collect();
    if found != planted {
        say(format!("told by {found:?}, not by {planted:?}"));
    }
    for fault in faults {
        let is_planted = |one: &&&Value| one["cause"] == told::by(edition, fault)[0];
        let is_at = |place: &Value| {
            let place = place.as_str().unwrap();
            fault.at.iter().any(|at| place.starts_with(at)) || is_handed_out(fault, place)
        };
        // What follows from it shows at places of its own.
        let shown = |one: &Value| {
            let beneath = following.iter().filter(|other| other["follows"] == one["id"]);
            beneath
                .map(|other| &other["places"])
                .chain([&one["places"]])
                .any(|places| places.as_array().unwrap().iter().any(is_at))
        };
        if !diagnoses.iter().filter(is_planted).any(|one| shown(one)) {
            say(format!("{} is not told where it was planted", fault.name));
        }
    }
    // Told more than once, it is of more than one thing: nothing stands twice for the same reason.
    let mut known = BTreeSet::new();
    for diagnosis in &diagnoses {
        for requirement in diagnosis["requirements"].as_array().unwrap() {
            for place in diagnosis["places"].as_array().unwrap() {
                let one = (words(diagnosis, "cause"), requirement.to_string(), place.to_string());
                if !known.insert(one.clone()) {
                    say(format!("told twice: {one:?}"));
                }
            }
        }
    }
    let profile = match edition {
        Edition::Site2007 => Profile::NativeMode2007,
        Edition::Site2026 => Profile::CurrentBranch,
    };
    for diagnosis in &diagnoses {
        let (id, remedy) = (words(diagnosis, "cause"), words(diagnosis, "remedy"));
        let own = causes::find(&id);
        let places = diagnosis["places"].as_array().unwrap();
        let is_at = |at: &str| places.iter().all(|place| place.as_str().unwrap().starts_with(at));
        let hosts = [("CMG/", Host::Gateway), ("PRV01/", Host::Provider), ("REP01/", Host::Reports)];
        let host = hosts.into_iter().find(|(at, _)| is_at(at)).map_or(Host::WebServer, |(_, host)| host);
        let not_there = ["IIS", "certutil", "WsusPool", "web site", "binding"];
        if matches!(host, Host::Gateway | Host::Provider) && not_there.iter().any(|words| remedy.contains(words)) {
            say(format!("the remedy of {id} speaks of what is not there: {remedy}"));
        }
        // What lies in files is told for whoever shows it.
        let shows = Use::ALL.into_iter().filter(|_| is_at("pki/")).map(|of| of.host(None));
        let is_its = |own: &Cause| {
            let mut remedies = shows.clone().chain([host]).map(|host| own.remedy_at(profile, host));
            remedies.any(|one| for_site(one, Some(SITE_CODE)) == remedy)
        };
        if own.is_some_and(|own| !is_its(own)) {
            say(format!("the remedy of {id} is another's: {remedy}"));
        }
        let is_anothers = |step: &str| remedy.contains(step) && own.is_none_or(|own| own.first_step(profile) != step);
        if let Some(other) = causes::CAUSES.iter().find(|one| one.id != id && is_anothers(one.first_step(profile))) {
            say(format!("the remedy of {id} has a step of {}: {remedy}", other.id));
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let ending = lines.iter().rposition(|line| line.starts_with("exit code 1: ")).unwrap_or(0);
    if faults.len() == 1 && lines.len() > PAGE {
        say(format!("{} lines are more than a page:\n{text}", lines.len()));
    }
    if lines.len() - ending > 24 || !lines[ending..].contains(&"Do first:") {
        say(format!("what it comes to is no screen of 24 lines:\n{}", lines[ending..].join("\n")));
    }
    words::disagreeing(report, told).into_iter().for_each(&mut say);
    advice::misleading(report, told).into_iter().for_each(say);
    wrong
}

#[test]
fn the_table_of_causes_has_every_fault_in_order() {
    for edition in Edition::ALL {
        assert!(told::names(edition).eq(fault::of(edition).map(|fault| fault.name)), "{}", edition.name());
    }
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
fn each_fault_is_named_at_its_place_and_told_by_its_cause_and_nothing_else_is() {
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
fn each_fault_of_the_site_of_2026_is_named_at_its_place_and_told_by_its_cause_and_nothing_else_is() {
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
        let (report, told, code) = demo_and_told(&args);
        assert_eq!((code, targets(&report).len()), (1, 7), "{args:?}");
        wrong.extend(misdiagnosed(Edition::Site2026, &run, &report, &told));
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
    let (report, told, code) = demo_and_told(&["--fault", fault.name]);
    compared(fault, healthy, &report, &told, code)
}

fn compared(fault: &Fault, healthy: &BTreeSet<String>, report: &Value, told: &Told, code: i32) -> Vec<String> {
    let failing = findings(report, "fail");
    let mut wrong = misdiagnosed(Edition::Site2007, &[fault], report, told);
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
    if targets(report).len() != healthy.len() {
        say(format!("{} of {} targets are reported on", targets(report).len(), healthy.len()));
    }
    wrong
}

/// What the two tests above hold a run against can fail: a report that is right for one fault is wrong for another, and
/// wrong for its own once something of it is changed.
#[test]
fn a_run_that_tells_something_else_than_was_planted_is_found() {
    let fault = fault::find("expired").unwrap();
    let (report, told, code) = demo_and_told(&["--fault", fault.name]);
    let healthy = targets(&report);
    assert_eq!(compared(fault, &healthy, &report, &told, code), Vec::<String>::new());
    let found = |fault: &Fault, report: &Value, code| compared(fault, &healthy, report, &told, code).join("\n");
    let other = found(fault::find("short-key").unwrap(), &report, 0);
    for words in ["exit code 0", "told by {", "is not told where it was planted", "does not fail at", " fails at "] {
        assert!(other.contains(words), "{words}: {other}");
    }
    let bent = |bend: fn(&mut Value)| {
        let mut report = report.clone();
        bend(&mut report);
        found(fault, &report, code)
    };
    let twice = bent(|report| {
        let diagnoses = report["diagnoses"].as_array_mut().unwrap();
        diagnoses.push(diagnoses[0].clone());
    });
    assert!(twice.contains("told twice"), "{twice}");
    let remedy = bent(|report| report["diagnoses"][0]["remedy"] = "Import the missing root.".into());
    assert!(remedy.contains("is another's"), "{remedy}");
    let elsewhere = bent(|report| report["diagnoses"][0]["places"] = serde_json::json!(["XX01/"]));
    assert!(elsewhere.contains("is not told where it was planted"), "{elsewhere}");
    let fewer = bent(|report| {
        report["endpoints"].as_array_mut().unwrap().clear();
    });
    assert!(fewer.contains("targets are reported on"), "{fewer}");
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
    // Whatever others would be allowed, keys lie in it.
    let generous = "umask 0 && exec \"$0\" \"$@\"";
    let mut site = Command::new("/bin/sh")
        .args(["-c", generous, env!("CARGO_BIN_EXE_cmprobe"), "demo", "--keep", "--quiet"])
        .env_clear()
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(site.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("The site stays up until Ctrl-C")));
    let made = || std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(made(), 1);
    let private = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().metadata().unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&private.permissions()) & 0o777, 0o700);
    let id = rustix::process::Pid::from_child(&site);
    rustix::process::kill_process(id, rustix::process::Signal::HUP).unwrap();
    assert_eq!((site.wait().unwrap().code(), made()), (Some(0), 0));
}

#[test]
fn what_a_killed_site_left_is_gone_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let mut demo = Command::new(env!("CARGO_BIN_EXE_cmprobe"));
        demo.args(["demo", "--quiet"]).env_clear().env("TMPDIR", folder.path()).stdout(Stdio::piped());
        demo
    };
    let mut site = demo().arg("--keep").spawn().unwrap();
    let mut lines = BufReader::new(site.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("The site stays up until Ctrl-C")));
    let made = || std::fs::read_dir(folder.path()).unwrap().count();
    // One that lives keeps its folder, whoever comes and goes.
    assert!(demo().output().unwrap().status.success());
    assert_eq!(made(), 1);
    site.kill().unwrap();
    site.wait().unwrap();
    assert_eq!(made(), 1);
    assert!(demo().output().unwrap().status.success());
    assert_eq!(made(), 0);
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

/// What a definition says of how clients are taken, and a management point's list denies, stands in every head.
#[test]
fn a_list_that_says_otherwise_than_the_definition_is_warned_of_in_every_head() {
    let said = "says HTTP of MP01";
    let told = |report: &Value| {
        let warnings = report["definition_warnings"].as_array().unwrap();
        warnings.iter().filter(|one| one["message"].as_str().unwrap().contains(said)).count()
    };
    assert_eq!(told(&demo(&[]).0), 0);
    let (report, text, code) = demo_and_text(&["--fault", "list-says-http"]);
    assert_eq!((told(&report), code), (1, 1), "{:#?}", report["definition_warnings"]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let head = flat.split("SYSTEM").next().unwrap();
    assert_eq!(head.matches(said).count(), 1, "{text}");
    let page = program::run(&["demo", "--fault", "list-says-http", "--format", "html", "--quiet"]).0;
    assert!(page.contains(said), "{page}");
}

/// Which Windows clients get in where: a table of the page, lines of the text told in full, objects of the JSON.
#[test]
fn who_reaches_whom_is_told_by_windows_version() {
    let of_endpoint = |report: &Value, system: &str| -> Vec<(String, Option<bool>)> {
        let endpoint = report["endpoints"].as_array().unwrap().iter().find(|one| one["system"] == system).unwrap();
        let clients = endpoint["windows_clients"].as_array().unwrap().iter();
        clients.map(|one| (one["windows"].as_str().unwrap().to_owned(), one["gets_in"].as_bool())).collect()
    };
    let fault = ["--fault", "tls12-alone"];
    let (report, _) = demo(&fault);
    let (of_mp, of_dp) = (of_endpoint(&report, "MP01"), of_endpoint(&report, "DP01"));
    assert!(of_mp.len() > 2 && of_mp.iter().all(|(_, gets_in)| *gets_in == Some(true)), "{of_mp:?}");
    let xp = "Windows XP SP3 and Server 2003";
    assert!(of_dp.contains(&(xp.into(), Some(false))), "{of_dp:?}");
    assert!(of_dp.iter().any(|(name, gets_in)| name.contains("KB 3140245") && *gets_in == Some(true)), "{of_dp:?}");
    let text = program::run(&[&["demo", "-v", "--quiet"][..], &fault].concat()).0;
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&format!("loses {xp} (by protocol: it speaks SSLv3 to TLSv1.0)")), "{text}");
    assert!(flat.contains(&format!("agrees with {xp};")), "{text}");
    let page = program::run(&[&["demo", "--format", "html", "--quiet"][..], &fault].concat()).0;
    let table =
        page.split("Table of which Windows clients reach whom").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches(xp).count(), 1, "{table}");
    let rows: Vec<&str> = table.split("<tr>").filter(|row| row.contains("<td")).collect();
    let of = |name: &str| rows.iter().find(|row| row.contains(name)).unwrap();
    assert!(of("dp01.corp.contoso.com").contains("by protocol"), "{table}");
    assert!(!of("mp01.corp.contoso.com").contains(">no"), "{table}");
}
