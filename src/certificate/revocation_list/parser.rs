//! Reads a list's DER as it comes, and keeps no more of it than an [`Extract`]: values outside the entries are taken whole,
//! entries one by one. What is signed is digested on the way.

use std::collections::HashMap;

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::entry::{RECORD, Read};
use super::{Encoding, Extract, GENERALIZED_TIME, NotAList, UTC_TIME, der, tag};
use crate::certificate::{Hash, SignatureAlgorithm};
use crate::wire::der::Der;

/// How many octets of a list that are none of its entries' are kept.
const MOST_OF_FRAME: usize = 256 * 1024;
const BESIDE_ENTRIES: &str = "more than 256 KiB beside its entries";
/// How many octets one entry may have; real ones have some 40.
const MOST_OF_ENTRY: usize = 64 * 1024;
/// How many entries of a list are kept: what a list of 100 MiB holds.
const MOST_ENTRIES: usize = 3_500_000;
/// How many authorities' certificates an indirect list may be about.
const MOST_ISSUERS: usize = 1024;
/// How many of the entries' unknown critical extensions are told.
const MOST_UNKNOWN: usize = 8;

/// A list as far as it came.
#[derive(Default)]
pub(super) struct Parser {
    /// What came and is not read yet.
    waiting: Vec<u8>,
    stage: Stage,
    /// How many octets the list has by its own head.
    announced: u64,
    /// Octets left of the whole, of what is signed, of the entries.
    whole: u64,
    signed: u64,
    entries: u64,
    /// The fields of what is signed, without the entries.
    fields: Vec<u8>,
    /// What follows what is signed.
    rest: Vec<u8>,
    dates: u8,
    listed: bool,
    digest: Digesting,
    issuer: u32,
    issuers: Vec<Der>,
    /// The number of each of them.
    numbers: HashMap<Der, u32>,
    records: Vec<[u8; RECORD]>,
    unknown_critical: Vec<String>,
    entries_have_extensions: bool,
    stopped: Option<NotAList>,
}

/// What is read next.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// The head of the whole.
    #[default]
    Whole,
    /// The head of what is signed.
    Signed,
    /// A field of what is signed.
    Field,
    /// An entry.
    Entry,
    /// Algorithm and signature.
    Rest,
    /// Nothing.
    End,
}

/// A digest of what is signed, once it is known which.
enum Digesting {
    /// The algorithm has not come: what is signed so far.
    Unknown(Vec<u8>),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    /// A hash that is not computed.
    None,
}

impl Default for Digesting {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Digesting {
    fn update(&mut self, octets: &[u8]) {
        match self {
            Self::Unknown(before) => before.extend_from_slice(octets),
            Self::Sha1(hash) => hash.update(octets),
            Self::Sha224(hash) => hash.update(octets),
            Self::Sha256(hash) => hash.update(octets),
            Self::Sha384(hash) => hash.update(octets),
            Self::Sha512(hash) => hash.update(octets),
            Self::None => {}
        }
    }

    /// The algorithm is this one.
    fn choose(&mut self, algorithm: &[u8]) {
        let Self::Unknown(before) = self else { return };
        let before = std::mem::take(before);
        *self = match SignatureAlgorithm::read(algorithm).and_then(|algorithm| algorithm.hash) {
            Some(Hash::Sha1) => Self::Sha1(Sha1::new()),
            Some(Hash::Sha224) => Self::Sha224(Sha224::new()),
            Some(Hash::Sha256) => Self::Sha256(Sha256::new()),
            Some(Hash::Sha384) => Self::Sha384(Sha384::new()),
            Some(Hash::Sha512) => Self::Sha512(Sha512::new()),
            Some(Hash::Md2 | Hash::Md4 | Hash::Md5) | None => Self::None,
        };
        self.update(&before);
    }

    /// The algorithm stands before the entries or nowhere: a list without one is not held until its end.
    fn no_longer_waits(&mut self) {
        if let Self::Unknown(_) = self {
            *self = Self::None;
        }
    }

    fn finish(self) -> Option<Der> {
        let digest = match self {
            Self::Unknown(_) | Self::None => return None,
            Self::Sha1(hash) => hash.finalize().to_vec(),
            Self::Sha224(hash) => hash.finalize().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
            Self::Sha384(hash) => hash.finalize().to_vec(),
            Self::Sha512(hash) => hash.finalize().to_vec(),
        };
        Some(Der::from(digest))
    }
}

/// The head of a value: its tag, how long the head is, how long what it holds.
#[derive(Clone, Copy)]
struct Head {
    tag: u8,
    length: usize,
    holds: u64,
}

impl Head {
    /// `Ok(None)`: it has not come whole.
    fn of(bytes: &[u8]) -> Result<Option<Self>, ()> {
        let [tag, first, after @ ..] = bytes else { return Ok(None) };
        if tag & 0x1f == 0x1f {
            return Err(());
        }
        if *first < 0x80 {
            return Ok(Some(Self { tag: *tag, length: 2, holds: u64::from(*first) }));
        }
        let octets = usize::from(first & 0x7f);
        if !(1..=4).contains(&octets) {
            return Err(());
        }
        let Some(length) = after.get(..octets) else { return Ok(None) };
        let holds = length.iter().fold(0, |sum, octet| sum << 8 | u64::from(*octet));
        Ok(Some(Self { tag: *tag, length: 2 + octets, holds }))
    }

    fn whole(self) -> u64 {
        self.holds.saturating_add(self.length as u64)
    }
}

impl Parser {
    /// Takes in what came.
    pub(super) fn push(&mut self, octets: &[u8]) {
        if self.stopped.is_some() {
            return;
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend_from_slice(octets);
        let mut read = 0;
        loop {
            let ahead = waiting.get(read..).unwrap_or_default();
            match self.step(ahead) {
                Ok(0) => break,
                Ok(taken) => read += taken,
                Err(instead) => {
                    self.stopped = Some(instead);
                    return;
                }
            }
        }
        waiting.drain(..read);
        self.waiting = waiting;
    }

    /// How many octets the list has by its own head; 0: that has not come.
    pub(super) const fn announced(&self) -> u64 {
        self.announced
    }

    /// Why no more is read.
    pub(super) const fn stopped(&self) -> Option<&NotAList> {
        self.stopped.as_ref()
    }

    /// The extract of the list that came.
    pub(super) fn finish(mut self, encoding: Encoding) -> Result<Extract, NotAList> {
        if let Some(instead) = self.stopped {
            return Err(instead);
        }
        if self.stage != Stage::End {
            return Err(NotAList::CutShort);
        }
        self.records.sort_unstable();
        let signed = der::value(tag::SEQUENCE, &self.fields);
        Ok(Extract {
            encoding,
            frame: Der::from(der::value(tag::SEQUENCE, &[signed, self.rest].concat())),
            digest: self.digest.finish(),
            issuers: self.issuers,
            entries: Der::from(self.records.into_flattened()),
            unknown_critical: self.unknown_critical,
            entries_have_extensions: self.entries_have_extensions,
        })
    }

    /// Reads one thing; how many octets it had, 0: it has not come whole.
    fn step(&mut self, ahead: &[u8]) -> Result<usize, NotAList> {
        match self.stage {
            Stage::Whole => {
                let Some(head) = head(ahead, "it is not one DER value")? else { return Ok(0) };
                if head.tag != tag::SEQUENCE {
                    return Err(NotAList::malformed("it is no DER SEQUENCE"));
                }
                self.announced = head.whole();
                self.whole = head.holds;
                self.stage = Stage::Signed;
                Ok(head.length)
            }
            Stage::Signed => {
                let Some(head) = head(ahead, "it holds no list")? else { return Ok(0) };
                if head.tag != tag::SEQUENCE || head.whole() > self.whole {
                    return Err(NotAList::malformed("it holds no list"));
                }
                self.whole -= head.whole();
                self.signed = head.holds;
                self.stage = if head.holds == 0 { Stage::Rest } else { Stage::Field };
                self.digest.update(ahead.get(..head.length).unwrap_or_default());
                Ok(head.length)
            }
            Stage::Field => self.field(ahead),
            Stage::Entry => self.entry(ahead),
            Stage::Rest => {
                if self.whole == 0 {
                    self.stage = Stage::End;
                    return self.step(ahead);
                }
                let Some((_, value)) = whole(ahead, self.whole, MOST_OF_FRAME, "its signature cannot be read")? else {
                    return Ok(0);
                };
                if self.fields.len() + self.rest.len() + value.len() > MOST_OF_FRAME {
                    return Err(NotAList::beyond(BESIDE_ENTRIES));
                }
                self.rest.extend_from_slice(value);
                self.whole -= value.len() as u64;
                if self.whole == 0 {
                    self.stage = Stage::End;
                }
                Ok(value.len())
            }
            Stage::End if ahead.is_empty() => Ok(0),
            Stage::End => Err(NotAList::malformed("something follows the list")),
        }
    }

    fn field(&mut self, ahead: &[u8]) -> Result<usize, NotAList> {
        const DAMAGED: &str = "its fields cannot be read";
        let Some(head) = head(ahead, DAMAGED)? else { return Ok(0) };
        if head.tag == tag::SEQUENCE && self.dates > 0 && !self.listed {
            if head.whole() > self.signed {
                return Err(NotAList::malformed("its entries are longer than it is"));
            }
            self.listed = true;
            self.entries = head.holds;
            self.signed -= head.length as u64;
            self.digest.no_longer_waits();
            self.digest.update(ahead.get(..head.length).unwrap_or_default());
            self.stage = Stage::Entry;
            self.entries_end();
            return Ok(head.length);
        }
        let Some((head, value)) = whole(ahead, self.signed, MOST_OF_FRAME, DAMAGED)? else { return Ok(0) };
        if self.fields.len() + value.len() > MOST_OF_FRAME {
            return Err(NotAList::beyond(BESIDE_ENTRIES));
        }
        self.digest.update(value);
        if head.tag == tag::SEQUENCE {
            self.digest.choose(value);
        }
        self.dates += u8::from(matches!(head.tag, UTC_TIME | GENERALIZED_TIME) && self.dates < 2);
        self.fields.extend_from_slice(value);
        self.take_signed(value.len());
        Ok(value.len())
    }

    fn entry(&mut self, ahead: &[u8]) -> Result<usize, NotAList> {
        const DAMAGED: &str = "one of its entries cannot be read";
        let Some((head, value)) = whole(ahead, self.entries, MOST_OF_ENTRY, DAMAGED)? else { return Ok(0) };
        let content = value.get(head.length..).filter(|_| head.tag == tag::SEQUENCE);
        let read = content.and_then(Read::new).ok_or(NotAList::malformed(DAMAGED))?;
        if let Some(name) = read.issuer {
            self.issuer = self.number_of(name)?;
        }
        self.entries_have_extensions |= read.has_extensions;
        for oid in &read.unknown_critical {
            if self.unknown_critical.len() < MOST_UNKNOWN && !self.unknown_critical.contains(oid) {
                self.unknown_critical.push(oid.clone());
            }
        }
        if self.records.len() >= MOST_ENTRIES {
            return Err(NotAList::beyond("more than 3,500,000 entries"));
        }
        self.records.push(read.record(self.issuer));
        self.digest.update(value);
        self.entries -= value.len() as u64;
        self.signed -= value.len() as u64;
        self.entries_end();
        Ok(value.len())
    }

    /// The number of an authority that entries name; 0 is the list's own.
    fn number_of(&mut self, name: &[u8]) -> Result<u32, NotAList> {
        let name = Der::from(name);
        if let Some(number) = self.numbers.get(&name) {
            return Ok(*number);
        }
        let number = u32::try_from(self.issuers.len() + 1).ok().filter(|_| self.issuers.len() < MOST_ISSUERS);
        let beyond = "entries about the certificates of more than 1024 authorities";
        let number = number.ok_or_else(|| NotAList::beyond(beyond))?;
        self.issuers.push(name.clone());
        self.numbers.insert(name, number);
        Ok(number)
    }

    fn entries_end(&mut self) {
        if self.entries == 0 {
            self.stage = Stage::Field;
            self.take_signed(0);
        }
    }

    fn take_signed(&mut self, octets: usize) {
        self.signed -= octets as u64;
        if self.signed == 0 {
            self.stage = Stage::Rest;
        }
    }
}

fn head(ahead: &[u8], damaged: &'static str) -> Result<Option<Head>, NotAList> {
    Head::of(ahead).map_err(|()| NotAList::malformed(damaged))
}

/// The next value with its head, if it has come whole and has room; `left`: how many octets there can be.
fn whole<'a>(
    ahead: &'a [u8],
    left: u64,
    most: usize,
    damaged: &'static str,
) -> Result<Option<(Head, &'a [u8])>, NotAList> {
    let Some(head) = head(ahead, damaged)? else { return Ok(None) };
    if head.whole() > left {
        return Err(NotAList::malformed(damaged));
    }
    let length = usize::try_from(head.whole()).unwrap_or(usize::MAX);
    if length > most {
        return Err(NotAList::beyond("one of its values is longer than lists need"));
    }
    Ok(ahead.get(..length).map(|value| (head, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: [u8; 15] = *b"\x17\x0d260101000000Z";

    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        der::value(tag::SEQUENCE, &parts.concat())
    }

    fn algorithm() -> Vec<u8> {
        sequence(&[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0]])
    }

    /// An entry of another authority's, with an extension nobody knows.
    fn entry(authority: u32, unknown: u32) -> Vec<u8> {
        let name = sequence(&[b"\x31\x00", &der::value(0x0c, &authority.to_be_bytes())]);
        let names = sequence(&[&der::value(0xa4, &name)]);
        let extension =
            |oid: &[u8], value: &[u8]| sequence(&[&der::value(6, oid), &[1, 1, 0xff], &der::value(4, value)]);
        let [.., high, low] = unknown.to_be_bytes();
        let extensions = sequence(&[
            &extension(&[0x55, 0x1d, 0x1d], &names),
            &extension(&[0x2a, 3, high & 0x7f, low & 0x7f], &[5, 0]),
        ]);
        sequence(&[&[2, 1, 1], &DATE, &extensions])
    }

    fn list(fields: &[&[u8]], entries: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
        let signed = sequence(&[&fields.concat(), &sequence(&[&entries.concat()]), after]);
        sequence(&[&signed, &algorithm(), &[3, 1, 0]])
    }

    fn parsed(list: &[u8]) -> Result<Extract, NotAList> {
        let mut parser = Parser::default();
        list.chunks(9000).for_each(|piece| parser.push(piece));
        parser.finish(Encoding::Der)
    }

    #[test]
    fn a_list_whose_algorithm_never_comes_is_not_held() {
        let entries = vec![sequence(&[&[2, 1, 1], &DATE]); 1000];
        let mut parser = Parser::default();
        parser.push(&list(&[&DATE], &entries, &[]));
        assert!(matches!(parser.digest, Digesting::None));
        assert_eq!(parser.finish(Encoding::Der).map(|extract| extract.digest), Ok(None));
        let healthy = list(&[&algorithm(), &DATE], &entries, &[]);
        assert!(parsed(&healthy).is_ok_and(|extract| extract.digest.is_some()));
    }

    #[test]
    fn a_list_is_about_so_many_authorities_and_no_more() {
        let most = u32::try_from(MOST_ISSUERS).unwrap();
        // Twice, so that those that are known are found again.
        let of = |count: u32| -> Vec<Vec<u8>> { (0..count).chain(0..count).map(|n| entry(n, n % 20)).collect() };
        let read = parsed(&list(&[&algorithm(), &DATE], &of(most), &[])).unwrap();
        assert_eq!((read.issuers.len(), read.entries.as_slice().len()), (MOST_ISSUERS, 2 * MOST_ISSUERS * RECORD));
        assert_eq!(read.unknown_critical.len(), MOST_UNKNOWN);
        let beyond = parsed(&list(&[&algorithm(), &DATE], &of(most + 1), &[])).unwrap_err();
        assert!(beyond.to_string().contains("1024 authorities"), "{beyond}");
        let few = parsed(&list(&[&algorithm(), &DATE], &[entry(0, 1), entry(0, 2), entry(0, 1)], &[])).unwrap();
        assert_eq!(few.unknown_critical.len(), 2);
    }

    #[test]
    fn a_lists_values_have_so_much_room_and_no_more() {
        let long = |length: usize| sequence(&[&[2, 1, 1], &DATE, &der::value(4, &vec![0; length])]);
        // The heads of the octets and of the entry, number and date.
        let around = 4 + 4 + 3 + DATE.len();
        let over = |length: usize| parsed(&list(&[&algorithm(), &DATE], &[long(length)], &[]));
        let beyond = |read: Result<Extract, NotAList>| read.is_err_and(|why| why.to_string().contains("longer than"));
        assert!(!beyond(over(MOST_OF_ENTRY - around)) && beyond(over(MOST_OF_ENTRY - around + 1)));
        let signature = algorithm().len() + 3;
        let room = MOST_OF_FRAME - algorithm().len() - DATE.len() - signature;
        let after = |length: usize| {
            // In two, for one alone may be as long as all.
            let [one, other] = [length / 2, length - length / 2].map(|half| der::value(0xa0, &vec![0; half - 5]));
            parsed(&list(&[&algorithm(), &DATE], &[], &[one, other].concat()))
        };
        assert!(after(room).is_ok());
        assert!(after(room + 1).is_err_and(|why| why.to_string().contains("256 KiB beside its entries")));
    }

    #[test]
    fn what_follows_what_is_signed_has_no_more_room_than_the_rest() {
        let signed = sequence(&[&algorithm(), &DATE]);
        let values = |count: usize| sequence(&[&signed, &algorithm(), &der::value(3, &[0; 1000]).repeat(count)]);
        assert!(parsed(&values(200)).is_ok());
        let mut parser = Parser::default();
        let flood = values(10_000);
        flood.chunks(9000).for_each(|piece| parser.push(piece));
        assert!(parser.stopped().is_some_and(|why| why.to_string().contains("256 KiB beside its entries")));
        assert!(parser.rest.len() <= MOST_OF_FRAME && parser.waiting.is_empty());
        assert_eq!(parser.announced(), flood.len() as u64);
    }

    #[test]
    fn so_many_entries_are_kept_and_no_more() {
        let last = sequence(&[&[2, 1, 1], &DATE]);
        for (before, is_beyond) in [(MOST_ENTRIES - 1, false), (MOST_ENTRIES, true)] {
            let mut parser = Parser { records: vec![[0; RECORD]; before], ..Parser::default() };
            parser.push(&list(&[&algorithm(), &DATE], std::slice::from_ref(&last), &[]));
            assert_eq!(parser.stopped().is_some(), is_beyond);
        }
    }
}
