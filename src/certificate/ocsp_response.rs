//! The facts of an OCSP response (RFC 6960), as a responder answers and a server staples it. Nothing is judged, and no
//! signature is verified here.

use std::fmt;

use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use time::UtcOffset;
use x509_parser::asn1_rs::FromDer;
use x509_parser::time::ASN1Time;

use crate::certificate::read::der::{Reader, dotted, tag, trimmed};
use crate::certificate::revocation_list::Revoked;
use crate::certificate::{Certificate, Facts, Name, SignatureAlgorithm};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// How many certificates of a response are read; a responder sends its own, and perhaps its authority's.
const MOST_CERTIFICATES: usize = 4;
/// How many answers of a response are read; a staple has one.
const MOST_ANSWERS: usize = 16;

/// ENUMERATED.
const ENUMERATED: u8 = 0x0a;

/// Why a response is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAnswer {
    /// The responder would not answer: its OCSPResponseStatus.
    Refused(u8),
    /// The bytes are no OCSP response, or one of another kind than the basic.
    Malformed,
}

impl fmt::Display for NotAnAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(1) => f.write_str("the responder answers malformedRequest"),
            Self::Refused(2) => f.write_str("the responder answers internalError"),
            Self::Refused(3) => f.write_str("the responder answers tryLater"),
            Self::Refused(5) => f.write_str("the responder answers sigRequired"),
            Self::Refused(6) => f.write_str("the responder answers unauthorized: it does not know the authority"),
            Self::Refused(other) => write!(f, "the responder answers with status {other}"),
            Self::Malformed => f.write_str("what is sent is no OCSP response"),
        }
    }
}

/// A response that answers.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    /// What is signed, how, and the signature: laid out as in a certificate.
    pub signed: Der,
    /// How it is signed.
    pub signature: SignatureAlgorithm,
    /// The certificates it carries, for a responder that is not the authority itself.
    pub certificates: Vec<Certificate>,
    /// A critical extension of the whole that RFC 6960 does not name, by OID.
    pub unknown_critical: Option<String>,
    answers: Vec<Answer>,
}

/// What is said of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is said.
    pub status: Status,
    /// Since when that is known to be so.
    pub this_update: Timestamp,
    /// By when more will be known.
    pub next_update: Option<Timestamp>,
    /// A critical extension of it that RFC 6960 does not name, by OID.
    pub unknown_critical: Option<String>,
    /// Which certificate it is about.
    id: CertId,
}

/// CertID (RFC 6960, 4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
struct CertId {
    /// The content octets of the identifier of the hash that both hashes are made with.
    hash: Vec<u8>,
    /// The hash of the issuer's name.
    name: Vec<u8>,
    /// The hash of the issuer's key.
    key: Vec<u8>,
    /// The serial number, without what says nothing in front of it.
    serial: Vec<u8>,
}

impl CertId {
    /// Whether it means a certificate that one of `issuers` issued. The name it hashes is the issuer's as the certificate
    /// has it; who asks for a server's own answer may have taken it from the issuer's certificate.
    fn is_of<'a>(&self, certificate: &Facts, mut issuers: impl Iterator<Item = &'a Certificate>) -> bool {
        let is_name = |name: &Name| self.hashed(name.der.as_slice()).is_some_and(|hash| hash == self.name);
        let is_key = |key: &[u8]| self.hashed(key).is_some_and(|hash| hash == self.key);
        self.serial == trimmed(&certificate.serial_number)
            && issuers.any(|issuer| {
                issuer.key_octets().is_some_and(is_key)
                    && (is_name(&certificate.issuer) || issuer.facts().is_some_and(|facts| is_name(&facts.subject)))
            })
    }

    /// Its hash of something; `None`: one this program does not know.
    fn hashed(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        Some(match self.hash.as_slice() {
            [0x2b, 0x0e, 3, 2, 0x1a] => Sha1::digest(bytes).to_vec(),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Sha256::digest(bytes).to_vec(),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Sha384::digest(bytes).to_vec(),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Sha512::digest(bytes).to_vec(),
            _ => return None,
        })
    }
}

/// The state of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not revoked.
    Good,
    /// Revoked: since when, and why.
    Revoked(Revoked),
    /// The responder does not know the certificate.
    Unknown,
}

impl OcspResponse {
    /// Reads a response.
    ///
    /// # Errors
    /// The bytes are none, or the responder would not answer.
    pub fn read(bytes: &Der) -> Result<Self, NotAnAnswer> {
        let mut response = Reader::only(bytes.as_slice(), tag::SEQUENCE).ok_or(NotAnAnswer::Malformed)?;
        // Successful.
        match response.take(ENUMERATED) {
            Some([0]) => Self::basic(response).ok_or(NotAnAnswer::Malformed),
            Some([status]) => Err(NotAnAnswer::Refused(*status)),
            Some(_) | None => Err(NotAnAnswer::Malformed),
        }
    }

    /// BasicOCSPResponse.
    fn basic(mut response: Reader<'_>) -> Option<Self> {
        let mut typed = Reader::only(response.take(tag::constructed(0))?, tag::SEQUENCE)?;
        // 1.3.6.1.5.5.7.48.1.1
        typed.take(tag::OID).filter(|oid| *oid == [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1])?;
        let signed = typed.take(tag::OCTET_STRING)?;
        let mut basic = Reader::only(signed, tag::SEQUENCE)?;
        let mut data = Reader::new(basic.take(tag::SEQUENCE)?);
        let signature = SignatureAlgorithm::read(basic.take_whole(tag::SEQUENCE)?)?;
        basic.take(tag::BIT_STRING)?;
        let mut certificates = Vec::new();
        if let Some(wrapped) = basic.take(tag::constructed(0)) {
            let mut list = Reader::only(wrapped, tag::SEQUENCE)?;
            while let Some(der) = list.take_whole(tag::SEQUENCE).filter(|_| certificates.len() < MOST_CERTIFICATES) {
                certificates.push(Certificate::read(&Der::from(der)));
            }
        }
        // The version, then the responder by its name or its key, then when it was made.
        data.take(tag::constructed(0));
        data.next()?;
        date(&mut data)?;
        let mut list = Reader::new(data.take(tag::SEQUENCE)?);
        let mut answers = Vec::new();
        while let Some(one) = list.take(tag::SEQUENCE).filter(|_| answers.len() < MOST_ANSWERS) {
            answers.push(answer(one)?);
        }
        let unknown_critical = unknown_critical(&mut data);
        Some(Self { signed: Der::from(signed), signature, certificates, unknown_critical, answers })
    }

    /// What it says of a certificate that one of `issuers` issued.
    pub fn about<'a, I>(&self, certificate: &Facts, issuers: I) -> Option<&Answer>
    where
        I: Iterator<Item = &'a Certificate> + Clone,
    {
        self.answers.iter().find(|answer| answer.id.is_of(certificate, issuers.clone()))
    }
}

/// SingleResponse.
fn answer(bytes: &[u8]) -> Option<Answer> {
    let mut fields = Reader::new(bytes);
    let mut id = Reader::new(fields.take(tag::SEQUENCE)?);
    let hash = Reader::new(id.take(tag::SEQUENCE)?).take(tag::OID)?.to_vec();
    let name = id.take(tag::OCTET_STRING)?.to_vec();
    let key = id.take(tag::OCTET_STRING)?.to_vec();
    let serial = trimmed(id.take(tag::INTEGER)?).to_vec();
    let status = fields.next()?;
    let status = match status.tag {
        0x80 => Status::Good,
        0xa1 => {
            let mut info = Reader::new(status.contents);
            let at = date(&mut info);
            let reason = info.take(tag::constructed(0)).and_then(|wrapped| Reader::new(wrapped).take(ENUMERATED));
            Status::Revoked(Revoked { at, reason: reason.and_then(|reason| reason.first().copied()) })
        }
        0x82 => Status::Unknown,
        _ => return None,
    };
    let this_update = date(&mut fields)?;
    let next_update = match fields.take(tag::constructed(0)) {
        Some(wrapped) => Some(date(&mut Reader::new(wrapped))?),
        None => None,
    };
    let unknown_critical = unknown_critical(&mut fields);
    Some(Answer { status, this_update, next_update, unknown_critical, id: CertId { hash, name, key, serial } })
}

/// The first critical extension RFC 6960 does not name, in what extensions come next.
fn unknown_critical(fields: &mut Reader<'_>) -> Option<String> {
    let mut list = Reader::only(fields.take(tag::constructed(1))?, tag::SEQUENCE)?;
    while let Some(one) = list.take(tag::SEQUENCE) {
        let mut one = Reader::new(one);
        let oid = one.take(tag::OID)?;
        let is_critical = one.take(tag::BOOLEAN).is_some_and(|value| value != [0]);
        if is_critical && !is_named(oid) {
            return Some(dotted(oid));
        }
    }
    None
}

/// Whether RFC 6960 (4.4) names an extension: its own, 1.3.6.1.5.5.7.48.1.x, and those of a list's entries (RFC 5280, 5.3).
fn is_named(oid: &[u8]) -> bool {
    matches!(oid, [0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2..=9] | [0x55, 0x1d, 0x15 | 0x18 | 0x1d])
}

/// The next value as a date: GeneralizedTime.
fn date(reader: &mut Reader<'_>) -> Option<Timestamp> {
    let (_, at) = ASN1Time::from_der(reader.take_whole(0x18)?).ok()?;
    at.to_datetime().checked_to_offset(UtcOffset::UTC).map(Timestamp::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;

    use super::*;
    use crate::certificate::read::der::value;
    use crate::lab::pki::{IdHash, LAB_EPOCH, Minted, OcspRecipe, OcspStatus, Organization, Pki};

    fn read(minted: &Minted) -> Certificate {
        Certificate::read(&Der::from(minted.der.as_slice()))
    }

    fn issuing() -> Certificate {
        read(&Pki::lab().unwrap().issuing)
    }

    fn about(recipe: &OcspRecipe) -> (Vec<u8>, Facts, Facts) {
        let pki = Pki::lab().unwrap();
        let [one, other] = ["one", "other"].map(|name| pki.issue(&pki.client(name)).unwrap());
        (pki.issuing.ocsp(&one, recipe).unwrap(), read(&one).facts.unwrap(), read(&other).facts.unwrap())
    }

    #[test]
    fn a_response_is_about_one_certificate() {
        for (said, status) in [
            (OcspStatus::Good, Status::Good),
            (OcspStatus::Revoked(LAB_EPOCH), Status::Revoked(Revoked { at: Some(Timestamp(LAB_EPOCH)), reason: None })),
            (OcspStatus::Unknown, Status::Unknown),
        ] {
            let (bytes, one, other) = about(&OcspRecipe::default().status(said));
            let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
            let answer = response.about(&one, [&issuing()].into_iter()).unwrap();
            assert_eq!((answer.status, answer.this_update), (status, Timestamp(LAB_EPOCH - Duration::hours(1))));
            assert_eq!(answer.next_update, Some(Timestamp(LAB_EPOCH + Duration::days(7) - Duration::hours(1))));
            assert_eq!(response.about(&other, [&issuing()].into_iter()), None);
            assert_eq!(response.about(&one, [].into_iter()), None, "nobody's");
        }
    }

    #[test]
    fn a_revocation_says_why() {
        let (bytes, one, _) = about(&OcspRecipe::default().status(OcspStatus::Revoked(LAB_EPOCH)).reason(6));
        let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
        let status = response.about(&one, [&issuing()].into_iter()).unwrap().status;
        assert_eq!(status, Status::Revoked(Revoked { at: Some(Timestamp(LAB_EPOCH)), reason: Some(6) }));
    }

    #[test]
    fn a_critical_extension_nobody_knows_is_told_wherever_it_stands() {
        const UNKNOWN: &str = "1.3.6.1.4.1.55555.1";
        let nonce = "1.3.6.1.5.5.7.48.1.2";
        let of = |recipe: OcspRecipe| {
            let (bytes, one, _) = about(&recipe);
            let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
            let answer = response.about(&one, [&issuing()].into_iter()).unwrap();
            (response.unknown_critical.clone(), answer.unknown_critical.clone())
        };
        let told = || Some(UNKNOWN.to_owned());
        assert_eq!(of(OcspRecipe::default().extension(UNKNOWN, true)), (told(), None));
        assert_eq!(of(OcspRecipe::default().single_extension(UNKNOWN, true)), (None, told()));
        for recipe in [
            OcspRecipe::default().extension(UNKNOWN, false).single_extension(UNKNOWN, false),
            OcspRecipe::default().extension(nonce, true).single_extension(nonce, true),
        ] {
            assert_eq!(of(recipe), (None, None));
        }
    }

    #[test]
    fn any_hash_names_a_certificate_and_its_issuers_key_counts() {
        for hash in [IdHash::Sha1, IdHash::Sha256, IdHash::Sha384, IdHash::Sha512] {
            let (bytes, one, other) = about(&OcspRecipe::default().id_hash(hash));
            let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
            assert!(response.about(&one, [&issuing()].into_iter()).is_some(), "{hash:?}");
            assert_eq!(response.about(&other, [&issuing()].into_iter()), None, "{hash:?}");
        }
        let another = Organization::impostor().build().unwrap();
        let (bytes, one, _) = about(&OcspRecipe::default().id_key(&another.issuing));
        let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
        assert_eq!(response.about(&one, [&issuing()].into_iter()), None, "the same name, another key");
        assert!(response.about(&one, [&issuing(), &read(&another.issuing)].into_iter()).is_some());
    }

    #[test]
    fn a_negative_serial_number_is_not_the_positive_one_of_the_same_octets() {
        let pki = Pki::lab().unwrap();
        let [negative, positive] =
            [&[0xfe_u8][..], &[0, 0xfe]].map(|serial| pki.issue(&pki.client("one").serial(serial)).unwrap());
        let bytes = pki.issuing.ocsp(&positive, &OcspRecipe::default()).unwrap();
        let response = OcspResponse::read(&Der::from(bytes.as_slice())).unwrap();
        let says = |of: &Minted| response.about(&read(of).facts.unwrap(), [&issuing()].into_iter()).is_some();
        assert!(says(&positive));
        assert!(!says(&negative));
    }

    #[test]
    fn a_response_cut_anywhere_is_none() {
        let (bytes, ..) = about(&OcspRecipe::default());
        for length in 0..bytes.len() {
            assert_eq!(
                OcspResponse::read(&Der::from(&bytes[..length])).err(),
                Some(NotAnAnswer::Malformed),
                "{length}"
            );
        }
    }

    #[test]
    fn a_refusal_is_told_from_what_is_no_answer() {
        let read = |bytes: &[u8]| OcspResponse::read(&Der::from(bytes)).unwrap_err();
        assert_eq!(read(&[0x30, 3, 0x0a, 1, 6]), NotAnAnswer::Refused(6));
        assert!(read(&[0x30, 3, 0x0a, 1, 3]).to_string().contains("tryLater"));
        for none in [&b""[..], b"<html>", &[0x30, 3, 0x0a, 1, 0], &[0x30, 0], &[0x30, 4, 0x0a, 2, 0, 6]] {
            assert_eq!(read(none), NotAnAnswer::Malformed, "{none:x?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_damage_panics(at in 0_usize..4096, byte in any::<u8>(), also in 0_usize..4096, other in any::<u8>()) {
            let (mut bytes, one, _) = about(&OcspRecipe::default());
            let length = bytes.len();
            bytes[at % length] = byte;
            bytes[also % length] = other;
            if let Ok(response) = OcspResponse::read(&Der::from(bytes.as_slice())) {
                let _ = response.about(&one, [&issuing()].into_iter());
            }
        }
    }

    #[test]
    fn so_much_of_a_response_is_read_and_no_more() {
        let pki = Pki::lab().unwrap();
        let single = {
            let sha1 = value(0x30, &[6, 5, 0x2b, 0x0e, 3, 2, 0x1a]);
            let id = value(0x30, &[&sha1[..], &value(4, &[1; 20]), &value(4, &[2; 20]), &[2, 1, 9]].concat());
            value(0x30, &[&id[..], &[0x80, 0], b"\x18\x0f20260101000000Z"].concat())
        };
        let response = |answers: usize, certificates: usize| {
            let head = [&value(0xa2, &value(4, &[3; 20]))[..], b"\x18\x0f20260101000000Z"].concat();
            let data = value(0x30, &[head, value(0x30, &single.repeat(answers))].concat());
            let algorithm = value(0x30, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0]);
            let certificates = value(0xa0, &value(0x30, &pki.issuing.der.repeat(certificates)));
            let basic = value(0x30, &[data, algorithm, vec![3, 2, 0, 0], certificates].concat());
            let typed = [&[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1][..], &value(4, &basic)].concat();
            let whole = [&[0x0a, 1, 0][..], &value(0xa0, &value(0x30, &typed))].concat();
            let read = OcspResponse::read(&Der::from(value(0x30, &whole))).unwrap();
            (read.answers.len(), read.certificates.len())
        };
        assert_eq!(response(MOST_ANSWERS, MOST_CERTIFICATES), (MOST_ANSWERS, MOST_CERTIFICATES));
        assert_eq!(response(MOST_ANSWERS + 1, MOST_CERTIFICATES + 1), (MOST_ANSWERS, MOST_CERTIFICATES));
        assert_eq!(response(2, 1), (2, 1));
    }
}
