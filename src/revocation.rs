//! Fetches revocation lists and OCSP responders' answers as clients would, from a vantage: over http alone, redirects
//! followed, each URL once per vantage however many ask at the same time. A server that hangs, floods or drips costs its
//! bound once; a responder, which is asked about each certificate by itself, as often as it is asked at the same time. It
//! judges nothing.

pub mod url;

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::certificate::Certificate;
use crate::certificate::ocsp_request::questions;
use crate::certificate::revocation_list::Scheme;
use crate::connect::{self, Route};
use crate::exchange::download::download;
use crate::observation::failure::{ConnectFailure, ExchangeFailure, Failure, ResolveFailure, Stop};
use crate::observation::resolution::{CrlObservation, Resolution, Sought};
use crate::observation::timing::Milliseconds;
use crate::site::name::HostName;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use url::Url;

/// How many URLs of one certificate are asked for; real ones name one to three.
const MOST_URLS: usize = 8;
/// How long a URL may be.
const LONGEST_URL: usize = 2048;

/// What may be spent on lists.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long one list may take, from the question for the server's name to its last octet. Windows waits 15 s: a
    /// little more, so that a list that comes too late is still told from one that never comes.
    pub whole: Duration,
    /// How long one connection may take to open.
    pub connect: Duration,
    /// How many octets one list may have.
    pub octets: usize,
    /// How many octets a responder's answer may have; real ones have some thousand.
    pub octets_of_answer: usize,
    /// How many redirects are followed.
    pub redirects: usize,
    /// How many lists are fetched at a time.
    pub at_once: usize,
    /// How many octets all lists of a run may have together.
    pub octets_of_all: usize,
    /// How many different lists are asked for in a run.
    pub lists: usize,
    /// How many questions are put to responders in a run.
    pub answers: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(20),
            connect: Duration::from_secs(5),
            octets: 16 * 1024 * 1024,
            octets_of_answer: 64 * 1024,
            redirects: 5,
            at_once: 8,
            octets_of_all: 256 * 1024 * 1024,
            lists: 4096,
            answers: 16_384,
        }
    }
}

/// How a vantage finds servers and the way to them.
pub trait Footing: Send + Sync {
    /// What a host resolves to there.
    fn resolve<'a>(&'a self, vantage: &'a str, host: &'a HostName, port: u16) -> BoxFuture<'a, Arc<Resolution>>;

    /// The way connections from there take.
    fn route<'a>(&'a self, vantage: &'a str) -> BoxFuture<'a, Result<Route, Failure>>;
}

/// Fetches the lists of a run.
pub struct CrlFetcher {
    footing: Arc<dyn Footing>,
    clock: fn() -> Timestamp,
    bounds: Bounds,
    places: Semaphore,
    octets: AtomicUsize,
    known: Mutex<Known>,
    /// Responders that did not answer, by vantage and authority: nobody waits for them again.
    silent: Mutex<HashMap<(String, String), Failure>>,
}

/// What was asked for, by vantage and URL.
#[derive(Default)]
struct Known {
    lists: HashMap<(String, String), Cell>,
    answers: HashMap<(String, String), Cell>,
}

/// What came of asking, once it has.
type Cell = Arc<OnceCell<Arc<CrlObservation>>>;

/// How far a fetch has come.
#[derive(Clone, Copy)]
enum Stage {
    Resolving,
    Connecting,
    Asking,
    Reading { octets: usize },
}

struct Progress {
    stage: Stage,
    status: Option<u16>,
}

impl CrlFetcher {
    /// A fetcher that has asked nothing yet.
    pub fn new(footing: Arc<dyn Footing>, clock: fn() -> Timestamp, bounds: Bounds) -> Self {
        Self {
            footing,
            clock,
            bounds,
            places: Semaphore::new(bounds.at_once.max(1)),
            octets: AtomicUsize::new(0),
            known: Mutex::default(),
            silent: Mutex::default(),
        }
    }

    /// What a vantage gets at a URL: asked once, whoever else asks meanwhile or later.
    pub async fn fetch(&self, vantage: &str, wanted: &Wanted) -> Arc<CrlObservation> {
        self.fetch_then(vantage, wanted, |_| async {}).await
    }

    /// The same; whoever asked first does something with it before anybody has it. Beyond the bound on lists, nobody
    /// asks and nothing is done.
    pub async fn fetch_then<F>(
        &self,
        vantage: &str,
        wanted: &Wanted,
        first: impl FnOnce(Arc<CrlObservation>) -> F,
    ) -> Arc<CrlObservation>
    where
        F: Future<Output = ()>,
    {
        let Some(cell) = self.cell(vantage, wanted) else {
            let words = match wanted.sought {
                Sought::List => format!("not asked for: {} other lists were before", self.bounds.lists),
                Sought::OcspAnswer => format!("not asked: {} other certificates were before", self.bounds.answers),
            };
            let failure = Failure::new(ResolveFailure::LocalLimit, words);
            return Arc::new(CrlObservation { failure: Some(failure), ..self.nothing(vantage, wanted) });
        };
        let fetched = cell.get_or_init(|| async {
            let seen = Arc::new(self.ask(vantage, wanted).await);
            first(Arc::clone(&seen)).await;
            seen
        });
        Arc::clone(fetched.await)
    }

    fn cell(&self, vantage: &str, wanted: &Wanted) -> Option<Cell> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, most) = match wanted.sought {
            Sought::List => (&mut known.lists, self.bounds.lists),
            Sought::OcspAnswer => (&mut known.answers, self.bounds.answers),
        };
        let key = (vantage.to_owned(), wanted.url.clone());
        if let Some(cell) = known.get(&key) {
            return Some(Arc::clone(cell));
        }
        (known.len() < most).then(|| Arc::clone(known.entry(key).or_default()))
    }

    fn nothing(&self, vantage: &str, wanted: &Wanted) -> CrlObservation {
        CrlObservation {
            vantage: vantage.to_owned(),
            url: wanted.url.clone(),
            sought: wanted.sought,
            at: (self.clock)(),
            body: None,
            status: None,
            took: None,
            failure: None,
        }
    }

    async fn ask(&self, vantage: &str, wanted: &Wanted) -> CrlObservation {
        let not_asked = match Scheme::of(&wanted.url) {
            Scheme::Http => None,
            Scheme::Https => Some("not fetched: over HTTPS, which Windows does not fetch lists over"),
            Scheme::Ldap => Some("not fetched: in a directory, which only members of the forest can ask"),
            Scheme::File => Some("not fetched: a file or share"),
            Scheme::Other => Some("not fetched: not http"),
        };
        if let Some(words) = not_asked {
            let failure = Failure::new(ResolveFailure::NotFetched, words);
            return CrlObservation { failure: Some(failure), ..self.nothing(vantage, wanted) };
        }
        let _place = self.places.acquire().await;
        let mut seen = self.nothing(vantage, wanted);
        if let Some(failure) = self.fell_silent(vantage, wanted) {
            seen.failure = Some(failure);
            return seen;
        }
        let began = Instant::now();
        let deadline = began + self.bounds.whole;
        let mut progress = Progress { stage: Stage::Resolving, status: None };
        let ended = timeout_at(deadline, self.follow(vantage, wanted, deadline, &mut progress)).await;
        seen.took = Some(Milliseconds::from(began.elapsed()));
        seen.status = progress.status;
        match ended.unwrap_or_else(|_| Err(self.too_late(progress.stage))).and_then(|body| self.within_all(body)) {
            Ok(body) => seen.body = Some(body),
            Err(failure) => {
                if progress.status.is_none() {
                    self.falls_silent(vantage, wanted, &failure);
                }
                seen.failure = Some(failure);
            }
        }
        seen
    }

    /// Notes a responder that did not answer.
    fn falls_silent(&self, vantage: &str, wanted: &Wanted, failure: &Failure) {
        if let Some(key) = responder(vantage, wanted) {
            let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
            silent.entry(key).or_insert_with(|| failure.clone());
        }
    }

    /// Why a responder is not asked: it did not answer before.
    fn fell_silent(&self, vantage: &str, wanted: &Wanted) -> Option<Failure> {
        let key = responder(vantage, wanted)?;
        let before = self.silent.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()?;
        Some(Failure { detail: format!("not asked again: before, {}", before.detail), ..before })
    }

    /// Takes a list in, if there is room for it.
    fn within_all(&self, body: Vec<u8>) -> Result<Der, Failure> {
        let most = self.bounds.octets_of_all;
        let add = |octets: usize| octets.checked_add(body.len()).filter(|octets| *octets <= most);
        match self.octets.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add) {
            Ok(_) => Ok(Der::from(body.as_slice())),
            Err(_) => {
                let words = format!("the revocation lists of this run have more than {most} octets together");
                Err(Failure::new(ExchangeFailure::LocalLimit, words))
            }
        }
    }

    /// Asks, and where the answer says elsewhere, asks there.
    async fn follow(
        &self,
        vantage: &str,
        wanted: &Wanted,
        deadline: Instant,
        progress: &mut Progress,
    ) -> Result<Vec<u8>, Failure> {
        let most = match wanted.sought {
            Sought::List => self.bounds.octets,
            Sought::OcspAnswer => self.bounds.octets_of_answer,
        };
        let route = self.footing.route(vantage).await?;
        let mut url = Url::parse(&wanted.url)?;
        for _ in 0..=self.bounds.redirects {
            let stream = self.open(vantage, &url, &route, deadline, progress).await?;
            progress.stage = Stage::Asking;
            let answer = download(stream, &url.authority(), &url.path, most, |status, octets| {
                progress.status = Some(status);
                if octets > 0 {
                    progress.stage = Stage::Reading { octets };
                }
            })
            .await?;
            match (answer.status, answer.location) {
                (200..=299, _) => return Ok(answer.body),
                (301 | 302 | 303 | 307 | 308, Some(location)) => url = url.join(&location)?,
                (status, _) => {
                    let words = format!("the server answered {status}");
                    return Err(Failure::new(ExchangeFailure::HttpError, words));
                }
            }
        }
        let words = format!("redirected more than {} times", self.bounds.redirects);
        Err(Failure::new(ExchangeFailure::HttpError, words))
    }

    /// Opens a connection to the first address that takes one.
    async fn open(
        &self,
        vantage: &str,
        url: &Url,
        route: &Route,
        deadline: Instant,
        progress: &mut Progress,
    ) -> Result<tokio::net::TcpStream, Failure> {
        progress.stage = Stage::Resolving;
        let found = self.footing.resolve(vantage, &url.host, url.port).await;
        progress.stage = Stage::Connecting;
        let mut failure = found.failure.clone();
        for address in &found.addresses {
            let patience = deadline.min(Instant::now() + self.bounds.connect);
            match connect::connect(SocketAddr::new(*address, url.port), route, patience).await {
                Ok(stream) => return Ok(stream),
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
            Stage::Asking => (ExchangeFailure::Timeout.into(), "the server did not answer".to_owned()),
            Stage::Reading { octets } => {
                (ExchangeFailure::Timeout.into(), format!("the answer did not end, {octets} octets came"))
            }
        };
        Failure::new(stop, format!("{words} within {whole:?}"))
    }
}

/// The vantage and the authority of a responder.
fn responder(vantage: &str, wanted: &Wanted) -> Option<(String, String)> {
    match wanted.sought {
        Sought::List => None,
        Sought::OcspAnswer => Some((vantage.to_owned(), Url::parse(&wanted.url).ok()?.authority())),
    }
}

/// Something to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub sought: Sought,
}

impl Wanted {
    /// A revocation list.
    pub fn list(url: impl Into<String>) -> Self {
        Self { url: url.into(), sought: Sought::List }
    }
}

/// What tells whether the certificates of a chain are revoked: every list they name, and every responder's answer about
/// them, each once, in order. A self-issued certificate is in nobody's list. Responders are asked about certificates whose
/// issuer is in the chain or among `issuers`.
pub fn of_chain(chain: &[Der], issuers: &[Certificate]) -> Vec<Wanted> {
    let chain: Vec<Certificate> = chain.iter().map(Certificate::read).collect();
    let mut wanted: Vec<Wanted> = Vec::new();
    for certificate in chain.iter().filter(|certificate| !certificate.is_self_issued()) {
        let named = certificate.facts().map(|facts| facts.crl_distribution_points.as_slice()).unwrap_or_default();
        let lists =
            named.iter().take(MOST_URLS).filter(|url| url.len() <= LONGEST_URL).map(|url| Wanted::list(url.as_str()));
        let answers = questions(certificate, chain.iter().chain(issuers))
            .into_iter()
            .map(|question| Wanted { url: question.url, sought: Sought::OcspAnswer });
        for one in lists.chain(answers) {
            if !wanted.contains(&one) {
                wanted.push(one);
            }
        }
    }
    wanted
}

#[cfg(test)]
mod tests;
