//! Whether anything in a run's reports advises to put right what only follows from something else.

use std::collections::{BTreeMap, BTreeSet};

use cmprobe::report::document::Report;
use serde_json::Value;

use super::Told;

/// Advice that leads elsewhere than to what has to be put right.
pub(super) fn misleading(report: &Value, told: &Told) -> Vec<String> {
    let mut wrong = Vec::new();
    let diagnoses: BTreeMap<&str, &Value> = report["diagnoses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|diagnosis| (diagnosis["id"].as_str().unwrap(), diagnosis))
        .collect();
    let remedy = |id: &str| -> Value {
        let mut diagnosis = diagnoses[id];
        while let Some(leader) = diagnosis["follows"].as_str() {
            diagnosis = diagnoses[leader];
        }
        diagnosis["remedy"].clone()
    };
    for (id, diagnosis) in &diagnoses {
        if diagnosis["remedy"] != remedy(id) {
            wrong.push(format!("{id} ({}) follows, and has a remedy of its own: {diagnosis}", diagnosis["cause"]));
        }
    }
    // As the document has them, so the lines read back, and the rows and cases of other formats.
    let lines = Report::read(told.jsonl.as_bytes()).unwrap();
    let lines = serde_json::to_value(&lines.findings).unwrap();
    for (format, findings) in [("json", &report["findings"]), ("jsonl", &lines)] {
        for finding in findings.as_array().unwrap().iter().filter(|one| one["verdict"] == "fail") {
            let right = finding["diagnosis"].as_str().map(remedy);
            if right.is_none_or(|right| right != finding["remedy"]) {
                wrong.push(format!("{format}: another remedy than its diagnosis': {finding}"));
            }
        }
    }
    // A line goes out before everything was seen: it leaves the remedy to the diagnosis.
    for line in told.jsonl.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let findings = line["findings"].as_array().into_iter().flatten();
        let early = findings.filter(|one| !one["remedy"].is_null() && !one["diagnosis"].is_null());
        wrong.extend(early.map(|finding| format!("jsonl: a remedy before everything was seen: {finding}")));
    }
    let remedies: BTreeSet<String> = diagnoses.values().map(|one| one["remedy"].as_str().unwrap().to_owned()).collect();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |xml: &str| {
        let pairs = [("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        pairs.into_iter().fold(xml.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let of_cases = told.junit.lines().filter_map(|line| Some(plain(line.split("remedy: ").nth(1)?)));
    let mut rows = csv::Reader::from_reader(told.csv.as_bytes());
    let column = rows.headers().unwrap().iter().position(|name| name == "remedy").unwrap();
    let of_rows = rows.records().map(|row| row.unwrap()[column].to_owned()).filter(|remedy| !remedy.is_empty());
    for (format, remedy) in of_rows.map(|one| ("csv", one)).chain(of_cases.map(|one| ("junit", one))) {
        if !remedies.iter().any(|right| flat(right).starts_with(flat(&remedy).trim_end_matches('\u{2026}'))) {
            wrong.push(format!("{format}: no diagnosis has this remedy: {remedy}"));
        }
    }
    wrong
}

#[test]
fn advice_that_leads_elsewhere_is_found() {
    let (report, told, _) = super::demo_and_told(&["--fault", "inspected-outside"]);
    assert_eq!(misleading(&report, &told), Vec::<String>::new());
    let follows = |report: &Value| {
        let diagnoses = report["diagnoses"].as_array().unwrap();
        diagnoses.iter().position(|one| !one["follows"].is_null()).expect("something follows from an interception")
    };
    let mut bent = report.clone();
    bent["diagnoses"][follows(&report)]["remedy"] = "Declare its root.".into();
    let found = misleading(&bent, &told).join("\n");
    assert!(found.contains("follows, and has a remedy of its own"), "{found}");
    let mut bent = report.clone();
    let fails = bent["findings"].as_array().unwrap().iter().position(|one| one["verdict"] == "fail").unwrap();
    bent["findings"][fails]["remedy"] = "Declare its root.".into();
    let found = misleading(&bent, &told).join("\n");
    assert!(found.contains("json: another remedy than its diagnosis'"), "{found}");
}
