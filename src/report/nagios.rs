//! A monitoring plug-in's output, for Nagios, Icinga, Naemon and Centreon: a line with the verdict and performance data,
//! then a line for each thing that is wrong. The state is the program's exit code with `--format nagios`.

use super::document::Report;
use super::foreign::{Foreign, plain};
use super::view::{Counted, Matter, Part, Sides, View, Weight};
use crate::verdict::severity::Severity;
use crate::wire::timestamp::Timestamp;

/// The longest first line, in octets: what NRPE 2 passes on.
const FIRST_LINE: usize = 1_000;
/// The longest output, in octets: what Nagios 3 reads.
const WHOLE: usize = 4_000;
/// The longest further line, in octets.
const LINE: usize = 400;

/// A plug-in's states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing to be told.
    Ok,
    /// Something should be looked at.
    Warning,
    /// Something is broken.
    Critical,
    /// It could not be told.
    Unknown,
}

impl State {
    /// The state of a run.
    pub fn of(report: &Report) -> Self {
        let summary = &report.run.summary;
        let view = View::new(report);
        let notices = if summary.fail_on == Severity::Notice { summary.fail.notice } else { 0 };
        if !summary.complete {
            Self::Unknown
        } else if summary.fail.error > 0 {
            Self::Critical
        } else if summary.fail.warning > 0 || notices > 0 || view.changed() {
            Self::Warning
        } else if view.counts(Counted::Unknown).error > 0 {
            Self::Unknown
        } else {
            Self::Ok
        }
    }

    /// The exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    /// The word in the first line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Writes the output.
pub fn render(report: &Report) -> String {
    let view = View::new(report);
    if !report.run.summary.complete {
        return unknown("the run was ended before everything planned was looked at");
    }
    let matters = view.matters();
    let looked_at = match (report.endpoints.len(), report.files.len()) {
        (0, files) if files > 0 => crate::wire::counted::counted(files, "file"),
        (endpoints, _) => crate::wire::counted::counted(endpoints, "endpoint"),
    };
    let site = Foreign::value(view.site());
    let state = State::of(report).word();
    let counts = view.counts_in_words();
    let mut text = format!("CMPROBE {state} - {}: {counts} at {looked_at}", site.for_plugin());
    if let Some(first) = matters.first().map(Matter::sentence) {
        text += &format!("; {}", Foreign::message(&first).for_plugin());
    } else if view.changed() {
        text += "; something changed since the baseline";
    }
    let data = performance(&view);
    let room = FIRST_LINE.saturating_sub(data.len() + 3);
    let mut output = format!("{} | {data}\n", shortened(&text, room));
    for (at, matter) in matters.iter().enumerate() {
        let line = shortened(&line(matter), LINE);
        let left = matters.len() - at;
        let note = format!("... and {left} more\n");
        let is_last = left == 1;
        if output.len() + line.len() + 1 + if is_last { 0 } else { note.len() } > WHOLE {
            output += &note;
            break;
        }
        output += &line;
        output.push('\n');
    }
    output
}

/// The output where there is no report: why.
pub fn unknown(why: &str) -> String {
    format!("CMPROBE UNKNOWN - {}\n", shortened(&Foreign::message(why).for_plugin(), FIRST_LINE))
}

fn line(matter: &Matter<'_>) -> String {
    let word = match matter.weight {
        Weight::Error => "CRITICAL",
        Weight::Warning => "WARNING",
        Weight::Notice => "NOTICE",
        Weight::Undecided => "UNKNOWN",
    };
    let sides = match matter.sides() {
        Sides::Message(message) => Foreign::message(message).for_plugin(),
        Sides::Both(expected, observed) => format!(
            "expected {}, observed {}",
            Foreign::joined(expected, "; ").for_plugin(),
            Foreign::joined(observed, "; ").for_plugin()
        ),
    };
    let place = Foreign::owned(matter.place_words());
    let requirement = Foreign::value(matter.requirement).for_plugin();
    let follow = match matter.consequences {
        0 => String::new(),
        count => format!(" ({count} follow from it)"),
    };
    format!("[{word}] {requirement} at {}: {sides}{follow}", place.for_plugin())
}

/// The performance data: always the same labels, `U` where there is nothing.
fn performance(view: &View<'_>) -> String {
    let report = view.report;
    let fail = report.run.summary.fail;
    let unknown = view.counts(Counted::Unknown).error;
    let endpoints = report.endpoints.len();
    let warn = report.circumstances.warn_days;
    let days = |end: Option<Timestamp>| end.map_or_else(|| "U".to_owned(), |end| view.days(end).to_string());
    let first = |part| view.first_end(&report.endpoints, part);
    let hours = view.first_list_end(None).map_or_else(|| "U".to_owned(), |end| view.hours(end).to_string());
    let mut data = vec![
        format!("errors={};;0;0", fail.error),
        format!("warnings={};0;;0", fail.warning),
        format!("unknown={unknown};0;;0"),
        format!("endpoints={endpoints};;;0"),
        format!("unreached={};;0;0;{endpoints}", view.unreached()),
        format!("days_leaf={};{warn}:;0:", days(first(Part::Leaf))),
        format!("days_chain={};{warn}:;0:", days(first(Part::Authorities))),
        format!("hours_crl={hours};48:;0:"),
    ];
    if let [endpoint] = report.endpoints.as_slice() {
        let ends = view.chain(endpoint).map(|certificate| days(certificate.not_after));
        data.extend(ends.zip(1_u8..=9).map(|(days, nth)| format!("days_chain_elem{nth}={days};{warn}:;0:")));
    }
    data.join(" ")
}

/// At most so many octets; text is ASCII by now, and what is cut ends in dots.
fn shortened(text: &str, most: usize) -> String {
    let text = plain(text);
    if text.len() <= most {
        return text;
    }
    format!("{}...", text.get(..most.saturating_sub(3)).unwrap_or_default())
}
