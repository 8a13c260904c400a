//! `client/rsa-key`

use super::PRESENTED_TO_SERVERS;
use crate::requirement::web_server::rsa_key::rsa;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's key is an RSA key. Another kind comes from a version 3 template or a CNG provider.
    ///
    /// Who is hurt: the client: it cannot use the certificate.
    ///
    /// How it is seen: the public key in the certificate's file. An RSA key held by a CNG provider looks like any other here: see client/cng-provider.
    RSA_KEY {
        id: "client/rsa-key",
        title: "The client's key is RSA",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Introduction: version 3 templates" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File],
        remedy: "Enrol the computer from a version 2 template with an RSA cryptographic service provider.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(rsa)),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let of = |key| World::file(Client, &Recipe::client("ws01.corp.contoso.com").key(key));
        vec![Case::passes("RSA", of(KeyName::Rsa2048B)), Case::fails("P-256", of(KeyName::P256A), "P-256")]
    }
}
