//! Site system roles, and what each means for a probe: which port, whether HTTPS at all.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::profile::Profile;
use super::vantage::Network;

/// A site system role, as the console names it.
///
/// The two last are no roles of a site system: they stand for what an endpoint given on the command line may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Gives clients their policy and tells them where everything else is.
    ManagementPoint,
    /// A management point at a secondary site.
    ProxyManagementPoint,
    /// Serves packages.
    DistributionPoint,
    /// The Windows Server Update Services front.
    SoftwareUpdatePoint,
    /// Keeps user state during operating system deployment.
    StateMigrationPoint,
    /// The management point's function for Windows Mobile and Windows CE; on the management point's computer.
    MobileDeviceManagementPoint,
    /// A client that serves packages to its neighbours; no HTTPS.
    BranchDistributionPoint,
    /// Takes clients' cries for help over plain HTTP, always.
    FallbackStatusPoint,
    /// Locates management points for clients of 2007, over plain HTTP.
    ServerLocatorPoint,
    /// The way in for Internet clients of Current Branch, in Azure, under a service name of its own.
    CloudManagementGateway,
    /// The SMS Provider: its administration service, over HTTPS, is of Current Branch.
    SmsProvider,
    /// SQL Server Reporting Services or Power BI Report Server with the site's reports.
    ReportingPoint,
    /// A proxy web server between Internet clients and site systems.
    Proxy,
    /// A network load balancing cluster whose role is not known.
    Nlb,
}

impl Role {
    /// Every role, in the order reports use.
    pub const ALL: [Self; 14] = [
        Self::ManagementPoint,
        Self::ProxyManagementPoint,
        Self::DistributionPoint,
        Self::SoftwareUpdatePoint,
        Self::StateMigrationPoint,
        Self::MobileDeviceManagementPoint,
        Self::BranchDistributionPoint,
        Self::FallbackStatusPoint,
        Self::ServerLocatorPoint,
        Self::CloudManagementGateway,
        Self::SmsProvider,
        Self::ReportingPoint,
        Self::Proxy,
        Self::Nlb,
    ];

    /// The name in definitions, reports and endpoint ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ManagementPoint => "management-point",
            Self::ProxyManagementPoint => "proxy-management-point",
            Self::DistributionPoint => "distribution-point",
            Self::SoftwareUpdatePoint => "software-update-point",
            Self::StateMigrationPoint => "state-migration-point",
            Self::MobileDeviceManagementPoint => "mobile-device-management-point",
            Self::BranchDistributionPoint => "branch-distribution-point",
            Self::FallbackStatusPoint => "fallback-status-point",
            Self::ServerLocatorPoint => "server-locator-point",
            Self::CloudManagementGateway => "cloud-management-gateway",
            Self::SmsProvider => "sms-provider",
            Self::ReportingPoint => "reporting-point",
            Self::Proxy => "proxy",
            Self::Nlb => "nlb",
        }
    }

    /// The short form administrators use, where there is one.
    pub const fn short(self) -> Option<&'static str> {
        match self {
            Self::ManagementPoint => Some("mp"),
            Self::ProxyManagementPoint => Some("pmp"),
            Self::DistributionPoint => Some("dp"),
            Self::SoftwareUpdatePoint => Some("sup"),
            Self::StateMigrationPoint => Some("smp"),
            Self::MobileDeviceManagementPoint => Some("dmp"),
            Self::FallbackStatusPoint => Some("fsp"),
            Self::ServerLocatorPoint => Some("slp"),
            Self::CloudManagementGateway => Some("cmg"),
            Self::BranchDistributionPoint | Self::SmsProvider | Self::ReportingPoint | Self::Proxy | Self::Nlb => None,
        }
    }

    /// Reads a full name or a short form, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let means = |name: &str| name.eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(|role| means(role.name()) || role.short().is_some_and(means))
    }

    /// Names, each with its short form, as a sentence lists them.
    pub fn listed(roles: impl IntoIterator<Item = Self>) -> String {
        let named = |role: Self| match role.short() {
            Some(short) => format!("{role} ({short})"),
            None => role.to_string(),
        };
        roles.into_iter().map(named).collect::<Vec<_>>().join(", ")
    }

    /// The only profile whose sites have the role so that it is judged; `None`: both.
    pub const fn only_in(self) -> Option<Profile> {
        match self {
            Self::ProxyManagementPoint
            | Self::MobileDeviceManagementPoint
            | Self::BranchDistributionPoint
            | Self::ServerLocatorPoint => Some(Profile::NativeMode2007),
            Self::CloudManagementGateway | Self::SmsProvider | Self::ReportingPoint => Some(Profile::CurrentBranch),
            Self::ManagementPoint
            | Self::DistributionPoint
            | Self::SoftwareUpdatePoint
            | Self::StateMigrationPoint
            | Self::FallbackStatusPoint
            | Self::Proxy
            | Self::Nlb => None,
        }
    }

    /// Whether clients on a network use the role: a cloud management gateway stands outside for everybody, consoles and
    /// browsers inside.
    pub const fn serves(self, network: Network) -> bool {
        match self {
            Self::CloudManagementGateway => matches!(network, Network::Internet),
            Self::SmsProvider | Self::ReportingPoint => matches!(network, Network::Intranet),
            Self::ManagementPoint
            | Self::ProxyManagementPoint
            | Self::DistributionPoint
            | Self::SoftwareUpdatePoint
            | Self::StateMigrationPoint
            | Self::MobileDeviceManagementPoint
            | Self::BranchDistributionPoint
            | Self::FallbackStatusPoint
            | Self::ServerLocatorPoint
            | Self::Proxy
            | Self::Nlb => true,
        }
    }

    /// Whether the role presents the certificate the documents call the web server certificate, and not one of a kind of
    /// its own.
    pub const fn presents_web_server_certificate(self) -> bool {
        match self {
            Self::ManagementPoint
            | Self::ProxyManagementPoint
            | Self::DistributionPoint
            | Self::SoftwareUpdatePoint
            | Self::StateMigrationPoint
            | Self::MobileDeviceManagementPoint
            | Self::Nlb => true,
            Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::BranchDistributionPoint
            | Self::FallbackStatusPoint
            | Self::ServerLocatorPoint
            | Self::Proxy => false,
        }
    }

    /// Whether clients reach the role over HTTPS.
    pub const fn uses_https(self) -> bool {
        match self {
            Self::ManagementPoint
            | Self::ProxyManagementPoint
            | Self::DistributionPoint
            | Self::SoftwareUpdatePoint
            | Self::StateMigrationPoint
            | Self::MobileDeviceManagementPoint
            | Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::Proxy
            | Self::Nlb => true,
            Self::BranchDistributionPoint | Self::FallbackStatusPoint | Self::ServerLocatorPoint => false,
        }
    }

    /// The port clients use unless the definition says otherwise.
    pub const fn default_https_port(self) -> u16 {
        match self {
            Self::SoftwareUpdatePoint => 8531,
            Self::ManagementPoint
            | Self::ProxyManagementPoint
            | Self::DistributionPoint
            | Self::StateMigrationPoint
            | Self::MobileDeviceManagementPoint
            | Self::BranchDistributionPoint
            | Self::FallbackStatusPoint
            | Self::ServerLocatorPoint
            | Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::Proxy
            | Self::Nlb => 443,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A role that a definition may name, and that is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnjudgedRole {
    /// Enrols mobile devices and Macs, behind the enrollment proxy point.
    EnrollmentPoint,
    /// Takes their requests.
    EnrollmentProxyPoint,
    /// Hands requests for certificates on to a Network Device Enrollment Service.
    CertificateRegistrationPoint,
    /// A client that serves content to its neighbours.
    PeerCacheSource,
}

impl UnjudgedRole {
    /// Every one.
    pub const ALL: [Self; 4] =
        [Self::EnrollmentPoint, Self::EnrollmentProxyPoint, Self::CertificateRegistrationPoint, Self::PeerCacheSource];

    /// The name in definitions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EnrollmentPoint => "enrollment-point",
            Self::EnrollmentProxyPoint => "enrollment-proxy-point",
            Self::CertificateRegistrationPoint => "certificate-registration-point",
            Self::PeerCacheSource => "peer-cache-source",
        }
    }

    /// Reads a name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(text.trim()))
    }

    /// Why it is not judged.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::EnrollmentPoint | Self::EnrollmentProxyPoint => {
                "on-premises device management is deprecated, and its clients hold no certificate before they have enrolled"
            }
            Self::CertificateRegistrationPoint => {
                "its only client is the site's policy module at the enrollment service, and the role has been removed"
            }
            Self::PeerCacheSource => {
                "it is a client: it shows its neighbours its own client certificate, which is judged in its file"
            }
        }
    }
}

/// Words that stand where a role should and are ones no definition takes, and why: roles that are gone, and what serves no
/// client over HTTPS.
pub const NO_ROLES: &[(&[&str], &str)] = &[
    (
        &["application-catalog-web-service-point", "application-catalog-website-point", "application-catalog"],
        "the application catalog was removed in Current Branch 1910, and did not exist in 2007: leave it out",
    ),
    (
        &["out-of-band-service-point", "oob-service-point", "amt"],
        "the out of band service point is gone since Current Branch, and its AMT certificates are not judged: leave it out",
    ),
    (
        &["pxe-service-point", "pxe"],
        "a PXE service point speaks no HTTPS: leave it out, and name its certificate as a [[client]] of kind \"deployment\"",
    ),
    (
        &[
            "site-server",
            "site-database-server",
            "site-system",
            "component-server",
            "asset-intelligence-synchronization-point",
            "endpoint-protection-point",
            "service-connection-point",
            "system-health-validator-point",
            "data-warehouse-service-point",
            "cloud-management-gateway-connection-point",
        ],
        "it serves no clients over HTTPS: leave it out",
    ),
    (
        &["sql-server", "sql"],
        "SQL Server is no role of a definition: cmprobe inspect --as sql-server judges its certificate",
    ),
];

/// What to say of a word that stands where a role should and is one no definition takes: a role that is gone, or that
/// serves no client over HTTPS.
pub fn no_role(text: &str) -> Option<&'static str> {
    let word = text.trim().to_ascii_lowercase().replace(['_', ' '], "-").replace("catalogue", "catalog");
    NO_ROLES.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, why)| *why)
}
