//! How what is said of each certificate whose revocation is checked becomes one verdict on a credential.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::certificate::revocation_list::Scheme;
use crate::plan::endpoint::HERE;
use crate::rule::credential::{Credential, Place};
use crate::site::vantage::Network;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::checked::{Checked, MOST_URLS, Source};
use crate::trust::lists::store::Fetched;
use crate::trust::path::MOST_PRESENTED;
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

/// What was seen at a URL: from the vantage of the endpoint; for a file from the first vantage that got something.
fn fetched(of: &Credential<'_>, vantage: &str, url: &str) -> Option<Arc<Fetched>> {
    let lists = of.basis.crls;
    match of.place {
        Place::Endpoint(_) => lists.at(vantage, url),
        Place::File(_) => {
            let everywhere = lists.anywhere(url);
            let best = everywhere.iter().find(|(_, fetched)| fetched.content.is_some()).or_else(|| everywhere.first());
            best.map(|(_, fetched)| Arc::clone(fetched))
        }
    }
}

/// The vantage lists are asked from.
fn vantage<'a>(of: &Credential<'a>) -> &'a str {
    match of.place {
        Place::Endpoint(endpoint) => &endpoint.target.vantage,
        Place::File(_) => {
            let vantages = &of.basis.site.vantages;
            let inside = vantages.iter().find(|vantage| vantage.network == Network::Intranet);
            inside.or(vantages.first()).map_or(HERE, |vantage| &vantage.name)
        }
    }
}

/// Judges the certificate and the authorities below the root, each with what was seen of its lists.
pub(crate) fn judge_lists(of: &Credential<'_>, judge: impl Fn(&Checked<'_>) -> Verdict) -> Verdict {
    if let Some(verdict) = not_judged(of) {
        return verdict;
    }
    let basis = of.basis;
    let paths = of.paths();
    let (authorities, incomplete) = paths.below_root();
    let known: Vec<&Arc<Certificate>> = authorities
        .iter()
        .chain(paths.root())
        .chain(of.chain.certificates.iter().skip(1).take(MOST_PRESENTED))
        .chain(&basis.trust.intermediates)
        .chain(&basis.trust.fetched)
        .chain(of.roots())
        .collect();
    let staple = of.session().and_then(|seen| seen.handshake.ocsp_response.as_ref());
    let vantage = vantage(of);
    let leaf = std::iter::once((of.certificate(), true));
    let verdicts = leaf.chain(authorities.iter().map(|authority| (authority, false))).filter_map(|(one, is_leaf)| {
        let facts = one.facts()?;
        let sources = facts.crl_distribution_points.iter().take(MOST_URLS).map(|url| Source {
            url,
            scheme: Scheme::of(url),
            fetched: fetched(of, vantage, url),
        });
        let checked = Checked {
            basis,
            vantage,
            certificate: one,
            facts,
            staple: staple.filter(|_| is_leaf),
            is_leaf,
            known: &known,
            sources: sources.collect(),
        };
        Some((checked.who(), judge(&checked)))
    });
    together(basis, verdicts, incomplete)
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
