//! `mobile-device/der-encoding`

use super::MOBILE_FILES;
use crate::observation::file::FileFormat;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A mobile device client's certificate is in DER encoded binary X.509 format. Base64 encoded X.509 is not
    /// supported.
    ///
    /// Who is hurt: the device: it cannot import the file.
    ///
    /// How it is seen: by the file's first bytes, whatever its name ends in.
    DER_ENCODING {
        id: "mobile-device/der-encoding",
        title: "The mobile device's certificate file is DER",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Mobile device clients, Important" },
        scope: MOBILE_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Export the certificate again as \u{201c}DER encoded binary X.509 (.CER)\u{201d}.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    match subject.file.format {
        FileFormat::Der => Verdict::pass(),
        other @ (FileFormat::Pem | FileFormat::Pkcs7 | FileFormat::Pkcs12 | FileFormat::Saved) => {
            Evidence::new("The file is not in the format mobile devices read.")
                .expected(FileFormat::Der.name())
                .observed(other.name())
                .cause("It was exported in another format.")
                .fail()
        }
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::observation::file::FileFormat;
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::MobileDevice;

    pub(super) fn all() -> Vec<Case> {
        let of = |format| World::file(MobileDevice, &Recipe::client("device")).file_facts(|file| file.format = format);
        vec![
            Case::passes("DER", of(FileFormat::Der)),
            Case::fails("Base64", of(FileFormat::Pem), "Base64"),
            Case::fails("PKCS #12", of(FileFormat::Pkcs12), "PKCS #12"),
        ]
    }
}
