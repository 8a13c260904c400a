//! A cursor over DER that borrows and never fails loudly: what cannot be read is `None`.

use std::fmt::Write;

/// Identifier octets.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const NUMERIC_STRING: u8 = 0x12;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const VISIBLE_STRING: u8 = 0x1a;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// A primitive context-specific tag.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// A constructed context-specific tag.
    pub(crate) const fn constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One value: its identifier octet and what it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) contents: &'a [u8],
}

impl<'a> Element<'a> {
    /// What it holds, where it has this tag.
    pub(crate) fn holds(self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.contents)
    }
}

/// Walks over values that follow one another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Over what the one value in `bytes` holds; `None`: another tag, or something follows it.
    pub(crate) fn only(bytes: &'a [u8], tag: u8) -> Option<Self> {
        let mut outer = Self::new(bytes);
        let contents = outer.take(tag)?;
        outer.is_at_end().then_some(Self::new(contents))
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is not read yet.
    pub(crate) const fn remaining(&self) -> &'a [u8] {
        self.rest
    }

    /// The next value, if it has this tag; else nothing is consumed.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.rest.first() != Some(&tag) {
            return None;
        }
        self.next().map(|element| element.contents)
    }

    /// The same with identifier and length.
    pub(crate) fn take_whole(&mut self, tag: u8) -> Option<&'a [u8]> {
        let before = self.rest;
        self.take(tag)?;
        before.get(..before.len() - self.rest.len())
    }

    /// The next value; `None`: at the end, or not a value (then nothing is consumed). Definite lengths only, in as many
    /// octets as they like.
    pub(crate) fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, after) = self.rest.split_first()?;
        // No structure of a certificate has tag numbers beyond 30.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, after) = after.split_first()?;
        let (length, after) = if first < 0x80 {
            (usize::from(first), after)
        } else {
            let octets = usize::from(first & 0x7f);
            if !(1..=4).contains(&octets) {
                return None;
            }
            let (length, after) = after.split_at_checked(octets)?;
            (length.iter().fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet)), after)
        };
        let (contents, rest) = after.split_at_checked(length)?;
        self.rest = rest;
        Some(Element { tag, contents })
    }
}

/// One DER value.
pub(in crate::certificate) fn value(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut whole = vec![tag];
    match u8::try_from(length) {
        Ok(short @ ..0x80) => whole.push(short),
        Ok(_) | Err(_) => {
            let octets = length.to_be_bytes();
            let leading = octets.iter().take_while(|octet| **octet == 0).count();
            let octets = octets.get(leading..).unwrap_or_default();
            // At most eight.
            whole.push(0x80 | octets.len() as u8);
            whole.extend_from_slice(octets);
        }
    }
    whole.extend_from_slice(contents);
    whole
}

/// Whether any of the values, or of those inside them, has its length in more octets than it needs: BER, and not DER. What
/// stands in a string is not looked into.
pub(crate) fn has_long_lengths(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    // What follows the values that are being looked into.
    let mut levels: Vec<Reader<'_>> = Vec::new();
    loop {
        let before = reader.remaining();
        let Some(element) = reader.next() else {
            match levels.pop() {
                Some(level) => reader = level,
                None => return false,
            }
            continue;
        };
        let head = before.len() - reader.remaining().len() - element.contents.len();
        if is_long_head(head, element.contents.len()) {
            return true;
        }
        if element.tag & 0x20 != 0 {
            if !reader.is_at_end() {
                levels.push(reader);
            }
            reader = Reader::new(element.contents);
        }
    }
}

/// Whether an identifier and a length of `head` octets are more than a value of `length` octets needs.
pub(crate) const fn is_long_head(head: usize, length: usize) -> bool {
    let needed = match length {
        0..0x80 => 2,
        0x80..0x100 => 3,
        0x100..0x1_0000 => 4,
        0x1_0000..0x100_0000 => 5,
        _ => 6,
    };
    head > needed
}

/// The name of a string type, or of any other by its tag.
pub(crate) fn string_type(tag: u8) -> String {
    match tag {
        tag::UTF8_STRING => "UTF8String".to_owned(),
        tag::NUMERIC_STRING => "NumericString".to_owned(),
        tag::PRINTABLE_STRING => "PrintableString".to_owned(),
        tag::TELETEX_STRING => "TeletexString".to_owned(),
        tag::IA5_STRING => "IA5String".to_owned(),
        tag::VISIBLE_STRING => "VisibleString".to_owned(),
        tag::UNIVERSAL_STRING => "UniversalString".to_owned(),
        tag::BMP_STRING => "BMPString".to_owned(),
        other => format!("tag {other:#04x}"),
    }
}

/// An object identifier as dotted text; bytes that are none, in hexadecimal.
pub(crate) fn dotted(oid: &[u8]) -> String {
    let hexadecimal = || format!("0x{}", data_encoding::HEXLOWER.encode(oid));
    if oid.is_empty() || oid.last().is_some_and(|last| last & 0x80 != 0) {
        return hexadecimal();
    }
    let mut text = String::with_capacity(oid.len() * 3);
    let mut arc: u64 = 0;
    let mut is_first = true;
    for octet in oid {
        // An arc of more than 64 bits: nobody assigns such numbers, and UUID arcs are shown no better elsewhere.
        if arc >> 57 != 0 {
            return hexadecimal();
        }
        arc = arc << 7 | u64::from(octet & 0x7f);
        if octet & 0x80 != 0 {
            continue;
        }
        // The first number carries two arcs: the first is 0, 1 or 2.
        let written = if is_first {
            let top = (arc / 40).min(2);
            write!(text, "{top}.{}", arc - top * 40)
        } else {
            write!(text, ".{arc}")
        };
        if written.is_err() {
            return hexadecimal();
        }
        is_first = false;
        arc = 0;
    }
    text
}

/// Whether an object identifier has a number with leading zeros, which DER forbids (X.690, 8.19.2): the same number is two
/// identifiers then to whoever compares octets.
pub(in crate::certificate) fn has_padding(oid: &[u8]) -> bool {
    let before = std::iter::once(&0).chain(oid);
    before.zip(oid).any(|(last, octet)| last & 0x80 == 0 && *octet == 0x80)
}

/// The text of a string type; `None`: not a string type.
pub(crate) fn text(element: Element<'_>) -> Option<String> {
    let bytes = element.contents;
    Some(match element.tag {
        tag::UTF8_STRING => String::from_utf8_lossy(bytes).into_owned(),
        tag::NUMERIC_STRING | tag::PRINTABLE_STRING | tag::IA5_STRING | tag::VISIBLE_STRING => narrow(bytes),
        // Nobody writes T.61; everybody reads Latin-1.
        tag::TELETEX_STRING => latin1(bytes),
        tag::BMP_STRING => {
            let (units, odd) = bytes.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let decoded = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
            decoded.chain((!odd.is_empty()).then_some(char::REPLACEMENT_CHARACTER)).collect()
        }
        tag::UNIVERSAL_STRING => {
            let (units, odd) = bytes.as_chunks::<4>();
            let units = units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            let decoded = units.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
            decoded.chain((!odd.is_empty()).then_some(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    })
}

/// Text that ought to be ASCII: UTF-8 where it is, else Latin-1.
pub(crate) fn narrow(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => latin1(bytes),
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// How many bits an unsigned number has, its leading zeros not counted.
pub(crate) fn bit_length(number: &[u8]) -> u32 {
    let leading = number.iter().take_while(|octet| **octet == 0).count();
    match number.get(leading..) {
        Some([first, rest @ ..]) => u32::try_from(rest.len())
            .unwrap_or(u32::MAX / 8)
            .saturating_mul(8)
            .saturating_add(8 - first.leading_zeros()),
        Some([]) | None => 0,
    }
}

/// A number without the octets in front that say nothing: DER forbids them, and authorities write them.
pub(in crate::certificate) fn trimmed(number: &[u8]) -> &[u8] {
    let mut rest = number;
    while let [first, second, ..] = rest {
        let says_nothing = (*first == 0 && *second < 0x80) || (*first == 0xff && *second >= 0x80);
        if !says_nothing {
            break;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    rest
}

/// Whether an INTEGER has the octets DER gives it: one at least, and none in front that says nothing.
pub(in crate::certificate) fn is_shortest(number: &[u8]) -> bool {
    !number.is_empty() && trimmed(number).len() == number.len()
}

/// The octets of a BIT STRING that fills them.
pub(in crate::certificate) fn bits(contents: &[u8]) -> Option<&[u8]> {
    match contents.split_first()? {
        (0, octets) => Some(octets),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_dotted() {
        for (bytes, expected) in [
            (&[0x55, 0x1d, 0x11][..], "2.5.29.17"),
            (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 7], "1.3.6.1.4.1.311.21.7"),
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "1.2.840.113549.1.1.11"),
            (&[0x88, 0x37, 1], "2.999.1"),
            (&[0x00], "0.0"),
            (&[], "0x"),
            (&[0x55, 0x9d], "0x559d"),
            (&[0x55, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "0x55ffffffffffffffffffff7f"),
        ] {
            assert_eq!(dotted(bytes), expected);
        }
    }

    #[test]
    fn identifiers_with_leading_zeros_are_told() {
        for (oid, padded) in [
            (&[0x55, 0x1d, 0x11][..], false),
            (&[0x2a, 0x86, 0x48, 0x80, 0x01], true),
            (&[0x2b, 0x80, 0x01], true),
            (&[0x80, 0x55], true),
            (&[0x2a, 0x81, 0x80, 0x01], false),
            (&[], false),
        ] {
            assert_eq!(has_padding(oid), padded, "{oid:02x?}");
        }
    }

    #[test]
    fn bit_lengths_are_exact() {
        assert_eq!(bit_length(&[]), 0);
        assert_eq!(bit_length(&[0, 0]), 0);
        assert_eq!(bit_length(&[1]), 1);
        assert_eq!(bit_length(&[0, 0x80, 0]), 16);
        assert_eq!(bit_length(&[0x7f, 0]), 15);
    }

    #[test]
    fn numbers_keep_their_sign_and_lose_what_says_nothing() {
        for (written, meant) in [
            (&[0, 0, 1][..], &[1][..]),
            (&[0, 0x80], &[0, 0x80]),
            (&[0, 0, 0x80], &[0, 0x80]),
            (&[0xff, 0xfe], &[0xfe]),
            (&[0xff, 0x7f], &[0xff, 0x7f]),
            (&[0], &[0]),
            (&[], &[]),
        ] {
            assert_eq!(trimmed(written), meant);
        }
        assert_ne!(trimmed(&[0xfe]), trimmed(&[0, 0xfe]), "-2 is not 254");
    }

    #[test]
    fn lengths_that_lie_are_not_believed() {
        for bytes in [&[0x30][..], &[0x30, 0x80], &[0x30, 5, 0], &[0x30, 0x85, 0, 0, 0, 0, 1, 0], &[0x1f, 0x81, 1, 0]] {
            let mut reader = Reader::new(bytes);
            assert!(reader.next().is_none(), "{bytes:02x?}");
            assert_eq!(reader.remaining(), bytes);
        }
        assert_eq!(Reader::new(&[4, 0x82, 0, 1, 9]).take(tag::OCTET_STRING), Some(&[9][..]));
    }
}
