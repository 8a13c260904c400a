//! Distribution points (RFC 5280, 4.2.1.13), as certificates, lists and Freshest CRL write them: where a list is, which
//! reasons for revocation it tells, who issues it.

use crate::certificate::read::der;
use crate::certificate::read::der::{Element, Reader, tag};
use crate::wire::der::Der;

/// Where a list is, and what part of it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Where the list is; several are names of one list.
    pub names: Vec<PointName>,
    /// The reasons it tells of.
    pub reasons: Reasons,
    /// Who issues it, names' DER; none: who issued the certificate.
    pub issuers: Vec<Der>,
}

/// One name of a distribution point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointName {
    /// A URL.
    Url(String),
    /// A directory's entry, by the DER of its whole name.
    Directory(Der),
    /// A directory's entry below the list's issuer: the DER of what is set before its name's end.
    BelowIssuer(Der),
    /// Another kind of name, as it is encoded.
    Other(Der),
}

/// A set of reasons for revocation (ReasonFlags).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Default for Reasons {
    fn default() -> Self {
        Self::ALL
    }
}

impl Reasons {
    /// Every reason: bits 1 to 8.
    pub const ALL: Self = Self(0x1fe);
    /// None.
    pub const NONE: Self = Self(0);

    /// In the order of their bits.
    const NAMES: [&'static str; 8] = [
        "key compromise",
        "compromise of the authority",
        "affiliation changed",
        "superseded",
        "cessation of operation",
        "certificate hold",
        "privilege withdrawn",
        "compromise of the attribute authority",
    ];

    /// The content of a BIT STRING; `None`: it is none.
    pub(in crate::certificate) fn read(value: &[u8]) -> Option<Self> {
        let (unused, bits) = value.split_first()?;
        if *unused > 7 || (bits.is_empty() && *unused != 0) {
            return None;
        }
        let mut set = 0;
        for (at, octet) in bits.iter().take(2).enumerate() {
            for bit in (0..8).filter(|bit| octet & (0x80 >> bit) != 0) {
                set |= 1 << (at * 8 + bit);
            }
        }
        Some(Self(set & Self::ALL.0))
    }

    /// Those in either.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in both.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is every reason.
    pub const fn is_all(self) -> bool {
        self.0 == Self::ALL.0
    }

    /// Whether it is no reason.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The reasons in words.
    pub fn words(self) -> String {
        let named = Self::NAMES.iter().enumerate().filter(|(at, _)| self.0 & (2 << at) != 0);
        named.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
    }
}

impl DistributionPoint {
    /// Its URLs.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter_map(|name| match name {
            PointName::Url(url) => Some(url.as_str()),
            PointName::Directory(_) | PointName::BelowIssuer(_) | PointName::Other(_) => None,
        })
    }
}

/// Reads a CRLDistributionPoints value into `points`; `None`: it cannot be read, or not to its end.
pub(in crate::certificate) fn read(value: &[u8], points: &mut Vec<DistributionPoint>) -> Option<()> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    while let Some(point) = reader.take(tag::SEQUENCE) {
        let mut fields = Reader::new(point);
        let mut one = DistributionPoint::default();
        if let Some(name) = fields.take(tag::constructed(0)) {
            one.names = point_name(name)?;
        }
        if let Some(reasons) = fields.take(tag::context(1)) {
            one.reasons = Reasons::read(reasons)?;
        }
        if let Some(issuers) = fields.take(tag::constructed(2)) {
            let mut names = Reader::new(issuers);
            while let Some(name) = names.next() {
                one.issuers.extend(name.holds(tag::constructed(4)).map(Der::from));
            }
            if !names.is_at_end() {
                return None;
            }
        }
        if !fields.is_at_end() {
            return None;
        }
        points.push(one);
    }
    reader.is_at_end().then_some(())
}

/// DistributionPointName: full names, or one below the issuer's.
pub(in crate::certificate) fn point_name(value: &[u8]) -> Option<Vec<PointName>> {
    let mut choice = Reader::new(value);
    if let Some(full) = choice.take(tag::constructed(0)) {
        let mut names = Reader::new(full);
        let found = std::iter::from_fn(|| names.next()).map(general_name).collect();
        return names.is_at_end().then_some(found);
    }
    let relative = choice.take(tag::constructed(1))?;
    Some(vec![PointName::BelowIssuer(Der::from(der::value(tag::SET, relative)))])
}

fn general_name(entry: Element<'_>) -> PointName {
    if let Some(url) = entry.holds(tag::context(6)) {
        return PointName::Url(der::narrow(url));
    }
    match entry.holds(tag::constructed(4)) {
        Some(name) => PointName::Directory(Der::from(name)),
        None => PointName::Other(Der::from(der::value(entry.tag, entry.contents))),
    }
}

/// Whether two points' names have one in common; `issuer` is the DER of the name of the list's issuer.
pub fn share_a_name(one: &[PointName], other: &[PointName], issuer: &Der) -> bool {
    let whole = |name: &PointName| match name {
        PointName::BelowIssuer(relative) => PointName::Directory(below(issuer, relative)),
        PointName::Url(_) | PointName::Directory(_) | PointName::Other(_) => name.clone(),
    };
    let other: Vec<PointName> = other.iter().map(whole).collect();
    one.iter().any(|name| other.contains(&whole(name)))
}

/// The name of an entry below a name.
fn below(name: &Der, relative: &Der) -> Der {
    let above = Reader::only(name.as_slice(), tag::SEQUENCE).map(|parts| parts.remaining()).unwrap_or_default();
    Der::from(der::value(tag::SEQUENCE, &[above, relative.as_slice()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_bit_by_bit_and_all_of_them_are_all() {
        let some = Reasons::read(&[2, 0x7c]).unwrap();
        let rest = Reasons::read(&[7, 0x03, 0x80]).unwrap();
        assert!(some.with(rest).is_all() && some.within(rest).is_none());
        assert!(rest.words().starts_with("certificate hold, privilege withdrawn"));
        assert_eq!(Reasons::ALL.without(some), rest);
        assert_eq!(Reasons::read(&[0]), Some(Reasons::NONE));
        assert!(Reasons::read(&[]).is_none() && Reasons::read(&[8, 0]).is_none() && Reasons::read(&[1]).is_none());
    }

    #[test]
    fn a_name_below_the_issuers_is_the_whole_name_of_the_same_entry() {
        let (o, cn) = ([0x31, 4, 0x30, 2, 0x05, 0], [0x31, 6, 0x30, 4, 0x05, 0, 0x05, 0]);
        let issuer = Der::from(der::value(tag::SEQUENCE, &o));
        let whole = PointName::Directory(Der::from(der::value(tag::SEQUENCE, &[&o[..], &cn].concat())));
        let relative = PointName::BelowIssuer(Der::from(&cn[..]));
        assert!(share_a_name(std::slice::from_ref(&whole), std::slice::from_ref(&relative), &issuer));
        assert!(share_a_name(&[relative], std::slice::from_ref(&whole), &issuer));
        assert!(!share_a_name(&[whole], &[PointName::Url("http://a/".into())], &issuer));
    }
}
