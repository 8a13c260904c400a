//! Where a probe stands.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fault::Position;
use super::name::HostName;
use super::no_proxy::ProxyException;

/// Which clients stand at a vantage, and so which names they use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Inside: intranet FQDNs or NetBIOS names.
    Intranet,
    /// Outside: Internet FQDNs.
    Internet,
}

impl Network {
    /// The name in definitions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intranet => "intranet",
            Self::Internet => "internet",
        }
    }
}

/// A place to stand: the resolver its clients ask, and what else differs there.
#[derive(Clone, Debug)]
pub struct Vantage {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// Which clients stand here.
    pub network: Network,
    /// The name servers asked, in order; empty: the machine's own resolver.
    pub dns: Vec<SocketAddr>,
    /// Internet names may lead to private addresses here (a test network), without that being a finding.
    pub private_addresses: bool,
    /// Names pinned to addresses: the resolver is not asked for these.
    pub hosts: Vec<(HostName, Vec<IpAddr>)>,
    /// The local address connections start from.
    pub source: Option<IpAddr>,
    /// An HTTP proxy reached with CONNECT, as `http://host:port`; credentials are never kept here.
    pub proxy: Option<String>,
    /// What is reached without the proxy.
    pub no_proxy: Vec<ProxyException>,
    /// Where the definition describes it; 0: nowhere.
    pub defined_at: Position,
}

impl Vantage {
    /// A vantage of which nothing more is said: the machine's own resolver, no pins, no proxy.
    pub fn new(name: impl Into<Arc<str>>, network: Network) -> Self {
        Self {
            name: name.into(),
            network,
            dns: Vec::new(),
            private_addresses: false,
            hosts: Vec::new(),
            source: None,
            proxy: None,
            no_proxy: Vec::new(),
            defined_at: Position::default(),
        }
    }
}
