//! Apache, which can ask for client certificates as IIS does: after it has read the request, by renegotiation or, in
//! TLS 1.3, by post-handshake authentication.

use std::net::Ipv4Addr;
use std::process::Command;

use cmprobe::report::finding::VerdictWord;

use crate::judged::{self, Judged};
use crate::management_point::{self, At, Files};
use crate::servers::{Folder, Server};

/// Apache's own modules that any of the tests needs.
const MODULES: [&str; 12] = [
    "mpm_event",
    "authz_core",
    "alias",
    "mime",
    "rewrite",
    "ssl",
    "proxy",
    "proxy_http",
    "headers",
    "dav",
    "dav_fs",
    "autoindex",
];

/// Apache, with what its configuration says beside modules and files of its own. It listens where that says.
pub(crate) fn start(ports: usize, configuration: impl Fn(&Folder, Ipv4Addr, &[u16]) -> String) -> Server {
    Server::start_until(ports, Some("pid"), |folder, address, ports| {
        let modules: String = MODULES
            .iter()
            .map(|module| format!("LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n"))
            .collect();
        let root = folder.arg("");
        // Apache gives root's rights up, and insists on it; without them it ignores these two lines.
        let text = format!(
            "ServerRoot {root}\nServerName localhost\n{modules}User www-data\nGroup www-data\n\
             PidFile {root}pid\nMutex file:{root} default\nErrorLog /dev/stderr\nTypesConfig /dev/null\n\
             SSLSessionCache none\nDocumentRoot {root}\n{}",
            configuration(folder, address, ports)
        );
        let mut command = Command::new("apache2");
        // One process, in the foreground: nothing is left when it is killed.
        command.args(["-X", "-f", &folder.write("apache.conf", text)]);
        command
    })
}

/// A management point as IIS keeps one: `/SMS_MP` asks for a client certificate in its own way, once the request was
/// read; `protocols` as `SSLProtocol` has them. Plain HTTP, at the second port, answers 403.
pub(crate) fn management_point(protocols: &str, verify: &str) -> Server {
    start(2, |folder, address, ports| {
        let files = management_point::write(folder);
        let [https, http] = ports else { panic!("two ports") };
        format!(
            "Listen {address}:{https}\n<VirtualHost {address}:{https}>\n{tls}\
             <Location /SMS_MP>\nSSLVerifyClient {verify}\nSSLVerifyDepth 5\nSSLOptions +OptRenegotiate\n</Location>\n\
             {answers}</VirtualHost>\n\
             Listen {address}:{http}\n<VirtualHost {address}:{http}>\n\
             <Location />\nRequire all denied\n</Location>\n</VirtualHost>\n",
            tls = tls(&files, protocols),
            answers = answers(&files),
        )
    })
}

/// A management point that asks in the handshake, for whatever is requested.
pub(crate) fn demanding_management_point() -> Server {
    start(2, |folder, address, ports| {
        let files = management_point::write(folder);
        let [https, http] = ports else { panic!("two ports") };
        format!(
            "Listen {address}:{https}\n<VirtualHost {address}:{https}>\n{tls}SSLVerifyClient require\nSSLVerifyDepth 5\n\
             {answers}</VirtualHost>\n\
             Listen {address}:{http}\n<VirtualHost {address}:{http}>\n\
             <Location />\nRequire all denied\n</Location>\n</VirtualHost>\n",
            tls = tls(&files, "all"),
            answers = answers(&files),
        )
    })
}

fn tls(Files { pair, roots, .. }: &Files, protocols: &str) -> String {
    format!(
        "SSLEngine on\nSSLProtocol {protocols}\nSSLCertificateFile {}\nSSLCertificateKeyFile {}\nSSLCACertificateFile {roots}\n",
        pair.certificate, pair.key
    )
}

/// The question stands in the query: it is mapped to the file of that name.
fn answers(Files { answers, .. }: &Files) -> String {
    format!(
        "RewriteEngine on\nRewriteCond %{{QUERY_STRING}} ^(MPLIST|MPCERT|SITESIGNCERT)$\n\
         RewriteRule ^/SMS_MP/\\.sms_aut$ /SMS_MP/%1 [PT]\nAlias /SMS_MP {answers}\n\
         <Location /SMS_MP>\nForceType text/xml\n</Location>\n"
    )
}

fn judge(server: &Server) -> Judged {
    judge_with(server, &[])
}

fn judge_with(server: &Server, further: &[&str]) -> Judged {
    let folder = Folder::new();
    let at = At { address: server.address(), https: server.port(0), http: server.port(1) };
    judged::check(&management_point::definition(&folder, at, None, ""), further)
}

const MP: &str = "MP01/";

#[test]
fn a_management_point_that_asks_after_the_request_is_followed_and_judged() {
    for (protocols, when, version) in
        [("-all +TLSv1.2", "renegotiation", "TLSv1.2"), ("-all +TLSv1.3", "post-handshake", "TLSv1.3")]
    {
        let server = management_point(protocols, "require");
        let judged = judge(&server);
        assert_eq!(judged.0.endpoints[0].tls_version.as_deref(), Some(version));
        for requirement in [
            "client-authentication/demanded",
            "client-authentication/refuses-stranger",
            "client-authentication/accepts-client",
            "client-authentication/accepted-issuers",
            "management-point/list",
            "management-point/own-certificate",
            "management-point/profile",
            "management-point/site-signing-certificate",
            "reachability/http-closed",
        ] {
            judged.passes(requirement, MP);
        }
        judged.passes("client-authentication/when", MP);
        assert_eq!(judged.finding("client-authentication/when", MP).observed, [when], "{protocols}");
        if version == "TLSv1.3" {
            judged.fails("client-authentication/late-request", MP);
        } else {
            judged.nothing_fails();
        }
    }
}

#[test]
fn a_management_point_that_only_offers_to_look_at_certificates_is_open() {
    for protocols in ["-all +TLSv1.2", "-all +TLSv1.3"] {
        let judged = judge(&management_point(protocols, "optional"));
        judged.fails("client-authentication/demanded", MP);
        judged.does_not_apply("client-authentication/refuses-stranger", MP);
        judged.passes("client-authentication/accepts-client", MP);

        let judged = judge(&management_point(protocols, "optional_no_ca"));
        judged.fails("client-authentication/demanded", MP);
        judged.does_not_apply("client-authentication/refuses-stranger", MP);
        judged.passes("client-authentication/accepts-client", MP);

        let judged = judge(&management_point(protocols, "none"));
        judged.fails("client-authentication/demanded", MP);
        judged.does_not_apply("client-authentication/refuses-stranger", MP);
        judged.passes("client-authentication/when", MP);
        assert_eq!(judged.finding("client-authentication/when", MP).observed, ["never"]);
    }
}

#[test]
fn an_engine_that_cannot_follow_decides_nothing_and_takes_no_locked_path_for_an_open_one() {
    for protocols in ["-all +TLSv1.2", "-all +TLSv1.3"] {
        let judged = judge_with(&management_point(protocols, "require"), &["--engine", "rustls"]);
        judged.passes("chain/leads-to-site-root", MP);
        for requirement in [
            "client-authentication/accepts-client",
            "client-authentication/refuses-stranger",
            "client-authentication/when",
            "management-point/list",
        ] {
            let finding = judged.finding(requirement, MP);
            assert_eq!(finding.verdict, VerdictWord::Unknown, "{protocols}: {finding:#?}");
        }
        judged.nothing_fails();
    }
}
