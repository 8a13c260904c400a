//! How what is said of each certificate that is looked up in lists becomes one verdict.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::rule::subject::EndpointSubject;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::checked::{Asked, Checked, Place};
use crate::trust::lists::fault::{ListFault, Unreached};
use crate::verdict::cause::{Culprit, catalogue};
use crate::verdict::severity::Severity;
use crate::verdict::{Evidence, Unknown, Verdict};
use crate::wire::der::Der;

/// Why what no list tells is not said: of all the certificates as soon as it holds of one.
const NOT_COUNTED: &str = "a revocation list cannot be had, which is not counted in this run";

/// Why revocation is not judged at all; `None`: it is.
pub fn not_judged(basis: &Basis<'_>) -> Option<Verdict> {
    if !basis.site.clients_check_revocation {
        return Some(Verdict::NotApplicable("clients do not check revocation lists"));
    }
    match basis.revocation {
        RevocationMode::Off => Some(Verdict::NotApplicable("revocation is not judged in this run")),
        RevocationMode::Hard | RevocationMode::Soft => None,
    }
}

/// What a list that cannot be had, or says nothing about today, means under the run's mode.
pub fn not_had(basis: &Basis<'_>, evidence: Evidence) -> Verdict {
    match basis.revocation {
        RevocationMode::Hard => evidence.fail(),
        RevocationMode::Soft | RevocationMode::Off => evidence.at_most(Severity::Warning).fail(),
    }
}

/// What it means for what only lists tell that none was of use.
pub fn not_told(basis: &Basis<'_>, unknown: Verdict) -> Verdict {
    match basis.revocation {
        RevocationMode::Hard => unknown,
        RevocationMode::Soft | RevocationMode::Off => Verdict::NotApplicable(NOT_COUNTED),
    }
}

/// Names what brings something about, where it has a name.
pub fn because(evidence: Evidence, cause: Option<&'static str>) -> Evidence {
    match cause.and_then(catalogue::find) {
        Some(cause) => evidence.because(cause),
        None => evidence,
    }
}

/// Evidence of something wrong with a list at a URL.
pub fn of_fault(one: &Checked<'_>, url: &str, fault: &ListFault) -> Evidence {
    let evidence = Evidence::new(fault.message())
        .observed(one.who())
        .expected(fault.expected())
        .cause(fault.cause())
        .culprit(culprit(one, url, fault));
    because(evidence, fault.cause_id())
}

/// Evidence of a URL at which nothing was had.
pub fn of_unreached(message: String, url: &str, why: Unreached) -> Evidence {
    because(Evidence::new(message).cause(why.cause()).culprit(Culprit::Url(url.into())), why.cause_id())
}

/// What has to be put right: the authority, or what lies at the URL.
fn culprit(one: &Checked<'_>, url: &str, fault: &ListFault) -> Culprit {
    let of_certificate = |certificate: &Certificate| Culprit::Authority {
        fingerprint: Some(certificate.fingerprint),
        subject: certificate.subject_text().into(),
    };
    match fault {
        ListFault::SignerLacksRight { signer } => of_certificate(signer),
        ListFault::OtherKey { .. }
        | ListFault::Malformed(_)
        | ListFault::Ended { .. }
        | ListFault::NotYetValid { .. } => {
            let issuer = one
                .known
                .iter()
                .find(|known| known.facts().is_some_and(|facts| facts.subject.der == one.facts.issuer.der));
            issuer.map_or_else(
                || Culprit::Authority { fingerprint: None, subject: one.facts.issuer.text.as_str().into() },
                |issuer| of_certificate(issuer),
            )
        }
        ListFault::Empty
        | ListFault::Page
        | ListFault::Compressed(_)
        | ListFault::OtherFile(_)
        | ListFault::CutShort
        | ListFault::Unreadable(_)
        | ListFault::OtherAuthority { .. }
        | ListFault::UnknownKey { .. }
        | ListFault::SignerUntrusted { .. }
        | ListFault::DeltaWhereBaseBelongs
        | ListFault::OtherPart(_) => Culprit::Url(url.into()),
    }
}

/// The certificates of a path that are looked up in lists.
pub struct LookedUp<'a> {
    /// What may be consulted.
    pub basis: &'a Basis<'a>,
    /// From where lists were asked.
    pub asked: Asked<'a>,
    /// The certificates at its end: the one presented, and any that other nodes presented; a file's own.
    pub leaves: Vec<&'a Certificate>,
    /// The authorities above it, the root left out.
    pub authorities: &'a [Arc<Certificate>],
    /// Why these may not be all.
    pub incomplete: Option<Unknown>,
    /// Every authority's certificate at hand.
    pub known: Vec<&'a Arc<Certificate>>,
    /// What the server stapled.
    pub staple: Option<&'a Der>,
}

impl LookedUp<'_> {
    /// One verdict of what is said of each. A self-issued certificate is in nobody's list.
    pub fn judge(&self, judge: impl Fn(&Checked<'_>) -> Verdict) -> Verdict {
        if self.leaves.first().is_some_and(|leaf| leaf.is_self_issued()) {
            return Verdict::NotApplicable("nobody but itself could revoke a self-signed certificate");
        }
        let leaves = self.leaves.iter().map(|leaf| (*leaf, Place::Leaf));
        let authorities = self.authorities.iter().map(|authority| (&**authority, Place::Authority));
        let verdicts = leaves.chain(authorities).filter_map(|(one, place)| {
            let staple = self.staple.filter(|_| place == Place::Leaf);
            let checked = Checked::new(self.basis, self.asked, one, place, &self.known)?.stapled(staple);
            Some((checked.who(), judge(&checked)))
        });
        together(verdicts, self.incomplete.clone())
    }
}

/// Judges the certificate presented, any that other nodes presented, and the authorities below the root.
pub fn judge(subject: &EndpointSubject<'_>, judge: impl Fn(&Checked<'_>) -> Verdict) -> Verdict {
    let basis = subject.basis;
    if let Some(verdict) = not_judged(basis) {
        return verdict;
    }
    let Some(leaf) = subject.chain.first() else { return subject.no_certificate() };
    if leaf.facts.is_err() {
        return subject.judge_leaf(|_| Verdict::pass());
    }
    let (authorities, incomplete) = subject.paths().below_root();
    let root = subject.paths().to_site_root().ok().map(|path| &path.root);
    let known: Vec<&Arc<Certificate>> = authorities
        .iter()
        .chain(root)
        .chain(subject.chain.iter().skip(1).take(crate::trust::path::MOST_PRESENTED))
        .chain(subject.fetched())
        .chain(&basis.trust.intermediates)
        .chain(&basis.trust.roots)
        .collect();
    let looked_up = LookedUp {
        basis,
        asked: Asked::From(&subject.target.vantage),
        leaves: std::iter::once(leaf).chain(&subject.other_leaves).map(|leaf| &**leaf).collect(),
        authorities,
        incomplete,
        known,
        staple: subject.principal().and_then(|seen| seen.handshake.ocsp_response.as_ref()),
    };
    looked_up.judge(judge)
}

/// One verdict of several: what fails, before what is unknown, before what passes.
fn together(verdicts: impl Iterator<Item = (String, Verdict)>, incomplete: Option<Unknown>) -> Verdict {
    let mut failed: Option<Box<Evidence>> = None;
    let mut unknown: Option<Unknown> = None;
    let mut passed: Option<Vec<String>> = None;
    let mut not_applicable: Option<&'static str> = None;
    let mut not_counted = false;
    for (who, verdict) in verdicts {
        match verdict {
            Verdict::Fail(evidence) => match &mut failed {
                None => failed = Some(evidence),
                Some(first) => {
                    first.observed.push(format!("also {who}: {}", evidence.message));
                    first.observed.extend(evidence.observed);
                    let new = evidence.expected.into_iter().filter(|one| !first.expected.contains(one));
                    let new: Vec<String> = new.collect();
                    first.expected.extend(new);
                }
            },
            Verdict::Unknown(one) => {
                unknown.get_or_insert(one);
            }
            Verdict::Pass(observed) => passed.get_or_insert_default().extend(observed),
            Verdict::NotApplicable(NOT_COUNTED) => {
                not_counted = true;
                not_applicable = Some(NOT_COUNTED);
            }
            Verdict::NotApplicable(why) => {
                not_applicable.get_or_insert(why);
            }
        }
    }
    match (failed, unknown.or(incomplete), passed, not_applicable) {
        (Some(evidence), _, _, _) => Verdict::Fail(evidence),
        (None, _, _, Some(why)) if not_counted => Verdict::NotApplicable(why),
        (None, Some(unknown), _, _) => Verdict::Unknown(unknown),
        (None, None, Some(observed), _) => Verdict::Pass(observed),
        (None, None, None, Some(why)) => Verdict::NotApplicable(why),
        (None, None, None, None) => Verdict::NotApplicable("there is nothing to revoke"),
    }
}
