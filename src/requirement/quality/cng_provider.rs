//! `cng-provider`

use crate::certificate::Facts;
use crate::observation::file::{FileFormat, KeyPresence};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The key is not held by a Key Storage Provider of Cryptography API: Next Generation. In a site of 2007 that is what
    /// version 3 templates bring, and certificates from those are not compatible with it; SQL Server wants a key for exchange
    /// in a cryptographic service provider still.
    ///
    /// Who is hurt: whoever owns the key: the component cannot open it and finds no certificate.
    ///
    /// How it is seen: only in a PKCS #12 file that Windows exported, by the provider's name in it. Neither a certificate nor a
    /// handshake shows it; a file made by another tool names none, and is not judged.
    CNG_PROVIDER {
        slug: |_| "cng-provider",
        servers: None,
        title: "The key of {} is not in a Key Storage Provider",
        evidence: &[EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let Some(file) = of.file().map(|subject| subject.file) else {
        return Verdict::NotApplicable("only a PKCS #12 file with a key can show it");
    };
    if file.format != FileFormat::Pkcs12 || file.key == KeyPresence::Absent {
        return Verdict::NotApplicable("only a PKCS #12 file with a key can show it");
    }
    match file.provider.as_deref() {
        Some(name) if name.contains("Key Storage Provider") => of
            .evidence("The key comes from a CNG Key Storage Provider.")
            .expected("a cryptographic service provider")
            .observed(name)
            .because(&cause::KEY_IN_STORAGE_PROVIDER)
            .fail(),
        Some(name) => Verdict::pass_with(name),
        None => Verdict::NotApplicable("the file names no provider: Windows did not export it"),
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::file::{FileFormat, KeyPresence};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let pfx = |provider: Option<&str>| {
            let provider = provider.map(str::to_owned);
            World::of(of, |r| r).file_facts(move |file| {
                file.format = FileFormat::Pkcs12;
                file.key = KeyPresence::Fits;
                file.provider = provider;
            })
        };
        vec![
            Case::passes("a service provider", pfx(Some("Microsoft RSA SChannel Cryptographic Provider"))),
            Case::fails("a storage provider", pfx(Some("Microsoft Software Key Storage Provider")), "Key Storage"),
            Case::not_applicable("made by another tool", pfx(None)),
            Case::not_applicable(
                "a certificate alone",
                World::of(of, |r| r).file_facts(|file| {
                    file.format = FileFormat::Der;
                    file.key = KeyPresence::Absent;
                }),
            ),
        ]
    }
}
