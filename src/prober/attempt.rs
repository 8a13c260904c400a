//! One offer to one endpoint: engine after engine, each on its own connection, until one is stopped by nothing the next
//! could cure. Every engine's attempt is kept; a repetition after a time-out takes its forerunner's place.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::beside::{self, Asked, Met};
use super::early::Gate;
use super::lateness;
use super::making::Attempt;
use super::{Inner, Stand};
use crate::connect::connect;
use crate::engine::{self, Hello, Objection, Performed, Prepared};
use crate::identity::ClientIdentity;
use crate::observation::Observation;
use crate::observation::failure::{ConnectFailure, ExchangeFailure, Failure, HandshakeFailure, Stop};
use crate::observation::handshake::KeyProof;
use crate::observation::timing::Milliseconds;
use crate::plan::engine::EngineId;
use crate::plan::offer::{Identity, Sni};
use crate::plan::{Offer, OfferLabel, Target};

/// internal_error: old servers fail so over a hello newer than they are, and serve another engine's.
const INTERNAL_ERROR: u8 = 80;

/// How an attempt is made.
#[derive(Clone, Copy)]
struct Manner<'a> {
    engine: EngineId,
    /// With a cautious hello.
    cautious: bool,
    /// Until when.
    deadline: Instant,
    /// How long the handshake may take.
    patience: Duration,
    /// Whether nothing is asked before it is known that the client's certificate, or its absence, was taken.
    waits: bool,
    /// What is waited for between the connection and the hello.
    gate: Option<&'a Gate>,
}

/// What the first hello of an offer met, and what follows from it.
struct First {
    seen: Observation,
    /// Whether a cautious hello was sent, too.
    twice: bool,
    /// Whether what follows is to be cautious.
    cautious: bool,
}

impl Inner {
    /// Makes one offer; gives one observation for every engine that was asked, and for every way it asked in. The first hello
    /// is noted in `asked`, where that is an offer's whose hello may be cautious. With a gate nothing is said before it is open.
    pub(super) async fn probe(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        (mut cautious, asked): (bool, Option<&Asked>),
        gate: Option<&Gate>,
    ) -> Vec<Observation> {
        let deadline = Instant::now() + self.settings.deadline;
        let mut observations = Vec::new();
        let mut may_be_cautious = !cautious && offer.label == OfferLabel::Default;
        let mut engines = offer.engines.iter().copied().peekable();
        while let Some(engine) = engines.next() {
            let patience = self.settings.handshake_timeout;
            let manner = Manner { engine, cautious, deadline, patience, waits: false, gate };
            let seen = if may_be_cautious {
                let first = self.first(stand, target, address, offer, (manner, asked), &mut observations).await;
                (may_be_cautious, cautious) = (!first.twice, first.cautious);
                first.seen
            } else {
                self.attempts(stand, target, address, offer, (manner, None), &mut observations).await
            };
            let go_on = engines.peek().is_some_and(|next| may_be_cured(&seen, *next));
            observations.push(seen);
            if !go_on {
                break;
            }
        }
        observations
    }

    /// The usual hello; where it is not answered a cautious one, too: beside it from a third of the time-out on, so that
    /// silence costs one time-out, or after it, where it was ended sooner or there was no place for another connection.
    async fn first(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        (usual, asked): (Manner<'_>, Option<&Asked>),
        kept: &mut Vec<Observation>,
    ) -> First {
        let a_third = self.settings.handshake_timeout / 3;
        // The engine that can choose its hello's length, whatever the name in it.
        let able = offer.engines.iter().copied().find(|engine| engine.offers_everything()).unwrap_or(usual.engine);
        let cautious = Manner { engine: able, cautious: true, patience: 2 * a_third, ..usual };
        let (own, asked_too) = (Asked::default(), Asked::default());
        let asked = asked.unwrap_or(&own);
        let met = {
            let usual = Box::pin(self.attempts(stand, target, address, offer, (usual, Some(asked)), kept));
            // Rare, and so no part of what every probe takes room for.
            let too = || {
                Box::pin(async {
                    let _place = self.limits.place(address.ip()).await;
                    self.attempt(stand, target, address, offer, cautious, Some(&asked_too)).await
                })
            };
            beside::ask((usual, asked), || sleep(a_third), (too, &asked_too)).await
        };
        match met {
            Met::First { seen, in_vain } if in_vain || !beside::is_unanswered(&seen) => {
                First { seen, twice: in_vain, cautious: false }
            }
            unanswered => {
                Box::pin(self.cautiously(stand, target, address, offer, (usual, cautious), (unanswered, kept))).await
            }
        }
    }

    /// The usual hello was not answered; the cautious one was, or is to be sent yet.
    async fn cautiously(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        (usual, cautious): (Manner<'_>, Manner<'_>),
        (met, kept): (Met, &mut Vec<Observation>),
    ) -> First {
        let answered = match met {
            Met::Second(answered) => answered,
            Met::First { seen, .. } => {
                let too = self.attempt(stand, target, address, offer, cautious, None).await;
                if too.handshake.version.is_none() {
                    // Without an answer it was not the hello: what the usual one met is what counts.
                    return First { seen, twice: true, cautious: false };
                }
                too
            }
        };
        let again = self.attempts(stand, target, address, offer, (usual, None), kept);
        let (again, told) = tokio::join!(again, self.told_apart(stand, target, address, offer, usual));
        if again.handshake.version.is_some() {
            // It was chance: a lost packet, a server that was busy.
            return First { seen: again, twice: true, cautious: false };
        }
        kept.push(again);
        kept.extend(told);
        First { seen: answered, twice: true, cautious: true }
    }

    /// Where only a cautious hello was answered: whether it was for its version, or for its length. A hello of TLS 1.2 at
    /// most and of a middling length tells.
    async fn told_apart(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        usual: Manner<'_>,
    ) -> Option<Observation> {
        let engine = offer.engines.iter().copied().find(|engine| !engine.capabilities().completes_handshakes)?;
        Some(self.attempt(stand, target, address, offer, Manner { engine, ..usual }, None).await)
    }

    /// One engine's attempt, again where it ran into a time-out and retries are left. Where nodes answer in turn, one that
    /// ends without a word may have met a node that is down: it is kept, and the next is asked.
    async fn attempts(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        (manner, asked): (Manner<'_>, Option<&Asked>),
        kept: &mut Vec<Observation>,
    ) -> Observation {
        let mut turn = 0;
        let mut others = target.connections.saturating_sub(1);
        loop {
            let mut seen = self.attempt(stand, target, address, offer, manner, asked).await;
            if others > 0 && seen.is_wordless() && Instant::now() < manner.deadline {
                others -= 1;
                kept.push(seen);
                continue;
            }
            let timed_out = seen.stopped.as_ref().is_some_and(|failure| {
                matches!(
                    failure.stop,
                    Stop::Connect(ConnectFailure::Timeout) | Stop::Handshake(HandshakeFailure::Timeout)
                )
            });
            if timed_out && turn < self.settings.retries && Instant::now() < manner.deadline {
                turn += 1;
                continue;
            }
            if let Some(failure) = seen.stopped.as_mut().filter(|_| turn > 0) {
                failure.attempts = u32::from(turn) + 1;
            }
            return seen;
        }
    }

    async fn attempt(
        &self,
        stand: &Stand,
        target: &Target,
        address: SocketAddr,
        offer: &Offer,
        manner: Manner<'_>,
        asked: Option<&Asked>,
    ) -> Observation {
        let Manner { engine, cautious, deadline, patience, waits, gate } = manner;
        let mut attempt = Attempt::new(self, offer, engine);
        // Behind a proxy that resolves names itself the address is the proxy's, and so is its port.
        let port = if engine.speaks_tls() { target.port } else { target.http_port };
        let address = SocketAddr::new(address.ip(), port);
        let identity = match self.identity(&offer.identity).await {
            Ok(identity) => identity,
            Err(failure) => return attempt.stopped(failure),
        };
        let mut hello = Hello {
            server_name: server_name(target, offer),
            versions: offer.versions,
            shape: offer.shape,
            cautious,
            identity,
            objection: self.objection(target, &offer.identity),
            late_authentication: offer.request.is_some(),
            deadline,
            patience: self.settings.handshake_timeout,
        };
        let prepared = match Prepared::new(engine, &hello, &attempt.capture) {
            Ok(prepared) => prepared,
            Err(failure) => return attempt.stopped(failure),
        };
        let route = match stand.route(&target.name, Some(address.ip()), target.port).await {
            Ok(route) => route,
            Err(failure) => return attempt.stopped(failure),
        };
        self.limits.pace().await;
        let began = Instant::now();
        if began >= deadline {
            let words = "the time for the whole probe was up before it connected";
            return attempt.stopped(Failure::new(ConnectFailure::Deadline, words));
        }
        let stream = match connect(address, &route, deadline.min(began + self.settings.connect_timeout)).await {
            Ok(stream) => stream,
            Err(failure) => return attempt.stopped(failure),
        };
        attempt.timing.connect = Some(Milliseconds::from(began.elapsed()));
        if let Some(gate) = gate {
            gate.wait().await;
        }
        let connected = Instant::now();
        hello.deadline = deadline.min(connected + patience);
        if let Some(asked) = asked {
            asked.note(&attempt.capture);
        }
        let reading = self.lateness.until_now();
        let (performed, worked) = {
            let performing = std::pin::pin!(prepared.perform(stream, &hello, &attempt.capture));
            lateness::worked(performing, Instant::now).await
        };
        let shaken = Instant::now();
        if engine.speaks_tls() {
            attempt.timing.handshake = Some(Milliseconds::from(shaken - connected));
            attempt.timing.own = self.lateness.since(reading).map(|late| Milliseconds::from(late + worked));
        }
        let session = match performed {
            Performed::Session(session) => session,
            Performed::Stopped(Some(failure)) => return attempt.stopped(failure),
            Performed::Stopped(None) => return attempt.finished(),
        };
        let until = deadline.min(shaken + self.settings.settle + 2 * (shaken - connected));
        let Some(request) = &offer.request else {
            // What follows is waited for where it tells something: once for the endpoint.
            if offer.label == OfferLabel::Default {
                drop(engine::settle(session, &attempt.capture, until).await);
            }
            return attempt.finished();
        };
        let at = (target.name.as_str(), port);
        if waits {
            let session = engine::settle(session, &attempt.capture, until).await;
            return Box::pin(attempt.asked(session, at, request, deadline)).await;
        }
        let (seen, is_cut_off) = Box::pin(attempt.asked_at_once(session, at, request, deadline)).await;
        if !is_cut_off {
            return seen;
        }
        let seen = Box::new(seen);
        let again = Box::pin(self.attempt(stand, target, address, offer, Manner { waits: true, ..manner }, None)).await;
        let is_connected = again.timing.connect.is_some();
        if is_connected { again } else { *seen }
    }

    /// What decides whether the identity may be presented there: the site's clients' alone are anybody's.
    fn objection(&self, target: &Target, identity: &Identity) -> Option<Arc<Objection>> {
        match identity {
            Identity::Client(_) => self.settings.presented_to.as_ref().map(|presented_to| presented_to(target)),
            Identity::None | Identity::Stranger => None,
        }
    }

    async fn identity(&self, wanted: &Identity) -> Result<Option<Arc<ClientIdentity>>, Failure> {
        let found = match wanted {
            Identity::None => return Ok(None),
            Identity::Stranger => match &self.settings.stranger {
                Some(stranger) => stranger.minted().await,
                None => Err("the stranger's identity is not at hand".to_owned()),
            },
            Identity::Client(name) => match self.settings.identities.iter().find(|identity| identity.name == *name) {
                Some(identity) => Ok(Arc::clone(identity)),
                None => Err(format!("the client identity \u{201c}{name}\u{201d} is not at hand")),
            },
        };
        found.map(Some).map_err(|words| Failure::new(HandshakeFailure::IdentityUnusable, words))
    }
}

/// The server name an offer sends: never an address (RFC 6066).
fn server_name(target: &Target, offer: &Offer) -> Option<Arc<str>> {
    match &offer.sni {
        Sni::Off => None,
        Sni::Other(name) => Some(name.as_str().into()),
        Sni::Dialled => {
            let name = target.name.as_str();
            let bare = name.trim_start_matches('[').trim_end_matches(']');
            bare.parse::<IpAddr>().is_err().then(|| name.into())
        }
    }
}

/// Whether the next engine may get further than this one did, or tell what it could not.
fn may_be_cured(seen: &Observation, next: EngineId) -> bool {
    let Some(failure) = &seen.stopped else {
        return matches!(seen.handshake.key_proof, KeyProof::Undecided(_)) && next.capabilities().completes_handshakes;
    };
    if seen.handshake.key_proof == KeyProof::Bad {
        return false;
    }
    let nothing_seen = seen.handshake.chain.is_empty();
    match failure.stop {
        Stop::Handshake(failure) => match failure {
            HandshakeFailure::EngineLimit
            | HandshakeFailure::IdentityUnusable
            | HandshakeFailure::TooLarge
            | HandshakeFailure::ProtocolError => true,
            HandshakeFailure::Alert => {
                let last = seen.handshake.alerts.last();
                nothing_seen && last.is_none_or(|alert| alert.about_the_offer() || alert.description == INTERNAL_ERROR)
            }
            HandshakeFailure::Reset | HandshakeFailure::Closed => nothing_seen,
            HandshakeFailure::Timeout
            | HandshakeFailure::PlainHttp
            | HandshakeFailure::NotTls
            | HandshakeFailure::NotPresented
            | HandshakeFailure::Deadline
            | HandshakeFailure::NotAttempted => false,
        },
        Stop::Exchange(failure) => matches!(failure, ExchangeFailure::EngineLimit | ExchangeFailure::ProtocolError),
        Stop::Resolve(_) | Stop::Connect(_) => false,
    }
}
