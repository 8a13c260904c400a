//! `session/reaches-clients`

use super::reach::{Lost, Reach, concerned, is_dead, never_ends, nobody_gets_in, reach};
use super::versions;
use crate::plan::build::declared_windows;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::suite::CipherSuite;
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::WindowsClient;

requirement! {
    /// At least one of the Windows versions whose clients a site of this profile can have gets in: it settles with the
    /// server on a version and a suite, and takes what the server sends. For a site of 2007 these are Windows XP SP3 to
    /// Windows 7, the last also where TLS 1.1 and 1.2 were switched on for it (KB 3140245); for Current Branch Windows 10
    /// 1607 to Windows 11 with their servers. Where the definition names Windows versions, each of them must get in, as it
    /// is by default.
    ///
    /// Who is hurt: all of these clients at once: WinHTTP reports 12157 or 12030 and nothing of the reason, and other
    /// clients, browsers first, go on working.
    ///
    /// How it is seen: for each row of the table of what Windows clients offer, one ClientHello in clear text and what the
    /// server answers; any other handshake such a client would have made counts too. The finding names whom the server
    /// loses and by what: protocol, suite, server name, a hash in the chain it sends, the size of that. These offers are
    /// not made for the endpoints of a list, unless by `--tls-versions`; where nothing was asked the row does not apply.
    REACHES_CLIENTS {
        id: "session/reaches-clients",
        title: "The site's clients and the server can agree on a session",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "what Schannel and WinHTTP of each Windows version offer" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Allow the versions and cipher suites these clients have on what answers here (SCHANNEL\\Protocols; Group Policy: Network, SSL Configuration Settings).",
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
    let declared = declared_windows(subject.basis.site);
    if !declared.is_empty() {
        return each(subject, &declared);
    }
    let clients = concerned(subject.basis.site).into_iter();
    let reached: Vec<(WindowsClient, Reach)> = clients.map(|client| (client, reach(subject, client))).collect();
    let got_in: Vec<String> = reached
        .iter()
        .filter_map(|(client, reach)| match reach {
            Reach::Yes(session) => Some(format!("{}: {session}", client.row().words)),
            Reach::No(_) | Reach::NotAsked | Reach::Undecided(_) => None,
        })
        .collect();
    if !got_in.is_empty() {
        return Verdict::Pass(got_in);
    }
    if reached.iter().any(|(_, reach)| matches!(reach, Reach::NotAsked)) {
        return Verdict::NotApplicable("what Windows clients offer was not offered");
    }
    if let Some(why) = reached.iter().find_map(|(_, reach)| undecided(reach)) {
        return Verdict::unknown(format!("whether a client gets in did not come out: {why}"), "an answer to its offer");
    }
    lost_evidence(subject, "No client of the site can agree on a session with the server.", &reached)
        .expected("a version and a suite that one of the site's Windows versions offers")
        .fail()
}

/// Every Windows version the definition names.
fn each(subject: &EndpointSubject<'_>, declared: &[WindowsClient]) -> Verdict {
    let reached: Vec<(WindowsClient, Reach)> =
        declared.iter().map(|client| (*client, reach(subject, *client))).collect();
    if reached.iter().any(|(_, reach)| matches!(reach, Reach::No(_))) {
        return lost_evidence(
            subject,
            "Clients the definition names cannot agree on a session with the server.",
            &reached,
        )
        .expected_all(declared.iter().map(|client| client.row().words))
        .fail();
    }
    if reached.iter().any(|(_, reach)| matches!(reach, Reach::NotAsked)) {
        return Verdict::NotApplicable("what Windows clients offer was not offered");
    }
    match reached.iter().find_map(|(_, reach)| undecided(reach)) {
        Some(why) => {
            Verdict::unknown(format!("whether a client gets in did not come out: {why}"), "an answer to its offer")
        }
        None => Verdict::pass_with(format!("{} of {0}", declared.len())),
    }
}

pub(super) fn undecided(reach: &Reach) -> Option<&str> {
    match reach {
        Reach::Undecided(why) => Some(why),
        Reach::Yes(_) | Reach::No(_) | Reach::NotAsked => None,
    }
}

/// Whom the server loses, and by what.
pub(super) fn lost_evidence(
    subject: &EndpointSubject<'_>,
    message: &str,
    reached: &[(WindowsClient, Reach)],
) -> Evidence {
    let lost = || {
        reached.iter().filter_map(|(client, reach)| match reach {
            Reach::No(lost) => Some((client.row(), lost)),
            Reach::Yes(_) | Reach::NotAsked | Reach::Undecided(_) => None,
        })
    };
    let evidence = Evidence::new(message)
        .observed_all(lost().map(|(row, lost)| format!("{}: lost {}", row.words, lost.in_words(row))));
    match lost().find_map(|(_, lost)| cause(subject, lost)) {
        Some(cause) => evidence.because(cause),
        None => evidence,
    }
}

fn cause(subject: &EndpointSubject<'_>, lost: &Lost) -> Option<&'static Cause> {
    match lost {
        Lost::Protocol => {
            let lowest = subject.seen.observations.iter().filter_map(|seen| seen.handshake.version).min();
            let is_tls13_alone = lowest >= Some(ProtocolVersion::TLS1_3);
            let is_new = versions::highest(subject) >= Some(ProtocolVersion::TLS1_2);
            match (is_tls13_alone, is_new) {
                (true, _) => Some(&causes::TLS13_ALONE),
                (false, true) => Some(&causes::NEW_VERSIONS_ALONE),
                (false, false) => Some(&causes::OLD_VERSIONS_ONLY),
            }
        }
        Lost::Suite if only_foreign_suites(subject) => Some(&causes::FOREIGN_SUITES_ALONE),
        Lost::Group(_) => Some(&causes::FOREIGN_GROUPS_ALONE),
        Lost::ShortPrime(_) => Some(&causes::SHORT_DIFFIE_HELLMAN_PRIME),
        Lost::Suite if only_old_suites(subject) => Some(&causes::OLD_SUITES_ALONE),
        Lost::Suite => Some(&causes::NEW_SUITES_ALONE),
        Lost::ServerName => Some(&causes::SERVER_NAME_REQUIRED),
        Lost::Hash("MD5") => Some(&causes::BROKEN_HASH),
        Lost::Hash(_) => None,
        Lost::Size(_) => Some(&causes::CERTIFICATE_MESSAGE_TOO_LONG),
        Lost::Unanswered => Some(&causes::INTOLERANT_OF_NEW_HELLO),
    }
}

/// Whether the server settles on nothing but what no version of Windows offers.
fn only_foreign_suites(subject: &EndpointSubject<'_>) -> bool {
    settles_only_on(subject, |suite| !WindowsClient::ALL.iter().any(|client| client.row().offers(suite)))
}

/// Whether the server settles on nothing but what newer versions of Windows no longer offer: RC4, DES or Triple DES.
fn only_old_suites(subject: &EndpointSubject<'_>) -> bool {
    settles_only_on(subject, |suite| ["RC4", "DES"].iter().any(|old| suite.to_string().contains(old)))
}

/// Whether the server settles on a suite, and on none but such.
fn settles_only_on(subject: &EndpointSubject<'_>, is_such: impl Fn(CipherSuite) -> bool) -> bool {
    let mut settled = subject.seen.observations.iter().filter_map(|seen| seen.handshake.cipher_suite).peekable();
    settled.peek().is_some() && settled.all(is_such)
}

#[cfg(test)]
pub(super) mod cases {
    use super::{CipherSuite, ProtocolVersion, WindowsClient};
    use crate::observation::Observation;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};
    use crate::wire::alert::Alert;
    use crate::wire::suite::NamedGroup;

    /// The server settles on this with such a client.
    pub(in crate::requirement::session) fn settling(
        world: World,
        client: WindowsClient,
        version: ProtocolVersion,
        suite: u16,
    ) -> World {
        world.also(OfferLabel::Windows(client), move |seen| {
            seen.engine = EngineId::HelloReader;
            seen.handshake.completed = false;
            seen.handshake.version = Some(version);
            seen.handshake.cipher_suite = Some(CipherSuite(suite));
        })
    }

    /// The server turns such a client down.
    pub(in crate::requirement::session) fn refusing(world: World, client: WindowsClient) -> World {
        world.also(OfferLabel::Windows(client), |seen: &mut Observation| {
            seen.engine = EngineId::HelloReader;
            let alerts = vec![Alert { level: Some(2), description: 70 }];
            seen.handshake = Handshake { alerts, ..Handshake::default() };
            seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "protocol_version (70)"));
        })
    }

    pub(super) fn all() -> Vec<Case> {
        let tls13 = || {
            World::web_server(|r| r).handshakes(|seen| {
                seen.version = Some(ProtocolVersion::TLS1_3);
                seen.cipher_suite = Some(CipherSuite(0x1301));
            })
        };
        let of_2007 = [WindowsClient::Xp, WindowsClient::Vista, WindowsClient::Seven, WindowsClient::SevenTls12];
        let none = || of_2007.into_iter().fold(tls13(), refusing);
        let all_but_7 = || of_2007[..3].iter().fold(tls13(), |world, client| refusing(world, *client));
        let by_group = |number| {
            World::web_server(|r| r).current_branch().handshakes(move |seen| {
                seen.version = Some(ProtocolVersion::TLS1_2);
                seen.cipher_suite = Some(CipherSuite(0xc030));
                seen.key_exchange_group = Some(NamedGroup(number));
            })
        };
        let of_camellia = || {
            World::web_server(|r| r).current_branch().observations(|seen| {
                seen.engine = EngineId::HelloReader;
                seen.handshake.completed = false;
                seen.handshake.cipher_suite = Some(CipherSuite(0x0041));
            })
        };
        let refused_by = |world: World| {
            WindowsClient::OF_CURRENT_BRANCH.iter().fold(world, |world, client| refusing(world, *client))
        };
        let of_prime = |bits| {
            let world = by_group(0x0019);
            WindowsClient::OF_CURRENT_BRANCH.iter().fold(world, |world, client| {
                let settled = settling(world, *client, ProtocolVersion::TLS1_2, 0x009f);
                settled.observations(move |seen| {
                    if seen.engine == EngineId::HelloReader {
                        seen.handshake.prime_bits = Some(bits);
                    }
                })
            })
        };
        vec![
            Case::passes(
                "Windows XP, and nobody else",
                settling(tls13(), WindowsClient::Xp, ProtocolVersion::TLS1_0, 0x0005),
            ),
            Case::passes(
                "Windows 7 where TLS 1.2 was switched on",
                settling(all_but_7(), WindowsClient::SevenTls12, ProtocolVersion::TLS1_2, 0xc027),
            ),
            Case::fails(
                "the suite it settles on is none they offered",
                settling(all_but_7(), WindowsClient::SevenTls12, ProtocolVersion::TLS1_2, 0xc02f),
                "by suite",
            ),
            Case::fails("TLS 1.3 alone", none(), "Windows XP SP3 and Server 2003: lost by protocol"),
            Case::fails(
                "a curve alone that none of them has",
                refused_by(by_group(0x0019)),
                "by group: the server exchanges keys by",
            ),
            Case::fails("and what that is", refused_by(by_group(0x0019)), "Cause(foreign-groups-alone)"),
            Case::fails("suites none of them has", refused_by(of_camellia()), "Cause(foreign-suites-alone)"),
            Case::fails("a Diffie-Hellman prime of 1023 bits", of_prime(1023), "Cause(short-diffie-hellman-prime)"),
            Case::passes("one of 1024 bits", of_prime(1024)),
            Case::passes("TLS 1.3 in a Current Branch site", tls13().current_branch()),
            Case::not_applicable("not asked", tls13()),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
