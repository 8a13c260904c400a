//! From DER to facts, in one pass. Total: every byte string gives facts or a reason, never a panic, and one unreadable part
//! does not take the others with it. What is written in BER where X.509 wants DER is read and noted, because some of those
//! who meet a certificate mind and others do not; order, repetition and malformed entries are facts too.

mod algorithm;
pub(crate) mod der;
mod extension;
mod name;

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use crate::certificate::constraint::{Flaw, PolicyFacts};
use crate::certificate::{Facts, Frame, Name, SignatureAlgorithm};
use crate::wire::counted::counted_with;
use crate::wire::timestamp::Timestamp;
use der::{Element, Reader, bits, tag};

pub(super) use name::{Likeness, Spelled};

/// The flaw of a certificate whose signature algorithm stands in it twice, and differs (RFC 5280, 4.1.1.2): how it is signed
/// is not known.
pub(crate) const TWO_ALGORITHMS: &str = "the certificate names two different signature algorithms";

/// Reads the facts, or says why the bytes are no certificate.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts, String> {
    read(bytes).map_err(|why| format!("not a certificate: {why}"))
}

fn read(bytes: &[u8]) -> Result<Facts, String> {
    let mut outermost = Reader::new(bytes);
    let contents = match outermost.take(tag::SEQUENCE) {
        Some(contents) => contents,
        None => return Err(no_value(bytes)),
    };
    let mut outer = Reader::new(contents);
    let field = |what: &str| format!("its {what} cannot be read");
    let body = outer.take_whole(tag::SEQUENCE).ok_or_else(|| field("contents"))?;
    let outer_algorithm = outer.take_whole(tag::SEQUENCE).ok_or_else(|| field("signature algorithm"))?;
    let signature_bits = outer.take(tag::BIT_STRING).ok_or_else(|| field("signature"))?;

    let mut flaws = Flaws(Vec::new());
    if !outermost.is_at_end() {
        flaws.loose(format!(
            "{} the certificate",
            counted_with(outermost.remaining().len(), "byte", "follows", "follow")
        ));
    }
    // One of another number of bits than octets have is nobody's.
    let signature_bits = bits(signature_bits).unwrap_or_else(|| {
        flaws.hard("the signature is no whole number of octets");
        &[]
    });
    if !outer.is_at_end() {
        flaws.loose("something follows the signature inside the certificate");
    }
    let mut tbs = Reader::only(body, tag::SEQUENCE).ok_or_else(|| field("contents"))?;
    let is_long = |whole: &[u8], contents: &[u8]| {
        let head = contents.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
        der::is_long_head(head, contents.len())
    };
    if is_long(bytes, contents) || is_long(body, tbs.remaining()) {
        flaws.loose("the certificate's own length is in more octets than it needs (BER, not DER)");
    }
    let version = match tbs.take(tag::constructed(0)) {
        Some(inner) => {
            let number = Reader::only(inner, tag::INTEGER).and_then(|number| extension::unsigned(number.remaining()));
            number.ok_or_else(|| field("version"))?.saturating_add(1)
        }
        None => 1,
    };
    let whole_serial_number = tbs.take_whole(tag::INTEGER).ok_or_else(|| field("serial number"))?;
    let serial_number = Reader::new(whole_serial_number).take(tag::INTEGER).unwrap_or_default();
    if !der::is_shortest(serial_number) {
        flaws.loose("the serial number is not in as few octets as it needs (BER, not DER)");
    }
    let algorithm = tbs.take_whole(tag::SEQUENCE).ok_or_else(|| field("signature algorithm"))?;
    let issuer = tbs.take_whole(tag::SEQUENCE).ok_or_else(|| field("issuer"))?;
    let validity = tbs.take_whole(tag::SEQUENCE).ok_or_else(|| field("validity"))?;
    let subject = tbs.take_whole(tag::SEQUENCE).ok_or_else(|| field("subject"))?;
    let key = tbs.take_whole(tag::SEQUENCE).ok_or_else(|| field("public key"))?;
    // Unique identifiers of X.509 version 2: odd, and allowed.
    for number in [1, 2] {
        if tbs.take(tag::context(number)).is_none() {
            tbs.take(tag::constructed(number));
        }
    }
    let extensions = tbs.take(tag::constructed(3));
    if !tbs.is_at_end() {
        return Err(field(if extensions.is_some() { "end" } else { "extensions" }));
    }
    for (what, part) in [
        ("serial number", whole_serial_number),
        ("signature algorithm", algorithm),
        ("issuer", issuer),
        ("validity", validity),
        ("subject", subject),
        ("public key", key),
    ] {
        flaws.lengths(what, part);
    }
    if let Some(extensions) = extensions {
        flaws.lengths("extensions", extensions);
    }
    let signature = signature_algorithm(outer_algorithm).ok_or_else(|| field("signature algorithm"))?;
    if algorithm != outer_algorithm {
        match signature_algorithm(algorithm) {
            Some(inner) if inner.oid == signature.oid => {
                flaws.loose("the certificate writes its signature algorithm in two ways");
            }
            Some(_) | None => flaws.hard(TWO_ALGORITHMS),
        }
    }
    let mut name = |whose: &str, raw: &[u8]| {
        let (name, whole) = name::read(raw);
        match whole {
            name::Whole::Yes => {}
            name::Whole::WithEmptyParts => flaws.loose(format!("the {whose} has a part without anything in it")),
            name::Whole::No => flaws.hard(format!("the {whose} cannot be read to its end")),
        }
        name
    };
    let issuer = name("issuer", issuer);
    let subject = name("subject", subject);
    let public_key = match algorithm::public_key(key) {
        Ok(read) => {
            match algorithm::odd(key) {
                Some(algorithm::Odd::Readable(words)) => flaws.loose(words),
                Some(algorithm::Odd::Useless(words)) => flaws.hard(words),
                None => {}
            }
            read
        }
        Err(key) => {
            flaws.hard("the public key cannot be read");
            key
        }
    };
    let mut dates = Reader::only(validity, tag::SEQUENCE).ok_or_else(|| field("validity"))?;
    let mut date = || {
        let (at, odd) = dates.next().and_then(timestamp).ok_or_else(|| field("validity"))?;
        if let Some(odd) = odd {
            flaws
                .loose(format!("the validity has a date {odd}, where RFC 5280 (4.1.2.5) wants seconds, and Z for UTC"));
        }
        Ok::<Timestamp, String>(at)
    };
    let (not_before, not_after) = (date()?, date()?);
    let range = |part: &[u8]| {
        if part.is_empty() {
            return 0..0;
        }
        let start = part.as_ptr().addr().saturating_sub(bytes.as_ptr().addr());
        start..start.saturating_add(part.len())
    };
    let mut facts = Facts {
        version,
        serial: serial(serial_number),
        serial_number: serial_number.to_vec(),
        subject,
        issuer,
        not_before,
        not_after,
        alternative_names: None,
        directory_names: Vec::new(),
        extended_key_usage: None,
        key_usage: None,
        basic_constraints: None,
        public_key,
        signature,
        crl_distribution_points: Vec::new(),
        distribution_points: Vec::new(),
        freshest_crl: Vec::new(),
        ocsp_responders: Vec::new(),
        issuer_urls: Vec::new(),
        template: None,
        application_policies: None,
        subject_key_id: None,
        authority_key_id: None,
        name_constraints: None,
        policies: PolicyFacts::default(),
        unknown_critical: Vec::new(),
        malformed: flaws.0,
        frame: Frame {
            body: range(body),
            algorithm: range(outer_algorithm),
            signature: range(signature_bits),
            key: range(key),
        },
    };
    if let Some(extensions) = extensions {
        extension::read(extensions, &mut facts);
    }
    Ok(facts)
}

/// Flaws found on the way.
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn hard(&mut self, words: impl Into<String>) {
        self.0.push(Flaw { oid: None, words: words.into(), is_readable: false });
    }

    fn loose(&mut self, words: impl Into<String>) {
        self.0.push(Flaw { oid: None, words: words.into(), is_readable: true });
    }

    /// Notes lengths that are longer than they need be, once a field.
    fn lengths(&mut self, what: &str, part: &[u8]) {
        if der::has_long_lengths(part) {
            self.loose(format!("the {what} has a length in more octets than it needs (BER, not DER)"));
        }
    }
}

/// Why bytes do not begin with a SEQUENCE that is whole.
fn no_value(bytes: &[u8]) -> String {
    match bytes {
        [] => "it is empty".to_owned(),
        [tag::SEQUENCE] => "it is cut short".to_owned(),
        [tag::SEQUENCE, 0x80, ..] => "its length is indefinite (BER, not DER)".to_owned(),
        [tag::SEQUENCE, ..] => "it is cut short".to_owned(),
        _ => "it does not begin as one".to_owned(),
    }
}

/// Reads a distinguished name from its DER, as a CertificateRequest lists them; `None`: no such thing.
pub(super) fn name(bytes: &[u8]) -> Option<Name> {
    match name::read(bytes) {
        (name, name::Whole::Yes | name::Whole::WithEmptyParts) => Some(name),
        (_, name::Whole::No) => None,
    }
}

/// How two names compare (RFC 5280, 7.1).
pub(super) fn likeness(one: &[u8], other: &[u8]) -> Likeness {
    name::likeness(one, other)
}

/// The parts of a name in the form they are compared in; `None`: it cannot be read.
pub(super) fn folded(bytes: &[u8]) -> Option<Vec<String>> {
    name::folded(bytes)
}

/// A name's values with the string types they are written in.
pub(super) fn spelled(bytes: &[u8]) -> Spelled<'_> {
    Spelled(bytes)
}

/// The e-mail addresses in a name.
pub(super) fn email_addresses(bytes: &[u8]) -> Vec<String> {
    name::email_addresses(bytes)
}

/// Reads an AlgorithmIdentifier's DER; `None`: no such thing.
pub(super) fn signature_algorithm(bytes: &[u8]) -> Option<SignatureAlgorithm> {
    let mut fields = Reader::only(bytes, tag::SEQUENCE)?;
    let oid = fields.take(tag::OID)?;
    Some(algorithm::signature(oid, fields.next()))
}

/// The key of a SubjectPublicKeyInfo, its algorithm and the count of unused bits left out: what key identifiers and OCSP
/// questions are hashes of.
pub(super) fn key_octets(info: &[u8]) -> Option<&[u8]> {
    algorithm::parts(info).map(|(_, key)| key)
}

/// Hexadecimal without leading zero bytes; zero itself is `00`.
pub(in crate::certificate) fn serial(bytes: &[u8]) -> String {
    let leading = bytes.iter().take_while(|byte| **byte == 0).count();
    match bytes.get(leading..) {
        Some(rest) if !rest.is_empty() => data_encoding::HEXLOWER.encode(rest),
        Some(_) | None => "00".to_owned(),
    }
}

/// UTCTime (years 1950 to 2049) or GeneralizedTime, with or without seconds, in UTC or with an offset, and what of that
/// RFC 5280 does not allow. A date of the far end of year 9999, written in a zone west of Greenwich, has no place in UTC.
fn timestamp(element: Element<'_>) -> Option<(Timestamp, Option<&'static str>)> {
    let text = str::from_utf8(element.contents).ok()?;
    let year_digits = match element.tag {
        tag::UTC_TIME => 2,
        tag::GENERALIZED_TIME => 4,
        _ => return None,
    };
    let mut rest = text;
    let mut number = |digits: usize| {
        let (number, after) = rest.split_at_checked(digits)?;
        let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<u16>().ok())??;
        rest = after;
        Some(number)
    };
    let mut year = i32::from(number(year_digits)?);
    if year_digits == 2 {
        year += if year < 50 { 2000 } else { 1900 };
    }
    let month = Month::try_from(u8::try_from(number(2)?).ok()?).ok()?;
    let mut small = || number(2).and_then(|number| u8::try_from(number).ok());
    let (day, hour, minute) = (small()?, small()?, small()?);
    let second = small();
    let mut odd = second.is_none().then_some("without seconds");
    if second.is_some() && rest.starts_with(['.', ',']) {
        odd = Some("with a fraction of a second");
        let fraction = rest.get(1..)?;
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let offset = match rest.as_bytes() {
        b"Z" => UtcOffset::UTC,
        [sign @ (b'+' | b'-'), hours @ .., _, _] if hours.len() == 2 => {
            odd = odd.or(Some("in another time zone"));
            let number = |at: usize| rest.get(at..at + 2).and_then(|digits| digits.parse::<i8>().ok());
            let (hours, minutes) = (number(1)?, number(3)?);
            let sign = if *sign == b'-' { -1 } else { 1 };
            UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()?
        }
        _ => return None,
    };
    let date = Date::from_calendar_date(year, month, day).ok()?;
    let time = Time::from_hms(hour, minute, second.unwrap_or(0)).ok()?;
    let at = OffsetDateTime::new_in_offset(date, time, offset);
    at.checked_to_offset(UtcOffset::UTC).map(|at| (Timestamp::from(at), odd))
}

#[cfg(test)]
mod tests;
