//! Makes the planned probes: resolves, connects, handshakes, asks, and hands on what was seen as it comes. The only place
//! that knows how much may happen at once. It judges nothing, and keeps nothing: memory goes with what is in flight.

mod attempt;
mod beside;
mod early;
mod endpoint;
mod interner;
mod lateness;
mod limits;
mod lists;
mod making;
mod room;
mod stand;
mod starts;
mod stranger;

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::connect::{Proxy, ProxyResolve, Route};
use crate::engine::Objection;
use crate::identity::ClientIdentity;
use crate::observation::failure::{Failure, ResolveFailure};
use crate::observation::{LookupAnswer, LookupObservation, Seen, TargetObservation};
use crate::plan::{Lookup, Question, Target};
use crate::resolve::{Family, Pin, Resolver};
use crate::revocation::Bounds;
use crate::revocation::allowed::Allowed;
use crate::site::name::HostName;
use crate::site::vantage::Vantage;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use interner::Interner;
use lateness::Lateness;
use limits::Limits;
use lists::{Lists, Presented, Waiting};
use room::Room;
use stand::{Stand, unknown_vantage};
use starts::Starts;

pub use stranger::Stranger;

/// How many targets that were seen may wait for what is fetched for them.
const MOST_WAITING: usize = 16_384;

/// How many addresses of one name are probed; the rest is counted.
const ADDRESSES: usize = 64;

/// How a run is made.
#[derive(Clone)]
pub struct Settings {
    /// Where probes stand; targets name them.
    pub vantages: Vec<Vantage>,
    /// The clients probes may present, by name.
    pub identities: Vec<Arc<ClientIdentity>>,
    /// Whom they may be presented to; handed in, because judging is for others. `None`: anybody.
    pub presented_to: Option<Arc<PresentedTo>>,
    /// The client nobody knows.
    pub stranger: Option<Stranger>,
    /// How many connections are open at once.
    pub concurrency: NonZeroUsize,
    /// How many of them to one address.
    pub per_host: NonZeroUsize,
    /// How many connections are opened in a second; `None`: as many as come.
    pub rate: Option<NonZeroU32>,
    /// How long a TCP connection may take to open, through a proxy or not.
    pub connect_timeout: Duration,
    /// How long a TLS handshake may take.
    pub handshake_timeout: Duration,
    /// How long a name's resolution may take.
    pub resolve_timeout: Duration,
    /// How long one probe may take from connecting to its end, with its retries and every engine it goes through.
    pub deadline: Duration,
    /// How long is waited for what follows a TLS 1.3 handshake in which a client certificate was asked for, beside twice the handshake's own time.
    pub settle: Duration,
    /// How often a probe that ran into a time-out is made again.
    pub retries: u8,
    /// Which addresses are used.
    pub family: Family,
    /// The local address connections start from, before what a vantage says.
    pub source: Option<IpAddr>,
    /// The proxy on the way, before what a vantage says.
    pub proxy: Option<Arc<Proxy>>,
    /// Who resolves names that are reached through a proxy.
    pub proxy_resolve: ProxyResolve,
    /// The name servers asked, before what a vantage says; empty: as the vantage says.
    pub resolvers: Vec<SocketAddr>,
    /// Pins, before those of a vantage.
    pub pins: Vec<Pin>,
    /// What is fetched of what certificates name.
    pub fetching: Fetching,
    /// Authorities' certificates that servers need not send.
    pub further: Vec<Der>,
    /// The certificates in files, each with what stands beside it: clients', and those proxies show to site systems alone.
    /// What they name is fetched from every vantage.
    pub files: Vec<Vec<Der>>,
    /// The roots clients trust: who asks a responder about a certificate must know its issuer's key.
    pub roots: Vec<Der>,
    /// What the time is, for the record; durations are measured otherwise.
    pub clock: fn() -> Timestamp,
}

/// What is fetched of what certificates name; by default nothing.
#[derive(Clone, Default)]
pub struct Fetching {
    /// The lists, complete and delta, of certificates that endpoints present, and responders' answers about them.
    pub lists_of_endpoints: bool,
    /// The same of the certificates in files.
    pub lists_of_files: bool,
    /// The certificates of issuers that nobody sent.
    pub issuers: bool,
    /// Who may be asked.
    pub allowed: Allowed,
    /// What may be spent on it.
    pub bounds: Bounds,
    /// Of each certificate of a chain, whether it leads to a root of the site; handed in, because judging is for others.
    /// `None`: nobody knows.
    pub leads_to_roots: Option<Arc<LeadsToRoots>>,
}

/// Says of each certificate of a chain whether it leads to a root of the site.
pub type LeadsToRoots = dyn Fn(&[Der]) -> Vec<bool> + Send + Sync;

/// Says for a target what there is against presenting a client's certificate to who answers there.
pub type PresentedTo = dyn Fn(&Target) -> Arc<Objection> + Send + Sync;

impl Settings {
    /// The defaults: good for ten thousand endpoints, of which hundreds may be dead, without tuning.
    pub fn new(vantages: Vec<Vantage>, clock: fn() -> Timestamp) -> Self {
        const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(1000).unwrap();
        const PER_HOST: NonZeroUsize = NonZeroUsize::new(10).unwrap();
        Self {
            vantages,
            identities: Vec::new(),
            presented_to: None,
            stranger: None,
            concurrency: CONCURRENCY,
            per_host: PER_HOST,
            rate: None,
            connect_timeout: Duration::from_secs(5),
            handshake_timeout: Duration::from_secs(5),
            resolve_timeout: Duration::from_secs(5),
            deadline: Duration::from_secs(15),
            settle: Duration::from_millis(300),
            retries: 0,
            family: Family::Any,
            source: None,
            proxy: None,
            proxy_resolve: ProxyResolve::Remote,
            resolvers: Vec::new(),
            pins: Vec::new(),
            fetching: Fetching::default(),
            further: Vec::new(),
            files: Vec::new(),
            roots: Vec::new(),
            clock,
        }
    }
}

/// Makes probes. Cheap to share; lives as long as a run, or as a server that makes many.
#[derive(Clone)]
pub struct Prober(Arc<Inner>);

struct Inner {
    settings: Settings,
    stands: Vec<Stand>,
    limits: Limits,
    issuers: Interner,
    lateness: Arc<Lateness>,
}

impl Prober {
    /// A prober for these vantages. Opens nothing yet.
    pub fn new(settings: Settings) -> Self {
        let stands = settings.vantages.iter().map(|vantage| Stand::new(vantage, &settings)).collect();
        let limits = Limits::new(settings.concurrency, settings.per_host, settings.rate);
        let (issuers, lateness) = (Interner::default(), Arc::default());
        Self(Arc::new(Inner { settings, stands, limits, issuers, lateness }))
    }

    /// The resolver of a vantage.
    pub fn resolver(&self, vantage: &str) -> Option<&Resolver> {
        self.0.stand(vantage).map(|stand| &stand.resolver)
    }

    /// Makes the probes and the lookups and sends what they saw, each as it finishes. Ends when all are done or when
    /// nobody listens any more; what is under way ends when the future is dropped.
    pub async fn run<T, L>(&self, targets: T, lookups: L, sink: mpsc::Sender<Seen>)
    where
        T: IntoIterator<Item = Arc<Target>>,
        T::IntoIter: Send,
        L: IntoIterator<Item = Arc<Lookup>>,
        L::IntoIter: Send,
    {
        // A target that waits for its turn is small; twice as many as may be connected keeps every place taken.
        let at_once = self.0.settings.concurrency.get().saturating_mul(2);
        let _measured = self.0.lateness.measured();
        let mut tasks = JoinSet::new();
        for lookup in lookups {
            room(&mut tasks, at_once).await;
            if sink.is_closed() {
                return;
            }
            let (inner, sink) = (Arc::clone(&self.0), sink.clone());
            tasks.spawn(async move {
                let seen = inner.lookup(&lookup).await;
                // Nobody listening is no fault of the probe's.
                let _ = sink.send(Seen::Lookup(Box::new(seen))).await;
            });
        }
        let (lists, waiting) = (Lists::of(&self.0), Arc::<Waiting>::default());
        // A target that is seen gives its turn to the next; what is fetched for it is waited for beside that.
        let (turns, waits) =
            (Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))), Arc::new(Semaphore::new(MOST_WAITING)));
        let starts = Starts::new();
        let mut from: HashSet<Arc<str>> = HashSet::new();
        for target in targets {
            while tasks.try_join_next().is_some() {}
            let (Ok(wait), Ok(turn), Some(start)) = (
                Arc::clone(&waits).acquire_owned().await,
                Arc::clone(&turns).acquire_owned().await,
                starts.next().await,
            ) else {
                return;
            };
            if sink.is_closed() {
                return;
            }
            if let Some(lists) = lists.clone().filter(|_| from.insert(Arc::clone(&target.vantage))) {
                let (vantage, sink) = (Arc::clone(&target.vantage), sink.clone());
                tasks.spawn(async move { lists.of_files(&vantage, &sink).await });
            }
            let (inner, sink) = (Arc::clone(&self.0), sink.clone());
            let (lists, waiting) = (lists.clone(), Arc::clone(&waiting));
            tasks.spawn(async move {
                let _wait = wait;
                let (seen, start) = starts::within(start, starts::long(), inner.target(&target)).await;
                let named = lists.map(|lists| (Presented::of(&seen), lists));
                let _ = sink.send(Seen::Target(Box::new(seen))).await;
                drop((turn, start));
                if let Some((presented, lists)) = named {
                    lists.of_endpoints(&target.vantage, presented, &waiting, &sink).await;
                    let _ = sink.send(Seen::Told(target.id.clone())).await;
                }
            });
        }
        room(&mut tasks, 1).await;
    }

    /// Fetches what tells whether certificates are revoked, for chains no endpoint presented, each from the vantage named
    /// beside it; sends what came of it. Nothing, where the settings do not want it.
    pub async fn fetch_lists(&self, chains: Vec<(Arc<str>, Vec<Der>)>, sink: mpsc::Sender<Seen>) {
        if let Some(lists) = Lists::of(&self.0) {
            let (lists, sink) = (&lists, &sink);
            let fetched = chains.iter().map(|(vantage, chain)| lists.of_file(vantage, chain, sink));
            join_all(fetched).await;
        }
    }
}

/// Makes every probe and lookup of a plan, and sends what they saw as it comes.
pub async fn run<T, L>(targets: T, lookups: L, settings: &Settings, sink: mpsc::Sender<Seen>)
where
    T: IntoIterator<Item = Arc<Target>>,
    T::IntoIter: Send,
    L: IntoIterator<Item = Arc<Lookup>>,
    L::IntoIter: Send,
{
    Prober::new(settings.clone()).run(targets, lookups, sink).await;
}

/// Waits until fewer than `limit` tasks are left. A task that panicked gives no observation; the others go on.
async fn room(tasks: &mut JoinSet<()>, limit: usize) {
    while tasks.try_join_next().is_some() {}
    while tasks.len() >= limit {
        if tasks.join_next().await.is_none() {
            return;
        }
    }
}

impl Inner {
    fn stand(&self, vantage: &str) -> Option<&Stand> {
        self.stands.iter().find(|stand| &*stand.name == vantage)
    }

    async fn target(&self, target: &Arc<Target>) -> TargetObservation {
        let Some(stand) = self.stand(&target.vantage) else {
            return TargetObservation {
                target: target.id.clone(),
                resolution: unknown_vantage(&target.name, &target.vantage),
                endpoints: Vec::new(),
            };
        };
        if stand.asks_proxy(&target.name, target.port) {
            return self.behind_proxy(stand, target).await;
        }
        let mut resolution = stand.resolver.host(&target.name, target.port).await;
        if resolution.addresses.len() > ADDRESSES {
            let bounded = Arc::make_mut(&mut resolution);
            let words = format!(
                "{} has {} addresses: the first {ADDRESSES} are probed, and no others",
                target.name,
                bounded.addresses.len()
            );
            bounded.addresses.truncate(ADDRESSES);
            bounded.failure = Some(Failure::new(ResolveFailure::TooManyAddresses, words));
        }
        let room = Room::default();
        let endpoint = |address: &IpAddr| {
            let address = SocketAddr::new(*address, target.port);
            self.endpoint(stand, target, address, resolution.took, &room)
        };
        let endpoints = match resolution.addresses.as_slice() {
            [one] => vec![endpoint(one).await],
            several => join_all(several.iter().map(endpoint)).await,
        };
        TargetObservation { target: target.id.clone(), resolution: Arc::unwrap_or_clone(resolution), endpoints }
    }

    /// A target whose name the proxy is given: one endpoint, whose address is the proxy's, because that is what is connected
    /// to here.
    async fn behind_proxy(&self, stand: &Stand, target: &Arc<Target>) -> TargetObservation {
        use crate::observation::resolution::{Resolution, ResolutionSource};
        let route = stand.route(&target.name, None, target.port).await;
        let (at, failure) = match route {
            Ok(Route { proxy: Some((at, _)), .. }) => (Some(at), None),
            Ok(Route { proxy: None, .. }) => (None, None),
            Err(failure) => (None, Some(failure)),
        };
        let endpoints = match at {
            Some(at) => vec![self.endpoint(stand, target, at, None, &Room::default()).await],
            None => Vec::new(),
        };
        let resolution = Resolution {
            name: target.name.as_str().to_owned(),
            source: ResolutionSource::Proxy(stand.proxy_label()),
            addresses: Vec::new(),
            aliases: Vec::new(),
            failure,
            took: None,
        };
        TargetObservation { target: target.id.clone(), resolution, endpoints }
    }

    async fn lookup(&self, lookup: &Lookup) -> LookupObservation {
        let at = (self.settings.clock)();
        let answer = match (&lookup.question, self.stand(&lookup.vantage)) {
            (Question::HiddenHost(name), Some(stand)) => {
                LookupAnswer::Host(Arc::unwrap_or_clone(stand.resolver.host(name, 0).await))
            }
            (Question::ManagementPointService { record, .. }, Some(stand)) => {
                LookupAnswer::Service(stand.resolver.service(record).await)
            }
            (Question::HiddenHost(name), None) => LookupAnswer::Host(unknown_vantage(name, &lookup.vantage)),
            (Question::ManagementPointService { record, .. }, None) => {
                let failure = unknown_vantage(&HostName::new(record), &lookup.vantage).failure;
                LookupAnswer::Service(crate::observation::ServiceAnswer { records: Vec::new(), failure })
            }
        };
        LookupObservation { lookup: lookup.id.clone(), at, answer }
    }
}

#[cfg(test)]
mod tests;
