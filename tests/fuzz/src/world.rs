//! The site that what was read is judged for: every requirement there is, put to hostile facts.

use std::sync::{Arc, OnceLock};

use cmprobe::certificate::Certificate;
use cmprobe::certificate::cache::CertificateCache;
use cmprobe::certificate::ocsp_request::questions;
use cmprobe::judgement::tally::Tally;
use cmprobe::judgement::{Assessor, Finding};
use cmprobe::lab::pki::{DistributionPoint, MintError, Minted};
use cmprobe::observation::exchange::{Answer, Exchange};
use cmprobe::observation::file::FileFacts;
use cmprobe::observation::handshake::Handshake;
use cmprobe::observation::resolution::{CrlObservation, Resolution, ResolutionSource, Sought};
use cmprobe::observation::timing::{Milliseconds, Timing};
use cmprobe::observation::{EndpointObservation, LookupObservation, Observation, RunEnd, Seen, TargetObservation};
use cmprobe::plan::build::Options;
use cmprobe::plan::engine::EngineId;
use cmprobe::plan::{OfferLabel, Plan, Target};
use cmprobe::report::certificate::CertificateReports;
use cmprobe::report::circumstances::Circumstances;
use cmprobe::report::document::{Parts, Report, RunReport, SCHEMA_VERSION, Summary, Tool};
use cmprobe::report::endpoint::EndpointReport;
use cmprobe::report::finding::FindingReport;
use cmprobe::report::jsonl::{EndpointLine, FindingsLine, Line, SummaryLine};
use cmprobe::report::{Show, jsonl};
use cmprobe::requirement::catalogue::catalogue;
use cmprobe::rule::Requirement;
use cmprobe::rule::subject::{FileSubject, SiteSubject, TargetSubject};
use cmprobe::rule::usage::Use;
use cmprobe::site::Site;
use cmprobe::trust::basis::{Basis, RevocationMode};
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::path::Paths;
use cmprobe::trust::path::search::{Purpose, Search};
use cmprobe::trust::store::TrustStore;
use cmprobe::verdict::severity::Severity;
use cmprobe::wire::der::Der;
use cmprobe::wire::timestamp::Timestamp;
use cmprobe::wire::version::ProtocolVersion;

/// A site with every role, inside and outside, behind a bridging proxy.
const DEFINITION: &str = include_str!("../../../targets/bridging-proxy.toml");

/// The number of the list that deltas are over.
pub const BASE: u64 = 10;

/// Where the delta list is.
fn delta_url() -> String {
    format!("{}+", super::pki().issuing_crl_url())
}

fn complete() -> [(String, Option<Der>); 2] {
    let pki = super::pki();
    let mut recipe = pki.issuing_crl().number(BASE);
    recipe.freshest_crl = vec![DistributionPoint { urls: vec![delta_url()], crl_issuer: None }];
    let der = |list: Result<Vec<u8>, MintError>| list.ok().map(|list| Der::from(list.as_slice()));
    [(pki.issuing_crl_url(), der(pki.issuing.crl(&recipe))), (pki.root_crl_url(), der(pki.root.crl(&pki.root_crl())))]
}

/// The site, its plan and whom it trusts.
pub struct World {
    site: Site,
    /// Everything that would be probed.
    pub plan: Plan,
    trust: TrustStore,
    /// The management point's certificate.
    pub leaf: Der,
    /// The same, naming a responder.
    asked_about: Der,
    /// Its issuer's.
    pub issuing: Der,
    /// Issuers and serial numbers that lists may speak of.
    pub serials: Vec<(Der, Vec<u8>)>,
    /// The lists of both authorities with their URLs; the issuing one's says where its delta is.
    complete: [(String, Option<Der>); 2],
    revocation: &'static [&'static Requirement],
    now: Timestamp,
}

impl World {
    /// The one world of the process.
    pub fn shared() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(Self::new)
    }

    fn new() -> Self {
        let Ok(site) = Site::from_toml(DEFINITION, std::path::Path::new("site")) else {
            panic!("the starting definition has faults")
        };
        let pki = super::pki();
        let leaf = super::web_server();
        let der = |minted: &Minted| Der::from(minted.der.as_slice());
        let read = |minted: &Minted| Arc::new(Certificate::read(&der(minted)));
        let trust = TrustStore::new(
            vec![read(&pki.root)],
            Vec::new(),
            vec![read(&pki.issuing)],
            cmprobe::trust::signature::ALGORITHMS,
        );
        let serials = [&leaf, &pki.issuing]
            .into_iter()
            .filter_map(|minted| {
                let facts = read(minted).facts.clone().ok()?;
                Some((facts.issuer.der, facts.serial_number))
            })
            .collect();
        let revocation =
            catalogue().iter().copied().filter(|one| one.id.starts_with("revocation/")).collect::<Vec<_>>();
        Self {
            plan: Plan::of(&site, &Options::default()),
            site,
            trust,
            leaf: der(&leaf),
            asked_about: der(&super::asked_about()),
            issuing: der(&pki.issuing),
            serials,
            complete: complete(),
            revocation: revocation.leak(),
            now: Timestamp(pki.organization.at),
        }
    }

    fn basis<'a>(&'a self, crls: &'a CrlStore) -> Basis<'a> {
        Basis {
            site: &self.site,
            trust: &self.trust,
            now: self.now,
            warn_days: 30,
            revocation: RevocationMode::Hard,
            crls,
        }
    }

    /// The management point's target, seen from inside.
    pub fn management_point(&self) -> &Target {
        match self.plan.targets.first() {
            Some(target) => target,
            None => panic!("nothing is planned"),
        }
    }

    /// Looks for paths to a root, whose own signature nobody verifies, for every purpose.
    pub fn judge_paths(&self, root: &Der) {
        let [leaf, root] = [&self.leaf, root].map(|der| Arc::new(Certificate::read(der)));
        let roots = [root];
        for purpose in [Purpose::ServerAuthentication, Purpose::Any] {
            let paths = Paths::find(&Search::new(&leaf, &[], &self.trust, &roots, purpose, self.now));
            let words = paths.breaks().into_iter().map(|broken| format!("{broken} {}", broken.cause_id()));
            let spellings = paths.spellings().iter().map(ToString::to_string);
            assert!(words.chain(spellings).all(|words| !words.is_empty()));
        }
    }

    /// Judges a chain as the management point's.
    pub fn judge_chain(&self, chain: &[Der]) {
        self.judge(&[Seen::Target(Box::new(self.presenting(chain)))]);
    }

    /// Judges a body as every answer of the management point.
    pub fn judge_answer(&self, body: &str) {
        let mut seen = self.presenting(&[self.leaf.clone(), self.issuing.clone()]);
        for endpoint in &mut seen.endpoints {
            let answered: Vec<Observation> = self
                .management_point()
                .offers
                .iter()
                .filter(|offer| offer.request.is_some())
                .map(|offer| self.observed(offer.label, std::slice::from_ref(&self.leaf), Some(body)))
                .collect();
            endpoint.observations.extend(answered);
        }
        self.judge(&[Seen::Target(Box::new(seen))]);
    }

    /// Judges bytes as the lists of both authorities.
    pub fn judge_list(&self, list: &Der) {
        let crls = CrlStore::default();
        let mut assessor = Assessor::new(self.basis(&crls), self.revocation);
        let pki = super::pki();
        for url in [pki.issuing_crl_url(), pki.root_crl_url()] {
            assessor.revocation_list(&self.list_seen(url, Some(list.clone())));
        }
        let seen = self.presenting(&[self.leaf.clone(), self.issuing.clone()]);
        assessor.target(self.management_point(), &seen, |_, findings| drop(findings));
    }

    /// Judges bytes as the delta list that the healthy list of the issuing authority names.
    pub fn judge_delta(&self, delta: &Der) {
        let crls = CrlStore::default();
        let mut assessor = Assessor::new(self.basis(&crls), self.revocation);
        let lists = self.complete.iter().map(|(url, list)| (url.clone(), list.clone()));
        let lists = lists.chain([(delta_url(), Some(delta.clone()))]);
        for (url, list) in lists {
            assessor.revocation_list(&self.list_seen(url, list));
        }
        let seen = self.presenting(&[self.leaf.clone(), self.issuing.clone()]);
        assessor.target(self.management_point(), &seen, |_, findings| drop(findings));
    }

    /// Judges bytes as what is published where the management point's certificate names its issuer, which nobody sent.
    pub fn judge_issuer(&self, published: &Der) {
        let crls = CrlStore::default();
        let trust =
            TrustStore::new(self.trust.roots.clone(), Vec::new(), Vec::new(), cmprobe::trust::signature::ALGORITHMS);
        let mut assessor = Assessor::new(Basis { trust: &trust, ..self.basis(&crls) }, catalogue());
        let certificate = Certificate::read(&self.leaf);
        for url in certificate.facts().iter().flat_map(|facts| &facts.issuer_urls) {
            let seen = self.list_seen(url.clone(), Some(published.clone()));
            assessor.revocation_list(&CrlObservation { sought: Sought::Issuer, ..seen });
        }
        let seen = self.presenting(std::slice::from_ref(&self.leaf));
        assessor.target(self.management_point(), &seen, |_, findings| drop(findings));
    }

    /// Judges bytes as what a responder answers about the management point's certificate, and as what it staples.
    pub fn judge_ocsp_answer(&self, answer: &Der) {
        let crls = CrlStore::default();
        let mut assessor = Assessor::new(self.basis(&crls), self.revocation);
        let read = Certificate::read;
        for question in questions(&read(&self.asked_about), &[read(&self.issuing)]) {
            let seen = self.list_seen(question.url, Some(answer.clone()));
            assessor.revocation_list(&CrlObservation { sought: Sought::OcspAnswer, ..seen });
        }
        let mut seen = self.presenting(&[self.asked_about.clone(), self.issuing.clone()]);
        assessor.target(self.management_point(), &seen, |_, findings| drop(findings));
        for observation in seen.endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.observations) {
            observation.handshake.ocsp_response = Some(answer.clone());
        }
        assessor.target(self.management_point(), &seen, |_, findings| drop(findings));
    }

    /// Judges a file as every kind.
    pub fn judge_file(&self, file: &FileFacts) {
        let crls = CrlStore::default();
        let basis = self.basis(&crls);
        let mut assessor = Assessor::new(basis, catalogue());
        for kind in Use::ALL {
            assessor.file(&FileSubject {
                basis: &basis,
                kind,
                name: "file.cer",
                file,
                dialled: None,
                is_clusters: false,
                siblings: &[],
            });
        }
    }

    /// Judges what was seen, one by one and then as a whole.
    pub fn judge(&self, seen: &[Seen]) {
        let crls = CrlStore::default();
        let basis = self.basis(&crls);
        let mut assessor = Assessor::new(basis, catalogue());
        let mut targets = Vec::new();
        let mut cache = CertificateCache::default();
        for one in seen {
            match one {
                Seen::Target(seen) => {
                    let planned = self.plan.targets.iter().find(|target| target.id == seen.target);
                    let target = planned.map_or_else(|| self.management_point(), AsRef::as_ref);
                    assessor.target(target, seen, |_, findings| drop(findings));
                    targets.push(TargetSubject::new(&basis, target, seen, &mut cache));
                }
                Seen::Lookup(seen) => {
                    let planned = self.plan.lookups.iter().find(|lookup| lookup.id == seen.lookup);
                    if let Some(lookup) = planned.or(self.plan.lookups.first()) {
                        assessor.lookup(lookup, seen);
                    }
                }
                Seen::Crl(seen) => assessor.revocation_list(seen),
                Seen::Run(_) | Seen::Told(_) | Seen::End(_) => {}
            }
        }
        assessor.site(&SiteSubject { basis: &basis, targets: &targets });
    }

    /// A line of each kind there is, as a run that met a healthy management point would save them.
    pub fn lines(&self) -> Vec<Seen> {
        let pki = super::pki();
        let chain = [self.leaf.clone(), self.issuing.clone()];
        let mut target = self.presenting(&chain);
        for endpoint in &mut target.endpoints {
            endpoint.observations.push(self.observed(OfferLabel::Client, &chain, Some("<MPList/>")));
        }
        let mut lines = vec![Seen::Target(Box::new(target))];
        let lists =
            [(pki.issuing_crl_url(), &pki.issuing, pki.issuing_crl()), (pki.root_crl_url(), &pki.root, pki.root_crl())];
        for (url, authority, recipe) in lists {
            let list = authority.crl(&recipe).ok().map(|list| Der::from(list.as_slice()));
            lines.push(Seen::Crl(Box::new(self.list_seen(url, list))));
        }
        let lookups = self.plan.lookups.iter();
        lines.extend(lookups.map(|lookup| Seen::Lookup(Box::new(LookupObservation::not_made(lookup, self.now)))));
        lines.push(Seen::End(RunEnd { finished_at: self.now }));
        lines
    }

    /// The report on a management point whose revocation lists nobody fetched, with some of its findings, as `json` writes it
    /// and as `jsonl` does.
    pub fn reports(&self) -> [String; 2] {
        let crls = CrlStore::default();
        let mut assessor = Assessor::new(self.basis(&crls), catalogue());
        let (mut certificates, mut tally) = (CertificateReports::default(), Tally::default());
        let seen = self.presenting(std::slice::from_ref(&self.leaf));
        let (mut endpoints, mut of_endpoints) = (Vec::new(), Vec::new());
        let mut listed = |findings: Vec<Finding>| -> Vec<FindingReport> {
            findings.iter().for_each(|finding| tally.add(finding));
            findings.into_iter().filter(|finding| Show::Failures.lists(finding)).take(8).map(Into::into).collect()
        };
        let about_name = assessor.target(self.management_point(), &seen, |endpoint, findings| {
            endpoints.push(EndpointReport::seen(endpoint, &seen.resolution, &mut certificates));
            of_endpoints.extend(listed(findings));
        });
        let about_name = listed(about_name);
        let run = RunReport {
            schema_version: SCHEMA_VERSION.into(),
            tool: Tool::THIS,
            site: (&self.site).into(),
            started_at: self.now,
            finished_at: self.now,
            judged_at: self.now,
            summary: Summary::new(endpoints.len(), &tally, Severity::Error, true),
        };
        let id = self.management_point().id.to_string();
        let met = endpoints.iter_mut().flat_map(|endpoint| std::mem::take(&mut endpoint.certificates));
        let certificates: Vec<_> = met.collect();
        let mut lines: Vec<Line> = certificates.iter().cloned().map(Line::Certificate).collect();
        let of_endpoint = endpoints.iter().map(|endpoint| {
            let (endpoint, findings) = (endpoint.clone(), of_endpoints.clone());
            Line::Endpoint(Box::new(EndpointLine { endpoint, findings, diagnoses: Vec::new() }))
        });
        lines.extend(of_endpoint);
        lines.push(Line::Findings(FindingsLine { id, findings: about_name.clone() }));
        let circumstances = Circumstances::default();
        lines.push(Line::Summary(Box::new(SummaryLine { run: run.clone(), circumstances })));
        let findings = about_name.into_iter().chain(of_endpoints).collect();
        let whole = Report::of(run, Parts { endpoints, certificates, findings, ..Parts::default() });
        let lines = lines.iter().map(|line| jsonl::render(line).unwrap_or_default()).collect();
        [serde_json::to_string(&whole).unwrap_or_default(), lines]
    }

    fn list_seen(&self, url: String, body: Option<Der>) -> CrlObservation {
        let seen = CrlObservation::asked(&*self.management_point().vantage, url, Sought::List, self.now);
        CrlObservation { body, status: Some(200), took: Some(Milliseconds(12.0)), ..seen }
    }

    fn presenting(&self, chain: &[Der]) -> TargetObservation {
        let target = self.management_point();
        let address = std::net::SocketAddr::from(([10, 1, 0, 21], target.port));
        TargetObservation {
            target: target.id.clone(),
            resolution: Resolution {
                name: target.name.to_string(),
                source: ResolutionSource::Servers(Vec::new()),
                addresses: vec![address.ip()],
                aliases: Vec::new(),
                failure: None,
                took: Some(Milliseconds(1.0)),
            },
            endpoints: vec![EndpointObservation {
                address,
                observations: vec![self.observed(OfferLabel::Default, chain, None)],
            }],
        }
    }

    fn observed(&self, offer: OfferLabel, chain: &[Der], body: Option<&str>) -> Observation {
        let exchange = body.map(|body| Exchange {
            method: "GET".into(),
            path: "/".into(),
            answer: Some(Answer {
                status: 200,
                server: Some("Microsoft-IIS/7.5".into()),
                content_type: Some("text/xml".into()),
                body: body.into(),
                ..Answer::default()
            }),
            failure: None,
        });
        Observation {
            offer,
            engine: EngineId::Rustls,
            at: self.now,
            timing: Timing {
                resolve: None,
                connect: None,
                handshake: Some(Milliseconds(3.0)),
                exchange: None,
                own: None,
            },
            handshake: Handshake {
                completed: true,
                version: Some(ProtocolVersion::TLS1_2),
                chain: chain.to_vec(),
                ..Handshake::default()
            },
            exchange,
            stopped: None,
        }
    }
}
