//! `reachability/speaks-tls`

use super::connects::{attempts, connected};
use crate::observation::Observation;
use crate::observation::failure::{HandshakeFailure, Stop};
use crate::plan::OfferLabel;
use crate::plan::engine::EngineId;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Unknown, Verdict};

requirement! {
    /// Whatever listens at the port answers a ClientHello with TLS: a ServerHello, in any version.
    ///
    /// Who is hurt: every client: WinHTTP reports a reset connection (0x80072EFE), a secure channel error (0x80072F7D) or
    /// waits until time is up, and says nothing of the reason.
    ///
    /// How it is seen: in what comes back. The evidence tells apart: plain HTTP (an http binding at the HTTPS port, or a
    /// proxy that speaks HTTP inside), bytes that are neither, records without end and no hello in them, silence or a drip
    /// of bytes without end, a connection that is reset or closed (http.sys has no certificate bound to this address and
    /// port, or the certificate's private key cannot be used: Schannel event 36870), and a fatal alert. An alert is TLS,
    /// and what it says decides. One that turns down what was offered (protocol_version, handshake_failure and the like)
    /// may come from a server that serves older or other clients well: as long as no engine was tried that offers
    /// everything from SSL 3.0 to TLS 1.3 it is unknown, after that no client will fare better and it fails. Any other
    /// alert (internal_error, unrecognized_name, access_denied …) is the server's own trouble and fails. Where no
    /// connection came about it is unknown; reachability/connects says why. Whatever fails here leaves everything about
    /// certificates and sessions unknown.
    SPEAKS_TLS {
        id: "reachability/speaks-tls",
        title: "What listens there speaks TLS",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Web server certificate: authenticates the server and encrypts with SSL" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, how it is used" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Bind a certificate with a usable private key to the web site's https binding at this address and port (netsh http show sslcert), and see that nothing else listens there.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let reached: Vec<&Observation> = attempts(subject).filter(|seen| connected(seen)).collect();
    if reached.iter().any(|seen| answered(seen)) {
        return Verdict::pass();
    }
    if reached.is_empty() {
        let why = subject.stopped().map_or("not attempted", |failure| failure.detail.as_str());
        return Verdict::unknown(
            format!("no TLS was attempted: {why}"),
            "a connection, for which reachability/connects asks",
        );
    }
    let plain: Vec<&Observation> = reached.iter().copied().filter(|seen| seen.offer == OfferLabel::Default).collect();
    let telling = if plain.is_empty() { reached } else { plain };
    // The engine that offers most has the last word.
    let offers_everything = telling.iter().copied().find(|seen| seen.engine.offers_everything() && is_told(seen));
    let Some(seen) = offers_everything.or_else(|| telling.first().copied()) else { return subject.no_session() };
    match met(seen, offers_everything.is_some()) {
        Met::Fault(message, words, cause) => {
            let mut said: Vec<String> = telling.iter().filter_map(|seen| told(seen)).collect();
            said.dedup();
            Evidence::new(format!("{} {message}.", subject.peer()))
                .expected("a TLS ServerHello")
                .observed_all(said)
                .cause(words)
                .because(cause)
                .fail()
        }
        Met::Undecided(unknown) => Verdict::Unknown(unknown),
        Met::Tls(words) => Verdict::pass_with(words),
    }
}

/// Whether something of a ServerHello, or of what follows it, was seen.
fn answered(seen: &Observation) -> bool {
    let handshake = &seen.handshake;
    seen.stopped.is_none() || handshake.completed || handshake.version.is_some() || !handshake.chain.is_empty()
}

/// What an attempt met instead of a ServerHello.
enum Met {
    Fault(&'static str, &'static str, &'static Cause),
    Undecided(Unknown),
    Tls(String),
}

fn met(seen: &Observation, everything_offered: bool) -> Met {
    let Some(failure) = &seen.stopped else { return Met::Tls(String::new()) };
    let unknown = |decided_by: &str| {
        Met::Undecided(Unknown { why: failure.words().into_owned(), decided_by: decided_by.to_owned() })
    };
    let Stop::Handshake(kind) = failure.stop else { return unknown("a handshake that gets as far as an answer") };
    match kind {
        HandshakeFailure::PlainHttp => Met::Fault(
            "answers in plain HTTP",
            "The port has an http binding instead of an https one, or a proxy or load balancer in front took TLS off and lost it.",
            &causes::PLAIN_HTTP_ON_PORT,
        ),
        // Whoever sends more than any ServerHello has, and none in it, answers no client either.
        HandshakeFailure::NotTls | HandshakeFailure::ProtocolError | HandshakeFailure::TooLarge => Met::Fault(
            "answers with something that is not TLS as clients know it",
            "Another service listens at this port, or something on the way answers in the server's place.",
            &causes::OTHER_SERVICE_ON_PORT,
        ),
        HandshakeFailure::Timeout | HandshakeFailure::Deadline => Met::Fault(
            "accepts the connection and does not answer the ClientHello",
            "The service behind the port hangs, a proxy or load balancer accepts connections it has no server for, or a firewall lets no large packets pass.",
            &causes::HANDSHAKE_SILENT,
        ),
        HandshakeFailure::Reset => Met::Fault(
            "resets the connection when it gets the ClientHello",
            "No certificate is bound to this address and port in http.sys, its private key cannot be used (Schannel events 36870, 36874), or a firewall cuts in. Very old servers also do this to a hello they have nothing in common with.",
            &causes::NO_USABLE_CERTIFICATE_BOUND,
        ),
        HandshakeFailure::Closed => Met::Fault(
            "closes the connection when it gets the ClientHello",
            "The service is not set up for TLS at this port, or a load balancer has no server behind it. Very old servers also do this to a hello they have nothing in common with.",
            &causes::NO_USABLE_CERTIFICATE_BOUND,
        ),
        HandshakeFailure::Alert if about_the_offer(seen) && !everything_offered => {
            unknown(&EngineId::option(|can| can.completes_handshakes && can.offers_old_suites))
        }
        HandshakeFailure::Alert if is_last(seen, NO_APPLICATION_PROTOCOL) => Met::Fault(
            "turns down every ClientHello for the application protocol it does not name",
            "What answers serves only clients that name an application protocol (ALPN), HTTP/2 most often; Configuration Manager's clients name none.",
            &causes::APPLICATION_PROTOCOL_DEMANDED,
        ),
        HandshakeFailure::Alert if about_the_offer(seen) => Met::Fault(
            "turns down every ClientHello, from SSL 3.0 to TLS 1.3",
            "The server has no certificate or key it could use, or is set to versions and suites no client offers (Schannel's SCHANNEL registry keys, the suite order by Group Policy).",
            &causes::NOTHING_IN_COMMON,
        ),
        HandshakeFailure::Alert if is_last(seen, UNRECOGNIZED_NAME) => Met::Fault(
            "does not know the server name that was sent",
            "The name is none of those the proxy, load balancer or web server has a site for at this address and port, and it has no site for other names.",
            &causes::NAME_NOT_SERVED,
        ),
        HandshakeFailure::Alert if is_last(seen, INTERNAL_ERROR) => Met::Fault(
            "answers the ClientHello with a fatal alert",
            "The server cannot serve at all: no certificate, a private key without access, a failure of its own.",
            &causes::NO_USABLE_CERTIFICATE_BOUND,
        ),
        HandshakeFailure::Alert => Met::Fault(
            "answers every ClientHello with a fatal alert that is not about what was offered",
            "What answers has a reason of its own, which its own log names.",
            &causes::HELLO_REFUSED,
        ),
        HandshakeFailure::EngineLimit => Met::Tls(failure.words().into_owned()),
        _ => unknown("a handshake that gets as far as an answer"),
    }
}

/// Whether an attempt tells anything of the peer.
fn is_told(seen: &Observation) -> bool {
    !matches!(met(seen, true), Met::Undecided(_))
}

/// no_application_protocol (RFC 7301).
const NO_APPLICATION_PROTOCOL: u8 = 120;

/// unrecognized_name (RFC 6066).
const UNRECOGNIZED_NAME: u8 = 112;

/// internal_error: what Schannel and others send where they cannot use their certificate.
const INTERNAL_ERROR: u8 = 80;

fn is_last(seen: &Observation, description: u8) -> bool {
    seen.handshake.alerts.last().is_some_and(|alert| alert.description == description)
}

fn about_the_offer(seen: &Observation) -> bool {
    seen.handshake.alerts.last().is_none_or(|alert| alert.about_the_offer())
}

fn told(seen: &Observation) -> Option<String> {
    seen.stopped.as_ref().map(|failure| format!("{} ({})", failure.words(), seen.engine.name()))
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};
    use crate::wire::alert::Alert;
    use crate::wire::version::ProtocolVersion;

    fn met(kind: HandshakeFailure) -> World {
        World::web_server(|r| r).stopped(Failure::new(kind, "the peer's words"))
    }

    fn alerted(description: u8) -> World {
        met(HandshakeFailure::Alert)
            .handshakes(|handshake| handshake.alerts = vec![Alert { level: Some(2), description }])
    }

    fn and_by(world: World, engine: EngineId) -> World {
        world.also(OfferLabel::Default, move |seen| seen.engine = engine)
    }

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        vec![
            Case::passes("a whole session", healthy()),
            Case::passes(
                "stopped after the certificate",
                healthy().observations(|seen| {
                    seen.handshake.completed = false;
                    seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "certificate_required"));
                }),
            ),
            Case::passes(
                "a ServerHello, then silence",
                met(HandshakeFailure::Timeout).handshakes(|handshake| {
                    handshake.version = Some(ProtocolVersion::TLS1_0);
                }),
            ),
            Case::passes("a version this engine does not speak", met(HandshakeFailure::EngineLimit)),
            Case::fails(
                "no application protocol is named, to every engine",
                and_by(alerted(120), EngineId::Openssl),
                "ALPN",
            ),
            Case::fails("plain HTTP", met(HandshakeFailure::PlainHttp), "answers in plain HTTP"),
            Case::fails("garbage", met(HandshakeFailure::NotTls), "not TLS"),
            Case::fails("a flood without a ServerHello", met(HandshakeFailure::TooLarge), "not TLS as clients know it"),
            Case::passes(
                "a ServerHello, then a message without end",
                met(HandshakeFailure::TooLarge).handshakes(|handshake| {
                    handshake.version = Some(ProtocolVersion::TLS1_2);
                }),
            ),
            Case::fails("silence", met(HandshakeFailure::Timeout), "does not answer"),
            Case::fails("a drip", met(HandshakeFailure::Deadline), "does not answer"),
            Case::fails("reset", met(HandshakeFailure::Reset), "36870"),
            Case::fails("closed", met(HandshakeFailure::Closed), "closes the connection"),
            Case::fails("internal_error", alerted(80), "fatal alert"),
            Case::fails("and what it is", alerted(80), "Cause(no-usable-certificate-bound)"),
            Case::fails("unrecognized_name", alerted(112), "Cause(name-not-served)"),
            Case::fails("a certificate is demanded before there is one", alerted(116), "Cause(hello-refused)"),
            Case::fails("bad_certificate to a hello", alerted(42), "Cause(hello-refused)"),
            Case::fails("an alert nobody knows", alerted(255), "Cause(hello-refused)"),
            Case::unknown("protocol_version to a modern hello", alerted(70)),
            Case::unknown("handshake_failure to a modern hello", alerted(40)),
            Case::fails(
                "handshake_failure to everything",
                and_by(alerted(40), EngineId::Openssl),
                "from SSL 3.0 to TLS 1.3",
            ),
            Case::passes(
                "protocol_version, then an older engine gets in",
                alerted(70).also(OfferLabel::Default, |seen| {
                    seen.engine = EngineId::Openssl;
                    seen.stopped = None;
                    seen.handshake =
                        Handshake { completed: true, version: Some(ProtocolVersion::TLS1_0), ..Handshake::default() };
                }),
            ),
            Case::passes(
                "refused without a server name only",
                healthy().also(OfferLabel::WithoutServerName, |seen| {
                    seen.handshake = Handshake::default();
                    seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "unrecognized_name"));
                }),
            ),
            Case::unknown("nothing listens", healthy().refused()),
            Case::unknown("the identity cannot be used", met(HandshakeFailure::IdentityUnusable)),
        ]
    }
}
