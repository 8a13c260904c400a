//! `session/key-proof`

use crate::observation::handshake::KeyProof;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// Whoever answers holds the private key of the certificate shown: its signature over the handshake verifies with the
    /// certificate's key, or it could read the secret that was encrypted with it.
    ///
    /// Who is hurt: every client: none goes on with a handshake whose signature is wrong (12157, 0x80072F7D). And if
    /// somebody else than the server answers, everybody who would be made to accept him.
    ///
    /// How it is seen: the signature of the server's key exchange (up to TLS 1.2) or its CertificateVerify (TLS 1.3),
    /// checked with the leaf's key on every connection. With RSA key exchange, a handshake that completes proves it. What
    /// one engine cannot verify (small keys, old algorithms) the next one is asked about; where none can tell it is
    /// unknown. The certificate itself is judged all the same, as one the peer may not own.
    KEY_PROOF {
        id: "session/key-proof",
        title: "The server proves that it holds its certificate's key",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "RFC 8446, section 4.4.3; RFC 5246, section 7.4.3" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Install the certificate and its private key together from one export and bind it again; if both are right on the server, find out who answers at this address before anything else.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let proofs = || subject.seen.observations.iter().map(|seen| (seen, &seen.handshake.key_proof));
    if let Some((seen, _)) = proofs().find(|(_, proof)| **proof == KeyProof::Bad) {
        let session = seen.handshake.version.map_or_else(String::new, |version| format!(", {version}"));
        let others = proofs().filter(|(_, proof)| **proof == KeyProof::Good).count();
        return Evidence::new("The server does not prove that it holds the key of the certificate it shows.")
            .expected("a signature over the handshake that fits the certificate's key")
            .observed(format!("a signature that does not fit it ({}{session})", seen.offer))
            .observed_all((others > 0).then(|| format!("{} with one that does", counted(others, "other handshake"))))
            .cause(
                "Another key is bound beside the certificate, or somebody else answers with a copy of the certificate.",
            )
            .because(&causes::KEY_DOES_NOT_FIT)
            .fail();
    }
    if proofs().any(|(_, proof)| *proof == KeyProof::Good) {
        return Verdict::pass();
    }
    let undecided = proofs().find_map(|(_, proof)| match proof {
        KeyProof::Undecided(why) => Some(why),
        KeyProof::NotSeen | KeyProof::Good | KeyProof::Bad => None,
    });
    match undecided {
        Some(why) => Verdict::unknown(
            format!("whether the server's signature fits its key cannot be told: {why}"),
            "an engine that can verify such signatures",
        ),
        None if subject.chain.is_empty() => subject.no_certificate(),
        None => Verdict::unknown(
            "the handshake was stopped before the server could prove its key",
            "a handshake that comes as far as the server's signature",
        ),
    }
}

#[cfg(test)]
mod cases {
    use super::KeyProof;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let proving = |proof: KeyProof| World::web_server(|r| r).handshakes(move |seen| seen.key_proof = proof.clone());
        let undecided = || proving(KeyProof::Undecided("a key of 1024 bits".into()));
        vec![
            Case::passes("it fits", proving(KeyProof::Good)),
            Case::fails("it does not fit", proving(KeyProof::Bad), "does not fit it"),
            Case::fails(
                "it does not fit on one connection of several",
                proving(KeyProof::Good)
                    .also(OfferLabel::WithoutServerName, |seen| seen.handshake.key_proof = KeyProof::Bad),
                "1 other handshake",
            ),
            Case::passes(
                "one engine cannot tell, the next can",
                undecided().also(OfferLabel::Default, |seen| seen.handshake.key_proof = KeyProof::Good),
            ),
            Case::unknown("no engine can tell", undecided()),
            Case::unknown("stopped before", proving(KeyProof::NotSeen)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
