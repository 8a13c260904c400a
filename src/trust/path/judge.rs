//! Whether certificates that were followed from a leaf to a trusted root are a path: RFC 5280, 6.1, over each of them, the
//! root included; the leaf's own dates, purposes and key are other rows' matters.

use std::sync::Arc;

use crate::certificate::constraint::Flaw;
use crate::certificate::{Certificate, Facts, oid};
use crate::trust::dates::{has_ended, is_within_dates};
use crate::trust::keys::is_rsa;
use crate::trust::path::fault::{Break, Fault, Place, listed};
use crate::trust::path::name_constraint::{Bearer, Budget, Constrained, constrained};
use crate::trust::path::policy;
use crate::trust::path::search::{Purpose, Search};
use crate::verdict::Unknown;

/// Microsoft's "all application policies".
const ANY_APPLICATION_POLICY: &str = "1.3.6.1.4.1.311.10.12.1";

/// Everything that is to be said against a path.
#[derive(Default)]
pub(super) struct Objections {
    /// What breaks it, from the leaf upwards, certificate by certificate; then constraints and policies.
    pub(super) breaks: Vec<Break>,
    /// What could not be decided.
    pub(super) undecided: Vec<Unknown>,
}

/// Judges a path from the leaf over the issuers to the root.
pub(super) fn objections(
    search: &Search<'_>,
    issuers: &[&Arc<Certificate>],
    root: &Arc<Certificate>,
    budget: &mut Budget,
) -> Objections {
    let mut all = Objections::default();
    all.flaws(search.leaf, Place::Leaf);
    for (position, issuer) in issuers.iter().enumerate() {
        let below = issuers.get(..position).unwrap_or_default();
        all.authority(search, issuer, Place::Authority, below);
    }
    // A leaf that is trusted by itself is no authority for it.
    if root != search.leaf {
        all.authority(search, root, Place::Root, issuers);
    }
    all.names(search, issuers, root, budget);
    let downwards: Vec<&Arc<Certificate>> = issuers.iter().rev().copied().chain([search.leaf]).collect();
    if let Some((at, fault)) = policy::refused(root, &downwards) {
        let place = match at {
            at if at == search.leaf => Place::Leaf,
            at if at == root => Place::Root,
            _ => Place::Authority,
        };
        all.breaks.push(Break { at: Arc::clone(at), place, fault });
    }
    all
}

impl Objections {
    /// What no certificate of a path may be.
    fn flaws(&mut self, at: &Arc<Certificate>, place: Place) {
        let Some(facts) = at.facts() else { return };
        let mut broken = |fault| self.breaks.push(Break { at: Arc::clone(at), place, fault });
        // A root of version 1 has no extensions to say what it is; trusting it does.
        if facts.version != 3 && place != Place::Root {
            broken(Fault::Version(facts.version));
        }
        let hard = facts.malformed.iter().filter(|flaw| !flaw.is_readable && is_judged(flaw.oid.as_deref()));
        let hard: Vec<String> = hard.map(|flaw| flaw.words.clone()).collect();
        if !hard.is_empty() {
            broken(Fault::Malformed(hard));
        }
        let unknown: Vec<String> = facts.unknown_critical.iter().filter(|oid| !is_windows_own(oid)).cloned().collect();
        if !unknown.is_empty() {
            broken(Fault::CriticalExtension(unknown));
        }
        let is_loose = |flaw: &&Flaw| flaw.is_readable || flaw.oid.as_deref().is_some_and(is_of_every_reader);
        let loose: Vec<&str> = facts.malformed.iter().filter(is_loose).map(|flaw| flaw.words.as_str()).collect();
        if !loose.is_empty() {
            self.undecided.push(Unknown {
                why: format!(
                    "malformed certificate: {}: {}; strict software refuses it, and what Windows does is not known",
                    at.subject_text(),
                    listed(&loose, "nothing")
                ),
                decided_by: "certutil -verify on a client; best, the certificate issued again".into(),
            });
        }
    }

    /// What an authority on a path must be (RFC 5280, 6.1.4), the root too. `below`: the authorities below it.
    fn authority(&mut self, search: &Search<'_>, at: &Arc<Certificate>, place: Place, below: &[&Arc<Certificate>]) {
        self.flaws(at, place);
        let Some(facts) = at.facts() else { return };
        let mut broken = |fault| self.breaks.push(Break { at: Arc::clone(at), place, fault });
        if let Some(fault) = not_an_authority(facts, place) {
            broken(fault);
        }
        // Certificates an authority issued to itself, when it changed its key, do not count.
        if let Some(allowed) = facts.basic_constraints.filter(|of| of.ca).and_then(|of| of.path_length) {
            let found = below.iter().filter(|of| !of.is_self_issued()).count();
            if usize::try_from(allowed).is_ok_and(|allowed| found > allowed) {
                broken(Fault::PathLength { allowed, found });
            }
        }
        if search.now < facts.not_before {
            broken(Fault::NotYetValid { not_before: facts.not_before });
        }
        if has_ended(facts, search.now) {
            broken(Fault::Expired { not_after: facts.not_after, successor: successor(search, at, facts) });
        }
        if let Some(fault) = limited(facts, search.purpose) {
            broken(fault);
        }
        let (bits, least) = (facts.public_key.bits, search.least_rsa_bits);
        // A key of no bits at all could not be read.
        if is_rsa(facts) && 0 < bits && bits < least {
            broken(Fault::KeyTooShort { bits, least });
        }
    }

    /// Every authority's name constraints, the root's too, over what stands below it.
    fn names(
        &mut self,
        search: &Search<'_>,
        issuers: &[&Arc<Certificate>],
        root: &Arc<Certificate>,
        budget: &mut Budget,
    ) {
        for (position, authority) in issuers.iter().copied().chain([root]).enumerate() {
            let constraints = authority.facts().and_then(|facts| facts.name_constraints.as_ref());
            let Some(constraints) = constraints.filter(|_| authority != search.leaf) else { continue };
            let below = issuers.iter().copied().take(position).rev().filter(|of| !of.is_self_issued());
            let below = below.map(|certificate| Bearer { certificate, purpose: None });
            let leaf = Bearer { certificate: search.leaf, purpose: Some(search.purpose) };
            match constrained(constraints, below.chain([leaf]), budget) {
                Constrained::Within => {}
                Constrained::Outside(fault) => {
                    let place = if authority == root { Place::Root } else { Place::Authority };
                    self.breaks.push(Break { at: Arc::clone(authority), place, fault });
                }
                Constrained::Undecided(why) => self.undecided.push(Unknown {
                    why: format!("name constraints of {}: {why}", authority.subject_text()),
                    decided_by: "certutil -verify on a client".into(),
                }),
            }
        }
    }
}

/// Whether what an extension says decides about paths, so that it must be readable; the certificate's other parts do.
fn is_judged(oid: Option<&str>) -> bool {
    oid.is_none_or(|oid| {
        matches!(
            oid,
            "2.5.29.15"
                | "2.5.29.17"
                | "2.5.29.19"
                | "2.5.29.30"
                | "2.5.29.32"
                | "2.5.29.33"
                | "2.5.29.36"
                | "2.5.29.37"
                | "2.5.29.54"
        )
    })
}

/// Whether whoever reads a certificate reads this extension, though it decides about no path: identifiers of keys, and where
/// lists and issuers are (RFC 5280).
fn is_of_every_reader(oid: &str) -> bool {
    matches!(oid, "2.5.29.14" | "2.5.29.31" | "2.5.29.35" | "2.5.29.46" | "1.3.6.1.5.5.7.1.1")
}

/// AD CS's extensions (template, Application Policies, CA version): Windows knows them, and AD CS marks Application
/// Policies critical wherever a template's Enhanced Key Usage is.
fn is_windows_own(oid: &str) -> bool {
    oid.starts_with("1.3.6.1.4.1.311.20.") || oid.starts_with("1.3.6.1.4.1.311.21.")
}

fn not_an_authority(facts: &Facts, place: Place) -> Option<Fault> {
    let how = match facts.basic_constraints {
        None if facts.version != 3 => return None,
        None if place == Place::Root => "has no Basic Constraints, though it is of version 3",
        None => "has no Basic Constraints",
        Some(constraints) if !constraints.ca => "says in its Basic Constraints that it is none",
        Some(_) if facts.key_usage.is_some_and(|usage| !usage.key_cert_sign) => {
            "has a Key Usage without the right to sign certificates"
        }
        Some(_) => return None,
    };
    Some(Fault::NotAnAuthority(how))
}

/// Whether Enhanced Key Usage or Application Policies leave the purpose out: Windows takes what both allow.
fn limited(facts: &Facts, purpose: Purpose) -> Option<Fault> {
    let wanted = purpose.oid()?;
    let suits = |of: &String| of == wanted || of == oid::ANY_EXTENDED_KEY_USAGE || of == ANY_APPLICATION_POLICY;
    let limits = [&facts.extended_key_usage, &facts.application_policies];
    let limit = limits.into_iter().flatten().find(|purposes| !purposes.iter().any(suits))?;
    Some(Fault::Purpose { purpose, allowed: limit.clone() })
}

/// A certificate of the same name and key at hand that is valid.
fn successor(search: &Search<'_>, of: &Certificate, facts: &Facts) -> Option<Arc<Certificate>> {
    let is_it = |other: &&Arc<Certificate>| {
        other.facts().is_some_and(|newer| {
            is_within_dates(newer, search.now)
                && other.part(&newer.frame.key) == of.part(&facts.frame.key)
                && newer.subject.is_same_as(&facts.subject)
        })
    };
    let at_hand = search.presented.iter().chain(&search.store.intermediates).chain(search.fetched).chain(search.roots);
    at_hand.into_iter().find(is_it).map(Arc::clone)
}
