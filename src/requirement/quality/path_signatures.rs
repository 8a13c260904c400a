//! `chain/signatures`

use crate::certificate::Hash;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Unknown, Verdict};

requirement! {
    /// No certificate of the path below the root, the server's own included, is signed with MD2, MD4 or MD5.
    ///
    /// Who is hurt: whoever trusts the hierarchy. Certificates with another name and the same MD5 signature have been
    /// made in practice, so anybody can pose as a server below such an authority. Windows since 2013 (advisory 2862973)
    /// refuses MD5 below roots of its own programme, and newer TLS stacks refuse it everywhere; the client then reports
    /// an invalid authority or signature.
    ///
    /// How it is seen: in the signatures of the path to the site's root, or, where there is none, of what could be
    /// followed from the leaf upwards. A root's own signature protects nothing and is not looked at. The hash is the
    /// issuing authority's choice, not the template's: in AD CS `certutil -getreg ca\csp\HashAlgorithm` on the authority
    /// above. Where the chain could not be followed to a root and nothing seen is weak, it stays unknown. The server's
    /// own signature is judged by web-server/signature as well, where that row applies.
    SIGNATURES {
        id: "chain/signatures",
        title: "No signature below the root is made with MD2, MD4 or MD5",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "RFC 6151, RFC 6149, RFC 6150: these hashes are broken" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Set the issuing authority to SHA-256 (certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256, or a provider that can; restart the service), then renew the certificates named.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge_hashes(
        subject,
        |hash| matches!(hash, Hash::Md2 | Hash::Md4 | Hash::Md5),
        |observed| {
            Evidence::new("A certificate below the root is signed with a broken hash.")
                .expected("SHA-256 or better; SHA-1 at the least")
                .observed_all(observed)
                .cause("The authority above was set up in the nineties' way, or renewed without changing its hash.")
        },
    )
}

/// Looks for signatures with certain hashes below the root, the leaf's included.
pub(super) fn judge_hashes(
    subject: &EndpointSubject<'_>,
    is_meant: impl Fn(Hash) -> bool,
    evidence: impl FnOnce(Vec<String>) -> Evidence,
) -> Verdict {
    let Some(leaf) = subject.chain.first() else { return subject.no_certificate() };
    let (authorities, missing) = subject.paths().below_root();
    // A self-signed certificate is its own root.
    let leaf = (!leaf.is_self_issued()).then_some(leaf);
    let mut found = Vec::new();
    for certificate in leaf.into_iter().chain(authorities) {
        if let Some(facts) = certificate.facts()
            && facts.signature.hash.is_some_and(&is_meant)
        {
            found.push(format!("{}: {}", certificate.subject_text(), facts.signature.name));
        }
    }
    if !found.is_empty() {
        return evidence(found).fail();
    }
    missing.map_or(Verdict::pass(), |unknown: Unknown| Verdict::Unknown(unknown))
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Minted, Pki, Recipe, Signature};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let root = &lab().root;
        let leaf = |authority: &Minted, signature| {
            authority.issue(&lab().web_server(&[INTRANET]).signed_with(signature)).unwrap()
        };
        let issuing = |signature| root.issue(&lab().issuing.recipe.clone().signed_with(signature)).unwrap();
        let old_root = Minted::self_signed(&root.recipe.clone().signed_with(Signature::Md5)).unwrap();
        let below_md5 = issuing(Signature::Md5);
        let own = Minted::self_signed(&Recipe::web_server(&[INTRANET]).signed_with(Signature::Md5)).unwrap();
        let stranger = Pki::stranger().unwrap();
        vec![
            Case::passes("SHA-256", World::web_server(|r| r)),
            Case::passes("SHA-1 has its own row", World::web_server(|r| r.signed_with(Signature::Sha1))),
            Case::passes("RSASSA-PSS with SHA-256", World::web_server(|r| r.signed_with(Signature::PssSha256))),
            Case::fails(
                "MD5 on the leaf",
                World::web_server(|r| r.signed_with(Signature::Md5)),
                "CN=mp01.corp.contoso.com: md5WithRSAEncryption",
            ),
            Case::fails("MD4 on the leaf", World::web_server(|r| r.signed_with(Signature::Md4)), "md4With"),
            Case::fails("MD2 on the leaf", World::web_server(|r| r.signed_with(Signature::Md2)), "md2With"),
            Case::fails(
                "MD5 on the issuer",
                World::presenting(&[&leaf(&below_md5, Signature::Sha256), &below_md5], &[root]),
                "CN=Contoso Issuing CA",
            ),
            Case::fails(
                "MD5, and no root is given",
                World::presenting(&[&leaf(&below_md5, Signature::Sha256), &below_md5], &[]),
                "CN=Contoso Issuing CA",
            ),
            Case::passes(
                "MD5 on the root",
                World::presenting(&[&leaf(&lab().issuing, Signature::Sha256), &lab().issuing, &old_root], &[&old_root]),
            ),
            Case::passes("self-signed: its own root", World::presenting(&[&own], &[root])),
            Case::unknown("cut short", World::presenting(&[&leaf(&stranger.issuing, Signature::Sha256)], &[root])),
            Case::unknown(
                "no root is given",
                World::presenting(&[&leaf(&lab().issuing, Signature::Sha256), &lab().issuing], &[]),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
