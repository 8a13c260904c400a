//! `path-key-minimum`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, authority};
use crate::rule::quality::{Decider, quality};
use crate::trust::keys::{LEAST_BITS, is_rsa};
use crate::verdict::Evidence;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// Every RSA key of an authority above the certificate, the root's included, has at least 1024 bits. Since the update KB
    /// 2661254 (August 2012) Windows refuses a chain with a shorter one anywhere in it.
    ///
    /// Who is hurt: everyone below that authority who checks on such a Windows: INVALID_CERT (0x2), or an untrusted chain. An
    /// administrator can exempt roots by certutil; nothing else.
    ///
    /// How it is seen: in the keys of the path, or, where there is none, of what could be followed upwards, in bits: 1023 are
    /// not 1024.
    PATH_KEY_MINIMUM {
        slug: |_| "path-key-minimum",
        servers: Some("chain/key-minimum"),
        title: "Every RSA key above {}, the root included, has at least 1024 bits",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let paths = of.paths();
    let (authorities, missing) = of.below_root();
    let short = authorities.iter().chain(paths.root()).find_map(|one| {
        let facts = one.facts()?;
        let bits = facts.public_key.bits;
        (is_rsa(facts) && 0 < bits && bits < LEAST_BITS).then_some((one, bits))
    });
    if let Some((certificate, bits)) = short {
        return Evidence::new("Windows refuses the whole chain: an authority's RSA key is too short.")
            .expected(format!("at least {LEAST_BITS} bits"))
            .observed(format!("{}: {bits} bits", certificate.subject_text()))
            .because(&cause::AUTHORITY_KEY_TOO_SHORT)
            .culprit(authority(certificate))
            .fail();
    }
    missing.map_or(Verdict::pass(), Verdict::Unknown)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Minted, Pki, Recipe};
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let issuing = |key| lab().root.issue(&lab().issuing.recipe.clone().key(key)).unwrap();
        let weak_root = Minted::self_signed(&Recipe::root("Old Root CA").key(KeyName::Rsa512)).unwrap();
        let stranger = Pki::stranger().unwrap();
        vec![
            Case::passes("2048 bits", World::of(of, |r| r)),
            Case::passes("1024 bits", World::of_issued_by(of, &issuing(KeyName::Rsa1024), |r| r)),
            Case::fails("512 bits", World::of_issued_by(of, &issuing(KeyName::Rsa512), |r| r), "512 bits"),
            Case::fails("a root's", World::of_issued_by(of, &weak_root, |r| r).trusting(&[&weak_root]), "Old Root CA"),
            Case::unknown("cut short", World::of_issued_by(of, &stranger.issuing, |r| r)),
        ]
    }
}
