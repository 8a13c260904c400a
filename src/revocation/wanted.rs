//! What certificates name that tells whether they are revoked, and who issued them. Pure.

use crate::certificate::Certificate;
use crate::certificate::ocsp_request::questions;
use crate::certificate::revocation_list::Scheme;
use crate::observation::bounds::{LONGEST_URL, MOST_ISSUER_URLS, MOST_URLS};
use crate::observation::resolution::Sought;

/// Something to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub sought: Sought,
}

impl Wanted {
    /// A revocation list.
    pub fn list(url: impl Into<String>) -> Self {
        Self { url: url.into(), sought: Sought::List }
    }

    /// An issuer's certificate.
    pub fn issuer(url: impl Into<String>) -> Self {
        Self { url: url.into(), sought: Sought::Issuer }
    }

    /// Whether it is something this program asks for at all.
    pub fn is_asked(&self) -> bool {
        Scheme::of(&self.url) == Scheme::Http
    }
}

/// What tells whether a certificate is revoked: every list it names, complete and delta, and every responder's answer about
/// it, each once, in order. A self-issued certificate is in nobody's list. A responder is asked where the certificate's
/// issuer is among `issuers`.
pub fn of_certificate<'a>(
    certificate: &Certificate,
    issuers: impl IntoIterator<Item = &'a Certificate>,
) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let Some(facts) = certificate.facts().filter(|_| !certificate.is_self_issued()) else { return wanted };
    let lists = lists(&facts.crl_distribution_points).chain(lists(&facts.freshest_crl));
    let answers = questions(certificate, issuers)
        .into_iter()
        .map(|question| Wanted { url: question.url, sought: Sought::OcspAnswer });
    for one in lists.chain(answers) {
        if !wanted.contains(&one) {
            wanted.push(one);
        }
    }
    wanted
}

/// The lists at URLs.
pub fn lists<'a>(urls: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = Wanted> {
    urls.into_iter().take(MOST_URLS).filter(|url| url.len() <= LONGEST_URL).map(|url| Wanted::list(url.as_str()))
}

/// Where a certificate says that its issuer's certificate is.
pub fn issuers_of(certificate: &Certificate) -> Vec<Wanted> {
    let Some(facts) = certificate.facts().filter(|_| !certificate.is_self_issued()) else { return Vec::new() };
    let http = facts.issuer_urls.iter().filter(|url| Scheme::of(url) == Scheme::Http && url.len() <= LONGEST_URL);
    http.take(MOST_ISSUER_URLS).map(|url| Wanted::issuer(url.as_str())).collect()
}

/// The first certificate of a chain, and those above it by name: presented beside it, or known otherwise. What was
/// presented and has nothing to do with it is left out, and roots.
pub fn above<'a>(chain: &'a [Certificate], known: &'a [Certificate]) -> Vec<&'a Certificate> {
    let mut found: Vec<&Certificate> = chain.first().into_iter().collect();
    let mut at = 0;
    while let Some(below) = found.get(at).copied() {
        at += 1;
        let Some(facts) = below.facts().filter(|_| !below.is_self_issued() || at == 1) else { continue };
        for one in chain.iter().skip(1).chain(known) {
            let issued = one.is_named_issuer_of(facts);
            if issued && found.len() < MOST_ABOVE && !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// How many certificates of one chain are looked at.
pub(super) const MOST_ABOVE: usize = 32;

/// Whether a certificate's issuer is nobody's of these.
pub fn lacks_issuer(certificate: &Certificate, known: &[&Certificate]) -> bool {
    certificate
        .facts()
        .is_some_and(|facts| !certificate.is_self_issued() && !known.iter().any(|one| one.is_named_issuer_of(facts)))
}
