//! Names to addresses, as clients at a vantage would get them: from its own name servers, its pins, or the machine's
//! resolver. Every A and AAAA address counts, what fails is told apart, and only a name of one label is completed with a
//! suffix, where the machine's own resolver would.

mod cache;
mod question;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Hosts, NameServerPool, PoolContext, TlsConfig};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::observation::failure::{Failure, ResolveFailure, Stop};
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::observation::timing::Milliseconds;
use crate::observation::{ServiceAnswer, ServiceRecord};
use crate::site::name::HostName;
use cache::Cache;

/// How many names are asked for at a time: a name server, or the socket in front of it, drops what comes in a flood.
const QUESTIONS_AT_ONCE: usize = 128;
/// How many service records have their hosts looked up.
const SERVICE_RECORDS: usize = 64;

/// Which addresses are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// IPv4 and IPv6.
    #[default]
    Any,
    /// IPv4 alone.
    V4,
    /// IPv6 alone.
    V6,
}

impl Family {
    /// Whether an address is used.
    pub const fn includes(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }
}

/// A name whose addresses are given, so that nobody is asked.
#[derive(Clone, Debug)]
pub struct Pin {
    /// The name; case does not matter.
    pub name: HostName,
    /// For this port alone; `None`: for every port.
    pub port: Option<u16>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether it was ever taken; shared by all that are made of it.
    used: Arc<AtomicBool>,
}

impl Pin {
    /// A pin nobody has taken yet.
    pub fn new(name: HostName, port: Option<u16>, addresses: Vec<IpAddr>) -> Self {
        Self { name, port, addresses, used: Arc::default() }
    }

    /// Whether it was ever taken.
    pub fn was_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

/// What a resolver is made of.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name servers, in order; empty: the machine's own resolver.
    pub servers: Vec<SocketAddr>,
    /// Pins, the first that fits is taken.
    pub pins: Vec<Pin>,
    /// What a name of one label is completed with, in turn, as clients do; where the machine's own resolver is asked, its
    /// suffixes follow.
    pub search: Vec<String>,
    /// Which addresses are used.
    pub family: Family,
    /// The local address questions are sent from, to servers of its family.
    pub source: Option<IpAddr>,
    /// How long one question may take, all servers together.
    pub timeout: Duration,
}

/// A vantage's resolver. A name is asked for once as long as its answer is among the last few thousand.
pub struct Resolver {
    servers: Vec<Server>,
    source: ResolutionSource,
    /// The machine's hosts file, where the machine is asked.
    hosts: Option<Hosts>,
    pins: Vec<Pin>,
    search: Vec<Name>,
    family: Family,
    timeout: Duration,
    at_once: Semaphore,
    /// The server asked first: the last that answered after another had not.
    first: AtomicUsize,
    cache: Cache,
    /// Why there is nobody to ask.
    unusable: Option<String>,
}

struct Server {
    label: String,
    pool: NameServerPool<TokioRuntimeProvider>,
}

impl Resolver {
    /// A resolver for a vantage. Never fails: where the machine has no resolver, every question says so.
    pub fn new(options: Options) -> Self {
        let mut unusable = None;
        let mut search: Vec<Name> = options.search.iter().filter_map(|suffix| fully_qualified(suffix).ok()).collect();
        let (servers, source, hosts) = if options.servers.is_empty() {
            let config = read_system_conf()
                .map(|(config, _)| config)
                .inspect_err(|error| unusable = Some(format!("this machine has no resolver that can be used: {error}")))
                .ok();
            let servers = config.as_ref().map(|config| config.name_servers().to_vec()).unwrap_or_default();
            search.extend(config.iter().flat_map(|config| config.domain().into_iter().chain(config.search())).cloned());
            (servers, ResolutionSource::Machine, Hosts::from_system().ok())
        } else {
            let servers = options.servers.iter().map(|at| server(*at)).collect();
            let labels = options.servers.iter().map(ToString::to_string).collect();
            (servers, ResolutionSource::Servers(labels), None)
        };
        let share = options.timeout / u32::try_from(servers.len().max(1)).unwrap_or(u32::MAX);
        let servers = servers
            .into_iter()
            .filter_map(|config| {
                pool(config, options.source, share).inspect_err(|words| unusable = Some(words.clone())).ok()
            })
            .collect();
        Self {
            servers,
            source,
            hosts,
            pins: options.pins,
            search: suffixes(search),
            family: options.family,
            timeout: options.timeout,
            at_once: Semaphore::new(QUESTIONS_AT_ONCE),
            first: AtomicUsize::new(0),
            cache: Cache::default(),
            unusable,
        }
    }

    /// What a name resolves to for a connection to `port`.
    pub async fn host(&self, name: &HostName, port: u16) -> Arc<Resolution> {
        if let Some(known) = self.known(name, port) {
            return Arc::new(known);
        }
        let cell = self.cache.cell(name.as_str());
        // Boxed, so that whoever needs no question does not carry the room for one.
        Arc::clone(cell.get_or_init(|| async { Arc::new(Box::pin(self.ask_host(name)).await) }).await)
    }

    /// What the record name's service records are, each with its host's addresses.
    pub async fn service(&self, record: &str) -> ServiceAnswer {
        let found = match fully_qualified(record) {
            Ok(asked) => {
                let _turn = self.at_once.acquire().await;
                self.question(&asked, RecordType::SRV).await
            }
            Err(failure) => return ServiceAnswer { records: Vec::new(), failure: Some(failure) },
        };
        // All hosts have the time of one question together: silent ones cost it once, however many there are.
        let deadline = Instant::now() + self.timeout;
        let records = found.records.iter().take(SERVICE_RECORDS).filter_map(|data| match data {
            RData::SRV(service) => Some(service),
            _ => None,
        });
        let records = join_all(records.map(|service| async move {
            let target = text(&service.target);
            let name = HostName::new(&target);
            let host = match timeout_at(deadline, self.host(&name, service.port)).await {
                Ok(host) => Resolution::clone(&host),
                Err(_) => self.not_in_time(&name),
            };
            let (port, priority, weight) = (service.port, service.priority, service.weight);
            ServiceRecord { target, port, priority, weight, host }
        }));
        let records = records.await;
        let beyond = found.records.len().saturating_sub(SERVICE_RECORDS);
        let cut = (beyond > 0).then(|| {
            let words = format!("{beyond} more records than the {SERVICE_RECORDS} whose hosts are looked up");
            failure(ResolveFailure::LocalLimit, words)
        });
        ServiceAnswer { records, failure: found.failure.or(cut) }
    }

    /// What there is of a name whose answer was not waited for.
    fn not_in_time(&self, name: &HostName) -> Resolution {
        let words = format!("no answer came in the {:?} there are for all hosts of a service together", self.timeout);
        Resolution {
            name: name.as_str().to_owned(),
            source: self.source.clone(),
            addresses: Vec::new(),
            aliases: Vec::new(),
            failure: Some(failure(ResolveFailure::Timeout, words)),
            took: Some(Milliseconds::from(self.timeout)),
        }
    }

    /// Whether nobody need be asked for a name: it is an address, or pinned.
    pub fn knows(&self, name: &HostName, port: u16) -> bool {
        let bare = name.as_str().trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok() || self.pin(name, port).is_some()
    }

    fn pin(&self, name: &HostName, port: u16) -> Option<&Pin> {
        self.pins.iter().find(|pin| pin.name == *name && pin.port.is_none_or(|only| only == port))
    }

    /// What needs no question: an address, a pin.
    fn known(&self, name: &HostName, port: u16) -> Option<Resolution> {
        let bare = name.as_str().trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Some(self.given(name, ResolutionSource::Literal, &[address]));
        }
        let pin = self.pin(name, port)?;
        pin.used.store(true, Ordering::Relaxed);
        Some(self.given(name, ResolutionSource::Pin, &pin.addresses))
    }

    fn given(&self, name: &HostName, source: ResolutionSource, addresses: &[IpAddr]) -> Resolution {
        let mut kept = Vec::with_capacity(addresses.len());
        for address in addresses.iter().filter(|address| self.family.includes(**address)) {
            if !kept.contains(address) {
                kept.push(*address);
            }
        }
        let failure = kept.is_empty().then(|| {
            let family = if self.family == Family::V4 { "IPv4" } else { "IPv6" };
            failure(
                ResolveFailure::FamilyLeftOut,
                format!("no {family} address is given, and only those are to be used"),
            )
        });
        Resolution { name: name.as_str().to_owned(), source, addresses: kept, aliases: Vec::new(), failure, took: None }
    }

    async fn ask_host(&self, name: &HostName) -> Resolution {
        let mut resolution = Resolution {
            name: name.as_str().to_owned(),
            source: self.source.clone(),
            addresses: Vec::new(),
            aliases: Vec::new(),
            failure: None,
            took: None,
        };
        let asked = match fully_qualified(name.as_str()) {
            Ok(asked) => asked,
            Err(failure) => {
                resolution.failure = Some(failure);
                return resolution;
            }
        };
        let hosts = self.hosts_file(&asked);
        if !hosts.is_empty() {
            return self.given(name, self.source.clone(), &hosts);
        }
        let _turn = self.at_once.acquire().await;
        let began = Instant::now();
        let completed = self.completed(&asked);
        for candidate in &completed {
            self.ask_addresses(candidate, &mut resolution).await;
            let telling = resolution.failure.as_ref().map(|failure| failure.stop);
            if !matches!(telling, Some(Stop::Resolve(ResolveFailure::NameNotFound | ResolveFailure::NoData)))
                || !resolution.addresses.is_empty()
            {
                if *candidate != asked {
                    resolution.aliases.insert(0, text(candidate));
                }
                break;
            }
        }
        if let (Some(failure), [_, _, ..]) = (&mut resolution.failure, completed.as_slice())
            && resolution.aliases.is_empty()
        {
            let tried: Vec<String> = completed.iter().map(text).collect();
            failure.detail = format!("{}; asked for: {}", failure.detail, tried.join(", "));
        }
        resolution.took = Some(Milliseconds::from(began.elapsed()));
        resolution
    }

    /// What a name is asked as, in turn: one of a single label with each suffix first, as clients do.
    fn completed(&self, asked: &Name) -> Vec<Name> {
        let suffixes = if asked.num_labels() == 1 { self.search.as_slice() } else { &[] };
        let with = |suffix: &Name| Name::from_labels(asked.iter().chain(suffix.iter())).ok();
        suffixes.iter().filter_map(with).chain([asked.clone()]).collect()
    }

    /// Asks for the addresses of one name. Where it has none of the family that is wanted, the other is asked for, too:
    /// what the name lacks is told apart from what the run leaves out.
    async fn ask_addresses(&self, asked: &Name, resolution: &mut Resolution) {
        self.ask_wanted(asked, resolution).await;
        let lacks = resolution.failure.as_ref().is_some_and(|failure| failure.is(ResolveFailure::NoData));
        let (wanted, other, kind) = match self.family {
            Family::V4 => ("IPv4", "IPv6", RecordType::AAAA),
            Family::V6 => ("IPv6", "IPv4", RecordType::A),
            Family::Any => return,
        };
        if !lacks || !resolution.addresses.is_empty() {
            return;
        }
        let found = self.question(asked, kind).await;
        let left_out: Vec<String> =
            found.records.iter().filter_map(RData::ip_addr).take(4).map(|address| address.to_string()).collect();
        if !left_out.is_empty() {
            let words = format!(
                "the name has no {wanted} address, and only those are to be used; its {other} addresses are left out: {}",
                left_out.join(", ")
            );
            resolution.failure = Some(failure(ResolveFailure::FamilyLeftOut, words));
        }
    }

    async fn ask_wanted(&self, asked: &Name, resolution: &mut Resolution) {
        let (v4, v6) = match self.family {
            Family::V4 => (Some(self.question(asked, RecordType::A).await), None),
            Family::V6 => (None, Some(self.question(asked, RecordType::AAAA).await)),
            Family::Any => {
                let both = tokio::join!(self.question(asked, RecordType::A), self.question(asked, RecordType::AAAA));
                (Some(both.0), Some(both.1))
            }
        };
        resolution.aliases.clear();
        let mut failures = Vec::with_capacity(2);
        for (kind, found) in [("A", v4), ("AAAA", v6)].into_iter().filter_map(|(kind, found)| Some((kind, found?))) {
            for address in found.records.iter().filter_map(RData::ip_addr) {
                if !resolution.addresses.contains(&address) {
                    resolution.addresses.push(address);
                }
            }
            if resolution.aliases.is_empty() {
                resolution.aliases = found.aliases;
            }
            failures.extend(found.failure.map(|failure| (kind, failure)));
        }
        resolution.failure = combined(failures, !resolution.addresses.is_empty());
    }

    /// What the machine's hosts file says; and `localhost`, which is never asked for (RFC 6761).
    fn hosts_file(&self, name: &Name) -> Vec<IpAddr> {
        let Some(hosts) = &self.hosts else { return Vec::new() };
        let mut addresses = Vec::new();
        for kind in [RecordType::A, RecordType::AAAA] {
            if let Some(found) = hosts.lookup_static_host(&Query::query(name.clone(), kind)) {
                addresses.extend(found.answers().iter().filter_map(|record| record.data.ip_addr()));
            }
        }
        if addresses.is_empty() && text(name).eq_ignore_ascii_case("localhost") {
            addresses = vec![std::net::Ipv4Addr::LOCALHOST.into(), std::net::Ipv6Addr::LOCALHOST.into()];
        }
        addresses
    }

    /// The servers, the one to be asked first in front.
    fn in_order(&self) -> impl Iterator<Item = (usize, &Server)> {
        let first = self.first.load(Ordering::Relaxed);
        (0..self.servers.len()).filter_map(move |turn| {
            let at = (first + turn) % self.servers.len();
            self.servers.get(at).map(|server| (at, server))
        })
    }
}

/// What two questions that failed, or one, mean for the host.
fn combined(failures: Vec<(&'static str, Failure)>, has_addresses: bool) -> Option<Failure> {
    let telling: Vec<_> = failures.iter().filter(|(_, failure)| !failure.is(ResolveFailure::NoData)).collect();
    match telling.as_slice() {
        [] if has_addresses => None,
        [] => failures.into_iter().next().map(|(_, one)| Failure {
            detail: "the name exists, but has no address of the kind asked for".to_owned(),
            ..one
        }),
        [(_, one), (_, other)] if one.stop == other.stop => Some(one.clone()),
        [(_, one)] if !has_addresses && one.is(ResolveFailure::NameNotFound) => Some(one.clone()),
        [(kind, one), rest @ ..] => {
            let mut detail = format!("{kind}: {}", one.detail);
            for (kind, other) in rest {
                detail.push_str(&format!("; {kind}: {}", other.detail));
            }
            Some(Failure { detail, ..one.clone() })
        }
    }
}

/// A server asked by UDP, and by TCP where its answer does not fit.
fn server(at: SocketAddr) -> NameServerConfig {
    let mut config = NameServerConfig::udp_and_tcp(at.ip());
    for connection in &mut config.connections {
        connection.port = at.port();
    }
    config
}

fn pool(mut config: NameServerConfig, source: Option<IpAddr>, timeout: Duration) -> Result<Server, String> {
    let port = config.connections.first().map_or(53, |connection: &ConnectionConfig| connection.port);
    let label = SocketAddr::new(config.ip, port).to_string();
    if let Some(source) = source.filter(|source| source.is_ipv4() == config.ip.is_ipv4()) {
        for connection in &mut config.connections {
            connection.bind_addr = Some(SocketAddr::new(source, 0));
        }
    }
    let mut options = ResolverOpts::default();
    options.timeout = timeout;
    // The kernel's choice of port is as random, and costs no search for a free one.
    options.os_port_selection = true;
    options.max_active_requests = QUESTIONS_AT_ONCE * 4;
    let tls = TlsConfig::new().map_err(|error| format!("the resolver cannot be set up: {error}"))?;
    let context = Arc::new(PoolContext::new(options, tls));
    Ok(Server { label, pool: NameServerPool::from_config([config], context, TokioRuntimeProvider::default()) })
}

/// Suffixes, each once, and no more than resolvers use.
fn suffixes(search: Vec<Name>) -> Vec<Name> {
    const MOST: usize = 8;
    let mut kept: Vec<Name> = Vec::new();
    for suffix in search {
        if !suffix.is_root() && !kept.contains(&suffix) && kept.len() < MOST {
            kept.push(suffix);
        }
    }
    kept
}

/// A name as DNS carries it. Only one of a single label is ever completed, and elsewhere.
fn fully_qualified(name: &str) -> Result<Name, Failure> {
    let unusable = |why: String| failure(ResolveFailure::NameUnusable, why);
    if name.is_empty() {
        return Err(unusable("the name is empty".into()));
    }
    // hickory would read a backslash as the beginning of an escape.
    if name.contains('\\') {
        return Err(unusable(format!("DNS cannot be asked for \u{201c}{name}\u{201d}: it holds a backslash")));
    }
    let mut asked = Name::from_ascii(name)
        .map_err(|error| unusable(format!("DNS cannot be asked for \u{201c}{name}\u{201d}: {error}")))?;
    asked.set_fqdn(true);
    Ok(asked)
}

/// A name as people write it: without the trailing dot.
fn text(name: &Name) -> String {
    let mut text = name.to_ascii();
    if text.ends_with('.') && text.len() > 1 {
        text.pop();
    }
    text
}

fn failure(kind: ResolveFailure, words: impl Into<String>) -> Failure {
    Failure::new(kind, words)
}

#[cfg(test)]
mod tests;
