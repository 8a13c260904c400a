//! `client/client-auth-eku`

use super::{CLIENT_FILES, client_authentication};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's certificate has Client Authentication (1.3.6.1.5.5.7.3.2) in its Enhanced Key Usage.
    ///
    /// Who is hurt: the client: it finds no certificate it may use, and stays unmanaged.
    ///
    /// How it is seen: in the certificate's file.
    CLIENT_AUTH_EKU {
        id: "client/client-auth-eku",
        title: "The client's certificate is for Client Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Client computers, Enhanced Key Usage" },
        scope: CLIENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Enrol the computer from the Workstation Authentication or the Computer template.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(client_authentication)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Recipe, oid};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let client = || Recipe::client("ws01.corp.contoso.com");
        vec![
            Case::passes("a workstation's", World::file(Client, &client())),
            Case::fails(
                "a web server's",
                World::file(Client, &client().eku(&[oid::SERVER_AUTHENTICATION])),
                "1.3.6.1.5.5.7.3.1",
            ),
            Case::fails("without purposes", World::file(Client, &client().no_eku()), "no Enhanced Key Usage"),
            Case::unknown(
                "no certificate in the file",
                World::file(Client, &client()).file_facts(|file| file.certificate = None),
            ),
        ]
    }
}
