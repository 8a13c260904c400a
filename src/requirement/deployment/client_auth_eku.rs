//! `deployment/client-auth-eku`

use super::DEPLOYMENT_FILES;
use crate::requirement::client::client_authentication;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The certificate for operating system deployment has Client Authentication (1.3.6.1.5.5.7.3.2) in its Enhanced Key
    /// Usage.
    ///
    /// Who is hurt: computers being deployed: the management point does not let the task sequence in.
    ///
    /// How it is seen: in the certificate of the PKCS #12 file.
    CLIENT_AUTH_EKU {
        id: "deployment/client-auth-eku",
        title: "The deployment certificate is for Client Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Operating system client deployment, Enhanced Key Usage" },
        scope: DEPLOYMENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Enrol the deployment certificate from the Workstation Authentication or the Computer template.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(client_authentication)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Recipe, oid};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Deployment;

    pub(super) fn all() -> Vec<Case> {
        let recipe = || Recipe::client("deployment");
        vec![
            Case::passes("client authentication", World::file(Deployment, &recipe())),
            Case::fails(
                "another purpose",
                World::file(Deployment, &recipe().eku(&[oid::SERVER_AUTHENTICATION])),
                "1.3.6.1.5.5.7.3.1",
            ),
        ]
    }
}
