//! Tables of the definition that sites of every year have.

use std::fmt::Write;

use super::{Listening, Ports};
use crate::lab::site::blueprint::{Blueprint, System};
use crate::lab::site::pages::PACKAGE;
use crate::site::ClientConnections;
use crate::site::role::Role;

/// The file of a certificate with which a site system is asked by its own site how it is.
pub fn monitoring(place: usize) -> String {
    format!("pki/monitoring-{}.cer", place + 1)
}

/// Where clients stand, and whom they ask for names.
pub(super) fn vantages(text: &mut String, site: &Blueprint, listening: &Listening) {
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"
[[vantage]]
name = "intranet"
network = "intranet"
dns = ["{inside}"]
private_addresses = true

[[vantage]]
name = "internet"
network = "internet"
dns = ["{outside}"]
private_addresses = {private}
"#,
        inside = listening.inside,
        outside = listening.outside,
        private = site.private_addresses_outside,
    );
}

/// The certificates site systems are watched with.
pub(super) fn watchers(text: &mut String, site: &Blueprint) {
    for place in 0..site.monitoring.len() {
        let file = quoted(&monitoring(place));
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n[[client]]\nname = \"monitoring {}\"\nkind = \"monitoring\"\ncertificate = {file}\n",
            place + 1
        );
    }
}

/// A site system's table.
pub(super) fn system(text: &mut String, system: &System, ports: Ports) {
    let _ = writeln!(text, "\n[[system]]\nname = {}", quoted(system.name));
    for (key, name) in [("intranet_fqdn", &system.intranet_fqdn), ("internet_fqdn", &system.internet_fqdn)] {
        if let Some(name) = name {
            let _ = writeln!(text, "{key} = {}", quoted(name));
        }
    }
    if system.roles.contains(&Role::DistributionPoint) {
        let _ = writeln!(text, "package_path = {}", quoted(PACKAGE));
    }
    if let Some(thumbprint) = &system.expected {
        let _ = writeln!(text, "expected_certificate = {}", quoted(thumbprint));
    }
    let roles: Vec<String> = system.roles.iter().map(|role| quoted(role.name())).collect();
    let connections = match system.connections {
        ClientConnections::Intranet => "intranet",
        ClientConnections::Internet => "internet",
        ClientConnections::Both => "both",
    };
    let is_update_point = system.roles.contains(&Role::SoftwareUpdatePoint);
    let key = if is_update_point { Role::SoftwareUpdatePoint.name() } else { "https" };
    let _ = writeln!(
        text,
        "client_connections = \"{connections}\"\nroles = [{}]\n[system.ports]\n{key} = {}\nhttp = {}",
        roles.join(", "),
        ports.https,
        ports.http
    );
    if is_update_point {
        let _ = writeln!(text, "software-update-point-http = {}", ports.http);
    }
}

/// A TOML string. The lab's names need no escapes; what would is escaped all the same.
pub(super) fn quoted(name: &str) -> String {
    toml::Value::String(name.to_owned()).to_string()
}
