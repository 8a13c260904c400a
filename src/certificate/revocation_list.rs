//! The facts of a certificate revocation list (RFC 5280, section 5), read once from the bytes a server gave. Nothing is
//! judged, and no signature is verified here. Entries stay where they are: an index of some octets each is all they cost.

use std::fmt;

use time::UtcOffset;
use x509_parser::asn1_rs::FromDer;
use x509_parser::time::ASN1Time;

use crate::certificate::read::der;
use crate::certificate::read::der::{Reader, tag};
use crate::certificate::{Certificate, Name, SignatureAlgorithm};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// A certificate revocation list.
#[derive(Clone, Debug)]
pub struct RevocationList {
    /// How its bytes were written.
    pub encoding: Encoding,
    /// The list, DER.
    pub der: Der,
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
    /// Whether it only says what changed since a complete list.
    pub is_delta: bool,
    /// Which certificates it speaks of.
    pub coverage: Coverage,
    /// Critical extensions RFC 5280 does not name, by OID.
    pub unknown_critical: Vec<String>,
    /// The entries, by serial number.
    entries: Vec<Entry>,
    /// Other authorities whose certificates an indirect list names.
    issuers: Vec<Der>,
}

/// How a list's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Binary.
    Der,
    /// Base64 between a BEGIN and an END line.
    Pem,
}

/// Which certificates a list speaks of (the issuing distribution point, RFC 5280, 5.2.5); by default, all its issuer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Only those that name one of these URLs; `None`: it does not say.
    pub urls: Option<Vec<String>>,
    /// Only those that are no authority's.
    pub only_user_certificates: bool,
    /// Only authorities'.
    pub only_ca_certificates: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
    /// Only those revoked for some reasons.
    pub only_some_reasons: bool,
    /// Other authorities' too.
    pub is_indirect: bool,
}

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
            Some(8) => "removed from the list",
            Some(9) => "privilege withdrawn",
            Some(10) => "compromise of the attribute authority",
            Some(_) => "a reason without a name",
        }
    }
}

/// Why bytes are no revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAList {
    /// There are none.
    Empty,
    /// HTML or XML.
    WebPage,
    /// A certificate.
    Certificate,
    /// Something else, or a list that is damaged: where reading stopped.
    Malformed(&'static str),
}

impl fmt::Display for NotAList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the answer is empty"),
            Self::WebPage => f.write_str("a web page instead of a revocation list"),
            Self::Certificate => f.write_str("a certificate instead of a revocation list"),
            Self::Malformed(at) => write!(f, "not a revocation list that can be read: {at}"),
        }
    }
}

/// Where an entry's serial number lies in the list, and whose certificate it is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: u32,
    length: u32,
    /// Into `issuers`; [`OWN`]: the list's issuer.
    issuer: u32,
}

const OWN: u32 = u32::MAX;

impl RevocationList {
    /// Reads a list, DER or PEM.
    ///
    /// # Errors
    /// What the bytes are instead.
    pub fn read(bytes: &Der) -> Result<Self, NotAList> {
        let slice = bytes.as_slice();
        let text = slice.strip_prefix(b"\xef\xbb\xbf").unwrap_or(slice).trim_ascii_start();
        match text {
            [] => Err(NotAList::Empty),
            [b'-', ..] => match from_pem(text) {
                Some(decoded) => read(&Der::from(decoded.as_slice()), Encoding::Pem),
                None => Err(NotAList::Malformed("its Base64 text is damaged")),
            },
            [b'<', ..] => Err(NotAList::WebPage),
            _ => read(bytes, Encoding::Der),
        }
    }

    /// How many certificates it lists.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry about the certificate of this issuer (a name's DER) with this serial number (hexadecimal, as in
    /// [`Facts`](super::certificate::Facts)).
    pub fn revoked(&self, issuer: &Der, serial: &str) -> Option<Revoked> {
        let wanted = data_encoding::HEXLOWER_PERMISSIVE.decode(serial.as_bytes()).ok()?;
        let wanted = trimmed(&wanted);
        let from = self.entries.partition_point(|entry| self.serial(entry) < wanted);
        let same = self.entries.get(from..)?.iter().take_while(|entry| self.serial(entry) == wanted);
        let of_issuer = |entry: &&Entry| {
            let listed = usize::try_from(entry.issuer).ok().and_then(|at| self.issuers.get(at));
            listed.unwrap_or(&self.issuer.der) == issuer
        };
        same.filter(of_issuer).map(|entry| self.details(entry)).next()
    }

    /// The number, without leading zero octets.
    fn serial(&self, entry: &Entry) -> &[u8] {
        let whole = self.der.as_slice();
        let cut = || {
            let from = usize::try_from(entry.at).ok()?;
            whole.get(from..from.checked_add(usize::try_from(entry.length).ok()?)?)
        };
        trimmed(cut().unwrap_or_default())
    }

    /// What follows the serial number.
    fn details(&self, entry: &Entry) -> Revoked {
        let end = usize::try_from(entry.at.saturating_add(entry.length)).unwrap_or(usize::MAX);
        let mut rest = Reader::new(self.der.as_slice().get(end..).unwrap_or_default());
        let at = date(&mut rest);
        let reason = rest.take(tag::SEQUENCE).and_then(|extensions| {
            // 2.5.29.21
            let value = Extensions(Reader::new(extensions)).find(|one| one.oid == [0x55, 0x1d, 21])?.value;
            // ENUMERATED
            Reader::new(value).take(0x0a)?.first().copied()
        });
        Revoked { at, reason }
    }
}

fn trimmed(number: &[u8]) -> &[u8] {
    let leading = number.iter().take_while(|octet| **octet == 0).count();
    number.get(leading..).unwrap_or_default()
}

/// What lies between the first BEGIN line and the END line after it, whatever they are the beginning and the end of:
/// Windows' certutil calls whatever it encodes a certificate.
fn from_pem(text: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    let (_, after) = text.split_once("-----BEGIN ")?;
    let (_, body) = after.split_once("-----")?;
    let (body, _) = body.split_once("-----END ")?;
    let body: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&body).ok()
}

fn read(whole: &Der, encoding: Encoding) -> Result<RevocationList, NotAList> {
    parse(whole, encoding).map_err(|at| {
        if Certificate::read(whole).facts.is_ok() { NotAList::Certificate } else { NotAList::Malformed(at) }
    })
}

fn parse(whole: &Der, encoding: Encoding) -> Result<RevocationList, &'static str> {
    let bytes = whole.as_slice();
    let mut parts = Reader::only(bytes, tag::SEQUENCE).ok_or("it is not one DER value, or is cut short")?;
    let mut fields = Reader::new(parts.take(tag::SEQUENCE).ok_or("it holds no list")?);
    let algorithm = parts.take_whole(tag::SEQUENCE).ok_or("it names no signature algorithm")?;
    parts.take(tag::BIT_STRING).filter(|_| parts.is_at_end()).ok_or("its signature is missing")?;
    fields.take(tag::INTEGER);
    fields.take(tag::SEQUENCE).ok_or("it names no signature algorithm")?;
    let issuer = fields.take_whole(tag::SEQUENCE).ok_or("it names no issuer")?;
    let this_update = date(&mut fields).ok_or("it has no date")?;
    let next_update = if matches!(fields.remaining().first(), Some(&(UTC_TIME | GENERALIZED_TIME))) {
        Some(date(&mut fields).ok_or("its second date cannot be read")?)
    } else {
        None
    };
    let revoked = fields.take(tag::SEQUENCE);
    let extensions = match fields.take(tag::constructed(0)) {
        Some(wrapped) => Some(Reader::only(wrapped, tag::SEQUENCE).ok_or("its extensions cannot be read")?),
        None => None,
    };
    if !fields.is_at_end() {
        return Err("its entries or extensions cannot be read");
    }
    let mut list = RevocationList {
        encoding,
        der: whole.clone(),
        issuer: Name::read(&Der::from(issuer)).ok_or("its issuer cannot be read")?,
        signature: SignatureAlgorithm::read(algorithm).ok_or("its signature algorithm cannot be read")?,
        this_update,
        next_update,
        next_publish: None,
        is_delta: false,
        coverage: Coverage::default(),
        unknown_critical: Vec::new(),
        entries: Vec::new(),
        issuers: Vec::new(),
    };
    if let Some(extensions) = extensions {
        let mut extensions = Extensions(extensions);
        for one in &mut extensions {
            list.learn(&one).ok_or("one of its extensions cannot be read")?;
        }
        if !extensions.0.is_at_end() {
            return Err("its extensions cannot be read");
        }
    }
    if let Some(revoked) = revoked {
        index(bytes, revoked, &mut list).ok_or("one of its entries cannot be read")?;
    }
    Ok(list)
}

impl RevocationList {
    /// Takes in one of the list's extensions.
    fn learn(&mut self, extension: &Extension<'_>) -> Option<()> {
        match extension.oid {
            [0x55, 0x1d, 27] => self.is_delta = true,
            [0x55, 0x1d, 28] => self.coverage = coverage(extension.value)?,
            // 1.3.6.1.4.1.311.21.4, Next CRL Publish
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 4] => {
                self.next_publish = date(&mut Reader::new(extension.value));
            }
            // Issuer Alternative Name, CRL Number, Authority Key Identifier, Freshest CRL
            [0x55, 0x1d, 18 | 20 | 35 | 46] => {}
            other if extension.critical => self.unknown_critical.push(der::dotted(other)),
            _ => {}
        }
        Some(())
    }
}

/// Notes where every entry is. `None`: one of them is none.
fn index(bytes: &[u8], revoked: &[u8], list: &mut RevocationList) -> Option<()> {
    let mut entries = Reader::new(revoked);
    let mut issuer = OWN;
    while !entries.is_at_end() {
        let mut fields = Reader::new(entries.take(tag::SEQUENCE)?);
        let serial = fields.take(tag::INTEGER)?;
        fields.next().filter(|date| matches!(date.tag, UTC_TIME | GENERALIZED_TIME))?;
        if list.coverage.is_indirect
            && let Some(extensions) = fields.take(tag::SEQUENCE)
            // 2.5.29.29: it holds for the entries that follow, too.
            && let Some(named) = Extensions(Reader::new(extensions)).find(|one| one.oid == [0x55, 0x1d, 29])
        {
            let name = Reader::only(named.value, tag::SEQUENCE)?.take(tag::constructed(4))?;
            let name = Der::from(name);
            issuer = match list.issuers.last() {
                Some(last) if *last == name => issuer,
                _ => {
                    list.issuers.push(name);
                    u32::try_from(list.issuers.len() - 1).ok()?
                }
            };
        }
        let at = serial.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
        let entry = Entry { at: u32::try_from(at).ok()?, length: u32::try_from(serial.len()).ok()?, issuer };
        list.entries.push(entry);
    }
    let mut sorted = std::mem::take(&mut list.entries);
    sorted.shrink_to_fit();
    sorted.sort_by(|one, other| list.serial(one).cmp(list.serial(other)));
    list.entries = sorted;
    Some(())
}

fn coverage(value: &[u8]) -> Option<Coverage> {
    let mut fields = Reader::only(value, tag::SEQUENCE)?;
    let urls = match fields.take(tag::constructed(0)) {
        Some(point) => match Reader::new(point).take(tag::constructed(0)) {
            Some(full) => {
                let mut names = Reader::new(full);
                let urls = std::iter::from_fn(|| names.next());
                Some(urls.filter_map(|name| name.holds(tag::context(6)).map(der::narrow)).collect())
            }
            // Relative to the issuer's name: nobody writes it.
            None => Some(Vec::new()),
        },
        None => None,
    };
    let mut flag = |number| fields.take(tag::context(number)).is_some_and(|value| value != [0]);
    let coverage = Coverage {
        urls,
        only_user_certificates: flag(1),
        only_ca_certificates: flag(2),
        only_some_reasons: flag(3),
        is_indirect: flag(4),
        only_attribute_certificates: flag(5),
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
