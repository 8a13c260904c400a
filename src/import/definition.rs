//! An inventory as a definition's text: it loads and plans as it stands, and says in comments what it could not know.

use std::fmt::Write as _;

use super::inventory::{Inventory, SiteType, System, word};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{ClientConnections, Communication, SiteKind};
use crate::wire::counted::counted;

/// Where comments beside values begin.
const COLUMN: usize = 35;

/// What no export says, where somebody was asked.
#[derive(Clone, Debug, Default)]
pub struct ByHand {
    /// What people call the site.
    pub name: Option<String>,
    /// The documents that are the law, where nothing else says it.
    pub profile: Option<Profile>,
    /// Files of roots clients trust.
    pub roots: Vec<String>,
    /// A client's .pfx, and the environment variable with its password.
    pub client: Option<(String, Option<String>)>,
    /// Resolvers inside.
    pub dns_inside: Vec<String>,
    /// Resolvers outside.
    pub dns_outside: Vec<String>,
}

/// The definition's text.
pub fn text(inventory: &Inventory, by_hand: &ByHand) -> String {
    let mut out = Text::default();
    head(&mut out, inventory);
    site(&mut out, inventory, by_hand);
    trust(&mut out, by_hand);
    vantages(&mut out, inventory, by_hand);
    let profile = by_hand.profile.unwrap_or_else(|| inventory.profile());
    let clusters = clusters(inventory, profile);
    for system in inventory.systems.iter().filter(|system| system.is_judged()) {
        let is_node = clusters.iter().any(|cluster| cluster.active && cluster.nodes.contains(&system.name.as_str()));
        out.line("");
        self::system(&mut out, system, is_node);
    }
    for cluster in &clusters {
        out.line("");
        cluster.write(&mut out);
    }
    let idle: Vec<&System> = inventory.systems.iter().filter(|system| !system.is_judged()).collect();
    if !idle.is_empty() {
        out.line("");
    }
    for system in idle {
        let reasons: Vec<&str> = system.idle.iter().map(|idle| idle.why.as_str()).collect();
        let fqdn = system.intranet_fqdn.as_ref().map_or_else(String::new, |fqdn| format!(" {fqdn}"));
        out.comment(&format!("{}{fqdn}: {}", system.name, reasons.join("; ")));
    }
    if !inventory.others.is_empty() {
        let counted: Vec<String> =
            inventory.others.iter().take(40).map(|(name, count)| format!("{name} ({count})")).collect();
        out.line("");
        out.comment(&format!(
            "Roles that hold no certificate of this site, or that are not judged: {}",
            counted.join(", ")
        ));
    }
    out.0
}

/// The tables of these systems alone, as they would stand in a definition.
pub fn systems_text<'a>(systems: impl IntoIterator<Item = &'a System>) -> String {
    let mut out = Text::default();
    for system in systems {
        if !out.0.is_empty() {
            out.line("");
        }
        self::system(&mut out, system, false);
    }
    out.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A comment; whatever it holds stays on its line.
    fn comment(&mut self, words: &str) {
        let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line(format!("# {words}").trim_end());
    }

    /// A value, and a comment beside it.
    fn value(&mut self, value: &str, comment: &str) {
        if comment.is_empty() {
            self.line(value);
            return;
        }
        let comment: String = comment.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{value:COLUMN$} # {comment}");
    }
}

/// A TOML text.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

fn head(out: &mut Text, inventory: &Inventory) {
    let plain: usize =
        inventory.systems.iter().flat_map(|system| &system.idle).filter(|idle| idle.role.is_some()).count();
    let http = if plain > 0 { format!(", {plain} of them HTTP only") } else { String::new() };
    let has_role = |system: &&System| !system.roles.is_empty() || system.idle.iter().any(|idle| idle.role.is_some());
    let servers = inventory.systems.iter().filter(has_role).count();
    let others = inventory.systems.len() - servers;
    let beside = if others > 0 { format!(", and {} beside", counted(others, "server")) } else { String::new() };
    out.comment(&format!(
        "cmprobe init, from {}: {} on {}{http}{beside}",
        inventory.source,
        counted(inventory.roles, "role"),
        counted(servers, "server"),
    ));
    for remark in &inventory.remarks {
        out.comment(remark);
    }
}

fn site(out: &mut Text, inventory: &Inventory, by_hand: &ByHand) {
    let code = inventory.code.as_deref();
    out.line("[site]");
    match code {
        Some(code) => out.value(&format!("code = {}", quoted(code)), ""),
        // Some code must stand there for the file to be one.
        None => out.value("code = \"XXX\"", "TODO the site's code: nothing in the export says it (--site-code)"),
    }
    match &by_hand.name {
        Some(name) => out.value(&format!("name = {}", quoted(name)), ""),
        None => out.value(&format!("name = {}", quoted(code.unwrap_or("XXX"))), "TODO your name for it"),
    }
    let (profile, comment) = match (by_hand.profile, inventory.release) {
        (Some(profile), _) => (profile, String::new()),
        (None, Some(release)) if release.is_2012() => {
            (release.profile(), format!("build {}: System Center 2012, which has no profile of its own", release.build))
        }
        (None, Some(release)) => (release.profile(), format!("build {}", release.build)),
        (None, None) => {
            let profile = inventory.profile();
            let comment = match inventory.only_in_2007 {
                Some(role) => format!("TODO the export has no version, but a {role}"),
                None => "TODO the export has no version; or \"native-mode-2007\"".to_owned(),
            };
            (profile, comment)
        }
    };
    out.value(&format!("profile = \"{}\"", profile.name()), &comment);
    let (kind, comment) = match inventory.site_type {
        Some(SiteType::Secondary) => (SiteKind::Secondary, ""),
        Some(SiteType::Primary | SiteType::Central) => (SiteKind::Primary, ""),
        None => (SiteKind::Primary, "not in the export; or \"secondary\""),
    };
    out.value(
        match kind {
            SiteKind::Primary => "kind = \"primary\"",
            SiteKind::Secondary => "kind = \"secondary\"",
        },
        comment,
    );
    if inventory.enhanced_http {
        let words = "certificates the site makes itself are right";
        out.value(&format!("communication = \"{}\"", Communication::EnhancedHttp.name()), words);
    }
    match inventory.checks_revocation {
        Some(checks) => out.value(&format!("clients_check_revocation = {checks}"), ""),
        None => out.value("# clients_check_revocation = true", "not in the export"),
    }
}

fn trust(out: &mut Text, by_hand: &ByHand) {
    out.line("");
    out.line("[trust]");
    match by_hand.roots.as_slice() {
        [] => out.value("roots = []", "TODO [\"pki/root.cer\"]: without it no chain is decided"),
        roots => out.value(&format!("roots = {}", list(roots)), ""),
    }
    out.line("");
    match &by_hand.client {
        Some((pfx, password)) => {
            out.line("[[client]]");
            out.line("name = \"workstation\"");
            out.line(&format!("pfx = {}", quoted(pfx)));
            if let Some(variable) = password {
                out.line(&format!("password_env = {}", quoted(variable)));
            }
        }
        None => {
            out.value("# [[client]]", "TODO a client's certificate: without it nothing behind IIS is decided");
            out.line("# name = \"workstation\"");
            out.line("# pfx = \"pki/workstation.pfx\"");
            out.value("# password_env = \"CMPROBE_WORKSTATION\"", "the variable's name, never the password");
        }
    }
}

fn vantages(out: &mut Text, inventory: &Inventory, by_hand: &ByHand) {
    let outside = inventory.systems.iter().any(|system| {
        system.is_judged()
            && (system.internet_fqdn.is_some() || system.connections.is_some_and(ClientConnections::internet))
    });
    let mut vantage = |name: &str, dns: &[String], comment: &str| {
        out.line("");
        out.line("[[vantage]]");
        out.line(&format!("name = \"{name}\""));
        out.line(&format!("network = \"{name}\""));
        match dns {
            [] if comment.is_empty() => {}
            [] => out.value("# dns = [\"…\"]", comment),
            servers => out.line(&format!("dns = {}", list(servers))),
        }
    };
    vantage("intranet", &by_hand.dns_inside, "");
    if outside {
        vantage("internet", &by_hand.dns_outside, "TODO a resolver outside");
    }
}

fn system(out: &mut Text, system: &System, is_node: bool) {
    for remark in &system.remarks {
        out.comment(remark);
    }
    out.line("[[system]]");
    out.line(&format!("name = {}", quoted(&system.name)));
    if let Some(fqdn) = &system.intranet_fqdn {
        out.line(&format!("intranet_fqdn = {}", quoted(fqdn.as_str())));
    }
    match &system.internet_fqdn {
        Some(fqdn) if is_node => out.comment(&format!("internet_fqdn: its cluster's, {fqdn}")),
        Some(fqdn) => out.line(&format!("internet_fqdn = {}", quoted(fqdn.as_str()))),
        None => {}
    }
    let has_internet_name = system.internet_fqdn.is_some();
    match system.connections {
        Some(said) if said.internet() && !has_internet_name => out.value(
            "client_connections = \"intranet\"",
            &format!("TODO \"{}\" in the console, but no Internet FQDN: add internet_fqdn first", word(said)),
        ),
        Some(said) => out.line(&format!("client_connections = \"{}\"", word(said))),
        None if has_internet_name => {
            out.value(
                "client_connections = \"both\"",
                "TODO the export does not say: \"intranet\", \"internet\" or \"both\"",
            );
        }
        None => out.value("client_connections = \"intranet\"", ""),
    }
    let roles: Vec<&str> = system.roles.iter().map(|role| role.name()).collect();
    out.line(&format!("roles = {}", list(&roles)));
    for idle in &system.idle {
        out.comment(&idle.why);
    }
    let https = system.https_port.filter(|port| *port != 443);
    let updates = system.update_port.filter(|port| *port != Role::SoftwareUpdatePoint.default_https_port());
    if https.is_some() || updates.is_some() {
        out.line("[system.ports]");
    }
    if let Some(port) = https {
        out.line(&format!("https = {port}"));
        // What clients' ports say nothing of: consoles and browsers.
        for role in system.roles.iter().filter(|role| !role.presents_web_server_certificate() && role.uses_https()) {
            out.line(&format!("{role} = {}", role.default_https_port()));
        }
    }
    if let Some(port) = updates {
        out.line(&format!("{} = {port}", Role::SoftwareUpdatePoint.name()));
    }
}

/// Systems that share an Internet FQDN and a role that can be clustered.
struct SharedName<'a> {
    role: Role,
    internet_fqdn: &'a str,
    nodes: Vec<&'a str>,
    name: String,
    /// Whether it is a cluster, as it must be in 2007; later, something else balances the load.
    active: bool,
}

fn clusters(inventory: &Inventory, profile: Profile) -> Vec<SharedName<'_>> {
    let mut found: Vec<SharedName<'_>> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for system in inventory.systems.iter().filter(|system| system.is_judged()) {
        let Some(fqdn) = &system.internet_fqdn else { continue };
        for role in [Role::ManagementPoint, Role::SoftwareUpdatePoint] {
            if !system.roles.contains(&role) {
                continue;
            }
            let at = *index.entry((role, fqdn.as_str())).or_insert_with(|| {
                found.push(SharedName {
                    role,
                    internet_fqdn: fqdn.as_str(),
                    nodes: Vec::new(),
                    name: String::new(),
                    active: false,
                });
                found.len() - 1
            });
            if let Some(shared) = found.get_mut(at) {
                shared.nodes.push(&system.name);
            }
        }
    }
    found.retain(|shared| shared.nodes.len() > 1);
    for (at, shared) in found.iter_mut().enumerate() {
        shared.active = profile == Profile::NativeMode2007;
        let known = |name: &str| inventory.systems.iter().any(|system| system.name.eq_ignore_ascii_case(name));
        let free = (at + 1..).map(|n| format!("CLUSTER{n}")).find(|name| !known(name));
        shared.name = free.unwrap_or_default();
    }
    found
}

impl SharedName<'_> {
    fn write(&self, out: &mut Text) {
        let words = format!("{} are known by one Internet FQDN", self.nodes.join(" and "));
        let lines = [
            "[[cluster]]".to_owned(),
            format!("name = {}", quoted(&self.name)),
            format!("role = \"{}\"", self.role),
            format!("internet_fqdn = {}", quoted(self.internet_fqdn)),
            format!("nodes = {}", list(&self.nodes)),
        ];
        if self.active {
            out.comment(&format!("{words}: a cluster. TODO its name in the console, and its intranet_fqdn"));
            lines.iter().for_each(|line| out.line(line));
        } else {
            out.comment(&format!("{words}: TODO what stands before them, a [[proxy]] or a load balancer:"));
            lines.iter().for_each(|line| out.comment(line));
        }
    }
}
