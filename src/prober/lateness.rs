//! How late this machine itself is. One that is busy wakes its own tasks late, and what it then takes for a peer's time is
//! its own. So while a run goes on a task of it sleeps for a moment again and again, and what it was woken too late by is
//! added up. What was added between two moments may, of a time that was measured between them, be this machine's.
//!
//! There is one such task, whatever is probed, and a reading of the sum is two additions: a long list does not feel it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// How long the task sleeps.
const MOMENT: Duration = Duration::from_millis(20);
/// So late a timer is on an idle machine.
const USUAL: Duration = Duration::from_millis(3);

/// How late this machine was, as long as somebody wants to know.
#[derive(Debug, Default)]
pub(super) struct Lateness(Mutex<Ticks>);

#[derive(Debug, Default)]
struct Ticks {
    /// How many want to know.
    wanted: usize,
    /// What sleeps.
    task: Option<AbortHandle>,
    /// When it is to be woken; `None`: nothing sleeps.
    due: Option<Instant>,
    /// By how much it was woken too late, in all.
    late: Duration,
}

impl Ticks {
    /// By how much it was woken too late until now, in all.
    fn until(&self, now: Instant) -> Option<Duration> {
        Some(self.late + now.saturating_duration_since(self.due? + USUAL))
    }

    /// It is awake, and sleeps again; until when.
    fn sleep_again(&mut self, now: Instant) -> Instant {
        self.late = self.until(now).unwrap_or(self.late);
        let due = now + MOMENT;
        self.due = Some(due);
        due
    }
}

impl Lateness {
    /// Measures until what is given back is dropped.
    pub(super) fn measured(self: &Arc<Self>) -> Measured {
        let mut ticks = self.lock();
        ticks.wanted += 1;
        if ticks.task.is_none() {
            let first = ticks.sleep_again(Instant::now());
            let own = Arc::clone(self);
            let ticking = async move {
                let mut due = first;
                loop {
                    sleep_until(due).await;
                    due = own.lock().sleep_again(Instant::now());
                }
            };
            ticks.task = Some(tokio::spawn(ticking).abort_handle());
        }
        Measured(Arc::clone(self))
    }

    /// How late this machine was until now, in all; `None`: nobody measures.
    pub(super) fn until_now(&self) -> Option<Duration> {
        self.lock().until(Instant::now())
    }

    /// How late it was since a reading.
    pub(super) fn since(&self, reading: Option<Duration>) -> Option<Duration> {
        Some(self.until_now()?.saturating_sub(reading?))
    }

    fn lock(&self) -> MutexGuard<'_, Ticks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody wants to know how late this machine is.
#[derive(Debug)]
pub(super) struct Measured(Arc<Lateness>);

impl Drop for Measured {
    fn drop(&mut self) {
        let mut ticks = self.0.lock();
        ticks.wanted -= 1;
        if ticks.wanted == 0 {
            ticks.due = None;
            if let Some(task) = ticks.task.take() {
                task.abort();
            }
        }
    }
}

/// Does something, and says how long this machine worked on it by a clock: the time it waited is left out.
pub(super) async fn worked<T>(
    mut work: Pin<&mut impl Future<Output = T>>,
    clock: impl Fn() -> Instant,
) -> (T, Duration) {
    let mut took = Duration::ZERO;
    let done = poll_fn(|context| {
        let began = clock();
        let polled = work.as_mut().poll(context);
        took += clock() - began;
        polled
    })
    .await;
    (done, took)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_a_machine_is_late_by_is_added_up() {
        let begun = Instant::now();
        let mut ticks = Ticks::default();
        assert_eq!(ticks.until(begun), None);
        let due = ticks.sleep_again(begun);
        assert_eq!((due - begun, ticks.until(begun)), (MOMENT, Some(Duration::ZERO)));
        // So late any timer is.
        let woken = due + USUAL;
        assert_eq!(ticks.until(woken), Some(Duration::ZERO));
        let due = ticks.sleep_again(woken);
        assert_eq!((due - woken, ticks.late), (MOMENT, Duration::ZERO));
        // That it was not woken shows before it is, and counts once.
        let woken = due + USUAL + SECOND;
        assert_eq!(ticks.until(woken), Some(SECOND));
        let due = ticks.sleep_again(woken);
        assert_eq!((ticks.until(woken), ticks.until(due)), (Some(SECOND), Some(SECOND)));
        assert_eq!(ticks.until(due + USUAL + SECOND), Some(2 * SECOND));
    }

    #[tokio::test]
    async fn it_is_measured_as_long_as_somebody_wants_to_know() {
        let lateness = Arc::new(Lateness::default());
        assert_eq!((lateness.until_now(), lateness.since(Some(SECOND))), (None, None));
        let (one, other) = (lateness.measured(), lateness.measured());
        assert!(lateness.until_now().is_some() && lateness.since(lateness.until_now()).is_some());
        assert_eq!(lateness.since(None), None);
        drop(one);
        assert!(lateness.until_now().is_some());
        drop(other);
        assert_eq!(lateness.until_now(), None);
        let _again = lateness.measured();
        assert!(lateness.until_now().is_some());
    }

    #[test]
    fn waiting_is_no_work() {
        let now = Cell::new(Instant::now());
        let pass = |time: Duration| now.set(now.get() + time);
        let mut polls = 0;
        let work = pin!(poll_fn(|_| {
            pass(SECOND);
            polls += 1;
            if polls < 3 { Poll::Pending } else { Poll::Ready(7) }
        }));
        let mut worked = pin!(worked(work, || now.get()));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..2 {
            assert!(worked.as_mut().poll(&mut context).is_pending());
            pass(100 * SECOND);
        }
        assert_eq!(worked.as_mut().poll(&mut context), Poll::Ready((7, 3 * SECOND)));
    }
}
