//! What the definition says a target ought to meet; facts about the site, held against observations later.

use std::sync::Arc;

use crate::site::name::HostName;
use crate::site::role::Role;
use crate::site::{ClientConnections, ProxyMode};

/// What a target ought to meet. Everything is absent for an endpoint of which nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Who is expected to present the certificate.
    pub presenter: Presenter,
    /// Which clients the presenter accepts.
    pub client_connections: Option<ClientConnections>,
    /// The computer (NetBIOS) name.
    pub netbios_name: Option<HostName>,
    /// The configured intranet FQDN; `None`: configured by NetBIOS name.
    pub intranet_fqdn: Option<HostName>,
    /// The configured Internet FQDN.
    pub internet_fqdn: Option<HostName>,
    /// The cluster the presenter is, or is a node of.
    pub cluster: Option<Arc<ClusterExpectation>>,
    /// The proxy on the way.
    pub proxy: Option<Arc<ProxyExpectation>>,
    /// Internet names may lead to private addresses at this vantage.
    pub private_addresses: bool,
}

/// Who is expected to present the certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presenter {
    /// Not known.
    #[default]
    Unknown,
    /// The site system itself.
    SiteSystem,
    /// One of a cluster's nodes, reached by the cluster's name.
    Cluster,
    /// A proxy web server that terminates TLS.
    BridgingProxy,
}

/// A cluster, as its endpoints should show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterExpectation {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// Its FQDN inside.
    pub intranet_fqdn: Option<HostName>,
    /// Its FQDN outside.
    pub internet_fqdn: Option<HostName>,
    /// The names of its nodes in the definition.
    pub nodes: Vec<Arc<str>>,
}

/// A proxy between Internet clients and what it publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyExpectation {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// What it does with TLS.
    pub mode: ProxyMode,
    /// The names of what it publishes, with their roles.
    pub publishes: Vec<(Arc<str>, Vec<Role>)>,
    /// The Internet FQDNs of what it publishes.
    pub internet_fqdns: Vec<HostName>,
    /// Whether the definition names a separate certificate for the inner leg; `None`: there is no definition to say so.
    pub has_client_certificate: Option<bool>,
}

impl ProxyExpectation {
    /// Whether it publishes a system.
    pub fn is_for(&self, system: &str) -> bool {
        self.publishes.iter().any(|(published, _)| **published == *system)
    }
}
