//! `sms-provider/service`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, Trouble, status_text, trouble};
use crate::requirement::client_authentication::page;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The administration service answers at its address, and wants to know who asks: `/AdminService/v1.0/$metadata` is
    /// answered 401 to whoever shows no account.
    ///
    /// Who is hurt: consoles, scripts and whatever else asks the administration service: tenant attach, the console's own
    /// newer nodes, portals. They show errors of a connection, and clients notice nothing. Where it answers without asking,
    /// whoever reaches the port reads the site.
    ///
    /// How it is seen: asked without an account. 401, with the schemes the server offers, is right; any other answer is not
    /// the service's.
    SERVICE {
        id: "sms-provider/service",
        title: "The administration service answers, and asks who is there",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::ADMSVC, place: "the service's address, and that it authenticates whoever asks" },
        scope: Scope::EVERY_ENDPOINT.only_in(Profile::CurrentBranch).only_roles(&[Role::SmsProvider], "SMS Providers"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "On the SMS Provider's server read AdminService.log, and check that the service SMS_REST_PROVIDER runs and its port 443 is bound.",
        check: Check::Endpoint(check),
    }
}

const MESSAGE: &str = "The administration service does not answer as it should.";
const EXPECTED: &str = "401 to whoever shows no account";

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Anonymous) else {
        return match subject.stopped() {
            Some(_) => subject.no_session(),
            None => Verdict::NotApplicable("the administration service was not asked"),
        };
    };
    let Some(answer) = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()) else {
        // What is no HTTP, a connection that closes and silence are no service's answer either.
        return match Outcome::of(seen) {
            Outcome::Troubled(Trouble { how, .. }) | Outcome::Refused(how) => Evidence::new(MESSAGE)
                .expected(EXPECTED)
                .observed(how)
                .because(&cause::ADMINISTRATION_SERVICE_MISSING)
                .fail(),
            Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
            Outcome::Served(_) | Outcome::LetIn(_) => {
                Verdict::unknown("no answer was recorded", "an exchange that comes to its end")
            }
        };
    };
    if answer.status == 401 {
        let schemes = answer.authenticate.join(", ");
        return Verdict::pass_with(if schemes.is_empty() { "401".into() } else { format!("401: {schemes}") });
    }
    // A redirect and a gateway in front are told as such; whatever else answers is not the service.
    match trouble(answer).filter(|trouble| trouble.cause.fails(SERVICE.id)) {
        Some(trouble) => trouble.evidence(MESSAGE, EXPECTED).fail(),
        None => Evidence::new(MESSAGE)
            .expected(EXPECTED)
            .observed(status_text(answer))
            .observed_all(page::shown(answer))
            .because(if (200..=299).contains(&answer.status) && !page::is_page(answer) {
                &cause::ADMINISTRATION_SERVICE_OPEN
            } else {
                &cause::ADMINISTRATION_SERVICE_MISSING
            })
            .fail(),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Anonymous;
    use crate::observation::failure::{ExchangeFailure, Failure};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SmsProvider;

    pub(super) fn all() -> Vec<Case> {
        let provider = || World::of(SmsProvider, |r| r);
        let answering = |status| provider().answering(Anonymous, status, "");
        let ending = |how: ExchangeFailure| {
            provider().also(Anonymous, move |seen| seen.stopped = Some(Failure::new(how, "the words of it")))
        };
        vec![
            Case::passes("401", answering(401)),
            Case::fails("open to anybody", answering(200), "administration-service-open"),
            Case::fails(
                "a sign-in page",
                provider().answering(Anonymous, 200, "<html><title>Sign in</title>"),
                "administration-service-missing",
            ),
            Case::fails("nothing there", answering(404), "404"),
            Case::fails("it does not run", answering(503), "administration-service-missing"),
            Case::fails("refused whoever it is", answering(403), "403"),
            Case::fails("a redirect", answering(302), "redirect"),
            Case::fails("a gateway", answering(502), "in front"),
            Case::fails("silence", ending(ExchangeFailure::Timeout), "administration-service-missing"),
            Case::fails("no HTTP", ending(ExchangeFailure::ProtocolError), "administration-service-missing"),
            Case::fails("it closes the connection", ending(ExchangeFailure::Closed), "administration-service-missing"),
            Case::unknown("a limit of the engine's", ending(ExchangeFailure::EngineLimit)),
            Case::unknown("nothing listens", provider().refused()),
            Case::not_applicable("not asked", provider()),
            Case::not_applicable("another role", World::web_server(|r| r).current_branch()),
        ]
    }
}
