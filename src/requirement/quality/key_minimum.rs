//! `key-minimum`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::keys::{LEAST_BITS, is_rsa};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// An RSA key has at least 1024 bits. Since the update KB 2661254 (August 2012, Windows XP to Server 2008 R2; built in
    /// later) Windows treats every certificate of a chain with a shorter RSA key as invalid, the root's included.
    ///
    /// Who is hurt: whoever relies on the certificate on such a Windows: INVALID_CERT (0x2), or an untrusted chain. An
    /// administrator can exempt roots by certutil; nothing else.
    ///
    /// How it is seen: in the modulus of the key, in bits: 1023 are not 1024.
    KEY_MINIMUM {
        slug: |_| "key-minimum",
        servers: None,
        title: "The RSA key of {} has at least 1024 bits",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if !is_rsa(facts) {
        return Verdict::NotApplicable("the key is not an RSA key");
    }
    match facts.public_key.bits {
        0 => Verdict::unknown("the certificate's key cannot be read", "a certificate with a well-formed RSA key"),
        LEAST_BITS.. => Verdict::pass(),
        bits => of
            .evidence("Windows refuses the certificate: its RSA key is too short.")
            .expected(format!("at least {LEAST_BITS} bits"))
            .observed(format!("{bits} bits"))
            .because(&cause::KEY_TOO_SHORT)
            .fail(),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::KeyName;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let keyed = |key| World::of(of, move |r| r.key(key));
        vec![
            Case::passes("1024 bits", keyed(KeyName::Rsa1024)),
            Case::fails("512 bits", keyed(KeyName::Rsa512), "512 bits"),
            Case::not_applicable("an elliptic curve", keyed(KeyName::P256A)),
        ]
    }
}
