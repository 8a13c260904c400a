//! The revocation lists and responders' answers seen so far in a run: a list is read once and shared by all that ask.
//! Filled as observations come, so that targets can be judged as they come; bounded, so that a site of many authorities
//! costs findings and never memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::certificate::Certificate;
use crate::certificate::revocation_list::{NotAList, RevocationList};
use crate::observation::failure::Failure;
use crate::observation::resolution::{CrlObservation, Sought};
use crate::observation::timing::Milliseconds;
use crate::trust::path::signed;
use crate::trust::path::signed::Signed;
use crate::trust::signature::Verifier;
use crate::wire::der::Der;

/// How many lists are kept, all vantages together.
const MOST_LISTS: usize = 4096;
/// How many responders' answers are kept: one for each certificate that names a responder.
const MOST_ANSWERS: usize = 16_384;
/// How many octets of lists are kept.
const MOST_OCTETS: usize = 256 * 1024 * 1024;
/// How many authorities' keys one list is held against and remembered with.
const MOST_SIGNERS: usize = 64;

/// The revocation lists seen so far, by vantage and URL.
#[derive(Default)]
pub struct CrlStore(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    answers: HashMap<String, HashMap<String, Arc<Fetched>>>,
    read: HashMap<Der, Result<Arc<KnownList>, NotAList>>,
    lists: usize,
    answers_of_responders: usize,
    octets: usize,
}

/// What came of asking for a list, or of asking a responder, at a URL.
#[derive(Debug)]
pub struct Fetched {
    /// The list that was sent, read; `None`: nothing was, or no list was asked for.
    pub content: Option<Result<Arc<KnownList>, NotAList>>,
    /// The responder's answer, as it was sent; `None`: nothing was, or no responder was asked.
    pub answer: Option<Der>,
    /// How many octets were sent.
    pub octets: usize,
    /// Why nothing was.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Option<Milliseconds>,
}

/// A list, and which authorities' keys it was held against.
pub struct KnownList {
    /// The list.
    pub list: RevocationList,
    signed: Mutex<Vec<([u8; 32], Signed)>>,
}

impl CrlStore {
    /// Takes in what a vantage saw. What is beyond the bounds is left out, and counts as not fetched.
    pub fn add(&self, seen: &CrlObservation) {
        let mut inner = self.inner();
        let (mut content, mut answer) = (None, None);
        match seen.sought {
            Sought::List => {
                if inner.lists >= MOST_LISTS {
                    return;
                }
                if let Some(body) = &seen.body {
                    let Some(read) = inner.read(body) else { return };
                    content = Some(read);
                }
                inner.lists += 1;
            }
            Sought::OcspAnswer => {
                if inner.answers_of_responders >= MOST_ANSWERS {
                    return;
                }
                if let Some(body) = &seen.body {
                    if !inner.take_room(body) {
                        return;
                    }
                    answer = Some(body.clone());
                }
                inner.answers_of_responders += 1;
            }
        }
        let fetched = Fetched {
            content,
            answer,
            octets: seen.body.as_ref().map_or(0, |body| body.as_slice().len()),
            failure: seen.failure.clone(),
            took: seen.took,
        };
        inner.answers.entry(seen.vantage.clone()).or_default().insert(seen.url.clone(), Arc::new(fetched));
    }

    /// What a vantage saw at a URL; `None`: it did not ask.
    pub fn at(&self, vantage: &str, url: &str) -> Option<Arc<Fetched>> {
        self.inner().answers.get(vantage)?.get(url).map(Arc::clone)
    }

    /// What each vantage that asked saw at a URL, in the order of the vantages' names.
    pub fn anywhere(&self, url: &str) -> Vec<(String, Arc<Fetched>)> {
        let inner = self.inner();
        let mut seen: Vec<(String, Arc<Fetched>)> = inner
            .answers
            .iter()
            .filter_map(|(vantage, of)| Some((vantage.clone(), Arc::clone(of.get(url)?))))
            .collect();
        seen.sort_by(|one, other| one.0.cmp(&other.0));
        seen
    }

    /// Everything that was asked for, by vantage and URL.
    pub fn every(&self) -> Vec<(String, String, Arc<Fetched>)> {
        let inner = self.inner();
        let mut every: Vec<_> = inner
            .answers
            .iter()
            .flat_map(|(vantage, of)| of.iter().map(|(url, seen)| (vantage.clone(), url.clone(), Arc::clone(seen))))
            .collect();
        every.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        every
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Reads a list, or finds it read; `None`: there is no room.
    fn read(&mut self, body: &Der) -> Option<Result<Arc<KnownList>, NotAList>> {
        if let Some(known) = self.read.get(body) {
            return Some(known.clone());
        }
        if !self.take_room(body) {
            return None;
        }
        let content =
            RevocationList::read(body).map(|list| Arc::new(KnownList { list, signed: Mutex::new(Vec::new()) }));
        self.read.insert(body.clone(), content.clone());
        Some(content)
    }

    /// Takes the room for some octets; whether there was any.
    fn take_room(&mut self, body: &Der) -> bool {
        let octets = self.octets.checked_add(body.as_slice().len()).filter(|octets| *octets <= MOST_OCTETS);
        self.octets = octets.unwrap_or(self.octets);
        octets.is_some()
    }
}

impl KnownList {
    /// Whether it was signed with this authority's key; computed once.
    pub fn signed_by(&self, issuer: &Certificate, algorithms: &dyn Verifier) -> Signed {
        let mut known = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, signed)) = known.iter().find(|(of, _)| *of == issuer.fingerprint) {
            return signed.clone();
        }
        let signed = signed::made_with(self.list.der.as_slice(), &self.list.signature, issuer, algorithms);
        if known.len() < MOST_SIGNERS {
            known.push((issuer.fingerprint, signed.clone()));
        }
        signed
    }
}

impl fmt::Debug for CrlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrlStore").field("lists", &self.inner().lists).finish_non_exhaustive()
    }
}

impl fmt::Debug for KnownList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownList").field("issuer", &self.list.issuer.text).finish_non_exhaustive()
    }
}
