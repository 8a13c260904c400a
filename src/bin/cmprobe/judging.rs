//! From what was seen to reports: judges each thing as it comes, counts it, hands it on and forgets it. What `check` and
//! `assess` have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cmprobe::certificate::Certificate;
use cmprobe::certificate::cache::CertificateCache;
use cmprobe::judgement::tally::Tally;
use cmprobe::judgement::{Assessor, Finding};
use cmprobe::observation::resolution::{CrlObservation, Resolution, ResolutionSource};
use cmprobe::observation::{LookupObservation, TargetObservation};
use cmprobe::plan::{Lookup, Target};
use cmprobe::report::Show;
use cmprobe::report::certificate::CertificateReports;
use cmprobe::report::document::{RunReport, SCHEMA_VERSION, SiteReport, Summary, Tool};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::file::FileReport;
use cmprobe::requirement::catalogue::catalogue;
use cmprobe::rule::EvidenceSource;
use cmprobe::rule::subject::{FileSubject, SiteSubject, TargetSubject};
use cmprobe::rule::usage::Use;
use cmprobe::site::role::Role;
use cmprobe::site::{ClientKind, Site};
use cmprobe::trust::basis::Basis;
use cmprobe::trust::store::TrustStore;
use cmprobe::verdict::severity::Severity;
use cmprobe::verdict::{Unknown, Verdict};
use cmprobe::wire::timestamp::Timestamp;

use crate::exit::{Error, Outcome};
use crate::load::{CertificateFile, Presented};
use crate::reports::{Judged, Place, Reports};

/// How much of a site was looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// All of it was to be looked at, from every vantage.
    pub(crate) whole: bool,
    /// What was to be looked at was looked at.
    pub(crate) complete: bool,
}

/// How many authorities' certificates that endpoints presented are kept.
const MOST_AUTHORITIES: usize = 64;

/// A run being judged.
pub(crate) struct Judging<'a> {
    assessor: Assessor<'a>,
    certificates: CertificateReports,
    tally: Tally,
    endpoints: usize,
    show: Show,
    reports: Reports,
    /// What findings about the whole site need: what was seen of clusters, of proxies and of what these publish. All else
    /// is forgotten as soon as it is judged.
    kept: Vec<(Target, TargetObservation)>,
    /// Authorities endpoints presented, by fingerprint: a file rarely holds what stands between it and its root.
    authorities: BTreeMap<[u8; 32], Arc<Certificate>>,
    /// Revocation lists are not asked for.
    offline: bool,
}

impl<'a> Judging<'a> {
    pub(crate) fn new(basis: Basis<'a>, show: Show, reports: Reports) -> Self {
        Self {
            assessor: Assessor::new(basis, catalogue()),
            certificates: CertificateReports::default(),
            tally: Tally::default(),
            endpoints: 0,
            show,
            reports,
            kept: Vec::new(),
            authorities: BTreeMap::new(),
            offline: false,
        }
    }

    /// Judges a target.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn target(&mut self, at: usize, target: &Target, seen: &TargetObservation) -> Result<(), Error> {
        let mut judged = Vec::with_capacity(seen.endpoints.len());
        let (certificates, tally, show) = (&mut self.certificates, &mut self.tally, self.show);
        let authorities = &mut self.authorities;
        let about_name = self.assessor.target(target, seen, |endpoint, findings| {
            for issuer in endpoint.chain.iter().skip(1) {
                if authorities.len() < MOST_AUTHORITIES {
                    authorities.entry(issuer.fingerprint).or_insert_with(|| Arc::clone(issuer));
                }
            }
            judged
                .push((EndpointReport::seen(endpoint, &seen.resolution, certificates), counted(tally, show, findings)));
        });
        let about_name = counted(tally, show, about_name);
        if concerns_site(self.assessor.basis().site, target) {
            self.kept.push((target.clone(), seen.clone()));
        }
        let place = Place::Target(at);
        if judged.is_empty() {
            let endpoint = EndpointReport::nowhere(target, &seen.resolution);
            return self.take(place, &target.id.0, Some(endpoint), about_name);
        }
        // What is about the name stands first in documents, but goes out after its endpoints: it is known last.
        for (endpoint, findings) in judged {
            self.take(place, &target.id.0, Some(endpoint), findings)?;
        }
        self.take(place, &target.id.0, None, about_name)
    }

    /// Says of a target that nobody looked at it.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn target_not_seen(&mut self, at: usize, target: &Target, why: &Unknown) -> Result<(), Error> {
        if concerns_site(self.assessor.basis().site, target) {
            self.kept.push((target.clone(), unseen(target)));
        }
        let findings = self.assessor.target_not_seen(target, why);
        let findings = counted(&mut self.tally, self.show, findings);
        let endpoint = EndpointReport::not_probed(target);
        self.take(Place::Target(at), &target.id.0, Some(endpoint), findings)
    }

    /// Takes in what was seen of a revocation list, for what is judged after it.
    pub(crate) fn revocation_list(&self, seen: &CrlObservation) {
        self.assessor.revocation_list(seen);
    }

    /// Judges a lookup.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn lookup(&mut self, at: usize, lookup: &Lookup, seen: &LookupObservation) -> Result<(), Error> {
        let findings = self.assessor.lookup(lookup, seen);
        let findings = counted(&mut self.tally, self.show, findings);
        self.take(Place::Lookup(at), &lookup.id.0, None, findings)
    }

    /// Says of a lookup that nobody made it.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn lookup_not_seen(&mut self, at: usize, lookup: &Lookup, why: &Unknown) -> Result<(), Error> {
        let findings = self.assessor.lookup_not_seen(lookup, why);
        let findings = counted(&mut self.tally, self.show, findings);
        self.take(Place::Lookup(at), &lookup.id.0, None, findings)
    }

    /// Judges certificate files, by what each is inspected as.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn files(&mut self, files: &[CertificateFile]) -> Result<(), Error> {
        let mut siblings: HashMap<Use, Vec<(String, Arc<Certificate>)>> = HashMap::new();
        for of in files {
            let certificate = of.facts.certificate.iter().map(|one| (of.name.clone(), Arc::clone(one)));
            siblings.entry(of.kind).or_default().extend(certificate);
        }
        let trust = self.trust_with_authorities();
        for (at, of) in files.iter().enumerate() {
            let findings = self.about_file(of, siblings.get(&of.kind).map_or(&[], Vec::as_slice), &trust);
            let findings = counted(&mut self.tally, self.show, findings);
            let file = Some(FileReport::new(&of.name, of.kind.name(), &of.facts));
            let findings = findings.into_iter().map(Into::into).collect();
            self.reports.take(Place::File(at), &of.name, Judged { endpoint: None, file, findings })?;
        }
        Ok(())
    }

    fn about_file(
        &mut self,
        of: &CertificateFile,
        siblings: &[(String, Arc<Certificate>)],
        trust: &TrustStore,
    ) -> Vec<Finding> {
        let mut findings = match &of.presented {
            Some(Presented { chain, targets }) => self.assessor.presented(&of.name, chain, targets),
            None => {
                let basis = Basis { trust, ..*self.assessor.basis() };
                self.assessor.file(&FileSubject {
                    basis: &basis,
                    kind: of.kind,
                    name: &of.name,
                    file: &of.facts,
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

    /// What the site's parties trust, and every authority an endpoint presented, to find paths with.
    fn trust_with_authorities(&self) -> TrustStore {
        let trust = self.assessor.basis().trust;
        let seen = self.authorities.values().cloned();
        let intermediates = trust.intermediates.iter().cloned().chain(seen).collect();
        let (roots, client_roots) = (trust.roots.clone(), trust.client_roots.clone());
        let mut all = TrustStore::new(roots, client_roots, intermediates, trust.algorithms);
        all.signing_certificate.clone_from(&trust.signing_certificate);
        all.signing_authorities.clone_from(&trust.signing_authorities);
        all.proxy_certificates.clone_from(&trust.proxy_certificates);
        all
    }

    /// Leaves out what only revocation lists decide: none is asked for.
    pub(crate) fn offline(self) -> Self {
        Self { offline: true, ..self }
    }

    /// Lets readers see what there is so far.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.reports.flush()
    }

    /// Sums the run up and writes what is left to write.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn finish(
        mut self,
        (started_at, finished_at): (Timestamp, Timestamp),
        fail_on: Severity,
        Extent { whole, complete }: Extent,
    ) -> Result<Outcome, Error> {
        self.whole_site()?;
        self.waivers(whole && complete)?;
        self.sum_up((started_at, finished_at), fail_on, complete)
    }

    /// Sums a run over files up, which says nothing of a site, and writes what is left to write.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn finish_files(self, times: (Timestamp, Timestamp), fail_on: Severity) -> Result<Outcome, Error> {
        self.sum_up(times, fail_on, true)
    }

    fn waivers(&mut self, whole: bool) -> Result<(), Error> {
        let about_waivers = counted(&mut self.tally, self.show, self.assessor.waivers(whole));
        for finding in about_waivers {
            let about = Arc::clone(&finding.subject);
            self.take(Place::Waivers, &about, None, vec![finding])?;
        }
        Ok(())
    }

    fn sum_up(
        self,
        (started_at, finished_at): (Timestamp, Timestamp),
        fail_on: Severity,
        complete: bool,
    ) -> Result<Outcome, Error> {
        let basis = self.assessor.basis();
        let summary = Summary::new(self.endpoints, &self.tally, fail_on, complete);
        let run = RunReport {
            schema_version: SCHEMA_VERSION.into(),
            tool: Tool::THIS,
            site: SiteReport::from(basis.site),
            started_at,
            finished_at,
            judged_at: basis.now,
            summary,
        };
        self.reports.finish(run)
    }

    /// Judges what only the whole site shows.
    fn whole_site(&mut self) -> Result<(), Error> {
        let basis = *self.assessor.basis();
        let mut kept = std::mem::take(&mut self.kept);
        // In the order of their ids, whatever order they came in: the same observations give the same findings.
        kept.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        let mut cache = CertificateCache::default();
        let targets: Vec<TargetSubject<'_>> =
            kept.iter().map(|(target, seen)| TargetSubject::new(&basis, target, seen, &mut cache)).collect();
        let findings = self.assessor.site(&SiteSubject { basis: &basis, targets: &targets, lookups: &[] });
        for finding in counted(&mut self.tally, self.show, findings) {
            let about = Arc::clone(&finding.subject);
            self.take(Place::Site, &about, None, vec![finding])?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        place: Place,
        about: &str,
        endpoint: Option<EndpointReport>,
        findings: Vec<Finding>,
    ) -> Result<(), Error> {
        self.endpoints += usize::from(endpoint.is_some());
        let findings = findings.into_iter().map(Into::into).collect();
        self.reports.take(place, about, Judged { endpoint, file: None, findings })
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

/// Whether findings about the whole site need what was seen of a target.
fn concerns_site(site: &Site, target: &Target) -> bool {
    let expectation = &target.expectation;
    let published = || site.proxies.iter().any(|proxy| proxy.publishes.contains(&target.system));
    let deploying = || {
        matches!(target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint))
            && site.clients.iter().any(|client| client.kind == ClientKind::Deployment)
    };
    expectation.cluster.is_some() || expectation.proxy.is_some() || published() || deploying()
}

/// Counts findings and keeps those that are listed.
fn counted(tally: &mut Tally, show: Show, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|finding| {
        tally.add(finding);
        show.lists(finding)
    });
    findings
}
