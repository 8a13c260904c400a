//! What an OCSP response is worth, whether the server stapled it or a responder gave it: authentic, current, and about this
//! certificate.

use std::fmt;
use std::sync::Arc;

use super::fault::Unreached;
use super::fitness::named;
use super::reach::unreached;
use super::store::Fetched;
use crate::certificate::ocsp_request::{Question, questions};
use crate::certificate::ocsp_response::{NotAnAnswer, OcspResponse, Status};
use crate::certificate::{Certificate, oid};
use crate::observation::failure::Failure;
use crate::observation::timing::Milliseconds;
use crate::trust::dates::is_within_dates;
use crate::trust::lists::checked::Checked;
use crate::trust::path::signed::{Signed, made_with, signed_by};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// Why an answer of a responder is of no use: a variant for each thing that is put right in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Useless {
    /// None was had: why, and what was met; `None`: nothing at all.
    Unreached(Unreached, Option<Failure>),
    /// It is none, or one in which the responder will not answer.
    NoAnswer(NotAnAnswer),
    /// It is about another certificate.
    AboutAnother,
    /// The responder does not know the certificate.
    Unknown,
    /// It has a critical extension that RFC 6960 does not name, by its OID.
    Critical(String),
    /// It is not valid before.
    Early(Timestamp),
    /// It has ended: when the next one was due.
    Ended(Timestamp),
    /// Neither the authority signed it nor one that it named a responder.
    OfAnotherSigner,
}

impl Useless {
    /// The id of what brings it about; `None`: nothing to put right, a limit of this program's.
    pub const fn cause_id(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unreached(why, _) => match why {
                Unreached::NoName => "ocsp-host-unresolved",
                Unreached::Refused => "ocsp-host-refuses",
                Unreached::NoConnection => "ocsp-host-unreachable",
                Unreached::Silent | Unreached::Unended | Unreached::CutShort => "ocsp-host-silent",
                Unreached::NotThere | Unreached::PlusSign => "ocsp-not-there",
                Unreached::Forbidden(_) => "ocsp-forbidden",
                Unreached::Status(_) => "ocsp-fails",
                Unreached::Redirected | Unreached::NotHttp | Unreached::TooLarge => "ocsp-is-none",
                Unreached::WantsCredentials
                | Unreached::ProxyUnresolved
                | Unreached::ProxyNotListening
                | Unreached::ProxyWithoutRoute
                | Unreached::ProxySilent
                | Unreached::ProxyWouldNot
                | Unreached::Ours => return why.cause_id(),
            },
            Self::NoAnswer(NotAnAnswer::Malformed) | Self::Critical(_) => "ocsp-is-none",
            // OCSPResponseStatus unauthorized.
            Self::NoAnswer(NotAnAnswer::Refused(6)) | Self::AboutAnother | Self::Unknown => "ocsp-knows-not",
            Self::NoAnswer(NotAnAnswer::Refused(_)) => "ocsp-fails",
            Self::Early(_) | Self::Ended(_) => "ocsp-answer-ended",
            Self::OfAnotherSigner => "ocsp-signed-by-another",
        })
    }
}

impl fmt::Display for Useless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreached(_, failure) => {
                f.write_str(failure.as_ref().map_or("nothing was sent", |failure| failure.detail.as_str()))
            }
            Self::NoAnswer(why) => why.fmt(f),
            Self::AboutAnother => f.write_str("the answer is about another certificate"),
            Self::Unknown => f.write_str("it does not know the certificate"),
            Self::Critical(oid) => {
                write!(f, "the answer has the critical extension {oid}, which RFC 6960 does not name")
            }
            Self::Early(from) => write!(f, "the answer is not valid before {from}"),
            Self::Ended(due) => write!(f, "the answer has expired: the next one was due {due}"),
            Self::OfAnotherSigner => {
                f.write_str("the answer is signed neither by the authority nor by a responder it named")
            }
        }
    }
}

/// What a response says of the certificate.
///
/// # Errors
/// Why it does not count.
pub fn said(response: &Der, of: &Checked<'_>) -> Result<Status, Useless> {
    let response = OcspResponse::read(response).map_err(Useless::NoAnswer)?;
    let issuers = named(of.known, &of.facts.issuer.der);
    let named = issuers.iter().map(|one| &***one);
    let answer = response.about(of.facts, named).ok_or(Useless::AboutAnother)?;
    // RFC 6960 (4.4): who does not know a critical extension does not use the answer.
    if let Some(oid) = response.unknown_critical.as_ref().or(answer.unknown_critical.as_ref()) {
        return Err(Useless::Critical(oid.to_string()));
    }
    let now = of.basis.now;
    if now < answer.this_update {
        return Err(Useless::Early(answer.this_update));
    }
    if let Some(next) = answer.next_update.filter(|next| *next <= now) {
        return Err(Useless::Ended(next));
    }
    let algorithms = of.basis.trust.algorithms;
    let signed = |signer: &Certificate| {
        made_with(response.signed.as_slice(), &response.signature, signer, algorithms) == Signed::Yes
    };
    // RFC 6960 (4.2.2.2): by the authority itself, or by one it named a responder.
    let is_authentic = issuers.into_iter().any(|issuer| {
        let delegated = response.certificates.iter().filter(|one| {
            one.facts()
                .is_some_and(|facts| facts.has_extended_key_usage(oid::OCSP_SIGNING) && is_within_dates(facts, now))
        });
        signed(issuer)
            || delegated.into_iter().any(|one| signed_by(one, issuer, algorithms) == Signed::Yes && signed(one))
    });
    if is_authentic { Ok(answer.status) } else { Err(Useless::OfAnotherSigner) }
}

/// A responder a certificate names, and what it answered about it.
pub struct Responder {
    /// Its URL, as the certificate has it.
    pub url: String,
    /// What it was asked, for each authority that may have issued the certificate, and what came of it.
    asked: Vec<Arc<Fetched>>,
}

/// What came of asking a responder.
pub enum Answered {
    /// Nobody asked.
    NotAsked,
    /// What it says of the certificate, authentic and current.
    Said(Status),
    /// It answered nothing that counts; why.
    Nothing(Useless),
}

impl Responder {
    /// What it says of the certificate.
    pub fn answered(&self, of: &Checked<'_>) -> Answered {
        let mut why = None;
        for fetched in &self.asked {
            let said = match (&fetched.answer, &fetched.failure) {
                (Some(answer), _) => said(answer, of),
                (None, Some(failure)) => {
                    let why = unreached(fetched, &self.url).unwrap_or(Unreached::Ours);
                    Err(Useless::Unreached(why, Some(failure.clone())))
                }
                (None, None) => Err(Useless::Unreached(Unreached::Ours, None)),
            };
            match said {
                Ok(status) => return Answered::Said(status),
                Err(words) => why = why.or(Some(words)),
            }
        }
        why.map_or(Answered::NotAsked, Answered::Nothing)
    }

    /// The longest it took to answer, where it did.
    pub fn took(&self) -> Option<Milliseconds> {
        let answers = self.asked.iter().filter(|fetched| fetched.answer.is_some());
        answers.filter_map(|fetched| fetched.took).max_by(|one, other| one.0.total_cmp(&other.0))
    }
}

impl Checked<'_> {
    /// The responders it names, with what was seen of each.
    pub fn responders(&self) -> Vec<Responder> {
        if self.facts.ocsp_responders.is_empty() {
            return Vec::new();
        }
        let authorities = self.known.iter().map(|authority| &***authority);
        let mut found: Vec<Responder> = Vec::new();
        for Question { responder, url } in questions(self.certificate, authorities) {
            let fetched = self.basis.crls.seen(self.asked, &url).map(|(_, fetched)| fetched);
            match found.iter_mut().find(|one| one.url == responder) {
                Some(one) => one.asked.extend(fetched),
                None => found.push(Responder { url: responder, asked: fetched.into_iter().collect() }),
            }
        }
        found
    }
}
