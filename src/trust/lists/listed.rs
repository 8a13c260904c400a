//! Whether a certificate is listed: in a complete list, in its delta, no more in its delta, or by a responder's word.

use super::checked::Checked;
use super::delta::{State, goes_beyond};
use super::fitness::Fitness;
use super::ocsp;
use super::ocsp::Answered;
use super::store::KnownList;
use crate::certificate::is_same_name;
use crate::certificate::ocsp_response::Status;
use crate::certificate::revocation_list::Revoked;
use crate::verdict::Unknown;

/// What lists and responders say of a certificate.
pub enum Standing {
    /// It is in a list.
    Listed(Listed),
    /// A responder says that it is revoked.
    Told {
        /// Who says so.
        by: String,
        /// What it says of it.
        entry: Revoked,
    },
    /// It is in no list; in words, where there is more to say.
    Free(Vec<String>),
    /// It could not be decided.
    Undecided(Unknown),
    /// Nothing of use was had.
    Nothing,
}

/// An entry about a certificate.
pub struct Listed {
    /// The list's URL.
    pub url: String,
    /// What it says.
    pub entry: Revoked,
    /// Whether it is in the delta list alone.
    pub in_delta: bool,
}

/// The id of what brings it about that a certificate is listed, or said to be.
pub const fn cause_id(entry: Revoked, of_authority: bool) -> &'static str {
    match (entry.is_hold(), of_authority) {
        (true, false) => "certificate-on-hold",
        (false, false) => "certificate-revoked",
        (_, true) => "authority-revoked",
    }
}

/// What is to be said of a certificate.
pub fn standing(of: &Checked<'_>) -> Standing {
    let deltas = of.deltas();
    let find =
        |known: &KnownList| known.list.entry(&of.facts.serial_number, |name| is_same_name(name, &of.facts.issuer.der));
    // Who is in an authentic list stays revoked, also when the list has ended; only a current delta takes somebody out.
    let mut released: Option<(&KnownList, String)> = None;
    for delta in deltas.iter().filter(|delta| delta.adds_nothing.is_none()) {
        let Some(known) = delta.state.authentic() else { continue };
        match find(known) {
            Some(entry) if entry.is_removal() => {
                if matches!(delta.state, State::Good(_)) {
                    released = Some((known, format!("{}: {} taken off the list", delta.url, of.facts.serial)));
                }
            }
            Some(entry) => return Standing::Listed(Listed { url: delta.url.clone(), entry, in_delta: true }),
            None => {}
        }
    }
    let (mut searched, mut undecided) = (false, None);
    for (source, fitness) in of.fitness() {
        match &fitness {
            Fitness::Good(_) | Fitness::Outdated(_) => {
                let Some(Ok(known)) = source.content() else { continue };
                let is_released = released.as_ref().is_some_and(|(delta, _)| goes_beyond(&delta.list, &known.list));
                if let Some(entry) = find(known).filter(|entry| !entry.is_removal() && !is_released) {
                    return Standing::Listed(Listed { url: source.url.to_owned(), entry, in_delta: false });
                }
                searched |= matches!(fitness, Fitness::Good(_));
            }
            Fitness::Undecided(why) => undecided = Some(why.clone()),
            Fitness::Unfit(_) => {}
        }
    }
    let stapled = of.staple.and_then(|staple| ocsp::said(staple, of).ok());
    let asked = of.responders().into_iter().filter_map(|responder| match responder.answered(of) {
        Answered::Said(status) => Some((format!("the OCSP responder {}", responder.url), status)),
        Answered::NotAsked | Answered::Nothing(_) => None,
    });
    let said = stapled.map(|status| ("the OCSP response the server stapled".to_owned(), status));
    let mut good = None;
    for (by, status) in said.into_iter().chain(asked) {
        match status {
            Status::Revoked(entry) => return Standing::Told { by, entry },
            Status::Good => good = good.or(Some(by)),
            Status::Unknown => {}
        }
    }
    if searched {
        let alone = deltas.iter().filter_map(|delta| match (&delta.adds_nothing, &delta.state) {
            (Some(how), _) => Some(format!("the delta list {} adds nothing: {how}", delta.url)),
            (None, State::Good(_)) => None,
            (None, _) => Some(format!("decided by the complete list alone, without the delta list {}", delta.url)),
        });
        return Standing::Free(released.into_iter().map(|(_, words)| words).chain(alone).collect());
    }
    match (good, undecided) {
        (Some(by), _) => Standing::Free(vec![format!("good, says {by}")]),
        (None, Some(why)) => Standing::Undecided(why),
        (None, None) => Standing::Nothing,
    }
}
