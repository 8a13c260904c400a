//! Extensions, one after the other. The first of a kind counts; a second one, and one that cannot be read, is noted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::certificate::constraint::{Flaw, NameConstraints, Subtree};
use crate::certificate::distribution_point;
use crate::certificate::distribution_point::DistributionPoint;
use crate::certificate::read::der;
use crate::certificate::read::der::{Element, Reader, dotted, tag};
use crate::certificate::{AlternativeName, BasicConstraints, Facts, KeyUsage, Template};

/// Reads every extension into the facts; `bytes`: what the certificate's `[3]` holds.
pub(super) fn read(bytes: &[u8], facts: &mut Facts) {
    let mut seen: Vec<&[u8]> = Vec::with_capacity(16);
    let mut all = match Reader::only(bytes, tag::SEQUENCE) {
        Some(all) => all,
        None => return facts.malformed.push(flaw(None, "the extensions cannot be read", false)),
    };
    let mut count = 0;
    while let Some(extension) = all.take(tag::SEQUENCE) {
        count += 1;
        if count > MOST_EXTENSIONS {
            let words = format!("it has more than {MOST_EXTENSIONS} extensions");
            return facts.malformed.push(flaw(None, words, false));
        }
        let mut fields = Reader::new(extension);
        let Some(oid) = fields.take(tag::OID) else { break };
        if der::has_padding(oid) {
            let words = format!("the identifier of the extension {} has leading zeros (BER, not DER)", dotted(oid));
            facts.malformed.push(flaw(Some(oid), words, true));
        }
        let kind = Kind::of(oid);
        let critical = match fields.take(tag::BOOLEAN) {
            None | Some([0]) => false,
            Some([0xff]) => true,
            Some(value) => {
                let value = data_encoding::HEXLOWER.encode(value);
                let words = format!("{} has {value} for \u{201c}critical\u{201d}, where DER has ff", title(kind, oid));
                facts.malformed.push(flaw(Some(oid), words, true));
                true
            }
        };
        let Some(value) = fields.take(tag::OCTET_STRING) else {
            facts.malformed.push(flaw(Some(oid), format!("{} cannot be read", title(kind, oid)), false));
            continue;
        };
        if seen.contains(&oid) {
            facts.malformed.push(flaw(None, format!("{} is there more than once", title(kind, oid)), false));
            continue;
        }
        seen.push(oid);
        if critical && !is_known(oid) {
            facts.unknown_critical.push(dotted(oid));
        }
        let Some(kind) = kind else { continue };
        match kind.read(value, facts) {
            None => {
                let words = format!("{} cannot be read", title(Some(kind), oid));
                facts.malformed.push(flaw(Some(oid), words, false));
            }
            Some(()) if der::has_long_lengths(value) => {
                let words =
                    format!("{} has a length in more octets than it needs (BER, not DER)", title(Some(kind), oid));
                facts.malformed.push(flaw(Some(oid), words, true));
            }
            // SEQUENCE SIZE (1..MAX)
            Some(()) if kind.is_a_list() && value == [tag::SEQUENCE, 0] => {
                let words = format!("{} has nothing in it, which RFC 5280 does not allow", title(Some(kind), oid));
                facts.malformed.push(flaw(Some(oid), words, true));
            }
            Some(()) => {}
        }
    }
    if !all.is_at_end() {
        facts.malformed.push(flaw(None, "the extensions cannot be read to their end", false));
    }
}

/// How many extensions are read; real certificates have about ten.
pub(super) const MOST_EXTENSIONS: usize = 256;

fn flaw(oid: Option<&[u8]>, words: impl Into<String>, is_readable: bool) -> Flaw {
    Flaw { oid: oid.map(dotted), words: words.into(), is_readable }
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
    NameConstraints,
    CertificatePolicies,
    PolicyMappings,
    PolicyConstraints,
    InhibitAnyPolicy,
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
        Some(Kind::NameConstraints) => "Name Constraints",
        Some(Kind::CertificatePolicies) => "Certificate Policies",
        Some(Kind::PolicyMappings) => "Policy Mappings",
        Some(Kind::PolicyConstraints) => "Policy Constraints",
        Some(Kind::InhibitAnyPolicy) => "Inhibit anyPolicy",
        None => return format!("the extension {}", dotted(oid)),
    };
    format!("{name} ({})", dotted(oid))
}

/// Whether RFC 5280 (4.2.1 and 4.2.2) or RFC 6960 names the extension, so that a conforming client may be expected to know
/// it. Narrower than Windows, which also knows Microsoft's own.
fn is_known(oid: &[u8]) -> bool {
    match oid {
        [0x55, 0x1d, last] => matches!(last, 9 | 14..=19 | 30..=33 | 35..=37 | 46 | 54),
        // 1.3.6.1.5.5.7.1.1 and .11: Authority and Subject Information Access
        [0x2b, 6, 1, 5, 5, 7, 1, last] => matches!(last, 1 | 11),
        // 1.3.6.1.5.5.7.48.1.5: a responder's certificate is not to be checked for revocation
        [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5] => true,
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
            [0x55, 0x1d, 30] => Self::NameConstraints,
            [0x55, 0x1d, 31] => Self::CrlDistributionPoints,
            [0x55, 0x1d, 32] => Self::CertificatePolicies,
            [0x55, 0x1d, 33] => Self::PolicyMappings,
            [0x55, 0x1d, 36] => Self::PolicyConstraints,
            [0x55, 0x1d, 54] => Self::InhibitAnyPolicy,
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

    /// Whether it is a list that has one entry at least.
    const fn is_a_list(self) -> bool {
        match self {
            Self::AlternativeName
            | Self::CrlDistributionPoints
            | Self::FreshestCrl
            | Self::AuthorityInformation
            | Self::CertificatePolicies
            | Self::PolicyMappings => true,
            // Without a purpose it is for none: that is judged, and no flaw beside it.
            Self::ExtendedKeyUsage
            | Self::KeyUsage
            | Self::BasicConstraints
            | Self::TemplateV2
            | Self::TemplateV1
            | Self::ApplicationPolicies
            | Self::SubjectKeyId
            | Self::AuthorityKeyId
            | Self::NameConstraints
            | Self::PolicyConstraints
            | Self::InhibitAnyPolicy => false,
        }
    }

    /// Reads one; `None`: it could not be read, or not to its end. What could be is in the facts.
    fn read(self, value: &[u8], facts: &mut Facts) -> Option<()> {
        match self {
            Self::AlternativeName => {
                let names = facts.alternative_names.insert(Vec::new());
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                let mut directories = Vec::new();
                while let Some(entry) = reader.next() {
                    if let Some(contents) = entry.holds(tag::constructed(4)) {
                        directories.extend(super::name(contents));
                    }
                    names.push(alternative_name(entry));
                }
                facts.directory_names = directories;
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
                let (constraints, odd) = basic_constraints(value)?;
                facts.basic_constraints = Some(constraints);
                if let Some(odd) = odd {
                    let words = format!("Basic Constraints (2.5.29.19) has {odd:02x} for CA=TRUE, where DER has ff");
                    facts.malformed.push(Flaw { oid: Some("2.5.29.19".to_owned()), words, is_readable: true });
                }
                Some(())
            }
            Self::NameConstraints => {
                let constraints = name_constraints(value, &mut facts.malformed)?;
                facts.name_constraints = Some(constraints);
                Some(())
            }
            Self::CertificatePolicies => {
                let policies = facts.policies.certificate.insert(Vec::new());
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                while let Some(policy) = reader.take(tag::SEQUENCE) {
                    policies.push(dotted(Reader::new(policy).take(tag::OID)?));
                }
                reader.is_at_end().then_some(())
            }
            Self::PolicyMappings => {
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                while let Some(pair) = reader.take(tag::SEQUENCE) {
                    let mut pair = Reader::new(pair);
                    let (issuers, subjects) = (pair.take(tag::OID)?, pair.take(tag::OID)?);
                    facts.policies.mappings.push((dotted(issuers), dotted(subjects)));
                }
                reader.is_at_end().then_some(())
            }
            Self::PolicyConstraints => {
                let mut reader = Reader::only(value, tag::SEQUENCE)?;
                if let Some(number) = reader.take(tag::context(0)) {
                    facts.policies.require_explicit = Some(count(number)?);
                }
                if let Some(number) = reader.take(tag::context(1)) {
                    facts.policies.inhibit_mapping = Some(count(number)?);
                }
                reader.is_at_end().then_some(())
            }
            Self::InhibitAnyPolicy => {
                let number = Reader::only(value, tag::INTEGER)?.remaining();
                facts.policies.inhibit_any = Some(count(number)?);
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
        0xa4 => super::name(entry.contents).map(|name| other("directory", name.text)),
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
    let is_set = |bit: usize| bits.get(bit / 8).is_some_and(|octet| octet & (0x80 >> (bit % 8)) != 0);
    Some(KeyUsage {
        digital_signature: is_set(0),
        non_repudiation: is_set(1),
        key_encipherment: is_set(2),
        data_encipherment: is_set(3),
        key_agreement: is_set(4),
        key_cert_sign: is_set(5),
        crl_sign: is_set(6),
        encipher_only: is_set(7),
        decipher_only: is_set(8),
    })
}

/// The constraints, and the octet for CA=TRUE where it is not DER's: old tools write 1, and few mind.
fn basic_constraints(value: &[u8]) -> Option<(BasicConstraints, Option<u8>)> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    let (ca, odd) = match reader.take(tag::BOOLEAN) {
        Some([octet]) => (*octet != 0, (!matches!(octet, 0 | 0xff)).then_some(*octet)),
        Some(_) => return None,
        None => (false, None),
    };
    let path_length = match reader.take(tag::INTEGER) {
        Some(number) => Some(count(number)?),
        None => None,
    };
    reader.is_at_end().then_some((BasicConstraints { ca, path_length }, odd))
}

/// GeneralSubtrees; what RFC 5280 forbids in them is noted, and counts as what it says.
fn name_constraints(value: &[u8], flaws: &mut Vec<Flaw>) -> Option<NameConstraints> {
    let mut reader = Reader::only(value, tag::SEQUENCE)?;
    let mut note = |words: &str| {
        let words = format!("Name Constraints (2.5.29.30) {words}");
        flaws.push(Flaw { oid: Some("2.5.29.30".to_owned()), words, is_readable: true });
    };
    let mut constraints = NameConstraints::default();
    for (number, into) in [(0, &mut constraints.permitted), (1, &mut constraints.excluded)] {
        let Some(subtrees) = reader.take(tag::constructed(number)) else { continue };
        let mut subtrees = Reader::new(subtrees);
        if subtrees.is_at_end() {
            note("has a list of names without any name in it, which RFC 5280 (4.2.1.10) does not allow");
        }
        let (mut is_bounded, mut is_odd) = (false, false);
        while let Some(one) = subtrees.take(tag::SEQUENCE) {
            let mut fields = Reader::new(one);
            let base = subtree(fields.next()?)?;
            is_odd |= matches!(&base, Subtree::Ip { mask, .. } if !is_prefix(mask));
            into.push(base);
            let minimum = fields.take(tag::context(0));
            let maximum = fields.take(tag::context(1));
            is_bounded |= maximum.is_some() || minimum.is_some_and(|number| number.iter().any(|octet| *octet != 0));
            if !fields.is_at_end() {
                return None;
            }
        }
        if !subtrees.is_at_end() {
            return None;
        }
        if is_odd {
            note("has an address mask with holes in it, which RFC 5280 (4.2.1.10) does not allow");
        }
        if is_bounded {
            note("bounds a name's depth (minimum, maximum), which RFC 5280 (4.2.1.10) does not allow");
        }
    }
    if constraints == NameConstraints::default() {
        note("constrains nothing, which RFC 5280 (4.2.1.10) does not allow");
    }
    reader.is_at_end().then_some(constraints)
}

/// Whether a mask is ones, then zeros.
fn is_prefix(mask: &[u8]) -> bool {
    let ones: u32 = mask.iter().map(|octet| octet.leading_ones()).take_while(|ones| *ones == 8).sum();
    let mut rest = mask.iter().skip(usize::try_from(ones / 8).unwrap_or_default());
    let ends = rest.next().is_none_or(|octet| octet.leading_ones() + octet.trailing_zeros().min(8) == 8);
    ends && rest.all(|octet| *octet == 0)
}

/// The base of a GeneralSubtree.
fn subtree(base: Element<'_>) -> Option<Subtree> {
    Some(match base.tag {
        0x81 => Subtree::Email(utf8(base.contents)?),
        0x82 => Subtree::Dns(utf8(base.contents)?),
        0x86 => Subtree::Uri(utf8(base.contents)?),
        0x87 => {
            let (network, mask) = base.contents.split_at_checked(base.contents.len() / 2)?;
            if !matches!(base.contents.len(), 8 | 32) {
                return None;
            }
            Subtree::Ip { network: network.to_vec(), mask: mask.to_vec() }
        }
        0xa4 => Subtree::Directory(super::name(base.contents)?),
        0xa0 => Subtree::Other { form: 0, oid: Some(dotted(Reader::new(base.contents).take(tag::OID)?)) },
        0xa3 => Subtree::Other { form: 3, oid: None },
        0xa5 => Subtree::Other { form: 5, oid: None },
        0x88 => Subtree::Other { form: 8, oid: None },
        _ => return None,
    })
}

/// How many certificates may follow: an INTEGER that is not negative; more than any path has is as good as any other.
fn count(number: &[u8]) -> Option<u32> {
    let is_none = number.first().is_none_or(|first| first & 0x80 != 0);
    let more = |sum: u32, octet: &u8| sum.saturating_mul(256).saturating_add(u32::from(*octet));
    (!is_none).then(|| number.iter().fold(0, more))
}

/// A small INTEGER that is not negative.
pub(super) fn unsigned(number: &[u8]) -> Option<u32> {
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
