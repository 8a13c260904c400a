//! A list's entries, as some octets each: enough to find a certificate's and to say when and why it was revoked. What serial
//! number it was is not kept, only a print of it, as long as collisions are nobody's practice.

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{Extensions, GENERALIZED_TIME, Reader, UTC_TIME, der, tag};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// How many octets stand for an entry: a print of issuer and serial number, the date, the reason.
pub const RECORD: usize = PRINT + DATE + 1;
const PRINT: usize = 8;
const DATE: usize = 4;

/// What stands for no reason given.
const NO_REASON: u8 = 0xff;
/// The reason that revokes nobody: removed from the list (RFC 5280, 5.3.1).
const REMOVED: u8 = 8;

/// That a certificate is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Since when.
    pub at: Option<Timestamp>,
    /// Why; `None`: no reason is given.
    pub reason: Option<u8>,
}

impl Revoked {
    /// The reason in words (RFC 5280, 5.3.1).
    pub const fn reason_in_words(self) -> &'static str {
        match self.reason {
            None | Some(0) => "no reason given",
            Some(1) => "key compromise",
            Some(2) => "compromise of the authority",
            Some(3) => "affiliation changed",
            Some(4) => "superseded",
            Some(5) => "cessation of operation",
            Some(6) => "certificate hold",
            Some(REMOVED) => "removed from the list",
            Some(9) => "privilege withdrawn",
            Some(10) => "compromise of the attribute authority",
            Some(_) => "a reason without a name",
        }
    }

    /// Whether it says that the certificate is revoked no more.
    pub const fn is_removal(self) -> bool {
        matches!(self.reason, Some(REMOVED))
    }

    /// Whether it can be taken back.
    pub const fn is_hold(self) -> bool {
        matches!(self.reason, Some(6))
    }
}

/// The records of a list's entries, in ascending order.
#[derive(Clone, Debug)]
pub(super) struct Entries(Der);

impl Entries {
    /// Over records; `None`: they are none, or in no order.
    pub(super) fn of(records: Der) -> Option<Self> {
        let (whole, rest) = records.as_slice().as_chunks::<RECORD>();
        (rest.is_empty() && whole.is_sorted()).then_some(Self(records))
    }

    pub(super) fn len(&self) -> usize {
        self.0.as_slice().len() / RECORD
    }

    /// The entry with a serial number, as it is encoded, of the issuer with this place among the list's.
    pub(super) fn find(&self, issuer: u32, serial: &[u8]) -> Option<Revoked> {
        let wanted = print(issuer, serial);
        let (records, _) = self.0.as_slice().as_chunks::<RECORD>();
        let at = records.partition_point(|record| print_of(record) < wanted);
        let record = records.get(at).filter(|record| print_of(record) == wanted)?;
        let [_, _, _, _, _, _, _, _, date @ .., reason] = *record;
        let at = u32::from_be_bytes(date);
        let at = OffsetDateTime::from_unix_timestamp(i64::from(at)).ok().filter(|_| at != 0).map(Timestamp);
        Some(Revoked { at, reason: (reason != NO_REASON).then_some(reason) })
    }
}

fn print_of(record: &[u8; RECORD]) -> [u8; PRINT] {
    let [print @ .., _, _, _, _, _] = *record;
    print
}

/// The print of a serial number: equal for equal numbers, whatever octets lead them, and no sign lost.
fn print(issuer: u32, serial: &[u8]) -> [u8; PRINT] {
    let digest = Sha256::new().chain_update(issuer.to_be_bytes()).chain_update(der::trimmed(serial)).finalize();
    std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
}

/// What an entry says.
pub(super) struct Read<'a> {
    serial: &'a [u8],
    at: Option<u32>,
    reason: u8,
    /// Whose certificate it is about, from here on (5.3.3), a name's DER.
    pub(super) issuer: Option<&'a [u8]>,
    /// Whether it has extensions.
    pub(super) has_extensions: bool,
    /// Critical extensions RFC 5280 does not name.
    pub(super) unknown_critical: Vec<String>,
}

impl<'a> Read<'a> {
    /// Reads the content of an entry; `None`: it is none.
    pub(super) fn new(content: &'a [u8]) -> Option<Self> {
        let mut fields = Reader::new(content);
        let serial = fields.take(tag::INTEGER)?;
        let date = fields.next().filter(|date| matches!(date.tag, UTC_TIME | GENERALIZED_TIME))?;
        let mut read = Self {
            serial,
            at: seconds(date.contents),
            reason: NO_REASON,
            issuer: None,
            has_extensions: false,
            unknown_critical: Vec::new(),
        };
        if let Some(extensions) = fields.take(tag::SEQUENCE) {
            read.has_extensions = true;
            let mut extensions = Extensions(Reader::new(extensions));
            for one in &mut extensions {
                match one.oid {
                    // ENUMERATED
                    [0x55, 0x1d, 21] => read.reason = *Reader::new(one.value).take(0x0a)?.first()?,
                    [0x55, 0x1d, 29] => {
                        let mut names = Reader::only(one.value, tag::SEQUENCE)?;
                        read.issuer = Some(names.take(tag::constructed(4))?);
                    }
                    // Hold Instruction, Invalidity Date
                    [0x55, 0x1d, 23 | 24] => {}
                    other if one.critical => read.unknown_critical.push(der::dotted(other)),
                    _ => {}
                }
            }
            if !extensions.0.is_at_end() {
                return None;
            }
        }
        fields.is_at_end().then_some(read)
    }

    /// What is kept of it.
    pub(super) fn record(&self, issuer: u32) -> [u8; RECORD] {
        let mut record = [0; RECORD];
        let at = self.at.unwrap_or_default().to_be_bytes();
        let octets = print(issuer, self.serial).into_iter().chain(at).chain([self.reason]);
        for (to, from) in record.iter_mut().zip(octets) {
            *to = from;
        }
        record
    }
}

/// A date's seconds since 1970; `None`: it cannot be read, or told so. By hand, because lists have millions.
fn seconds(digits: &[u8]) -> Option<u32> {
    let (digits, zone) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
    if zone != b"Z" || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let pair = |at: usize| {
        let tens = digits.get(at)?.wrapping_sub(b'0');
        Some(u32::from(tens) * 10 + u32::from(digits.get(at + 1)?.wrapping_sub(b'0')))
    };
    let (year, rest) = match digits.len() {
        // A year of two digits is one from 1950 on (RFC 5280, 5.1.2.4).
        12 => (pair(0)? + if pair(0)? < 50 { 2000 } else { 1900 }, 2),
        14 => (pair(0)? * 100 + pair(2)?, 4),
        _ => return None,
    };
    let (month, day) = (pair(rest)?, pair(rest + 2)?);
    let (hour, minute, second) = (pair(rest + 4)?, pair(rest + 6)?, pair(rest + 8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days of the Gregorian calendar, its years begun in March so that leap days are at their ends.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    // The first of March of the year 0 is 719,468 days before 1970.
    let days = days.checked_sub(719_468)?;
    days.checked_mul(86_400)?.checked_add(hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_are_read_in_both_forms() {
        assert_eq!(seconds(b"700101000001Z"), Some(1));
        assert_eq!(seconds(b"20260101000000Z"), Some(1_767_225_600));
        assert_eq!(seconds(b"260101000000Z"), Some(1_767_225_600));
        assert_eq!(seconds(b"240229235959Z"), Some(1_709_251_199));
        assert_eq!(seconds(b"20000301000000Z"), Some(951_868_800));
        assert_eq!(seconds(b"21060207062815Z"), Some(u32::MAX));
        assert_eq!(seconds(b"21060207062816Z"), None);
        for bad in [&b"690101000000Z"[..], b"261301000000Z", b"2601010000Z", b"26010100000xZ", b""] {
            assert_eq!(seconds(bad), None);
        }
    }
}
