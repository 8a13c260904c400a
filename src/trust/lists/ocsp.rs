//! What an OCSP response is worth, whether the server stapled it or a responder gave it: authentic, current, and about this
//! certificate.

use std::sync::Arc;

use super::fitness::named;
use super::store::Fetched;
use crate::certificate::ocsp_request::{Question, questions};
use crate::certificate::ocsp_response::{OcspResponse, Status};
use crate::certificate::{Certificate, oid};
use crate::observation::timing::Milliseconds;
use crate::trust::lists::checked::Checked;
use crate::trust::path::signed::{Signed, made_with, signed_by};
use crate::wire::der::Der;

/// What a response says of the certificate.
///
/// # Errors
/// Why it does not count, in words.
pub fn said(response: &Der, of: &Checked<'_>) -> Result<Status, String> {
    let response = OcspResponse::read(response).map_err(|why| why.to_string())?;
    let issuers = named(of.known, &of.facts.issuer.der);
    let named = issuers.iter().map(|one| &***one);
    let answer = response.about(of.facts, named).ok_or("the answer is about another certificate")?;
    // RFC 6960 (4.4): who does not know a critical extension does not use the answer.
    if let Some(oid) = response.unknown_critical.as_ref().or(answer.unknown_critical.as_ref()) {
        return Err(format!("the answer has the critical extension {oid}, which RFC 6960 does not name"));
    }
    let now = of.basis.now;
    if now < answer.this_update {
        return Err(format!("the answer is not valid before {}", answer.this_update));
    }
    if let Some(next) = answer.next_update.filter(|next| *next <= now) {
        return Err(format!("the answer has expired: the next one was due {next}"));
    }
    let algorithms = of.basis.trust.algorithms;
    let signed = |signer: &Certificate| {
        made_with(response.signed.as_slice(), &response.signature, signer, algorithms) == Signed::Yes
    };
    // RFC 6960 (4.2.2.2): by the authority itself, or by one it named a responder.
    let is_authentic = issuers.into_iter().any(|issuer| {
        let delegated = response.certificates.iter().filter(|one| {
            one.facts().is_some_and(|facts| {
                facts.has_extended_key_usage(oid::OCSP_SIGNING) && facts.not_before <= now && now <= facts.not_after
            })
        });
        signed(issuer)
            || delegated.into_iter().any(|one| signed_by(one, issuer, algorithms) == Signed::Yes && signed(one))
    });
    if is_authentic {
        Ok(answer.status)
    } else {
        Err("the answer is signed neither by the authority nor by a responder it named".into())
    }
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
    Nothing(String),
}

impl Responder {
    /// What it says of the certificate.
    pub fn answered(&self, of: &Checked<'_>) -> Answered {
        let mut why = None;
        for fetched in &self.asked {
            let said = match (&fetched.answer, &fetched.failure) {
                (Some(answer), _) => said(answer, of),
                (None, Some(failure)) => Err(failure.detail.clone()),
                (None, None) => Err("nothing was sent".into()),
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
