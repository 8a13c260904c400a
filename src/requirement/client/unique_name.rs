//! `client/unique-name`

use super::{CLIENT_FILES, copied, identity, same_name};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A client computer's certificate has a value in its Subject Name or its Subject Alternative Name, and no other
    /// client has the same; in a site of 2007 nor has the certificate for operating system deployment.
    ///
    /// Who is hurt: clients that share a value are one client to the site: their records overwrite each other.
    ///
    /// How it is seen: the value a client is known by (the first Subject Alternative Name, else the Subject) in every
    /// client's file given, side by side, in a site of 2007 those for deployment too. One file alone shows only that there
    /// is a value.
    UNIQUE_NAME {
        id: "client/unique-name",
        title: "The client has a name of its own",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Client computers, Subject Name or Subject Alternative Name" },
            Citation { document: &document::CB, place: "PKI certificates for clients: Windows computers, Subject Name or Subject Alternative Name" },
        ),
        scope: CLIENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Let the template build the Subject Alternative Name from the computer's DNS name in Active Directory, and enrol each computer itself instead of copying a certificate.",
        check: Check::File(check),
    }
}

/// Judges the name of a certificate beside those of its siblings.
pub(crate) fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| {
        let Some(own) = identity(facts) else {
            return Evidence::new("The certificate has no name.")
                .expected("a value in the Subject Name or the Subject Alternative Name")
                .observed("an empty Subject and no Subject Alternative Name")
                .because(&cause::NO_NAME_IN_IT)
                .fail();
        };
        let same = same_name(subject, &own);
        if same.is_empty() {
            return Verdict::pass_with(own);
        }
        let evidence =
            Evidence::new("Several clients have the same name.").expected("a value no other client has").observed(own);
        copied(evidence, subject, &same)
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Client;

    pub(super) fn all() -> Vec<Case> {
        let client = |name: &str| World::file(Client, &Recipe::client(name));
        let with_sibling = |own: &str, other: &str| client(own).beside_file("other.cer", &client(other));
        vec![
            Case::passes("alone", client("ws01.corp.contoso.com")),
            Case::passes("beside another", with_sibling("ws01.corp.contoso.com", "ws02.corp.contoso.com")),
            Case::fails(
                "the same twice",
                with_sibling("ws01.corp.contoso.com", "WS01.corp.contoso.com"),
                "also in other.cer",
            ),
            Case::fails("no name", World::file(Client, &Recipe::client("x").no_cn().no_san()), "an empty Subject"),
            Case::unknown("no certificate in the file", client("x").file_facts(|file| file.certificate = None)),
        ]
    }
}
