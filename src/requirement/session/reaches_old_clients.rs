//! `session/reaches-old-clients`

use super::versions::{self, Answer};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::version::ProtocolVersion;

/// What clients of 2007 speak, newest first.
const OF_THAT_TIME: [ProtocolVersion; 3] = [ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_1, ProtocolVersion::TLS1_0];

requirement! {
    /// The server does not speak TLS 1.3 alone: clients of a site of 2007 run on Windows versions that speak TLS 1.0 to
    /// 1.2, each its own part of that.
    ///
    /// Who is hurt: all of them. The connection is reset or ends with an alert; `ccmexec.log` shows 0x80072EFE (12030)
    /// or 0x80072F7D (12157), which reads like a network fault. It is what a freshly hardened proxy or load balancer in
    /// front of the old servers does.
    ///
    /// How it is seen: any handshake of this endpoint that settled on TLS 1.2 or older. Where all of them settled on
    /// TLS 1.3, only offers of an older version alone decide, and those are made with `--tls-versions`.
    REACHES_OLD_CLIENTS {
        id: "session/reaches-old-clients",
        title: "Clients that do not speak TLS 1.3 are served",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "the versions of TLS that Windows XP to Windows 7 speak" },
        scope: Scope::EVERY_ENDPOINT.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::Handshake],
        remedy: "Allow TLS 1.2 again beside TLS 1.3 on the server, proxy or load balancer that answers here (and for clients before Windows 7 whichever older version they need).",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let versions_seen = subject.seen.observations.iter().filter_map(|seen| seen.handshake.version);
    let Some(lowest) = versions_seen.min() else { return subject.no_session() };
    if lowest <= ProtocolVersion::TLS1_2 {
        return Verdict::pass();
    }
    let mut refused = Vec::new();
    for version in OF_THAT_TIME {
        match versions::answer_to(subject, version) {
            Answer::Accepted => return Verdict::pass(),
            Answer::Refused => refused.push(version),
            Answer::Undecided(failure) => {
                return Verdict::unknown(
                    format!("whether {version} is spoken did not come out: {}", failure.detail),
                    format!("an answer to {version} offered alone"),
                );
            }
            Answer::NotAsked => {
                return Verdict::unknown(
                    format!("the server chose {lowest}, and {version} was not offered alone"),
                    "--tls-versions",
                );
            }
        }
    }
    Evidence::new("The server speaks TLS 1.3 alone.")
        .expected("TLSv1.2, TLSv1.1 or TLSv1.0 too")
        .observed(format!("{lowest} accepted"))
        .observed_all(refused.iter().map(|version| format!("{version} refused")))
        .cause("Everything older is switched off on the server, or on what terminates TLS in front of it.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::ProtocolVersion;
    use crate::observation::Observation;
    use crate::observation::failure::{Failure, HandshakeFailure};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, World};

    fn stopped(kind: HandshakeFailure) -> impl Fn(&mut Observation) {
        move |seen| {
            seen.handshake = Handshake::default();
            seen.stopped = Some(Failure::new(kind, "the peer's words"));
        }
    }

    pub(super) fn all() -> Vec<Case> {
        let tls13 = || World::web_server(|r| r).handshakes(|seen| seen.version = Some(ProtocolVersion::TLS1_3));
        let refusing = |labels: &[OfferLabel]| {
            labels.iter().fold(tls13(), |world, label| world.also(*label, stopped(HandshakeFailure::Alert)))
        };
        let accepting = |version| move |seen: &mut Observation| seen.handshake.version = Some(version);
        let all_old = [OfferLabel::OnlyTls10, OfferLabel::OnlyTls11, OfferLabel::OnlyTls12];
        vec![
            Case::passes("TLS 1.2", World::web_server(|r| r)),
            Case::passes(
                "TLS 1.3 by choice, TLS 1.2 when asked",
                tls13().also(OfferLabel::OnlyTls12, accepting(ProtocolVersion::TLS1_2)),
            ),
            Case::passes(
                "TLS 1.3 by choice, TLS 1.0 when asked",
                refusing(&[OfferLabel::OnlyTls11, OfferLabel::OnlyTls12])
                    .also(OfferLabel::OnlyTls10, accepting(ProtocolVersion::TLS1_0)),
            ),
            Case::fails("TLS 1.3 alone", refusing(&all_old), "TLSv1.2 refused"),
            Case::unknown("nothing older was offered alone", tls13()),
            Case::unknown("TLS 1.2 alone was refused, the others not asked for", refusing(&[OfferLabel::OnlyTls12])),
            Case::unknown(
                "one of them was not answered in time",
                refusing(&[OfferLabel::OnlyTls12, OfferLabel::OnlyTls10])
                    .also(OfferLabel::OnlyTls11, stopped(HandshakeFailure::Timeout)),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("Current Branch", refusing(&all_old).current_branch()),
        ]
    }
}
