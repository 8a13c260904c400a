//! Delta lists: what changed since a complete list was issued (RFC 5280, 5.2.4). A certificate or its list says where they
//! are (Freshest CRL). Where one cannot be used, the complete list alone decides: clients need not look at deltas (6.3).

use std::sync::Arc;

use super::checked::{Checked, Source};
use super::fault::{ListFault, Unreached};
use super::fitness::{Fitness, authentic, outdated};
use super::store::KnownList;
use crate::certificate::is_same_name;
use crate::certificate::revocation_list::{RevocationList, Scheme};
use crate::verdict::Unknown;

/// How many delta lists of one certificate are looked at.
const MOST: usize = 8;

/// A place where a delta list should be.
#[derive(Clone, Debug)]
pub struct Delta {
    /// Its URL.
    pub url: String,
    /// The URL of the complete list that names it; `None`: the certificate does.
    pub named_by: Option<String>,
    /// What is there.
    pub state: State,
    /// How it adds nothing to the complete lists that it goes on from: it is no newer than they are (5.2.4). It neither
    /// revokes nor releases anybody then.
    pub adds_nothing: Option<String>,
}

/// What is where a delta list should be.
#[derive(Clone, Debug)]
pub enum State {
    /// A delta list of use.
    Good(Arc<KnownList>),
    /// An authentic one that says nothing about today.
    Outdated(Arc<KnownList>, ListFault),
    /// Something of no use.
    Unfit(ListFault),
    /// A complete list.
    Complete,
    /// One of another part of the certificates than the complete list.
    OtherPart,
    /// One that tells what changed since a later list than the complete one at hand.
    OfLaterBase,
    /// It could not be decided.
    Undecided(Unknown),
    /// Nothing: why.
    Unreached(Unreached, String),
    /// Where it is, is not asked: a directory, a share.
    NotHttp(Scheme),
    /// Nobody asked.
    NotAsked,
}

impl State {
    /// The id of what keeps it from being of use; `None`: it is, or the observation alone does not tell.
    pub const fn cause_id(&self) -> Option<&'static str> {
        match self {
            Self::Outdated(_, ListFault::Ended { .. }) => Some("delta-ended"),
            Self::Unreached(Unreached::NotThere, _) => Some("delta-missing"),
            Self::Unreached(why, _) => why.cause_id(),
            Self::Unfit(fault) | Self::Outdated(_, fault) => Some(fault.cause_id()),
            Self::Complete => Some("full-list-where-delta-belongs"),
            Self::OtherPart => Some("delta-of-other-part"),
            Self::OfLaterBase => Some("delta-without-its-base"),
            Self::Good(_) | Self::Undecided(_) | Self::NotHttp(_) | Self::NotAsked => None,
        }
    }

    /// The list, where it is authentic and of use for what it lists.
    pub const fn authentic(&self) -> Option<&Arc<KnownList>> {
        match self {
            Self::Good(list) | Self::Outdated(list, _) => Some(list),
            Self::Unfit(_)
            | Self::Complete
            | Self::OtherPart
            | Self::OfLaterBase
            | Self::Undecided(_)
            | Self::Unreached(..)
            | Self::NotHttp(_)
            | Self::NotAsked => None,
        }
    }
}

impl Checked<'_> {
    /// The delta lists that the certificate, and the lists of use, name.
    pub fn deltas(&self) -> Vec<Delta> {
        deltas(self)
    }
}

/// The delta lists that a certificate, and those of its lists that are authentic, name; each URL once.
fn deltas(of: &Checked<'_>) -> Vec<Delta> {
    let bases: Vec<(&Source<'_>, &Arc<KnownList>)> = of
        .fitness()
        .filter_map(|(source, fitness)| match (fitness, source.content()) {
            (Fitness::Good(_) | Fitness::Outdated(_), Some(Ok(list))) => Some((source, list)),
            _ => None,
        })
        .collect();
    let by_lists = bases.iter().flat_map(|(source, list)| {
        let urls = list.list.freshest.iter().flat_map(|point| point.urls());
        urls.map(move |url| (url, Some((*source, *list))))
    });
    let by_certificate = of.facts.freshest_crl.iter().map(|url| (url.as_str(), None));
    let mut found: Vec<Delta> = Vec::new();
    for (url, base) in by_lists.chain(by_certificate) {
        if found.len() < MOST && !found.iter().any(|delta| delta.url == url) {
            let named_by = base.map(|(source, _)| source.url.to_owned());
            let bases = base.map_or_else(|| bases.iter().map(|(_, list)| *list).collect(), |(_, list)| vec![list]);
            let state = state(of, url, &bases);
            let adds_nothing = state.authentic().and_then(|delta| adds_nothing(&bases, &delta.list));
            found.push(Delta { url: url.to_owned(), named_by, state, adds_nothing });
        }
    }
    found
}

fn state(of: &Checked<'_>, url: &str, bases: &[&Arc<KnownList>]) -> State {
    let source = Source::new(of.basis, of.asked, url, None);
    match source.scheme {
        Scheme::Http => {}
        other @ (Scheme::Https | Scheme::Ldap | Scheme::File | Scheme::Other) => return State::NotHttp(other),
    }
    let Some(fetched) = &source.fetched else { return State::NotAsked };
    let known = match source.content() {
        Some(Ok(known)) => known,
        Some(Err(instead)) => {
            return ListFault::instead(instead).map_or_else(
                || {
                    let why = format!("a limit of this program's: {instead}");
                    State::Undecided(Unknown { why, decided_by: "certutil -verify -urlfetch".into() })
                },
                State::Unfit,
            );
        }
        None => {
            let words = fetched.failure.as_ref().map_or_else(|| "nothing was sent".into(), |why| why.detail.clone());
            return State::Unreached(source.unreached().unwrap_or(Unreached::Ours), words);
        }
    };
    let list = &known.list;
    if let Some(rule) = list.malformed.first() {
        return State::Unfit(ListFault::Malformed(rule.clone()));
    }
    let expected = bases.first().map_or(&of.facts.issuer, |base| &base.list.issuer);
    if !is_same_name(&list.issuer.der, &expected.der) {
        let (found, expected) = (list.issuer.text.clone(), expected.text.clone());
        return State::Unfit(ListFault::OtherAuthority { found, expected });
    }
    match authentic(known, of) {
        Ok(_) => {}
        Err(Fitness::Unfit(fault) | Fitness::Outdated(fault)) => return State::Unfit(fault),
        Err(Fitness::Undecided(why)) => return State::Undecided(why),
        Err(Fitness::Good(_)) => {}
    }
    if !list.is_delta() {
        return State::Complete;
    }
    if !bases.is_empty() && !bases.iter().any(|base| base.list.coverage == list.coverage) {
        return State::OtherPart;
    }
    if !bases.is_empty() && !bases.iter().any(|base| reaches(&base.list, list)) {
        return State::OfLaterBase;
    }
    match outdated(list, of) {
        Some(fault) => State::Outdated(Arc::clone(known), fault),
        None => State::Good(Arc::clone(known)),
    }
}

/// How a delta list adds nothing to any of some complete lists; `None`: it does, or their numbers do not tell.
fn adds_nothing(bases: &[&Arc<KnownList>], delta: &RevocationList) -> Option<String> {
    let newest = bases.last()?.list.number.as_ref()?;
    let number = delta.number.as_ref()?;
    let adds = bases.iter().any(|base| goes_beyond(delta, &base.list));
    (!adds).then(|| format!("it is number 0x{number}, and the complete list is number 0x{newest}"))
}

/// Whether a delta list is newer than a complete list, so that what it says counts beside it (5.2.4, d).
pub(super) fn goes_beyond(delta: &RevocationList, base: &RevocationList) -> bool {
    let (Some(number), Some(of_base)) = (&delta.number, &base.number) else { return true };
    !is_at_most(number, of_base)
}

/// Whether a complete list is recent enough for a delta list to go on from it (5.2.4, c).
fn reaches(base: &RevocationList, delta: &RevocationList) -> bool {
    let (Some(from), Some(number)) = (&delta.delta_base, &base.number) else { return true };
    is_at_most(from, number)
}

/// Whether one of two numbers of lists, in hexadecimal, is no greater than the other.
fn is_at_most(one: &str, other: &str) -> bool {
    // Without leading zeros but the one of a sign.
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    (one.len(), one) <= (other.len(), other)
}
