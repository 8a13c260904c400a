//! `signature-family`

use crate::certificate::Facts;
use crate::certificate::SignatureFamily;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Evidence;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// No authority's certificate between this one and the root is signed by ECDSA or in the form RSASSA-PSS. The certificate's
    /// own signature has a row of its own.
    ///
    /// Who is hurt: clients on Windows XP and Server 2003, whose CryptoAPI can verify neither: the chain ends in INVALID_CA (0x8).
    ///
    /// How it is seen: in the signatures of the path's authorities, or, where there is no path, of what could be followed
    /// upwards. A root's own signature is not verified by anybody.
    SIGNATURE_FAMILY {
        slug: |_| "signature-family",
        servers: Some("chain/signature-family"),
        title: "The oldest clients can verify every signature above {}",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let (authorities, missing) = of.below_root();
    for certificate in authorities {
        let Some(facts) = certificate.facts() else { continue };
        let because = match facts.signature.family {
            SignatureFamily::RsaPss => &cause::PSS_SIGNATURE,
            SignatureFamily::Ecdsa | SignatureFamily::EdDsa => &cause::ECDSA_AUTHORITY,
            SignatureFamily::RsaPkcs1 | SignatureFamily::Dsa | SignatureFamily::Other => continue,
        };
        return Evidence::new(
            "An authority's certificate is signed in a way Windows XP and Server 2003 cannot verify.",
        )
        .expected("RSA PKCS #1 v1.5")
        .observed(format!("{}: {}", certificate.subject_text(), facts.signature.name))
        .because(because)
        .culprit(super::signature::issuer(facts))
        .fail();
    }
    missing.map_or(Verdict::pass(), Verdict::Unknown)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Pki, Signature};
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let issuing = |signature| {
            let authority = lab().root.issue(&lab().issuing.recipe.clone().signed_with(signature)).unwrap();
            World::of_issued_by(of, &authority, |r| r)
        };
        let stranger = Pki::stranger().unwrap();
        vec![
            Case::passes("PKCS #1 v1.5", World::of(of, |r| r)),
            Case::passes(
                "on the certificate, which has a row of its own",
                World::of(of, |r| r.signed_with(Signature::PssSha256)),
            ),
            Case::fails("PSS", issuing(Signature::PssSha256), "CN=Contoso Issuing CA"),
            Case::unknown("cut short", World::of_issued_by(of, &stranger.issuing, |r| r)),
            Case::not_applicable("Current Branch", issuing(Signature::PssSha256).current_branch()),
        ]
    }
}
