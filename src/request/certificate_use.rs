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

/// Roles of single purpose, by name, and the certificates they need.
const BY_ROLE: &[(&str, CertificateUse)] = &[
    ("cloud-management-gateway", CertificateUse::CloudManagementGateway),
    ("sms-provider", CertificateUse::SmsProvider),
    ("reporting-point", CertificateUse::ReportingPoint),
];

/// Whether clients meet a web server certificate at a system.
pub(super) fn presents(site: &Site, system: &SiteSystem) -> bool {
    let is_web = |role: &Role| role.uses_https() && !BY_ROLE.iter().any(|(name, _)| *name == role.name());
    system.roles.iter().any(is_web) || clusters_of(site, system).next().is_some()
}

/// The certificates a system needs.
pub(super) fn of_system(site: &Site, system: &SiteSystem) -> Vec<CertificateUse> {
    let has =
        |role: Role| system.roles.contains(&role) || clusters_of(site, system).any(|cluster| cluster.role == role);
    let mut uses = Vec::new();
    if presents(site, system) {
        uses.push(CertificateUse::WebServer);
    }
    let by_role = BY_ROLE.iter().filter(|(name, _)| system.roles.iter().any(|role| role.name() == *name));
    uses.extend(by_role.map(|(_, certificate_use)| *certificate_use));
    if has(Role::ManagementPoint) || has(Role::ProxyManagementPoint) || has(Role::StateMigrationPoint) {
        uses.push(CertificateUse::Monitoring);
    }
    if has(Role::DistributionPoint) && site.profile == Profile::CurrentBranch {
        uses.push(CertificateUse::DistributionPointClient);
    }
    uses
}
