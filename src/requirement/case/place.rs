//! Where a world is seen: through proxies, at clusters, in files, on the Internet.

use super::{CLUSTER, INTERNET, World, lab};
use crate::certificate::Certificate;
use crate::lab::pki::{Minted, Recipe};
use crate::observation::LookupAnswer;
use crate::observation::file::FileFacts;
use crate::plan::expectation::{ClusterExpectation, Presenter, ProxyExpectation};
use crate::plan::{OfferLabel, Question};
use crate::rule::usage::Use;
use crate::site::ProxyMode;
use crate::site::name::{HostName, NameKind};
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::site::waiver::Waiver;
use crate::wire::der::Der;
use std::sync::Arc;

#[expect(clippy::wrong_self_convention, reason = "a world is bent by value, step by step")]
impl World {
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
                has_client_certificate: Some(false),
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
                proxy.has_client_certificate = Some(true);
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
        let facts = FileFacts::of_der(Certificate::read(&Der::from(minted.der.as_slice())));
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
}
