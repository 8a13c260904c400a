//! A calendar of what ends (RFC 5545), to be imported or subscribed to. Importing it again updates its entries: each keeps
//! its id as long as the certificate is the same.

use std::collections::HashSet;
use std::fmt::Write;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use time::{Date, Duration, UtcOffset};

use super::calendar::{EndKind, EndReport, common_name};
use super::document::Report;
use super::foreign::Foreign;
use super::view::View;
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

/// How many octets a line may have.
const LINE: usize = 75;
/// The last reminder, in days.
const LAST_ALARM: u32 = 7;

/// Writes the calendar: everything that ends, or only what ends within so many days.
pub fn render(report: &Report, within_days: Option<u32>) -> String {
    let view = View::new(report);
    let mut calendar = Calendar(String::new());
    let version = Foreign::value(&report.run.tool.version);
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", &format!("-//cmprobe//cmprobe {}//EN", version.for_calendar())),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", &format!("{} certificates", Foreign::value(view.site()).for_calendar())),
    ] {
        calendar.line(name, value);
    }
    let stamp = compact(report.run.finished_at);
    let mut known = HashSet::new();
    for end in report.calendar.iter().filter(|end| is_told(end, within_days)) {
        // Of one authority several lists may be about, an older one somewhere: each is an entry.
        let first = id(end, "");
        let id = if known.contains(&first) { id(end, &end.ends.to_string()) } else { first };
        event(&mut calendar, &view, (end, &id), &stamp);
        known.insert(id);
    }
    calendar.line("END", "VCALENDAR");
    calendar.0
}

fn is_told(end: &EndReport, within_days: Option<u32>) -> bool {
    within_days.is_none_or(|most| end.days <= i64::from(most))
}

/// Whether a reminder so many days before falls after its beginning: of what is renewed every week nobody is reminded a
/// month before.
fn is_timely(end: &EndReport, days: u32) -> bool {
    end.kind != EndKind::RevocationList || end.since.is_none_or(|since| since.days_until(end.ends) > i64::from(days))
}

fn event(calendar: &mut Calendar, view: &View<'_>, (end, id): (&EndReport, &str), stamp: &str) {
    let what = Foreign::value(&end.what);
    let summary = match &end.renewed_by {
        Some(_) => format!("{} ends (renewed, not bound)", what.for_calendar()),
        None => format!("{} ends", what.for_calendar()),
    };
    calendar.line("BEGIN", "VEVENT");
    calendar.line("UID", &format!("{id}@cmprobe"));
    calendar.line("DTSTAMP", stamp);
    calendar.line("DTSTART;VALUE=DATE", &day(end).to_string().replace('-', ""));
    calendar.line("SUMMARY", &summary);
    calendar.line("DESCRIPTION", &description(view, end));
    calendar.line("TRANSP", "TRANSPARENT");
    let mut alarms = vec![view.report.circumstances.warn_days, LAST_ALARM];
    alarms.dedup();
    alarms.retain(|days| is_timely(end, *days));
    for days in alarms {
        calendar.line("BEGIN", "VALARM");
        calendar.line("ACTION", "DISPLAY");
        calendar.line("DESCRIPTION", &summary);
        calendar.line("TRIGGER", &format!("-P{days}D"));
        calendar.line("END", "VALARM");
    }
    calendar.line("END", "VEVENT");
}

/// The day it is entered at: of a waiver the last on which it holds, of everything else that of the end.
fn day(end: &EndReport) -> Date {
    let at = end.ends.0.to_offset(UtcOffset::UTC);
    match end.kind {
        EndKind::Waiver => (at - Duration::SECOND).date(),
        EndKind::Certificate | EndKind::Authority | EndKind::RevocationList => at.date(),
    }
}

/// 32 hexadecimal digits of SHA-256 over what it is, what it is used for, and what tells it from another of its kind.
fn id(end: &EndReport, apart: &str) -> String {
    let which = end.fingerprint.as_deref().unwrap_or(&end.what);
    let mut id = HEXLOWER.encode(&Sha256::digest(format!("{which}\0{}{apart}", end.used_for)));
    id.truncate(32);
    id
}

fn description(view: &View<'_>, end: &EndReport) -> String {
    const PLACES: usize = 5;
    let mut parts = Vec::new();
    let subject = Foreign::value(end.subject.as_deref().unwrap_or_default());
    let issuer = Foreign::value(common_name(end.issuer.as_deref().unwrap_or_default()));
    parts.push(match (subject.is_empty(), issuer.is_empty()) {
        (false, false) => format!("{}\\, issued by {}", subject.for_calendar(), issuer.for_calendar()),
        (true, false) => format!("issued by {}", issuer.for_calendar()),
        (false, true) => subject.for_calendar(),
        (true, true) => String::new(),
    });
    let mut places: Vec<String> = Vec::new();
    for place in &end.places {
        let subject = view.subject(place);
        let words = match (subject.system, subject.role) {
            (Some(system), Some(role)) => format!("{system}/{}", role.name()),
            (Some(_), None) | (None, _) => place.clone(),
        };
        if places.last() != Some(&words) {
            places.push(words);
        }
    }
    parts.extend(places.iter().take(PLACES).map(|place| format!("seen at {}", Foreign::value(place).for_calendar())));
    if places.len() > PLACES {
        parts.push(format!("and at {}", counted(places.len() - PLACES, "more place")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\\n")
}

/// `20261126T210003Z`
fn compact(at: Timestamp) -> String {
    at.to_string().replace(['-', ':'], "")
}

/// Content lines, folded.
struct Calendar(String);

impl Calendar {
    fn line(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut rest = line.as_str();
        let mut room = LINE;
        while rest.len() > room {
            let mut at = room;
            while !rest.is_char_boundary(at) {
                at -= 1;
            }
            let (first, left) = rest.split_at(at);
            // Writing to a String cannot fail.
            let _ = write!(self.0, "{first}\r\n ");
            rest = left;
            // The blank a folded line begins with counts.
            room = LINE - 1;
        }
        let _ = write!(self.0, "{rest}\r\n");
    }
}
