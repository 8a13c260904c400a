//! Follows a chain upwards by name and signature: to a path, or to the certificate in which it breaks, and how.

use std::sync::Arc;

use crate::certificate::{Certificate, Facts, oid};
use crate::trust::path::fault::{Break, Fault, Place};
use crate::trust::path::name_constraint::{Constrained, constrained};
use crate::trust::path::search::{Origin, Search};
use crate::trust::path::signed::{Signed, signed_by};
use crate::trust::path::{MOST_AUTHORITIES, NoPath, Path, Why};
use crate::verdict::Unknown;

/// Looks for a path with all its parts in order, or for the place where the best attempt breaks.
pub(super) fn walk(search: &Search<'_>, pool: &[Arc<Certificate>]) -> Result<Path, NoPath> {
    let mut walk = Walk { search, leaf: search.leaf, pool, visited: Vec::new(), best: None };
    if let Some(root) = walk.climb(&mut Vec::new()) {
        return Ok(root);
    }
    Err(match walk.best {
        Some(best) => best,
        None => NoPath::nothing(Why::Undecided(Unknown {
            why: "the chain leads nowhere".into(),
            decided_by: "a chain that can be followed".into(),
        })),
    })
}

struct Walk<'w> {
    search: &'w Search<'w>,
    leaf: &'w Arc<Certificate>,
    pool: &'w [Arc<Certificate>],
    /// Fingerprints of what has been climbed: each certificate once, so that loops and heaps of one name stay bounded.
    visited: Vec<[u8; 32]>,
    /// The attempt that came nearest to a root, the first of several.
    best: Option<NoPath>,
}

impl Walk<'_> {
    /// Goes on from the last of `issuers`, or from the leaf.
    fn climb(&mut self, issuers: &mut Vec<Arc<Certificate>>) -> Option<Path> {
        let (current, at_leaf) = match issuers.last() {
            Some(last) => (Arc::clone(last), false),
            None => (Arc::clone(self.leaf), true),
        };
        let facts = current.facts()?;
        let (roots, algorithms) = (self.search.roots, self.search.store.algorithms);
        let place = if at_leaf { Place::Leaf } else { Place::Authority };
        let break_here = |fault| Why::Broken(Box::new(Break { at: Arc::clone(&current), place, fault }));
        if issuers.len() > MOST_AUTHORITIES {
            let why = Why::Undecided(Unknown {
                why: format!(
                    "more than {MOST_AUTHORITIES} authorities in a row, which is as far as this program follows"
                ),
                decided_by: "certutil -verify on a client".into(),
            });
            self.note(issuers, false, why);
            return None;
        }

        // A certificate of the issuer's name whose key did not make the signature.
        let mut mismatched: Option<(Arc<Certificate>, bool)> = None;
        let (mut reached, mut circle) = (false, false);
        for root in roots.iter().filter(|root| is_issuer_of(root, facts)) {
            match signed_by(&current, root, algorithms) {
                Signed::Yes => {
                    let why = self.fault_on(issuers, root);
                    let Some(why) = why else {
                        return Some(self.path(issuers, root));
                    };
                    reached = true;
                    self.note(issuers, true, why);
                }
                Signed::No => {
                    mismatched.get_or_insert((Arc::clone(root), true));
                }
                Signed::Undecided(why) => {
                    reached = true;
                    self.note(issuers, true, undecided_signature(&current, &why));
                }
            }
        }
        for candidate in
            self.pool.iter().filter(|candidate| is_issuer_of(candidate, facts) && !roots.contains(candidate))
        {
            if issuers.contains(candidate) || candidate == self.leaf {
                circle |= *candidate != current;
                continue;
            }
            if self.visited.contains(&candidate.fingerprint) {
                // What is above it has been noted already.
                reached = true;
                continue;
            }
            match signed_by(&current, candidate, algorithms) {
                Signed::Yes => {
                    reached = true;
                    self.visited.push(candidate.fingerprint);
                    issuers.push(Arc::clone(candidate));
                    let found = self.climb(issuers);
                    issuers.pop();
                    if found.is_some() {
                        return found;
                    }
                }
                Signed::No => {
                    mismatched.get_or_insert((Arc::clone(candidate), false));
                }
                Signed::Undecided(why) => {
                    reached = true;
                    self.note(issuers, false, undecided_signature(&current, &why));
                }
            }
        }
        if reached {
            return None;
        }
        let self_signed =
            facts.subject.der == facts.issuer.der && signed_by(&current, &current, algorithms) == Signed::Yes;
        if self_signed {
            // The untrusted root itself is not below a root.
            let below = issuers.len().saturating_sub(1);
            let fault = match mismatched {
                Some((issuer, is_root)) if is_root => Fault::OtherKey { issuer, is_root },
                Some(_) | None if at_leaf => Fault::SelfSigned { names_another: false },
                Some(_) | None => Fault::UnknownRoot,
            };
            self.note(issuers.get(..below).unwrap_or_default(), true, break_here(fault));
        } else if let Some((issuer, is_root)) = mismatched {
            self.note(issuers, false, break_here(Fault::OtherKey { issuer, is_root }));
        } else if circle {
            self.note(issuers, false, break_here(Fault::Circle));
        } else {
            let (issuer, urls) = (facts.issuer.text.clone(), facts.issuer_urls.clone());
            self.note(issuers, false, break_here(Fault::IssuerNotAtHand { issuer, urls }));
        }
        None
    }

    fn path(&self, issuers: &[Arc<Certificate>], root: &Arc<Certificate>) -> Path {
        let origin = |issuer| match issuer {
            of if self.search.presented.contains(of) => Origin::Presented,
            of if self.search.fetched.contains(of) => Origin::Fetched,
            _ => Origin::Declared,
        };
        let origins = issuers.iter().map(origin).collect();
        Path { issuers: issuers.to_vec(), origins, root: Arc::clone(root), spellings: Vec::new() }
    }

    /// Keeps an attempt if it is the first, or came nearer to a root than those before.
    fn note(&mut self, followed: &[Arc<Certificate>], whole: bool, why: Why) {
        let reach = |of: &NoPath| (of.whole, of.followed.len());
        let attempt = NoPath { followed: followed.to_vec(), whole, ..NoPath::nothing(why) };
        if self.best.as_ref().is_none_or(|best| reach(&attempt) > reach(best)) {
            self.best = Some(attempt);
        }
    }

    /// What is wrong on a path whose signatures hold: from the leaf upwards, the first fault.
    fn fault_on(&self, issuers: &[Arc<Certificate>], root: &Arc<Certificate>) -> Option<Why> {
        let leaf_fault = self.leaf.facts().and_then(fault_of_any);
        if let Some(fault) = leaf_fault {
            return Some(Why::Broken(Box::new(Break { at: Arc::clone(self.leaf), place: Place::Leaf, fault })));
        }
        for (position, issuer) in issuers.iter().enumerate() {
            let below = issuers.get(..position).unwrap_or_default();
            let fault = issuer.facts().and_then(|facts| fault_of_issuer(facts, below, self.search));
            if let Some(fault) = fault {
                return Some(Why::Broken(Box::new(Break { at: Arc::clone(issuer), place: Place::Authority, fault })));
            }
        }
        for (position, issuer) in issuers.iter().chain([root]).enumerate() {
            let below = issuers.get(..position).unwrap_or_default();
            match constrained(issuer, below.iter().chain([self.leaf])) {
                Constrained::Within => {}
                Constrained::Outside(fault) => {
                    return Some(Why::Broken(Box::new(Break {
                        at: Arc::clone(issuer),
                        place: Place::Authority,
                        fault,
                    })));
                }
                Constrained::Undecided(what) => {
                    return Some(Why::Undecided(Unknown {
                        why: format!("{} holds {what}, which is not judged", issuer.subject_text()),
                        decided_by: "certutil -verify on a client".into(),
                    }));
                }
            }
        }
        None
    }
}

fn undecided_signature(certificate: &Certificate, why: &str) -> Why {
    Why::Undecided(Unknown {
        why: format!("{}: {why}", certificate.subject_text()),
        decided_by: "a certificate signed with RSA, as the documents ask".into(),
    })
}

fn is_issuer_of(candidate: &Certificate, below: &Facts) -> bool {
    candidate.facts().is_some_and(|facts| facts.subject.der == below.issuer.der)
}

/// What no certificate of a path may be.
fn fault_of_any(facts: &Facts) -> Option<Fault> {
    if facts.version != 3 {
        return Some(Fault::Version(facts.version));
    }
    let unknown: Vec<String> = facts.unknown_critical.iter().filter(|oid| !is_windows_own(oid)).cloned().collect();
    (!unknown.is_empty()).then_some(Fault::CriticalExtension(unknown))
}

/// AD CS's extensions (template, Application Policies, CA version): Windows knows them, and AD CS marks Application
/// Policies critical wherever a template's Enhanced Key Usage is.
fn is_windows_own(oid: &str) -> bool {
    oid.starts_with("1.3.6.1.4.1.311.20.") || oid.starts_with("1.3.6.1.4.1.311.21.")
}

/// What an authority on a path must be (RFC 5280, 6.1.4).
fn fault_of_issuer(facts: &Facts, below: &[Arc<Certificate>], search: &Search<'_>) -> Option<Fault> {
    if let Some(fault) = fault_of_any(facts) {
        return Some(fault);
    }
    match facts.basic_constraints {
        None => return Some(Fault::NotAnAuthority("has no Basic Constraints")),
        Some(constraints) if !constraints.ca => {
            return Some(Fault::NotAnAuthority("says in its Basic Constraints that it is none"));
        }
        Some(constraints) => {
            // Certificates an authority issued to itself, when it changed its key, do not count.
            let found = below.iter().filter(|of| !of.is_self_issued()).count();
            if let Some(allowed) = constraints.path_length
                && usize::try_from(allowed).is_ok_and(|allowed| found > allowed)
            {
                return Some(Fault::PathLength { allowed, found });
            }
        }
    }
    if !may_sign_certificates(facts) {
        return Some(Fault::NotAnAuthority("has a Key Usage without the right to sign certificates"));
    }
    let now = search.now;
    if now < facts.not_before {
        return Some(Fault::NotYetValid { not_before: facts.not_before });
    }
    if facts.not_after < now {
        return Some(Fault::Expired { not_after: facts.not_after, successor: None });
    }
    let (purposes, wanted) = (facts.extended_key_usage.as_ref()?, search.purpose.oid()?);
    let suits = |purpose: &String| purpose == wanted || purpose == oid::ANY_EXTENDED_KEY_USAGE;
    let leaves_out = !purposes.iter().any(suits);
    leaves_out.then(|| Fault::Purpose { purpose: search.purpose, allowed: purposes.clone() })
}

/// Whether the Key Usage, where there is one, allows signing certificates.
pub(super) fn may_sign_certificates(facts: &Facts) -> bool {
    facts.key_usage.is_none_or(|usage| usage.key_cert_sign)
}
