//! nginx as a site system and as a proxy: certificates asked for in the handshake, and refusals by 400.

use std::net::Ipv4Addr;
use std::process::Command;

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
