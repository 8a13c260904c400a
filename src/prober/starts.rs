//! How many targets are begun at once. There are places for a thousand connections, because those who do not answer keep
//! theirs for long; of those who do answer so many under way would only wait for the processor, and take memory meanwhile.
//! So a few hundred are begun, and whoever is long under way waits for others, and lets the next one begin.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// How many are begun at once.
const BEGUN: usize = 256;
/// Whoever is under way for longer waits for others.
const LONG: Duration = Duration::from_millis(500);

/// What lets a target begin; given back when dropped.
pub(super) type Start = OwnedSemaphorePermit;

/// The starts of a run.
pub(super) struct Starts(Arc<Semaphore>);

impl Starts {
    /// All of them are free.
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(BEGUN)))
    }

    /// Waits for one; `None`: never, since nobody closes them.
    pub(super) async fn next(&self) -> Option<Start> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

/// Does something within a start, which is given back before that ends where it takes `long`.
pub(super) async fn within<T>(
    start: Start,
    long: impl Future<Output = ()>,
    work: impl Future<Output = T>,
) -> (T, Option<Start>) {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => return (done, Some(start)),
        () = long => drop(start),
    }
    (work.await, None)
}

/// As long as one keeps its start at most.
pub(super) fn long() -> Sleep {
    sleep(LONG)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::FutureExt;

    use super::{BEGUN, Start, Starts, within};

    fn taken(starts: &Starts) -> Option<Start> {
        starts.next().now_or_never().flatten()
    }

    #[test]
    fn so_many_begin_at_once_and_who_is_long_under_way_lets_the_next_begin() {
        let starts = Starts::new();
        let mut begun: Vec<Start> = std::iter::from_fn(|| taken(&starts)).collect();
        assert_eq!(begun.len(), BEGUN);
        let mut quick = Box::pin(within(begun.remove(0), pending(), pending::<()>()));
        assert!(quick.as_mut().now_or_never().is_none() && taken(&starts).is_none());
        let mut silent = Box::pin(within(begun.remove(0), ready(()), pending::<()>()));
        assert!(silent.as_mut().now_or_never().is_none());
        let next = taken(&starts);
        assert!(next.is_some() && taken(&starts).is_none());
        // Who is soon done keeps it until what was seen is handed on.
        let done = within(begun.remove(0), ready(()), ready(7)).now_or_never();
        assert!(matches!(&done, Some((7, Some(_)))) && taken(&starts).is_none());
        drop(done);
        assert!(taken(&starts).is_some());
    }
}
