//! `web-server/signature`

use crate::certificate::{Facts, Hash, SignatureFamily};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The issuing authority signed the certificate in a way its clients can verify and should trust. In both profiles:
    /// not with MD2, MD4 or MD5. In a site of 2007 also: not by ECDSA (or another elliptic-curve signature) and not in
    /// the form RSASSA-PSS, which AD CS calls the alternate signature format.
    ///
    /// Who is hurt: with ECDSA or PSS every client on Windows XP and Server 2003, whose CryptoAPI cannot verify
    /// either and ends with INVALID_CERT (0x2) or INVALID_CA (0x8). With the old hashes everybody: they can be forged,
    /// and today's Windows refuses them.
    ///
    /// How it is seen: in the signature algorithm of the leaf. It is a property of the authority's key and of its
    /// configuration, not of the template: the hash chosen in a template is that of the request. SHA-1 is judged by
    /// chain/sha1-signatures, SHA-2 for old clients by web-server/legacy-client-hash, and the authorities'
    /// own certificates by chain/signatures.
    SIGNATURE {
        id: "web-server/signature",
        title: "The web server certificate is signed in a way clients can trust",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "introduction: do not use version 3 templates; for the hashes CB, Web server certificate" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "On the issuing authority set the hash (certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256, or HashAlgorithm for a CryptoAPI key) and turn the alternate format off (certutil -setreg ca\\csp\\AlternateSignatureAlgorithm 0), restart it, and issue the certificate again; an authority with an elliptic-curve key cannot serve a site of 2007.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| readable(leaf, subject.basis.site.profile))
}

/// Whether a certificate is signed in a way clients of a profile read and trust; shared with the rows on certificate files.
pub(crate) fn readable(facts: &Facts, profile: Profile) -> Verdict {
    let signature = &facts.signature;
    let evidence = |message: &str, expected: &str, cause: &str| {
        Evidence::new(message).expected(expected).observed(signature.name.clone()).cause(cause).fail()
    };
    if let Some(hash @ (Hash::Md2 | Hash::Md4 | Hash::Md5)) = signature.hash {
        return evidence(
            &format!("The certificate is signed with {}, which can be forged.", hash.name()),
            "SHA-1 or SHA-2",
            "The issuing authority is still set to a hash of the nineties.",
        );
    }
    match (profile, signature.family) {
        (Profile::NativeMode2007, SignatureFamily::RsaPss) => evidence(
            "The certificate is signed in the form RSASSA-PSS, which Windows XP and Server 2003 cannot verify.",
            "RSA PKCS #1 v1.5",
            "The authority was set up with AlternateSignatureAlgorithm=1 in its CAPolicy.inf, or its certificate was.",
        ),
        (Profile::NativeMode2007, SignatureFamily::Ecdsa | SignatureFamily::EdDsa) => evidence(
            "The certificate has an elliptic-curve signature, which Windows XP and Server 2003 cannot verify.",
            "RSA PKCS #1 v1.5",
            "The issuing authority has an elliptic-curve key: a CNG key, as version 3 templates bring.",
        ),
        (_, SignatureFamily::Other) => Verdict::unknown(
            format!("the signature algorithm {} is not known", signature.name),
            "a certificate signed with an algorithm in use",
        ),
        (Profile::NativeMode2007, SignatureFamily::RsaPkcs1 | SignatureFamily::Dsa)
        | (
            Profile::CurrentBranch,
            SignatureFamily::RsaPkcs1
            | SignatureFamily::RsaPss
            | SignatureFamily::Ecdsa
            | SignatureFamily::Dsa
            | SignatureFamily::EdDsa,
        ) => Verdict::pass(),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Minted, Recipe, Signature};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let signed = |signature| World::web_server(move |r| r.signed_with(signature));
        let below_ec = || {
            let issuing =
                Minted::self_signed(&Recipe::root("Contoso EC CA").key(KeyName::P256A)).expect("an authority");
            let leaf = issuing.issue(&lab().web_server(&[INTRANET])).expect("a leaf");
            World::presenting(&[&leaf], &[&issuing])
        };
        vec![
            Case::passes("SHA-256", World::web_server(|r| r)),
            Case::passes("SHA-1, which has rows of its own", signed(Signature::Sha1)),
            Case::passes("SHA-1, at Current Branch", signed(Signature::Sha1).current_branch()),
            Case::passes("PSS, at Current Branch", signed(Signature::PssSha256).current_branch()),
            Case::passes("ECDSA, at Current Branch", below_ec().current_branch()),
            Case::fails("PSS", signed(Signature::PssSha256), "RSASSA-PSS"),
            Case::fails("ECDSA", below_ec(), "ecdsa-with-SHA256"),
            Case::fails("MD5", signed(Signature::Md5), "md5WithRSAEncryption"),
            Case::fails("MD4", signed(Signature::Md4), "MD4"),
            Case::fails("MD2, at Current Branch", signed(Signature::Md2).current_branch(), "MD2"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
