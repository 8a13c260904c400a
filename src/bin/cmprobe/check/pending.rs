//! Targets under way: handed to the prober, not yet seen. As many as are in flight, however long the list.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cmprobe::plan::{Target, TargetId};

/// A target and its place in the plan.
pub(crate) type Placed = (usize, Arc<Target>);

/// Targets under way.
#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<UnderWay>);

#[derive(Debug, Default)]
struct UnderWay {
    targets: HashMap<TargetId, Vec<Placed>>,
    begun: usize,
}

impl Pending {
    /// A target is handed to the prober. One that a list names twice is there twice.
    pub(crate) fn put(&self, at: usize, target: &Arc<Target>) {
        let mut under_way = self.lock();
        under_way.begun = at + 1;
        under_way.targets.entry(target.id.clone()).or_default().push((at, Arc::clone(target)));
    }

    /// A target was seen.
    pub(crate) fn take(&self, id: &TargetId) -> Option<Placed> {
        let mut under_way = self.lock();
        let waiting = under_way.targets.get_mut(id)?;
        let taken = (!waiting.is_empty()).then(|| waiting.remove(0));
        if waiting.is_empty() {
            under_way.targets.remove(id);
        }
        taken
    }

    /// How many were handed to the prober.
    pub(crate) fn begun(&self) -> usize {
        self.lock().begun
    }

    /// What is left, in the plan's order.
    pub(crate) fn left(&self) -> Vec<Placed> {
        let mut left: Vec<_> = self.lock().targets.drain().flat_map(|(_, waiting)| waiting).collect();
        left.sort_by_key(|(at, _)| *at);
        left
    }

    fn lock(&self) -> MutexGuard<'_, UnderWay> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
