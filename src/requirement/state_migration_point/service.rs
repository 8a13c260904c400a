//! `state-migration-point/service`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, status_text};
use crate::requirement::client_authentication::page;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The state migration point answers HTTPS on its path. Which address tests its health is not documented, so any
    /// answer of a web server will do but a page for people, and none is worth knowing.
    ///
    /// Who is hurt: operating system deployment: user state is neither captured nor restored.
    ///
    /// How it is seen: the path is asked for as a client; 200 to 499 shows that something answers there, a server error
    /// that it fails, and a page (HTML with a success) that something else does: a sign-in page, another web site.
    SERVICE {
        id: "state-migration-point/service",
        title: "The state migration point answers over HTTPS",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "the state migration point's web application" },
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::StateMigrationPoint], "state migration points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Look at smssmpsetup.log and smpmgr.log on the site system, and at its web application in IIS.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Client).or_else(|| subject.with_offer(OfferLabel::Anonymous))
    else {
        return Verdict::NotApplicable("the path was not asked for");
    };
    if let Some(exchange) = &seen.exchange
        && let Some(answer) = exchange.answer.as_ref().filter(|answer| matches!(answer.status, 200..=299))
        && page::is_page(answer)
    {
        let (message, expected) = ("A page for people answers at the state migration point's path.", "no page");
        return page::evidence(message, expected, &exchange.path, answer).fail();
    }
    match Outcome::of(seen) {
        Outcome::Served(status) => Verdict::pass_with(status.to_string()),
        Outcome::Refused(how) | Outcome::LetIn(how) => Verdict::pass_with(how),
        // Which path answers is not documented: that nothing is at this one says little.
        Outcome::Troubled(trouble)
            if [&causes::ROLE_NOT_HERE, &causes::ANSWERED_OTHERWISE].contains(&trouble.cause) =>
        {
            Verdict::pass_with(trouble.how)
        }
        Outcome::Troubled(trouble) => {
            trouble.evidence("The state migration point fails.", "an answer without a server error").fail()
        }
        Outcome::Undecided(why, decided_by) => {
            match seen.exchange.as_ref().and_then(|exchange| exchange.whole_answer()) {
                Some(answer) => Verdict::pass_with(status_text(answer)),
                None => Verdict::unknown(why, decided_by),
            }
        }
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Client};
    use super::Role;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::StateMigrationPoint);
        vec![
            Case::passes("200", point().answering(Client, 200, "")),
            Case::fails(
                "a page for people",
                point().answering(Client, 200, "<html><title>Sign in</title>"),
                "something-else-answers",
            ),
            Case::passes("no such page", point().answering(Client, 404, "")),
            Case::passes("refused to anybody", point().answering(Anonymous, 403, "")),
            Case::fails("it sends its clients elsewhere", point().answering(Client, 302, ""), "redirected-elsewhere"),
            Case::fails("it fails", point().answering(Client, 503, ""), "503"),
            Case::not_applicable("not asked", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
