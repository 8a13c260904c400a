//! `chain/sha1-signatures`

use super::signatures::judge_hashes;
use crate::certificate::Hash;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// No certificate of the path below the root, the server's own included, is signed with SHA-1.
    ///
    /// Who is hurt: depends on the clients. In 2007 SHA-1 was the rule, and Windows XP before Service Pack 3 and Server
    /// 2003 without KB 938397 can read nothing newer: there it is worth knowing, no more. Today's Windows trusts no
    /// SHA-1 certificate below a root of its own programme, and other systems none at all; Current Branch asks for SHA-2,
    /// so there it is an error.
    ///
    /// How it is seen: in the signatures of the path to the site's root, or, where there is none, of what could be
    /// followed from the leaf upwards. A root's own signature protects nothing and is not looked at. The hash is the
    /// choice of the authority above, not of the template or the request: an authority once moved to SHA-256 signs
    /// everything new with it, and its own certificate keeps the old signature until the one above renews it. Where the
    /// chain could not be followed to a root and nothing seen is SHA-1, it stays unknown.
    SHA1_SIGNATURES {
        id: "chain/sha1-signatures",
        title: "No signature below the root is made with SHA-1",
        severity: SeverityByProfile { native_mode_2007: Severity::Notice, current_branch: Severity::Error },
        citation: Citation { document: &document::CB, place: "PKI certificates for servers: SHA-2; Windows does not trust SHA-1" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Once no client needs SHA-1 any more, set the authorities to SHA-256, renew the issuing authority's certificate, then the servers'.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge_hashes(
        subject,
        |hash| hash == Hash::Sha1,
        |observed| {
            Evidence::new("A certificate below the root is signed with SHA-1.")
                .expected("SHA-256 or better")
                .observed_all(observed)
                .cause("The authority above signs with SHA-1, or did when it issued the certificate.")
        },
    )
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Minted, Pki, Signature};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let root = &lab().root;
        let below = |authority: &Minted| authority.issue(&lab().web_server(&[INTRANET])).unwrap();
        let old = root.issue(&lab().issuing.recipe.clone().signed_with(Signature::Sha1)).unwrap();
        let old_root = Minted::self_signed(&root.recipe.clone().signed_with(Signature::Sha1)).unwrap();
        let stranger = Pki::stranger().unwrap();
        vec![
            Case::passes("SHA-256", World::web_server(|r| r)),
            Case::passes("SHA-256 in a Current Branch site", World::web_server(|r| r).current_branch()),
            Case::fails(
                "SHA-1 on the leaf",
                World::web_server(|r| r.signed_with(Signature::Sha1)),
                "CN=mp01.corp.contoso.com: sha1WithRSAEncryption",
            ),
            Case::fails(
                "in a Current Branch site",
                World::web_server(|r| r.signed_with(Signature::Sha1)).current_branch(),
                "sha1With",
            ),
            Case::fails(
                "SHA-1 on the issuer",
                World::presenting(&[&below(&old), &old], &[root]),
                "CN=Contoso Issuing CA",
            ),
            Case::passes(
                "SHA-1 on the root",
                World::presenting(&[&below(&lab().issuing), &lab().issuing, &old_root], &[&old_root]),
            ),
            Case::passes("MD5 has its own row", World::web_server(|r| r.signed_with(Signature::Md5))),
            Case::unknown("cut short", World::presenting(&[&below(&stranger.issuing)], &[root])),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
