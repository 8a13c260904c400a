//! What is wrong with something a user wrote, and what would be right. Collected, never thrown at the first.

use std::collections::HashMap;
use std::fmt;

/// What is wrong, and what would be right; where it stands is the reader's to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong, naming what was written.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl Wrong {
    /// Both sides.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.hint)
    }
}

/// A place in a text, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Something wrong in a definition or a list of endpoints.
///
/// Displayed as `LINE:COLUMN: message; hint`: whoever knows the file's name puts it and a colon before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub at: Position,
    /// The key, from the top: `system[2].client_connections`, counted from 1. Empty where there is none.
    pub key: String,
    /// What is wrong, and what would be right.
    pub wrong: Wrong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.wrong)
    }
}

/// Turns offsets of one text into positions, cheaply for offsets that only grow.
pub(crate) struct Ruler<'t> {
    text: &'t str,
    offset: usize,
    at: Position,
}

impl<'t> Ruler<'t> {
    /// At the text's beginning; a byte order mark has no column.
    pub(crate) fn new(text: &'t str) -> Self {
        let offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, offset, at: Position { line: 1, column: 1 } }
    }

    /// The position of a byte offset not smaller than the one asked for before; offsets past the end are the end.
    pub(crate) fn position(&mut self, offset: usize) -> Position {
        let passed = self.text.get(self.offset..).unwrap_or_default();
        for (at, character) in passed.char_indices() {
            if self.offset + at >= offset {
                self.offset += at;
                return self.at;
            }
            if character == '\n' {
                self.at = Position { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.offset = self.text.len();
        self.at
    }
}

/// The positions of many offsets of one text, in no order.
pub(crate) struct Places(HashMap<usize, Position>);

impl Places {
    /// Looks them all up in one walk.
    pub(crate) fn of(text: &str, offsets: impl IntoIterator<Item = usize>) -> Self {
        let mut offsets: Vec<usize> = offsets.into_iter().collect();
        offsets.sort_unstable();
        let mut ruler = Ruler::new(text);
        Self(offsets.into_iter().map(|offset| (offset, ruler.position(offset))).collect())
    }

    /// The position of one of them.
    pub(crate) fn at(&self, offset: usize) -> Position {
        self.0.get(&offset).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Ruler};

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "\u{feff}a\u{e9}b\r\n\nxyz";
        let at = |wanted: &str| {
            let offset = text.find(wanted).unwrap_or(text.len());
            let Position { line, column } = Ruler::new(text).position(offset);
            (line, column)
        };
        assert_eq!(at("a"), (1, 1));
        assert_eq!(at("b"), (1, 3));
        assert_eq!(at("\nxyz"), (2, 1));
        assert_eq!(at("z"), (3, 3));
        assert_eq!(at("not there"), (3, 4));
        let mut ruler = Ruler::new(text);
        assert_eq!(ruler.position(3), ruler.position(3));
        assert_eq!(ruler.position(usize::MAX), Position { line: 3, column: 4 });
    }
}
