//! `software-update-point/service`

use crate::observation::Observation;
use crate::observation::exchange::{Answer, Exchange};
use crate::observation::failure::{ExchangeFailure, Stop};
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{
    Outcome, account_wanted, forbidden_cause, no_answer, status_text,
};
use crate::requirement::client_authentication::page;
use crate::requirement::client_authentication::update_point_ignores::wants_certificate;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The update point's web services answer over HTTPS: `/ClientWebService/wusserverversion.xml` or
    /// `/SimpleAuthWebService/SimpleAuth.asmx` with 200.
    ///
    /// Who is hurt: every client that scans for updates: scans fail, and with them the compliance of the whole site.
    ///
    /// How it is seen: both paths are asked for without a client certificate, as the Windows Update Agent does. One of
    /// them suffices, if it is what was asked for: the version file, or SimpleAuth's description or its page, which names
    /// it. Any other page with a title or a form is a sign-in page or another web site.
    SERVICE {
        id: "software-update-point/service",
        title: "The update services answer over HTTPS",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::SCAN, place: "Verifying that clients reach the update services" },
            Citation { document: &document::CBTLS, place: "Verifying a software update point that uses SSL" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::SoftwareUpdatePoint], "software update points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Run WSUSUtil configuressl with the server's name, require SSL on the five WSUS directories (not on the whole site), check the WSUS application pool, and match the ports in the update point's properties.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let labels = [OfferLabel::Anonymous, OfferLabel::ClientSecondPath];
    let tried: Vec<&Observation> = labels.iter().flat_map(|label| subject.seen.with_offer(*label)).collect();
    if tried.is_empty() {
        return match subject.stopped() {
            Some(_) => subject.no_session(),
            None => Verdict::NotApplicable("the update services were not asked"),
        };
    }
    let exchanges = || tried.iter().filter_map(|seen| seen.exchange.as_ref());
    let answered = |exchange: &&Exchange| {
        exchange.whole_answer().is_some_and(|answer| answer.status == 200 && is_of_service(&exchange.path, answer))
    };
    if let Some(exchange) = exchanges().find(answered) {
        return Verdict::pass_with(format!("{}: 200", exchange.path));
    }
    let success = |exchange: &&Exchange| exchange.answer.as_ref().is_some_and(|answer| answer.status == 200);
    if let Some(exchange) = exchanges().find(success)
        && let Some(answer) = &exchange.answer
    {
        match &exchange.failure {
            Some(failure) if !failure.is(ExchangeFailure::HttpError) => {
                return Verdict::unknown(
                    format!("{} was answered with 200, and {}", exchange.path, failure.words()),
                    "an answer that comes to its end",
                );
            }
            Some(_) => {}
            None => {
                let message = "What answers update scans is not the update services.";
                let expected = "the version file, or SimpleAuth's page or description";
                return page::evidence(message, expected, &exchange.path, answer).fail();
            }
        }
    }
    let said: Vec<String> = exchanges()
        .filter_map(|exchange| Some(format!("{}: {}", exchange.path, status_text(exchange.answer.as_ref()?))))
        .collect();
    let outcomes: Vec<Outcome> = tried.iter().map(|seen| Outcome::of(seen)).collect();
    let evidence = || {
        Evidence::new("The update services do not answer as they should.")
            .expected("200 for one of the services' addresses")
            .observed_all(said.clone())
    };
    // What tells most: who answers in its place, then a failure of its own, then that nothing is there.
    let troubles = || {
        outcomes.iter().filter_map(|outcome| match outcome {
            // A status of its own says no more than that this is not WSUS.
            Outcome::Troubled(trouble) if *trouble.cause == causes::ANSWERED_OTHERWISE => None,
            Outcome::Troubled(trouble) => Some(trouble),
            Outcome::Served(_) | Outcome::LetIn(_) | Outcome::Refused(_) | Outcome::Undecided(..) => None,
        })
    };
    let refused = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(_)));
    match troubles().find(|trouble| !trouble.is_elsewhere()).or_else(|| troubles().next()) {
        Some(trouble) if !refused => {
            let mut evidence = evidence().cause(trouble.words).because(trouble.cause);
            if said.is_empty() || !trouble.is_answer {
                evidence = evidence.observed(trouble.how.clone());
            }
            match &trouble.culprit {
                Some(culprit) => evidence.culprit(culprit.clone()).fail(),
                None => evidence.fail(),
            }
        }
        _ if refused => {
            let (words, cause) = why_refused(&tried);
            let ended = tried.iter().find_map(|seen| seen.stopped.as_ref()).filter(|_| said.is_empty());
            let ended = ended.map(|failure| failure.words().into_owned());
            evidence().observed_all(ended).cause(words).because(cause).fail()
        }
        _ if said.is_empty() => {
            let why = tried.iter().find_map(|seen| seen.stopped.as_ref()).map_or("".into(), |failure| failure.words());
            Verdict::unknown(
                format!("no request to the update services was answered: {why}"),
                "an exchange that comes to its end",
            )
        }
        _ => {
            evidence().cause("WSUS runs on other ports or another web site.").because(&causes::WSUS_NOT_ON_HTTPS).fail()
        }
    }
}

/// Whether a success is what was asked for: the version file, which is no page for people, or what ASP.NET shows of
/// SimpleAuth, by its name.
fn is_of_service(path: &str, answer: &Answer) -> bool {
    let named = |text: &str| text.contains("SimpleAuth");
    !page::is_page(answer)
        || path.contains(".asmx") && (answer.title.as_deref().is_some_and(named) || named(&answer.body))
}

/// What a refusal of update scans comes from.
fn why_refused(tried: &[&Observation]) -> (&'static str, &'static Cause) {
    let asks =
        |seen: &&Observation| seen.handshake.client_certificate_request.is_some() || wants_certificate(seen).is_some();
    if tried.iter().any(asks) {
        return (
            "The directories demand a client certificate, and the Windows Update Agent has none to show.",
            &causes::UPDATE_POINT_ASKS_FOR_CERTIFICATE,
        );
    }
    let answers = || tried.iter().filter_map(|seen| seen.exchange.as_ref()?.answer.as_ref());
    if let Some(answer) = answers().find(|answer| answer.status == 401) {
        return account_wanted(answer);
    }
    if let Some(answer) = answers().find(|answer| answer.status == 403) {
        return match answer.sub_status {
            Some(4..=6 | 8 | 12) => forbidden_cause(answer.sub_status),
            Some(_) | None => ("403: the directories are forbidden to update scans.", &causes::UPDATE_POINT_FORBIDS),
        };
    }
    let ended = tried.iter().find_map(|seen| match seen.stopped.as_ref()?.stop {
        Stop::Exchange(how) => no_answer(how),
        Stop::Resolve(_) | Stop::Connect(_) | Stop::Handshake(_) => None,
    });
    ended.unwrap_or(("WSUS runs on other ports or another web site.", &causes::WSUS_NOT_ON_HTTPS))
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, ClientSecondPath};
    use super::Role;
    use crate::observation::failure::{ExchangeFailure, Failure};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::SoftwareUpdatePoint);
        let stopped = |how: ExchangeFailure| {
            point().also(Anonymous, move |seen| seen.stopped = Some(Failure::new(how, "the peer's way to end it")))
        };
        let ending = |how: ExchangeFailure| {
            point().answering(Anonymous, 200, "<ServerVersion").observations(move |seen| {
                if let Some(exchange) = &mut seen.exchange {
                    exchange.failure = Some(Failure::new(how, "the body was cut short after 14 octets"));
                }
            })
        };
        vec![
            Case::passes("the first answers", point().answering(Anonymous, 200, "")),
            Case::passes(
                "the second answers",
                point().answering(Anonymous, 404, "").answering(ClientSecondPath, 200, ""),
            ),
            Case::fails(
                "a page that says 200 to everything",
                point().answering(Anonymous, 200, "<html><title>Sign in</title>").answering(
                    ClientSecondPath,
                    200,
                    "<html><title>Sign in</title>",
                ),
                "something-else-answers",
            ),
            Case::passes(
                "HTML that says nothing of who answers",
                point().answering(Anonymous, 200, "<html>hello</html>"),
            ),
            Case::passes("SimpleAuth's own page", {
                let point = point().answering(Anonymous, 404, "");
                let page = "<html><title>SimpleAuth Web Service</title>";
                point.answering(ClientSecondPath, 200, page).observations(|seen| {
                    if let (ClientSecondPath, Some(exchange)) = (seen.offer, &mut seen.exchange) {
                        exchange.path = "/SimpleAuthWebService/SimpleAuth.asmx".into();
                    }
                })
            }),
            Case::fails("chunks that are none", ending(ExchangeFailure::HttpError), "answer-not-http"),
            Case::unknown("a body cut short", ending(ExchangeFailure::Closed)),
            Case::fails("neither", point().answering(Anonymous, 503, "").answering(ClientSecondPath, 404, ""), "503"),
            Case::fails(
                "a certificate is wanted",
                point().answering(Anonymous, 403, "HTTP Error 403.7"),
                "has none to show",
            ),
            Case::fails("an account is wanted", point().answering(Anonymous, 401, ""), "windows-authentication-wanted"),
            Case::fails("TLS is wanted", point().answering(Anonymous, 403, "HTTP Error 403.4"), "inner-leg-is-http"),
            Case::fails("403 without a reason", point().answering(Anonymous, 403, ""), "update-point-forbids"),
            Case::fails("a proxy that wants a user", point().answering(Anonymous, 407, ""), "proxy-wants-credentials"),
            Case::fails("closed after the request", stopped(ExchangeFailure::Closed), "request-cut-off"),
            Case::fails("silence", stopped(ExchangeFailure::Timeout), "request-unanswered"),
            Case::fails("something else than HTTP", stopped(ExchangeFailure::HttpError), "answer-not-http"),
            Case::fails("a gateway", point().answering(Anonymous, 504, ""), "in front"),
            Case::fails("a redirect", point().answering(Anonymous, 302, ""), "redirect"),
            Case::not_applicable("not asked", point()),
            Case::unknown("nothing listens", point().refused()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
