//! The revocation lists that what was met at endpoints names, and what responders say of it: fetched once a run and
//! vantage, and handed on before the target they are needed for.

use std::sync::Arc;

use futures_util::future::{BoxFuture, join_all};
use tokio::sync::mpsc;

use super::{Inner, unknown_vantage};
use crate::certificate::Certificate;
use crate::connect::Route;
use crate::observation::failure::{ConnectFailure, Failure};
use crate::observation::resolution::{Resolution, Sought};
use crate::observation::{Seen, TargetObservation};
use crate::revocation::{Bounds, CrlFetcher, Footing, Wanted, of_chain};
use crate::site::name::HostName;
use crate::wire::der::Der;

/// The lists of one run.
pub(super) struct Lists {
    fetcher: CrlFetcher,
    /// Asked for from every vantage, whatever endpoints show.
    always: Vec<Wanted>,
    /// Authorities that may have issued what endpoints present.
    issuers: Vec<Certificate>,
}

impl Lists {
    /// Those of a run; `None`: none are wanted.
    pub(super) fn of(inner: &Arc<Inner>) -> Option<Arc<Self>> {
        let settings = &inner.settings;
        if !settings.revocation {
            return None;
        }
        let own: Vec<Der> = settings.identities.iter().flat_map(|identity| identity.chain.iter().cloned()).collect();
        let issuers: Vec<Certificate> = settings.further.iter().chain(&settings.roots).map(Certificate::read).collect();
        let mut always = of_chain(&settings.further, &issuers);
        // Servers look up clients in lists; nothing is said of what responders say of them.
        let lists = of_chain(&own, &[]).into_iter().filter(|wanted| wanted.sought == Sought::List);
        always.extend(lists.filter(|wanted| !always.contains(wanted)).collect::<Vec<_>>());
        let footing: Arc<dyn Footing> = Arc::clone(inner) as Arc<dyn Footing>;
        let fetcher = CrlFetcher::new(footing, settings.clock, Bounds::default());
        Some(Arc::new(Self { fetcher, always, issuers }))
    }

    /// Fetches what a target's certificates name, and hands on what nobody handed on yet.
    pub(super) async fn report(&self, vantage: &str, seen: &TargetObservation, sink: &mpsc::Sender<Seen>) {
        let observations = seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
        self.of_chains(vantage, observations.map(|seen| seen.handshake.chain.as_slice()), sink).await;
    }

    /// The same for certificates however they came.
    pub(super) async fn of_chains(
        &self,
        vantage: &str,
        chains: impl Iterator<Item = &[Der]>,
        sink: &mpsc::Sender<Seen>,
    ) {
        let mut all = self.always.clone();
        let mut known: Vec<&[Der]> = Vec::new();
        for chain in chains {
            if chain.is_empty() || known.contains(&chain) {
                continue;
            }
            known.push(chain);
            for wanted in of_chain(chain, &self.issuers) {
                if !all.contains(&wanted) {
                    all.push(wanted);
                }
            }
        }
        let hand_on = |wanted: Wanted| async move {
            self.fetcher
                .fetch_then(vantage, &wanted, |list| async move {
                    // Nobody listening is no fault of the list's.
                    let _ = sink.send(Seen::Crl(Box::new((*list).clone()))).await;
                })
                .await;
        };
        join_all(all.into_iter().map(hand_on)).await;
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

    fn route<'a>(&'a self, vantage: &'a str) -> BoxFuture<'a, Result<Route, Failure>> {
        Box::pin(async move {
            match self.stand(vantage) {
                Some(stand) => stand.route().await,
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
