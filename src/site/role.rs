//! Site system roles, and what each means for a probe: which port, whether HTTPS at all.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// A proxy web server between Internet clients and site systems.
    Proxy,
    /// A network load balancing cluster whose role is not known.
    Nlb,
}

impl Role {
    /// Every role, in the order reports use.
    pub const ALL: [Self; 11] = [
        Self::ManagementPoint,
        Self::ProxyManagementPoint,
        Self::DistributionPoint,
        Self::SoftwareUpdatePoint,
        Self::StateMigrationPoint,
        Self::MobileDeviceManagementPoint,
        Self::BranchDistributionPoint,
        Self::FallbackStatusPoint,
        Self::ServerLocatorPoint,
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
            Self::BranchDistributionPoint | Self::Proxy | Self::Nlb => None,
        }
    }

    /// Reads a full name or a short form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == text || role.short() == Some(text))
    }

    /// Whether clients reach the role over HTTPS in native mode, with a web server certificate.
    pub const fn uses_https(self) -> bool {
        match self {
            Self::ManagementPoint
            | Self::ProxyManagementPoint
            | Self::DistributionPoint
            | Self::SoftwareUpdatePoint
            | Self::StateMigrationPoint
            | Self::MobileDeviceManagementPoint
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
