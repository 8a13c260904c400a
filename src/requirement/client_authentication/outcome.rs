//! What became of a request made with some identity: answered by the role, refused, answered by somebody else or with a
//! failure of the role's, or none of these; told from every way in which real servers do each.

use std::borrow::Cow;

use crate::observation::Observation;
use crate::observation::exchange::{Answer, Exchange};
use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure, Stop};
use crate::observation::handshake::LaterHandshake;
use crate::plan::OfferLabel;
use crate::plan::engine::EngineId;
use crate::rule::subject::EndpointSubject;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::cause::{Cause, Culprit};
use crate::verdict::{Evidence, Verdict};

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The path answered with this status.
    Served(u16),
    /// The client was let in, and told something else than what it asked for: the directory may not be listed, the file
    /// is not there.
    LetIn(String),
    /// The server would not have this client; how it said so.
    Refused(String),
    /// Neither: who answered is not the role, or the role fails.
    Troubled(Trouble),
    /// It cannot be said; why, and what would decide it.
    Undecided(String, String),
}

/// An answer that is none of the role's.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What was answered; where nothing was that could be read, what happened, in a clause.
    pub how: String,
    /// Whether there was an answer.
    pub is_answer: bool,
    /// What that is, in a sentence.
    pub words: &'static str,
    /// What brings it about.
    pub cause: &'static Cause,
    /// What has to be put right, where the answer shows it.
    pub culprit: Option<Culprit>,
}

impl Trouble {
    /// The evidence it is.
    pub fn evidence(&self, message: impl Into<String>, expected: &str) -> Evidence {
        let evidence =
            Evidence::new(message).expected(expected).observed(self.how.clone()).cause(self.words).because(self.cause);
        match &self.culprit {
            Some(culprit) => evidence.culprit(culprit.clone()),
            None => evidence,
        }
    }

    /// What the path does, in a clause.
    pub fn clause(&self) -> Cow<'_, str> {
        if self.is_answer { format!("the path answers {}", self.how).into() } else { self.how.as_str().into() }
    }

    /// Whether it says nothing of whether clients get in: nothing of the role is there to refuse them.
    pub fn is_elsewhere(&self) -> bool {
        *self.cause == causes::ROLE_NOT_HERE || *self.cause == causes::REDIRECTED_ELSEWHERE
    }
}

/// The body Windows Server 2025 answers with when it would ask for a certificate after a TLS 1.3 handshake and cannot.
pub(super) const LATE_REQUEST_NOT_SUPPORTED: &str = "80070032";
/// What decides where the client's certificate was withheld.
pub(in crate::requirement) const PRESENTED: &str = "a server's certificate that leads to the site's roots and carries the name dialled; or --present-always, which presents the client's to any server";
/// What it is where the proxy took the client's certificate, and the answer behind it wants one all the same.
pub(in crate::requirement) const INNER_LEG_SHOWS_NOTHING: (&str, &Cause) = (
    "403.7: the proxy took the client's certificate, and shows the site system none of its own.",
    &causes::INNER_LEG_SHOWS_NOTHING,
);

/// The file or directory may not be listed.
const LISTING_DENIED: u16 = 14;

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
                EngineId::option(|can| can.follows_late_requests),
            ),
            outcome => outcome,
        }
    }

    fn of_exchange(seen: &Observation) -> Self {
        if let Some(exchange) = &seen.exchange
            && let Some(answer) = &exchange.answer
        {
            return Self::of_answer(seen, exchange, answer);
        }
        // What an engine cannot follow is its own matter, however the session ended over it.
        let limit = seen.stopped.as_ref().filter(|failure| failure.is(ExchangeFailure::EngineLimit));
        let ended = || seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref()).or(seen.stopped.as_ref());
        let failure = limit.or_else(ended);
        match failure {
            Some(failure) => Self::of_failure(seen, failure),
            None => Self::Undecided("no request was made".into(), "a probe that asks for the path".into()),
        }
    }

    fn of_answer(seen: &Observation, exchange: &Exchange, answer: &Answer) -> Self {
        let status = status_text(answer);
        match answer.status {
            // Clients read nothing of an answer whose body is not as its head says.
            200..=299 => match exchange.failure.as_ref().filter(|failure| failure.is(ExchangeFailure::HttpError)) {
                Some(failure) => Self::of_failure(seen, failure),
                None => Self::Served(answer.status),
            },
            403 if answer.sub_status == Some(LISTING_DENIED) => {
                Self::LetIn(format!("{status}: the directory may not be listed"))
            }
            // What is answered to a client whose certificate was taken is not said of the certificate.
            404 if seen.handshake.client_certificate_sent || asks_for_nothing(seen.offer) => {
                Self::LetIn(format!("{status} past the certificate"))
            }
            405 | 501 if exchange.method != "GET" && seen.handshake.client_certificate_sent => {
                Self::LetIn(format!("{status} past the certificate"))
            }
            401 | 403 if !answer.is_passed_on() || answer.status == 403 => Self::Refused(status),
            // nginx finishes the handshake and refuses afterwards, with these words.
            400 if refuses_certificate(answer) => {
                Self::Refused(format!("{status}, speaking of the client's SSL certificate"))
            }
            500 if answer.body.contains(LATE_REQUEST_NOT_SUPPORTED) => Self::Refused(format!(
                "{status} with 0x{LATE_REQUEST_NOT_SUPPORTED}: the server wants a certificate after a TLS 1.3 handshake and cannot ask"
            )),
            _ => match trouble(answer) {
                Some(trouble) => Self::Troubled(trouble),
                None => Self::Undecided(
                    format!("the path answers {status}"),
                    "a server that answers the path without an error of its own".into(),
                ),
            },
        }
    }

    fn of_failure(seen: &Observation, failure: &Failure) -> Self {
        let handshake = &seen.handshake;
        let asked = handshake.client_certificate_request.is_some();
        // After a completed handshake the server knows what was asked for; before, only a request for a certificate
        // tells a refusal from a failed handshake.
        let refused = match failure.stop {
            Stop::Exchange(ExchangeFailure::Alert | ExchangeFailure::Reset | ExchangeFailure::Closed) => true,
            Stop::Exchange(ExchangeFailure::Timeout | ExchangeFailure::ProtocolError) => {
                handshake.later == LaterHandshake::Asked
            }
            Stop::Handshake(HandshakeFailure::Reset | HandshakeFailure::Closed) => asked,
            Stop::Handshake(HandshakeFailure::Alert) => {
                asked || handshake.alerts.iter().any(|alert| alert.about_client_certificate())
            }
            Stop::Resolve(_) | Stop::Connect(_) | Stop::Handshake(_) | Stop::Exchange(_) => false,
        };
        if refused {
            return Self::Refused(failure.words().into_owned());
        }
        match failure.stop {
            Stop::Handshake(HandshakeFailure::NotPresented) => {
                Self::Undecided(failure.words().into_owned(), PRESENTED.into())
            }
            Stop::Exchange(how) if let Some((words, cause)) = no_answer(how) => {
                let how = failure.words().into_owned();
                Self::Troubled(Trouble { how, is_answer: false, words, cause, culprit: None })
            }
            Stop::Resolve(_) | Stop::Connect(_) | Stop::Handshake(_) | Stop::Exchange(_) => {
                Self::Undecided(failure.words().into_owned(), "an exchange that comes to its end".into())
            }
        }
    }

    /// Whether the client got past the door.
    pub const fn is_let_in(&self) -> bool {
        matches!(self, Self::Served(_) | Self::LetIn(_))
    }
}

/// What an answer is that is no answer of the role: a gateway's, of IIS without a worker, a redirect, a failure, nothing
/// there; `None`: none of these.
pub fn trouble(answer: &Answer) -> Option<Trouble> {
    // Who says that of the certificate answers in the role's place, and lets nobody in: a refusal as a 403 is.
    if refuses_certificate(answer) {
        return None;
    }
    let status = status_text(answer);
    let said = [answer.server.as_ref().map(|server| format!("Server: {server}")), answer.title.clone()];
    let shown = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let how = if shown.is_empty() { status } else { format!("{status} ({shown})") };
    let trouble = |words, cause| Some(Trouble { how: how.clone(), is_answer: true, words, cause, culprit: None });
    match answer.status {
        300..=399 => Some(Trouble {
            how: answer.location.as_deref().map_or_else(|| how.clone(), |to| format!("{how}, to {to}")),
            is_answer: true,
            words: "Clients get nothing from a redirect or a sign-in page: they follow neither.",
            cause: &causes::REDIRECTED_ELSEWHERE,
            culprit: None,
        }),
        401 if answer.is_passed_on() => {
            trouble("A gateway in front of the server wants to know who asks.", &causes::WINDOWS_AUTHENTICATION_WANTED)
        }
        404 | 410 => trouble(
            "The path is not there: another web site answers, or the role is not installed.",
            &causes::ROLE_NOT_HERE,
        ),
        400 if answer.body.contains("Invalid Hostname") => trouble(
            "No web site of this IIS has the name in its bindings, or one for any name.",
            &causes::ROLE_NOT_HERE,
        ),
        407 => Some(Trouble {
            is_answer: true,
            how: answer.via.as_deref().map_or_else(|| how.clone(), |via| format!("{how}, Via: {via}")),
            words: "Something in front of the server is a proxy that wants somebody to sign in.",
            cause: &causes::PROXY_WANTS_CREDENTIALS,
            culprit: answer.via.as_deref().map(|via| Culprit::Device(via.into())),
        }),
        500..=599 if names_wrong_principal(answer) => trouble(
            "The name the proxy calls the site system by is not the first name in that system's certificate: ISA Server reads no other.",
            &causes::INNER_NAME_DIFFERS,
        ),
        500..=599 if answer.is_passed_on() || matches!(answer.status, 502 | 504) => Some(Trouble {
            how: answer.via.as_deref().map_or_else(|| how.clone(), |via| format!("{how}, Via: {via}")),
            is_answer: true,
            words: "A gateway, proxy or load balancer in front answers in the server's place: it cannot get through to it.",
            cause: &causes::GATEWAY_CANNOT_REACH_SERVER,
            culprit: answer.via.as_deref().map(|via| Culprit::Device(via.into())),
        }),
        503 => trouble(
            "IIS has no worker for the role: its application pool is stopped.",
            &causes::APPLICATION_POOL_STOPPED,
        ),
        500..=599 => trouble("The role's own program fails on the server.", &causes::ROLE_FAILS),
        402..=499 if answer.status != 403 => {
            trouble("What answers does not take the request for one of the role's.", &causes::ANSWERED_OTHERWISE)
        }
        400 => trouble("What answers finds the request bad.", &causes::ANSWERED_OTHERWISE),
        _ => None,
    }
}

/// Whether the answer is nginx's page on the client's certificate: one did not pass its check ("The SSL certificate
/// error"), or none was sent ("No required SSL certificate was sent").
pub fn refuses_certificate(answer: &Answer) -> bool {
    answer.status == 400 && answer.body.contains("SSL certificate")
}

/// What it is where a session stands, and the request on it has no answer that could be read; `None`: none of these.
pub const fn no_answer(how: ExchangeFailure) -> Option<(&'static str, &'static Cause)> {
    match how {
        ExchangeFailure::Timeout => Some((
            "The session stands, the request was sent, and nothing more came in time.",
            &causes::REQUEST_UNANSWERED,
        )),
        ExchangeFailure::Closed | ExchangeFailure::Reset | ExchangeFailure::Alert | ExchangeFailure::ProtocolError => {
            Some(("The session stood, and ended once the request was sent.", &causes::REQUEST_CUT_OFF))
        }
        ExchangeFailure::HttpError => {
            Some(("The session stands, and what comes back on it is no answer in HTTP/1.1.", &causes::ANSWER_NOT_HTTP))
        }
        _ => None,
    }
}

/// Whether the answer is a proxy's that would not take the name of the server behind it, as ISA Server says it.
pub fn names_wrong_principal(answer: &Answer) -> bool {
    answer.body.contains("80090322") || answer.body.contains("principal name")
}

/// What 401 wants, by the schemes it offers.
pub fn account_wanted(answer: &Answer) -> (&'static str, &'static Cause) {
    let is_windows = |scheme: &String| ["negotiate", "ntlm"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    if answer.authenticate.is_empty() || answer.authenticate.iter().any(is_windows) {
        ("401: the directory wants a Windows account.", &causes::WINDOWS_AUTHENTICATION_WANTED)
    } else {
        ("401: the directory wants somebody to sign in.", &causes::ACCESS_RULE_DENIES)
    }
}

/// The verdict where something was not asked as the site's client: without a client it cannot be, else it was left out.
pub fn not_asked_as_client(subject: &EndpointSubject<'_>) -> Verdict {
    let stopped = subject.stopped().filter(|failure| !matches!(failure.stop, Stop::Exchange(_)));
    match stopped {
        _ if !subject.basis.site.clients.is_empty() => Verdict::NotApplicable("it was not asked for in this run"),
        Some(_) => subject.no_session(),
        None if no_request_was_planned(subject) => {
            Verdict::NotApplicable("this run makes handshakes only, and no requests")
        }
        None => Verdict::unknown(
            "no client certificate of the site was presented",
            "a [[client]] in the definition, or --cert and --key, or --pfx",
        ),
    }
}

/// Whether the run left requests out: else every role is asked for something without a certificate.
fn no_request_was_planned(subject: &EndpointSubject<'_>) -> bool {
    let offers = &subject.target.offers;
    !offers.is_empty() && offers.iter().all(|offer| offer.label != OfferLabel::Anonymous)
}

/// Whether a client certificate would be shown to a server that asks.
const fn presents(offer: OfferLabel) -> bool {
    matches!(
        offer,
        OfferLabel::Stranger
            | OfferLabel::Outsider
            | OfferLabel::Client
            | OfferLabel::ClientMissingFile
            | OfferLabel::ManagementPointCertificate
            | OfferLabel::SiteSigningCertificate
            | OfferLabel::ClientSecondPath
            | OfferLabel::ClientListing
            | OfferLabel::ClientPackageHead
            | OfferLabel::ClientPackageRange
    )
}

/// Whether the offer asks for a file that is not there, so that 404 is the answer of an open door.
const fn asks_for_nothing(offer: OfferLabel) -> bool {
    matches!(offer, OfferLabel::ClientMissingFile)
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

/// What a refusal with this sub-status of 403 comes from, as an administrator can look into it.
pub const fn forbidden_cause(sub_status: Option<u16>) -> (&'static str, &'static Cause) {
    match sub_status {
        Some(4) => (
            "403.4: the path demands SSL, and the request reached it without: something in front speaks HTTP to it.",
            &causes::INNER_LEG_IS_HTTP,
        ),
        Some(5) => ("403.5: the path demands 128-bit SSL.", &causes::ACCESS_RULE_DENIES),
        Some(6 | 8) => ("403.6, 403.8: the address or name asked from is rejected.", &causes::ACCESS_RULE_DENIES),
        Some(7) => (
            "403.7: no client certificate arrived. The list of accepted issuers may lack the client's root, or a certificate trust list does.",
            &causes::ISSUERS_LACK_CLIENT_ROOT,
        ),
        Some(12) => ("403.12: the certificate mapper denied access.", &causes::ACCESS_RULE_DENIES),
        Some(13) => (
            "403.13: the client certificate is revoked, or the server cannot reach the revocation list it names.",
            &causes::CLIENT_LIST_OUT_OF_REACH,
        ),
        Some(16) => (
            "403.16: the server does not trust the client certificate. On IIS 8 and later a certificate that is not self-signed in the server's Trusted Root store brings this about too.",
            &causes::CLIENT_ROOT_NOT_TRUSTED,
        ),
        Some(17) => {
            ("403.17: the client certificate has expired or is not yet valid.", &causes::CLIENT_CERTIFICATE_ENDED)
        }
        Some(_) | None => (
            "The server does not say why. Usual causes: it does not trust the client's root, cannot reach the client certificate's revocation list (403.13), or a certificate trust list lacks the root.",
            &causes::REFUSED_WITHOUT_REASON,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Exchange, ExchangeFailure, Failure, Observation, Outcome, causes, no_answer};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::requirement::case::observed;

    fn outcome(answer: Answer) -> Outcome {
        let exchange = Exchange { method: "GET".into(), path: "/".into(), answer: Some(answer), failure: None };
        let seen = observed(OfferLabel::Anonymous, Handshake::default());
        Outcome::of(&Observation { exchange: Some(exchange), ..seen })
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: body.into(), ..Answer::default() }
    }

    /// What was not answered is never said to be what the path answers.
    #[test]
    fn what_the_path_does_is_a_sentence_for_answers_and_for_failures() {
        let clause = |outcome: Outcome| match outcome {
            Outcome::Troubled(trouble) => trouble.clause().into_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(clause(outcome(answer(502, ""))), "the path answers 502");
        for stop in [ExchangeFailure::Timeout, ExchangeFailure::HttpError, ExchangeFailure::ProtocolError] {
            let failure = Failure::new(stop, "");
            let words = failure.words().into_owned();
            let seen = observed(OfferLabel::Anonymous, Handshake::default());
            assert_eq!(clause(Outcome::of(&Observation { stopped: Some(failure), ..seen })), words);
        }
    }

    #[test]
    fn answers_are_told_apart() {
        assert!(matches!(outcome(answer(200, "")), Outcome::Served(200)));
        for status in [401, 403] {
            assert!(matches!(outcome(answer(status, "")), Outcome::Refused(_)));
        }
        assert!(matches!(outcome(answer(500, "error 0x80070032")), Outcome::Refused(_)));
        let nginx = "<html><head><title>400 No required SSL certificate was sent</title></head>";
        assert!(matches!(outcome(answer(400, nginx)), Outcome::Refused(_)));
        assert!(matches!(outcome(answer(600, "")), Outcome::Undecided(..)));
    }

    #[test]
    fn who_answers_in_the_roles_place_is_told_by_status_and_headers() {
        let cause = |answer: Answer| match outcome(answer) {
            Outcome::Troubled(trouble) => trouble.cause.id,
            other => panic!("{other:?}"),
        };
        let via = |status| Answer { via: Some("1.1 edge".into()), ..answer(status, "") };
        for (answer, id) in [
            (answer(302, ""), causes::REDIRECTED_ELSEWHERE.id),
            (answer(404, ""), causes::ROLE_NOT_HERE.id),
            (answer(410, ""), causes::ROLE_NOT_HERE.id),
            (answer(400, "<h2>Bad Request - Invalid Hostname</h2>"), causes::ROLE_NOT_HERE.id),
            (answer(400, ""), causes::ANSWERED_OTHERWISE.id),
            (answer(402, ""), causes::ANSWERED_OTHERWISE.id),
            (answer(499, ""), causes::ANSWERED_OTHERWISE.id),
            (answer(407, ""), causes::PROXY_WANTS_CREDENTIALS.id),
            (answer(500, ""), causes::ROLE_FAILS.id),
            (answer(500, "The target principal name is incorrect."), causes::INNER_NAME_DIFFERS.id),
            (answer(502, ""), causes::GATEWAY_CANNOT_REACH_SERVER.id),
            (answer(503, ""), causes::APPLICATION_POOL_STOPPED.id),
            (answer(504, ""), causes::GATEWAY_CANNOT_REACH_SERVER.id),
            (via(500), causes::GATEWAY_CANNOT_REACH_SERVER.id),
            (via(503), causes::GATEWAY_CANNOT_REACH_SERVER.id),
        ] {
            assert_eq!(cause(answer.clone()), id, "{answer:?}");
        }
    }

    #[test]
    fn a_request_without_an_answer_is_no_failure_of_the_roles_program() {
        for (how, id) in [
            (ExchangeFailure::Timeout, causes::REQUEST_UNANSWERED.id),
            (ExchangeFailure::HttpError, causes::ANSWER_NOT_HTTP.id),
            (ExchangeFailure::ProtocolError, causes::REQUEST_CUT_OFF.id),
            (ExchangeFailure::Closed, causes::REQUEST_CUT_OFF.id),
            (ExchangeFailure::Reset, causes::REQUEST_CUT_OFF.id),
            (ExchangeFailure::Alert, causes::REQUEST_CUT_OFF.id),
        ] {
            assert_eq!(no_answer(how).unwrap().1.id, id, "{how:?}");
        }
        for ours in [ExchangeFailure::EngineLimit, ExchangeFailure::LocalLimit, ExchangeFailure::Deadline] {
            assert!(no_answer(ours).is_none(), "{ours:?}");
        }
    }
}
