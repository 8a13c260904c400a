//! Text as programs on Windows write it: UTF-8 with a byte order mark or without, UTF-16 of either order. What is text
//! in none of these is said, with what would be right; line ends are left as they are.

use std::borrow::Cow;
use std::fmt;

/// A text that somebody wrote, for a complaint that quotes it: what acts or cannot be seen is escaped; a backslash and
/// quotation marks stand as they are.
pub fn quotable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '"' | '\'' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    shown
}

/// A character, for a sentence that points at it: one that nobody sees, or that may look like another, by its number, too.
pub fn pointed_at(character: char) -> String {
    let code = u32::from(character);
    match character {
        ' ' => "a blank".to_owned(),
        seen if seen.is_ascii_graphic() => format!("\u{201c}{seen}\u{201d}"),
        unseen if is_unseen(unseen) => format!("a character nobody sees (U+{code:04X})"),
        seen => format!("\u{201c}{seen}\u{201d} (U+{code:04X})"),
    }
}

/// Blanks, control characters and those without a width.
pub fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// They are no UTF-8, from this line on, and nothing says that they are anything else.
    NotUtf8 {
        /// The line, counted from 1.
        line: usize,
    },
    /// They are UTF-16, and broken at this line: half a character, or half of a pair.
    BrokenUtf16 {
        /// The line, counted from 1.
        line: usize,
    },
    /// They are UTF-32, which nothing reads.
    Utf32,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { line } => write!(
                f,
                "line {line} is not UTF-8 text, nor is the file UTF-16; save the file as UTF-8 (PowerShell: -Encoding utf8)"
            ),
            Self::BrokenUtf16 { line } => {
                write!(f, "is UTF-16 text that is damaged or cut off in line {line}; save the file as UTF-8")
            }
            Self::Utf32 => f.write_str("is UTF-32 text; save the file as UTF-8"),
        }
    }
}

impl std::error::Error for TextError {}

/// How text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, and whatever contains it.
    Utf8,
    /// UTF-16, the lower byte first: what Windows calls Unicode, and `>` in PowerShell 5 writes.
    Utf16Little,
    /// UTF-16, the higher byte first.
    Utf16Big,
}

/// How many bytes are looked at to tell UTF-16 without a mark; more tell no more.
pub const TELLING: usize = 512;

impl Encoding {
    /// How the text that begins so is written, and how long its mark is.
    ///
    /// # Errors
    /// The mark is that of UTF-32.
    pub fn of(beginning: &[u8]) -> Result<(Self, usize), TextError> {
        match beginning {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(TextError::Utf32),
            [0xef, 0xbb, 0xbf, ..] => Ok((Self::Utf8, 3)),
            [0xff, 0xfe, ..] => Ok((Self::Utf16Little, 2)),
            [0xfe, 0xff, ..] => Ok((Self::Utf16Big, 2)),
            _ => Ok((Self::unmarked(beginning), 0)),
        }
    }

    /// Text without a mark is UTF-16 where most of its characters have an empty half, always the same, hardly one the
    /// other, and none both: in UTF-8 text no byte is empty.
    fn unmarked(beginning: &[u8]) -> Self {
        let units = beginning.get(..TELLING).unwrap_or(beginning).as_chunks::<2>().0;
        if units.contains(&[0, 0]) {
            return Self::Utf8;
        }
        let empty = |half: usize| units.iter().filter(|unit| unit.get(half) == Some(&0)).count();
        let (first, second) = (empty(0), empty(1));
        let (most, few) = (units.len() / 2, units.len() / 16);
        if second > most && first <= few {
            Self::Utf16Little
        } else if first > most && second <= few {
            Self::Utf16Big
        } else {
            Self::Utf8
        }
    }
}

/// Reads a text. Its mark is dropped; nothing is copied that need not be.
///
/// # Errors
/// It is none, and what would be right.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    let (encoding, mark) = Encoding::of(bytes)?;
    let bytes = bytes.get(mark..).unwrap_or_default();
    if encoding == Encoding::Utf8 {
        return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let before = bytes.iter().take(error.valid_up_to());
            TextError::NotUtf8 { line: before.filter(|byte| **byte == b'\n').count() + 1 }
        });
    }
    let mut text = String::new();
    let mut transcoder = Transcoder::new(encoding);
    transcoder.push(bytes, &mut text)?;
    transcoder.end()?;
    Ok(Cow::Owned(text))
}

/// Turns UTF-16 into text, piece by piece.
#[derive(Clone, Debug)]
pub struct Transcoder {
    encoding: Encoding,
    /// The first byte of a unit whose second has not come.
    half: Option<u8>,
    /// The first unit of a pair whose second has not come.
    first: Option<u16>,
    line: usize,
}

impl Transcoder {
    /// For text that is written so; for UTF-8 there is nothing to do, and nothing is done rightly.
    pub const fn new(encoding: Encoding) -> Self {
        Self { encoding, half: None, first: None, line: 1 }
    }

    /// Adds what a piece says to the text.
    ///
    /// # Errors
    /// It is damaged.
    pub fn push(&mut self, bytes: &[u8], text: &mut String) -> Result<(), TextError> {
        // Room for all there can be, so that growing leaves no copy of a secret behind.
        text.reserve(bytes.len() / 2 * 3 + 3);
        for byte in bytes {
            let Some(before) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match self.encoding {
                Encoding::Utf8 | Encoding::Utf16Little => u16::from_le_bytes([before, *byte]),
                Encoding::Utf16Big => u16::from_be_bytes([before, *byte]),
            };
            let pair = match self.first.take() {
                Some(first) => char::decode_utf16([first, unit]).next(),
                None if (0xd800..0xdc00).contains(&unit) => {
                    self.first = Some(unit);
                    continue;
                }
                None => char::decode_utf16([unit]).next(),
            };
            let Some(Ok(character)) = pair else { return Err(self.broken()) };
            self.line += usize::from(character == '\n');
            text.push(character);
        }
        Ok(())
    }

    /// Nothing more comes.
    ///
    /// # Errors
    /// A character is not whole.
    pub const fn end(&self) -> Result<(), TextError> {
        if self.half.is_some() || self.first.is_some() { Err(self.broken()) } else { Ok(()) }
    }

    const fn broken(&self) -> TextError {
        TextError::BrokenUtf16 { line: self.line }
    }
}

/// How much of a line of text is quoted, in octets.
const QUOTED: usize = 40;
/// How much of what is no text is shown, in octets.
const SHOWN: usize = 16;

/// How bytes begin, for a message: a line of text in quotes, anything else octet by octet.
pub fn beginning(bytes: &[u8]) -> String {
    let line = bytes.split(|octet| matches!(octet, b'\r' | b'\n')).next().unwrap_or_default();
    let quoted = line.get(..QUOTED).unwrap_or(line);
    if !quoted.is_empty() && quoted.iter().all(|octet| matches!(octet, b'\t' | b' '..=b'~')) {
        return format!("\u{201c}{}\u{201d}", quoted.escape_ascii());
    }
    let octets: Vec<String> = bytes.iter().take(SHOWN).map(|octet| format!("{octet:02x}")).collect();
    octets.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Encoding, QUOTED, TextError, Transcoder, beginning, decode};

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn what_is_quoted_stands_as_it_was_written_but_for_what_acts() {
        assert_eq!(super::quotable("CORP\\MP01$ \"a\" 'b' \u{e4}"), "CORP\\MP01$ \"a\" 'b' \u{e4}");
        assert_eq!(super::quotable("a\u{1b}[2J\nb\u{202e}"), "a\\u{1b}[2J\\nb\\u{202e}");
    }

    #[test]
    fn every_way_windows_writes_text_says_the_same() {
        let text = "[site]\r\nname = \"M\u{fc}nchen \u{1f600}\"\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe".to_vec(), little(text)].concat(),
            [b"\xfe\xff".to_vec(), big(text)].concat(),
            little(text),
            big(text),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:?}");
        }
    }

    #[test]
    fn marks_alone_and_nothing_are_no_text_at_all() {
        for bytes in [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"] {
            assert_eq!(decode(bytes).as_deref(), Ok(""));
        }
        assert_eq!(decode(b"x").as_deref(), Ok("x"));
        assert_eq!(decode(b"x\0").as_deref(), Ok("x"));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        for (bytes, error) in [
            (&b"a\nM\xfcnchen"[..], TextError::NotUtf8 { line: 2 }),
            (b"\xff\xfea\0\n\0b", TextError::BrokenUtf16 { line: 2 }),
            (b"\xff\xfea\0\x3d\xd8", TextError::BrokenUtf16 { line: 1 }),
            (b"\xff\xfe\x00\xdea\0", TextError::BrokenUtf16 { line: 1 }),
            (b"\xff\xfe\x3d\xd8a\0", TextError::BrokenUtf16 { line: 1 }),
            (b"\xff\xfe\0\0a\0\0\0", TextError::Utf32),
            (b"\0\0\xfe\xff\0\0\0a", TextError::Utf32),
        ] {
            assert_eq!(decode(bytes), Err(error), "{bytes:?}");
        }
    }

    #[test]
    fn a_line_of_text_is_quoted_and_anything_else_is_told_octet_by_octet() {
        assert_eq!(beginning(b"SSH-2.0-OpenSSH_9.2\r\nmore"), "\u{201c}SSH-2.0-OpenSSH_9.2\u{201d}");
        assert_eq!(beginning(b"\x80\x19\x04"), "80 19 04");
        assert_eq!(beginning(&[0xff; 100]), ["ff"; 16].join(" "));
        assert_eq!(beginning(b"\n"), "0a");
        assert_eq!(beginning(&[b'a'; 100]).chars().count(), QUOTED + 2);
    }

    #[test]
    fn binary_with_some_empty_bytes_is_not_taken_for_utf_16() {
        // DER of a certificate begins so; an empty byte in both halves, or in few characters, is none of UTF-16's.
        for bytes in [&b"\x30\x82\x03\x00\x30\x82\x02\x00"[..], b"a\0\0b", b"abcdefgh\0\x01"] {
            assert_eq!(Encoding::of(bytes), Ok((Encoding::Utf8, 0)), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn pieces_of_any_size_say_what_the_whole_says(text in "\\PC{0,20}", size in 1_usize..5) {
            let mut transcoder = Transcoder::new(Encoding::Utf16Big);
            let mut read = String::new();
            for piece in big(&text).chunks(size) {
                proptest::prop_assert_eq!(transcoder.push(piece, &mut read), Ok(()));
            }
            proptest::prop_assert_eq!(transcoder.end(), Ok(()));
            proptest::prop_assert_eq!(read, text);
        }

        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            let _ = decode(&bytes);
        }
    }
}
