//! `reachability/completes-handshake`

use super::connects::{attempts, connected};
use crate::observation::Observation;
use crate::observation::failure::{Failure, HandshakeFailure, Stop};
use crate::observation::handshake::KeyProof;
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// A handshake that the server begins comes to its end: both sides' Finished go through.
    ///
    /// Who is hurt: every client. The connection opens, a certificate is shown, and nobody gets in: WinHTTP reports 12157,
    /// 12030 or a time-out, and whoever looks at the certificate alone finds nothing wrong.
    ///
    /// How it is seen: a ServerHello came, and the handshake was then ended by an alert, a close, a reset or silence, whichever
    /// engine made it. The finding says how far it came, by what it ended and after how many octets. It comes with a private
    /// key the service cannot use, a list of authorities the server chokes on, a load balancer that has lost the server
    /// behind it, or packets of full size that get lost on the way. What follows the server's request for a client
    /// certificate is the matter of client-authentication; a signature that does not fit is session/key-proof. What no
    /// engine of this program can go through with is unknown, and says so.
    COMPLETES_HANDSHAKE {
        id: "reachability/completes-handshake",
        title: "A handshake that begins comes to its end",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "RFC 5246, section 7.4.9; RFC 8446, section 4.4.4" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Look at the server's System log for Schannel events at this moment (36869, 36870: its key; 36885: too many authorities; 36888: an alert and its reason), and at the load balancer in front of it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let reached: Vec<&Observation> = attempts(subject).filter(|seen| connected(seen)).collect();
    if reached.iter().any(|seen| seen.handshake.completed) {
        return Verdict::pass();
    }
    let begun = |seen: &&&Observation| seen.handshake.version.is_some() || !seen.handshake.chain.is_empty();
    let of_default = |seen: &&&Observation| seen.offer == OfferLabel::Default;
    let able = |seen: &&&Observation| seen.engine.capabilities().completes_handshakes;
    let Some(first) = reached.iter().filter(begun).find(of_default).or_else(|| reached.iter().find(begun)) else {
        return subject.no_session();
    };
    // The engine that offers most has the last word.
    let telling = reached.iter().filter(begun).filter(able).filter(of_default);
    let telling = telling.max_by_key(|seen| seen.engine.offers_everything());
    let telling = telling.or_else(|| reached.iter().filter(begun).find(able));
    let Some((seen, failure)) = telling.and_then(|seen| Some((*seen, seen.stopped.as_ref()?))) else {
        let chosen = first.handshake.version.map_or_else(String::new, |version| format!(" {version}"));
        let suite = first.handshake.cipher_suite.map_or_else(String::new, |suite| format!(" with {suite}"));
        return Verdict::unknown(
            format!("the server chooses{chosen}{suite}, which no engine of this program can go through with"),
            "a client that has what the server chose",
        );
    };
    if seen.handshake.key_proof == KeyProof::Bad {
        return Verdict::NotApplicable("it ends at a signature that does not fit: session/key-proof tells");
    }
    if reached.iter().any(|seen| seen.handshake.client_certificate_request.is_some()) {
        return Verdict::NotApplicable("it ends where a client certificate is asked for: client-authentication tells");
    }
    ended(subject, seen, failure)
}

fn ended(subject: &EndpointSubject<'_>, seen: &Observation, failure: &Failure) -> Verdict {
    let Stop::Handshake(how) = failure.stop else { return subject.no_session() };
    let by = match how {
        HandshakeFailure::Alert => "by an alert",
        HandshakeFailure::Timeout | HandshakeFailure::Deadline => "in silence",
        HandshakeFailure::Reset => "by a reset",
        HandshakeFailure::Closed => "by a close",
        HandshakeFailure::ProtocolError | HandshakeFailure::PlainHttp | HandshakeFailure::NotTls => {
            "by what is not TLS as clients know it"
        }
        HandshakeFailure::TooLarge
        | HandshakeFailure::EngineLimit
        | HandshakeFailure::IdentityUnusable
        | HandshakeFailure::NotPresented
        | HandshakeFailure::NotAttempted => {
            return Verdict::unknown(
                format!("this program could not go through with the handshake: {}", failure.words()),
                "a client that can",
            );
        }
    };
    let evidence = Evidence::new(format!("{} begins the handshake and never ends it: it stops {by}.", subject.peer()))
        .expected("a Finished of both sides")
        .observed(format!("{}: {}", so_far(seen), failure.words()))
        .observed_all(seen.handshake.received.map(|octets| format!("{} had come", counted(octets, "octet"))))
        .because(&causes::SERVER_FAILS_IN_HANDSHAKE);
    match how {
        HandshakeFailure::Timeout | HandshakeFailure::Deadline => evidence.cause(
            "The service hangs, the load balancer has lost the server behind it, or packets of full size are lost on the way (MTU).",
        ),
        _ => evidence.cause(
            "The service cannot use its private key (Schannel 36870), fails over its own list of authorities, or something on the way cuts in.",
        ),
    }
    .fail()
}

/// How far the handshake came.
fn so_far(seen: &Observation) -> &'static str {
    let handshake = &seen.handshake;
    match (handshake.chain.is_empty(), &handshake.key_proof) {
        (true, _) => "after the server's hello",
        (false, KeyProof::Good) => "after the server's proof of its key, instead of its Finished",
        (false, KeyProof::NotSeen | KeyProof::Bad | KeyProof::Undecided(_)) => "after the server's certificate",
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::{ClientCertificateRequest, KeyProof, RequestedWhen};
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let ending = |how: HandshakeFailure| {
            World::web_server(|r| r).observations(move |seen| {
                seen.handshake.completed = false;
                seen.handshake.received = Some(2222);
                seen.stopped = Some(Failure::new(how, "the peer's words"));
            })
        };
        let reader = || ending(HandshakeFailure::EngineLimit).observations(|seen| seen.engine = EngineId::HelloReader);
        vec![
            Case::passes("it ends well", World::web_server(|r| r)),
            Case::passes(
                "it ends well for a client with a certificate",
                ending(HandshakeFailure::Alert).also(OfferLabel::Client, |seen| {
                    seen.handshake.completed = true;
                    seen.stopped = None;
                }),
            ),
            Case::fails("an alert instead of Finished", ending(HandshakeFailure::Alert), "instead of its Finished"),
            Case::fails(
                "closed after the certificate",
                ending(HandshakeFailure::Closed).handshakes(|seen| seen.key_proof = KeyProof::NotSeen),
                "after the server's certificate",
            ),
            Case::fails(
                "silence after the hello",
                ending(HandshakeFailure::Timeout).handshakes(|seen| seen.chain.clear()),
                "2222 octets",
            ),
            Case::unknown("a message longer than any engine takes", ending(HandshakeFailure::TooLarge)),
            Case::unknown("a suite no engine has", reader()),
            Case::unknown("not begun", World::web_server(|r| r).refused()),
            Case::not_applicable(
                "a signature that does not fit",
                ending(HandshakeFailure::ProtocolError).handshakes(|seen| seen.key_proof = KeyProof::Bad),
            ),
            Case::not_applicable(
                "a client certificate was asked for",
                ending(HandshakeFailure::Alert).handshakes(|seen| {
                    seen.client_certificate_request =
                        Some(ClientCertificateRequest { when: RequestedWhen::Handshake, accepted_issuers: Vec::new() });
                }),
            ),
        ]
    }
}
