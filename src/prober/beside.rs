//! Two hellos of which the second is sent only where the first stays unanswered: beside it, so that who never says a word
//! costs one time-out. What the second is like, and what follows from its answer, is for others.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;

use futures_util::future::{Either, select};

use crate::engine::Capture;
use crate::observation::Observation;
use crate::observation::failure::HandshakeFailure;

/// Whether a hello is on its way, and whether anything came back.
#[derive(Default)]
pub(super) struct Asked(OnceLock<Capture>);

/// What was met.
pub(super) enum Met {
    /// What the first hello met is what counts.
    First {
        /// It.
        seen: Observation,
        /// Whether the second was sent, too, in vain.
        in_vain: bool,
    },
    /// The second hello was answered and the first was not.
    Second(Observation),
}

impl Asked {
    /// Notes that the hello goes out now; what comes back is in the capture. The first time counts.
    pub(super) fn note(&self, capture: &Capture) {
        let _ = self.0.set(capture.clone());
    }

    fn is_answered(&self) -> bool {
        self.0.get().is_some_and(Capture::is_answered)
    }

    /// Whether the peer has shown a certificate.
    pub(super) fn has_shown_certificate(&self) -> bool {
        self.0.get().is_some_and(|capture| !capture.lock().chain.is_empty())
    }

    /// Ends when the peer has shown a certificate; to be polled as [`silence`](Self::silence) is.
    pub(super) async fn is_shown_certificate(&self) {
        poll_fn(|_| if self.has_shown_certificate() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Ends when the peer has taken the connection; to be polled as [`silence`](Self::silence) is.
    pub(super) async fn is_connected(&self) {
        poll_fn(|_| if self.0.get().is_some() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Ends when the hello has been out for a while and nothing came back; else never. To be polled after what sends the
    /// hello, and by the same task: nothing else wakes it.
    async fn silence<W: Future<Output = ()>>(&self, a_while: impl FnOnce() -> W) {
        self.is_connected().await;
        a_while().await;
        if self.is_answered() {
            pending::<()>().await;
        }
    }
}

/// Asks the first, and the second beside it where the first is not answered for a while. Both end when the first does,
/// unless the second is being answered then.
pub(super) async fn ask<W, S>(
    (first, asked): (impl Future<Output = Observation> + Unpin, &Asked),
    a_while: impl FnOnce() -> W,
    (second, asked_too): (impl FnOnce() -> S, &Asked),
) -> Met
where
    W: Future<Output = ()>,
    S: Future<Output = Observation> + Unpin,
{
    match select(first, pin!(asked.silence(a_while))).await {
        Either::Left((seen, _)) => Met::First { seen, in_vain: false },
        // Rare, and so no part of what every probe takes room for.
        Either::Right(((), first)) => Box::pin(both(first, second(), asked_too)).await,
    }
}

async fn both(
    first: impl Future<Output = Observation> + Unpin,
    second: impl Future<Output = Observation> + Unpin,
    asked_too: &Asked,
) -> Met {
    let (seen, too) = match select(first, second).await {
        Either::Left((seen, second)) if is_unanswered(&seen) && asked_too.is_answered() => (seen, second.await),
        Either::Left((seen, _)) => {
            // Who hangs up is to have as much time for the second as for the first.
            let in_vain = asked_too.0.get().is_some() && !seen.is_wordless();
            return Met::First { seen, in_vain };
        }
        Either::Right((too, _)) if too.handshake.version.is_some() => return Met::Second(too),
        Either::Right((too, first)) => (first.await, too),
    };
    if is_unanswered(&seen) && too.handshake.version.is_some() {
        return Met::Second(too);
    }
    Met::First { seen, in_vain: true }
}

/// Whether the peer took the connection and said nothing at all to the hello.
pub(super) fn is_unanswered(seen: &Observation) -> bool {
    let timed_out = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::Timeout));
    seen.is_wordless() || timed_out && seen.handshake.received == Some(0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{pending, poll_fn};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use futures_util::FutureExt;
    use tokio::io::AsyncReadExt;

    use super::{Asked, Met, ask};
    use crate::engine::Capture;
    use crate::engine::tap::Tap;
    use crate::observation::Observation;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::observation::timing::Timing;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::wire::timestamp::Timestamp;
    use crate::wire::version::ProtocolVersion;

    const TIME_OUT: u64 = 6;
    const A_THIRD: u64 = 2;

    /// Seconds, which pass when nothing else is left to do.
    #[derive(Default)]
    struct Clock(Cell<u64>);

    impl Clock {
        /// Ends after so many seconds.
        fn pass(&self, seconds: u64) -> impl Future<Output = ()> + Unpin {
            let until = self.0.get() + seconds;
            poll_fn(move |_| if self.0.get() >= until { Poll::Ready(()) } else { Poll::Pending })
        }

        fn run<T>(&self, until: impl Future<Output = T>) -> T {
            let mut until = pin!(until);
            loop {
                if let Poll::Ready(end) = until.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                    return end;
                }
                assert!(self.0.get() < 60, "it never ends");
                self.0.set(self.0.get() + 1);
            }
        }
    }

    /// What a peer does with a hello, after so many seconds.
    #[derive(Clone, Copy)]
    enum Peer {
        /// It says nothing.
        Silent,
        /// It hangs up.
        Closes(u64),
        /// It sends its first octet, and later the rest.
        Answers(u64, u64),
    }

    /// One hello to such a peer, which takes a connection at once.
    async fn hello(clock: &Clock, peer: Peer, asked: &Asked, cautious: bool) -> Observation {
        let capture = Capture::default();
        asked.note(&capture);
        let mut handshake = Handshake { cautious, received: Some(0), ..Handshake::default() };
        let stopped = match peer {
            Peer::Silent => {
                clock.pass(TIME_OUT).await;
                Some(HandshakeFailure::Timeout)
            }
            Peer::Closes(after) => {
                clock.pass(after).await;
                Some(HandshakeFailure::Closed)
            }
            Peer::Answers(first, rest) => {
                clock.pass(first).await;
                let (mut tap, seen) = Tap::new(&[22u8][..]);
                capture.note_wire(&seen);
                tap.read_u8().now_or_never().unwrap().unwrap();
                clock.pass(rest).await;
                handshake.received = None;
                handshake.version = Some(ProtocolVersion::TLS1_2);
                None
            }
        };
        Observation {
            offer: OfferLabel::Default,
            engine: EngineId::Rustls,
            at: Timestamp(time::macros::datetime!(2026-01-01 00:00 UTC)),
            timing: Timing::default(),
            handshake,
            exchange: None,
            stopped: stopped.map(|kind| Failure::new(kind, "")),
        }
    }

    /// What came of both, after how many seconds, and whether the second was sent.
    fn met(usual: Peer, cautious: Peer) -> (&'static str, u64, bool) {
        let (clock, sent) = (Clock::default(), Cell::new(false));
        let (asked, asked_too) = (Asked::default(), Asked::default());
        let too = || {
            sent.set(true);
            Box::pin(hello(&clock, cautious, &asked_too, true))
        };
        let usual = pin!(hello(&clock, usual, &asked, false));
        let met = clock.run(ask((usual, &asked), || clock.pass(A_THIRD), (too, &asked_too)));
        let what = match met {
            Met::First { seen, in_vain } => {
                assert!(!seen.handshake.cautious);
                if in_vain { "the first, and the second in vain" } else { "the first" }
            }
            Met::Second(seen) => {
                assert!(seen.handshake.cautious && seen.handshake.version.is_some());
                "the second"
            }
        };
        (what, clock.0.get(), sent.get())
    }

    #[test]
    fn silence_costs_one_time_out_and_whoever_answers_in_it_counts() {
        use Peer::{Answers, Closes, Silent};
        for (usual, cautious, expected) in [
            // Who answers at once, or within a third of the time-out, has one connection.
            (Answers(0, 0), Silent, ("the first", 0, false)),
            (Answers(1, 0), Silent, ("the first", 1, false)),
            (Closes(1), Answers(0, 0), ("the first", 1, false)),
            // Who has begun to answer by then, too, however long that takes.
            (Answers(1, 4), Answers(0, 0), ("the first", 5, false)),
            (Silent, Silent, ("the first, and the second in vain", 6, true)),
            (Silent, Closes(1), ("the first, and the second in vain", 6, true)),
            // Who answers late is tolerant.
            (Answers(3, 0), Silent, ("the first, and the second in vain", 3, true)),
            (Answers(5, 0), Closes(1), ("the first, and the second in vain", 5, true)),
            (Silent, Answers(0, 0), ("the second", 2, true)),
            (Silent, Answers(3, 0), ("the second", 5, true)),
            // What has begun to come when the first gives up is waited for.
            (Silent, Answers(3, 2), ("the second", 7, true)),
            (Silent, Answers(5, 0), ("the first, and the second in vain", 6, true)),
            // Who hangs up late is asked anew.
            (Closes(3), Silent, ("the first", 3, true)),
            (Closes(3), Answers(0, 2), ("the second", 4, true)),
        ] {
            assert_eq!(met(usual, cautious), expected);
        }
    }

    #[test]
    fn a_second_hello_that_finds_no_place_is_not_said_to_be_in_vain() {
        let (asked, asked_too) = (Asked::default(), Asked::default());
        let clock = Clock::default();
        let first = pin!(hello(&clock, Peer::Silent, &asked, false));
        let no_place = || Box::pin(pending());
        let met = clock.run(ask((first, &asked), || clock.pass(A_THIRD), (no_place, &asked_too)));
        assert!(matches!(met, Met::First { in_vain: false, .. }));
    }
}
