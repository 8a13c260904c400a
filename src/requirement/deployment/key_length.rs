//! `deployment/key-length`

use super::DEPLOYMENT_FILES;
use crate::requirement::client::at_most_2048;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The deployment certificate's key has at most 2048 bits.
    ///
    /// Who is hurt: computers being deployed: a longer key is not supported.
    ///
    /// How it is seen: the modulus in the certificate of the PKCS #12 file.
    KEY_LENGTH {
        id: "deployment/key-length",
        title: "The deployment certificate's key has at most 2048 bits",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Operating system client deployment, maximum supported key length" },
        scope: DEPLOYMENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Set the template's key size to 2048 bits and enrol the deployment certificate again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(at_most_2048)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Deployment;

    pub(super) fn all() -> Vec<Case> {
        let of = |key| World::file(Deployment, &Recipe::client("deployment").key(key));
        vec![
            Case::passes("2048 bits", of(KeyName::Rsa2048B)),
            Case::fails("4096 bits", of(KeyName::Rsa4096), "4096 bits"),
        ]
    }
}
