//! `state-migration-point/service`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, status_text};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The state migration point answers HTTPS on its path. Which address tests its health is not documented, so any
    /// answer of a web server will do, and none is worth knowing.
    ///
    /// Who is hurt: operating system deployment: user state is neither captured nor restored.
    ///
    /// How it is seen: the path is asked for as a client; 200 to 499 shows that something answers there, a server error
    /// that it fails.
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
        return Verdict::unknown("the path was not asked for", "a run without --no-http");
    };
    let Some(answer) = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()) else {
        return match Outcome::of(seen) {
            Outcome::Refused(how) => Verdict::pass_with(how),
            Outcome::Served(_) => Verdict::pass(),
            Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
        };
    };
    if answer.status < 500 {
        return Verdict::pass_with(status_text(answer));
    }
    Evidence::new("The state migration point fails.")
        .expected("an answer without a server error")
        .observed(status_text(answer))
        .cause("Its web application fails on the server.")
        .fail()
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
            Case::passes("no such page", point().answering(Client, 404, "")),
            Case::passes("refused to anybody", point().answering(Anonymous, 403, "")),
            Case::fails("it fails", point().answering(Client, 503, ""), "503"),
            Case::unknown("not asked", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
