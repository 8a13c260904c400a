//! `client/first-san`

use super::CLIENT_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// With several values in the Subject Alternative Name only the first is used.
    ///
    /// Who is hurt: whoever expects the client to be known by another of its names.
    ///
    /// How it is seen: the values in the certificate's file, in order; the first is named.
    FIRST_SAN {
        id: "client/first-san",
        title: "The client has one Subject Alternative Name, or its first is the right one",
        severity: SeverityByProfile::both(Severity::Notice),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Client computers, note on multiple values" },
            Citation { document: &document::CB, place: "PKI certificates for clients: Windows computers, note on multiple values" },
        ),
        scope: CLIENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Leave one value in the template's Subject Alternative Name, the computer's DNS name.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| match facts.alternative_names.as_deref().unwrap_or_default() {
        [] => Verdict::pass_with("none: the Subject is used"),
        [only] => Verdict::pass_with(only.to_string()),
        [first, others @ ..] => {
            Evidence::new("The certificate has several Subject Alternative Names, and only the first is used.")
                .expected("one value")
                .observed(format!("{first} (used)"))
                .observed_all(others.iter().map(|name| format!("{name} (not used)")))
                .because(&cause::SEVERAL_NAMES)
                .fail()
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Client;

    pub(super) fn all() -> Vec<Case> {
        let client = || Recipe::client("ws01.corp.contoso.com");
        vec![
            Case::passes("one", World::file(Client, &client().dns(&["ws01.corp.contoso.com"]))),
            Case::passes("none", World::file(Client, &client().no_san())),
            Case::fails(
                "two",
                World::file(Client, &client().dns(&["a.contoso.com", "b.contoso.com"])),
                "dns:a.contoso.com (used)",
            ),
        ]
    }
}
