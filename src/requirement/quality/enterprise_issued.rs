//! `web-server/enterprise-issued`

use crate::certificate::Facts;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// The authority a Current Branch site makes for itself under enhanced HTTP.
const SITE_AUTHORITY: &str = "SMS Issuing";
/// What enhanced HTTP calls the certificate it binds to port 443.
const ROLE_CERTIFICATE: &str = "SMS Role SSL Certificate";

requirement! {
    /// The certificate comes from a certification authority: it is neither self-signed nor one that the site made for
    /// itself. Under enhanced HTTP a Current Branch site issues its roles "SMS Role SSL Certificate" from its own
    /// authority "SMS Issuing" and binds it to port 443; that is not the PKI the documents ask for.
    ///
    /// Who is hurt: clients that are set to use PKI. They trust the company's roots and know nothing of this
    /// certificate: error 12175 with the flag INVALID_CA (0x8), on the Internet as on the intranet. The usual ways to get
    /// here: setup or a reinstalled role bound the site's own certificate again, IIS Manager's "Create Self-Signed
    /// Certificate" was tried and left bound, or "Use Configuration Manager-generated certificates for HTTP site
    /// systems" was ticked while HTTPS with PKI was meant.
    ///
    /// How it is seen: subject and issuer of the leaf are the same name, or one of the two names above stands in its
    /// subject or issuer. Whether the issuer is one the site trusts is judged by chain/leads-to-site-root.
    ENTERPRISE_ISSUED {
        id: "web-server/enterprise-issued",
        title: "The web server certificate comes from a certification authority",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "introduction: certificates from a public key infrastructure; Web server certificate, Microsoft Certificate Template to Use" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "In IIS Manager, Bindings, choose the certificate from the company's authority for the HTTPS binding (netsh http show sslcert lists what is bound); with Current Branch also check the site's Communication Security tab and each role's HTTPS setting.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        let (message, cause) = if made_by_the_site(leaf) {
            (
                "The certificate is one the site made for itself: enhanced HTTP.",
                "Enhanced HTTP is on, or its certificate was bound to the web site again in the place of the PKI's.",
            )
        } else if leaf.subject.der == leaf.issuer.der {
            (
                "The certificate is self-signed.",
                "A certificate made on the server itself is bound to the web site, or the authority's own.",
            )
        } else {
            return Verdict::pass();
        };
        Evidence::new(message)
            .expected("a certificate issued by a certification authority")
            .observed(format!("subject {}", shown(&leaf.subject.text)))
            .observed(format!("issuer {}", shown(&leaf.issuer.text)))
            .cause(cause)
            .fail()
    })
}

fn made_by_the_site(leaf: &Facts) -> bool {
    leaf.issuer.common_names.iter().any(|cn| cn.text == SITE_AUTHORITY || cn.text == ROLE_CERTIFICATE)
        || leaf.subject.common_names.iter().any(|cn| cn.text == ROLE_CERTIFICATE)
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "(empty)" } else { name }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Attribute, Minted, Recipe};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let self_signed = |recipe: &Recipe| {
            let leaf = Minted::self_signed(recipe).expect("a certificate");
            World::presenting(&[&leaf], &[&lab().root])
        };
        vec![
            Case::passes("from the issuing authority", World::web_server(|r| r)),
            Case::fails("self-signed", self_signed(&lab().web_server(&[INTRANET])), "self-signed"),
            Case::fails(
                "enhanced HTTP, by its issuer",
                World::web_server(|r| r.issued_by(vec![(Attribute::CommonName, "SMS Issuing".into())])),
                "enhanced HTTP",
            ),
            Case::fails(
                "enhanced HTTP, self-signed",
                self_signed(&Recipe::web_server(&["SMS Role SSL Certificate"])),
                "enhanced HTTP",
            ),
            Case::fails("the root itself", World::presenting(&[&lab().root], &[&lab().root]), "self-signed"),
            Case::passes("the issuing authority itself is not self-signed", World::presenting(&[&lab().issuing], &[])),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::unknown("the certificate cannot be read", World::web_server(|r| r).unreadable()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
