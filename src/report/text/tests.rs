//! The report as people see it: whole reports in many situations, held against what a terminal and a reader can take.

mod sites;

use sites::{
    Diagnosis, all_refused, authority_ended, by_hand, healthy, list_server_dead, nothing, one_fault, open_only,
    resolver_down, root_missing, two_systems,
};

use super::sentence::first_sentence;
use super::{TextOptions, render};
use crate::report::document::{Report, Summary};
use crate::report::finding::VerdictWord;
use crate::report::page::columns;
use crate::site::profile::Profile;
use crate::verdict::cause::catalogue;
use crate::verdict::cause::host::Host;
use crate::verdict::severity::Severity;

/// Every situation, with its name.
fn situations() -> Vec<(&'static str, Report)> {
    vec![
        ("two systems", two_systems()),
        ("one fault", one_fault()),
        ("root missing", root_missing()),
        ("authority ended", authority_ended()),
        ("list server dead", list_server_dead()),
        ("resolver down", resolver_down()),
        ("all refused", all_refused()),
        ("healthy", healthy()),
        ("by hand", by_hand()),
        ("undecided", open_only()),
        ("nothing", nothing()),
        ("long names", sites::long_names()),
    ]
}

/// What the last screen of a terminal shows.
fn last_screen(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(24)..].to_vec()
}

fn plain(report: &Report) -> String {
    render(report, TextOptions::default())
}

#[test]
fn no_line_is_wider_than_the_terminal_but_an_id_that_stands_alone_where_every_place_is_told() {
    for (name, report) in situations() {
        for width in [40, 60, 80, 100, 120, 200] {
            for verbose in [false, true] {
                let text = render(&report, TextOptions { width, verbose, calendar: verbose, ..TextOptions::default() });
                for line in text.lines() {
                    let alone = (verbose || width < 80) && !line.trim().contains(' ');
                    assert!(columns(line) <= width || alone, "{name}, {width}: {line}\n{text}");
                    assert!(!line.chars().any(char::is_control), "{name}: {line:?}");
                    assert_eq!(line.trim_end(), line, "{name}");
                }
            }
        }
    }
}

#[test]
fn the_verdict_is_written_in_no_colour_but_its_code_is() {
    for (report, code) in [(open_only(), "\u{1b}[33mexit code 3:"), (one_fault(), "\u{1b}[31mexit code 1:")] {
        let text = render(&report, TextOptions { color: true, ..TextOptions::default() });
        let line = text.lines().find(|line| line.contains("exit code ")).unwrap();
        assert!(line.contains(&format!("{code}\u{1b}[0m\u{1b}[1m ")), "{line:?}");
    }
}

/// What the end of a report says, for want of room, is the beginning of a remedy: it has what matters in it.
#[test]
fn the_first_sentence_of_a_remedy_says_what_to_do_and_not_only_what_to_look_at() {
    let first = |id: &str, profile| first_sentence(catalogue::find(id).unwrap().remedy_at(profile, Host::default()));
    for profile in [Profile::NativeMode2007, Profile::CurrentBranch] {
        for id in ["authority-above-unknown", "root-not-declared", "unknown-root"] {
            assert!(first(id, profile).contains("[trust] roots"), "{id}: {}", first(id, profile));
        }
        for id in ["no-purpose-named", "any-purpose-only", "other-template"] {
            for template in ["Web Server", "Workstation Authentication", "Authenticated Session"] {
                assert!(first(id, profile).contains(template), "{id}: {}", first(id, profile));
            }
            let signs = profile == Profile::NativeMode2007;
            assert_eq!(first(id, profile).contains("Document Signing"), signs, "{id}: {}", first(id, profile));
        }
    }
}

#[test]
fn a_narrower_terminal_than_40_columns_is_written_for_as_one_of_40() {
    let of = |width| render(&all_refused(), TextOptions { width, ..TextOptions::default() });
    assert_eq!(of(0), of(40));
    assert_eq!(of(39), of(40));
}

#[test]
fn thirty_places_of_one_fault_are_a_report_of_40_lines_whose_end_is_a_screen() {
    for (name, report) in situations() {
        for width in [80, 120] {
            let text = render(&report, TextOptions { width, ..TextOptions::default() });
            let is_one = report.diagnoses.iter().all(|one| one.cause == report.diagnoses[0].cause);
            assert!(!is_one || text.lines().count() <= 40, "{name}: {} lines\n{text}", text.lines().count());
            let screen = last_screen(&text);
            assert!(screen.iter().any(|line| line.starts_with("exit code ")), "{name}:\n{text}");
            let is_to_do = report.run.summary.exit_code != 0 || !report.diagnoses.is_empty();
            assert_eq!(screen.contains(&"Do first:"), is_to_do, "{name}:\n{text}");
        }
    }
}

#[test]
fn one_fault_is_told_with_its_remedy_on_one_screen() {
    let text = plain(&one_fault());
    let screen = last_screen(&text).join("\n");
    for part in ["1 error", "expected", "observed", "remedy", "symptom", "rule", "exit code 1", "Do first:\n1. "] {
        assert!(screen.contains(part), "{part} is not on the last screen:\n{text}");
    }
}

#[test]
fn the_first_diagnosis_is_told_first_and_again_as_what_to_do_first() {
    for (name, report, title, step) in [
        ("root missing", root_missing(), "1 error  The definition does not name", "1. trust.roots: Name the root"),
        ("ended", authority_ended(), "1 error  Contoso Issuing CA ended", "1. authority Contoso Issuing CA: Renew"),
        ("list", list_server_dead(), "1 error  2 URLs: The list cannot be had", "1. http://pki.contoso.com/i1.crl"),
        ("resolver", resolver_down(), "1 error  2 name servers: The name server does", "1. name servers 10.1.0.10"),
        (
            "refused",
            all_refused(),
            "1 error  30 addresses: Nothing listens",
            "1. addresses 10.1.0.1:443 \u{2026} 10.1.0.30:443",
        ),
    ] {
        let text = plain(&report);
        let first = text.lines().find(|line| line.starts_with("1 ")).unwrap();
        assert!(first.starts_with(title), "{name}: {first}\n{text}");
        let steps: Vec<&str> = text.lines().skip_while(|line| *line != "Do first:").skip(1).collect();
        // Behind what is to be put right stands, in brackets, what fails.
        let (culprit, remedy) = step.split_once(": ").unwrap_or((step, ""));
        assert!(steps.first().is_some_and(|line| line.starts_with(culprit)), "{name}: {steps:?}\n{text}");
        assert!(steps.join(" ").contains(&format!(": {remedy}")), "{name}: {steps:?}\n{text}");
        assert!(text.contains("DP01 \u{2026} DP30"), "{name}:\n{text}");
    }
}

#[test]
fn culprits_and_places_are_ranges_and_v_names_each() {
    let report = all_refused();
    let text = plain(&report);
    assert!(text.contains("\nFAIL DP01 \u{2026} DP30 dp intranet: 1\n"), "{text}");
    assert!(text.contains("where     30 places: DP01 \u{2026} DP30, intranet\n"), "{text}");
    assert_eq!(text.matches("Nothing listens").count(), 1, "{text}");
    let verbose = render(&report, TextOptions { verbose: true, ..TextOptions::default() });
    for endpoint in &report.endpoints {
        assert!(verbose.contains(&format!("\n            {}\n", endpoint.id)), "{}\n{verbose}", endpoint.id);
        assert!(verbose.contains(&endpoint.system), "{verbose}");
    }
}

#[test]
fn what_stands_alike_is_one_line() {
    let mut site = sites::Site::of(30);
    for nth in [3, 9, 20] {
        site.diagnose(Diagnosis::refused(&site, nth));
    }
    let text = plain(&site.report());
    assert!(text.contains("pass 27 of 30 distribution points, intranet"), "{text}");
    assert!(text.contains("FAIL DP03, DP09, DP20 dp intranet: 1\n"), "{text}");
}

#[test]
fn consequences_are_counted_and_not_listed() {
    let text = plain(&all_refused());
    assert!(text.contains("and 1110 requirements cannot be decided because of it"), "{text}");
    assert!(!text.contains("Not decided"), "{text}");
}

#[test]
fn what_no_diagnosis_explains_is_told_by_what_would_decide_it() {
    let text = plain(&open_only());
    assert!(text.contains("\nNot decided\n 1 must  client-authentication/accepts-client at"), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("decided by a [[client]] with certificate and key"), "{text}");
    assert!(
        words.contains("exit code 3: PRI: nothing failed, but 30 requirements that must hold could not be decided")
    );
    assert!(text.ends_with(
        "Do first:\n1. to decide client-authentication/accepts-client: a [[client]] with certificate\n   and key\n"
    ));
}

/// A run that was ended says of what is open no more and no less than one that was not.
#[test]
fn a_run_that_was_ended_counts_what_must_hold_apart_from_what_need_not() {
    let mut report = open_only();
    report.run.summary.complete = false;
    for finding in report.findings.iter_mut().filter(|finding| finding.verdict == VerdictWord::Unknown).take(12) {
        finding.severity = Severity::Notice;
    }
    let words = plain(&report).split_whitespace().collect::<Vec<_>>().join(" ");
    let end =
        "nothing failed, but 18 requirements that must hold could not be decided; the run was ended before everything";
    assert!(words.contains(end) && words.contains("30 not decided"), "{words}");
    assert!(!words.contains("lesser") && !words.contains("1 error "), "{words}");
    // Where a group has both, how many must hold is said.
    for (at, finding) in report.findings.iter_mut().enumerate() {
        finding.requirement = format!("made-up/{at}").into();
    }
    let words = plain(&report).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("1 must 30 requirements, of which 18 must hold, at"), "{words}");
}

#[test]
fn words_under_the_code_match_the_counts_above_them() {
    let ending = |change: fn(&mut Summary)| {
        let mut report = healthy();
        change(&mut report.run.summary);
        let text = plain(&report);
        text.lines().skip_while(|line| !line.starts_with("exit code")).collect::<Vec<_>>().join(" ")
    };
    for (change, words) in [
        ((|_| {}) as fn(&mut Summary), "exit code 0: PRI: everything was decided and nothing failed"),
        (
            |summary| summary.unknown = 3,
            "exit code 0: PRI: everything that must hold was decided, and nothing failed, 3 lesser ones not decided",
        ),
        (
            |summary| {
                summary.fail.warning = 2;
                summary.waived = 1;
            },
            "exit code 0: PRI: everything that must hold was decided, and nothing failed, but for 2 warnings, 1 waived",
        ),
        (
            |summary| {
                summary.complete = false;
                summary.exit_code = 3;
            },
            "exit code 3: PRI: nothing failed; the run was ended before everything planned was looked at",
        ),
        (|summary| summary.exit_code = 4, "exit code 4: PRI: nothing failed, but something changed"),
    ] {
        assert_eq!(ending(change), words);
    }
    assert!(plain(&nothing()).ends_with("exit code 0: nothing was looked at\n"));
}

#[test]
fn an_endpoint_given_by_name_shows_its_certificate_and_which_flags_decide_more() {
    let text = plain(&by_hand());
    for part in [
        "subject     CN=mp01.corp.contoso.com\n",
        "issuer      CN=Contoso Issuing CA 1, DC=contoso, DC=com\n",
        "names       dns:mp01.corp.contoso.com\n",
        "ends        2027-11-20 12:00:00 UTC, in 358 days\n",
        "--ca-file FILE",
        "ROLE=HOST",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    // As whom it is asked comes into question once it is known for what.
    assert!(!text.contains("--pfx FILE") && !text.contains("--site-code"), "{text}");
}

#[test]
fn the_calendar_has_the_next_five_or_everything() {
    let report = healthy();
    assert!(report.calendar.len() > 30, "{}", report.calendar.len());
    let text = plain(&report);
    let next =
        text.lines().skip_while(|line| !line.starts_with("Ends next")).skip(1).take_while(|line| !line.is_empty());
    assert!(next.count() <= 6, "{text}");
    assert!(text.contains("Ends next (--show calendar has everything)\n"), "{text}");
    let all = render(&report, TextOptions { calendar: true, ..TextOptions::default() });
    for end in &report.calendar {
        assert!(all.contains(&end.what), "{}:\n{all}", end.what);
    }
    let dates: Vec<&str> = all
        .lines()
        .skip_while(|line| *line != "Everything that ends")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(dates.is_sorted_by_key(|line| line.get(..12).map(str::to_owned)), "{dates:?}");
}

#[test]
fn colours_add_nothing_and_take_nothing() {
    for (name, report) in situations() {
        let colored = render(&report, TextOptions { color: true, ..TextOptions::default() });
        let mut bare = String::new();
        let mut rest = colored.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare += before;
            rest = after.split_once('m').unwrap().1;
        }
        assert_eq!(bare + rest, plain(&report), "{name}");
    }
}

#[test]
fn times_have_no_fractions() {
    let mut report = two_systems();
    report.run.started_at = serde_json::from_value("2026-11-26T21:00:00.123456789Z".into()).unwrap();
    let text = plain(&report);
    assert!(text.contains("2026-11-26 21:00:00 UTC"), "{text}");
    assert!(!text.contains("123456"), "{text}");
}

#[test]
fn waived_diagnoses_are_counted_with_their_reason() {
    let mut site = sites::Site::of(30);
    site.diagnose(Diagnosis::refused(&site, 4));
    let mut report = site.report();
    sites::waive(&mut report, "replaced in the May change window");
    let text = plain(&report);
    assert!(text.contains("Waived\n  1 diagnosis, 1 finding: replaced in the May change window\n"), "{text}");
    assert!(text.contains("pass 30 of 30 distribution points, intranet"), "{text}");
    assert!(!text.contains("Do first"), "{text}");
}

#[test]
fn a_key_exchange_is_said_to_be_none_only_where_there_is_none() {
    for (suite, group, told) in [
        ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", None, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n"),
        ("TLS_AES_256_GCM_SHA384", None, "TLS_AES_256_GCM_SHA384\n"),
        ("TLS_AES_256_GCM_SHA384", Some("x25519"), "TLS_AES_256_GCM_SHA384, x25519\n"),
        ("TLS_RSA_WITH_AES_128_CBC_SHA", None, "TLS_RSA_WITH_AES_128_CBC_SHA, no ephemeral key exchange\n"),
    ] {
        let mut report = two_systems();
        for endpoint in &mut report.endpoints {
            endpoint.cipher = Some(suite.to_owned());
            endpoint.key_exchange_group = group.map(str::to_owned);
        }
        let text = render(&report, TextOptions { verbose: true, ..TextOptions::default() });
        let suites: Vec<&str> = text.split("suite ").skip(1).map(str::trim_start).collect();
        assert!(!suites.is_empty() && suites.iter().all(|rest| rest.starts_with(told)), "{told}: {text}");
    }
}
