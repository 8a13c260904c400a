//! Requirements put to observations: findings, and what they add up to. Pure, and streaming: a target's observations can
//! be judged as they come and dropped afterwards. [`assess`](run::assess) is the one call that judges a whole run,
//! [`Run`](run::Run) the same as it comes.

pub mod discovery;
mod guarded;
pub mod presented;
pub mod run;
pub mod selection;
pub mod tally;

use std::sync::Arc;

use crate::certificate::Facts;
use crate::certificate::cache::CertificateCache;
use crate::observation::resolution::CrlObservation;
use crate::observation::{LookupObservation, TargetObservation};
use crate::plan::expectation::{ClusterExpectation, ProxyExpectation};
use crate::plan::{Lookup, Target};
use crate::requirement::catalogue::severity as of_cell;
use crate::requirement::enhanced_http;
use crate::requirement::proxy::client_auth_eku;
use crate::requirement::quality::{leads_to_root, signature};
use crate::rule::credential::{self, Credential, Place, judge_all, judge_each};
use crate::rule::met::{Meeting, MetChain};
use crate::rule::quality::{Decider, Row};
use crate::rule::scope::Presenters;
use crate::rule::subject::{
    EndpointSubject, FileSubject, LookupSubject, SiteSubject, TargetSubject, WaiverSubject, presented_use,
};
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, Requirement};
use crate::site::Site;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::waiver::Waiver;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::store::Asked;
use crate::verdict::cause::catalogue as cause_of;
use crate::verdict::cause::host::Host;
use crate::verdict::cause::{Cause, Culprit, CulpritKind};
use crate::verdict::severity::Severity;
use crate::verdict::{Evidence, Unknown, Verdict};
use crate::wire::timestamp::Timestamp;
use guarded::{guarded, guarded_site};

/// A requirement, what it was held against, and what came of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The requirement.
    pub requirement: &'static Requirement,
    /// Its severity under the site's profile, for the use it was asked of.
    pub severity: Severity,
    /// The sentence it rests on, under the site's profile, for the use it was asked of.
    pub citation: Citation,
    /// What it was held against: an endpoint's, target's, lookup's or file's id.
    pub subject: Arc<str>,
    /// The system, cluster, proxy or file it belongs to.
    pub system: Arc<str>,
    /// What came of it.
    pub verdict: Verdict,
    /// Why it is accepted, where a waiver covers it.
    pub waived: Option<Waived>,
    /// The profile it was held against.
    pub profile: Profile,
    /// When the certificate it is about ends.
    pub ends: Option<Timestamp>,
    /// The proxy it was seen at.
    pub proxy: Option<Arc<ProxyExpectation>>,
    /// The cluster it was seen at, or at a node of.
    pub cluster: Option<Arc<ClusterExpectation>>,
    /// What answers where it was seen.
    pub host: Host,
    /// The authority whose certificate is not at hand above the one of a file it is about, where it is not decided.
    pub lacks: Option<Culprit>,
}

/// A waiver that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Its reason.
    pub reason: Arc<str>,
    /// The last day it holds; `None`: it has no end.
    pub until: Option<time::Date>,
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
    /// The file whose chain is judged as if servers presented it, while it is.
    supposed: Option<Supposed>,
}

/// A file whose chain is judged as if servers presented it.
#[derive(Clone)]
struct Supposed {
    /// Its name.
    file: Arc<str>,
    /// Whether a server did send the chain so; a file itself presents none.
    sent: bool,
    /// What the file itself is found to be; `None`: it is one that an earlier run saved.
    form: Option<Verdict>,
}

/// A waiver and whether anything used it.
struct WaiverUse<'a> {
    waiver: &'a Waiver,
    used: bool,
}

/// The requirement on the path above what a proxy shows to site systems, which may be what it shows outside.
const PROXY_CLIENT_PATH: &str = "proxy-client/leads-to-root";

/// What a finding is about.
#[derive(Clone, Copy)]
struct About<'a> {
    subject: &'a Arc<str>,
    system: &'a Arc<str>,
    /// The use asked, where several share the requirement.
    of: Option<Use>,
    /// The role at which it was seen.
    role: Option<Role>,
    /// The endpoint it was seen at.
    endpoint: Option<&'a EndpointSubject<'a>>,
    /// The file it is in, where it was seen at no address.
    file: Option<&'a Arc<str>>,
    /// The certificate it is about.
    certificate: Option<&'a MetChain>,
    /// The proxy it was seen at.
    proxy: Option<&'a Arc<ProxyExpectation>>,
    /// The cluster it was seen at, or at a node of.
    cluster: Option<&'a Arc<ClusterExpectation>>,
    /// From where it was looked at, where that is one vantage.
    vantage: Option<&'a str>,
}

impl<'a> About<'a> {
    const fn new(subject: &'a Arc<str>, system: &'a Arc<str>) -> Self {
        Self {
            subject,
            system,
            of: None,
            role: None,
            endpoint: None,
            file: None,
            certificate: None,
            proxy: None,
            cluster: None,
            vantage: None,
        }
    }
}

impl<'a> Assessor<'a> {
    /// An assessor over a catalogue.
    pub fn new(basis: Basis<'a>, catalogue: &'static [&'static Requirement]) -> Self {
        let waivers = basis.site.waivers.iter().map(|waiver| WaiverUse { waiver, used: false }).collect();
        Self { basis, catalogue, cache: CertificateCache::default(), waivers, supposed: None }
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
        let basis = self.basis;
        let mut subject = TargetSubject::new(&basis, target, seen, &mut self.cache);
        let supposed = self.supposed.clone();
        if supposed.as_ref().is_some_and(|supposed| !supposed.sent) {
            subject
                .endpoints
                .iter_mut()
                .flat_map(|endpoint| &mut endpoint.met)
                .for_each(|met| met.on = vec![Meeting::File]);
        }
        let about_name: Arc<str> = target.id.text().into();
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Target(check) = requirement.check {
                let verdict = scoped(&basis, requirement, target, || check(&subject));
                let about = About {
                    of: Some(presented_use(target)),
                    role: target.role,
                    proxy: target.expectation.proxy.as_ref(),
                    cluster: target.expectation.cluster.as_ref(),
                    vantage: Some(&target.vantage),
                    ..About::new(&about_name, &target.system)
                };
                findings.push(self.finding(requirement, about, verdict));
            }
        }
        for endpoint in &subject.endpoints {
            let id: Arc<str> = target.id.endpoint(endpoint.seen.address).into();
            let mut of_endpoint = Vec::with_capacity(self.catalogue.len() / 2);
            let is_the_sites = enhanced_http::serves(&basis, endpoint) || enhanced_http::administers(endpoint);
            let about = About {
                of: Some(endpoint.of),
                role: target.role,
                endpoint: supposed.is_none().then_some(endpoint),
                file: supposed.as_ref().map(|supposed| &supposed.file),
                certificate: endpoint.met.first(),
                proxy: target.expectation.proxy.as_ref(),
                cluster: target.expectation.cluster.as_ref(),
                vantage: Some(&target.vantage),
                ..About::new(&id, &target.system)
            };
            for requirement in self.catalogue {
                if is_the_sites && let Some(why) = enhanced_http::excludes(&basis, endpoint, requirement) {
                    of_endpoint.push(self.finding(requirement, about, Verdict::NotApplicable(why)));
                    continue;
                }
                match requirement.check {
                    Check::Endpoint(check) | Check::EndpointAndFile(check, _) => {
                        let verdict = scoped(&basis, requirement, target, || check(endpoint));
                        of_endpoint.push(self.finding(requirement, about, verdict));
                    }
                    Check::Quality(row) => self.quality(requirement, row, endpoint, about, &mut of_endpoint),
                    Check::OfUse(of, judge) => {
                        self.of_use(requirement, (of, judge), endpoint, about, &mut of_endpoint);
                    }
                    Check::Target(_) | Check::Lookup(_) | Check::File(_) | Check::Site(_) | Check::Waiver(_) => {}
                }
            }
            each(endpoint, of_endpoint);
        }
        findings
    }

    /// Judges a quality of what an endpoint presented, and of what it handed out beside that.
    fn quality(
        &mut self,
        requirement: &'static Requirement,
        row: &'static Row,
        endpoint: &EndpointSubject<'_>,
        about: About<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let profile = self.basis.site.profile;
        let judge = |of: &Credential<'_>| row.quality.verdict(of);
        if row.cell(endpoint.of).is_some() {
            let verdict = match row.excludes(endpoint.of, profile) {
                Some(why) => Verdict::NotApplicable(why),
                None if is_about_form(row)
                    && let Some(form) = self.supposed.as_ref().and_then(|of| of.form.clone()) =>
                {
                    form
                }
                None if endpoint.met.is_empty() => endpoint.no_certificate(),
                None => guarded(requirement, || judge_each(endpoint, endpoint.of, endpoint.shown_to_clients(), judge)),
            };
            findings.push(self.finding(requirement, about, verdict));
        }
        if requirement.id == PROXY_CLIENT_PATH
            && let Some(verdict) = client_auth_eku::path_as_client(endpoint, judge)
        {
            let about = About { of: Some(Use::ProxyClient), ..about };
            findings.push(self.finding(requirement, about, verdict));
        }
        for (of, chain) in &endpoint.handed_out {
            if row.cell(*of).is_none()
                || (*of == endpoint.of && endpoint.met.iter().any(|met| met.leaf() == chain.leaf()))
            {
                continue;
            }
            if row.excludes(*of, profile).is_some() || row.quality.decided_by == Decider::Chain {
                continue;
            }
            let verdict = guarded(requirement, || judge_each(endpoint, *of, std::slice::from_ref(chain), judge));
            // No chain comes with it: what only a path decides is decided where the path is met.
            if matches!(verdict, Verdict::Unknown(_))
                && chain.paths(&self.basis, *of, Asked::From(&endpoint.target.vantage)).below_root().1.is_some()
            {
                continue;
            }
            // What the endpoint presents has told what is in order already; of what it hands out, failures are added.
            if *of != endpoint.of || matches!(verdict, Verdict::Fail(_)) {
                let about = About { of: Some(*of), certificate: Some(chain), ..about };
                findings.push(self.finding(requirement, about, verdict));
            }
        }
    }

    /// Judges by a rule of one use what an endpoint presented or handed out for it.
    fn of_use(
        &mut self,
        requirement: &'static Requirement,
        (of, judge): (Use, fn(&Credential<'_>, &Facts) -> Verdict),
        endpoint: &EndpointSubject<'_>,
        about: About<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let (target, basis) = (endpoint.target, self.basis);
        let presented = (endpoint.of == of).then(|| endpoint.shown_to_clients());
        let handed_out = endpoint.handed_out.iter().filter(|(one, _)| *one == of && endpoint.of != of);
        let mut all = presented.into_iter().chain(handed_out.map(|(_, chain)| std::slice::from_ref(chain))).peekable();
        if all.peek().is_none() && requirement.scope.presenters != Presenters::Any {
            let verdict = scoped(&basis, requirement, target, || endpoint.no_certificate());
            findings.push(self.finding(requirement, about, verdict));
        }
        // No chain comes with what is handed out: what only a path decides is decided where the path is met.
        let is_open = |chains: &[MetChain], verdict: &Verdict| {
            endpoint.of != of
                && matches!(verdict, Verdict::Unknown(_))
                && chains.iter().any(|chain| {
                    let asked = Asked::From(&endpoint.target.vantage);
                    chain.paths(&basis, of, asked).below_root().1.is_some()
                })
        };
        for chains in all {
            let verdict = match requirement.scope.excludes_profile(basis.site.profile) {
                Some(why) => Verdict::NotApplicable(why),
                None if requirement.scope.presenters == Presenters::Any => {
                    guarded(requirement, || judge_all(endpoint, of, chains, judge))
                }
                None => scoped(&basis, requirement, target, || judge_all(endpoint, of, chains, judge)),
            };
            if !is_open(chains, &verdict) {
                let about = About { of: Some(of), certificate: chains.first(), ..about };
                findings.push(self.finding(requirement, about, verdict));
            }
        }
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
        let id: Arc<str> = lookup.id.text().into();
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Lookup(check) = requirement.check {
                let scope = &requirement.scope;
                let verdict = match scope.excludes(basis.site.profile, None, lookup.network, &lookup.expectation) {
                    Some(why) => Verdict::NotApplicable(why),
                    None => concluded(guarded(requirement, || check(&subject))),
                };
                findings.push(self.finding(requirement, About::new(&id, &lookup.system), verdict));
            }
        }
        findings
    }

    /// The findings on a target nobody looked at: what concerns it is unknown.
    pub fn target_not_seen(&mut self, target: &Target, why: &Unknown) -> Vec<Finding> {
        let basis = self.basis;
        let of = presented_use(target);
        let id: Arc<str> = target.id.text().into();
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            let verdict = match requirement.check {
                Check::OfUse(asked, _) if asked != of && requirement.scope.presenters == Presenters::Any => continue,
                Check::Target(_) | Check::Endpoint(_) | Check::EndpointAndFile(..) | Check::OfUse(..) => {
                    scoped(&basis, requirement, target, || Verdict::Unknown(why.clone()))
                }
                Check::Quality(row) if row.cell(of).is_some() => match row.excludes(of, basis.site.profile) {
                    Some(why) => Verdict::NotApplicable(why),
                    None => Verdict::Unknown(why.clone()),
                },
                Check::Quality(_) | Check::Lookup(_) | Check::File(_) | Check::Site(_) | Check::Waiver(_) => continue,
            };
            let about = About { of: Some(of), role: target.role, ..About::new(&id, &target.system) };
            findings.push(self.finding(requirement, about, verdict));
        }
        findings
    }

    /// Judges a file: every requirement whose scope names the file's use.
    pub fn file(&mut self, subject: &FileSubject<'_>) -> Vec<Finding> {
        let id: Arc<str> = subject.name.into();
        let basis = subject.basis;
        let chain = subject.file.certificate.as_ref().map(|certificate| {
            let all = std::iter::once(certificate).chain(&subject.file.others).cloned().collect();
            MetChain::new(all, Meeting::File)
        });
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            let profile = basis.site.profile;
            if let Some(why) = enhanced_http::excludes_file(subject, requirement) {
                let about = About { of: Some(subject.kind), certificate: chain.as_ref(), ..About::new(&id, &id) };
                findings.push(self.finding(requirement, about, Verdict::NotApplicable(why)));
                continue;
            }
            let verdict = match requirement.check {
                Check::File(check) | Check::EndpointAndFile(_, check)
                    if requirement.scope.files.contains(&subject.kind) =>
                {
                    match requirement.scope.excludes_profile(profile) {
                        Some(why) => Verdict::NotApplicable(why),
                        None => guarded(requirement, || check(subject)),
                    }
                }
                Check::Quality(row) if row.cell(subject.kind).is_some() => {
                    // A file presents no chain, and in no session.
                    if row.quality.decided_by == Decider::Chain {
                        continue;
                    }
                    match row.excludes(subject.kind, profile) {
                        Some(why) => Verdict::NotApplicable(why),
                        None => guarded(requirement, || of_file(row, subject, chain.as_ref())),
                    }
                }
                Check::OfUse(of, judge) if of == subject.kind => match requirement.scope.excludes_profile(profile) {
                    Some(why) => Verdict::NotApplicable(why),
                    None => match chain.as_ref() {
                        Some(chain) => guarded(requirement, || judged_in_file(judge, subject, chain)),
                        None => subject.judge(|_| Verdict::pass()),
                    },
                },
                Check::Quality(_)
                | Check::OfUse(..)
                | Check::File(_)
                | Check::EndpointAndFile(..)
                | Check::Endpoint(_)
                | Check::Target(_)
                | Check::Lookup(_)
                | Check::Site(_)
                | Check::Waiver(_) => continue,
            };
            let about = About { of: Some(subject.kind), certificate: chain.as_ref(), ..About::new(&id, &id) };
            findings.push(self.finding(requirement, about, verdict));
        }
        let mut open = findings.iter_mut().filter(|one| matches!(one.verdict, Verdict::Unknown(_))).peekable();
        if open.peek().is_some() {
            let lacks = chain.as_ref().and_then(|chain| leads_to_root::lacking(&in_file(subject, chain)));
            open.for_each(|one| one.lacks.clone_from(&lacks));
        }
        findings
    }

    /// Judges the definition's waivers, after everything else: `whole` says whether the whole site was looked at.
    pub fn waivers(&mut self, whole: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        let basis = self.basis;
        let uses: Vec<(&Waiver, bool)> = self.waivers.iter().map(|of| (of.waiver, of.used)).collect();
        for (waiver, used) in uses {
            let about: Arc<str> = waiver.system.as_deref().unwrap_or("every system").into();
            let id: Arc<str> = format!("waiver/{about}/{}", waiver.requirement).into();
            let subject = WaiverSubject { basis: &basis, waiver, used, whole };
            for requirement in self.catalogue {
                if let Check::Waiver(check) = requirement.check {
                    let verdict = guarded(requirement, || check(&subject));
                    findings.push(self.finding(requirement, About::new(&id, &about), verdict));
                }
            }
        }
        findings
    }

    /// Judges what only the whole site shows.
    pub fn site(&mut self, subject: &SiteSubject<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for requirement in self.catalogue {
            if let Check::Site(check) = requirement.check {
                if requirement.scope.excludes_profile(self.basis.site.profile).is_some() {
                    continue;
                }
                let code = self.basis.site.code.as_deref().unwrap_or("site");
                for (id, verdict) in guarded_site(requirement, code, || check(subject)) {
                    let text: Arc<str> = id.text().into();
                    findings.push(self.finding(requirement, About::new(&text, &id.system), verdict));
                }
            }
        }
        findings
    }

    fn finding(&mut self, requirement: &'static Requirement, about: About<'_>, mut verdict: Verdict) -> Finding {
        let profile = self.basis.site.profile;
        let cell = match (requirement.check, about.of) {
            (Check::Quality(row), Some(of)) => row.cell(of),
            _ => None,
        };
        let severity = cell.and_then(|(cell, _)| of_cell(*cell, profile));
        let mut severity = severity.unwrap_or_else(|| requirement.severity.under(profile));
        if self.basis.revocation == RevocationMode::Soft && is_about_having_lists(requirement) {
            severity = severity.min(Severity::Warning);
        }
        let citation =
            cell.map_or_else(|| requirement.citation.under(profile), |(_, citation)| citation.under(profile));
        if let Verdict::Fail(evidence) = &mut verdict {
            blame(evidence, about, self.basis.site);
        }
        let waived = match &verdict {
            Verdict::Fail(_) | Verdict::Unknown(_) => self.waived(requirement, about.system),
            Verdict::Pass(_) | Verdict::NotApplicable(_) => None,
        };
        Finding {
            requirement,
            severity,
            citation,
            subject: Arc::clone(about.subject),
            system: Arc::clone(about.system),
            verdict,
            waived,
            profile,
            ends: about.certificate.and_then(|chain| chain.leaf().facts()).map(|facts| facts.not_after),
            proxy: about.proxy.cloned(),
            cluster: about.cluster.cloned(),
            host: about.of.map_or_else(Host::default, |of| of.host(about.role)),
            lacks: None,
        }
    }

    /// The reason of a waiver that covers the failure and has not ended.
    fn waived(&mut self, requirement: &Requirement, system: &str) -> Option<Waived> {
        let today = self.basis.now.0.date();
        let covering = self.waivers.iter_mut().find(|of| {
            of.waiver.requirement == requirement.id
                && of.waiver.system.as_deref().is_none_or(|only| only.eq_ignore_ascii_case(system))
                && of.waiver.until.is_none_or(|until| today <= until)
        })?;
        covering.used = true;
        Some(Waived { reason: covering.waiver.reason.as_str().into(), until: covering.waiver.until })
    }
}

/// Rows that fail where a list cannot be had or is not current: with `--revocation soft` a warning, no more.
fn is_about_having_lists(requirement: &Requirement) -> bool {
    match requirement.check {
        Check::Quality(row) => {
            let slug = (row.quality.slug)(Use::WebServer);
            ["crl-reachable", "crl-current", "crl-delta"].contains(&slug)
        }
        _ => false,
    }
}

/// Names what has to be put right, where the evidence names nothing nearer: what the cause's kind of culprit is here.
fn blame(evidence: &mut Evidence, about: About<'_>, site: &Site) {
    let Some(cause) = evidence.because else { return };
    let proxy = || web_proxy(site, about.vantage).map(|proxy| Culprit::Device(proxy.into()));
    // What is wrong with the proxy itself is that, whatever was asked for through it.
    if WEB_PROXY.contains(&cause)
        && let Some(proxy) = proxy()
    {
        evidence.culprit = Some(proxy);
    }
    if evidence.culprit.is_some() {
        return;
    }
    let leaf = || about.certificate.map(|chain| credential::culprit(chain.leaf()));
    let authority = || about.certificate.map(responsible);
    let place = || match (about.endpoint, about.file) {
        (Some(endpoint), _) => endpoint.server(),
        (None, Some(file)) => Culprit::File(Arc::clone(file)),
        (None, None) => Culprit::Definition(Arc::clone(about.system)),
    };
    evidence.culprit = Some(match cause.culprit {
        CulpritKind::Certificate => leaf().unwrap_or_else(place),
        CulpritKind::Authority => authority().unwrap_or_else(place),
        CulpritKind::Address => place(),
        CulpritKind::File if about.file.is_some() => place(),
        CulpritKind::File if about.endpoint.is_none() => Culprit::File(Arc::clone(about.system)),
        CulpritKind::File | CulpritKind::Definition | CulpritKind::Url | CulpritKind::Resolver => {
            Culprit::Definition(Arc::clone(about.system))
        }
        CulpritKind::Device => {
            let proxy = WEB_PROXY_RULES.contains(&cause).then(proxy).flatten();
            proxy.unwrap_or_else(|| Culprit::Device(Arc::clone(about.system)))
        }
        CulpritKind::Machine => Culprit::Machine,
    });
    if let (Some(Culprit::Named(_)), Some(proxy)) =
        (&evidence.culprit, about.endpoint.and_then(|endpoint| endpoint.by_proxy))
    {
        evidence.observed.push(format!(
            "by way of the web proxy {proxy}, which said it had connected: it may be what ends the session, where it cannot reach the server"
        ));
    }
}

/// What is wrong with a vantage's web proxy itself.
const WEB_PROXY: [&Cause; 8] = [
    &cause_of::PROXY_WANTS_CREDENTIALS,
    &cause_of::PROXY_UNRESOLVED,
    &cause_of::PROXY_NOT_LISTENING,
    &cause_of::PROXY_WITHOUT_ROUTE,
    &cause_of::PROXY_SILENT,
    &cause_of::PROXY_REDIRECTS,
    &cause_of::PROXY_FAILS,
    &cause_of::PROXY_IS_NONE,
];

/// What is wrong with its rules, or what it sees of the network, for one thing or for all.
const WEB_PROXY_RULES: [&Cause; 3] = [&cause_of::PROXY_FORBIDS, &cause_of::PROXY_CANNOT_REACH, &cause_of::PROXY_LIMITS];

/// The web proxy of a vantage; without one, that of all vantages that have any.
fn web_proxy<'a>(site: &'a Site, vantage: Option<&str>) -> Option<&'a str> {
    let here = site.vantages.iter().filter(|one| vantage.is_none_or(|name| *one.name == *name));
    let mut proxies = here.filter_map(|one| one.proxy.as_deref());
    let first = proxies.next()?;
    let is_one = proxies.all(|other| other == first);
    is_one.then(|| first.strip_prefix("http://").unwrap_or(first))
}

/// The authority behind a certificate: an authority's own certificate speaks of itself, any other of who signed it.
fn responsible(chain: &MetChain) -> Culprit {
    match chain.leaf().facts() {
        Some(facts) if !facts.basic_constraints.is_some_and(|constraints| constraints.ca) => signature::issuer(facts),
        Some(_) | None => credential::authority(chain.leaf()),
    }
}

/// Whether a quality is one of the file a certificate lies in.
fn is_about_form(row: &Row) -> bool {
    row.quality.slug as usize == crate::requirement::quality::file_format::FILE_FORMAT.slug as usize
}

/// Judges a quality of a file's certificate, or says why there is none to judge.
fn of_file(row: &Row, subject: &FileSubject<'_>, chain: Option<&MetChain>) -> Verdict {
    let Some(chain) = chain else {
        // A file whose password is not the right one is in no form its importer takes, whatever it holds.
        if is_about_form(row) {
            return crate::requirement::quality::file_format::of_file(subject.kind, subject.file);
        }
        return subject.judge(|_| Verdict::pass());
    };
    row.quality.verdict(&in_file(subject, chain))
}

const fn in_file<'a>(subject: &'a FileSubject<'a>, chain: &'a MetChain) -> Credential<'a> {
    Credential { basis: subject.basis, of: subject.kind, chain, place: Place::File(subject) }
}

fn judged_in_file(
    judge: fn(&Credential<'_>, &Facts) -> Verdict,
    subject: &FileSubject<'_>,
    chain: &MetChain,
) -> Verdict {
    match &chain.leaf().facts {
        Ok(facts) => judge(&in_file(subject, chain), facts),
        Err(why) => credential::unreadable(why),
    }
}

/// A check's verdict, or why its requirement does not concern the target.
fn scoped(basis: &Basis<'_>, requirement: &Requirement, target: &Target, check: impl FnOnce() -> Verdict) -> Verdict {
    match requirement.scope.excludes(basis.site.profile, target.role, target.network, &target.expectation) {
        Some(why) => Verdict::NotApplicable(why),
        None => guarded(requirement, check),
    }
}
