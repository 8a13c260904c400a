//! `sha1-signature`

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
    /// No certificate of the path below the root, the certificate's own included, is signed with SHA-1.
    ///
    /// Who is hurt: depends on the clients. In 2007 SHA-1 was the rule, and Windows XP before Service Pack 3 and Server
    /// 2003 without KB 938397 can read nothing newer: there it is worth knowing, no more. Today's Windows trusts no
    /// SHA-1 certificate below a root of its own programme, and other systems none at all; Current Branch asks for SHA-2,
    /// so there it is an error for servers; for
    /// what clients present it is a warning, because in practice Windows distrusts SHA-1 under public roots only.
    ///
    /// How it is seen: in the signatures of the path, or, where there is none, of what could be
    /// followed from the leaf upwards. A root's own signature protects nothing and is not looked at. The hash is the
    /// choice of the authority above, not of the template or the request: an authority once moved to SHA-256 signs
    /// everything new with it, and its own certificate keeps the old signature until the one above renews it. Where the
    /// chain could not be followed to a root and nothing seen is SHA-1, it stays unknown.
    SHA1_SIGNATURE {
        slug: |_| "sha1-signature",
        servers: Some("chain/sha1-signatures"),
        title: "No signature from {} up to the root is made with SHA-1",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    judge_hashes(
        of,
        |hash| hash == Hash::Sha1,
        |observed| {
            Evidence::new("A certificate below the root is signed with SHA-1.")
                .expected("SHA-256 or better")
                .observed_all(observed)
                .because(&cause::SHA1)
        },
    )
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Minted, Pki, Signature};
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let world =
            |world: World| if of == Use::WebServer || of == Use::Proxy { world } else { world.current_branch() };
        let root = &lab().root;
        let old = root.issue(&lab().issuing.recipe.clone().signed_with(Signature::Sha1)).unwrap();
        let old_root = Minted::self_signed(&root.recipe.clone().signed_with(Signature::Sha1)).unwrap();
        let stranger = Pki::stranger().unwrap();
        let signed = |signature| world(World::of(of, move |r| r.signed_with(signature)));
        vec![
            Case::passes("SHA-256", world(World::of(of, |r| r))),
            Case::fails("SHA-1 on the certificate", signed(Signature::Sha1), "sha1WithRSAEncryption"),
            Case::fails("in a Current Branch site", signed(Signature::Sha1).current_branch(), "sha1With"),
            Case::fails("SHA-1 on the issuer", world(World::of_issued_by(of, &old, |r| r)), "CN=Contoso Issuing CA"),
            Case::passes("SHA-1 on the root", world(World::of(of, |r| r).trusting(&[&old_root]))),
            Case::passes("MD5 has its own row", signed(Signature::Md5)),
            Case::unknown("cut short", world(World::of_issued_by(of, &stranger.issuing, |r| r))),
        ]
    }
}
