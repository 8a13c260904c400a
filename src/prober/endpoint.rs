//! Everything offered to one endpoint: first what tells whether anybody is there, and as soon as somebody has taken that
//! connection the rest side by side, each on a connection with a place of its own: one to spare, on which nothing is said
//! before a certificate was shown to the first. What depends on an earlier answer waits for it.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use tokio::time::sleep;

use super::beside::Asked;
use super::early::{self, Gate};
use super::room::Room;
use super::{Inner, Stand};
use crate::observation::exchange::Answer;
use crate::observation::failure::{ConnectFailure, Failure, HandshakeFailure, Stop};
use crate::observation::handshake::Handshake;
use crate::observation::timing::{Milliseconds, Timing};
use crate::observation::{EndpointObservation, Observation};
use crate::plan::engine::EngineId;
use crate::plan::offer::Condition;
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
        room: &Room,
    ) -> EndpointObservation {
        let mut offers = target.offers.iter();
        let (first, others) = (offers.next(), offers.as_slice());
        let asked = Asked::default();
        let first = async {
            let _place = self.limits.place(address.ip()).await;
            match first {
                Some(first) => Box::pin(self.repeated(stand, target, address, first, room, &asked)).await,
                None => Vec::new(),
            }
        };
        let mut observations = match others {
            [] => first.await,
            others => {
                let others = Rest { inner: self, stand, target, address, offers: others, room };
                let a_while = || sleep(self.settings.handshake_timeout / 3);
                let is_lost = |seen: &[Observation]| dead(seen, true).is_some() || is_cautious(seen);
                Box::pin(early::all((first, &asked), (a_while, is_lost), others)).await
            }
        };
        for seen in &mut observations {
            seen.timing.resolve = resolve;
        }
        EndpointObservation { address, observations }
    }

    /// The first offer, as often as is planned; where nobody is there, once.
    async fn repeated(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        room: &Room,
        asked: &Asked,
    ) -> Vec<Observation> {
        let times = if offer.label == OfferLabel::Default { target.connections.max(1) } else { 1 };
        // Of several that answer in turn, one says nothing of the others.
        let asked = (times == 1).then_some(asked);
        let mut observations = Vec::new();
        for _ in 0..times {
            if let Some(dead) = dead(&observations, over_tls(offer)) {
                let left = self.not_attempted(offer, dead);
                observations.push(left);
                break;
            }
            let cautious = is_cautious(&observations);
            observations.extend(room.keep(self.probe(stand, target, address, offer, (cautious, asked), None).await));
        }
        observations
    }

    fn not_attempted(&self, offer: &Offer, dead: &Observation) -> Observation {
        let (stop, why) = dead
            .stopped
            .as_ref()
            .map_or((Stop::Connect(ConnectFailure::NotAttempted), std::borrow::Cow::Borrowed("")), |failure| {
                (failure.stop.not_attempted(), failure.words())
            });
        Observation {
            offer: offer.label,
            engine: offer.engines.first().copied().unwrap_or(EngineId::Plain),
            at: (self.settings.clock)(),
            timing: Timing::default(),
            handshake: Handshake::default(),
            exchange: None,
            stopped: Some(Failure::new(stop, format!("not attempted, because {why}"))),
        }
    }
}

/// The offers beside the first, to one endpoint.
struct Rest<'a> {
    inner: &'a Inner,
    stand: &'a Stand,
    target: &'a Target,
    address: SocketAddr,
    offers: &'a [Offer],
    room: &'a Room,
}

impl early::Others for Rest<'_> {
    /// The other offers, after what was seen with the first, if that is known. Where it found nobody who answers, they are
    /// noted as not attempted, so that a dead endpoint costs one time-out; where it was answered only when it was cautious,
    /// so are they. With a gate they take places to spare, and wait for it on their connections; those that find none wait
    /// for it first.
    async fn make(&self, first: &[Observation], gate: Option<&Gate>) -> Vec<Observation> {
        let Self { inner, stand, target, address, offers, room } = *self;
        let cautious = is_cautious(first);
        // What depends on earlier answers goes one after another behind what it depends on.
        let chained = |offer: &Offer| offer.condition != Condition::Always || offer.label == OfferLabel::Client;
        let (in_turn, mut alone): (Vec<_>, Vec<_>) = offers.iter().enumerate().partition(|(_, offer)| chained(offer));
        // What takes longest goes first where places are few.
        alone.sort_by_key(|(_, offer)| offer.request.is_none());
        let one = async |(place, offer): (usize, &Offer)| {
            if let Some(dead) = dead(first, over_tls(offer)) {
                return (place, vec![inner.not_attempted(offer, dead)]);
            }
            let to_spare = gate.and_then(|_| inner.limits.spare(address.ip()));
            let _place = match to_spare {
                Some(place) => place,
                None => {
                    if let Some(gate) = gate {
                        gate.wait().await;
                    }
                    inner.limits.place(address.ip()).await
                }
            };
            (place, room.keep(inner.probe(stand, target, address, offer, (cautious, None), gate).await))
        };
        let chain = async {
            let mut seen: Vec<(usize, Vec<Observation>)> = Vec::new();
            for (place, offer) in in_turn {
                let answers = seen.iter().flat_map(|(_, seen)| seen);
                if is_wanted(offer, answers) {
                    seen.push(one((place, offer)).await);
                }
            }
            seen
        };
        let offered = alone.clone();
        let (chain, alone) = join(chain, join_all(alone.into_iter().map(one))).await;
        let mut made: Vec<_> = alone.into_iter().chain(chain).collect();
        // Silence says that somebody is lost: once more, now that nothing else is going on here, so that it is no chance.
        let silent = |place: &usize| made.iter().any(|(at, seen)| at == place && is_silent(seen));
        let once_more: Vec<_> = offered.into_iter().filter(|(place, _)| silent(place)).collect();
        for (place, seen) in join_all(once_more.into_iter().map(one)).await {
            if let Some((_, before)) = made.iter_mut().find(|(at, _)| *at == place) {
                *before = seen;
            }
        }
        made.sort_unstable_by_key(|(place, _)| *place);
        made.into_iter().flat_map(|(_, seen)| seen).collect()
    }
}

/// Whether an offer goes to the HTTPS port; plain HTTP has one of its own.
fn over_tls(offer: &Offer) -> bool {
    offer.engines.first().is_none_or(|engine| engine.speaks_tls())
}

/// Whether only a cautious hello was answered so far.
fn is_cautious(seen: &[Observation]) -> bool {
    seen.iter().any(|seen| seen.handshake.cautious && seen.handshake.version.is_some())
}

/// Whether what a Windows client offers was met with silence.
fn is_silent(seen: &[Observation]) -> bool {
    seen.iter().any(|seen| {
        let timed_out = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::Timeout));
        timed_out && matches!(seen.offer, OfferLabel::Windows(_))
    })
}

/// Whether what an offer depends on has come about.
fn is_wanted<'a>(offer: &Offer, seen: impl Iterator<Item = &'a Observation>) -> bool {
    let path = offer.request.as_ref().map(|request| &*request.path);
    if offer.condition == Condition::WhereWithheld {
        let is_withheld = |failure: &Failure| failure.is(HandshakeFailure::NotPresented);
        return seen.filter_map(|seen| seen.stopped.as_ref()).any(is_withheld);
    }
    let mut answers = seen.filter_map(|seen| seen.exchange.as_ref()).filter_map(|exchange| {
        let answer: &Answer = exchange.answer.as_ref()?;
        Some((exchange.path.as_str(), answer))
    });
    match offer.condition {
        Condition::Always | Condition::WhereWithheld => true,
        Condition::WhileMissing => {
            let mut any = false;
            answers.all(|(_, answer)| {
                any = true;
                answer.status == 404
            }) && any
        }
        Condition::WhereThere => answers.any(|(at, answer)| {
            let lies_there = path.is_some_and(|path| path == at || at.ends_with("$/") && path.starts_with(at));
            lies_there && answer.status != 404
        }),
        Condition::WhereRefused => {
            answers.next().is_some_and(|(_, answer)| answer.status == 403 && answer.sub_status.is_none())
        }
    }
}

/// The first observation, if all say that nobody is there.
fn dead(seen: &[Observation], same_port: bool) -> Option<&Observation> {
    seen.first().filter(|_| seen.iter().all(|seen| is_dead(seen, same_port)))
}

/// Whether an observation says that nobody is there, or, for another offer to the same port, nobody who gets on with a
/// handshake.
fn is_dead(seen: &Observation, same_port: bool) -> bool {
    seen.handshake.chain.is_empty()
        && seen.stopped.as_ref().is_some_and(|failure| match failure.stop {
            Stop::Connect(failure) => match failure {
                ConnectFailure::Timeout
                | ConnectFailure::Unreachable
                | ConnectFailure::LocalLimit
                | ConnectFailure::SourceAddressUnusable => true,
                ConnectFailure::Refused | ConnectFailure::Deadline | ConnectFailure::Proxy(_) => same_port,
                ConnectFailure::Reset | ConnectFailure::NotAttempted => false,
            },
            Stop::Handshake(HandshakeFailure::Timeout | HandshakeFailure::Deadline) => same_port,
            Stop::Resolve(_) | Stop::Handshake(_) | Stop::Exchange(_) => false,
        })
}
