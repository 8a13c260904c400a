//! Certification paths (RFC 5280) from a certificate to roots, for a purpose, and in words why there is none.
//!
//! One walk decides, over certificates that were read once: it follows names and signatures upwards and holds what it finds
//! against RFC 5280, 6.1, where Windows is known to do otherwise as Windows does. The root is judged like any authority.
//!
//! Three things about the leaf are not judged here, because rows of their own do: its dates, its Enhanced Key Usage and the
//! length of its key. Nor is whether it is a CA. Weak hashes never break a path.
//!
//! Bounded against hostile chains; what lies beyond a bound of ours is undecided and never somebody's fault.

pub mod fault;
mod judge;
mod name_constraint;
mod policy;
pub mod search;
pub mod signed;
mod walk;

use std::fmt;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::verdict::Unknown;
use fault::{Break, Fault, Place};
use search::{Origin, Search};
use walk::Ledger;

/// Presented certificates others than the walk look at; real chains have one to three.
pub const MOST_PRESENTED: usize = 32;
/// Certificates beside the leaf that are considered.
pub const MOST_CERTIFICATES: usize = 1024;
/// Authorities between leaf and root; real chains have one to three.
pub const MOST_AUTHORITIES: usize = 16;
/// Signatures verified for one leaf.
pub const MOST_SIGNATURES: usize = 96;

/// The paths from one leaf.
#[derive(Debug)]
pub struct Paths {
    /// With all certificates at hand.
    everything: Result<Path, Box<NoPath>>,
    /// With those presented alone; `None`: the same.
    presented: Option<Result<Path, Box<NoPath>>>,
}

/// A verified path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The issuers' certificates, the leaf's own issuer first, the root left out.
    pub issuers: Vec<Arc<Certificate>>,
    /// Where each of them was had from.
    pub origins: Vec<Origin>,
    /// The root it leads to.
    pub root: Arc<Certificate>,
    /// Names that are the same by RFC 5280, 7.1 and not octet for octet.
    pub spellings: Vec<Spelling>,
}

/// An issuer's name and its certificate's subject that are the same by RFC 5280, 7.1 (letters' case, white space, string
/// types) and not octet for octet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The certificate that names its issuer.
    pub below: Arc<Certificate>,
    /// The issuer's certificate.
    pub above: Arc<Certificate>,
}

impl fmt::Display for Spelling {
    /// Both spellings, with the string types: a sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(below), Some(above)) = (self.below.facts(), self.above.facts()) else { return Ok(()) };
        write!(
            f,
            "the same name in another encoding: {} names its issuer {}, and that one's certificate has {}",
            self.below.subject_text(),
            below.issuer.spelled(),
            above.subject.spelled()
        )
    }
}

/// Why there is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPath {
    /// The issuers' certificates that could be followed, the leaf's own issuer first, any root left out.
    pub followed: Vec<Arc<Certificate>>,
    /// The trusted root they lead to, though they are no path.
    pub root: Option<Arc<Certificate>>,
    /// Whether these are all there are below a root, trusted or not.
    pub whole: bool,
    /// Why they are no path.
    pub why: Why,
    /// What else breaks them, beside `why`.
    pub also: Vec<Break>,
    /// As in [`Path::spellings`].
    pub spellings: Vec<Spelling>,
}

/// Why certificates are no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something is wrong.
    Broken(Box<Break>),
    /// It could not be decided.
    Undecided(Unknown),
}

impl Paths {
    /// Looks for paths.
    pub fn find(search: &Search<'_>) -> Self {
        Self::counted(search).0
    }

    /// The same, and how many signatures were verified for it.
    fn counted(search: &Search<'_>) -> (Self, usize) {
        let mut ledger = Ledger::new();
        let leaf = search.leaf;
        if let Err(why) = &leaf.facts {
            let fault = Fault::Unreadable(why.clone());
            let why = Why::Broken(Box::new(Break { at: Arc::clone(leaf), place: Place::Leaf, fault }));
            return (Self { everything: Err(Box::new(NoPath::nothing(why))), presented: None }, 0);
        }
        let mut alone = walk::walk(search, false, &mut ledger);
        let has_more = !search.store.intermediates.is_empty() || !search.fetched.is_empty();
        let found = if alone.is_ok() || !has_more {
            Self { everything: alone, presented: None }
        } else {
            let everything = walk::walk(search, true, &mut ledger);
            if let (Err(alone), Ok(path)) = (&mut alone, &everything) {
                alone.renewed(leaf, path);
            }
            Self { everything, presented: Some(alone) }
        };
        (found.of_roots(search), ledger.signatures())
    }

    /// Without a root nothing is decided, whatever was followed.
    fn of_roots(mut self, search: &Search<'_>) -> Self {
        if search.roots.iter().any(|root| root.facts().is_some()) {
            return self;
        }
        let why =
            if search.roots.is_empty() { "no root is given" } else { "no root given can be read as a certificate" };
        let decided_by = "--ca-file, or [trust] roots in the definition";
        for nothing in [Some(&mut self.everything), self.presented.as_mut()].into_iter().flatten() {
            if let Err(nothing) = nothing {
                nothing.why = Why::Undecided(Unknown { why: why.into(), decided_by: decided_by.into() });
                nothing.also.clear();
            }
        }
        self
    }

    /// Where no certificate was seen.
    pub fn of_nothing() -> Self {
        let unknown = Unknown {
            why: "no certificate was seen".into(),
            decided_by: "a handshake that comes as far as the server's certificate".into(),
        };
        Self { everything: Err(Box::new(NoPath::nothing(Why::Undecided(unknown)))), presented: None }
    }

    /// The path to a root, with all certificates at hand.
    ///
    /// # Errors
    /// Why there is none.
    pub fn best(&self) -> Result<&Path, &NoPath> {
        self.everything.as_ref().map_err(|nothing| &**nothing)
    }

    /// The path to a root with the presented certificates alone.
    ///
    /// # Errors
    /// Why there is none.
    pub fn presented_alone(&self) -> Result<&Path, &NoPath> {
        self.presented.as_ref().unwrap_or(&self.everything).as_ref().map_err(|nothing| &**nothing)
    }

    /// What breaks the path, from the leaf upwards; empty: nothing, or it is undecided.
    pub fn breaks(&self) -> Vec<&Break> {
        match &self.everything {
            Ok(_) => Vec::new(),
            Err(nothing) => {
                let first = match &nothing.why {
                    Why::Broken(broken) => Some(&**broken),
                    Why::Undecided(_) => None,
                };
                first.into_iter().chain(&nothing.also).collect()
            }
        }
    }

    /// The authorities' certificates of the path that were not presented, and where they were had from; empty: all were,
    /// or there is no path.
    pub fn needed_unsent(&self) -> Vec<(&Arc<Certificate>, Origin)> {
        let Ok(path) = &self.everything else { return Vec::new() };
        let issuers = path.issuers.iter().zip(path.origins.iter().copied());
        issuers.filter(|(_, origin)| *origin != Origin::Presented).collect()
    }

    /// Names on the way up that are the same by RFC 5280, 7.1 and not octet for octet, whether the way is a path or not.
    pub fn spellings(&self) -> &[Spelling] {
        match &self.everything {
            Ok(path) => &path.spellings,
            Err(nothing) => &nothing.spellings,
        }
    }

    /// The trusted root the way up ends at, whether it is a path or not.
    pub fn root(&self) -> Option<&Arc<Certificate>> {
        match &self.everything {
            Ok(path) => Some(&path.root),
            Err(nothing) => nothing.root.as_ref(),
        }
    }

    /// The authorities' certificates between leaf and root, and what is not known about their being all; `None`: they
    /// are all there are.
    pub fn below_root(&self) -> (&[Arc<Certificate>], Option<Unknown>) {
        let nothing = match &self.everything {
            Ok(path) => return (&path.issuers, None),
            Err(nothing) => nothing,
        };
        let unknown = match &nothing.why {
            _ if nothing.whole => None,
            Why::Undecided(unknown) => Some(unknown.clone()),
            Why::Broken(broken) => Some(Unknown {
                why: format!("the chain could not be followed to a root: {broken}"),
                decided_by: broken.decided_by(),
            }),
        };
        (&nothing.followed, unknown)
    }
}

impl NoPath {
    fn nothing(why: Why) -> Self {
        Self { followed: Vec::new(), root: None, whole: false, why, also: Vec::new(), spellings: Vec::new() }
    }

    /// Where a signature did not fit and a namesake's key does, on a way to a trusted root: the authority has a new key.
    fn renewed(&mut self, leaf: &Arc<Certificate>, path: &Path) {
        let Why::Broken(broken) = &mut self.why else { return };
        let (Fault::OtherKey { issuer, is_root: false } | Fault::SignatureBroken { issuer, is_root: false }) =
            &broken.fault
        else {
            return;
        };
        let below = [leaf].into_iter().chain(&path.issuers);
        let above = path.issuers.iter().chain([&path.root]);
        if let Some((_, new)) = below.zip(above).find(|(below, _)| **below == broken.at) {
            broken.fault = Fault::RenewedWithNewKey { old: Arc::clone(issuer), new: Arc::clone(new) };
        }
    }
}

impl Path {
    /// The certificates of the path above the leaf, the root last.
    pub fn above_leaf(&self) -> impl Iterator<Item = &Arc<Certificate>> {
        self.issuers.iter().chain([&self.root])
    }

    /// The path in words, from the leaf's issuer up.
    pub fn words(&self) -> String {
        let names = self.issuers.iter().chain([&self.root]).map(|certificate| certificate.subject_text());
        let mut words = String::from("issued by ");
        for (position, name) in names.enumerate() {
            if position > 0 {
                words.push_str(", issued by ");
            }
            words.push_str(name);
        }
        words
    }
}

#[cfg(test)]
mod tests;
