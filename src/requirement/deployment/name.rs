//! `deployment/name`

use super::DEPLOYMENT_FILES;
use crate::requirement::client::{copied, identity, same_name};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// In a site of 2007 the certificate for operating system deployment has a value in its Subject Name or its Subject
    /// Alternative Name, and no client computer has the same. One certificate may serve every deployment, so it need not
    /// differ from computer to computer. (A later note of the documentation team asks for the Subject Name itself.) Current
    /// Branch asks for no name in it.
    ///
    /// Who is hurt: computers being deployed: the management point takes no client without a name, and two clients of one
    /// name are one client to the site.
    ///
    /// How it is seen: in the certificate of the PKCS #12 file, beside the clients' certificates that are looked at with it.
    NAME {
        id: "deployment/name",
        title: "The deployment certificate has a name that is no client's",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Operating system client deployment, Subject Name or Subject Alternative Name" },
        scope: DEPLOYMENT_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Request the deployment certificate with a Subject Name of its own.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| {
        let Some(own) = identity(facts) else {
            return Evidence::new("The deployment certificate has no name.")
                .expected("a value in the Subject Name or the Subject Alternative Name")
                .observed("neither")
                .because(&cause::NO_NAME_IN_IT)
                .fail();
        };
        let same = same_name(subject, &own);
        if same.is_empty() {
            return Verdict::pass_with(own);
        }
        let evidence = Evidence::new("The deployment certificate has a client's name.")
            .expected("a value no client has")
            .observed(own);
        copied(evidence, subject, &same)
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Deployment;

    pub(super) fn all() -> Vec<Case> {
        let nameless = || World::file(Deployment, &Recipe::client("x").no_cn().no_san());
        let beside = |name: &str| {
            World::file(Deployment, &Recipe::client("osd.corp.contoso.com"))
                .beside_file("ws01.cer", &World::file(Deployment, &Recipe::client(name)))
        };
        vec![
            Case::passes("a Subject", World::file(Deployment, &Recipe::client("deployment"))),
            Case::passes("beside a client's", beside("ws01.corp.contoso.com")),
            Case::fails("a client's", beside("OSD.corp.contoso.com"), "also in ws01.cer"),
            Case::fails("neither", nameless(), "neither"),
            Case::not_applicable("neither, in Current Branch", nameless().current_branch()),
        ]
    }
}
