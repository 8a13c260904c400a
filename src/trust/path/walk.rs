//! Follows names and signatures upwards from a leaf: to a path, or to the certificate in which the best attempt breaks.
//!
//! Every way up is tried until one is a path, so that a certificate that is no good hides none that is. What hostile
//! certificates can make it cost is bounded by counts: of certificates, of signatures verified, of steps, of ways that were
//! followed to a root.

use std::collections::HashMap;
use std::sync::Arc;

use crate::certificate::read::TWO_ALGORITHMS;
use crate::certificate::{Certificate, Facts};
use crate::trust::dates::is_within_dates;
use crate::trust::path::fault::{Break, Fault, Place};
use crate::trust::path::judge::{Objections, objections};
use crate::trust::path::name_constraint::Budget;
use crate::trust::path::search::{Origin, Search};
use crate::trust::path::signed::{Signed, signed_by};
use crate::trust::path::{MOST_AUTHORITIES, MOST_CERTIFICATES, MOST_SIGNATURES, NoPath, Path, Spelling, Why};
use crate::verdict::Unknown;

/// Ways that were followed to a root and judged.
const MOST_WAYS: usize = 256;
/// Certificates climbed, counted each time.
const MOST_STEPS: usize = 4096;

/// What all walks of a search share: what they have cost so far, and what is known of signatures.
pub(super) struct Ledger {
    signed: HashMap<([u8; 32], [u8; 32]), Signed>,
    names: Budget,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { signed: HashMap::new(), names: Budget::full() }
    }

    /// How many signatures were verified.
    pub(super) fn signatures(&self) -> usize {
        self.signed.len()
    }
}

/// Looks for a path over what was presented and, where asked for, what else is at hand.
pub(super) fn walk(search: &Search<'_>, with_unsent: bool, ledger: &mut Ledger) -> Result<Path, Box<NoPath>> {
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    let mut unreadable = None;
    let mut left_out = false;
    let presented = search.presented.iter().map(|one| (one, Origin::Presented));
    let declared = search.store.intermediates.iter().map(|one| (one, Origin::Declared));
    let fetched = search.fetched.iter().map(|one| (one, Origin::Fetched));
    let unsent = declared.chain(fetched).filter(|_| with_unsent);
    for (certificate, origin) in presented.chain(unsent) {
        let Some(facts) = certificate.facts() else {
            unreadable = unreadable.or(Some(certificate));
            continue;
        };
        if candidates.len() >= MOST_CERTIFICATES {
            left_out = true;
            break;
        }
        candidates.push(Candidate { certificate, facts, origin });
    }
    let mut walk = Walk {
        search,
        candidates,
        unreadable,
        ledger,
        steps: 0,
        ways: 0,
        limit: left_out
            .then(|| format!("more than {MOST_CERTIFICATES} certificates were sent, and no more are considered")),
        best: None,
    };
    if search.roots.contains(search.leaf) {
        // Trusted by itself: nothing above it counts.
        if let Some(path) = walk.arrive(&[], search.leaf) {
            return Ok(path);
        }
    } else if let Some(path) = walk.climb(&mut Vec::new()) {
        return Ok(path);
    }
    let limit = walk.limit.take();
    let mut nothing = walk.best.map_or_else(|| NoPath::nothing(Why::Undecided(nowhere())), |attempt| attempt.found);
    if let Some(why) = limit
        && matches!(nothing.why, Why::Broken(_))
    {
        // What lies beyond a limit of ours may hold the path: it is nobody's fault.
        nothing.why = Why::Undecided(beyond(why));
        nothing.also.clear();
    }
    Err(Box::new(nothing))
}

/// What lies beyond a limit of ours.
fn beyond(why: String) -> Unknown {
    Unknown { why, decided_by: "certutil -verify on a client; or the leaf sent with its own authorities alone".into() }
}

fn nowhere() -> Unknown {
    Unknown { why: "the chain leads nowhere".into(), decided_by: "a chain that can be followed".into() }
}

/// A certificate that can be an issuer's.
struct Candidate<'s> {
    certificate: &'s Arc<Certificate>,
    facts: &'s Facts,
    origin: Origin,
}

/// A way that did not get there.
struct Attempt {
    reach: Reach,
    found: NoPath,
}

/// How near an attempt came; the greatest is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reach {
    /// At a root that is trusted, or at the end of what there is.
    whole: bool,
    length: usize,
    /// Nothing is wrong that could be told.
    undecided: bool,
    /// The fewer faults, the nearer: counted from the most there can be.
    faultless: usize,
}

struct Walk<'w, 's> {
    search: &'w Search<'s>,
    candidates: Vec<Candidate<'s>>,
    /// The first of those that cannot be read.
    unreadable: Option<&'s Arc<Certificate>>,
    ledger: &'w mut Ledger,
    steps: usize,
    ways: usize,
    /// The first limit of ours that was met, in words.
    limit: Option<String>,
    best: Option<Attempt>,
}

impl<'s> Walk<'_, 's> {
    /// Goes on from the last of `issuers`, or from the leaf.
    fn climb(&mut self, issuers: &mut Vec<usize>) -> Option<Path> {
        let (current, place) = self.last(issuers);
        let facts = current.facts()?;
        self.steps += 1;
        if self.steps > MOST_STEPS {
            self.meet(|| format!("the certificates lead on in more than {MOST_STEPS} steps, and no more are followed"));
            return None;
        }
        let mut level = Level::default();
        // Where the octets of a name are the same in one certificate, others that are spelled otherwise are second.
        for exact in [true, false] {
            if let Some(path) = self.roots(issuers, current, facts, exact, &mut level) {
                return Some(path);
            }
            for at in self.issuers_of(facts, exact) {
                if let Some(path) = self.step(issuers, current, at, &mut level) {
                    return Some(path);
                }
            }
        }
        if level.reached {
            return None;
        }
        let break_here = |fault| Why::Broken(Box::new(Break { at: Arc::clone(current), place, fault }));
        let signs_itself = self.signed(current, current) == Signed::Yes;
        let names_itself = facts.subject.is_same_as(&facts.issuer);
        if signs_itself && names_itself {
            let fault = match level.mismatched {
                Some((issuer, true)) => Fault::OtherKey { issuer, is_root: true },
                Some((_, false)) | None if place == Place::Leaf => Fault::SelfSigned { names_another: false },
                Some((_, false)) | None => Fault::UnknownRoot,
            };
            // The root that is not trusted is not below a root.
            let below = issuers.len().saturating_sub(1);
            self.note(issuers.get(..below).unwrap_or_default(), true, break_here(fault));
        } else if signs_itself && place == Place::Leaf {
            self.note(issuers, true, break_here(Fault::SelfSigned { names_another: true }));
        } else if let Some((issuer, is_root)) = level.mismatched {
            let is_unsure = facts.names_two_signatures();
            let fault = match named_key(facts, &issuer) {
                // Which algorithm it is signed with is not known, and no signature fits the wrong one.
                _ if is_unsure => Fault::Malformed(vec![TWO_ALGORITHMS.into()]),
                true => Fault::SignatureBroken { issuer, is_root },
                false => Fault::OtherKey { issuer, is_root },
            };
            self.note(issuers, false, break_here(fault));
        } else if level.circle {
            self.note(issuers, false, break_here(Fault::Circle));
        } else if let Some(unreadable) = self.unreadable {
            let why = unreadable.facts.as_ref().err().cloned().unwrap_or_default();
            let fault = Fault::Unreadable(why);
            let at = Arc::clone(unreadable);
            self.note(issuers, false, Why::Broken(Box::new(Break { at, place: Place::Authority, fault })));
        } else {
            let (issuer, urls) = (facts.issuer.text.clone(), facts.issuer_urls.clone());
            self.note(issuers, false, break_here(Fault::IssuerNotAtHand { issuer, urls }));
        }
        None
    }

    /// Tries the roots as the issuer.
    fn roots(
        &mut self,
        issuers: &[usize],
        current: &Arc<Certificate>,
        facts: &Facts,
        exact: bool,
        level: &mut Level,
    ) -> Option<Path> {
        for root in self.search.roots {
            if !root.facts().is_some_and(|of| names(facts, of, exact)) {
                continue;
            }
            match self.signed(current, root) {
                Signed::Yes => {
                    level.reached = true;
                    if let Some(path) = self.arrive(issuers, root) {
                        return Some(path);
                    }
                }
                Signed::No => {
                    level.mismatched.get_or_insert_with(|| (Arc::clone(root), true));
                }
                Signed::Undecided(why) => {
                    level.reached = true;
                    self.note(issuers, true, undecided_signature(current, &why));
                }
            }
        }
        None
    }

    /// The candidates that have the issuer's name: those whose key is the one that is named first, then those that are
    /// valid, then those that are signed with a hash in use and name a list: of several certificates of one authority the
    /// best counts, in whatever order they come.
    fn issuers_of(&self, facts: &Facts, exact: bool) -> Vec<usize> {
        let of_name = |(_, candidate): &(usize, &Candidate<'_>)| names(facts, candidate.facts, exact);
        let mut found: Vec<usize> = self.candidates.iter().enumerate().filter(of_name).map(|(at, _)| at).collect();
        let now = self.search.now;
        found.sort_by_key(|at| {
            let candidate = self.candidates.get(*at);
            candidate
                .map(|of| (!named_key(facts, of.certificate), !is_within_dates(of.facts, now), drawbacks(of.facts)))
        });
        found
    }

    /// Tries one candidate as the issuer, and goes on from it.
    fn step(
        &mut self,
        issuers: &mut Vec<usize>,
        current: &Arc<Certificate>,
        at: usize,
        level: &mut Level,
    ) -> Option<Path> {
        let certificate = self.candidates.get(at)?.certificate;
        if self.search.roots.contains(certificate) {
            return None;
        }
        let stands_below =
            issuers.iter().any(|of| self.candidates.get(*of).is_some_and(|of| of.certificate == certificate));
        if stands_below || certificate == self.search.leaf {
            level.circle |= certificate != current;
            return None;
        }
        match self.signed(current, certificate) {
            Signed::Yes => {
                level.reached = true;
                if issuers.len() >= MOST_AUTHORITIES {
                    let why = format!(
                        "there are more than {MOST_AUTHORITIES} authorities in a row, and no more are followed"
                    );
                    self.note(issuers, false, Why::Undecided(beyond(why.clone())));
                    self.meet(|| why);
                    return None;
                }
                issuers.push(at);
                let found = self.climb(issuers);
                issuers.pop();
                found
            }
            Signed::No => {
                level.mismatched.get_or_insert_with(|| (Arc::clone(certificate), false));
                None
            }
            Signed::Undecided(why) => {
                level.reached = true;
                self.note(issuers, false, undecided_signature(current, &why));
                None
            }
        }
    }

    /// At a root: it is a path, or what is wrong with it is noted.
    fn arrive(&mut self, issuers: &[usize], root: &Arc<Certificate>) -> Option<Path> {
        self.ways += 1;
        if self.ways > MOST_WAYS {
            self.meet(|| format!("more than {MOST_WAYS} ways lead to a root, and no more are judged"));
            return None;
        }
        let authorities: Vec<&Arc<Certificate>> = self.certificates(issuers).collect();
        let Objections { breaks, undecided } = objections(self.search, &authorities, root, &mut self.ledger.names);
        let spellings = spellings(self.search.leaf, &authorities, root);
        let mut breaks = breaks.into_iter();
        let why = match (breaks.next(), undecided.into_iter().next()) {
            (None, None) => {
                let issuers_of = issuers.iter().filter_map(|at| self.candidates.get(*at));
                return Some(Path {
                    issuers: authorities.into_iter().map(Arc::clone).collect(),
                    origins: issuers_of.map(|of| of.origin).collect(),
                    root: Arc::clone(root),
                    spellings,
                });
            }
            (Some(first), _) => Why::Broken(Box::new(first)),
            (None, Some(unknown)) => Why::Undecided(unknown),
        };
        let nothing = NoPath {
            followed: authorities.into_iter().map(Arc::clone).collect(),
            root: Some(Arc::clone(root)),
            whole: true,
            why,
            also: breaks.collect(),
            spellings,
        };
        self.keep(nothing);
        None
    }

    /// The last certificate of a way, and where it stands.
    fn last(&self, issuers: &[usize]) -> (&'s Arc<Certificate>, Place) {
        match issuers.last().and_then(|at| self.candidates.get(*at)) {
            Some(candidate) => (candidate.certificate, Place::Authority),
            None => (self.search.leaf, Place::Leaf),
        }
    }

    fn certificates<'a>(&'a self, issuers: &'a [usize]) -> impl Iterator<Item = &'s Arc<Certificate>> + 'a {
        issuers.iter().filter_map(|at| self.candidates.get(*at)).map(|of| of.certificate)
    }

    /// Whether one certificate was signed with another's key: verified once a search.
    fn signed(&mut self, certificate: &Certificate, issuer: &Certificate) -> Signed {
        let pair = (certificate.fingerprint, issuer.fingerprint);
        if let Some(known) = self.ledger.signed.get(&pair) {
            return known.clone();
        }
        if self.ledger.signed.len() >= MOST_SIGNATURES {
            self.meet(|| format!("more than {MOST_SIGNATURES} signatures would have to be verified, and no more are"));
            return Signed::No;
        }
        let signed = signed_by(certificate, issuer, self.search.store.algorithms);
        self.ledger.signed.insert(pair, signed.clone());
        signed
    }

    /// Notes that a limit of ours was met.
    fn meet(&mut self, words: impl FnOnce() -> String) {
        self.limit.get_or_insert_with(words);
    }

    fn note(&mut self, issuers: &[usize], whole: bool, why: Why) {
        let followed: Vec<&Arc<Certificate>> = self.certificates(issuers).collect();
        let mut spellings = Vec::new();
        let mut below = self.search.leaf;
        for above in &followed {
            spellings.extend(spelling(below, above));
            below = above;
        }
        let followed = followed.into_iter().map(Arc::clone).collect();
        self.keep(NoPath { followed, root: None, whole, why, also: Vec::new(), spellings });
    }

    /// Keeps an attempt if it is the first, or came nearer to a root than those before.
    fn keep(&mut self, found: NoPath) {
        let undecided = matches!(found.why, Why::Undecided(_));
        let reach = Reach {
            whole: found.whole,
            // Where a root is reached, the length is no merit.
            length: if found.root.is_some() { usize::MAX } else { found.followed.len() },
            undecided,
            faultless: usize::MAX - found.also.len(),
        };
        if self.best.as_ref().is_none_or(|best| reach > best.reach) {
            self.best = Some(Attempt { reach, found });
        }
    }
}

/// What was met among the candidates for one certificate's issuer.
#[derive(Default)]
struct Level {
    /// One whose key made the signature, or may have.
    reached: bool,
    /// One below it.
    circle: bool,
    /// One of the issuer's name whose key did not make the signature, and whether it is a root.
    mismatched: Option<(Arc<Certificate>, bool)>,
}

/// Whether `below` names `above` as its issuer: octet for octet, or only otherwise.
fn names(below: &Facts, above: &Facts, exact: bool) -> bool {
    let same_octets = above.subject.der == below.issuer.der;
    if exact { same_octets } else { !same_octets && above.subject.is_same_as(&below.issuer) }
}

/// What makes one certificate of an authority worse than another with the same key: its signature's hash is an old one, it
/// names no list, or none that everybody can fetch.
fn drawbacks(of: &Facts) -> (bool, bool, bool) {
    let is_http = |url: &String| url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"));
    let lists = &of.crl_distribution_points;
    (of.signature.hash.is_some_and(|hash| !hash.is_sha2()), lists.is_empty(), !lists.iter().any(is_http))
}

/// Whether the key identifier a certificate names is that of the issuer's certificate; without either, it is not.
fn named_key(below: &Facts, above: &Certificate) -> bool {
    let own = above.facts().and_then(|facts| facts.subject_key_id.as_ref());
    below.authority_key_id.as_ref().zip(own).is_some_and(|(named, own)| named == own)
}

fn undecided_signature(certificate: &Certificate, why: &str) -> Why {
    Why::Undecided(Unknown {
        why: format!("{}: {why}", certificate.subject_text()),
        decided_by: "a certificate signed with RSA, as the documents ask".into(),
    })
}

/// Names along a way that are the same and not octet for octet.
fn spellings(leaf: &Arc<Certificate>, authorities: &[&Arc<Certificate>], root: &Arc<Certificate>) -> Vec<Spelling> {
    let mut found = Vec::new();
    let mut below = leaf;
    for above in authorities.iter().copied().chain([root]).filter(|above| *above != leaf) {
        found.extend(spelling(below, above));
        below = above;
    }
    found
}

fn spelling(below: &Arc<Certificate>, above: &Arc<Certificate>) -> Option<Spelling> {
    let (lower, upper) = (below.facts()?, above.facts()?);
    (lower.issuer.der != upper.subject.der).then(|| Spelling { below: Arc::clone(below), above: Arc::clone(above) })
}
