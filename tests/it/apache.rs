//! Apache, which can ask for client certificates as IIS does: after it has read the request, by renegotiation or, in
//! TLS 1.3, by post-handshake authentication.

use std::net::Ipv4Addr;
use std::process::Command;

use crate::servers::{Folder, Server};

/// Apache's own modules that any of the tests needs.
const MODULES: [&str; 9] =
    ["mpm_event", "authz_core", "alias", "mime", "rewrite", "ssl", "proxy", "proxy_http", "headers"];

/// Apache, with what its configuration says beside modules and files of its own. It listens where that says.
pub(crate) fn start(ports: usize, configuration: impl Fn(&Folder, Ipv4Addr, &[u16]) -> String) -> Server {
    Server::start(ports, |folder, address, ports| {
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
