//! From DER to facts. Total: every byte string gives facts or a reason, never a panic, and one unreadable part does not
//! take the others with it. The frame is x509-parser's; what the facts need from inside the extensions is read here,
//! because order, repetition and malformed entries are facts too.

mod algorithm;
pub(in crate::certificate) mod der;
mod extension;
mod name;

use time::UtcOffset;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser;
use x509_parser::time::ASN1Time;
use x509_parser::x509::AlgorithmIdentifier;

use crate::certificate::{Facts, Name, SignatureAlgorithm};
use crate::wire::timestamp::Timestamp;
use der::{Element, Reader, tag};

/// Reads the facts, or says why the bytes are no certificate.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts, String> {
    let (rest, certificate) = X509CertificateParser::new()
        .with_deep_parse_extensions(false)
        .parse(bytes)
        .map_err(|error| format!("not a certificate: {}", reason(&error)))?;
    let tbs = &certificate.tbs_certificate;
    let mut malformed = Vec::new();
    if !rest.is_empty() {
        malformed.push(format!("{} bytes follow the certificate", rest.len()));
    }
    let end = bytes.as_ptr_range().end.addr() - rest.len();
    if certificate.signature_value.data.as_ptr_range().end.addr() != end {
        malformed.push("something follows the signature inside the certificate".to_owned());
    }
    if tbs.signature != certificate.signature_algorithm {
        malformed.push("the certificate names two different signature algorithms".to_owned());
    }
    let mut name = |whose: &str, raw: &[u8]| {
        let (name, whole) = name::read(raw);
        if !whole {
            malformed.push(format!("the {whose} cannot be read to its end"));
        }
        name
    };
    let issuer = name("issuer", tbs.issuer.as_raw());
    let subject = name("subject", tbs.subject.as_raw());
    let public_key = match algorithm::public_key(&tbs.subject_pki) {
        Ok(key) => key,
        Err(key) => {
            malformed.push("the public key cannot be read".to_owned());
            key
        }
    };
    let mut facts = Facts {
        version: tbs.version.0.saturating_add(1),
        serial: serial(tbs.raw_serial()),
        serial_number: tbs.raw_serial().to_vec(),
        subject,
        issuer,
        not_before: timestamp(tbs.validity.not_before)?,
        not_after: timestamp(tbs.validity.not_after)?,
        alternative_names: None,
        extended_key_usage: None,
        key_usage: None,
        basic_constraints: None,
        public_key,
        signature: signature(&certificate.signature_algorithm),
        crl_distribution_points: Vec::new(),
        distribution_points: Vec::new(),
        freshest_crl: Vec::new(),
        ocsp_responders: Vec::new(),
        issuer_urls: Vec::new(),
        template: None,
        application_policies: None,
        subject_key_id: None,
        authority_key_id: None,
        unknown_critical: Vec::new(),
        malformed,
    };
    extension::read(tbs.extensions(), &mut facts);
    Ok(facts)
}

/// Reads a distinguished name from its DER, as a CertificateRequest lists them; `None`: no such thing.
pub(super) fn name(bytes: &[u8]) -> Option<Name> {
    match name::read(bytes) {
        (name, true) => Some(name),
        (_, false) => None,
    }
}

/// Reads an AlgorithmIdentifier's DER; `None`: no such thing.
pub(super) fn signature_algorithm(bytes: &[u8]) -> Option<SignatureAlgorithm> {
    let mut fields = Reader::only(bytes, tag::SEQUENCE)?;
    let oid = fields.take(tag::OID)?;
    Some(algorithm::signature(oid, fields.next()))
}

fn signature(identifier: &AlgorithmIdentifier<'_>) -> SignatureAlgorithm {
    algorithm::signature(identifier.algorithm.as_bytes(), identifier.parameters.as_ref().and_then(Element::of))
}

fn reason(error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    match error {
        x509_parser::nom::Err::Incomplete(_) => "it is cut short".to_owned(),
        x509_parser::nom::Err::Error(inner) | x509_parser::nom::Err::Failure(inner) => inner.to_string(),
    }
}

/// Hexadecimal without leading zero bytes; zero itself is `00`.
pub(in crate::certificate) fn serial(bytes: &[u8]) -> String {
    let leading = bytes.iter().take_while(|byte| **byte == 0).count();
    match bytes.get(leading..) {
        Some(rest) if !rest.is_empty() => data_encoding::HEXLOWER.encode(rest),
        Some(_) | None => "00".to_owned(),
    }
}

/// A date of the far end of year 9999, written in a zone west of Greenwich, has no place in UTC.
fn timestamp(at: ASN1Time) -> Result<Timestamp, String> {
    at.to_datetime()
        .checked_to_offset(UtcOffset::UTC)
        .map(Timestamp::from)
        .ok_or_else(|| "not a certificate: a date out of range".to_owned())
}

#[cfg(test)]
mod tests;
