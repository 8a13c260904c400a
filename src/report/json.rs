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
    // All of them lie beyond what nearly every document consists of.
    if text.bytes().all(|octet| octet < 0x7f) || !text.contains(acts) {
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

#[cfg(test)]
mod tests {
    use super::{indented, line};

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
