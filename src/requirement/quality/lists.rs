//! How what is said of each certificate whose revocation is checked becomes one verdict on a credential.

use std::sync::Arc;

use super::leads_to_root::to_blame;
use crate::certificate::Certificate;
use crate::rule::credential::{Credential, Place, authority};
use crate::site::vantage::Network;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::checked::{Checked, Place as InPath};
use crate::trust::lists::fault::{ListFault, Unreached};
use crate::trust::lists::issuers;
use crate::trust::path::fault::Fault;
use crate::trust::path::{MOST_PRESENTED, NoPath, Why};
use crate::verdict::cause::{Culprit, catalogue};
use crate::verdict::{Evidence, Unknown, Verdict};

/// Where whoever checks a credential's lists stands.
pub(crate) fn network(of: &Credential<'_>) -> Network {
    match of.place {
        Place::Endpoint(endpoint) => endpoint.target.network,
        // A server checks what a client presents, and servers stand inside.
        Place::File(_) => Network::Intranet,
    }
}

/// Whether clients on the Internet must be able to check a credential's lists.
pub(crate) fn outside(of: &Credential<'_>) -> bool {
    match of.place {
        Place::Endpoint(endpoint) => {
            let accepts = endpoint.target.expectation.client_connections;
            endpoint.target.network == Network::Internet || accepts.is_some_and(|accepts| accepts.internet())
        }
        Place::File(_) => false,
    }
}

/// Why revocation is not judged at all; `None`: it is. Clients check servers while their site lets them; servers check
/// clients always.
fn not_judged(of: &Credential<'_>) -> Option<Verdict> {
    if of.basis.revocation == RevocationMode::Off {
        return Some(Verdict::NotApplicable("revocation is not judged in this run"));
    }
    if of.of.is_server() && !of.basis.site.clients_check_revocation {
        return Some(Verdict::NotApplicable("clients do not check revocation lists"));
    }
    if of.of.is_server()
        && of.basis.site.is_enhanced_http()
        && of.certificate().facts().is_some_and(super::enterprise_issued::made_by_the_site)
    {
        return Some(Verdict::NotApplicable("the site's own certificate, as enhanced HTTP has it, is in no list"));
    }
    if of.certificate().is_self_issued() {
        return Some(Verdict::NotApplicable("nobody but itself could revoke a self-signed certificate"));
    }
    None
}

/// Judges the certificate and the authorities below the root, each with what was seen of its lists.
pub(crate) fn judge_lists(of: &Credential<'_>, judge: impl Fn(&Checked<'_>) -> Verdict) -> Verdict {
    if let Some(verdict) = not_judged(of) {
        return verdict;
    }
    let basis = of.basis;
    let paths = of.paths();
    let (authorities, incomplete) = of.below_root();
    let asked = of.asked();
    let fetched = issuers::fetched(basis.crls, asked, &of.chain.certificates);
    let known: Vec<&Arc<Certificate>> = authorities
        .iter()
        .chain(paths.root())
        .chain(of.chain.certificates.iter().skip(1).take(MOST_PRESENTED))
        .chain(&basis.trust.intermediates)
        .chain(&basis.trust.fetched)
        .chain(&fetched)
        .chain(of.roots())
        .collect();
    let staple = of.session().and_then(|seen| seen.handshake.ocsp_response.as_ref());
    let leaf = std::iter::once((of.certificate(), InPath::Leaf));
    let authorities = authorities.iter().map(|authority| (authority, InPath::Authority));
    let verdicts = leaf.chain(authorities).filter_map(|(one, place)| {
        let staple = staple.filter(|_| place == InPath::Leaf);
        let checked = Checked::new(basis, asked, one, place, &known)?.stapled(staple);
        Some((checked.who(), judge(&checked)))
    });
    together(basis, verdicts, incomplete)
}

/// A list of another key than the certificate's, where the path above the certificate breaks at another key, too, is the
/// same thing once more: somebody uses the authority's name, or its key was changed.
pub(crate) fn or_impersonated(of: &Credential<'_>, verdict: Verdict) -> Verdict {
    let Verdict::Fail(evidence) = verdict else { return verdict };
    let another_key = [&catalogue::LIST_SIGNED_BY_OLD_KEY, &catalogue::LIST_SIGNED_BY_UNKNOWN_KEY];
    let is_of_another = evidence.because.is_some_and(|cause| another_key.contains(&cause));
    match of.paths().best() {
        Err(NoPath { why: Why::Broken(broken), .. })
            if is_of_another && matches!(broken.fault, Fault::OtherKey { .. }) =>
        {
            let evidence = because(*evidence, Some(broken.cause_id()));
            match to_blame(of, broken) {
                Some(culprit) => evidence.culprit(culprit).fail(),
                None => evidence.fail(),
            }
        }
        Ok(_) | Err(_) => Verdict::Fail(evidence),
    }
}

/// Names what brings something about, where it has a name.
pub(crate) fn because(evidence: Evidence, cause: Option<&'static str>) -> Evidence {
    match cause.and_then(catalogue::find) {
        Some(cause) => evidence.because(cause),
        None => evidence,
    }
}

/// Evidence of something wrong with a list at a URL.
pub(crate) fn of_fault(one: &Checked<'_>, url: &str, fault: &ListFault) -> Evidence {
    let evidence = Evidence::new(fault.message())
        .observed(one.who())
        .expected(fault.expected())
        .cause(fault.cause())
        .culprit(culprit(one, url, fault));
    because(evidence, Some(fault.cause_id()))
}

/// Evidence of a URL at which nothing was had.
pub(crate) fn of_unreached(message: String, url: &str, why: Unreached) -> Evidence {
    because(Evidence::new(message).cause(why.cause()).culprit(Culprit::Url(url.into())), why.cause_id())
}

/// What has to be put right: the authority, or what lies at the URL.
fn culprit(one: &Checked<'_>, url: &str, fault: &ListFault) -> Culprit {
    let of_certificate = authority;
    match fault {
        ListFault::SignerLacksRight { signer } => of_certificate(signer),
        ListFault::OtherKey { .. }
        | ListFault::Malformed(_)
        | ListFault::Ended { .. }
        | ListFault::NotYetValid { .. } => {
            let issuer = one.known.iter().find(|known| known.is_named_issuer_of(one.facts));
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
        | ListFault::SignerRevoked { .. }
        | ListFault::DeltaWhereBaseBelongs
        | ListFault::OtherPart(_) => Culprit::Url(url.into()),
    }
}

/// One verdict of several: what fails, before what is unknown, before what passes.
fn together(
    basis: &Basis<'_>,
    verdicts: impl Iterator<Item = (String, Verdict)>,
    incomplete: Option<Unknown>,
) -> Verdict {
    let mut failed: Option<Box<Evidence>> = None;
    let mut unknown: Option<Unknown> = None;
    let mut passed: Option<Vec<String>> = None;
    let mut not_applicable: Option<&'static str> = None;
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
            Verdict::NotApplicable(why) => {
                not_applicable.get_or_insert(why);
            }
        }
    }
    match (failed, unknown.or(incomplete), passed, not_applicable) {
        (Some(evidence), _, _, _) => Verdict::Fail(evidence),
        (None, Some(_), _, _) if basis.revocation == RevocationMode::Soft => {
            Verdict::NotApplicable("a revocation list that cannot be had is not counted in this run")
        }
        (None, Some(unknown), _, _) => Verdict::Unknown(unknown),
        (None, None, Some(observed), _) => Verdict::Pass(observed),
        (None, None, None, Some(why)) => Verdict::NotApplicable(why),
        (None, None, None, None) => Verdict::NotApplicable("there is nothing to revoke"),
    }
}
