//! The definition of the lab's site, as an administrator would write it.

mod tables;
mod today;

use std::fmt::Write;
use std::net::SocketAddr;

use super::blueprint::{Blueprint, Edition, Front, SITE_CODE};
use crate::site::ProxyMode;
pub use tables::monitoring;
use tables::{quoted, system, vantages, watchers};

/// The root's file, as the definition names it.
pub const ROOT: &str = "pki/contoso-root.cer";
/// The site server signing certificate's file.
pub const SIGNING: &str = "pki/site-signing.cer";
/// The client computer's certificate and key.
pub const WORKSTATION: &str = "pki/workstation.pfx";
/// The certificate and key that computers being deployed are given.
pub const DEPLOYMENT: &str = "pki/deployment.pfx";
/// The mobile device's certificate.
pub const DEVICE: &str = "pki/device.cer";
/// Its key.
pub const DEVICE_KEY: &str = "pki/device.key";
/// The certificate and key of somebody from another company, whose root servers may trust.
pub const OUTSIDER: &str = "pki/outsider.pfx";
/// The public authority's root, which sites of 2026 trust for their gateway.
pub const PUBLIC_ROOT: &str = "pki/public-root.cer";
/// The certificate and key in the distribution point's properties.
pub const DISTRIBUTION_POINT: &str = "pki/distribution-point.pfx";
/// The file whose first line opens those with keys.
pub const PASSWORD_FILE: &str = "pki/clients.password";

/// The file of an intermediate authority the definition names.
pub fn intermediate(place: usize) -> String {
    format!("pki/intermediate-{}.cer", place + 1)
}

/// The file of a proxy's separate certificate for its inner leg.
pub fn proxy_client(front: &Front) -> String {
    format!("pki/{}-client.cer", front.name.to_ascii_lowercase())
}

/// Where the parts of the site turned out to listen.
#[derive(Debug, Clone)]
pub struct Listening {
    /// Inside DNS.
    pub inside: SocketAddr,
    /// Outside DNS.
    pub outside: SocketAddr,
    /// Each system's ports, in [`Blueprint::systems`]'s order.
    pub ports: Vec<Ports>,
    /// The cluster's HTTPS port.
    pub cluster: u16,
    /// Each proxy's port, in [`Blueprint::fronts`]'s order.
    pub fronts: Vec<u16>,
}

/// A system's ports.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// HTTPS.
    pub https: u16,
    /// Plain HTTP.
    pub http: u16,
}

/// The definition's text.
pub fn text(site: &Blueprint, listening: &Listening) -> String {
    match site.edition {
        Edition::Site2007 => of_2007(site, listening),
        Edition::Site2026 => today::text(site, listening),
    }
}

fn of_2007(site: &Blueprint, listening: &Listening) -> String {
    let mut text = String::from(
        "# A simulated native-mode site on this machine's loopback. Its keys are public: trust nothing of it elsewhere.\n",
    );
    let intermediates: Vec<String> = (0..site.intermediates.len()).map(|place| quoted(&intermediate(place))).collect();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"
[site]
code = "{SITE_CODE}"
name = "Contoso primary site"
profile = "native-mode-2007"
kind = "primary"
clients_check_revocation = true
legacy_clients = {legacy}

[trust]
roots = ["{ROOT}"]
intermediates = [{intermediates}]

[site_server]
signing_certificate = "{SIGNING}"

[[client]]
name = "workstation"
kind = "computer"
pfx = "{WORKSTATION}"
password_file = "{PASSWORD_FILE}"

[[client]]
name = "device"
kind = "mobile-device"
certificate = "{DEVICE}"
key = "{DEVICE_KEY}"

[[client]]
name = "boot image"
kind = "deployment"
pfx = "{DEPLOYMENT}"
password_file = "{PASSWORD_FILE}"

[[client]]
name = "neighbour"
kind = "outsider"
pfx = "{OUTSIDER}"
password_file = "{PASSWORD_FILE}"
"#,
        legacy = site.legacy_clients,
        intermediates = intermediates.join(", "),
    );
    vantages(&mut text, site, listening);
    watchers(&mut text, site);
    for (one, port) in site.systems().into_iter().zip(&listening.ports) {
        system(&mut text, one, *port);
    }
    let nodes: Vec<String> = site.nodes().iter().map(|node| quoted(node.name)).collect();
    let _ = write!(
        text,
        r#"
[[cluster]]
name = {name}
role = "management-point"
intranet_fqdn = {fqdn}
nodes = [{nodes}]
[cluster.ports]
https = {port}
"#,
        name = quoted(site.cluster.name),
        fqdn = quoted(&site.cluster.intranet_fqdn),
        nodes = nodes.join(", "),
        port = listening.cluster,
    );
    for (front, port) in site.fronts().into_iter().zip(&listening.fronts) {
        let mode = match front.declared {
            ProxyMode::Bridging => "bridging",
            ProxyMode::Tunneling => "tunneling",
        };
        let _ = write!(
            text,
            "\n[[proxy]]\nname = {}\ninternet_fqdn = {}\nmode = \"{mode}\"\npublishes = [{}]\nport = {port}\n",
            quoted(front.name),
            quoted(&front.internet_fqdn),
            quoted(front.publishes),
        );
        if front.client_certificate.is_some() {
            let _ = writeln!(text, "client_certificate = {}", quoted(&proxy_client(front)));
        }
    }
    text.push_str(
        r#"
[[system]]
name = "FSP01"                    # plain HTTP by design: nothing of it is probed
intranet_fqdn = "fsp01.corp.contoso.com"
client_connections = "intranet"
roles = ["fallback-status-point", "server-locator-point"]
"#,
    );
    text
}
