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
    /// How many places are left to those who need one: half of all.
    kept: usize,
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
        let all = concurrency.get().min(Semaphore::MAX_PERMITS);
        Self {
            connections: Semaphore::new(all),
            kept: all.div_ceil(2),
            per_host: per_host.get().min(Semaphore::MAX_PERMITS),
            hosts: Mutex::default(),
            pace: rate.map(|rate| Pace { step: Duration::from_secs(1) / rate.get(), next: Mutex::new(None) }),
        }
    }

    /// Waits for a place. The host's comes first, so that a queue for one host takes no place from the others.
    pub(super) async fn place(&self, host: IpAddr) -> Place<'_> {
        // The semaphores are never closed.
        let of_host = self.of_host(host).acquire_owned().await.ok();
        let of_all = self.connections.acquire().await.ok();
        Place { limits: self, host, of_host, _of_all: of_all }
    }

    /// A place for what may be in vain, if one is free that nobody will miss: half of all stay free, and none is given
    /// where connections are counted by the second.
    pub(super) fn spare(&self, host: IpAddr) -> Option<Place<'_>> {
        if self.pace.is_some() || self.connections.available_permits() <= self.kept {
            return None;
        }
        let of_all = self.connections.try_acquire().ok()?;
        let of_host = self.of_host(host).try_acquire_owned().ok()?;
        Some(Place { limits: self, host, of_host: Some(of_host), _of_all: Some(of_all) })
    }

    fn of_host(&self, host: IpAddr) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))))
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
    use std::num::{NonZeroU32, NonZeroUsize};
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
    fn a_spare_place_is_one_that_nobody_will_miss() {
        let limits = limits(5, 2);
        // Three of five are kept.
        let (one, two) = (limits.spare(HERE), limits.spare(THERE));
        assert!(one.is_some() && two.is_some());
        assert!(limits.spare(THERE).is_none(), "half of all are to stay free");
        let three = limits.place(HERE).now_or_never();
        assert!(three.is_some(), "who needs one has it");
        drop(two);
        assert!(limits.spare(THERE).is_none() && limits.hosts.lock().is_ok_and(|hosts| hosts.len() == 1));
        drop(three);
        let two = limits.spare(HERE);
        assert!(two.is_some());
        drop((one, two));
        let of_one = Limits::new(NonZeroUsize::MAX, NonZeroUsize::MIN, None);
        let alone = of_one.spare(HERE);
        assert!(alone.is_some() && of_one.spare(HERE).is_none(), "the host has no other");
        assert!(of_one.spare(THERE).is_some());
        let paced = Limits::new(NonZeroUsize::MAX, NonZeroUsize::MAX, Some(NonZeroU32::MIN));
        assert!(paced.spare(HERE).is_none(), "a second's connections are for those who need them");
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
