//! `deployment/pkcs12`

use super::DEPLOYMENT_FILES;
use crate::observation::file::{FileFormat, KeyPresence, Lock};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The certificate for operating system deployment is a PKCS #12 file that opens with the password given, and holds one
    /// private key, the certificate's.
    ///
    /// Who is hurt: computers being deployed: the boot image cannot use the file, and the task sequence gets no policy.
    ///
    /// How it is seen: by opening the file, old exports (RC2-40, 3DES, SHA-1) included.
    PKCS12 {
        id: "deployment/pkcs12",
        title: "The deployment certificate is a PKCS #12 file with its key",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Operating system client deployment, how the certificate is used" },
        scope: DEPLOYMENT_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Export the certificate with its private key as \u{201c}Personal Information Exchange (.PFX)\u{201d}, note the password, and let the template allow the key to be exported.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    let file = subject.file;
    let evidence = |observed: &str, cause: &str| {
        Evidence::new("The file is not what boot images and the PXE service point take.")
            .expected("a PKCS #12 file that opens with its password and holds one key, the certificate's")
            .observed(observed)
            .cause(cause)
            .fail()
    };
    if file.format != FileFormat::Pkcs12 {
        return evidence(file.format.name(), "The certificate was exported without its private key.");
    }
    match file.lock {
        Lock::SecretMissing => {
            return Verdict::unknown("the file is protected by a password", "--pass-env, --pass-file, or the prompt");
        }
        Lock::WrongSecret => {
            return evidence("the password does not open it", "The password is another, or the file is damaged.");
        }
        Lock::Open => {}
    }
    match (file.keys, file.key) {
        (0, _) | (_, KeyPresence::Absent) => {
            evidence("no private key", "It was exported without the private key, or the key may not be exported.")
        }
        (_, KeyPresence::DoesNotFit) => {
            evidence("a private key of another certificate", "Files of two enrolments were mixed up.")
        }
        (1, KeyPresence::Fits) => Verdict::pass(),
        (more, KeyPresence::Fits) => {
            evidence(&format!("{more} private keys"), "Several certificates were exported into one file.")
        }
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::observation::file::{FileFormat, KeyPresence, Lock};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Deployment;

    pub(super) fn all() -> Vec<Case> {
        let pfx = || {
            World::file(Deployment, &Recipe::client("deployment")).file_facts(|file| {
                file.format = FileFormat::Pkcs12;
                file.key = KeyPresence::Fits;
                file.keys = 1;
            })
        };
        vec![
            Case::passes("one key that fits", pfx()),
            Case::fails("a .cer", pfx().file_facts(|file| file.format = FileFormat::Der), "DER"),
            Case::fails("a wrong password", pfx().file_facts(|file| file.lock = Lock::WrongSecret), "does not open"),
            Case::fails("no key", pfx().file_facts(|file| file.keys = 0), "no private key"),
            Case::fails(
                "another's key",
                pfx().file_facts(|file| file.key = KeyPresence::DoesNotFit),
                "another certificate",
            ),
            Case::fails("two keys", pfx().file_facts(|file| file.keys = 2), "2 private keys"),
            Case::unknown("no password given", pfx().file_facts(|file| file.lock = Lock::SecretMissing)),
        ]
    }
}
