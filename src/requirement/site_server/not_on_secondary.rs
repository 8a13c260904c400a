//! `site-server/not-on-secondary`

use super::SIGNING_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::SiteKind;
use crate::site::profile::Profile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A secondary site needs no signing certificate: its primary site signs. One given for it is judged like any
    /// other, and that it is there at all is worth knowing.
    ///
    /// Who is hurt: nobody but the administrator who renews it.
    ///
    /// How it is seen: `kind = "secondary"` in the definition, with a signing certificate named.
    NOT_ON_SECONDARY {
        id: "site-server/not-on-secondary",
        title: "Only a primary site has a signing certificate",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::CRNM, place: "Primary site server, how the certificate is used" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::Definition, EvidenceSource::File],
        remedy: "Leave the signing certificate out of the secondary site's definition; it belongs to the primary site.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    match subject.basis.site.kind {
        SiteKind::Primary => Verdict::pass(),
        SiteKind::Secondary => Evidence::new("A secondary site needs no signing certificate.")
            .expected("no signing certificate")
            .observed(subject.name)
            .because(&cause::SIGNING_ON_SECONDARY)
            .fail(),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SiteServer;
    use crate::site::SiteKind;

    pub(super) fn all() -> Vec<Case> {
        let signing = || World::file(SiteServer, &Recipe::site_signing("PRI"));
        vec![
            Case::passes("a primary site", signing()),
            Case::fails("a secondary site", signing().site(|site| site.kind = SiteKind::Secondary), "file.cer"),
            Case::not_applicable("Current Branch makes its own", signing().current_branch()),
        ]
    }
}
