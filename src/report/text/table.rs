//! Rows in columns that never wrap: where they are too wide for the terminal, the columns that matter least are shortened,
//! then left out.

use crate::report::page::{Ink, Page, columns};

/// Which rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Each, and what is known of it beside.
    Everything,
    /// Each; those that stand alike are one.
    Alike,
    /// Each that is not in order; those that are, are one.
    Wrong,
    /// Those that stand alike are one, whatever they are.
    Fewest,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) heading: &'static str,
    /// How much it matters: what matters least is shortened first.
    pub(super) weight: u8,
    /// Shortened to less than this it is left out.
    pub(super) least: usize,
    /// Which part of a text is kept where it is shortened.
    pub(super) keeps: Keeps,
}

/// Which part of a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// What it begins with.
    Beginning,
    /// What it ends with.
    End,
}

/// A line of a table.
#[derive(Clone, Debug)]
pub(super) enum Line<const N: usize> {
    /// A cell for each column, escaped.
    Cells([String; N]),
    /// Words over all columns, in versions, the longest first; escaped.
    Spanning(Vec<String>),
}

/// A table: a word in its colour before each line, then its columns.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    columns: [Column; N],
    widths: [Option<usize>; N],
    gap: usize,
    width: usize,
    rows: usize,
}

/// Where a line begins behind its word.
pub(super) const INDENT: usize = 5;
/// Narrower than this, a text says nothing.
const NOTHING: usize = 4;

impl<const N: usize> Table<N> {
    /// Lays lines out; a column in which nothing is said, or that is not wanted, is left out.
    pub(super) fn new(columns_of: [Column; N], wanted: [bool; N], lines: &[Line<N>], width: usize) -> Self {
        let cells: Vec<&[String; N]> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Cells(cells) => Some(cells),
                Line::Spanning(_) => None,
            })
            .collect();
        let widths = std::array::from_fn(|at| {
            let longest = cells.iter().map(|cells| columns(&cells[at])).max().unwrap_or(0);
            (wanted[at] && longest > 0).then(|| longest.max(columns(columns_of[at].heading)))
        });
        let mut table = Self { columns: columns_of, widths, gap: 2, width, rows: cells.len() };
        if !table.fits() {
            table.gap = 1;
        }
        table.shrink();
        // What was left out may have made room.
        table.gap = 2;
        if !table.fits() {
            table.gap = 1;
        }
        table
    }

    fn taken(&self) -> usize {
        let shown = self.widths.iter().flatten();
        INDENT + shown.clone().sum::<usize>() + shown.count().saturating_sub(1) * self.gap
    }

    fn fits(&self) -> bool {
        self.taken() <= self.width
    }

    /// Shortens columns, what matters least first, until the lines fit.
    fn shrink(&mut self) {
        let mut order: Vec<usize> = (0..N).collect();
        order.sort_by_key(|at| self.columns[*at].weight);
        // The last columns are shortened further before anything that matters more is.
        for least in [None, Some(NOTHING)] {
            for at in &order {
                let excess = self.taken().saturating_sub(self.width);
                let Some(width) = self.widths[*at].filter(|_| excess > 0) else { continue };
                let least = least.unwrap_or(self.columns[*at].least);
                let wanted = width.saturating_sub(excess);
                let matters_most = order.last() == Some(at);
                self.widths[*at] = if wanted >= least || matters_most {
                    Some(wanted.max(NOTHING))
                } else if self.columns[*at].weight <= DISPENSABLE {
                    None
                } else {
                    Some(width.min(least))
                };
            }
        }
    }

    /// The columns' headings, where there are columns to be told apart.
    pub(super) fn headings(&self, page: &mut Page) {
        if self.rows > 1 {
            let headings = self.columns.map(|column| column.heading.to_owned());
            page.inked(Ink::Quiet, format!("{:INDENT$}{}", "", self.aligned(&headings)).trim_end());
        }
    }

    fn aligned(&self, cells: &[String; N]) -> String {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(self.widths).zip(self.columns) {
            if let Some(width) = width {
                let cell = shortened(cell, width, column.keeps);
                line.push_str(&cell);
                line.push_str(&" ".repeat((width + self.gap).saturating_sub(columns(&cell))));
            }
        }
        line.trim_end().to_owned()
    }

    /// Writes a line.
    pub(super) fn write(&self, page: &mut Page, word: &str, ink: Ink, line: &Line<N>) {
        let room = self.width.saturating_sub(INDENT);
        let words = match line {
            Line::Cells(cells) => self.aligned(cells),
            Line::Spanning(versions) => {
                let fits = versions.iter().find(|version| columns(version) <= room);
                let last = || versions.last().map(|last| shortened(last, room, Keeps::Beginning)).unwrap_or_default();
                fits.cloned().unwrap_or_else(last)
            }
        };
        let margin = INDENT.saturating_sub(columns(word));
        let word = page.paint(ink, word);
        page.line(&format!("{word}{:margin$}{words}", ""));
    }
}

/// Up to this weight a column can be left out.
pub(super) const DISPENSABLE: u8 = 4;

/// A text in so many columns; what is left out is an ellipsis.
pub(super) fn shortened(text: &str, width: usize, keeps: Keeps) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let mut kept = 0;
    let mut fits = |character: &char| {
        kept += columns(character.encode_utf8(&mut [0; 4]));
        kept <= room
    };
    match keeps {
        Keeps::Beginning => text.chars().take_while(&mut fits).chain(std::iter::once('\u{2026}')).collect(),
        Keeps::End => {
            let mut end: Vec<char> = text.chars().rev().take_while(&mut fits).collect();
            end.push('\u{2026}');
            end.iter().rev().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Keeps, Line, Table, shortened};
    use crate::report::page::{Ink, Page, columns};

    #[test]
    fn texts_are_shortened_where_it_matters_least_and_by_columns() {
        assert_eq!(shortened("abcdef", 6, Keeps::Beginning), "abcdef");
        assert_eq!(shortened("abcdef", 5, Keeps::Beginning), "abcd\u{2026}");
        assert_eq!(shortened("abcdef", 3, Keeps::End), "\u{2026}ef");
        assert_eq!(shortened("\u{6771}\u{4eac}\u{6771}", 4, Keeps::Beginning), "\u{6771}\u{2026}");
    }

    #[test]
    fn what_matters_least_gives_way_first_and_no_line_is_too_wide() {
        let column = |heading, weight, least| Column { heading, weight, least, keeps: Keeps::Beginning };
        let columns_of = [column("A", 9, 6), column("B", 1, 5), column("C", 5, 6)];
        let line = Line::Cells(["a".repeat(10), "b".repeat(20), "c".repeat(20)]);
        for (width, words) in [
            (60, "x    aaaaaaaaaa  bbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccc"),
            (50, "x    aaaaaaaaaa bbbbbbbbbbbb\u{2026} cccccccccccccccccccc"),
            (40, "x    aaaaaaaaaa  cccccccccccccccccccc"),
            (30, "x    aaaaaaaaaa ccccccccccccc\u{2026}"),
            (20, "x    aaaaaaa\u{2026} ccccc\u{2026}"),
        ] {
            let table = Table::new(columns_of, [true; 3], std::slice::from_ref(&line), width);
            let mut page = Page::new(false);
            table.write(&mut page, "x", Ink::Good, &line);
            let text = page.into_text();
            assert!(columns(text.trim_end()) <= width, "{width}: {text}");
            assert_eq!(text.trim_end(), words, "{width}");
        }
    }
}
