//! Text that is too long to be kept, read as UTF-8 whatever it is written in.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result};

use cmprobe::wire::text::{Encoding, TELLING, Transcoder};

/// A text, as UTF-8 and without its mark.
pub(crate) struct Utf8<R> {
    inner: R,
    /// What was read and not handed on.
    held: VecDeque<u8>,
    way: Way,
}

enum Way {
    /// Nothing has been read.
    Unknown,
    /// The bytes are handed on as they are.
    Through,
    /// The bytes are turned into UTF-8.
    Turned(Transcoder),
}

impl<R: Read> Utf8<R> {
    /// Reads nothing yet.
    pub(crate) const fn new(inner: R) -> Self {
        Self { inner, held: VecDeque::new(), way: Way::Unknown }
    }

    /// Reads as much as tells how the text is written.
    fn begin(&mut self) -> Result<()> {
        let mut beginning = Vec::with_capacity(TELLING);
        (&mut self.inner).take(TELLING as u64).read_to_end(&mut beginning)?;
        let (encoding, mark) = Encoding::of(&beginning).map_err(invalid)?;
        let rest = beginning.get(mark..).unwrap_or_default();
        if encoding == Encoding::Utf8 {
            self.held.extend(rest);
            self.way = Way::Through;
            return Ok(());
        }
        let mut transcoder = Transcoder::new(encoding);
        let mut text = String::new();
        transcoder.push(rest, &mut text).map_err(invalid)?;
        self.held.extend(text.bytes());
        self.way = Way::Turned(transcoder);
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if matches!(self.way, Way::Unknown) {
            self.begin()?;
        }
        while self.held.is_empty() {
            match &mut self.way {
                Way::Unknown | Way::Through => return self.inner.read(into),
                Way::Turned(transcoder) => {
                    let mut piece = [0; 8192];
                    let length = self.inner.read(&mut piece)?;
                    if length == 0 {
                        return transcoder.end().map(|()| 0).map_err(invalid);
                    }
                    let mut text = String::new();
                    transcoder.push(piece.get(..length).unwrap_or_default(), &mut text).map_err(invalid)?;
                    self.held.extend(text.bytes());
                }
            }
        }
        self.held.read(into)
    }
}

fn invalid(why: impl ToString) -> Error {
    Error::new(ErrorKind::InvalidData, why.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Utf8;

    #[test]
    fn long_texts_come_out_as_they_went_in() {
        let text = "{\"name\": \"M\u{fc}nchen \u{1f600}\"}\r\n".repeat(2000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.clone().into_bytes(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
        ] {
            let mut read = String::new();
            Utf8::new(bytes.as_slice()).read_to_string(&mut read).unwrap();
            assert!(read == text);
        }
        let cut = [b"\xff\xfe", &little[..little.len() - 1]].concat();
        let why = Utf8::new(cut.as_slice()).read_to_string(&mut String::new()).unwrap_err();
        assert!(why.to_string().contains("UTF-16"), "{why}");
    }
}
