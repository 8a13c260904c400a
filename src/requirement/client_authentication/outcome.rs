//! What became of a request made with some identity: served, refused, or neither; told from every way in which real
//! servers refuse.

use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure, Stop};
use crate::plan::OfferLabel;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The path answered with this status.
    Served(u16),
    /// The server would not have this client; how it said so.
    Refused(String),
    /// Neither can be said; why, and what would decide it.
    Undecided(String, &'static str),
}

/// The body Windows Server 2025 answers with when it would ask for a certificate after a TLS 1.3 handshake and cannot.
const LATE_REQUEST_NOT_SUPPORTED: &str = "80070032";

impl Outcome {
    /// Reads the outcome of one observation.
    pub fn of(seen: &Observation) -> Self {
        match Self::of_exchange(seen) {
            // The server may have wanted to ask once it had read the request, and met a client that cannot be asked then.
            Self::Refused(how) if presents(seen.offer) && !could_be_asked(seen) => Self::Undecided(
                format!(
                    "{how}, and the certificate was not shown: {} cannot be asked after the request",
                    seen.engine.name()
                ),
                "a run with the openssl engine",
            ),
            outcome => outcome,
        }
    }

    fn of_exchange(seen: &Observation) -> Self {
        if let Some(answer) = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()) {
            return Self::of_answer(answer);
        }
        let failure = seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref()).or(seen.stopped.as_ref());
        match failure {
            Some(failure) => Self::of_failure(seen, failure),
            None => Self::Undecided("no request was made".into(), "a probe that asks for the path"),
        }
    }

    fn of_answer(answer: &Answer) -> Self {
        let status = status_text(answer);
        match answer.status {
            401 | 403 => Self::Refused(status),
            // nginx finishes the handshake and refuses afterwards, with these words.
            400 if answer.body.contains("SSL certificate") => {
                Self::Refused(format!("{status}, speaking of the client's SSL certificate"))
            }
            500 if answer.body.contains(LATE_REQUEST_NOT_SUPPORTED) => Self::Refused(format!(
                "{status} with 0x{LATE_REQUEST_NOT_SUPPORTED}: the server wants a certificate after a TLS 1.3 handshake and cannot ask"
            )),
            200..=299 => Self::Served(answer.status),
            300..=399 => Self::Undecided(
                format!("the path answers {status}{}", redirect(answer)),
                "the path itself: redirects are not followed",
            ),
            404 => Self::Undecided(
                format!("the path is not there ({status})"),
                "the role's virtual directory on this web site",
            ),
            _ => Self::Undecided(
                format!("the path answers {status}"),
                "a server that answers the path without an error of its own",
            ),
        }
    }

    fn of_failure(seen: &Observation, failure: &Failure) -> Self {
        let asked = seen.handshake.client_certificate_request.is_some();
        // After a completed handshake the server knows what was asked for; before, only a request for a certificate
        // tells a refusal from a failed handshake.
        let refused = match failure.stop {
            Stop::Exchange(ExchangeFailure::Alert | ExchangeFailure::Reset | ExchangeFailure::Closed) => true,
            Stop::Handshake(HandshakeFailure::Reset | HandshakeFailure::Closed) => asked,
            Stop::Handshake(HandshakeFailure::Alert) => {
                asked || seen.handshake.alerts.iter().any(|alert| alert.about_client_certificate())
            }
            Stop::Resolve(_) | Stop::Connect(_) | Stop::Handshake(_) | Stop::Exchange(_) => false,
        };
        if refused {
            return Self::Refused(failure.detail.clone());
        }
        Self::Undecided(failure.detail.clone(), "an exchange that comes to its end")
    }
}

/// Whether a client certificate would be shown to a server that asks.
const fn presents(offer: OfferLabel) -> bool {
    matches!(offer, OfferLabel::Stranger | OfferLabel::Client)
}

fn could_be_asked(seen: &Observation) -> bool {
    let handshake = &seen.handshake;
    seen.engine.follows_late_requests()
        || handshake.client_certificate_sent
        || handshake.client_certificate_request.is_some()
}

/// The status, with IIS's sub-status where it is known.
pub fn status_text(answer: &Answer) -> String {
    match answer.sub_status {
        Some(sub) => format!("{}.{sub}", answer.status),
        None => answer.status.to_string(),
    }
}

fn redirect(answer: &Answer) -> String {
    answer.location.as_deref().map(|to| format!(", to {to}")).unwrap_or_default()
}

/// What a sub-status of 403 means at IIS, as a cause an administrator can look into.
pub const fn forbidden_cause(sub_status: Option<u16>) -> &'static str {
    match sub_status {
        Some(4) => "403.4: the path demands SSL.",
        Some(5) => "403.5: the path demands 128-bit SSL.",
        Some(7) => {
            "403.7: no client certificate arrived. The list of accepted issuers may lack the client's root, or a certificate trust list does."
        }
        Some(12) => "403.12: the certificate mapper denied access.",
        Some(13) => {
            "403.13: the client certificate is revoked, or the server cannot reach the revocation list it names."
        }
        Some(14) => "403.14: the directory may not be listed; the client itself was let in.",
        Some(16) => {
            "403.16: the server does not trust the client certificate. On IIS 8 and later a certificate that is not self-signed in the server's Trusted Root store brings this about too."
        }
        Some(17) => "403.17: the client certificate has expired or is not yet valid.",
        Some(_) | None => {
            "The server does not say why. Usual causes: it does not trust the client's root, cannot reach the client certificate's revocation list (403.13), or a certificate trust list lacks the root."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Outcome};

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            sub_status: None,
            server: None,
            location: None,
            content_type: None,
            body: body.into(),
            body_cut: false,
        }
    }

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(Outcome::of_answer(&answer(200, "")), Outcome::Served(200));
        assert!(matches!(Outcome::of_answer(&answer(403, "")), Outcome::Refused(_)));
        assert!(matches!(Outcome::of_answer(&answer(401, "")), Outcome::Refused(_)));
        assert!(matches!(Outcome::of_answer(&answer(500, "error 0x80070032")), Outcome::Refused(_)));
        let nginx = "<html><head><title>400 No required SSL certificate was sent</title></head>";
        assert!(matches!(Outcome::of_answer(&answer(400, nginx)), Outcome::Refused(_)));
        for status in [302, 400, 404, 500, 503] {
            assert!(matches!(Outcome::of_answer(&answer(status, "")), Outcome::Undecided(..)), "{status}");
        }
    }
}
