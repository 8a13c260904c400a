//! `key-matches`

use crate::certificate::Facts;
use crate::observation::file::{FileFormat, KeyPresence};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The private key given with the certificate belongs to it, and a PKCS #12 file holds one.
    ///
    /// Who is hurt: whoever presents it: without the key, or with another, there is no proof, and the server ends the handshake
    /// (WinHTTP 12185, ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY).
    ///
    /// How it is seen: the key in a PKCS #12 file, or in the file given beside the certificate. A certificate alone is not
    /// judged: it was given to be looked at, not to be presented.
    KEY_MATCHES {
        slug: |_| "key-matches",
        servers: None,
        title: "The private key belongs to {}",
        evidence: &[EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let Some(file) = of.file().map(|subject| subject.file) else {
        return Verdict::NotApplicable("the key of a certificate met elsewhere is not seen");
    };
    let evidence = |message: &str, observed: &str| {
        let evidence = of.evidence(message).expected("the key of this certificate").observed(observed);
        crate::verdict::Evidence { culprit: None, ..evidence }
    };
    match (file.key, file.format) {
        (KeyPresence::Fits, _) => Verdict::pass(),
        (KeyPresence::DoesNotFit, _) => evidence("The private key belongs to another certificate.", "another key")
            .because(&cause::KEY_OF_ANOTHER)
            .fail(),
        (KeyPresence::Absent, FileFormat::Pkcs12) => {
            evidence("The file holds no private key.", "no private key").because(&cause::PFX_WITHOUT_KEY).fail()
        }
        (KeyPresence::Absent, FileFormat::Der | FileFormat::Pem | FileFormat::Pkcs7 | FileFormat::Saved) => {
            Verdict::NotApplicable("a certificate was given without a key, to be looked at")
        }
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::file::{FileFormat, KeyPresence};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let with = |format, key| {
            World::of(of, |r| r).file_facts(move |file| {
                file.format = format;
                file.key = key;
            })
        };
        vec![
            Case::passes("it fits", with(FileFormat::Pem, KeyPresence::Fits)),
            Case::fails("it does not", with(FileFormat::Pem, KeyPresence::DoesNotFit), "another key"),
            Case::fails("an export without it", with(FileFormat::Pkcs12, KeyPresence::Absent), "no private key"),
            Case::not_applicable("a certificate alone", with(FileFormat::Der, KeyPresence::Absent)),
        ]
    }
}
