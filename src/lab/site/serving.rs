//! Starts the servers of the site: HTTPS at each address of each system, or what a fault has put there instead, plain HTTP,
//! the cluster's shared address and the proxies.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use super::LabError;
use super::blueprint::{
    Asks, Blueprint, Cluster, Front, Nameless, Node, Peer, Plain, Presented, Sends, System, Trusts, Web,
};
use super::definition::Ports;
use super::http::{self, Reserved, Server};
use super::pages::Pages;
use crate::lab::bridge::Bridge;
use crate::lab::legacy::{self, Demand, Identity, Legacy, When};
use crate::lab::peer::{self, ClosedPort, ScriptedPeer};
use crate::lab::pki::{KeyName, MintError};
use crate::lab::relay::{Relay, is_without_tls13};
use crate::lab::server::{self, Accepts, ClientAuth, Credentials, Options, TlsServer, Versions};
use crate::lab::unpatched::{self, Unpatched};
use crate::wire::version::ProtocolVersion;

/// How often a port is looked for that is free at all of a system's addresses.
const ATTEMPTS: usize = 16;
/// `handshake_failure`.
const HANDSHAKE_FAILURE: u8 = 40;

/// A running site system.
#[derive(Debug)]
pub struct Running {
    /// The computer's name.
    pub name: &'static str,
    /// Where it listens.
    pub ports: Ports,
    /// What is at each of its addresses.
    pub nodes: Vec<Listener>,
    /// What answers plain HTTP; `None`: nothing.
    pub plain: Option<Server>,
    _closed: Option<ClosedPort>,
}

/// What is at one address.
pub enum Listener {
    /// A web server by rustls.
    Modern(TlsServer),
    /// A web server by OpenSSL: what rustls cannot be.
    Legacy(legacy::Server),
    /// A web server by hand, of before RFC 5746.
    Unpatched(unpatched::Running),
    /// A proxy that ends TLS.
    Bridging(legacy::Server),
    /// Whoever passes packets on unopened.
    Relaying(Relay),
    /// What stands before a web server and chooses what to pass on, and the web server.
    Fronted(Relay, Box<Self>),
    /// A script.
    Scripted(ScriptedPeer),
    /// Nothing.
    Closed(ClosedPort),
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple(match self {
            Self::Modern(_) => "Modern",
            Self::Legacy(_) => "Legacy",
            Self::Unpatched(_) => "Unpatched",
            Self::Bridging(_) => "Bridging",
            Self::Relaying(_) => "Relaying",
            Self::Fronted(..) => "Fronted",
            Self::Scripted(_) => "Scripted",
            Self::Closed(_) => "Closed",
        })
        .field(&self.address())
        .finish()
    }
}

impl Listener {
    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Modern(server) => server.address(),
            Self::Legacy(server) => server.address(),
            Self::Unpatched(server) => server.address(),
            Self::Bridging(proxy) => proxy.address(),
            Self::Relaying(relay) | Self::Fronted(relay, _) => relay.address(),
            Self::Scripted(peer) => peer.address(),
            Self::Closed(closed) => closed.address(),
        }
    }

    /// How many TCP connections came as far as it counts them: accepted ones, for a server those whose handshake is over.
    pub fn connections(&self) -> usize {
        match self {
            Self::Modern(server) => server.connections().len(),
            Self::Legacy(server) => server.visits().len(),
            Self::Unpatched(server) => server.visits().len(),
            Self::Bridging(proxy) => proxy.visits().len(),
            Self::Relaying(relay) => relay.taken().len(),
            Self::Fronted(_, server) => server.connections(),
            Self::Scripted(peer) => peer.connections(),
            Self::Closed(_) => 0,
        }
    }
}

impl Running {
    /// Where its web server, or what stands there instead, is.
    pub fn home(&self) -> Option<SocketAddr> {
        self.nodes.first().map(Listener::address)
    }

    /// Starts a system.
    pub(super) async fn start(site: &Blueprint, system: &System, pages: Pages) -> Result<Self, LabError> {
        let address = IpAddr::from(system.home.address);
        let pages = Arc::new(pages);
        let (nodes, port) = listeners(site, system, &pages).await?;
        let (plain, closed, http) = match system.plain {
            Plain::Closed => {
                let closed = ClosedPort::take(SocketAddr::new(address, 0))?;
                let port = closed.address().port();
                (None, Some(closed), port)
            }
            Plain::Refuses | Plain::Serves => {
                let (pages, serves) = (Arc::clone(&pages), system.plain == Plain::Serves);
                let reserved = Reserved::at(address).await?;
                let port = reserved.address()?.port();
                let answer = move |asked: &http::Asked| match serves {
                    true => pages.answer(&asked.method, &asked.path, true),
                    false => pages.answer_without_tls(&asked.path),
                };
                (Some(reserved.serve(answer)), None, port)
            }
        };
        Ok(Self { name: system.name, ports: Ports { https: port, http }, nodes, plain, _closed: closed })
    }
}

/// A listener at each address, all at one port.
async fn listeners(site: &Blueprint, system: &System, pages: &Arc<Pages>) -> Result<(Vec<Listener>, u16), LabError> {
    let mut attempts = 0;
    'port: loop {
        attempts += 1;
        let mut nodes = Vec::new();
        let mut port = 0;
        for node in system.nodes() {
            match listener(site, node, port, pages).await {
                Ok(listener) => {
                    port = listener.address().port();
                    nodes.push(listener);
                }
                // The port is free at the first address and taken at a later one: another port may be free at both.
                Err(LabError::Io(error)) if error.kind() == io::ErrorKind::AddrInUse && attempts < ATTEMPTS => {
                    continue 'port;
                }
                Err(error) => return Err(error),
            }
        }
        return Ok((nodes, port));
    }
}

async fn listener(site: &Blueprint, node: &Node, port: u16, pages: &Arc<Pages>) -> Result<Listener, LabError> {
    let at = SocketAddr::new(node.address.into(), port);
    match node.instead {
        None if node.chokes_on_tls13 => {
            let relayed = TcpListener::bind(at).await?;
            let server = web(site, &node.web, SocketAddr::new(at.ip(), 0), pages).await?;
            let relay = Relay::choosing(relayed, vec![server.address()], is_without_tls13)?;
            Ok(Listener::Fronted(relay, Box::new(server)))
        }
        None => web(site, &node.web, at, pages).await,
        Some(peer) => instead(peer, at, Some(&node.web.presented)).await,
    }
}

async fn instead(peer: Peer, at: SocketAddr, presented: Option<&Presented>) -> Result<Listener, LabError> {
    let script = match peer {
        Peer::BeginsOnly => {
            peer::begins_only(&presented.map_or(Ok(Vec::new()), |one| one.make().map(|(_, chain)| chain))?)
        }
        Peer::Closed => return Ok(Listener::Closed(ClosedPort::take(at)?)),
        Peer::Silent => peer::silent(),
        Peer::Resets => peer::resets(),
        Peer::Closes => peer::closes(),
        Peer::PlainHttp => peer::plain_http(),
        Peer::Garbage => peer::garbage(),
        Peer::Drips => peer::drips(),
        Peer::Alerts => peer::alerts(HANDSHAKE_FAILURE),
    };
    Ok(Listener::Scripted(ScriptedPeer::start_at(at, script).await?))
}

/// Starts a proxy before what listens at `published`.
pub(super) async fn front(site: &Blueprint, front: &Front, published: SocketAddr) -> Result<Listener, LabError> {
    let at = SocketAddr::new(front.address.into(), 0);
    if let Some(peer) = front.instead {
        return instead(peer, at, None).await;
    }
    let Some(bridging) = &front.bridges else {
        return Ok(Listener::Relaying(Relay::start(TcpListener::bind(at).await?, vec![published])?));
    };
    let bridge = Bridge {
        outside: identity(&bridging.outside)?,
        demand: Demand {
            when: When::Handshake,
            required: bridging.insists,
            trust: trust(&bridging.trusts),
            names: Vec::new(),
        },
        now: site.now,
        published,
        published_name: front.internet_fqdn.clone(),
        inside: bridging.inside.as_ref().map(identity).transpose()?,
        turns_down: bridging.turns_down,
    };
    Ok(Listener::Bridging(bridge.start(TcpListener::bind(at).await?)?))
}

/// Starts a cluster's shared address before its nodes.
pub(super) async fn cluster(cluster: &Cluster, nodes: Vec<SocketAddr>) -> Result<Listener, LabError> {
    Ok(Listener::Relaying(Relay::start(TcpListener::bind((cluster.address, 0)).await?, nodes)?))
}

async fn web(site: &Blueprint, web: &Web, at: SocketAddr, pages: &Arc<Pages>) -> Result<Listener, LabError> {
    if let Some(modern) = modern(site, web, at, pages)? {
        return Ok(Listener::Modern(TlsServer::start(modern).await?));
    }
    let listener = TcpListener::bind(at).await?;
    if !web.patched {
        let unpatched = Unpatched {
            presented: identity(&web.presented)?,
            version: web.oldest,
            asks: web.asks != Asks::Never,
            pages: Arc::clone(pages) as _,
        };
        return Ok(Listener::Unpatched(unpatched.start(listener)?));
    }
    Ok(Listener::Legacy(legacy(site, web, pages)?.start(listener).map_err(io::Error::other)?))
}

/// The server by rustls; `None`: it cannot be such a server.
fn modern(site: &Blueprint, web: &Web, at: SocketAddr, pages: &Arc<Pages>) -> Result<Option<Options>, MintError> {
    let versions = match (web.oldest, web.newest) {
        (ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_2) => Versions::Tls12,
        (ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_3) => Versions::Both,
        (ProtocolVersion::TLS1_3, ProtocolVersion::TLS1_3) => Versions::Tls13,
        _ => return Ok(None),
    };
    let weak = matches!(web.presented.recipe.key, KeyName::Rsa512 | KeyName::Rsa1024 | KeyName::Dsa1024);
    if weak || !web.patched || web.suites.is_some() {
        return Ok(None);
    }
    let client_auth = match web.asks {
        Asks::Never => ClientAuth::None,
        Asks::AfterRequest => return Ok(None),
        Asks::InHandshake => ClientAuth::Optional(accepts(site, &web.trusts)),
    };
    let pages = Arc::clone(pages);
    Ok(Some(Options {
        listen: at,
        nameless: match &web.nameless {
            Nameless::Same => server::Nameless::Same,
            Nameless::Other(other) => server::Nameless::Other(credentials(other)?),
            Nameless::Refused => server::Nameless::Refused,
        },
        versions,
        client_auth,
        serve: Some(Arc::new(move |mut session| {
            let pages = Arc::clone(&pages);
            Box::pin(async move {
                let known = session.get_ref().1.peer_certificates().is_some();
                // A client that goes away is no concern of the server's.
                let Ok(Some(asked)) = http::read(&mut session).await else { return };
                let _ = http::write(&mut session, &asked, &pages.answer(&asked.method, &asked.path, known)).await;
            })
        })),
        ..Options::presenting(Credentials {
            key: web.signs_with.unwrap_or(web.presented.recipe.key),
            ..credentials(&web.presented)?
        })
    }))
}

fn accepts(site: &Blueprint, trusts: &Trusts) -> Accepts {
    let roots = match trusts {
        Trusts::Roots(roots) => Some(roots.clone()),
        Trusts::Anybody => None,
    };
    Accepts { authorities: Vec::new(), roots, at: site.now }
}

fn trust(trusts: &Trusts) -> legacy::Trust {
    match trusts {
        Trusts::Roots(roots) => legacy::Trust::Roots(roots.clone()),
        Trusts::Anybody => legacy::Trust::Anybody,
    }
}

/// What a server by OpenSSL presents, which sends no octets that are no certificate: of what is cut short, the whole.
fn identity(presented: &Presented) -> Result<Identity, MintError> {
    let is_cut = matches!(presented.sends, Sends::CutShort | Sends::IssuerCutShort);
    let sends = if is_cut { Sends::AsIssued } else { presented.sends.clone() };
    let (leaf, chain) = Presented { sends, ..presented.clone() }.make()?;
    Ok(Identity { chain, key: leaf.private_key()? })
}

fn credentials(presented: &Presented) -> Result<Credentials, MintError> {
    let (leaf, chain) = presented.make()?;
    Ok(Credentials { chain, key: leaf.key, staple: None })
}

fn legacy(site: &Blueprint, web: &Web, pages: &Arc<Pages>) -> Result<Legacy, MintError> {
    let demand = Demand {
        when: match web.asks {
            Asks::Never => When::Never,
            Asks::InHandshake => When::Handshake,
            Asks::AfterRequest => When::AfterRequest,
        },
        required: false,
        trust: trust(&web.trusts),
        names: web.names.clone(),
    };
    let mut legacy = Legacy::new(identity(&web.presented)?, web.newest);
    legacy.oldest = web.oldest;
    legacy.nameless = match &web.nameless {
        Nameless::Same => legacy::Nameless::Same,
        Nameless::Other(other) => legacy::Nameless::Other(identity(other)?),
        Nameless::Refused => legacy::Nameless::Refused,
    };
    legacy.demand = demand;
    legacy.now = site.now;
    legacy.pages = Arc::clone(pages) as _;
    if let Some(suites) = web.suites {
        legacy.suites = suites.into();
    }
    Ok(legacy)
}
