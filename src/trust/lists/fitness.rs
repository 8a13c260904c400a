//! Whether what a server sent is a list a client can use for a certificate: a list, by the rules, the right authority's,
//! signed by it, complete, current (RFC 5280, 6.3.3). In that order: what comes first is what is told.

use std::sync::Arc;

use super::checked::{Checked, Place, Source};
use super::fault::ListFault;
use super::store::KnownList;
use crate::certificate::distribution_point::{DistributionPoint, Reasons, share_a_name};
use crate::certificate::revocation_list::{NotAList, RevocationList};
use crate::certificate::{Certificate, Facts, Name, is_same_name};
use crate::trust::dates::is_within_dates;
use crate::trust::path::Paths;
use crate::trust::path::search::{Purpose, Search};
use crate::trust::path::signed::{Signed, signed_by};
use crate::verdict::Unknown;
use crate::wire::der::Der;

/// How many authorities' certificates of one name are tried; one that changed its key has two or three.
const MOST_SIGNERS: usize = 8;

/// What is to be said of a list for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// It can be used.
    Good(Good),
    /// It is authentic, and says nothing about today.
    Outdated(ListFault),
    /// It cannot be used.
    Unfit(ListFault),
    /// It could not be decided.
    Undecided(Unknown),
}

/// What a list that can be used tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Good {
    /// Of which reasons for revocation it tells.
    pub reasons: Reasons,
    /// Whether it writes its authority's name in another way than the certificate does.
    pub spelled_otherwise: bool,
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Equal,
    /// The same by RFC 5280, 7.1: in letters' case, white space or string types they differ.
    SpelledOtherwise,
    Different,
}

/// Judges one answer; `point`: the distribution point that names it, where one does.
pub fn fitness(
    content: &Result<Arc<KnownList>, NotAList>,
    point: Option<&DistributionPoint>,
    of: &Checked<'_>,
) -> Fitness {
    let known = match content {
        Ok(known) => known,
        Err(instead) => {
            return ListFault::instead(instead)
                .map_or_else(|| Fitness::Undecided(beyond(&instead.to_string())), Fitness::Unfit);
        }
    };
    match usable(known, point, of) {
        Err(verdict) => verdict,
        Ok(good) => match outdated(&known.list, of) {
            Some(fault) => Fitness::Outdated(fault),
            None => Fitness::Good(good),
        },
    }
}

/// What a bound of this program's leaves undecided.
fn beyond(what: &str) -> Unknown {
    Unknown { why: format!("a limit of this program's: {what}"), decided_by: "certutil -verify -urlfetch".into() }
}

fn usable(known: &KnownList, point: Option<&DistributionPoint>, of: &Checked<'_>) -> Result<Good, Fitness> {
    let list = &known.list;
    if let Some(rule) = list.malformed.first() {
        return Err(Fitness::Unfit(ListFault::Malformed(rule.clone())));
    }
    let names = named_rightly(list, point, of.facts)?;
    authentic(known, of)?;
    if list.is_delta() {
        return Err(Fitness::Unfit(ListFault::DeltaWhereBaseBelongs));
    }
    if let Some(how) = leaves_out(list, point, of.facts) {
        return Err(Fitness::Unfit(ListFault::OtherPart(how)));
    }
    let told = point.map_or(Reasons::ALL, |point| point.reasons);
    Ok(Good { reasons: list.coverage.reasons.within(told), spelled_otherwise: names == Names::SpelledOtherwise })
}

/// Whether it is the list of whoever should issue it (6.3.3, b 1).
fn named_rightly(list: &RevocationList, point: Option<&DistributionPoint>, facts: &Facts) -> Result<Names, Fitness> {
    let others: &[Der] = point.map_or(&[], |point| &point.issuers);
    let own = compare(&list.issuer.der, &facts.issuer.der);
    let named = others.iter().map(|name| compare(&list.issuer.der, name)).find(|names| *names != Names::Different);
    let wrong =
        |expected: String| Err(Fitness::Unfit(ListFault::OtherAuthority { found: list.issuer.text.clone(), expected }));
    match (others, named) {
        ([], _) if own == Names::Different => wrong(facts.issuer.text.clone()),
        ([], _) => Ok(own),
        ([first, ..], None) => wrong(text_of(first)),
        // Only an indirect list speaks of other authorities' certificates.
        (_, Some(_)) if own == Names::Different && !list.coverage.is_indirect => Err(Fitness::Unfit(
            ListFault::OtherPart("it does not say that it is about other authorities' certificates"),
        )),
        (_, Some(names)) => Ok(names),
    }
}

/// Why a list's signature does not stand.
pub(super) fn authentic(known: &KnownList, of: &Checked<'_>) -> Result<Arc<Certificate>, Fitness> {
    let list = &known.list;
    let algorithms = of.basis.trust.algorithms;
    let mut undecided = None;
    let mut signed = Vec::new();
    let candidates = named(of.known, &list.issuer.der);
    if candidates.is_empty() {
        return Err(Fitness::Undecided(Unknown {
            why: format!(
                "the list's signature cannot be checked: the certificate of {} is not known",
                list.issuer.text
            ),
            decided_by: "--ca-file, or [trust] roots and intermediates in the definition".into(),
        }));
    }
    for candidate in &candidates {
        match known.signed_by(candidate, algorithms) {
            Signed::Yes => signed.push(*candidate),
            Signed::No => {}
            Signed::Undecided(why) => undecided = Some(why),
        }
    }
    if signed.is_empty() {
        return Err(match undecided {
            Some(why) => {
                let decided_by = "a signature algorithm this program can verify".into();
                Fitness::Undecided(Unknown { why, decided_by })
            }
            None => Fitness::Unfit(ListFault::UnknownKey { issuer: list.issuer.text.clone() }),
        });
    }
    let may_sign =
        |one: &Arc<Certificate>| one.facts().is_some_and(|facts| facts.key_usage.is_none_or(|usage| usage.crl_sign));
    let issued = |one: &Arc<Certificate>| signed_by(of.certificate, one, algorithms) != Signed::No;
    let issuers: Vec<&Arc<Certificate>> =
        named(of.known, &of.facts.issuer.der).into_iter().filter(|one| issued(one)).collect();
    // Whoever issued the certificate needs no other path than the certificate's own.
    if let Some(own) = signed.iter().find(|one| issuers.contains(one)) {
        return match signed.iter().find(|one| issuers.contains(one) && may_sign(one)) {
            Some(right) => Ok(Arc::clone(right)),
            None => Err(Fitness::Unfit(ListFault::SignerLacksRight { signer: Arc::clone(own) })),
        };
    }
    let mut fault = None;
    for signer in &signed {
        if !may_sign(signer) {
            fault.get_or_insert(ListFault::SignerLacksRight { signer: Arc::clone(signer) });
        } else if !issuers.is_empty()
            && is_other_key(signer, of.facts)
            && !issuers.iter().any(|own| rolled(own, signer, of))
        {
            fault.get_or_insert(ListFault::OtherKey { signer: Arc::clone(signer) });
        } else if !leads_to_a_root(signer, of) {
            fault.get_or_insert(ListFault::SignerUntrusted { signer: Arc::clone(signer) });
        } else if is_revoked(signer, of) {
            fault.get_or_insert(ListFault::SignerRevoked { signer: Arc::clone(signer) });
        } else {
            return Ok(Arc::clone(signer));
        }
    }
    let fault = fault.unwrap_or(ListFault::UnknownKey { issuer: list.issuer.text.clone() });
    Err(Fitness::Unfit(fault))
}

/// Whether a signer is the certificate's authority under another of its keys: one that signs certificates, too. A key for
/// lists alone is another matter.
fn is_other_key(signer: &Certificate, of: &Facts) -> bool {
    signer.facts().is_some_and(|facts| {
        is_same_name(&facts.subject.der, &of.issuer.der) && facts.key_usage.is_none_or(|usage| usage.key_cert_sign)
    })
}

/// Whether an authority handed over from one of its keys to the other by a certificate it issued to itself (6.1, 6.3.3 f).
fn rolled(own: &Arc<Certificate>, signer: &Arc<Certificate>, of: &Checked<'_>) -> bool {
    let algorithms = of.basis.trust.algorithms;
    let links = |link: &Arc<Certificate>, key: &Arc<Certificate>| {
        link.is_self_issued() && link != key && signed_by(link, key, algorithms) == Signed::Yes
    };
    links(own, signer) || links(signer, own)
}

/// Whether a certificate leads to a root the site trusts, for whatever purpose.
fn leads_to_a_root(one: &Arc<Certificate>, of: &Checked<'_>) -> bool {
    let (trust, now) = (of.basis.trust, of.basis.now);
    if !one.facts().is_some_and(|facts| is_within_dates(facts, now)) {
        return false;
    }
    let known: Vec<Arc<Certificate>> = of.known.iter().map(|one| Arc::clone(one)).collect();
    let roots: Vec<Arc<Certificate>> = trust.roots.iter().chain(&trust.client_roots).map(Arc::clone).collect();
    Paths::find(&Search::new(one, &known, trust, &roots, Purpose::Any, now)).best().is_ok()
}

/// Whether a list of its own authority's, signed by that authority's own key, names a certificate.
fn is_revoked(one: &Arc<Certificate>, of: &Checked<'_>) -> bool {
    let Some(checked) = Checked::new(of.basis, of.asked, one, Place::Authority, of.known) else { return false };
    let algorithms = of.basis.trust.algorithms;
    let authorities = named(of.known, &checked.facts.issuer.der);
    checked.sources.iter().filter_map(|source| source.content()?.as_ref().ok()).any(|known| {
        let entry =
            known.list.entry(&checked.facts.serial_number, |name| is_same_name(name, &checked.facts.issuer.der));
        entry.is_some_and(|entry| !entry.is_removal())
            && authorities.iter().any(|by| known.signed_by(by, algorithms) == Signed::Yes)
    })
}

/// The certificates of a name, each once, and so many of them.
pub(super) fn named<'a>(known: &[&'a Arc<Certificate>], name: &Der) -> Vec<&'a Arc<Certificate>> {
    let mut found: Vec<&Arc<Certificate>> = Vec::new();
    for one in known {
        let is_named = one.facts().is_some_and(|facts| is_same_name(&facts.subject.der, name));
        if is_named && found.len() < MOST_SIGNERS && !found.contains(one) {
            found.push(one);
        }
    }
    found
}

/// How a list leaves the certificate out (6.3.3, b 2).
fn leaves_out(list: &RevocationList, point: Option<&DistributionPoint>, facts: &Facts) -> Option<&'static str> {
    let coverage = &list.coverage;
    let is_ca = facts.basic_constraints.is_some_and(|constraints| constraints.ca);
    let elsewhere = coverage.names.as_ref().is_some_and(|names| {
        let point = point.map(|point| point.names.as_slice()).into_iter();
        let others = facts.distribution_points.iter().map(|point| point.names.as_slice());
        !names.is_empty() && !point.chain(others).any(|own| share_a_name(names, own, &list.issuer.der))
    });
    let found = [
        (coverage.only_user_certificates && is_ca, "it speaks of certificates that are no authorities' only"),
        (coverage.only_ca_certificates && !is_ca, "it speaks of authorities' certificates only"),
        (coverage.only_attribute_certificates, "it speaks of attribute certificates only"),
        (elsewhere, "it speaks of certificates that name another distribution point"),
    ];
    found.into_iter().find(|(leaves_out, _)| *leaves_out).map(|(_, how)| how)
}

/// What a list's dates are against.
pub(super) fn outdated(list: &RevocationList, of: &Checked<'_>) -> Option<ListFault> {
    let now = of.basis.now;
    if now < list.this_update {
        return Some(ListFault::NotYetValid { from: list.this_update, now });
    }
    let since = list.next_update.filter(|next| *next <= now)?;
    Some(ListFault::Ended { since, now, offline: of.is_authority() })
}

/// How two names' DER compares.
fn compare(one: &Der, other: &Der) -> Names {
    if one == other {
        Names::Equal
    } else if is_same_name(one, other) {
        Names::SpelledOtherwise
    } else {
        Names::Different
    }
}

/// A name as text.
fn text_of(name: &Der) -> String {
    Name::read(name).map(|name| name.text).unwrap_or_default()
}

/// Of which reasons for revocation a certificate's usable lists tell.
pub enum Told {
    /// Of all of them.
    All,
    /// Of some; the rest is missing.
    Some {
        /// What nothing tells of.
        missing: Reasons,
    },
    /// Of none: no list is of use.
    None,
}

impl<'a> Checked<'a> {
    /// Each answer, and whether it is of use for this certificate.
    pub fn fitness(&self) -> impl Iterator<Item = (&Source<'a>, Fitness)> {
        self.sources.iter().filter_map(|source| Some((source, fitness(source.content()?, source.point, self))))
    }

    /// The lists that are of use.
    pub fn good(&self) -> impl Iterator<Item = (&Source<'a>, &Arc<KnownList>, Good)> {
        self.fitness().filter_map(|(source, fitness)| match (fitness, source.content()) {
            (Fitness::Good(good), Some(Ok(list))) => Some((source, list, good)),
            _ => None,
        })
    }

    /// Of which reasons the lists of use tell, together: an authority may share them out among several.
    pub fn told(&self) -> Told {
        let told = self
            .good()
            .fold(None, |told: Option<Reasons>, (_, _, good)| Some(told.unwrap_or(Reasons::NONE).with(good.reasons)));
        match told {
            None => Told::None,
            Some(reasons) if reasons.is_all() => Told::All,
            Some(reasons) => Told::Some { missing: Reasons::ALL.without(reasons) },
        }
    }

    /// The first fault of its lists, and where; what is told where several are of no use.
    pub fn first_fault(&self) -> Option<(&Source<'a>, ListFault)> {
        self.fitness().find_map(|(source, fitness)| match fitness {
            Fitness::Outdated(fault) | Fitness::Unfit(fault) => Some((source, fault)),
            Fitness::Good(_) | Fitness::Undecided(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::pki::Pki;

    #[test]
    fn so_many_authorities_of_one_name_are_tried() {
        let pki = Pki::lab().unwrap();
        let renewed = |n: usize| {
            let minted = pki.root.issue(&pki.issuing.recipe.clone().serial(&n.to_be_bytes())).unwrap();
            Arc::new(Certificate::read(&Der::from(minted.der.as_slice())))
        };
        let many: Vec<Arc<Certificate>> = (0..=MOST_SIGNERS).map(renewed).collect();
        let name = many[0].facts().unwrap().subject.der.clone();
        // Each twice: the same is not tried again, and takes nobody's place.
        let twice = |many: &[Arc<Certificate>]| named(&many.iter().chain(many).collect::<Vec<_>>(), &name).len();
        assert_eq!((twice(&many[..MOST_SIGNERS]), twice(&many)), (MOST_SIGNERS, MOST_SIGNERS));
        assert_eq!(twice(&many[..1]), 1);
    }
}
