//! Certification paths (RFC 5280) from a leaf to the site's roots, by webpki, and in words why there is none.
//!
//! Two things about the leaf are not judged here, because requirements of their own do: its dates (the path is verified
//! at the nearest moment within the leaf's validity; issuers must be valid at the time of judging all the same) and its
//! Enhanced Key Usage (issuers that have one must allow Server Authentication). Nor is whether the leaf is a CA.
//! Weak signatures and short keys are judged elsewhere too, and never break a path.
//!
//! Bounded against hostile chains: at most [`MOST_PRESENTED`] certificates beside the leaf are considered, at most
//! [`MOST_OF_ONE_NAME`] of the same name, and of these only what the leaf's issuers can be.

pub mod fault;
mod name_constraint;
pub mod signed;
mod walk;

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage};

use crate::certificate::{Certificate, Facts};
use crate::trust::basis::Basis;
use crate::trust::store::TrustStore;
use crate::verdict::Unknown;
use crate::wire::timestamp::Timestamp;
use fault::{Break, Fault};

/// Presented certificates considered beside the leaf; real chains have one to three.
pub const MOST_PRESENTED: usize = 32;
/// Presented certificates of one name considered: an authority that changed its key, and its cross certificates.
pub const MOST_OF_ONE_NAME: usize = 4;
/// Authorities between leaf and root, as webpki limits them.
const MOST_AUTHORITIES: usize = 6;

/// The paths from one leaf.
#[derive(Debug)]
pub struct Paths {
    /// With the certificates presented and those the definition names.
    everything: Result<Path, NoPath>,
    /// With those presented alone; `None`: the same.
    presented: Option<Result<Path, NoPath>>,
}

/// A verified path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The issuers' certificates, the leaf's own issuer first, the root left out.
    pub issuers: Vec<Arc<Certificate>>,
    /// The root it leads to.
    pub root: Arc<Certificate>,
}

/// Why there is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPath {
    /// The issuers' certificates that could be followed, the leaf's own issuer first, any root left out.
    pub followed: Vec<Arc<Certificate>>,
    /// Whether these are all there are below a root, trusted or not.
    pub whole: bool,
    /// Why they are no path.
    pub why: Why,
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
    /// Looks for paths from the first certificate.
    pub fn find(basis: &Basis<'_>, chain: &[Arc<Certificate>]) -> Self {
        let Some((leaf, presented)) = chain.split_first() else {
            let unknown = Unknown {
                why: "no certificate was seen".into(),
                decided_by: "a handshake that comes as far as the server's certificate".into(),
            };
            let nothing = NoPath { followed: Vec::new(), whole: false, why: Why::Undecided(unknown) };
            return Self { everything: Err(nothing), presented: None };
        };
        let facts = match &leaf.facts {
            Ok(facts) => facts,
            Err(why) => {
                let fault = Fault::Unreadable(why.clone());
                let why = Why::Broken(Box::new(Break { at: Arc::clone(leaf), at_leaf: true, fault }));
                let nothing = NoPath { followed: Vec::new(), whole: false, why };
                return Self { everything: Err(nothing), presented: None };
            }
        };
        let (all, declared_used) = Pool::gather(facts, presented, &basis.trust.intermediates, basis.trust);
        let everything = find(basis, leaf, facts, &all);
        let differs = match &everything {
            Ok(path) => path.issuers.iter().any(|issuer| !presented.contains(issuer)),
            Err(_) => declared_used,
        };
        let presented = differs.then(|| {
            let (alone, _) = Pool::gather(facts, presented, &[], basis.trust);
            find(basis, leaf, facts, &alone)
        });
        Self { everything, presented }
    }

    /// The path to a root of the site, with the certificates presented and those the definition names.
    pub fn to_site_root(&self) -> Result<&Path, &NoPath> {
        self.everything.as_ref()
    }

    /// The path to a root of the site with the presented certificates alone.
    pub fn presented_alone(&self) -> Result<&Path, &NoPath> {
        self.presented.as_ref().unwrap_or(&self.everything).as_ref()
    }

    /// The authorities' certificates between leaf and root, and what is not known about their being all; `None`: they
    /// are all there are.
    pub fn below_root(&self) -> (&[Arc<Certificate>], Option<Unknown>) {
        match &self.everything {
            Ok(path) => (&path.issuers, None),
            Err(NoPath { followed, whole: true, .. }) => (followed, None),
            Err(NoPath { followed, whole: false, why }) => {
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

/// Asks webpki; where it refuses, finds out why.
fn find(basis: &Basis<'_>, leaf: &Arc<Certificate>, facts: &Facts, pool: &Pool) -> Result<Path, NoPath> {
    let trust = basis.trust;
    if trust.anchors.is_empty() {
        return Err(no_root(basis, leaf, pool));
    }
    let refusal = match verified(basis, leaf, facts, pool) {
        Ok(path) => return Ok(path),
        Err(refusal) => refusal,
    };
    match walk::walk(leaf, &pool.certificates, trust, basis.now) {
        Ok(path) if is_no_clients_objection(&refusal) => Ok(path),
        Ok(path) => {
            let unread = leaf.facts().into_iter().chain(path.issuers.iter().filter_map(|issuer| issuer.facts()));
            let malformed: Vec<&str> = unread.flat_map(|facts| &facts.malformed).map(String::as_str).collect();
            let words = if malformed.is_empty() {
                format!("{refusal:?}")
            } else {
                format!("{}: {refusal:?}", malformed.join("; "))
            };
            let why =
                Why::Broken(Box::new(Break { at: Arc::clone(leaf), at_leaf: true, fault: Fault::Refused(words) }));
            Err(NoPath { followed: path.issuers, whole: true, why })
        }
        Err(mut nothing) => {
            if let Why::Broken(broken) = &mut nothing.why
                && pool.considered < pool.presented
                && matches!(broken.fault, Fault::UnknownIssuer { .. } | Fault::BadSignature { .. } | Fault::SelfSigned)
            {
                broken.fault = Fault::TooMany { presented: pool.presented, considered: pool.considered };
                nothing.whole = false;
            }
            Err(nothing)
        }
    }
}

/// What can be said where there is no root to lead to.
fn no_root(basis: &Basis<'_>, leaf: &Arc<Certificate>, pool: &Pool) -> NoPath {
    let (followed, whole) = match walk::walk(leaf, &pool.certificates, basis.trust, basis.now) {
        Ok(path) => (path.issuers, true),
        Err(nothing) => (nothing.followed, nothing.whole),
    };
    let why =
        if basis.trust.roots.is_empty() { "no root is given" } else { "no root given can be read as a certificate" };
    let decided_by = "--ca-file, or [trust] roots in the definition".into();
    NoPath { followed, whole, why: Why::Undecided(Unknown { why: why.into(), decided_by }) }
}

fn verified(basis: &Basis<'_>, leaf: &Certificate, facts: &Facts, pool: &Pool) -> Result<Path, webpki::Error> {
    let trust = basis.trust;
    let usable = |certificate: &&Arc<Certificate>| certificate.facts().is_some_and(|facts| is_usable(facts, basis.now));
    let issuers: Vec<&Arc<Certificate>> = pool.certificates.iter().filter(usable).collect();
    let ders: Vec<CertificateDer<'_>> =
        issuers.iter().map(|issuer| CertificateDer::from(issuer.der.as_slice())).collect();
    let der = CertificateDer::from(leaf.der.as_slice());
    let end_entity = EndEntityCert::try_from(&der)?;
    let path = end_entity.verify_for_usage(
        trust.algorithms,
        &trust.anchors,
        &ders,
        within_validity(facts, basis.now),
        IssuersAllowServerAuthentication::default(),
        None,
        None,
    )?;
    let found = |der: &CertificateDer<'_>| issuers.iter().copied().find(|issuer| issuer.der.as_slice() == der.as_ref());
    let anchor = trust.anchors.iter().position(|anchor| std::ptr::eq(anchor, path.anchor()));
    let root = anchor.and_then(|index| trust.anchored.get(index)).ok_or(webpki::Error::UnknownIssuer)?;
    let issuers = path.intermediate_certificates().filter_map(|issuer| found(&issuer.der())).map(Arc::clone).collect();
    Ok(Path { issuers, root: Arc::clone(root) })
}

/// Whether a certificate may be an issuer's as far as its own Key Usage, which webpki does not look at, and its dates
/// say. Dates are asked for at the time of judging: the path itself may be verified at another.
fn is_usable(facts: &Facts, now: Timestamp) -> bool {
    walk::may_sign_certificates(facts) && facts.not_before <= now && now <= facts.not_after
}

/// The moment nearest to now at which the leaf is valid; now, where there is none.
fn within_validity(leaf: &Facts, now: Timestamp) -> UnixTime {
    let at = if leaf.not_before <= leaf.not_after { now.clamp(leaf.not_before, leaf.not_after) } else { now };
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at.unix()).unwrap_or(0)))
}

/// Refusals that do not stand where the walk finds everything in order: they are about the leaf's own dates, purposes
/// or CA bit; about a time that is not now; or about what webpki does not evaluate and the walk does (directory names as
/// constraints, Microsoft's and the policy extensions where critical, path lengths over self-issued certificates).
fn is_no_clients_objection(refusal: &webpki::Error) -> bool {
    matches!(
        refusal,
        webpki::Error::CaUsedAsEndEntity
            | webpki::Error::EmptyEkuExtension
            | webpki::Error::CertExpired { .. }
            | webpki::Error::CertNotValidYet { .. }
            | webpki::Error::InvalidCertValidity
            | webpki::Error::UnsupportedCriticalExtension
            | webpki::Error::NameConstraintViolation
            | webpki::Error::PathLenConstraintViolated
    )
}

/// Accepts any leaf; of its issuers, those that name no purpose, any purpose, or Server Authentication.
#[derive(Default)]
struct IssuersAllowServerAuthentication {
    /// webpki asks for the leaf first, once, and for issuers after it.
    leaf_seen: Cell<bool>,
}

impl ExtendedKeyUsageValidator for IssuersAllowServerAuthentication {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        /// 1.3.6.1.5.5.7.3.1
        const SERVER_AUTHENTICATION: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 6, 1, 5, 5, 7, 3, 1]);
        /// 2.5.29.37.0
        const ANY: KeyPurposeId<'static> = KeyPurposeId::new(&[0x55, 0x1d, 0x25, 0]);

        if !self.leaf_seen.replace(true) {
            return Ok(());
        }
        let mut present = Vec::new();
        for purpose in purposes {
            let purpose = purpose?;
            if purpose == SERVER_AUTHENTICATION || purpose == ANY {
                return Ok(());
            }
            present.push(purpose.to_decoded_oid());
        }
        if present.is_empty() {
            return Ok(());
        }
        let required = KeyUsage::server_auth();
        Err(webpki::Error::RequiredEkuNotFoundContext(webpki::RequiredEkuNotFoundContext { required, present }))
    }
}

#[cfg(test)]
mod tests;
