//! HAProxy: a site system that demands certificates in the handshake, and a proxy that bridges or tunnels.

use std::net::Ipv4Addr;
use std::process::Command;

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
