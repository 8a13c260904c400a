//! What an administrator sees of a cause, by where it shows: the logs of those that come there, and no others'. Clients
//! never come to the administration service nor to Reporting Services; a gateway has no IIS log; scans come to an update
//! point alone.

use super::host::Host;
use super::symptom::CLIENT_LOGS;
use super::{Cause, Side, Symptom};

/// How a cause shows at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// At whoever comes there: log file, line, codes.
    pub client: Option<String>,
    /// At the server: event, IIS status, the role's own log.
    pub server: Option<String>,
    /// How else, or why nothing is seen.
    pub also: Option<String>,
}

impl Cause {
    /// How it shows at a place.
    pub fn shown_at(&self, host: Host) -> Vec<Shown> {
        let fitting = || self.symptoms.iter().filter(|symptom| fits(symptom.side, host));
        // A quality is a server's certificate's or a client's: where it is a server's, nothing is refused by one.
        let is_quality = self.rows.iter().any(|row| row.starts_with("*/"));
        let of_server = |side: Side| matches!(side, Side::Server | Side::Answer);
        let is_servers = is_quality && host != Host::WebServer && fitting().any(|symptom| of_server(symptom.side));
        let mut shown: Vec<Shown> = Vec::new();
        for one in fitting().filter(|symptom| !is_servers || of_server(symptom.side)).map(|symptom| symptom.at(host)) {
            if one != Shown::default() && !shown.contains(&one) {
                shown.push(one);
            }
        }
        if let Some(also) = self.shows_at(host) {
            shown.push(Shown { also: Some(also.to_owned()), ..Shown::default() });
        }
        shown
    }

    /// How else it shows at a place, or why nothing is seen.
    fn shows_at(&self, host: Host) -> Option<&'static str> {
        let elsewhere = ELSEWHERE.iter().find(|row| row.causes.contains(&self.id));
        let text = match (host, elsewhere) {
            (Host::Gateway, Some(row)) => row.gateway,
            (Host::Provider, Some(row)) => row.provider,
            (Host::Reports, Some(row)) => row.reports,
            _ => self.shows,
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

/// What else shows where no client's logs and no IIS are; empty: nothing.
struct Elsewhere {
    causes: &'static [&'static str],
    gateway: &'static str,
    provider: &'static str,
    reports: &'static str,
}

/// For causes whose own words are of a web server of the site.
static ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        causes: &["service"],
        gateway: "Clients on the Internet get no policy. CloudMgr.log on the site server and CMGService.log tell of the gateway.",
        provider: "",
        reports: "",
    },
    Elsewhere {
        causes: &["administration-service-missing"],
        gateway: "",
        provider: "The console's nodes below Security: \u{201c}Configuration Manager can't connect to the administration service\u{201d}; its SmsAdminUI.log: Failed to get a response for OData query. A script gets no connection, 404 or 503.",
        reports: "",
    },
    Elsewhere {
        causes: &["enhanced-http"],
        gateway: "CMGConnector_Forbidden in CMGService.log.",
        provider: "Browsers and scripts on computers that lack the site's own root (SMS Issuing) warn or refuse.",
        reports: "",
    },
    Elsewhere { causes: &["late-request-impossible", "other-service-on-port"], gateway: "", provider: "", reports: "" },
    Elsewhere {
        causes: &[
            "client-certificate-revoked",
            "client-list-out-of-reach",
            "intermediate-in-trusted-root",
            "site-database-unreachable",
        ],
        gateway: "",
        provider: "",
        reports: "",
    },
    Elsewhere {
        causes: &["client-issuer-unknown-to-server"],
        gateway: "The client's log then says StatusCode=401.",
        provider: "",
        reports: "",
    },
    Elsewhere {
        causes: &["key-length-not-allowed"],
        gateway: "Nothing is seen at clients; no document says how Azure refuses it. CloudMgr.log tells of a gateway that cannot be set up.",
        provider: "",
        reports: "",
    },
    Elsewhere {
        causes: &["old-versions-only", "intolerant-of-new-hello"],
        gateway: "Clients that ask for TLS 1.2 at least fail: Windows 11, and those on which older versions are off.",
        provider: "Browsers fail, and scripts on computers where the older versions are off.",
        reports: "Browsers fail, and the site, where the older versions are off.",
    },
];

/// Whether what is of a side shows at a place.
const fn fits(side: Side, host: Host) -> bool {
    match host {
        Host::WebServer => true,
        Host::ManagementPoint => {
            matches!(side, Side::Server | Side::Answer | Side::Client | Side::Choice | Side::Signature)
        }
        Host::UpdatePoint => matches!(side, Side::Server | Side::Answer | Side::Client | Side::Scan),
        Host::SiteSystem
        | Host::DistributionPoint
        | Host::StateMigrationPoint
        | Host::DeviceManagementPoint
        | Host::Gateway
        | Host::Provider
        | Host::Reports => matches!(side, Side::Server | Side::Answer | Side::Client),
        Host::Client | Host::Monitoring | Host::MobileDevice | Host::ProxyClient => {
            matches!(side, Side::Client | Side::Choice)
        }
        Host::Deployment | Host::DistributionPointClient => matches!(side, Side::Client | Side::Deployment),
        Host::SiteServer => matches!(side, Side::Signature),
        Host::Database => false,
    }
}

impl Symptom {
    /// How it shows at a place.
    fn at(&self, host: Host) -> Shown {
        let told = |words: &str| Some(words.to_owned()).filter(|words| !words.is_empty());
        let codes = self.client.strip_prefix(CLIENT_LOGS).and_then(|rest| rest.strip_prefix(": "));
        let logged = |logs: &str| codes.map(|codes| format!("{logs}: {codes}"));
        let shown = |client: Option<String>, server: &str| Shown { client, server: told(server), also: None };
        match host {
            Host::WebServer
            | Host::SiteSystem
            | Host::ManagementPoint
            | Host::Client
            | Host::Monitoring
            | Host::ProxyClient
            | Host::SiteServer => shown(told(self.client), self.server),
            // Their clients write logs of their own, and no document says what stands in them.
            Host::DeviceManagementPoint if self.client.is_empty() => Shown::default(),
            Host::DeviceManagementPoint => shown(told(ON_DEVICES), self.server),
            Host::MobileDevice if self.side == Side::Choice => Shown::default(),
            Host::MobileDevice => shown(told(ON_DEVICES), AT_DEVICES),
            Host::DistributionPoint => {
                shown(logged("DataTransferService.log, ccmsetup.log").or_else(|| told(self.client)), self.server)
            }
            Host::StateMigrationPoint | Host::Deployment | Host::DistributionPointClient => {
                shown(logged("smsts.log of the task sequence").or_else(|| told(self.client)), self.server)
            }
            Host::UpdatePoint if self.side == Side::Scan => shown(told(self.client), self.server),
            Host::UpdatePoint => match self.scan {
                "" => Shown::default(),
                scan => shown(Some(format!("WUAHandler.log, WindowsUpdate.log: {scan}.")), self.server),
            },
            Host::Gateway => match logged(ON_THE_INTERNET) {
                None => Shown::default(),
                logged if self.side == Side::Server => shown(logged, CONNECTION_POINT),
                logged => shown(logged, "CMGService.log, and SMS_Cloud_ProxyConnector.log on the connection point."),
            },
            Host::Provider => match self.at_provider() {
                None => Shown::default(),
                said if self.side == Side::Server => shown(said, PROVIDER),
                said => {
                    shown(said, "AdminService.log on the SMS Provider's server: the request and its response code.")
                }
            },
            Host::Reports => match self.at_reports() {
                None => Shown::default(),
                said if self.side == Side::Server && !self.server.contains("chain") => shown(said, self.server),
                said => shown(said, ""),
            },
            Host::Database => Shown::default(),
        }
    }

    /// What a browser and a script say.
    fn at_provider(&self) -> Option<String> {
        match (self.browser, self.program) {
            ("", "") => None,
            ("", message) => Some(format!("A script: \u{201c}{message}\u{201d}")),
            (page, "") => Some(format!("A browser: {page}.")),
            (page, message) => Some(format!("A browser: {page}; a script: \u{201c}{message}\u{201d}")),
        }
    }

    /// What the role's own log, which asks the report server itself, and a browser say.
    fn at_reports(&self) -> Option<String> {
        let log = "srsrp.log on the reporting point";
        match (self.browser, self.program) {
            ("", "") => None,
            ("", message) => Some(format!("{log}: \u{201c}{message}\u{201d}")),
            (page, "") => Some(format!("A browser: {page}.")),
            (page, message) => Some(format!("{log}: \u{201c}{message}\u{201d}; a browser: {page}.")),
        }
    }
}

/// Microsoft's list of log files, "Mobile device legacy".
const ON_DEVICES: &str = "On a device of Windows Mobile or Windows CE, DmClientXfer.log.";
const AT_DEVICES: &str = "DmClientRegistration.log and DmpIsapi.log on the management point for mobile devices, and the IIS log of its web site.";
const ON_THE_INTERNET: &str =
    "On clients on the Internet, LocationServices.log, CcmMessaging.log, DataTransferService.log";
const CONNECTION_POINT: &str =
    "SMS_Cloud_ProxyConnector.log on the connection point, which reaches the gateway by the same name.";
const PROVIDER: &str = "SMS_REST_PROVIDER.log on the SMS Provider's server: the service's state and its certificate.";

#[cfg(test)]
mod tests {
    use super::Shown;
    use crate::verdict::cause::catalogue::{CAUSES, find};
    use crate::verdict::cause::host::Host;
    use crate::verdict::cause::host::tests::causes_at;

    /// Logs of the site's clients, and of what clients meet at IIS.
    const CLIENTS: &[&str] = &[
        "LocationServices.log",
        "CcmMessaging.log",
        "ccmsetup.log",
        "ClientIDManagerStartup.log",
        "DataTransferService.log",
        "WUAHandler.log",
        "WindowsUpdate.log",
        "smsts.log",
        "SMSPXE.log",
        "PolicyAgent.log",
        "mpcontrol.log",
        "pdate scan",
        "web site's IIS log",
        "CCM_E_",
        "StatusCode=",
    ];
    const SCANS: &[&str] = &["WUAHandler.log", "WindowsUpdate.log", "pdate scan"];
    const POLICY: &[&str] =
        &["LocationServices.log", "CcmMessaging.log", "ClientIDManagerStartup.log", "PolicyAgent.log"];
    const DEPLOYMENT: &[&str] = &["smsts.log", "SMSPXE.log"];
    const OF_COMPUTERS: &[&str] = &["ccmsetup.log", "DataTransferService.log", "CCM_E_", "12185"];
    const AT_A_GATEWAY: &[&str] =
        &["ClientIDManagerStartup.log", "PolicyAgent.log", "mpcontrol.log", "web site's IIS log"];

    /// The logs of those that never come to a place.
    fn strangers(host: Host) -> Vec<&'static str> {
        let parts: &[&[&str]] = match host {
            Host::Provider | Host::Reports => &[CLIENTS],
            Host::Gateway => &[SCANS, DEPLOYMENT, AT_A_GATEWAY],
            Host::ManagementPoint => &[SCANS, DEPLOYMENT],
            Host::DistributionPoint => &[SCANS, POLICY, DEPLOYMENT],
            Host::StateMigrationPoint => &[SCANS, POLICY],
            Host::UpdatePoint => &[POLICY, DEPLOYMENT, &["DataTransferService.log"]],
            Host::DeviceManagementPoint | Host::MobileDevice => &[SCANS, DEPLOYMENT, POLICY, OF_COMPUTERS],
            _ => &[],
        };
        parts.concat()
    }

    fn sides(shown: &Shown) -> impl Iterator<Item = &str> {
        [&shown.client, &shown.server, &shown.also].into_iter().flatten().map(String::as_str)
    }

    #[test]
    fn no_symptom_names_a_log_of_those_that_never_come_there() {
        let mut found = Vec::new();
        let places = [
            Host::Gateway,
            Host::Provider,
            Host::Reports,
            Host::ManagementPoint,
            Host::DistributionPoint,
            Host::UpdatePoint,
            Host::StateMigrationPoint,
            Host::DeviceManagementPoint,
            Host::MobileDevice,
        ];
        for host in places {
            let strangers = strangers(host);
            for cause in causes_at(host) {
                for shown in cause.shown_at(host) {
                    for text in sides(&shown) {
                        let names = strangers.iter().find(|log| text.contains(**log));
                        found.extend(names.map(|log| format!("{} {}: {log}: {text}", host.name(), cause.id)));
                    }
                }
            }
        }
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    /// Where a failure stops somebody, something is seen of it, at every place.
    #[test]
    fn every_cause_shows_somehow_wherever_it_can_be_met() {
        let mut found = Vec::new();
        for host in [Host::Gateway, Host::Provider, Host::Reports, Host::ManagementPoint, Host::UpdatePoint] {
            let silent = causes_at(host).filter(|cause| cause.shown_at(host).is_empty());
            found.extend(silent.map(|cause| format!("{}: {}", host.name(), cause.id)));
        }
        found.extend(
            CAUSES.iter().filter(|cause| cause.shown_at(Host::WebServer).is_empty()).map(|one| one.id.to_owned()),
        );
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    #[test]
    fn a_certificate_that_ended_shows_by_whose_it_is() {
        let cause = find("certificate-ended").unwrap();
        let all = |host| {
            cause
                .shown_at(host)
                .iter()
                .flat_map(|one| sides(one).map(str::to_owned).collect::<Vec<_>>())
                .collect::<Vec<_>>()
                .join("\n")
        };
        for (host, says, never) in [
            (Host::ManagementPoint, "CERT_DATE_INVALID (0x20)", "403 17"),
            (Host::DistributionPoint, "DataTransferService.log, ccmsetup.log: WINHTTP_", "LocationServices"),
            (Host::UpdatePoint, "WUAHandler.log, WindowsUpdate.log: 0x80072F8F.", "LocationServices"),
            (Host::Gateway, "SMS_Cloud_ProxyConnector.log", "403 17"),
            (Host::Provider, "ERR_CERT_DATE_INVALID", "LocationServices"),
            (Host::Reports, "srsrp.log", "LocationServices"),
            (Host::Client, "403 17", "CERT_DATE_INVALID (0x20)"),
            (Host::Deployment, "smsts.log", "CERT_DATE_INVALID (0x20)"),
        ] {
            let text = all(host);
            assert!(text.contains(says) && !text.contains(never), "{}: {text}", host.name());
        }
        assert!(all(Host::WebServer).contains("403 17") && all(Host::WebServer).contains("CERT_DATE_INVALID (0x20)"));
    }
}
