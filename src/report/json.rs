//! The whole document as JSON, and how everything else is written as JSON: no character that acts on a terminal or
//! misleads the eye stands in it as itself.

use std::fmt::Write;

use serde::Serialize;

use super::document::Report;

/// Writes the document, indented, with a line end after it.
///
/// # Errors
/// None that a document of this crate can bring about; a floating-point number that is no number would be one.
pub fn render(report: &Report) -> serde_json::Result<String> {
    indented(report)
}

/// Writes anything, indented, with a line end after it.
///
/// # Errors
/// As [`render`].
pub fn indented(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| escaped(text) + "\n")
}

/// Writes anything on one line, with its end.
///
/// # Errors
/// As [`render`].
pub fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|text| escaped(text) + "\n")
}

/// Controls beyond ASCII's, line separators and directional marks become `\u` escapes. They can stand in strings only,
/// where the escape means the same.
fn escaped(text: String) -> String {
    let acts = |c: char| {
        matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    };
    if !may_act(text.as_bytes()) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 32);
    for character in text.chars() {
        if acts(character) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether UTF-8 may hold one of these characters: all of them lie beyond what nearly every document consists of, so whole
/// pieces of it are passed over. Of what lies there, the quotation marks and dashes of our own sentences are told apart.
fn may_act(text: &[u8]) -> bool {
    const PIECE: usize = 64;
    text.chunks(PIECE).enumerate().any(|(piece, octets)| {
        // Without an early end the compiler compares many at once.
        if octets.iter().fold(true, |plain, octet| plain & (*octet < 0x7f)) {
            return false;
        }
        let from = piece * PIECE;
        (from..from + octets.len()).any(|at| match text.get(at..).unwrap_or_default() {
            [0x7f | 0xc2 | 0xd8 | 0xef, ..] | [0xe2, 0x81, ..] => true,
            [0xe2, 0x80, last, ..] => !matches!(last, 0x90..=0xa7 | 0xb0..),
            _ => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{indented, line, may_act};

    #[test]
    fn wherever_what_acts_stands_it_is_seen() {
        for code in 0..=0x1_ffff {
            let Some(character) = char::from_u32(code) else { continue };
            let acts = matches!(code, 0x7f..=0x9f | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff
                | 0xfff9..=0xfffb);
            for before in [0, 62, 63] {
                let text = format!("{}{character}.", " ".repeat(before));
                assert!(!acts || may_act(text.as_bytes()), "U+{code:04x} at {before}");
            }
        }
        for passed in ["of \u{201c}mp01\u{201d}", "2012\u{2013}2026\u{2026}", "\u{4e2d}\u{1f600} \u{448}"] {
            assert!(!may_act(passed.as_bytes()), "{passed}");
        }
    }

    #[test]
    fn what_acts_is_escaped_and_reads_back_as_itself() {
        let text = "a\u{7}\u{7f}\u{9b}\u{200e}\u{2028}\u{202e}\u{2066}\u{61c}\u{feff} m\u{fc}nchen \u{1f600}\"\\";
        for written in [line(&text).unwrap(), indented(&[text]).unwrap()] {
            assert!(written.chars().all(|c| c == '\n' || !c.is_control()), "{written:?}");
            assert!(written.contains("\\u202e") && written.contains("m\u{fc}nchen \u{1f600}"), "{written}");
        }
        assert_eq!(serde_json::from_str::<String>(&line(&text).unwrap()).unwrap(), text);
    }
}
