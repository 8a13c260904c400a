//! Reads a list's DER as it comes, and keeps no more of it than an [`Extract`]: values outside the entries are taken whole,
//! entries one by one. What is signed is digested on the way.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::entry::{RECORD, Read};
use super::{Encoding, Extract, GENERALIZED_TIME, NotAList, UTC_TIME, der, tag};
use crate::certificate::{Hash, SignatureAlgorithm};
use crate::wire::der::Der;

/// How many octets of a list that are none of its entries' are kept.
const MOST_OF_FRAME: usize = 256 * 1024;
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
            self.digest.update(ahead.get(..head.length).unwrap_or_default());
            self.stage = Stage::Entry;
            self.entries_end();
            return Ok(head.length);
        }
        let Some((head, value)) = whole(ahead, self.signed, MOST_OF_FRAME, DAMAGED)? else { return Ok(0) };
        if self.fields.len() + value.len() > MOST_OF_FRAME {
            return Err(NotAList::beyond("more than 256 KiB beside its entries"));
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
        let beyond = || NotAList::beyond("entries about the certificates of more than 1024 authorities");
        let at = match self.issuers.iter().rposition(|known| known.as_slice() == name) {
            Some(at) => at,
            None if self.issuers.len() >= MOST_ISSUERS => return Err(beyond()),
            None => {
                self.issuers.push(Der::from(name));
                self.issuers.len() - 1
            }
        };
        u32::try_from(at + 1).map_err(|_| beyond())
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
