//! Offers that go out before it is known whether anybody answers: beside the first, which tells that, and called back where
//! nobody does. What an offer is, and which place it takes, is for others.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::future::{Either, join, select};
use tokio::sync::SetOnce;

use super::beside::Asked;
use crate::observation::Observation;

/// What offers wait for that are made early: somebody has shown a certificate, or has answered the first one otherwise.
pub(super) type Gate = SetOnce<()>;

/// The offers beside the first.
pub(super) trait Others: Sync {
    /// Makes them, after what the first has met, where that is known. Where there is a gate they may connect, as far as there
    /// are places to spare, and say nothing before it is open.
    fn make(&self, seen: &[Observation], gate: Option<&Gate>) -> impl Future<Output = Vec<Observation>> + Send;
}

/// Makes the first offer and the others. These connect as soon as the first one's connection is taken, as far as there are
/// places to spare: a round trip that is over when the first has its answer. They speak once a certificate was shown to it:
/// who shows one is there, and was answering the usual hello. So who is silent hears one hello, and how long the first
/// handshake takes is not what the others cost. Where none was shown for a while, or what the first met says that the others are lost, they are called back, and
/// made as what is known by then has it: who says nothing, or never comes to the point, holds no places for long.
pub(super) async fn all<W: Future<Output = ()>>(
    (first, asked): (impl Future<Output = Vec<Observation>>, &Asked),
    (a_while, is_lost): (impl FnOnce() -> W, impl Fn(&[Observation]) -> bool),
    others: impl Others,
) -> Vec<Observation> {
    let mut first = pin!(first);
    let gate = Gate::new();
    let (seen, made) = match select(first.as_mut(), pin!(asked.is_connected())).await {
        Either::Left((seen, _)) => (Some(seen), None),
        Either::Right(_) => {
            beside((first.as_mut(), asked), (a_while(), is_lost), (others.make(&[], Some(&gate)), &gate)).await
        }
    };
    let (mut seen, made) = match (seen, made) {
        (Some(seen), Some(made)) => (seen, made),
        (Some(seen), None) => {
            let made = others.make(&seen, None).await;
            (seen, made)
        }
        (None, _) => match select(first, pin!(asked.is_shown_certificate())).await {
            Either::Left((seen, _)) => {
                let made = others.make(&seen, None).await;
                (seen, made)
            }
            Either::Right(((), first)) => join(first, others.make(&[], None)).await,
        },
    };
    seen.extend(made);
    seen
}

/// Makes the others beside the first offer, and opens their gate once they are not in vain. Gives what came of each; of
/// those that were in vain nothing, and of the first nothing where it has not come to its end by then.
async fn beside(
    (mut first, asked): (Pin<&mut impl Future<Output = Vec<Observation>>>, &Asked),
    (a_while, is_lost): (impl Future<Output = ()>, impl Fn(&[Observation]) -> bool),
    (others, gate): (impl Future<Output = Vec<Observation>>, &Gate),
) -> (Option<Vec<Observation>>, Option<Vec<Observation>>) {
    let (mut a_while, mut others) = (pin!(a_while), pin!(others));
    let (mut seen, mut made) = (None, None);
    // What was asked is looked at whenever the first offer may have got on.
    poll_fn(|cx| {
        if seen.is_none() {
            seen = ended(first.as_mut().poll(cx));
        }
        let is_there = asked.has_shown_certificate();
        let is_in_vain = !is_there
            && match &seen {
                Some(seen) => is_lost(seen),
                None => a_while.as_mut().poll(cx).is_ready(),
            };
        if is_in_vain {
            made = None;
            return Poll::Ready(());
        }
        if is_there || seen.is_some() {
            // Open already, all but the first time.
            let _ = gate.set(());
        }
        if made.is_none() {
            made = ended(others.as_mut().poll(cx));
        }
        if seen.is_some() && made.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (seen, made)
}

fn ended<T>(polled: Poll<T>) -> Option<T> {
    match polled {
        Poll::Ready(ended) => Some(ended),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::{Asked, Gate, Others, all};
    use crate::engine::Capture;
    use crate::observation::Observation;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::observation::timing::Timing;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::wire::der::Der;
    use crate::wire::timestamp::Timestamp;

    fn seen(offer: OfferLabel) -> Observation {
        Observation {
            offer,
            engine: EngineId::Rustls,
            at: Timestamp(time::OffsetDateTime::UNIX_EPOCH),
            timing: Timing::default(),
            handshake: Handshake::default(),
            exchange: None,
            stopped: None,
        }
    }

    /// What becomes of a first offer.
    #[derive(Clone, Copy)]
    enum First {
        /// Its connection is not taken.
        NotConnected,
        /// A certificate is shown to it, and it ends when the others are made.
        Shown,
        /// It ends with something else than a certificate, when the others have begun.
        Refused,
        /// It is met with silence to its end, after this many looks.
        Silent(usize),
        /// A certificate is shown after this many looks, and it ends when the others are made.
        Late(usize),
    }

    /// What the others were told and given: how many observations of the first, and whether there was a gate.
    type Begun = (usize, bool);

    /// Another offer, which notes what it was told.
    struct Other {
        spare: bool,
        begun: Mutex<Vec<Begun>>,
        made: AtomicBool,
    }

    impl Others for Other {
        async fn make(&self, known: &[Observation], gate: Option<&Gate>) -> Vec<Observation> {
            self.begun.lock().unwrap().push((known.len(), gate.is_some()));
            if let Some(gate) = gate.filter(|_| !self.spare) {
                gate.wait().await;
            }
            self.made.store(true, Ordering::Relaxed);
            vec![seen(OfferLabel::Client)]
        }
    }

    impl Others for &Other {
        async fn make(&self, known: &[Observation], gate: Option<&Gate>) -> Vec<Observation> {
            Other::make(self, known, gate).await
        }
    }

    /// Makes a first offer, and another that needs the gate open where there is no `spare` place; a while is three looks.
    fn made(what: First, spare: bool) -> (Vec<OfferLabel>, Vec<Begun>) {
        let (asked, looks) = (Asked::default(), AtomicUsize::new(0));
        let other = Other { spare, begun: Mutex::default(), made: AtomicBool::new(false) };
        let looked = || looks.load(Ordering::Relaxed);
        let is_made = || other.made.load(Ordering::Relaxed);
        let until = |is: bool| if is { Poll::Ready(()) } else { Poll::Pending };
        let first = async {
            let capture = Capture::default();
            if !matches!(what, First::NotConnected) {
                asked.note(&capture);
            }
            let show = || capture.lock().chain.push(Der::from(&b"a certificate"[..]));
            let mut one = seen(OfferLabel::Default);
            match what {
                First::NotConnected => {}
                First::Shown => {
                    show();
                    poll_fn(|_| until(is_made())).await;
                }
                First::Late(after) => {
                    poll_fn(|_| until(looked() >= after)).await;
                    show();
                    poll_fn(|_| until(is_made() && looked() > after)).await;
                }
                First::Refused => poll_fn(|_| until(!other.begun.lock().unwrap().is_empty())).await,
                First::Silent(after) => {
                    poll_fn(|_| until(looked() >= after)).await;
                    one.stopped = Some(Failure::new(HandshakeFailure::Timeout, ""));
                }
            }
            vec![one]
        };
        let is_lost = |seen: &[Observation]| seen.iter().all(|seen| seen.stopped.is_some());
        let a_while = || poll_fn(|_| until(looked() >= 3));
        let mut both = pin!(all((first, &asked), (a_while, is_lost), &other));
        let ended = (0..12).find_map(|_| match both.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(seen) => Some(seen),
            Poll::Pending => {
                looks.fetch_add(1, Ordering::Relaxed);
                None
            }
        });
        let begun = other.begun.lock().unwrap().clone();
        (ended.unwrap().iter().map(|seen| seen.offer).collect(), begun)
    }

    #[test]
    fn the_other_offers_go_out_once_a_connection_is_taken_and_again_only_where_that_was_in_vain() {
        let (first, other) = (OfferLabel::Default, OfferLabel::Client);
        let (early, anew) = ((0, true), (0, false));
        for spare in [true, false] {
            for (what, expected) in [
                // Nobody is there: nobody else is sent for before that is known.
                (First::NotConnected, vec![(1, false)]),
                (First::Shown, vec![early]),
                (First::Refused, vec![early]),
                (First::Late(2), vec![early]),
                // For a while nothing was shown: they are called back.
                (First::Late(5), vec![early, anew]),
                (First::Silent(1), vec![early, (1, false)]),
                (First::Silent(8), vec![early, (1, false)]),
            ] {
                assert_eq!(made(what, spare), (vec![first, other], expected));
            }
        }
    }
}
