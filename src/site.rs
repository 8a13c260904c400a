//! A Configuration Manager site as a definition describes it, once it has been understood.
//! No I/O: files are named here by path, and read elsewhere.

pub mod address;
pub mod definition;
pub mod fault;
pub mod name;
pub mod profile;
pub mod role;
pub mod suggestion;
pub mod vantage;
pub mod waiver;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use name::HostName;
use profile::Profile;
use role::Role;
use vantage::Vantage;
use waiver::Waiver;

/// Everything a definition says.
#[derive(Clone, Debug)]
pub struct Site {
    /// The three-character site code, case as in the console; `None` only for endpoints given on the command line.
    pub code: Option<String>,
    /// What people call the site.
    pub name: String,
    /// Which documents are the law.
    pub profile: Profile,
    /// Primary or secondary.
    pub kind: SiteKind,
    /// Whether clients check certificate revocation lists.
    pub clients_check_revocation: bool,
    /// Whether there are clients that cannot read SHA-2 signatures: XP before SP3, Server 2003 without KB 938397.
    pub legacy_clients: bool,
    /// Whom clients and servers trust.
    pub trust: Trust,
    /// The site server signing certificate's file, where given.
    pub signing_certificate: Option<PathBuf>,
    /// Identities a probe may present.
    pub clients: Vec<Client>,
    /// Where probes stand.
    pub vantages: Vec<Vantage>,
    /// The site systems.
    pub systems: Vec<SiteSystem>,
    /// Network load balancing clusters.
    pub clusters: Vec<Cluster>,
    /// Proxy web servers for Internet clients.
    pub proxies: Vec<Proxy>,
    /// Accepted deviations.
    pub waivers: Vec<Waiver>,
}

impl Site {
    /// Whether its roles present certificates the site made for itself: enhanced HTTP.
    pub const fn is_enhanced_http(&self) -> bool {
        false
    }

    /// A site of which nothing is known: what endpoints given on the command line belong to.
    pub fn nameless(profile: Profile) -> Self {
        Self {
            code: None,
            name: "endpoints given on the command line".into(),
            profile,
            kind: SiteKind::Primary,
            clients_check_revocation: true,
            legacy_clients: false,
            trust: Trust::default(),
            signing_certificate: None,
            clients: Vec::new(),
            vantages: Vec::new(),
            systems: Vec::new(),
            clusters: Vec::new(),
            proxies: Vec::new(),
            waivers: Vec::new(),
        }
    }
}

/// Primary sites have a signing certificate; secondary sites have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// Signs policies; has clients of its own.
    Primary,
    /// Passes on what its primary site signed.
    Secondary,
}

/// Files of the certificates the site's parties trust.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// What clients trust.
    pub roots: Vec<PathBuf>,
    /// What client certificates chain to; empty: the same as `roots`.
    pub client_roots: Vec<PathBuf>,
    /// Present on clients, not sent by servers.
    pub intermediates: Vec<PathBuf>,
}

/// An identity the probe may present.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// What kind of client it stands for.
    pub kind: ClientKind,
    /// Where certificate and key are.
    pub source: IdentitySource,
    /// Where the secret that opens them is; never the secret.
    pub secret: Option<SecretSource>,
}

/// What kind of client an identity stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientKind {
    /// A client computer.
    Computer,
    /// A mobile device client.
    MobileDevice,
    /// Operating system deployment.
    Deployment,
}

/// Where an identity's certificate and key are.
#[derive(Clone, Debug)]
pub enum IdentitySource {
    /// A PKCS #12 file.
    Pfx(PathBuf),
    /// Two files, PEM or DER.
    Pair {
        /// The certificate, with its chain or without.
        certificate: PathBuf,
        /// The private key; `None`: in the certificate's file, or (for mobile devices) nowhere.
        key: Option<PathBuf>,
    },
}

/// Where the secret that opens an identity is.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// An environment variable's name.
    Environment(String),
    /// A file whose first line is the secret.
    File(PathBuf),
    /// Asked for at the terminal.
    Prompt,
}

/// Which clients a site system accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientConnections {
    /// Clients inside only.
    Intranet,
    /// Clients outside only.
    Internet,
    /// Both.
    Both,
}

impl ClientConnections {
    /// Whether clients inside connect.
    pub const fn intranet(self) -> bool {
        matches!(self, Self::Intranet | Self::Both)
    }

    /// Whether clients outside connect.
    pub const fn internet(self) -> bool {
        matches!(self, Self::Internet | Self::Both)
    }
}

/// A computer that holds roles.
#[derive(Clone, Debug)]
pub struct SiteSystem {
    /// The computer (NetBIOS) name, as the definition's name of the system.
    pub name: Arc<str>,
    /// The same, as a name to dial.
    pub netbios: HostName,
    /// The FQDN clients inside use; `None`: the system is configured by its NetBIOS name.
    pub intranet_fqdn: Option<HostName>,
    /// The FQDN clients outside use.
    pub internet_fqdn: Option<HostName>,
    /// Which clients it accepts.
    pub client_connections: ClientConnections,
    /// What it does.
    pub roles: Vec<Role>,
    /// Where it listens.
    pub ports: Ports,
}

/// Ports that differ from the defaults.
#[derive(Clone, Debug, Default)]
pub struct Ports {
    /// The client request port of every HTTPS role but the software update point; default 443.
    pub https: Option<u16>,
    /// Plain HTTP; default 80.
    pub http: Option<u16>,
    /// The port of single roles, before `https`.
    pub by_role: Vec<(Role, u16)>,
}

impl Ports {
    /// Where a role is reached over HTTPS.
    pub fn https_for(&self, role: Role) -> u16 {
        let own = self.by_role.iter().find(|(of, _)| *of == role).map(|(_, port)| *port);
        own.or(match role {
            Role::SoftwareUpdatePoint => None,
            _ => self.https,
        })
        .unwrap_or(role.default_https_port())
    }

    /// Where plain HTTP would be.
    pub fn http(&self) -> u16 {
        self.http.unwrap_or(80)
    }
}

/// Site systems that share a name and an address.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// The role the nodes share.
    pub role: Role,
    /// The cluster's FQDN inside.
    pub intranet_fqdn: Option<HostName>,
    /// The cluster's FQDN outside.
    pub internet_fqdn: Option<HostName>,
    /// Names of the site systems that are its nodes.
    pub nodes: Vec<Arc<str>>,
    /// Ports that differ from the nodes'.
    pub ports: Ports,
}

impl Cluster {
    /// Which clients know a name of it.
    pub fn client_connections(&self) -> Option<ClientConnections> {
        match (&self.intranet_fqdn, &self.internet_fqdn) {
            (Some(_), Some(_)) => Some(ClientConnections::Both),
            (Some(_), None) => Some(ClientConnections::Intranet),
            (None, Some(_)) => Some(ClientConnections::Internet),
            (None, None) => None,
        }
    }
}

/// A proxy web server for Internet clients.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Its name in the definition.
    pub name: Arc<str>,
    /// The name Internet clients dial.
    pub internet_fqdn: HostName,
    /// What it does with their TLS.
    pub mode: ProxyMode,
    /// Names of the site systems or clusters it publishes.
    pub publishes: Vec<Arc<str>>,
    /// Where it listens; `None`: where what it publishes listens.
    pub port: Option<u16>,
    /// The separate certificate it shows on the inner leg, where it has one.
    pub client_certificate: Option<PathBuf>,
}

/// What a proxy web server does with clients' TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyMode {
    /// Terminates it and opens its own to the site system (SSL termination).
    Bridging,
    /// Passes packets on unopened.
    Tunneling,
}
