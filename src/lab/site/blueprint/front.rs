//! What stands between clients and site systems: a cluster's shared address, and proxy web servers.

use std::net::Ipv4Addr;

use super::Peer;
use super::web::{Presented, Trusts};
use crate::lab::pki::Pki;
use crate::site::ProxyMode;

/// Site systems that share a name and an address.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its name in the definition.
    pub name: &'static str,
    /// Its FQDN inside.
    pub intranet_fqdn: String,
    /// Its address; connections to it go to its nodes in turn.
    pub address: Ipv4Addr,
}

/// A proxy web server between Internet clients and one site system.
#[derive(Debug, Clone)]
pub struct Front {
    /// Its name in the definition.
    pub name: &'static str,
    /// The name of the site system it publishes.
    pub publishes: &'static str,
    /// The name Internet clients dial.
    pub internet_fqdn: String,
    /// Where it is.
    pub address: Ipv4Addr,
    /// What the definition says it does.
    pub declared: ProxyMode,
    /// What it does; `None`: it passes packets on unopened.
    pub bridges: Option<Bridging>,
    /// The separate certificate for its inner leg, as the definition names it.
    pub client_certificate: Option<Presented>,
    /// What meets clients there instead.
    pub instead: Option<Peer>,
}

impl Front {
    /// What it does with clients' TLS, to be spoiled; where it passes that on unopened, it begins to end it.
    pub fn bridging(&mut self, pki: &Pki) -> &mut Bridging {
        self.bridges.get_or_insert_with(|| {
            Bridging::presenting(Presented::new(pki.bridging_proxy(&[&self.internet_fqdn]), &pki.issuing), pki)
        })
    }
}

/// What a proxy that ends TLS does with it.
#[derive(Debug, Clone)]
pub struct Bridging {
    /// What it presents to clients.
    pub outside: Presented,
    /// What it shows the site system.
    pub inside: Option<Presented>,
    /// Whether it ends the handshake of clients without a certificate; else it lets them through.
    pub insists: bool,
    /// Whose client certificates it takes.
    pub trusts: Trusts,
    /// Methods it turns down.
    pub turns_down: &'static [&'static str],
}

impl Bridging {
    /// As a bridge should be: one certificate for both sides, and nobody let through without one.
    pub fn presenting(outside: Presented, pki: &Pki) -> Self {
        let trusts = Trusts::Roots(vec![pki.root.der.clone()]);
        Self { inside: Some(outside.clone()), outside, insists: true, trusts, turns_down: &[] }
    }
}
