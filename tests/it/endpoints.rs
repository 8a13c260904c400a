//! What `check` is pointed at: files are never looked up, what is no endpoint is told what it is, nothing is probed twice,
//! and what was given for nothing is said.

use std::fs;

use cmprobe::lab::pki::Pki;
use tempfile::TempDir;

use crate::program::{cmprobe, run};
use crate::small_site::{AT, SmallSite};

/// Runs `check` in a folder; it must refuse. Gives what it complained of.
#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    // A resolver nobody is at: whoever asks it fails otherwise than expected here.
    let all = [&["check"], arguments].concat();
    let output = cmprobe(&all).current_dir(folder.path()).output().unwrap();
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.stdout.as_slice(), output.status.code()), (&b""[..], Some(2)), "{complaints}");
    complaints
}

#[test]
fn what_looks_like_a_file_is_one_and_a_near_name_is_offered() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("site.toml"), "").unwrap();
    fs::create_dir(folder.path().join("sites")).unwrap();
    fs::write(folder.path().join("sites/pri.toml"), "").unwrap();
    for (text, words) in [
        ("site.tml", "site.tml: there is no such file; did you mean site.toml?"),
        ("site.toml.txt", "did you mean site.toml?"),
        (".\\site.toml", "did you mean ./site.toml?"),
        ("sites\\pri.toml", "did you mean sites/pri.toml?"),
        ("sites/pir.toml", "did you mean sites/pri.toml?"),
        ("stie.toml", "did you mean site.toml?"),
        ("elsewhere.toml", "elsewhere.toml: there is no such file"),
        ("servers.csv", "there is no such file"),
        ("no/such/folder/site.toml", "there is no such file"),
        ("10.0.0.0/24", "is a network, and no endpoint; list its hosts"),
        ("mp01.contoso.com/SMS_MP", "a path follows the host"),
        (
            "\"CONTOSO\\MP07$\"",
            "without its quotes, \u{201c}CONTOSO\\MP07$\u{201d} is a computer account, and no host; write its host name: mp07",
        ),
        (
            "CONTOSO\\MP07$",
            "\u{201c}CONTOSO\\MP07$\u{201d} is a computer account, and no host; write its host name: mp07",
        ),
    ] {
        let complaints = refused(&folder, &[text]);
        assert!(complaints.contains(words), "{text}: {complaints}");
        let complaints = refused(&folder, &[text, "mp01.contoso.com"]);
        assert!(complaints.contains(words), "{text}: {complaints}");
    }
    let output = cmprobe(&["plan", "site.tml"]).current_dir(folder.path()).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean site.toml?"));
}

#[test]
fn files_that_are_no_definition_are_told_what_reads_them() {
    let folder = TempDir::new().unwrap();
    for (name, text, words) in [
        ("list.txt", "mp01\n", "--list list.txt"),
        ("list.csv", "mp01\n", "--list list.csv"),
        ("saved.json", "{}", "cmprobe assess"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        assert!(refused(&folder, &[name]).contains(words));
    }
}

#[test]
fn a_definition_under_the_name_notepad_gives_it_is_found_and_to_be_renamed() {
    let site = SmallSite::with(|recipe| recipe);
    let folder = TempDir::new().unwrap();
    for (name, right) in [("site.toml.txt", "site.toml"), ("pri.txt", "pri.toml")] {
        let definition = site.write(name, site.read("site.toml"));
        let complaints = refused(&folder, &[&definition]);
        assert!(complaints.contains("is there") && complaints.contains(&format!("/{right}\n")), "{complaints}");
        // Where nothing but a definition can be meant, it is read.
        let (_, complaints, code) = run(&["plan", &definition]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{name}");
    }
    let definition = site.write("SITE.TML", site.read("site.toml"));
    let (out, complaints, code) = run(&["check", &definition, "--at", AT, "--no-stranger"]);
    assert_eq!((complaints.as_str(), code == 2), ("", false), "{out}");
}

#[test]
fn what_nothing_is_probed_of_is_said() {
    let site = SmallSite::with(|recipe| recipe);
    let text = site.read("site.toml")
        + "[[system]]\nname = \"BDP2\"\nintranet_fqdn = \"bdp2.corp\"\nroles = [\"branch-distribution-point\"]\n";
    let definition = site.write("site.toml", text);
    for only in ["BDP2", "bdp2", "branch-distribution-point"] {
        let (_, complaints, _) = run(&["check", &definition, "--only", only, "--at", AT]);
        assert!(
            complaints.contains(&format!("--only {only}: nothing of it is probed over HTTPS (BDP2")),
            "{complaints}"
        );
    }
    let (_, complaints, _) = run(&["check", &definition, "--only", "MP01", "--at", AT, "--no-stranger"]);
    assert_eq!(complaints, "");
    let (_, complaints, _) = run(&["check", &definition, "--only", "sup", "--at", AT]);
    assert!(complaints.contains("--only sup: nothing of it is probed"), "{complaints}");
}

#[test]
fn what_lists_hold_beside_endpoints_is_told_at_its_line_and_nothing_is_probed() {
    let folder = TempDir::new().unwrap();
    let list = "# export\n10.0.0.0/24\nCONTOSO\\MP07$\n\"mp01\"\nmp01,443\n10.0.0.1-20\n*.contoso.com\n[fe80::7%eth0]:443\nok\n";
    fs::write(folder.path().join("list.txt"), list).unwrap();
    let complaints = refused(&folder, &["--list", "list.txt"]);
    for (line, words) in [
        (2, "a network"),
        (3, "a computer account"),
        (4, "quotes"),
        (5, "write mp01:443"),
        (6, "a range"),
        (7, "a pattern"),
        (8, "zones are not taken"),
    ] {
        let told = complaints.lines().any(|one| one.contains(&format!("list.txt:{line}:1: ")) && one.contains(words));
        assert!(told, "{line}: {complaints}");
    }
    assert_eq!(complaints.lines().count(), 7, "{complaints}");
}

#[test]
fn an_endpoint_named_twice_is_probed_once_and_a_path_is_ignored_aloud() {
    let site = SmallSite::with(|recipe| recipe);
    let at = site.address();
    let (url, list) =
        (format!("https://{at}/SMS_MP/.sms_aut?MPLIST"), site.write("list.txt", format!("{at}\nhttps://{at}/x\n")));
    let root = site.arg("root.cer");
    let rest = ["--ca-file", &root, "--at", AT, "--revocation", "off", "-f", "json"];
    let (out, complaints, _) = run(&[&["check", &at.to_string(), &url, "--list", &list], &rest[..]].concat());
    assert!(out.contains("\"endpoints\": 1,"), "{out}");
    assert!(complaints.contains("the path /SMS_MP/.sms_aut?MPLIST is ignored"), "{complaints}");
    assert!(complaints.contains("list.txt: the path of the URL in line 2 is ignored"), "{complaints}");
    assert!(complaints.contains("3 endpoints are named again, and probed once each"), "{complaints}");
    let (_, complaints, _) = run(&[&["check", &at.to_string(), &url, "--quiet"], &rest[..]].concat());
    assert_eq!(complaints, "");
}

#[test]
fn pins_and_passwords_given_for_nothing_are_said() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let (cert, key) = (site.write("ws01.cer", client.pem()), site.write("ws01.key", client.key_pem()));
    let (password, root) = (site.write("password", "secret\n"), site.arg("root.cer"));
    let port = site.address().port();
    let (used, unused) = (format!("mp01.corp.contoso.com:{port}:127.0.0.1"), "mp01.corp.contoso.com:444:127.0.0.1");
    let endpoint = format!("mp01.corp.contoso.com:{port}");
    let base = ["check", &endpoint, "--ca-file", &root, "--at", AT, "--revocation", "off", "--resolve", &used];
    let (_, complaints, _) = run(&base);
    assert_eq!(complaints, "");
    let (_, complaints, _) = run(&[&base[..], &["--resolve", unused]].concat());
    assert!(
        complaints.contains("--resolve mp01.corp.contoso.com: this name at port 444 was asked for by nothing"),
        "{complaints}"
    );
    let (_, complaints, _) = run(&[&base[..], &["--pass-file", &password]].concat());
    assert!(complaints.contains("nothing is to be opened by it"), "{complaints}");
    let identity = ["--cert", &cert, "--key", &key, "--pass-file", &password];
    let (_, complaints, _) = run(&[&base[..], &identity].concat());
    assert!(complaints.contains("ws01.key: its key opens without a password"), "{complaints}");
}

#[test]
fn addresses_of_other_machines_are_refused_before_anything_is_probed() {
    let site = SmallSite::with(|recipe| recipe);
    let folder = TempDir::new().unwrap();
    let complaints = refused(&folder, &["127.0.0.1:1", "--source-ip", "192.0.2.9"]);
    assert!(complaints.contains("--source-ip 192.0.2.9: this is no address of this machine"), "{complaints}");
    let text = site.read("site.toml").replacen(
        "network = \"internet\"",
        "network = \"internet\"\nsource_ip = \"192.0.2.9\"",
        1,
    );
    let line = text
        .lines()
        .collect::<Vec<_>>()
        .windows(2)
        .position(|pair| pair[0] == "[[vantage]]" && pair[1] == "name = \"internet\"");
    let definition = site.write("elsewhere.toml", &text);
    let complaints = refused(&folder, &[&definition]);
    let place = format!("{definition}:{}: the vantage internet stands at 192.0.2.9", line.unwrap() + 1);
    assert!(complaints.contains(&place), "{complaints}");
    // Who stands elsewhere need not be here.
    let (_, complaints, code) = run(&["check", &definition, "--vantage", "intranet", "--at", AT, "--no-stranger"]);
    assert_eq!((complaints.as_str(), code == 2), ("", false));
}

#[test]
fn no_complaint_repeats_a_secret() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        ["127.0.0.1:1", "--proxy", "http://svc:Gehe1m-26@127.0.0.1:9"],
        ["127.0.0.1:1", "--proxy", "http://svc:Gehe1m-26"],
        ["127.0.0.1:1", "--proxy", "socks5://Gehe1m-26@127.0.0.1:9"],
        ["127.0.0.1:1", "--proxy", "http://127.0.0.1:9/Gehe1m-26"],
        ["https://svc:Gehe1m-26@127.0.0.1:1", "-f", "text"],
        ["svc:Gehe1m-26@127.0.0.1:1", "-f", "text"],
        ["\"svc:Gehe1m-26@127.0.0.1:1\"", "-f", "text"],
    ] {
        let complaints = refused(&folder, &arguments);
        assert!(!complaints.contains("Gehe1m"), "{complaints}");
    }
    let site = SmallSite::with(|recipe| recipe);
    let pfx = site.write("ws.pfx", b"\x30\x00");
    let complaints = refused(&folder, &["127.0.0.1:1", "--pfx", &pfx, "--pass-env", "Gehe1m-26"]);
    assert!(complaints.contains("no environment variable's name") && !complaints.contains("Gehe1m"), "{complaints}");
}

#[cfg(unix)]
#[test]
fn that_few_files_may_be_open_is_said_and_leaves_more_than_one_connection() {
    let site = SmallSite::with(|recipe| recipe);
    let endpoint = site.address().to_string();
    let limited = "ulimit -n 256 && exec \"$0\" \"$@\"";
    let output = std::process::Command::new("/bin/sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_cmprobe"), "check", &endpoint, "--at", AT])
        .args(["--ca-file", &site.arg("root.cer"), "--no-tls-versions"])
        .env_clear()
        .output()
        .unwrap();
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(complaints.contains("this process may open 256 files; 64 connections at once"), "{complaints}");
}

/// As curl has it: of two `--resolve` for one host and port the last counts, which is said; commas give several addresses.
#[test]
fn of_two_addresses_given_for_a_name_the_last_is_dialled_and_that_is_said() {
    let name = "mp01.corp.contoso.com:1";
    let dialled = |pins: &[&str]| {
        let pins: Vec<String> = pins.iter().map(|addresses| format!("{name}:{addresses}")).collect();
        let pins = pins.iter().flat_map(|pin| ["--resolve", pin]);
        let all: Vec<&str> = ["check", name, "--no-http", "-f", "json"].into_iter().chain(pins).collect();
        let (out, complaints, _) = run(&all);
        let report = cmprobe::report::document::Report::read(out.as_bytes()).unwrap();
        let addresses = report.endpoints.iter().filter_map(|one| Some(one.address?.ip().to_string()));
        (addresses.collect::<Vec<_>>(), complaints.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (addresses, complaints) = dialled(&["127.0.0.1", "127.0.0.2"]);
    assert_eq!(addresses, ["127.0.0.2"]);
    let said = "--resolve mp01.corp.contoso.com:1:127.0.0.1: given again further on, and the last one counts";
    assert!(complaints.contains(said) && !complaints.contains("asked for by nothing"), "{complaints}");
    let (addresses, complaints) = dialled(&["127.0.0.1,127.0.0.2"]);
    assert_eq!(addresses, ["127.0.0.1", "127.0.0.2"]);
    assert!(!complaints.contains("--resolve"), "{complaints}");
}
