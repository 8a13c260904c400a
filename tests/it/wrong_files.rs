//! Every command given a file of another kind: it says what the file is and what is wanted, by name, and ends with 2.

use std::fs;

use crate::rows::Up;

/// What a kind of file is called, with the readers that take it.
struct Kind {
    file: &'static str,
    called: &'static str,
    taken_by: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind { file: "site.toml", called: "a site definition", taken_by: &["definition"] },
    Kind {
        file: "seen.jsonl",
        called: "observations that a run of cmprobe saved",
        taken_by: &["observations", "server"],
    },
    Kind { file: "report.json", called: "a report of cmprobe", taken_by: &["report", "server"] },
    Kind { file: "lines.jsonl", called: "a report of cmprobe", taken_by: &["report", "server"] },
    Kind { file: "report.html", called: "a report of cmprobe in HTML", taken_by: &[] },
    Kind { file: "report.csv", called: "a report of cmprobe in CSV", taken_by: &[] },
    Kind { file: "report.sarif", called: "a report of cmprobe in SARIF", taken_by: &[] },
    Kind { file: "report.xml", called: "a report of cmprobe in JUnit's XML", taken_by: &[] },
    Kind { file: "report.txt", called: "a report of cmprobe in text", taken_by: &[] },
    Kind { file: "report.ics", called: "a report of cmprobe in iCalendar", taken_by: &[] },
    Kind { file: "plan.json", called: "a plan of cmprobe", taken_by: &[] },
    Kind { file: "schema.json", called: "a JSON schema", taken_by: &[] },
    Kind { file: "export.json", called: "an export: JSON", taken_by: &["export"] },
    Kind { file: "export.csv", called: "an export: CSV", taken_by: &["export"] },
    Kind { file: "mplist.xml", called: "an export: a management point's MPList", taken_by: &["export"] },
    Kind { file: "mp.ldf", called: "an export: LDIF", taken_by: &["export"] },
    Kind { file: "list.txt", called: "a list of endpoints", taken_by: &["list"] },
    Kind { file: "root.cer", called: "a certificate file", taken_by: &["certificate", "server"] },
    Kind { file: "root.pem", called: "a certificate file", taken_by: &["certificate", "server"] },
    Kind { file: "client.pfx", called: "a PKCS #12 file", taken_by: &["certificate", "server", "pkcs12"] },
    Kind { file: "request.inf", called: "the configuration of a certificate request", taken_by: &[] },
];

/// Commands that read a file, FILE: what they want, and how they call it.
const READERS: &[(&str, &str, &str)] = &[
    ("definition", "a site definition is wanted", "plan FILE"),
    ("definition", "a site definition is wanted", "check FILE"),
    ("definition", "a site definition is wanted", "assess FILE seen.jsonl"),
    ("definition", "a site definition is wanted", "request MP01 --definition FILE"),
    ("definition", "a site definition is wanted", "init --from export.json --update FILE"),
    ("definition", "a site definition is wanted", "inspect --as client root.cer --definition FILE"),
    ("observations", "observations are wanted", "assess site.toml FILE"),
    ("report", "a report is wanted", "diff FILE report.json"),
    ("report", "a report is wanted", "diff report.json FILE"),
    ("report", "a report is wanted", "assess site.toml seen.jsonl --baseline FILE"),
    ("list", "a list of endpoints is wanted", "check --list FILE"),
    ("export", "an export is wanted", "init --from FILE"),
    ("certificate", "a certificate is wanted", "check mp=mp01.corp.contoso.com --ca-file FILE"),
    ("certificate", "a certificate is wanted", "check mp=mp01.corp.contoso.com --cert FILE"),
    ("pkcs12", "a PKCS #12 file (.pfx, .p12) is wanted", "check mp=mp01.corp.contoso.com --pfx FILE"),
    ("server", "a certificate is wanted", "inspect --as web-server FILE"),
];

fn folder() -> Up {
    let up = Up::healthy();
    let at = |name: &str| up.folder.path().join(name);
    let formats = [
        "json=report.json",
        "jsonl=lines.jsonl",
        "html=report.html",
        "csv=report.csv",
        "sarif=report.sarif",
        "junit=report.xml",
        "text=report.txt",
        "ics=report.ics",
    ];
    let mut words = vec!["check", "site.toml", "--save", "seen.jsonl", "-q", "-o", "said.txt"];
    words.extend(formats.iter().flat_map(|format| ["--report", *format]));
    let (_, complaints, code) = up.run(&words);
    assert_eq!((complaints.as_str(), code), ("", 0));
    let written = |name: &str, words: &[&str]| fs::write(at(name), up.run(words).0).unwrap();
    written("plan.json", &["plan", "site.toml", "--format", "json"]);
    written("schema.json", &["schema", "report"]);
    written("request.inf", &["request", "MP01", "--definition", "site.toml", "--use", "web-server"]);
    fs::copy(at("pki/contoso-root.cer"), at("root.cer")).unwrap();
    fs::copy(at("pki/workstation.pfx"), at("client.pfx")).unwrap();
    let root = data_encoding::BASE64.encode(&fs::read(at("root.cer")).unwrap());
    let lines: Vec<&str> = root.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    fs::write(at("root.pem"), pem).unwrap();
    for (name, text) in [
        (
            "export.json",
            r#"[{"RoleName":"SMS Management Point","SiteCode":"PRI","NetworkOSPath":"\\\\MP01.corp.contoso.com","SslState":1,"Type":2,"Props":[]}]"#,
        ),
        ("export.csv", "ServerName,RoleName,SiteCode\nMP01.corp.contoso.com,SMS Management Point,PRI\n"),
        ("mplist.xml", r#"<MPList><MP Name="MP01" FQDN="mp01.corp.contoso.com"><Version>9128</Version></MP></MPList>"#),
        ("mp.ldf", "dn: CN=SMS-MP-PRI,DC=contoso\ndNSHostName: mp01.corp.contoso.com\nmSSMSSiteCode: PRI\n"),
        ("list.txt", "# ours\nmp=mp01.corp.contoso.com\ndp01.corp.contoso.com:8443\n"),
    ] {
        fs::write(at(name), text).unwrap();
    }
    up
}

#[test]
fn a_file_of_another_kind_is_called_what_it_is_and_what_is_wanted_is_said_by_every_reader() {
    let up = folder();
    for kind in KINDS {
        for (_, wanted, command) in READERS.iter().filter(|(reader, ..)| !kind.taken_by.contains(reader)) {
            let command = command.replace("FILE", kind.file);
            let (out, complaints, code) = up.run(&command.split(' ').collect::<Vec<_>>());
            assert_eq!((out.as_str(), code), ("", 2), "{command}: {complaints}");
            assert!(complaints.contains(kind.file), "{command}: {complaints}");
            assert!(complaints.contains(&format!("is {}", kind.called)), "{command}: {complaints}");
            assert!(complaints.contains(wanted), "{command}: {complaints}");
            assert_eq!(complaints.trim_end().lines().count(), 1, "{command}: {complaints}");
        }
    }
}

#[test]
fn what_readers_do_not_know_they_tell_as_before_and_what_they_take_is_not_refused_for_its_look() {
    let up = folder();
    let at = |name: &str| up.folder.path().join(name);
    fs::write(at("notes.txt"), "call Kim about the list").unwrap();
    fs::write(at("noise.cer"), [0x9f, 0x00, 0xff, 0x12, 0x80]).unwrap();
    for (command, words) in [
        ("plan notes.txt", "notes.txt:1:6: this is not TOML"),
        ("assess site.toml notes.txt", "is no observation"),
        ("diff notes.txt report.json", "it is not JSON"),
        ("inspect --as client noise.cer", "this is no certificate file"),
    ] {
        let (_, complaints, code) = up.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 2, "{command}");
        assert!(complaints.contains(words), "{command}: {complaints}");
    }
    for command in ["plan site.toml", "diff report.json lines.jsonl", "init --from export.json", "init --from mp.ldf"] {
        let (_, complaints, code) = up.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 0, "{command}: {complaints}");
    }
}

#[test]
fn a_hyphen_is_standard_input_where_that_is_read_and_is_refused_everywhere_else() {
    let up = folder();
    for (command, words) in [
        ("check -", "a list is read from it by --list -"),
        ("check mp=-", "a list is read from it by --list -"),
        ("check mp=-x", "begins with a hyphen"),
        ("plan -", "standard input is not read here; name a file"),
        ("assess - seen.jsonl", "standard input is not read here; name a file"),
        ("assess site.toml -", "standard input is not read here; name a file"),
        ("inspect --as client -", "standard input is not read here; name a file"),
        ("request MP01 --definition -", "standard input is not read here; name a file"),
        ("init --from export.json --update -", "standard input is not read here; name a file"),
        ("check mp=mp01.corp.contoso.com --ca-file -", "standard input is not read here; name a file"),
        ("check mp=mp01.corp.contoso.com --pfx -", "standard input is not read here; name a file"),
        (
            "check mp=mp01.corp.contoso.com --pfx client.pfx --pass-file -",
            "standard input is not read here; name a file",
        ),
        ("diff - -", "standard input can be read once only"),
        ("check --list - --baseline -", "standard input can be read once only"),
        ("check --list -", "nothing to check"),
    ] {
        let (out, complaints, code) = up.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!((out.as_str(), code), ("", 2), "{command}: {complaints}");
        assert!(complaints.contains(words), "{command}: {complaints}");
    }
}
