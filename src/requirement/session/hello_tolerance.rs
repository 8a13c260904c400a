//! `session/hello-tolerance`

use super::versions::is_unsteady;
use crate::observation::Observation;
use crate::observation::failure::{HandshakeFailure, Stop};
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The first ClientHello is answered, whatever versions it offers and however long it is.
    ///
    /// Who is hurt: clients newer than the load balancer or firewall on the way: Windows 11 and Server 2022 offer TLS 1.3,
    /// and their connections hang or are reset (12002, 12030) while older ones work. Some devices choke on any hello of
    /// 256 to 511 octets, which long host names bring about.
    ///
    /// How it is seen: where a hello meets silence for a third of the time-out, one more is sent beside it, with TLS 1.2 at
    /// most and of a length outside 256 to 511 octets; where it meets a close or a reset, after it. Where only that gets
    /// through, the row fails and says which of the two it was: a further hello with TLS 1.2 at most and of a middling
    /// length tells. Everything else is then asked in the way that gets through.
    HELLO_TOLERANCE {
        id: "session/hello-tolerance",
        title: "The first ClientHello is answered, whatever is in it",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "RFC 7685, section 1; RFC 8446, appendix D" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Update the load balancer or firewall in front of the server, or have it pass TLS on unopened.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let first = || subject.seen.with_offer(OfferLabel::Default);
    let Some(got_through) = first().find(|seen| seen.handshake.cautious && seen.handshake.version.is_some()) else {
        return match first().any(|seen| seen.handshake.version.is_some()) {
            true => Verdict::pass(),
            false => subject.no_session(),
        };
    };
    if is_unsteady(subject) {
        return Verdict::unknown(
            "nodes answer here in turn, and one of them ends connections without a word to any hello",
            "a run against each node by its own name",
        );
    }
    let unanswered = first().filter(|seen| is_unanswered(seen)).map(|seen| {
        let how = seen.stopped.as_ref().map_or_else(String::new, |failure| failure.words().into_owned());
        format!("a hello of {} octets: {how}", length(seen))
    });
    let of_middling_length =
        first().find(|seen| !seen.handshake.cautious && !seen.engine.capabilities().completes_handshakes);
    let which = match of_middling_length {
        Some(seen) if seen.handshake.version.is_some() => {
            "It is the version: a hello without TLS 1.3 is answered at any length."
        }
        Some(seen) if is_unanswered(seen) => {
            "It is the length: a hello of 256 to 511 octets without TLS 1.3 is not answered either."
        }
        Some(_) | None => "Whether it is the version or the length did not come out.",
    };
    Evidence::new("The first ClientHello is not answered; one of TLS 1.2 at most, and not of 256 to 511 octets, is.")
        .expected("an answer to every ClientHello")
        .observed_all(unanswered)
        .observed(format!("a hello of {} octets with TLS 1.2 at most: answered", length(got_through)))
        .observed(which)
        .cause("A load balancer or firewall on the way cannot read hellos of today.")
        .because(&causes::INTOLERANT_OF_NEW_HELLO)
        .fail()
}

fn length(seen: &Observation) -> String {
    seen.handshake.hello_length.map_or_else(|| "unknown many".to_owned(), |length| length.to_string())
}

fn is_unanswered(seen: &Observation) -> bool {
    seen.stopped.as_ref().is_some_and(|failure| {
        matches!(
            failure.stop,
            Stop::Handshake(HandshakeFailure::Timeout | HandshakeFailure::Reset | HandshakeFailure::Closed)
        ) && seen.handshake.received == Some(0)
    })
}

#[cfg(test)]
mod cases {
    use crate::observation::Observation;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};

    fn unanswered(seen: &mut Observation) {
        seen.handshake = Handshake { received: Some(0), hello_length: Some(260), ..Handshake::default() };
        seen.stopped = Some(Failure::new(HandshakeFailure::Timeout, "nothing in time"));
    }

    fn by_reader(seen: &mut Observation) {
        seen.engine = EngineId::HelloReader;
    }

    pub(super) fn all() -> Vec<Case> {
        // The usual hello, then the cautious one that is answered.
        let cautious = || {
            World::web_server(|r| r).observations(|seen| seen.handshake.cautious = true).also(
                OfferLabel::Default,
                |seen| {
                    seen.handshake.cautious = false;
                    unanswered(seen);
                },
            )
        };
        vec![
            Case::passes("the first hello is answered", World::web_server(|r| r)),
            Case::fails("only a cautious one is", cautious(), "did not come out"),
            Case::fails(
                "it is the version",
                cautious().also(OfferLabel::Default, |seen| {
                    seen.handshake.cautious = false;
                    by_reader(seen);
                }),
                "It is the version",
            ),
            Case::fails(
                "it is the length",
                cautious().also(OfferLabel::Default, |seen| {
                    unanswered(seen);
                    by_reader(seen);
                }),
                "It is the length",
            ),
            Case::unknown("no hello is answered", World::web_server(|r| r).observations(unanswered)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
