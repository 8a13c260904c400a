//! Fetches revocation lists, responders' answers and issuers' certificates as clients would, from a vantage: over http
//! alone, redirects followed, each URL once per vantage however many ask at the same time. A server that hangs, floods or
//! drips costs its bound once, and nobody but those who asked it. Lists are read while they come and never held whole. It
//! judges nothing.

pub mod allowed;
pub mod bounds;
mod places;
pub mod url;
pub mod wanted;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use crate::certificate::issuers;
use crate::certificate::ocsp_response::{NotAnAnswer, OcspResponse};
use crate::certificate::revocation_list::reading::{Reading, Sent};
use crate::certificate::revocation_list::{NotAList, RevocationList, Scheme};
use crate::connect::{self, Route};
use crate::exchange::download::download;
use crate::observation::Seen;
use crate::observation::failure::{ConnectFailure, ExchangeFailure, Failure, ProxyFailure, ResolveFailure, Stop};
use crate::observation::resolution::{CrlObservation, Instead, Resolution, Sought};
use crate::observation::timing::Milliseconds;
use crate::site::name::HostName;
use crate::wire::counted::{counted, counted_with};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use allowed::{Allowed, Asker};
pub use bounds::Bounds;
use places::Places;
use url::Url;
pub use wanted::Wanted;

/// How a vantage finds servers and the way to them.
pub trait Footing: Send + Sync {
    /// What a host resolves to there.
    fn resolve<'a>(&'a self, vantage: &'a str, host: &'a HostName, port: u16) -> BoxFuture<'a, Arc<Resolution>>;

    /// The way connections from there take to a host.
    fn route<'a>(&'a self, vantage: &'a str, host: &'a HostName, port: u16) -> BoxFuture<'a, Result<Route, Failure>>;
}

/// Fetches what a run needs.
pub struct CrlFetcher {
    footing: Arc<dyn Footing>,
    clock: fn() -> Timestamp,
    bounds: Bounds,
    allowed: Allowed,
    places: Places,
    known: Mutex<Known>,
    /// Servers that never answered anything and let somebody wait in vain, by vantage and authority: nobody waits for them
    /// again.
    silent: Mutex<HashMap<Server, Failure>>,
    /// Servers that answered something.
    heard: Mutex<HashSet<Server>>,
    /// What is being fetched.
    under_way: Mutex<Vec<AbortHandle>>,
    spent: [Spent; 2],
}

/// A vantage, and the authority of a server.
type Server = (String, String);

/// What a run has spent, for certificates that are trusted or are not.
#[derive(Default)]
struct Spent {
    octets: AtomicU64,
    milliseconds_in_vain: AtomicU64,
}

/// What was asked for, by vantage and URL.
#[derive(Default)]
struct Known {
    lists: HashMap<(String, String), Cell>,
    answers: HashMap<(String, String), Cell>,
    issuers: HashMap<(String, String), Cell>,
}

/// What came of asking, once it has.
type Cell = Arc<OnceCell<Arc<Had>>>;

/// What of something fetched leads on to more.
#[derive(Debug, Default)]
pub struct Had {
    /// Where a list says that its delta lists are.
    pub deltas: Vec<String>,
    /// The certificates that were sent for an issuer's.
    pub issuers: Vec<Der>,
}

/// How far a fetch has come.
#[derive(Clone, Copy)]
enum Stage {
    Resolving,
    Connecting,
    Asking,
    Reading { octets: u64 },
}

struct Progress {
    stage: Stage,
    status: Option<u16>,
}

impl CrlFetcher {
    /// A fetcher that has asked nothing yet.
    pub fn new(footing: Arc<dyn Footing>, clock: fn() -> Timestamp, bounds: Bounds, allowed: Allowed) -> Self {
        Self {
            footing,
            clock,
            bounds,
            allowed,
            places: Places::new(&bounds),
            known: Mutex::default(),
            silent: Mutex::default(),
            heard: Mutex::default(),
            under_way: Mutex::default(),
            spent: <[Spent; 2]>::default(),
        }
    }

    /// What it may spend.
    pub const fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Whether a URL was asked for from a vantage, and what came of it is known.
    pub fn has(&self, vantage: &str, wanted: &Wanted) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (vantage.to_owned(), wanted.url.clone());
        known.of(wanted.sought).get(&key).is_some_and(|cell| cell.initialized())
    }

    /// Has a vantage ask at a URL, once, whoever else asks meanwhile or later; what came of it goes into the sink before
    /// anybody is told. Whoever stops waiting ends nothing: others may wait still.
    pub async fn fetch(
        self: &Arc<Self>,
        vantage: &Arc<str>,
        wanted: &Wanted,
        asker: &Asker,
        sink: &mpsc::Sender<Seen>,
    ) -> Arc<Had> {
        let Some(cell) = self.cell(vantage, wanted) else {
            let words = match wanted.sought {
                Sought::List => {
                    format!("not asked for: {} before", counted_with(self.bounds.lists, "other list", "was", "were"))
                }
                Sought::OcspAnswer => format!(
                    "not asked: {} before",
                    counted_with(self.bounds.answers, "other certificate", "was", "were")
                ),
                Sought::Issuer => format!(
                    "not asked for: {} before",
                    counted_with(self.bounds.issuers, "other issuer", "was", "were")
                ),
            };
            self.leave_out(vantage, wanted, words, sink).await;
            return Arc::default();
        };
        if let Some(had) = cell.get() {
            return Arc::clone(had);
        }
        if let Some(refused) = self.refused(vantage, wanted, asker).await {
            // Somebody else may be allowed to.
            let seen = CrlObservation { failure: Some(refused), ..self.nothing(vantage, wanted) };
            let _ = sink.send(Seen::Crl(Box::new(seen))).await;
            return Arc::default();
        }
        let (fetcher, vantage, wanted) = (Arc::clone(self), Arc::clone(vantage), wanted.clone());
        let (asker, sink) = (asker.clone(), sink.clone());
        let fetching = tokio::spawn(async move {
            let fetched = cell.get_or_init(|| async {
                let (seen, had) = fetcher.ask(&vantage, &wanted, &asker).await;
                // Nobody listening is no fault of the list's.
                let _ = sink.send(Seen::Crl(Box::new(seen))).await;
                Arc::new(had)
            });
            Arc::clone(fetched.await)
        });
        self.remember(fetching.abort_handle());
        fetching.await.unwrap_or_default()
    }

    /// Ends what is still being fetched: nobody waits for it any more.
    pub fn abandon(&self) {
        let under_way = std::mem::take(&mut *self.under_way.lock().unwrap_or_else(PoisonError::into_inner));
        under_way.iter().for_each(AbortHandle::abort);
    }

    fn remember(&self, fetching: AbortHandle) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.len() == under_way.capacity() {
            under_way.retain(|one| !one.is_finished());
        }
        under_way.push(fetching);
    }

    /// Says of something wanted that it was not fetched, and why.
    pub async fn leave_out(&self, vantage: &str, wanted: &Wanted, words: String, sink: &mpsc::Sender<Seen>) {
        let failure = Failure::new(ResolveFailure::LocalLimit, words);
        let seen = CrlObservation { failure: Some(failure), ..self.nothing(vantage, wanted) };
        let _ = sink.send(Seen::Crl(Box::new(seen))).await;
    }

    fn cell(&self, vantage: &str, wanted: &Wanted) -> Option<Cell> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let most = match wanted.sought {
            Sought::List => self.bounds.lists,
            Sought::OcspAnswer => self.bounds.answers,
            Sought::Issuer => self.bounds.issuers,
        };
        let known = known.of_mut(wanted.sought);
        let key = (vantage.to_owned(), wanted.url.clone());
        if let Some(cell) = known.get(&key) {
            return Some(Arc::clone(cell));
        }
        (known.len() < most).then(|| Arc::clone(known.entry(key).or_default()))
    }

    fn nothing(&self, vantage: &str, wanted: &Wanted) -> CrlObservation {
        CrlObservation::asked(vantage, wanted.url.as_str(), wanted.sought, (self.clock)())
    }

    /// Why a URL may not be asked by whoever asks, as far as its own name and addresses tell.
    async fn refused(&self, vantage: &str, wanted: &Wanted, asker: &Asker) -> Option<Failure> {
        if asker.trusted || !wanted.is_asked() {
            return None;
        }
        let url = Url::parse(&wanted.url).ok()?;
        if let Err(refused) = self.allowed.name(&url.host, asker) {
            return Some(refused);
        }
        let patience = Instant::now() + self.bounds.connect;
        let found = timeout_at(patience, self.footing.resolve(vantage, &url.host, url.port)).await.ok()?;
        let refused = found.addresses.iter().map(|address| self.allowed.address(*address, asker).err());
        let refused: Vec<Option<Failure>> = refused.collect();
        if refused.iter().all(Option::is_some) { refused.into_iter().flatten().next() } else { None }
    }

    async fn ask(&self, vantage: &str, wanted: &Wanted, asker: &Asker) -> (CrlObservation, Had) {
        let mut seen = self.nothing(vantage, wanted);
        let not_asked = match Scheme::of(&wanted.url) {
            Scheme::Http => None,
            Scheme::Https => Some("not fetched: over HTTPS, which Windows does not fetch lists over"),
            Scheme::Ldap => Some("not fetched: in a directory, which only members of the forest can ask"),
            Scheme::File => Some("not fetched: a file or share"),
            Scheme::Other => Some("not fetched: not http"),
        };
        let mut fail = |failure| {
            seen.failure = Some(failure);
            (seen.clone(), Had::default())
        };
        if let Some(words) = not_asked {
            return fail(Failure::new(ResolveFailure::NotFetched, words));
        }
        let url = match Url::parse(&wanted.url) {
            Ok(url) => url,
            Err(failure) => return fail(failure),
        };
        let server = (vantage.to_owned(), url.authority());
        let _place = self.places.take(&server, asker.trusted).await;
        if let Some(failure) = self.fell_silent(&server).or_else(|| self.spent_up(&server, asker)) {
            return fail(failure);
        }
        let began = Instant::now();
        let deadline = began + self.bounds.whole;
        let mut progress = Progress { stage: Stage::Resolving, status: None };
        let followed = self.follow(vantage, wanted, url, asker, deadline, &mut progress);
        let ended = timeout_at(deadline, followed).await.unwrap_or_else(|_| Err(self.too_late(progress.stage)));
        seen.took = Some(Milliseconds::from(began.elapsed()));
        seen.status = progress.status;
        if progress.status.is_some() {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(server.clone());
        }
        match ended {
            Ok(sent) => {
                let had = taken(&mut seen, sent);
                (seen, had)
            }
            Err(failure) => {
                let spent = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.spent_by(asker).milliseconds_in_vain.fetch_add(spent, Ordering::Relaxed);
                self.falls_silent(server, &failure);
                seen.failure = Some(failure);
                (seen, Had::default())
            }
        }
    }

    /// Notes a server that let somebody wait and never answered anything.
    fn falls_silent(&self, server: Server, failure: &Failure) {
        let waited = match failure.stop {
            Stop::Connect(_) | Stop::Resolve(ResolveFailure::Timeout) | Stop::Exchange(ExchangeFailure::Timeout) => {
                true
            }
            Stop::Resolve(_) | Stop::Handshake(_) | Stop::Exchange(_) => false,
        };
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner).contains(&server);
        if waited && !heard {
            let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
            silent.entry(server).or_insert_with(|| failure.clone());
        }
    }

    /// Why a server is not asked: it let somebody wait before.
    fn fell_silent(&self, server: &Server) -> Option<Failure> {
        let before = self.silent.lock().unwrap_or_else(PoisonError::into_inner).get(server).cloned()?;
        Some(Failure { detail: format!("not asked again: before, {}", before.detail), ..before })
    }

    fn spent_by(&self, asker: &Asker) -> &Spent {
        let [trusted, untrusted] = &self.spent;
        if asker.trusted { trusted } else { untrusted }
    }

    /// Why a server nobody heard of is not asked: too much was waited for in vain in this run.
    fn spent_up(&self, server: &Server, asker: &Asker) -> Option<Failure> {
        let most = if asker.trusted { self.bounds.in_vain } else { self.bounds.in_vain_untrusted };
        let spent = Duration::from_millis(self.spent_by(asker).milliseconds_in_vain.load(Ordering::Relaxed));
        if spent < most || self.heard.lock().unwrap_or_else(PoisonError::into_inner).contains(server) {
            return None;
        }
        let words = format!("not asked: this run has waited {most:?} in vain for servers that certificates name");
        Some(Failure::new(ConnectFailure::LocalLimit, words))
    }

    /// Asks, and where the answer says elsewhere, asks there.
    async fn follow(
        &self,
        vantage: &str,
        wanted: &Wanted,
        mut url: Url,
        asker: &Asker,
        deadline: Instant,
        progress: &mut Progress,
    ) -> Result<Sent, Failure> {
        for _ in 0..=self.bounds.redirects {
            let (stream, by_proxy) = self.open(vantage, &url, asker, deadline, progress).await?;
            // A proxy is asked for the whole URL: CONNECT to port 80 is what most of them forbid.
            let path = if by_proxy { format!("http://{}{}", url.authority(), url.path) } else { url.path.clone() };
            progress.stage = Stage::Asking;
            let mut reading = Reading::default();
            let answer = download(stream, &url.authority(), &path, |status, octets| {
                progress.status = Some(status);
                if octets.is_empty() {
                    return Ok(());
                }
                reading.push(octets);
                progress.stage = Stage::Reading { octets: reading.octets() };
                self.within_bounds(wanted, asker, &reading, octets.len())
            })
            .await?;
            match (answer.status, answer.location) {
                (200..=299, _) => return Ok(finished(reading, answer.packed).await),
                (301 | 302 | 303 | 307 | 308, Some(location)) => url = url.join(&location)?,
                (407, _) => {
                    let words = "the proxy on the way wants credentials (407)";
                    return Err(Failure::new(ProxyFailure::WantsCredentials, words));
                }
                (404, _) if answer.double_escape => {
                    let words = "the server answered 404.11: its request filtering refuses what the URL escapes";
                    return Err(Failure::new(ExchangeFailure::HttpError, words));
                }
                (status, _) => {
                    let words = format!("the server answered {status}");
                    return Err(Failure::new(ExchangeFailure::HttpError, words));
                }
            }
        }
        let words = format!("redirected more than {}", counted(self.bounds.redirects, "time"));
        Err(Failure::new(ExchangeFailure::HttpError, words))
    }

    /// Whether there is room for more of an answer.
    fn within_bounds(&self, wanted: &Wanted, asker: &Asker, reading: &Reading, new: usize) -> Result<(), Failure> {
        let announced = reading.announced();
        if wanted.sought == Sought::List && announced > self.bounds.octets as u64 {
            let words = format!(
                "what is sent has {announced} octets by its own head, and is larger than {}",
                self.bounds.octets
            );
            return Err(Failure::new(ExchangeFailure::TooLarge, words));
        }
        if let (Sought::List, Some(why)) = (wanted.sought, reading.beyond()) {
            return Err(Failure::new(ExchangeFailure::LocalLimit, why.to_string()));
        }
        let (most, what) = match wanted.sought {
            Sought::List if reading.may_be_a_list() => (self.bounds.octets, "what is sent"),
            Sought::List => (self.bounds.octets_of_other, "what is sent is no list, and"),
            Sought::OcspAnswer | Sought::Issuer => (self.bounds.octets_of_answer, "what is sent"),
        };
        if reading.octets() > most as u64 {
            let words = format!("{what} is larger than {most} octets");
            return Err(Failure::new(ExchangeFailure::TooLarge, words));
        }
        let most = if asker.trusted { self.bounds.octets_of_all } else { self.bounds.octets_untrusted };
        let before = self.spent_by(asker).octets.fetch_add(new as u64, Ordering::Relaxed);
        if before.saturating_add(new as u64) > most {
            let words = format!("the revocation lists of this run have more than {most} octets together");
            return Err(Failure::new(ExchangeFailure::LocalLimit, words));
        }
        Ok(())
    }

    /// Opens a connection to the proxy on the way, where there is one, else to the first address that takes one. Says
    /// which.
    async fn open(
        &self,
        vantage: &str,
        url: &Url,
        asker: &Asker,
        deadline: Instant,
        progress: &mut Progress,
    ) -> Result<(tokio::net::TcpStream, bool), Failure> {
        progress.stage = Stage::Resolving;
        self.allowed.name(&url.host, asker)?;
        let route = self.footing.route(vantage, &url.host, url.port).await?;
        if route.proxy.is_some() {
            progress.stage = Stage::Connecting;
            let patience = deadline.min(Instant::now() + self.bounds.connect);
            if let Some(stream) = connect::reach_proxy(&route, patience).await? {
                return Ok((stream, true));
            }
            progress.stage = Stage::Resolving;
        }
        let found = self.footing.resolve(vantage, &url.host, url.port).await;
        progress.stage = Stage::Connecting;
        let mut failure = found.failure.clone();
        for address in &found.addresses {
            if let Err(refused) = self.allowed.address(*address, asker) {
                failure = failure.or(Some(refused));
                continue;
            }
            let patience = deadline.min(Instant::now() + self.bounds.connect);
            match connect::connect(SocketAddr::new(*address, url.port), &route, patience).await {
                Ok(stream) => return Ok((stream, false)),
                Err(refused) => {
                    let detail = format!("{address}, port {}: {}", url.port, refused.detail);
                    failure = Some(Failure { detail, ..refused });
                }
            }
        }
        Err(failure
            .unwrap_or_else(|| Failure::new(ResolveFailure::NoData, format!("{} has no address", url.host.as_str()))))
    }

    fn too_late(&self, stage: Stage) -> Failure {
        let whole = self.bounds.whole;
        let (stop, words): (Stop, String) = match stage {
            Stage::Resolving => (ResolveFailure::Timeout.into(), "the name was not resolved".to_owned()),
            Stage::Connecting => (ConnectFailure::Timeout.into(), "no connection came about".to_owned()),
            Stage::Asking => (ExchangeFailure::Timeout.into(), "no answer".to_owned()),
            Stage::Reading { octets } => {
                (ExchangeFailure::Timeout.into(), format!("the answer did not end, {} came", counted(octets, "octet")))
            }
        };
        let whole = match whole.subsec_millis() {
            0 => format!("{} s", whole.as_secs()),
            _ => format!("{} ms", whole.as_millis()),
        };
        Failure::new(stop, format!("{words} within {whole}"))
    }
}

impl Known {
    const fn of(&self, sought: Sought) -> &HashMap<(String, String), Cell> {
        match sought {
            Sought::List => &self.lists,
            Sought::OcspAnswer => &self.answers,
            Sought::Issuer => &self.issuers,
        }
    }

    const fn of_mut(&mut self, sought: Sought) -> &mut HashMap<(String, String), Cell> {
        match sought {
            Sought::List => &mut self.lists,
            Sought::OcspAnswer => &mut self.answers,
            Sought::Issuer => &mut self.issuers,
        }
    }
}

/// How many octets are looked at without leaving the runtime's thread.
const AT_ONCE: u64 = 256 * 1024;

/// What was read, to its end: a long list's entries are put in order aside.
async fn finished(reading: Reading, packed: Option<String>) -> Sent {
    let mut sent = if reading.octets() > AT_ONCE {
        match tokio::task::spawn_blocking(move || reading.finish()).await {
            Ok(sent) => sent,
            Err(_) => Reading::default().finish(),
        }
    } else {
        reading.finish()
    };
    if let (Some(how), Err(_)) = (packed, &sent.content) {
        let how: String = how.chars().filter(char::is_ascii_graphic).take(32).collect();
        sent.content = Err(NotAList::Compressed(how.into()));
    }
    sent
}

/// Notes what was sent: it, where it is what was sought, else what it is; and what of it leads on.
fn taken(seen: &mut CrlObservation, sent: Sent) -> Had {
    let mut had = Had::default();
    seen.octets = Some(sent.octets);
    let what = match (seen.sought, sent.content, sent.whole) {
        (Sought::List, Ok(extract), whole) => {
            let list = RevocationList::of_extract(extract.clone(), None);
            had.deltas =
                list.iter().flat_map(|list| &list.freshest).flat_map(|point| point.urls()).map(str::to_owned).collect();
            seen.extract = whole.is_none().then(|| Box::new(extract));
            seen.body = whole;
            return had;
        }
        (Sought::List, Err(instead), _) => instead,
        (Sought::OcspAnswer, content, Some(whole)) => match OcspResponse::read(&whole) {
            Ok(_) | Err(NotAnAnswer::Refused(_)) => {
                seen.body = Some(whole);
                return had;
            }
            Err(NotAnAnswer::Malformed) => instead_of(content),
        },
        (Sought::Issuer, content, Some(whole)) => {
            had.issuers = issuers::read(whole.as_slice());
            if !had.issuers.is_empty() {
                seen.body = Some(whole);
                return had;
            }
            instead_of(content)
        }
        (Sought::OcspAnswer | Sought::Issuer, content, None) => instead_of(content),
    };
    seen.instead = Some(Instead { what, sha256: HEXLOWER.encode(&sent.digest) });
    had
}

fn instead_of<T>(content: Result<T, NotAList>) -> NotAList {
    content.err().unwrap_or(NotAList::Other("a revocation list".into()))
}

#[cfg(test)]
mod tests;
