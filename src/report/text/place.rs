//! Where something is, in few words.

use super::ranges::ranges;
use crate::report::page::columns;
use crate::report::view::{Subject, View};
use crate::wire::counted::counted;

/// Where something is, in few words: `30 places: DP01 … DP30, intranet`. One place is told by its id.
pub(in crate::report) fn place_words<'a>(view: &View<'a>, places: &[&'a str], count: usize, most: usize) -> String {
    place_words_within(usize::MAX, view, places, count, most)
}

/// The same, where there is so much room in a line: an id that is longer is not told.
pub(super) fn place_words_within<'a>(
    room: usize,
    view: &View<'a>,
    places: &[&'a str],
    count: usize,
    most: usize,
) -> String {
    if let ([one], 0..=1) = (places, count)
        && columns(one) <= room
    {
        return (*one).to_owned();
    }
    let subjects: Vec<_> = places.iter().map(|place| view.subject(place)).collect();
    let whose = ranges(subjects.iter().map(Subject::whose), most);
    let mut vantages: Vec<&str> = Vec::new();
    for vantage in subjects.iter().filter_map(|subject| subject.vantage) {
        if !vantages.contains(&vantage) {
            vantages.push(vantage);
        }
    }
    let from = if vantages.is_empty() { String::new() } else { format!(", {}", vantages.join(" and ")) };
    match count {
        0..=1 => format!("{whose}{from}"),
        _ => format!("{}: {whose}{from}", counted(count, "place")),
    }
}
