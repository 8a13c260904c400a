//! What is asked, of people and of management points: what ends the program at a prompt or while it waits for a list leaves
//! the terminal as it was and says how it ended, and of one management point the list is asked once before the run.

use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use cmprobe::lab::pki::{Pkcs12, Pki, pem};

use crate::management_point::{self, At, Files, INTRANET};
use crate::nginx;
use crate::program::run;
use crate::servers::{Folder, Server};

/// The program at a terminal of its own, by `script`.
struct AtTerminal {
    script: Child,
    shown: ChildStdout,
    folder: Folder,
}

impl AtTerminal {
    /// Starts it; how it ends and whether the terminal echoes afterwards is shown behind what it says.
    fn start(folder: Folder, arguments: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_cmprobe");
        let lines = format!(
            "sh -c 'echo $$ > {}; exec {program} {arguments}'\necho \"code $?\"\nstty -a | tr ' ;' '\\n' | grep -xe -echo -e echo\n",
            folder.arg("pid")
        );
        let lines = folder.write("run.sh", lines);
        let mut script = Command::new("script")
            .args(["-qec", &format!("sh {lines}"), "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let shown = script.stdout.take().unwrap();
        Self { script, shown, folder }
    }

    /// Waits until it asks so.
    fn asks(&mut self, words: &str) {
        let mut shown = Vec::new();
        let mut next = [0];
        while !String::from_utf8_lossy(&shown).ends_with(words) {
            assert_eq!(self.shown.read(&mut next).unwrap(), 1, "{}", String::from_utf8_lossy(&shown));
            shown.push(next[0]);
        }
    }

    /// Types a line.
    fn types(&mut self, line: &str) {
        let input = self.script.stdin.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
    }

    /// Signals the program; what is shown from then on.
    fn signalled(mut self, signal: &str) -> String {
        let pid = fs::read_to_string(self.folder.path("pid")).unwrap();
        signal_to(pid.trim(), signal);
        let mut rest = Vec::new();
        // The other end of a terminal whose last user has gone fails to be read, or is at its end.
        let _ = self.shown.read_to_end(&mut rest);
        self.script.wait().unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    }
}

fn signal_to(pid: &str, signal: &str) {
    assert!(Command::new("kill").args(["-s", signal, pid]).status().unwrap().success());
}

#[test]
fn a_terminal_that_asks_for_a_password_is_given_back_whatever_ends_the_program() {
    for signal in ["HUP", "TERM", "INT", "QUIT"] {
        let folder = Folder::new();
        let client = management_point::client();
        let locked = folder.write("client.pfx", Pkcs12::export(&client, "secret").der().unwrap());
        let mut asked = AtTerminal::start(folder, &format!("inspect --as client {locked}"));
        asked.asks("client.pfx: ");
        let rest = asked.signalled(signal);
        let words: Vec<&str> = rest.split_whitespace().collect();
        assert_eq!(words, ["code", "130", "echo"], "{signal}: {rest}");
    }
}

#[test]
fn a_definition_half_asked_for_is_not_written() {
    let folder = Folder::new();
    let target = folder.arg("new.toml");
    let mut asked = AtTerminal::start(folder, &format!("init -o {target}"));
    asked.asks("Site code: ");
    asked.types("PRI");
    asked.asks("PRI");
    let rest = asked.signalled("HUP");
    assert!(rest.contains("code 129") && rest.trim_end().ends_with("echo"), "{rest}");
    assert!(!fs::exists(target).unwrap());
}

#[test]
fn a_run_ended_while_a_list_is_awaited_reports_that_it_was() {
    for arguments in [&["check", "mp=HERE"][..], &["check", "HERE", "--discover"]] {
        for signal in ["HUP", "TERM", "INT"] {
            let silent = TcpListener::bind("127.0.0.1:0").unwrap();
            let here = silent.local_addr().unwrap().to_string();
            let child = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
                .args(arguments.iter().map(|word| word.replace("HERE", &here)))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let _connection = silent.accept().unwrap();
            signal_to(&child.id().to_string(), signal);
            let output = child.wait_with_output().unwrap();
            let (out, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.status.code(), Some(3), "{arguments:?}, {signal}: {out}{complaints}");
            assert!(complaints.contains("ended early"), "{complaints}");
        }
    }
}

/// A management point that lets anybody have its list and writes down what it is asked.
fn counting(log: &str) -> Server {
    listing(log, |_| String::new())
}

/// The same, with settings in the list's entry, which may name the port that is not for HTTPS.
fn listing(log: &str, settings: impl Fn(u16) -> String) -> Server {
    nginx::start(2, |folder, address, ports| {
        let Files { pair, roots, answers } = management_point::write(folder);
        let [https, http] = ports else { panic!("two ports") };
        let list = fs::read_to_string(folder.path("MPLIST")).unwrap();
        let capabilities = "<Capabilities SchemaVersion=\"1.0\"/>";
        assert!(list.contains(capabilities));
        folder
            .write("MPLIST", list.replace(capabilities, &format!("<Capabilities>{}</Capabilities>", settings(*http))));
        format!(
            "http {{\nlog_format asked '$request_uri $ssl_client_verify';\n\
             map $args $answer {{ default none; MPLIST MPLIST; MPCERT MPCERT; SITESIGNCERT SITESIGNCERT; }}\n\
             server {{\nlisten {address}:{https} ssl;\naccess_log {log} asked;\n\
             ssl_certificate {};\nssl_certificate_key {};\n\
             ssl_verify_client optional;\nssl_client_certificate {roots};\nssl_verify_depth 3;\n\
             location = /SMS_MP/.sms_aut {{ default_type text/xml; root {answers}; try_files /$answer =404; }}\n}}\n\
             server {{ listen {address}:{http}; return 403; }}\n}}",
            pair.certificate, pair.key
        )
    })
}

#[test]
fn a_list_is_asked_for_once_before_the_run_and_as_the_plan_says_in_it() {
    let folder = Folder::new();
    let log = folder.write("asked.log", "");
    let server = counting(&log);
    let at = At { address: server.address(), https: server.port(0), http: server.port(1) };
    let site = management_point::definition(&folder, at, None, "");
    let root = folder.write("root.pem", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let host = format!("{}:{}", server.address(), server.port(0));
    let asked = |arguments: &[&str]| {
        folder.write("asked.log", "");
        let (out, complaints, code) = run(&[&["check"], arguments, &["--revocation", "off", "--quiet"]].concat());
        assert!(code == 0 || code == 1 || code == 3, "{out}{complaints}");
        let text = fs::read_to_string(&log).unwrap();
        let of =
            |verified: &str| text.lines().filter(|line| line.ends_with(verified) && line.contains("?MPLIST")).count();
        (of("NONE"), of("SUCCESS"))
    };
    // The run itself asks as anybody and as a client, where there is one; --discover once more before it.
    assert_eq!(asked(&[&site]), (1, 1));
    assert_eq!(asked(&[&site, "--discover"]), (1, 2));
    // A host is asked once beforehand, with --discover no more than that; endpoints of a list never are.
    let as_role = format!("mp={host}");
    assert_eq!(asked(&[&as_role, "--ca-file", &root]), (2, 0));
    assert_eq!(asked(&[&as_role, "--ca-file", &root, "--discover"]), (2, 0));
    assert_eq!(asked(&[&host, "--ca-file", &root, "--discover"]), asked(&[&host, "--ca-file", &root]));
    let list = folder.write("list.txt", format!("{as_role}\n"));
    assert_eq!(asked(&["--list", &list, "--ca-file", &root]), (1, 0));
}

#[test]
fn of_a_bare_host_that_is_a_management_point_the_list_gives_the_others() {
    let folder = Folder::new();
    let server = counting(&folder.write("asked.log", ""));
    let root = folder.write("root.pem", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let (address, port) = (server.address(), server.port(0));
    let host = format!("{address}:{port}");
    let leads = format!("{INTRANET}:{port}:{address}");
    let names = |further: &[&str]| -> Vec<String> {
        let common = ["--ca-file", &root, "--revocation", "off", "--format", "json", "--quiet", "--resolve", &leads];
        let (out, complaints, _) = run(&[&["check", host.as_str()], &common[..], further].concat());
        let report: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {complaints}"));
        report["endpoints"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let alone = names(&[]);
    assert_eq!(alone, [address.to_string()]);
    assert_eq!(names(&["--discover"]), [address.to_string(), INTRANET.to_owned()]);
}

#[test]
fn whom_a_list_names_with_a_port_is_probed_there() {
    let folder = Folder::new();
    let port_of = |port: u16| format!("<Property Name=\"HTTPSPort\" Value=\"{port}\"/>");
    let server = listing(&folder.write("asked.log", ""), port_of);
    let root = folder.write("root.pem", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let (address, port, named) = (server.address(), server.port(0), server.port(1));
    let host = format!("mp={address}:{port}");
    let leads = format!("{INTRANET}:{named}:{address}");
    let common = ["--ca-file", &root, "--revocation", "off", "--format", "json", "--quiet", "--resolve", &leads];
    let addresses = |further: &[&str]| -> Vec<String> {
        let (out, complaints, _) = run(&[&["check", host.as_str()], &common[..], further].concat());
        let report: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {complaints}"));
        let endpoints = report["endpoints"].as_array().unwrap();
        endpoints.iter().map(|one| one["address"].as_str().unwrap().to_owned()).collect()
    };
    let (alone, both) = (format!("{address}:{port}"), format!("{address}:{named}"));
    assert_eq!(addresses(&["--discover"]), [alone.clone(), both]);
    assert_eq!(addresses(&[]), [alone]);
    // The command that is named for the rest says the port too.
    let (_, notes, _) = run(&["check", &host, "--ca-file", &root, "--revocation", "off", "--resolve", &leads]);
    assert!(notes.contains(&format!("cmprobe check mp={INTRANET}:{named}")), "{notes}");
}
