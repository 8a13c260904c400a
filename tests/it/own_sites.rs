//! A site of thirty distribution points, each a server with a certificate of its own, and one thing wrong that all of them
//! share: it is told once, by its cause, in a report that is read without scrolling back.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

use cmprobe::lab::dns::{DnsServer, View};
use cmprobe::lab::peer::ClosedPort;
use cmprobe::lab::pki::{Minted, Organization, Pki};
use cmprobe::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};
use cmprobe::lab::site::blueprint::{Content, Edition};
use cmprobe::lab::site::http::{self, Reserved, Server};
use cmprobe::lab::site::pages::Pages;
use cmprobe::lab::site::publication;
use cmprobe::site::role::Role;
use serde_json::Value;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tokio::runtime::Runtime;

use crate::program;

/// How many distribution points there are.
const POINTS: u8 = 30;

/// The running servers, and the folder their files are in.
struct Site {
    folder: TempDir,
    _runtime: Runtime,
    /// The distribution points as they should be.
    healthy: Vec<TlsServer>,
    /// The same, but the issuing authority's certificate they send has ended.
    ended: Vec<TlsServer>,
    /// A name server that knows no name.
    dns: DnsServer,
    /// One that says nothing.
    silent: UdpSocket,
    /// A port nothing listens at, at any address.
    closed: ClosedPort,
    /// What is at the lists' port of another address: nothing.
    _no_lists: ClosedPort,
    _lists: Server,
}

/// One thing that is wrong.
struct Case {
    name: &'static str,
    /// The cause that the first diagnosis has, and how many diagnoses there are.
    told: (&'static str, usize),
    /// What its first step speaks of.
    step: &'static str,
    root: &'static str,
    ended: bool,
    lists: bool,
    resolver: bool,
    refused: bool,
    /// Whether the vantage has a web proxy, at which nothing listens.
    proxy: bool,
}

const FINE: Case = Case {
    name: "fine",
    told: ("", 0),
    step: "",
    root: "root.cer",
    ended: false,
    lists: true,
    resolver: true,
    refused: false,
    proxy: false,
};

const CASES: &[Case] = &[
    FINE,
    Case {
        name: "root not in the definition",
        told: ("authority-above-unknown", 1),
        step: "[trust] roots",
        root: "another.cer",
        ..FINE
    },
    Case {
        name: "issuing authority ended",
        told: ("authority-ended", 1),
        step: "Renew CA Certificate",
        ended: true,
        ..FINE
    },
    Case {
        name: "that, and its list server down",
        told: ("authority-ended", 2),
        step: "Renew CA Certificate",
        ended: true,
        lists: false,
        ..FINE
    },
    Case {
        name: "list server down",
        told: ("list-host-refuses", 1),
        step: "the web server on the list's host",
        lists: false,
        ..FINE
    },
    Case { name: "resolver down", told: ("name-server-silent", 1), step: "port 53", resolver: false, ..FINE },
    Case { name: "web proxy down", told: ("proxy-not-listening", 1), step: "proxy", proxy: true, ..FINE },
    Case { name: "all refused", told: ("nothing-listens", 30), step: "W3SVC", refused: true, ..FINE },
];

impl Site {
    fn start() -> Self {
        let (now, runtime) = (OffsetDateTime::now_utc(), Runtime::new().unwrap());
        let lists = runtime.block_on(Reserved::at(Ipv4Addr::LOCALHOST.into())).unwrap();
        let port = lists.address().unwrap().port();
        let published_at = format!("http://pki.contoso.com:{port}/CertEnroll");
        let pki = Organization::contoso().at(now).published_at(&published_at).build().unwrap();
        // The authorities' own certificates are had from nowhere but the servers and the definition.
        let mut published = pki.published().unwrap();
        published.retain(|one| one.url.ends_with(".crl"));
        let entered = runtime.enter();
        let lists = lists.serve(move |asked| publication::answer(&published, asked));
        drop(entered);
        let yesterday = now - Duration::days(1);
        let since = pki.issuing.recipe.not_before;
        let ended = pki.root.issue(&pki.issuing.recipe.clone().valid(since, yesterday)).unwrap();
        let leaves: Vec<Minted> =
            (1..=POINTS).map(|number| pki.issue(&pki.web_server(&[&host(number)])).unwrap()).collect();
        let start = |chain: &dyn Fn(&Minted) -> Vec<Vec<u8>>| -> Vec<TlsServer> {
            let points = leaves.iter().zip(1..).map(|(leaf, number)| point(&pki, number, leaf, chain(leaf), now));
            points.map(|options| runtime.block_on(TlsServer::start(options)).unwrap()).collect()
        };
        let healthy = start(&Minted::chain);
        let ended = start(&|leaf| vec![leaf.der.clone(), ended.der.clone()]);
        let site = Self {
            folder: TempDir::new().unwrap(),
            healthy,
            ended,
            dns: runtime.block_on(DnsServer::start(View::default())).unwrap(),
            silent: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            closed: ClosedPort::take(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))).unwrap(),
            _no_lists: ClosedPort::take(SocketAddr::from((NO_LISTS, port))).unwrap(),
            _lists: lists,
            _runtime: runtime,
        };
        let client = pki.issue(&pki.client("wks01.corp.contoso.com")).unwrap();
        site.write("root.cer", &pki.root.pem());
        site.write("another.cer", &Pki::stranger().unwrap().root.pem());
        site.write("client.cer", &client.chain_pem());
        site.write("client.key", client.key_pem());
        site
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The definition of a case.
    fn definition(&self, case: &Case) -> String {
        let dns = if case.resolver { self.dns.address() } else { self.silent.local_addr().unwrap() };
        let proxy = format!("proxy = \"http://127.0.0.1:{}\"\n", self.closed.address().port());
        let proxy = if case.proxy { proxy.as_str() } else { "" };
        let mut text = format!(
            r#"[site]
code = "PRI"
profile = "current-branch"
communication = "https-only"
clients_check_revocation = true

[trust]
roots = ["{}"]

[[client]]
name = "workstation"
kind = "computer"
certificate = "client.cer"
key = "client.key"

[[vantage]]
name = "intranet"
network = "intranet"
dns = ["{dns}"]
private_addresses = true
{proxy}[vantage.hosts]
"#,
            case.root
        );
        if case.resolver {
            let lists = if case.lists { Ipv4Addr::LOCALHOST } else { NO_LISTS };
            writeln!(text, "\"pki.contoso.com\" = [\"{lists}\"]").unwrap();
            for number in 1..=POINTS {
                writeln!(text, "\"{}\" = [\"{}\"]", host(number), address(number)).unwrap();
            }
        }
        let servers = if case.ended { &self.ended } else { &self.healthy };
        for (server, number) in servers.iter().zip(1..) {
            let port = if case.refused { self.closed.address().port() } else { server.address().port() };
            let host = host(number);
            write!(
                text,
                r#"
[[system]]
name = "DP{number:02}"
intranet_fqdn = "{host}"
client_connections = "intranet"
roles = ["distribution-point"]
[system.ports]
https = {port}
"#
            )
            .unwrap();
        }
        text
    }

    /// Where a case's reports differ from what they should be.
    fn check(&self, case: &Case) -> Vec<String> {
        let name = case.name.replace(' ', "-");
        let definition = self.write(&format!("{name}.toml"), &self.definition(case));
        let json = self.folder.path().join(format!("{name}.json"));
        let as_json = format!("json={}", json.to_str().unwrap());
        let (text, complaints, code) =
            program::run(&["check", &definition, "--no-http", "--no-stranger", "--report", &as_json]);
        let report: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
        let diagnoses = report["diagnoses"].as_array().unwrap();
        let causes: Vec<&str> = diagnoses.iter().map(|one| one["cause"].as_str().unwrap()).collect();
        let mut wrong = Vec::new();
        let mut say = |what: String| wrong.push(format!("{}: {what}\n{complaints}{text}", case.name));
        let (cause, count) = case.told;
        if code != i32::from(count > 0) {
            say(format!("exit code {code}"));
        }
        if causes.len() != count || causes.first().is_some_and(|first| *first != cause) {
            say(format!("told by {causes:?}"));
        }
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > 40 {
            say(format!("{} lines", lines.len()));
        }
        let first = lines.iter().position(|line| *line == "Do first:");
        if count > 0 && first.is_none_or(|first| lines.len() - first > 24) {
            say("what to do first is not on the last screen".to_owned());
        }
        let steps = lines.iter().skip(first.unwrap_or_default()).flat_map(|line| line.split_whitespace());
        if !steps.collect::<Vec<_>>().join(" ").contains(case.step) {
            say(format!("no step speaks of {}", case.step));
        }
        // All of it comes of what is wrong.
        if lines.contains(&"Not decided") {
            say("something is not decided by itself".to_owned());
        }
        wrong
    }
}

/// Where the lists' name leads in a case without lists.
const NO_LISTS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

fn host(number: u8) -> String {
    format!("dp{number:02}.corp.contoso.com")
}

fn address(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, number)
}

/// A distribution point: it asks in the handshake, and gives packages to those with a certificate of the company's.
fn point(pki: &Pki, number: u8, leaf: &Minted, chain: Vec<Vec<u8>>, now: OffsetDateTime) -> Options {
    let pages = Arc::new(Pages {
        edition: Edition::Site2026,
        roles: &[Role::DistributionPoint],
        management_points: Vec::new(),
        own_certificate: leaf.der.clone(),
        signing_certificate: Vec::new(),
        content: Content::default(),
    });
    let roots = vec![pki.root.der.clone(), pki.issuing.der.clone()];
    Options {
        listen: SocketAddr::from((address(number), 0)),
        client_auth: ClientAuth::Optional(Accepts { authorities: Vec::new(), roots: Some(roots), at: now }),
        serve: Some(Arc::new(move |mut session| {
            let pages = Arc::clone(&pages);
            Box::pin(async move {
                let known = session.get_ref().1.peer_certificates().is_some();
                // A client that goes away is no concern of the server's.
                let Ok(Some(asked)) = http::read(&mut session).await else { return };
                let _ = http::write(&mut session, &asked, &pages.answer(&asked.method, &asked.path, known)).await;
            })
        })),
        ..Options::presenting(Credentials { chain, key: leaf.key, staple: None })
    }
}

#[test]
fn what_thirty_distribution_points_share_is_told_once_and_fits_a_screen() {
    let site = Site::start();
    let wrong: Vec<String> = CASES.iter().flat_map(|case| site.check(case)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
