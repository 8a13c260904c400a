//! Requirements put to observations: findings, and what they add up to. Pure, and streaming: a target's observations can
//! be judged as they come and dropped afterwards.

mod presented;
pub mod tally;

use std::sync::Arc;

use crate::certificate::cache::CertificateCache;
use crate::observation::resolution::CrlObservation;
use crate::observation::{LookupObservation, TargetObservation};
use crate::plan::{Lookup, Target};
use crate::rule::subject::{EndpointSubject, FileSubject, LookupSubject, SiteSubject, TargetSubject, WaiverSubject};
use crate::rule::{Check, Requirement};
use crate::site::waiver::Waiver;
use crate::trust::basis::Basis;
use crate::verdict::severity::Severity;
use crate::verdict::{Unknown, Verdict};

/// A requirement, what it was held against, and what came of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The requirement.
    pub requirement: &'static Requirement,
    /// Its severity under the site's profile.
    pub severity: Severity,
    /// What it was held against: an endpoint's, target's, lookup's or file's id.
    pub subject: Arc<str>,
    /// What came of it.
    pub verdict: Verdict,
    /// Why a failure is accepted, where a waiver covers it.
    pub waived: Option<Arc<str>>,
}

impl Finding {
    /// Whether it fails and nothing excuses it.
    pub fn fails(&self) -> bool {
        matches!(self.verdict, Verdict::Fail(_)) && self.waived.is_none()
    }
}

/// Holds a catalogue against observations, one at a time.
pub struct Assessor<'a> {
    basis: Basis<'a>,
    catalogue: &'static [&'static Requirement],
    cache: CertificateCache,
    waivers: Vec<WaiverUse<'a>>,
}

/// A waiver and whether anything used it.
struct WaiverUse<'a> {
    waiver: &'a Waiver,
    used: bool,
}

impl<'a> Assessor<'a> {
    /// An assessor over a catalogue.
    pub fn new(basis: Basis<'a>, catalogue: &'static [&'static Requirement]) -> Self {
        let waivers = basis.site.waivers.iter().map(|waiver| WaiverUse { waiver, used: false }).collect();
        Self { basis, catalogue, cache: CertificateCache::default(), waivers }
    }

    /// What checks consult.
    pub fn basis(&self) -> &Basis<'a> {
        &self.basis
    }

    /// Judges a target: first what is about the name, then endpoint by endpoint. The visitor is given each endpoint with
    /// its findings, in order; what is about the name itself is returned.
    pub fn target(
        &mut self,
        target: &Target,
        seen: &TargetObservation,
        mut each: impl FnMut(&EndpointSubject<'_>, Vec<Finding>),
    ) -> Vec<Finding> {
        let subject = TargetSubject::new(&self.basis, target, seen, &mut self.cache);
        let about_name: Arc<str> = Arc::clone(&target.id.0);
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Target(check) = requirement.check {
                let verdict = scoped(&self.basis, requirement, target, || check(&subject));
                findings.push(finding(
                    &self.basis,
                    &mut self.waivers,
                    requirement,
                    &about_name,
                    &target.system,
                    verdict,
                ));
            }
        }
        for endpoint in &subject.endpoints {
            let id: Arc<str> = target.id.endpoint(endpoint.seen.address).into();
            let mut of_endpoint = Vec::with_capacity(self.catalogue.len());
            for requirement in self.catalogue {
                if let Check::Endpoint(check) = requirement.check {
                    let verdict = scoped(&self.basis, requirement, target, || check(endpoint));
                    of_endpoint.push(finding(
                        &self.basis,
                        &mut self.waivers,
                        requirement,
                        &id,
                        &target.system,
                        verdict,
                    ));
                }
            }
            each(endpoint, of_endpoint);
        }
        findings
    }

    /// Takes in what a vantage saw of a revocation list, for what is judged after it.
    pub fn revocation_list(&self, seen: &CrlObservation) {
        self.basis.crls.add(seen);
    }

    /// Judges a lookup.
    pub fn lookup(&mut self, lookup: &Lookup, seen: &LookupObservation) -> Vec<Finding> {
        self.about_lookup(lookup, seen, |verdict| verdict)
    }

    /// The findings on a lookup nobody made: what concerns its question is unknown.
    pub fn lookup_not_seen(&mut self, lookup: &Lookup, why: &Unknown) -> Vec<Finding> {
        let seen = LookupObservation::not_made(lookup, self.basis.now);
        self.about_lookup(lookup, &seen, |verdict| match verdict {
            Verdict::NotApplicable(why) => Verdict::NotApplicable(why),
            Verdict::Pass(_) | Verdict::Fail(_) | Verdict::Unknown(_) => Verdict::Unknown(why.clone()),
        })
    }

    fn about_lookup(
        &mut self,
        lookup: &Lookup,
        seen: &LookupObservation,
        concluded: impl Fn(Verdict) -> Verdict,
    ) -> Vec<Finding> {
        let basis = self.basis;
        let subject = LookupSubject { basis: &basis, lookup, seen };
        let id = Arc::clone(&lookup.id.0);
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Lookup(check) = requirement.check {
                let scope = &requirement.scope;
                let verdict = match scope.excludes(basis.site.profile, None, lookup.network, &lookup.expectation) {
                    Some(why) => Verdict::NotApplicable(why),
                    None => concluded(check(&subject)),
                };
                findings.push(finding(&basis, &mut self.waivers, requirement, &id, &lookup.system, verdict));
            }
        }
        findings
    }

    /// The findings on a target nobody looked at: what concerns it is unknown.
    pub fn target_not_seen(&mut self, target: &Target, why: &Unknown) -> Vec<Finding> {
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if matches!(requirement.check, Check::Target(_) | Check::Endpoint(_)) {
                let verdict = scoped(&self.basis, requirement, target, || Verdict::Unknown(why.clone()));
                let id = Arc::clone(&target.id.0);
                findings.push(finding(&self.basis, &mut self.waivers, requirement, &id, &target.system, verdict));
            }
        }
        findings
    }

    /// Judges a file: every requirement whose scope names the file's kind.
    pub fn file(&mut self, subject: &FileSubject<'_>) -> Vec<Finding> {
        let id: Arc<str> = subject.name.into();
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::File(check) = requirement.check
                && requirement.scope.files.contains(&subject.kind)
            {
                let verdict = match requirement.scope.excludes_profile(self.basis.site.profile) {
                    Some(why) => Verdict::NotApplicable(why),
                    None => check(subject),
                };
                findings.push(finding(&self.basis, &mut self.waivers, requirement, &id, subject.name, verdict));
            }
        }
        findings
    }

    /// Judges the definition's waivers, after everything else: `whole` says whether the whole site was looked at.
    pub fn waivers(&self, whole: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for of in &self.waivers {
            let about = of.waiver.system.as_deref().unwrap_or("every system");
            let id: Arc<str> = format!("waiver/{about}/{}", of.waiver.requirement).into();
            let subject = WaiverSubject { basis: &self.basis, waiver: of.waiver, used: of.used, whole };
            for requirement in self.catalogue {
                if let Check::Waiver(check) = requirement.check {
                    let severity = requirement.severity.under(self.basis.site.profile);
                    let verdict = check(&subject);
                    findings.push(Finding { requirement, severity, subject: Arc::clone(&id), verdict, waived: None });
                }
            }
        }
        findings
    }

    /// Judges what only the whole site shows. Each thing judged is given with the system it belongs to, before the
    /// first `/` of its id.
    pub fn site(&mut self, subject: &SiteSubject<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Site(check) = requirement.check {
                if requirement.scope.excludes_profile(self.basis.site.profile).is_some() {
                    continue;
                }
                for (id, verdict) in check(subject) {
                    let system = id.split('/').next().unwrap_or_default().to_owned();
                    findings.push(finding(&self.basis, &mut self.waivers, requirement, &id.into(), &system, verdict));
                }
            }
        }
        findings
    }
}

/// A check's verdict, or why its requirement does not concern the target.
fn scoped(basis: &Basis<'_>, requirement: &Requirement, target: &Target, check: impl FnOnce() -> Verdict) -> Verdict {
    match requirement.scope.excludes(basis.site.profile, target.role, target.network, &target.expectation) {
        Some(why) => Verdict::NotApplicable(why),
        None => check(),
    }
}

fn finding(
    basis: &Basis<'_>,
    waivers: &mut [WaiverUse<'_>],
    requirement: &'static Requirement,
    subject: &Arc<str>,
    system: &str,
    verdict: Verdict,
) -> Finding {
    let waived = match &verdict {
        Verdict::Fail(_) => waived(basis, waivers, requirement, system),
        Verdict::Pass(_) | Verdict::NotApplicable(_) | Verdict::Unknown(_) => None,
    };
    let severity = requirement.severity.under(basis.site.profile);
    let most = match &verdict {
        Verdict::Fail(evidence) => evidence.at_most,
        Verdict::Pass(_) | Verdict::NotApplicable(_) | Verdict::Unknown(_) => None,
    };
    let severity = most.map_or(severity, |most| severity.min(most));
    Finding { requirement, severity, subject: Arc::clone(subject), verdict, waived }
}

/// The reason of a waiver that covers the failure and has not ended.
fn waived(
    basis: &Basis<'_>,
    waivers: &mut [WaiverUse<'_>],
    requirement: &Requirement,
    system: &str,
) -> Option<Arc<str>> {
    let covering = waivers.iter_mut().find(|of| {
        of.waiver.requirement == requirement.id
            && of.waiver.system.as_deref().is_none_or(|only| only.eq_ignore_ascii_case(system))
            && of.waiver.until.is_none_or(|until| basis.now.0.date() <= until)
    })?;
    covering.used = true;
    Some(covering.waiver.reason.as_str().into())
}
