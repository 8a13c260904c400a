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
mod name_constraint;
pub mod search;
pub mod signed;
mod walk;

use std::sync::Arc;

use crate::certificate::{Certificate, Facts};
use crate::trust::store::TrustStore;
use crate::verdict::Unknown;
use fault::{Break, Fault, Place};
use search::{Origin, Search};

/// Presented certificates considered beside the leaf; real chains have one to three.
pub const MOST_PRESENTED: usize = 32;
/// Presented certificates of one name considered: an authority that changed its key, and its cross certificates.
pub const MOST_OF_ONE_NAME: usize = 4;
/// Authorities between leaf and root.
const MOST_AUTHORITIES: usize = 6;

/// The paths from one leaf.
#[derive(Debug)]
pub struct Paths {
    /// With all certificates at hand.
    everything: Result<Path, NoPath>,
    /// With those presented alone; `None`: the same.
    presented: Option<Result<Path, NoPath>>,
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
        let leaf = search.leaf;
        let facts = match &leaf.facts {
            Ok(facts) => facts,
            Err(why) => {
                let fault = Fault::Unreadable(why.clone());
                let why = Why::Broken(Box::new(Break { at: Arc::clone(leaf), place: Place::Leaf, fault }));
                return Self { everything: Err(NoPath::nothing(why)), presented: None };
            }
        };
        let (all, declared_used) = Pool::gather(facts, search.presented, &search.store.intermediates, search.store);
        let everything = find(search, &all);
        let differs = match &everything {
            Ok(path) => path.issuers.iter().any(|issuer| !search.presented.contains(issuer)),
            Err(_) => declared_used,
        };
        let presented = differs.then(|| {
            let (alone, _) = Pool::gather(facts, search.presented, &[], search.store);
            find(search, &alone)
        });
        Self { everything, presented }
    }

    /// Where no certificate was seen.
    pub fn of_nothing() -> Self {
        let unknown = Unknown {
            why: "no certificate was seen".into(),
            decided_by: "a handshake that comes as far as the server's certificate".into(),
        };
        Self { everything: Err(NoPath::nothing(Why::Undecided(unknown))), presented: None }
    }

    /// The path to a root, with all certificates at hand.
    ///
    /// # Errors
    /// Why there is none.
    pub fn best(&self) -> Result<&Path, &NoPath> {
        self.everything.as_ref()
    }

    /// The path to a root with the presented certificates alone.
    ///
    /// # Errors
    /// Why there is none.
    pub fn presented_alone(&self) -> Result<&Path, &NoPath> {
        self.presented.as_ref().unwrap_or(&self.everything).as_ref()
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

    /// The first of [`breaks`](Self::breaks).
    pub fn first_break(&self) -> Option<&Break> {
        self.breaks().first().copied()
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
        match &self.everything {
            Ok(path) => (&path.issuers, None),
            Err(NoPath { followed, whole: true, .. }) => (followed, None),
            Err(NoPath { followed, whole: false, why, .. }) => {
                let unknown = match why {
                    Why::Undecided(unknown) => unknown.clone(),
                    Why::Broken(broken) => Unknown {
                        why: format!("the chain could not be followed to a root: {broken}"),
                        decided_by: "what chain/leads-to-site-root asks for".into(),
                    },
                };
                (followed, Some(unknown))
            }
        }
    }
}

impl NoPath {
    fn nothing(why: Why) -> Self {
        Self { followed: Vec::new(), root: None, whole: false, why, also: Vec::new(), spellings: Vec::new() }
    }
}

impl Path {
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

/// The certificates a path may be made of.
struct Pool {
    certificates: Vec<Arc<Certificate>>,
    presented: usize,
    considered: usize,
}

impl Pool {
    /// Gathers whatever can be an issuer of the leaf, of its issuers, and so on, presented ones first; roots are left
    /// out. Also says whether any but the presented ones is among them.
    fn gather(
        leaf: &Facts,
        presented: &[Arc<Certificate>],
        declared: &[Arc<Certificate>],
        trust: &TrustStore,
    ) -> (Self, bool) {
        let mut certificates: Vec<Arc<Certificate>> = Vec::new();
        let within_bounds = presented.iter().take(MOST_PRESENTED);
        let mut names = vec![&leaf.issuer.der];
        let mut gathered_presented = 0;
        let mut left_out = 0;
        let mut seen = 0;
        while let Some(name) = names.get(seen).copied() {
            seen += 1;
            let mut of_this_name = 0;
            let presented = within_bounds.clone().map(|certificate| (certificate, true));
            for (certificate, is_presented) in presented.chain(declared.iter().map(|certificate| (certificate, false)))
            {
                let Some(facts) = certificate.facts().filter(|facts| facts.subject.der == *name) else { continue };
                if certificates.contains(certificate) || trust.anchored.contains(certificate) {
                    continue;
                }
                if is_presented {
                    of_this_name += 1;
                    if of_this_name > MOST_OF_ONE_NAME {
                        left_out += 1;
                        continue;
                    }
                    gathered_presented += 1;
                }
                certificates.push(Arc::clone(certificate));
                if !names.contains(&&facts.issuer.der) {
                    names.push(&facts.issuer.der);
                }
            }
        }
        let declared_used = certificates.len() > gathered_presented;
        let considered = presented.len().min(MOST_PRESENTED).saturating_sub(left_out);
        (Self { certificates, presented: presented.len(), considered }, declared_used)
    }
}

/// Walks upwards; what lies beyond our bounds leaves it undecided.
fn find(search: &Search<'_>, pool: &Pool) -> Result<Path, NoPath> {
    let mut found = walk::walk(search, &pool.certificates);
    if let Err(nothing) = &mut found {
        if search.roots.is_empty() {
            let decided_by = "--ca-file, or [trust] roots in the definition".into();
            nothing.why = Why::Undecided(Unknown { why: "no root is given".into(), decided_by });
        } else if let Why::Broken(broken) = &nothing.why
            && pool.considered < pool.presented
            && matches!(broken.fault, Fault::IssuerNotAtHand { .. } | Fault::OtherKey { .. } | Fault::UnknownRoot)
        {
            nothing.whole = false;
            nothing.why = Why::Undecided(Unknown {
                why: format!(
                    "{} certificates were sent beside the leaf, and the {} this program considers lead to no root",
                    pool.presented, pool.considered
                ),
                decided_by: "a chain of the leaf and its authorities alone".into(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests;
