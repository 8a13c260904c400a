//! `client/key-matches`

use super::CLIENT_FILES;
use crate::observation::file::KeyPresence;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The private key given with a client's certificate belongs to it.
    ///
    /// Who is hurt: whoever presents it: the server ends the handshake, because the proof does not fit.
    ///
    /// How it is seen: the key in a PKCS #12 file, or in the file given beside the certificate. A certificate without
    /// a key is not judged: it was given to be looked at, not to be presented.
    KEY_MATCHES {
        id: "client/key-matches",
        title: "The private key belongs to the certificate",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "a client proves that it holds its certificate's key" },
        scope: CLIENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Export certificate and key together, as a PKCS #12 file, from the store they were enrolled into.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|_| match subject.file.key {
        KeyPresence::Fits => Verdict::pass(),
        KeyPresence::Absent => Verdict::NotApplicable("no private key was given"),
        KeyPresence::DoesNotFit => Evidence::new("The private key belongs to another certificate.")
            .expected("the key of this certificate")
            .observed("another key")
            .cause("Files of two enrolments were mixed up.")
            .fail(),
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::observation::file::KeyPresence;
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let with =
            |key| World::file(Client, &Recipe::client("ws01.corp.contoso.com")).file_facts(|file| file.key = key);
        vec![
            Case::passes("it fits", with(KeyPresence::Fits)),
            Case::fails("it does not", with(KeyPresence::DoesNotFit), "another key"),
            Case::not_applicable("there is none", with(KeyPresence::Absent)),
        ]
    }
}
