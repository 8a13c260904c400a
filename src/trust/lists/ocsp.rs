//! What an OCSP response is worth, whether the server stapled it or a responder gave it: authentic, current, and about this
//! certificate.

use crate::certificate::ocsp_response::{OcspResponse, Status};
use crate::certificate::{Certificate, oid};
use crate::trust::lists::checked::Checked;
use crate::trust::path::signed::{Signed, made_with, signed_by};
use crate::wire::der::Der;

/// How many authorities' certificates of one name are tried.
const MOST_SIGNERS: usize = 8;

/// What a response says of the certificate.
///
/// # Errors
/// Why it does not count, in words.
pub fn said(response: &Der, of: &Checked<'_>) -> Result<Status, String> {
    let response = OcspResponse::read(response).map_err(|why| why.to_string())?;
    let answer = response.about(of.facts).ok_or("the answer is about another certificate")?;
    let now = of.basis.now;
    if now < answer.this_update {
        return Err(format!("the answer is not valid before {}", answer.this_update));
    }
    if let Some(next) = answer.next_update.filter(|next| *next <= now) {
        return Err(format!("the answer has expired: the next one was due {next}"));
    }
    let algorithms = of.basis.trust.algorithms;
    let issuers =
        of.known.iter().filter(|one| one.facts().is_some_and(|facts| facts.subject.der == of.facts.issuer.der));
    let signed = |signer: &Certificate| {
        made_with(response.signed.as_slice(), &response.signature, signer, algorithms) == Signed::Yes
    };
    // RFC 6960 (4.2.2.2): by the authority itself, or by one it named a responder.
    let is_authentic = issuers.take(MOST_SIGNERS).any(|issuer| {
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
