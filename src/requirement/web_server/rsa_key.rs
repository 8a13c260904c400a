//! `web-server/rsa-key`

use crate::certificate::{Facts, KeyAlgorithm};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The public key is an RSA key. Version 3 templates, which the document forbids, are how a Microsoft authority
    /// comes to issue anything else: they bring the Key Storage Providers of Cryptography API: Next Generation and
    /// their elliptic-curve keys. Current Branch takes version 3 templates, and still RSA keys only.
    ///
    /// Who is hurt: in a site of 2007, clients on Windows XP and Server 2003, which know no elliptic curves at all
    /// (SECURITY_CHANNEL_ERROR, 0x80000000; Schannel finds no common cipher suite), and the site's own components,
    /// which open the key through CryptoAPI and cannot.
    ///
    /// How it is seen: in the key of the leaf. An RSA key held by a Key Storage Provider cannot be seen from outside;
    /// it shows only in a PKCS #12 export. The major version in the template extension is the template's revision,
    /// not its schema version: 100 or more on most templates, and no evidence for version 3.
    RSA_KEY {
        id: "web-server/rsa-key",
        title: "The web server certificate has an RSA key",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "introduction: do not use version 3 templates" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Duplicate the Web Server template for Windows Server 2003 compatibility (a version 2 template, provider \"Microsoft RSA SChannel Cryptographic Provider\"), issue the certificate again from it, and bind it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(rsa)
}

/// Whether a certificate's key is an RSA key; shared with the rows on certificate files.
pub(crate) fn rsa(facts: &Facts) -> Verdict {
    let cause = match &facts.public_key.algorithm {
        KeyAlgorithm::Rsa => return Verdict::pass(),
        KeyAlgorithm::Ec(_) => {
            "It was issued from a version 3 template, or requested with a Key Storage Provider (CNG)."
        }
        KeyAlgorithm::RsaPss => {
            "The key is an RSA key bound to RSASSA-PSS by its algorithm identifier, which Windows' TLS does not take."
        }
        KeyAlgorithm::Dsa | KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 | KeyAlgorithm::Other(_) => {
            "It was requested with another tool than Windows' own, or with an unusual provider."
        }
    };
    Evidence::new("The certificate's key is not an RSA key.")
        .expected("an RSA key")
        .observed(format!("{} ({} bits)", facts.public_key.algorithm, facts.public_key.bits))
        .cause(cause)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Template};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let keyed = |key| World::web_server(move |r| r.key(key));
        vec![
            Case::passes("RSA", World::web_server(|r| r)),
            Case::passes("RSA, however short", keyed(KeyName::Rsa1024)),
            Case::passes(
                "RSA, whatever the template's revision",
                World::web_server(|r| {
                    r.template(Template::Versioned { object_identifier: "1.2.3".into(), major: 3, minor: None })
                }),
            ),
            Case::fails("P-256", keyed(KeyName::P256A), "EC P-256 (256 bits)"),
            Case::fails("P-384, at Current Branch", keyed(KeyName::P384).current_branch(), "EC P-384"),
            Case::fails("DSA", keyed(KeyName::Dsa1024), "DSA (1024 bits)"),
            Case::fails("Ed25519", keyed(KeyName::Ed25519), "Ed25519"),
            Case::fails("bound to PSS", keyed(KeyName::RsaPss2048), "RSASSA-PSS (2048 bits)"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
