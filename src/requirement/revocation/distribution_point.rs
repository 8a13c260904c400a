//! `revocation/distribution-point`

use super::checked::{because, judge};
use crate::certificate::oid;
use crate::certificate::revocation_list::Scheme;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::vantage::Network;
use crate::trust::lists::checked::Checked;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate and every authority's below the root say where their revocation list is; where clients on the
    /// Internet connect, over http at least once. The places are written into a certificate when it is issued: one
    /// that names Active Directory alone (`ldap:///…`, what an authority does by default) can only be replaced.
    ///
    /// Who is hurt: clients that check revocation. Those outside cannot ask the directory; no list counts as revoked
    /// for the whole chain, and every connection to management points, distribution points, software update points and
    /// state migration points fails.
    ///
    /// How it is seen: the CRL Distribution Points extension of the certificates in the handshake.
    DISTRIBUTION_POINT {
        id: "revocation/distribution-point",
        title: "Certificates say where their revocation lists are, over http where Internet clients connect",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRL, place: "Certificate revocation lists for clients on the Internet" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Add an http:// location to the authority's CRL distribution point extension (Include in the CDP extension of issued certificates), publish the list there, and issue the certificate again.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let accepts = subject.target.expectation.client_connections;
    let outside = subject.target.network == Network::Internet || accepts.is_some_and(|accepts| accepts.internet());
    judge(subject, |one| distribution_point(one, outside))
}

/// Whether a certificate says where its list is; where those who check may stand outside the forest, over http.
pub fn distribution_point(one: &Checked<'_>, outside: bool) -> Verdict {
    let who = one.who();
    if let Some(what) = one.facts.unread(oid::CRL_DISTRIBUTION_POINTS) {
        return Verdict::unknown(format!("{who}: {what}"), "a certificate whose extension can be read");
    }
    if one.sources.is_empty() {
        let cause = if one.facts.ocsp_responders.is_empty() {
            "The authority has no CRL distribution point configured for the certificates it issues."
        } else {
            "The authority names an OCSP responder alone, which clients before Windows Vista do not ask."
        };
        let evidence = Evidence::new("A certificate names no revocation list.")
            .expected("an http:// CRL distribution point")
            .observed(format!("{who}: no CRL distribution point"))
            .cause(cause);
        return because(evidence, Some("no-distribution-point")).fail();
    }
    let http = one.sources.iter().filter(|source| source.scheme == Scheme::Http).map(|source| source.url);
    let http: Vec<&str> = http.collect();
    if let Some(first) = http.first() {
        return Verdict::pass_with(*first);
    }
    if !outside {
        return Verdict::pass_with(format!("{who}: inside the forest only"));
    }
    let evidence = Evidence::new("A certificate names no revocation list that clients on the Internet can fetch.")
        .expected("an http:// CRL distribution point")
        .observed_all(one.sources.iter().map(|source| format!("{who}: {}", source.url)))
        .cause("The authority writes Active Directory's location alone into the certificates it issues, which is the default.");
    let https = one.sources.iter().all(|source| source.scheme == Scheme::Https);
    because(evidence, Some(if https { "https-only" } else { "directory-only" })).fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::site::ClientConnections;
    use crate::trust::basis::RevocationMode;

    pub(super) fn all() -> Vec<Case> {
        let inside = |world: World| world.expecting(|of| of.client_connections = Some(ClientConnections::Intranet));
        let ldap = || World::web_server(|r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=PKI01,CN=CDP"]));
        vec![
            Case::passes("ldap, then http", World::web_server(|r| r)),
            Case::passes("ldap alone, inside", inside(ldap())),
            Case::fails("ldap alone, where Internet clients connect", ldap(), "ldap:///CN=Contoso"),
            Case::fails("ldap alone, seen outside", inside(ldap()).from_internet(), "ldap:///CN=Contoso"),
            Case::fails("https alone", World::web_server(|r| r.cdp(&["https://pki.contoso.com/a.crl"])), "https://pki"),
            Case::fails("none at all", World::web_server(|r| r.no_cdp()), "no CRL distribution point"),
            Case::fails("none at all, inside", inside(World::web_server(|r| r.no_cdp())), "no CRL distribution point"),
            Case::fails(
                "an OCSP responder alone",
                World::web_server(|r| r.no_cdp().ocsp("http://ocsp.contoso.com")),
                "before Windows Vista",
            ),
            Case::fails(
                "the authority has none",
                World::issuing_authority(|r| r.no_cdp()),
                "the authority CN=Contoso Issuing",
            ),
            Case::unknown("no certificate seen", World::web_server(|r| r).refused()),
            Case::unknown("an unreadable certificate", World::web_server(|r| r).unreadable()),
            Case::not_applicable(
                "clients do not check",
                World::web_server(|r| r.no_cdp()).site(|site| site.clients_check_revocation = false),
            ),
            Case::not_applicable("not judged", World::web_server(|r| r.no_cdp()).revocation(RevocationMode::Off)),
        ]
    }
}
