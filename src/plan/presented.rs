//! Targets for certificates that no endpoint presented: a file judged as if it had been met under a name.

use std::sync::Arc;

use super::endpoint::HERE;
use super::expectation::{Expectation, Presenter, ProxyExpectation};
use super::{Plan, Target, TargetId};
use crate::site::name::{HostName, NameKind};
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::site::{ClientConnections, ProxyMode};

/// What a certificate in a file is to be presented for.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// The role; `None`: not known.
    pub role: Option<Role>,
    /// The name clients inside dial.
    pub name: Option<HostName>,
    /// The name clients outside dial.
    pub internet_name: Option<HostName>,
}

impl Presentation {
    /// Whether there is a name to hold the certificate against.
    pub const fn is_named(&self) -> bool {
        self.name.is_some() || self.internet_name.is_some()
    }

    /// The targets a client would meet it at: one for each name, or one without a name.
    pub fn targets(&self) -> Vec<Target> {
        let inside = self.name.as_ref().map(|name| (Network::Intranet, NameKind::IntranetFqdn, name.clone()));
        let outside = self.internet_name.as_ref().map(|name| (Network::Internet, NameKind::InternetFqdn, name.clone()));
        let named: Vec<_> = inside.into_iter().chain(outside).collect();
        if named.is_empty() {
            return vec![self.target(Network::Intranet, NameKind::Given, HostName::new(""))];
        }
        named.into_iter().map(|(network, kind, name)| self.target(network, kind, name)).collect()
    }

    fn target(&self, network: Network, name_kind: NameKind, name: HostName) -> Target {
        let role = self.role.map_or("endpoint", Role::name);
        Target {
            id: TargetId::new("file", role, name.as_str(), network.name()),
            system: "file".into(),
            role: self.role,
            vantage: HERE.into(),
            network,
            name,
            name_kind,
            port: self.role.map_or(443, Role::default_https_port),
            http_port: 80,
            expectation: Arc::new(self.expectation()),
            offers: Arc::new([]),
            connections: 1,
            why: "given in a file".into(),
        }
    }

    fn expectation(&self) -> Expectation {
        let proxy = (self.role == Some(Role::Proxy)).then(|| ProxyExpectation {
            name: "file".into(),
            mode: ProxyMode::Bridging,
            publishes: Vec::new(),
            internet_fqdns: Vec::new(),
            has_client_certificate: None,
        });
        let client_connections = match (&self.name, &self.internet_name) {
            (Some(_), Some(_)) => Some(ClientConnections::Both),
            (Some(_), None) => Some(ClientConnections::Intranet),
            (None, Some(_)) => Some(ClientConnections::Internet),
            (None, None) => None,
        };
        let presenter = match self.role {
            Some(Role::Proxy) => Presenter::BridgingProxy,
            Some(role) if role.uses_https() && self.is_named() => Presenter::SiteSystem,
            Some(_) | None => Presenter::Unknown,
        };
        Expectation {
            presenter,
            client_connections,
            netbios_name: None,
            intranet_fqdn: self.name.clone(),
            internet_fqdn: self.internet_name.clone(),
            cluster: None,
            proxy: proxy.map(Arc::new),
            private_addresses: true,
        }
    }
}

impl Plan {
    /// The targets at which a system of the definition presents its certificate, one for each role, name and vantage.
    pub fn presented_by(&self, system: &str, role: Option<Role>) -> Vec<Target> {
        let mut found: Vec<Target> = Vec::new();
        for target in self.targets.iter().filter(|target| target.system.eq_ignore_ascii_case(system)) {
            let is_wanted = role.is_none() || target.role == role;
            let is_known = found
                .iter()
                .any(|known| known.role == target.role && known.name == target.name && known.vantage == target.vantage);
            if is_wanted && !is_known {
                found.push(Target::clone(target));
            }
        }
        found
    }
}
