//! Cases: small worlds that a requirement is held against, through the same assessment as everything else. They stand in
//! each requirement's own file; tests over the whole catalogue run them.

mod beside;
mod judging;
mod lists;
mod of_use;
mod place;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use time::macros::datetime;

pub(crate) use self::lists::{issuing_crl, root_crl};
use crate::certificate::Certificate;
use crate::judgement::Finding;
use crate::lab::pki::{Minted, Pki, Recipe};
use crate::observation::exchange::{Answer, Exchange};
use crate::observation::failure::{ConnectFailure, Failure, Stop};
use crate::observation::file::FileFacts;
use crate::observation::handshake::{Handshake, KeyProof};
use crate::observation::resolution::{CrlObservation, Resolution, ResolutionSource};
use crate::observation::timing::{Milliseconds, Timing};
use crate::observation::{EndpointObservation, LookupAnswer, Observation, TargetObservation};
use crate::plan::engine::EngineId;
use crate::plan::expectation::{Expectation, Presenter};
use crate::plan::{OfferLabel, Question, Target, TargetId};
use crate::rule::Requirement;
use crate::rule::usage::Use;
use crate::site::name::{HostName, NameKind};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::site::waiver::Waiver;
use crate::site::{Client, ClientConnections, ClientKind, IdentitySource, Site};
use crate::trust::basis::RevocationMode;
use crate::trust::store::ExpectedLeaf;
use crate::verdict::cause::host::Host;
use crate::verdict::{Evidence, Verdict};
use crate::wire::der::Der;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::timestamp::Timestamp;
use crate::wire::version::ProtocolVersion;

/// The time cases are judged at, unless they say otherwise.
pub(crate) const NOW: Timestamp = Timestamp(datetime!(2026-06-01 12:00 UTC));
/// The intranet FQDN of a world's site system.
pub(crate) const INTRANET: &str = "mp01.corp.contoso.com";
/// Its Internet FQDN.
pub(crate) const INTERNET: &str = "mp.contoso.com";
/// The service name of the cloud management gateway.
pub(crate) const GATEWAY: &str = "cmg.contoso.com";
/// The FQDN of the cluster it may be a node of.
pub(crate) const CLUSTER: &str = "cm.corp.contoso.com";
/// Its address.
pub(crate) const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 1, 0, 21)), 443);

/// One world and what a requirement must say of it.
pub(crate) struct Case {
    /// What is particular about the world.
    pub(crate) name: &'static str,
    pub(crate) world: World,
    pub(crate) expect: Expect,
}

/// What a requirement must say.
pub(crate) enum Expect {
    Pass,
    /// Fail, with this among the evidence's words.
    Fail(&'static str),
    NotApplicable,
    Unknown,
    /// Nothing at all: the site has no such thing.
    Nothing,
}

impl Case {
    pub(crate) fn passes(name: &'static str, world: World) -> Self {
        Self { name, world, expect: Expect::Pass }
    }

    pub(crate) fn fails(name: &'static str, world: World, evidence: &'static str) -> Self {
        Self { name, world, expect: Expect::Fail(evidence) }
    }

    pub(crate) fn not_applicable(name: &'static str, world: World) -> Self {
        Self { name, world, expect: Expect::NotApplicable }
    }

    pub(crate) fn unknown(name: &'static str, world: World) -> Self {
        Self { name, world, expect: Expect::Unknown }
    }

    pub(crate) fn nothing(name: &'static str, world: World) -> Self {
        Self { name, world, expect: Expect::Nothing }
    }

    /// What is wrong with the requirement's answer; `None`: it is as expected.
    pub(crate) fn disagreement(&self, requirement: &'static Requirement) -> Option<String> {
        let findings = self.world.judge(requirement);
        if matches!(self.expect, Expect::Nothing) {
            return (!findings.is_empty())
                .then(|| format!("{}: {}: {findings:?} instead of nothing", requirement.id, self.name));
        }
        let [finding] = findings.as_slice() else {
            return Some(format!("{}: {}: {} findings instead of one", requirement.id, self.name, findings.len()));
        };
        let agrees = match (&self.expect, &finding.verdict) {
            (Expect::Pass, Verdict::Pass(_))
            | (Expect::NotApplicable, Verdict::NotApplicable(_))
            | (Expect::Unknown, Verdict::Unknown(_)) => true,
            (Expect::Fail(part), Verdict::Fail(evidence)) => {
                format!("{evidence:?}").contains(part) && (!sends_to_evidence(evidence) || is_beside(evidence, part))
            }
            _ => false,
        };
        let expected = match self.expect {
            Expect::Pass => "pass".to_owned(),
            Expect::Fail(part) => format!("fail with {part:?}"),
            Expect::NotApplicable => "not applicable".to_owned(),
            Expect::Unknown => "unknown".to_owned(),
            Expect::Nothing => "nothing".to_owned(),
        };
        (!agrees).then(|| format!("{}: {}: expected {expected}, got {:?}", requirement.id, self.name, finding.verdict))
    }
}

/// Whether what the cause says, or what to do about it, refers to what the evidence names.
fn sends_to_evidence(evidence: &Evidence) -> bool {
    evidence.because.is_some_and(|cause| {
        let remedies = [cause.remedy.native_mode_2007, cause.remedy.current_branch];
        let local = Host::ELSEWHERE.into_iter().filter_map(|host| cause.local(host));
        remedies.into_iter().chain(local).chain([cause.words]).any(|text| text.contains("the evidence names"))
    })
}

/// Whether something stands where a diagnosis shows it: the finding's own sentence is not among that.
fn is_beside(evidence: &Evidence, part: &str) -> bool {
    let id = evidence.because.map_or("", |cause| cause.id);
    format!("{:?} {:?} {:?} {id}", evidence.expected, evidence.observed, evidence.culprit).contains(part)
}

/// A site with one target (or one lookup), and what a probe saw of it. Made by [`World::web_server`], then bent.
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) target: Target,
    pub(crate) expectation: Expectation,
    pub(crate) seen: TargetObservation,
    pub(crate) lookup: Option<(Question, LookupAnswer)>,
    pub(crate) file: Option<(Use, FileFacts)>,
    pub(crate) siblings: Vec<(String, Arc<Certificate>)>,
    /// Whether its file is a cluster's.
    pub(crate) of_cluster: bool,
    /// Judged as a whole site, together with these worlds' targets.
    pub(crate) site_of: Option<Vec<World>>,
    pub(crate) proxy_certificate: Option<Der>,
    pub(crate) expected: Vec<ExpectedLeaf>,
    /// A waiver: whether it covered a failure, and whether the whole site was looked at.
    pub(crate) waiver: Option<(Waiver, bool, bool)>,
    pub(crate) roots: Vec<Der>,
    pub(crate) intermediates: Vec<Der>,
    /// Authorities in the files of its clients.
    pub(crate) client_authorities: Vec<Der>,
    pub(crate) now: Timestamp,
    pub(crate) revocation: RevocationMode,
    /// What was seen at these URLs from the target's vantage.
    pub(crate) crls: Vec<CrlObservation>,
}

#[expect(clippy::wrong_self_convention, reason = "a world is bent by value, step by step")]
impl World {
    /// A healthy management point MP01 of a site of 2007, seen on the intranet by its intranet FQDN: a leaf for both its
    /// names from the lab's issuing authority, bent by `bend`, then the issuing authority; TLS 1.2 with ECDHE and AES-GCM.
    pub(crate) fn web_server(bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let pki = Pki::lab().unwrap();
        let leaf = pki.issue(&bend(pki.web_server(&[INTRANET, INTERNET]))).unwrap();
        Self::presenting(&[&leaf, &pki.issuing], &[&pki.root])
    }

    /// The same management point, presenting these certificates to a site that trusts these roots.
    pub(crate) fn presenting(chain: &[&Minted], roots: &[&Minted]) -> Self {
        let id = TargetId::new("MP01", "management-point", "mp01.corp.contoso.com", "intranet");
        let expectation = Expectation {
            presenter: Presenter::SiteSystem,
            client_connections: Some(ClientConnections::Both),
            netbios_name: Some(HostName::new("MP01")),
            intranet_fqdn: Some(HostName::new(INTRANET)),
            internet_fqdn: Some(HostName::new(INTERNET)),
            cluster: None,
            proxy: None,
            private_addresses: false,
        };
        let target = Target {
            id: id.clone(),
            system: "MP01".into(),
            role: Some(Role::ManagementPoint),
            vantage: "intranet".into(),
            network: Network::Intranet,
            name: HostName::new(INTRANET),
            name_kind: NameKind::IntranetFqdn,
            port: 443,
            http_port: 80,
            expectation: Arc::new(Expectation::default()),
            offers: Arc::new([]),
            connections: 1,
            why: "a case".into(),
        };
        let handshake = Handshake {
            completed: true,
            server_name: Some(INTRANET.into()),
            version: Some(ProtocolVersion::TLS1_2),
            cipher_suite: Some(CipherSuite(0xc02f)),
            key_exchange_group: Some(NamedGroup(0x001d)),
            chain: chain.iter().map(|minted| Der::from(minted.der.as_slice())).collect(),
            key_proof: KeyProof::Good,
            secure_renegotiation: Some(true),
            ..Handshake::default()
        };
        let resolution = Resolution {
            name: INTRANET.into(),
            source: ResolutionSource::Servers(vec!["10.1.0.10:53".into()]),
            addresses: vec![ADDRESS.ip()],
            aliases: Vec::new(),
            failure: None,
            took: Some(Milliseconds(1.0)),
        };
        let endpoint =
            EndpointObservation { address: ADDRESS, observations: vec![observed(OfferLabel::Default, handshake)] };
        let mut site = Site::nameless(Profile::NativeMode2007);
        site.code = Some("PRI".into());
        Self {
            site,
            target,
            expectation,
            seen: TargetObservation { target: id, resolution, endpoints: vec![endpoint] },
            lookup: None,
            file: None,
            siblings: Vec::new(),
            of_cluster: false,
            site_of: None,
            proxy_certificate: None,
            expected: Vec::new(),
            waiver: None,
            roots: roots.iter().map(|minted| Der::from(minted.der.as_slice())).collect(),
            intermediates: Vec::new(),
            client_authorities: Vec::new(),
            now: NOW,
            revocation: RevocationMode::Hard,
            crls: Vec::new(),
        }
    }

    /// Another profile.
    pub(crate) fn profile(self, profile: Profile) -> Self {
        self.site(|site| site.profile = profile)
    }

    /// A Current Branch site.
    pub(crate) fn current_branch(self) -> Self {
        self.profile(Profile::CurrentBranch)
    }

    /// Bends the site.
    pub(crate) fn site(mut self, bend: impl FnOnce(&mut Site)) -> Self {
        bend(&mut self.site);
        self
    }

    /// With a client certificate the probe may present.
    pub(crate) fn with_client(self) -> Self {
        self.site(|site| {
            let source = IdentitySource::Pfx("workstation.pfx".into());
            let client = Client {
                name: "workstation".into(),
                kind: ClientKind::Computer,
                source,
                secret: None,
                defined_at: Default::default(),
            };
            site.clients.push(client);
        })
    }

    /// Bends the target.
    pub(crate) fn target(mut self, bend: impl FnOnce(&mut Target)) -> Self {
        bend(&mut self.target);
        self
    }

    /// Bends what the definition expects of the target.
    pub(crate) fn expecting(mut self, bend: impl FnOnce(&mut Expectation)) -> Self {
        bend(&mut self.expectation);
        self
    }

    /// Another role.
    pub(crate) fn role(self, role: Role) -> Self {
        self.target(|target| target.role = Some(role))
    }

    /// Judged as a whole site with this target alone.
    pub(crate) fn as_site(mut self) -> Self {
        self.site_of = Some(Vec::new());
        self
    }

    /// Judged as a whole site with this target and another world's.
    pub(crate) fn beside(mut self, other: Self) -> Self {
        self.site_of = Some(vec![other]);
        self
    }

    /// An endpoint given on the command line, of which nothing more is known.
    pub(crate) fn given(self) -> Self {
        let mut world = self.target(|target| {
            target.role = None;
            target.name_kind = NameKind::Given;
        });
        world.expectation = Expectation { private_addresses: true, ..Expectation::default() };
        world
    }

    /// Bends every handshake seen.
    pub(crate) fn handshakes(mut self, bend: impl Fn(&mut Handshake)) -> Self {
        for endpoint in &mut self.seen.endpoints {
            endpoint.observations.iter_mut().for_each(|seen| bend(&mut seen.handshake));
        }
        self
    }

    /// Bends every observation.
    pub(crate) fn observations(mut self, bend: impl Fn(&mut Observation)) -> Self {
        for endpoint in &mut self.seen.endpoints {
            endpoint.observations.iter_mut().for_each(&bend);
        }
        self
    }

    /// Bends what was seen of the target.
    pub(crate) fn seen(mut self, bend: impl FnOnce(&mut TargetObservation)) -> Self {
        bend(&mut self.seen);
        self
    }

    /// Adds an observation of another offer to every endpoint: the default one's, bent.
    pub(crate) fn also(mut self, label: OfferLabel, bend: impl Fn(&mut Observation)) -> Self {
        for endpoint in &mut self.seen.endpoints {
            if let Some(mut another) = endpoint.observations.first().cloned() {
                another.offer = label;
                bend(&mut another);
                endpoint.observations.push(another);
            }
        }
        self
    }

    /// Adds an observation of an offer whose request was answered.
    pub(crate) fn answering(self, label: OfferLabel, status: u16, body: &str) -> Self {
        let sub_status =
            body.strip_prefix("HTTP Error ").and_then(|rest| rest.split('.').nth(1)).and_then(|sub| sub.parse().ok());
        let answer = Answer {
            status,
            sub_status,
            server: Some("Microsoft-IIS/7.5".into()),
            body: body.into(),
            ..Answer::default()
        };
        let method = match label {
            OfferLabel::ClientListing => "PROPFIND",
            OfferLabel::ClientPackageHead => "HEAD",
            _ => "GET",
        };
        self.also(label, move |seen| {
            seen.engine = if label.is_plain() { EngineId::Plain } else { EngineId::Openssl };
            seen.handshake.client_certificate_sent = matches!(
                label,
                OfferLabel::Client
                    | OfferLabel::ClientMissingFile
                    | OfferLabel::ClientListing
                    | OfferLabel::ClientPackageHead
                    | OfferLabel::ClientPackageRange
                    | OfferLabel::ClientSecondPath
                    | OfferLabel::Stranger
                    | OfferLabel::Outsider
            );
            seen.exchange =
                Some(Exchange { method: method.into(), path: "/".into(), answer: Some(answer.clone()), failure: None });
        })
    }

    /// The root of a company the site has never heard of.
    pub(crate) fn foreign_roots() -> Vec<Der> {
        let foreign = Pki::stranger().expect("the foreign PKI");
        vec![Der::from(foreign.root.der.as_slice())]
    }

    /// Nothing listens.
    pub(crate) fn refused(self) -> Self {
        self.stopped(Failure::new(ConnectFailure::Refused, "10.1.0.21:443 refused the connection"))
    }

    /// What was presented is no certificate.
    pub(crate) fn unreadable(mut self) -> Self {
        let nothing = Der::from(&b"no certificate"[..]);
        if let Some((_, facts)) = &mut self.file {
            facts.certificate = Some(Arc::new(Certificate::read(&nothing)));
        }
        self.handshakes(|handshake| handshake.chain = vec![nothing.clone()])
    }

    /// What was sent as the issuer's certificate is none.
    pub(crate) fn unreadable_issuer(mut self) -> Self {
        let nothing = Der::from(&b"no certificate"[..]);
        if let Some((_, facts)) = &mut self.file {
            facts.others = vec![Arc::new(Certificate::read(&nothing))];
        }
        self.handshakes(|handshake| {
            handshake.chain.truncate(1);
            handshake.chain.push(nothing.clone());
        })
    }

    /// Every observation was stopped before it saw anything.
    pub(crate) fn stopped(self, failure: Failure) -> Self {
        self.observations(|seen| {
            seen.handshake = Handshake::default();
            seen.stopped = Some(failure.clone());
        })
    }

    /// The name did not resolve.
    pub(crate) fn unresolved(self, kind: impl Into<Stop>) -> Self {
        self.seen(|seen| {
            seen.endpoints.clear();
            seen.resolution.addresses.clear();
            seen.resolution.failure = Some(Failure::new(kind, "the resolver's words"));
        })
    }

    /// Judged at another time.
    pub(crate) fn at(mut self, now: time::OffsetDateTime) -> Self {
        self.now = now.into();
        self
    }

    /// Intermediates the definition names.
    pub(crate) fn knowing(mut self, intermediates: &[&Minted]) -> Self {
        self.intermediates = intermediates.iter().map(|minted| Der::from(minted.der.as_slice())).collect();
        self
    }

    /// An authority's certificate in a client's file.
    pub(crate) fn client_authority(mut self, authority: &Der) -> Self {
        self.client_authorities.push(authority.clone());
        self
    }

    /// How revocation is judged.
    pub(crate) fn revocation(mut self, mode: RevocationMode) -> Self {
        self.revocation = mode;
        self
    }

    /// The healthy management point, its issuing authority's certificate bent.
    pub(crate) fn issuing_authority(bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let pki = lab();
        let issuing = pki.root.issue(&bend(pki.issuing.recipe.clone())).expect("a recipe that can be minted");
        let leaf = issuing.issue(&pki.web_server(&[INTRANET, INTERNET])).expect("a recipe that can be minted");
        Self::presenting(&[&leaf, &issuing], &[&pki.root])
    }

    /// The healthy management point, its certificate from the root itself.
    pub(crate) fn rooted(bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let pki = lab();
        let leaf = pki.root.issue(&bend(pki.web_server(&[INTRANET, INTERNET]))).expect("a recipe that can be minted");
        Self::presenting(&[&leaf], &[&pki.root])
    }

    /// The target with what is expected of it.
    fn whole_target(&self) -> Target {
        Target { expectation: Arc::new(self.expectation.clone()), ..self.target.clone() }
    }

    /// Holds one requirement against the world.
    pub(crate) fn judge(&self, requirement: &'static Requirement) -> Vec<Finding> {
        self.judge_by(Box::leak(Box::new([requirement])))
    }
}

/// An observation that ran to its end.
pub(crate) fn observed(offer: OfferLabel, handshake: Handshake) -> Observation {
    Observation {
        offer,
        engine: EngineId::Rustls,
        at: NOW,
        timing: Timing {
            resolve: Some(Milliseconds(1.0)),
            connect: Some(Milliseconds(0.4)),
            handshake: Some(Milliseconds(3.0)),
            exchange: None,
            own: Some(Milliseconds(0.0)),
        },
        handshake,
        exchange: None,
        stopped: None,
    }
}

/// The lab's PKI.
pub(crate) fn lab() -> &'static Pki {
    Pki::lab().expect("the lab's PKI")
}
