//! How what is said of each certificate a client checks becomes one verdict.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::certificate::revocation_list::Scheme;
use crate::rule::subject::EndpointSubject;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::checked::{Checked, MOST_URLS, Source};
use crate::verdict::{Evidence, Unknown, Verdict};

/// Why a list that cannot be had is no failure: said of all the certificates as soon as it holds of one.
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

/// What a list that cannot be had means under the run's mode.
pub fn not_had(basis: &Basis<'_>, evidence: Evidence) -> Verdict {
    match basis.revocation {
        RevocationMode::Hard => evidence.fail(),
        RevocationMode::Soft | RevocationMode::Off => Verdict::NotApplicable(NOT_COUNTED),
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
    if leaf.is_self_issued() {
        return Verdict::NotApplicable("nobody but itself could revoke a self-signed certificate");
    }
    let (authorities, incomplete) = subject.paths().below_root();
    let root = subject.paths().best().ok().map(|path| &path.root);
    let known: Vec<&Arc<Certificate>> = authorities
        .iter()
        .chain(root)
        .chain(subject.chain.iter().skip(1).take(crate::trust::path::MOST_PRESENTED))
        .chain(&basis.trust.intermediates)
        .chain(&basis.trust.roots)
        .collect();
    let staple = subject.principal().and_then(|seen| seen.handshake.ocsp_response.as_ref());
    let leaves = std::iter::once(leaf).chain(&subject.other_leaves).map(|leaf| (leaf, true));
    let verdicts = leaves.chain(authorities.iter().map(|authority| (authority, false))).filter_map(|(one, is_leaf)| {
        let facts = one.facts()?;
        let sources = facts.crl_distribution_points.iter().take(MOST_URLS).map(|url| Source {
            url,
            scheme: Scheme::of(url),
            fetched: basis.crls.at(&subject.target.vantage, url),
        });
        let checked = Checked {
            basis,
            vantage: &subject.target.vantage,
            certificate: one,
            facts,
            staple: staple.filter(|_| is_leaf),
            is_leaf,
            known: &known,
            sources: sources.collect(),
        };
        Some((checked.who(), judge(&checked)))
    });
    together(verdicts, incomplete)
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
        (None, _, _, Some(why)) if not_counted => Verdict::NotApplicable(why),
        (Some(evidence), _, _, _) => Verdict::Fail(evidence),
        (None, Some(unknown), _, _) => Verdict::Unknown(unknown),
        (None, None, Some(observed), _) => Verdict::Pass(observed),
        (None, None, None, Some(why)) => Verdict::NotApplicable(why),
        (None, None, None, None) => Verdict::NotApplicable("there is nothing to revoke"),
    }
}
