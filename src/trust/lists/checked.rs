//! A certificate whose revocation is checked, and what was seen of its lists and responders.

use std::sync::Arc;

use super::fault::Unreached;
use super::reach::unreached;
use super::store::{Asked, Fetched, KnownList};
use crate::certificate::distribution_point::DistributionPoint;
use crate::certificate::revocation_list::{NotAList, Scheme};
use crate::certificate::{Certificate, Facts};
use crate::observation::timing::Milliseconds;
use crate::trust::basis::Basis;
use crate::verdict::Verdict;
use crate::wire::counted::counted;
use crate::wire::der::Der;

/// How many of a certificate's URLs are looked at; real ones name one to three.
pub use crate::observation::bounds::MOST_URLS;

/// A certificate whose revocation is checked, and where.
pub struct Checked<'a> {
    /// What may be consulted.
    pub basis: &'a Basis<'a>,
    /// From where lists and responders were asked.
    pub asked: Asked<'a>,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// What it says.
    pub facts: &'a Facts,
    /// The OCSP response the server stapled for it.
    pub staple: Option<&'a Der>,
    /// What it is in its path.
    pub place: Place,
    /// Authorities' certificates that are at hand.
    pub known: &'a [&'a Arc<Certificate>],
    /// What was seen at each URL it names, in order.
    pub sources: Vec<Source<'a>>,
}

/// What a certificate is in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one that was presented, or the file's own.
    Leaf,
    /// An authority's above it.
    Authority,
}

/// A URL a certificate names, and what was seen there.
pub struct Source<'a> {
    /// The URL.
    pub url: &'a str,
    /// How it would be asked.
    pub scheme: Scheme,
    /// The distribution point it is a name of; `None`: whose list it is, is known otherwise.
    pub point: Option<&'a DistributionPoint>,
    /// What was seen; `None`: nobody asked.
    pub fetched: Option<Arc<Fetched>>,
    /// The vantage it was asked from, where whoever checks the certificate stands at none of them.
    pub from: Option<String>,
}

impl<'a> Source<'a> {
    /// A URL, and what was seen there.
    pub fn new(basis: &Basis<'_>, asked: Asked<'_>, url: &'a str, point: Option<&'a DistributionPoint>) -> Self {
        let (from, fetched) = basis.crls.seen(asked, url).unzip();
        Self { url, scheme: Scheme::of(url), point, fetched, from: from.flatten() }
    }

    /// What was sent; `None`: nothing was.
    pub fn content(&self) -> Option<&Result<Arc<KnownList>, NotAList>> {
        self.fetched.as_ref()?.content.as_ref()
    }

    /// Why nothing was had; `None`: something was, or nobody asked.
    pub fn unreached(&self) -> Option<Unreached> {
        unreached(self.fetched.as_ref()?, self.url)
    }

    /// How long it took, where something was sent.
    pub fn took(&self) -> Option<Milliseconds> {
        self.fetched.as_ref().filter(|fetched| fetched.content.is_some())?.took
    }

    /// The URL and what came of it.
    pub fn words(&self) -> String {
        let url = self.url;
        match (self.scheme, &self.fetched) {
            (Scheme::Ldap, _) => format!("{url}: in a directory, which only members of the forest can ask"),
            (Scheme::File, _) => format!("{url}: a file or share, which is not fetched"),
            (Scheme::Https, _) => format!("{url}: over HTTPS, which Windows does not fetch lists over"),
            (Scheme::Other, _) => format!("{url}: not http"),
            (Scheme::Http, None) => format!("{url}: not asked for"),
            (Scheme::Http, Some(fetched)) => {
                let took = fetched.took.map(|took| format!(" in {:.0} ms", took.0)).unwrap_or_default();
                let from = self.from.as_ref().map(|vantage| format!(", from {vantage}")).unwrap_or_default();
                match &fetched.failure {
                    Some(failure) if fetched.content.is_none() => format!("{url}: {}{from}", failure.detail),
                    Some(_) | None => format!("{url}: {}{took}{from}", counted(fetched.octets, "octet")),
                }
            }
        }
    }
}

impl<'a> Checked<'a> {
    /// A certificate that can be read, with what was seen of its lists; `None`: it cannot be read.
    pub fn new(
        basis: &'a Basis<'a>,
        asked: Asked<'a>,
        certificate: &'a Certificate,
        place: Place,
        known: &'a [&'a Arc<Certificate>],
    ) -> Option<Self> {
        let facts = certificate.facts()?;
        let points = facts.distribution_points.iter();
        let urls = points.flat_map(|point| point.urls().map(move |url| (url, Some(point))));
        let mut sources: Vec<Source<'a>> =
            urls.take(MOST_URLS).map(|(url, point)| Source::new(basis, asked, url, point)).collect();
        if sources.is_empty() {
            // What could be read of an extension that cannot be read to its end.
            let urls = facts.crl_distribution_points.iter().take(MOST_URLS);
            sources = urls.map(|url| Source::new(basis, asked, url, None)).collect();
        }
        Some(Self { basis, asked, certificate, facts, staple: None, place, known, sources })
    }

    /// The same, with what the server stapled.
    #[must_use]
    pub fn stapled(mut self, staple: Option<&'a Der>) -> Self {
        self.staple = staple;
        self
    }

    /// Whose certificate it is, in words.
    pub fn who(&self) -> String {
        let subject = &self.facts.subject.text;
        let named = match (subject.as_str(), self.facts.alternative_names.iter().flatten().next()) {
            ("", Some(name)) => name.to_string(),
            ("", None) => format!("with serial number {}", self.facts.serial),
            (subject, _) => subject.to_owned(),
        };
        match self.place {
            Place::Leaf => format!("the certificate {named}"),
            Place::Authority => format!("the authority {named}"),
        }
    }

    /// Whether it is an authority's.
    pub fn is_authority(&self) -> bool {
        self.place == Place::Authority
    }

    /// Whether any list was sent.
    pub fn has_content(&self) -> bool {
        self.sources.iter().any(|source| source.content().is_some())
    }

    /// The verdict on what a list says where there was none to read.
    pub fn no_list(&self) -> Verdict {
        if self.sources.is_empty() {
            return Verdict::NotApplicable("the certificate names no revocation list");
        }
        Verdict::unknown(format!("no revocation list for {} was had", self.who()), "a run that fetches lists")
    }
}
