//! Everything offered to one endpoint, one offer after the other.

use std::net::SocketAddr;
use std::sync::Arc;

use super::{Inner, Stand};
use crate::observation::failure::{ConnectFailure, Failure, HandshakeFailure, Stop};
use crate::observation::handshake::Handshake;
use crate::observation::timing::{Milliseconds, Timing};
use crate::observation::{EndpointObservation, Observation};
use crate::plan::engine::EngineId;
use crate::plan::{Offer, OfferLabel, Target};

impl Inner {
    /// Waits for a place and makes every offer to one endpoint. What waits is small: the room for the work is taken with
    /// the place.
    pub(super) async fn endpoint(
        &self,
        stand: &Stand,
        target: &Arc<Target>,
        address: SocketAddr,
        resolve: Option<Milliseconds>,
    ) -> EndpointObservation {
        let _place = self.limits.place(address.ip()).await;
        Box::pin(self.offers(stand, target, address, resolve)).await
    }

    /// Makes every offer. Where the first finds nobody who answers, the rest is noted as not attempted, so
    /// that a dead endpoint costs one time-out.
    async fn offers(
        &self,
        stand: &Stand,
        target: &Arc<Target>,
        address: SocketAddr,
        resolve: Option<Milliseconds>,
    ) -> EndpointObservation {
        let mut observations: Vec<Observation> = Vec::with_capacity(target.offers.len());
        for offer in target.offers.iter() {
            let times = if offer.label == OfferLabel::Default { target.connections.max(1) } else { 1 };
            for _ in 0..times {
                if let Some(dead) = observations.first().filter(|first| is_dead(first, over_tls(offer))) {
                    let left = self.not_attempted(offer, dead);
                    observations.push(left);
                    break;
                }
                self.probe(stand, target, address, offer, &mut observations).await;
            }
        }
        for seen in &mut observations {
            seen.timing.resolve = resolve;
        }
        EndpointObservation { address, observations }
    }

    fn not_attempted(&self, offer: &Offer, dead: &Observation) -> Observation {
        let (stop, why) = dead.stopped.as_ref().map_or((Stop::Connect(ConnectFailure::NotAttempted), ""), |failure| {
            (failure.stop, failure.detail.as_str())
        });
        Observation {
            offer: offer.label,
            engine: offer.engines.first().copied().unwrap_or(EngineId::Rustls),
            at: (self.settings.clock)(),
            timing: Timing::default(),
            handshake: Handshake::default(),
            exchange: None,
            stopped: Some(Failure::new(stop.not_attempted(), format!("not attempted, because {why}"))),
        }
    }
}

/// Whether an offer goes to the HTTPS port; plain HTTP has one of its own.
fn over_tls(offer: &Offer) -> bool {
    offer.engines.first() != Some(&EngineId::Plain)
}

/// Whether an observation says that nobody is there, or, for another offer to the same port, nobody who gets on with a
/// handshake.
fn is_dead(seen: &Observation, same_port: bool) -> bool {
    seen.handshake.chain.is_empty()
        && seen.stopped.as_ref().is_some_and(|failure| match failure.stop {
            Stop::Connect(failure) => match failure {
                ConnectFailure::Timeout | ConnectFailure::Unreachable | ConnectFailure::LocalLimit => true,
                ConnectFailure::Refused | ConnectFailure::Deadline | ConnectFailure::Proxy(_) => same_port,
                ConnectFailure::Reset | ConnectFailure::NotAttempted => false,
            },
            Stop::Handshake(HandshakeFailure::Timeout | HandshakeFailure::Deadline) => same_port,
            Stop::Resolve(_) | Stop::Handshake(_) | Stop::Exchange(_) => false,
        })
}
