//! `software-update-point/service`

use crate::observation::exchange::Exchange;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The update point's web services answer over HTTPS: `/ClientWebService/wusserverversion.xml` or
    /// `/SimpleAuthWebService/SimpleAuth.asmx` with 200.
    ///
    /// Who is hurt: every client that scans for updates: scans fail, and with them the compliance of the whole site.
    ///
    /// How it is seen: both paths are asked for without a client certificate, as the Windows Update Agent does. One of
    /// them suffices.
    SERVICE {
        id: "software-update-point/service",
        title: "The update services answer over HTTPS",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CBTLS, place: "Verifying a software update point that uses SSL" },
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::SoftwareUpdatePoint], "software update points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Run WSUSUtil configuressl with the server's name, require SSL on the five WSUS directories (not on the whole site), check the WSUS application pool, and match the ports in the update point's properties.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let labels = [OfferLabel::Anonymous, OfferLabel::ClientSecondPath];
    let exchanges: Vec<&Exchange> = labels
        .iter()
        .flat_map(|label| subject.seen.with_offer(*label))
        .filter_map(|seen| seen.exchange.as_ref())
        .collect();
    if exchanges.is_empty() {
        return match subject.stopped() {
            Some(_) => subject.no_session(),
            None => Verdict::unknown("the update services were not asked", "a run without --no-http"),
        };
    }
    let answered = |exchange: &&&Exchange| exchange.answer.as_ref().is_some_and(|answer| answer.status == 200);
    if let Some(exchange) = exchanges.iter().find(answered) {
        return Verdict::pass_with(format!("{}: 200", exchange.path));
    }
    let saying = exchanges.iter().filter_map(|exchange| {
        exchange.answer.as_ref().map(|answer| format!("{}: {}", exchange.path, status_text(answer)))
    });
    let said: Vec<String> = saying.collect();
    if said.is_empty() {
        return Verdict::unknown("no request to the update services was answered", "an exchange that comes to its end");
    }
    Evidence::new("The update services do not answer as they should.")
        .expected("200 for one of the services' addresses")
        .observed_all(said)
        .cause("WSUS runs on other ports or another web site, its application pool is stopped, or its directories demand a client certificate.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, ClientSecondPath};
    use super::Role;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::SoftwareUpdatePoint);
        vec![
            Case::passes("the first answers", point().answering(Anonymous, 200, "")),
            Case::passes(
                "the second answers",
                point().answering(Anonymous, 404, "").answering(ClientSecondPath, 200, ""),
            ),
            Case::fails("neither", point().answering(Anonymous, 503, "").answering(ClientSecondPath, 404, ""), "503"),
            Case::unknown("not asked", point()),
            Case::unknown("nothing listens", point().refused()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
