//! Which Windows clients an endpoint lets in, by what each offers and what the server makes of it: for the rows on reaching
//! clients and for the table of who reaches whom.

use super::versions::{self, Answer};
use crate::certificate::Hash;
use crate::observation::Observation;
use crate::observation::failure::{Failure, HandshakeFailure, Stop};
use crate::observation::handshake::{Handshake, KeyProof};
use crate::plan::OfferLabel;
use crate::plan::build::declared_windows;
use crate::rule::subject::EndpointSubject;
use crate::site::Site;
use crate::site::profile::Profile;
use crate::verdict::Verdict;
use crate::wire::suite::NamedGroup;
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::{Row, SHORTEST_PRIME, WindowsClient};

/// Whether a client of one kind gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does; what is settled on.
    Yes(String),
    /// It does not.
    No(Lost),
    /// Its offer was not made, and no other tells.
    NotAsked,
    /// That did not come out; why.
    Undecided(String),
}

/// What a client is lost by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No version both speak.
    Protocol,
    /// No suite both have.
    Suite,
    /// The server answers nobody who sends no server name.
    ServerName,
    /// A signature in the chain sent, which it did not offer.
    Hash(&'static str),
    /// The Certificate message is longer than it takes, in octets.
    Size(usize),
    /// No group of key exchange both have; the one the server takes.
    Group(NamedGroup),
    /// The server's Diffie–Hellman prime is shorter than it takes, in bits.
    ShortPrime(u32),
    /// Its hello gets no answer.
    Unanswered,
}

impl Lost {
    /// In words, for a client.
    pub fn in_words(&self, row: &Row) -> String {
        match self {
            Self::Protocol => format!("by protocol: it speaks {}", versions_of(row)),
            Self::Suite => "by suite: the server has none it offers".to_owned(),
            Self::ServerName => "by server name: it sends none".to_owned(),
            Self::Hash(hash) => format!("by hash: a certificate sent is signed with {hash}"),
            Self::Size(octets) => {
                format!("by size: a Certificate message of {octets} octets, it takes {}", row.longest_message)
            }
            Self::Group(group) => format!("by group: the server exchanges keys by {group}, which it does not offer"),
            Self::ShortPrime(bits) => {
                format!("by key exchange: a Diffie-Hellman prime of {bits} bits, it takes {SHORTEST_PRIME} and more")
            }
            Self::Unanswered => "by no answer: its hello is met with silence".to_owned(),
        }
    }
}

fn versions_of(row: &Row) -> String {
    match row.oldest == row.newest {
        true => row.newest.to_string(),
        false => format!("{} to {}", row.oldest, row.newest),
    }
}

/// Whether a kind of client gets in at an endpoint.
pub fn reach(subject: &EndpointSubject<'_>, client: WindowsClient) -> Reach {
    let row = client.row();
    let asked = || subject.seen.with_offer(OfferLabel::Windows(client));
    if let Some(answered) = asked().find(|seen| seen.handshake.version.is_some()) {
        return settled(subject, answered, row);
    }
    if let Some(failure) = asked().find_map(|seen| seen.stopped.as_ref()) {
        return stopped(subject, failure, row);
    }
    // Any other handshake such a client would have made says the same.
    match would_be(subject, row) {
        Some(met) => settled(subject, met, row),
        None => Reach::NotAsked,
    }
}

/// A handshake of another offer that such a client would have made too.
fn would_be<'a>(subject: &EndpointSubject<'a>, row: &Row) -> Option<&'a Observation> {
    subject.seen.observations.iter().find(|seen| {
        let handshake = &seen.handshake;
        let has_group = handshake.key_exchange_group.is_none_or(|group| row.exchanges_by(group));
        is_theirs(handshake, row) && has_group && (row.sends_server_name || handshake.server_name.is_none())
    })
}

/// Whether a handshake settled on a version and a suite of theirs.
fn is_theirs(handshake: &Handshake, row: &Row) -> bool {
    handshake.version.is_some_and(|version| row.speaks(version))
        && handshake.cipher_suite.is_some_and(|suite| row.offers(suite))
}

/// What an agreement is worth to a client.
fn settled(subject: &EndpointSubject<'_>, seen: &Observation, row: &Row) -> Reach {
    let handshake = &seen.handshake;
    let (Some(version), Some(suite)) = (handshake.version, handshake.cipher_suite) else { return Reach::NotAsked };
    if !row.speaks(version) {
        return Reach::No(Lost::Protocol);
    }
    if !row.offers(suite) {
        return Reach::No(Lost::Suite);
    }
    if let Some(bits) = handshake.prime_bits.filter(|bits| row.refuses_short_primes && *bits < SHORTEST_PRIME) {
        return Reach::No(Lost::ShortPrime(bits));
    }
    let message = handshake.certificate_message().or_else(|| subject.principal()?.handshake.certificate_message());
    if let Some(octets) = message.filter(|octets| *octets > row.longest_message) {
        return Reach::No(Lost::Size(octets));
    }
    let hashes = subject.chain.iter().filter_map(|one| one.facts()).filter_map(|facts| facts.signature.hash);
    let refused = |hash: Hash| match hash {
        Hash::Md5 if version >= ProtocolVersion::TLS1_2 => Some("MD5"),
        Hash::Sha512 if version >= ProtocolVersion::TLS1_2 && !row.takes_sha512 => Some("SHA-512"),
        Hash::Sha224 if !row.sends_server_name => Some("SHA-224"),
        _ => None,
    };
    match hashes.filter_map(refused).next() {
        Some(hash) => Reach::No(Lost::Hash(hash)),
        None => Reach::Yes(format!("{version}, {suite}")),
    }
}

/// What an offer that was not taken says.
fn stopped(subject: &EndpointSubject<'_>, failure: &Failure, row: &Row) -> Reach {
    if failure.is(HandshakeFailure::Timeout) {
        return Reach::No(Lost::Unanswered);
    }
    if !versions::is_refusal(subject, failure) {
        return Reach::Undecided(failure.words().into_owned());
    }
    let without_name = subject.with_offer(OfferLabel::WithoutServerName);
    let nameless_refused = without_name
        .and_then(|seen| seen.stopped.as_ref())
        .is_some_and(|failure| versions::is_refusal(subject, failure));
    if !row.sends_server_name && nameless_refused {
        return Reach::No(Lost::ServerName);
    }
    let spoken = ProtocolVersion::ALL.into_iter().filter(|version| row.speaks(*version));
    let is_spoken = |version| match versions::answer_to(subject, version) {
        Answer::Accepted => true,
        Answer::Refused | Answer::Undecided(_) | Answer::NotAsked => {
            subject.seen.observations.iter().any(|seen| seen.handshake.version == Some(version))
        }
    };
    if !spoken.into_iter().any(is_spoken) {
        return Reach::No(Lost::Protocol);
    }
    // Who ends one connection without a word and settles on the same over another tells nothing of versions and suites.
    let is_wordless = failure.is(HandshakeFailure::Reset) || failure.is(HandshakeFailure::Closed);
    if let Some(met) = would_be(subject, row).filter(|seen| is_wordless && seen.handshake.completed) {
        let settled = met.handshake.cipher_suite.map_or_else(String::new, |suite| format!(" on {suite}"));
        return Reach::Undecided(format!(
            "{}, though over another connection it settles{settled}, which they offer",
            failure.words()
        ));
    }
    Reach::No(foreign_group(subject, row).map_or(Lost::Suite, Lost::Group))
}

/// The group the server exchanges keys by wherever it settles on a version and a suite of theirs, where they offer none of
/// those it takes.
fn foreign_group(subject: &EndpointSubject<'_>, row: &Row) -> Option<NamedGroup> {
    let all = || subject.seen.observations.iter().map(|seen| &seen.handshake);
    let settled = || all().filter(|handshake| is_theirs(handshake, row));
    let by = |handshake: &Handshake| handshake.key_exchange_group.filter(|group| !row.exchanges_by(*group));
    let group = settled().next().and_then(by)?;
    settled().all(|handshake| by(handshake).is_some()).then_some(group)
}

/// The Windows clients of a profile, as they are by default.
pub(super) const fn of_profile(profile: Profile) -> &'static [WindowsClient] {
    match profile {
        Profile::NativeMode2007 => WindowsClient::OF_2007,
        Profile::CurrentBranch => WindowsClient::OF_CURRENT_BRANCH,
    }
}

/// The Windows clients a site is held against: those its definition names, else those its profile has, as they are by default
/// and, for a site of 2007, with newer versions switched on.
pub fn concerned(site: &Site) -> Vec<WindowsClient> {
    let declared = declared_windows(site);
    if !declared.is_empty() {
        return declared;
    }
    let clients = of_profile(site.profile).iter().flat_map(|client| match site.profile {
        Profile::NativeMode2007 => [Some(*client), client.switched_on()],
        Profile::CurrentBranch => [Some(*client), None],
    });
    clients.flatten().collect()
}

/// Whether nothing here tells clients apart: nothing answers, or no handshake ends.
pub fn nobody_tells(subject: &EndpointSubject<'_>) -> bool {
    is_dead(subject) || never_ends(subject)
}

/// Whether every handshake begins and none comes to its end, though no client certificate is wanted: whatever clients offer,
/// nobody gets in.
pub(super) fn never_ends(subject: &EndpointSubject<'_>) -> bool {
    let seen = || subject.seen.observations.iter().map(|seen| &seen.handshake);
    let proves = |proof: KeyProof| seen().any(|handshake| handshake.key_proof == proof);
    if proves(KeyProof::Bad) && !proves(KeyProof::Good) {
        return true;
    }
    if seen().any(|handshake| handshake.completed || handshake.client_certificate_request.is_some()) {
        return false;
    }
    // Where the server settles only on what none of our engines has, its hello is all there is to see, and tells enough.
    subject
        .seen
        .observations
        .iter()
        .any(|seen| seen.handshake.version.is_some() && seen.engine.capabilities().completes_handshakes)
}

/// Why nobody is lost by what they offer where no handshake ends.
pub(super) fn nobody_gets_in() -> Verdict {
    Verdict::unknown(
        "no handshake comes to its end, whatever is offered: nobody is lost by what they offer",
        "a server whose handshakes come to their end",
    )
}

/// Whether anything at all was answered here: where not, nobody is lost by what they offer.
pub(crate) fn is_dead(subject: &EndpointSubject<'_>) -> bool {
    let begun = |seen: &Observation| seen.handshake.version.is_some() || !seen.handshake.chain.is_empty();
    let tells = |seen: &Observation| {
        begun(seen) || seen.stopped.as_ref().is_some_and(|failure| matches!(failure.stop, Stop::Exchange(_)))
    };
    !subject.seen.observations.iter().any(tells)
}
