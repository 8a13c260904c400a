//! What the certificates met, and those in files, name: lists, deltas, responders' answers, issuers nobody sent. Fetched once a
//! run and vantage, beside the probes and after what they saw was handed on, so that nobody waits for another's.

use std::cell::OnceCell;
use std::collections::{HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use futures_util::stream::FuturesUnordered;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::time::{Instant, timeout_at};

use super::stand::unknown_vantage;
use super::{Inner, LeadsToRoots};
use crate::certificate::{Certificate, issuer_name};
use crate::connect::Route;
use crate::observation::Observation;
use crate::observation::bounds::{MOST_ISSUERS_ABOVE, MOST_URLS_OF_CHAIN, MOST_URLS_OF_TARGET};
use crate::observation::failure::{ConnectFailure, Failure};
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::observation::{Seen, TargetObservation};
use crate::revocation::allowed::Asker;
use crate::revocation::wanted::{self, above, issuers_of, lacks_issuer, of_certificate};
use crate::revocation::{CrlFetcher, Footing, Had, Wanted};
use crate::site::name::HostName;
use crate::wire::der::Der;

/// What is fetched in one run.
pub(super) struct Lists {
    fetcher: Arc<CrlFetcher>,
    /// Authorities that may have issued what endpoints present.
    issuers: Vec<Certificate>,
    of_endpoints: bool,
    of_files: bool,
    with_issuers: bool,
    leads_to_roots: Option<Arc<LeadsToRoots>>,
    files: Vec<Vec<Der>>,
    /// Of the last chain that lacked no issuer the name of its first certificate's, and what was presented beside it: who
    /// presents the same beside another lacks none either.
    complete: Mutex<Option<(Vec<u8>, Vec<Der>)>>,
}

impl Drop for Lists {
    /// Whoever wanted something has it, or was told that there was no time for it.
    fn drop(&mut self) {
        self.fetcher.abandon();
    }
}

/// What a target's endpoints presented and handed out, each chain once, and where.
pub(super) struct Presented {
    chains: Vec<Vec<Der>>,
    met_at: Vec<IpAddr>,
}

impl Presented {
    pub(super) fn of(seen: &TargetObservation) -> Self {
        let mut chains: Vec<Vec<Der>> = Vec::new();
        for observation in seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations) {
            let handshake = &observation.handshake;
            for chain in std::iter::once(&handshake.chain).chain(&handshake.later_chain) {
                if !chain.is_empty() && !chains.contains(chain) {
                    chains.push(chain.clone());
                }
            }
        }
        // No chain comes with what is handed out: what was presented above the endpoint's own certificate is tried.
        let handed_out = seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
        for certificate in handed_out.filter_map(Observation::handed_out) {
            if !chains.iter().any(|chain| chain.first() == Some(&certificate)) {
                let above = chains.first().into_iter().flatten().skip(1).cloned();
                chains.push(std::iter::once(certificate).chain(above).collect());
            }
        }
        // A proxy's address says nothing of where the endpoint is.
        let here = !matches!(seen.resolution.source, ResolutionSource::Proxy(_));
        let met_at = seen.endpoints.iter().filter(|_| here).map(|endpoint| endpoint.address.ip());
        Self { chains, met_at: met_at.collect() }
    }

    /// How many octets they have.
    fn octets(&self) -> usize {
        self.chains.iter().flatten().map(|der| der.as_slice().len()).sum()
    }
}

/// Chains of which any number may wait, and how much longer ones may have together.
const ORDINARY: usize = 32 * 1024;
const MOST_OF_LONG: usize = 16 * 1024 * 1024;

/// Room for long chains that wait for what is fetched for them: what is read of one may be thirty times as large.
pub(super) struct Waiting(Semaphore);

impl Default for Waiting {
    fn default() -> Self {
        Self(Semaphore::new(MOST_OF_LONG))
    }
}

impl Waiting {
    /// A place for chains of so many octets, given back when dropped; `None`: there is no room.
    fn place(&self, octets: usize) -> Option<SemaphorePermit<'_>> {
        let counted = if octets <= ORDINARY { 0 } else { octets };
        self.0.try_acquire_many(u32::try_from(counted).unwrap_or(u32::MAX)).ok()
    }
}

/// What is fetched for one chain.
#[derive(Clone, Copy)]
struct Kinds {
    lists: bool,
    issuers: bool,
}

impl Lists {
    /// What a run fetches; `None`: nothing.
    pub(super) fn of(inner: &Arc<Inner>) -> Option<Arc<Self>> {
        let settings = &inner.settings;
        let fetching = &settings.fetching;
        let of_files = fetching.lists_of_files && !settings.files.is_empty();
        // Where no root is known, no issuer completes a chain.
        let with_issuers = fetching.issuers && !settings.roots.is_empty();
        if !(fetching.lists_of_endpoints || fetching.lists_of_files || with_issuers) {
            return None;
        }
        let footing: Arc<dyn Footing> = Arc::clone(inner) as Arc<dyn Footing>;
        let fetcher = CrlFetcher::new(footing, settings.clock, fetching.bounds, fetching.allowed.clone());
        Some(Arc::new(Self {
            fetcher: Arc::new(fetcher),
            issuers: settings.further.iter().chain(&settings.roots).map(Certificate::read).collect(),
            of_endpoints: fetching.lists_of_endpoints,
            of_files,
            with_issuers,
            leads_to_roots: fetching.leads_to_roots.clone(),
            files: settings.files.clone(),
            complete: Mutex::default(),
        }))
    }

    /// Whether a chain is known to lack no issuer, as one before it.
    fn is_complete(&self, chain: &[Der]) -> bool {
        let complete = self.complete.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(((name, others), (first, beside))) = complete.as_ref().zip(chain.split_first()) else { return false };
        beside == others.as_slice() && issuer_name(first.as_slice()) == Some(name.as_slice())
    }

    /// Remembers a chain for which there was nothing to fetch, where its first certificate's issuer is known and is not that
    /// certificate itself.
    fn note_complete(&self, chain: &[Der], read: &[Certificate]) {
        let (Some((first, beside)), Some((leaf, above))) = (chain.split_first(), read.split_first()) else { return };
        let octets: usize = chain.iter().map(|der| der.as_slice().len()).sum();
        let Some((facts, name)) = leaf.facts().zip(issuer_name(first.as_slice())) else { return };
        let has_issuer = above.iter().chain(&self.issuers).any(|one| one.is_named_issuer_of(facts));
        let is_issuer = above.iter().filter_map(Certificate::facts).any(|below| leaf.is_named_issuer_of(below));
        if octets <= ORDINARY && has_issuer && !is_issuer {
            *self.complete.lock().unwrap_or_else(PoisonError::into_inner) = Some((name.to_vec(), beside.to_vec()));
        }
    }

    /// Fetches what the certificates of a target's endpoints name, where there is room to wait for it.
    pub(super) async fn of_endpoints(
        &self,
        vantage: &Arc<str>,
        presented: Presented,
        waiting: &Waiting,
        sink: &mpsc::Sender<Seen>,
    ) {
        let kinds = Kinds { lists: self.of_endpoints, issuers: self.with_issuers };
        let Some(_place) = waiting.place(presented.octets()) else {
            let named = |chain: &Vec<Der>| Chain::new(self, chain, kinds, &presented.met_at, false).queue;
            let named: HashSet<Wanted> = presented.chains.iter().flat_map(named).map(|(wanted, _)| wanted).collect();
            for wanted in named.into_iter().filter(Wanted::is_asked) {
                let words = format!("not asked for: {} MiB of other chains wait for theirs", MOST_OF_LONG >> 20);
                self.fetcher.leave_out(vantage, &wanted, words, sink).await;
            }
            return;
        };
        let deadline = Instant::now() + self.fetcher.bounds().of_target;
        let mut left = MOST_URLS_OF_TARGET;
        for chain in &presented.chains {
            // Where no lists are fetched, most certificates need not be read at all.
            if !kinds.lists && self.is_complete(chain) {
                continue;
            }
            let mut one = Chain::new(self, chain, kinds, &presented.met_at, false);
            if !kinds.lists && one.queue.is_empty() {
                self.note_complete(chain, &one.certificates);
                continue;
            }
            left = one.fetch(vantage, deadline, left, sink).await;
        }
    }

    /// Fetches what the certificates in files name.
    pub(super) async fn of_files(&self, vantage: &Arc<str>, sink: &mpsc::Sender<Seen>) {
        if self.of_files {
            join_all(self.files.iter().map(|chain| self.of_file(vantage, chain, sink))).await;
        }
    }

    /// The same for one of them: whoever runs the program vouches for it.
    pub(super) async fn of_file(&self, vantage: &Arc<str>, chain: &[Der], sink: &mpsc::Sender<Seen>) {
        let kinds = Kinds { lists: true, issuers: self.with_issuers };
        let deadline = Instant::now() + self.fetcher.bounds().of_target;
        Chain::new(self, chain, kinds, &[], true).fetch(vantage, deadline, MOST_URLS_OF_TARGET, sink).await;
    }
}

/// One chain, and what is fetched for it.
struct Chain<'a> {
    lists: &'a Lists,
    kinds: Kinds,
    met_at: &'a [IpAddr],
    /// The certificates of a file: whoever runs the program vouches for them.
    vouched_for: bool,
    /// What was presented, and then issuers that were fetched.
    certificates: Vec<Certificate>,
    /// Of each, whether it leads to a root; asked for only where it matters.
    trusted: OnceCell<Vec<bool>>,
    /// How many issuers above one another were fetched.
    fetched_above: usize,
    known: HashSet<Wanted>,
    queue: VecDeque<(Wanted, [u8; 32])>,
}

impl<'a> Chain<'a> {
    fn new(lists: &'a Lists, chain: &[Der], kinds: Kinds, met_at: &'a [IpAddr], vouched_for: bool) -> Self {
        let mut one = Self {
            lists,
            kinds,
            met_at,
            vouched_for,
            certificates: chain.iter().map(Certificate::read).collect(),
            trusted: OnceCell::new(),
            fetched_above: 0,
            known: HashSet::new(),
            queue: VecDeque::new(),
        };
        one.want();
        one
    }

    /// Adds what its certificates name to what is to be fetched.
    fn want(&mut self) {
        let mut new = Vec::new();
        let of_chain = above(&self.certificates, &self.lists.issuers);
        for certificate in &of_chain {
            let all = self.certificates.iter().chain(&self.lists.issuers);
            let mut named = if self.kinds.lists { of_certificate(certificate, all) } else { Vec::new() };
            if self.kinds.issuers {
                let known: Vec<&Certificate> = self.certificates.iter().chain(&self.lists.issuers).collect();
                if lacks_issuer(certificate, &known) && self.fetched_above < MOST_ISSUERS_ABOVE {
                    named.extend(issuers_of(certificate));
                }
            }
            new.extend(named.into_iter().map(|wanted| (wanted, certificate.fingerprint)));
        }
        for (wanted, of) in new {
            self.want_one(wanted, of);
        }
    }

    fn want_one(&mut self, wanted: Wanted, of: [u8; 32]) {
        if self.known.insert(wanted.clone()) {
            self.queue.push_back((wanted, of));
        }
    }

    /// Fetches everything, a little at a time, and what that leads to; `left`: how many URLs may be asked. How many are
    /// left then.
    async fn fetch(&mut self, vantage: &Arc<str>, deadline: Instant, left: usize, sink: &mpsc::Sender<Seen>) -> usize {
        let fetcher = Arc::clone(&self.lists.fetcher);
        let bounds = *fetcher.bounds();
        let mut mine = left.min(MOST_URLS_OF_CHAIN);
        let spare = left - mine;
        let mut under_way = FuturesUnordered::new();
        let mut waited_for: Vec<Wanted> = Vec::new();
        loop {
            while under_way.len() < bounds.at_once_of_target
                && let Some((wanted, of)) = self.queue.pop_front()
            {
                if wanted.is_asked() {
                    if mine == 0 {
                        let words = format!("not asked for: of one chain, {MOST_URLS_OF_CHAIN} URLs at most are");
                        fetcher.leave_out(vantage, &wanted, words, sink).await;
                        continue;
                    }
                    mine -= 1;
                }
                let asker = self.asker(&fetcher, vantage, &wanted, of);
                waited_for.push(wanted.clone());
                let fetcher = &fetcher;
                under_way.push(async move {
                    let had = fetcher.fetch(vantage, &wanted, &asker, sink).await;
                    (wanted, of, had)
                });
            }
            match timeout_at(deadline, under_way.next()).await {
                Ok(None) => return spare + mine,
                Ok(Some((wanted, of, had))) => {
                    waited_for.retain(|one| *one != wanted);
                    self.take(of, &had);
                }
                Err(_) => break,
            }
        }
        let left_over: Vec<Wanted> =
            waited_for.into_iter().chain(self.queue.drain(..).map(|(wanted, _)| wanted)).collect();
        for wanted in left_over {
            let words = format!("not waited for: the {:?} there are for one target's lists were up", bounds.of_target);
            fetcher.leave_out(vantage, &wanted, words, sink).await;
        }
        0
    }

    /// Takes in what something fetched leads to.
    fn take(&mut self, of: [u8; 32], had: &Had) {
        for wanted in wanted::lists(&had.deltas).collect::<Vec<_>>() {
            self.want_one(wanted, of);
        }
        let before = self.certificates.len();
        for issuer in &had.issuers {
            let issuer = Certificate::read(issuer);
            let is_issuer = self
                .certificates
                .iter()
                .any(|below| below.facts().is_some_and(|below| issuer.is_named_issuer_of(below)));
            if is_issuer && !self.certificates.contains(&issuer) {
                self.certificates.push(issuer);
            }
        }
        if self.certificates.len() > before {
            self.fetched_above += 1;
            self.trusted = OnceCell::new();
            self.want();
        }
    }

    /// Who asks. Whether the certificate leads to a root is looked at only where somebody is to be asked for the first time.
    fn asker(&self, fetcher: &CrlFetcher, vantage: &str, wanted: &Wanted, of: [u8; 32]) -> Asker {
        if self.vouched_for {
            return Asker::trusted();
        }
        let trusted = wanted.is_asked() && !fetcher.has(vantage, wanted) && self.leads_to_a_root(of);
        Asker { trusted, met_at: self.met_at.to_vec() }
    }

    fn leads_to_a_root(&self, of: [u8; 32]) -> bool {
        // What the definition declares is vouched for, too.
        if self.lists.issuers.iter().any(|issuer| issuer.fingerprint == of) {
            return true;
        }
        let trusted = self.trusted.get_or_init(|| {
            let ders: Vec<Der> = self.certificates.iter().map(|certificate| certificate.der.clone()).collect();
            self.lists.leads_to_roots.as_ref().map_or_else(Vec::new, |leads| leads(&ders))
        });
        let at = self.certificates.iter().position(|certificate| certificate.fingerprint == of);
        at.is_some_and(|at| trusted.get(at).copied().unwrap_or_default())
    }
}

impl Footing for Inner {
    fn resolve<'a>(&'a self, vantage: &'a str, host: &'a HostName, port: u16) -> BoxFuture<'a, Arc<Resolution>> {
        Box::pin(async move {
            match self.stand(vantage) {
                Some(stand) => stand.resolver.host(host, port).await,
                None => Arc::new(unknown_vantage(host, vantage)),
            }
        })
    }

    fn route<'a>(&'a self, vantage: &'a str, host: &'a HostName, port: u16) -> BoxFuture<'a, Result<Route, Failure>> {
        Box::pin(async move {
            match self.stand(vantage) {
                Some(stand) => stand.route(host, None, port).await,
                None => {
                    let words = format!("there is no vantage \u{201c}{vantage}\u{201d} to fetch from");
                    Err(Failure::new(ConnectFailure::LocalLimit, words))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests;
