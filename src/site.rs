//! A Configuration Manager site as a definition describes it, once it has been understood.
//! No I/O: files are named here by path, and read elsewhere.

pub mod address;
pub mod definition;
pub mod expected_names;
pub mod fault;
pub mod name;
pub mod no_proxy;
pub mod profile;
pub mod role;
pub mod suggestion;
pub mod vantage;
pub mod waiver;
pub mod warning;
pub mod windows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use fault::{Position, Wrong};
use name::HostName;
use profile::{Profile, ProfileSource};
use role::{Role, UnjudgedRole};
use vantage::Vantage;
use waiver::Waiver;
use windows::WindowsVersion;

/// Everything a definition says.
#[derive(Clone, Debug)]
pub struct Site {
    /// The three-character site code, case as in the console; `None` only for endpoints given on the command line.
    pub code: Option<String>,
    /// What people call the site.
    pub name: String,
    /// Which documents are the law.
    pub profile: Profile,
    /// Whence that is known.
    pub profile_source: ProfileSource,
    /// Primary or secondary.
    pub kind: SiteKind,
    /// How clients speak with management and distribution points.
    pub communication: Communication,
    /// The Windows versions that must get in, each; empty: one of the profile's at least.
    pub windows: Vec<WindowsVersion>,
    /// How clients are told to choose among their certificates; `None`: by the computer's name.
    pub selection: Option<Selection>,
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
    /// Where the definition says what: the keys of `[site]`, and the table itself as `site`.
    pub places: Vec<(&'static str, Position)>,
}

impl Site {
    /// Whether its roles present certificates the site made for itself: enhanced HTTP.
    pub const fn is_enhanced_http(&self) -> bool {
        matches!((self.communication, self.profile), (Communication::EnhancedHttp, Profile::CurrentBranch))
    }

    /// A site of which nothing is known: what endpoints given on the command line belong to.
    pub fn nameless(profile: Profile) -> Self {
        Self {
            code: None,
            name: "endpoints given on the command line".into(),
            profile,
            profile_source: ProfileSource::Default,
            kind: SiteKind::Primary,
            communication: Communication::HttpsOnly,
            windows: Vec::new(),
            selection: None,
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
            places: Vec::new(),
        }
    }

    /// Where the definition writes a key of `[site]`; where it does not, where the table begins.
    pub fn place(&self, key: &str) -> Position {
        let of = |key: &str| self.places.iter().find(|(known, _)| *known == key).map(|(_, at)| *at);
        of(key).or_else(|| of("site")).unwrap_or_default()
    }
}

/// How clients speak with management and distribution points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Communication {
    /// HTTPS, with certificates of the organization's own authority.
    HttpsOnly,
    /// Enhanced HTTP: certificates the site issues itself, and tokens in place of client certificates.
    EnhancedHttp,
}

impl Communication {
    /// The name in definitions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HttpsOnly => "https-only",
            Self::EnhancedHttp => "enhanced-http",
        }
    }
}

/// How the site tells clients to choose among their certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The subject contains this text.
    SubjectContains(String),
    /// The subject has these attributes with these values.
    SubjectAttributes(Vec<(String, String)>),
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
    /// What certificates may chain to that need no authority of the organization's own: public authorities.
    pub public_roots: Vec<PathBuf>,
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
    /// Where the definition describes it; 0: nowhere.
    pub defined_at: Position,
}

impl Client {
    /// A client of which nothing more is said.
    pub fn new(name: impl Into<Arc<str>>, kind: ClientKind, source: IdentitySource) -> Self {
        Self { name: name.into(), kind, source, secret: None, defined_at: Position::default() }
    }
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
    /// The site's own monitoring: a management or state migration point asks itself.
    Monitoring,
    /// A distribution point of Current Branch, and whoever starts from the network by it.
    DistributionPointClient,
    /// Somebody with a certificate of another authority the machine trusts: to be refused.
    Outsider,
}

impl ClientKind {
    /// Every kind, in the order of the enumeration.
    pub const ALL: [Self; 6] = [
        Self::Computer,
        Self::MobileDevice,
        Self::Deployment,
        Self::Monitoring,
        Self::DistributionPointClient,
        Self::Outsider,
    ];

    /// The name in definitions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Computer => "computer",
            Self::MobileDevice => "mobile-device",
            Self::Deployment => "deployment",
            Self::Monitoring => "monitoring",
            Self::DistributionPointClient => "distribution-point-client",
            Self::Outsider => "outsider",
        }
    }
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
    /// What else it does, which is not judged.
    pub not_judged: Vec<UnjudgedRole>,
    /// Where it listens.
    pub ports: Ports,
    /// The certificate that must be bound.
    pub expected_certificate: Option<ExpectedCertificate>,
    /// A file of a package below the package directory, to be fetched as clients do.
    pub package_path: Option<String>,
    /// Where the definition describes it; 0: nowhere.
    pub defined_at: Position,
    /// Where it names the roles.
    pub roles_at: Position,
}

impl SiteSystem {
    /// A system of which nothing more is said.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            netbios: HostName::new(name),
            intranet_fqdn: None,
            internet_fqdn: None,
            client_connections: ClientConnections::Intranet,
            roles: Vec::new(),
            not_judged: Vec::new(),
            ports: Ports::default(),
            expected_certificate: None,
            package_path: None,
            defined_at: Position::default(),
            roles_at: Position::default(),
        }
    }
}

/// The certificate that must be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedCertificate {
    /// The one of this file.
    File(PathBuf),
    /// The one with this thumbprint: SHA-1 (40 digits) or SHA-256 (64), hexadecimal in small letters.
    Thumbprint(String),
}

impl ExpectedCertificate {
    /// Reads a file's name, relative to a folder, or a thumbprint in any of the forms Windows shows: with spaces or
    /// colons, and with the invisible mark its certificate dialogue copies.
    ///
    /// # Errors
    /// It is hexadecimal, and of another length than a thumbprint's.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Wrong> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, ':' | '-' | '\u{200e}' | '\u{200f}' | '\u{feff}'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let hexadecimal = digits.len() > 16 && digits.chars().all(|c| c.is_ascii_hexdigit());
        match digits.len() {
            40 | 64 if hexadecimal => Ok(Self::Thumbprint(digits)),
            length if hexadecimal => Err(Wrong::new(
                format!("a thumbprint of {length} digits"),
                "a SHA-1 thumbprint has 40 digits, a SHA-256 one 64; a file's name ends in .cer, .crt or .pem",
            )),
            _ => Ok(Self::File(folder.join(text.trim()))),
        }
    }
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
    /// The software update point's HTTP twin; default 8530 beside 8531, 80 beside 443.
    pub update_point_http: Option<u16>,
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

    /// Where the software update point's plain HTTP is: WSUS has a port of each kind, and its content comes by this one.
    pub fn update_point_http(&self) -> u16 {
        self.update_point_http.unwrap_or_else(|| match self.https_for(Role::SoftwareUpdatePoint) {
            8531 => 8530,
            _ => self.http(),
        })
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
    /// Where the definition describes it; 0: nowhere.
    pub defined_at: Position,
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
    /// Where the definition describes it; 0: nowhere.
    pub defined_at: Position,
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
