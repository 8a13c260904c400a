//! `web-server/server-auth-eku`

use crate::certificate::{Facts, oid};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The Enhanced Key Usage of the certificate a site system presents contains Server Authentication
    /// (1.3.6.1.5.5.7.3.1).
    ///
    /// Who is hurt: every client. Schannel ends the handshake, `ccmexec.log` shows WinHTTP's secure failure with the
    /// flag for wrong usage (CERT_WRONG_USAGE), and the client falls silent.
    ///
    /// How it is seen: in the leaf of the presented chain. A certificate without the extension at all, or with
    /// anyExtendedKeyUsage alone, does not contain the purpose; the evidence says which of these was met. A usual way
    /// to get here is a certificate from the Workstation or Computer template, or one of the proxy's inner leg, bound
    /// to the web site by mistake.
    SERVER_AUTH_EKU {
        id: "web-server/server-auth-eku",
        title: "The web server certificate is for Server Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Web server certificate of site system roles, Enhanced Key Usage" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue a certificate from the Web Server template (version 2, not 3) and bind it to the web site in IIS.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(server_authentication)
}

/// Whether a certificate's Enhanced Key Usage contains Server Authentication; shared with the proxy's and the cluster's rows.
pub(crate) fn server_authentication(leaf: &Facts) -> Verdict {
    if leaf.has_extended_key_usage(oid::SERVER_AUTHENTICATION) {
        return Verdict::pass();
    }
    if let Some(what) = leaf.unread(oid::EXTENDED_KEY_USAGE) {
        return Verdict::unknown(what, "a certificate whose Enhanced Key Usage can be read");
    }
    let evidence = Evidence::new("The certificate is not for Server Authentication.")
        .expected(format!("Server Authentication ({})", oid::SERVER_AUTHENTICATION));
    match leaf.extended_key_usage.as_deref() {
        None => evidence
            .observed("no Enhanced Key Usage extension")
            .cause("The certificate has no Enhanced Key Usage at all: it names no purpose."),
        Some([only]) if only == oid::ANY_EXTENDED_KEY_USAGE => evidence
            .observed(format!("any purpose only ({only})"))
            .cause("The certificate allows any purpose and names none; the documents ask for the purpose itself."),
        Some(purposes) => evidence
            .observed_all(purposes.iter().cloned())
            .cause("The certificate was made from a template for another purpose."),
    }
    .fail()
}

#[cfg(test)]
mod cases {
    use super::oid;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("server authentication alone", World::web_server(|r| r)),
            Case::passes(
                "beside client authentication",
                World::web_server(|r| r.eku(&[oid::CLIENT_AUTHENTICATION, oid::SERVER_AUTHENTICATION])),
            ),
            Case::fails("no extension", World::web_server(|r| r.no_eku()), "no Enhanced Key Usage extension"),
            Case::fails(
                "any purpose only",
                World::web_server(|r| r.eku(&[oid::ANY_EXTENDED_KEY_USAGE])),
                "any purpose only",
            ),
            Case::fails(
                "a workstation's",
                World::web_server(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])),
                oid::CLIENT_AUTHENTICATION,
            ),
            Case::unknown(
                "the extension cannot be read",
                World::web_server(|r| r.no_eku().extension("2.5.29.37", false, &[0x30, 0x03, 0x06])),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
