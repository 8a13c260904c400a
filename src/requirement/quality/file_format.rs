//! `file-format`

use crate::certificate::Facts;
use crate::observation::file::{FileFacts, FileFormat, KeyPresence, Lock};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::rule::usage::Use;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// The file has the form its importer takes. For deployment, a distribution point's properties and a cloud management
    /// gateway that is PKCS #12: it opens with the password given and holds one private key, the certificate's. A mobile
    /// device takes DER encoded binary X.509; Base64 is not supported.
    ///
    /// Who is hurt: whoever imports it: the boot image, the PXE service point, the wizard or the device cannot use the file, and
    /// a task sequence gets no policy.
    ///
    /// How it is seen: by the file's content, whatever its name ends in, and by opening it, old exports (RC2-40, 3DES, SHA-1)
    /// included.
    FILE_FORMAT {
        slug: slug,
        servers: None,
        title: "{} lies in a file of the form its importer takes",
        evidence: &[EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

/// The second part of the id: the form.
const fn slug(of: Use) -> &'static str {
    match of {
        Use::MobileDevice => "der-encoding",
        Use::WebServer
        | Use::Proxy
        | Use::ProxyClient
        | Use::Client
        | Use::Deployment
        | Use::Monitoring
        | Use::DistributionPointClient
        | Use::SiteServer
        | Use::Root
        | Use::CloudManagementGateway
        | Use::SmsProvider
        | Use::ReportingPoint
        | Use::SqlServer => "pkcs12",
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    match of.file() {
        Some(subject) => of_file(of.of, subject.file),
        None => Verdict::NotApplicable("a server presented it; it lies in no file"),
    }
}

/// The verdict on a file, whether or not its certificate could be had.
pub(crate) fn of_file(of: Use, file: &FileFacts) -> Verdict {
    if of == Use::MobileDevice { der(file) } else { pkcs12(file) }
}

fn der(file: &FileFacts) -> Verdict {
    match file.format {
        FileFormat::Der => Verdict::pass(),
        other @ (FileFormat::Pem | FileFormat::Pkcs7 | FileFormat::Pkcs12 | FileFormat::Saved) => {
            Evidence::new("The file is not in the format mobile devices read.")
                .expected(FileFormat::Der.name())
                .observed(other.name())
                .because(&cause::NOT_DER)
                .fail()
        }
    }
}

fn pkcs12(file: &FileFacts) -> Verdict {
    let evidence = |observed: &str, because: &'static Cause| {
        Evidence::new("The file is not what its importer takes.")
            .expected("a PKCS #12 file that opens with its password and holds one key, the certificate's")
            .observed(observed)
            .because(because)
            .fail()
    };
    if file.format != FileFormat::Pkcs12 {
        return match file.key {
            KeyPresence::Absent => evidence(file.format.name(), &cause::PFX_WITHOUT_KEY),
            KeyPresence::DoesNotFit => evidence(file.format.name(), &cause::KEY_OF_ANOTHER),
            KeyPresence::Fits => evidence(&format!("{}, with the key", file.format.name()), &cause::NOT_PKCS12),
        };
    }
    match file.lock {
        Lock::SecretMissing => {
            return Verdict::unknown("the file is protected by a password", "--pass-env, --pass-file, or the prompt");
        }
        Lock::WrongSecret => return evidence("the password does not open it", &cause::PASSWORD_DIFFERS),
        Lock::Open => {}
    }
    match (file.keys, file.key) {
        (0, _) | (_, KeyPresence::Absent) => evidence("no private key", &cause::PFX_WITHOUT_KEY),
        (_, KeyPresence::DoesNotFit) => evidence("a private key of another certificate", &cause::KEY_OF_ANOTHER),
        (1, KeyPresence::Fits) => Verdict::pass(),
        (more, KeyPresence::Fits) => evidence(&format!("{more} private keys"), &cause::PFX_SEVERAL_KEYS),
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::file::{FileFormat, KeyPresence, Lock};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of == Use::MobileDevice {
            let with = |format| World::in_file(of).file_facts(move |file| file.format = format);
            return vec![
                Case::passes("DER", with(FileFormat::Der)),
                Case::fails("Base64", with(FileFormat::Pem), "Base64"),
                Case::fails("PKCS #12", with(FileFormat::Pkcs12), "PKCS #12"),
            ];
        }
        let pfx = || {
            World::in_file(of).file_facts(|file| {
                file.format = FileFormat::Pkcs12;
                file.key = KeyPresence::Fits;
                file.keys = 1;
            })
        };
        vec![
            Case::passes("one key that fits", pfx()),
            Case::fails(
                "a certificate alone",
                pfx().file_facts(|file| (file.format, file.key) = (FileFormat::Der, KeyPresence::Absent)),
                "pfx-without-key",
            ),
            Case::fails(
                "certificate and key as Base64",
                pfx().file_facts(|file| file.format = FileFormat::Pem),
                "not-pkcs12",
            ),
            Case::fails(
                "as Base64, with another's key",
                pfx().file_facts(|file| (file.format, file.key) = (FileFormat::Pem, KeyPresence::DoesNotFit)),
                "key-of-another",
            ),
            Case::fails(
                "another's key",
                pfx().file_facts(|file| file.key = KeyPresence::DoesNotFit),
                "another certificate",
            ),
            Case::fails("no key", pfx().file_facts(|file| file.keys = 0), "no private key"),
            Case::fails("two keys", pfx().file_facts(|file| file.keys = 2), "2 private keys"),
            Case::fails(
                "another password",
                pfx().file_facts(|file| {
                    file.lock = Lock::WrongSecret;
                    file.certificate = None;
                }),
                "does not open it",
            ),
            Case::unknown(
                "no password",
                pfx().file_facts(|file| {
                    file.lock = Lock::SecretMissing;
                    file.certificate = None;
                }),
            ),
        ]
    }
}
