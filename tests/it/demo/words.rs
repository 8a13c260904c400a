//! Whether the words of a run's reports agree with its counts, and its formats with each other.

use cmprobe::wire::counted::counted;
use serde_json::Value;

use super::Told;

/// Where words and counts differ.
pub(super) fn disagreeing(report: &Value, told: &Told) -> Vec<String> {
    let mut wrong = Vec::new();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let diagnoses = report["diagnoses"].as_array().unwrap();
    let reasons = count(diagnoses, report);
    for (format, words) in [("text", flat(&told.text)), ("html", flat(&told.html))] {
        let said = format!("for {reasons} reason{}", if reasons == 1 { "" } else { "s" });
        if !words.contains(&said) || words.contains(&format!("{said}s")) {
            wrong.push(format!("the {format} does not say \u{201c}{said}\u{201d}: {words}"));
        }
    }
    let lines: Vec<Value> = told.jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whole = lines.iter().filter(|line| line["type"] == "diagnosis").cloned();
    let own = lines.iter().filter_map(|line| line["diagnoses"].as_array()).flatten().cloned();
    let in_lines: Vec<Value> = whole.chain(own).collect();
    if count(&in_lines, report) != reasons {
        wrong.push(format!("jsonl has {} reasons, not {reasons}: {in_lines:#?}", count(&in_lines, report)));
    }
    let open = report["findings"].as_array().unwrap().iter();
    let open = open.filter(|one| one["verdict"] == "unknown" && one["diagnosis"].is_null());
    for finding in open {
        wrong.push(format!("{} is not decided at {} for no diagnosis", finding["requirement"], finding["endpoint"]));
    }
    wrong.extend(misnumbered(&flat(&told.text)));
    wrong
}

/// How many diagnoses stand by themselves and weigh enough for the run to fail.
fn count(diagnoses: &[Value], report: &Value) -> usize {
    let rank = |severity: &Value| ["notice", "warning", "error"].iter().position(|name| severity == name);
    let bar = rank(&report["summary"]["fail_on"]);
    let stands = |one: &&Value| one["follows"].is_null() && one["waived"].is_null() && rank(&one["severity"]) >= bar;
    diagnoses.iter().filter(stands).count()
}

/// What is counted in reports.
const NOUNS: &str = "address authority certificate diagnosis directory endpoint file handshake host list name node octet \
                     place reason request requirement row server setting system time vantage URL";

/// What stands before a description as its label, too.
const SEVERITIES: &str = "error warning notice";

/// Numbers whose nouns or verbs do not agree with them.
fn misnumbered(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |at: usize| words.get(at).map_or("", |word| word.trim_matches([',', ';', ':', '.', ')', '(']));
    let mut wrong = Vec::new();
    for (at, number) in words.iter().enumerate().filter_map(|(at, word)| Some((at, word.parse::<usize>().ok()?))) {
        let noun = at + 1 + usize::from(["more", "other"].contains(&bare(at + 1)));
        let form = |of: &str, count: usize| bare(noun) == counted(count, of).split_once(' ').unwrap().1;
        let (is_one, several) = (number == 1, if number == 1 { 2 } else { 1 });
        let counts = NOUNS.split_whitespace().chain(SEVERITIES.split_whitespace().filter(|_| is_one));
        let disagrees = counts.clone().any(|of| form(of, several));
        let verbs: &[&str] =
            if is_one { &["are", "were", "have", "fail", "agree"] } else { &["is", "was", "has", "fails"] };
        let is_counted = counts.clone().any(|of| form(of, number));
        // A sentence that goes on is not of them: "2 files: 1 certificate is".
        let ends = words.get(noun).is_some_and(|word| word.ends_with([',', ';', ':', '.', ')']));
        if disagrees || is_counted && !ends && verbs.contains(&bare(noun + 1)) {
            wrong.push(format!("does not agree: \u{201c}{}\u{201d}", words[at..words.len().min(noun + 2)].join(" ")));
        }
    }
    wrong
}

#[test]
fn a_number_that_does_not_agree_is_found() {
    for wrong in
        ["1 systems", "of 1 requirement fail because", "2 certificate", "12 files is", "1 more endpoints", "5 address"]
    {
        assert!(!misnumbered(wrong).is_empty(), "{wrong}");
    }
    let right =
        "1 system and 2 files: 1 certificate is, 3 addresses are, TLS 1.2 servers, 10.1.0.1 hosts, 1 error, 2 error";
    assert_eq!(misnumbered(right), Vec::<String>::new());
}
