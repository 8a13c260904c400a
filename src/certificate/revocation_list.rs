//! The facts of a certificate revocation list (RFC 5280, section 5), read once from the bytes a server gave. Nothing is
//! judged, and no signature is verified here. A list is read while it comes, and what is kept of a long one is its
//! [`Extract`]: everything but its entries' octets, a digest of what is signed, and some octets for each entry.

pub mod entry;
mod parser;
pub mod reading;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::UtcOffset;
use x509_parser::asn1_rs::FromDer;
use x509_parser::time::ASN1Time;

use crate::certificate::distribution_point;
use crate::certificate::distribution_point::{DistributionPoint, PointName, Reasons};
use crate::certificate::encoded::{from_pem, text};
use crate::certificate::read::der;
use crate::certificate::read::der::{Reader, tag};
use crate::certificate::{Name, SignatureAlgorithm};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use entry::Entries;
pub use entry::Revoked;
use reading::Reading;

/// A certificate revocation list.
#[derive(Clone, Debug)]
pub struct RevocationList {
    /// How its bytes were written.
    pub encoding: Encoding,
    /// The list, DER, where it is short enough to be kept.
    pub whole: Option<Der>,
    /// What stands for the whole of it.
    pub extract: Extract,
    /// Who says so.
    pub issuer: Name,
    /// How it is signed.
    pub signature: SignatureAlgorithm,
    /// When it was issued.
    pub this_update: Timestamp,
    /// By when the next one will have been issued; `None`: it does not say, though it must.
    pub next_update: Option<Timestamp>,
    /// When a Microsoft authority will publish the next one, some time before `next_update`.
    pub next_publish: Option<Timestamp>,
    /// Its number, in hexadecimal.
    pub number: Option<String>,
    /// The number of the complete list whose changes it tells, in hexadecimal; `None`: it is a complete list itself.
    pub delta_base: Option<String>,
    /// Where the delta lists to it are (Freshest CRL).
    pub freshest: Vec<DistributionPoint>,
    /// Which certificates it speaks of.
    pub coverage: Coverage,
    /// The key that signs it, as it says.
    pub authority_key_id: Option<Vec<u8>>,
    /// How it breaks the rules for lists.
    pub malformed: Vec<Malformed>,
    /// The entries.
    entries: Entries,
}

/// What is kept of a list to judge by it later, however long it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Extract {
    /// How its bytes were written.
    pub encoding: Encoding,
    /// The list without its entries, DER: what is signed, how, and the signature.
    pub frame: Der,
    /// The digest of what is signed, by the hash its algorithm names; `None`: that hash is not computed here.
    pub digest: Option<Der>,
    /// The authorities its entries name beside the list's own, names' DER.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<Der>,
    /// A record of [`entry::RECORD`] octets for each entry, in ascending order.
    pub entries: Der,
    /// Critical extensions of entries that RFC 5280 does not name, by OID.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_critical: Vec<String>,
    /// Whether any entry has extensions.
    #[serde(default)]
    pub entries_have_extensions: bool,
}

/// How a list's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Binary.
    Der,
    /// Base64 between a BEGIN and an END line.
    Pem,
}

impl Encoding {
    /// The DER of what is written so; `None`: its text is damaged.
    pub fn decoded(self, bytes: &Der) -> Option<Der> {
        match self {
            Self::Der => Some(bytes.clone()),
            Self::Pem => from_pem(text(bytes.as_slice())).map(Der::from),
        }
    }
}

/// Which certificates a list speaks of (the issuing distribution point, RFC 5280, 5.2.5); by default, all its issuer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Only those that name one of these points; `None`: it does not say.
    pub names: Option<Vec<PointName>>,
    /// Only those that are no authority's.
    pub only_user_certificates: bool,
    /// Only authorities'.
    pub only_ca_certificates: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
    /// Only those revoked for these reasons.
    pub reasons: Reasons,
    /// Other authorities' too.
    pub is_indirect: bool,
}

/// A rule for lists that a list breaks (RFC 5280, section 5): whoever keeps the rules refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It says that it is of version 1, which has no extensions, and has some (5.1.2.1).
    ExtensionsInVersion1,
    /// It says that it is of a version there is none of.
    Version(String),
    /// It names two signature algorithms (5.1.1.2).
    TwoAlgorithms {
        /// The one inside what is signed.
        signed: String,
        /// The one beside the signature.
        beside: String,
    },
    /// A critical extension RFC 5280 does not name, by OID (5.2).
    UnknownCritical(String),
    /// A critical extension of an entry that RFC 5280 does not name, by OID (5.3).
    UnknownCriticalOfEntry(String),
    /// An extension that is there twice, by OID (4.2).
    Twice(String),
    /// An extension that cannot be read, by OID.
    Unreadable(String),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExtensionsInVersion1 => {
                f.write_str("it says that it is of version 1, and has extensions, which belong to version 2")
            }
            Self::Version(number) => write!(f, "it says that it is of version {number}; there are versions 1 and 2"),
            Self::TwoAlgorithms { signed, beside } => write!(
                f,
                "it names two signature algorithms: {signed} inside what is signed, {beside} beside the signature"
            ),
            Self::UnknownCritical(oid) => {
                write!(f, "it has the critical extension {oid}, which RFC 5280 does not name")
            }
            Self::UnknownCriticalOfEntry(oid) => {
                write!(f, "an entry has the critical extension {oid}, which RFC 5280 does not name")
            }
            Self::Twice(oid) => write!(f, "the extension {oid} is there twice"),
            Self::Unreadable(oid) => write!(f, "the extension {oid} cannot be read"),
        }
    }
}

/// Why bytes are no revocation list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotAList {
    /// There are none.
    Empty,
    /// HTML or XML.
    WebPage,
    /// Something packed: by which program.
    Compressed(Cow<'static, str>),
    /// A certificate.
    Certificate,
    /// Something else that is known: what.
    Other(Cow<'static, str>),
    /// The beginning of a list.
    CutShort,
    /// Something else, or a list that is damaged: where reading stopped.
    Malformed(Cow<'static, str>),
    /// A list, as far as it was read: a bound of this program's was met; which.
    Beyond(Cow<'static, str>),
}

impl NotAList {
    const fn malformed(at: &'static str) -> Self {
        Self::Malformed(Cow::Borrowed(at))
    }

    const fn beyond(what: &'static str) -> Self {
        Self::Beyond(Cow::Borrowed(what))
    }

    const fn compressed(how: &'static str) -> Self {
        Self::Compressed(Cow::Borrowed(how))
    }

    const fn other(what: &'static str) -> Self {
        Self::Other(Cow::Borrowed(what))
    }
}

impl fmt::Display for NotAList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the answer is empty"),
            Self::WebPage => f.write_str("a web page instead of a revocation list"),
            Self::Compressed(how) => write!(f, "something compressed with {how}, which nobody asked for"),
            Self::Certificate => f.write_str("a certificate instead of a revocation list"),
            Self::Other(what) => write!(f, "{what} instead of a revocation list"),
            Self::CutShort => f.write_str("a revocation list that is cut short"),
            Self::Malformed(at) => write!(f, "not a revocation list that can be read: {at}"),
            Self::Beyond(what) => write!(f, "a revocation list beyond what this program reads: {what}"),
        }
    }
}

impl RevocationList {
    /// Reads a list, DER or PEM.
    ///
    /// # Errors
    /// What the bytes are instead.
    pub fn read(bytes: &Der) -> Result<Self, NotAList> {
        let mut reading = Reading::default();
        reading.push(bytes.as_slice());
        let sent = reading.finish();
        let extract = sent.content?;
        let whole = extract.encoding.decoded(bytes);
        Self::of_extract(extract, whole)
    }

    /// The list an extract is of; `whole`: all of it, DER, where it is at hand.
    ///
    /// # Errors
    /// The extract is none.
    pub fn of_extract(extract: Extract, whole: Option<Der>) -> Result<Self, NotAList> {
        parse(extract, whole).map_err(NotAList::malformed)
    }

    /// How many certificates it lists.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it only says what changed since a complete list.
    pub const fn is_delta(&self) -> bool {
        self.delta_base.is_some()
    }

    /// The entry about the certificate with this serial number, as it is encoded, of an authority whose name `is_issuer`
    /// takes for the certificate's issuer's.
    pub fn entry(&self, serial: &[u8], is_issuer: impl Fn(&Der) -> bool) -> Option<Revoked> {
        let names = std::iter::once(&self.issuer.der).chain(&self.extract.issuers);
        let mut numbered = (0..).zip(names).filter(|(_, name)| is_issuer(name));
        numbered.find_map(|(issuer, _)| self.entries.find(issuer, serial))
    }

    /// The same; one that only says "removed from the list" revokes nobody, in whatever list it stands.
    pub fn revoked(&self, issuer: &Der, serial: &[u8]) -> Option<Revoked> {
        self.entry(serial, |name| name == issuer).filter(|entry| !entry.is_removal())
    }
}

fn parse(extract: Extract, whole: Option<Der>) -> Result<RevocationList, &'static str> {
    let frame = extract.frame.clone();
    let mut parts = Reader::only(frame.as_slice(), tag::SEQUENCE).ok_or("it is not one DER value")?;
    let mut fields = Reader::new(parts.take(tag::SEQUENCE).ok_or("it holds no list")?);
    let beside = parts.take_whole(tag::SEQUENCE).ok_or("it names no signature algorithm")?;
    parts.take(tag::BIT_STRING).filter(|_| parts.is_at_end()).ok_or("its signature is missing")?;
    let version = fields.take(tag::INTEGER);
    let signed = fields.take_whole(tag::SEQUENCE).ok_or("it names no signature algorithm")?;
    let issuer = fields.take_whole(tag::SEQUENCE).ok_or("it names no issuer")?;
    let this_update = date(&mut fields).ok_or("it has no date")?;
    let next_update = if matches!(fields.remaining().first(), Some(&(UTC_TIME | GENERALIZED_TIME))) {
        Some(date(&mut fields).ok_or("its second date cannot be read")?)
    } else {
        None
    };
    let extensions = match fields.take(tag::constructed(0)) {
        Some(wrapped) => Some(Reader::only(wrapped, tag::SEQUENCE).ok_or("its extensions cannot be read")?),
        None => None,
    };
    if !fields.is_at_end() {
        return Err("its entries or extensions cannot be read");
    }
    let algorithm = |der| SignatureAlgorithm::read(der).ok_or("its signature algorithm cannot be read");
    let signature = algorithm(beside)?;
    let mut malformed = Vec::new();
    match version {
        None | Some([0]) if extensions.is_some() || extract.entries_have_extensions => {
            malformed.push(Malformed::ExtensionsInVersion1);
        }
        None | Some([0 | 1]) => {}
        Some([other @ 2..0x80]) => malformed.push(Malformed::Version((u32::from(*other) + 1).to_string())),
        Some(other) => malformed.push(Malformed::Version(format!("0x{}", data_encoding::HEXLOWER.encode(other)))),
    }
    if signed != beside {
        let name = |der| algorithm(der).map_or_else(|_| "one that cannot be read".to_owned(), |known| known.name);
        let (mut signed, mut beside) = (name(signed), name(beside));
        if signed == beside {
            signed.push_str(" with these parameters");
            beside.push_str(" with others");
        }
        malformed.push(Malformed::TwoAlgorithms { signed, beside });
    }
    malformed.extend(extract.unknown_critical.iter().cloned().map(Malformed::UnknownCriticalOfEntry));
    let entries = Entries::of(extract.entries.clone()).ok_or("what is kept of its entries is damaged")?;
    let mut list = RevocationList {
        encoding: extract.encoding,
        whole,
        issuer: Name::read(&Der::from(issuer)).ok_or("its issuer cannot be read")?,
        signature,
        this_update,
        next_update,
        next_publish: None,
        number: None,
        delta_base: None,
        freshest: Vec::new(),
        coverage: Coverage::default(),
        authority_key_id: None,
        malformed,
        entries,
        extract,
    };
    if let Some(extensions) = extensions {
        let mut extensions = Extensions(extensions);
        let mut known: Vec<&[u8]> = Vec::new();
        for one in &mut extensions {
            if known.contains(&one.oid) {
                list.malformed.push(Malformed::Twice(der::dotted(one.oid)));
            } else if list.learn(&one).is_none() {
                list.malformed.push(Malformed::Unreadable(der::dotted(one.oid)));
            }
            known.push(one.oid);
        }
        if !extensions.0.is_at_end() {
            return Err("its extensions cannot be read");
        }
    }
    Ok(list)
}

impl RevocationList {
    /// Takes in one of the list's extensions.
    fn learn(&mut self, extension: &Extension<'_>) -> Option<()> {
        let number = || {
            let digits = Reader::new(extension.value).take(tag::INTEGER)?;
            Some(data_encoding::HEXLOWER.encode(der::trimmed(digits)))
        };
        match extension.oid {
            [0x55, 0x1d, 20] => self.number = Some(number()?),
            [0x55, 0x1d, 27] => {
                // Whatever its number: it is a delta list.
                self.delta_base = Some(String::new());
                self.delta_base = Some(number()?);
            }
            [0x55, 0x1d, 28] => self.coverage = coverage(extension.value)?,
            [0x55, 0x1d, 35] => {
                let mut fields = Reader::only(extension.value, tag::SEQUENCE)?;
                self.authority_key_id = fields.take(tag::context(0)).map(<[u8]>::to_vec);
            }
            [0x55, 0x1d, 46] => distribution_point::read(extension.value, &mut self.freshest)?,
            // 1.3.6.1.4.1.311.21.4, Next CRL Publish
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 4] => {
                self.next_publish = date(&mut Reader::new(extension.value));
            }
            // Issuer Alternative Name; Authority Information Access, 1.3.6.1.5.5.7.1.1
            [0x55, 0x1d, 18] | [0x2b, 6, 1, 5, 5, 7, 1, 1] => {}
            other if extension.critical => self.malformed.push(Malformed::UnknownCritical(der::dotted(other))),
            _ => {}
        }
        Some(())
    }
}

fn coverage(value: &[u8]) -> Option<Coverage> {
    let mut fields = Reader::only(value, tag::SEQUENCE)?;
    let names = match fields.take(tag::constructed(0)) {
        Some(point) => Some(distribution_point::point_name(point)?),
        None => None,
    };
    let flag = |fields: &mut Reader<'_>, number| fields.take(tag::context(number)).is_some_and(|value| value != [0]);
    let only_user_certificates = flag(&mut fields, 1);
    let only_ca_certificates = flag(&mut fields, 2);
    let reasons = match fields.take(tag::context(3)) {
        Some(reasons) => Reasons::read(reasons)?,
        None => Reasons::ALL,
    };
    let coverage = Coverage {
        names,
        only_user_certificates,
        only_ca_certificates,
        reasons,
        is_indirect: flag(&mut fields, 4),
        only_attribute_certificates: flag(&mut fields, 5),
    };
    fields.is_at_end().then_some(coverage)
}

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The next value as a date.
fn date(reader: &mut Reader<'_>) -> Option<Timestamp> {
    let kind = *reader.remaining().first().filter(|first| matches!(**first, UTC_TIME | GENERALIZED_TIME))?;
    let raw = reader.take_whole(kind)?;
    let (_, at) = ASN1Time::from_der(raw).ok()?;
    at.to_datetime().checked_to_offset(UtcOffset::UTC).map(Timestamp::from)
}

struct Extension<'a> {
    oid: &'a [u8],
    critical: bool,
    value: &'a [u8],
}

/// Walks over extensions; ends at the first that is none.
struct Extensions<'a>(Reader<'a>);

impl<'a> Iterator for Extensions<'a> {
    type Item = Extension<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut ahead = self.0;
        let mut fields = Reader::new(ahead.take(tag::SEQUENCE)?);
        let oid = fields.take(tag::OID)?;
        let critical = fields.take(tag::BOOLEAN).is_some_and(|value| value != [0]);
        let value = fields.take(tag::OCTET_STRING)?;
        self.0 = ahead;
        Some(Extension { oid, critical, value })
    }
}

/// How a URL's list could be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Over HTTP: the only one this program fetches.
    Http,
    /// Over HTTPS, which Windows does not fetch lists over.
    Https,
    /// From a directory: inside a forest only, as a member.
    Ldap,
    /// From a file or a share.
    File,
    /// In another way.
    Other,
}

impl Scheme {
    /// A URL's.
    pub fn of(url: &str) -> Self {
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        let known = [("http", Self::Http), ("https", Self::Https), ("ldap", Self::Ldap), ("file", Self::File)];
        known.into_iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name)).map_or(Self::Other, |(_, scheme)| scheme)
    }
}

#[cfg(test)]
mod tests;
