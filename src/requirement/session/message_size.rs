//! `session/message-size`

use crate::observation::Observation;
use crate::observation::failure::HandshakeFailure;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::windows::MESSAGE_LIMIT;

requirement! {
    /// The server's Certificate and CertificateRequest messages have 32,768 octets at most: that is how much Windows
    /// clients take since Windows 7 (MessageLimitClient).
    ///
    /// Who is hurt: every Windows client: it ends the handshake (12157), while other clients, which take more, connect.
    /// Windows before 7 takes no message longer than one record, 16,384 octets, without KB 2541763:
    /// session/reaches-old-clients tells of those.
    ///
    /// How it is seen: the certificates sent and the names of authorities in the request, with the octets that say their
    /// lengths; or a message after the server's hello that goes on for longer than any engine takes. A chain file put
    /// together by hand, certificates with a thousand names, and a server that names every root it knows bring it about.
    MESSAGE_SIZE {
        id: "session/message-size",
        title: "The server's handshake messages are as short as Windows takes them",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "TLS registry settings: MessageLimitClient" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the certificate with fewer names, send no more than its path, and let the server name fewer authorities or none (SendTrustedIssuerList).",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let handshakes = || subject.seen.observations.iter().map(|seen| &seen.handshake);
    let certificates = handshakes().filter_map(|seen| seen.certificate_message()).max();
    let authorities = handshakes()
        .filter_map(|seen| seen.client_certificate_request.as_ref())
        .map(|request| request.list_length())
        .max();
    let evidence = |message: &str, octets: usize| {
        Evidence::new(message).expected(format!("{MESSAGE_LIMIT} octets at most")).observed(format!("{octets} octets"))
    };
    match (certificates, authorities) {
        (Some(octets), _) if octets > MESSAGE_LIMIT => evidence(
            "The server's Certificate message is longer than Windows clients take.",
            octets,
        )
        .cause("The certificate has very many names, or certificates that do not belong to its path are sent with it.")
        .because(&causes::CERTIFICATE_MESSAGE_TOO_LONG)
        .fail(),
        (_, Some(octets)) if octets > MESSAGE_LIMIT => {
            evidence("The server names more authorities than Windows clients take.", octets)
                .cause("The server sends every root it trusts.")
                .because(&causes::ISSUER_LIST_TOO_LONG)
                .fail()
        }
        (Some(octets), _) => Verdict::pass_with(format!("a Certificate message of {octets} octets")),
        (None, _) => match subject.seen.observations.iter().filter_map(without_end).max() {
            Some(octets) => Evidence::new(
                "After its hello the server sends more than Windows clients take, and no certificate that ends.",
            )
            .expected(format!("{MESSAGE_LIMIT} octets at most"))
            .observed(format!("{octets} octets, and no end"))
            .cause(
                "The certificate has very many names, or certificates that do not belong to its path are sent with it.",
            )
            .because(&causes::CERTIFICATE_MESSAGE_TOO_LONG)
            .fail(),
            None => subject.no_certificate(),
        },
    }
}

/// How many octets had come, where a server that had said hello was left in the middle of a message too long for any engine.
fn without_end(seen: &Observation) -> Option<u64> {
    let is_too_large = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::TooLarge));
    let octets = seen.handshake.received.filter(|_| is_too_large && seen.handshake.version.is_some())?;
    (octets > 2 * MESSAGE_LIMIT as u64).then_some(octets)
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World};
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        // The message's head, the chain's length, and the certificate's: ten octets beside the certificate.
        let sending = |octets: usize| {
            World::web_server(|r| r).handshakes(move |seen| seen.chain = vec![Der::from(vec![0x30; octets - 10])])
        };
        let naming = |octets: usize| {
            World::web_server(|r| r).handshakes(move |seen| {
                seen.client_certificate_request = Some(ClientCertificateRequest {
                    when: RequestedWhen::Handshake,
                    accepted_issuers: vec![Der::from(vec![0x30; octets - 2])],
                });
            })
        };
        let leaving = |octets: u64| {
            World::web_server(|r| r).observations(move |seen| {
                seen.handshake.chain.clear();
                seen.handshake.completed = false;
                seen.handshake.received = Some(octets);
                seen.stopped = Some(Failure::new(HandshakeFailure::TooLarge, "more than 1048576 bytes came"));
            })
        };
        vec![
            Case::passes("two certificates", World::web_server(|r| r)),
            Case::passes("at the limit", sending(32_768)),
            Case::fails("one octet above", sending(32_769), "32769 octets"),
            Case::passes("authorities at the limit", naming(32_768)),
            Case::fails("authorities above", naming(32_769), "names more authorities"),
            Case::fails("a message without end", leaving(1_048_577), "1048577 octets, and no end"),
            Case::unknown("a message that is not followed far", leaving(60_000)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
