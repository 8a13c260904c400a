//! `session/old-versions`

use super::versions::{self, Answer};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::version::ProtocolVersion;

/// The versions the documents want switched off, newest first.
const OLD: ByProfile<&[ProtocolVersion]> = ByProfile::each(
    &[ProtocolVersion::SSL3],
    &[ProtocolVersion::TLS1_1, ProtocolVersion::TLS1_0, ProtocolVersion::SSL3],
);

requirement! {
    /// SSL 3.0, TLS 1.0 and TLS 1.1 are not accepted beside newer versions. In a site of 2007 its clients speak TLS 1.0 by
    /// default, so there SSL 3.0 alone counts, as a notice; of a Current Branch site all three are asked.
    ///
    /// Who is hurt: whoever's connection can be talked down to an old version by somebody in between, and whoever has to
    /// answer an auditor. No client falls silent over it.
    ///
    /// How it is seen: one handshake for each version, offering that version alone. It is made for the endpoints of a
    /// definition and of the command line; for those of a list with `--tls-versions` only, and without it this row does
    /// not apply. A server that speaks nothing newer is named by
    /// session/protocol and not here.
    OLD_VERSIONS {
        id: "session/old-versions",
        title: "SSL 3.0, TLS 1.0 and TLS 1.1 are switched off",
        severity: SeverityByProfile { native_mode_2007: Severity::Notice, current_branch: Severity::Warning },
        citations: ByProfile::each(
            Citation { document: &document::TOOL, place: "what Schannel offers, and which versions of TLS are sound" },
            Citation { document: &document::CBTLS, place: "disabling SSL 3.0, TLS 1.0 and TLS 1.1" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Once no client needs them, switch the versions off (SCHANNEL\\Protocols\\<version>\\Server: Enabled=0) and restart the server; with Current Branch make sure first that every component and the SQL Server clients speak TLS 1.2.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let old = OLD.under(subject.basis.site.profile);
    let answers: Vec<_> = old.iter().map(|version| (*version, versions::answer_to(subject, *version))).collect();
    if !versions::were_enumerated(subject) {
        return Verdict::NotApplicable("versions were not offered one by one");
    }
    let Some(highest) = versions::highest(subject) else { return subject.no_session() };
    if highest < ProtocolVersion::TLS1_2 {
        return Verdict::NotApplicable("no newer version is spoken beside them");
    }
    if answers.iter().any(|(_, answer)| matches!(answer, Answer::Accepted)) {
        let accepted = answers.iter().filter(|(_, answer)| matches!(answer, Answer::Accepted));
        return Evidence::new("Old versions are accepted beside newer ones.")
            .because(&causes::OLD_VERSIONS_ON)
            .expected(match subject.basis.site.profile {
                Profile::NativeMode2007 => "no SSLv3",
                Profile::CurrentBranch => "TLSv1.2 and TLSv1.3 only",
            })
            .observed_all(accepted.map(|(version, _)| format!("{version} accepted")))
            .cause("They are on by default on Windows Server up to 2019, SSL 3.0 up to 2012 R2.")
            .fail();
    }
    for (version, answer) in answers {
        match answer {
            Answer::Accepted | Answer::Refused => {}
            Answer::Undecided(failure) => {
                return Verdict::unknown(
                    format!("whether {version} is accepted did not come out: {}", failure.detail),
                    format!("an answer to {version} offered alone"),
                );
            }
            Answer::NotAsked => {
                return Verdict::unknown(format!("{version} was not offered alone"), "--tls-versions");
            }
        }
    }
    Verdict::pass()
}

#[cfg(test)]
mod cases {
    use super::{Profile, ProtocolVersion};
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

    fn accepting(version: ProtocolVersion) -> impl Fn(&mut Observation) {
        move |seen| seen.handshake.version = Some(version)
    }

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r).current_branch();
        let refused = |world: World, label| world.also(label, stopped(HandshakeFailure::Alert));
        let two_refused = || refused(refused(healthy(), OfferLabel::OnlySsl3), OfferLabel::OnlyTls11);
        vec![
            Case::passes("all refused", refused(two_refused(), OfferLabel::OnlyTls10)),
            Case::passes(
                "refused to the engine that can offer it",
                two_refused()
                    .also(OfferLabel::OnlyTls10, stopped(HandshakeFailure::EngineLimit))
                    .also(OfferLabel::OnlyTls10, stopped(HandshakeFailure::Reset)),
            ),
            Case::fails(
                "TLS 1.0 accepted",
                two_refused().also(OfferLabel::OnlyTls10, accepting(ProtocolVersion::TLS1_0)),
                "TLSv1.0 accepted",
            ),
            Case::passes(
                "TLS 1.0 accepted in a site of 2007",
                two_refused()
                    .also(OfferLabel::OnlyTls10, accepting(ProtocolVersion::TLS1_0))
                    .profile(Profile::NativeMode2007),
            ),
            Case::fails(
                "SSL 3.0 accepted in a site of 2007",
                healthy().profile(Profile::NativeMode2007).also(OfferLabel::OnlySsl3, accepting(ProtocolVersion::SSL3)),
                "no SSLv3",
            ),
            Case::fails(
                "SSL 3.0 accepted, the others not known",
                healthy()
                    .also(OfferLabel::OnlyTls10, stopped(HandshakeFailure::Timeout))
                    .also(OfferLabel::OnlySsl3, accepting(ProtocolVersion::SSL3)),
                "SSLv3 accepted",
            ),
            Case::unknown(
                "one not answered in time",
                two_refused().also(OfferLabel::OnlyTls10, stopped(HandshakeFailure::Timeout)),
            ),
            Case::unknown(
                "no engine could offer it",
                two_refused().also(OfferLabel::OnlyTls10, stopped(HandshakeFailure::EngineLimit)),
            ),
            Case::unknown("nothing listens", refused(healthy(), OfferLabel::OnlyTls10).refused()),
            Case::not_applicable("not asked", healthy()),
            Case::not_applicable(
                "nothing newer is spoken",
                healthy()
                    .handshakes(|seen| seen.version = Some(ProtocolVersion::TLS1_0))
                    .also(OfferLabel::OnlyTls10, accepting(ProtocolVersion::TLS1_0)),
            ),
        ]
    }
}
