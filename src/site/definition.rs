//! The site definition: TOML text understood as a [`Site`], or everything that is wrong with it at once. Pure: files the
//! definition names are read elsewhere, and whether a waiver's requirement exists is the catalogue's to say.

mod brackets;
mod faults;
mod keys;
mod meaning;
pub mod outline;
mod schema;
mod shape;
mod words;

use std::path::Path;

use toml::de::DeTable;

use super::Site;
use super::fault::{Fault, Places, Wrong};
use super::suggestion::nearest;
use super::waiver::Waiver;
use faults::{Cause, Faults};
pub use schema::definition_schema;

impl Site {
    /// Understands a definition. `folder` is what its relative paths start from: the folder it lies in.
    ///
    /// # Errors
    /// Every fault there is, in the order of the text.
    pub fn from_toml(text: &str, folder: &Path) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let (document, broken) = DeTable::parse_recoverable(text);
        let mended = brackets::mend(text, document.get_ref(), &broken);
        let text = mended.as_ref().map_or(text, |mended| mended.text.as_str());
        for (table, places) in mended.iter().flat_map(|mended| &mended.lacking) {
            add_brackets(table, places, text, &mut faults);
        }
        let (document, broken) = if mended.is_some() { DeTable::parse_recoverable(text) } else { (document, broken) };
        for error in broken.iter().take(faults::MOST_KEPT) {
            add_syntax(error, text, &mut faults);
        }
        let file = shape::read(document.get_ref(), &mut faults);
        let site = meaning::site(&file, folder, text, &mut faults);
        if faults.is_empty() { Ok(site) } else { Err(faults.in_order(text)) }
    }
}

/// The fault of a waiver whose requirement is none of those `known`.
pub fn unknown_requirement<'a>(waiver: &Waiver, known: impl Iterator<Item = &'a str> + Clone) -> Option<Fault> {
    if known.clone().any(|id| id == waiver.requirement) {
        return None;
    }
    let hint = match nearest(&waiver.requirement, known) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "cmprobe explain lists the requirements".to_owned(),
    };
    let wrong = Wrong::new(format!("no requirement is called {}", words::shown(&waiver.requirement)), hint);
    Some(Fault { at: waiver.at, key: "waiver.requirement".to_owned(), wrong })
}

/// One complaint for all headings of a kind that lack brackets.
fn add_brackets(table: &'static keys::Table, places: &[usize], text: &str, faults: &mut Faults) {
    let Some((first, others)) = places.split_first() else { return };
    let known = Places::of(text, places.iter().copied());
    let others: Vec<String> = others.iter().take(20).map(|place| known.at(*place).line.to_string()).collect();
    let others = match others.as_slice() {
        [] => String::new(),
        [one] => format!(", in line {one} too"),
        several => format!(", in lines {} too", several.join(", ")),
    };
    let wrong = Wrong::new(
        format!("[{}] is one table, and there may be several", table.name),
        format!("write {}, with two brackets on each side{others}", table.heading),
    );
    faults.add(Cause::Value, *first..*first + 1, table.name.to_owned(), wrong);
}

/// The text in double quotes around an offset, where it holds a backslash: what was meant as a path.
fn quoted_around(text: &str, offset: usize) -> Option<&str> {
    let line_start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..offset)?;
    let begin = line_start + before.rfind('"')? + 1;
    let line_end = text.get(offset..)?.find('\n').map_or(text.len(), |at| offset + at);
    let length = text.get(begin..line_end)?.find('"').unwrap_or(line_end - begin);
    text.get(begin..begin + length).filter(|quoted| quoted.contains('\\'))
}

/// What stands on a line before an offset; of a very long line only the end.
fn line_before(text: &str, offset: usize) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 1024;
    let before = text.as_bytes().get(offset.saturating_sub(LONGEST)..offset).unwrap_or_default();
    String::from_utf8_lossy(before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default())
}

/// What the TOML parser has against the text, in its words.
fn add_syntax(error: &toml::de::Error, text: &str, faults: &mut Faults) {
    let at = error.span().unwrap_or(0..0);
    let (message, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let line_before = line_before(text, at.start);
    let cause = if message == "duplicate key" || line_before.contains('=') && !message.contains("unclosed") {
        Cause::Syntax
    } else {
        Cause::Structure
    };
    let key = line_before.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let secret = ["pass", "secret", "proxy"].iter().any(|word| key.contains(word));
    let written =
        text.get(at.clone()).filter(|written| !secret && !written.trim().is_empty() && !written.contains('\n'));
    let escape = ["escape", "unicode value"].iter().any(|word| message.contains(word));
    if let Some(path) = quoted_around(text, at.start).filter(|_| escape) {
        let shown = if secret { "\u{2026}" } else { path };
        let message = "in double quotes a backslash begins a sign of its own";
        faults.add(cause, at, String::new(), Wrong::new(message, words::backslashes(shown)));
        return;
    }
    let (message, hint) = match (message, written) {
        ("duplicate key", Some(key)) => (
            format!("{} is there twice", words::shown(key)),
            "leave one of them; what may be there several times has two brackets: [[system]]".to_owned(),
        ),
        ("string values must be quoted", written) => (
            match written {
                Some(value) => format!("{} is not a TOML value", words::shown(value)),
                None if secret => "this is not a TOML value".to_owned(),
                None => "there is no value".to_owned(),
            },
            "texts stand in quotes, as in code = \"PRI\"; numbers, dates, true and false do not".to_owned(),
        ),
        (message, written) => (
            match written {
                Some(written) => format!("this is not TOML: {message}, at {}", words::shown(written)),
                None => format!("this is not TOML: {message}"),
            },
            if expected.is_empty() { "see https://toml.io".to_owned() } else { format!("expected {expected}") },
        ),
    };
    faults.add(cause, at, String::new(), Wrong::new(message, hint));
}
