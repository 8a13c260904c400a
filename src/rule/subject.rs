//! What a check may look at: one endpoint, one name with its endpoints, one lookup, one file, or the whole site.

use std::net::SocketAddr;
use std::sync::Arc;

use super::met::{Meeting, MetChain};
use crate::certificate::cache::CertificateCache;
use crate::certificate::{Certificate, Facts};
use crate::observation::failure::{Failure, ResolveFailure};
use crate::observation::file::{FileFacts, Lock};
use crate::observation::resolution::ResolutionSource;
use crate::observation::{EndpointObservation, LookupObservation, Observation, TargetObservation};
use crate::plan::build::declared_windows;
use crate::plan::expectation::Presenter;
use crate::plan::{Lookup, OfferLabel, Target};
use crate::rule::usage::Use;
use crate::site::profile::Profile;
use crate::site::waiver::Waiver;
use crate::trust::basis::Basis;
use crate::trust::lists::store::Asked;
use crate::trust::path::Paths;
use crate::verdict::Verdict;
use crate::verdict::cause::Culprit;
use crate::wire::der::Der;

/// One endpoint: an address and a port, and everything seen there.
#[derive(Debug)]
pub struct EndpointSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// The target it is an endpoint of.
    pub target: &'a Target,
    /// What was seen.
    pub seen: &'a EndpointObservation,
    /// The certificates presented, in the server's order, read; empty: none was seen.
    pub chain: Vec<Arc<Certificate>>,
    /// Every different chain met, on any connection of any offer, the one above first.
    pub met: Vec<MetChain>,
    /// How many of these, the first, the site's clients are shown.
    to_clients: usize,
    /// What the endpoint is relied on for.
    pub of: Use,
    /// Certificates it handed out in its answers, and what each is relied on for.
    pub handed_out: Vec<(Use, MetChain)>,
    /// The web proxy that was given the target's name: the address is the proxy's, and says nothing of the server's.
    pub by_proxy: Option<&'a str>,
    /// What was presented at the name's other addresses.
    pub elsewhere: Vec<(SocketAddr, Arc<Certificate>)>,
}

/// Whether every client of the site sends the server's name: Windows does since Vista, and of those before only a site of
/// 2007 has any, or one that names them.
fn clients_send_names(basis: &Basis<'_>) -> bool {
    let declared = declared_windows(basis.site);
    basis.site.profile == Profile::CurrentBranch && declared.iter().all(|client| client.row().sends_server_name)
}

/// Whether a chain was met by nobody but who sends no server name.
fn is_nameless(chain: &MetChain) -> bool {
    chain.on.iter().all(|meeting| match meeting {
        Meeting::Handshake(offer) | Meeting::LaterHandshake(offer) => match offer {
            OfferLabel::WithoutServerName => true,
            OfferLabel::Windows(client) => !client.row().sends_server_name,
            _ => false,
        },
        Meeting::HandedOut(_) | Meeting::File => false,
    })
}

impl<'a> EndpointSubject<'a> {
    /// Reads the chains the endpoint showed.
    pub fn new(
        basis: &'a Basis<'a>,
        target: &'a Target,
        seen: &'a EndpointObservation,
        cache: &mut CertificateCache,
    ) -> Self {
        let principal = seen.principal();
        let handshakes = principal.into_iter().chain(&seen.observations).flat_map(|seen| {
            let first = (&seen.handshake.chain, Meeting::Handshake(seen.offer));
            let later = seen.handshake.later_chain.as_ref();
            std::iter::once(first).chain(later.map(|later| (later, Meeting::LaterHandshake(seen.offer))))
        });
        let mut ders: Vec<&Vec<Der>> = Vec::new();
        let mut met: Vec<MetChain> = Vec::new();
        for (chain, meeting) in handshakes.filter(|(chain, _)| !chain.is_empty()) {
            match ders.iter().position(|known| *known == chain) {
                Some(at) if met[at].on.contains(&meeting) => {}
                Some(at) => met[at].on.push(meeting),
                None => {
                    ders.push(chain);
                    met.push(MetChain::new(cache.read_chain(chain), meeting));
                }
            }
        }
        // What no client of the site is shown stands last.
        let to_nobody = clients_send_names(basis) && met.iter().any(|chain| !is_nameless(chain));
        if to_nobody {
            met.sort_by_key(is_nameless);
        }
        let to_clients = if to_nobody { met.partition_point(|chain| !is_nameless(chain)) } else { met.len() };
        let chain = met.first().map(|first| first.certificates.clone()).unwrap_or_default();
        let handed_out = super::handed_out::certificates(seen, &chain, cache);
        let of = presented_use(target);
        Self { basis, target, seen, chain, met, to_clients, of, handed_out, by_proxy: None, elsewhere: Vec::new() }
    }

    /// Where it stands, in words: its address and port; the name and port where only a web proxy knows the address.
    pub fn stands_at(&self) -> String {
        match self.by_proxy {
            Some(_) => format!("{}:{}", self.target.name, self.target.port),
            None => self.seen.address.to_string(),
        }
    }

    /// The server there, as what has to be put right.
    pub fn server(&self) -> Culprit {
        match self.by_proxy {
            Some(_) => Culprit::Named(self.stands_at().into()),
            None => Culprit::Address(self.seen.address),
        }
    }

    /// Whom a session is with, in words: an address, or a name and the web proxy that was given it.
    pub fn peer(&self) -> String {
        match self.by_proxy {
            Some(proxy) => format!("{}, by way of the web proxy {proxy},", self.stands_at()),
            None => self.seen.address.to_string(),
        }
    }

    /// The observation that speaks for the endpoint.
    pub fn principal(&self) -> Option<&'a Observation> {
        self.seen.principal()
    }

    /// The first observation made with an offer that came to its end, else the last attempt made with it.
    pub fn with_offer(&self, label: OfferLabel) -> Option<&'a Observation> {
        self.seen.with_offer(label).find(|seen| seen.stopped.is_none()).or_else(|| self.seen.with_offer(label).last())
    }

    /// Where the endpoint's principal observation was stopped.
    pub fn stopped(&self) -> Option<&'a Failure> {
        self.principal().and_then(|principal| principal.stopped.as_ref())
    }

    /// Judges the leaf, or says that none was seen.
    pub fn judge_leaf(&self, judge: impl FnOnce(&Facts) -> Verdict) -> Verdict {
        match self.chain.first().map(|leaf| &leaf.facts) {
            Some(Ok(facts)) => judge(facts),
            Some(Err(why)) => Verdict::unknown(
                format!("the certificate presented cannot be read: {why}"),
                "a certificate that can be read as X.509",
            ),
            None => self.no_certificate(),
        }
    }

    /// The chains met that the site's clients are shown: all, but those shown to whoever sends no server name, where every
    /// client sends one.
    pub fn shown_to_clients(&self) -> &[MetChain] {
        self.met.get(..self.to_clients).unwrap_or(&self.met)
    }

    /// Every leaf met, once.
    pub fn leaves(&self) -> impl Iterator<Item = &Arc<Certificate>> {
        let leaves = self.met.iter().map(MetChain::leaf).enumerate();
        leaves
            .filter(|(at, leaf)| !self.met.iter().take(*at).any(|earlier| earlier.leaf() == *leaf))
            .map(|(_, leaf)| leaf)
    }

    /// The verdict on anything about certificates where none was seen.
    pub fn no_certificate(&self) -> Verdict {
        let why = match self.stopped() {
            Some(failure) => format!("no certificate was seen: {}", failure.detail),
            None => "no certificate was seen".to_owned(),
        };
        Verdict::unknown(why, "a handshake that comes as far as the server's certificate")
    }

    /// The verdict on anything about a session where no handshake was completed.
    pub fn no_session(&self) -> Verdict {
        let why = match self.stopped() {
            Some(failure) => format!("no TLS session came about: {}", failure.detail),
            None => "no TLS session came about".to_owned(),
        };
        Verdict::unknown(why, "a handshake that completes")
    }

    /// Certification paths from the leaf, found once for all requirements that ask; `None`: no certificate was seen.
    pub fn paths(&self) -> Option<&Paths> {
        let chain = self.met.first()?;
        Some(chain.paths(self.basis, self.of, Asked::From(&self.target.vantage)))
    }
}

/// What the certificate a target presents is relied on for.
pub fn presented_use(target: &Target) -> Use {
    match (target.expectation.presenter, target.role) {
        (Presenter::BridgingProxy, _) => Use::Proxy,
        (Presenter::SiteSystem | Presenter::Cluster | Presenter::Unknown, Some(role)) => Use::presented_by(role),
        (Presenter::SiteSystem | Presenter::Cluster | Presenter::Unknown, None) => Use::WebServer,
    }
}

/// One name dialled from one vantage: its resolution and its endpoints.
#[derive(Debug)]
pub struct TargetSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// The target.
    pub target: &'a Target,
    /// What was seen.
    pub seen: &'a TargetObservation,
    /// Its endpoints, read.
    pub endpoints: Vec<EndpointSubject<'a>>,
}

impl<'a> TargetSubject<'a> {
    /// Reads the chains of all its endpoints.
    pub fn new(
        basis: &'a Basis<'a>,
        target: &'a Target,
        seen: &'a TargetObservation,
        cache: &mut CertificateCache,
    ) -> Self {
        let endpoints = seen.endpoints.iter().map(|seen| EndpointSubject::new(basis, target, seen, cache));
        let mut endpoints: Vec<EndpointSubject<'_>> = endpoints.collect();
        let leaf = |one: &EndpointSubject<'_>| Some((one.seen.address, Arc::clone(one.chain.first()?)));
        let leaves: Vec<(SocketAddr, Arc<Certificate>)> = endpoints.iter().filter_map(leaf).collect();
        for endpoint in &mut endpoints {
            let own = endpoint.seen.address;
            endpoint.by_proxy = match &seen.resolution.source {
                ResolutionSource::Proxy(proxy) => Some(proxy),
                _ => None,
            };
            endpoint.elsewhere = leaves.iter().filter(|(address, _)| *address != own).cloned().collect();
        }
        Self { basis, target, seen, endpoints }
    }

    /// The verdict on anything about endpoints where the name gave none.
    pub fn no_endpoint(&self) -> Verdict {
        let why = match &self.seen.resolution.failure {
            Some(failure) => format!("no endpoint was reached: {}", failure.detail),
            None => "no endpoint was reached".to_owned(),
        };
        let is_left_out = |failure: &Failure| failure.is(ResolveFailure::FamilyLeftOut);
        let decided_by = match self.seen.resolution.failure.as_ref().is_some_and(is_left_out) {
            true => "a run without the option that leaves its addresses out (-4, -6)",
            false => "a name that resolves at this vantage",
        };
        Verdict::unknown(why, decided_by)
    }
}

/// A question put to a resolver, and its answer.
#[derive(Debug)]
pub struct LookupSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// What was asked.
    pub lookup: &'a Lookup,
    /// What came back.
    pub seen: &'a LookupObservation,
}

/// A certificate file, opened and read.
#[derive(Debug)]
pub struct FileSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// What it is inspected as.
    pub kind: Use,
    /// The file's name, as given.
    pub name: &'a str,
    /// What was found in it.
    pub file: &'a FileFacts,
    /// The name clients will dial, where the certificate is to be presented by a server and the name is known.
    pub dialled: Option<&'a str>,
    /// Whether it is said to be presented by a cluster of servers.
    pub is_clusters: bool,
    /// The other files inspected as the same kind, for what must be unique.
    pub siblings: &'a [(String, Arc<Certificate>)],
}

impl FileSubject<'_> {
    /// Judges the certificate, or says why there is none to judge.
    pub fn judge(&self, judge: impl FnOnce(&Facts) -> Verdict) -> Verdict {
        match self.file.certificate.as_ref().map(|certificate| &certificate.facts) {
            Some(Ok(facts)) => judge(facts),
            Some(Err(why)) => Verdict::unknown(
                format!("the certificate cannot be read: {why}"),
                "a certificate that can be read as X.509",
            ),
            None => match self.file.lock {
                Lock::Open => Verdict::unknown("the file holds no certificate", "a file with the certificate in it"),
                Lock::WrongSecret => Verdict::unknown("the password does not open the file", "the right password"),
                Lock::SecretMissing => {
                    Verdict::unknown("the file is protected by a password", "--pass-env, --pass-file, or the prompt")
                }
            },
        }
    }
}

/// Everything seen of a site, from every vantage.
#[derive(Debug)]
pub struct SiteSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// Every target seen.
    pub targets: &'a [TargetSubject<'a>],
}

/// A waiver of the definition, after everything else was judged.
#[derive(Debug)]
pub struct WaiverSubject<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// The waiver.
    pub waiver: &'a Waiver,
    /// Whether it covered a failure.
    pub used: bool,
    /// Whether the whole site was looked at, and decided.
    pub whole: bool,
}
