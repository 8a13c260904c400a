//! The answers of a run, so that a name is asked for once; bounded, the oldest leaves first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::observation::resolution::Resolution;

/// How many names are kept.
const NAMES: usize = 4096;

pub(super) type Cell = Arc<OnceCell<Arc<Resolution>>>;

#[derive(Default)]
pub(super) struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    cells: HashMap<Arc<str>, Cell>,
    order: VecDeque<Arc<str>>,
}

impl Cache {
    /// The place for a name's answer, whatever the name's case; whoever comes first fills it, the others wait for that.
    pub(super) fn cell(&self, name: &str) -> Cell {
        let key: Arc<str> = name.to_ascii_lowercase().into();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = kept.cells.get(&key) {
            return Arc::clone(cell);
        }
        if kept.order.len() == NAMES
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.cells.remove(&oldest);
        }
        let cell = Cell::default();
        kept.cells.insert(Arc::clone(&key), Arc::clone(&cell));
        kept.order.push_back(key);
        cell
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Cache, NAMES};

    #[test]
    fn a_name_keeps_its_place_until_thousands_came_after_it() {
        let cache = Cache::default();
        let first = cache.cell("MP01.contoso.com");
        for n in 1..NAMES {
            cache.cell(&format!("n{n}"));
        }
        assert!(Arc::ptr_eq(&first, &cache.cell("mp01.contoso.com")));
        cache.cell("one more");
        assert!(!Arc::ptr_eq(&first, &cache.cell("mp01.contoso.com")));
    }
}
