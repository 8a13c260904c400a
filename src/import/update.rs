//! A definition held against an inventory: what the console has and the definition has not, what is gone, what differs, each
//! with its line; and the definition brought up to date, with its comments, order and hand-written keys as they were.

mod apply;
mod edit;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::definition::systems_text;
use super::inventory::{Inventory, System, word};
use super::role::is_exported;
use crate::site::fault::{Fault, Ruler};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{Communication, Site, SiteSystem};
use crate::wire::counted::counted;
pub use apply::Applied;

/// What differs.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    differences: Vec<Difference<'a>>,
    source: String,
    /// How many systems agree.
    agree: usize,
}

/// One difference.
#[derive(Clone, Debug)]
enum Difference<'a> {
    /// In the console, not in the definition.
    New(&'a System),
    /// In the definition, not in the console.
    Gone { place: usize, name: String, roles: Vec<Role>, line: usize },
    /// Said differently.
    Changed { place: Option<usize>, name: String, change: Change, line: usize },
}

/// What is said differently of a system, or of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    /// The Internet FQDN.
    InternetFqdn { was: Option<String>, is: Option<String> },
    /// Which clients connect.
    Connections { was: &'static str, is: &'static str },
    /// The HTTPS port of a role: its key in `[system.ports]`.
    Port { key: &'static str, was: u16, is: u16 },
    /// A role the console has as well.
    RoleNew(Role),
    /// A role the console has not, or not over HTTPS; with why.
    RoleGone(Role, String),
    /// Whether clients check revocation lists.
    ChecksRevocation { was: bool, is: bool },
    /// How clients speak with management and distribution points.
    Communication { was: Communication, is: Communication },
}

impl<'a> Comparison<'a> {
    /// Holds a definition's text, which has no fault, against an inventory.
    ///
    /// # Errors
    /// The definition has faults.
    pub fn of(text: &str, inventory: &'a Inventory) -> Result<Self, Vec<Fault>> {
        let site = Site::from_toml(text, Path::new(""))?;
        // What the reader understood, the editor understands too; where it does not, there are no lines to tell.
        let document = Document::parse(text).ok();
        let lines = Lines { text, document: document.as_ref() };
        let mut found = Self { differences: Vec::new(), source: inventory.source.clone(), agree: 0 };
        if let Some(is) = inventory.checks_revocation.filter(|is| *is != site.clients_check_revocation) {
            let change = Change::ChecksRevocation { was: site.clients_check_revocation, is };
            let line = lines.of_site("clients_check_revocation");
            found.differences.push(Difference::Changed { place: None, name: "[site]".into(), change, line });
        }
        let is = if inventory.enhanced_http { Communication::EnhancedHttp } else { Communication::HttpsOnly };
        // The component that says the one says the other.
        let is_said = inventory.checks_revocation.is_some() && site.profile == Profile::CurrentBranch;
        if is_said && is != site.communication {
            let change = Change::Communication { was: site.communication, is };
            let line = lines.of_site("communication");
            found.differences.push(Difference::Changed { place: None, name: "[site]".into(), change, line });
        }
        let known = Known::of(&site);
        let mut met = HashSet::new();
        let mut new = Vec::new();
        for system in &inventory.systems {
            match known.find(system) {
                Some(place) => {
                    met.insert(place);
                    if let Some(defined) = site.systems.get(place) {
                        found.compare(&site, (place, defined), system, inventory, &lines);
                    }
                }
                None if known.is_cluster(system) => {}
                None if system.is_judged() => new.push(Difference::New(system)),
                None => {}
            }
        }
        for (place, defined) in site.systems.iter().enumerate().filter(|(place, _)| !met.contains(place)) {
            // Of what an export never names, its silence says nothing.
            if defined.roles.iter().any(|role| covers(inventory, *role))
                && defined.roles.iter().all(|role| covers(inventory, *role))
            {
                let (name, roles) = (defined.name.to_string(), defined.roles.clone());
                let line = lines.of_system(place, "");
                found.differences.push(Difference::Gone { place, name, roles, line });
            }
        }
        found.differences.extend(new);
        Ok(found)
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    fn compare(
        &mut self,
        site: &Site,
        (place, defined): (usize, &SiteSystem),
        system: &System,
        inventory: &Inventory,
        lines: &Lines<'_>,
    ) {
        let before = self.differences.len();
        let mut add = |change: Change, key: &str| {
            let name = defined.name.to_string();
            let line = lines.of_system(place, key);
            self.differences.push(Difference::Changed { place: Some(place), name, change, line });
        };
        let by_cluster = |fqdn: &str| {
            let nodes = site.clusters.iter().filter(|cluster| cluster.nodes.contains(&defined.name));
            nodes
                .filter_map(|cluster| cluster.internet_fqdn.as_ref())
                .any(|own| own.as_str().eq_ignore_ascii_case(fqdn))
        };
        if inventory.scope.internet_names && system.is_judged() && system.internet_fqdn != defined.internet_fqdn {
            let is = system.internet_fqdn.as_ref().map(ToString::to_string);
            let was = defined.internet_fqdn.as_ref().map(ToString::to_string);
            let told_by_cluster = was.is_none() && is.as_deref().is_some_and(by_cluster);
            if !told_by_cluster {
                add(Change::InternetFqdn { was, is }, "internet_fqdn");
            }
        }
        // Without a name to dial outside, a definition cannot say what the console does.
        let can_say = |connections: &crate::site::ClientConnections| {
            !connections.internet() || system.internet_fqdn.is_some() || defined.internet_fqdn.is_some()
        };
        if let Some(is) = system.connections.filter(can_say).filter(|is| *is != defined.client_connections) {
            add(Change::Connections { was: word(defined.client_connections), is: word(is) }, "client_connections");
        }
        for role in
            system.roles.iter().filter(|role| !defined.roles.contains(role) && !is_in_cluster(site, defined, **role))
        {
            add(Change::RoleNew(*role), "roles");
        }
        for role in defined.roles.iter().filter(|role| !system.roles.contains(role) && covers(inventory, **role)) {
            let idle = system.idle.iter().find(|idle| idle.role == Some(role.name()));
            let why = idle.map_or_else(|| "no such role".to_owned(), |idle| idle.why.clone());
            // A secondary site's management point is called either.
            let is_proxy = *role == Role::ProxyManagementPoint && system.roles.contains(&Role::ManagementPoint);
            if !is_proxy {
                add(Change::RoleGone(*role, why), "roles");
            }
        }
        if let Some(is) = system.https_port {
            let web = system
                .roles
                .iter()
                .find(|role| role.presents_web_server_certificate() && **role != Role::SoftwareUpdatePoint);
            if let Some(was) = web.map(|role| defined.ports.https_for(*role)).filter(|was| *was != is) {
                add(Change::Port { key: "https", was, is }, "ports");
            }
        }
        if let Some(is) = system.update_port.filter(|_| system.roles.contains(&Role::SoftwareUpdatePoint)) {
            let was = defined.ports.https_for(Role::SoftwareUpdatePoint);
            if was != is {
                add(Change::Port { key: Role::SoftwareUpdatePoint.name(), was, is }, "ports");
            }
        }
        self.agree += usize::from(self.differences.len() == before);
    }

    /// The differences, a line each, and what to add.
    pub fn text(&self) -> String {
        let source = &self.source;
        if self.is_empty() {
            return format!(
                "No difference: {} of the definition {} with {source}.\n",
                counted(self.agree, "system"),
                if self.agree == 1 { "agrees" } else { "agree" }
            );
        }
        let mut text = String::new();
        for difference in &self.differences {
            // Writing to a String cannot fail.
            let _ = match difference {
                Difference::New(system) => {
                    let fqdn = system.intranet_fqdn.as_ref().map_or_else(String::new, ToString::to_string);
                    let roles = names(&system.roles);
                    writeln!(text, "+ {:15} {roles}  {fqdn}  in the console, not in the definition", system.name)
                }
                Difference::Gone { name, roles, line, .. } => {
                    writeln!(text, "- {name:15} {}  in the definition{}, not in the console", names(roles), at(*line))
                }
                Difference::Changed { name, change, line, .. } => {
                    writeln!(text, "~ {name:15} {}", change.in_words(*line))
                }
            };
        }
        let count = self.differences.len();
        let _ = writeln!(text, "{count} difference{}.", if count == 1 { "" } else { "s" });
        let new = self.new_systems();
        if !new.is_empty() {
            let _ = write!(text, "To add:\n\n{}", systems_text(new));
        }
        text
    }

    fn new_systems(&self) -> Vec<&'a System> {
        let new = self.differences.iter().filter_map(|difference| match difference {
            Difference::New(system) => Some(*system),
            Difference::Gone { .. } | Difference::Changed { .. } => None,
        });
        new.collect()
    }
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

/// A place, where one is known.
fn at(line: usize) -> String {
    if line == 0 { String::new() } else { format!(" (line {line})") }
}

impl Change {
    fn in_words(&self, line: usize) -> String {
        let at = at(line);
        let shown =
            |value: &Option<String>| value.as_ref().map_or_else(|| "none".to_owned(), |value| format!("\"{value}\""));
        match self {
            Self::InternetFqdn { was, is } => format!("internet_fqdn  {}{at}; console: {}", shown(was), shown(is)),
            Self::Connections { was, is } => format!("client_connections  \"{was}\"{at}; console: \"{is}\""),
            Self::Port { key, was, is } => format!("ports.{key}  {was}{at}; console: {is}"),
            Self::RoleNew(role) => format!("roles  no {role}{at}; console: has it"),
            Self::RoleGone(role, why) => format!("roles  {role}{at}; console: {why}"),
            Self::Communication { was, is } => {
                format!("communication  \"{}\"{at}; console: \"{}\"", was.name(), is.name())
            }
            Self::ChecksRevocation { was, is } => format!("clients_check_revocation  {was}{at}; console: {is}"),
        }
    }
}

/// Whether an export of this kind would name a role.
fn covers(inventory: &Inventory, role: Role) -> bool {
    match role {
        Role::ManagementPoint | Role::ProxyManagementPoint => true,
        _ => inventory.scope.every_role && is_exported(role),
    }
}

fn is_in_cluster(site: &Site, system: &SiteSystem, role: Role) -> bool {
    site.clusters.iter().any(|cluster| cluster.role == role && cluster.nodes.contains(&system.name))
}

/// The systems of a definition, by the names an export may have for them.
struct Known {
    by_fqdn: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    clusters: HashSet<String>,
}

impl Known {
    fn of(site: &Site) -> Self {
        let systems = site.systems.iter().enumerate();
        let names = site.clusters.iter().flat_map(|cluster| {
            let fqdns = cluster.intranet_fqdn.iter().chain(&cluster.internet_fqdn).map(|fqdn| fqdn.as_str());
            fqdns.chain([&*cluster.name])
        });
        Self {
            by_fqdn: systems
                .clone()
                .filter_map(|(place, system)| Some((system.intranet_fqdn.as_ref()?.as_str().to_lowercase(), place)))
                .collect(),
            by_name: systems.map(|(place, system)| (system.name.to_lowercase(), place)).collect(),
            clusters: names.map(str::to_lowercase).collect(),
        }
    }

    fn find(&self, system: &System) -> Option<usize> {
        let by_fqdn = system.intranet_fqdn.as_ref().and_then(|fqdn| self.by_fqdn.get(&fqdn.as_str().to_lowercase()));
        by_fqdn.or_else(|| self.by_name.get(&system.name.to_lowercase())).copied()
    }

    /// Whether it is a cluster, which lists name like a server.
    fn is_cluster(&self, system: &System) -> bool {
        let fqdn = system.intranet_fqdn.as_ref().map(|fqdn| fqdn.as_str().to_lowercase());
        fqdn.is_some_and(|fqdn| self.clusters.contains(&fqdn)) || self.clusters.contains(&system.name.to_lowercase())
    }
}

/// Where things stand in a definition.
struct Lines<'a> {
    text: &'a str,
    document: Option<&'a Document<&'a str>>,
}

impl Lines<'_> {
    fn at(&self, offset: Option<usize>) -> usize {
        offset.map_or(0, |offset| Ruler::new(self.text).position(offset).line)
    }

    /// The line of a key of `[site]`, or of its heading.
    fn of_site(&self, key: &str) -> usize {
        let site = self.document.and_then(|document| document.as_table().get("site"));
        let value = site.and_then(|site| site.get(key)).or(site);
        self.at(value.and_then(Item::span).map(|span| span.start))
    }

    /// The line of a system's key, or of its heading.
    fn of_system(&self, place: usize, key: &str) -> usize {
        let Some(document) = self.document else { return 0 };
        let Some(systems) = document.as_table().get("system") else { return 0 };
        let offset = match systems {
            Item::ArrayOfTables(tables) => tables.get(place).and_then(|table| {
                let value = table.get(key).and_then(Item::span);
                value.or_else(|| table.span()).map(|span| span.start)
            }),
            Item::Value(value) => value.as_array().and_then(|list| list.get(place)).and_then(|table| {
                let inner = table.as_inline_table().and_then(|table| TableLike::get(table, key)).and_then(Item::span);
                inner.or_else(|| table.span()).map(|span| span.start)
            }),
            Item::None | Item::Table(_) => None,
        };
        self.at(offset)
    }
}
