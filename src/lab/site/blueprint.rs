//! The site before it is started: who is where, what each presents, what DNS says, what the definition will claim.
//! Plain data: a fault is a change made to it. Ports are not known yet; they come when it is started.

mod address;
mod front;
mod today;
mod web;

use std::net::Ipv4Addr;

use time::OffsetDateTime;

use crate::lab::dns::{Answer, View};
use crate::lab::pki::{MintError, Minted, OcspRecipe, Pki, Published, Recipe};
use crate::lab::site::pace::Pace;
use crate::site::role::Role;
use crate::site::{ClientConnections, ProxyMode};
use crate::wire::version::ProtocolVersion;

pub use address::loopback;
pub use front::{Bridging, Cluster, Front};
pub use today::{Edition, Today};
pub use web::{Asks, Content, Nameless, Presented, Sends, Trusts, Web};

/// The site's code.
pub const SITE_CODE: &str = "PRI";

/// A site that has not been started.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// Which site it is.
    pub edition: Edition,
    /// The moment everything healthy is valid at.
    pub now: OffsetDateTime,
    /// The company's own authorities.
    pub pki: Pki,
    /// What they publish over HTTP.
    pub published: Vec<Published>,
    /// How some of it is sent, by URL.
    pub paces: Vec<(String, Pace)>,
    /// What its OCSP responder does.
    pub responder: Responder,
    /// What the definition says clients trust, DER.
    pub root: Vec<u8>,
    /// What the definition says clients have beside that, DER.
    pub intermediates: Vec<Vec<u8>>,
    /// The site server signing certificate, as the definition names it.
    pub signing: Recipe,
    /// Who issued it, if not the company's issuing authority.
    pub signing_issuer: Option<Minted>,
    /// The certificate of a client, as the definition names it.
    pub workstation: Recipe,
    /// The file of the certificate for operating system deployment.
    pub deployment: Deployment,
    /// The certificate of a mobile device.
    pub device: Recipe,
    /// Whether its file is Base64 text.
    pub device_in_base64: bool,
    /// The certificates of site systems that are asked by their own site how they are, as the definition names them.
    pub monitoring: Vec<Recipe>,
    /// The one management points hand out, if it is another.
    pub handed_out: Option<Recipe>,
    /// Whether the definition speaks of clients that cannot read SHA-2 signatures.
    pub legacy_clients: bool,
    /// Whether the definition lets Internet names lead to private addresses: in the lab all lead to loopback.
    pub private_addresses_outside: bool,
    /// What DNS says inside, beside or instead of what follows from the systems.
    pub inside: Zone,
    /// The same outside.
    pub outside: Zone,
    /// How DNS publishes the management point to clients inside.
    pub service: Service,
    /// The management point, for computers and mobile devices, inside and outside.
    pub mp01: System,
    /// The proxy management point of a branch, inside.
    pub pmp01: System,
    /// The distribution point, inside and outside.
    pub dp01: System,
    /// The software update point of clients inside.
    pub sup01: System,
    /// The software update point of clients outside, in the perimeter network.
    pub sup02: System,
    /// The state migration point, inside.
    pub smp01: System,
    /// A management point, node of the cluster.
    pub mp02: System,
    /// The other node.
    pub mp03: System,
    /// The network load balancing cluster of the two, inside.
    pub cluster: Cluster,
    /// The proxy web server that ends Internet clients' TLS for the management point.
    pub isa01: Front,
    /// The one that passes on Internet clients of the distribution point unopened.
    pub fw01: Front,
    /// The one that passes on Internet clients of the update point unopened.
    pub fw02: Front,
    /// What a site of 2026 has beside these.
    pub today: Today,
}

/// What boot images and the PXE service point are given.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The certificate.
    pub recipe: Recipe,
    /// Whether its key was exported with it.
    pub has_key: bool,
    /// The password it was exported with.
    pub password: &'static str,
}

/// What the company's OCSP responder does when it is asked about a certificate that names it.
#[derive(Debug, Clone)]
pub enum Responder {
    /// It answers this, in the issuing authority's name.
    Says(OcspRecipe),
    /// It sends these bytes.
    Sends(Vec<u8>),
    /// It is not there: 404.
    Missing,
}

/// What a name server says beside what follows from the systems; the later saying overrides the earlier.
#[derive(Debug, Clone, Default)]
pub struct Zone(Vec<(String, Answer)>);

impl Zone {
    /// Says this of a name from now on.
    pub fn say(&mut self, name: &str, answer: Answer) {
        self.0.push((name.to_owned(), answer));
    }

    /// Adds what is said to a view.
    pub fn tell(&self, view: &mut View) {
        for (name, answer) in &self.0 {
            view.say(name, answer.clone());
        }
    }
}

/// The management point's service record.
#[derive(Debug, Clone)]
pub struct Service {
    /// The host it names.
    pub target: String,
    /// The port it names; `None`: the one the management point listens on.
    pub port: Option<u16>,
}

impl Blueprint {
    /// The healthy site. Its PKI must have been built for `pki.organization.at`, and is published where that says.
    ///
    /// # Errors
    /// A certificate or a list could not be made.
    pub fn healthy(pki: Pki) -> Result<Self, MintError> {
        let system = |name, host, roles: &'static [Role], connections: ClientConnections| {
            let label = str::to_ascii_lowercase(name);
            // Clients outside know the role by its name without a number, but for the second of a kind.
            let public = label.strip_suffix("01").unwrap_or(&label).to_owned();
            let intranet_fqdn = format!("{label}.corp.contoso.com");
            let internet_fqdn = connections.internet().then(|| format!("{public}.contoso.com"));
            let names: Vec<&str> =
                [Some(intranet_fqdn.as_str()), internet_fqdn.as_deref()].into_iter().flatten().collect();
            let mut web = Web::presenting(Presented::new(pki.web_server(&names), &pki.issuing), &pki);
            if roles == [Role::SoftwareUpdatePoint] {
                web.asks = Asks::Never;
            }
            System {
                name,
                roles,
                connections,
                home: Node { address: loopback(host), instead: None, chokes_on_tls13: false, web },
                plain: Plain::Refuses,
                further: Vec::new(),
                expected: None,
                intranet_fqdn: Some(intranet_fqdn),
                internet_fqdn,
            }
        };
        use ClientConnections::{Both, Internet, Intranet};
        let mp01 = system("MP01", 21, &[Role::ManagementPoint, Role::MobileDeviceManagementPoint], Both);
        let mut pmp01 = system("PMP01", 22, &[Role::ProxyManagementPoint], Intranet);
        // The branch has a younger server, whose binding asks in the handshake: TLS 1.3 has no renegotiation.
        pmp01.home.web.newest = ProtocolVersion::TLS1_3;
        pmp01.home.web.asks = Asks::InHandshake;
        pmp01.home.web.presented.recipe = pmp01.home.web.presented.recipe.ocsp(&responder_url(&pki));
        let dp01 = system("DP01", 23, &[Role::DistributionPoint], Both);
        let sup01 = system("SUP01", 24, &[Role::SoftwareUpdatePoint], Both);
        let sup02 = system("SUP02", 25, &[Role::SoftwareUpdatePoint], Internet);
        let smp01 = system("SMP01", 26, &[Role::StateMigrationPoint], Intranet);
        let cluster = Cluster { name: "CMNLB", intranet_fqdn: "cm.corp.contoso.com".into(), address: loopback(30) };
        let node = |name, host| {
            let mut node = system(name, host, &[Role::ManagementPoint], Intranet);
            // The cluster's name comes first, as the documents have it.
            let names = [cluster.intranet_fqdn.as_str(), node.intranet_name()];
            node.home.web.presented.recipe = pki.web_server(&names);
            node
        };
        let (mp02, mp03) = (node("MP02", 27), node("MP03", 28));
        let front = |name, host, published: &System| Front {
            name,
            publishes: published.name,
            internet_fqdn: published.internet_fqdn.clone().unwrap_or_default(),
            address: loopback(host),
            declared: ProxyMode::Tunneling,
            bridges: None,
            client_certificate: None,
            instead: None,
        };
        let mut isa01 = front("ISA01", 41, &mp01);
        let outside = Presented::new(pki.bridging_proxy(&[&isa01.internet_fqdn]), &pki.issuing);
        isa01.declared = ProxyMode::Bridging;
        isa01.bridges = Some(Bridging::presenting(outside, &pki));
        let (fw01, fw02) = (front("FW01", 42, &dp01), front("FW02", 43, &sup01));
        Ok(Self {
            edition: Edition::Site2007,
            today: Today::healthy(&pki)?,
            now: pki.organization.at,
            published: pki.published()?,
            paces: Vec::new(),
            responder: Responder::Says(OcspRecipe::at(pki.organization.at)),
            root: pki.root.der.clone(),
            intermediates: Vec::new(),
            signing: pki.site_signing(SITE_CODE),
            signing_issuer: None,
            workstation: pki.client("wks01.corp.contoso.com"),
            deployment: Deployment { recipe: pki.client("osd.corp.contoso.com"), has_key: true, password: PASSWORD },
            device: pki.mobile_device("kim"),
            device_in_base64: false,
            monitoring: vec![pki.client("mp01.corp.contoso.com")],
            handed_out: None,
            legacy_clients: false,
            private_addresses_outside: true,
            inside: Zone::default(),
            outside: Zone::default(),
            service: Service { target: "mp01.corp.contoso.com".into(), port: None },
            pki,
            mp01,
            pmp01,
            dp01,
            sup01,
            sup02,
            smp01,
            mp02,
            mp03,
            cluster,
            isa01,
            fw01,
            fw02,
        })
    }

    /// Publishes a revocation list under a name of its own; its URL.
    pub fn publish(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let url = format!("{}/{name}", self.pki.organization.published_at);
        self.published.push(Published { url: url.clone(), media_type: "application/pkix-crl", bytes });
        url
    }

    /// The site systems with HTTPS roles, in the definition's order.
    pub fn systems(&self) -> Vec<&System> {
        let Self { mp01, pmp01, dp01, sup01, sup02, smp01, mp02, mp03, today, .. } = self;
        match self.edition {
            Edition::Site2007 => vec![mp01, pmp01, dp01, sup01, sup02, smp01, mp02, mp03],
            Edition::Site2026 => vec![mp01, dp01, sup01, smp01, &today.cmg, &today.prv01, &today.rep01],
        }
    }

    /// The cluster's nodes.
    pub fn nodes(&self) -> [&System; 2] {
        [&self.mp02, &self.mp03]
    }

    /// The management points that a management point's list names, but for the cluster.
    pub fn management_points(&self) -> Vec<&System> {
        match self.edition {
            Edition::Site2007 => vec![&self.mp01, &self.pmp01],
            Edition::Site2026 => vec![&self.mp01],
        }
    }

    /// The cluster, which sites of 2026 have none of.
    pub fn cluster(&self) -> Option<&Cluster> {
        match self.edition {
            Edition::Site2007 => Some(&self.cluster),
            Edition::Site2026 => None,
        }
    }

    /// The proxies, in the definition's order.
    pub fn fronts(&self) -> Vec<&Front> {
        match self.edition {
            Edition::Site2007 => vec![&self.isa01, &self.fw01, &self.fw02],
            Edition::Site2026 => Vec::new(),
        }
    }
}

/// What opens the clients' files. The lab has no secrets; it has files that are handled as if it had.
pub const PASSWORD: &str = "throw-away";

/// The company's OCSP responder, beside what it publishes.
pub fn responder_url(pki: &Pki) -> String {
    let published_at = &pki.organization.published_at;
    format!("{}/ocsp", published_at.rsplit_once('/').map_or(published_at.as_str(), |(server, _)| server))
}

/// A site system.
#[derive(Debug, Clone)]
pub struct System {
    /// The computer's name.
    pub name: &'static str,
    /// What it does.
    pub roles: &'static [Role],
    /// Which clients it accepts.
    pub connections: ClientConnections,
    /// Its name inside, as definition and DNS have it; `None`: it is configured by its computer name.
    pub intranet_fqdn: Option<String>,
    /// Its name outside, as definition and DNS have it.
    pub internet_fqdn: Option<String>,
    /// What is at its address.
    pub home: Node,
    /// What answers plain HTTP at its first address.
    pub plain: Plain,
    /// What is at further addresses its names lead to, at the same port.
    pub further: Vec<Node>,
    /// The thumbprint of the certificate that the definition says it presents.
    pub expected: Option<String>,
}

impl System {
    /// The certificate it presents, to be spoiled.
    pub fn certificate(&mut self) -> &mut Recipe {
        &mut self.home.web.presented.recipe
    }

    /// Spoils the certificate it presents.
    pub fn spoil(&mut self, bend: impl FnOnce(Recipe) -> Recipe) {
        let recipe = self.certificate();
        *recipe = bend(recipe.clone());
    }

    /// The name clients inside dial.
    pub fn intranet_name(&self) -> &str {
        self.intranet_fqdn.as_deref().unwrap_or(self.name)
    }

    /// All its addresses.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.home).chain(&self.further)
    }
}

/// One address of a system.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it is.
    pub address: Ipv4Addr,
    /// What meets clients there instead of the web server.
    pub instead: Option<Peer>,
    /// Whether something stands before it that answers no hello with TLS 1.3 in it.
    pub chokes_on_tls13: bool,
    /// The web server.
    pub web: Web,
}

/// What answers plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// The web site, with 403.4 wherever HTTPS is demanded.
    Refuses,
    /// The web site, as if it were HTTPS and the client known.
    Serves,
    /// Nothing listens.
    Closed,
}

/// What can meet a client instead of a web server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Nothing listens.
    Closed,
    /// Accepts the connection and says nothing.
    Silent,
    /// Resets the connection as soon as the client has spoken.
    Resets,
    /// Closes the connection as soon as the client has spoken.
    Closes,
    /// Answers with HTTP, without TLS.
    PlainHttp,
    /// Answers with bytes that mean nothing.
    Garbage,
    /// Answers byte by byte, with no end in sight.
    Drips,
    /// Answers with a fatal TLS alert.
    Alerts,
    /// Begins a handshake, shows its certificates, and closes the connection.
    BeginsOnly,
}
