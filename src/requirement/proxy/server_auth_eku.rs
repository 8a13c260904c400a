//! `proxy/server-auth-eku`

use crate::requirement::web_server::server_auth_eku::server_authentication;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::Verdict;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The certificate a bridging proxy web server presents to Internet clients has Server Authentication in its
    /// Enhanced Key Usage.
    ///
    /// Who is hurt: every Internet client: its handshake with the proxy fails for wrong usage (CERT_WRONG_USAGE).
    ///
    /// How it is seen: in the leaf presented outside, where the definition declares that the proxy bridges.
    SERVER_AUTH_EKU {
        id: "proxy/server-auth-eku",
        title: "The bridging proxy's certificate is for Server Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Proxy Web server accepting client connections over the Internet, certificate use" },
        scope: Scope::BRIDGING_PROXIES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Give the proxy's listener a certificate with Server Authentication and Client Authentication, or two certificates, one for each leg.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaf(server_authentication)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::oid;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let bridge = |purposes: &'static [&'static str]| World::web_server(|r| r.eku(purposes)).bridging_proxy();
        vec![
            Case::passes("both purposes", bridge(&[oid::SERVER_AUTHENTICATION, oid::CLIENT_AUTHENTICATION])),
            Case::fails("the client's alone", bridge(&[oid::CLIENT_AUTHENTICATION]), "1.3.6.1.5.5.7.3.2"),
            Case::unknown("nothing listens", bridge(&[oid::SERVER_AUTHENTICATION]).refused()),
            Case::not_applicable("a site system", World::web_server(|r| r)),
            Case::not_applicable("a tunnelling proxy", World::web_server(|r| r).tunneling_proxy()),
        ]
    }
}
