//! `mobile-device/client-auth-eku`

use super::MOBILE_FILES;
use crate::requirement::client::client_authentication;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A mobile device client's certificate has Client Authentication (1.3.6.1.5.5.7.3.2) in its Enhanced Key Usage.
    ///
    /// Who is hurt: the device: its management point does not let it in.
    ///
    /// How it is seen: in the certificate's file.
    CLIENT_AUTH_EKU {
        id: "mobile-device/client-auth-eku",
        title: "The mobile device's certificate is for Client Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Mobile device clients, Enhanced Key Usage" },
        scope: MOBILE_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Enrol the device from the Authenticated Session template.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(client_authentication)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Recipe, oid};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::MobileDevice;

    pub(super) fn all() -> Vec<Case> {
        let device = || Recipe::client("device");
        vec![
            Case::passes("client authentication", World::file(MobileDevice, &device())),
            Case::fails(
                "another purpose",
                World::file(MobileDevice, &device().eku(&[oid::SERVER_AUTHENTICATION])),
                "1.3.6.1.5.5.7.3.1",
            ),
        ]
    }
}
