//! Writes DER: the few types certificates and CRLs are made of.
//! It writes only, and refuses nothing a well-behaved encoder would refuse: the lab must be able to make what is malformed.

use time::{OffsetDateTime, UtcOffset};

use super::MintError;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const TELETEX_STRING: u8 = 0x14;
pub(super) const IA5_STRING: u8 = 0x16;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const UNIVERSAL_STRING: u8 = 0x1c;
pub(super) const BMP_STRING: u8 = 0x1e;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// One tag, the length of `content` in the definite form, and `content`.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    match content.len() {
        short @ 0..=0x7f => out.push(short as u8),
        long => {
            let bytes = long.to_be_bytes();
            let significant = bytes.iter().skip_while(|byte| **byte == 0);
            out.push(0x80 | significant.clone().count() as u8);
            out.extend(significant);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(super) fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    tlv(SEQUENCE, &concat(parts))
}

/// A SET OF: DER sorts its members.
pub(super) fn set_of(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    tlv(SET, &members.concat())
}

/// `[number]` around `content`, constructed: EXPLICIT, or IMPLICIT over a SEQUENCE's content.
pub(super) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

/// `[number]` IMPLICIT over a primitive type's content.
pub(super) fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, content)
}

pub(super) fn boolean(value: bool) -> Vec<u8> {
    tlv(BOOLEAN, &[if value { 0xff } else { 0 }])
}

pub(super) fn null() -> Vec<u8> {
    vec![0x05, 0]
}

pub(super) fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, content)
}

/// A BIT STRING of whole octets.
pub(super) fn bit_string(content: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], content].concat())
}

/// The content of a BIT STRING of named bits, bit 0 being the lowest of `bits`; DER drops trailing zeros.
pub(super) fn named_bits(bits: u16) -> Vec<u8> {
    let flipped = bits.reverse_bits().to_be_bytes();
    let kept = match flipped {
        [0, 0] => 0,
        [_, 0] => 1,
        _ => 2,
    };
    let unused = match flipped.get(..kept).and_then(|kept| kept.last()) {
        Some(last) => last.trailing_zeros() as u8,
        None => 0,
    };
    let mut content = vec![unused];
    content.extend(flipped.into_iter().take(kept));
    content
}

/// An INTEGER whose content is `bytes` as they are: two's complement, minimal or not.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    tlv(INTEGER, bytes)
}

pub(super) fn unsigned(value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let mut content: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    integer(&content)
}

/// An OBJECT IDENTIFIER from its dotted form.
pub(super) fn object_identifier(dotted: &str) -> Result<Vec<u8>, MintError> {
    let wrong = || MintError::ObjectIdentifier(dotted.to_owned());
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let [first, second, rest @ ..] = arcs.as_slice() else {
        return Err(wrong());
    };
    if *first > 2 || (*first < 2 && *second > 39) {
        return Err(wrong());
    }
    let head = second.checked_add(first * 40).ok_or_else(wrong)?;
    let mut content = Vec::new();
    for arc in [head].iter().chain(rest) {
        base128(*arc, &mut content);
    }
    Ok(tlv(OBJECT_IDENTIFIER, &content))
}

fn base128(arc: u64, out: &mut Vec<u8>) {
    let groups = (64 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let low = (arc >> (7 * group)) as u8 & 0x7f;
        out.push(if group == 0 { low } else { low | 0x80 });
    }
}

/// A date as RFC 5280 (4.1.2.5) writes it: UTCTime from 1950 to 2049, GeneralizedTime otherwise.
pub(super) fn date(at: OffsetDateTime) -> Vec<u8> {
    let at = at.to_offset(UtcOffset::UTC);
    match at.year() {
        year @ 1950..=2049 => tlv(UTC_TIME, format!("{:02}{}", year % 100, after_the_year(at)).as_bytes()),
        _ => generalized_time(at),
    }
}

pub(super) fn generalized_time(at: OffsetDateTime) -> Vec<u8> {
    let at = at.to_offset(UtcOffset::UTC);
    tlv(GENERALIZED_TIME, format!("{:04}{}", at.year(), after_the_year(at)).as_bytes())
}

fn after_the_year(at: OffsetDateTime) -> String {
    format!("{:02}{:02}{:02}{:02}{:02}Z", u8::from(at.month()), at.day(), at.hour(), at.minute(), at.second())
}

/// The content of a BMPString; what lies outside the basic plane becomes surrogates, as Windows writes it.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

pub(super) fn concat<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    parts.iter().flat_map(AsRef::as_ref).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn lengths_use_the_short_form_up_to_127() {
        assert_eq!(tlv(4, &[0; 127])[..2], [4, 127]);
        assert_eq!(tlv(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn unsigned_integers_are_minimal_and_positive() {
        assert_eq!(unsigned(0), [2, 1, 0]);
        assert_eq!(unsigned(127), [2, 1, 127]);
        assert_eq!(unsigned(128), [2, 2, 0, 128]);
        assert_eq!(unsigned(256), [2, 2, 1, 0]);
    }

    #[test]
    fn object_identifiers_are_read_or_refused() {
        let microsoft = object_identifier("1.3.6.1.4.1.311.21.7").unwrap();
        assert_eq!(microsoft, [6, 9, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 7]);
        assert_eq!(object_identifier("2.999").unwrap(), [6, 2, 0x88, 0x37]);
        for wrong in ["", "1", "3.1", "1.40", "1.2.x", "1..2", "2.18446744073709551615"] {
            assert!(object_identifier(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(0), [0]);
        assert_eq!(named_bits(0b1), [7, 0x80]);
        assert_eq!(named_bits(0b101), [5, 0xa0]);
        assert_eq!(named_bits(1 << 8), [7, 0, 0x80]);
    }

    #[test]
    fn dates_change_form_in_2050() {
        let last = date(datetime!(2049-12-31 23:59:59 UTC));
        let next = date(datetime!(2050-01-01 01:00:00 +01:00) + time::Duration::hours(1));
        assert_eq!(last, tlv(UTC_TIME, b"491231235959Z"));
        assert_eq!(next, tlv(GENERALIZED_TIME, b"20500101010000Z"));
    }
}
