//! A whole run judged: each thing as it comes, handed on and forgotten; at the end what only the whole site shows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;

use super::tally::Tally;
use super::{Assessor, Finding};
use crate::certificate::Certificate;
use crate::certificate::cache::CertificateCache;
use crate::observation::file::FileFacts;
use crate::observation::resolution::{CrlObservation, Resolution, ResolutionSource};
use crate::observation::{EndpointObservation, LookupObservation, Observation, Seen, TargetObservation};
use crate::plan::{Lookup, OfferLabel, Plan, Target};
use crate::requirement::catalogue::catalogue;
use crate::rule::EvidenceSource;
use crate::rule::subject::{EndpointSubject, FileSubject, SiteSubject, TargetSubject};
use crate::rule::usage::Use;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{ClientKind, Site};
use crate::trust::basis::Basis;
use crate::trust::store::TrustStore;
use crate::verdict::{Unknown, Verdict};
use crate::wire::der::Der;

/// How many authorities' certificates that endpoints presented are kept.
const MOST_AUTHORITIES: usize = 64;
/// How long one of them may be; real ones have some two thousand octets.
const LONGEST_AUTHORITY: usize = 16 * 1024;

/// Where something belongs in a document: the plan's order, targets before lookups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The plan's n-th target.
    Target(usize),
    /// The plan's n-th lookup.
    Lookup(usize),
    /// The n-th certificate file.
    File(usize),
    /// The site as a whole, from every vantage.
    Site,
    /// The definition's waivers.
    Waivers,
}

/// What findings that are handed on are about.
#[derive(Clone, Copy, Debug)]
pub enum Judged<'a> {
    /// An endpoint, and what its name resolved to.
    Endpoint(&'a EndpointSubject<'a>, &'a Resolution),
    /// A name that led to no endpoint.
    Nowhere(&'a Target, &'a Resolution),
    /// A target nobody looked at.
    NotProbed(&'a Target),
    /// A name with all its endpoints.
    Name(&'a Target),
    /// A question put to a resolver.
    Lookup(&'a Lookup),
    /// A certificate file.
    File(&'a CertificateFile),
    /// The site, or a part of it; or a waiver: what, the findings say.
    Site,
}

/// Takes findings as they are made.
pub trait Sink {
    /// Why it cannot.
    type Error;

    /// Takes the findings about one thing.
    ///
    /// # Errors
    /// They cannot be handed on.
    fn take(&mut self, place: Place, about: Judged<'_>, findings: Vec<Finding>) -> Result<(), Self::Error>;
}

/// A certificate file, opened, and what it is judged as.
#[derive(Clone, Debug)]
pub struct CertificateFile {
    /// What its certificate is relied on for.
    pub of: Use,
    /// Its name in reports.
    pub name: String,
    /// What was found in it.
    pub facts: FileFacts,
    /// The name clients will dial, where it is known.
    pub dialled: Option<String>,
    /// Whether it is said to be presented by a cluster of servers.
    pub is_clusters: bool,
    /// What endpoints would have presented of it; `None`: it is judged as a file.
    pub presented: Option<Presented>,
}

/// A chain, and where it would be, or was, met.
#[derive(Clone, Debug)]
pub enum Presented {
    /// A server would present it.
    Would {
        /// The chain, in the order a server would send it.
        chain: Vec<Der>,
        /// Where.
        targets: Vec<Target>,
        /// Whether a server sent it so to an earlier run, elsewhere; else it lies in a file.
        sent: bool,
    },
    /// An endpoint presented it to an earlier run.
    Did {
        /// The target it is an endpoint of.
        target: Box<Target>,
        /// What was seen of it.
        seen: Box<EndpointObservation>,
        /// How much of that is known.
        known: Known,
    },
}

/// How much is known of what an earlier run saw of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Everything.
    All,
    /// The certificates it presented, and nothing of the sessions.
    Certificates,
}

impl Presented {
    /// Where it would be, or was, met.
    pub fn targets(&self) -> &[Target] {
        match self {
            Self::Would { targets, .. } => targets,
            Self::Did { target, .. } => std::slice::from_ref(target),
        }
    }
}

/// How much of a site was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// All of it was to be looked at, from every vantage.
    pub whole: bool,
    /// What was to be looked at was looked at.
    pub complete: bool,
}

/// A run being judged.
pub struct Run<'a, S> {
    assessor: Assessor<'a>,
    sink: S,
    tally: Tally,
    endpoints: usize,
    /// What findings about the whole site need: what was seen of clusters, of proxies and of what these publish, and what
    /// shows which certificate stands at a name. All else is forgotten as soon as it is judged.
    kept: Vec<(Target, TargetObservation)>,
    /// Of which targets that is.
    wanted: Wanted,
    /// Authorities endpoints presented and how many did, by fingerprint: a file rarely holds what stands between it and its
    /// root.
    authorities: BTreeMap<[u8; 32], (Arc<Certificate>, u64)>,
    /// Revocation lists are not asked for.
    offline: bool,
    of_one_computer: bool,
}

/// What a run adds up to.
#[derive(Debug)]
pub struct Conclusion<S> {
    /// What took the findings.
    pub sink: S,
    /// How many of each verdict there are.
    pub tally: Tally,
    /// How many endpoints were judged.
    pub endpoints: usize,
}

impl<'a, S: Sink> Run<'a, S> {
    /// A run that hands its findings to a sink.
    pub fn new(basis: Basis<'a>, sink: S) -> Self {
        Self {
            assessor: Assessor::new(basis, catalogue()),
            sink,
            tally: Tally::default(),
            endpoints: 0,
            kept: Vec::new(),
            wanted: Wanted::of(basis.site),
            authorities: BTreeMap::new(),
            offline: false,
            of_one_computer: false,
        }
    }

    /// Leaves out what only revocation lists decide: none is asked for.
    #[must_use]
    pub fn offline(self) -> Self {
        Self { offline: true, ..self }
    }

    /// Takes the files for one computer's: that they have its name in common is right.
    #[must_use]
    pub fn of_one_computer(self) -> Self {
        Self { of_one_computer: true, ..self }
    }

    /// What checks consult.
    pub fn basis(&self) -> &Basis<'a> {
        self.assessor.basis()
    }

    /// What takes the findings.
    pub fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Judges a target.
    ///
    /// # Errors
    /// The sink cannot take its findings.
    pub fn target(&mut self, at: usize, target: &Target, seen: &TargetObservation) -> Result<(), S::Error> {
        let place = Place::Target(at);
        let (sink, tally, authorities) = (&mut self.sink, &mut self.tally, &mut self.authorities);
        let mut taken = Ok(());
        let mut endpoints = 0;
        let about_name = self.assessor.target(target, seen, |endpoint, findings| {
            let all = endpoint.chain.iter().skip(1);
            for issuer in all.filter(|issuer| issuer.der.as_slice().len() <= LONGEST_AUTHORITY) {
                if authorities.len() < MOST_AUTHORITIES || authorities.contains_key(&issuer.fingerprint) {
                    let (_, met) = authorities.entry(issuer.fingerprint).or_insert_with(|| (Arc::clone(issuer), 0));
                    *met += 1;
                }
            }
            endpoints += 1;
            if taken.is_ok() {
                tally.add_all(&findings);
                taken = sink.take(place, Judged::Endpoint(endpoint, &seen.resolution), findings);
            }
        });
        taken?;
        if self.wanted.concerns_site(target) {
            self.kept.push((target.clone(), seen.clone()));
        } else if self.wanted.is_compared(target) {
            self.kept.push((target.clone(), speaking(seen)));
        }
        self.endpoints += endpoints.max(1);
        // What is about the name stands first in documents, but goes out after its endpoints: it is known last.
        let about = if endpoints == 0 { Judged::Nowhere(target, &seen.resolution) } else { Judged::Name(target) };
        self.hand_on(place, about, about_name)
    }

    /// Says of a target that nobody looked at it.
    ///
    /// # Errors
    /// The sink cannot take its findings.
    pub fn target_not_seen(&mut self, at: usize, target: &Target, why: &Unknown) -> Result<(), S::Error> {
        if self.wanted.concerns_site(target) {
            self.kept.push((target.clone(), unseen(target)));
        }
        self.endpoints += 1;
        let findings = self.assessor.target_not_seen(target, why);
        self.hand_on(Place::Target(at), Judged::NotProbed(target), findings)
    }

    /// Takes in what was seen of a revocation list, for what is judged after it.
    pub fn revocation_list(&self, seen: &CrlObservation) {
        self.assessor.revocation_list(seen);
    }

    /// Judges a lookup.
    ///
    /// # Errors
    /// The sink cannot take its findings.
    pub fn lookup(&mut self, at: usize, lookup: &Lookup, seen: &LookupObservation) -> Result<(), S::Error> {
        let findings = self.assessor.lookup(lookup, seen);
        self.hand_on(Place::Lookup(at), Judged::Lookup(lookup), findings)
    }

    /// Says of a lookup that nobody made it.
    ///
    /// # Errors
    /// The sink cannot take its findings.
    pub fn lookup_not_seen(&mut self, at: usize, lookup: &Lookup, why: &Unknown) -> Result<(), S::Error> {
        let findings = self.assessor.lookup_not_seen(lookup, why);
        self.hand_on(Place::Lookup(at), Judged::Lookup(lookup), findings)
    }

    /// Judges certificate files, by what each is relied on for.
    ///
    /// # Errors
    /// The sink cannot take their findings.
    pub fn files(&mut self, files: &[CertificateFile]) -> Result<(), S::Error> {
        let profile = self.basis().site.profile;
        let mut siblings: HashMap<Use, Vec<(String, Arc<Certificate>)>> = HashMap::new();
        for file in files.iter().filter(|_| !self.of_one_computer) {
            for of in held_against(file.of, profile) {
                let certificate = file.facts.certificate.iter().map(|one| (file.name.clone(), Arc::clone(one)));
                siblings.entry(*of).or_default().extend(certificate);
            }
        }
        let trust = self.trust_with_authorities();
        for (at, file) in files.iter().enumerate() {
            let findings = self.about_file(file, siblings.get(&file.of).map_or(&[], Vec::as_slice), &trust);
            self.hand_on(Place::File(at), Judged::File(file), findings)?;
        }
        Ok(())
    }

    fn about_file(
        &mut self,
        file: &CertificateFile,
        siblings: &[(String, Arc<Certificate>)],
        trust: &TrustStore,
    ) -> Vec<Finding> {
        let mut findings = match &file.presented {
            Some(Presented::Would { chain, targets, sent }) => self.assessor.presented(file, chain, targets, *sent),
            Some(Presented::Did { target, seen, known }) => self.assessor.met(&file.name, target, seen, *known),
            None => {
                let basis = Basis { trust, ..*self.assessor.basis() };
                self.assessor.file(&FileSubject {
                    basis: &basis,
                    kind: file.of,
                    name: &file.name,
                    file: &file.facts,
                    dialled: file.dialled.as_deref(),
                    is_clusters: file.is_clusters,
                    siblings,
                })
            }
        };
        if self.offline {
            // Nobody asked for the lists, so nobody waits for what they would say.
            findings.retain(|finding| {
                !(matches!(finding.verdict, Verdict::Unknown(_))
                    && finding.requirement.evidence.contains(&EvidenceSource::RevocationList))
            });
        }
        findings
    }

    /// What the site's parties trust, and every authority an endpoint presented, to find paths with: those that most
    /// presented first, so that one odd server's certificate for an authority is taken for nobody else's.
    fn trust_with_authorities(&self) -> TrustStore {
        let mut met: Vec<&(Arc<Certificate>, u64)> = self.authorities.values().collect();
        met.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let seen = met.into_iter().map(|(authority, _)| Arc::clone(authority)).collect();
        self.assessor.basis().trust.with_intermediates(seen)
    }

    /// Judges what only the whole site shows and, where a whole site was looked at, its waivers.
    ///
    /// # Errors
    /// The sink cannot take the findings.
    pub fn finish(mut self, Extent { whole, complete }: Extent) -> Result<Conclusion<S>, S::Error> {
        self.whole_site()?;
        let about_waivers = self.assessor.waivers(whole && complete);
        for finding in about_waivers {
            self.hand_on(Place::Waivers, Judged::Site, vec![finding])?;
        }
        Ok(self.conclude())
    }

    /// Ends a run over files, which says nothing of a site.
    pub fn conclude(self) -> Conclusion<S> {
        Conclusion { sink: self.sink, tally: self.tally, endpoints: self.endpoints }
    }

    /// Judges what only the whole site shows.
    fn whole_site(&mut self) -> Result<(), S::Error> {
        let basis = *self.assessor.basis();
        let mut kept = std::mem::take(&mut self.kept);
        // In the order of their ids, whatever order they came in: the same observations give the same findings.
        kept.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        let mut cache = CertificateCache::default();
        let targets: Vec<TargetSubject<'_>> =
            kept.iter().map(|(target, seen)| TargetSubject::new(&basis, target, seen, &mut cache)).collect();
        let findings = self.assessor.site(&SiteSubject { basis: &basis, targets: &targets });
        for finding in findings {
            self.hand_on(Place::Site, Judged::Site, vec![finding])?;
        }
        Ok(())
    }

    fn hand_on(&mut self, place: Place, about: Judged<'_>, findings: Vec<Finding>) -> Result<(), S::Error> {
        self.tally.add_all(&findings);
        self.sink.take(place, about, findings)
    }
}

/// Everything that can be said of a run, at once: judges saved observations and files against a site, as of the basis'
/// time. What the plan holds and the observations do not is unknown.
pub fn assess(
    basis: Basis<'_>,
    plan: &Plan,
    observations: &[Seen],
    files: &[CertificateFile],
) -> Conclusion<Vec<Finding>> {
    let mut run = Run::new(basis, Vec::new());
    let (mut targets, mut lookups) = (HashMap::new(), HashMap::new());
    for seen in observations {
        // Of what was seen twice the first counts.
        match seen {
            Seen::Target(of) => drop(targets.entry(&of.target).or_insert(of)),
            Seen::Lookup(of) => drop(lookups.entry(&of.lookup).or_insert(of)),
            Seen::Crl(list) => run.revocation_list(list),
            Seen::Run(_) | Seen::Told(_) | Seen::End(_) => {}
        }
    }
    let not_seen =
        Unknown { why: "the observations do not hold it".into(), decided_by: "a run that looks at it".into() };
    let mut complete = true;
    let Ok(()) = (|| {
        for (at, target) in plan.targets.iter().enumerate() {
            let found = targets.get(&target.id);
            complete &= found.is_some();
            match found {
                Some(seen) => run.target(at, target, seen)?,
                None => run.target_not_seen(at, target, &not_seen)?,
            }
        }
        for (at, lookup) in plan.lookups.iter().enumerate() {
            let found = lookups.get(&lookup.id);
            complete &= found.is_some();
            match found {
                Some(seen) => run.lookup(at, lookup, seen)?,
                None => run.lookup_not_seen(at, lookup, &not_seen)?,
            }
        }
        run.files(files)
    })();
    let Ok(conclusion) = run.finish(Extent { whole: true, complete });
    conclusion
}

impl Sink for Vec<Finding> {
    type Error = Infallible;

    fn take(&mut self, _: Place, _: Judged<'_>, findings: Vec<Finding>) -> Result<(), Infallible> {
        self.extend(findings);
        Ok(())
    }
}

/// The uses whose files' names a file's name is held against: in a site of 2007 no client has the name of the certificate for
/// deployment, which may serve any number of computers.
const fn held_against(of: Use, profile: Profile) -> &'static [Use] {
    match (of, profile) {
        (Use::Client, Profile::NativeMode2007) => &[Use::Client, Use::Deployment],
        (Use::Client, Profile::CurrentBranch) => &[Use::Client],
        (Use::Deployment, Profile::NativeMode2007) => &[Use::Client],
        (Use::Monitoring, _) => &[Use::Monitoring],
        _ => &[],
    }
}

/// What was seen of a target nobody looked at: nothing.
fn unseen(target: &Target) -> TargetObservation {
    let resolution = Resolution {
        name: target.name.to_string(),
        source: ResolutionSource::Machine,
        addresses: Vec::new(),
        aliases: Vec::new(),
        failure: None,
        took: None,
    };
    TargetObservation { target: target.id.clone(), resolution, endpoints: Vec::new() }
}

/// Of which targets findings about the whole site need what was seen, looked up in the definition once.
struct Wanted {
    /// What proxies publish.
    published: HashSet<Arc<str>>,
    /// Some client's certificate is for deployment, which management points are asked about.
    deploys: bool,
    /// Certificates are met at several vantages, or may be what a management point's list names.
    compares: bool,
}

impl Wanted {
    fn of(site: &Site) -> Self {
        let lists = |role: &Role| matches!(role, Role::ManagementPoint | Role::ProxyManagementPoint);
        Self {
            published: site.proxies.iter().flat_map(|proxy| &proxy.publishes).cloned().collect(),
            deploys: site.clients.iter().any(|client| client.kind == ClientKind::Deployment),
            compares: site.vantages.len() > 1 || site.systems.iter().any(|system| system.roles.iter().any(lists)),
        }
    }

    /// Whether everything that was seen of a target is needed.
    fn concerns_site(&self, target: &Target) -> bool {
        let expectation = &target.expectation;
        let is_asked = matches!(target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint));
        expectation.cluster.is_some()
            || expectation.proxy.is_some()
            || self.published.contains(&target.system)
            || (self.deploys && is_asked)
    }

    /// Whether the certificate of a target of the definition is held against others': at another vantage, or as what a
    /// management point's list may name.
    fn is_compared(&self, target: &Target) -> bool {
        let expectation = &target.expectation;
        self.compares && (expectation.intranet_fqdn.is_some() || expectation.internet_fqdn.is_some())
    }
}

/// What was seen of a target, with what shows its certificate and what a management point is asked for its list alone.
fn speaking(seen: &TargetObservation) -> TargetObservation {
    let speaks =
        |seen: &&Observation| matches!(seen.offer, OfferLabel::Default | OfferLabel::Client | OfferLabel::Anonymous);
    let of = |endpoint: &EndpointObservation| EndpointObservation {
        address: endpoint.address,
        observations: endpoint.observations.iter().filter(speaks).cloned().collect(),
    };
    let endpoints = seen.endpoints.iter().map(of).collect();
    TargetObservation { target: seen.target.clone(), resolution: seen.resolution.clone(), endpoints }
}

#[cfg(test)]
mod tests;
