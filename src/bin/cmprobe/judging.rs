//! From what was seen to reports: judges each thing as it comes, counts it, hands it on and forgets it. What `check` and
//! `assess` have in common.

use std::sync::Arc;

use cmprobe::assessment::tally::Tally;
use cmprobe::assessment::{Assessor, Finding};
use cmprobe::observation::resolution::{CrlObservation, Resolution, ResolutionSource};
use cmprobe::observation::timing::Timestamp;
use cmprobe::observation::{LookupObservation, TargetObservation};
use cmprobe::plan::{Lookup, Target};
use cmprobe::report::Show;
use cmprobe::report::certificate::CertificateReports;
use cmprobe::report::document::{RunReport, SCHEMA_VERSION, SiteReport, Summary, Tool};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::requirement::basis::{Basis, CertificateCache};
use cmprobe::requirement::catalogue::CATALOGUE;
use cmprobe::requirement::subject::{SiteSubject, TargetSubject};
use cmprobe::requirement::{Severity, Unknown};
use cmprobe::site::role::Role;
use cmprobe::site::{ClientKind, Site};

use crate::exit::{Error, Outcome};
use crate::reports::{Judged, Place, Reports};

/// How much of a site was looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// All of it was to be looked at, from every vantage.
    pub(crate) whole: bool,
    /// What was to be looked at was looked at.
    pub(crate) complete: bool,
}

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
}

impl<'a> Judging<'a> {
    pub(crate) fn new(basis: Basis<'a>, show: Show, reports: Reports) -> Self {
        Self {
            assessor: Assessor::new(basis, CATALOGUE),
            certificates: CertificateReports::default(),
            tally: Tally::default(),
            endpoints: 0,
            show,
            reports,
            kept: Vec::new(),
        }
    }

    /// Judges a target.
    ///
    /// # Errors
    /// A report cannot be written.
    pub(crate) fn target(&mut self, at: usize, target: &Target, seen: &TargetObservation) -> Result<(), Error> {
        let mut judged = Vec::with_capacity(seen.endpoints.len());
        let (certificates, tally, show) = (&mut self.certificates, &mut self.tally, self.show);
        let about_name = self.assessor.target(target, seen, |endpoint, findings| {
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
        let about_waivers = counted(&mut self.tally, self.show, self.assessor.waivers(whole && complete));
        for finding in about_waivers {
            let about = Arc::clone(&finding.subject);
            self.take(Place::Waivers, &about, None, vec![finding])?;
        }
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
        self.reports.take(place, about, Judged { endpoint, findings })
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
