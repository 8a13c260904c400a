//! Where reports go: nothing that is read is overwritten, an old report stays until the new one is whole, and a full disk or a
//! reader who leaves changes no verdict.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use cmprobe::report::document::Report;
use cmprobe::report::finding::FindingReport;
use cmprobe::report::jsonl::Line;
use serde_json::Value;

use crate::program::{cmprobe, run};
use crate::secrets::FORMATS;
use crate::small_site::{AT, SmallSite};

/// Handshakes only, judged when the lab's certificates are valid.
const FLAGS: [&str; 4] = ["--no-http", "--no-stranger", "--at", AT];

fn check(site: &SmallSite, more: &[&str]) -> (String, String, i32) {
    run(&[&["check", &site.arg("site.toml")], FLAGS.as_slice(), more].concat())
}

/// A site whose certificate is for no server.
fn failing() -> SmallSite {
    SmallSite::with(|recipe| recipe.no_eku())
}

#[test]
fn what_is_read_is_never_overwritten() {
    let site = failing();
    assert_eq!(
        check(&site, &["-q", "-f", "json", "-o", &site.arg("before.json"), "--save", &site.arg("seen.jsonl")]).2,
        1
    );
    let link = site.arg("again.toml");
    std::os::unix::fs::symlink(site.path("site.toml"), &link).unwrap();
    let (definition, root, before) = (site.arg("site.toml"), site.arg("root.cer"), site.arg("before.json"));
    let (seen, listed) = (site.arg("seen.jsonl"), site.write("list.txt", "mp=127.0.0.1:1\n"));
    let parent = format!("{}/../{}/site.toml", site.arg(""), site.path("").file_name().unwrap().to_string_lossy());
    let json_to_root = format!("json={root}");
    let runs: [&[&str]; 10] = [
        &["check", &definition, "-o", &definition],
        &["check", &definition, "--save", &definition],
        &["check", &definition, "-o", &link],
        &["check", &definition, "-o", &parent],
        &["check", &definition, "--report", &json_to_root],
        &["check", &definition, "--baseline", &before, "-f", "json", "-o", &before],
        &["check", "--list", &listed, "-o", &listed],
        &["assess", &definition, &seen, "-o", &seen],
        &["inspect", "--as", "root", &root, "-o", &root],
        &["diff", &before, &before, "-o", &before],
    ];
    let contents = || {
        ["site.toml", "root.cer", "before.json", "seen.jsonl", "list.txt"]
            .map(|name| fs::read(site.path(name)).unwrap())
    };
    let were = contents();
    for args in runs {
        let (out, complaints, code) = run(args);
        assert_eq!((out.as_str(), code), ("", 2), "{args:?}: {complaints}");
        assert!(complaints.contains("would be overwritten"), "{args:?}: {complaints}");
        assert_eq!(contents(), were, "{args:?}");
    }
}

#[test]
fn two_outputs_are_never_one() {
    let site = failing();
    let goal = site.arg("report");
    for more in [
        vec!["-o", &goal, "--report", &format!("json={goal}")],
        vec!["-o", &goal, "--save", &goal],
        vec!["--report", "json=-"],
        vec!["-f", "json", "--report", "csv=-"],
    ] {
        let (out, complaints, code) = check(&site, &more);
        assert_eq!((out.as_str(), code), ("", 2), "{more:?}: {complaints}");
        assert!(!site.path("report").exists(), "{more:?}");
    }
    // A device takes what it is given.
    assert_eq!(check(&site, &["-q", "-o", "/dev/null", "--report", "json=/dev/null"]).2, 1);
    for (flag, format) in [(vec!["--flat"], "jsonl"), (vec!["--bom"], "csv"), (vec!["--within", "90d"], "ics")] {
        let (_, complaints, code) = check(&site, &flag);
        assert_eq!(code, 2, "{flag:?}");
        assert!(complaints.contains(format), "{complaints}");
    }
}

#[test]
fn an_old_report_stays_until_the_new_one_is_whole_and_keeps_its_rights() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let site = failing();
    let goal = site.write("report.json", "old");
    fs::set_permissions(&goal, fs::Permissions::from_mode(0o640)).unwrap();
    let node = fs::metadata(&goal).unwrap().ino();
    // Nothing was probed, nothing was written.
    assert_eq!(check(&site, &["-f", "json", "-o", &goal, "--only", "nobody"]).2, 2);
    assert_eq!(site.read("report.json"), "old");
    assert_eq!(check(&site, &["-q", "-f", "json", "-o", &goal]).2, 1);
    let metadata = fs::metadata(&goal).unwrap();
    assert!(metadata.ino() != node, "put in the place of the old one");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
    serde_json::from_str::<Report>(&site.read("report.json")).unwrap();
    let left: Vec<_> = fs::read_dir(site.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".part")), "{left:?}");
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_verdict() {
    let site = failing();
    for more in [
        vec!["-f", "json", "-o", "/dev/full"],
        vec!["-f", "jsonl", "-o", "/dev/full"],
        vec!["-o", "/dev/null", "--report", "junit=/dev/full"],
        vec!["-o", "/dev/null", "--save", "/dev/full"],
    ] {
        let (_, complaints, code) = check(&site, &more);
        assert_eq!(code, 5, "{more:?}: {complaints}");
        for words in ["cannot be written", "the verdict stands: something failed (exit code 1)"] {
            assert!(complaints.contains(words), "{more:?}: {complaints}");
        }
    }
    let good = site.arg("good.csv");
    let (_, _, code) = check(&site, &["-f", "json", "-o", "/dev/full", "--report", &format!("csv={good}")]);
    assert_eq!(code, 5);
    assert!(site.read("good.csv").lines().count() > 1, "the others are written");
    // The folder is not there: nothing is probed.
    assert_eq!(check(&site, &["-o", &site.arg("nowhere/report.txt")]).2, 2);
}

/// The limit is told as a full disk is: nothing kills the program, and no half of a file is left.
#[test]
fn a_limit_on_the_size_of_files_leaves_the_verdict() {
    let site = failing();
    let definition = site.arg("site.toml");
    let program = env!("CARGO_BIN_EXE_cmprobe");
    let limited = |blocks: &str, more: &[&str]| {
        let output = Command::new("sh")
            .args(["-c", "ulimit -f $0; exec \"$@\"", blocks, program, "check", &definition, "-q"])
            .args(FLAGS)
            .args(more)
            .output()
            .unwrap();
        (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
    };
    let (whole, lines) = (site.arg("whole.json"), site.arg("lines.jsonl"));
    for more in [["-f", "json", "-o", &whole], ["-o", "/dev/null", "--save", &lines]] {
        let (complaints, code) = limited("1", &more);
        assert_eq!(code, Some(5), "{more:?}: {complaints}");
        for words in ["cannot be written: File too large", "the verdict stands: something failed (exit code 1)"] {
            assert!(complaints.contains(words), "{more:?}: {complaints}");
        }
        // Of what goes out in lines, whole ones stay.
        let written = fs::read_to_string(&lines).unwrap_or_default();
        let is_whole = written.lines().all(|line| serde_json::from_str::<Value>(line).is_ok());
        assert!(is_whole && (written.is_empty() || written.ends_with('\n')), "{more:?}: {written}");
        let (complaints, code) = limited("unlimited", &more);
        assert_eq!(code, Some(1), "{more:?}: {complaints}");
    }
    let left: Vec<_> = fs::read_dir(site.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".part")), "{left:?}");
}

/// Help is no run; that nobody could read it is said all the same.
#[test]
fn help_that_cannot_be_written_is_no_success() {
    let asked = |out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmprobe"));
        command.args(["check", "--help"]).stdout(out).stderr(Stdio::piped()).spawn().unwrap()
    };
    let full = asked(fs::File::create("/dev/full").unwrap().into()).wait_with_output().unwrap();
    assert_eq!(full.status.code(), Some(2), "{}", String::from_utf8_lossy(&full.stderr));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(asked(writer.into()).wait_with_output().unwrap().status.code(), Some(141));
}

/// A run whose reader leaves after so many lines: what it gave, what was complained of, its code.
fn left_by_its_reader(site: &SmallSite, format: &str, lines: usize) -> (Vec<String>, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args([&["check", &site.arg("site.toml"), "-f", format], FLAGS.as_slice()].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let read: Vec<String> = BufReader::new(out).lines().take(lines).map_while(Result::ok).collect();
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    (read, complaints, child.wait().unwrap().code())
}

#[test]
fn a_reader_who_leaves_changes_no_verdict() {
    let (bad, good) = (failing(), SmallSite::with(|recipe| recipe));
    let whole = check(&good, &["-q"]).2;
    assert_ne!(whole, 1);
    for format in ["text", "json", "jsonl"] {
        for lines in [0, 1] {
            let (_, complaints, code) = left_by_its_reader(&bad, format, lines);
            assert_eq!((code, complaints.as_str()), (Some(1), ""), "{format}");
            assert_eq!(left_by_its_reader(&good, format, lines).2, Some(whole), "{format}");
        }
    }
}

#[test]
fn a_monitoring_system_gets_its_own_exit_codes_and_words() {
    let (bad, good) = (failing(), SmallSite::with(|recipe| recipe));
    let (out, _, code) = check(&bad, &["-f", "nagios"]);
    assert_eq!(code, 2, "{out}");
    assert!(out.starts_with("CMPROBE CRITICAL - PRI: ") && out.contains(" | errors="), "{out}");
    // As a further report it changes nothing.
    assert_eq!(check(&bad, &["-q", "--report", "nagios=/dev/null"]).2, 1);
    let (out, _, code) = check(&good, &["-f", "nagios"]);
    assert_eq!(
        (code, out.split(" - ").next()),
        (0, Some("CMPROBE OK")),
        "what --no-http leaves out is no question of this run: {out}"
    );
    for args in [
        vec!["check", "nowhere.toml", "-f", "nagios"],
        vec!["check", "nowhere.toml", "-fnagios"],
        vec!["check", "--format=nagios", "--no-such-flag"],
        vec!["check", "--format", "nagios", "--warn-days", "soon", "mp=127.0.0.1"],
        vec!["check", "-f", "nagios"],
    ] {
        let (out, _, code) = run(&args);
        assert_eq!(code, 3, "{args:?}: {out}");
        assert!(out.starts_with("CMPROBE UNKNOWN - ") && out.lines().count() == 1, "{args:?}: {out}");
    }
    let (out, _, code) = run(&["check", "nowhere.toml", "-f", "prtg"]);
    assert_eq!(code, 2);
    assert!(out.contains("<error>1</error>") && out.contains("nowhere.toml"), "{out}");
    assert_eq!(run(&["check", "--help", "-f", "nagios"]).2, 0);
}

#[test]
fn every_format_is_written_in_one_run_and_assess_writes_the_same() {
    let site = failing();
    let formats = FORMATS;
    let reports = |run: &str| -> Vec<String> {
        formats
            .iter()
            .flat_map(|format| ["--report".into(), format!("{format}={}", site.arg(&format!("{run}.{format}")))])
            .collect()
    };
    let (of_check, of_assess) = (reports("check"), reports("assess"));
    let seen = site.arg("seen.jsonl");
    let mut args = vec!["check", "-q", "-o", "/dev/null", "--save", &seen];
    let definition = site.arg("site.toml");
    args.push(&definition);
    args.extend(FLAGS);
    args.extend(of_check.iter().map(String::as_str));
    assert_eq!(run(&args).2, 1);
    let mut args = vec!["assess", "-q", "-o", "/dev/null", &definition, &seen, "--at", AT];
    args.extend(of_assess.iter().map(String::as_str));
    assert_eq!(run(&args).2, 1);
    for format in formats {
        let (written, again) = (site.read(&format!("check.{format}")), site.read(&format!("assess.{format}")));
        assert!(!written.is_empty(), "{format}");
        assert_eq!(written, again, "{format}");
    }
    // JUnit tells what is met too, and leaves the others' lists alone.
    let report: Report = serde_json::from_str(&site.read("check.json")).unwrap();
    assert!(report.findings.iter().all(|finding| finding.verdict.name() != "pass"));
    let passes = report.run.summary.pass;
    let junit = site.read("check.junit");
    assert!(junit.matches("<testcase ").count() >= passes + report.findings.len(), "{passes}: {junit}");
}

/// What was seen is judged as it stands in the files: whichever is named first, the site is the same.
#[test]
fn files_in_whatever_order_are_one_report() {
    let site = failing();
    for vantage in ["intranet", "internet"] {
        let seen = site.arg(&format!("{vantage}.jsonl"));
        assert_eq!(check(&site, &["-q", "-o", "/dev/null", "--vantage", vantage, "--save", &seen]).2, 1);
    }
    let (definition, inside, outside) = (site.arg("site.toml"), site.arg("intranet.jsonl"), site.arg("internet.jsonl"));
    // Lines go out as they come.
    for format in FORMATS.into_iter().filter(|format| *format != "jsonl") {
        let assess = |one: &str, other: &str| {
            let (out, complaints, _) = run(&["assess", &definition, one, other, "--at", AT, "-f", format]);
            assert!(!out.is_empty(), "{format}: {complaints}");
            out
        };
        assert_eq!(assess(&inside, &outside), assess(&outside, &inside), "{format}");
    }
}

#[test]
fn lines_tell_each_certificate_once_before_it_is_shown() {
    let site = failing();
    let (out, _, _) = check(&site, &["-f", "jsonl"]);
    let lines: Vec<Line> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut known = std::collections::BTreeSet::new();
    for line in &lines {
        match line {
            Line::Certificate(certificate) => {
                assert!(known.insert(certificate.fingerprint_sha256.clone()), "told twice");
            }
            Line::Endpoint(line) => {
                let shown = &line.endpoint.received_certificate_chain;
                assert!(
                    !shown.is_empty() && shown.iter().all(|print| known.contains(print)),
                    "shown before it is told"
                );
            }
            _ => {}
        }
    }
    assert!(known.len() >= 3, "leaf, issuer, and the root that was declared");
}

#[test]
fn lines_read_back_are_the_document() {
    let site = SmallSite::with(|recipe| recipe);
    let closed = cmprobe::lab::peer::ClosedPort::take((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let refused = site.write("refused.toml", site.definition(closed.address().port(), "root.cer"));
    let look = |format: &str| {
        let (out, complaints, code) =
            run(&[&["check", &refused, "-f", format, "--vantage", "intranet"], FLAGS.as_slice()].concat());
        assert_eq!((complaints.as_str(), code), ("", 1));
        out
    };
    let (lines, document) = (look("jsonl"), look("json"));
    let own = lines.lines().find(|line| line.contains("\"diagnoses\":[")).expect("a line has a diagnosis of its own");
    assert!(own.starts_with("{\"type\":\"endpoint\""), "{own}");
    let (lines, document) = (Report::read(lines.as_bytes()).unwrap(), Report::read(document.as_bytes()).unwrap());
    let findings = |report: &Report| {
        let sorted: BTreeMap<_, _> = report
            .findings
            .iter()
            .map(|one| FindingReport { cause: None, ..one.clone() })
            .map(|one| ((one.endpoint.clone(), one.requirement.clone()), serde_json::to_value(&one).unwrap()))
            .collect();
        sorted
    };
    // Of the cause, lines have the sentence it has everywhere.
    assert_eq!(findings(&lines), findings(&document));
    let diagnoses = |report: &Report| {
        let sorted: BTreeMap<_, _> = report.diagnoses.iter().map(|one| (one.id.clone(), one.clone())).collect();
        sorted
    };
    assert_eq!(diagnoses(&lines), diagnoses(&document));
}

#[test]
fn nothing_that_acts_on_a_terminal_stands_in_json() {
    let site = SmallSite::with(|recipe| recipe.cn("evil\u{202e}\u{85}\u{2028}name"));
    for format in ["json", "jsonl"] {
        let output =
            cmprobe(&[&["check", &site.arg("site.toml"), "-f", format], FLAGS.as_slice()].concat()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("evil\\u202e\\u0085\\u2028name"), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{85}', '\u{2028}']));
    }
}

#[test]
fn sarif_stands_at_the_line_of_the_definition_or_of_the_list() {
    let site = failing();
    let port = site.address().port();
    let pin = format!("mp.contoso.com:{port}:127.0.0.1");
    let list = site.write("list.txt", format!("# ours\r\n\r\n  mp=mp.contoso.com:{port}  # the one\r\n"));
    let (root, definition) = (site.arg("root.cer"), site.arg("site.toml"));
    let heading = site.read("site.toml").lines().position(|line| line == "[[system]]").unwrap() + 1;
    let of_list = ["--list", &list, "--resolve", &pin, "--ca-file", &root];
    let entry = format!("mp=mp.contoso.com:{port}").len();
    for (what, name, line, columns) in
        [(vec![definition.as_str()], "site.toml", heading, (1, 11)), (of_list.to_vec(), "list.txt", 3, (3, 3 + entry))]
    {
        let (out, complaints, code) =
            run(&[&["check", "-q", "-f", "sarif"], FLAGS.as_slice(), what.as_slice()].concat());
        assert_eq!(code, 1, "{complaints}");
        let log: Value = serde_json::from_str(&out).unwrap();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert!(!results.is_empty());
        for result in results {
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], name, "{result}");
            let region = &place["region"];
            let here = [&region["startLine"], &region["endLine"], &region["startColumn"], &region["endColumn"]];
            let right = [line, line, columns.0, columns.1];
            assert!(here.iter().zip(right).all(|(here, right)| **here == right), "{result}");
        }
        let folder = run["invocations"][0]["workingDirectory"]["uri"].as_str().unwrap();
        assert!(folder.starts_with("file:///") && folder.ends_with('/'), "{folder}");
    }
    // Endpoints of the command line stand at no line.
    let (out, _, _) = run(&[
        &["check", "-q", "-f", "sarif", "--resolve", &pin, "--ca-file", &root, &format!("mp=mp.contoso.com:{port}")],
        FLAGS.as_slice(),
    ]
    .concat());
    let log: Value = serde_json::from_str(&out).unwrap();
    assert!(log["runs"][0]["results"][0]["locations"][0].get("physicalLocation").is_none());
}
