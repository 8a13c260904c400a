//! A certificate whose revocation is checked, and what was seen of its lists and responders.

use std::sync::Arc;

use super::fitness::{Fitness, fitness};
use super::ocsp;
use super::store::{Fetched, KnownList};
use crate::certificate::ocsp_request::{Question, questions};
use crate::certificate::ocsp_response::Status;
use crate::certificate::revocation_list::{NotAList, Scheme};
use crate::certificate::{Certificate, Facts};
use crate::observation::timing::Milliseconds;
use crate::trust::basis::Basis;
use crate::verdict::Verdict;
use crate::wire::der::Der;

/// How many of a certificate's URLs are looked at; real ones name one to three.
pub const MOST_URLS: usize = 8;

/// A certificate whose revocation is checked, and where.
pub struct Checked<'a> {
    /// What may be consulted.
    pub basis: &'a Basis<'a>,
    /// Where the client stands.
    pub vantage: &'a str,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// What it says.
    pub facts: &'a Facts,
    /// The OCSP response the server stapled for it.
    pub staple: Option<&'a Der>,
    /// Whether it is the one presented, not an authority's.
    pub is_leaf: bool,
    /// Authorities' certificates that are at hand.
    pub known: &'a [&'a Arc<Certificate>],
    /// What was seen at each URL it names, in order.
    pub sources: Vec<Source<'a>>,
}

/// A URL a certificate names, and what was seen there.
pub struct Source<'a> {
    /// The URL.
    pub url: &'a str,
    /// How it would be asked.
    pub scheme: Scheme,
    /// What was seen; `None`: nobody asked.
    pub fetched: Option<Arc<Fetched>>,
}

/// A responder a certificate names, and what it answered about it.
pub struct Responder {
    /// Its URL, as the certificate has it.
    pub url: String,
    /// What it was asked, for each authority that may have issued the certificate, and what came of it.
    asked: Vec<Arc<Fetched>>,
}

/// What came of asking a responder.
pub enum Answered {
    /// Nobody asked.
    NotAsked,
    /// What it says of the certificate, authentic and current.
    Said(Status),
    /// It answered nothing that counts; why.
    Nothing(String),
}

impl Responder {
    /// What it says of the certificate.
    pub fn answered(&self, of: &Checked<'_>) -> Answered {
        let mut why = None;
        for fetched in &self.asked {
            let said = match (&fetched.answer, &fetched.failure) {
                (Some(answer), _) => ocsp::said(answer, of),
                (None, Some(failure)) => Err(failure.detail.clone()),
                (None, None) => Err("nothing was sent".into()),
            };
            match said {
                Ok(status) => return Answered::Said(status),
                Err(words) => why = why.or(Some(words)),
            }
        }
        why.map_or(Answered::NotAsked, Answered::Nothing)
    }

    /// The longest it took to answer, where it did.
    pub fn took(&self) -> Option<Milliseconds> {
        let answers = self.asked.iter().filter(|fetched| fetched.answer.is_some());
        answers.filter_map(|fetched| fetched.took).max_by(|one, other| one.0.total_cmp(&other.0))
    }
}

impl Source<'_> {
    /// What was sent; `None`: nothing was.
    pub fn content(&self) -> Option<&Result<Arc<KnownList>, NotAList>> {
        self.fetched.as_ref()?.content.as_ref()
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
                match &fetched.failure {
                    Some(failure) if fetched.content.is_none() => format!("{url}: {}{took}", failure.detail),
                    Some(_) | None => format!("{url}: {} octets{took}", fetched.octets),
                }
            }
        }
    }
}

impl Checked<'_> {
    /// Whose certificate it is, in words.
    pub fn who(&self) -> String {
        let subject = &self.facts.subject.text;
        if self.is_leaf { format!("the certificate {subject}") } else { format!("the authority {subject}") }
    }

    /// The responders it names, with what was seen of each.
    pub fn responders(&self) -> Vec<Responder> {
        if self.facts.ocsp_responders.is_empty() {
            return Vec::new();
        }
        let authorities = self.known.iter().map(|authority| &***authority);
        let mut found: Vec<Responder> = Vec::new();
        for Question { responder, url } in questions(self.certificate, authorities) {
            let fetched = self.basis.crls.at(self.vantage, &url);
            match found.iter_mut().find(|one| one.url == responder) {
                Some(one) => one.asked.extend(fetched),
                None => found.push(Responder { url: responder, asked: fetched.into_iter().collect() }),
            }
        }
        found
    }

    /// Whether any list was sent.
    pub fn has_content(&self) -> bool {
        self.sources.iter().any(|source| source.content().is_some())
    }

    /// Each answer, and whether it is of use for this certificate.
    pub fn fitness(&self) -> impl Iterator<Item = (&Source<'_>, Fitness)> {
        self.sources.iter().filter_map(|source| Some((source, fitness(source.content()?, self))))
    }

    /// The lists that are of use.
    pub fn good(&self) -> impl Iterator<Item = (&Source<'_>, &KnownList)> {
        self.fitness().filter_map(|(source, fitness)| match (fitness, source.content()) {
            (Fitness::Good, Some(Ok(list))) => Some((source, &**list)),
            _ => None,
        })
    }

    /// The verdict on what a list says where there was none to read.
    pub fn no_list(&self) -> Verdict {
        if self.sources.is_empty() {
            return Verdict::NotApplicable("the certificate names no revocation list");
        }
        Verdict::unknown(format!("no revocation list for {} was had", self.who()), "what revocation/reachable asks for")
    }
}
