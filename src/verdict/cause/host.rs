//! What to do where no IIS answers: Azure runs a cloud management gateway, the SMS Provider serves its own service, and
//! Reporting Services have a tool of their own. What a cause's remedy says of IIS, and of an authority the company may not
//! have, is told for them here.

mod dates;

use super::Cause;
use crate::site::profile::Profile;
use crate::site::role::Role;

/// Where a failure shows, as far as a remedy and its symptoms differ by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Host {
    /// IIS, a proxy, or what is not known.
    #[default]
    WebServer,
    /// Site systems that clients come to, of several roles, or a proxy in front of them.
    SiteSystem,
    /// A management point.
    ManagementPoint,
    /// A distribution point.
    DistributionPoint,
    /// A software update point.
    UpdatePoint,
    /// A state migration point.
    StateMigrationPoint,
    /// A management point for mobile devices.
    DeviceManagementPoint,
    /// A cloud management gateway, which Azure runs.
    Gateway,
    /// The SMS Provider's administration service.
    Provider,
    /// Reporting Services.
    Reports,
    /// A client's own certificate.
    Client,
    /// The certificate a site system watches itself with.
    Monitoring,
    /// A mobile device's certificate.
    MobileDevice,
    /// The certificate a proxy web server shows to the site system.
    ProxyClient,
    /// The certificate of computers that are being deployed.
    Deployment,
    /// The certificate a distribution point gives to computers that are being deployed.
    DistributionPointClient,
    /// The certificate the site signs with.
    SiteServer,
    /// The site database's server.
    Database,
}

impl Host {
    /// What answers at a role.
    pub const fn at(role: Role) -> Self {
        match role {
            Role::ManagementPoint | Role::ProxyManagementPoint => Self::ManagementPoint,
            Role::DistributionPoint => Self::DistributionPoint,
            Role::SoftwareUpdatePoint => Self::UpdatePoint,
            Role::StateMigrationPoint => Self::StateMigrationPoint,
            Role::CloudManagementGateway => Self::Gateway,
            Role::SmsProvider => Self::Provider,
            Role::ReportingPoint => Self::Reports,
            Role::MobileDeviceManagementPoint => Self::DeviceManagementPoint,
            Role::BranchDistributionPoint
            | Role::FallbackStatusPoint
            | Role::ServerLocatorPoint
            | Role::Proxy
            | Role::Nlb => Self::SiteSystem,
        }
    }

    /// Where what shows at both shows.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            _ if self.is_of_the_site() && other.is_of_the_site() => Self::SiteSystem,
            _ => Self::WebServer,
        }
    }

    /// Whether it is a site system that clients come to, on IIS or behind a proxy.
    pub const fn is_of_the_site(self) -> bool {
        match self {
            Self::SiteSystem
            | Self::ManagementPoint
            | Self::DistributionPoint
            | Self::UpdatePoint
            | Self::StateMigrationPoint
            | Self::DeviceManagementPoint => true,
            Self::WebServer
            | Self::Gateway
            | Self::Provider
            | Self::Reports
            | Self::Client
            | Self::Monitoring
            | Self::MobileDevice
            | Self::ProxyClient
            | Self::Deployment
            | Self::DistributionPointClient
            | Self::SiteServer
            | Self::Database => false,
        }
    }

    /// Those that are no IIS.
    pub const ELSEWHERE: [Self; 3] = [Self::Gateway, Self::Provider, Self::Reports];

    /// What it is called in a remedy's heading.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebServer => "web server",
            Self::SiteSystem => "site system",
            Self::ManagementPoint => "management point",
            Self::DistributionPoint => "distribution point",
            Self::UpdatePoint => "software update point",
            Self::StateMigrationPoint => "state migration point",
            Self::DeviceManagementPoint => "management point for mobile devices",
            Self::Gateway => "cloud management gateway",
            Self::Provider => "administration service",
            Self::Reports => "reporting point",
            Self::Client => "client",
            Self::Monitoring => "site system that watches itself",
            Self::MobileDevice => "mobile device",
            Self::ProxyClient => "proxy web server",
            Self::Deployment | Self::DistributionPointClient => "computer that is being deployed",
            Self::SiteServer => "site server",
            Self::Database => "site database",
        }
    }
}

/// What to do about a cause, by what answers.
#[derive(Debug)]
struct Local {
    /// The causes.
    causes: &'static [&'static str],
    /// At a cloud management gateway; empty: the cause's own remedy fits.
    gateway: &'static str,
    /// At the administration service; empty: the cause's own remedy fits.
    provider: &'static str,
    /// At Reporting Services; empty: the cause's own remedy fits.
    reports: &'static str,
}

impl Cause {
    /// The remedy where something answers.
    pub fn remedy_at(&self, profile: Profile, host: Host) -> &'static str {
        let own = || dates::remedy(self.id, profile, host);
        self.local(host).or_else(own).unwrap_or_else(|| self.remedy.under(profile))
    }

    /// The remedy that differs where no IIS answers.
    pub fn local(&self, host: Host) -> Option<&'static str> {
        let local = LOCAL.iter().find(|local| local.causes.contains(&self.id))?;
        let text = match host {
            Host::Gateway => local.gateway,
            Host::Provider => local.provider,
            Host::Reports => local.reports,
            Host::WebServer
            | Host::SiteSystem
            | Host::ManagementPoint
            | Host::DistributionPoint
            | Host::UpdatePoint
            | Host::StateMigrationPoint
            | Host::DeviceManagementPoint
            | Host::Client
            | Host::Monitoring
            | Host::MobileDevice
            | Host::ProxyClient
            | Host::Deployment
            | Host::DistributionPointClient
            | Host::SiteServer
            | Host::Database => "",
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

/// How another certificate gets there.
macro_rules! handed_in {
    (gateway) => {
        " Give it to the gateway as a .pfx file with its key: in the console Administration, Cloud Services, Cloud Management Gateway, Properties, Settings, Certificate file. Its common name stays the gateway's service name, letter for letter."
    };
    (provider) => {
        " Put it, with its key, into the Personal store of the SMS Provider's computer account, and choose it for port 443 there: `netsh http delete sslcert ipport=0.0.0.0:443`, then `netsh http add sslcert ipport=0.0.0.0:443 certhash=THUMBPRINT appid={GUID}`, with its thumbprint and any GUID. Or delete that entry only, and restart the component SMS_REST_PROVIDER: then the site puts one of its own there (issuer SMS Issuing)."
    };
    (reports) => {
        " Put it, with its key, into the Personal store of the server's computer account, and choose it in Report Server Configuration Manager, under Web Service URL and Web Portal URL."
    };
}

/// Another certificate, and how it gets there.
macro_rules! replaced {
    ([$($cause:literal),+], $lead:literal) => {
        Local {
            causes: &[$($cause),+],
            gateway: concat!($lead, handed_in!(gateway)),
            provider: concat!($lead, handed_in!(provider)),
            reports: concat!($lead, handed_in!(reports)),
        }
    };
}

/// What whoever runs the authority does: the company, or a public one. Reporting Services' certificate is the company's.
macro_rules! by_the_authority {
    ([$($cause:literal),+], $lead:literal) => {
        Local { causes: &[$($cause),+], gateway: $lead, provider: $lead, reports: "" }
    };
}

/// Another certificate, where the company's authority is not to be changed for it.
macro_rules! replaced_by_another_authority {
    ([$($cause:literal),+], $lead:literal) => {
        replaced_by_another_authority!([$($cause),+], $lead, "")
    };
    ([$($cause:literal),+], $lead:literal, $reports:literal) => {
        Local {
            causes: &[$($cause),+],
            gateway: concat!($lead, handed_in!(gateway)),
            provider: concat!($lead, handed_in!(provider)),
            reports: $reports,
        }
    };
}

/// The table.
static LOCAL: &[Local] = &[
    replaced!(
        ["unreadable-certificate"],
        "Export the certificate again from where it was issued, and compare its thumbprint with the one there."
    ),
    Local {
        causes: &["unreadable-authority"],
        gateway: "Get the authority's certificate from the authority itself, and give it to the gateway with the server's in one .pfx file: in the console Administration, Cloud Services, Cloud Management Gateway, Properties, Settings, Certificate file. If it was fetched where certificates name it (AIA), whoever runs the authority lays it there whole.",
        provider: "Get the authority's certificate from the authority itself, and put it in the place of the damaged one, into Intermediate Certification Authorities of the SMS Provider's computer account. Then delete the entry of port 443 and add it again (`netsh http delete sslcert`, `netsh http add sslcert`), so that the chain is built anew. If it was fetched where certificates name it (AIA), whoever runs the authority lays it there whole.",
        reports: "Get the authority's certificate from the authority itself, and put it in the place of the damaged one, into Intermediate Certification Authorities of the reporting point's computer account (`certutil -addstore CA issuing.cer`). Then restart SQL Server Reporting Services. If it was fetched where certificates name it (AIA), whoever runs the authority lays it there whole.",
    },
    replaced!(
        ["wrong-certificate-bound", "certificate-not-bound", "certificate-ended-renewed-not-bound"],
        "Put the certificate that was meant in the place of this one."
    ),
    replaced!(["names-joined-by-ampersand"], "Get the certificate issued again with each name as an entry of its own."),
    replaced!(
        ["computer-name-only"],
        "Get a certificate with the fully qualified domain name that is dialled; the short name may stay beside it."
    ),
    replaced!(["name-in-wrong-field"], "Get the certificate issued again with the name as a DNS name."),
    replaced!(
        ["wildcard-does-not-cover"],
        "Get a certificate with this very name, or a wildcard of its domain: one stands for one label."
    ),
    replaced!(
        ["no-name-at-all", "node-lacks-cluster-name"],
        "Get a certificate that holds the name that is dialled, as a DNS name."
    ),
    replaced!(
        ["name-only-in-common-name"],
        "Get the certificate issued again with every name as a DNS entry, the common name's too."
    ),
    replaced!(
        ["name-not-requested"],
        "Get a certificate with the name that is dialled; if that name is the wrong one, correct it in the definition instead."
    ),
    replaced!(["wildcard-used"], "Get a certificate with this server's own names in the place of the wildcard."),
    replaced!(
        ["several-common-names"],
        "Get the certificate issued again with one common name, and every name as a DNS alternative name."
    ),
    replaced!(
        ["nodes-differ"],
        "Give every server behind the name the same certificate: the evidence tells at which address or connection which thumbprint was met."
    ),
    replaced!(["certificate-ended"], "Get a new certificate in the place of the one that ended."),
    replaced!(["certificate-ends-soon"], "Get a new certificate, and put it in place before this one ends."),
    replaced!(
        ["certificate-revoked"],
        "Find out from the authority why it was revoked (the evidence gives day and reason), and get a new certificate in its place."
    ),
    replaced_by_another_authority!(
        ["certificate-on-hold"],
        "Ask the authority why it holds the certificate, and to release it or to issue another; it publishes its list anew for that."
    ),
    replaced!(
        ["certificate-message-too-long"],
        "Get the certificate issued again with fewer names, and leave out of its file what does not belong to its path."
    ),
    replaced!(
        ["foreign-hierarchy"],
        "Get a certificate from an authority below one of the roots the evidence expects: the site's own, or a public one where any is listed."
    ),
    replaced!(
        ["self-signed-bound"],
        "Put an authority's certificate in the place of the self-signed one; making clients accept that instead is no remedy."
    ),
    replaced!(
        ["enhanced-http"],
        "Put an authority's certificate in the place of the one the site made, which the clients of this service do not know."
    ),
    replaced!(
        ["authority-bound-as-server"],
        "Use a server's certificate (template Web Server), which may certify nothing, in the place of the authority's, and take the authority's key out of use here."
    ),
    replaced!(
        ["no-usable-certificate-bound"],
        "Put a certificate with a usable private key in place: what answers has none, or cannot read its key."
    ),
    replaced!(
        ["server-fails-in-handshake"],
        "Put the certificate in place once more, exported with its private key: most often it is the key that cannot be used."
    ),
    replaced!(
        ["no-purpose-named", "any-purpose-only", "other-template"],
        "Get a server's certificate, whose Enhanced Key Usage names Server Authentication: the company's authority issues it from its Web Server template."
    ),
    replaced!(
        ["policies-disagree"],
        "Get the certificate issued again with Server Authentication among its application policies: in the company's template on the Extensions tab, Application Policies, and without purposes of its own in the request."
    ),
    replaced!(
        ["key-usage-too-narrow"],
        "Get the certificate issued again with Digital Signature and Key Encipherment in its Key Usage: in the company's template on the Request Handling tab, Purpose, \u{201c}Signature and encryption\u{201d}."
    ),
    replaced!(
        ["key-too-short", "key-too-long"],
        "Get the certificate issued again with a new RSA key of 2048 bits: in the company's template the minimum key size on the Cryptography tab."
    ),
    replaced!(
        ["elliptic-curve-key", "pss-key", "odd-key"],
        "Get the certificate issued again with a plain RSA key of 2048 bits: in the company's template the algorithm RSA on the Cryptography tab."
    ),
    replaced!(
        ["not-ascii"],
        "Get the certificate issued again with a Subject in ASCII, and with DNS names in their xn-- form."
    ),
    replaced!(
        [
            "unknown-critical-extension",
            "malformed-certificate",
            "name-constraint",
            "policy-not-allowed",
            "not-an-authority"
        ],
        "Get another certificate, without what the evidence names: from an authority that may issue it, and with software that writes it correctly."
    ),
    replaced!(
        ["issuer-name-in-other-encoding"],
        "Get the certificate issued again with its issuer's name written as the authority's own certificate writes it (see the evidence)."
    ),
    replaced!(
        ["validity-impossible"],
        "Get the certificate issued again with dates that can be: it begins after its end."
    ),
    replaced!(
        ["certificate-not-yet-valid"],
        "Wait, if it begins within hours; otherwise get it issued again by an authority whose clock is right."
    ),
    replaced!(["authority-revoked"], "Get a certificate from another authority, whose own certificate is not revoked."),
    replaced!(
        ["path-length"],
        "Get a certificate from an authority that stands no deeper than the authorities above it allow."
    ),
    replaced!(["ecdsa-authority"], "Get a certificate from an authority with an RSA key."),
    replaced!(
        ["authority-key-too-short"],
        "Get a certificate from an authority whose own key, as every one above it, has 2048 bits or more."
    ),
    replaced!(
        ["chain-misordered"],
        "Put the certificates into their order: the server's own first, then its issuer's, upwards, each once and none that does not belong there."
    ),
    replaced!(
        ["key-does-not-fit"],
        "Put certificate and private key in place together, from one export; if both are right there, somebody else answers at this address: find out who."
    ),
    Local {
        causes: &["sha2-for-old-clients"],
        gateway: "Take `legacy_clients` out of the definition: no client that old comes to a gateway.",
        provider: "Take `legacy_clients` out of the definition: no client comes to the administration service.",
        reports: "Take `legacy_clients` out of the definition: no client of the site comes to the reports.",
    },
    replaced_by_another_authority!(
        ["broken-hash", "sha1"],
        "Get a certificate that is signed with SHA-256 or better, and so is every authority's above it; an authority that signs with less changes that first."
    ),
    replaced_by_another_authority!(
        ["pss-signature"],
        "Get a certificate that is signed in the ordinary format (PKCS #1 v1.5), as every authority's above it."
    ),
    replaced_by_another_authority!(
        ["old-authority-still-sent", "authority-renewed-with-new-key"],
        "Get the authority's newer certificate from the authority itself, and hand it in with the server's; where it issued none, get a certificate from another authority.",
        "On the reporting point put the authority's newer certificate, which you have from the authority itself, into Intermediate Certification Authorities of the computer account (`certutil -addstore CA issuing.cer`), and take the old one out. Then restart SQL Server Reporting Services."
    ),
    replaced_by_another_authority!(
        ["authority-ended", "root-ended"],
        "Get the authority's newer certificate from the authority itself, and hand it in with the server's; where it issued none, get a certificate from another authority."
    ),
    replaced_by_another_authority!(
        ["root-is-no-authority"],
        "Compare the root's file with what the authority itself hands out: a root that does not say it is an authority serves nobody. Name the right file in the definition's [trust] table once its thumbprint is the authority's own, or get a certificate from another authority."
    ),
    replaced_by_another_authority!(
        ["issuer-not-sent", "issuer-fetchable"],
        "Hand the certificate in together with its issuing authority's, so that what answers sends both.",
        "On the reporting point put the issuing authority's certificate into Intermediate Certification Authorities of the computer account (`certutil -addstore CA issuing.cer`, or Group Policy), and restart SQL Server Reporting Services."
    ),
    replaced!(
        ["authority-for-other-purposes"],
        "Get a certificate from an authority that may issue for this purpose: one whose own certificate names Server Authentication, or no purpose at all."
    ),
    replaced!(
        ["signature-broken"],
        "Get the certificate from its authority once more, and compare the two; if they differ, use the authority's, and find out who altered this one."
    ),
    replaced_by_another_authority!(
        ["no-distribution-point", "directory-only", "https-only"],
        "Get a certificate from an authority that publishes its list over http and writes that address into what it issues."
    ),
    replaced!(
        ["possible-impersonation"],
        "Ask the authority itself, not the server that showed this, for its certificate, and compare thumbprint and key. If it is another one, do not rely on what answers at this address until it is known who does. If the authority says that it changed its key, get the certificate issued again under the new one."
    ),
    replaced!(
        ["root-not-declared", "unknown-root", "authority-above-unknown"],
        "Compare the thumbprint in the evidence with the one the authority itself publishes, not with what a server sends, and where they are equal name its file in the definition's [trust] roots (in public_roots a public one). If they are not, or another authority was meant, get a certificate from an authority that is."
    ),
    by_the_authority!(
        [
            "list-not-there",
            "list-empty",
            "list-is-other-file",
            "list-cut-short",
            "list-malformed",
            "list-of-other-authority",
            "list-signed-by-old-key",
            "list-signed-by-unknown-key",
            "delta-where-base-belongs",
            "list-ended",
            "offline-root-list-ended",
            "list-ends-soon",
            "list-pem",
            "list-too-large",
            "reasons-without-list",
            "delta-missing",
            "delta-ended",
            "full-list-where-delta-belongs",
            "delta-without-its-base"
        ],
        "Have the authority that issued the certificate publish its own list at this URL, whole, current and as DER. The company's authority does it by its own administrators (`cmprobe explain`, with the cause's name, has their steps), a public one by its support. Until then the certificate counts as one that cannot be checked; another authority's certificate is the other way out."
    ),
    by_the_authority!(
        [
            "ocsp-host-refuses",
            "ocsp-host-silent",
            "ocsp-not-there",
            "ocsp-forbidden",
            "ocsp-fails",
            "ocsp-is-none",
            "ocsp-knows-not",
            "ocsp-answer-ended",
            "ocsp-signed-by-another"
        ],
        "Have whoever runs the authority put its OCSP responder in order. A company's own: its administrators (`cmprobe explain`, with the cause's name, has their steps); a public authority's: its support. Until then clients fall back to the revocation list."
    ),
    by_the_authority!(
        ["list-host-fails", "list-forbidden", "delta-list-blocked-by-request-filtering", "list-host-speaks-no-http"],
        "Have whoever runs the list's host let anybody fetch the file at this URL, without a user and as it is. A company's own host: its administrators (`cmprobe explain`, with the cause's name, has their steps); a public authority's: its support."
    ),
    Local {
        causes: &[
            "application-pool-stopped",
            "role-fails",
            "request-unanswered",
            "request-cut-off",
            "answer-not-http",
            "answered-otherwise",
            "role-not-here",
            "site-database-unreachable",
        ],
        gateway: "In the console open Administration, Cloud Services, Cloud Management Gateway: the gateway must be Ready and its connection points connected (Connection analyzer asks step by step). SMS_CLOUD_PROXYCONNECTOR.log on the connection point and CloudMgr.log on the site server say what fails; a gateway that stays stopped is started there.",
        provider: "In the console restart the component SMS_REST_PROVIDER on the SMS Provider's server (Configuration Manager Service Manager), and read AdminService.log and SMS_REST_PROVIDER.log there.",
        reports: "On the reporting point restart SQL Server Reporting Services, and read its log (ReportServerService in the LogFiles folder); srsrp.log on the same server is the role's own.",
    },
    Local {
        causes: &[
            "client-root-not-trusted",
            "client-issuer-unknown-to-server",
            "issuers-lack-client-root",
            "foreign-issuers",
        ],
        gateway: "Give the gateway the clients' root and their issuing authorities: in the console Administration, Cloud Services, Cloud Management Gateway, Properties, Settings, the certificates for clients. The files come from the authorities themselves, not from a server; the site's own list (Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set) holds the root, too.",
        provider: "Put the clients' root, which you have from the authority itself, into Trusted Root Certification Authorities of the SMS Provider's computer account by Group Policy, and their issuing authority into Intermediate Certification Authorities.",
        reports: "",
    },
    Local {
        causes: &["client-list-out-of-reach"],
        gateway: "Publish the lists of the client certificate and of every authority above it where Azure can fetch them, over http from the Internet: a list that only the inside reaches is none for the gateway.",
        provider: "Make the lists of the client certificate and of every authority above it reachable for the SMS Provider's server, which fetches them as LocalSystem.",
        reports: "",
    },
    Local {
        causes: &["client-certificate-ended", "client-certificate-revoked", "client-of-foreign-hierarchy"],
        gateway: "Give the client a new certificate of the site's own authority, by autoenrolment, and take the old one out of its Personal store; if the file belongs to this definition, export it anew.",
        provider: "Give the client a new certificate of the site's own authority, by autoenrolment, and take the old one out of its Personal store; if the file belongs to this definition, export it anew.",
        reports: "",
    },
    Local {
        causes: &["certificate-not-required", "any-certificate-taken", "refuses-outsider"],
        gateway: "Find out what answers in the gateway's place: one that Azure runs asks every client for a certificate or a token. A device in front of it that opens TLS is to pass it on unopened.",
        provider: "Find out what answers in the service's place: it wants a Windows account or a token of everybody. Publish it through nothing that signs in for its callers.",
        reports: "",
    },
    Local {
        causes: &[
            "renegotiation-blocked",
            "late-request-impossible",
            "late-request",
            "access-rule-denies",
            "refused-without-reason",
            "windows-authentication-wanted",
            "redirected-elsewhere",
            "issuer-list-truncated",
            "issuer-list-too-long",
            "intermediate-in-trusted-root",
        ],
        gateway: "Find out what answers in the gateway's place, or between it and the clients: one that Azure runs has no such setting. Its name must be a CNAME to the name Azure gave it; what opens TLS on the way is to pass it on unopened.",
        provider: "Find out what answers in the service's place (`netsh http show servicestate` on the SMS Provider's server): the service has no such setting. What opens TLS on the way is to pass it on unopened.",
        reports: "",
    },
    Local {
        causes: &[
            "nothing-listens",
            "plain-http-on-port",
            "other-service-on-port",
            "server-name-required",
            "handshake-silent",
            "nothing-in-common",
            "old-versions-only",
        ],
        gateway: "In the console open Administration, Cloud Services, Cloud Management Gateway, and see that the gateway is Ready; a stopped one is started there. If it is, the name leads elsewhere: it must be a CNAME to the name Azure gave the gateway, and its port is 443.",
        provider: "On the SMS Provider's server look at what listens at port 443, and with which certificate: `netsh http show servicestate`, `netsh http show sslcert`. Restart the component SMS_REST_PROVIDER, and read AdminService.log there.",
        reports: "On the reporting point see that SQL Server Reporting Services run, and that Report Server Configuration Manager has an HTTPS address at this port under Web Service URL and Web Portal URL.",
    },
    Local {
        causes: &["name-not-a-host-name", "http-still-open"],
        gateway: "Correct the gateway's name in the console and in the definition: letters, digits and hyphens, and a CNAME to the name Azure gave it.",
        provider: "Give the server a second host record with a name of letters, digits and hyphens, and let consoles and scripts use that one.",
        reports: "Give the server a second host record with a name of letters, digits and hyphens, issue its certificate for that one, and enter it in Report Server Configuration Manager under Web Service URL and Web Portal URL.",
    },
];

#[cfg(test)]
pub(super) mod tests {
    use super::{Host, LOCAL};
    use crate::requirement::catalogue::catalogue;
    use crate::rule::scope::Presenters;
    use crate::rule::usage::Use;
    use crate::rule::{Check, Requirement};
    use crate::site::profile::Profile;
    use crate::site::role::Role;
    use crate::verdict::cause::catalogue::{CAUSES, find};
    use crate::verdict::cause::{Cause, CulpritKind, first_sentence};

    /// What stands at no gateway and at no SMS Provider. An authority's own commands are told where its administrators look.
    const NOT_THERE: &[&str] = &[
        "IIS",
        "certutil",
        "WsusPool",
        "Wsus",
        "Bindings",
        "binding",
        "web site",
        "W3SVC",
        "Application Pools",
        "appcmd",
    ];
    /// What Reporting Services do not have.
    const NOT_AT_REPORTS: &[&str] =
        &["IIS", "WsusPool", "Bindings", "the binding", "this binding", "W3SVC", "Application Pools"];

    /// What needs no other certificate there, or not that of the server.
    const NO_OTHER_CERTIFICATE: &[&str] = &[
        "authority-ended",
        "issuer-list-too-long",
        "list-signer-revoked",
        "client-certificate-ended",
        "client-certificate-revoked",
        "client-of-foreign-hierarchy",
    ];

    /// Whether a requirement is asked of what answers there.
    fn concerns(requirement: &Requirement, (role, of): (Role, Use)) -> bool {
        let profile = Profile::CurrentBranch;
        match requirement.check {
            Check::Quality(row) => row.cell(of).is_some() && row.excludes(of, profile).is_none(),
            Check::OfUse(asked, _) => asked == of,
            Check::Endpoint(_) | Check::Target(_) | Check::EndpointAndFile(..) | Check::Lookup(_) => {
                let scope = &requirement.scope;
                scope.excludes_profile(profile).is_none()
                    && (scope.roles.is_empty() || scope.roles.contains(&role))
                    && scope.presenters == Presenters::Any
            }
            Check::File(_) | Check::Site(_) | Check::Waiver(_) => false,
        }
    }

    /// Every cause that can be why something fails there.
    pub(in crate::verdict::cause) fn causes_at(host: Host) -> impl Iterator<Item = &'static Cause> {
        let place = match host {
            Host::Gateway => (Role::CloudManagementGateway, Use::CloudManagementGateway),
            Host::Provider => (Role::SmsProvider, Use::SmsProvider),
            Host::Reports => (Role::ReportingPoint, Use::ReportingPoint),
            Host::UpdatePoint => (Role::SoftwareUpdatePoint, Use::WebServer),
            Host::DistributionPoint => (Role::DistributionPoint, Use::WebServer),
            Host::StateMigrationPoint => (Role::StateMigrationPoint, Use::WebServer),
            Host::DeviceManagementPoint => (Role::MobileDeviceManagementPoint, Use::WebServer),
            Host::MobileDevice => (Role::MobileDeviceManagementPoint, Use::MobileDevice),
            _ => (Role::ManagementPoint, Use::WebServer),
        };
        let fails = move |cause: &&Cause| catalogue().iter().any(|one| concerns(one, place) && cause.fails(one.id));
        CAUSES.iter().copied().filter(fails)
    }

    /// With what is to be done.
    fn remedies(host: Host) -> impl Iterator<Item = (&'static str, &'static str)> {
        causes_at(host).map(move |cause| (cause.id, cause.remedy_at(Profile::CurrentBranch, host)))
    }

    #[test]
    fn no_remedy_for_a_gateway_a_provider_or_a_reporting_point_speaks_of_what_is_not_there() {
        let mut found = Vec::new();
        for host in Host::ELSEWHERE {
            let not_there = if host == Host::Reports { NOT_AT_REPORTS } else { NOT_THERE };
            let mut count = 0;
            for (id, remedy) in remedies(host) {
                count += 1;
                // The company's host of lists is a server of its own.
                if host == Host::Reports && find(id).is_some_and(|cause| cause.culprit == CulpritKind::Url) {
                    continue;
                }
                let says = not_there.iter().find(|phrase| remedy.contains(**phrase));
                found.extend(says.map(|phrase| format!("{} {id}: {phrase}: {remedy}", host.name())));
            }
            assert!(count > 60, "{}: {count} causes", host.name());
        }
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    /// Another certificate is of no use before it is put where it is shown from.
    #[test]
    fn every_remedy_that_asks_for_another_certificate_says_where_it_is_put() {
        let mut found = Vec::new();
        for host in Host::ELSEWHERE {
            let place = match host {
                Host::Gateway => "Properties, Settings, Certificate file",
                Host::Provider => "netsh http add sslcert",
                _ => "Report Server Configuration Manager",
            };
            for (id, remedy) in remedies(host) {
                let is_about_it = find(id).is_some_and(|cause| cause.culprit == CulpritKind::Certificate);
                let asks =
                    ["issued again", "et a certificate", "another certificate", "new certificate", "Issue", "issue a"];
                let asks = is_about_it || asks.iter().any(|words| remedy.contains(words));
                if asks && !remedy.contains(place) && !NO_OTHER_CERTIFICATE.contains(&id) {
                    found.push(format!("{} {id}: {remedy}", host.name()));
                }
            }
        }
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    #[test]
    fn what_is_told_by_the_place_is_of_causes_that_exist_once_and_its_first_sentence_stands_for_itself() {
        let all: Vec<&str> = LOCAL.iter().flat_map(|local| local.causes).copied().collect();
        for (at, id) in all.iter().enumerate() {
            assert!(find(id).is_some(), "there is no cause {id}");
            assert!(!all[..at].contains(id), "{id} is told twice");
        }
        for local in LOCAL {
            assert!(!local.gateway.is_empty() && !local.provider.is_empty(), "{:?}", local.causes);
            for text in [local.gateway, local.provider, local.reports].into_iter().filter(|text| !text.is_empty()) {
                let first = first_sentence(text);
                assert!((20..=300).contains(&first.len()) && text.len() <= 1100 && text.ends_with('.'), "{first}");
            }
        }
        let ended = find("certificate-ended").unwrap();
        assert!(ended.remedy_at(Profile::CurrentBranch, Host::WebServer).contains("IIS Manager"));
        assert!(ended.remedy_at(Profile::CurrentBranch, Host::Gateway).contains("Cloud Services"));
    }
}
