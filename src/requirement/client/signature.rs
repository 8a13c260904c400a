//! `client/signature`

use super::PRESENTED_TO_SERVERS;
use crate::requirement::web_server::signature::readable;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's certificate is signed in a way the site's servers read: in 2007 neither ECDSA nor RSASSA-PSS; never MD2, MD4 or MD5.
    ///
    /// Who is hurt: the client: the server cannot verify its certificate and answers 403.16.
    ///
    /// How it is seen: the signature algorithm in the certificate's file.
    SIGNATURE {
        id: "client/signature",
        title: "The client's certificate is signed in a way servers read",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Introduction: version 3 templates" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File],
        remedy: "Set the issuing authority to RSA PKCS #1 v1.5 with SHA-1 or SHA-2 and enrol the computer again.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(|facts| readable(facts, subject.basis.site.profile))),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Recipe, Signature};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let of = |signature| World::file(Client, &Recipe::client("ws01.corp.contoso.com").signed_with(signature));
        vec![
            Case::passes("SHA-256", of(Signature::Sha256)),
            Case::fails("MD5", of(Signature::Md5), "MD5"),
            Case::fails("RSASSA-PSS", of(Signature::PssSha256), "RSASSA-PSS"),
            Case::passes("RSASSA-PSS at a Current Branch site", of(Signature::PssSha256).current_branch()),
        ]
    }
}
