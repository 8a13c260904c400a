//! The names a certificate must carry for who presents it, computed from the site: one function, for whoever asks an
//! authority for the certificate and for whoever judges what came of it.

use super::name::HostName;
use super::role::Role;
use super::{Cluster, Proxy, Site, SiteSystem};

/// A common name longer than this cannot be encoded (X.520).
pub const LONGEST_COMMON_NAME: usize = 64;

/// Who is to hold a certificate.
#[derive(Clone, Copy, Debug)]
pub enum Bearer<'a> {
    /// A site system, for its clients: by its own names and those of the clusters it is a node of.
    System(&'a SiteSystem),
    /// A proxy web server, for Internet clients: by every Internet FQDN it publishes.
    Proxy(&'a Proxy),
    /// A site system by itself: as a client of another, or to those who dial its own name.
    Computer(&'a SiteSystem),
    /// A service known by its Internet FQDN alone.
    Service(&'a SiteSystem),
}

/// The names of a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedNames {
    /// The subject's common name; `None`: too long to be one, or there is no name at all.
    pub common_name: Option<HostName>,
    /// The dNSNames, in order, each once.
    pub alternative: Vec<HostName>,
}

impl ExpectedNames {
    /// The names in order, the first as common name too.
    fn of<'n>(names: impl IntoIterator<Item = &'n HostName>) -> Self {
        let mut alternative: Vec<HostName> = Vec::new();
        for name in names {
            if !alternative.contains(name) {
                alternative.push(name.clone());
            }
        }
        let common_name = alternative.first().filter(|name| name.as_str().len() <= LONGEST_COMMON_NAME).cloned();
        Self { common_name, alternative }
    }
}

/// The names a certificate of this site needs for who is to hold it, in the order in which they are asked for: a
/// cluster's before its node's, the Internet FQDN before the intranet FQDN.
pub fn expected_names(site: &Site, bearer: Bearer<'_>) -> ExpectedNames {
    match bearer {
        Bearer::System(system) => of_system(site, system),
        Bearer::Proxy(proxy) => ExpectedNames::of(published(site, proxy)),
        Bearer::Computer(system) => ExpectedNames::of([inside(system)]),
        Bearer::Service(system) => ExpectedNames::of(system.internet_fqdn.iter().chain(&system.intranet_fqdn).take(1)),
    }
}

/// The clusters a system is a node of.
pub fn clusters_of<'a>(site: &'a Site, system: &SiteSystem) -> impl Iterator<Item = &'a Cluster> {
    let name = system.name.clone();
    site.clusters.iter().filter(move |cluster| cluster.nodes.contains(&name))
}

/// The name clients inside use, and other site systems.
fn inside(system: &SiteSystem) -> &HostName {
    system.intranet_fqdn.as_ref().unwrap_or(&system.netbios)
}

fn of_system(site: &Site, system: &SiteSystem) -> ExpectedNames {
    let of_clusters: Vec<&HostName> = clusters_of(site, system)
        .flat_map(|cluster| cluster.internet_fqdn.iter().chain(&cluster.intranet_fqdn))
        .collect();
    let updates = system.roles.contains(&Role::SoftwareUpdatePoint)
        || clusters_of(site, system).any(|cluster| cluster.role == Role::SoftwareUpdatePoint);
    let outside = system.internet_fqdn.as_ref().filter(|_| system.client_connections.internet());
    // The site server and WSUS reach an update point by its intranet name, whoever its clients are; a node is told from
    // the others by its own.
    let inside = (system.client_connections.intranet() || updates || !of_clusters.is_empty() || outside.is_none())
        .then(|| inside(system));
    ExpectedNames::of(of_clusters.into_iter().chain(outside).chain(inside))
}

/// Every Internet FQDN a proxy publishes, its own first: ISA Server compares the first alone.
fn published<'a>(site: &'a Site, proxy: &'a Proxy) -> impl Iterator<Item = &'a HostName> {
    let of_published = proxy.publishes.iter().flat_map(|name| {
        let systems = site.systems.iter().filter(move |system| system.name == *name);
        let clusters = site.clusters.iter().filter(move |cluster| cluster.name == *name);
        let of_systems = systems.filter_map(|system| system.internet_fqdn.as_ref());
        of_systems.chain(clusters.filter_map(|cluster| cluster.internet_fqdn.as_ref()))
    });
    std::iter::once(&proxy.internet_fqdn).chain(of_published)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Bearer, expected_names};
    use crate::site::Site;

    const SITE: &str = r#"
        site = { code = "PRI" }
        system = [
            { name = "MP01", intranet_fqdn = "mp01.corp.contoso.com", internet_fqdn = "mp.contoso.com", roles = ["management-point"] },
            { name = "MP02", intranet_fqdn = "mp02.corp.contoso.com", internet_fqdn = "mp.contoso.com", client_connections = "internet", roles = ["management-point"] },
            { name = "SUP01", intranet_fqdn = "sup01.corp.contoso.com", internet_fqdn = "sup.contoso.com", client_connections = "internet", roles = ["software-update-point"] },
            { name = "DP01", roles = ["distribution-point"] },
            { name = "MP03", intranet_fqdn = "mp03.corp.contoso.com", roles = ["management-point"] },
            { name = "MP04", roles = ["management-point"] },
        ]
        cluster = [
            { name = "CMNLB", role = "management-point", intranet_fqdn = "cm.corp.contoso.com", internet_fqdn = "cm.contoso.com", nodes = ["MP03", "MP04"] },
        ]
        proxy = [
            { name = "ISA01", internet_fqdn = "out.contoso.com", mode = "bridging", publishes = ["MP01", "SUP01", "CMNLB"] },
        ]
    "#;

    #[test]
    fn names_are_those_clients_dial_in_the_order_they_are_asked_for() {
        let site = Site::from_toml(SITE, Path::new("")).expect("a definition without fault");
        let names = |bearer: Bearer<'_>| {
            let expected = expected_names(&site, bearer);
            let all: Vec<String> = expected.alternative.iter().map(ToString::to_string).collect();
            assert_eq!(expected.common_name, expected.alternative.first().cloned());
            all.join(" ")
        };
        let system = |at: usize| &site.systems[at];
        assert_eq!(names(Bearer::System(system(0))), "mp.contoso.com mp01.corp.contoso.com");
        assert_eq!(names(Bearer::System(system(1))), "mp.contoso.com");
        assert_eq!(names(Bearer::System(system(2))), "sup.contoso.com sup01.corp.contoso.com");
        assert_eq!(names(Bearer::System(system(3))), "DP01");
        assert_eq!(names(Bearer::System(system(4))), "cm.contoso.com cm.corp.contoso.com mp03.corp.contoso.com");
        assert_eq!(names(Bearer::System(system(5))), "cm.contoso.com cm.corp.contoso.com MP04");
        assert_eq!(names(Bearer::Computer(system(0))), "mp01.corp.contoso.com");
        assert_eq!(names(Bearer::Service(system(0))), "mp.contoso.com");
        assert_eq!(
            names(Bearer::Proxy(&site.proxies[0])),
            "out.contoso.com mp.contoso.com sup.contoso.com cm.contoso.com"
        );
    }

    #[test]
    fn a_name_of_more_than_64_characters_is_no_common_name() {
        for (label, is_one) in [("a".repeat(52), true), ("a".repeat(53), false)] {
            let name = format!("{label}.contoso.com");
            let text = format!(
                "site = {{ code = \"PRI\" }}\nsystem = [{{ name = \"MP01\", intranet_fqdn = \"{name}\", roles = [\"management-point\"] }}]"
            );
            let site = Site::from_toml(&text, Path::new("")).expect("a definition without fault");
            let expected = expected_names(&site, Bearer::System(&site.systems[0]));
            assert_eq!(expected.common_name.is_some(), is_one, "{}", name.len());
            assert_eq!(expected.alternative.len(), 1);
        }
    }
}
