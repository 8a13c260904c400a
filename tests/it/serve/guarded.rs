//! TLS and passwords, as Prometheus' exporters are configured; and observations, which are handed out behind them alone and
//! met as one site.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use cmprobe::lab::pki::Organization;
use data_encoding::BASE64;
use openssl::ssl::{SslConnector, SslMethod, SslVersion};
use time::OffsetDateTime;

use super::exporter::{Answer, Exporter};
use crate::program::run;
use crate::rows::Up;
use crate::small_site::SmallSite;

/// Asks over TLS, believing the root in a file, perhaps as somebody.
fn ask(exporter: &Exporter, root: &str, path: &str, user: Option<&str>) -> Result<Answer, String> {
    let mut builder = SslConnector::builder(SslMethod::tls_client()).unwrap();
    builder.set_ca_file(root).unwrap();
    builder.set_min_proto_version(Some(SslVersion::TLS1_2)).unwrap();
    let stream = TcpStream::connect(exporter.address).unwrap();
    let mut stream = builder.build().connect("exporter.contoso.com", stream).map_err(|error| error.to_string())?;
    let authorization = user.map(|user| format!("Authorization: Basic {}\r\n", BASE64.encode(user.as_bytes())));
    let authorization = authorization.unwrap_or_default();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: exporter\r\n{authorization}\r\n")
        .map_err(|error| error.to_string())?;
    let mut octets = Vec::new();
    let _ = stream.read_to_end(&mut octets);
    Ok(Answer::read(&octets))
}

/// A certificate of today for exporters, its key, its root and a web configuration, written into a folder.
fn guarded(write: impl Fn(&str, &str) -> String, further: &str) -> (String, String) {
    let pki = Organization::contoso().at(OffsetDateTime::now_utc()).build().unwrap();
    let recipe = pki.web_server(&["exporter.contoso.com", "localhost"]);
    let leaf = pki.issue(&recipe).unwrap();
    write("exporter.crt", &leaf.chain_pem());
    write("exporter.key", leaf.key_pem());
    let root = write("exporter-root.pem", &pki.root.pem());
    let hash = bcrypt::hash("sec:ret", 4).unwrap();
    let web = write(
        "web.yml",
        &format!(
            "tls_server_config:\n  cert_file: exporter.crt\n  key_file: exporter.key\n{further}basic_auth_users:\n  alice: {hash}\n"
        ),
    );
    (web, root)
}

#[test]
fn nothing_is_told_without_tls_and_a_password() {
    let site = SmallSite::with(|recipe| recipe);
    let (web, root) = guarded(|name, text| site.write(name, text), "  min_version: TLS12\n");
    let exporter = Exporter::start(&["--no-http", "--no-stranger", "--web.config.file", &web, &site.arg("site.toml")]);
    let path = "/probe?definition=site";
    let plain = exporter.get(path);
    assert_eq!(plain.status, 0, "{plain:?}");
    for user in [None, Some("alice:wrong"), Some("alice:"), Some("bob:sec:ret"), Some("alice")] {
        for path in [path, "/", "/metrics", "/-/healthy", "/report", "/observations?definition=site", "/none"] {
            let answer = ask(&exporter, &root, path, user).unwrap();
            assert_eq!(answer.status, 401, "{path} {user:?}");
            assert!(answer.head.to_lowercase().contains("www-authenticate: basic"), "{answer:?}");
        }
    }
    let alice = Some("alice:sec:ret");
    let metrics = ask(&exporter, &root, path, alice).unwrap().ok();
    assert!(metrics.contains("cmprobe_run_info{site=\"PRI\""), "{metrics}");
    // What is handed out is what `assess` takes.
    let observations = ask(&exporter, &root, "/observations?definition=site", alice).unwrap().ok();
    let saved = site.write("saved.jsonl", observations);
    let (out, complaints, _) = run(&["assess", &site.arg("site.toml"), &saved, "-f", "json", "-q"]);
    assert!(out.contains("\"complete\": true"), "{complaints}{out}");
    // A file that changes to what is wrong changes nothing; what is right is in force for the next connection.
    let hash = bcrypt::hash("another", 4).unwrap();
    let good = site.read("web.yml");
    site.write("web.yml", format!("{good}unknown_key: {hash}\n"));
    assert_eq!(ask(&exporter, &root, path, alice).unwrap().status, 200);
    assert!(exporter.complains("unknown_key").contains("web.yml"));
    let other = good.split("  alice:").next().unwrap().to_owned() + &format!("  carol: {hash}\n");
    site.write("web.yml", other);
    assert_eq!(ask(&exporter, &root, path, alice).unwrap().status, 401);
    assert_eq!(ask(&exporter, &root, path, Some("carol:another")).unwrap().status, 200);
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn clients_without_a_certificate_are_not_talked_to_where_one_is_demanded() {
    let site = SmallSite::with(|recipe| recipe);
    let further = "  client_ca_file: exporter-root.pem\n  client_auth_type: RequireAndVerifyClientCert\n";
    let (web, root) = guarded(|name, text| site.write(name, text), further);
    let exporter = Exporter::start(&["--no-http", "--no-stranger", "--web.config.file", &web, &site.arg("site.toml")]);
    let refused = ask(&exporter, &root, "/", Some("alice:sec:ret"));
    assert!(refused.as_ref().map_or(true, |answer| answer.status == 0), "{refused:?}");
}

#[test]
fn what_stands_outside_is_collected_and_met_as_one_site() {
    let site = Up::healthy();
    let write = |name: &str, text: &str| {
        let path = site.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let definition = site.folder.path().join("site.toml");
    let definition = definition.to_str().unwrap();
    let (web, root) = guarded(write, "");
    let passwords = write("passwords", "alice:sec:ret\n");
    let outside = Exporter::start(&["--vantage", "internet", "--web.config.file", &web, definition]);
    let half = ask(&outside, &root, "/probe?definition=site", Some("alice:sec:ret")).unwrap().ok();
    assert!(half.contains("vantage=\"internet\"") && !half.contains("vantage=\"intranet\""), "{half}");
    let at = format!("https://localhost:{}/", outside.address.port());
    let collecting = ["--collect", &at, "--collect-ca-file", &root, "--pass-file", &passwords];
    let inside = Exporter::start(&[&["--vantage", "intranet"], &collecting[..], &[definition]].concat());
    let whole = inside.get("/probe?definition=site").ok();
    assert!(whole.contains("\ncmprobe_run_complete 1\n") && whole.contains("\ncmprobe_run_success 1\n"), "{whole}");
    assert!(whole.contains("vantage=\"internet\"") && whole.contains("vantage=\"intranet\""), "{whole}");
    assert!(inside.get("/probe?definition=site&vantage=internet").ok().contains("vantage=\"internet\""));
    // Once nobody answers there, that vantage is not looked at.
    assert_eq!(outside.ends_when_told(), 0);
    let complaint = inside.complains("not looked at");
    assert!(complaint.contains("localhost") && !complaint.contains("sec:ret"), "{complaint}");
    inside.get_until("/probe?definition=site", |answer| answer.body.contains("\ncmprobe_run_complete 0\n"));
    let blind =
        Exporter::start(&[&["--vantage", "intranet"], &collecting[..2], &collecting[2..4], &[definition]].concat());
    blind.complains("not looked at");
}

/// Answers every question on loopback with these octets, and gives where.
fn handing_out(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut question = [0; 4096];
            let _ = stream.read(&mut question);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    at
}

#[test]
fn what_is_collected_may_be_anything_and_is_taken_for_nothing_else() {
    let site = SmallSite::with(|recipe| recipe);
    let definition = site.arg("site.toml");
    let saved = site.arg("saved.jsonl");
    let (_, complaints, _) =
        run(&["check", &definition, "--vantage", "internet", "--save", &saved, "-q", "-f", "json", "--no-http"]);
    let saved = site.read("saved.jsonl");
    assert!(!saved.is_empty(), "{complaints}");
    let (head, rest) = saved.split_once('\n').unwrap();
    let mut header: serde_json::Value = serde_json::from_str(head).unwrap();
    let fields = header.as_object_mut().unwrap();
    let of_run = fields.values_mut().find(|value| value.get("started_at").is_some());
    match of_run {
        Some(run) => run["started_at"] = "2020-01-01T00:00:00Z".into(),
        None => fields["started_at"] = "2020-01-01T00:00:00Z".into(),
    }
    let old = format!("{header}\n{rest}");
    let bodies = [
        old,
        "<html>not found</html>".to_owned(),
        String::new(),
        saved.replace("\"schema_version\":\"1", "\"schema_version\":\"9"),
    ];
    let places = bodies.map(handing_out);
    let collected: Vec<&str> = places.iter().flat_map(|at| ["--collect", at.as_str()]).collect();
    let exporter = Exporter::start(
        &[&["--no-http", "--no-stranger", "--vantage", "intranet"], &collected[..], &[definition.as_str()]].concat(),
    );
    exporter.complains("too old");
    for _ in 0..3 {
        exporter.complains("no file of observations");
    }
    let metrics = exporter.get("/probe?definition=site").ok();
    assert!(metrics.contains("\ncmprobe_run_complete 0\n"), "{metrics}");
}
