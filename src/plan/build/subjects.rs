//! Who is dialled from a vantage: site systems, clusters and proxies, each role under the name its clients use.

use super::{cluster_ports, dialled};
use crate::plan::expectation::{ClusterExpectation, Expectation, Presenter, ProxyExpectation};
use crate::site::name::{HostName, NameKind};
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
    pub(super) expectation: Expectation,
    pub(super) connections: u8,
    pub(super) why: String,
}

/// Everything clients at a vantage dial, in the definition's order.
pub(super) fn subjects<'a>(site: &'a Site, vantage: &Vantage) -> Vec<Subject<'a>> {
    let mut found = Vec::new();
    for system in &site.systems {
        for role in https_roles(site, system) {
            if published_by(site, vantage, &system.name).is_some_and(|proxy| proxy.mode == ProxyMode::Bridging) {
                continue;
            }
            found.extend(of_system(site, vantage, system, role));
        }
    }
    for cluster in &site.clusters {
        if published_by(site, vantage, &cluster.name).is_none_or(|proxy| proxy.mode == ProxyMode::Tunneling) {
            found.extend(of_cluster(site, vantage, cluster));
        }
    }
    if vantage.network == Network::Internet {
        found.extend(
            site.proxies
                .iter()
                .filter(|proxy| proxy.mode == ProxyMode::Bridging)
                .flat_map(|proxy| of_bridge(site, proxy)),
        );
    }
    found
}

/// The system's own HTTPS roles, and its clusters' where it does not name them itself.
fn https_roles(site: &Site, system: &SiteSystem) -> Vec<Role> {
    let mut roles: Vec<Role> = system.roles.iter().copied().filter(|role| role.uses_https()).collect();
    for cluster in site.clusters.iter().filter(|cluster| cluster.nodes.contains(&system.name)) {
        if !roles.contains(&cluster.role) {
            roles.push(cluster.role);
        }
    }
    roles
}

fn published_by<'a>(site: &'a Site, vantage: &Vantage, name: &str) -> Option<&'a Proxy> {
    let outside = vantage.network == Network::Internet;
    site.proxies.iter().find(|proxy| outside && proxy.publishes.iter().any(|published| **published == *name))
}

fn of_system<'a>(site: &'a Site, vantage: &Vantage, system: &'a SiteSystem, role: Role) -> Option<Subject<'a>> {
    let accepts = match vantage.network {
        Network::Intranet => system.client_connections.intranet(),
        Network::Internet => system.client_connections.internet(),
    };
    if !accepts {
        return None;
    }
    let expectation = expectation_of(site, vantage, system, role);
    let intranet = system.intranet_fqdn.as_ref();
    let (name, name_kind) = dialled(vantage.network, &system.netbios, intranet, system.internet_fqdn.as_ref())?;
    let tunnel = expectation.proxy.as_ref();
    let port = tunnel
        .and_then(|through| site.proxies.iter().find(|proxy| proxy.name == through.name))
        .and_then(|proxy| proxy.port)
        .unwrap_or_else(|| system.ports.https_for(role));
    let clients = vantage.network.name();
    let why = match tunnel {
        Some(proxy) => {
            format!("{clients} clients reach {}'s {role} as {name}, through {} unopened", system.name, proxy.name)
        }
        None => format!("{clients} clients reach {}'s {role} as {name}", system.name),
    };
    Some(Subject {
        system: &system.name,
        role,
        asked_role: role,
        name,
        name_kind,
        port,
        http_port: system.ports.http(),
        expectation,
        connections: 1,
        why,
    })
}

fn expectation_of(site: &Site, vantage: &Vantage, system: &SiteSystem, role: Role) -> Expectation {
    Expectation {
        presenter: Presenter::SiteSystem,
        client_connections: Some(system.client_connections),
        netbios_name: Some(system.netbios.clone()),
        intranet_fqdn: system.intranet_fqdn.clone(),
        internet_fqdn: system.internet_fqdn.clone(),
        cluster: site
            .clusters
            .iter()
            .find(|cluster| cluster.role == role && cluster.nodes.contains(&system.name))
            .map(cluster_expectation),
        proxy: published_by(site, vantage, &system.name).map(|proxy| proxy_expectation(site, proxy)),
        private_addresses: false,
    }
}

fn of_cluster<'a>(site: &'a Site, vantage: &Vantage, cluster: &'a Cluster) -> Option<Subject<'a>> {
    let (name, name_kind) = match vantage.network {
        Network::Intranet => (cluster.intranet_fqdn.as_ref()?, NameKind::IntranetFqdn),
        Network::Internet => (cluster.internet_fqdn.as_ref()?, NameKind::InternetFqdn),
    };
    let (port, http_port) = cluster_ports(site, cluster);
    let proxy = published_by(site, vantage, &cluster.name);
    let expectation = Expectation {
        presenter: Presenter::Cluster,
        client_connections: cluster.client_connections(),
        netbios_name: None,
        intranet_fqdn: cluster.intranet_fqdn.clone(),
        internet_fqdn: cluster.internet_fqdn.clone(),
        cluster: Some(cluster_expectation(cluster)),
        proxy: proxy.map(|proxy| proxy_expectation(site, proxy)),
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
        port: proxy.and_then(|proxy| proxy.port).unwrap_or(port),
        http_port,
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
fn of_bridge<'a>(site: &'a Site, proxy: &'a Proxy) -> Vec<Subject<'a>> {
    let published = published_roles(site, proxy);
    let dials_own = published.iter().any(|one| *one.name == proxy.internet_fqdn);
    // A name of the proxy's own that nothing it publishes has: clients dial it all the same.
    let own = published.first().filter(|_| !dials_own).map(|first| Published { name: &proxy.internet_fqdn, ..*first });
    let mut found: Vec<Subject<'a>> = Vec::new();
    for Published { system, role, name, port, http_port } in own.into_iter().chain(published) {
        let port = proxy.port.unwrap_or(port);
        if found.iter().any(|one| one.port == port && one.name == name) {
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
            expectation: Expectation {
                presenter: Presenter::BridgingProxy,
                internet_fqdn: Some(proxy.internet_fqdn.clone()),
                proxy: Some(proxy_expectation(site, proxy)),
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
fn published_roles<'a>(site: &'a Site, proxy: &Proxy) -> Vec<Published<'a>> {
    let mut found = Vec::new();
    for published in &proxy.publishes {
        for system in site.systems.iter().filter(|system| system.name == *published) {
            // A node without an Internet FQDN is met by its cluster's.
            let Some(name) = &system.internet_fqdn else { continue };
            found.extend(https_roles(site, system).into_iter().map(|role| Published {
                system: &system.name,
                role,
                name,
                port: system.ports.https_for(role),
                http_port: system.ports.http(),
            }));
        }
        for cluster in site.clusters.iter().filter(|cluster| cluster.name == *published) {
            let Some(name) = &cluster.internet_fqdn else { continue };
            let (port, http_port) = cluster_ports(site, cluster);
            found.push(Published { system: &cluster.name, role: cluster.role, name, port, http_port });
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

fn proxy_expectation(site: &Site, proxy: &Proxy) -> ProxyExpectation {
    let mut publishes = Vec::new();
    let mut internet_fqdns: Vec<HostName> = vec![proxy.internet_fqdn.clone()];
    for name in &proxy.publishes {
        for system in site.systems.iter().filter(|system| system.name == *name) {
            publishes.push((system.name.clone(), https_roles(site, system)));
            internet_fqdns.extend(system.internet_fqdn.clone());
        }
        for cluster in site.clusters.iter().filter(|cluster| cluster.name == *name) {
            publishes.push((cluster.name.clone(), vec![cluster.role]));
            internet_fqdns.extend(cluster.internet_fqdn.clone());
        }
    }
    let mut unique: Vec<HostName> = Vec::new();
    for name in internet_fqdns {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    ProxyExpectation {
        name: proxy.name.clone(),
        mode: proxy.mode,
        publishes,
        internet_fqdns: unique,
        has_client_certificate: proxy.client_certificate.is_some(),
    }
}
