//! `root/standard`

use crate::certificate::{Certificate, Facts};
use crate::rule::credential;
use crate::rule::scope::Scope;
use crate::rule::subject::FileSubject;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::trust::basis::Basis;
use crate::trust::dates::is_within_dates;
use crate::trust::path::signed::{Signed, signed_by};
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// A root certification authority's certificate is a standard one: subject and issuer are the same name, it is a
    /// certification authority's, its Key Usage (where it has one) allows signing certificates, its own key made its
    /// signature, and now lies within its dates.
    ///
    /// Who is hurt: everything that is checked against it. A wrong file among the site's roots, such as an issuing
    /// authority's certificate, an expired root or a web server's own certificate, makes task sequences from boot
    /// media fail to reach the management point, and IIS answer 403.16 where it lies in the server's Trusted Root
    /// store and is not self-signed (KB 2802568).
    ///
    /// How it is seen: in the file, every certificate of it. A certificate of version 1 cannot say that it is an
    /// authority's; such old roots are taken as that, as Windows does with what lies in its root store. The hash of a
    /// root's own signature does not matter: nobody relies on it.
    STANDARD {
        id: "root/standard",
        title: "A root authority's file holds a standard root certificate",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Root certification authority certificates for operating system deployment clients" },
            Citation { document: &document::CB, place: "Root certification authority certificates: operating system deployment, client certificates of another hierarchy" },
        ),
        scope: Scope::files(&[Use::Root], "files of root authorities, and those the definition names as roots"),
        evidence: &[EvidenceSource::File],
        remedy: "Export the root authority's own certificate (certutil -ca.cert on the root, or the topmost entry of a server certificate's Certification Path tab), not an issuing authority's, and name that file.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    let mut first = None;
    for certificate in subject.file.certificate.iter().chain(&subject.file.others) {
        let facts = match &certificate.facts {
            Ok(facts) => facts,
            Err(why) => return unreadable(certificate, why),
        };
        let verdict = judge(subject.basis, certificate, facts);
        if matches!(verdict, Verdict::Fail(_)) {
            return verdict;
        }
        // Something that could not be decided weighs more than what is in order.
        if !matches!(first, Some(Verdict::Unknown(_))) {
            first = Some(verdict);
        }
    }
    first.unwrap_or_else(|| subject.judge(|_| Verdict::pass()))
}

fn unreadable(certificate: &Certificate, why: &str) -> Verdict {
    Evidence::new("A certificate in the file cannot be read as X.509.")
        .expected("certificates that can be read as X.509")
        .observed(format!("{}: {why}", counted(certificate.der.as_slice().len(), "octet")))
        .because(&cause::UNREADABLE_CERTIFICATE)
        .culprit(credential::culprit(certificate))
        .fail()
}

fn judge(basis: &Basis<'_>, certificate: &Certificate, facts: &Facts) -> Verdict {
    let mut expected = Vec::new();
    let mut observed = Vec::new();
    let mut why = None;
    let mut wrong = |right: &str, seen: String, cause: &'static Cause| {
        expected.push(right.to_owned());
        observed.push(seen);
        why.get_or_insert(cause);
    };
    let self_issued = certificate.is_self_issued();
    let is_authority = facts.version < 3 || facts.basic_constraints.is_some_and(|constraints| constraints.ca);
    if !self_issued {
        wrong(
            "self-signed: subject and issuer the same",
            format!("issuer {}", facts.issuer.text),
            if is_authority { &cause::ROOT_FILE_IS_NO_ROOT } else { &cause::ROOT_FILE_HOLDS_NO_AUTHORITY },
        );
    }
    if !is_authority {
        wrong("a certification authority's", "Basic Constraints do not say CA".into(), &cause::ROOT_IS_NO_AUTHORITY);
    }
    if facts.key_usage.is_some_and(|usage| !usage.key_cert_sign) {
        wrong(
            "Key Usage with certificate signing",
            "Key Usage without certificate signing".into(),
            &cause::ROOT_IS_NO_AUTHORITY,
        );
    }
    if !is_within_dates(facts, basis.now) {
        wrong(
            &format!("valid at {}", basis.now),
            format!("valid from {} to {}", facts.not_before, facts.not_after),
            &cause::ROOT_ENDED,
        );
    }
    // Of a certificate that another authority issued, its own key cannot have made the signature.
    let signed = if self_issued { signed_by(certificate, certificate, basis.trust.algorithms) } else { Signed::Yes };
    if signed == Signed::No {
        wrong("signed with its own key", "a signature its own key did not make".into(), &cause::ROOT_FILE_IS_NO_ROOT);
    }
    if observed.is_empty() {
        return match signed {
            Signed::Yes | Signed::No => Verdict::pass(),
            Signed::Undecided(why) => Verdict::unknown(why, "a means to verify this signature"),
        };
    }
    let why = why.unwrap_or(&cause::ROOT_FILE_IS_NO_ROOT);
    Evidence::new(format!("{} is no standard root certificate.", certificate.subject_text()))
        .expected_all(expected)
        .observed_all(observed)
        .because(why)
        .culprit(credential::authority(certificate))
        .fail()
}

#[cfg(test)]
mod cases {
    use std::sync::Arc;

    use time::Duration;

    use crate::certificate::Certificate;
    use crate::lab::pki::{KeyName, KeyUsage, Minted, Recipe, Signature};
    use crate::observation::file::Lock;
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let file = |minted: &Minted| World::file_of(Use::Root, minted);
        let root = |bend: fn(Recipe) -> Recipe| {
            let recipe = bend(Recipe::root("Contoso Root CA").key(KeyName::Rsa2048E));
            Minted::self_signed(&recipe).expect("a root")
        };
        let (plain, ends) = (root(|r| r), root(|r| r).recipe.not_after);
        vec![
            Case::passes("the lab's root", file(&lab().root)),
            Case::passes("version 1", file(&root(|r| r.version_1()))),
            Case::passes("no Key Usage", file(&root(|r| r.no_key_usage()))),
            Case::passes("signed with SHA-1", file(&root(|r| r.signed_with(Signature::Sha1)))),
            Case::passes("an elliptic curve", file(&root(|r| r.key(KeyName::P256A)))),
            Case::passes("its last second", file(&plain).at(ends)),
            Case::fails("a second later", file(&plain).at(ends + Duration::SECOND), "valid at"),
            Case::fails("the issuing authority", file(&lab().issuing), "self-signed: subject and issuer the same"),
            Case::fails("the issuing authority's cause", file(&lab().issuing), "root-file-is-no-root"),
            Case::fails(
                "a web server's certificate",
                file(&lab().issue(&lab().web_server(&["mp01.corp.contoso.com"])).expect("a server's")),
                "root-file-holds-no-authority",
            ),
            Case::fails("not an authority", file(&root(|r| r.basic_constraints(false, None))), "do not say CA"),
            Case::fails("no Basic Constraints", file(&root(|r| r.no_basic_constraints())), "do not say CA"),
            Case::fails(
                "a Key Usage without certificate signing",
                file(&root(|r| r.key_usage(KeyUsage::DIGITAL_SIGNATURE))),
                "Key Usage without certificate signing",
            ),
            Case::fails(
                "a spoiled signature",
                file(&plain.clone().corrupt_signature()),
                "a signature its own key did not make",
            ),
            Case::fails(
                "the second certificate of the file",
                file(&plain).file_facts(|facts| {
                    let issuing = Der::from(lab().issuing.der.as_slice());
                    facts.others.push(Arc::new(Certificate::read(&issuing)));
                }),
                "Contoso Issuing CA",
            ),
            Case::fails(
                "the certificate cannot be read",
                file(&plain).file_facts(|facts| {
                    facts.certificate = Some(Arc::new(Certificate::read(&Der::from(&b"no certificate"[..]))));
                }),
                "unreadable-certificate",
            ),
            Case::unknown(
                "the password is missing",
                file(&plain).file_facts(|facts| {
                    facts.certificate = None;
                    facts.lock = Lock::SecretMissing;
                }),
            ),
        ]
    }
}
