//! HAProxy, nginx and Apache as proxies before a management point, seen from both sides: each way of each product is
//! recognised for what it is, and a definition that says otherwise is told so.

use std::fmt::Write;

use cmprobe::report::finding::VerdictWord;
use cmprobe::verdict::severity::Severity;

use crate::judged::{self, Judged};
use crate::management_point::{self, At, Files, INTRANET};
use crate::servers::{Folder, Pair, Server};
use crate::{apache, haproxy, nginx};

/// The proxy's files: its certificate for both legs, and the authorities it trusts.
fn files(folder: &Folder) -> (Pair, String) {
    let Files { roots, .. } = management_point::write(folder);
    (folder.write_pair("proxy", &management_point::proxy()), roots)
}

/// A proxy before a server.
type Start = fn(&Server) -> Server;

fn haproxy_in_tcp_mode(inside: &Server) -> Server {
    let to = (inside.address(), inside.port(0));
    haproxy::start(1, move |_, address, ports| {
        format!("listen tunnel\n  mode tcp\n  bind {address}:{}\n  server mp {}:{}\n", ports[0], to.0, to.1)
    })
}

fn haproxy_in_http_mode(inside: &Server) -> Server {
    bridging_haproxy(inside, "required", true)
}

/// How it asks its clients for certificates, and whether it shows one of its own on the inner leg.
fn bridging_haproxy(inside: &Server, verify: &str, shows: bool) -> Server {
    let to = (inside.address(), inside.port(0));
    haproxy::start(1, move |folder, address, ports| {
        let (Pair { both, .. }, roots) = files(folder);
        let shown = if shows { format!("crt {both}") } else { String::new() };
        format!(
            "listen bridge\n  mode http\n  bind {address}:{} ssl crt {both} ca-file {roots} verify {verify}\n  \
             server mp {}:{} ssl {shown} ca-file {roots} verify required sni str({INTRANET}) verifyhost {INTRANET}\n",
            ports[0], to.0, to.1
        )
    })
}

fn nginx_stream(inside: &Server) -> Server {
    let to = (inside.address(), inside.port(0));
    nginx::start(1, move |_, address, ports| {
        format!("stream {{ server {{ listen {address}:{}; proxy_pass {}:{}; }} }}", ports[0], to.0, to.1)
    })
}

fn nginx_proxy_pass(inside: &Server) -> Server {
    let to = (inside.address(), inside.port(0));
    nginx::start(1, move |folder, address, ports| {
        let (Pair { certificate, key, .. }, roots) = files(folder);
        format!(
            "http {{\nserver {{\nlisten {address}:{} ssl;\nssl_certificate {certificate};\nssl_certificate_key {key};\n\
             ssl_verify_client on;\nssl_client_certificate {roots};\nssl_verify_depth 3;\n\
             location / {{\nproxy_pass https://{}:{};\nproxy_ssl_certificate {certificate};\nproxy_ssl_certificate_key {key};\n\
             proxy_ssl_trusted_certificate {roots};\nproxy_ssl_verify on;\nproxy_ssl_verify_depth 3;\n\
             proxy_ssl_server_name on;\nproxy_ssl_name {INTRANET};\n}}\n}}\n}}",
            ports[0], to.0, to.1
        )
    })
}

fn apache_reverse_proxy(inside: &Server) -> Server {
    let to = (inside.address(), inside.port(0));
    apache::start(1, move |folder, address, ports| {
        let (Pair { certificate, key, .. }, roots) = files(folder);
        // For the inner leg Apache takes no other form of key than this, and nothing else beside the certificate.
        let own = management_point::proxy();
        let inner = own.private_key().unwrap().rsa().unwrap().private_key_to_pem().unwrap();
        let inner = folder.write("inner.pem", own.pem() + &String::from_utf8(inner).unwrap());
        format!(
            "Listen {address}:{port}\n<VirtualHost {address}:{port}>\nSSLEngine on\nSSLCertificateFile {certificate}\n\
             SSLCertificateKeyFile {key}\nSSLCACertificateFile {roots}\nSSLVerifyClient require\nSSLVerifyDepth 5\n\
             SSLProxyEngine on\nSSLProxyMachineCertificateFile {inner}\nSSLProxyMachineCertificateChainFile {certificate}\n\
             SSLProxyCACertificateFile {roots}\nSSLProxyVerify require\nSSLProxyVerifyDepth 5\nSSLProxyCheckPeerName off\n\
             ProxyPass / https://{}:{}/\n</VirtualHost>\n",
            to.0,
            to.1,
            port = ports[0]
        )
    })
}

const TUNNELS: [(&str, Start); 2] = [("HAProxy in tcp mode", haproxy_in_tcp_mode), ("nginx stream", nginx_stream)];

const BRIDGES: [(&str, Start); 3] = [
    ("HAProxy in http mode", haproxy_in_http_mode),
    ("nginx proxy_pass", nginx_proxy_pass),
    ("Apache reverse proxy", apache_reverse_proxy),
];

/// Writes the definition of a site whose proxy is declared so; its path.
fn declared(folder: &Folder, inside: &Server, proxy: &Server, mode: &str) -> String {
    let at = At { address: inside.address(), https: inside.port(0), http: inside.port(1) };
    let mut table = String::new();
    let _ = writeln!(
        table,
        "[[proxy]]\nname = \"EDGE01\"\ninternet_fqdn = \"mp.contoso.com\"\nmode = \"{mode}\"\npublishes = [\"MP01\"]\nport = {}",
        proxy.port(0)
    );
    management_point::definition(folder, at, Some(proxy.address()), &table)
}

fn judge(inside: &Server, proxy: &Server, mode: &str) -> Judged {
    let folder = Folder::new();
    judged::check(&declared(&folder, inside, proxy, mode), &[])
}

const EDGE: &str = "EDGE01/";

#[test]
fn tunnels_show_the_management_point_itself() {
    // What is asked for after the request passes a tunnel as well.
    let inside = apache::management_point("all", "require");
    for (product, start) in TUNNELS {
        let proxy = start(&inside);
        let judged = judge(&inside, &proxy, "tunneling");
        judged.passes("proxy/mode", EDGE);
        judged.passes("client-authentication/accepts-client", "MP01/management-point/mp.contoso.com/internet/");
        judged.passes("client-authentication/demanded", "MP01/management-point/mp.contoso.com/internet/");
        judged.nothing_fails();

        let judged = judge(&inside, &proxy, "bridging");
        judged.fails("proxy/mode", EDGE);
        let errors = errors(&judged);
        let consequences = ["proxy/mode", "proxy/client-auth-eku"];
        assert!(errors.iter().all(|one| consequences.contains(&one.as_str())), "{product}: {errors:?}");
    }
}

#[test]
fn bridges_show_themselves_and_let_clients_of_the_site_through() {
    let inside = apache::demanding_management_point();
    for (product, start) in BRIDGES {
        let proxy = start(&inside);
        let judged = judge(&inside, &proxy, "bridging");
        for requirement in [
            "proxy/mode",
            "proxy/server-auth-eku",
            "proxy/client-auth-eku",
            "proxy/internet-name",
            "proxy/bridges-client",
            "client-authentication/refuses-stranger",
        ] {
            let finding = judged.finding(requirement, EDGE);
            assert_eq!(finding.verdict, VerdictWord::Pass, "{product}: {finding:#?}");
        }
        judged.nothing_fails();

        let judged = judge(&inside, &proxy, "tunneling");
        judged.fails("proxy/mode", EDGE);
        let errors = errors(&judged);
        // The certificate seen outside is the proxy's, and is held to what a site system's must be.
        let consequences = ["proxy/mode", "web-server/intranet-name", "management-point/own-certificate"];
        assert!(errors.iter().all(|one| consequences.contains(&one.as_str())), "{product}: {errors:?}");
    }
}

#[test]
fn a_bridge_that_asks_nobody_and_one_that_shows_no_certificate_inside_are_told() {
    let inside = apache::demanding_management_point();
    let open = judge(&inside, &bridging_haproxy(&inside, "none", true), "bridging");
    open.passes("proxy/mode", EDGE);
    let anybody = ["proxy/bridges-client", "client-authentication/demanded"];
    open.does_not_apply("client-authentication/refuses-stranger", EDGE);
    for requirement in anybody {
        open.fails(requirement, EDGE);
    }
    assert!(errors(&open).iter().all(|one| anybody.contains(&one.as_str())), "{:?}", errors(&open));

    let mute = judge(&inside, &bridging_haproxy(&inside, "required", false), "bridging");
    mute.passes("proxy/mode", EDGE);
    mute.passes("client-authentication/demanded", EDGE);
    mute.fails("proxy/bridges-client", EDGE);
    let consequences = ["proxy/bridges-client", "client-authentication/accepts-client"];
    assert!(errors(&mute).iter().all(|one| consequences.contains(&one.as_str())), "{:?}", errors(&mute));
}

#[test]
fn runs_made_inside_and_outside_meet_in_assess() {
    let inside = apache::demanding_management_point();
    let proxy = haproxy_in_http_mode(&inside);
    let folder = Folder::new();
    let definition = declared(&folder, &inside, &proxy, "tunneling");
    let together = judged::check(&definition, &[]);
    let save = |vantage: &str| {
        let file = folder.arg(&format!("{vantage}.json"));
        let seen = judged::check(&definition, &["--vantage", vantage, "--save", &file]);
        let alone: Vec<(&str, String)> = seen
            .0
            .findings
            .iter()
            .filter(|one| one.requirement == "proxy/mode")
            .map(|one| (one.verdict.name(), one.message.clone().into_owned()))
            .collect();
        (file, alone)
    };
    let ((inside, _), (outside, alone)) = (save("intranet"), save("internet"));
    // The option leaves out what decides it, and it says what puts the two runs together.
    assert!(!alone.is_empty(), "{alone:?}");
    for (verdict, message) in alone {
        assert!(verdict == "not-applicable" && message.contains("cmprobe assess"), "{verdict} {message}");
    }
    let met = judged::read(&["assess", &definition, &inside, &outside, "--revocation", "off"]);
    let told = |judged: &Judged| -> Vec<String> {
        judged.0.findings.iter().map(|one| format!("{} {} {:?}", one.requirement, one.endpoint, one.verdict)).collect()
    };
    assert_eq!(told(&met), told(&together));
    met.fails("proxy/mode", EDGE);
}

/// The requirements that fail as errors.
fn errors(judged: &Judged) -> Vec<String> {
    judged
        .failures()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| one.requirement.clone().into_owned())
        .collect()
}
