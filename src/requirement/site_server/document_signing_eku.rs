//! `site-server/document-signing-eku`

use super::SIGNING_FILES;
use crate::certificate::{Facts, oid};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The signing certificate's Enhanced Key Usage contains Document Signing (1.3.6.1.4.1.311.10.3.12). No template
    /// brings it by itself: it is added to the application policies of a copied version 2 template.
    ///
    /// Who is hurt: the whole site: without such a certificate it cannot be switched to native mode, and clients accept
    /// no policy.
    ///
    /// How it is seen: in the file, or in what the management point answers to `?SITESIGNCERT`.
    DOCUMENT_SIGNING_EKU {
        id: "site-server/document-signing-eku",
        title: "The signing certificate is for Document Signing",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Primary site server, Enhanced Key Usage" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Copy a version 2 template, add Document Signing to its application policies, and enrol the site server again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(judge)),
    }
}

/// Whether a certificate's Enhanced Key Usage contains Document Signing.
pub(super) fn judge(signing: &Facts) -> Verdict {
    if signing.has_extended_key_usage(oid::DOCUMENT_SIGNING) {
        return Verdict::pass();
    }
    let evidence = Evidence::new("The signing certificate is not for Document Signing.")
        .expected(format!("Document Signing ({})", oid::DOCUMENT_SIGNING));
    match &signing.extended_key_usage {
        None => evidence.observed("no Enhanced Key Usage extension"),
        Some(purposes) => evidence.observed_all(purposes.iter().cloned()),
    }
    .cause("The template lacks Document Signing among its application policies.")
    .fail()
}

#[cfg(test)]
mod cases {
    use super::oid;
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let signing = || Recipe::site_signing("PRI");
        vec![
            Case::passes("document signing", World::file(SiteServer, &signing())),
            Case::fails(
                "server authentication",
                World::file(SiteServer, &signing().eku(&[oid::SERVER_AUTHENTICATION])),
                oid::SERVER_AUTHENTICATION,
            ),
            Case::fails("no purposes", World::file(SiteServer, &signing().no_eku()), "no Enhanced Key Usage"),
            Case::unknown(
                "no certificate in the file",
                World::file(SiteServer, &signing()).file_facts(|file| file.certificate = None),
            ),
            Case::not_applicable("Current Branch makes its own", World::file(SiteServer, &signing()).current_branch()),
        ]
    }
}
