//! The revocation lists, responders' answers and fetched issuers seen so far in a run: a list is read once and shared by all
//! that ask. Filled as observations come, so that targets can be judged as they come; bounded, so that a site of many
//! authorities costs findings and never memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::certificate::revocation_list::reading::Reading;
use crate::certificate::revocation_list::{NotAList, RevocationList};
use crate::certificate::{Certificate, SignatureFamily, issuers};
use crate::observation::bounds::{MOST_ANSWERS, MOST_FAILURES, MOST_ISSUERS, MOST_LISTS, MOST_OCTETS};
use crate::observation::failure::{ExchangeFailure, Failure};
use crate::observation::resolution::{CrlObservation, Sought};
use crate::observation::timing::Milliseconds;
use crate::trust::path::signed;
use crate::trust::path::signed::Signed;
use crate::trust::signature::Verifier;
use crate::wire::der::Der;

/// From where lists and responders were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// From where the clients stand that check.
    From(&'a str),
    /// From anywhere: those who check stand where no probe does.
    Anywhere,
}

/// How much room a certificate takes that is kept read, for each of its octets.
const READ: usize = 16;
/// How many authorities' keys one list is held against and remembered with.
const MOST_SIGNERS: usize = 64;

/// What was fetched so far, by vantage and URL.
pub struct CrlStore(Mutex<Inner>);

impl Default for CrlStore {
    fn default() -> Self {
        Self::with_room(MOST_OCTETS)
    }
}

struct Inner {
    seen: HashMap<String, HashMap<String, Arc<Fetched>>>,
    /// Lists that were read, by the digest of what is signed and the signature.
    read: HashMap<Der, Arc<KnownList>>,
    /// How many lists, answers and issuers were had.
    counts: [usize; 3],
    /// How many were not.
    failures: usize,
    octets: usize,
    most_octets: usize,
}

/// What came of asking for a list or an issuer, or of asking a responder, at a URL.
#[derive(Debug, Default)]
pub struct Fetched {
    /// What was asked for.
    pub sought: Sought,
    /// The list that was sent, read; `None`: nothing was, or no list was asked for.
    pub content: Option<Result<Arc<KnownList>, NotAList>>,
    /// The responder's answer, as it was sent; `None`: nothing was, or no responder was asked.
    pub answer: Option<Der>,
    /// The certificates that were sent for an issuer's.
    pub issuers: Vec<Arc<Certificate>>,
    /// How many octets were sent.
    pub octets: u64,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// Why nothing was sent.
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
    /// A store with room for so many octets.
    pub fn with_room(most_octets: usize) -> Self {
        let (seen, read) = (HashMap::new(), HashMap::new());
        Self(Mutex::new(Inner { seen, read, counts: [0; 3], failures: 0, octets: 0, most_octets }))
    }

    /// Takes in what a vantage saw. What is beyond the bounds is not kept, and says so.
    pub fn add(&self, seen: &CrlObservation) {
        let mut fetched = Fetched {
            sought: seen.sought,
            octets: seen.octets.or(seen.body.as_ref().map(|body| body.as_slice().len() as u64)).unwrap_or_default(),
            status: seen.status,
            failure: seen.failure.clone(),
            took: seen.took,
            ..Fetched::default()
        };
        let mut inner = self.inner();
        let nothing = seen.body.is_none() && seen.extract.is_none() && seen.instead.is_none();
        let taken = match seen.sought {
            _ if nothing => inner.nothing(),
            Sought::List => inner.list(seen, &mut fetched),
            Sought::OcspAnswer => inner.answer(seen, &mut fetched),
            Sought::Issuer => inner.issuers(seen, &mut fetched),
        };
        match taken {
            Ok(()) => {}
            // What nobody had and there is no room to remember counts as not asked for.
            Err(_) if nothing => return,
            Err(words) => fetched.failure = Some(Failure::new(ExchangeFailure::LocalLimit, words)),
        }
        let at = inner.seen.entry(seen.vantage.clone()).or_default();
        // What was had is not forgotten for what was not.
        let had = |known: &Fetched| known.failure.is_none();
        if fetched.failure.is_none() || !at.get(&seen.url).is_some_and(|known| had(known)) {
            at.insert(seen.url.clone(), Arc::new(fetched));
        }
    }

    /// What a vantage saw at a URL; `None`: it did not ask.
    pub fn at(&self, vantage: &str, url: &str) -> Option<Arc<Fetched>> {
        self.inner().seen.get(vantage)?.get(url).map(Arc::clone)
    }

    /// The same from wherever it counts: of several vantages, the first that had something, else the first that asked, in
    /// the order of their names; and which that was, where it was not said.
    pub fn seen(&self, asked: Asked<'_>, url: &str) -> Option<(Option<String>, Arc<Fetched>)> {
        match asked {
            Asked::From(vantage) => self.at(vantage, url).map(|fetched| (None, fetched)),
            Asked::Anywhere => {
                let mut all = self.anywhere(url);
                let had = all.iter().position(|(_, fetched)| fetched.failure.is_none());
                let (from, fetched) = (!all.is_empty()).then(|| all.swap_remove(had.unwrap_or_default()))?;
                Some((Some(from), fetched))
            }
        }
    }

    /// What each vantage that asked saw at a URL, in the order of the vantages' names.
    pub fn anywhere(&self, url: &str) -> Vec<(String, Arc<Fetched>)> {
        let inner = self.inner();
        let mut seen: Vec<(String, Arc<Fetched>)> =
            inner.seen.iter().filter_map(|(vantage, of)| Some((vantage.clone(), Arc::clone(of.get(url)?)))).collect();
        seen.sort_by(|one, other| one.0.cmp(&other.0));
        seen
    }

    /// Everything that was asked for, by vantage and URL.
    pub fn every(&self) -> Vec<(String, String, Arc<Fetched>)> {
        let inner = self.inner();
        let mut every: Vec<_> = inner
            .seen
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

/// Why something is not kept.
type NoRoom = String;

impl Inner {
    fn list(&mut self, seen: &CrlObservation, fetched: &mut Fetched) -> Result<(), NoRoom> {
        self.count(seen.sought, MOST_LISTS, "lists")?;
        let (extract, whole) = match (&seen.extract, &seen.body, &seen.instead) {
            (Some(extract), _, _) => ((**extract).clone(), None),
            (None, Some(body), _) => {
                let mut reading = Reading::default();
                reading.push(body.as_slice());
                match reading.finish().content {
                    Ok(extract) => {
                        let whole = extract.encoding.decoded(body);
                        (extract, whole)
                    }
                    Err(instead) => {
                        fetched.content = Some(Err(instead));
                        return Ok(());
                    }
                }
            }
            (None, None, Some(instead)) => {
                fetched.content = Some(Err(instead.what.clone()));
                return Ok(());
            }
            (None, None, None) => return Ok(()),
        };
        // The same list in another encoding is another finding.
        let encoding = [extract.encoding as u8];
        let digest = extract.digest.as_ref().map_or(&[][..], Der::as_slice);
        let key = Der::from([&encoding[..], digest, extract.frame.as_slice()].concat());
        if let Some(known) = self.read.get(&key) {
            fetched.content = Some(Ok(Arc::clone(known)));
            return Ok(());
        }
        let kept = extract.entries.as_slice().len() + 2 * extract.frame.as_slice().len();
        let read = RevocationList::of_extract(extract, whole).map(|mut list| {
            // The whole is needed only where no digest stands for what is signed, or more than a digest is looked at.
            let by_digest = list.extract.digest.is_some() && list.signature.family != SignatureFamily::RsaPss;
            list.whole.take_if(|_| by_digest);
            list
        });
        let whole = read.as_ref().ok().and_then(|list| list.whole.as_ref()).map_or(0, |whole| whole.as_slice().len());
        self.take_room(kept + whole)?;
        let read = read.map(|list| Arc::new(KnownList { list, signed: Mutex::new(Vec::new()) }));
        if let Ok(known) = &read {
            self.read.insert(key, Arc::clone(known));
        }
        fetched.content = Some(read);
        Ok(())
    }

    fn answer(&mut self, seen: &CrlObservation, fetched: &mut Fetched) -> Result<(), NoRoom> {
        self.count(seen.sought, MOST_ANSWERS, "responders' answers")?;
        if let Some(body) = &seen.body {
            self.take_room(body.as_slice().len())?;
            fetched.answer = Some(body.clone());
        } else if let Some(instead) = &seen.instead {
            let words = format!("what is sent is no OCSP response: {}", instead.what);
            fetched.failure = Some(Failure::new(ExchangeFailure::HttpError, words));
        }
        Ok(())
    }

    fn issuers(&mut self, seen: &CrlObservation, fetched: &mut Fetched) -> Result<(), NoRoom> {
        self.count(seen.sought, MOST_ISSUERS, "issuers")?;
        if let Some(body) = &seen.body {
            self.take_room(READ * body.as_slice().len())?;
            fetched.issuers =
                issuers::read(body.as_slice()).iter().map(|der| Arc::new(Certificate::read(der))).collect();
        }
        Ok(())
    }

    /// Counts something that was not had.
    fn nothing(&mut self) -> Result<(), NoRoom> {
        if self.failures >= MOST_FAILURES {
            return Err(String::new());
        }
        self.failures += 1;
        Ok(())
    }

    fn count(&mut self, sought: Sought, most: usize, what: &str) -> Result<(), NoRoom> {
        let [lists, answers, issuers] = &mut self.counts;
        let count = match sought {
            Sought::List => lists,
            Sought::OcspAnswer => answers,
            Sought::Issuer => issuers,
        };
        if *count >= most {
            return Err(format!("not kept: {most} other {what} were before"));
        }
        *count += 1;
        Ok(())
    }

    /// Takes the room for some octets.
    fn take_room(&mut self, octets: usize) -> Result<(), NoRoom> {
        let all = self.octets.checked_add(octets).filter(|octets| *octets <= self.most_octets);
        self.octets = all.ok_or_else(|| {
            format!(
                "not kept: the revocation lists of this run fill the {} octets there are for them",
                self.most_octets
            )
        })?;
        Ok(())
    }
}

impl KnownList {
    /// Whether it was signed with this authority's key; computed once.
    pub fn signed_by(&self, issuer: &Certificate, algorithms: &dyn Verifier) -> Signed {
        let mut known = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, signed)) = known.iter().find(|(of, _)| *of == issuer.fingerprint) {
            return signed.clone();
        }
        let list = &self.list;
        let signed = match (&list.whole, &list.extract.digest) {
            (Some(whole), _) => signed::made_with(whole.as_slice(), &list.signature, issuer, algorithms),
            (None, Some(digest)) => {
                let frame = list.extract.frame.as_slice();
                signed::digest_made_with(digest.as_slice(), frame, &list.signature, issuer, algorithms)
            }
            (None, None) => Signed::Undecided(format!(
                "the signature algorithm {} cannot be verified over a list of this length",
                list.signature.name
            )),
        };
        if known.len() < MOST_SIGNERS {
            known.push((issuer.fingerprint, signed.clone()));
        }
        signed
    }
}

impl fmt::Debug for CrlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrlStore").field("counts", &self.inner().counts).finish_non_exhaustive()
    }
}

impl fmt::Debug for KnownList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownList").field("issuer", &self.list.issuer.text).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::pki::Pki;
    use crate::observation::failure::Stop;
    use crate::wire::timestamp::Timestamp;

    fn seen(url: &str, body: Option<&[u8]>) -> CrlObservation {
        let at = Timestamp(crate::lab::pki::LAB_EPOCH);
        let failure = body.is_none().then(|| Failure::new(ExchangeFailure::HttpError, "404"));
        CrlObservation { body: body.map(Der::from), failure, ..CrlObservation::asked("inside", url, Sought::List, at) }
    }

    fn failure(store: &CrlStore, url: &str) -> Option<Stop> {
        store.at("inside", url).unwrap().failure.as_ref().map(|failure| failure.stop)
    }

    #[test]
    fn what_there_is_no_room_for_says_so_and_what_was_read_is_kept_once() {
        let pki = Pki::lab().unwrap();
        let list = |number| pki.issuing.crl(&pki.issuing_crl().number(number)).unwrap();
        let store = CrlStore::with_room(3 * list(1).len());
        store.add(&seen("a", Some(&list(1))));
        store.add(&seen("b", Some(&list(1))));
        store.add(&seen("c", Some(&list(2))));
        assert_eq!(
            ["a", "b", "c"].map(|url| failure(&store, url)),
            [None, None, Some(ExchangeFailure::LocalLimit.into())]
        );
        let content = |url: &str| store.at("inside", url).unwrap().content.clone().unwrap().unwrap();
        assert!(Arc::ptr_eq(&content("a"), &content("b")), "the same list, read once");
        assert!(content("a").list.whole.is_none(), "and its octets kept by nobody");
    }

    #[test]
    fn so_many_of_each_kind_are_kept_and_no_more() {
        let pki = Pki::lab().unwrap();
        let list = pki.issuing.crl(&pki.issuing_crl()).unwrap();
        let kinds = [
            (Sought::List, list, MOST_LISTS, "lists"),
            (Sought::OcspAnswer, vec![0x30, 3, 0x0a, 1, 6], MOST_ANSWERS, "responders' answers"),
            (Sought::Issuer, pki.issuing.der.clone(), MOST_ISSUERS, "issuers"),
        ];
        for (sought, body, most, words) in kinds {
            let store = CrlStore::default();
            let one = CrlObservation { sought, ..seen("", Some(&body)) };
            for number in 0..=most {
                store.add(&CrlObservation { url: format!("{number}"), ..one.clone() });
            }
            let failed = |number: usize| store.at("inside", &number.to_string()).unwrap().failure.clone();
            let limit = failed(most).unwrap();
            assert_eq!(limit.stop, ExchangeFailure::LocalLimit.into());
            assert_eq!(limit.detail, format!("not kept: {most} other {words} were before"));
            assert!(failed(most - 1).is_none_or(|failure| failure.stop != ExchangeFailure::LocalLimit.into()));
        }
        let store = CrlStore::default();
        for number in 0..=MOST_FAILURES {
            store.add(&seen(&number.to_string(), None));
        }
        let is_known = |number: usize| store.at("inside", &number.to_string()).is_some();
        assert!(is_known(MOST_FAILURES - 1) && !is_known(MOST_FAILURES));
    }

    #[test]
    fn what_was_had_is_not_forgotten_for_what_was_not() {
        let pki = Pki::lab().unwrap();
        let store = CrlStore::default();
        store.add(&seen("a", None));
        assert_eq!(failure(&store, "a"), Some(ExchangeFailure::HttpError.into()));
        store.add(&seen("a", Some(&pki.issuing.crl(&pki.issuing_crl()).unwrap())));
        store.add(&seen("a", None));
        assert_eq!(failure(&store, "a"), None);
        assert!(store.seen(Asked::Anywhere, "a").is_some() && store.seen(Asked::From("outside"), "a").is_none());
    }
}
