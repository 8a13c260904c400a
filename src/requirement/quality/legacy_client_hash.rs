//! `legacy-client-hash`

use crate::certificate::{Facts, SignatureFamily};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::{Culprit, catalogue as cause};

quality! {
    /// Where the site has clients that cannot read SHA-2 signatures, the certificate does not have one. Such clients
    /// are Windows XP before Service Pack 3, and Windows Server 2003 without the hotfix KB 938397, which Windows Update
    /// never offered; the definition declares them with `legacy_clients = true`.
    ///
    /// Who is hurt: just these clients: the chain cannot be verified (INVALID_CA, 0x8), and a SHA-2 signature on the
    /// CRL alone stops them as well. All others are served better by SHA-2.
    ///
    /// How it is seen: in the signature algorithm of the leaf. Where the definition declares no such clients the row
    /// does not apply; signatures these clients cannot read for another reason are its signature row's matter.
    LEGACY_CLIENT_HASH {
        slug: |_| "legacy-client-hash",
        servers: None,
        title: "The site's oldest clients can verify the hash of {}",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::Definition],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if !of.basis.site.legacy_clients {
        return Verdict::NotApplicable("the definition declares no clients that cannot read SHA-2");
    }
    let signature = &facts.signature;
    match signature.family {
        SignatureFamily::RsaPkcs1 | SignatureFamily::Dsa => {}
        SignatureFamily::RsaPss | SignatureFamily::Ecdsa | SignatureFamily::EdDsa | SignatureFamily::Other => {
            return Verdict::NotApplicable("these clients cannot read this kind of signature, whatever its hash");
        }
    }
    match signature.hash {
        Some(hash) if hash.is_sha2() => of
            .evidence("The certificate has a SHA-2 signature, and the site has clients that cannot read it.")
            .expected("SHA-1, for Windows XP before SP3 and Server 2003 without KB 938397")
            .observed(signature.name.clone())
            .because(&cause::SHA2_FOR_OLD_CLIENTS)
            .culprit(Culprit::Definition("legacy_clients".into()))
            .fail(),
        Some(_) => Verdict::pass(),
        None => Verdict::unknown(
            format!("the hash of {} is not known", signature.name),
            "a certificate signed with an algorithm in use",
        ),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Signature;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let with_old_clients =
            |signature| World::of(of, move |r| r.signed_with(signature)).site(|site| site.legacy_clients = true);
        vec![
            Case::passes("SHA-1", with_old_clients(Signature::Sha1)),
            Case::passes("MD5, which has its own row", with_old_clients(Signature::Md5)),
            Case::fails("SHA-256", with_old_clients(Signature::Sha256), "sha256WithRSAEncryption"),
            Case::fails("SHA-512", with_old_clients(Signature::Sha512), "sha512WithRSAEncryption"),
            Case::not_applicable("no such clients", World::of(of, |r| r)),
            Case::not_applicable("PSS, which has its own row", with_old_clients(Signature::PssSha256)),
            Case::not_applicable("Current Branch", with_old_clients(Signature::Sha256).current_branch()),
        ]
    }
}
