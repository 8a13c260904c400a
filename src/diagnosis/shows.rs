//! Where a diagnosis shows: named in a document's order as far as somebody reads the names, and told from elsewhere however
//! many there are.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::judgement::run::Place;

/// How many of the places that came last are named besides: a name's endpoints come just before it.
pub(super) const LATEST: usize = 64;

/// The places at which a diagnosis shows.
#[derive(Clone, Debug)]
pub struct Places {
    /// The first of them, in a document's order.
    first: Vec<(Place, Arc<str>)>,
    /// Those that came last, as they came.
    latest: VecDeque<(Place, Arc<str>)>,
    /// How many of the first are named; where it is not all, [`LATEST`] that came last are named until the end.
    most: usize,
    /// Every one, as it is told from others.
    marks: Vec<u64>,
    /// The first by its name.
    least: Arc<str>,
}

impl Places {
    /// The first place there is, of which `most` are to be named at the end.
    pub(super) fn new(most: usize, place: Place, name: &Arc<str>) -> Self {
        Self {
            first: Vec::new(),
            latest: VecDeque::from([(place, Arc::clone(name))]),
            most,
            marks: vec![mark(name)],
            least: Arc::clone(name),
        }
    }

    /// Takes in a place. What is about one place comes together.
    pub(super) fn add(&mut self, place: Place, name: &Arc<str>) {
        if self.latest.back().is_some_and(|(_, last)| last == name) {
            return;
        }
        self.marks.push(mark(name));
        if *name < self.least {
            self.least = Arc::clone(name);
        }
        let is_full = self.most < usize::MAX && self.latest.len() >= LATEST;
        if is_full && let Some(oldest) = self.latest.pop_front() {
            self.put(oldest);
        }
        self.latest.push_back((place, Arc::clone(name)));
    }

    /// Puts one among the first, if it is of them; behind those of its place that came before it.
    fn put(&mut self, one: (Place, Arc<str>)) {
        let at = self.first.partition_point(|(place, _)| *place <= one.0);
        if at < self.most {
            self.first.insert(at, one);
            self.first.truncate(self.most);
        }
    }

    /// No more come: those that are named stand in a document's order.
    pub(super) fn put_in_order(&mut self) {
        self.first.extend(self.latest.drain(..));
        self.first.sort_by_key(|(place, _)| *place);
        self.first.truncate(self.most);
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.marks.len()
    }

    /// The names of the first: endpoints', names', lookups' and files' ids. At the end of a run in a document's order.
    pub fn named(&self) -> impl Iterator<Item = &Arc<str>> {
        self.first.iter().chain(&self.latest).map(|(_, name)| name)
    }

    /// The names of those that came last, latest first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Arc<str>> {
        self.latest.iter().rev().take(LATEST).map(|(_, name)| name)
    }

    /// The first by its name.
    pub(super) const fn least(&self) -> &Arc<str> {
        &self.least
    }

    /// Every one, as it is told from others.
    pub(super) fn marks(&self) -> impl Iterator<Item = u64> {
        self.marks.iter().copied()
    }
}

/// The systems at which a diagnosis shows, by what their names are told from each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Systems(HashSet<u64>);

impl Systems {
    pub(super) fn add(&mut self, name: &str) {
        self.0.insert(mark(name));
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains(&mark(name))
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn are_among(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }
}

/// What a name is told from others by: eight octets instead of it, for there may be a hundred thousand. That two names of
/// a run have one is as good as impossible.
fn mark(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{LATEST, Places};
    use crate::judgement::run::Place;

    fn name(at: usize) -> Arc<str> {
        format!("{at:04}").into()
    }

    fn of(most: usize, order: impl IntoIterator<Item = usize>) -> Places {
        let mut order = order.into_iter();
        let first = order.next().unwrap();
        let mut places = Places::new(most, Place::Target(first), &name(first));
        for at in order {
            places.add(Place::Target(at), &name(at));
        }
        places
    }

    fn named(places: &Places) -> Vec<&str> {
        places.named().map(|name| &**name).collect()
    }

    #[test]
    fn the_first_in_a_documents_order_are_named_and_all_counted_whatever_order_they_came_in() {
        const ALL: usize = 3 * LATEST;
        let orders: [Vec<usize>; 3] =
            [(0..ALL).collect(), (0..ALL).rev().collect(), (0..ALL).map(|at| at * 7 % ALL).collect()];
        for order in orders {
            let (mut some, mut all) = (of(10, order.clone()), of(usize::MAX, order.clone()));
            let last: Vec<Arc<str>> = order.iter().rev().take(LATEST).map(|at| name(*at)).collect();
            assert!(some.latest().eq(&last) && all.latest().eq(&last));
            some.put_in_order();
            all.put_in_order();
            assert_eq!(named(&all), (0..ALL).map(|at| format!("{at:04}")).collect::<Vec<_>>());
            assert_eq!(named(&some), named(&all)[..10]);
            assert_eq!((some.count(), all.count()), (ALL, ALL));
            assert_eq!((&**some.least(), &**all.least()), ("0000", "0000"));
            assert!(some.marks().eq(all.marks()));
        }
    }

    #[test]
    fn one_place_told_again_is_one_and_two_of_one_target_stand_as_they_came() {
        let mut places = Places::new(2, Place::Target(1), &"b".into());
        for (at, name) in [(1, "b"), (1, "a"), (0, "c"), (0, "c")] {
            places.add(Place::Target(at), &name.into());
        }
        assert_eq!(places.count(), 3);
        places.put_in_order();
        assert_eq!(named(&places), ["c", "b"]);
    }
}
