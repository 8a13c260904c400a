//! What ends: all of it by date where that is asked for, else the next few. What ends on one day and is of one kind is one
//! line.

use super::moment::{date, distance};
use super::ranges::{TOLD, ranges};
use crate::report::calendar::{EndKind, EndReport, common_name};
use crate::report::page::{Ink, Page};
use crate::report::view::View;

/// How many are told where not all are asked for.
const NEXT: usize = 5;

/// What ends on one day and is of one kind.
pub(in crate::report) struct Day<'a> {
    pub(in crate::report) ends: Vec<&'a EndReport>,
}

impl<'a> Day<'a> {
    fn is_on(&self, end: &EndReport) -> bool {
        self.ends.first().is_some_and(|first| date(first.ends) == date(end.ends))
    }

    fn takes(&self, end: &EndReport) -> bool {
        self.ends.first().is_some_and(|first| {
            (first.kind, &first.used_for) == (end.kind, &end.used_for)
                && first.renewed_by.is_some() == end.renewed_by.is_some()
        })
    }

    /// What ends, in words, with at most so many names.
    pub(in crate::report) fn words(&self, most: usize) -> String {
        let words = match self.ends.as_slice() {
            [] => String::new(),
            [one] => one.what.clone(),
            [first, ..] => {
                let what = match first.kind {
                    EndKind::Certificate => format!("{} certificates", first.used_for.replace('-', " ")),
                    EndKind::Authority => "authority certificates".to_owned(),
                    EndKind::RevocationList if first.used_for == "delta" => "delta revocation lists".to_owned(),
                    EndKind::RevocationList => "revocation lists".to_owned(),
                    EndKind::Waiver => format!("waivers of {}", first.used_for),
                };
                let whose = ranges(self.ends.iter().flat_map(|end| whose(end)), most);
                format!("{} {what}: {whose}", self.ends.len())
            }
        };
        let is_renewed = self.ends.iter().any(|end| end.renewed_by.is_some());
        if is_renewed { format!("{words} (renewed, but the new one is not bound)") } else { words }
    }
}

/// The systems concerned; where there are none, what it is called.
fn whose(end: &EndReport) -> Vec<&str> {
    if end.kind == EndKind::Authority || end.systems.is_empty() {
        let name = end.subject.as_deref().or(end.issuer.as_deref()).unwrap_or(&end.what);
        return vec![common_name(name)];
    }
    end.systems.iter().map(String::as_str).collect()
}

/// What ends on one day and is of one kind, together.
pub(in crate::report) fn days<'a>(ends: impl Iterator<Item = &'a EndReport>) -> Vec<Day<'a>> {
    let mut days: Vec<Day<'a>> = Vec::new();
    for end in ends {
        match days.iter_mut().rev().take_while(|day| day.is_on(end)).find(|day| day.takes(end)) {
            Some(day) => day.ends.push(end),
            None => days.push(Day { ends: vec![end] }),
        }
    }
    days
}

pub(super) fn write(page: &mut Page, view: &View<'_>, all: bool) {
    let now = view.report.run.judged_at;
    let calendar = &view.report.calendar;
    let days: Vec<Day<'_>> = if all {
        calendar.iter().map(|end| Day { ends: vec![end] }).collect()
    } else {
        days(calendar.iter().filter(|end| end.ends > now))
    };
    if days.is_empty() {
        return;
    }
    let told = if all { days.len() } else { NEXT };
    let shown: usize = days.iter().take(told).map(|day| day.ends.len()).sum();
    let heading = match (all, shown < calendar.len()) {
        (true, _) => "Everything that ends",
        (false, true) => "Ends next (--show calendar has everything)",
        (false, false) => "Ends next",
    };
    page.inked(Ink::Heading, heading);
    let lines = days.iter().take(told).filter_map(|day| {
        let first = day.ends.first()?;
        Some((format!("{} {}", date(first.ends), distance(now, first.ends)), first.ends <= now, day))
    });
    let lines: Vec<_> = lines.collect();
    let column = 2 + lines.iter().map(|(when, _, _)| when.len()).max().unwrap_or(0) + 1;
    for (when, is_over, day) in lines {
        let ink = if is_over { Ink::Error } else { Ink::Quiet };
        page.labelled(2, &when, ink, column, &day.words(if all { usize::MAX } else { TOLD }));
    }
}
