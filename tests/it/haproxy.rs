//! HAProxy: a site system that demands certificates in the handshake, and a proxy that bridges or tunnels.

use std::net::Ipv4Addr;
use std::process::Command;

use crate::judged::{self, Judged};
use crate::management_point::{self, At, Files};
use crate::servers::{Folder, Server};

/// HAProxy, with its frontends and backends.
pub(crate) fn start(ports: usize, configuration: impl Fn(&Folder, Ipv4Addr, &[u16]) -> String) -> Server {
    Server::start(ports, |folder, address, ports| {
        let text = format!(
            "global\n  maxconn 256\n  tune.ssl.default-dh-param 2048\n\
             defaults\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n{}\n",
            configuration(folder, address, ports)
        );
        let mut command = Command::new("haproxy");
        command.args(["-db", "-f", &folder.write("haproxy.cfg", text)]);
        command
    })
}

/// A management point that asks in the handshake and ends it with whoever has no certificate it knows.
fn management_point(verify: &str, version: &str) -> Server {
    start(2, |folder, address, ports| {
        let Files { pair, roots, answers } = management_point::write(folder);
        let [https, http] = ports else { panic!("two ports") };
        let returned: String = ["MPLIST", "MPCERT", "SITESIGNCERT"]
            .iter()
            .map(|question| {
                format!(
                    "  http-request return status 200 content-type text/xml file {answers}/{question} if {{ query -m str {question} }}\n"
                )
            })
            .collect();
        format!(
            "frontend mp\n  mode http\n  bind {address}:{https} ssl crt {} ca-file {roots} verify {verify} \
             ssl-min-ver {version} ssl-max-ver {version}\n{returned}  http-request deny deny_status 404\n\
             frontend plain\n  mode http\n  bind {address}:{http}\n  http-request deny\n",
            pair.both
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
fn refusals_by_alert_are_refusals() {
    for version in ["TLSv1.2", "TLSv1.3"] {
        let judged = judge(&management_point("required", version));
        for requirement in [
            "client-authentication/demanded",
            "client-authentication/refuses-stranger",
            "client-authentication/accepts-client",
            "client-authentication/accepted-issuers",
            "client-authentication/when",
            "management-point/list",
        ] {
            judged.passes(requirement, MP);
        }
        assert_eq!(judged.finding("client-authentication/when", MP).observed, ["handshake"], "{version}");
        judged.nothing_fails();
    }
}

#[test]
fn one_that_only_offers_to_look_is_open() {
    let judged = judge(&management_point("optional", "TLSv1.3"));
    judged.fails("client-authentication/demanded", MP);
    judged.does_not_apply("client-authentication/refuses-stranger", MP);
}
