//! Sites of thirty distribution points in which one thing is wrong: told in forty lines, its cause first, and what is to be
//! done within the last screen.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use cmprobe::lab::peer::ClosedPort;
use cmprobe::lab::pki::{Minted, Organization, Pki};
use cmprobe::lab::server::{Credentials, Options, TlsServer};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::program::run;
use crate::small_site::AT;

/// How many distribution points there are.
const COUNT: u8 = 30;

/// A site, what answers in it, and what does not.
struct Site {
    folder: TempDir,
    runtime: Runtime,
    servers: Vec<TlsServer>,
    /// At the name server, where the lists are to be had, and at the distribution points that are down.
    closed: Vec<ClosedPort>,
}

/// What is wrong with the site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Root,
    Authority,
    Resolver,
    Refused,
    /// No more than the list server, if that.
    Nothing,
}

fn address(nth: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 2, nth)
}

fn nothing_there() -> ClosedPort {
    ClosedPort::take((Ipv4Addr::LOCALHOST, 0).into()).unwrap()
}

impl Site {
    fn with(wrong: Wrong) -> Self {
        let runtime = Runtime::new().unwrap();
        let (resolver, lists) = (nothing_there(), nothing_there());
        let published = format!("http://pki.contoso.com:{}/CertEnroll", lists.address().port());
        let pki = Organization::contoso().published_at(&published).build().unwrap();
        let issuing = issuing(&pki, wrong);
        let mut site =
            Self { folder: TempDir::new().unwrap(), runtime, servers: Vec::new(), closed: vec![resolver, lists] };
        let mut systems = String::new();
        let mut hosts = "\"pki.contoso.com\" = [\"127.0.0.1\"]\n".to_owned();
        for nth in 1..=COUNT {
            let name = format!("dp{nth:02}.corp.contoso.com");
            let at: SocketAddr = (address(nth), 0).into();
            let at = if wrong == Wrong::Refused {
                let port = ClosedPort::take(at).unwrap();
                let at = port.address();
                site.closed.push(port);
                at
            } else {
                let leaf = issuing.issue(&pki.web_server(&[&name])).unwrap();
                let options = Options { listen: at, ..Options::presenting(Credentials::of(&leaf)) };
                let server = site.runtime.block_on(TlsServer::start(options)).unwrap();
                let at = server.address();
                site.servers.push(server);
                at
            };
            writeln!(hosts, "\"{name}\" = [\"{}\"]", at.ip()).unwrap();
            writeln!(
                systems,
                "\n[[system]]\nname = \"DP{nth:02}\"\nintranet_fqdn = \"{name}\"\nclient_connections = \"intranet\"\n\
                 roles = [\"distribution-point\"]\nports = {{ https = {} }}",
                at.port()
            )
            .unwrap();
        }
        if wrong == Wrong::Resolver {
            hosts.clear();
        }
        let root = if wrong == Wrong::Root { Pki::stranger().unwrap().root.pem() } else { pki.root.pem() };
        fs::write(site.folder.path().join("root.cer"), root).unwrap();
        let dns = site.closed[0].address();
        let definition = format!(
            "[site]\ncode = \"PRI\"\nname = \"Thirty distribution points\"\nprofile = \"native-mode-2007\"\n\n\
             [trust]\nroots = [\"root.cer\"]\n\n\
             [[vantage]]\nname = \"intranet\"\nnetwork = \"intranet\"\ndns = [\"{dns}\"]\n[vantage.hosts]\n{hosts}{systems}"
        );
        fs::write(site.folder.path().join("site.toml"), definition).unwrap();
        site
    }

    /// The report as text, and the causes of its diagnoses.
    fn check(&self, revocation: &str) -> (String, Vec<String>) {
        let path = |name: &str| self.folder.path().join(name).to_str().unwrap().to_owned();
        let also = format!("json={}", path("report.json"));
        let definition = path("site.toml");
        let fixed = ["--no-http", "--no-stranger", "--at", AT, "--report", &also, "--revocation", revocation, "-q"];
        let (text, complaints, code) = run(&[&["check", definition.as_str()], fixed.as_slice()].concat());
        assert_eq!((code, complaints.as_str()), (1, ""), "{text}");
        let report: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path("report.json")).unwrap()).unwrap();
        let diagnoses = report["diagnoses"].as_array().unwrap().iter();
        (text, diagnoses.map(|one| one["cause"].as_str().unwrap().to_owned()).collect())
    }
}

/// The issuing authority, ended where that is what is wrong.
fn issuing(pki: &Pki, wrong: Wrong) -> Minted {
    if wrong != Wrong::Authority {
        return pki.issuing.clone();
    }
    let now = pki.organization.at;
    let ended = pki.issuing.recipe.clone().valid(now - time::Duration::days(3_650), now - time::Duration::days(30));
    pki.root.issue(&ended).unwrap()
}

#[test]
fn one_thing_wrong_at_thirty_distribution_points_is_told_in_forty_lines_its_cause_first() {
    for (what, wrong, revocation, cause) in [
        ("root not in the definition", Wrong::Root, "off", "root-not-declared"),
        ("issuing authority ended", Wrong::Authority, "off", "authority-ended"),
        ("the same, its list server down", Wrong::Authority, "hard", "authority-ended"),
        ("list server down", Wrong::Nothing, "hard", "list-host-unreachable"),
        ("resolver down", Wrong::Resolver, "hard", "name-server-silent"),
        ("all refused", Wrong::Refused, "hard", "nothing-listens"),
    ] {
        let (text, causes) = Site::with(wrong).check(revocation);
        assert_eq!(causes.first().map(String::as_str), Some(cause), "{what}: {causes:?}\n{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() <= 40, "{what}: {} lines\n{text}", lines.len());
        let screen = &lines[lines.len().saturating_sub(24)..];
        let verdict = screen.iter().position(|line| line.starts_with("exit code 1: PRI fails"));
        let first = screen.iter().position(|line| *line == "Do first:");
        assert!(verdict.is_some() && verdict < first, "{what}:\n{text}");
    }
}
