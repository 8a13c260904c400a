//! Extensions, one after the other. The first of a kind counts; a second one, and one that cannot be read, is noted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use x509_parser::extensions::X509Extension;

use crate::certificate::distribution_point;
use crate::certificate::distribution_point::DistributionPoint;
use crate::certificate::read::der;
use crate::certificate::read::der::{Element, Reader, dotted, tag};
use crate::certificate::read::name;
use crate::certificate::{AlternativeName, BasicConstraints, Facts, KeyUsage, Template};

/// Reads every extension into the facts.
pub(super) fn read(extensions: &[X509Extension<'_>], facts: &mut Facts) {
    for (at, extension) in extensions.iter().enumerate() {
        let oid = extension.oid.as_bytes();
        let kind = Kind::of(oid);
        if extensions.iter().take(at).any(|before| before.oid.as_bytes() == oid) {
            facts.malformed.push(format!("{} is there more than once", title(kind, oid)));
            continue;
        }
        if extension.critical && !named_by_rfc_5280(oid) {
            facts.unknown_critical.push(dotted(oid));
        }
        let Some(kind) = kind else { continue };
        if kind.read(extension.value, facts).is_none() {
            facts.malformed.push(format!("{} cannot be read", title(Some(kind), oid)));
        }
    }
}

/// The extensions the facts are drawn from.
#[derive(Clone, Copy)]
enum Kind {
    AlternativeName,
    ExtendedKeyUsage,
    KeyUsage,
    BasicConstraints,
    CrlDistributionPoints,
    FreshestCrl,
    AuthorityInformation,
    TemplateV2,
    TemplateV1,
    ApplicationPolicies,
    SubjectKeyId,
    AuthorityKeyId,
}

fn title(kind: Option<Kind>, oid: &[u8]) -> String {
    let name = match kind {
        Some(Kind::AlternativeName) => "Subject Alternative Name",
        Some(Kind::ExtendedKeyUsage) => "Enhanced Key Usage",
        Some(Kind::KeyUsage) => "Key Usage",
        Some(Kind::BasicConstraints) => "Basic Constraints",
        Some(Kind::CrlDistributionPoints) => "CRL Distribution Points",
        Some(Kind::FreshestCrl) => "Freshest CRL",
        Some(Kind::AuthorityInformation) => "Authority Information Access",
        Some(Kind::TemplateV2) => "Certificate Template Information",
        Some(Kind::TemplateV1) => "Certificate Template Name",
        Some(Kind::ApplicationPolicies) => "Application Policies",
        Some(Kind::SubjectKeyId) => "Subject Key Identifier",
        Some(Kind::AuthorityKeyId) => "Authority Key Identifier",
        None => return format!("the extension {}", dotted(oid)),
    };
    format!("{name} ({})", dotted(oid))
}

/// Whether RFC 5280 (4.2.1 and 4.2.2) names the extension, so that a conforming client may be expected to know it.
/// Wider than what webpki processes (Basic Constraints, Key Usage, Enhanced Key Usage, Subject Alternative Name, Name
/// Constraints, CRL Distribution Points); narrower than Windows, which also knows Microsoft's own.
fn named_by_rfc_5280(oid: &[u8]) -> bool {
    match oid {
        [0x55, 0x1d, last] => matches!(last, 9 | 14..=19 | 30..=33 | 35..=37 | 46 | 54),
        // 1.3.6.1.5.5.7.1.1 and .11: Authority and Subject Information Access
        [0x2b, 6, 1, 5, 5, 7, 1, last] => matches!(last, 1 | 11),
        _ => false,
    }
}

impl Kind {
    fn of(oid: &[u8]) -> Option<Self> {
        Some(match oid {
            [0x55, 0x1d, 14] => Self::SubjectKeyId,
            [0x55, 0x1d, 15] => Self::KeyUsage,
            [0x55, 0x1d, 17] => Self::AlternativeName,
            [0x55, 0x1d, 19] => Self::BasicConstraints,
            [0x55, 0x1d, 31] => Self::CrlDistributionPoints,
            [0x55, 0x1d, 35] => Self::AuthorityKeyId,
            [0x55, 0x1d, 37] => Self::ExtendedKeyUsage,
            [0x55, 0x1d, 46] => Self::FreshestCrl,
            [0x2b, 6, 1, 5, 5, 7, 1, 1] => Self::AuthorityInformation,
            // 1.3.6.1.4.1.311
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2] => Self::TemplateV1,
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 7] => Self::TemplateV2,
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 10] => Self::ApplicationPolicies,
            _ => return None,
        })
    }

    /// Reads one; `None`: it could not be read, or not to its end. What could be is in the facts.
    fn read(self, value: &[u8], facts: &mut Facts) -> Option<()> {
        match self {
            Self::AlternativeName => {
                let names = facts.alternative_names.insert(Vec::new());
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                while let Some(entry) = reader.next() {
                    names.push(alternative_name(entry));
                }
                if !reader.is_at_end() {
                    names.push(malformed(reader.remaining()));
                    return None;
                }
                Some(())
            }
            Self::ExtendedKeyUsage => {
                let purposes = facts.extended_key_usage.insert(Vec::new());
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                while let Some(purpose) = reader.take(tag::OID) {
                    purposes.push(dotted(purpose));
                }
                reader.is_at_end().then_some(())
            }
            Self::ApplicationPolicies => {
                let policies = facts.application_policies.insert(Vec::new());
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                while let Some(policy) = reader.take(tag::SEQUENCE) {
                    policies.push(dotted(Reader::new(policy).take(tag::OID)?));
                }
                reader.is_at_end().then_some(())
            }
            Self::KeyUsage => {
                facts.key_usage = Some(key_usage(value)?);
                Some(())
            }
            Self::BasicConstraints => {
                facts.basic_constraints = Some(basic_constraints(value)?);
                Some(())
            }
            Self::CrlDistributionPoints => {
                distribution_points(value, &mut facts.distribution_points, &mut facts.crl_distribution_points)
            }
            Self::FreshestCrl => distribution_points(value, &mut Vec::new(), &mut facts.freshest_crl),
            Self::AuthorityInformation => authority_information(value, facts),
            Self::TemplateV2 => template_v2(value, template(facts)),
            Self::TemplateV1 => {
                let mut reader = Reader::new(value);
                let text = der::text(reader.next()?)?;
                template(facts).name = Some(text);
                reader.is_at_end().then_some(())
            }
            Self::SubjectKeyId => {
                let mut reader = Reader::new(value);
                facts.subject_key_id = Some(reader.take(tag::OCTET_STRING)?.to_vec());
                reader.is_at_end().then_some(())
            }
            Self::AuthorityKeyId => {
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                facts.authority_key_id = reader.take(tag::context(0)).map(<[u8]>::to_vec);
                // Issuer and serial number may follow; nobody matches by them.
                reader.take(tag::constructed(1));
                reader.take(tag::context(2));
                reader.is_at_end().then_some(())
            }
        }
    }
}

fn template(facts: &mut Facts) -> &mut Template {
    facts.template.get_or_insert(Template { oid: None, name: None, major_revision: None })
}

fn malformed(bytes: &[u8]) -> AlternativeName {
    AlternativeName::Other { kind: "malformed", value: data_encoding::HEXLOWER.encode(bytes) }
}

/// GeneralName (RFC 5280, 4.2.1.6).
fn alternative_name(entry: Element<'_>) -> AlternativeName {
    let other = |kind, value| AlternativeName::Other { kind, value };
    let read = match entry.tag {
        0xa0 => other_name(entry.contents),
        0x81 => utf8(entry.contents).map(|text| other("email", text)),
        0x82 => utf8(entry.contents).map(AlternativeName::Dns),
        0xa4 => match name::read(entry.contents) {
            (name, true) => Some(other("directory", name.text)),
            (_, false) => None,
        },
        0x86 => utf8(entry.contents).map(|text| other("uri", text)),
        0x87 => address(entry.contents).map(AlternativeName::Ip),
        0x88 => Some(other("registered-id", dotted(entry.contents))),
        // x400Address, ediPartyName
        0xa3 | 0xa5 => Some(other("other", data_encoding::HEXLOWER.encode(entry.contents))),
        _ => None,
    };
    read.unwrap_or_else(|| malformed(entry.contents))
}

fn utf8(bytes: &[u8]) -> Option<String> {
    str::from_utf8(bytes).ok().map(str::to_owned)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(octets).into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|octets| Ipv6Addr::from(octets).into())
}

/// OtherName: an identifier, and in `[0]` a value of any type.
fn other_name(bytes: &[u8]) -> Option<AlternativeName> {
    // 1.3.6.1.4.1.311.20.2.3
    const USER_PRINCIPAL_NAME: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3];
    let mut fields = Reader::new(bytes);
    let kind = fields.take(tag::OID)?;
    let value = fields.take(tag::constructed(0))?;
    let inner = Reader::new(value).next()?;
    Some(match der::text(inner) {
        Some(text) if kind == USER_PRINCIPAL_NAME => AlternativeName::Upn(text),
        Some(text) => AlternativeName::Other { kind: "other", value: format!("{}={text}", dotted(kind)) },
        None => AlternativeName::Other {
            kind: "other",
            value: format!("{}=#{}", dotted(kind), data_encoding::HEXLOWER.encode(value)),
        },
    })
}

/// A BIT STRING whose first bit is the first use.
fn key_usage(value: &[u8]) -> Option<KeyUsage> {
    let mut reader = Reader::new(value);
    let (unused, bits) = reader.take(tag::BIT_STRING)?.split_first()?;
    if !reader.is_at_end() || *unused > 7 || (bits.is_empty() && *unused != 0) {
        return None;
    }
    let first = bits.first().copied().unwrap_or_default();
    let is_set = |bit: u8| first & (0x80 >> bit) != 0;
    Some(KeyUsage {
        digital_signature: is_set(0),
        key_encipherment: is_set(2),
        key_agreement: is_set(4),
        key_cert_sign: is_set(5),
        crl_sign: is_set(6),
    })
}

fn basic_constraints(value: &[u8]) -> Option<BasicConstraints> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    let ca = match reader.take(tag::BOOLEAN) {
        // DER says 0xff; old tools write 1, and every client takes it for true.
        Some([value]) => *value != 0,
        Some(_) => return None,
        None => false,
    };
    let path_length = match reader.take(tag::INTEGER) {
        Some(number) => Some(unsigned(number)?),
        None => None,
    };
    reader.is_at_end().then_some(BasicConstraints { ca, path_length })
}

/// A small INTEGER that is not negative.
fn unsigned(number: &[u8]) -> Option<u32> {
    if number.is_empty() || number.len() > 5 || number.first().is_some_and(|first| first & 0x80 != 0) {
        return None;
    }
    u32::try_from(number.iter().fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet))).ok()
}

/// Distribution points, and beside them every URL.
fn distribution_points(value: &[u8], points: &mut Vec<DistributionPoint>, urls: &mut Vec<String>) -> Option<()> {
    let whole = distribution_point::read(value, points);
    urls.extend(points.iter().flat_map(DistributionPoint::urls).map(str::to_owned));
    whole
}

fn authority_information(value: &[u8], facts: &mut Facts) -> Option<()> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    while let Some(description) = reader.take(tag::SEQUENCE) {
        let mut fields = Reader::new(description);
        let method = fields.take(tag::OID)?;
        let Some(url) = fields.next()?.holds(tag::context(6)) else { continue };
        match method {
            // 1.3.6.1.5.5.7.48.1, .2
            [0x2b, 6, 1, 5, 5, 7, 0x30, 1] => facts.ocsp_responders.push(der::narrow(url)),
            [0x2b, 6, 1, 5, 5, 7, 0x30, 2] => facts.issuer_urls.push(der::narrow(url)),
            _ => {}
        }
    }
    reader.is_at_end().then_some(())
}

/// The template's identifier, then its revision, major and minor.
fn template_v2(value: &[u8], template: &mut Template) -> Option<()> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    template.oid = Some(dotted(reader.take(tag::OID)?));
    if let Some(major) = reader.take(tag::INTEGER) {
        template.major_revision = Some(unsigned(major)?);
    }
    reader.take(tag::INTEGER);
    reader.is_at_end().then_some(())
}
