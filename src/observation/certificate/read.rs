//! From DER to facts, by x509-parser. Total: every byte string gives facts or a reason, never a panic.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use data_encoding::HEXLOWER;
use x509_parser::asn1_rs::{Any, FromDer, Oid, Sequence, Tag};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension, X509Extension};
use x509_parser::public_key::PublicKey as ParsedKey;
use x509_parser::x509::{AlgorithmIdentifier, AttributeTypeAndValue, SubjectPublicKeyInfo, X509Name};

use super::oid::{APPLICATION_POLICIES, TEMPLATE_V1, TEMPLATE_V2};
use super::{
    AlternativeName, BasicConstraints, CommonName, Facts, Hash, KeyAlgorithm, KeyUsage, Name, PublicKey,
    SignatureAlgorithm, SignatureFamily, Template,
};
use crate::observation::handshake::Der;
use crate::observation::timing::Timestamp;

/// otherName of a user principal name.
const UPN: &str = "1.3.6.1.4.1.311.20.2.3";

/// Reads the facts, or says why the bytes are no certificate.
pub(super) fn facts(der: &[u8]) -> Result<Facts, String> {
    let (rest, certificate) =
        X509Certificate::from_der(der).map_err(|error| format!("not an X.509 certificate: {error}"))?;
    let mut facts = Facts {
        version: certificate.version().0.saturating_add(1),
        serial: serial(certificate.raw_serial()),
        subject: read_name(certificate.subject()),
        issuer: read_name(certificate.issuer()),
        not_before: timestamp(certificate.validity().not_before.timestamp())?,
        not_after: timestamp(certificate.validity().not_after.timestamp())?,
        alternative_names: None,
        extended_key_usage: None,
        key_usage: None,
        basic_constraints: None,
        public_key: public_key(certificate.public_key()),
        signature: signature(&certificate.signature_algorithm),
        crl_distribution_points: Vec::new(),
        ocsp_responders: Vec::new(),
        issuer_urls: Vec::new(),
        template: None,
        application_policies: None,
        subject_key_id: None,
        authority_key_id: None,
        unknown_critical: Vec::new(),
        malformed: Vec::new(),
    };
    if !rest.is_empty() {
        facts.malformed.push(format!("{} bytes follow the certificate", rest.len()));
    }
    for extension in certificate.extensions() {
        read_extension(&mut facts, extension);
    }
    Ok(facts)
}

/// Reads a distinguished name by itself.
pub(super) fn name(der: &[u8]) -> Option<Name> {
    X509Name::from_der(der).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, name)| read_name(&name))
}

fn timestamp(seconds: i64) -> Result<Timestamp, String> {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(Timestamp)
        .map_err(|_| "its validity names a time that cannot be".to_owned())
}

fn serial(bytes: &[u8]) -> String {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len().saturating_sub(1));
    HEXLOWER.encode(bytes.get(first..).unwrap_or_default())
}

fn read_extension(facts: &mut Facts, extension: &X509Extension<'_>) {
    let mut malformed = |what: &str| facts.malformed.push(format!("the {what} extension cannot be read"));
    match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(names) => {
            facts.alternative_names = Some(names.general_names.iter().map(alternative_name).collect());
        }
        ParsedExtension::ExtendedKeyUsage(_) => match oids(extension.value) {
            Some(purposes) => facts.extended_key_usage = Some(purposes),
            None => malformed("Enhanced Key Usage"),
        },
        ParsedExtension::KeyUsage(usage) => {
            facts.key_usage = Some(KeyUsage {
                digital_signature: usage.digital_signature(),
                key_encipherment: usage.key_encipherment(),
                key_agreement: usage.key_agreement(),
                key_cert_sign: usage.key_cert_sign(),
                crl_sign: usage.crl_sign(),
            });
        }
        ParsedExtension::BasicConstraints(constraints) => {
            facts.basic_constraints =
                Some(BasicConstraints { ca: constraints.ca, path_length: constraints.path_len_constraint });
        }
        ParsedExtension::CRLDistributionPoints(points) => {
            let names = points.points.iter().filter_map(|point| match &point.distribution_point {
                Some(DistributionPointName::FullName(names)) => Some(names),
                Some(DistributionPointName::NameRelativeToCRLIssuer(_)) | None => None,
            });
            facts.crl_distribution_points = names.flatten().filter_map(url).collect();
        }
        ParsedExtension::AuthorityInfoAccess(access) => {
            for description in &access.accessdescs {
                let Some(url) = url(&description.access_location) else { continue };
                match description.access_method.to_id_string().as_str() {
                    "1.3.6.1.5.5.7.48.1" => facts.ocsp_responders.push(url),
                    "1.3.6.1.5.5.7.48.2" => facts.issuer_urls.push(url),
                    _ => {}
                }
            }
        }
        ParsedExtension::SubjectKeyIdentifier(id) => facts.subject_key_id = Some(id.0.to_vec()),
        ParsedExtension::AuthorityKeyIdentifier(id) => {
            facts.authority_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
        }
        ParsedExtension::ParseError { .. } => {
            let what = extension.oid.to_id_string();
            malformed(known_extension(&what).unwrap_or(&what));
            if what == "2.5.29.17" {
                facts.alternative_names = Some(lenient_names(extension.value));
            }
        }
        ParsedExtension::UnsupportedExtension { .. } | ParsedExtension::Unparsed => read_microsoft(facts, extension),
        _ => {}
    }
}

/// Microsoft's extensions; any other is noted if it is critical.
fn read_microsoft(facts: &mut Facts, extension: &X509Extension<'_>) {
    let oid = extension.oid.to_id_string();
    match oid.as_str() {
        APPLICATION_POLICIES => match policies(extension.value) {
            Some(policies) => facts.application_policies = Some(policies),
            None => facts.malformed.push("the Application Policies extension cannot be read".into()),
        },
        TEMPLATE_V2 => {
            let found = template(facts);
            if let Some((oid, major)) = read_template(extension.value) {
                found.oid = Some(oid);
                found.major_revision = major;
            }
        }
        TEMPLATE_V1 => {
            let name = Any::from_der(extension.value).ok().map(|(_, any)| string(&any).0);
            template(facts).name = name;
        }
        // Freshest CRL and the policy extensions are RFC 5280's; a client that meets them critical knows them.
        "2.5.29.46" | "2.5.29.9" => {}
        _ if extension.critical => facts.unknown_critical.push(oid),
        _ => {}
    }
}

fn template(facts: &mut Facts) -> &mut Template {
    facts.template.get_or_insert(Template { oid: None, name: None, major_revision: None })
}

fn known_extension(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.29.14" => "Subject Key Identifier",
        "2.5.29.15" => "Key Usage",
        "2.5.29.17" => "Subject Alternative Name",
        "2.5.29.19" => "Basic Constraints",
        "2.5.29.30" => "Name Constraints",
        "2.5.29.31" => "CRL Distribution Points",
        "2.5.29.32" => "Certificate Policies",
        "2.5.29.35" => "Authority Key Identifier",
        "2.5.29.37" => "Enhanced Key Usage",
        "1.3.6.1.5.5.7.1.1" => "Authority Information Access",
        _ => return None,
    })
}

/// A SEQUENCE OF OBJECT IDENTIFIER, in order.
fn oids(value: &[u8]) -> Option<Vec<String>> {
    let (_, sequence) = Sequence::from_der(value).ok()?;
    let mut rest: &[u8] = &sequence.content;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (after, oid) = Oid::from_der(rest).ok()?;
        found.push(oid.to_id_string());
        rest = after;
    }
    Some(found)
}

/// The identifiers of a SEQUENCE OF PolicyInformation, in order.
fn policies(value: &[u8]) -> Option<Vec<String>> {
    let (_, sequence) = Sequence::from_der(value).ok()?;
    let mut rest: &[u8] = &sequence.content;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (after, policy) = Sequence::from_der(rest).ok()?;
        let (_, oid) = Oid::from_der(&policy.content).ok()?;
        found.push(oid.to_id_string());
        rest = after;
    }
    Some(found)
}

/// The identifier and major revision of a version 2 template extension.
fn read_template(value: &[u8]) -> Option<(String, Option<u32>)> {
    let (_, sequence) = Sequence::from_der(value).ok()?;
    let (rest, oid) = Oid::from_der(&sequence.content).ok()?;
    Some((oid.to_id_string(), u32::from_der(rest).ok().map(|(_, major)| major)))
}

fn url(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(url) => Some((*url).to_owned()),
        _ => None,
    }
}

fn alternative_name(name: &GeneralName<'_>) -> AlternativeName {
    let other = |kind, value: String| AlternativeName::Other { kind, value };
    match name {
        GeneralName::DNSName(text) => AlternativeName::Dns((*text).to_owned()),
        GeneralName::IPAddress(bytes) => match address(bytes) {
            Some(address) => AlternativeName::Ip(address),
            None => other("malformed", format!("ip:{}", HEXLOWER.encode(bytes))),
        },
        GeneralName::OtherName(oid, value) => match upn(oid, value) {
            Some(text) => AlternativeName::Upn(text),
            None => other("other", format!("{}={}", oid.to_id_string(), HEXLOWER.encode(value))),
        },
        GeneralName::RFC822Name(text) => other("email", (*text).to_owned()),
        GeneralName::URI(text) => other("uri", (*text).to_owned()),
        GeneralName::DirectoryName(name) => other("directory", read_name(name).text),
        GeneralName::RegisteredID(oid) => other("registered-id", oid.to_id_string()),
        GeneralName::X400Address(any) | GeneralName::EDIPartyName(any) => other("other", HEXLOWER.encode(any.data)),
        GeneralName::Invalid(tag, bytes) => other("malformed", format!("[{}] {}", tag.0, HEXLOWER.encode(bytes))),
    }
}

/// The names of a Subject Alternative Name that x509-parser refuses as a whole, one by one as far as they go.
fn lenient_names(value: &[u8]) -> Vec<AlternativeName> {
    let Ok((_, sequence)) = Sequence::from_der(value) else { return Vec::new() };
    let mut rest: &[u8] = &sequence.content;
    let mut names = Vec::new();
    while let Ok((after, any)) = Any::from_der(rest) {
        if any.tag() == Tag(2) && any.data.is_ascii() {
            names.push(AlternativeName::Dns(String::from_utf8_lossy(any.data).into_owned()));
        } else {
            names.push(AlternativeName::Other { kind: "malformed", value: HEXLOWER.encode(any.data) });
        }
        rest = after;
    }
    names
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(four).into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|sixteen| Ipv6Addr::from(sixteen).into())
}

/// The user principal name of an otherName: `[0] EXPLICIT UTF8String`.
fn upn(oid: &Oid<'_>, value: &[u8]) -> Option<String> {
    if oid.to_id_string() != UPN {
        return None;
    }
    let (_, outer) = Any::from_der(value).ok()?;
    if outer.tag() == Tag::Utf8String {
        return Some(string(&outer).0);
    }
    let (_, inner) = Any::from_der(outer.data).ok()?;
    Some(string(&inner).0)
}

fn read_name(name: &X509Name<'_>) -> Name {
    let mut common_names = Vec::new();
    let mut parts = Vec::new();
    for relative in name.iter() {
        let attributes: Vec<String> =
            relative.iter().map(|attribute| read_attribute(attribute, &mut common_names)).collect();
        parts.push(attributes.join(" + "));
    }
    parts.reverse();
    Name { text: parts.join(", "), der: Der::from(name.as_raw()), common_names }
}

fn read_attribute(attribute: &AttributeTypeAndValue<'_>, common_names: &mut Vec<CommonName>) -> String {
    let oid = attribute.attr_type().to_id_string();
    let (text, is_ascii) = string(attribute.attr_value());
    let short = short_name(&oid).unwrap_or(&oid);
    let shown = if text.contains([',', '+', '"', '=', ';', '\n']) {
        format!("{short}=\"{}\"", text.replace('"', "\"\""))
    } else {
        format!("{short}={text}")
    };
    if oid == "2.5.4.3" {
        common_names.push(CommonName { text, is_ascii });
    }
    shown
}

/// The short names Windows shows.
fn short_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "SERIALNUMBER",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "S",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "T",
        "2.5.4.42" => "G",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "E",
        _ => return None,
    })
}

/// A string of any type as text, and whether it is all ASCII.
fn string(any: &Any<'_>) -> (String, bool) {
    let text = match any.tag() {
        Tag::BmpString => {
            let units = any.data.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Tag::UniversalString => {
            let points = any.data.as_chunks::<4>().0.iter().map(|four| u32::from_be_bytes(*four));
            points.map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        // T.61 as everybody writes it: Latin-1.
        Tag::T61String => any.data.iter().map(|byte| char::from(*byte)).collect::<String>(),
        _ => String::from_utf8_lossy(any.data).into_owned(),
    };
    let is_ascii = text.is_ascii();
    (text, is_ascii)
}

fn public_key(info: &SubjectPublicKeyInfo<'_>) -> PublicKey {
    let oid = info.algorithm.algorithm.to_id_string();
    let parameters = || info.algorithm.parameters.as_ref();
    let modulus_bits = || match info.parsed() {
        Ok(ParsedKey::RSA(key)) => bit_length(key.modulus),
        _ => 0,
    };
    let (algorithm, bits) = match oid.as_str() {
        "1.2.840.113549.1.1.1" => (KeyAlgorithm::Rsa, modulus_bits()),
        "1.2.840.113549.1.1.10" => (KeyAlgorithm::RsaPss, modulus_bits_of(&info.subject_public_key.data)),
        "1.2.840.10045.2.1" => {
            let curve = parameters().and_then(|any| any.clone().oid().ok()).map(|oid| oid.to_id_string());
            curve_of(curve.as_deref())
        }
        "1.2.840.10040.4.1" => (KeyAlgorithm::Dsa, parameters().map_or(0, dsa_prime_bits)),
        "1.3.101.112" => (KeyAlgorithm::Ed25519, 256),
        "1.3.101.113" => (KeyAlgorithm::Ed448, 456),
        _ => (KeyAlgorithm::Other(oid), 0),
    };
    PublicKey { algorithm, bits }
}

fn curve_of(oid: Option<&str>) -> (KeyAlgorithm, u32) {
    let (name, bits) = match oid {
        Some("1.2.840.10045.3.1.1") => ("P-192", 192),
        Some("1.3.132.0.33") => ("P-224", 224),
        Some("1.2.840.10045.3.1.7") => ("P-256", 256),
        Some("1.3.132.0.34") => ("P-384", 384),
        Some("1.3.132.0.35") => ("P-521", 521),
        Some("1.3.132.0.10") => ("secp256k1", 256),
        Some("1.3.36.3.3.2.8.1.1.7") => ("brainpoolP256r1", 256),
        Some("1.3.36.3.3.2.8.1.1.11") => ("brainpoolP384r1", 384),
        Some("1.3.36.3.3.2.8.1.1.13") => ("brainpoolP512r1", 512),
        Some(other) => (other, 0),
        None => ("explicit parameters", 0),
    };
    (KeyAlgorithm::Ec(name.to_owned()), bits)
}

/// The modulus of an RSAPublicKey.
fn modulus_bits_of(der: &[u8]) -> u32 {
    let modulus = Sequence::from_der(der)
        .ok()
        .and_then(|(_, key)| Any::from_der(&key.content).ok().map(|(_, modulus)| bit_length(modulus.data)));
    modulus.unwrap_or(0)
}

/// The prime of DSA parameters.
fn dsa_prime_bits(parameters: &Any<'_>) -> u32 {
    Any::from_der(parameters.data).ok().map_or(0, |(_, prime)| bit_length(prime.data))
}

/// How many bits an unsigned big-endian integer has.
fn bit_length(bytes: &[u8]) -> u32 {
    let Some(first) = bytes.iter().position(|byte| *byte != 0) else { return 0 };
    let whole = u32::try_from(bytes.len() - first).unwrap_or(u32::MAX / 8);
    whole * 8 - bytes[first].leading_zeros()
}

/// How something is signed.
pub(super) fn signature(algorithm: &AlgorithmIdentifier<'_>) -> SignatureAlgorithm {
    use SignatureFamily::{Dsa, Ecdsa, EdDsa, Other, RsaPkcs1, RsaPss};
    let oid = algorithm.algorithm.to_id_string();
    let (name, hash, family) = match oid.as_str() {
        "1.2.840.113549.1.1.2" => ("md2WithRSAEncryption", Some(Hash::Md2), RsaPkcs1),
        "1.2.840.113549.1.1.3" => ("md4WithRSAEncryption", Some(Hash::Md4), RsaPkcs1),
        "1.2.840.113549.1.1.4" => ("md5WithRSAEncryption", Some(Hash::Md5), RsaPkcs1),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("sha1WithRSAEncryption", Some(Hash::Sha1), RsaPkcs1),
        "1.2.840.113549.1.1.14" => ("sha224WithRSAEncryption", Some(Hash::Sha224), RsaPkcs1),
        "1.2.840.113549.1.1.11" => ("sha256WithRSAEncryption", Some(Hash::Sha256), RsaPkcs1),
        "1.2.840.113549.1.1.12" => ("sha384WithRSAEncryption", Some(Hash::Sha384), RsaPkcs1),
        "1.2.840.113549.1.1.13" => ("sha512WithRSAEncryption", Some(Hash::Sha512), RsaPkcs1),
        "1.2.840.113549.1.1.10" => ("RSASSA-PSS", pss_hash(algorithm), RsaPss),
        "1.2.840.10045.4.1" => ("ecdsa-with-SHA1", Some(Hash::Sha1), Ecdsa),
        "1.2.840.10045.4.3.1" => ("ecdsa-with-SHA224", Some(Hash::Sha224), Ecdsa),
        "1.2.840.10045.4.3.2" => ("ecdsa-with-SHA256", Some(Hash::Sha256), Ecdsa),
        "1.2.840.10045.4.3.3" => ("ecdsa-with-SHA384", Some(Hash::Sha384), Ecdsa),
        "1.2.840.10045.4.3.4" => ("ecdsa-with-SHA512", Some(Hash::Sha512), Ecdsa),
        "1.2.840.10040.4.3" => ("dsa-with-SHA1", Some(Hash::Sha1), Dsa),
        "2.16.840.1.101.3.4.3.1" => ("dsa-with-SHA224", Some(Hash::Sha224), Dsa),
        "2.16.840.1.101.3.4.3.2" => ("dsa-with-SHA256", Some(Hash::Sha256), Dsa),
        "1.3.101.112" => ("Ed25519", None, EdDsa),
        "1.3.101.113" => ("Ed448", None, EdDsa),
        other => (other, None, Other),
    };
    SignatureAlgorithm { name: name.to_owned(), oid, hash, family }
}

/// The hash of RSASSA-PSS parameters; SHA-1 where none is named.
fn pss_hash(algorithm: &AlgorithmIdentifier<'_>) -> Option<Hash> {
    let parameters = algorithm.parameters.as_ref()?;
    let Ok((_, first)) = Any::from_der(parameters.data) else { return Some(Hash::Sha1) };
    if first.tag() != Tag(0) {
        return Some(Hash::Sha1);
    }
    let (_, hash) = Sequence::from_der(first.data).ok()?;
    let (_, oid) = Oid::from_der(&hash.content).ok()?;
    Some(match oid.to_id_string().as_str() {
        "1.3.14.3.2.26" => Hash::Sha1,
        "2.16.840.1.101.3.4.2.4" => Hash::Sha224,
        "2.16.840.1.101.3.4.2.1" => Hash::Sha256,
        "2.16.840.1.101.3.4.2.2" => Hash::Sha384,
        "2.16.840.1.101.3.4.2.3" => Hash::Sha512,
        _ => return None,
    })
}
