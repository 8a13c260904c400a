//! `session/protocol`

use super::versions;
use crate::plan::engine::EngineId;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::version::ProtocolVersion;

requirement! {
    /// The server speaks TLS 1.2 or later. For Current Branch the documents ask for it; in a site of 2007 it is worth
    /// knowing, because Windows Server 2003 and 2008 speak nothing newer than TLS 1.0, and Server 2008 R2 speaks TLS 1.1
    /// and 1.2 only where the registry was told so.
    ///
    /// Who is hurt: clients and tools that have TLS 1.0 and 1.1 switched off, which today's Windows has: 0x80072F7D
    /// (12157), or SECURITY_CHANNEL_ERROR (0x80000000) among the flags.
    ///
    /// How it is seen: the newest version the server chose in any handshake of this endpoint, whichever engine made it;
    /// the finding names it. Where the server refused every version an engine could offer and no other engine came
    /// through, nothing is decided, and the finding names the engine that could.
    PROTOCOL {
        id: "session/protocol",
        title: "TLS 1.2 or later is spoken",
        severity: SeverityByProfile { native_mode_2007: Severity::Notice, current_branch: Severity::Warning },
        citations: ByProfile::each(
            Citation { document: &document::TOOL, place: "what Schannel offers, and which versions of TLS are sound" },
            Citation { document: &document::CBTLS, place: "enabling TLS 1.2 on site servers and site systems" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Switch TLS 1.2 on for the server (SCHANNEL\\Protocols\\TLS 1.2\\Server: Enabled=1, DisabledByDefault=0; Server 2008 SP2 needs an update first) and restart it; Windows Server 2003 cannot speak it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(highest) = versions::highest(subject) else { return nothing_seen(subject) };
    if highest >= ProtocolVersion::TLS1_2 {
        return Verdict::pass_with(highest.to_string());
    }
    if versions::highest_of_choice(subject).is_none() {
        return Verdict::unknown(
            format!("{highest} is spoken; whether anything newer is did not come out"),
            "a handshake in which every version is offered",
        );
    }
    Evidence::new(format!("Nothing newer than {highest} is spoken."))
        .because(&causes::OLD_VERSIONS_ONLY)
        .expected("TLSv1.2 or TLSv1.3")
        .observed(highest.to_string())
        .cause("The server's Windows is older than TLS 1.2, or it is switched off there.")
        .fail()
}

fn nothing_seen(subject: &EndpointSubject<'_>) -> Verdict {
    if !versions::refused_all(subject) {
        return subject.no_session();
    }
    let everything_offered = subject.seen.observations.iter().any(|seen| seen.engine.offers_everything());
    Verdict::unknown(
        "the server refused every version that was offered (protocol_version)",
        if everything_offered {
            "a client that speaks the version this server wants".to_owned()
        } else {
            EngineId::option(|can| can.completes_handshakes && can.offers_old_suites)
        },
    )
}

#[cfg(test)]
mod cases {
    use super::ProtocolVersion;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, World};
    use crate::wire::alert::Alert;

    pub(super) fn all() -> Vec<Case> {
        let speaking = |version| World::web_server(|r| r).handshakes(move |seen| seen.version = Some(version));
        let refusing = || {
            World::web_server(|r| r).observations(|seen| {
                let alerts = vec![Alert { level: Some(2), description: 70 }];
                seen.handshake = Handshake { alerts, ..Handshake::default() };
                seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "protocol_version (70)"));
            })
        };
        vec![
            Case::passes("TLS 1.2", speaking(ProtocolVersion::TLS1_2)),
            Case::passes("TLS 1.3", speaking(ProtocolVersion::TLS1_3)),
            Case::passes(
                "TLS 1.2 when offered alone, whatever was chosen before",
                speaking(ProtocolVersion::TLS1_1)
                    .also(OfferLabel::OnlyTls12, |seen| seen.handshake.version = Some(ProtocolVersion::TLS1_2)),
            ),
            Case::fails("TLS 1.1", speaking(ProtocolVersion::TLS1_1), "TLSv1.1"),
            Case::fails("SSL 3.0", speaking(ProtocolVersion::SSL3).current_branch(), "newer than SSLv3"),
            Case::fails(
                "refused by one engine, TLS 1.0 by the next",
                refusing().also(OfferLabel::Default, |seen| {
                    seen.handshake.version = Some(ProtocolVersion::TLS1_0);
                    seen.stopped = None;
                }),
                "TLSv1.0",
            ),
            Case::unknown("every version refused", refusing()),
            Case::unknown(
                "only an old version was offered",
                World::web_server(|r| r).observations(|seen| {
                    seen.offer = OfferLabel::OnlyTls10;
                    seen.handshake.version = Some(ProtocolVersion::TLS1_0);
                }),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
