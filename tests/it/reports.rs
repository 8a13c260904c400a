//! Every format over the example in `testdata/reports`, compared with the files beside it. `CMPROBE_UPDATE=1` rewrites
//! them; look at the difference before it is kept.

use std::fs;
use std::path::{Path, PathBuf};

use cmprobe::judgement::tally::FailCounts;
use cmprobe::report::diagnosis::{ConsequencesReport, CulpritReport, CulpritWord, DiagnosisReport};
use cmprobe::report::document::Report;
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::jsonl::{EndpointLine, FindingsLine, Line, SummaryLine};
use cmprobe::report::text::TextOptions;
use cmprobe::report::{json, jsonl, schema, text};
use cmprobe::verdict::severity::Severity;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports").join(name)
}

fn example() -> Report {
    serde_json::from_str(&fs::read_to_string(path("example.json")).unwrap()).unwrap()
}

/// Compares with a file, or writes it.
fn golden(name: &str, text: &str) {
    if std::env::var_os("CMPROBE_UPDATE").is_some() {
        fs::write(path(name), text).unwrap();
    }
    let kept = fs::read_to_string(path(name)).unwrap_or_default();
    assert!(kept == text, "{name} is not what is written now; CMPROBE_UPDATE=1 rewrites it:\n{text}");
}

fn lines(report: &Report) -> String {
    let certificates = report.certificates.iter().cloned().map(Line::Certificate);
    let mut written: String = certificates.map(|line| jsonl::render(&line).unwrap()).collect();
    let mut left = report.findings.clone();
    for endpoint in &report.endpoints {
        let (findings, others) = left.into_iter().partition(|finding| finding.endpoint == endpoint.id);
        left = others;
        let line =
            Line::Endpoint(Box::new(EndpointLine { endpoint: endpoint.clone(), findings, diagnoses: Vec::new() }));
        written += &jsonl::render(&line).unwrap();
    }
    for finding in left {
        let line = Line::Findings(FindingsLine { id: finding.endpoint.clone(), findings: vec![finding] });
        written += &jsonl::render(&line).unwrap();
    }
    let (run, circumstances) = (report.run.clone(), report.circumstances.clone());
    written + &jsonl::render(&Line::Summary(Box::new(SummaryLine { run, circumstances }))).unwrap()
}

#[test]
fn every_format_says_what_it_said() {
    let report = example();
    golden("example.json", &json::render(&report).unwrap());
    golden("example.jsonl", &lines(&report));
    golden("example.txt", &text::render(&report, TextOptions::default()));
    golden("example-all.txt", &text::render(&report, TextOptions { all: true, ..TextOptions::default() }));
    golden("example-verbose.txt", &text::render(&report, TextOptions { verbose: true, ..TextOptions::default() }));
    golden("example-color.txt", &text::render(&report, TextOptions { color: true, ..TextOptions::default() }));
}

#[test]
fn what_several_lines_tell_of_one_diagnosis_is_one_when_they_are_read() {
    let report = example();
    let culprit =
        CulpritReport { kind: CulpritWord::Url, name: "http://pki.contoso.com/a.crl".into(), fingerprint_sha256: None };
    let id = DiagnosisReport::id("list-unreachable", &culprit);
    let at = |endpoint: &EndpointReport| DiagnosisReport {
        id: id.clone(),
        cause: "list-unreachable".into(),
        culprit: culprit.clone(),
        severity: Severity::Error,
        title: String::new(),
        words: "nobody answers".into(),
        expected: Vec::new(),
        observed: Vec::new(),
        remedy: "start it".into(),
        symptom: Vec::new(),
        requirements: vec!["web-server/crl-reachable".into()],
        places: vec![endpoint.id.clone()],
        place_count: 1,
        systems: 0,
        findings: 2,
        consequences: ConsequencesReport { fail: FailCounts { warning: 1, ..FailCounts::default() }, unknown: 3 },
        first_end: None,
        last_end: None,
        waived: None,
        follows: None,
    };
    let endpoints: Vec<EndpointReport> = report.endpoints.iter().take(2).cloned().collect();
    let of = |endpoint: &EndpointReport| {
        let line = EndpointLine::of(endpoint.clone(), Vec::new(), vec![at(endpoint)]);
        jsonl::render(&Line::Endpoint(Box::new(line))).unwrap()
    };
    let (run, circumstances) = (report.run.clone(), report.circumstances.clone());
    let summary = jsonl::render(&Line::Summary(Box::new(SummaryLine { run, circumstances }))).unwrap();
    for endpoints in [&endpoints[..1], &endpoints[..]] {
        let text = endpoints.iter().map(of).collect::<String>() + &summary;
        let read = Report::read(text.as_bytes()).unwrap();
        let [one] = read.diagnoses.as_slice() else { panic!("{} diagnoses", read.diagnoses.len()) };
        let ids: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
        assert_eq!((one.id.as_str(), one.place_count), (id.as_str(), ids.len()));
        assert_eq!(one.places, ids);
        let counts = (one.findings, one.consequences.fail.warning, one.consequences.unknown);
        assert_eq!(counts, (2 * ids.len(), ids.len(), 3 * ids.len()));
    }
}

#[test]
fn the_document_and_each_line_validate_against_the_published_schema() {
    let schema = serde_json::to_value(schema::schema()).unwrap();
    let of_report = jsonschema::validator_for(&schema).unwrap();
    let report = example();
    let value = serde_json::to_value(&report).unwrap();
    let faults: Vec<String> = of_report.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    let of_line = jsonschema::validator_for(&line_schema(&schema)).unwrap();
    for line in lines(&report).lines() {
        let value = serde_json::from_str(line).unwrap();
        let faults: Vec<String> = of_line.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{line}\n{}", faults.join("\n"));
    }
}

/// The schema of a line: `#/$defs/Line` of the report's.
fn line_schema(schema: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({ "$ref": "#/$defs/Line", "$defs": schema["$defs"] })
}

#[test]
fn a_document_without_a_promised_field_is_refused_by_the_schema() {
    let schema = serde_json::to_value(schema::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let whole = serde_json::to_value(example()).unwrap();
    for (pointer, field) in [
        ("", "schema_version"),
        ("", "summary"),
        ("/endpoints/0", "failure"),
        ("/endpoints/0", "client_certificate_request"),
        ("/certificates/0", "extended_key_usage"),
        ("/findings/0", "waived"),
        ("/findings/0", "unknown"),
    ] {
        let mut cut = whole.clone();
        cut.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(field).unwrap();
        assert!(!validator.is_valid(&cut), "{pointer}/{field} may be left out");
    }
}

#[test]
fn jsonl_cut_anywhere_leaves_valid_lines() {
    let written = lines(&example());
    for cut in (0..written.len()).step_by(97).filter(|at| written.is_char_boundary(*at)) {
        let whole = &written[..written[..cut].rfind('\n').map_or(0, |at| at + 1)];
        for line in whole.lines() {
            serde_json::from_str::<Line>(line).unwrap();
        }
    }
}

#[test]
fn text_fits_80_columns_and_sends_the_terminal_nothing_but_our_colours() {
    let report = example();
    for verbose in [false, true] {
        let plain = text::render(&report, TextOptions { verbose, ..TextOptions::default() });
        for line in plain.lines() {
            let stands_alone = !line.trim().contains(' ');
            assert!(stands_alone || line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        let colored = text::render(&report, TextOptions { verbose, color: true, ..TextOptions::default() });
        let bare = without_colours(&colored);
        assert_eq!(bare, plain);
    }
}

/// Takes out `ESC [ … m` sequences and nothing else.
fn without_colours(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        let (numbers, after) = after.split_once('m').unwrap();
        assert!(numbers.chars().all(|c| c.is_ascii_digit() || c == ';'), "{numbers:?}");
        rest = after;
    }
    bare + rest
}

#[test]
fn endpoints_that_fit_stand_in_columns_under_headings() {
    let mut report = example();
    report.endpoints.retain(|endpoint| matches!(endpoint.system.as_str(), "SUP01" | "ISA01"));
    report.findings.clear();
    let text = text::render(&report, TextOptions::default());
    let table = [
        "",
        "     SYSTEM  ROLE   FROM      NAME               SESSION        UNTIL",
        "pass SUP01   sup    internet  sup.contoso.com    resolve-error",
        "pass ISA01   proxy  internet  proxy.contoso.com  TLSv1.3        2025-01-01",
        "",
    ];
    assert!(text.contains(&table.join("\n")), "{text}");
    // A wider terminal has room for addresses too.
    let wide = text::render(&report, TextOptions { width: 100, ..TextOptions::default() });
    assert!(wide.contains("  198.51.100.7:443  TLSv1.3        2025-01-01\n"), "{wide}");
}
