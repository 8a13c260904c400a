//! `signature`

use crate::certificate::{Facts, Hash, SignatureFamily};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::site::profile::Profile;
use crate::verdict::Verdict;
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The issuing authority signed the certificate in a way those who rely on it can verify and should trust. In both
    /// profiles: not with MD2, MD4 or MD5. In a site of 2007 also: not by ECDSA (or another elliptic-curve signature) and not
    /// in the form RSASSA-PSS, which AD CS calls the alternate signature format.
    ///
    /// Who is hurt: with ECDSA or PSS everything on Windows XP and Server 2003, whose CryptoAPI cannot verify either and ends
    /// with INVALID_CERT (0x2) or INVALID_CA (0x8). With the old hashes everybody: they can be forged, and today's Windows
    /// refuses them.
    ///
    /// How it is seen: in the signature algorithm of the certificate. It is a property of the authority's key and of its
    /// configuration, not of the template: the hash chosen in a template is that of the request. SHA-1, SHA-2 for old
    /// clients, and the authorities' own certificates have rows of their own.
    SIGNATURE {
        slug: |_| "signature",
        servers: None,
        title: "{} is signed in a way those who rely on it can trust",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if facts.names_two_signatures() {
        return Verdict::NotApplicable("the certificate names two signature algorithms: the row on its path tells it");
    }
    let signature = &facts.signature;
    let evidence = |message: String, expected: &str| {
        of.evidence(message).culprit(issuer(facts)).expected(expected).observed(signature.name.clone())
    };
    if let Some(hash @ (Hash::Md2 | Hash::Md4 | Hash::Md5)) = signature.hash {
        let message = format!("The certificate is signed with {}, which can be forged.", hash.name());
        return evidence(message, "SHA-1 or SHA-2").because(&cause::BROKEN_HASH).fail();
    }
    match (of.profile(), signature.family) {
        (Profile::NativeMode2007, SignatureFamily::RsaPss) => evidence(
            "The certificate is signed in the form RSASSA-PSS, which Windows XP and Server 2003 cannot verify.".into(),
            "RSA PKCS #1 v1.5",
        )
        .because(&cause::PSS_SIGNATURE)
        .fail(),
        (Profile::NativeMode2007, SignatureFamily::Ecdsa | SignatureFamily::EdDsa) => evidence(
            "The certificate has an elliptic-curve signature, which Windows XP and Server 2003 cannot verify.".into(),
            "RSA PKCS #1 v1.5",
        )
        .because(&cause::ECDSA_AUTHORITY)
        .fail(),
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

/// The authority that signed, known by its name.
pub(crate) fn issuer(facts: &Facts) -> Culprit {
    Culprit::Authority { fingerprint: None, subject: facts.issuer.text.as_str().into() }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Minted, Recipe, Signature};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;
    use crate::site::profile::Profile;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let signed = |signature| World::of(of, move |r| r.signed_with(signature));
        let below_ec = || {
            let issuing =
                Minted::self_signed(&Recipe::root("Contoso EC CA").key(KeyName::P256A)).expect("an authority");
            World::of_issued_by(of, &issuing, |r| r)
        };
        let mut cases = vec![
            Case::passes("SHA-256", World::of(of, |r| r)),
            Case::passes("SHA-1, which has rows of its own", signed(Signature::Sha1)),
            Case::fails("MD5", signed(Signature::Md5), "md5WithRSAEncryption"),
            Case::fails("MD4", signed(Signature::Md4), "MD4"),
            Case::fails("MD2", signed(Signature::Md2), "MD2"),
        ];
        if of.exists_in(Profile::NativeMode2007) {
            cases.push(Case::fails("PSS", signed(Signature::PssSha256), "RSASSA-PSS"));
            cases.push(Case::fails("ECDSA", below_ec(), "ecdsa-with-SHA256"));
        }
        if of != Use::SiteServer {
            cases.push(Case::passes("PSS, at Current Branch", signed(Signature::PssSha256).current_branch()));
            cases.push(Case::passes("ECDSA, at Current Branch", below_ec().current_branch()));
        }
        cases
    }
}
