//! `client/key-length`

use super::{CLIENT_FILES, at_most_2048};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's key has at most 2048 bits. Current Branch sets no limit.
    ///
    /// Who is hurt: the client: a longer key is not supported.
    ///
    /// How it is seen: the modulus in the certificate's file.
    KEY_LENGTH {
        id: "client/key-length",
        title: "The client's key has at most 2048 bits",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Client computers, maximum supported key length" },
        scope: CLIENT_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Set the template's key size to 2048 bits and enrol the computers again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(at_most_2048)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let of = |key| World::file(Client, &Recipe::client("ws01.corp.contoso.com").key(key));
        vec![
            Case::passes("2048 bits", of(KeyName::Rsa2048B)),
            Case::fails("3072 bits", of(KeyName::Rsa3072), "3072 bits"),
            Case::not_applicable("Current Branch sets no limit", of(KeyName::Rsa4096).current_branch()),
        ]
    }
}
