//! `mobile-device/key-length`

use super::MOBILE_FILES;
use crate::requirement::client::at_most_2048;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A mobile device client's key has at most 2048 bits.
    ///
    /// Who is hurt: the device: a longer key is not supported.
    ///
    /// How it is seen: the modulus in the certificate's file.
    KEY_LENGTH {
        id: "mobile-device/key-length",
        title: "The mobile device's key has at most 2048 bits",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Mobile device clients, maximum supported key length" },
        scope: MOBILE_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Set the template's key size to 2048 bits and enrol the devices again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(at_most_2048)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::MobileDevice;

    pub(super) fn all() -> Vec<Case> {
        let of = |key| World::file(MobileDevice, &Recipe::client("device").key(key));
        vec![
            Case::passes("2048 bits", of(KeyName::Rsa2048B)),
            Case::fails("3072 bits", of(KeyName::Rsa3072), "3072 bits"),
        ]
    }
}
