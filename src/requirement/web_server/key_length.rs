//! `web-server/key-length`

use crate::certificate::KeyAlgorithm;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// The shortest RSA key nobody objects to.
const SHORTEST: u32 = 2048;

requirement! {
    /// The RSA key has at least 2048 bits. The document states no maximum for this certificate and leaves the rest to
    /// the documentation of PKI and IIS; the minimum is this tool's, and everybody's since 2013.
    ///
    /// Who is hurt: Windows with the update KB 2661254, and everything later, treats RSA keys below 1024 bits as
    /// invalid (INVALID_CERT, 0x2); rustls, browsers and many appliances want 2048. And a key of 1024 bits can be
    /// broken by those who have the means, and with it every session that used RSA key exchange.
    ///
    /// How it is seen: in the modulus of the leaf's key, in bits. Keys that are not RSA are web-server/rsa-key's
    /// matter.
    KEY_LENGTH {
        id: "web-server/key-length",
        title: "The web server certificate's key has at least 2048 bits",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CRNM, place: "Web server certificate of site system roles, key length: no maximum is stated; the minimum is this tool's" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Set the minimum key size of the Web Server template to 2048 on its Request Handling (or Cryptography) tab, request a new certificate with a new key, and bind it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        match &leaf.public_key.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {}
            KeyAlgorithm::Ec(_)
            | KeyAlgorithm::Dsa
            | KeyAlgorithm::Ed25519
            | KeyAlgorithm::Ed448
            | KeyAlgorithm::Other(_) => return Verdict::NotApplicable("the key is not an RSA key"),
        }
        match leaf.public_key.bits {
            0 => Verdict::unknown("the certificate's key cannot be read", "a certificate with a well-formed RSA key"),
            SHORTEST.. => Verdict::pass(),
            bits => Evidence::new("The certificate's key is short.")
                .expected(format!("at least {SHORTEST} bits"))
                .observed(format!("{bits} bits"))
                .cause("The template still has the minimum of its time, or the request named a shorter key.")
                .fail(),
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::KeyName;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let keyed = |key| World::web_server(move |r| r.key(key));
        vec![
            Case::passes("2048 bits", keyed(KeyName::Rsa2048B)),
            Case::passes("no maximum", keyed(KeyName::Rsa8192)),
            Case::fails("1024 bits", keyed(KeyName::Rsa1024), "1024 bits"),
            Case::fails("512 bits", keyed(KeyName::Rsa512), "512 bits"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("an elliptic curve", keyed(KeyName::P256A)),
            Case::not_applicable("a bridging proxy has its own row", keyed(KeyName::Rsa1024).bridging_proxy()),
        ]
    }
}
