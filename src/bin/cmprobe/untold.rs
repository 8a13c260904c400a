//! Targets that were seen, while what is fetched for them has not come: they are judged when it has, in the order in which
//! it comes, by `check` and by whoever reads what `check` saved.

use std::collections::{BTreeMap, VecDeque};

use cmprobe::plan::TargetId;

/// What is known of targets that were seen and are not judged yet.
#[derive(Debug)]
pub(crate) struct Untold<T>(BTreeMap<TargetId, VecDeque<T>>);

impl<T> Default for Untold<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Untold<T> {
    /// A target was seen.
    pub(crate) fn put(&mut self, id: TargetId, seen: T) {
        self.0.entry(id).or_default().push_back(seen);
    }

    /// What is fetched for a target has come.
    pub(crate) fn take(&mut self, id: &TargetId) -> Option<T> {
        let waiting = self.0.get_mut(id)?;
        let taken = waiting.pop_front();
        if waiting.is_empty() {
            self.0.remove(id);
        }
        taken
    }

    /// What is left, in the order of the targets' ids.
    pub(crate) fn left(self) -> impl Iterator<Item = T> {
        self.0.into_values().flatten()
    }
}
