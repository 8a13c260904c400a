//! `rsa-key`

use crate::certificate::{Facts, KeyAlgorithm};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The public key is an RSA key. Version 3 templates, which 2007 forbids, are how a Microsoft authority comes to issue
    /// anything else: they bring Key Storage Providers of Cryptography API: Next Generation, and with them elliptic-curve
    /// keys. Current Branch takes Key Storage Providers, and still RSA keys only.
    ///
    /// Who is hurt: in a site of 2007, Windows XP and Server 2003, which know no elliptic curves at all
    /// (SECURITY_CHANNEL_ERROR, 0x80000000; Schannel finds no common cipher suite), and the site's own components, which open
    /// the key through CryptoAPI and cannot. In Current Branch the components that ask for an RSA key and find none.
    ///
    /// How it is seen: in the key of the certificate. An RSA key held by a Key Storage Provider cannot be seen from outside;
    /// it shows only in a PKCS #12 export. The major version in the template extension is the template's revision, not its
    /// schema version: 100 or more on most templates, and no evidence for version 3.
    RSA_KEY {
        slug: |_| "rsa-key",
        servers: None,
        title: "{} has an RSA key",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let because = match &facts.public_key.algorithm {
        KeyAlgorithm::Rsa => return Verdict::pass(),
        KeyAlgorithm::Ec(_) => &cause::ELLIPTIC_CURVE_KEY,
        KeyAlgorithm::RsaPss => &cause::PSS_KEY,
        KeyAlgorithm::Dsa | KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 | KeyAlgorithm::Other(_) => &cause::ODD_KEY,
    };
    of.evidence("The certificate's key is not an RSA key.")
        .expected("an RSA key")
        .observed(format!("{} ({} bits)", facts.public_key.algorithm, facts.public_key.bits))
        .because(because)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Template};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let keyed = |key| World::of(of, move |r| r.key(key));
        vec![
            Case::passes("RSA", World::of(of, |r| r)),
            Case::passes("RSA, however short", keyed(KeyName::Rsa1024)),
            Case::passes(
                "RSA, whatever the template's revision",
                World::of(of, |r| {
                    r.template(Template::Versioned { object_identifier: "1.2.3".into(), major: 3, minor: None })
                }),
            ),
            Case::fails("P-256", keyed(KeyName::P256A), "EC P-256 (256 bits)"),
            Case::fails("P-384", keyed(KeyName::P384), "EC P-384"),
            Case::fails("DSA", keyed(KeyName::Dsa1024), "DSA (1024 bits)"),
            Case::fails("Ed25519", keyed(KeyName::Ed25519), "Ed25519"),
            Case::fails("bound to PSS", keyed(KeyName::RsaPss2048), "RSASSA-PSS (2048 bits)"),
        ]
    }
}
