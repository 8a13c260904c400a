//! `deployment/name`

use super::DEPLOYMENT_FILES;
use crate::requirement::client::identity;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate for operating system deployment has a value in its Subject Name or its Subject Alternative Name. One
    /// certificate may serve every deployment, so it need not differ from computer to computer. (A later note of
    /// the documentation team asks for the Subject Name itself.)
    ///
    /// Who is hurt: computers being deployed: the management point takes no client without a name.
    ///
    /// How it is seen: in the certificate of the PKCS #12 file.
    NAME {
        id: "deployment/name",
        title: "The deployment certificate has a name",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Operating system client deployment, Subject Name or Subject Alternative Name" },
        scope: DEPLOYMENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Request the deployment certificate with a Subject Name of its own.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| match identity(facts) {
        Some(name) => Verdict::pass_with(name),
        None => Evidence::new("The deployment certificate has no name.")
            .expected("a value in the Subject Name or the Subject Alternative Name")
            .observed("neither")
            .because(&cause::NO_NAME_IN_IT)
            .fail(),
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Deployment;

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("a Subject", World::file(Deployment, &Recipe::client("deployment"))),
            Case::fails("neither", World::file(Deployment, &Recipe::client("x").no_cn().no_san()), "neither"),
        ]
    }
}
