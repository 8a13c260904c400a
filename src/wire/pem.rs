//! PEM as it reaches administrators: with text before and between its blocks, indented or quoted by a mail program, with
//! any line ends, under the older labels, or as bare Base64 without any. What a block holds is for others to judge.

use std::borrow::Cow;

use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::text::{self, TextError};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// More blocks than any honest file has; what follows is not read.
const MOST: usize = 1000;

/// What stands between a BEGIN line and its END line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'t> {
    /// What it calls itself: `CERTIFICATE`.
    pub label: &'t str,
    /// The line it begins in, counted from 1.
    pub line: usize,
    /// Its headers (RFC 1421): `Proc-Type: 4,ENCRYPTED`.
    pub headers: Vec<&'t str>,
    /// Its lines of Base64, without what surrounds them.
    body: Vec<&'t str>,
    /// Whether it comes to its end.
    closed: bool,
}

impl<'t> Block<'t> {
    /// Whether it says that it holds a certificate, under any of the labels in use. `certutil -encode` calls everything
    /// so.
    pub fn is_certificate(&self) -> bool {
        ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]
            .iter()
            .any(|one| self.label.eq_ignore_ascii_case(one))
    }

    /// Whether it says that it holds a private key.
    pub fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// What it holds; `None`: it is cut off or damaged. OpenSSL writes what it trusts a certificate for behind the
    /// certificate: that is left out.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = base64(self.body.iter().copied()).filter(|_| self.closed && self.headers.is_empty())?;
        if self.label.eq_ignore_ascii_case("TRUSTED CERTIFICATE") {
            bytes.truncate(first_value(&bytes)?);
        }
        Some(bytes)
    }

    /// The block as OpenSSL reads it: nothing around its lines, nothing between them, and none too long.
    pub fn rewritten(&self) -> Zeroizing<String> {
        let length: usize = self.headers.iter().chain(&self.body).map(|line| line.len() + 1).sum();
        // Room for all there can be, so that growing leaves no copy of a key behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * length + 2 * self.label.len() + 64));
        for part in [BEGIN, self.label, DASHES, "\n"] {
            text.push_str(part);
        }
        for header in &self.headers {
            text.push_str(header);
            text.push('\n');
        }
        if !self.headers.is_empty() {
            text.push('\n');
        }
        let digits = self.body.iter().flat_map(|line| line.chars()).filter(|digit| !digit.is_whitespace());
        for (at, digit) in digits.enumerate() {
            if at > 0 && at % 64 == 0 {
                text.push('\n');
            }
            text.push(digit);
        }
        text.push('\n');
        if self.closed {
            for part in [END, self.label, DASHES, "\n"] {
                text.push_str(part);
            }
        }
        text
    }
}

/// The text of a file that may hold blocks. What stands around them may be in the encoding of some Windows: blocks are ASCII in
/// all of these.
///
/// # Errors
/// It is no text, and holds no block.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    match text::decode(bytes) {
        Err(TextError::NotUtf8 { .. }) if bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes()) => {
            Ok(String::from_utf8_lossy(bytes))
        }
        decoded => decoded,
    }
}

/// The blocks of a text, in its order.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        line += before.matches('\n').count();
        rest = after;
        let Some((label, after)) = after.split_once(DASHES).filter(|(label, _)| is_label(label)) else { continue };
        // A block without an end goes on to where the next begins.
        let end = after.find(DASHES).unwrap_or(after.len());
        let (content, tail) = after.split_at(end);
        let closed = tail.strip_prefix(END).is_some_and(|tail| tail.trim_start().starts_with(label));
        let (headers, body) = lines(content);
        blocks.push(Block { label, line, headers, body, closed });
        if blocks.len() == MOST {
            break;
        }
        line += content.matches('\n').count();
        rest = tail;
    }
    blocks
}

fn is_label(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'-' || b == b' ')
}

/// Headers and Base64 of a block's content.
fn lines(content: &str) -> (Vec<&str>, Vec<&str>) {
    let mut headers: Vec<&str> = Vec::new();
    let mut body: Vec<&str> = Vec::new();
    // A long file on one line, as JSON holds it, has its line ends written out.
    for line in content.lines().flat_map(|line| line.split("\\n")) {
        let line = line.trim_start_matches(|c: char| c == '>' || c == '\u{feff}' || c.is_whitespace()).trim_end();
        let line = line.strip_suffix("\\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        if body.is_empty() && line.contains(':') {
            headers.push(line);
        } else {
            body.push(line);
        }
    }
    (headers, body)
}

/// What Base64 in any layout says; `None`: it is none, or there is nothing.
fn base64<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Vec<u8>> {
    let digits: Zeroizing<Vec<u8>> =
        Zeroizing::new(lines.flat_map(str::bytes).filter(|byte| !byte.is_ascii_whitespace()).collect());
    BASE64.decode(&digits).ok().filter(|bytes| !bytes.is_empty())
}

/// How long the DER value is that bytes begin with.
fn first_value(bytes: &[u8]) -> Option<usize> {
    let (&[_, first], rest) = bytes.split_first_chunk::<2>()?;
    let octets = match first {
        0..=0x7f => return Some(2 + usize::from(first)),
        0x81..=0x84 => usize::from(first & 0x7f),
        _ => return None,
    };
    let length = rest.get(..octets)?.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
    Some(2 + octets + length)
}

/// The DER that text holds as Base64 and nothing else, as `certutil -encodehex` and web pages give it.
pub fn bare(text: &str) -> Option<Vec<u8>> {
    base64(text.lines()).filter(|bytes| bytes.first() == Some(&0x30))
}

/// The DER a file holds: its bytes, what its Base64 says, or what its only block holds, whatever that is called.
pub fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Ok(text) = text(bytes) else { return Cow::Borrowed(bytes) };
    let found = match blocks(&text).as_slice() {
        [] => bare(&text),
        [one] => one.bytes(),
        [_, _, ..] => None,
    };
    found.map_or(Cow::Borrowed(bytes), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::{MOST, bare, blocks, unwrapped};

    const DER: &[u8] = b"\x30\x03\x02\x01\x05";
    const PLAIN: &str = "-----BEGIN CERTIFICATE-----\nMAMC\nAQU=\n-----END CERTIFICATE-----\n";

    #[test]
    fn every_layout_holds_the_same() {
        let spoken = format!("subject=CN = mp01\r\n 0 s:/CN=mp01\r\n{PLAIN}---\r\nDone\r\n");
        for text in [
            PLAIN.to_owned(),
            PLAIN.replace('\n', "\r\n"),
            PLAIN.replace('\n', "\r"),
            PLAIN.replace('\n', "\n    ").replace("-----B", "    -----B"),
            PLAIN.replace('\n', "\n> ").replace("-----B", "> -----B"),
            PLAIN.replace('\n', "\n\n"),
            PLAIN.replace('\n', ""),
            PLAIN.replace('\n', "\\n"),
            PLAIN.replace("CERTIFICATE", "X509 CERTIFICATE"),
            PLAIN.replace("CERTIFICATE", "Certificate"),
            format!("\u{feff}{PLAIN}"),
            spoken,
        ] {
            let found = blocks(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].is_certificate(), "{text}");
            assert_eq!(found[0].bytes().as_deref(), Some(DER), "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_block_may_be_in_the_encoding_of_some_windows() {
        let written = [b"Zertifikat f\xfcr mp01\r\n", PLAIN.as_bytes()].concat();
        let text = super::text(&written).unwrap();
        assert_eq!(blocks(&text)[0].bytes().as_deref(), Some(DER));
        assert_eq!(&*unwrapped(&written), DER);
        assert!(super::text(b"f\xfcr mp01").is_err());
    }

    #[test]
    fn so_many_blocks_are_read_and_no_more() {
        let many = |count: usize| blocks(&"-----BEGIN X-----\nAA==\n-----END X-----\n".repeat(count)).len();
        assert_eq!((many(MOST), many(MOST + 1)), (MOST, MOST));
        assert_eq!(many(MOST - 1), MOST - 1);
    }

    #[test]
    fn blocks_without_a_line_end_between_them_are_two() {
        let text = format!("{0}{0}", PLAIN.trim_end());
        let found = blocks(&text);
        assert_eq!(found.iter().map(|block| block.line).collect::<Vec<_>>(), [1, 4]);
        assert!(found.iter().all(|block| block.bytes().is_some()));
    }

    #[test]
    fn what_is_cut_off_or_damaged_holds_nothing() {
        let half = &PLAIN[..35];
        for text in
            [half.to_owned(), format!("{half}\n{PLAIN}"), PLAIN.replace("MAMC", "MA!C"), PLAIN.replace("MAMC", "MAM")]
        {
            assert_eq!(blocks(&text)[0].bytes(), None, "{text}");
        }
        assert!(blocks(&format!("{half}\n{PLAIN}"))[1].bytes().is_some());
        for text in ["", "-----BEGIN ", "-----BEGIN CERTIFICATE", "-----BEGIN -----", "MAMCAQU="] {
            assert!(blocks(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_openssl_trusts_a_certificate_for_is_no_part_of_it() {
        let text = "-----BEGIN TRUSTED CERTIFICATE-----\nMAMCAQUwAA==\n-----END TRUSTED CERTIFICATE-----\n";
        assert_eq!(blocks(text)[0].bytes().as_deref(), Some(DER));
        assert_eq!(blocks(&text.replace("TRUSTED ", ""))[0].bytes().map(|bytes| bytes.len()), Some(7));
    }

    #[test]
    fn keys_are_rewritten_with_their_headers() {
        let text = "  -----BEGIN RSA PRIVATE KEY-----\r\n  Proc-Type: 4,ENCRYPTED\r\n  DEK-Info: X,1\r\n\r\n  AAAA\r\n  -----END RSA PRIVATE KEY-----";
        let block = &blocks(text)[0];
        assert!(block.is_private_key() && block.bytes().is_none());
        let expected = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,1\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(block.rewritten().as_str(), expected);
    }

    #[test]
    fn base64_may_stand_alone_and_wrap_anything() {
        assert_eq!(bare("MAMC\r\n AQU=\r\n").as_deref(), Some(DER));
        for text in ["", "hello", "SGVsbG8=", "MAMCAQU= and more"] {
            assert_eq!(bare(text), None, "{text}");
        }
        for bytes in [DER, b"MAMCAQU=", PLAIN.as_bytes(), b"\xff\xfeM\0A\0M\0C\0A\0Q\0U\0=\0"] {
            assert_eq!(&*unwrapped(bytes), DER);
        }
        let two = format!("{PLAIN}{PLAIN}");
        assert_eq!(&*unwrapped(two.as_bytes()), two.as_bytes());
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(-----BEGIN |-----END |-----|CERTIFICATE|\n|>|MAMC|:|\\PC){0,24}") {
            let lines = text.lines().count();
            proptest::prop_assert!(blocks(&text).iter().all(|block| (1..=lines).contains(&block.line)));
        }
    }
}
