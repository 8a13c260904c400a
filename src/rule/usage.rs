//! What certificates are relied on for, by whom: one value for each use, as data.

use crate::site::profile::{ByProfile, Profile};
use crate::site::role::Role;
pub use crate::trust::path::search::Purpose;
use crate::verdict::cause::host::Host;

/// What a certificate is relied on for. A certificate is judged once, for its use, wherever it is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// A site system's web server certificate.
    WebServer,
    /// What a bridging proxy web server presents to Internet clients.
    Proxy,
    /// What a bridging proxy presents to the site systems it publishes.
    ProxyClient,
    /// A client computer's.
    Client,
    /// A mobile device's.
    MobileDevice,
    /// For operating system deployment: boot media, PXE, task sequences.
    Deployment,
    /// With which a management point or state migration point is asked by its own site.
    Monitoring,
    /// With which a distribution point of Current Branch speaks to management points, and which it hands to PXE clients.
    DistributionPointClient,
    /// The site server signing certificate.
    SiteServer,
    /// A root authority's.
    Root,
    /// A cloud management gateway's server certificate.
    CloudManagementGateway,
    /// The administration service's, on the SMS Provider.
    SmsProvider,
    /// A reporting services point's.
    ReportingPoint,
    /// The site database server's.
    SqlServer,
}

/// Whose roots a certificate must lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roots {
    /// Those clients trust: `[trust] roots`.
    Site,
    /// Those, or public ones: `[trust] public_roots`.
    SiteOrPublic,
    /// Those client certificates must lead to: `[trust] client_roots`.
    Client,
    /// None: it is trusted by itself, or by copy.
    None,
}

/// The lengths documents allow for a key, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLimits {
    /// The shortest; `None`: no document says.
    pub least: Option<u32>,
    /// The longest; `None`: no document says.
    pub most: Option<u32>,
}

/// What there is to know of a use.
#[derive(Debug)]
pub struct UseData {
    /// Which.
    pub of: Use,
    /// The name `inspect --as` takes, and the first part of its requirements' ids.
    pub name: &'static str,
    /// The certificate, as the subject of a sentence.
    pub noun: &'static str,
    /// The purpose (Enhanced Key Usage) it must name.
    pub purpose: Option<Purpose>,
    /// Whose roots it must lead to.
    pub roots: Roots,
    /// How long its key may be.
    pub key: ByProfile<KeyLimits>,
    /// Whether the profile knows the use at all.
    pub exists: ByProfile<bool>,
    /// Where it is met.
    pub met: &'static str,
    /// Who relies on it, and fails with it.
    pub relied_on_by: &'static str,
    /// Who checks its revocation lists.
    pub lists_checked_by: &'static str,
    /// From what it is issued, by profile.
    pub template: ByProfile<&'static str>,
}

const fn limits(least: u32, most: u32) -> KeyLimits {
    KeyLimits { least: if least == 0 { None } else { Some(least) }, most: if most == 0 { None } else { Some(most) } }
}

const BOTH: ByProfile<bool> = ByProfile::both(true);
const TODAY: ByProfile<bool> = ByProfile::each(false, true);
const WORKSTATION: ByProfile<&str> = ByProfile::each(
    "Workstation Authentication or Computer, by a cryptographic service provider (a version 2 template)",
    "Workstation Authentication; a Key Storage Provider may hold the key, its algorithm RSA",
);

impl Use {
    /// Every use, in the order reports and tables have them.
    pub const ALL: [Self; 14] = [
        Self::WebServer,
        Self::Proxy,
        Self::ProxyClient,
        Self::Client,
        Self::MobileDevice,
        Self::Deployment,
        Self::Monitoring,
        Self::DistributionPointClient,
        Self::SiteServer,
        Self::Root,
        Self::CloudManagementGateway,
        Self::SmsProvider,
        Self::ReportingPoint,
        Self::SqlServer,
    ];

    /// The use of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name().eq_ignore_ascii_case(name))
    }

    /// What there is to know of it.
    pub const fn data(self) -> &'static UseData {
        &USES[self as usize]
    }

    /// The name `inspect --as` takes, and the first part of its requirements' ids.
    pub const fn name(self) -> &'static str {
        self.data().name
    }

    /// The certificate, as the subject of a sentence.
    pub const fn noun(self) -> &'static str {
        self.data().noun
    }

    /// The object identifier of its purpose; `None`: no purpose is asked of it.
    pub const fn purpose_oid(self) -> Option<&'static str> {
        match self.data().purpose {
            Some(purpose) => purpose.oid(),
            None => None,
        }
    }

    /// Whether a server presents it in handshakes that clients begin.
    pub const fn is_server(self) -> bool {
        matches!(
            self,
            Self::WebServer | Self::Proxy | Self::CloudManagementGateway | Self::SmsProvider | Self::ReportingPoint
        )
    }

    /// What the certificate a role presents is relied on for.
    pub const fn presented_by(role: Role) -> Self {
        match role {
            Role::Proxy => Self::Proxy,
            Role::CloudManagementGateway => Self::CloudManagementGateway,
            Role::SmsProvider => Self::SmsProvider,
            Role::ReportingPoint => Self::ReportingPoint,
            Role::ManagementPoint
            | Role::ProxyManagementPoint
            | Role::DistributionPoint
            | Role::SoftwareUpdatePoint
            | Role::StateMigrationPoint
            | Role::MobileDeviceManagementPoint
            | Role::BranchDistributionPoint
            | Role::FallbackStatusPoint
            | Role::ServerLocatorPoint
            | Role::Nlb => Self::WebServer,
        }
    }

    /// Where it is shown, at a role where that is known.
    pub fn host(self, role: Option<Role>) -> Host {
        match self {
            Self::WebServer | Self::Proxy => role.map_or(Host::SiteSystem, Host::at),
            Self::CloudManagementGateway => Host::Gateway,
            Self::SmsProvider => Host::Provider,
            Self::ReportingPoint => Host::Reports,
            Self::Client => Host::Client,
            Self::ProxyClient => Host::ProxyClient,
            Self::MobileDevice => Host::MobileDevice,
            Self::Monitoring => Host::Monitoring,
            Self::Deployment => Host::Deployment,
            Self::DistributionPointClient => Host::DistributionPointClient,
            Self::SiteServer => Host::SiteServer,
            Self::SqlServer => Host::Database,
            Self::Root => Host::WebServer,
        }
    }

    /// Whether a client presents it to a web server of the site.
    pub const fn is_client(self) -> bool {
        matches!(
            self,
            Self::ProxyClient
                | Self::Client
                | Self::MobileDevice
                | Self::Deployment
                | Self::Monitoring
                | Self::DistributionPointClient
        )
    }

    /// Whether the profile knows it.
    pub const fn exists_in(self, profile: Profile) -> bool {
        self.data().exists.under(profile)
    }
}

static USES: [UseData; 14] = [
    UseData {
        of: Use::WebServer,
        name: "web-server",
        noun: "The web server certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::Site,
        key: ByProfile::both(limits(2048, 0)),
        exists: BOTH,
        met: "in the handshake with management points, distribution points, software update points, state migration points, \
              mobile device management points and cluster nodes; in a file; in what a management point hands out as its \
              own certificate",
        relied_on_by: "Windows clients (policy by WinHTTP, content by BITS, scans by the Windows Update Agent), Windows PE, \
                       mobile devices, the site server, and a bridging proxy on its inner leg",
        lists_checked_by: "Windows clients, while the site lets them check certificate revocation lists",
        template: ByProfile::each(
            "a version 2 copy of Web Server, by the Microsoft RSA SChannel Cryptographic Provider",
            "Web Server; a Key Storage Provider may hold the key, its algorithm RSA",
        ),
    },
    UseData {
        of: Use::Proxy,
        name: "proxy",
        noun: "The bridging proxy's certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::SiteOrPublic,
        key: ByProfile::both(limits(2048, 0)),
        exists: BOTH,
        met: "in the handshake outside, where a proxy web server terminates TLS; in a file",
        relied_on_by: "every Internet client, in place of the Internet-based site systems the proxy publishes",
        lists_checked_by: "Internet clients, which need an http URL they can reach",
        template: ByProfile::each(
            "a version 2 copy of Web Server with Client Authentication added, its key exportable",
            "Web Server with Client Authentication added, its key exportable",
        ),
    },
    UseData {
        of: Use::ProxyClient,
        name: "proxy-client",
        noun: "The proxy's client certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::both(limits(0, 0)),
        exists: BOTH,
        met: "in a file: the inner leg of a bridging proxy cannot be seen from outside",
        relied_on_by: "IIS on the site systems that the proxy publishes",
        lists_checked_by: "IIS, always, for each certificate of the path that names a list",
        template: WORKSTATION,
    },
    UseData {
        of: Use::Client,
        name: "client",
        noun: "The client's certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::each(limits(0, 2048), limits(0, 0)),
        exists: BOTH,
        met: "in a file; the probe offers it to servers",
        relied_on_by: "IIS on management points, distribution points and state migration points, bridging proxies, and the \
                       cloud management gateway",
        lists_checked_by: "IIS, always, whatever the site lets clients check: each certificate of the path that names a list \
                           (403.13)",
        template: WORKSTATION,
    },
    UseData {
        of: Use::MobileDevice,
        name: "mobile-device",
        noun: "The mobile device's certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::both(limits(0, 2048)),
        exists: BOTH,
        met: "in a file",
        relied_on_by: "IIS on the mobile device management point and on distribution points",
        lists_checked_by: "IIS by default; Current Branch's documents say that these connections do not support it",
        template: ByProfile::both("Authenticated Session"),
    },
    UseData {
        of: Use::Deployment,
        name: "deployment",
        noun: "The deployment certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::both(limits(0, 2048)),
        exists: BOTH,
        met: "in a PKCS #12 file, imported into boot media, the PXE service point or task sequence media",
        relied_on_by: "IIS on management points and distribution points, during a task sequence",
        lists_checked_by: "IIS, always, for each certificate of the path that names a list",
        template: ByProfile::each(
            "a version 2 copy of Workstation Authentication, its key exportable",
            "Workstation Authentication, its key exportable",
        ),
    },
    UseData {
        of: Use::Monitoring,
        name: "monitoring",
        noun: "The monitoring certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::both(limits(0, 2048)),
        exists: BOTH,
        met: "in a file: it lies in the computer store of the management point or state migration point",
        relied_on_by: "the site system's own IIS, when the site asks it how it is (MP Control Manager)",
        lists_checked_by: "IIS, always, for each certificate of the path that names a list",
        template: WORKSTATION,
    },
    UseData {
        of: Use::DistributionPointClient,
        name: "distribution-point-client",
        noun: "The distribution point's client certificate",
        purpose: Some(Purpose::ClientAuthentication),
        roots: Roots::Client,
        key: ByProfile::both(limits(0, 2048)),
        exists: TODAY,
        met: "in a PKCS #12 file, in the distribution point's properties",
        relied_on_by: "management points that want HTTPS, which take its status messages, and PXE clients, to which it is \
                       handed",
        lists_checked_by: "IIS, always, for each certificate of the path that names a list",
        template: ByProfile::both("Workstation Authentication, its key exportable"),
    },
    UseData {
        of: Use::SiteServer,
        name: "site-server",
        noun: "The site server signing certificate",
        purpose: Some(Purpose::DocumentSigning),
        roots: Roots::Site,
        key: ByProfile::each(limits(0, 8096), limits(0, 0)),
        exists: BOTH,
        met: "in a file; management points hand it out (?SITESIGNCERT)",
        relied_on_by: "clients, which refuse policy it did not sign",
        lists_checked_by: "nobody is known to",
        template: ByProfile::each(
            "a version 2 template with Document Signing whose subject is supplied in the request",
            "none: the site makes it itself",
        ),
    },
    UseData {
        of: Use::Root,
        name: "root",
        noun: "The root certificate",
        purpose: None,
        roots: Roots::None,
        key: ByProfile::both(limits(2048, 0)),
        exists: BOTH,
        met: "in the definition's [trust], in --ca-file, in the site's list of root authorities",
        relied_on_by: "everyone who trusts any certificate below it",
        lists_checked_by: "nobody: no list names a root",
        template: ByProfile::both("none: the authority makes it itself"),
    },
    UseData {
        of: Use::CloudManagementGateway,
        name: "cloud-management-gateway",
        noun: "The cloud management gateway's certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::SiteOrPublic,
        key: ByProfile::both(limits(2048, 4096)),
        exists: TODAY,
        met: "in the handshake at the service name; in a PKCS #12 file",
        relied_on_by: "Internet clients and the gateway's connection point",
        lists_checked_by: "Internet clients, by default",
        template: ByProfile::both("Web Server, its key exportable; or a public authority's"),
    },
    UseData {
        of: Use::SmsProvider,
        name: "sms-provider",
        noun: "The administration service's certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::SiteOrPublic,
        key: ByProfile::both(limits(2048, 0)),
        exists: TODAY,
        met: "in the handshake with the SMS Provider (/AdminService/)",
        relied_on_by: "the console, scripts, tenant attach and browsers",
        lists_checked_by: "no document says",
        template: ByProfile::both("the site's own, or Web Server where one is bound by hand"),
    },
    UseData {
        of: Use::ReportingPoint,
        name: "reporting-point",
        noun: "The reporting services point's certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::SiteOrPublic,
        key: ByProfile::both(limits(2048, 0)),
        exists: TODAY,
        met: "in the handshake with SQL Server Reporting Services or Power BI Report Server",
        relied_on_by: "browsers and the console",
        lists_checked_by: "no document says",
        template: ByProfile::both("Web Server"),
    },
    UseData {
        of: Use::SqlServer,
        name: "sql-server",
        noun: "The site database server's certificate",
        purpose: Some(Purpose::ServerAuthentication),
        roots: Roots::None,
        key: ByProfile::both(limits(0, 2048)),
        exists: TODAY,
        met: "in a file",
        relied_on_by: "the site server and management points, which trust it by a copy",
        lists_checked_by: "nobody: server-to-server connections do not support it",
        template: ByProfile::both("Web Server by a cryptographic service provider, key exchange"),
    },
];

#[cfg(test)]
mod tests {
    use super::Use;

    #[test]
    fn every_use_is_its_own_row() {
        for of in Use::ALL {
            assert_eq!(of.data().of, of);
            assert_eq!(Use::parse(of.name()), Some(of));
            assert!(!(of.is_server() && of.is_client()));
        }
    }
}
