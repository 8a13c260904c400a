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

/// Members that are left out of a line where they hold nothing, and what that is: what the line tells otherwise (what a
/// finding is about, a diagnosis' title), counts of none, and that no client certificate was presented.
pub const NOTHING: [(&str, &str); 7] = [
    ("endpoint", "\"\""),
    ("title", "\"\""),
    ("error", "0"),
    ("warning", "0"),
    ("notice", "0"),
    ("unknown", "0"),
    ("client_certificate_sent", "false"),
];

/// Writes anything on one line, with its end, without the members that are `null`, an empty list or [`NOTHING`]: in a
/// line, what is absent is that.
///
/// # Errors
/// As [`render`].
pub fn lean_line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|text| escaped(without_nothing(&text)) + "\n")
}

/// JSON as serde_json writes it, without spaces, less the members that hold nothing. Members of what is left empty by that
/// stay, and so do elements of lists.
fn without_nothing(text: &str) -> String {
    let octets = text.as_bytes();
    let mut lean = String::with_capacity(text.len());
    // From where on nothing is copied yet, and where the last string began: before a colon, it is the member's name.
    let (mut rest, mut name) = (0, 0);
    let mut at = 0;
    while let Some(octet) = octets.get(at) {
        at = match octet {
            b'"' => {
                name = at;
                end_of_string(octets, at)
            }
            b':' => {
                let (member, value) = (text.get(name..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
                if let Some(nothing) = nothing(member, value) {
                    lean.push_str(text.get(rest..name).unwrap_or_default());
                    rest = at + 1 + nothing.len();
                    if lean.ends_with(',') {
                        lean.pop();
                    } else if octets.get(rest) == Some(&b',') {
                        rest += 1;
                    }
                }
                rest.max(at + 1)
            }
            _ => at + 1,
        }
    }
    lean + text.get(rest..).unwrap_or_default()
}

/// What a member, by its name in quotes, holds, where that is nothing; `value` begins with it.
fn nothing(member: &str, value: &str) -> Option<&'static str> {
    let of_all = ["null", "[]"].into_iter();
    let named = |name: &str| member.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(name);
    let is_whole = |nothing: &&str| value.strip_prefix(*nothing).is_some_and(|rest| rest.starts_with([',', '}']));
    let its =
        NOTHING.into_iter().filter(|(name, nothing)| is_whole(nothing) && named(name)).map(|(_, nothing)| nothing);
    of_all.filter(is_whole).chain(its).next()
}

/// Where a string ends whose opening quote stands there: behind its closing one.
fn end_of_string(octets: &[u8], opening: usize) -> usize {
    let mut at = opening + 1;
    while let Some(octet) = octets.get(at) {
        at += match octet {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    octets.len()
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
    use serde_json::json;

    use super::{indented, lean_line, line, may_act};

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

    #[test]
    fn a_lean_line_leaves_out_members_without_content_and_nothing_else() {
        for (whole, lean) in [
            (json!({"a": null}), "{}"),
            (json!({"a": null, "b": 1}), r#"{"b":1}"#),
            (json!({"a": 1, "b": [], "c": null}), r#"{"a":1}"#),
            (json!({"a": 1, "b": null, "c": 2}), r#"{"a":1,"c":2}"#),
            (json!({"a": {"b": null}, "c": [null, [], {"d": []}, "e"]}), r#"{"a":{},"c":[null,[],{},"e"]}"#),
            (
                json!({"a": ":null", "b": "x\":[],\\", "c:null": null, "d": ["\":null"]}),
                r#"{"a":":null","b":"x\":[],\\","d":["\":null"]}"#,
            ),
            (json!({"a": false, "b": 0, "c": "", "d": [1]}), r#"{"a":false,"b":0,"c":"","d":[1]}"#),
            (json!({"error": 0, "notice": 10, "title": "", "unknown": 0}), r#"{"notice":10}"#),
            (
                json!({"error": 0.5, "title": "\"", "unknown": {"error": 0}}),
                r#"{"error":0.5,"title":"\"","unknown":{}}"#,
            ),
            (json!({"status": 0, "detail": "", "endpoint": ["", 0]}), r#"{"detail":"","endpoint":["",0],"status":0}"#),
            (json!([]), "[]"),
            (json!(null), "null"),
        ] {
            assert_eq!(lean_line(&whole).unwrap(), format!("{lean}\n"));
        }
    }
}
