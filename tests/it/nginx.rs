//! nginx as a site system and as a proxy: certificates asked for in the handshake, and refusals by 400.

use std::net::Ipv4Addr;
use std::process::Command;

use crate::judged::{self, Judged};
use crate::management_point::{self, At, Files};
use crate::servers::{Folder, Server};

/// nginx, with what stands beside `events` in its configuration.
pub(crate) fn start(ports: usize, configuration: impl Fn(&Folder, Ipv4Addr, &[u16]) -> String) -> Server {
    Server::start(ports, |folder, address, ports| {
        let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {};\n", folder.arg(kind)))
            .collect();
        // One process, in the foreground: nothing is left when it is killed.
        let text = format!(
            "daemon off;\nmaster_process off;\nerror_log stderr;\npid {pid};\n\
             load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n\
             events {{ worker_connections 256; }}\n{}\n",
            configuration(folder, address, ports).replace("http {", &format!("http {{\naccess_log off;\n{folders}")),
            pid = folder.arg("pid"),
        );
        let mut command = Command::new("nginx");
        command.args(["-p", &folder.arg(""), "-c", &folder.write("nginx.conf", text)]);
        command
    })
}

/// A management point that asks in the handshake; `verify` as `ssl_verify_client` has it.
fn management_point(verify: &str, protocols: &str) -> Server {
    start(2, |folder, address, ports| {
        let Files { pair, roots, answers } = management_point::write(folder);
        let [https, http] = ports else { panic!("two ports") };
        format!(
            "http {{\nmap $args $answer {{ default none; MPLIST MPLIST; MPCERT MPCERT; SITESIGNCERT SITESIGNCERT; }}\n\
             server {{\nlisten {address}:{https} ssl;\nssl_protocols {protocols};\n\
             ssl_certificate {};\nssl_certificate_key {};\n\
             ssl_verify_client {verify};\nssl_client_certificate {roots};\nssl_verify_depth 3;\n\
             location = /SMS_MP/.sms_aut {{ default_type text/xml; root {answers}; try_files /$answer =404; }}\n}}\n\
             server {{ listen {address}:{http}; return 403; }}\n}}",
            pair.certificate, pair.key
        )
    })
}

fn judge(server: &Server) -> Judged {
    let folder = Folder::new();
    let at = At { address: server.address(), https: server.port(0), http: server.port(1) };
    judged::check(&management_point::definition(&folder, at, None, ""), &[])
}

const MP: &str = "MP01/";

#[test]
fn refusals_by_400_are_refusals() {
    for protocols in ["TLSv1.2", "TLSv1.3"] {
        let judged = judge(&management_point("on", protocols));
        for requirement in [
            "client-authentication/demanded",
            "client-authentication/refuses-stranger",
            "client-authentication/accepts-client",
            "client-authentication/accepted-issuers",
            "client-authentication/when",
            "management-point/list",
            "management-point/site-signing-certificate",
        ] {
            judged.passes(requirement, MP);
        }
        assert_eq!(judged.finding("client-authentication/when", MP).observed, ["handshake"]);
        judged.nothing_fails();
    }
}

#[test]
fn a_certificate_asked_for_and_not_needed_leaves_the_path_open() {
    let judged = judge(&management_point("optional", "TLSv1.2 TLSv1.3"));
    judged.fails("client-authentication/demanded", MP);
    judged.does_not_apply("client-authentication/refuses-stranger", MP);
    judged.passes("client-authentication/accepts-client", MP);

    let judged = judge(&management_point("optional_no_ca", "TLSv1.2 TLSv1.3"));
    judged.fails("client-authentication/demanded", MP);
    judged.does_not_apply("client-authentication/refuses-stranger", MP);
}

#[test]
fn every_engine_that_can_do_it_comes_to_the_same_conclusions() {
    for protocols in ["TLSv1.2", "TLSv1.3"] {
        let server = management_point("on", protocols);
        let folder = Folder::new();
        let at = At { address: server.address(), https: server.port(0), http: server.port(1) };
        let definition = management_point::definition(&folder, at, None, "");
        let told = |engine: &str| -> Vec<String> {
            let judged = judged::check(&definition, &["--engine", engine]);
            assert_eq!(judged.0.endpoints[0].engine.map(|engine| engine.name()), Some(engine), "{protocols}");
            judged.passes("client-authentication/accepts-client", MP);
            judged.passes("client-authentication/demanded", MP);
            // What an engine can try of old versions is its own.
            let told = judged.0.findings.iter().filter(|one| !one.requirement.starts_with("session/"));
            told.map(|one| format!("{} {:?}", one.requirement, one.verdict)).collect()
        };
        assert_eq!(told("rustls"), told("openssl"), "{protocols}");
    }
}
