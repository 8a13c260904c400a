//! What everything seen at an endpoint says about the protocol versions its server speaks. Nothing is judged here.

use crate::observation::Observation;
use crate::observation::failure::{Failure, HandshakeFailure, Stop};
use crate::plan::OfferLabel;
use crate::rule::subject::EndpointSubject;
use crate::wire::version::ProtocolVersion;

/// `protocol_version`: the peer speaks none of the versions offered.
const PROTOCOL_VERSION: u8 = 70;

/// The newest version the server chose in any handshake.
pub(crate) fn highest(subject: &EndpointSubject<'_>) -> Option<ProtocolVersion> {
    subject.seen.observations.iter().filter_map(|seen| seen.handshake.version).max()
}

/// The newest version the server chose although newer ones were offered to it.
pub(crate) fn highest_of_choice(subject: &EndpointSubject<'_>) -> Option<ProtocolVersion> {
    let of_choice = subject.seen.observations.iter().filter(|seen| offers_everything(seen));
    of_choice.filter_map(|seen| seen.handshake.version).max()
}

/// Whether the server refused every version that was offered to it, in so many words.
pub(crate) fn refused_all(subject: &EndpointSubject<'_>) -> bool {
    subject
        .seen
        .observations
        .iter()
        .filter(|seen| offers_everything(seen))
        .any(|seen| seen.handshake.alerts.iter().any(|alert| alert.description == PROTOCOL_VERSION))
}

/// The one version an offer is restricted to.
const fn alone(offer: OfferLabel) -> Option<ProtocolVersion> {
    match offer {
        OfferLabel::OnlySsl3 => Some(ProtocolVersion::SSL3),
        OfferLabel::OnlyTls10 => Some(ProtocolVersion::TLS1_0),
        OfferLabel::OnlyTls11 => Some(ProtocolVersion::TLS1_1),
        OfferLabel::OnlyTls12 => Some(ProtocolVersion::TLS1_2),
        OfferLabel::OnlyTls13 => Some(ProtocolVersion::TLS1_3),
        OfferLabel::Default
        | OfferLabel::WithoutServerName
        | OfferLabel::Windows(_)
        | OfferLabel::Anonymous
        | OfferLabel::Stranger
        | OfferLabel::Outsider
        | OfferLabel::Client
        | OfferLabel::ClientMissingFile
        | OfferLabel::ManagementPointCertificate
        | OfferLabel::SiteSigningCertificate
        | OfferLabel::ClientSecondPath
        | OfferLabel::ClientListing
        | OfferLabel::ClientPackageHead
        | OfferLabel::ClientPackageRange
        | OfferLabel::KnownException
        | OfferLabel::PlainHttp
        | OfferLabel::PlainContent
        | OfferLabel::PlainDirectory => None,
    }
}

/// Whether every version there is was offered.
fn offers_everything(seen: &Observation) -> bool {
    alone(seen.offer).is_none() && !matches!(seen.offer, OfferLabel::Windows(_)) && !seen.handshake.cautious
}

/// Whether versions were offered one by one.
pub(crate) fn were_enumerated(subject: &EndpointSubject<'_>) -> bool {
    subject.seen.observations.iter().any(|seen| alone(seen.offer).is_some())
}

/// What the server did with one version, offered alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer<'a> {
    /// It chose it.
    Accepted,
    /// It would not.
    Refused,
    /// That did not come out; why.
    Undecided(&'a Failure),
    /// It was not asked.
    NotAsked,
}

/// What the server did with a version that was offered alone, by whichever engine could.
pub(crate) fn answer_to<'a>(subject: &EndpointSubject<'a>, version: ProtocolVersion) -> Answer<'a> {
    let mut answer = Answer::NotAsked;
    for seen in subject.seen.observations.iter().filter(|seen| alone(seen.offer) == Some(version)) {
        if seen.handshake.version == Some(version) {
            return Answer::Accepted;
        }
        match &seen.stopped {
            Some(failure) if !is_refusal(subject, failure) => {
                if matches!(answer, Answer::NotAsked) {
                    answer = Answer::Undecided(failure);
                }
            }
            Some(_) | None => answer = Answer::Refused,
        }
    }
    answer
}

/// Whether a stopped handshake is the server's answer, and not silence, the network's doing, or a limit of ours. Where
/// nodes answer in turn and one of them takes connections and says nothing, an end without a word is no answer.
pub(crate) fn is_refusal(subject: &EndpointSubject<'_>, failure: &Failure) -> bool {
    let Stop::Handshake(how) = failure.stop else { return false };
    match how {
        HandshakeFailure::Reset | HandshakeFailure::Closed => !is_unsteady(subject),
        HandshakeFailure::Alert
        | HandshakeFailure::ProtocolError
        | HandshakeFailure::PlainHttp
        | HandshakeFailure::NotTls => true,
        HandshakeFailure::Timeout
        | HandshakeFailure::Deadline
        | HandshakeFailure::TooLarge
        | HandshakeFailure::EngineLimit
        | HandshakeFailure::IdentityUnusable
        | HandshakeFailure::NotPresented
        | HandshakeFailure::NotAttempted => false,
    }
}

/// Whether nodes answer in turn, and the same hello was answered once and once met with an end without a word.
pub(crate) fn is_unsteady(subject: &EndpointSubject<'_>) -> bool {
    let all = &subject.seen.observations;
    let same = |one: &Observation, other: &Observation| {
        (one.offer, one.engine, one.handshake.cautious) == (other.offer, other.engine, other.handshake.cautious)
    };
    let answered = |one: &Observation| all.iter().any(|seen| same(one, seen) && seen.handshake.version.is_some());
    subject.target.connections > 1 && all.iter().any(|seen| seen.is_wordless() && answered(seen))
}
