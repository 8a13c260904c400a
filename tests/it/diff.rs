//! `diff` and `--baseline`: a change shows as just what it is, and what differs between any two runs does not show.

use std::fs;
use std::path::Path;

use cmprobe::lab::pki::Recipe;
use cmprobe::lab::server::Versions;
use cmprobe::report::certificate::CertificateReport;
use cmprobe::report::difference::Difference;
use cmprobe::report::document::Report;
use cmprobe::site::profile::Profile;
use time::macros::datetime;

use crate::program::run;
use crate::small_site::{AT, SmallSite};

const FLAGS: [&str; 4] = ["--no-http", "--no-stranger", "--at", AT];

/// Checks the site and keeps its report, as if it listened at port 443: every site of a test has another port.
fn keep(site: &SmallSite, name: &str, more: &[&str]) -> String {
    let (out, complaints, code) =
        run(&[&["check", &site.arg("site.toml"), "-f", "json"], FLAGS.as_slice(), more].concat());
    assert!([0, 1, 3].contains(&code), "{complaints}");
    let port = site.address().port();
    site.write(name, out.replace(&format!(":{port}"), ":443").replace(&format!("\"port\": {port}"), "\"port\": 443"))
}

fn diff(before: &str, after: &str) -> (Difference, i32) {
    let (out, complaints, code) = run(&["diff", before, after, "-f", "json"]);
    assert_eq!(complaints, "");
    let schema: serde_json::Value = serde_json::from_str(&run(&["schema", "report"]).0).unwrap();
    let schema = serde_json::json!({ "$ref": "#/$defs/Difference", "$defs": schema["$defs"] });
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&serde_json::from_str(&out).unwrap()), "{out}");
    (serde_json::from_str(&out).unwrap(), code)
}

fn example() -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports/example.json");
    Report::read(&fs::read(path).unwrap()).unwrap()
}

/// What of a difference is not empty.
fn parts(difference: &Difference) -> Vec<&'static str> {
    [
        ("grounds", difference.grounds.is_empty()),
        ("new diagnoses", difference.new_diagnoses.is_empty()),
        ("gone diagnoses", difference.gone_diagnoses.is_empty()),
        ("changed diagnoses", difference.changed_diagnoses.is_empty()),
        ("new findings", difference.new_findings.is_empty()),
        ("gone findings", difference.gone_findings.is_empty()),
        ("changed findings", difference.changed_findings.is_empty()),
        ("new targets", difference.new_targets.is_empty()),
        ("gone targets", difference.gone_targets.is_empty()),
        ("certificates", difference.certificates.is_empty()),
        ("addresses", difference.addresses.is_empty()),
        ("reachability", difference.reachability.is_empty()),
        ("sessions", difference.sessions.is_empty()),
    ]
    .into_iter()
    .filter_map(|(part, is_empty)| (!is_empty).then_some(part))
    .collect()
}

#[test]
fn a_site_that_stayed_as_it_was_shows_nothing() {
    let site = SmallSite::with(|recipe| recipe);
    let (before, after) = (keep(&site, "before.json", &[]), keep(&site, "after.json", &[]));
    assert_ne!(site.read("before.json"), site.read("after.json"), "times of two runs differ");
    let (difference, code) = diff(&before, &after);
    assert_eq!((parts(&difference), code), (vec![], 0));
    let (text, _, _) = run(&["diff", &before, &after]);
    assert!(text.ends_with("Nothing changed.\n"), "{text}");
}

#[test]
fn a_renewed_certificate_shows_as_just_that() {
    let dates = |from, to| move |recipe: Recipe| recipe.valid(from, to);
    let old = SmallSite::with(dates(datetime!(2025-09-01 0:00 UTC), datetime!(2026-09-01 0:00 UTC)));
    let new = SmallSite::with(dates(datetime!(2026-01-15 0:00 UTC), datetime!(2027-01-15 0:00 UTC)));
    let (difference, code) = diff(&keep(&old, "r.json", &[]), &keep(&new, "r.json", &[]));
    assert_eq!((parts(&difference), code), (vec!["certificates"], 4));
    assert_eq!(difference.certificates.len(), 1, "one certificate, told once");
    let change = &difference.certificates[0];
    assert_eq!(change.targets.len(), 2, "one for each name");
    assert_eq!(change.place, "leaf");
    let told = change.differs.join("\n");
    assert!(told.contains("valid until: 2026-09-01T00:00:00Z -> 2027-01-15T00:00:00Z"), "{told}");
    assert!(!told.contains("names:") && !told.contains("key:"), "{told}");
}

#[test]
fn a_diagnosis_that_shows_at_another_place_is_told_once_and_not_as_findings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports/two-systems.json");
    let before = Report::read(&fs::read(path).unwrap()).unwrap();
    let at = |report: &Report| report.findings.iter().position(|one| one.diagnosis.is_some() && one.fails()).unwrap();
    let id = before.findings[at(&before)].diagnosis.clone().unwrap();
    let mut after = before.clone();
    after.findings.retain(|finding| finding.diagnosis.as_deref() != Some(&id));
    after.diagnoses.retain(|diagnosis| diagnosis.id != id);
    let difference = Difference::between(&before, &after);
    assert_eq!(difference.gone_diagnoses.iter().map(|gone| gone.id.as_str()).collect::<Vec<_>>(), [&id]);
    assert!(difference.new_diagnoses.is_empty() && difference.changed_diagnoses.is_empty());
    let text = difference.render(false, None);
    assert!(text.contains("1 gone diagnosis") && !text.contains("Gone findings"), "{text}");
    // The other way round, and at one more place than before.
    assert_eq!(Difference::between(&after, &before).new_diagnoses.len(), 1);
    let mut spread = before.clone();
    let mut further = before.findings[at(&before)].clone();
    further.endpoint = "somewhere-else".into();
    spread.findings.push(further);
    let difference = Difference::between(&before, &spread);
    assert_eq!(difference.changed_diagnoses[0].new_places, ["somewhere-else"]);
    assert!(difference.render(false, None).contains("at      somewhere-else"), "{}", difference.render(false, None));
}

#[test]
fn an_authority_renewed_above_many_servers_is_one_change_with_its_places() {
    let before = example();
    let (first, leaf) = before
        .endpoints
        .iter()
        .find_map(|one| Some((one.clone(), one.received_certificate_chain.first()?.clone())))
        .unwrap();
    let authority = before.certificates.iter().find(|one| one.fingerprint_sha256 != leaf).unwrap().clone();
    // Many servers under one authority, which is another one afterwards; their own certificates are reissued with it.
    let side = |serial: &str, many: usize| {
        let mut report = Report { findings: Vec::new(), diagnoses: Vec::new(), ..before.clone() };
        let mut of = |print: String, subject: Option<String>| {
            let mut made = CertificateReport::clone(&authority);
            made.thumbprint_sha1 = print.clone();
            (made.fingerprint_sha256, made.serial, made.subject) = (print.clone(), Some(serial.to_owned()), subject);
            made.issuer = Some(format!("CN=Issuing {serial}"));
            report.certificates.push(made.into());
            print
        };
        let issuing = of(format!("issuing-{serial}"), Some("CN=Issuing".into()));
        let leaves: Vec<String> =
            (0..many).map(|at| of(format!("leaf-{serial}-{at}"), Some(format!("CN={at}")))).collect();
        report.endpoints = leaves
            .into_iter()
            .enumerate()
            .map(|(at, leaf)| {
                let mut endpoint = first.clone();
                endpoint.id = format!("DP{at}/distribution-point/dp{at}/intranet/10.0.0.1:443");
                endpoint.received_certificate_chain = vec![leaf, issuing.clone()];
                endpoint
            })
            .collect();
        report
    };
    let difference = Difference::between(&side("1", 8), &side("2", 8));
    assert_eq!(parts(&difference), ["certificates"]);
    let authorities: Vec<_> = difference.certificates.iter().filter(|change| change.place == "chain 1").collect();
    assert_eq!((authorities.len(), authorities[0].targets.len()), (1, 8));
    let text = difference.render(false, None);
    assert_eq!(
        text.matches("issuer: CN=Issuing 1 -> CN=Issuing 2").count(),
        2,
        "the authority, and its eight:\n{text}"
    );
    assert!(text.contains("8 certificates in place of others, leaf"), "{text}");
}

#[test]
fn four_thousand_addresses_of_one_name_are_compared_in_the_time_of_a_few() {
    let before = example();
    let (endpoint, finding) = (before.endpoints[0].clone(), before.findings[0].clone());
    let side = |network: u8| {
        let mut report = before.clone();
        (report.endpoints, report.findings) = (Vec::new(), Vec::new());
        for at in 0..4_000u32 {
            let address = format!("10.{network}.{}.{}:443", at / 250, at % 250 + 1);
            let (mut endpoint, mut finding) = (endpoint.clone(), finding.clone());
            endpoint.id = format!("{}/{address}", endpoint.target());
            endpoint.address = Some(address.parse().unwrap());
            finding.endpoint = endpoint.id.clone();
            finding.observed = Vec::new();
            finding.message = format!("{address} refused the connection from {address}.").into();
            report.endpoints.push(endpoint);
            report.findings.push(finding);
        }
        report
    };
    let (before, after) = (side(1), side(2));
    let used = || {
        let used = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_THREAD).unwrap();
        std::time::Duration::from_micros(
            u64::try_from(used.user_time().tv_sec() * 1_000_000 + used.user_time().tv_usec()).unwrap(),
        )
    };
    let begin = used();
    let difference = Difference::between(&before, &after);
    let took = used() - begin;
    assert_eq!((parts(&difference), difference.addresses.len()), (vec!["addresses"], 1));
    assert!(took < std::time::Duration::from_secs(3), "{took:?}");
    // Nobody reads eight thousand addresses.
    let text = difference.render(false, None);
    assert!(text.lines().count() < 20, "{text}");
    for words in ["4000 of them, gone: 10.1.", "4000 of them, new: 10.2.", "and 3994 more"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_protocol_switched_off_shows_as_just_that() {
    let old = SmallSite::with(|recipe| recipe);
    let new = SmallSite::speaking(Versions::Tls12, |recipe| recipe);
    let of = |site: &SmallSite| keep(site, "r.json", &["--tls-versions"]);
    let (difference, code) = diff(&of(&old), &of(&new));
    let versions = difference.sessions.iter().find(|change| change.what == "versions accepted").unwrap();
    assert_eq!(versions.before, ["TLSv1.2", "TLSv1.3"]);
    assert_eq!(versions.after, ["TLSv1.2"]);
    let others: Vec<&str> = parts(&difference).into_iter().filter(|part| *part != "certificates").collect();
    assert_eq!((others, code), (vec!["sessions"], 4));
}

#[test]
fn a_moved_address_shows_as_just_that() {
    let before = example();
    let mut after = before.clone();
    let (from, to) = ("10.1.0.21:443", "10.9.9.9:443");
    let moved = serde_json::to_string(&after).unwrap().replace(from, to);
    after = serde_json::from_str(&moved).unwrap();
    let difference = Difference::between(&before, &after);
    assert_eq!(parts(&difference), ["addresses"]);
    assert_eq!(difference.addresses[0].target, "MP01/management-point/mp01.corp.contoso.com/intranet");
    assert!(difference.addresses[0].before.contains(&from.to_owned()));
    assert!(difference.addresses[0].after.contains(&to.to_owned()));
}

#[test]
fn a_report_does_not_differ_from_itself_in_either_form_or_any_order() {
    let report = example();
    assert!(Difference::between(&report, &report).is_empty());
    let mut turned = report.clone();
    turned.endpoints.reverse();
    turned.findings.reverse();
    assert!(Difference::between(&report, &turned).is_empty());
    let path = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/reports").join(name);
        path.to_str().unwrap().to_owned()
    };
    let (_, complaints, code) = run(&["diff", &path("example.json"), &path("example.jsonl")]);
    assert_eq!((complaints.as_str(), code), ("", 1), "the example fails, but the same way");
    assert!(run(&["diff", &path("example.json"), &path("example.jsonl")]).0.contains("Nothing changed."));
}

#[test]
fn what_is_taken_away_comes_back_the_other_way_round() {
    let whole = example();
    for at in 0..whole.findings.len() {
        let mut cut = whole.clone();
        cut.findings.remove(at);
        let (there, back) = (Difference::between(&whole, &cut), Difference::between(&cut, &whole));
        assert_eq!(there.gone_findings.len(), back.new_findings.len());
        assert_eq!(there.new_findings.len() + back.gone_findings.len(), 0);
    }
    for at in 0..whole.endpoints.len() {
        let mut cut = whole.clone();
        cut.endpoints.remove(at);
        let (there, back) = (Difference::between(&whole, &cut), Difference::between(&cut, &whole));
        assert!(!there.is_empty() && !back.is_empty());
        assert_eq!(there.gone_targets, back.new_targets);
    }
}

#[test]
fn a_failure_weighs_more_than_a_change_and_the_bar_is_the_users() {
    let good = SmallSite::with(|recipe| recipe);
    let bad = SmallSite::with(|recipe| recipe.no_eku());
    let (good, bad) = (keep(&good, "r.json", &[]), keep(&bad, "r.json", &[]));
    let (difference, code) = diff(&good, &bad);
    assert_eq!(code, 1);
    assert!(difference.new_findings.iter().any(|new| new.requirement == "web-server/server-auth-eku"));
    let (mended, code) = diff(&bad, &good);
    assert_eq!(code, 4);
    assert_eq!(mended.gone_findings.len(), difference.new_findings.len());
}

#[test]
fn a_run_compares_itself_with_its_baseline() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let check = |more: &[&str]| run(&[&["check", &definition], FLAGS.as_slice(), more].concat());
    let (_, _, before) = check(&["-f", "jsonl", "-o", &site.arg("before.jsonl")]);
    let (out, complaints, code) = check(&["--baseline", &site.arg("before.jsonl")]);
    assert_eq!((complaints.as_str(), code), ("", before));
    assert!(out.contains("Changes") && out.contains("Nothing changed."), "{out}");
    // One system moves to a port where another certificate is.
    let other = SmallSite::with(|recipe| recipe.valid(datetime!(2025-10-01 0:00 UTC), datetime!(2026-10-01 0:00 UTC)));
    site.write("site.toml", site.definition(other.address().port(), "root.cer"));
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl"), "-f", "json"]);
    let report = Report::read(out.as_bytes()).unwrap();
    assert_eq!((code, report.run.summary.exit_code), (4, 4));
    let difference = report.difference.unwrap();
    assert_eq!(parts(&difference), ["certificates", "addresses"]);
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl"), "-f", "jsonl"]);
    let kinds: Vec<&str> =
        out.lines().map(|line| line.split('"').nth(3).unwrap()).filter(|kind| *kind != "endpoint").collect();
    assert_eq!((kinds.last().copied(), code), (Some("summary"), 4));
    assert_eq!(kinds.get(kinds.len() - 2).copied(), Some("difference"));
    let (out, _, code) = check(&["--baseline", &site.arg("before.jsonl")]);
    assert!(out.contains("\nexit code 4: PRI: nothing failed, but something changed"), "{out}");
    assert_eq!(code, 4);
}

#[test]
fn what_is_no_report_is_refused_with_its_name_before_anything_is_probed() {
    let site = SmallSite::with(|recipe| recipe);
    let html = site.write("page.json", "<html>");
    let old = site.write("old.json", "{\"schema_version\": \"9.0\"}");
    let (out, complaints, code) = run(&["diff", &html, &old]);
    assert_eq!((out.as_str(), code), ("", 2));
    for words in ["page.json: is no report: it looks like HTML", "old.json: is a report of version 9.0"] {
        assert!(complaints.contains(words), "{complaints}");
    }
    let folder = site.path("").to_str().unwrap().to_owned();
    let (_, complaints, code) = run(&["diff", &site.arg("none.json"), &folder]);
    assert_eq!(code, 2);
    assert!(complaints.contains("no such file") && complaints.contains("is a directory"), "{complaints}");
    let (_, complaints, code) = run(&["check", &site.arg("site.toml"), "--baseline", &html]);
    assert_eq!((code, site.connections()), (2, 0));
    assert!(complaints.contains("page.json"), "{complaints}");
}

/// What an option leaves out is neither gone nor new: the run with it and the run without it compare alike, both ways.
#[test]
fn what_an_option_leaves_out_is_not_gone_and_not_new() {
    let up = crate::rows::Up::with(&["expires-soon", "old-versions-too"]);
    let check = |name: &str, options: &[&str]| {
        let path = up.folder.path().join(name).to_str().unwrap().to_owned();
        let written = format!("json={path}");
        up.run(&[&["check", "site.toml", "--quiet", "--report", &written][..], options].concat());
        path
    };
    let whole = check("whole.json", &[]);
    // Which node of a cluster answers may differ from run to run, and shows as its certificate alone.
    let same = |text: &str| assert!(!text.contains("New") && !text.contains("Gone"), "{text}");
    for options in [
        &["--vantage", "intranet"][..],
        &["--only", "SUP01"],
        &["--only", "distribution-point"],
        &["--no-http"],
        &["--no-stranger"],
        &["--no-tls-versions"],
        &["--revocation", "off"],
        &["--vantage", "internet", "--no-http", "--no-tls-versions"],
    ] {
        let narrow = check("narrow.json", options);
        for (before, after) in [(&whole, &narrow), (&narrow, &whole)] {
            let text = run(&["diff", before, after]).0;
            let names_some = ["--vantage", "--only"].contains(&options[0]);
            assert_eq!(text.contains(" not compared: one of the two runs left them out"), names_some, "{text}");
            same(&text);
        }
        let (text, _, _) =
            up.run(&[&["check", "site.toml", "--quiet", "--baseline", "whole.json"][..], options].concat());
        same(text.split("Changes").nth(1).unwrap());
    }
    // What really went is still gone.
    let text = fs::read_to_string(&whole).unwrap();
    let mut report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let endpoints = report["endpoints"].as_array_mut().unwrap();
    endpoints.retain(|endpoint| endpoint["system"] != "SMP01");
    let fewer = up.folder.path().join("fewer.json");
    fs::write(&fewer, report.to_string()).unwrap();
    let (text, _, code) = run(&["diff", &whole, fewer.to_str().unwrap()]);
    assert!(code == 4 && text.contains("Gone names"), "{text}");
}

/// A run whose options leave nothing says so itself.
#[test]
fn a_run_that_probes_nothing_says_so_in_its_report() {
    let up = crate::rows::Up::healthy();
    let (text, _, code) = up.run(&["check", "site.toml", "--quiet", "--only", "ISA01", "--vantage", "intranet"]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("note --only ISA01: nothing of it is probed over HTTPS"), "{text}");
    assert!(code == 3 && flat.contains("exit code 3: PRI: nothing was probed"), "{code}: {text}");
}

/// In a pipe nothing is wider than 80 columns, whatever names are long; and nothing that is told is lost by that.
#[test]
fn no_line_is_wider_than_eighty_columns_in_a_pipe() {
    let before = example();
    let mut after = before.clone();
    let long = "distribution-point-of-the-branch-with-the-long-name.emea.branches.corp.contoso.com";
    for endpoint in &mut after.endpoints {
        let (id, name) = (endpoint.id.clone(), endpoint.name.clone());
        endpoint.id = id.replace(&name, &format!("{long}.{name}"));
        endpoint.address = endpoint.address.map(|_| "[2001:db8:1234:5678:9abc:def0:1234:5678]:44300".parse().unwrap());
        endpoint.id = match (endpoint.address, id.rsplit_once('/')) {
            (Some(address), Some(_)) => format!("{}/{address}", endpoint.id.rsplit_once('/').unwrap().0),
            _ => endpoint.id.clone(),
        };
    }
    for finding in &mut after.findings {
        finding.endpoint = finding.endpoint.replace("mp01.corp", &format!("{long}.mp01.corp"));
        finding.observed.push(format!("http://{}/{}.crl", long, "very-long-file-name-".repeat(6)));
    }
    let site = SmallSite::with(|recipe| recipe);
    let write = |name: &str, report: &Report| site.write(name, serde_json::to_string(report).unwrap());
    let (old, new) = (write("old.json", &before), write("new.json", &after));
    for (one, other) in [(&old, &new), (&new, &old)] {
        let (text, complaints, _) = run(&["diff", one, other]);
        assert_eq!(complaints, "");
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty() && text.lines().count() > 20, "{wide:#?}\n{text}");
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let difference = Difference::between(&after, &before);
        for target in difference.new_targets.iter().chain(&difference.gone_targets) {
            assert!(squeezed(&text).contains(&squeezed(target)), "{target}: {text}");
        }
    }
    // A terminal is as wide as it is.
    let wide = Difference::between(&before, &after).render(false, Some(120));
    assert!(wide.lines().all(|line| line.chars().count() <= 120));
    assert!(wide.lines().any(|line| line.chars().count() > 80), "{wide}");
}

/// Where a web proxy is given the name, the address that is connected to is the proxy's, and not the endpoint's.
#[test]
fn a_web_proxys_address_is_not_told_as_the_endpoints() {
    let before = example();
    let mut after = before.clone();
    let (from, by) = ("10.1.0.21:443", "10.9.0.1:8080");
    let at = after.endpoints.iter().position(|one| one.id.ends_with(from)).unwrap();
    let target = after.endpoints[at].target().to_owned();
    after.endpoints.retain(|one| one.target() != target || one.id.ends_with(from));
    let endpoint = after.endpoints.iter_mut().find(|one| one.id.ends_with(from)).unwrap();
    let old = std::mem::replace(&mut endpoint.id, format!("{target}/{by}"));
    endpoint.address = Some(by.parse().unwrap());
    endpoint.resolution.as_mut().unwrap().source =
        cmprobe::observation::resolution::ResolutionSource::Proxy("proxy.contoso.com:8080".into());
    after.findings.iter_mut().filter(|one| one.endpoint == old).for_each(|one| one.endpoint = format!("{target}/{by}"));
    let difference = Difference::between(&before, &after);
    let change = difference.addresses.iter().find(|change| change.target == target).unwrap();
    assert_eq!(change.after, ["where the proxy proxy.contoso.com:8080 finds it"]);
    assert!(change.before.contains(&from.to_owned()));
    assert!(!difference.render(false, None).contains(by), "{}", difference.render(false, None));
}

/// Who takes any certificate takes an outsider's: without the question for a stranger the one stands by itself, and is
/// neither new nor gone.
#[test]
fn what_stands_by_itself_because_its_sister_was_not_asked_is_not_new_and_not_gone() {
    let up = crate::rows::Up::with(&["stranger-accepted"]);
    let check = |name: &str, options: &[&str]| {
        let path = up.folder.path().join(name).to_str().unwrap().to_owned();
        let written = format!("json={path}");
        up.run(&[&["check", "site.toml", "--quiet", "--report", &written][..], options].concat());
        Report::read(&fs::read(path).unwrap()).unwrap()
    };
    let (whole, narrow) = (check("whole.json", &[]), check("narrow.json", &["--no-stranger"]));
    let causes = |report: &Report| -> Vec<String> {
        report.diagnoses.iter().filter(|one| one.is_told()).map(|one| one.cause.clone()).collect()
    };
    assert_eq!(
        (causes(&whole), causes(&narrow)),
        (vec!["any-certificate-taken".into()], vec!["refuses-outsider".into()])
    );
    for (before, after) in [(&whole, &narrow), (&narrow, &whole)] {
        let difference = Difference::between(before, after);
        let found = parts(&difference);
        assert!(!found.iter().any(|part| part.contains("diagnoses") || part.contains("findings")), "{found:?}");
    }
    // Where nothing was left out, another cause at the same place is another diagnosis.
    let mut asked = narrow.clone();
    asked.circumstances.left_out = Default::default();
    let difference = Difference::between(&whole, &asked);
    assert_eq!((difference.new_diagnoses.len(), difference.gone_diagnoses.len()), (1, 1));
}

#[test]
fn reports_of_two_sites_or_held_against_two_profiles_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = |name: &str, bend: fn(&mut Report)| {
        let mut report = example();
        bend(&mut report);
        let path = folder.path().join(name);
        fs::write(&path, serde_json::to_string(&report).unwrap()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let same = kept("same.json", |report| {
        report.run.site.code = report.run.site.code.as_ref().map(|code| code.to_lowercase())
    });
    let site = kept("site.json", |report| report.run.site.code = Some("ABC".into()));
    let profile = kept("profile.json", |report| report.run.site.profile = Profile::CurrentBranch);
    let own = kept("own.json", |report| report.run.site.profile = Profile::NativeMode2007);
    assert_eq!(parts(&diff(&own, &same).0), Vec::<&str>::new());
    for (after, what, words) in [
        (&site, "site", "The two reports are of different sites: PRI, then ABC."),
        (&profile, "profile", "held against different documents: native-mode-2007, then current-branch."),
    ] {
        let (difference, code) = diff(&own, after);
        assert_eq!(parts(&difference), ["grounds"]);
        assert_eq!(difference.grounds[0].what, what);
        assert!([1, 4].contains(&code), "{code}");
        let (out, ..) = run(&["diff", &own, after]);
        let squeezed = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains(words) && squeezed.contains("Nothing else changed."), "{out}");
    }
}
