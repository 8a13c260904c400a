//! A vantage, ready to be used: its resolver, and the way connections from it take.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::Settings;
use crate::connect::{Proxy, ProxyResolve, Route};
use crate::observation::failure::{ConnectFailure, Failure, ProxyFailure, ResolveFailure};
use crate::resolve::{self, Pin, Resolver};
use crate::site::name::HostName;
use crate::site::no_proxy::ProxyException;
use crate::site::vantage::Vantage;

/// A vantage, ready to be used.
pub(super) struct Stand {
    pub(super) name: Arc<str>,
    pub(super) resolver: Resolver,
    source: Option<IpAddr>,
    proxy: Result<Option<Arc<Proxy>>, String>,
    no_proxy: Vec<ProxyException>,
    proxy_resolve: ProxyResolve,
}

impl Stand {
    pub(super) fn new(vantage: &Vantage, settings: &Settings) -> Self {
        let of_vantage = vantage.hosts.iter().map(|(name, addresses)| Pin::new(name.clone(), None, addresses.clone()));
        let pins = settings.pins.iter().cloned().chain(of_vantage);
        let source = settings.source.or(vantage.source);
        let servers = if settings.resolvers.is_empty() { &vantage.dns } else { &settings.resolvers };
        let resolver = Resolver::new(resolve::Options {
            servers: servers.clone(),
            pins: pins.collect(),
            search: Vec::new(),
            family: settings.family,
            source,
            timeout: settings.resolve_timeout,
        });
        let proxy = match &settings.proxy {
            Some(proxy) => Ok(Some(Arc::clone(proxy))),
            None => vantage.proxy.as_deref().map(|text| Proxy::new(text, None).map(Arc::new)).transpose(),
        };
        Self {
            name: Arc::clone(&vantage.name),
            resolver,
            source,
            proxy,
            no_proxy: vantage.no_proxy.clone(),
            proxy_resolve: settings.proxy_resolve,
        }
    }

    /// Whether the proxy is given this name, and nobody here resolves it. Names that are pinned have their addresses, and
    /// what is reached without the proxy has to be resolved.
    pub(super) fn asks_proxy(&self, name: &HostName, port: u16) -> bool {
        self.proxy_resolve == ProxyResolve::Remote
            && matches!(self.proxy, Ok(Some(_)))
            && !self.resolver.knows(name, port)
            && !self.is_excepted(name, None)
    }

    /// Whether a name, at an address where one is known, is reached without the proxy.
    fn is_excepted(&self, name: &HostName, at: Option<IpAddr>) -> bool {
        self.no_proxy.iter().any(|exception| exception.covers(name, at))
    }

    /// The proxy in words.
    pub(super) fn proxy_label(&self) -> String {
        match &self.proxy {
            Ok(Some(proxy)) => format!("{}:{}", proxy.host, proxy.port),
            Ok(None) | Err(_) => String::new(),
        }
    }

    /// The way a connection from here takes to what is dialled as this name, at this address where one is known. Where a
    /// proxy is on it, the proxy's own name is resolved here as well.
    pub(super) async fn route(&self, name: &HostName, at: Option<IpAddr>, port: u16) -> Result<Route, Failure> {
        let by_name = self.asks_proxy(name, port);
        // The address of a name the proxy resolves is not known here, whatever stands in its place.
        let at = at.filter(|_| !by_name);
        let proxy = match &self.proxy {
            Ok(Some(proxy)) if !self.is_excepted(name, at) => {
                let found = self.resolver.host(&HostName::new(&proxy.host), proxy.port).await;
                let Some(address) = found.addresses.first() else {
                    let why = found.failure.as_ref().map_or("no address", |failure| failure.detail.as_str());
                    let words = format!("the proxy {}: {why}", proxy.host);
                    // What the run leaves out is no fault of the proxy's name.
                    let is_left_out = |failure: &&Failure| failure.is(ResolveFailure::FamilyLeftOut);
                    return Err(match found.failure.as_ref().filter(is_left_out) {
                        Some(_) => Failure::new(ResolveFailure::FamilyLeftOut, words),
                        None => Failure::new(ProxyFailure::Unresolved, words),
                    });
                };
                Some((SocketAddr::new(*address, proxy.port), Arc::clone(proxy)))
            }
            Ok(_) => None,
            Err(words) => return Err(Failure::new(ConnectFailure::LocalLimit, words.clone())),
        };
        Ok(Route { source: self.source, proxy, name: by_name.then(|| name.as_str().into()) })
    }
}

/// What a target of a vantage nobody described gets.
pub(super) fn unknown_vantage(name: &HostName, vantage: &str) -> crate::observation::resolution::Resolution {
    use crate::observation::resolution::{Resolution, ResolutionSource};
    let words = format!("there is no vantage \u{201c}{vantage}\u{201d} to ask from");
    Resolution {
        name: name.as_str().to_owned(),
        source: ResolutionSource::Servers(Vec::new()),
        addresses: Vec::new(),
        aliases: Vec::new(),
        failure: Some(Failure::new(ResolveFailure::Error, words)),
        took: None,
    }
}
