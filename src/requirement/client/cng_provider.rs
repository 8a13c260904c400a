//! `client/cng-provider`

use super::CLIENT_FILES;
use crate::observation::file::{FileFormat, KeyPresence};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The client's key is not held by a CNG Key Storage Provider: that is what version 3 templates bring, and
    /// certificates from those are not compatible with Configuration Manager 2007.
    ///
    /// Who is hurt: the client: it cannot use its key and finds no certificate.
    ///
    /// How it is seen: only in a PKCS #12 file that Windows exported, by the provider's name in it. Neither a
    /// certificate nor a handshake shows it. A file without the name says nothing.
    CNG_PROVIDER {
        id: "client/cng-provider",
        title: "The client's key is not in a Key Storage Provider",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Introduction: version 3 templates" },
        scope: CLIENT_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Use a version 2 template (Windows Server 2003 Enterprise), whose keys are made by a cryptographic service provider, and enrol again.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|_| {
        if subject.file.format != FileFormat::Pkcs12 || subject.file.key == KeyPresence::Absent {
            return Verdict::NotApplicable("only a PKCS #12 file with a key can show it");
        }
        match subject.file.provider.as_deref() {
            Some(name) if name.contains("Key Storage Provider") => {
                Evidence::new("The key comes from a CNG Key Storage Provider.")
                    .expected("a cryptographic service provider")
                    .observed(name)
                    .cause("The certificate was made from a version 3 template.")
                    .fail()
            }
            Some(name) => Verdict::pass_with(name),
            None => {
                Verdict::unknown("the file does not name the key's provider", "a PKCS #12 file exported by Windows")
            }
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::observation::file::{FileFormat, KeyPresence};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let pfx = |provider: Option<&str>| {
            World::file(Client, &Recipe::client("ws01.corp.contoso.com")).file_facts(|file| {
                file.format = FileFormat::Pkcs12;
                file.key = KeyPresence::Fits;
                file.provider = provider.map(str::to_owned);
            })
        };
        let ksp = Some("Microsoft Software Key Storage Provider");
        vec![
            Case::passes("a CSP", pfx(Some("Microsoft Enhanced Cryptographic Provider v1.0"))),
            Case::fails("a KSP", pfx(ksp), "Microsoft Software Key Storage Provider"),
            Case::unknown("not named", pfx(None)),
            Case::not_applicable("no PKCS #12", World::file(Client, &Recipe::client("x"))),
            Case::not_applicable("Current Branch supports it", pfx(ksp).current_branch()),
        ]
    }
}
