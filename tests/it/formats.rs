//! Every format over the small result of `testdata/reports/two-systems.json`, compared with the files beside it and read by
//! readers nobody here wrote; then what is hostile, what is empty and what is large.

mod readers;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cmprobe::report::document::{Parts, Report};
use cmprobe::report::{
    Format, Show, checkmk, csv, first, flat, html, ics, json, junit, nagios, prometheus, prtg, sarif, zabbix,
};
use proptest::prelude::*;
use serde_json::Value;

/// What every format makes of a report.
fn written(report: &Report) -> Vec<(Format, &'static str, String)> {
    vec![
        (Format::Json, "again.json", json::render(report).unwrap()),
        (Format::Html, "html", html::render(report, Show::Failures)),
        (Format::Jsonl, "flat.jsonl", flat::render(report).unwrap()),
        (Format::Junit, "junit.xml", junit::render(report)),
        (Format::Sarif, "sarif.json", sarif::render(report).unwrap()),
        (Format::Nagios, "nagios.txt", nagios::render(report)),
        (Format::Prometheus, "prom", prometheus::render(report)),
        (Format::Csv, "csv", csv::render(report, false)),
        (Format::Prtg, "prtg.xml", prtg::render(report)),
        (Format::Checkmk, "checkmk.txt", checkmk::render(report)),
        (Format::Zabbix, "zabbix.json", zabbix::render(report).unwrap()),
        (Format::Ics, "ics", ics::render(report, None)),
    ]
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports").join(name)
}

/// The small result; who reaches whom and what ends when follow from the rest.
fn two_systems() -> Report {
    let report: Report = serde_json::from_str(&fs::read_to_string(path("two-systems.json")).unwrap()).unwrap();
    put_together(report)
}

fn put_together(report: Report) -> Report {
    let Report { run, circumstances, diagnoses, endpoints, files, certificates, lists, findings, .. } = report;
    Report::of(run, Parts { circumstances, endpoints, files, certificates, lists, findings, diagnoses })
}

/// Fails with everything a reader has against what a format makes of a report.
fn all_readers_take(report: &Report) {
    let mut faults = String::new();
    for (format, _, text) in written(report) {
        let complaints = readers::complaints(format, &text);
        if !complaints.is_empty() {
            let beginning: String = text.chars().take(2_000).collect();
            writeln!(faults, "{}: {complaints}\n{beginning}", format.name()).unwrap();
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_format_says_of_the_small_result_what_is_kept_beside_it() {
    let report = two_systems();
    assert_eq!(first(&report), report.run.summary.first);
    let mut others = Vec::new();
    for (format, name, text) in written(&report).into_iter().skip(1) {
        let text = match format {
            Format::Sarif => without_rules(&text),
            Format::Html => without_rows(&text),
            _ => text,
        };
        let kept = path(&format!("two-systems.{name}"));
        if std::env::var_os("CMPROBE_UPDATE").is_some() {
            fs::write(&kept, &text).unwrap();
        }
        if fs::read_to_string(&kept).unwrap_or_default() != text {
            others
                .push(format!("{} is not what is written now; CMPROBE_UPDATE=1 rewrites it:\n{text}", kept.display()));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// A page without its style and without the rows of documents, which change with every requirement; a tag a line.
fn without_rows(text: &str) -> String {
    let (before, rest) = text.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (head, rows) = rest.split_once("<section id=\"rows\"").unwrap();
    let (_, after) = rows.split_once("</section>").unwrap();
    let (before, _) = before.split_once("<meta http-equiv").unwrap();
    format!("{before}{head}{after}").replace("><", ">\n<")
}

/// A SARIF log without the pages of requirements, which change with every word of theirs; indented, to be looked at.
fn without_rules(text: &str) -> String {
    let mut log: Value = serde_json::from_str(text).unwrap();
    let rules = log.pointer_mut("/runs/0/tool/driver/rules").unwrap().take();
    for result in log.pointer_mut("/runs/0/results").unwrap().as_array_mut().unwrap() {
        let at = result.as_object_mut().unwrap().remove("ruleIndex").unwrap();
        assert_eq!(rules[usize::try_from(at.as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
    }
    serde_json::to_string_pretty(&log).unwrap() + "\n"
}

#[test]
fn readers_nobody_here_wrote_take_every_format() {
    all_readers_take(&two_systems());
}

#[test]
fn a_run_in_which_nothing_is_wrong_is_read_too() {
    let mut report = two_systems();
    report.findings.clear();
    report.diagnoses.clear();
    report.run.summary.fail = Default::default();
    report.run.summary.unknown = 0;
    report.run.summary.exit_code = 0;
    all_readers_take(&report);
    assert_eq!(nagios::State::of(&report).code(), 0);
    assert!(
        nagios::render(&report).starts_with("CMPROBE OK - PRI: no error, no warning at 2 endpoints | errors=0;;0;0 ")
    );
    assert_eq!(csv::render(&report, false).lines().count(), 1);
    let flat = flat::render(&report).unwrap();
    assert!(flat.lines().count() == 1 && flat.contains("\"verdict\":\"pass\""), "{flat}");
    // Nothing at all: no endpoint, no file, no list.
    report.endpoints.clear();
    report.certificates.clear();
    report.lists.clear();
    all_readers_take(&put_together(report));
}

/// The small result many times over: as many endpoints, each with a certificate of its own.
fn large(endpoints: usize) -> Report {
    let mut report = two_systems();
    let (endpoint, certificate) = (report.endpoints[0].clone(), report.certificates[0].clone());
    let finding = report.findings[0].clone();
    (report.endpoints, report.findings, report.diagnoses) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..endpoints {
        let (mut endpoint, mut certificate, mut finding) = (endpoint.clone(), (*certificate).clone(), finding.clone());
        endpoint.system = format!("DP{at:05}");
        endpoint.name = format!("dp{at:05}.contoso.com");
        endpoint.id = format!("{}/management-point/{}/internet/203.0.113.10:443", endpoint.system, endpoint.name);
        certificate.fingerprint_sha256 = format!("{at:064x}");
        endpoint.received_certificate_chain[0].clone_from(&certificate.fingerprint_sha256);
        finding.endpoint.clone_from(&endpoint.id);
        finding.diagnosis = None;
        finding.message = format!("{} is not on the certificate", endpoint.name).into();
        report.endpoints.push(endpoint);
        report.certificates.push(certificate.into());
        report.findings.push(finding);
    }
    report.run.summary.fail.error = endpoints;
    put_together(report)
}

#[test]
fn a_run_of_ten_thousand_endpoints_is_written_and_read() {
    let report = large(10_000);
    all_readers_take(&report);
    let zabbix = zabbix::render(&report).unwrap();
    let read: Value = serde_json::from_str(&zabbix).unwrap();
    assert_eq!(read["endpoints"][0]["id"], "MP01", "systems instead of names: {}", &zabbix[..200]);
    let told = nagios::render(&report);
    assert!(told.len() <= 4_000 && told.contains("\n... and 99"), "{told}");
    let sarif: Value = serde_json::from_str(&sarif::render(&report).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 10_000);
    // A page to be mailed stays one: it tells what is worst, and says what it leaves out.
    let page = html::render(&report, Show::Failures);
    assert!(
        page.len() < 1_500_000 && page.contains("And 9250 findings that this page has no room for"),
        "{}",
        page.len()
    );
}

/// What a peer may put into a certificate to break whatever reads a report.
const NASTY: &str = "\"><script>|;\n=cmd'&]]>\u{202e}";

/// The small result with every string that a peer or a file gives replaced.
fn hostile(text: &str) -> Report {
    let mut report = two_systems();
    let strings = || vec![text.to_owned(), text.to_owned()];
    for certificate in &mut report.certificates {
        let certificate = std::sync::Arc::make_mut(certificate);
        certificate.subject = Some(text.to_owned());
        certificate.issuer = Some(text.to_owned());
        certificate.serial = Some(text.to_owned());
        certificate.subject_alternative_names = Some(strings());
        certificate.signature_algorithm = Some(text.to_owned());
        certificate.crl_distribution_points = Some(strings());
    }
    for finding in &mut report.findings {
        finding.message = text.to_owned().into();
        finding.expected = strings();
        finding.observed = strings();
        finding.cause = Some(text.to_owned());
        if let Some(culprit) = &mut finding.culprit {
            culprit.name = text.to_owned();
            culprit.fingerprint_sha256 = None;
        }
        if let Some(unknown) = &mut finding.unknown {
            unknown.why = text.to_owned();
            unknown.decided_by = text.to_owned();
        }
    }
    for diagnosis in &mut report.diagnoses {
        diagnosis.title = text.to_owned();
        diagnosis.words = text.to_owned();
        diagnosis.expected = strings();
        diagnosis.observed = strings();
        diagnosis.culprit.name = text.to_owned();
    }
    for endpoint in &mut report.endpoints {
        endpoint.server_name = Some(text.to_owned());
        endpoint.cipher = Some(text.to_owned());
    }
    for list in &mut report.lists {
        list.url = text.to_owned();
        list.issuer = Some(text.to_owned());
    }
    report.circumstances.probe_host = Some(text.to_owned());
    put_together(report)
}

/// The same, and every name the user gave too: a definition may hold what it likes.
fn hostile_everywhere(text: &str) -> Report {
    let mut report = hostile(text);
    report.run.site.code = Some(text.to_owned());
    report.run.site.name = text.to_owned();
    if let Some(definition) = &mut report.circumstances.definition {
        definition.path = text.to_owned();
        for table in &mut definition.tables {
            table.name = format!("{} {text}", table.name);
            table.reason = table.reason.as_ref().map(|_| text.to_owned());
            table.leads_to.push(text.to_owned());
        }
    }
    for endpoint in &mut report.endpoints {
        let old = endpoint.id.clone();
        endpoint.id = format!("{text}/{old}");
        endpoint.system = format!("{} {text}", endpoint.system);
        endpoint.name = format!("{} {text}", endpoint.name);
        endpoint.vantage = format!("{} {text}", endpoint.vantage);
        for finding in report.findings.iter_mut().filter(|finding| finding.endpoint == old) {
            finding.endpoint.clone_from(&endpoint.id);
        }
    }
    for list in &mut report.lists {
        list.vantage = text.to_owned();
    }
    put_together(report)
}

#[test]
fn a_certificate_made_to_break_readers_breaks_none() {
    for report in [hostile(NASTY), hostile_everywhere(NASTY)] {
        all_readers_take(&report);
        for (format, _, text) in written(&report) {
            let acts =
                |c: char| c.is_control() && c != '\n' && !(c == '\r' && matches!(format, Format::Csv | Format::Ics));
            assert!(!text.contains(acts) && !text.contains('\u{202e}'), "{}: {text}", format.name());
        }
    }
    // No peer can make a series or a service: those are what they were.
    let names = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(names(&prometheus::render(&hostile(NASTY))), names(&prometheus::render(&two_systems())));
    assert_eq!(checkmk::render(&hostile(NASTY)).lines().count(), checkmk::render(&two_systems()).lines().count());
}

/// The elements a page is made of.
const TAGS: &str = "a article b body caption circle cite code dd desc details div dl dt footer h1 h2 h3 head header html li main \
                    nav ol p path rect section span strong summary svg table tbody td text th thead time title tr tspan ul";

/// What formats and readers act upon.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "<",
    ">",
    "&",
    "]]>",
    "|",
    ";",
    ",",
    "\\",
    "\n",
    "\r",
    "\t",
    "=",
    "+",
    "-",
    "@",
    "\u{202e}",
    "\u{2028}",
    "\u{0}",
    "\u{ffff}",
    "\u{fffe}",
    "\u{85}",
    "%",
    "{",
    "}",
    "a",
    "\u{e9}",
    "\u{1f600}",
    " ",
    "\\n",
    "`",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever strings come from elsewhere, every format stays what it is.
    #[test]
    fn no_string_breaks_a_format(
        text in prop_oneof![
            any::<String>(),
            proptest::collection::vec(
                                proptest::sample::select(PIECES),
                0..24,
            ).prop_map(|parts| parts.concat()),
        ]
    ) {
        for report in [hostile(&text), hostile_everywhere(&text)] {
            for (format, _, text) in written(&report) {
                match format {
                    Format::Junit | Format::Prtg => {
                        prop_assert!(roxmltree::Document::parse(&text).is_ok(), "{}", text);
                    }
                    Format::Json | Format::Sarif | Format::Zabbix => {
                        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
                    }
                    Format::Jsonl => {
                        for line in text.lines() {
                            prop_assert!(serde_json::from_str::<Value>(line).is_ok());
                        }
                        // The last sums the run up.
                        prop_assert_eq!(text.lines().count(), report.findings.len() + 1);
                    }
                    Format::Csv => {
                        let mut reader = ::csv::ReaderBuilder::new().from_reader(text.as_bytes());
                        prop_assert_eq!(reader.records().filter(Result::is_ok).count(), report.findings.len());
                    }
                    Format::Nagios => {
                        prop_assert!(text.is_ascii() && text.len() <= 4_000);
                        prop_assert_eq!(text.matches('|').count(), 1);
                        prop_assert!(text.lines().next().is_some_and(|line| line.len() <= 1_000));
                    }
                    Format::Checkmk => prop_assert_eq!(readers::complaints(format, &text), ""),
                    Format::Prometheus => {
                        prop_assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("cmprobe_")));
                    }
                    Format::Ics => {
                        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])));
                    }
                    Format::Html => {
                        // Every tag is one of ours, whatever the text.
                        let (_, shown) = text.split_once("</style>").unwrap();
                        for tag in shown.split('<').skip(1) {
                            let tag = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
                            prop_assert!(TAGS.split(' ').any(|known| known == tag), "{}", tag);
                        }
                    }
                    Format::Text => {}
                }
            }
        }
    }
}
