//! What an OCSP response that a server stapled to its handshake is worth: authentic, current, and about this certificate.

use super::checked::Checked;
use crate::observation::certificate::{Certificate, oid};
use crate::observation::ocsp_response::{OcspResponse, Status};
use crate::requirement::chain::path::signed::{Signed, made_with, signed_by};

/// What the staple says of the certificate; `None`: there is none that counts.
pub fn said(of: &Checked<'_>) -> Option<Status> {
    let response = OcspResponse::read(of.staple?)?;
    let answer = response.about(of.facts)?;
    let now = of.basis.now;
    if now < answer.this_update || answer.next_update.is_some_and(|next| next <= now) {
        return None;
    }
    let algorithms = of.basis.trust.algorithms;
    let issuers =
        of.known.iter().filter(|one| one.facts().is_some_and(|facts| facts.subject.der == of.facts.issuer.der));
    let signed = |signer: &Certificate| {
        made_with(response.signed.as_slice(), &response.signature, signer, algorithms) == Signed::Yes
    };
    // RFC 6960 (4.2.2.2): by the authority itself, or by one it named a responder.
    let is_authentic = issuers.take(8).any(|issuer| {
        let delegated = response.certificates.iter().filter(|one| {
            one.facts().is_some_and(|facts| {
                facts.has_extended_key_usage(oid::OCSP_SIGNING) && facts.not_before <= now && now <= facts.not_after
            })
        });
        signed(issuer)
            || delegated.into_iter().any(|one| signed_by(one, issuer, algorithms) == Signed::Yes && signed(one))
    });
    is_authentic.then_some(answer.status)
}
