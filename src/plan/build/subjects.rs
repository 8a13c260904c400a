//! Who is dialled from a vantage: site systems, clusters and proxies, each role under the name its clients use.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::offers::update_point_twin;
use crate::plan::expectation::{ClusterExpectation, Expectation, Presenter, ProxyExpectation};
use crate::site::name::{HostName, NameKind};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::vantage::{Network, Vantage};
use crate::site::{Cluster, Proxy, ProxyMode, Site, SiteSystem};

/// Connections to a cluster's address at the least, and at the most.
const CLUSTER_CONNECTIONS: (usize, usize) = (4, 16);

/// One role of one system under one name.
pub(super) struct Subject<'a> {
    pub(super) system: &'a str,
    /// What it is to its clients.
    pub(super) role: Role,
    /// The role whose path is asked for: for a proxy, the published one's.
    pub(super) asked_role: Role,
    pub(super) name: &'a HostName,
    pub(super) name_kind: NameKind,
    pub(super) port: u16,
    pub(super) http_port: u16,
    /// A file of a package that is known to be there.
    pub(super) package: Option<&'a str>,
    /// Whether the role has a twin there that serves over plain HTTP by design.
    pub(super) has_twin: bool,
    pub(super) expectation: Expectation,
    pub(super) connections: u8,
    pub(super) why: String,
}

/// A site with its references followed, once for a whole plan.
pub(super) struct Index<'a> {
    site: &'a Site,
    systems: HashMap<&'a str, &'a SiteSystem>,
    clusters: HashMap<&'a str, &'a Cluster>,
    /// The clusters a system is a node of, each with what its endpoints should show.
    clusters_of: HashMap<&'a str, Vec<(&'a Cluster, Arc<ClusterExpectation>)>>,
    /// The proxy that publishes a system or a cluster, with what its endpoints should show.
    publisher_of: HashMap<&'a str, (&'a Proxy, Arc<ProxyExpectation>)>,
}

impl<'a> Index<'a> {
    pub(super) fn of(site: &'a Site) -> Self {
        let mut index = Self {
            site,
            systems: site.systems.iter().map(|system| (&*system.name, system)).collect(),
            clusters: site.clusters.iter().map(|cluster| (&*cluster.name, cluster)).collect(),
            clusters_of: HashMap::new(),
            publisher_of: HashMap::new(),
        };
        for cluster in &site.clusters {
            let expectation = Arc::new(cluster_expectation(cluster));
            for node in &cluster.nodes {
                index.clusters_of.entry(node).or_default().push((cluster, Arc::clone(&expectation)));
            }
        }
        for proxy in &site.proxies {
            let expectation = Arc::new(index.proxy_expectation(proxy));
            for name in &proxy.publishes {
                index.publisher_of.entry(name).or_insert_with(|| (proxy, Arc::clone(&expectation)));
            }
        }
        index
    }

    /// Who stands before a system or cluster, seen from a vantage.
    fn publisher(&self, vantage: &Vantage, name: &str) -> Option<&(&'a Proxy, Arc<ProxyExpectation>)> {
        self.publisher_of.get(name).filter(|_| vantage.network == Network::Internet)
    }

    fn is_bridged(&self, vantage: &Vantage, name: &str) -> bool {
        self.publisher(vantage, name).is_some_and(|(proxy, _)| proxy.mode == ProxyMode::Bridging)
    }

    fn clusters_of(&self, system: &SiteSystem) -> &[(&'a Cluster, Arc<ClusterExpectation>)] {
        self.clusters_of.get(&*system.name).map_or(&[], Vec::as_slice)
    }

    /// The system's own HTTPS roles, and its clusters' where it does not name them itself.
    fn https_roles(&self, system: &SiteSystem) -> Vec<Role> {
        let profile = self.site.profile;
        let judged = |role: &Role| {
            role.uses_https() && (role.only_in() != Some(Profile::CurrentBranch) || profile == Profile::CurrentBranch)
        };
        let mut roles: Vec<Role> = system.roles.iter().copied().filter(judged).collect();
        for (cluster, _) in self.clusters_of(system) {
            if !roles.contains(&cluster.role) {
                roles.push(cluster.role);
            }
        }
        roles
    }

    fn proxy_expectation(&self, proxy: &Proxy) -> ProxyExpectation {
        let mut publishes = Vec::new();
        let mut internet_fqdns: Vec<HostName> = vec![proxy.internet_fqdn.clone()];
        for name in &proxy.publishes {
            if let Some(system) = self.systems.get(&**name) {
                publishes.push((system.name.clone(), self.https_roles(system)));
                internet_fqdns.extend(system.internet_fqdn.clone());
            }
            if let Some(cluster) = self.clusters.get(&**name) {
                publishes.push((cluster.name.clone(), vec![cluster.role]));
                internet_fqdns.extend(cluster.internet_fqdn.clone());
            }
        }
        let mut seen = HashSet::new();
        internet_fqdns.retain(|name| seen.insert(name.clone()));
        ProxyExpectation {
            name: proxy.name.clone(),
            mode: proxy.mode,
            publishes,
            internet_fqdns,
            has_client_certificate: Some(proxy.client_certificate.is_some()),
        }
    }
}

/// Everything clients at a vantage dial, in the definition's order.
pub(super) fn subjects<'a>(index: &Index<'a>, vantage: &Vantage) -> Vec<Subject<'a>> {
    let site = index.site;
    let mut found = Vec::new();
    for system in site.systems.iter().filter(|system| !index.is_bridged(vantage, &system.name)) {
        for role in index.https_roles(system) {
            found.extend(of_system(index, vantage, system, role));
        }
    }
    for cluster in site.clusters.iter().filter(|cluster| !index.is_bridged(vantage, &cluster.name)) {
        found.extend(of_cluster(index, vantage, cluster));
    }
    if vantage.network == Network::Internet {
        let bridges = site.proxies.iter().filter(|proxy| proxy.mode == ProxyMode::Bridging);
        found.extend(bridges.flat_map(|proxy| of_bridge(index, proxy)));
    }
    found
}

fn of_system<'a>(index: &Index<'a>, vantage: &Vantage, system: &'a SiteSystem, role: Role) -> Option<Subject<'a>> {
    let accepts = match vantage.network {
        Network::Intranet => system.client_connections.intranet(),
        Network::Internet => system.client_connections.internet(),
    };
    if !accepts || !role.serves(vantage.network) {
        return None;
    }
    let proxy = index.publisher(vantage, &system.name);
    let expectation = expectation_of(index, proxy.map(|(_, expectation)| expectation), system, role);
    let intranet = system.intranet_fqdn.as_ref();
    let (name, name_kind) = dialled(vantage.network, &system.netbios, intranet, system.internet_fqdn.as_ref())?;
    let port = proxy.and_then(|(proxy, _)| proxy.port).unwrap_or_else(|| system.ports.https_for(role));
    let clients = vantage.network.name();
    let why = match proxy {
        Some((proxy, _)) => {
            format!("{clients} clients reach {}'s {role} as {name}, through {} unopened", system.name, proxy.name)
        }
        None => format!("{clients} clients reach {}'s {role} as {name}", system.name),
    };
    let is_open = role == Role::SoftwareUpdatePoint && expectation.proxy.is_none();
    let is_known = system.ports.update_point_http.is_some() || update_point_twin(port).is_some();
    let twin = (is_open && is_known).then(|| system.ports.update_point_http());
    Some(Subject {
        system: &system.name,
        role,
        asked_role: role,
        name,
        name_kind,
        port,
        http_port: twin.unwrap_or_else(|| system.ports.http()),
        has_twin: twin.is_some(),
        package: system.package_path.as_deref(),
        expectation,
        connections: 1,
        why,
    })
}

fn expectation_of(
    index: &Index<'_>,
    proxy: Option<&Arc<ProxyExpectation>>,
    system: &SiteSystem,
    role: Role,
) -> Expectation {
    let cluster = index.clusters_of(system).iter().find(|(cluster, _)| cluster.role == role);
    Expectation {
        presenter: Presenter::SiteSystem,
        client_connections: Some(system.client_connections),
        netbios_name: Some(system.netbios.clone()),
        intranet_fqdn: system.intranet_fqdn.clone(),
        internet_fqdn: system.internet_fqdn.clone(),
        cluster: cluster.map(|(_, expectation)| Arc::clone(expectation)),
        proxy: proxy.map(Arc::clone),
        private_addresses: false,
    }
}

fn of_cluster<'a>(index: &Index<'a>, vantage: &Vantage, cluster: &'a Cluster) -> Option<Subject<'a>> {
    let (name, name_kind) = match vantage.network {
        Network::Intranet => (cluster.intranet_fqdn.as_ref()?, NameKind::IntranetFqdn),
        Network::Internet => (cluster.internet_fqdn.as_ref()?, NameKind::InternetFqdn),
    };
    let (port, http_port) = cluster_ports(index.site, cluster);
    let proxy = index.publisher(vantage, &cluster.name);
    let expectation = Expectation {
        presenter: Presenter::Cluster,
        client_connections: cluster.client_connections(),
        netbios_name: None,
        intranet_fqdn: cluster.intranet_fqdn.clone(),
        internet_fqdn: cluster.internet_fqdn.clone(),
        cluster: Some(Arc::new(cluster_expectation(cluster))),
        proxy: proxy.map(|(_, expectation)| Arc::clone(expectation)),
        private_addresses: false,
    };
    let (least, most) = CLUSTER_CONNECTIONS;
    let connections = (cluster.nodes.len() * 2).clamp(least, most);
    Some(Subject {
        system: &cluster.name,
        role: cluster.role,
        asked_role: cluster.role,
        name,
        name_kind,
        port: proxy.and_then(|(proxy, _)| proxy.port).unwrap_or(port),
        http_port,
        has_twin: false,
        package: None,
        expectation,
        connections: u8::try_from(connections).unwrap_or(u8::MAX),
        why: format!(
            "{} clients reach the cluster {} as {name}; connected to {connections} times, so that its nodes answer in turn",
            vantage.network.name(),
            cluster.name
        ),
    })
}

/// A bridging proxy, once for each name and port clients dial; the first role published there is the one asked for.
fn of_bridge<'a>(index: &Index<'a>, proxy: &'a Proxy) -> Vec<Subject<'a>> {
    let published = published_roles(index, proxy);
    let expectation = Arc::new(index.proxy_expectation(proxy));
    let mut dialled = HashSet::new();
    let dials_own = published.iter().any(|one| *one.name == proxy.internet_fqdn);
    // A name of the proxy's own that nothing it publishes has: clients dial it all the same.
    let own = published.first().filter(|_| !dials_own).map(|first| Published { name: &proxy.internet_fqdn, ..*first });
    let mut found: Vec<Subject<'a>> = Vec::new();
    for Published { system, role, name, port, http_port } in own.into_iter().chain(published) {
        let port = proxy.port.unwrap_or(port);
        if !dialled.insert((name, port)) {
            continue;
        }
        found.push(Subject {
            system: &proxy.name,
            role: Role::Proxy,
            asked_role: role,
            name,
            name_kind: NameKind::InternetFqdn,
            port,
            http_port,
            has_twin: false,
            package: index.systems.get(system).and_then(|system| system.package_path.as_deref()),
            expectation: Expectation {
                presenter: Presenter::BridgingProxy,
                internet_fqdn: Some(proxy.internet_fqdn.clone()),
                proxy: Some(Arc::clone(&expectation)),
                ..Expectation::default()
            },
            connections: 1,
            why: format!("internet clients reach {system}'s {role} as {name}, and {} ends their TLS", proxy.name),
        });
    }
    found
}

/// A role a proxy publishes, under the name outside.
#[derive(Clone, Copy)]
struct Published<'a> {
    system: &'a str,
    role: Role,
    name: &'a HostName,
    port: u16,
    http_port: u16,
}

/// What a proxy publishes: each system or cluster with each of its HTTPS roles.
fn published_roles<'a>(index: &Index<'a>, proxy: &Proxy) -> Vec<Published<'a>> {
    let mut found = Vec::new();
    for published in &proxy.publishes {
        if let Some(system) = index.systems.get(&**published) {
            // A node without an Internet FQDN is met by its cluster's.
            let roles = system
                .internet_fqdn
                .iter()
                .flat_map(|name| index.https_roles(system).into_iter().map(move |role| (name, role)));
            found.extend(roles.map(|(name, role)| Published {
                system: &system.name,
                role,
                name,
                port: system.ports.https_for(role),
                http_port: system.ports.http(),
            }));
        }
        if let Some(cluster) = index.clusters.get(&**published) {
            let (port, http_port) = cluster_ports(index.site, cluster);
            let names = cluster.internet_fqdn.iter();
            found.extend(names.map(|name| Published {
                system: &cluster.name,
                role: cluster.role,
                name,
                port,
                http_port,
            }));
        }
    }
    found
}

fn cluster_expectation(cluster: &Cluster) -> ClusterExpectation {
    ClusterExpectation {
        name: cluster.name.clone(),
        intranet_fqdn: cluster.intranet_fqdn.clone(),
        internet_fqdn: cluster.internet_fqdn.clone(),
        nodes: cluster.nodes.clone(),
    }
}

/// Where a cluster listens, HTTPS and plain HTTP: as it says itself, else where its first node does.
pub(super) fn cluster_ports(site: &Site, cluster: &Cluster) -> (u16, u16) {
    let node = cluster.nodes.first().and_then(|first| site.systems.iter().find(|system| system.name == *first));
    let own = cluster.ports.https.is_some() || cluster.ports.by_role.iter().any(|(role, _)| *role == cluster.role);
    let https = node.filter(|_| !own).map_or(&cluster.ports, |node| &node.ports).https_for(cluster.role);
    let http = node.filter(|_| cluster.ports.http.is_none()).map_or(&cluster.ports, |node| &node.ports).http();
    (https, http)
}

/// The name clients on a network dial, and which kind it is.
fn dialled<'a>(
    network: Network,
    netbios: &'a HostName,
    intranet: Option<&'a HostName>,
    internet: Option<&'a HostName>,
) -> Option<(&'a HostName, NameKind)> {
    match network {
        Network::Intranet => Some(intranet.map_or((netbios, NameKind::Netbios), |name| (name, NameKind::IntranetFqdn))),
        Network::Internet => internet.map(|name| (name, NameKind::InternetFqdn)),
    }
}
