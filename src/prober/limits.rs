//! How much happens at once: connections in all, connections to one address, connections a second.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

pub(super) struct Limits {
    connections: Semaphore,
    per_host: usize,
    hosts: Mutex<HashMap<IpAddr, Arc<Semaphore>>>,
    pace: Option<Pace>,
}

/// A place among the connections, given back when dropped.
pub(super) struct Place<'a> {
    limits: &'a Limits,
    host: IpAddr,
    of_host: Option<OwnedSemaphorePermit>,
    _of_all: Option<SemaphorePermit<'a>>,
}

impl Limits {
    pub(super) fn new(concurrency: NonZeroUsize, per_host: NonZeroUsize, rate: Option<NonZeroU32>) -> Self {
        Self {
            connections: Semaphore::new(concurrency.get().min(Semaphore::MAX_PERMITS)),
            per_host: per_host.get().min(Semaphore::MAX_PERMITS),
            hosts: Mutex::default(),
            pace: rate.map(|rate| Pace { step: Duration::from_secs(1) / rate.get(), next: Mutex::new(None) }),
        }
    }

    /// Waits for a place. The host's comes first, so that a queue for one host takes no place from the others.
    pub(super) async fn place(&self, host: IpAddr) -> Place<'_> {
        let semaphore = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))))
        };
        // The semaphores are never closed.
        let of_host = semaphore.acquire_owned().await.ok();
        let of_all = self.connections.acquire().await.ok();
        Place { limits: self, host, of_host, _of_all: of_all }
    }

    /// Waits for the moment at which the next connection may be opened.
    pub(super) async fn pace(&self) {
        if let Some(pace) = &self.pace {
            sleep_until(pace.next()).await;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut hosts = self.limits.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.of_host.take());
        // The map holds the last reference: nobody else is at this host, or on the way to it.
        if hosts.get(&self.host).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(&self.host);
        }
    }
}

/// Moments evenly apart.
struct Pace {
    step: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    fn next(&self) -> Instant {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = next.map_or(now, |planned| planned.max(now));
        *next = Some(mine + self.step);
        mine
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::num::NonZeroUsize;
    use std::sync::Mutex;
    use std::time::Duration;

    use futures_util::FutureExt;

    use super::{Limits, Pace};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

    fn limits(all: usize, host: usize) -> Limits {
        let count = |n| NonZeroUsize::new(n).unwrap_or(NonZeroUsize::MIN);
        Limits::new(count(all), count(host), None)
    }

    #[test]
    fn a_host_has_so_many_places_and_all_together_so_many() {
        let limits = limits(3, 2);
        let one = limits.place(HERE).now_or_never();
        let two = limits.place(HERE).now_or_never();
        assert!(one.is_some() && two.is_some());
        assert!(limits.place(HERE).now_or_never().is_none(), "a third at the same host");
        let three = limits.place(THERE).now_or_never();
        assert!(three.is_some());
        assert!(limits.place(THERE).now_or_never().is_none(), "a fourth in all");
        drop(one);
        assert!(limits.place(THERE).now_or_never().is_some());
    }

    #[test]
    fn hosts_that_nobody_is_at_are_forgotten() {
        let limits = limits(3, 2);
        let (one, two) = (limits.place(HERE).now_or_never(), limits.place(HERE).now_or_never());
        drop(one);
        assert_eq!(limits.hosts.lock().map(|hosts| hosts.len()).ok(), Some(1));
        drop(two);
        assert_eq!(limits.hosts.lock().map(|hosts| hosts.len()).ok(), Some(0));
    }

    #[test]
    fn connections_are_opened_evenly_apart() {
        let pace = Pace { step: Duration::from_millis(100), next: Mutex::default() };
        let moments: Vec<_> = (0..11).map(|_| pace.next()).collect();
        assert!(moments.windows(2).all(|pair| pair[1] - pair[0] >= pace.step));
        assert!(moments[10] - moments[0] >= Duration::from_secs(1));
    }
}
