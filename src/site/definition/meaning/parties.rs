//! Systems, clusters and proxies: one space of names, and references between them.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::site::definition::faults::{Cause, Faults};
use crate::site::definition::keys::UPDATE_POINT_HTTP;
use crate::site::definition::shape::{At, Row};
use crate::site::definition::words::shown;
use crate::site::fault::{Places, Wrong};
use crate::site::name::HostName;
use crate::site::role::{Role, UnjudgedRole};
use crate::site::suggestion::nearest;
use crate::site::{ClientConnections, Cluster, ExpectedCertificate, Ports, Proxy, ProxyMode, SiteSystem};

/// Everything that has a name a waiver, a cluster or a proxy may refer to.
pub(super) struct Parties {
    pub(super) systems: Vec<SiteSystem>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) proxies: Vec<Proxy>,
    pub(super) names: Names,
}

/// What a name stands for, with its place in the list of its kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    System(usize),
    Cluster(usize),
    Proxy,
}

/// The names of systems, clusters and proxies, told apart without case as computer names are.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<String, (Party, Arc<str>)>,
}

impl Names {
    /// What a name stands for, and the name as it was declared.
    pub(super) fn find(&self, name: &str) -> Option<(Party, &Arc<str>)> {
        self.known.get(&name.to_lowercase()).map(|(party, name)| (*party, name))
    }

    /// What to say of a reference that leads nowhere.
    pub(super) fn unknown(&self, message: &str, name: &str, faults: &Faults) -> Wrong {
        let candidates = || self.known.values().map(|(_, known)| known.as_ref());
        let hint = match faults.are_few().then(|| nearest(name, candidates())).flatten() {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "name a system, cluster or proxy of this definition".to_owned(),
        };
        Wrong::new(message, hint)
    }

    fn declare(&mut self, row: &Row<'_>, party: Party, faults: &mut Faults) -> Arc<str> {
        let name: Arc<str> = row.text("name").unwrap_or_default().into();
        if name.is_empty() {
            return name;
        }
        let key = name.to_lowercase();
        if let Some((other, _)) = self.known.get(&key) {
            let other = match other {
                Party::System(_) => "[[system]]",
                Party::Cluster(_) => "[[cluster]]",
                Party::Proxy => "[[proxy]]",
            };
            let wrong = Wrong::new(
                format!("a {other} called {} is there already", shown(&name)),
                "give every system, cluster and proxy a name of its own; case does not tell them apart",
            );
            faults.add(Cause::Value, row.place("name"), row.key("name"), wrong);
        } else {
            self.known.insert(key, (party, Arc::clone(&name)));
        }
        name
    }
}

/// Reads all three kinds, then follows their references.
pub(super) fn read(file: &Row<'_>, folder: &Path, places: &Places, faults: &mut Faults) -> Parties {
    let mut names = Names::default();
    let systems: Vec<SiteSystem> = (0..)
        .zip(file.rows("system"))
        .map(|(place, row)| {
            let name = names.declare(row, Party::System(place), faults);
            system(row, name, folder, places, faults)
        })
        .collect();
    let mut clusters: Vec<Cluster> = (0..)
        .zip(file.rows("cluster"))
        .map(|(place, row)| {
            let name = names.declare(row, Party::Cluster(place), faults);
            cluster(row, name, places, faults)
        })
        .collect();
    let mut proxies: Vec<Proxy> = file
        .rows("proxy")
        .iter()
        .map(|row| {
            let name = names.declare(row, Party::Proxy, faults);
            proxy(row, name, folder, places, faults)
        })
        .collect();
    for (cluster, row) in clusters.iter_mut().zip(file.rows("cluster")) {
        cluster.nodes = nodes(row, cluster, &systems, &names, faults);
    }
    internet_names(file, &systems, &clusters, faults);
    for (proxy, row) in proxies.iter_mut().zip(file.rows("proxy")) {
        proxy.publishes = published(row, proxy, &systems, &clusters, &names, faults);
    }
    one_mode_each(file, &proxies, faults);
    Parties { systems, clusters, proxies, names }
}

/// A name, and nothing with it. What is wrong with its letters a requirement judges.
fn host(row: &Row<'_>, key: &str, faults: &mut Faults) -> Option<HostName> {
    let written = row.text(key)?;
    let (what, rest) = match written.split_once("://") {
        Some((_, rest)) => ("a URL", rest),
        None => ("a name and more", written),
    };
    let alone = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let alone = match alone.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => alone,
    };
    if alone != written {
        let wrong = Wrong::new(
            format!("{key} is {what}: {}", shown(written)),
            format!("write {key} = \"{}\"; a port of its own belongs into the table's ports", alone.escape_debug()),
        );
        faults.add(Cause::Value, row.place(key), row.key(key), wrong);
    }
    Some(HostName::new(written))
}

fn system(row: &Row<'_>, name: Arc<str>, folder: &Path, places: &Places, faults: &mut Faults) -> SiteSystem {
    let internet_fqdn = host(row, "internet_fqdn", faults);
    let written = row.texts("roles");
    let mut roles: Vec<Role> = Vec::with_capacity(written.len());
    let mut not_judged: Vec<UnjudgedRole> = Vec::new();
    for item in written {
        let (role, unjudged) = (Role::parse(item.value), UnjudgedRole::parse(item.value));
        let twice =
            role.is_some_and(|role| roles.contains(&role)) || unjudged.is_some_and(|role| not_judged.contains(&role));
        if twice {
            let wrong = Wrong::new(format!("the role {} is there twice", shown(item.value)), "leave one of them");
            faults.add(Cause::Value, item.at.clone(), row.key("roles"), wrong);
        } else {
            roles.extend(role);
            not_judged.extend(unjudged);
        }
    }
    let gateway = roles.contains(&Role::CloudManagementGateway);
    if gateway && (roles.len() > 1 || !not_judged.is_empty()) {
        let wrong = Wrong::new(
            format!("the system {} is a cloud management gateway and more", shown(&name)),
            "a gateway is a [[system]] of its own, with its service name as internet_fqdn",
        );
        faults.add(Cause::Value, row.place("roles"), row.key("roles"), wrong);
    }
    if gateway && matches!(row.text("client_connections"), Some("intranet" | "both")) {
        let wrong = Wrong::new(
            format!(
                "the system {} is a cloud management gateway, and accepts clients from the Internet only",
                shown(&name)
            ),
            "write client_connections = \"internet\", or leave it out",
        );
        faults.add(Cause::Value, row.place("client_connections"), row.key("client_connections"), wrong);
    }
    let expected = row.text("expected_certificate").and_then(|text| {
        ExpectedCertificate::parse(text, folder)
            .map_err(|Wrong { message, hint }| {
                let wrong = Wrong::new(format!("expected_certificate is {message}"), hint);
                faults.add(Cause::Value, row.place("expected_certificate"), row.key("expected_certificate"), wrong);
            })
            .ok()
    });
    if row.has("roles") && row.empty("roles") {
        let wrong = Wrong::new(
            format!("the system {} has no role", shown(&name)),
            "write roles = [\"management-point\"]: what it does",
        );
        faults.add(Cause::Value, row.place("roles"), row.key("roles"), wrong);
    }
    SiteSystem {
        client_connections: match row.text("client_connections") {
            Some("internet") => ClientConnections::Internet,
            Some("both") => ClientConnections::Both,
            _ if gateway => ClientConnections::Internet,
            None if internet_fqdn.is_some() => ClientConnections::Both,
            _ => ClientConnections::Intranet,
        },
        netbios: HostName::new(&name),
        name,
        intranet_fqdn: host(row, "intranet_fqdn", faults),
        internet_fqdn,
        roles,
        not_judged,
        ports: ports(row.row("ports")),
        expected_certificate: expected,
        package_path: row.text("package_path").map(|path| path.trim_end_matches('/').to_owned()),
        defined_at: places.at(row.at.start),
        roles_at: places.at(row.place("roles").start),
    }
}

fn ports(row: Option<&Row<'_>>) -> Ports {
    let Some(row) = row else { return Ports::default() };
    let by_role = Role::ALL.into_iter().filter(|role| row.knows(role.name()));
    Ports {
        https: row.port("https"),
        http: row.port("http"),
        by_role: by_role.filter_map(|role| row.port(role.name()).map(|port| (role, port))).collect(),
        update_point_http: row.port(UPDATE_POINT_HTTP),
    }
}

fn cluster(row: &Row<'_>, name: Arc<str>, places: &Places, faults: &mut Faults) -> Cluster {
    if !row.written("intranet_fqdn") && !row.written("internet_fqdn") {
        let wrong = Wrong::new(
            format!("the cluster {} has no name clients could use", shown(&name)),
            "give it an intranet_fqdn, an internet_fqdn, or both",
        );
        faults.add(Cause::Missing, row.at.clone(), row.key("intranet_fqdn"), wrong);
    }
    Cluster {
        name,
        role: row.text("role").and_then(Role::parse).unwrap_or(Role::ManagementPoint),
        intranet_fqdn: host(row, "intranet_fqdn", faults),
        internet_fqdn: host(row, "internet_fqdn", faults),
        nodes: Vec::new(),
        ports: ports(row.row("ports")),
        defined_at: places.at(row.at.start),
    }
}

fn proxy(row: &Row<'_>, name: Arc<str>, folder: &Path, places: &Places, faults: &mut Faults) -> Proxy {
    let mode = match row.text("mode") {
        Some("tunneling") => ProxyMode::Tunneling,
        _ => ProxyMode::Bridging,
    };
    if mode == ProxyMode::Tunneling && row.has("client_certificate") {
        let wrong = Wrong::new(
            format!("the proxy {} tunnels, and has a client_certificate", shown(&name)),
            "a tunnel opens no connection of its own: leave client_certificate out, or write mode = \"bridging\"",
        );
        faults.add(Cause::Value, row.place("client_certificate"), row.key("client_certificate"), wrong);
    }
    Proxy {
        name,
        internet_fqdn: host(row, "internet_fqdn", faults).unwrap_or_else(|| HostName::new("")),
        mode,
        publishes: Vec::new(),
        port: row.port("port"),
        client_certificate: row.text("client_certificate").map(|path| folder.join(path)),
        defined_at: places.at(row.at.start),
    }
}

/// The references of a list, each once; an empty list is a fault.
fn references<'a, 'd>(row: &'a Row<'d>, key: &str, empty: Wrong, faults: &mut Faults) -> &'a [At<&'d str>] {
    let items = row.texts(key);
    for twice in repeated(items) {
        let wrong = Wrong::new(format!("{} is there twice", shown(twice.value)), "leave one of them");
        faults.add(Cause::Value, twice.at.clone(), row.key(key), wrong);
    }
    if row.has(key) && row.empty(key) {
        faults.add(Cause::Value, row.place(key), row.key(key), empty);
    }
    items
}

fn nodes(
    row: &Row<'_>,
    cluster: &Cluster,
    systems: &[SiteSystem],
    names: &Names,
    faults: &mut Faults,
) -> Vec<Arc<str>> {
    let called = shown(&cluster.name);
    let empty =
        Wrong::new(format!("the cluster {called} has no nodes"), "name the [[system]] tables that are its nodes");
    let mut nodes: Vec<(&SiteSystem, &At<&str>)> = Vec::new();
    for item in references(row, "nodes", empty, faults) {
        let wrong = match names.find(item.value) {
            Some((Party::System(place), _)) => {
                nodes.extend(systems.get(place).map(|system| (system, item)));
                continue;
            }
            Some((Party::Cluster(_) | Party::Proxy, _)) => Wrong::new(
                format!("{} is a node of the cluster {called}, and no [[system]]", shown(item.value)),
                "nodes are site systems",
            ),
            None => names.unknown(
                &format!("the cluster {called} has the node {}, which is not there", shown(item.value)),
                item.value,
                faults,
            ),
        };
        faults.add(Cause::Missing, item.at.clone(), row.key("nodes"), wrong);
    }
    let own = cluster.ports.https.is_some() || !cluster.ports.by_role.is_empty();
    let port = |system: &SiteSystem| system.ports.https_for(cluster.role);
    let first = nodes.first().filter(|_| !own).map(|(system, _)| *system);
    let other = first.and_then(|first| Some((first, nodes.iter().find(|(other, _)| port(other) != port(first))?)));
    if let Some((first, (other, item))) = other {
        let wrong = Wrong::new(
            format!(
                "the cluster {called} has nodes at different ports: {} at {}, {} at {}",
                first.name,
                port(first),
                other.name,
                port(other)
            ),
            "say in [cluster.ports] where the cluster listens",
        );
        faults.add(Cause::Missing, item.at.clone(), row.key("nodes"), wrong);
    }
    nodes.into_iter().map(|(system, _)| Arc::clone(&system.name)).collect()
}

/// A system for Internet clients needs a name they can dial: its own, or that of a cluster it is a node of.
fn internet_names(file: &Row<'_>, systems: &[SiteSystem], clusters: &[Cluster], faults: &mut Faults) {
    for (system, row) in systems.iter().zip(file.rows("system")) {
        if !system.client_connections.internet() || row.written("internet_fqdn") {
            continue;
        }
        let by_cluster = |cluster: &Cluster| cluster.internet_fqdn.is_some() && cluster.nodes.contains(&system.name);
        if !clusters.iter().any(by_cluster) {
            let wrong = if system.roles.contains(&Role::CloudManagementGateway) {
                Wrong::new(
                    format!("the cloud management gateway {} has no internet_fqdn", shown(&system.name)),
                    "give it its service name, the one its certificate holds",
                )
            } else {
                Wrong::new(
                    format!("the system {} accepts Internet clients, and has no internet_fqdn", shown(&system.name)),
                    "give it the name they dial, or write client_connections = \"intranet\"",
                )
            };
            faults.add(Cause::Missing, row.place("client_connections"), row.key("internet_fqdn"), wrong);
        }
    }
}

fn published(
    row: &Row<'_>,
    proxy: &Proxy,
    systems: &[SiteSystem],
    clusters: &[Cluster],
    names: &Names,
    faults: &mut Faults,
) -> Vec<Arc<str>> {
    let called = shown(&proxy.name);
    let empty = Wrong::new(
        format!("the proxy {called} publishes nothing"),
        "name the systems or clusters whose Internet FQDN leads to it",
    );
    let mut published = Vec::new();
    for item in references(row, "publishes", empty, faults) {
        let wrong = match names.find(item.value) {
            Some((Party::System(place), name)) => match systems.get(place) {
                Some(system) if !system.client_connections.internet() => Wrong::new(
                    format!("the proxy {called} publishes {name}, which accepts intranet clients only"),
                    "write client_connections = \"both\" or \"internet\" there, and give it an internet_fqdn",
                ),
                // Without an Internet FQDN it is only met by its cluster's name; that the name is missing at all
                // has been said.
                _ => {
                    published.push(Arc::clone(name));
                    continue;
                }
            },
            Some((Party::Cluster(place), name)) => match clusters.get(place) {
                Some(cluster) if cluster.internet_fqdn.is_none() => Wrong::new(
                    format!("the proxy {called} publishes the cluster {name}, which has no internet_fqdn"),
                    "give the cluster the name Internet clients dial",
                ),
                _ => {
                    published.push(Arc::clone(name));
                    continue;
                }
            },
            Some((Party::Proxy, _)) => Wrong::new(
                format!("the proxy {called} publishes {}, which is a proxy", shown(item.value)),
                "proxies publish systems and clusters",
            ),
            None => names.unknown(
                &format!("the proxy {called} publishes {}, which is not there", shown(item.value)),
                item.value,
                faults,
            ),
        };
        faults.add(Cause::Missing, item.at.clone(), row.key("publishes"), wrong);
    }
    published
}

/// One Internet name leads either to a bridge or to a tunnel.
fn one_mode_each(file: &Row<'_>, proxies: &[Proxy], faults: &mut Faults) {
    let mut first: HashMap<&str, &Proxy> = HashMap::new();
    for (proxy, row) in proxies.iter().zip(file.rows("proxy")) {
        for name in &proxy.publishes {
            let other = *first.entry(name.as_ref()).or_insert(proxy);
            if other.mode != proxy.mode {
                let wrong = Wrong::new(
                    format!("{name} is published by {} and by {}, in different modes", other.name, proxy.name),
                    "outside, its Internet FQDN leads either to a bridging or to a tunneling proxy",
                );
                faults.add(Cause::Missing, row.place("publishes"), row.key("publishes"), wrong);
            }
        }
    }
}

/// The items of a list that stand there a second time.
fn repeated<'a, 'd>(items: &'a [At<&'d str>]) -> impl Iterator<Item = &'a At<&'d str>> {
    let mut seen = HashSet::new();
    items.iter().filter(move |item| !seen.insert(item.value.to_lowercase()))
}
