//! `management-point/site-signing-certificate`

use super::answers::certificate;
use super::{MANAGEMENT_POINTS, answered};
use crate::certificate::Certificate;
use crate::plan::OfferLabel;
use crate::rule::credential::culprit;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// `?SITESIGNCERT` gives the site server signing certificate. Where the definition names the certificate's file, the two
    /// are the same; whether it is what native mode demands, the site-server requirements say of it. At Current Branch
    /// sites the answer is a certificate the site made itself, with the Subject `Site Server`, and that is right there.
    ///
    /// Who is hurt: every client: it fetches the certificate from here, or from Active Directory, before it accepts a
    /// policy.
    ///
    /// How it is seen: the longest run of hexadecimal digits in the answer, decoded.
    SITE_SIGNING_CERTIFICATE {
        id: "management-point/site-signing-certificate",
        title: "The management point hands out the right signing certificate",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::RENEW, place: "How clients get the signing certificate" },
            Citation { document: &document::TOOL, place: "what a management point answers to ?SITESIGNCERT" },
        ),
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Choose the right certificate in the site mode's properties; after a renewal wait for the management point to be updated, and look at status messages of SMS_POLICY_PROVIDER.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let answer = match answered(subject, OfferLabel::SiteSigningCertificate, "the site server signing certificate") {
        Ok(answer) => answer,
        Err(verdict) => return verdict,
    };
    let Some(found) = certificate(&answer.body) else {
        return Evidence::new("The answer carries no certificate.")
            .because(&causes::NO_CERTIFICATE_HANDED_OUT)
            .expected("a certificate in hexadecimal")
            .observed(format!("{} without one", counted(answer.body.len(), "character")))
            .cause("The site has no signing certificate, or something else answers for the management point.")
            .fail();
    };
    match subject.basis.site.profile {
        Profile::CurrentBranch => of_current_branch(&found),
        Profile::NativeMode2007 => {
            if let Some(file) = subject.basis.trust.signing_certificate.as_deref()
                && *file != *found
            {
                return Evidence::new(
                    "The management point hands out another signing certificate than the definition names.",
                )
                .because(&causes::SIGNING_CERTIFICATE_DIFFERS)
                .culprit(culprit(&found))
                .expected(format!("{} ({})", file.thumbprint_sha1(), file.subject_text()))
                .observed(format!("{} ({})", found.thumbprint_sha1(), found.subject_text()))
                .cause("The certificate was renewed, or the definition names another site's.")
                .fail();
            }
            Verdict::pass_with(found.subject_text())
        }
    }
}

/// Current Branch makes the certificate itself.
fn of_current_branch(found: &Certificate) -> Verdict {
    if found.is_self_issued() {
        return Verdict::pass_with(found.subject_text());
    }
    Verdict::pass_with(format!("{}, issued by another authority", found.subject_text()))
}

#[cfg(test)]
mod cases {
    use data_encoding::HEXUPPER;

    use super::OfferLabel::SiteSigningCertificate as Signing;
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World, lab};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let handing_out = |recipe: &Recipe| {
            let minted = lab().issue(recipe).expect("a recipe that can be minted");
            healthy().answering(
                Signing,
                200,
                &format!("<X509Certificate>{}</X509Certificate>", HEXUPPER.encode(&minted.der)),
            )
        };
        let right = || Recipe::site_signing("PRI");
        vec![
            Case::passes("the site's", handing_out(&right())),
            Case::passes(
                "a proxy management point hands out the primary's",
                handing_out(&right()).site(|site| {
                    site.kind = crate::site::SiteKind::Secondary;
                    site.code = Some("SEC".into());
                }),
            ),
            Case::passes("Current Branch makes its own", handing_out(&Recipe::leaf("Site Server")).current_branch()),
            Case::fails("no certificate", healthy().answering(Signing, 200, "<html/>"), "without one"),
            Case::unknown("refused", healthy().answering(Signing, 403, "")),
            Case::unknown("not asked", healthy()),
            Case::not_applicable("another role", handing_out(&right()).role(Role::DistributionPoint)),
        ]
    }
}
