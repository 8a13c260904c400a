//! Lines of at most 80 columns, in colour or not, with everything escaped that a terminal would act upon.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::{AnsiColor, Color, Style};

use crate::verdict::severity::Severity;

/// The widest a line gets.
pub(super) const WIDTH: usize = 80;

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
}

impl Page {
    pub(super) const fn new(color: bool) -> Self {
        Self { text: String::new(), color }
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
        let fits = words.chars().count() <= WIDTH;
        for line in if fits { vec![words.to_owned()] } else { wrap(words, WIDTH, WIDTH) } {
            let painted = self.paint(ink, &line);
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
        let label_end = first + label.chars().count();
        let begin = if label.is_empty() { first } else { rest.max(label_end + 1) };
        let escaped = escape(words);
        let painted = self.paint(ink, label);
        for (at, line) in wrap(&escaped, WIDTH.saturating_sub(begin), WIDTH.saturating_sub(rest)).iter().enumerate() {
            let margin = if at == 0 { begin - label_end } else { rest };
            if at == 0 {
                let _ = write!(self.text, "{:first$}{painted}", "");
            }
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

/// Breaks text into lines, the first of one width and the others of another: at spaces, and words too long for a line
/// behind `/`, `,` or anywhere. At least one line, perhaps empty.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let width = if lines.is_empty() { first } else { rest }.max(8);
            let space = usize::from(!line.is_empty());
            if length + space + word.len() <= width {
                if space == 1 {
                    line.push(' ');
                }
                line.extend(&word);
                length += space + word.len();
                break;
            }
            // A word that fits a line of its own starts one; a longer one is broken.
            if !line.is_empty() && (word.len() <= rest.max(8) || width - length < width / 3) {
                lines.push(std::mem::take(&mut line));
                length = 0;
                continue;
            }
            let room = width - length - space;
            let at = word[..room].iter().rposition(|c| matches!(c, '/' | ',')).map_or(room, |at| at + 1);
            if space == 1 {
                line.push(' ');
            }
            line.extend(word.drain(..at));
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{escape, wrap};

    #[test]
    fn what_a_terminal_would_act_upon_is_escaped() {
        assert_eq!(escape("CN=\u{1b}[2J\u{7}evil\r\n"), "CN=\\u{1b}[2J\\u{7}evil\\u{d}\\u{a}");
        assert_eq!(escape("a\u{202e}b\u{200b}c\u{9b}d"), "a\\u{202e}b\\u{200b}c\\u{9b}d");
        assert_eq!(escape("m\u{fc}nchen \u{201c}x\u{201d}"), "m\u{fc}nchen \u{201c}x\u{201d}");
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_behind_slashes() {
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("", 10, 10), [""]);
        assert_eq!(wrap("MP01/management-point/mp01", 24, 24), ["MP01/management-point/", "mp01"]);
        assert_eq!(wrap("abcdefghijklmnop", 8, 10), ["abcdefgh", "ijklmnop"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_too_long(text in "[a-z/, ]{0,200}", first in 8usize..80, rest in 8usize..80) {
            let lines = wrap(&text, first, rest);
            prop_assert!(lines[0].chars().count() <= first);
            prop_assert!(lines[1..].iter().all(|line| line.chars().count() <= rest));
            let squeezed = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }

        #[test]
        fn nothing_a_terminal_acts_upon_is_left(text in any::<String>()) {
            prop_assert!(!escape(&text).chars().any(char::is_control));
        }
    }
}
