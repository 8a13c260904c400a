//! `web-server/update-point-both-names`

use super::names;
use crate::certificate::Facts;
use crate::rule::credential::Credential;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::ClientConnections;
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A software update point that accepts clients from the Internet only still presents a certificate with both its
    /// names, the Internet FQDN and the intranet FQDN. It is the one role for which the name clients use does not
    /// suffice.
    ///
    /// Who is hurt: everybody who waits for updates. The site server and WSUS itself speak to the update point by its
    /// intranet FQDN over the same port (`WSUSUtil configuressl <intranet FQDN>`); without that name `wsyncmgr.log` and
    /// `WCM.log` report that the connection to the WSUS server failed, synchronisation stops, and clients scan against
    /// an ever older catalogue while every HTTPS check from the Internet looks healthy.
    ///
    /// How it is seen: in the common names and dNSName entries of the leaf. It concerns software update points whose
    /// definition says that clients connect from the Internet only; the others need both names where clients of both
    /// kinds connect, and that is web-server/intranet-name and web-server/internet-name.
    UPDATE_POINT_BOTH_NAMES {
        id: "web-server/update-point-both-names",
        title: "An Internet-only software update point carries both its FQDNs",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Web server certificate of site system roles, the Important note on the software update point" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, the note on the software update point" },
        ),
        scope: Scope::WEB_ROLES.only_roles(&[Role::SoftwareUpdatePoint], "software update points that accept clients from the Internet only"),
        evidence: &[EvidenceSource::Handshake],
        remedy: "Request a certificate with both FQDNs as dNSNames (`cmprobe request SYSTEM --definition FILE` writes the .inf file for certreq -new), bind it to the WSUS web site, and run WSUSUtil configuressl with the intranet FQDN again.",
        check: Check::OfUse(Use::WebServer, judge),
    }
}

fn judge(of: &Credential<'_>, leaf: &Facts) -> Verdict {
    let Some(endpoint) = of.endpoint() else { return Verdict::NotApplicable(names::NOT_CONFIGURED) };
    let expectation = &endpoint.target.expectation;
    match expectation.client_connections {
        None => return Verdict::NotApplicable(names::NOT_CONFIGURED),
        Some(ClientConnections::Intranet | ClientConnections::Both) => {
            return Verdict::NotApplicable("clients connect from the intranet too");
        }
        Some(ClientConnections::Internet) => {}
    }
    let (Some(inside), Some(outside)) = (&expectation.intranet_fqdn, &expectation.internet_fqdn) else {
        return Verdict::unknown(
            "the definition does not give both FQDNs of this software update point",
            "intranet_fqdn and internet_fqdn of the system in the definition",
        );
    };
    let missing = [inside, outside].into_iter().find(|name| !names::contains(leaf, name));
    let Some(missing) = missing else { return Verdict::pass() };
    let evidence = Evidence::new("The software update point's certificate does not contain both its FQDNs.");
    if missing == inside {
        return evidence
            .expected(inside.as_str())
            .expected(outside.as_str())
            .observed_all(names::listed(leaf))
            .because(&cause::UPDATE_POINT_LACKS_INNER_NAME)
            .fail();
    }
    names::missing(evidence.expected(inside.as_str()), leaf, missing.as_str()).fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::site::ClientConnections;
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let internet_only = |world: World| {
            world
                .role(Role::SoftwareUpdatePoint)
                .from_internet()
                .expecting(|expectation| expectation.client_connections = Some(ClientConnections::Internet))
        };
        vec![
            Case::passes("both names", internet_only(World::web_server(|r| r))),
            Case::passes(
                "one as common name, one as alternative name",
                internet_only(World::web_server(|r| r.cn(INTRANET).dns(&[INTERNET]))),
            ),
            Case::fails(
                "the Internet FQDN only",
                internet_only(World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET]))),
                "update-point-lacks-inner-name",
            ),
            Case::fails(
                "the intranet FQDN only",
                internet_only(World::web_server(|r| r.dns(&[INTRANET]))),
                "name-not-requested",
            ),
            Case::unknown(
                "the intranet FQDN is not known",
                internet_only(World::web_server(|r| r)).expecting(|expectation| expectation.intranet_fqdn = None),
            ),
            Case::unknown("nothing listens", internet_only(World::web_server(|r| r)).refused()),
            Case::not_applicable(
                "clients of both kinds",
                World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET])).role(Role::SoftwareUpdatePoint),
            ),
            Case::not_applicable(
                "another role",
                World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET]))
                    .expecting(|expectation| expectation.client_connections = Some(ClientConnections::Internet)),
            ),
            Case::not_applicable(
                "an endpoint without a definition",
                World::web_server(|r| r).given().role(Role::SoftwareUpdatePoint),
            ),
        ]
    }
}
