//! `web-server/not-a-ca`

use crate::certificate::oid;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate presented is not itself one of a certification authority.
    ///
    /// Who is hurt: the whole company, if this key is lost: whoever has it can issue certificates for any name. Some
    /// clients refuse such a leaf (rustls and others that follow webpki do); Windows accepts it and says nothing.
    ///
    /// How it is seen: Basic Constraints of the leaf say CA. The usual ways to get here: the web site was put on the
    /// certification authority's own computer and its CA certificate chosen in the binding, a certificate was made with a
    /// tool whose defaults make an authority, or the server sends its chain with the issuer first
    /// (chain/order says whether the others are out of order too).
    NOT_A_CA {
        id: "web-server/not-a-ca",
        title: "The web server certificate is not a certification authority's",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 5280, section 4.2.1.9" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Bind a certificate from the Web Server template; keep the authority's own key off web servers.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| match leaf.basic_constraints {
        Some(constraints) if constraints.ca => {
            Evidence::new("The server presents a certification authority's certificate as its own.")
                .expected("a certificate that may not certify others")
                .observed(format!("Basic Constraints: CA, subject {}", leaf.subject.text))
                .cause("An authority's certificate is bound to the web site, or is sent before the server's own.")
                .fail()
        }
        Some(_) => Verdict::pass(),
        None => match leaf.unread(oid::BASIC_CONSTRAINTS) {
            Some(what) => Verdict::unknown(what, "a certificate whose Basic Constraints can be read"),
            None => Verdict::pass(),
        },
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World, lab};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("no Basic Constraints", World::web_server(|r| r)),
            Case::passes("Basic Constraints that say so", World::web_server(|r| r.basic_constraints(false, None))),
            Case::passes("version 1, which cannot say", World::web_server(|r| r.version_1())),
            Case::fails(
                "a leaf that may certify",
                World::web_server(|r| r.basic_constraints(true, None)),
                "CA, subject",
            ),
            Case::fails(
                "the issuing authority's own",
                World::presenting(&[&lab().issuing], &[&lab().root]),
                "CN=Contoso Issuing CA",
            ),
            Case::unknown(
                "Basic Constraints that cannot be read",
                World::web_server(|r| r.extension("2.5.29.19", true, &[0x30, 0x03, 0x01])),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
