//! Bad input, one kind after the other: a clear complaint with the file's name, exit 2, and nothing probed.

use cmprobe::lab::pki::{KeyName, Pkcs12, Pki, pkcs7};

use crate::program::run;
use crate::small_site::SmallSite;

/// Runs `check`, which must refuse; what it complained of.
#[track_caller]
fn refused(site: &SmallSite, arguments: &[&str]) -> Vec<String> {
    let before = site.connections();
    let (out, complaints, code) = run(&[&["check"], arguments].concat());
    assert_eq!((out.as_str(), code), ("", 2), "{complaints}");
    assert_eq!(site.connections(), before, "something was probed");
    complaints.lines().map(str::to_owned).collect()
}

#[test]
fn every_fault_of_a_definition_is_told_with_its_place() {
    let site = SmallSite::with(|recipe| recipe);
    let text = site
        .read("site.toml")
        .replace("code = \"PRI\"", "code = \"PRIM\"")
        .replace("profile = \"native-mode-2007\"", "profile = \"native\"")
        .replace("roles = [", "rolls = [")
        .replace("network = \"internet\"", "network = \"outside\"");
    let text = format!("{text}\n[[waiver]]\nrequirement = \"web-server/no-such\"\nreason = \"\"\n");
    let definition = site.write("bad.toml", text);
    let complaints = refused(&site, &[&definition]);
    assert!(complaints.len() >= 5, "{complaints:#?}");
    for complaint in &complaints {
        let place = complaint.strip_prefix("cmprobe: ").and_then(|rest| rest.strip_prefix(&definition)).unwrap();
        let mut numbers = place.split(':').skip(1);
        assert!(numbers.next().unwrap().parse::<usize>().is_ok(), "{complaint}");
        assert!(numbers.next().unwrap().parse::<usize>().is_ok(), "{complaint}");
    }
}

#[test]
fn a_waiver_of_no_requirement_is_a_fault() {
    let site = SmallSite::with(|recipe| recipe);
    let text = site.read("site.toml")
        + "\n[[waiver]]\nrequirement = \"web-server/key-lenght\"\nsystem = \"MP01\"\nreason = \"soon\"\n";
    let definition = site.write("waiver.toml", text);
    let complaints = refused(&site, &[&definition]);
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].contains("did you mean \"web-server/key-length\"?"), "{complaints:?}");
}

#[test]
fn every_file_a_definition_names_must_be_what_it_is_for() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let good = pki.root.pem();
    let line = site.read("site.toml").lines().position(|line| line.starts_with("roots")).unwrap() + 1;
    let big = std::fs::File::create(site.path("big.cer")).unwrap();
    big.set_len(100 * 1024 * 1024).unwrap();
    std::fs::create_dir(site.path("folder.cer")).unwrap();
    let pfx = Pkcs12::export(&pki.root, "secret").der().unwrap();
    for (name, bytes, what) in [
        ("missing.cer", None, "there is no such file"),
        ("folder.cer", None, "is a directory"),
        ("big.cer", None, "is larger than 1 MiB"),
        ("empty.cer", Some(Vec::new()), "is empty"),
        ("key.cer", Some(pki.root.key_pem().into()), "no certificate"),
        ("text.cer", Some(b"hello, world\n".to_vec()), "text"),
        ("page.cer", Some(b"<html>404</html>".to_vec()), "HTML"),
        ("cut.cer", Some(pki.root.der[..300].to_vec()), "cut short"),
        ("half.cer", Some([good.as_bytes(), &good.as_bytes()[..400]].concat()), "cut off or damaged"),
        ("root.pfx", Some(pfx), "PKCS #12"),
    ] {
        if let Some(bytes) = bytes {
            site.write(name, bytes);
        }
        let definition = site.write("bad.toml", site.definition(443, name));
        let complaints = refused(&site, &[&definition]);
        let [complaint] = complaints.as_slice() else { panic!("{name}: {complaints:?}") };
        assert!(complaint.contains(&format!("{definition}:{line}: ")), "{complaint}");
        assert!(complaint.contains(name) && complaint.contains(what), "{complaint}");
        // The same file on the command line.
        let complaints = refused(&site, &["localhost:1", "--ca-file", &site.arg(name)]);
        let [complaint] = complaints.as_slice() else { panic!("{name}: {complaints:?}") };
        assert!(complaint.contains(name) && complaint.contains(what), "{complaint}");
    }
}

#[test]
fn roots_are_read_in_every_encoding() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    for (name, bytes) in [
        ("root.der", pki.root.der.clone()),
        ("root.pem", pki.root.pem().into_bytes()),
        ("bundle.pem", format!("a note\n{}{}", pki.issuing.pem(), pki.root.pem()).into_bytes()),
        ("root.p7b", pkcs7(&[&pki.root.der]).unwrap()),
    ] {
        site.write(name, bytes);
        let definition = site.write("good.toml", site.definition(site.address().port(), name));
        let (out, complaints, _) =
            run(&["check", &definition, "--no-http", "--at", crate::small_site::AT, "--show", "all"]);
        assert_eq!(complaints, "", "{name}");
        let passed = out.split("\nPassed\n").nth(1).unwrap_or_default();
        assert!(passed.contains("chain/leads-to-site-root"), "{name}: {out}");
    }
}

#[test]
fn client_identities_are_opened_before_anything_is_probed() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("workstation")).unwrap();
    let pfx = site.write("client.pfx", Pkcs12::export(&client, "secret").der().unwrap());
    let certificate = site.write("client.cer", &client.der);
    let key = site.write("client.key", client.key_pem());
    let wrong = site.write("wrong.txt", "not it\n");
    let right = site.write("right.txt", "secret\r\nand more\n");
    let foreign = site.write("foreign.key", KeyName::Rsa3072.pem());
    let address = site.address().to_string();
    for (arguments, what) in [
        (vec!["--pfx", &pfx], "protected by a password"),
        (vec!["--pfx", &pfx, "--pass-file", &wrong], "the password does not open it"),
        (vec!["--pfx", &pfx, "--pass-env", "CMPROBE_NOT_SET"], "CMPROBE_NOT_SET is not set"),
        (vec!["--pfx", &certificate], "is a certificate file, and a PKCS #12 file (.pfx, .p12) is wanted"),
        (vec!["--cert", &certificate], "no private key"),
        (vec!["--cert", &certificate, "--key", &foreign], "does not belong to the certificate"),
        (vec!["--cert", &certificate, "--key", &certificate], "no private key"),
        (vec!["--cert", "/nowhere.cer", "--key", &key], "there is no such file"),
    ] {
        let complaints = refused(&site, &[&[address.as_str()], arguments.as_slice()].concat());
        let [complaint] = complaints.as_slice() else { panic!("{arguments:?}: {complaints:?}") };
        assert!(complaint.contains(what), "{arguments:?}: {complaint}");
        assert!(!complaint.contains("not it"), "{complaint}");
    }
    for arguments in [vec!["--pfx", &pfx, "--pass-file", &right], vec!["--cert", &certificate, "--key", &key]] {
        let (_, complaints, code) = run(&[
            &["check", address.as_str(), "--at", crate::small_site::AT, "--revocation", "off"],
            arguments.as_slice(),
        ]
        .concat());
        assert!(complaints.is_empty() && code != 2, "{arguments:?}: {complaints}");
    }
}

#[test]
fn usage_that_makes_no_sense_is_refused() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    for (arguments, what) in [
        (vec![], "nothing to check"),
        (vec![definition.as_str(), "mp01"], "is a definition"),
        (vec![definition.as_str(), definition.as_str()], "several definitions"),
        (vec!["nowhere.toml"], "nowhere.toml: there is no such file"),
        (vec!["./nowhere"], "./nowhere: there is no such file"),
        (vec!["xy=host"], "is no role"),
        (vec!["fsp=host"], "plain HTTP"),
        (vec!["host:0"], "no port"),
        (vec!["--list", "/nowhere.txt"], "/nowhere.txt: there is no such file"),
        (vec!["host", "--vantage", "intranet"], "--vantage names a vantage of a definition"),
        (vec![definition.as_str(), "--vantage", "moon"], "the definition's vantages are intranet, internet"),
        (vec![definition.as_str(), "--only", "MP09"], "systems, clusters and proxies are MP01"),
        (vec![definition.as_str(), "--site-code", "PRI"], "--site-code is for endpoints"),
        (vec!["host", "-f", "pdf"], "text, html, json, jsonl"),
        (vec!["host", "--at", "yesterday"], "2027-05-31"),
        (vec!["host", "--timeout", "5"], "500ms, 5s"),
        (vec!["host", "--concurrency", "0"], "--concurrency"),
        (vec!["host", "--per-host", "many"], "a whole number from 1 on"),
        (vec!["host", "--sni", ""], "a name of DNS"),
        (vec!["host", "--sni", "a b"], "a name of DNS"),
        (vec!["host", "--sni", "mp01.contoso.com."], "without a dot at its end"),
        (vec!["host", "--sni", "10.1.0.21"], "never an address"),
        (vec!["host", "--sni", "2001:db8::1"], "never an address"),
        (vec!["host", "--site-code", "L007"], "three letters or digits"),
        (vec!["host", "--resolve", "host:443"], "HOST:PORT:ADDR"),
        (vec!["host", "--proxy", "https://proxy:1"], "http://HOST:PORT"),
        (vec!["host", "--proxy", "http://user:hunter2@proxy:1"], "user name or password"),
        (vec!["host", "--key", "k.pem"], "--cert"),
        (vec!["host", "-4", "-6"], "cannot be used with"),
        (vec!["host", "-o", "/nowhere/report.txt"], "/nowhere/report.txt: cannot be written: there is no such folder"),
        (vec!["host", "--save", "/nowhere/seen.json"], "/nowhere/seen.json: cannot be written"),
    ] {
        let complaints = refused(&site, &arguments).join("\n");
        assert!(complaints.contains(what), "{arguments:?}: {complaints}");
        assert!(!complaints.contains("hunter2"), "{complaints}");
    }
}

#[test]
fn a_list_tells_all_its_faults() {
    let site = SmallSite::with(|recipe| recipe);
    let list = site.write("list.txt", "good.example\nmp=bad:port\n# fine\n  http://x/y\n");
    let complaints = refused(&site, &["--list", &list]);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(complaints[0].contains("list.txt:2:8: "), "{complaints:?}");
    assert!(complaints[1].contains("list.txt:4:3: "), "{complaints:?}");
    let latin = site.write("latin.txt", b"one\nm\xfcnchen\n");
    let complaints = refused(&site, &["--list", &latin]);
    assert!(complaints[0].contains("latin.txt: line 2 is not UTF-8"), "{complaints:?}");
}

/// A pipe with a name may have nobody who writes to it, and reading it would not end; one that a shell passes has somebody.
#[cfg(unix)]
#[test]
fn a_named_pipe_is_refused_and_what_a_shell_passes_is_read() {
    let site = SmallSite::with(|recipe| recipe);
    let pipe = site.path("pipe.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let good = site.arg("site.toml");
    for arguments in [&[pipe][..], &["--list", pipe], &[&good, "--ca-file", pipe], &[&good, "--baseline", pipe]] {
        let complaints = refused(&site, arguments);
        assert!(complaints.iter().any(|line| line.contains("is a named pipe")), "{arguments:?}: {complaints:?}");
    }
    let program = env!("CARGO_BIN_EXE_cmprobe");
    let words = format!("'{program}' check --list /dev/fd/3 --no-http 3< <(echo '# nobody')");
    let passed = std::process::Command::new("bash").args(["-c", &words]).output().unwrap();
    let complaints = String::from_utf8_lossy(&passed.stderr).into_owned();
    assert!(!complaints.contains("named pipe"), "{complaints}");
}

/// An empty file, or an empty line, is the empty password, where that is the one.
#[test]
fn an_empty_password_file_opens_what_has_an_empty_password() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let pfx = site.write("client.pfx", Pkcs12::export(&client, "").der().unwrap());
    let locked = site.write("locked.pfx", Pkcs12::export(&client, "secret").der().unwrap());
    for bytes in [&b""[..], b"\n", b"\r\n", b"\xef\xbb\xbf", b"\n\n"] {
        let file = site.write("password.txt", bytes);
        for command in [&["check", "127.0.0.1:1", "-q", "--pfx"][..], &["inspect", "--as", "client", "-q"]] {
            let with = |pfx: &str| run(&[command, &[pfx, "--pass-file", &file]].concat());
            let (_, complaints, code) = with(&pfx);
            assert!(code != 2 && !complaints.contains("password"), "{command:?}, {bytes:?}: {complaints}");
            let (_, complaints, code) = with(&locked);
            let is_said = complaints.contains("does not open it") && complaints.contains("password.txt is empty");
            assert!(code == 2 && is_said, "{command:?}, {bytes:?}: {complaints}");
        }
    }
}

/// A password's file that holds no password says so, whatever marks stand in it.
#[test]
fn a_password_file_that_holds_nothing_is_said_to_be_empty() {
    let site = SmallSite::with(|recipe| recipe);
    let pfx = Pkcs12::export(&Pki::lab().unwrap().root, "secret").der().unwrap();
    let pfx = site.write("client.pfx", pfx);
    let good = site.arg("site.toml");
    for (bytes, words) in [
        (&b""[..], "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\nsecret\n", "has an empty first line"),
        (b"\xef\xbb\xbf\r\nsecret\r\n", "has an empty first line"),
    ] {
        let file = site.write("password.txt", bytes);
        let complaints = refused(&site, &[&good, "--pfx", &pfx, "--pass-file", &file]).join(" ");
        assert!(
            complaints.contains(&format!("password.txt {words}"))
                || complaints.contains(&format!("password.txt: {words}")),
            "{bytes:?}: {complaints}"
        );
    }
}
