//! Headings with one bracket where two are meant: `[system]` for `[[system]]`. Read as what is meant, so that there is one
//! complaint and not a dozen that follow from it.

use toml::de::{DeTable, DeValue, Error};

use super::keys::{FILE, Kind, Table};

/// A text whose headings have the brackets they need.
pub(super) struct Mended {
    /// The text. Its lines are those of the original.
    pub(super) text: String,
    /// Each kind of table that lacked brackets, with where its headings begin in the text.
    pub(super) lacking: Vec<(&'static Table, Vec<usize>)>,
}

/// Mends a text where the parser took a list's heading for a table's, or stumbled over the second of its kind.
pub(super) fn mend(text: &str, document: &DeTable<'_>, errors: &[Error]) -> Option<Mended> {
    let is_table = |table: &Table| {
        document.iter().any(|(key, value)| *key.get_ref() == table.name && matches!(value.get_ref(), DeValue::Table(_)))
    };
    let stumbled = |from: usize, to: usize| {
        errors.iter().any(|error| {
            error.message() == "duplicate key" && error.span().is_some_and(|at| (from..to).contains(&at.start))
        })
    };
    let mut mended = Mended { text: String::with_capacity(text.len() + 64), lacking: Vec::new() };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let end = offset + line.len();
        match heading(line).filter(|table| is_table(table) || stumbled(offset, end)) {
            Some(table) => {
                let begin = line.find('[').unwrap_or(0);
                let at = mended.text.len() + begin;
                match mended.lacking.iter_mut().find(|(known, _)| known.name == table.name) {
                    Some((_, places)) => places.push(at),
                    None => mended.lacking.push((table, vec![at])),
                }
                mended.text.push_str(&line.replacen('[', "[[", 1).replacen(']', "]]", 1));
            }
            None => mended.text.push_str(line),
        }
        offset = end;
    }
    (!mended.lacking.is_empty()).then_some(mended)
}

/// The list a line is the heading of, written as that of a table.
fn heading(line: &str) -> Option<&'static Table> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let (name, rest) = line.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    let written = FILE.key(name.trim()).filter(|_| rest.is_empty() || rest.starts_with('#'))?;
    match written.kind {
        Kind::Tables(table) => Some(table),
        _ => None,
    }
}
