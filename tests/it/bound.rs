//! What must be bound, and which of several certificates clients take: `--expect` and `inspect --select`.

use std::fs;

use cmprobe::report::document::Report;
use cmprobe::report::finding::VerdictWord;

use crate::rows::Up;

/// The verdicts of a requirement, with the subjects' ids.
fn verdicts<'a>(report: &'a Report, id: &str) -> Vec<(&'a str, VerdictWord)> {
    report.findings.iter().filter(|one| one.requirement == id).map(|one| (one.endpoint.as_ref(), one.verdict)).collect()
}

#[test]
fn the_certificate_that_must_be_bound_is_held_against_every_address() {
    let up = Up::with(&["renewed-not-bound-at-second-address"]);
    let (report, code) = up.report(&["check", "site.toml", "--only", "DP01"]);
    assert_eq!(code, 1);
    let row = "web-server/expected-certificate";
    let old = |at: &str| at.contains("/127.20.0.125:");
    let all = verdicts(&report, row);
    assert!(all.iter().any(|(at, verdict)| old(at) && *verdict == VerdictWord::Fail), "{all:?}");
    assert!(all.iter().all(|(at, verdict)| old(at) || *verdict == VerdictWord::Pass), "{all:?}");
    let fails = report.findings.iter().find(|one| one.requirement == row && one.verdict == VerdictWord::Fail).unwrap();
    assert!(fails.message.contains("127.20.0.125"), "{}", fails.message);
    // The same by a file on the command line, for whatever is looked at.
    let new = report.endpoints.iter().find(|one| one.id.contains("/127.20.0.23:")).unwrap();
    let print = &new.received_certificate_chain[0];
    let certificates = report.certificates_by_fingerprint();
    fs::write(up.folder.path().join("renewed.cer"), certificates[print.as_str()].der.as_slice()).unwrap();
    let given = ["check", "site.toml", "--only", "DP01", "--only", "SMP01", "--expect", "renewed.cer"];
    let (report, _) = up.report(&given);
    let of_others: Vec<_> = verdicts(&report, row).into_iter().filter(|(at, _)| at.starts_with("SMP01/")).collect();
    assert!(matches!(&of_others[..], [(_, VerdictWord::Fail)]), "{of_others:?}");
    let (report, code) = Up::healthy().report(&["check", "site.toml", "--only", "SMP01"]);
    assert_eq!((code, &verdicts(&report, row)[0].1), (0, &VerdictWord::NotApplicable), "nothing is expected of it");
}

#[test]
fn of_several_certificates_the_one_clients_take_is_said_and_why_not_the_others() {
    let up = Up::healthy();
    let files = ["pki/workstation.pfx", "pki/deployment.pfx", "pki/outsider.pfx"];
    let words =
        [&["inspect", "--as", "client"], files.as_slice(), &["--pass-file", "pki/clients.password", "--select"]];
    let root = ["--ca-file", "pki/contoso-root.cer", "--profile", "current-branch"];
    let (report, _) = up.report(&[words.concat().as_slice(), &root].concat());
    let choices: Vec<_> = report.files.iter().map(|file| file.selection.clone().unwrap()).collect();
    assert_eq!(choices.iter().filter(|choice| choice.taken).count(), 1, "{choices:#?}");
    assert!(choices.iter().all(|choice| !choice.why.is_empty()), "{choices:#?}");
    let (text, ..) = up.run(&[words.concat().as_slice(), &root].concat());
    assert!(text.contains("taken: of 3 that are left") && text.contains("not taken:"), "{text}");
    let (_, complaints, code) = up.run(&["inspect", "--as", "root", "pki/contoso-root.cer", "--select"]);
    assert!(code == 2 && complaints.contains("--select is for --as client"), "{complaints}");
    let (report, _) = up.report(&["inspect", "--as", "root", "pki/contoso-root.cer"]);
    assert_eq!(report.files[0].selection, None);
}
