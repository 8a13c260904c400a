//! `path-signatures`

use super::hashes::judge_hashes;
use crate::certificate::Facts;
use crate::certificate::Hash;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Evidence;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// No certificate of the path below the root, the certificate's own included, is signed with MD2, MD4 or MD5.
    ///
    /// Who is hurt: whoever trusts the hierarchy. Certificates with another name and the same MD5 signature have been
    /// made in practice, so anybody can pose as a server below such an authority. Windows since 2013 (advisory 2862973)
    /// refuses MD5 below roots of its own programme, and newer TLS stacks refuse it everywhere; the client then reports
    /// an invalid authority or signature.
    ///
    /// How it is seen: in the signatures of the path, or, where there is none, of what could be
    /// followed from the leaf upwards. A root's own signature protects nothing and is not looked at. The hash is the
    /// issuing authority's choice, not the template's: in AD CS `certutil -getreg ca\csp\HashAlgorithm` on the authority
    /// above. Where the chain could not be followed to a root and nothing seen is weak, it stays unknown. The
    /// certificate's own signature has a row of its own as well.
    PATH_SIGNATURES {
        slug: |_| "path-signatures",
        servers: Some("chain/signatures"),
        title: "No signature from {} up to the root is made with MD2, MD4 or MD5",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    judge_hashes(
        of,
        |hash| matches!(hash, Hash::Md2 | Hash::Md4 | Hash::Md5),
        |observed| {
            Evidence::new("A certificate below the root is signed with a broken hash.")
                .expected("SHA-256 or better; SHA-1 at the least")
                .observed_all(observed)
                .because(&cause::BROKEN_HASH)
        },
    )
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Minted, Pki, Signature};
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let root = &lab().root;
        let issuing = |signature| root.issue(&lab().issuing.recipe.clone().signed_with(signature)).unwrap();
        let old_root = Minted::self_signed(&root.recipe.clone().signed_with(Signature::Md5)).unwrap();
        let stranger = Pki::stranger().unwrap();
        let signed = |signature| World::of(of, move |r| r.signed_with(signature));
        vec![
            Case::passes("SHA-256", World::of(of, |r| r)),
            Case::passes("SHA-1 has its own row", signed(Signature::Sha1)),
            Case::fails("MD5 on the certificate", signed(Signature::Md5), "md5WithRSAEncryption"),
            Case::fails("MD4 on the certificate", signed(Signature::Md4), "md4With"),
            Case::fails("MD2 on the certificate", signed(Signature::Md2), "md2With"),
            Case::fails(
                "MD5 on the issuer",
                World::of_issued_by(of, &issuing(Signature::Md5), |r| r),
                "CN=Contoso Issuing CA",
            ),
            Case::passes("MD5 on the root", World::of(of, |r| r).trusting(&[&old_root])),
            Case::unknown("cut short", World::of_issued_by(of, &stranger.issuing, |r| r)),
        ]
    }
}
