//! What certificates are asked for, as data: purpose, template, whether the key may be exported; and which of them a site
//! system needs by its roles.

use crate::site::expected_names::clusters_of;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{Site, SiteSystem};

/// What a certificate is for, by the names `inspect --as` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateUse {
    /// What a site system presents to clients.
    WebServer,
    /// What a bridging proxy presents to Internet clients, and on its inner leg.
    Proxy,
    /// What a bridging proxy presents on its inner leg, where it is another.
    ProxyClient,
    /// What a cloud management gateway presents.
    CloudManagementGateway,
    /// The administration service's.
    SmsProvider,
    /// The report server's.
    ReportingPoint,
    /// The site database server's.
    SqlServer,
    /// What a management or state migration point asks itself with.
    Monitoring,
    /// What a distribution point reports with, and hands to computers that start from the network.
    DistributionPointClient,
    /// What computers are given while they are deployed.
    Deployment,
    /// What a primary site of 2007 signs policies with.
    SiteServer,
    /// A client's.
    Client,
}

const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const DOCUMENT_SIGNING: &str = "1.3.6.1.4.1.311.10.3.12";

impl CertificateUse {
    /// Every use.
    pub const ALL: [Self; 12] = [
        Self::WebServer,
        Self::Proxy,
        Self::ProxyClient,
        Self::CloudManagementGateway,
        Self::SmsProvider,
        Self::ReportingPoint,
        Self::SqlServer,
        Self::Monitoring,
        Self::DistributionPointClient,
        Self::Deployment,
        Self::SiteServer,
        Self::Client,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebServer => "web-server",
            Self::Proxy => "proxy",
            Self::ProxyClient => "proxy-client",
            Self::CloudManagementGateway => "cloud-management-gateway",
            Self::SmsProvider => "sms-provider",
            Self::ReportingPoint => "reporting-point",
            Self::SqlServer => "sql-server",
            Self::Monitoring => "monitoring",
            Self::DistributionPointClient => "distribution-point-client",
            Self::Deployment => "deployment",
            Self::SiteServer => "site-server",
            Self::Client => "client",
        }
    }

    /// The purposes (Enhanced Key Usage).
    pub(super) fn purposes(self, inner_leg_too: bool) -> Vec<&'static str> {
        match self {
            Self::Proxy if inner_leg_too => vec![SERVER, CLIENT],
            Self::WebServer
            | Self::Proxy
            | Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::SqlServer => vec![SERVER],
            Self::ProxyClient | Self::Monitoring | Self::DistributionPointClient | Self::Deployment | Self::Client => {
                vec![CLIENT]
            }
            Self::SiteServer => vec![DOCUMENT_SIGNING],
        }
    }

    /// Whether its key leaves the computer it was made on.
    pub(super) const fn is_exported(self) -> bool {
        match self {
            Self::Proxy
            | Self::ProxyClient
            | Self::CloudManagementGateway
            | Self::DistributionPointClient
            | Self::Deployment => true,
            Self::WebServer
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::SqlServer
            | Self::Monitoring
            | Self::SiteServer
            | Self::Client => false,
        }
    }

    /// Whether it is handed to the console as a file with its key, and judged as one.
    pub(super) const fn is_handed_over(self) -> bool {
        match self {
            Self::CloudManagementGateway | Self::DistributionPointClient | Self::Deployment => true,
            Self::WebServer
            | Self::Proxy
            | Self::ProxyClient
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::SqlServer
            | Self::Monitoring
            | Self::SiteServer
            | Self::Client => false,
        }
    }

    /// The template on an enterprise authority.
    pub(super) const fn template(self) -> &'static str {
        match self {
            Self::WebServer
            | Self::Proxy
            | Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::SqlServer => "WebServer",
            Self::ProxyClient | Self::Monitoring | Self::DistributionPointClient | Self::Deployment | Self::Client => {
                "Workstation"
            }
            Self::SiteServer => "SiteServerSigning",
        }
    }

    /// What has to be so of the template, where the one Windows brings does not do.
    pub(super) const fn about_template(self) -> Option<&'static str> {
        match self {
            Self::WebServer | Self::SmsProvider | Self::ReportingPoint | Self::SqlServer => None,
            Self::Proxy => Some(
                "copy Web Server: add Client Authentication where the inner leg uses it too, let the key be exported; write your template's name",
            ),
            Self::CloudManagementGateway => {
                Some("copy Web Server and let the key be exported; write your template's name")
            }
            Self::Monitoring | Self::Client => Some(
                "Workstation Authentication builds its names from Active Directory; a copy that takes names from the request does as well: write its name",
            ),
            Self::ProxyClient | Self::DistributionPointClient | Self::Deployment => Some(
                "copy Workstation Authentication: names from the request, the key may be exported; write your template's name",
            ),
            Self::SiteServer => Some(
                "a version 2 template whose application policy is Document Signing, names from the request; write its name",
            ),
        }
    }

    /// What the certificate's key may be used for, as certreq counts: digital signature, key encipherment.
    pub(super) const fn key_usage(self) -> (&'static str, &'static str) {
        match self {
            Self::SiteServer => ("0x80", "digitalSignature"),
            Self::WebServer
            | Self::Proxy
            | Self::ProxyClient
            | Self::CloudManagementGateway
            | Self::SmsProvider
            | Self::ReportingPoint
            | Self::SqlServer
            | Self::Monitoring
            | Self::DistributionPointClient
            | Self::Deployment
            | Self::Client => ("0xa0", "digitalSignature,keyEncipherment"),
        }
    }
}

/// The certificate a role has of its own kind, or, for those clients reach, the web server certificate.
const fn of_role(role: Role) -> Option<CertificateUse> {
    match role {
        Role::ManagementPoint
        | Role::ProxyManagementPoint
        | Role::DistributionPoint
        | Role::SoftwareUpdatePoint
        | Role::StateMigrationPoint
        | Role::MobileDeviceManagementPoint
        | Role::Nlb => Some(CertificateUse::WebServer),
        Role::CloudManagementGateway => Some(CertificateUse::CloudManagementGateway),
        Role::SmsProvider => Some(CertificateUse::SmsProvider),
        Role::ReportingPoint => Some(CertificateUse::ReportingPoint),
        Role::BranchDistributionPoint | Role::FallbackStatusPoint | Role::ServerLocatorPoint | Role::Proxy => None,
    }
}

/// A system's roles, and those of its clusters.
fn roles<'a>(site: &'a Site, system: &'a SiteSystem) -> impl Iterator<Item = Role> {
    system.roles.iter().copied().chain(clusters_of(site, system).map(|cluster| cluster.role))
}

/// Whether clients meet a web server certificate at a system.
pub(super) fn presents(site: &Site, system: &SiteSystem) -> bool {
    roles(site, system).any(|role| of_role(role) == Some(CertificateUse::WebServer))
}

/// The certificates a system needs.
pub(super) fn of_system(site: &Site, system: &SiteSystem) -> Vec<CertificateUse> {
    let has = |wanted: Role| roles(site, system).any(|role| role == wanted);
    let mut uses: Vec<CertificateUse> = Vec::new();
    for one in roles(site, system).filter_map(of_role) {
        if !uses.contains(&one) {
            uses.push(one);
        }
    }
    if has(Role::ManagementPoint) || has(Role::ProxyManagementPoint) || has(Role::StateMigrationPoint) {
        uses.push(CertificateUse::Monitoring);
    }
    if has(Role::DistributionPoint) && site.profile == Profile::CurrentBranch {
        uses.push(CertificateUse::DistributionPointClient);
    }
    uses
}
