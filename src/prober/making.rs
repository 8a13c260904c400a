//! An observation in the making: one engine's attempt on one connection, from its first moment to what came of the
//! request. How the connection and the handshake are made is for others.

use std::time::Duration;

use tokio::time::Instant;

use super::Inner;
use crate::engine::{self, Capture, Stream};
use crate::exchange;
use crate::observation::Observation;
use crate::observation::exchange::Exchange;
use crate::observation::failure::{ExchangeFailure, Failure, Stop};
use crate::observation::handshake::Aftermath;
use crate::observation::timing::{Milliseconds, Timing};
use crate::plan::Offer;
use crate::plan::engine::EngineId;
use crate::plan::offer::Request;

/// An observation in the making.
pub(super) struct Attempt<'a> {
    inner: &'a Inner,
    seen: Observation,
    pub(super) timing: Timing,
    pub(super) capture: Capture,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(inner: &'a Inner, offer: &Offer, engine: EngineId) -> Self {
        Self {
            inner,
            seen: Observation {
                offer: offer.label,
                engine,
                at: (inner.settings.clock)(),
                timing: Timing::default(),
                handshake: Default::default(),
                exchange: None,
                stopped: None,
            },
            timing: Timing::default(),
            capture: Capture::default(),
        }
    }

    pub(super) fn finished(mut self) -> Observation {
        self.seen.timing = self.timing;
        self.seen.handshake = self.capture.take();
        self.inner.issuers.share(&mut self.seen.handshake);
        self.seen
    }

    pub(super) fn stopped(mut self, failure: Failure) -> Observation {
        self.seen.stopped = Some(failure);
        self.finished()
    }

    /// Asks the question the offer is about, on the session the handshake gave and after what followed it.
    pub(super) async fn asked(
        self,
        session: Box<dyn Stream>,
        at: (&str, u16),
        request: &Request,
        deadline: Instant,
    ) -> Observation {
        let aftermath = self.capture.lock().aftermath;
        if let Some(failure) = aftermath.and_then(|aftermath| self.ended(aftermath)) {
            return self.stopped(failure);
        }
        let (exchange, took) = self.exchange(session, at, request, deadline).await;
        self.told(exchange, took)
    }

    /// Asks it as clients do, with their last word of the handshake: where the peer may refuse the certificate yet, that
    /// shows in place of an answer. Says also whether the connection was cut off without a word: over the certificate, over
    /// the request, or with a word that was lost on the way.
    pub(super) async fn asked_at_once(
        self,
        session: Box<dyn Stream>,
        at: (&str, u16),
        request: &Request,
        deadline: Instant,
    ) -> (Observation, bool) {
        if !engine::may_refuse(&self.capture) {
            return (self.asked(session, at, request, deadline).await, false);
        }
        let (exchange, took) = self.exchange(engine::regardless(session), at, request, deadline).await;
        let aftermath = if self.capture.withheld().is_some() { None } else { Some(self.aftermath(&exchange)) };
        self.capture.lock().aftermath = aftermath;
        let Some(failure) = aftermath.and_then(|aftermath| self.ended(aftermath)) else {
            return (self.told(exchange, took), false);
        };
        let is_cut_off = aftermath != Some(Aftermath::Alert) && Instant::now() < deadline;
        (self.stopped(failure), is_cut_off)
    }

    /// What followed the handshake, where the request went out with its end. A ticket, or an answer, says that the
    /// certificate was taken.
    fn aftermath(&self, exchange: &Exchange) -> Aftermath {
        let Some(failure) = exchange.failure.as_ref().filter(|_| exchange.answer.is_none()) else {
            return Aftermath::Silence;
        };
        match failure.stop {
            _ if self.capture.has_ticket() => Aftermath::Silence,
            Stop::Exchange(ExchangeFailure::Alert) => Aftermath::Alert,
            Stop::Exchange(ExchangeFailure::Closed) => Aftermath::Closed,
            Stop::Exchange(ExchangeFailure::Reset | ExchangeFailure::ProtocolError) => Aftermath::Reset,
            _ => Aftermath::Silence,
        }
    }

    /// Makes the request, and says how long that took.
    async fn exchange(
        &self,
        session: Box<dyn Stream>,
        (host, port): (&str, u16),
        request: &Request,
        deadline: Instant,
    ) -> (Exchange, Duration) {
        let began = Instant::now();
        let clock = self.inner.settings.clock;
        let exchange = exchange::perform(session, host, port, request, clock, deadline).await;
        (exchange, began.elapsed())
    }

    /// What came of a request that was made.
    fn told(mut self, exchange: Exchange, took: Duration) -> Observation {
        self.timing.exchange = Some(Milliseconds::from(took));
        let failure = if let Some(withheld) = self.capture.withheld() {
            Some(withheld.clone())
        } else if self.capture.renegotiation_wanted() {
            let words = "the server asks for a new handshake after the request, which this engine cannot do";
            Some(Failure::new(ExchangeFailure::EngineLimit, words))
        } else {
            exchange.failure.clone()
        };
        self.seen.exchange = Some(exchange);
        match failure {
            Some(failure) => self.stopped(failure),
            None => self.finished(),
        }
    }

    /// Why nothing can be asked on a session after what followed its handshake.
    fn ended(&self, aftermath: Aftermath) -> Option<Failure> {
        let (kind, words): (ExchangeFailure, String) = match aftermath {
            Aftermath::Silence | Aftermath::Data => return None,
            Aftermath::Alert => {
                let alert = self.capture.lock().alerts.last().copied();
                let words = alert.map_or_else(String::new, |alert| format!(" {alert}: {}", alert.in_words()));
                (ExchangeFailure::Alert, format!("after the handshake the peer sent the alert{words}"))
            }
            Aftermath::Closed => {
                (ExchangeFailure::Closed, "the peer closed the connection after the handshake".to_owned())
            }
            Aftermath::Reset => {
                (ExchangeFailure::Reset, "the peer reset the connection after the handshake".to_owned())
            }
        };
        Some(Failure::new(kind, words))
    }
}
