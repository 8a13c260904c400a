//! Debian's Prometheus, configured as `extra` prints it but for addresses and times, scrapes an exporter.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::exporter::{Answer, Exporter};
use crate::program::run;
use crate::rows::Up;
use crate::servers::Server;

/// How long a change may take to be seen, and how long is waited before it is looked for again.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(100);

/// Prometheus with the shipped configuration: every second, for no while.
fn started(exporter: &Exporter) -> Server {
    let at = exporter.address.to_string();
    let scrape = run(&["extra", "scrape-config"]).0.replace("127.0.0.1:9770", &at);
    let scrape = scrape.replace("# rule_files:\n#   - cmprobe.rules.yml", "rule_files:\n  - cmprobe.rules.yml");
    let often = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n";
    let rules = run(&["extra", "prometheus-rules"]).0;
    let at_once: Vec<&str> = rules.lines().filter(|line| !line.trim_start().starts_with("for: ")).collect();
    let at_once = at_once.join("\n") + "\n";
    Server::start(1, move |folder, address, ports| {
        let config = folder.write("prometheus.yml", format!("{often}{scrape}"));
        folder.write("cmprobe.rules.yml", &at_once);
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={config}"))
            .arg(format!("--storage.tsdb.path={}", folder.arg("data")))
            .arg(format!("--web.listen-address={address}:{}", ports[0]));
        command
    })
}

/// What its interface says.
fn asked(prometheus: &Server, path: &str) -> Value {
    let address = SocketAddr::new(prometheus.address().into(), prometheus.port(0));
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/v1/{path} HTTP/1.0\r\nHost: prometheus\r\n\r\n").unwrap();
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).unwrap();
    let answer = Answer::read(&octets);
    serde_json::from_str(&answer.body).unwrap_or(Value::Null)
}

/// Asks until it is so.
#[track_caller]
fn until(prometheus: &Server, path: &str, is_so: impl Fn(&Value) -> bool) {
    let began = Instant::now();
    loop {
        let said = asked(prometheus, path);
        if is_so(&said) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{path}: {said:#}");
        thread::park_timeout(PAUSE);
    }
}

fn fires(said: &Value, alert: &str, instance: &str) -> bool {
    let alerts = said["data"]["alerts"].as_array();
    alerts.into_iter().flatten().any(|one| {
        one["labels"]["alertname"] == alert && one["labels"]["instance"] == instance && one["state"] == "firing"
    })
}

/// Lays a site's files over another's.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let goal = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&goal).unwrap();
            copy(&entry.path(), &goal);
        } else {
            fs::copy(entry.path(), &goal).unwrap();
        }
    }
}

#[test]
fn its_targets_are_up_and_its_rules_fire_on_a_fault_and_clear() {
    let (broken, healthy) = (Up::with(&["internet-name-missing"]), Up::healthy());
    let folder = broken.folder.path();
    let exporter = Exporter::start(&[folder.join("site.toml").to_str().unwrap()]);
    let prometheus = started(&exporter);
    until(&prometheus, "targets", |said| {
        let targets = said["data"]["activeTargets"].as_array();
        let up: Vec<_> = targets.into_iter().flatten().filter(|target| target["health"] == "up").collect();
        up.len() == 2 && up.iter().any(|target| target["labels"]["instance"] == "site")
    });
    until(&prometheus, "alerts", |said| fires(said, "CmprobeSiteFailing", "site"));
    // The fault is put right: the file is read again, and the next run passes.
    copy(healthy.folder.path(), folder);
    until(&prometheus, "query?query=cmprobe_run_success", |said| said["data"]["result"][0]["value"][1] == "1");
    until(&prometheus, "alerts", |said| !fires(said, "CmprobeSiteFailing", "site"));
    let said = asked(&prometheus, "query?query=up");
    let up = said["data"]["result"].as_array().unwrap();
    assert!(up.len() == 2 && up.iter().all(|one| one["value"][1] == "1"), "{said:#}");
    // What can no longer be scraped is told of.
    assert_eq!(exporter.ends_when_told(), 0);
    until(&prometheus, "alerts", |said| fires(said, "CmprobeExporterDown", "site"));
}
