//! Many names in few words: names that count on become `DP01 … DP30`, and of what is still many only the first are told.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// How many names or runs are told where there is room.
pub(in crate::report) const TOLD: usize = 4;
/// How long a run must be to be told by its ends.
const RUN: usize = 3;

/// Names in few words: each once, runs by their ends, at most so many; of more, how many.
pub(in crate::report) fn ranges<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    told(names.into_iter().map(Counting::of).collect(), 0, most)
}

/// The same, where several things may have one name: what is not told is counted by things.
pub(in crate::report) fn ranges_of_all(names: &[&str], most: usize) -> String {
    let distinct: BTreeSet<Counting<'_>> = names.iter().copied().map(Counting::of).collect();
    let twice = names.len() - distinct.len();
    told(distinct, twice, most)
}

fn told(names: BTreeSet<Counting<'_>>, more: usize, most: usize) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.name).collect();
    let pieces = pieces(&names);
    let most = most.max(1);
    let mut told: Vec<String> = pieces.iter().take(most).map(Piece::words).collect();
    let left = more + pieces.iter().skip(most).map(|piece| piece.count).sum::<usize>();
    if left > 0 {
        let last = told.pop().unwrap_or_default();
        told.push(format!("{last} and {left} more"));
    }
    told.join(", ")
}

/// A name, or several that count on.
struct Piece<'a> {
    first: &'a str,
    last: &'a str,
    count: usize,
}

impl Piece<'_> {
    fn words(&self) -> String {
        match self.count {
            1 => self.first.to_owned(),
            _ => format!("{} \u{2026} {}", self.first, self.last),
        }
    }
}

/// The names in pieces, in order.
fn pieces<'a>(names: &[&'a str]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(first) = names.get(at) {
        let mut end = at + 1;
        let mut counts = None;
        while let (Some(one), Some(next)) = (names.get(end - 1), names.get(end)) {
            let place = successor(one, next);
            if place.is_none() || counts.is_some_and(|counts| place != Some(counts)) {
                break;
            }
            counts = place;
            end += 1;
        }
        if end - at < RUN {
            end = at + 1;
        }
        pieces.push(Piece { first, last: names.get(end - 1).unwrap_or(first), count: end - at });
        at = end;
    }
    pieces
}

/// Which of its numbers counts on from one name to the next; `None`: they do not differ in just that.
fn successor(one: &str, next: &str) -> Option<usize> {
    let (one, next) = (parts(one), parts(next));
    if one.len() != next.len() {
        return None;
    }
    let mut differ = one.iter().zip(&next).enumerate().filter(|(_, (one, next))| one != next);
    let (at, (one, next)) = differ.next()?;
    let number = |text: &str| text.parse::<u64>().ok();
    let counts_on = number(one)?.checked_add(1)? == number(next)?;
    (differ.next().is_none() && counts_on).then_some(at)
}

/// A name's runs of digits, and what lies between them.
fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

/// A name that sorts by the numbers in it: `DP2` before `DP10`.
struct Counting<'a> {
    name: &'a str,
    /// Its parts, and the number each is.
    parts: Vec<(&'a str, Option<u64>)>,
}

impl<'a> Counting<'a> {
    fn of(name: &'a str) -> Self {
        Self { name, parts: parts(name).into_iter().map(|part| (part, part.parse().ok())).collect() }
    }

    fn compared(&self, other: &Self) -> Ordering {
        let (one, next) = (&self.parts, &other.parts);
        for ((one, value), (next, other)) in one.iter().zip(next) {
            let by_value = match (value, other) {
                (Some(one), Some(next)) => one.cmp(next),
                (Some(_), None) | (None, Some(_)) | (None, None) => one.cmp(next),
            };
            if by_value != Ordering::Equal {
                return by_value;
            }
        }
        one.len().cmp(&next.len()).then_with(|| self.name.cmp(other.name))
    }
}

impl PartialEq for Counting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Counting<'_> {}

impl PartialOrd for Counting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Counting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compared(other)
    }
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn names_that_count_on_are_told_by_their_ends() {
        assert_eq!(ranges(["DP03", "DP01", "DP02", "DP02"], 4), "DP01 \u{2026} DP03");
        assert_eq!(ranges(["DP8", "DP9", "DP10", "MP01"], 4), "DP8 \u{2026} DP10, MP01");
        assert_eq!(ranges(["DP01", "DP02"], 4), "DP01, DP02");
        assert_eq!(ranges(["DP01", "DP02", "DP04", "DP05", "DP06"], 4), "DP01, DP02, DP04 \u{2026} DP06");
        assert_eq!(
            ranges(["10.1.0.9:443", "10.1.0.10:443", "10.1.0.11:443"], 4),
            "10.1.0.9:443 \u{2026} 10.1.0.11:443"
        );
        assert_eq!(ranges(["dp1.a.com", "dp2.b.com", "dp3.a.com"], 4), "dp1.a.com, dp2.b.com, dp3.a.com");
        assert_eq!(ranges(["a1b1", "a1b2", "a2b2"], 4), "a1b1, a1b2, a2b2");
    }

    #[test]
    fn of_many_the_first_are_told_and_the_others_counted() {
        assert_eq!(ranges(["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(ranges(["a", "d1", "d2", "d3", "x"], 1), "a and 4 more");
        assert_eq!(ranges([], 2), "");
        let huge = ["x99999999999999999999999", "x99999999999999999999998"];
        assert_eq!(ranges(huge, 4), "x99999999999999999999998, x99999999999999999999999");
    }
}
