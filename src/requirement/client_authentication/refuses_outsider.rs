//! `client-authentication/refuses-outsider`

use super::PROTECTED;
use super::refuses_stranger::refuses;
use crate::plan::OfferLabel;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The role's protected path, asked with a certificate from another root that the server trusts, a public authority's
    /// or a neighbour's, is refused.
    ///
    /// Who is hurt: the site: without a certificate trust list (2007) or the site's list of certificate issuers (Current
    /// Branch) every certificate from any root the server trusts opens it, and a server trusts hundreds.
    ///
    /// How it is seen: by presenting a `[[client]]` of the definition with `kind = "outsider"`, whose root the server trusts
    /// and the site does not use. Without one the row does not apply; a stranger's certificate, whose root nobody trusts,
    /// does not show it. In Current Branch the management point refuses by the issuers' list; a distribution point needs a
    /// certificate trust list in IIS.
    REFUSES_OUTSIDER {
        id: "client-authentication/refuses-outsider",
        title: "A client certificate from another trusted root is refused",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::CTL, place: "What a certificate trust list does on site systems" },
            Citation { document: &document::PLAN, place: "PKI trusted root certificates and the certificate issuers list" },
        ),
        scope: PROTECTED,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Give the web site a certificate trust list with the clients' root authorities alone (2007), or name them as the site's certificate issuers (Current Branch, Communication Security).",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    refuses(subject, OfferLabel::Outsider, &causes::REFUSES_OUTSIDER)
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Outsider};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        vec![
            Case::passes("403.16", healthy().answering(Outsider, 403, "HTTP Error 403.16")),
            Case::fails("let in", healthy().answering(Outsider, 200, "<MPList/>"), "200 for such a certificate"),
            Case::unknown("the server fails", healthy().answering(Outsider, 503, "")),
            Case::not_applicable(
                "open to anybody",
                healthy().answering(Outsider, 200, "").answering(Anonymous, 200, ""),
            ),
            Case::not_applicable("no outsider", healthy()),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
