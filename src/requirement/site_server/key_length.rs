//! `site-server/key-length`

use super::SIGNING_FILES;
use crate::certificate::Facts;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// The longest key supported, in bits, as the document has it.
const LONGEST: u32 = 8096;

requirement! {
    /// The signing certificate's key has at most 8096 bits. The document says 8096, not 8192, and is taken at its word: a
    /// key of 8192 bits exceeds it.
    ///
    /// Who is hurt: the whole site: a longer key is not supported for signing policies.
    ///
    /// How it is seen: the modulus in the certificate.
    KEY_LENGTH {
        id: "site-server/key-length",
        title: "The signing certificate's key is not too long",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Primary site server, maximum supported key length" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Set the template's key size to 4096 bits or less and enrol the site server again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(judge)),
    }
}

/// Whether the key is at most as long as supported.
pub(super) fn judge(signing: &Facts) -> Verdict {
    let bits = signing.public_key.bits;
    if bits <= LONGEST {
        return Verdict::pass_with(format!("{bits} bits"));
    }
    Evidence::new("The signing certificate's key is longer than supported.")
        .expected(format!("at most {LONGEST} bits"))
        .observed(format!("{bits} bits"))
        .cause("The template's minimum key size is set too high.")
        .fail()
}

#[cfg(test)]
mod cases {
    use std::sync::Arc;

    use crate::certificate::Certificate;
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let signing = || World::file(SiteServer, &Recipe::site_signing("PRI"));
        let of = |bits: u32| {
            signing().file_facts(|file| {
                let mut certificate = Certificate::clone(file.certificate.as_ref().expect("a certificate"));
                certificate.facts.as_mut().expect("facts").public_key.bits = bits;
                file.certificate = Some(Arc::new(certificate));
            })
        };
        vec![
            Case::passes("2048 bits", signing()),
            Case::passes("at the limit", of(8096)),
            Case::fails("one bit more", of(8097), "8097 bits"),
            Case::fails("a real 8192-bit key", of(8192), "8192 bits"),
            Case::not_applicable("Current Branch makes its own", of(8192).current_branch()),
        ]
    }
}
