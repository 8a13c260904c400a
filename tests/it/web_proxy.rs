//! Web proxies on the way: given names by default, asked only for what is not excepted, and told apart from what lies behind
//! them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use cmprobe::report::document::Report;

use crate::program::run;
use crate::small_site::{AT, SmallSite};

/// What a proxy does with who asks it.
#[derive(Clone)]
enum Manner {
    /// Connects to this address whoever is asked for, if it is a name, and forbids addresses.
    NamesTo(SocketAddr),
    /// Connects to the address asked for, and knows no name.
    Addresses,
    /// Answers this.
    Says(&'static str),
    /// Takes the connection and says nothing.
    Silent,
}

/// A proxy on loopback, and what it was asked for.
struct WebProxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl WebProxy {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::default());
        let heard = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (manner, heard) = (manner.clone(), Arc::clone(&heard));
                thread::spawn(move || serve(stream, &manner, &heard));
            }
        });
        Self { address, asked }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.dedup();
        asked
    }
}

/// One connection: a CONNECT, and what comes of it.
fn serve(mut client: TcpStream, manner: &Manner, heard: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    heard.lock().unwrap().push(target.clone());
    let literal = target.parse::<SocketAddr>().ok();
    let behind = match (manner, literal) {
        (Manner::NamesTo(behind), None) => Some(*behind),
        (Manner::Addresses, Some(address)) => Some(address),
        (Manner::NamesTo(_), Some(_)) | (Manner::Addresses, None) => None,
        (Manner::Says(answer), _) => {
            client.write_all(answer.as_bytes()).ok()?;
            return None;
        }
        (Manner::Silent, _) => {
            let _ = client.read(&mut byte);
            return None;
        }
    };
    let Some(behind) = behind else {
        client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").ok()?;
        return None;
    };
    let server = TcpStream::connect(behind).ok()?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
    let (mut up, mut down) = ((client.try_clone().ok()?, server.try_clone().ok()?), (server, client));
    let upward = thread::spawn(move || std::io::copy(&mut up.0, &mut up.1));
    let _ = std::io::copy(&mut down.0, &mut down.1);
    let _ = down.1.shutdown(std::net::Shutdown::Both);
    let _ = upward.join();
    Some(())
}

/// Checks an endpoint by name with nothing to resolve it; the report, and what was complained of.
fn check(site: &SmallSite, more: &[&str]) -> (Report, String) {
    let endpoint = format!("mp01.corp.contoso.com:{}", site.address().port());
    // A name server that knows no name.
    let (root, dns) = (site.arg("root.cer"), site.resolver());
    let base =
        ["check", &endpoint, "--ca-file", &root, "--at", AT, "--revocation", "off", "--resolver", &dns, "-f", "json"];
    let (out, complaints, _) = run(&[&base[..], &["--show", "all", "--no-tls-versions"], more].concat());
    (serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {complaints}{out}")), complaints)
}

/// The verdict on a requirement of the only target.
fn verdict(report: &Report, requirement: &str) -> String {
    let found = report.findings.iter().find(|finding| finding.requirement == requirement);
    found.map(|finding| format!("{:?}", finding.verdict)).unwrap_or_default()
}

#[test]
fn a_proxy_is_given_names_and_a_tunnel_proves_that_they_resolve() {
    let site = SmallSite::with(|recipe| recipe);
    let proxy = WebProxy::start(Manner::NamesTo(site.address()));
    let (report, _) = check(&site, &["--proxy", &proxy.url()]);
    assert_eq!(proxy.asked(), [format!("mp01.corp.contoso.com:{}", site.address().port())]);
    for requirement in ["reachability/name-resolves", "reachability/connects", "web-server/client-accepts-name"] {
        assert_eq!(verdict(&report, requirement), "Pass", "{requirement}");
    }
    assert_eq!(report.endpoints[0].address, Some(proxy.address), "what is connected to is the proxy");
}

#[test]
fn resolved_here_or_pinned_a_proxy_is_given_addresses() {
    let site = SmallSite::with(|recipe| recipe);
    let proxy = WebProxy::start(Manner::Addresses);
    let pin = format!("mp01.corp.contoso.com:{}:127.0.0.1", site.address().port());
    let (report, _) = check(&site, &["--proxy", &proxy.url(), "--resolve", &pin]);
    assert_eq!(proxy.asked(), [site.address().to_string()]);
    assert_eq!(verdict(&report, "reachability/connects"), "Pass");
    // Nobody here knows the name: the proxy is never asked.
    let proxy = WebProxy::start(Manner::Addresses);
    let (report, _) = check(&site, &["--proxy", &proxy.url(), "--proxy-resolve", "local"]);
    assert_eq!((proxy.asked().len(), verdict(&report, "reachability/name-resolves").as_str()), (0, "Fail"));
}

#[test]
fn what_is_excepted_is_reached_without_the_proxy() {
    let site = SmallSite::with(|recipe| recipe);
    for (exceptions, used) in [
        ("\".corp.contoso.com\", \".contoso.com\"", false),
        ("\"127.0.0.0/8\"", false),
        ("\"mp01.corp.contoso.com\", \"mp.contoso.com\"", false),
        ("\"10.0.0.0/8\", \".example\", \"<local>\"", true),
    ] {
        let proxy = WebProxy::start(Manner::Addresses);
        let lines = format!("private_addresses = true\nproxy = \"{}\"\nno_proxy = [{exceptions}]", proxy.url());
        let text = site.read("site.toml").replace("private_addresses = true", "");
        let text = text.replace("network = \"intranet\"", &format!("network = \"intranet\"\n{lines}"));
        let text = text.replace("network = \"internet\"", &format!("network = \"internet\"\n{lines}"));
        let definition = site.write("proxied.toml", text);
        let (_, complaints, code) = run(&["check", &definition, "--at", AT, "--no-stranger", "--no-tls-versions"]);
        assert!(code != 2, "{complaints}");
        assert_eq!(!proxy.asked().is_empty(), used, "{exceptions}");
    }
}

#[test]
fn what_a_proxy_will_not_do_is_told_of_the_proxy() {
    let site = SmallSite::with(|recipe| recipe);
    for (manner, kind) in [
        (
            Manner::Says("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
            "proxy-wants-credentials",
        ),
        (Manner::Says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), "proxy-forbids"),
        (Manner::Says("HTTP/1.1 302 Found\r\nLocation: http://portal.contoso.com/\r\n\r\n"), "proxy-redirects"),
        (Manner::Says("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"), "proxy-cannot-reach"),
        (Manner::Says("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"), "proxy-limits"),
        (Manner::Says("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"), "proxy-fails"),
        (Manner::Addresses, "proxy-cannot-reach"),
        (Manner::Silent, "proxy-silent"),
    ] {
        let proxy = WebProxy::start(manner);
        let (report, _) = check(&site, &["--proxy", &proxy.url(), "--connect-timeout", "1s"]);
        let failure = serde_json::to_value(&report.endpoints[0].failure).unwrap();
        assert_eq!(failure["kind"], kind);
        assert_eq!(verdict(&report, "reachability/connects"), "Fail", "{kind}");
        assert_eq!(verdict(&report, "reachability/name-resolves"), "Unknown", "{kind}");
        let told = report.findings.iter().find(|finding| finding.requirement == "reachability/connects").unwrap();
        let cause = told.cause.clone().unwrap_or_default();
        assert!(cause.contains("proxy"), "{kind}: {cause}");
        // One thing is to be put right, and that is the proxy.
        let culprits: Vec<&str> = report.diagnoses.iter().map(|one| one.culprit.name.as_str()).collect();
        assert_eq!(culprits, [proxy.url().trim_start_matches("http://")], "{kind}");
    }
}

/// Who stands behind the proxy is not the proxy: what is wrong with it is told of its name.
#[test]
fn what_is_wrong_behind_a_proxy_is_told_of_the_name_that_it_was_given() {
    let site = SmallSite::with(|recipe| recipe);
    let proxy = WebProxy::start(Manner::NamesTo(site.address()));
    let other = site.write("other.cer", cmprobe::lab::pki::Pki::stranger().unwrap().root.pem());
    let (report, _) = check(&site, &["--proxy", &proxy.url(), "--expect", &other]);
    let name = format!("mp01.corp.contoso.com:{}", site.address().port());
    let told = report.diagnoses.iter().find(|one| one.cause == "certificate-not-bound").unwrap();
    assert_eq!((told.culprit.kind.name(), &told.culprit.name), ("address", &name));
    let words = [std::slice::from_ref(&told.title), told.observed.as_slice()].concat().join("\n");
    assert!(!words.contains(&proxy.address.to_string()), "{words}");
    let endpoint = &report.endpoints[0];
    assert_eq!((endpoint.address, endpoint.own_address()), (Some(proxy.address), None));
    // The text's table and the columns of other formats do not give the proxy's address for the endpoint's.
    let text = cmprobe::report::text::render(&report, cmprobe::report::text::TextOptions::default());
    assert!(text.contains(&format!("via {}", proxy.address)), "{text}");
    let rows = cmprobe::report::csv::render(&report, false);
    assert!(!rows.contains(&format!(",{},", proxy.address)), "{rows}");
}

/// What a server behind a proxy does is told of the server, by its name, and of the proxy that it is on the way.
#[test]
fn a_session_that_ends_behind_a_proxy_is_the_servers_by_name() {
    let site = SmallSite::with(|recipe| recipe);
    for (answer, cause) in [
        ("HTTP/1.1 200 Connection established\r\n\r\n", "no-usable-certificate-bound"),
        (
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>",
            "plain-http-on-port",
        ),
    ] {
        let proxy = WebProxy::start(Manner::Says(answer));
        let (report, _) = check(&site, &["--proxy", &proxy.url()]);
        let one = report.diagnoses.iter().find(|one| one.cause == cause);
        let one = one.unwrap_or_else(|| panic!("{cause}: {:?}", report.diagnoses));
        let server = format!("mp01.corp.contoso.com:{}", site.address().port());
        assert_eq!(one.culprit.name, server);
        let told = report.findings.iter().find(|finding| finding.requirement == "reachability/speaks-tls").unwrap();
        assert!(told.message.starts_with(&server), "{}", told.message);
        let way = format!("by way of the web proxy {}", proxy.address);
        assert!(told.observed.iter().any(|words| words.contains(&way)), "{:?}", told.observed);
    }
    // Reached without a proxy, the address is told.
    let closing = WebProxy::start(Manner::Silent);
    let pin = format!("mp01.corp.contoso.com:{}:127.0.0.1", closing.address.port());
    let (root, endpoint) = (site.arg("root.cer"), format!("mp01.corp.contoso.com:{}", closing.address.port()));
    let (out, ..) = run(&["check", &endpoint, "--ca-file", &root, "--at", AT, "--resolve", &pin, "-f", "json"]);
    let report: Report = serde_json::from_str(&out).unwrap();
    assert!(report.diagnoses.iter().any(|one| one.culprit.name == closing.address.to_string()), "{out}");
}
