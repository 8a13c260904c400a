//! `session/reaches-old-clients`

use super::reach::{Reach, is_dead, never_ends, nobody_gets_in, of_profile, reach};
use super::reaches_clients::{lost_evidence, undecided};
use crate::plan::build::declared_windows;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::Verdict;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::wire::windows::WindowsClient;

requirement! {
    /// Every Windows version whose clients a site of this profile can have gets in as it is by default: Windows XP SP3 to
    /// Windows 7 at a site of 2007, Windows 10 1607 to Windows 11 and their servers at a Current Branch site.
    ///
    /// Who is hurt: the clients that are lost, and nobody else, so that it shows as single computers that went silent.
    /// `LocationServices.log` and `CcmMessaging.log` show 12157 or 12030, which reads like a network fault. It is what a
    /// freshly hardened server, proxy or load balancer does.
    ///
    /// How it is seen: for each row of the table of what Windows clients offer, one ClientHello in clear text and what the
    /// server answers. The finding lists who cannot get in and by what: protocol, suite, server name, a hash in the chain
    /// the server sends, the size of that. Where the definition names the Windows versions that must get in, or where
    /// these offers were not made (a list without `--tls-versions`), the row does not apply.
    REACHES_OLD_CLIENTS {
        id: "session/reaches-old-clients",
        title: "Every Windows version the site can have gets in",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "what Schannel and WinHTTP of each Windows version offer" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Allow what the clients that are lost have, beside what is there, or name the Windows versions that must get in ([site] windows) if there are no others.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if is_dead(subject) {
        return subject.no_session();
    }
    if never_ends(subject) {
        return nobody_gets_in();
    }
    if !declared_windows(subject.basis.site).is_empty() {
        return Verdict::NotApplicable("the definition names the Windows versions that must get in");
    }
    let clients = of_profile(subject.basis.site.profile);
    let reached: Vec<(WindowsClient, Reach)> =
        clients.iter().map(|client| (*client, reach(subject, *client))).collect();
    if reached.iter().any(|(_, reach)| matches!(reach, Reach::No(_))) {
        return lost_evidence(subject, "Some of the site's Windows versions cannot agree on a session here.", &reached)
            .expected_all(clients.iter().map(|client| client.row().words))
            .fail();
    }
    if reached.iter().any(|(_, reach)| matches!(reach, Reach::NotAsked)) {
        return Verdict::NotApplicable("what Windows clients offer was not offered");
    }
    match reached.iter().find_map(|(_, reach)| undecided(reach)) {
        Some(why) => {
            Verdict::unknown(format!("whether all get in did not come out: {why}"), "an answer to each of their offers")
        }
        None => Verdict::Pass(
            reached
                .into_iter()
                .filter_map(|(client, reach)| match reach {
                    Reach::Yes(session) => Some(format!("{}: {session}", client.row().words)),
                    Reach::No(_) | Reach::NotAsked | Reach::Undecided(_) => None,
                })
                .collect(),
        ),
    }
}

#[cfg(test)]
mod cases {
    use super::WindowsClient;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, World};
    use crate::requirement::session::reaches_clients::cases::{refusing, settling};
    use crate::wire::suite::CipherSuite;
    use crate::wire::version::ProtocolVersion;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let of_2007 = |world: World| {
            let world = settling(world, WindowsClient::Xp, ProtocolVersion::TLS1_0, 0x0005);
            let world = settling(world, WindowsClient::Vista, ProtocolVersion::TLS1_0, 0xc014);
            settling(world, WindowsClient::Seven, ProtocolVersion::TLS1_0, 0xc014)
        };
        let of_2007_but_xp = || {
            let world = settling(healthy(), WindowsClient::Vista, ProtocolVersion::TLS1_0, 0xc014);
            settling(world, WindowsClient::Seven, ProtocolVersion::TLS1_0, 0xc014)
        };
        vec![
            Case::passes("all of 2007", of_2007(healthy())),
            Case::fails(
                "Windows XP is turned down",
                refusing(of_2007_but_xp(), WindowsClient::Xp),
                "Server 2003: lost by suite",
            ),
            Case::fails(
                "and what it is lost by is told as the cause",
                refusing(of_2007_but_xp(), WindowsClient::Xp),
                "Cause(new-suites-alone)",
            ),
            Case::fails(
                "RC4 alone, which no Windows of today offers",
                refusing(
                    healthy().current_branch().observations(|seen| {
                        seen.handshake.version = Some(ProtocolVersion::TLS1_2);
                        seen.handshake.cipher_suite = Some(CipherSuite(0x0005));
                    }),
                    WindowsClient::Eleven22H2,
                ),
                "Cause(old-suites-alone)",
            ),
            Case::fails(
                "a chain longer than a record",
                of_2007(healthy()).handshakes(|seen| {
                    let issuer = seen.chain[1].clone();
                    while seen.certificate_message().is_some_and(|octets| octets <= 16_384) {
                        seen.chain.push(issuer.clone());
                    }
                }),
                "by size",
            ),
            Case::fails(
                "Windows 11's hello is met with silence",
                healthy().current_branch().also(OfferLabel::Windows(WindowsClient::Eleven22H2), |seen| {
                    seen.handshake = Default::default();
                    seen.stopped = Some(Failure::new(HandshakeFailure::Timeout, "silence"));
                }),
                "met with silence",
            ),
            Case::unknown(
                "Windows 11's hello is reset where its suite is settled on over another connection",
                healthy().current_branch().also(OfferLabel::Windows(WindowsClient::Eleven22H2), |seen| {
                    seen.handshake = Default::default();
                    seen.stopped = Some(Failure::new(HandshakeFailure::Reset, "reset without a word"));
                }),
            ),
            Case::passes("TLS 1.2 as Windows 10 and 11 have it", healthy().current_branch()),
            Case::not_applicable("not asked", healthy()),
            Case::unknown("nothing listens", healthy().refused()),
        ]
    }
}
