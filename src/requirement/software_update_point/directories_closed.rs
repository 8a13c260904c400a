//! `software-update-point/directories-closed`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted_with;

requirement! {
    /// Over plain HTTP the five service directories of WSUS (ApiRemoting30, ClientWebService, DSSAuthWebService,
    /// ServerSyncWebService, SimpleAuthWebService) refuse: SSL is required there.
    ///
    /// Who is hurt: whoever relies on the updates: a client that is told to ask over HTTP takes what somebody on the way
    /// says. No client falls silent over it, so that it stays unseen.
    ///
    /// How it is seen: one address in each directory is asked for at the update point's plain HTTP port. 403 (IIS logs
    /// 403.4), or a redirect to https, is right; a page is not. Where the port is not known or not open, the row does not
    /// apply.
    DIRECTORIES_CLOSED {
        id: "software-update-point/directories-closed",
        title: "The update services refuse plain HTTP",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::SCAN, place: "SSL settings of the WSUS virtual directories" },
            Citation { document: &document::CBTLS, place: "SSL settings of the WSUS virtual directories" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::SoftwareUpdatePoint], "software update points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "In IIS, require SSL on exactly these five directories of the WSUS web site, and on no others.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let asked = subject.seen.with_offer(OfferLabel::PlainDirectory).filter_map(|seen| seen.exchange.as_ref());
    let answers: Vec<_> =
        asked.filter_map(|exchange| Some((exchange.path.as_str(), exchange.answer.as_ref()?))).collect();
    if answers.is_empty() {
        return Verdict::NotApplicable("nothing was asked of it over plain HTTP, or nothing answered");
    }
    let open: Vec<String> = answers
        .iter()
        .filter(|(_, answer)| matches!(answer.status, 200..=299 | 500))
        .map(|(path, answer)| format!("{path}: {}", status_text(answer)))
        .collect();
    if open.is_empty() {
        return Verdict::pass_with(counted_with(answers.len(), "directory", "refuses", "refuse"));
    }
    Evidence::new("The update services answer over plain HTTP.")
        .expected("403 (SSL required) in each of the five directories")
        .observed_all(open)
        .cause("SSL is not required on these directories: WSUSUtil configuressl sets the address, and not this.")
        .because(&causes::DIRECTORIES_CLOSED)
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::PlainDirectory;
    use super::Role;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::SoftwareUpdatePoint);
        let closed = || point().answering(PlainDirectory, 403, "HTTP Error 403.4");
        vec![
            Case::passes("SSL required", closed()),
            Case::passes("a redirect", point().answering(PlainDirectory, 302, "")),
            Case::fails("one of them answers", closed().answering(PlainDirectory, 200, "Web Service"), "200"),
            Case::not_applicable("not asked", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
