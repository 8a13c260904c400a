//! The report for people: what was looked at, how each endpoint and file stands, what ends next, what is wrong and what to
//! do about it, told once each; last, on a screen of its own, what it comes to and what to do first. Takes the terminal's
//! width, needs no colour, and lets nothing a peer sent reach the terminal unescaped.

pub(super) mod calendar;
mod certificate;
pub(super) mod ending;
mod endpoints;
pub(super) mod entry;
mod files;
mod head;
mod listed;
pub(super) mod moment;
pub(super) mod open;
pub(super) mod place;
pub(super) mod ranges;
pub(super) mod sentence;
pub(super) mod state;
mod table;
mod tell;
mod waived;

#[cfg(test)]
mod tests;

use std::cell::{Cell, LazyCell};

use super::document::Report;
use super::page::{Page, WIDTH};
use super::view::View;
use crate::verdict::severity::Severity;

use entry::Matters;
use open::Told;
use table::Rows;
use tell::Detail;

/// How to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to colour it.
    pub color: bool,
    /// Whether to tell each endpoint, each place and each certificate in full.
    pub verbose: bool,
    /// Whether to list every finding there is: what follows from a diagnosis, what is met, what does not apply.
    pub all: bool,
    /// Whether to tell everything that ends, not only what ends next.
    pub calendar: bool,
    /// How many columns the terminal has.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, verbose: false, all: false, calendar: false, width: WIDTH }
    }
}

/// What a report about one fault, or about one that shows everywhere, should not be longer than.
const PAGE: usize = 40;
/// How many things may be wrong for each to be told with its whole remedy.
const FEW: usize = 6;

/// Writes the report.
pub fn render(report: &Report, options: TextOptions) -> String {
    let view = View::new(report);
    let matters = Matters::new(&view);
    let verbose = options.verbose;
    let section = |write: &dyn Fn(&mut Page)| {
        let mut page = Page::wide(options.color, options.width);
        write(&mut page);
        page
    };
    let head = section(&|page| head::write(page, &view, verbose));
    let ends = section(&|page| calendar::write(page, &view, options.calendar));
    let endpoints = |rows| section(&|page| endpoints::write(page, &view, &matters, rows));
    let files = |rows| section(&|page| files::write(page, &view, &matters, rows));
    let usual = if verbose { Rows::Everything } else { Rows::Alike };
    let (all_endpoints, all_files) = (endpoints(usual), files(usual));
    let top = [&head, &all_endpoints, &all_files, &ends];
    let open = |manner| section(&|page| open::write(page, &view, &matters.open, manner));
    let open_at = |detail| match detail {
        Detail::Named | Detail::Barest | Detail::Bare => open(Told::Briefly),
        Detail::Least | Detail::Short | Detail::Full => open(Told::Normally),
        Detail::Everything => open(Told::InFull),
    };
    let told_first = Cell::new(0);
    let bottom = [
        section(&|page| waived::write(page, &view, verbose)),
        section(&|page| {
            if options.all {
                listed::write(page, &view);
            }
        }),
        section(&|page| changes(page, report)),
        section(&|page| told_first.set(ending::write(page, report, &matters))),
    ];
    // What stands among what to do first has its first step there.
    let first_steps: Vec<usize> =
        ending::items(&report.run.summary, &matters).iter().map(ending::Item::number).collect();
    let is_told_below = |number: usize| first_steps.iter().take(told_first.get()).any(|first| *first == number);
    let entries = |notices: bool, detail: Detail| {
        let told = matters.entries.iter().filter(move |entry| (entry.severity == Severity::Notice) == notices);
        let told =
            told.map(|entry| section(&|page| tell::write(page, &view, entry, detail, is_told_below(entry.number))));
        told.collect::<Vec<_>>()
    };
    let taken =
        |pages: &[&Page]| pages.iter().filter(|page| page.lines() > 0).map(|page| page.lines() + 1).sum::<usize>();
    let told = |detail: Detail| (entries(false, detail), entries(true, detail), open_at(detail));
    let is_one = matters.entries.len() == 1;
    let bottom_lines = taken(&bottom.each_ref());
    let page_of = |top: &[&Page], (failing, notices, open): &(Vec<Page>, Vec<Page>, Page)| {
        let entries: Vec<&Page> = failing.iter().chain(notices).chain([open]).collect();
        let told = taken(&entries) + bottom_lines;
        (taken(top) + told, told)
    };
    // An entry has two lines at the least.
    let may_fit = matters.entries.len() * 2 < PAGE;
    let fitting = |top: &[&Page], screen: usize, details: &[Detail]| {
        let details = if may_fit { details } else { &[] };
        details.iter().map(|detail| told(*detail)).find(|entries| {
            let (whole, last) = page_of(top, entries);
            whole <= PAGE + 1 && (!is_one || last <= screen)
        })
    };
    // What ends next is told by --show calendar as well: where anything is found, it makes room for that. So does what is
    // in order, of which -v has each.
    let may_go = !options.calendar && !matters.entries.is_empty();
    let (brief_endpoints, brief_files) =
        (LazyCell::new(|| endpoints(Rows::Wrong)), LazyCell::new(|| files(Rows::Wrong)));
    let (fewest_endpoints, fewest_files) =
        (LazyCell::new(|| endpoints(Rows::Fewest)), LazyCell::new(|| files(Rows::Fewest)));
    // What does not fit anyway is scrolled, and then the remedies may be whole, as long as they are few.
    let instead = if matters.entries.len() <= FEW { Detail::Short } else { Detail::Least };
    let ((failing, notices, open), top) = if verbose {
        (told(Detail::Everything), top.to_vec())
    } else {
        // What it rests on and how it shows goes late, both sides last; of two the remedy may stand below alone.
        let with_both = &Detail::DESCENDING[..];
        let bare = [Detail::Bare, Detail::Barest, Detail::Named];
        let bare = if matters.entries.len() <= 2 { &bare[..] } else { &bare[..2] };
        let (whole_remedy, least) = Detail::DESCENDING.split_at(2);
        let (on_a_screen, anywhere) = (ending::SCREEN + 1, usize::MAX);
        let whole = |screen, details| fitting(&top, screen, details).map(|told| (told, top.to_vec()));
        let less = |top: Vec<_>, details| {
            let told = fitting(&top, anywhere, details).filter(|_| may_go)?;
            Some((told, top))
        };
        let without_calendar = || vec![&head, &all_endpoints, &all_files];
        let without_files = || vec![&head, &all_endpoints, &*brief_files];
        let without_passing = || vec![&head, &*brief_endpoints, &*brief_files];
        let with_fewest = || vec![&head, &*fewest_endpoints, &*fewest_files];
        whole(on_a_screen, with_both)
            .or_else(|| whole(anywhere, with_both))
            .or_else(|| less(without_calendar(), whole_remedy))
            .or_else(|| less(without_files(), whole_remedy))
            .or_else(|| less(without_passing(), whole_remedy))
            .or_else(|| less(without_calendar(), least))
            .or_else(|| less(without_files(), least))
            .or_else(|| less(without_passing(), least))
            .or_else(|| less(with_fewest(), least))
            .or_else(|| less(without_passing(), bare))
            .or_else(|| less(with_fewest(), bare))
            .or_else(|| whole(anywhere, bare))
            .unwrap_or_else(|| (told(instead), if may_go { without_calendar() } else { top.to_vec() }))
    };
    let mut page = Page::wide(options.color, options.width);
    for part in top.into_iter().chain(&failing).chain([&open]).chain(&notices).chain(&bottom) {
        page.append(part);
    }
    page.into_text()
}

/// What changed since the report it was compared with.
fn changes(page: &mut Page, report: &Report) {
    if let Some(difference) = &report.difference {
        page.heading("Changes");
        difference.write(page);
    }
}
