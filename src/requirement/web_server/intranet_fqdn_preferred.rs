//! `web-server/intranet-fqdn-preferred`

use super::names;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// For connections from the intranet the FQDN is used rather than the computer's NetBIOS name: the document allows
    /// both and recommends the first.
    ///
    /// Who is hurt: clients that have no short way to the server: in another DNS domain or forest, behind a resolver
    /// without the right suffixes, or where WINS has been switched off, the NetBIOS name does not resolve. And the
    /// day the site system is given its FQDN in the console, a certificate for the short name alone stops every
    /// client inside (CERT_CN_INVALID, 0x10).
    ///
    /// How it is seen: in the names of the leaf, beside the name the definition configures. A certificate that holds
    /// neither name is web-server/intranet-name's matter, not this one's.
    INTRANET_FQDN_PREFERRED {
        id: "web-server/intranet-fqdn-preferred",
        title: "Clients inside use the FQDN, not the NetBIOS name",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Web server certificate of site system roles, \u{201c}intranet FQDN (recommended)\u{201d}" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, \u{201c}intranet FQDN (recommended)\u{201d}" },
        ),
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Definition],
        remedy: "Issue a certificate with the intranet FQDN as a dNSName (and the NetBIOS name beside it during the change), bind it in IIS, then enter the FQDN on the site system's General tab.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let expectation = &subject.target.expectation;
    let Some(connections) = expectation.client_connections else {
        return Verdict::NotApplicable(names::NOT_CONFIGURED);
    };
    if !connections.intranet() {
        return Verdict::NotApplicable("no client connects from the intranet");
    }
    let evidence = |message: &str| Evidence::new(message).expected("the intranet FQDN");
    subject.judge_leaves(|leaf| match (&expectation.intranet_fqdn, &expectation.netbios_name) {
        (None, None) => Verdict::NotApplicable(names::NOT_CONFIGURED),
        (None, Some(_)) => evidence("The site system is configured by its NetBIOS name.")
            .observed_all(names::listed(leaf))
            .because(&cause::SHORT_NAME_CONFIGURED)
            .fail(),
        (Some(fqdn), _) if names::contains(leaf, fqdn) => Verdict::pass(),
        (Some(fqdn), Some(computer)) if names::contains(leaf, computer) => {
            evidence("The certificate carries the NetBIOS name instead of the FQDN.")
                .expected(fqdn.as_str())
                .observed_all(names::listed(leaf))
                .because(&cause::COMPUTER_NAME_ONLY)
                .fail()
        }
        (Some(_), _) => Verdict::NotApplicable("the certificate carries neither the FQDN nor the NetBIOS name"),
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, World};
    use crate::site::ClientConnections;

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("configured and issued by FQDN", World::web_server(|r| r)),
            Case::passes("the NetBIOS name beside the FQDN", World::web_server(|r| r.cn("MP01"))),
            Case::fails(
                "configured by the NetBIOS name",
                World::web_server(|r| r.cn("MP01").no_san()).expecting(|expectation| expectation.intranet_fqdn = None),
                "configured by its NetBIOS name",
            ),
            Case::fails(
                "issued for the NetBIOS name alone",
                World::web_server(|r| r.cn("MP01").dns(&["MP01", INTERNET])),
                "instead of the FQDN",
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("neither name is there", World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET]))),
            Case::not_applicable(
                "clients of the Internet only",
                World::web_server(|r| r)
                    .expecting(|expectation| expectation.client_connections = Some(ClientConnections::Internet)),
            ),
            Case::not_applicable("an endpoint without a definition", World::web_server(|r| r).given()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
