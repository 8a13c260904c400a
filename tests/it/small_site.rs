//! A small site on loopback for the program's tests: one healthy management point behind one name, its root in a file, its
//! definition beside it. Everything is judged as of the lab's own time.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use cmprobe::lab::dns::{DnsServer, View};
use cmprobe::lab::pki::{Pki, Recipe};
use cmprobe::lab::server::{Credentials, Options, TlsServer, Versions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The time at which everything the lab mints is valid.
pub(crate) const AT: &str = "2026-02-01";

/// A running site, and the folder its files are in.
pub(crate) struct SmallSite {
    folder: TempDir,
    pub(crate) runtime: Runtime,
    server: TlsServer,
    /// The name server of both vantages: it knows no name, because all are pinned.
    dns: DnsServer,
}

impl SmallSite {
    /// A management point with a certificate for both its names, bent by `bend`.
    pub(crate) fn with(bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        Self::speaking(Versions::Both, bend)
    }

    /// The same, speaking certain versions.
    pub(crate) fn speaking(versions: Versions, bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let pki = Pki::lab().unwrap();
        let leaf = pki.issue(&bend(pki.web_server(&["mp01.corp.contoso.com", "mp.contoso.com"]))).unwrap();
        let runtime = Runtime::new().unwrap();
        let server = runtime
            .block_on(TlsServer::start(Options { versions, ..Options::presenting(Credentials::of(&leaf)) }))
            .unwrap();
        let dns = runtime.block_on(DnsServer::start(View::default())).unwrap();
        let site = Self { folder: TempDir::new().unwrap(), runtime, server, dns };
        site.write("root.cer", pki.root.pem());
        site.write("site.toml", site.definition(site.address().port(), "root.cer"));
        site
    }

    /// Where the management point listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// A definition of the site, with the management point at a port.
    pub(crate) fn definition(&self, port: u16, root: &str) -> String {
        let dns = self.dns.address();
        format!(
            r#"[site]
code = "PRI"
name = "A small site"
profile = "native-mode-2007"
clients_check_revocation = false
windows = ["10-1607"]

[trust]
roots = ["{root}"]

[[vantage]]
name = "intranet"
network = "intranet"
dns = ["{dns}"]
[vantage.hosts]
"mp01.corp.contoso.com" = ["127.0.0.1"]

[[vantage]]
name = "internet"
network = "internet"
dns = ["{dns}"]
private_addresses = true
[vantage.hosts]
"mp.contoso.com" = ["127.0.0.1"]

[[system]]
name = "MP01"
intranet_fqdn = "mp01.corp.contoso.com"
internet_fqdn = "mp.contoso.com"
client_connections = "both"
roles = ["management-point"]
[system.ports]
https = {port}
"#
        )
    }

    /// The name server, as an argument.
    pub(crate) fn resolver(&self) -> String {
        self.dns.address().to_string()
    }

    /// A file of the site.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as an argument.
    pub(crate) fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file of the site.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.arg(name)
    }

    /// Reads a file of the site.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections().len()
    }
}
