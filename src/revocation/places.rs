//! How much is fetched at a time: from one server, for certificates that are trusted, for those that are not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::{Bounds, Server};

pub(super) struct Places {
    trusted: Semaphore,
    untrusted: Semaphore,
    of_host: usize,
    hosts: Mutex<HashMap<Server, Arc<Semaphore>>>,
}

/// A place, given back when dropped.
pub(super) struct Place<'a> {
    places: &'a Places,
    server: Server,
    of_host: Option<OwnedSemaphorePermit>,
    _of_all: Option<SemaphorePermit<'a>>,
}

impl Places {
    pub(super) fn new(bounds: &Bounds) -> Self {
        Self {
            trusted: Semaphore::new(bounds.at_once.max(1)),
            untrusted: Semaphore::new(bounds.at_once_untrusted.max(1)),
            of_host: bounds.at_once_of_host.max(1),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a place. The server's comes first, so that a queue for one server takes no place from the others.
    pub(super) async fn take(&self, server: &Server, trusted: bool) -> Place<'_> {
        let of_host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(server.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.of_host))))
        };
        // The semaphores are never closed.
        let of_host = of_host.acquire_owned().await.ok();
        let of_all = if trusted { &self.trusted } else { &self.untrusted }.acquire().await.ok();
        Place { places: self, server: server.clone(), of_host, _of_all: of_all }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut hosts = self.places.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.of_host.take());
        // The map holds the last reference: nobody else asks there, or is about to.
        if hosts.get(&self.server).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(&self.server);
        }
    }
}
