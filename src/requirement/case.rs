//! Cases: small worlds that a requirement is held against, through the same assessment as everything else. They stand in
//! each requirement's own file; tests over the whole catalogue run them.

mod beside;
mod judging;
mod lists;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use time::macros::datetime;

pub(crate) use self::lists::{issuing_crl, root_crl};
use crate::certificate::Certificate;
use crate::judgement::Finding;
use crate::lab::pki::{KeyName, Minted, Pki, Recipe};
use crate::observation::exchange::{Answer, Exchange};
use crate::observation::failure::{ConnectFailure, Failure, Stop};
use crate::observation::file::{FileFacts, FileFormat, KeyPresence, Lock};
use crate::observation::handshake::{Handshake, KeyProof};
use crate::observation::resolution::{CrlObservation, Resolution, ResolutionSource};
use crate::observation::timing::{Milliseconds, Timing};
use crate::observation::{EndpointObservation, LookupAnswer, Observation, TargetObservation};
use crate::plan::engine::EngineId;
use crate::plan::expectation::{ClusterExpectation, Expectation, Presenter, ProxyExpectation};
use crate::plan::{OfferLabel, Question, Target, TargetId};
use crate::rule::Requirement;
use crate::rule::usage::Use;
use crate::site::name::{HostName, NameKind};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::site::waiver::Waiver;
use crate::site::{Client, ClientConnections, ClientKind, IdentitySource, ProxyMode, Site};
use crate::trust::basis::RevocationMode;
use crate::trust::store::ExpectedLeaf;
use crate::verdict::Verdict;
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
            (Expect::Fail(part), Verdict::Fail(evidence)) => format!("{evidence:?}").contains(part),
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
            now: NOW,
            revocation: RevocationMode::Hard,
            crls: Vec::new(),
        }
    }

    /// The profile a use is judged under in cases: that of 2007, where it has the use.
    pub(crate) fn profile_of(of: Use) -> Profile {
        if of.exists_in(Profile::NativeMode2007) { Profile::NativeMode2007 } else { Profile::CurrentBranch }
    }

    /// The name clients of a use's server dial in cases.
    pub(crate) fn dialled(of: Use) -> &'static str {
        match of {
            Use::Proxy => INTERNET,
            Use::CloudManagementGateway => GATEWAY,
            _ => INTRANET,
        }
    }

    /// Whether cases show certificates of a use in handshakes; those of other uses they show in files.
    pub(crate) fn is_met_in_handshakes(of: Use) -> bool {
        of.is_server()
    }

    /// What a healthy certificate of a use is made from.
    pub(crate) fn recipe_of(of: Use) -> Recipe {
        match of {
            Use::WebServer | Use::Proxy | Use::SmsProvider | Use::ReportingPoint | Use::SqlServer => {
                lab().web_server(&[INTRANET, INTERNET])
            }
            Use::CloudManagementGateway => lab().web_server(&[GATEWAY]),
            Use::ProxyClient
            | Use::Client
            | Use::MobileDevice
            | Use::Deployment
            | Use::Monitoring
            | Use::DistributionPointClient => lab().client("ws01.corp.contoso.com"),
            Use::SiteServer => lab().site_signing("PRI"),
            Use::Root => Recipe::root("Contoso Root CA").key(KeyName::Rsa2048E),
        }
    }

    /// A world with a certificate of a use, healthy but for what is bent, issued by the lab's authority.
    pub(crate) fn of(of: Use, bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let recipe = bend(Self::recipe_of(of));
        let minted = if of == Use::Root { Minted::self_signed(&recipe) } else { lab().issue(&recipe) };
        Self::of_minted(of, &minted.expect("a recipe that can be minted"))
    }

    /// A healthy certificate of a use in a file, also of those that servers present.
    pub(crate) fn in_file(of: Use) -> Self {
        let minted = lab().issue(&Self::recipe_of(of)).expect("a recipe that can be minted");
        Self::file_of(of, &minted).profile(Self::profile_of(of))
    }

    /// The same, its signature damaged.
    pub(crate) fn of_corrupt(of: Use) -> Self {
        let minted = lab().issue(&Self::recipe_of(of)).expect("a recipe that can be minted");
        Self::of_minted(of, &minted.corrupt_signature())
    }

    /// The same, issued by another authority, whose certificate comes with it.
    pub(crate) fn of_issued_by(of: Use, authority: &Minted, bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let minted = authority.issue(&bend(Self::recipe_of(of))).expect("a recipe that can be minted");
        Self::of_minted(of, &minted).knowing(&[]).sent_with(&[authority])
    }

    /// A world with this certificate of a use; the lab's issuing authority comes with it.
    pub(crate) fn of_minted(of: Use, minted: &Minted) -> Self {
        let world = if Self::is_met_in_handshakes(of) {
            let world = Self::presenting(&[minted, &lab().issuing], &[&lab().root]);
            match of {
                Use::Proxy => world.bridging_proxy(),
                Use::CloudManagementGateway => world
                    .from_internet()
                    .role(Role::CloudManagementGateway)
                    .target(|target| target.name = HostName::new(GATEWAY))
                    .handshakes(|handshake| handshake.server_name = Some(GATEWAY.into())),
                Use::SmsProvider => world.role(Role::SmsProvider),
                Use::ReportingPoint => world.role(Role::ReportingPoint),
                _ => world,
            }
        } else {
            Self::file_of(of, minted)
        };
        world.profile(Self::profile_of(of))
    }

    /// These certificates, presented by a server of a use, or lying in its file; to a site that trusts these roots.
    pub(crate) fn presented_as(of: Use, chain: &[&Minted], roots: &[&Minted]) -> Self {
        let Some((leaf, further)) = chain.split_first() else { return Self::of(of, |r| r) };
        Self::of_minted(of, leaf).knowing(&[]).sent_with(further).trusting(roots)
    }

    /// What comes with the certificate, instead of what did.
    pub(crate) fn sent_with(mut self, further: &[&Minted]) -> Self {
        let ders: Vec<Der> = further.iter().map(|minted| Der::from(minted.der.as_slice())).collect();
        if let Some((_, facts)) = &mut self.file {
            facts.others = ders.iter().map(|der| Arc::new(Certificate::read(der))).collect();
        }
        self.handshakes(|handshake| {
            handshake.chain.truncate(1);
            handshake.chain.extend(ders.iter().cloned());
        })
    }

    /// One more certificate comes with it.
    pub(crate) fn beside_it(mut self, further: &Minted) -> Self {
        let der = Der::from(further.der.as_slice());
        if let Some((_, facts)) = &mut self.file {
            facts.others.push(Arc::new(Certificate::read(&der)));
        }
        self.handshakes(|handshake| handshake.chain.push(der.clone()))
    }

    /// The roots the site trusts, for servers and clients.
    pub(crate) fn trusting(mut self, roots: &[&Minted]) -> Self {
        self.roots = roots.iter().map(|minted| Der::from(minted.der.as_slice())).collect();
        self
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

    /// Seen from the Internet, by the Internet FQDN.
    pub(crate) fn from_internet(self) -> Self {
        self.target(|target| {
            target.network = Network::Internet;
            target.vantage = "internet".into();
            target.name = HostName::new(INTERNET);
            target.name_kind = NameKind::InternetFqdn;
        })
        .handshakes(|handshake| handshake.server_name = Some(INTERNET.into()))
    }

    /// Seen on the Internet through a proxy that terminates TLS.
    pub(crate) fn bridging_proxy(self) -> Self {
        self.from_internet().role(Role::Proxy).expecting(|expectation| {
            expectation.presenter = Presenter::BridgingProxy;
            expectation.proxy = Some(Arc::new(ProxyExpectation {
                name: "ISA01".into(),
                mode: ProxyMode::Bridging,
                publishes: vec![("MP01".into(), vec![Role::ManagementPoint])],
                internet_fqdns: vec![HostName::new(INTERNET)],
                has_client_certificate: false,
            }));
        })
    }

    /// Seen on the Internet through a proxy that passes TLS on.
    pub(crate) fn tunneling_proxy(self) -> Self {
        let role = self.target.role;
        self.bridging_proxy().target(|target| target.role = role).expecting(|expectation| {
            expectation.presenter = Presenter::SiteSystem;
            if let Some(proxy) = expectation.proxy.as_mut().map(Arc::make_mut) {
                proxy.mode = ProxyMode::Tunneling;
            }
        })
    }

    /// With a separate certificate for the proxy's inner leg, for these purposes.
    pub(crate) fn with_proxy_certificate(self, purposes: &[&str]) -> Self {
        let separate = lab().issue(&lab().client("isa01").eku(purposes)).expect("a recipe that can be minted");
        let mut world = self.expecting(|expectation| {
            if let Some(proxy) = expectation.proxy.as_mut().map(Arc::make_mut) {
                proxy.has_client_certificate = true;
            }
        });
        world.proxy_certificate = Some(Der::from(separate.der.as_slice()));
        world
    }

    /// The cluster CMNLB of MP01 alone, dialled by the cluster's name.
    pub(crate) fn cluster(self) -> Self {
        self.node().target(|target| target.name = HostName::new(CLUSTER)).expecting(|expectation| {
            expectation.presenter = Presenter::Cluster;
        })
    }

    /// MP01 as the only node of the cluster CMNLB, dialled by its own name.
    pub(crate) fn node(self) -> Self {
        self.expecting(|expectation| {
            expectation.cluster = Some(Arc::new(ClusterExpectation {
                name: "CMNLB".into(),
                intranet_fqdn: Some(HostName::new(CLUSTER)),
                internet_fqdn: None,
                nodes: vec!["MP01".into()],
            }));
        })
    }

    /// A second connection to the same address met this certificate.
    pub(crate) fn also_answered_by(self, leaf: &Minted) -> Self {
        let der = Der::from(leaf.der.as_slice());
        self.target(|target| target.connections = 2).also(OfferLabel::Default, move |seen| {
            if let Some(first) = seen.handshake.chain.first_mut() {
                *first = der.clone();
            }
        })
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
    pub(crate) fn unreadable(self) -> Self {
        self.handshakes(|handshake| handshake.chain = vec![Der::from(&b"no certificate"[..])])
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

    /// A world of one lookup instead of one target.
    pub(crate) fn lookup(question: Question, answer: LookupAnswer, network: Network) -> Self {
        let mut world = Self::web_server(|recipe| recipe).target(|target| target.network = network);
        world.lookup = Some((question, answer));
        world
    }

    /// A world of one file instead of one target: a DER file of a certificate the lab's issuing authority issued.
    pub(crate) fn file(kind: Use, recipe: &Recipe) -> Self {
        let pki = lab();
        let minted = pki.issue(recipe).expect("a recipe that can be minted");
        Self::file_of(kind, &minted)
    }

    /// A world of one DER file of this certificate, to a site that trusts the lab's root.
    pub(crate) fn file_of(kind: Use, minted: &Minted) -> Self {
        let pki = lab();
        let mut world = Self::presenting(&[minted], &[&pki.root]).knowing(&[&pki.issuing]);
        let facts = FileFacts {
            format: FileFormat::Der,
            lock: Lock::Open,
            certificate: Some(Arc::new(Certificate::read(&Der::from(minted.der.as_slice())))),
            others: Vec::new(),
            key: KeyPresence::Absent,
            keys: 0,
            provider: None,
        };
        world.file = Some((kind, facts));
        world
    }

    /// A world of one waiver with this end, which covered a failure or did not.
    pub(crate) fn waived(mut self, until: Option<time::Date>, used: bool) -> Self {
        let requirement = "web-server/key-length".into();
        let waiver = Waiver {
            requirement,
            system: Some("MP01".into()),
            reason: "replaced in May".into(),
            until,
            at: crate::site::fault::Position::default(),
            defined_at: crate::site::fault::Position::default(),
        };
        self.waiver = Some((waiver, used, true));
        self
    }

    /// Bends what was found in the file.
    pub(crate) fn file_facts(mut self, bend: impl FnOnce(&mut FileFacts)) -> Self {
        if let Some((_, facts)) = &mut self.file {
            bend(facts);
        }
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
