//! Those who are many lose nothing; those who mean ill get a refusal, or a closed connection, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use super::exporter::{Answer, Exporter};
use crate::small_site::SmallSite;

/// How many connections are open at once, as the exporter has it.
const CONNECTIONS: usize = 64;

#[test]
fn a_thousand_scrapes_lose_nothing_and_cost_no_memory() {
    let site = SmallSite::with(|recipe| recipe);
    let exporter = Exporter::start_with(&["--no-http", "--no-stranger", "--interval", "1h", &site.arg("site.toml")]);
    let first = exporter.get("/probe?definition=site").ok();
    let many = |each: usize| {
        thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    for _ in 0..each {
                        assert_eq!(exporter.get("/probe?definition=site").ok(), first);
                        // Reports are larger, and the same for everybody.
                        assert_eq!(exporter.get("/report").status, 200);
                    }
                });
            }
        });
    };
    many(2);
    let before = exporter.memory();
    many(20);
    let after = exporter.memory();
    assert!(after < before + 16 * 1024, "{before} KiB became {after} KiB");
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn what_is_no_question_is_refused() {
    let site = SmallSite::with(|recipe| recipe);
    let exporter = Exporter::start_with(&["--no-http", "--no-stranger", "--interval", "1h", &site.arg("site.toml")]);
    let _ = exporter.get("/probe?definition=site").ok();
    let long = format!("/probe?definition={}", "a".repeat(3000));
    for (path, status) in [
        ("/probe", 400),
        ("/probe?definition=../../etc/passwd", 400),
        ("/probe?definition=%2e%2e%2f%2e%2e%2fetc%2fpasswd", 400),
        ("/probe?definition=/etc/passwd", 400),
        ("/probe?definition=site.toml", 400),
        ("/probe?definition=site&definition=site", 400),
        ("/probe?definition=site&vantage=moon", 400),
        ("/probe?definition=site&target=127.0.0.1", 400),
        ("/probe?definition=site%00", 400),
        ("/probe?definition=%ff%fe", 400),
        ("/probe?module=http_2xx", 400),
        ("/report?definition=../site", 400),
        ("/report?definition=site&vantage=internet", 400),
        ("/observations?definition=site", 403),
        ("/../../etc/passwd", 404),
        ("/site.toml", 404),
        ("//probe?definition=site", 404),
        (long.as_str(), 414),
    ] {
        let answer = exporter.get(path);
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        // A fixed sentence: nothing that was asked comes back.
        assert!(!answer.body.contains("passwd") && answer.body.len() < 200, "{answer:?}");
    }
    for method in ["POST", "PUT", "DELETE", "TRACE", "OPTIONS", "BREW"] {
        let answer = exporter.ask(&format!("{method} /probe?definition=site HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(answer.status, 405, "{method}: {answer:?}");
        assert!(answer.head.to_lowercase().contains("allow: get, head"), "{answer:?}");
    }
    let megabyte = "a".repeat(1024 * 1024);
    for request in [
        format!("GET /probe?definition={megabyte} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {megabyte}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{}\r\n", "X-Many: a\r\n".repeat(100_000)),
        "GET /\r\n\r\n".to_owned(),
        "nonsense\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}".to_owned() + &megabyte,
    ] {
        let answer = exporter.ask(&request);
        let shown = request.get(..40).unwrap_or(&request);
        assert!(answer.status == 0 || (400..500).contains(&answer.status), "{shown:?}: {answer:?}");
    }
    let _ = exporter.get("/probe?definition=site").ok();
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn those_who_ask_slowly_or_read_nothing_hold_no_place_for_long() {
    let site = SmallSite::with(|recipe| recipe);
    // So many names that what is said of them is larger than the buffers on the way.
    let mut definition = site.read("site.toml");
    definition = definition.replace(&format!("https = {}", site.address().port()), "https = 1");
    for number in 0..1500 {
        definition.push_str(&format!(
            "\n[[system]]\nname = \"S{number}\"\nintranet_fqdn = \"mp01.corp.contoso.com\"\nroles = [\"management-point\"]\n[system.ports]\nhttps = 1\n"
        ));
    }
    let large = site.write("large.toml", definition);
    let web = site.write("web.yml", format!("basic_auth_users:\n  alice: {}\n", bcrypt::hash("secret", 4).unwrap()));
    let exporter =
        Exporter::start_with(&["--no-http", "--no-stranger", "--interval", "1h", "--web.config.file", &web, &large]);
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YWxpY2U6c2VjcmV0\r\n\r\n");
    let scrape = ask("/probe?definition=large");
    assert_eq!(exporter.ask(&scrape).status, 200);
    let fill = |many: usize, request: &str| -> Vec<TcpStream> {
        let open = |_| {
            let mut stream = exporter.connect();
            stream.write_all(request.as_bytes()).unwrap();
            stream
        };
        (0..many).map(open).collect()
    };
    // Half a head, from many more than there are places: they give way to whoever comes.
    let slow = fill(10 * CONNECTIONS, "GET / HTTP/1.1\r\nX-Slow: ");
    assert_eq!(exporter.ask(&scrape).status, 200);
    for mut stream in slow {
        let mut octets = Vec::new();
        let _ = stream.read_to_end(&mut octets);
        let status = Answer::read(&octets).status;
        assert!(status == 0 || status == 408, "{}", String::from_utf8_lossy(&octets));
    }
    // A large answer that nobody reads.
    let whole = exporter.ask(&ask("/observations?definition=large")).ok().len();
    assert!(whole > 8 * 1024 * 1024, "{whole} octets fit into the buffers on the way");
    let deaf = fill(CONNECTIONS, &ask("/observations?definition=large"));
    assert_eq!(exporter.ask(&scrape).status, 200);
    // That place was somebody's who was cut off; whoever reads in time may still get everything.
    let lengths = deaf.into_iter().map(|mut stream| {
        let mut octets = Vec::new();
        let _ = stream.read_to_end(&mut octets);
        octets.len()
    });
    assert!(lengths.min().is_some_and(|length| length < whole), "nobody was cut off");
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn a_target_that_never_says_a_word_costs_a_scrape_no_more_than_its_time() {
    // It is connected to, and nobody ever accepts.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let patient = ["--handshake-timeout", "10m", "--timeout", "10m"];
    let exporter = Exporter::start(&[&patient, &["--allow-target", "127.0.0.0/8"][..]].concat());
    let request = format!(
        "GET /probe?target=127.0.0.1:{port}&role=mp HTTP/1.1\r\nHost: a\r\nX-Prometheus-Scrape-Timeout-Seconds: 1\r\n\r\n"
    );
    let metrics = exporter.ask(&request).ok();
    assert!(metrics.contains("\nprobe_success 0\n"), "{metrics}");
    assert_eq!(exporter.ends_when_told(), 0);
}
