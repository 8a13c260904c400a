//! What changes while the exporter runs, and how it ends.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use rustix::process::Signal;

use super::exporter::{Answer, Exporter};
use crate::small_site::SmallSite;

#[test]
fn a_definition_that_is_wrong_leaves_the_old_one_in_force() {
    let site = SmallSite::with(|recipe| recipe);
    let good = site.read("site.toml");
    let exporter = Exporter::start_with(&["--no-http", "--no-stranger", "--interval", "1h", &site.arg("site.toml")]);
    let first = exporter.get("/probe?definition=site").ok();
    site.write("site.toml", good.replace("code = \"PRI\"", "code = \"TOOLONG\""));
    exporter.signal(Signal::HUP);
    let complaint = exporter.complains("site.toml:");
    assert!(complaint.contains("TOOLONG"), "{complaint}");
    exporter.complains("stays in force");
    let is_loaded = |wanted: &str| {
        let wanted = format!("\ncmprobe_exporter_definition_loaded{{definition=\"site\"}} {wanted}\n");
        move |answer: &Answer| answer.body.contains(&wanted)
    };
    exporter.get_until("/metrics", is_loaded("0"));
    let still = exporter.get("/probe?definition=site").ok();
    assert!(still.contains("cmprobe_run_info{site=\"PRI\"") && first.contains("cmprobe_run_info{site=\"PRI\""));
    assert!(exporter.get("/").ok().contains("an older one is in force"));
    // What is put right is in force at once, and run.
    site.write("site.toml", good.replace("code = \"PRI\"", "code = \"NEW\""));
    exporter.signal(Signal::HUP);
    exporter.complains("put right");
    exporter.get_until("/metrics", is_loaded("1"));
    exporter.get_until("/probe?definition=site", |answer| answer.body.contains("cmprobe_run_info{site=\"NEW\""));
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn who_was_being_answered_is_answered_before_the_end() {
    // A name server that never answers: the first run is under way for as long as anybody waits.
    let site = SmallSite::with(|recipe| recipe);
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let definition = site
        .read("site.toml")
        .replace(&format!("dns = [\"{}\"]", site.resolver()), &format!("dns = [\"{}\"]", silent.local_addr().unwrap()));
    let definition = definition.replace("[vantage.hosts]\n", "# ").replace("= [\"127.0.0.1\"]", "");
    let definition = definition.lines().filter(|line| !line.starts_with("# ") && !line.starts_with("\"mp"));
    let definition = definition.collect::<Vec<_>>().join("\n");
    let exporter = Exporter::start(&[&site.write("silent.toml", definition)]);
    assert_eq!(exporter.get("/-/ready").status, 503);
    // Whoever has no time is told at once.
    let hurried =
        "GET /probe?definition=silent HTTP/1.1\r\nHost: a\r\nX-Prometheus-Scrape-Timeout-Seconds: 0.5\r\n\r\n";
    assert_eq!(exporter.ask(hurried).status, 503);
    for wrong in ["soon", "-1", "0", "NaN", "inf"] {
        assert_eq!(exporter.ask(&hurried.replace("0.5", wrong)).status, 400, "{wrong}");
    }
    let mut waiting = exporter.connect();
    waiting.write_all(b"GET /probe?definition=silent HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    // It is being answered once a later one has been.
    assert_eq!(exporter.get("/-/healthy").status, 200);
    assert_eq!(exporter.ends_when_told(), 0);
    let mut octets = Vec::new();
    waiting.read_to_end(&mut octets).unwrap();
    assert_eq!(Answer::read(&octets).status, 503, "{}", String::from_utf8_lossy(&octets));
}

#[test]
fn what_a_killed_exporter_left_is_gone_when_the_next_one_listens_and_what_another_holds_is_not() {
    let (site, below) = (SmallSite::with(|recipe| recipe), tempfile::tempdir().unwrap());
    let definition = site.arg("site.toml");
    let folders = || -> BTreeSet<_> {
        std::fs::read_dir(below.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    // Each has run once, and keeps what it saw.
    let start = || {
        let args = ["--no-http", "--no-stranger", "--interval", "1h", &definition];
        let exporter = Exporter::start_in(below.path(), &args);
        exporter.get("/probe?definition=site").ok();
        exporter
    };
    let living = start();
    let of_the_living = folders();
    assert_eq!(of_the_living.len(), 1);
    drop(start());
    let left: Vec<_> = folders().difference(&of_the_living).cloned().collect();
    assert_eq!(left.len(), 1, "whoever is killed cleans nothing up");
    let next = start();
    let now = folders();
    assert!(now.is_superset(&of_the_living) && !now.contains(&left[0]) && now.len() == 2, "{now:?}");
    assert!(living.get("/report?definition=site").ok().contains("PRI"));
    assert_eq!((next.ends_when_told(), living.ends_when_told(), folders().len()), (0, 0, 0));
}
