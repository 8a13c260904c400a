//! The hashes under the signatures from a certificate up to its root.

use crate::certificate::Hash;
use crate::rule::credential::Credential;
use crate::verdict::cause::Culprit;
use crate::verdict::{Evidence, Verdict};

/// Looks for signatures with certain hashes below the root, the certificate's own included. The authority that made the
/// first of them is what has to be put right.
pub(super) fn judge_hashes(
    of: &Credential<'_>,
    is_meant: impl Fn(Hash) -> bool,
    evidence: impl FnOnce(Vec<String>) -> Evidence,
) -> Verdict {
    let leaf = of.certificate();
    let (authorities, missing) = of.below_root();
    // A self-signed certificate is its own root.
    let leaf = (!leaf.is_self_issued()).then_some(leaf);
    let mut found = Vec::new();
    let mut signer = None;
    for certificate in leaf.into_iter().chain(authorities) {
        if let Some(facts) = certificate.facts()
            && facts.signature.hash.is_some_and(&is_meant)
            && !facts.names_two_signatures()
        {
            found.push(format!("{}: {}", certificate.subject_text(), facts.signature.name));
            signer.get_or_insert_with(|| super::signature::issuer(facts));
        }
    }
    let signer: Option<Culprit> = signer;
    match signer {
        Some(signer) => evidence(found).culprit(signer).fail(),
        None => missing.map_or(Verdict::pass(), Verdict::Unknown),
    }
}
