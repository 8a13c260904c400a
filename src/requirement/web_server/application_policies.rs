//! `web-server/application-policies`

use crate::certificate::oid;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// Microsoft's "All application policies".
const ALL_APPLICATION_POLICIES: &str = "1.3.6.1.4.1.311.10.12.1";

requirement! {
    /// Where the certificate has Microsoft's Application Policies extension (1.3.6.1.4.1.311.21.10), that extension
    /// allows Server Authentication too. AD CS writes it beside the Enhanced Key Usage, from the same list; Windows
    /// holds a certificate good only for the purposes that both allow.
    ///
    /// Who is hurt: clients on Windows, with CERT_WRONG_USAGE (0x40), while browsers and tools that read the Enhanced
    /// Key Usage alone find nothing wrong. It is a rare fault: the request brought an Enhanced Key Usage of its own
    /// that overrode the template's, or an authority's policy module rewrote one extension and not the other.
    ///
    /// How it is seen: in the leaf. A certificate without the extension passes, because then nothing is intersected; one
    /// whose Enhanced Key Usage lacks the purpose already is left to web-server/server-auth-eku.
    APPLICATION_POLICIES {
        id: "web-server/application-policies",
        title: "Application Policies, where present, allow Server Authentication",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "CryptoAPI intersects Enhanced Key Usage and Application Policies" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "In the template's Extensions tab set Application Policies to Server Authentication, and issue the certificate again without purposes of its own in the request.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        if let Some(what) = leaf.unread(oid::APPLICATION_POLICIES) {
            return Verdict::unknown(what, "a certificate whose extension can be read");
        }
        let Some(policies) = &leaf.application_policies else {
            return Verdict::pass();
        };
        if policies.iter().any(|policy| policy == oid::SERVER_AUTHENTICATION || policy == ALL_APPLICATION_POLICIES) {
            return Verdict::pass();
        }
        if let Some(what) = leaf.unread(oid::APPLICATION_POLICIES) {
            return Verdict::unknown(what, "a certificate whose Application Policies can be read");
        }
        if !leaf.has_extended_key_usage(oid::SERVER_AUTHENTICATION) {
            return Verdict::NotApplicable("the Enhanced Key Usage does not allow Server Authentication either");
        }
        Evidence::new("Application Policies take away the Server Authentication that the Enhanced Key Usage gives.")
            .expected(format!("Server Authentication ({})", oid::SERVER_AUTHENTICATION))
            .observed_all(policies.iter().cloned())
            .cause("Enhanced Key Usage and Application Policies were set by different hands: request, template or policy module.")
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use super::{ALL_APPLICATION_POLICIES, oid};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("as AD CS writes them", World::web_server(|r| r)),
            Case::passes(
                "no such extension",
                World::web_server(|mut r| {
                    r.application_policies = None;
                    r
                }),
            ),
            Case::passes("all policies", World::web_server(|r| r.application_policies(&[ALL_APPLICATION_POLICIES]))),
            Case::fails(
                "client authentication only",
                World::web_server(|r| r.application_policies(&[oid::CLIENT_AUTHENTICATION])),
                oid::CLIENT_AUTHENTICATION,
            ),
            Case::fails("none at all", World::web_server(|r| r.application_policies(&[])), "take away"),
            Case::unknown(
                "the extension cannot be read",
                World::web_server(|mut r| {
                    r.application_policies = None;
                    r.extension(oid::APPLICATION_POLICIES, false, &[0x30, 0x05, 0x01])
                }),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable(
                "neither extension allows it",
                World::web_server(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])),
            ),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
