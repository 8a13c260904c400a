//! `enterprise-issued`

use crate::certificate::{Certificate, Facts};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::path::signed::{Signed, signed_by};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};

quality! {
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
    /// How it is seen: the certificate's own key made its signature, or subject and issuer are the same name, or one of the two names above stands in its
    /// subject or issuer. Whether the issuer is one the site trusts is judged by chain/leads-to-site-root.
    ENTERPRISE_ISSUED {
        slug: |_| "enterprise-issued",
        servers: None,
        title: "{} comes from a certification authority",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

/// The authority a Current Branch site makes for itself under enhanced HTTP.
const SITE_AUTHORITY: &str = "SMS Issuing";
/// What enhanced HTTP calls the certificate it binds to port 443.
const ROLE_CERTIFICATE: &str = "SMS Role SSL Certificate";

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let by_site = made_by_the_site(facts);
    if by_site && of.basis.site.is_enhanced_http() {
        return Verdict::NotApplicable("the site's own certificate, as enhanced HTTP has it: SMS Role SSL Certificate");
    }
    let (message, because) = if by_site {
        ("The certificate is one the site made for itself: enhanced HTTP.", &cause::ENHANCED_HTTP)
    } else if signs_itself(of.certificate(), of) {
        ("The certificate is self-signed.", &cause::SELF_SIGNED_BOUND)
    } else {
        return Verdict::pass();
    };
    let evidence = of
        .evidence(message)
        .expected("a certificate issued by a certification authority")
        .observed(format!("subject {}", shown(&facts.subject.text)))
        .observed(format!("issuer {}", shown(&facts.issuer.text)))
        .because(because);
    Evidence { culprit: None, ..evidence }.fail()
}

/// Whether its own key made its signature, whatever it says of its issuer. Where the path found that another's key did, as
/// for nearly every certificate, nothing has to be computed.
fn signs_itself(certificate: &Certificate, of: &Credential<'_>) -> bool {
    let made_with = |issuer: &Certificate| signed_by(certificate, issuer, of.basis.trust.algorithms) == Signed::Yes;
    fn key(one: &Certificate) -> Option<&[u8]> {
        one.facts().map(|facts| one.part(&facts.frame.key))
    }
    let by_another = || {
        let paths = of.paths();
        let issuer = paths.below_root().0.first().or_else(|| paths.root());
        issuer.is_some_and(|issuer| key(issuer) != key(certificate) && made_with(issuer))
    };
    certificate.is_self_issued() || !by_another() && made_with(certificate)
}

/// Whether the site made the certificate for itself (enhanced HTTP).
pub(crate) fn made_by_the_site(leaf: &Facts) -> bool {
    leaf.issuer.common_names.iter().any(|cn| cn.text == SITE_AUTHORITY || cn.text == ROLE_CERTIFICATE)
        || leaf.subject.common_names.iter().any(|cn| cn.text == ROLE_CERTIFICATE)
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "(empty)" } else { name }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Attribute, Minted};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let own = || {
            let recipe = World::recipe_of(of);
            World::of_minted(of, &Minted::self_signed(&recipe).expect("a certificate"))
        };
        vec![
            Case::passes("from the issuing authority", World::of(of, |r| r)),
            Case::fails("self-signed", own(), "self-signed"),
            Case::fails(
                "signed with its own key, under another name",
                World::of_minted(
                    of,
                    &Minted::self_signed(
                        &World::recipe_of(of).issued_by(vec![(Attribute::CommonName, "Contoso Issuing CA".into())]),
                    )
                    .expect("a certificate"),
                ),
                "self-signed",
            ),
            Case::fails(
                "enhanced HTTP, by its issuer",
                World::of(of, |r| r.issued_by(vec![(Attribute::CommonName, "SMS Issuing".into())])),
                "enhanced HTTP",
            ),
        ]
    }
}
