//! Lines of a width, in colour or not, with everything escaped that a terminal would act upon. Lines break between words
//! only: an id, a URL, a path can be copied as it stands; one that is longer than a line has a line for itself.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::{AnsiColor, Color, Style};
use unicode_width::UnicodeWidthStr;

use super::foreign::Foreign;
use crate::verdict::severity::Severity;

/// The widest a line gets where nobody says how wide the terminal is.
pub(super) const WIDTH: usize = 80;
/// What is laid out for even where the terminal is narrower.
const NARROWEST: usize = 40;

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Good,
    Error,
    Warning,
    Notice,
    Quiet,
    Heading,
}

impl Ink {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(Color::Ansi(color)));
        match self {
            Self::Good => color(AnsiColor::Green),
            Self::Error => color(AnsiColor::Red).bold(),
            Self::Warning => color(AnsiColor::Yellow),
            Self::Notice => color(AnsiColor::Cyan),
            Self::Quiet => Style::new().dimmed(),
            Self::Heading => Style::new().bold(),
        }
    }
}

impl From<Severity> for Ink {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Notice => Self::Notice,
        }
    }
}

/// Text being written.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    color: bool,
    width: usize,
    /// Whether a word that is wider than a line is broken.
    breaks: bool,
}

impl Page {
    pub(super) const fn new(color: bool) -> Self {
        Self { text: String::new(), color, width: WIDTH, breaks: false }
    }

    /// A page of another width.
    pub(super) fn wide(color: bool, width: usize) -> Self {
        Self { text: String::new(), color, width: width.max(NARROWEST), breaks: false }
    }

    /// The same page, on which no line is wider than it: a word that has no room in a line is broken, behind a slash where
    /// there is one.
    pub(super) fn breaking(self) -> Self {
        Self { breaks: true, ..self }
    }

    /// An empty page of the same width and colours.
    pub(super) const fn another(&self) -> Self {
        Self { text: String::new(), color: self.color, width: self.width, breaks: self.breaks }
    }

    /// Another page below this one, without a line between them.
    pub(super) fn append_directly(&mut self, other: &Self) {
        self.text.push_str(&other.text);
    }

    /// How many columns a line has.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// How many lines are written.
    pub(super) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Another page below this one, with an empty line between them where both have something.
    pub(super) fn append(&mut self, other: &Self) {
        if !other.text.is_empty() {
            self.gap();
            self.text.push_str(&other.text);
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An empty line, unless it would be the first.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A heading, with an empty line before it.
    pub(super) fn heading(&mut self, words: &str) {
        self.gap();
        self.inked(Ink::Heading, words);
    }

    /// Words of ours in one colour, as they are where they fit, else wrapped.
    pub(super) fn inked(&mut self, ink: Ink, words: &str) {
        let fits = columns(words) <= self.width;
        for line in if fits { vec![words.to_owned()] } else { wrap(words, self.width, self.width) } {
            let painted = self.paint(ink, &line);
            self.text.push_str(&painted);
            self.text.push('\n');
        }
    }

    /// A heading whose beginning is in a colour.
    pub(super) fn begun_in(&mut self, ink: Ink, beginning: &str, words: &str) {
        let whole = format!("{beginning} {words}");
        for line in wrap(&whole, self.width, self.width) {
            let painted = match line.strip_prefix(beginning) {
                Some(rest) => self.paint(ink, beginning) + &self.paint(Ink::Heading, rest),
                None => self.paint(Ink::Heading, &line),
            };
            self.text.push_str(&painted);
            self.text.push('\n');
        }
    }

    /// Words in a colour.
    pub(super) fn paint(&self, ink: Ink, words: &str) -> String {
        if self.color && !words.is_empty() { format!("{0}{words}{0:#}", ink.style()) } else { words.to_owned() }
    }

    /// Text from anywhere, escaped and wrapped: the first line indented by `first`, the others by `rest`.
    pub(super) fn wrapped(&mut self, first: usize, rest: usize, words: &str) {
        self.labelled(first, "", Ink::Quiet, rest, words);
    }

    /// A coloured label, then text from anywhere, escaped and wrapped. The text begins at column `rest`, or behind the
    /// label where that is longer.
    pub(super) fn labelled(&mut self, first: usize, label: &str, ink: Ink, rest: usize, words: &str) {
        let label_end = first + columns(label);
        let begin = if label.is_empty() { first } else { rest.max(label_end + 1) };
        let room = self.width.saturating_sub(begin);
        let beside = self.width.saturating_sub(rest);
        let escaped = escape(words);
        let words = if self.breaks { broken(&escaped, beside) } else { escaped };
        let mut lines = wrap(&words, room, beside);
        if !label.is_empty() && lines.first().is_some_and(|line| columns(line) > room) {
            // What is too long to stand beside its label stands below it.
            lines.insert(0, String::new());
        }
        let painted = self.paint(ink, label);
        for (at, line) in lines.iter().enumerate() {
            if at == 0 && !label.is_empty() {
                let margin = begin - label_end;
                let _ = writeln!(self.text, "{}", format!("{:first$}{painted}{:margin$}{line}", "", "").trim_end());
                continue;
            }
            // A line that is too long, being one word, begins as far left as it must; where it is too long even for a
            // line of its own, it stands under what it belongs to.
            let margin = if at == 0 { begin } else { rest };
            let margin = self.width.checked_sub(columns(line)).map_or(margin, |room| margin.min(room));
            let _ = writeln!(self.text, "{:margin$}{line}", "");
        }
    }

    /// A line that is already laid out, escaped and coloured.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// Replaces what a terminal acts upon or what misleads the eye (controls, directional marks, invisible spaces) by its
/// code point, so that nothing a certificate, a body or a DNS answer holds can write to the terminal in our name.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_treacherous(character) {
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl Foreign<'_> {
    /// For a terminal, or for a file that is shown in one.
    pub(super) fn for_terminal(&self) -> String {
        escape(self.for_json()).into_owned()
    }
}

/// How many columns a terminal gives a text: letters of East Asia take two, marks that combine none.
pub(super) fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Breaks text into lines, the first of one width and the others of another, at spaces. A word that is wider than a line
/// is not broken, and has the line for itself. At least one line, perhaps empty.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let width = if lines.is_empty() { first } else { rest };
        if line.is_empty() {
            line.push_str(word);
        } else if columns(&line) + 1 + columns(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    lines
}

/// The same text with a space in each word that is wider than a line: behind its last slash that has room, else where the
/// line ends.
fn broken(text: &str, width: usize) -> Cow<'_, str> {
    let width = width.max(2);
    if text.split(' ').all(|word| columns(word) <= width) {
        return Cow::Borrowed(text);
    }
    let mut pieces = Vec::new();
    for mut word in text.split(' ') {
        loop {
            let ends = || word.char_indices().map(|(at, character)| at + character.len_utf8());
            let has_room = |end: &usize| columns(&word[..*end]) <= width;
            if ends().all(|end| has_room(&end)) {
                break;
            }
            let slashes = ends().take_while(has_room).filter(|end| word[..*end].ends_with('/'));
            let end = slashes.last().or_else(|| ends().take_while(has_room).last()).unwrap_or(word.len());
            let (piece, rest) = word.split_at(end);
            pieces.push(piece);
            word = rest;
        }
        pieces.push(word);
    }
    Cow::Owned(pieces.join(" "))
}

/// Breaks a line between words so that it fits a width, those that continue it indented; a word that is wider than a line
/// (an id, a path, a URL) is not broken.
pub fn wrapped(line: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = wrap(line, width, width.saturating_sub(indent));
    for line in lines.iter_mut().skip(1) {
        let margin = width.checked_sub(columns(line)).map_or(indent, |room| indent.min(room));
        line.insert_str(0, &" ".repeat(margin));
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ink, Page, columns, escape, wrap, wrapped};

    #[test]
    fn what_a_terminal_would_act_upon_is_escaped() {
        assert_eq!(escape("CN=\u{1b}[2J\u{7}evil\r\n"), "CN=\\u{1b}[2J\\u{7}evil\\u{d}\\u{a}");
        assert_eq!(escape("a\u{202e}b\u{200b}c\u{9b}d"), "a\\u{202e}b\\u{200b}c\\u{9b}d");
        assert_eq!(escape("m\u{fc}nchen \u{201c}x\u{201d}"), "m\u{fc}nchen \u{201c}x\u{201d}");
    }

    #[test]
    fn lines_break_at_spaces_and_nowhere_else() {
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("", 10, 10), [""]);
        assert_eq!(wrap("at MP01/management-point/mp01 too", 24, 24), ["at", "MP01/management-point/mp01", "too"]);
        assert_eq!(wrap("\u{6771}\u{4eac} \u{6771}\u{4eac}", 9, 8), ["\u{6771}\u{4eac} \u{6771}\u{4eac}"]);
        assert_eq!(wrap("\u{6771}\u{4eac} \u{6771}\u{4eac}", 8, 8), ["\u{6771}\u{4eac}", "\u{6771}\u{4eac}"]);
    }

    #[test]
    fn what_continues_a_line_is_indented_and_no_path_is_broken() {
        assert_eq!(wrapped("cmprobe: all of it", 20, 9), ["cmprobe: all of it"]);
        assert_eq!(wrapped("cmprobe: one two three four", 20, 9), ["cmprobe: one two", "         three four"]);
        let path = "/a/path/of/some/length/";
        assert_eq!(
            wrapped(&format!("cmprobe: in {path} now"), 26, 9),
            ["cmprobe: in", &format!("   {path}"), "         now"]
        );
    }

    #[test]
    fn an_id_too_long_for_its_line_has_one_for_itself_as_far_left_as_it_must() {
        let mut page = Page::wide(false, 40);
        page.labelled(2, "where", Ink::Quiet, 12, &"x".repeat(36));
        page.labelled(2, "where", Ink::Quiet, 12, &"y".repeat(50));
        page.labelled(2, "where", Ink::Quiet, 12, &"z".repeat(28));
        let (x, y, z) = ("x".repeat(36), "y".repeat(50), "z".repeat(28));
        assert_eq!(page.into_text(), format!("  where\n    {x}\n  where\n            {y}\n  where     {z}\n"));
    }

    #[test]
    fn on_a_page_that_breaks_words_an_id_ends_behind_a_slash_and_the_rest_stands_below() {
        let mut page = Page::wide(false, 40).breaking();
        page.labelled(
            2,
            "error",
            Ink::Quiet,
            10,
            "web-server/validity MP01/management-point/mp01.corp.contoso.com/intranet",
        );
        assert_eq!(
            page.into_text(),
            "  error   web-server/validity\n          MP01/management-point/\n          mp01.corp.contoso.com/intranet\n"
        );
    }

    proptest! {
        #[test]
        fn a_page_that_breaks_words_loses_nothing_and_is_nowhere_too_wide(
            text in "[a-z/\u{4e2d} ]{0,300}", first in 0usize..9, rest in 9usize..20, label in "[a-z]{0,12}",
        ) {
            let mut page = Page::wide(false, 40).breaking();
            page.labelled(first, &label, Ink::Quiet, rest, &text);
            let told = page.into_text();
            prop_assert!(told.lines().all(|line| columns(line) <= 40), "{}", told);
            let squeezed = |text: &str| text.replace([' ', '\n'], "");
            prop_assert_eq!(squeezed(&told), squeezed(&format!("{label}{text}")));
        }

        #[test]
        fn nothing_is_lost_and_no_line_of_several_words_is_too_long(text in "[a-z/, ]{0,200}", first in 8usize..80, rest in 8usize..80) {
            let lines = wrap(&text, first, rest);
            for (at, line) in lines.iter().enumerate() {
                let width = if at == 0 { first } else { rest };
                prop_assert!(line.chars().count() <= width || !line.contains(' '));
            }
            let squeezed = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }

        #[test]
        fn nothing_a_terminal_acts_upon_is_left(text in any::<String>()) {
            prop_assert!(!escape(&text).chars().any(char::is_control));
        }
    }
}
