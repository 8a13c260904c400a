//! `inspect`: every kind of file, good and bad, told apart by content; a chain is judged as if an endpoint had presented it.

use std::fs;

use cmprobe::lab::pki::{CRYPTOGRAPHIC_SERVICE_PROVIDER, KeyName, Minted, Pkcs12, Pki, Recipe, oid, pem, pkcs7};
use cmprobe::report::document::{ProfileSource, Report};
use cmprobe::report::finding::{FindingReport, VerdictWord};
use tempfile::TempDir;
use time::macros::datetime;

use crate::program::{cmprobe, run};
use crate::small_site::{AT, SmallSite};

/// A folder of certificate files, with the root in it.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(TempDir::new().unwrap());
        files.write("root.cer", &pki().root.der);
        files.write("password", "secret\n");
        files
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Inspects files, with the root and the password at hand.
    fn inspect(&self, kind: &str, more: &[&str]) -> (String, String, i32) {
        let (root, password) = (self.path("root.cer"), self.path("password"));
        let first = ["inspect", "--as", kind, "--at", AT, "--ca-file", &root, "--site-code", "PRI"];
        let password = if more.contains(&"--pass-env") { vec![] } else { vec!["--pass-file", password.as_str()] };
        run(&[first.as_slice(), &password, more].concat())
    }

    /// The report on files that could be opened.
    fn report(&self, kind: &str, more: &[&str]) -> (Report, i32) {
        let (out, complaints, code) = self.inspect(kind, &[more, &["-f", "json", "--show", "all"]].concat());
        assert_eq!(complaints, "");
        let schema: serde_json::Value = serde_json::from_str(&run(&["schema", "report"]).0).unwrap();
        let value = serde_json::from_str(&out).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        (serde_json::from_value(value).unwrap(), code)
    }

    /// What fails of files, and the exit code.
    fn failing(&self, kind: &str, more: &[&str]) -> (Vec<String>, i32) {
        let (report, code) = self.report(kind, more);
        let fails = report.findings.iter().filter(|finding| finding.fails());
        (fails.map(|finding| finding.requirement.to_string()).collect(), code)
    }
}

fn pki() -> &'static Pki {
    Pki::lab().unwrap()
}

fn issue(recipe: &Recipe) -> Minted {
    pki().issue(recipe).unwrap()
}

fn pfx(recipe: &Recipe) -> Vec<u8> {
    Pkcs12::export(&issue(recipe), "secret").provider(CRYPTOGRAPHIC_SERVICE_PROVIDER).der().unwrap()
}

/// A name that several files have is one client's twice, but where the files are those one computer chooses from.
#[test]
fn certificates_a_computer_chooses_from_may_have_its_name_in_common() {
    let files = Files::new();
    let chain = |recipe: &Recipe| pem("CERTIFICATE", &issue(recipe).der) + &pem("CERTIFICATE", &pki().issuing.der);
    let one = files.write("one.pem", chain(&pki().client("ws01.corp.contoso.com")));
    let other = files.write("other.pem", chain(&pki().client("ws01.corp.contoso.com").serial(&[7])));
    let (failing, _) = files.failing("client", &[&one, &other]);
    assert_eq!(failing.iter().filter(|id| *id == "client/unique-name").count(), 2, "{failing:?}");
    let (failing, code) = files.failing("client", &[&one, &other, "--select"]);
    assert_eq!((failing, code), (Vec::new(), 0));
}

#[test]
fn every_kind_has_files_that_pass_and_files_that_fail() {
    let files = Files::new();
    let client = |recipe: Recipe| pfx(&recipe);
    let deployment = || pki().client("osd.corp.contoso.com");
    for (kind, good, bad, requirement) in [
        (
            "client",
            client(pki().client("ws01.corp.contoso.com")),
            client(pki().client("ws01.corp.contoso.com").eku(&[oid::SERVER_AUTHENTICATION])),
            "client/client-auth-eku",
        ),
        (
            "mobile-device",
            issue(&pki().mobile_device("jane")).der,
            issue(&pki().mobile_device("jane")).pem().into_bytes(),
            "mobile-device/der-encoding",
        ),
        (
            "site-server",
            issue(&pki().site_signing("PRI")).chain_pem().into_bytes(),
            issue(&pki().site_signing("pri")).chain_pem().into_bytes(),
            "site-server/site-code",
        ),
        ("deployment", pfx(&deployment()), issue(&deployment()).der, "deployment/pkcs12"),
        ("root", pki().root.der.clone(), pki().issuing.der.clone(), "root/standard"),
        (
            "web-server",
            issue(&pki().web_server(&["mp01.corp.contoso.com"])).chain_pem().into_bytes(),
            issue(&pki().web_server(&["mp01.corp.contoso.com"]).no_eku()).chain_pem().into_bytes(),
            "web-server/server-auth-eku",
        ),
        (
            "proxy",
            issue(&pki().bridging_proxy(&["mp.contoso.com"])).chain_pem().into_bytes(),
            issue(&pki().bridging_proxy(&["mp.contoso.com"]).no_eku()).chain_pem().into_bytes(),
            "proxy/server-auth-eku",
        ),
    ] {
        let (good, bad) = (files.write("good", good), files.write("bad", bad));
        // No root is given that a device's certificate could lead to.
        let code = if kind == "mobile-device" { 3 } else { 0 };
        assert_eq!(files.failing(kind, &[&good]), (vec![], code), "{kind}");
        let (failing, code) = files.failing(kind, &[&bad]);
        assert!(failing.contains(&requirement.to_owned()), "{kind}: {failing:?}");
        assert_eq!(code, 1, "{kind}");
    }
}

#[test]
fn certificates_of_the_roles_of_today_are_held_against_the_name_that_is_dialled() {
    let files = Files::new();
    let year = |recipe: Recipe| recipe.valid(datetime!(2026-01-01 0:00 UTC), datetime!(2027-01-01 0:00 UTC));
    let sql = || pki().web_server(&["sql01.corp.contoso.com"]);
    let gate = || pki().web_server(&["cmg.contoso.com"]);
    let (inside, outside) = (["--name", "sql01.corp.contoso.com"], ["--internet-name", "cmg.contoso.com"]);
    for (kind, recipe, flags, fails) in [
        ("sql-server", sql(), &inside[..], &[][..]),
        ("sql-server", sql(), &[], &[]),
        ("sql-server", sql().cn("SQL01"), &[], &["sql-server/name"]),
        ("sql-server", sql().cn("other.contoso.com"), &inside[..], &["sql-server/name"]),
        ("sql-server", year(sql()), &inside[..], &[]),
        ("sql-server", year(sql()), &["--cluster"], &["sql-server/term"]),
        ("cloud-management-gateway", gate(), &outside[..], &[]),
        (
            "cloud-management-gateway",
            gate().cn("gate.contoso.com"),
            &outside[..],
            &["cloud-management-gateway/service-name"],
        ),
        ("cloud-management-gateway", gate().key(KeyName::Rsa3072), &[], &["cloud-management-gateway/key-length"]),
        ("sms-provider", sql(), &inside[..], &[]),
        ("reporting-point", sql().no_eku(), &inside[..], &["reporting-point/server-auth-eku"]),
    ] {
        let file = files.write("file.pfx", pfx(&recipe));
        let args = [&[file.as_str(), "--profile", "current-branch"], flags].concat();
        let (failing, _) = files.failing(kind, &args);
        assert_eq!(failing, fails, "{kind} {flags:?}");
    }
}

#[test]
fn files_are_what_their_content_is_and_text_says_so() {
    let files = Files::new();
    let leaf = issue(&pki().client("ws01.corp.contoso.com"));
    let seven = pkcs7(&[&leaf.der]).unwrap();
    for (name, bytes, words) in [
        ("misnamed.pfx", leaf.der.clone(), "DER encoded binary X.509"),
        ("misnamed.der", leaf.pem().into_bytes(), "Base64 encoded X.509 (PEM)"),
        ("misnamed.cer", seven.clone(), "PKCS #7"),
        ("misnamed.p7b", pem("PKCS7", &seven).into_bytes(), "PKCS #7"),
        ("misnamed.txt", pfx(&pki().client("ws01.corp.contoso.com")), "PKCS #12"),
    ] {
        let (out, complaints, _) = files.inspect("client", &[&files.write(name, bytes)]);
        let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(words), "{name}: {out}{complaints}");
        assert!(told.contains("ends 2027-"), "{out}");
        assert!(out.contains("1 file: "), "{out}");
    }
}

#[test]
fn clients_with_one_name_are_found_in_all_files_given() {
    let files = Files::new();
    let paths: Vec<String> = ["ws01", "ws02", "WS01"]
        .iter()
        .enumerate()
        .map(|(at, name)| files.write(&format!("{at}.pfx"), pfx(&pki().client(&format!("{name}.corp.contoso.com")))))
        .collect();
    let all: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (report, code) = files.report("client", &all);
    let twice: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.fails() && finding.requirement == "client/unique-name")
        .map(|finding| finding.endpoint.as_str())
        .collect();
    assert_eq!((twice, code), (vec![all[0], all[2]], 1));
    assert_eq!(report.files.len(), 3);
    assert_eq!(files.failing("client", &all[..2]), (vec![], 0));
}

#[test]
fn keys_and_passwords_that_do_not_belong_are_told() {
    let files = Files::new();
    let leaf = issue(&pki().client("ws01.corp.contoso.com"));
    let certificate = files.write("ws01.cer", leaf.chain_pem());
    let own = files.write("own.key", leaf.key_pem());
    let other = files.write("other.key", pki().root.key_pem());
    assert_eq!(files.failing("client", &[&certificate, "--key", &own]), (vec![], 0));
    let (failing, code) = files.failing("client", &[&certificate, "--key", &other]);
    assert_eq!((failing, code), (vec!["client/key-matches".to_owned()], 1));

    let locked = files.write("ws01.pfx", pfx(&pki().client("ws01.corp.contoso.com")));
    let wrong = files.write("wrong", "hunter2");
    let with = |kind: &str, more: &[&str]| run(&[&["inspect", "--as", kind, "--at", AT, &locked], more].concat());
    let (out, complaints, code) = with("client", &["--pass-file", &wrong]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(complaints.contains("ws01.pfx: the password does not open it"), "{complaints}");
    assert!(!complaints.contains("hunter2"), "{complaints}");
    let (_, complaints, code) = with("client", &[]);
    assert_eq!(code, 2);
    assert!(complaints.contains("protected by a password; name it by --pass-env"), "{complaints}");
    let (out, _, code) = with("deployment", &["--pass-file", &wrong]);
    assert_eq!(code, 1);
    assert!(out.contains("deployment/pkcs12") && out.contains("the password does not open it"), "{out}");
    let by_environment = cmprobe(&["inspect", "--as", "client", "--at", AT, &locked, "--pass-env", "PFX"])
        .args(["--ca-file", &files.path("root.cer")])
        .env("PFX", "secret")
        .output()
        .unwrap();
    assert_eq!(by_environment.status.code(), Some(0), "{}", String::from_utf8_lossy(&by_environment.stdout));
    let keyless = Pkcs12::export(&leaf, "secret").keys(&[]).der().unwrap();
    let (failing, code) = files.failing("deployment", &[&files.write("keyless.pfx", keyless)]);
    assert_eq!((failing.contains(&"deployment/pkcs12".to_owned()), code), (true, 1));
    let two = Pkcs12::export(&leaf, "secret").keys(&[KeyName::Rsa2048H]).der().unwrap();
    assert_eq!(files.failing("deployment", &[&files.write("two.pfx", two)]).1, 1);
}

#[test]
fn everything_wrong_with_the_files_is_told_at_once_and_nothing_is_judged() {
    let files = Files::new();
    let empty = files.write("empty.cer", "");
    let html = files.write("page.cer", "<html><body>404</body></html>");
    let huge = files.write("huge.cer", vec![0x30; 2 * 1024 * 1024]);
    let cut = files.write("cut.cer", &pki().root.der[..100]);
    let good = files.write("good.cer", &pki().root.der);
    let folder = files.0.path().to_str().unwrap().to_owned();
    let none = files.path("none.cer");
    let (out, complaints, code) = files.inspect("root", &[&empty, &html, &huge, &cut, &good, &folder, &none]);
    assert_eq!((out.as_str(), code), ("", 2));
    for words in [
        "empty.cer: is empty",
        "page.cer: this is no certificate file (DER, PEM, PKCS #7 or PKCS #12): it looks like HTML",
        "huge.cer: is larger than 1 MiB",
        "cut.cer: this is no certificate file",
        "is a directory",
        "none.cer: there is no such file",
    ] {
        assert!(complaints.contains(words), "{words}\n{complaints}");
    }
    assert_eq!(complaints.lines().count(), 6, "{complaints}");
}

#[test]
fn flags_that_say_nothing_of_a_kind_are_refused() {
    let files = Files::new();
    let good = files.write("good.cer", &pki().root.der);
    for (kind, more, words) in [
        ("root", vec!["--role", "mp"], "--role is for --as web-server"),
        ("client", vec!["--internet-name", "mp.contoso.com"], "--internet-name is for"),
        ("proxy", vec!["--name", "mp.contoso.com"], "dial --internet-name"),
        ("cloud-management-gateway", vec!["--name", "cmg.contoso.com"], "dial --internet-name"),
        ("sql-server", vec!["--internet-name", "sql01.contoso.com"], "--internet-name is for"),
        ("web-server", vec!["--cluster"], "--cluster is for --as sql-server"),
        ("root", vec![good.as_str(), "--key", good.as_str()], "give one FILE"),
        ("root", vec!["--system", "MP01"], "--definition"),
        ("web-server", vec!["--role", "fallback-status-point"], "it is one of"),
        ("webserver", vec![], "web-server, proxy, proxy-client, client, mobile-device"),
    ] {
        let (_, complaints, code) = files.inspect(kind, &[vec![good.as_str()], more].concat());
        assert_eq!(code, 2, "{complaints}");
        assert!(complaints.contains(words), "{words}: {complaints}");
    }
}

/// Requirement, verdict and evidence of what is about certificates.
fn about_certificates(findings: &[FindingReport], session: &[&str]) -> Vec<(String, VerdictWord, Vec<String>)> {
    let mut all: Vec<_> = findings
        .iter()
        .filter(|one| ["web-server/", "chain/"].iter().any(|subject| one.requirement.starts_with(subject)))
        .filter(|one| !session.contains(&one.requirement.as_ref()))
        .map(|one| (one.requirement.to_string(), one.verdict, one.observed.clone()))
        .collect();
    all.sort_by(|one, other| (&one.0, one.1.to_owned() as u8, &one.2).cmp(&(&other.0, other.1 as u8, &other.2)));
    all.dedup();
    all
}

#[test]
fn a_chain_file_gets_the_very_findings_of_the_endpoint_that_presents_it() {
    let ends = datetime!(2026-02-20 0:00 UTC);
    let bend = |recipe: Recipe| {
        recipe.no_eku().cn("wrong").dns(&["mp01.corp.contoso.com"]).valid(ends - time::Duration::days(700), ends)
    };
    let site = SmallSite::with(bend);
    let (out, _, _) = run(&[
        "check",
        &site.arg("site.toml"),
        "--no-http",
        "--no-stranger",
        "--at",
        AT,
        "-f",
        "json",
        "--show",
        "all",
    ]);
    let checked = Report::read(out.as_bytes()).unwrap();
    let leaf = issue(&bend(pki().web_server(&["mp01.corp.contoso.com", "mp.contoso.com"])));
    let files = Files::new();
    let chain = files.write("chain.pem", leaf.chain_pem());
    let session = ["web-server/key-usage", "chain/one-leaf", "chain/complete"];
    let names = ["--name", "mp01.corp.contoso.com", "--internet-name", "mp.contoso.com"];
    let (by_names, code) = files.report("web-server", &[&[chain.as_str(), "--role", "mp"], names.as_slice()].concat());
    assert_eq!(code, 1);
    let applies = |all: Vec<(String, VerdictWord, Vec<String>)>| -> Vec<_> {
        all.into_iter().filter(|(_, verdict, _)| *verdict != VerdictWord::NotApplicable).collect()
    };
    let expected = applies(about_certificates(&checked.findings, &session));
    assert!(expected.iter().any(|(id, verdict, _)| id == "web-server/internet-name" && *verdict == VerdictWord::Fail));
    assert_eq!(applies(about_certificates(&by_names.findings, &session)), expected);
    // The same by the definition.
    let (out, complaints, _) = run(&[
        "inspect",
        "--as",
        "web-server",
        &chain,
        "--definition",
        &site.arg("site.toml"),
        "--system",
        "mp01",
        "--at",
        AT,
        "-f",
        "json",
        "--show",
        "all",
    ]);
    assert_eq!(complaints, "");
    let by_definition = Report::read(out.as_bytes()).unwrap();
    assert_eq!(applies(about_certificates(&by_definition.findings, &session)), expected);
    let subjects: Vec<&str> = by_definition
        .findings
        .iter()
        .map(|one| one.requirement.split('/').next().unwrap())
        .filter(|subject| !["web-server", "chain", "revocation"].contains(subject))
        .collect();
    assert_eq!(subjects, Vec::<&str>::new(), "only what certificates decide");
    let (_, complaints, code) =
        run(&["inspect", "--as", "web-server", &chain, "--definition", &site.arg("site.toml"), "--system", "MP09"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("there are MP01"), "{complaints}");
}

#[test]
fn a_servers_certificates_keep_the_files_order() {
    let files = Files::new();
    let leaf = issue(&pki().web_server(&["mp01.corp.contoso.com"]));
    let (inside, outside) = (leaf.pem(), pki().issuing.pem());
    let ordered = files.write("ordered.pem", format!("{inside}{outside}"));
    let turned = files.write("turned.pem", format!("{outside}{inside}"));
    assert_eq!(files.failing("web-server", &[&ordered]), (vec![], 0));
    // The leaf is found and judged, and the order is told once.
    let told = vec!["chain/order".to_owned()];
    assert_eq!(files.failing("web-server", &[&turned]), (told.clone(), 0));
    let root_first = files.write("root-first.pem", format!("{}{outside}{inside}", pki().root.pem()));
    assert_eq!(files.failing("web-server", &[&root_first]), (told, 0));
    let (text, ..) = files.inspect("web-server", &[&root_first]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("3. CN=mp01.corp.contoso.com"), "{text}");
}

/// A file that can hold one certificate alone is not asked for a whole chain; and who is named as a root is told what it is.
#[test]
fn a_devices_file_below_an_issuer_nobody_has_is_undecided_and_its_advice_can_be_followed() {
    let files = Files::new();
    let without = |mut recipe: Recipe| {
        recipe.authority_information.clear();
        recipe
    };
    let device = files.write("device.cer", issue(&without(pki().mobile_device("jane"))).der);
    let (text, _, code) = files.inspect("mobile-device", &["--profile", "current-branch", &device]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, 3, "{text}");
    assert!(flat.contains("[trust] intermediates") && !flat.contains("whole chain"), "{text}");
    let server = files.write("server.cer", issue(&pki().web_server(&["mp01.corp.contoso.com"])).der);
    let (text, ..) = files.inspect("mobile-device", &["--ca-file", &server, &device]);
    assert!(text.contains("root-file-holds-no-authority"), "{text}");
}

#[test]
fn lines_hold_files_with_their_findings_and_can_be_compared() {
    let files = Files::new();
    let good = files.write("root", &pki().root.der);
    let before = files.path("before.jsonl");
    let (_, complaints, code) = files.inspect("root", &[&good, "-f", "jsonl", "-o", &before]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    assert!(fs::read_to_string(&before).unwrap().contains("{\"type\":\"file\""));
    files.write("root", &pki().issuing.der);
    let (out, _, code) = files.inspect("root", &[&good, "--baseline", &before]);
    assert_eq!(code, 1);
    assert!(out.contains("1 new diagnosis"), "{out}");
}

#[test]
fn check_judges_the_files_its_definition_names_and_assess_does_the_same() {
    let site = SmallSite::with(|recipe| recipe);
    site.write("signing.cer", issue(&pki().site_signing("pri")).der);
    site.write("ws01.pfx", pfx(&pki().client("ws01.corp.contoso.com").key(KeyName::Rsa4096)));
    site.write("phone.cer", issue(&pki().mobile_device("jane")).pem());
    site.write("wrong-root.cer", &pki().issuing.der);
    site.write("password", "secret");
    let definition =
        site.read("site.toml").replace("roots = [\"root.cer\"]", "roots = [\"root.cer\", \"wrong-root.cer\"]")
            + r#"
[site_server]
signing_certificate = "signing.cer"

[[client]]
name = "workstation"
kind = "computer"
pfx = "ws01.pfx"
password_file = "password"

[[client]]
name = "phone"
kind = "mobile-device"
certificate = "phone.cer"
"#;
    let definition = site.write("site.toml", definition);
    let flags = ["--at", AT, "-f", "json"];
    let saved = site.arg("seen.json");
    let (out, complaints, code) =
        run(&[&["check", &definition, "--no-http", "--no-stranger", "--save", &saved], flags.as_slice()].concat());
    assert_eq!((complaints.as_str(), code), ("", 1));
    let report = Report::read(out.as_bytes()).unwrap();
    let failing: Vec<(&str, &str)> = report
        .findings
        .iter()
        .filter(|finding| finding.fails())
        .map(|finding| (finding.requirement.as_ref(), finding.endpoint.as_str()))
        .collect();
    for expected in [
        ("site-server/site-code", "signing.cer"),
        ("client/key-length", "ws01.pfx"),
        ("mobile-device/der-encoding", "phone.cer"),
        ("root/standard", "wrong-root.cer"),
    ] {
        assert!(failing.contains(&expected), "{expected:?} is not among {failing:?}");
    }
    assert_eq!(report.files.len(), 5);
    let (assessed, complaints, _) = run(&[&["assess", &definition, &saved], flags.as_slice()].concat());
    assert_eq!(complaints, "");
    // What the run's options left out, its observations do not tell.
    let alike = |text: &str| {
        let mut report: serde_json::Value = serde_json::from_str(text).unwrap();
        report.as_object_mut().unwrap().remove("left_out");
        report
    };
    assert!(alike(&assessed) == alike(&out), "{assessed}\n{out}");
    // Where the observations are judged, the clients' keys need not be.
    fs::remove_file(site.path("ws01.pfx")).unwrap();
    let (_, complaints, code) = run(&[&["assess", &definition, &saved], flags.as_slice()].concat());
    assert_eq!(code, 1);
    assert!(complaints.contains("ws01.pfx: there is no such file; it is not judged"), "{complaints}");
}

#[test]
fn what_2007_does_not_have_is_held_against_what_has_it_unless_2007_was_meant() {
    let files = Files::new();
    let file = files.write("file.pfx", pfx(&pki().web_server(&["sql01.corp.contoso.com"]).no_eku()));
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    for kind in
        ["sql-server", "cloud-management-gateway", "sms-provider", "reporting-point", "distribution-point-client"]
    {
        let (report, code) = files.report(kind, &[&file]);
        let site = &report.run.site;
        assert_eq!((site.profile.name(), site.profile_source), ("current-branch", ProfileSource::Assumed), "{kind}");
        assert!(code == 1 && report.findings.iter().any(FindingReport::fails), "{kind}: {code}");
        let password = files.path("password");
        let inspect = ["inspect", "--as", kind, &file, "--at", AT, "--pass-file", &password];
        for declared in [["--profile", "native-mode-2007"], ["--definition", &definition]] {
            let (out, complaints, code) = run(&[inspect.as_slice(), &declared].concat());
            assert_eq!((out.as_str(), code), ("", 2), "{kind} {declared:?}");
            assert!(complaints.contains("native-mode-2007") && complaints.contains("current-branch"), "{complaints}");
        }
    }
    let client = files.write("client.pfx", pfx(&pki().client("ws01.corp.contoso.com")));
    let source = |more: &[&str]| {
        let site = files.report("client", &[&[client.as_str()], more].concat()).0.run.site;
        (site.profile.name(), site.profile_source)
    };
    assert_eq!(source(&[]), ("native-mode-2007", ProfileSource::Assumed));
    assert_eq!(source(&["--profile", "current-branch"]), ("current-branch", ProfileSource::Flag));
}

#[test]
fn a_leaf_alone_in_a_file_is_undecided_until_its_issuer_is_at_hand_and_stands_at_no_address() {
    let files = Files::new();
    let site = SmallSite::with(|recipe| recipe);
    let file = files.write("MP01.cer", issue(&pki().web_server(&["mp01.corp.contoso.com", "mp.contoso.com"])).der);
    let definition = site.arg("site.toml");
    let inspect = ["inspect", "--as", "web-server", &file, "--definition", &definition, "--system", "MP01", "--at", AT];
    let (out, complaints, code) = run(&[inspect.as_slice(), &["-f", "json", "--show", "all"]].concat());
    assert_eq!((complaints.as_str(), code), ("", 3), "{out}");
    assert!(!out.contains("0.0.0.0"), "{out}");
    let report = Report::read(out.as_bytes()).unwrap();
    let verdict = |id: &str| report.findings.iter().find(|one| one.requirement == id).map(|one| one.verdict);
    assert_eq!(verdict("chain/complete"), Some(VerdictWord::NotApplicable));
    assert_eq!(verdict("chain/leads-to-site-root"), Some(VerdictWord::Unknown));
    let (text, _, code) = run(&inspect);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(code == 3 && flat.contains("inspect --online") && !flat.contains("does not send"), "{text}");
    // What is wrong with it names the file, too, and no address.
    let bad = files.write("bad.cer", issue(&pki().web_server(&["other.contoso.com"]).no_eku()).der);
    let (out, _, code) =
        run(&["inspect", "--as", "web-server", &bad, "--definition", &definition, "--system", "MP01", "--at", AT]);
    assert!(code == 1 && !out.contains("0.0.0.0"), "{out}");
    let whole =
        files.write("whole.pem", issue(&pki().web_server(&["mp01.corp.contoso.com", "mp.contoso.com"])).chain_pem());
    let (out, _, code) =
        run(&["inspect", "--as", "web-server", &whole, "--definition", &definition, "--system", "MP01", "--at", AT]);
    assert_eq!(code, 0, "{out}");
}
