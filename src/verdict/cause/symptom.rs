//! How failures show where administrators look: the logs of Configuration Manager's clients with the codes in them, the
//! event log, IIS's own log on the server; at an update point what a scan logs; where no client comes, a browser's page and
//! a program's message.

use super::{Side, Symptom};

/// What a symptom at the client begins with, where it is told of a client's ordinary requests.
pub const CLIENT_LOGS: &str = "LocationServices.log, CcmMessaging.log, ccmsetup.log";

macro_rules! symptoms {
    ($($name:ident {
        key: $key:literal,
        side: $side:ident,
        rows: [$($row:literal),*],
        client: $client:literal,
        server: $server:literal,
        scan: $scan:literal,
        browser: $browser:literal,
        program: $program:literal $(,)?
    })+) => {
        $(
            #[doc = concat!("Symptom \u{201c}", $key, "\u{201d}.")]
            pub static $name: Symptom = Symptom {
                key: $key,
                side: Side::$side,
                rows: &[$($row),*],
                client: $client,
                server: $server,
                scan: $scan,
                browser: $browser,
                program: $program,
            };
        )+

        /// Every symptom.
        pub static SYMPTOMS: &[&Symptom] = &[$(&$name),+];
    };
}

symptoms! {
    NAME_NOT_RESOLVED {
        key: "dns",
        side: Server,
        rows: ["reachability/name-resolves"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12007, ERROR_WINHTTP_NAME_NOT_RESOLVED (0x80072EE7).",
        server: "",
        scan: "0x8024402C",
        browser: "ERR_NAME_NOT_RESOLVED",
        program: "The remote name could not be resolved.",
    }
    CANNOT_CONNECT {
        key: "conn",
        side: Server,
        rows: ["reachability/connects"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12029, ERROR_WINHTTP_CANNOT_CONNECT (0x80072EFD).",
        server: "",
        scan: "0x80072EFD",
        browser: "ERR_CONNECTION_REFUSED",
        program: "Unable to connect to the remote server.",
    }
    TIMED_OUT {
        key: "time",
        side: Server,
        rows: ["reachability/connects"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12002, ERROR_WINHTTP_TIMEOUT (0x80072EE2).",
        server: "",
        scan: "0x80072EE2",
        browser: "ERR_CONNECTION_TIMED_OUT",
        program: "The operation has timed out.",
    }
    CONNECTION_RESET {
        key: "reset",
        side: Server,
        rows: ["reachability/speaks-tls", "session/server-name", "client-authentication/when"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12030, ERROR_WINHTTP_CONNECTION_ERROR (0x80072EFE).",
        server: "",
        scan: "0x80072EFE",
        browser: "ERR_CONNECTION_RESET",
        program: "The underlying connection was closed: An unexpected error occurred on a send.",
    }
    SECURE_CHANNEL {
        key: "chan",
        side: Server,
        rows: ["reachability/speaks-tls", "session/protocol", "session/reaches-clients", "session/reaches-old-clients"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR (0x80000000), then Code=12175, ERROR_WINHTTP_SECURE_FAILURE, or Code=12157, ERROR_WINHTTP_SECURE_CHANNEL_ERROR (0x80072F7D).",
        server: "System event log, source Schannel: 36874 (no cipher suite in common), 36888 (an alert was sent).",
        scan: "0x80072F7D or 0x80072F8F",
        browser: "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
        program: "The underlying connection was closed: An unexpected error occurred on a receive.",
    }
    PRIVATE_KEY {
        key: "key",
        side: Server,
        rows: ["reachability/speaks-tls"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: Code=12030 (0x80072EFE), or WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR (0x80000000) and Code=12175.",
        server: "System event log: Schannel 36869 (the certificate has no private key), 36870 (the key cannot be read); HttpEvent 15021, 15300 (no usable certificate at the address and port).",
        scan: "0x80072EFE or 0x80072F8F",
        browser: "ERR_CONNECTION_RESET",
        program: "The underlying connection was closed: An unexpected error occurred on a receive.",
    }
    CERTIFICATE_DATE {
        key: "date",
        side: Server,
        rows: ["*/validity", "chain/leads-to-site-root"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID (0x20), then Code=12175; also 12037 (0x80072F05), 0x800B0101; System event log: Schannel 36881.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_DATE_INVALID",
        program: "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    }
    CERTIFICATE_NAME {
        key: "cn",
        side: Server,
        rows: ["web-server/client-accepts-name", "web-server/intranet-name", "web-server/internet-name", "web-server/name-in-san", "nlb/cluster-name", "proxy/internet-name"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID (0x10), then Code=12175; also 12038 (0x80072F06), 0x800B010F; System event log: Schannel 36884.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_COMMON_NAME_INVALID",
        program: "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    }
    CERTIFICATE_AUTHORITY {
        key: "ca",
        side: Server,
        rows: ["chain/leads-to-site-root", "chain/complete", "web-server/enterprise-issued"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA (0x8), then Code=12175; also 12045 (0x80072F0D), 0x800B0109; System event log: Schannel 36882.",
        server: "System event log, source Schannel: 36889, where the server cannot build its own chain.",
        scan: "0x80072F8F",
        browser: "ERR_CERT_AUTHORITY_INVALID",
        program: "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    }
    CERTIFICATE_INVALID {
        key: "cert",
        side: Server,
        rows: ["chain/leads-to-site-root", "web-server/key-usage", "web-server/rsa-key", "web-server/signature"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT (0x2), then Code=12175; also 12169 (0x80072F89), 0x800B0103 to 0x800B0108, 0x800B010A.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_INVALID",
        program: "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    }
    CERTIFICATE_USAGE {
        key: "usage",
        side: Server,
        rows: ["*/server-auth-eku", "*/client-auth-eku", "web-server/application-policies"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE (0x40), then Code=12175; also 12179 (0x80072F93), 0x800B0110.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_INVALID",
        program: "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    }
    REVOCATION_FAILED {
        key: "rev",
        side: Server,
        rows: ["revocation/reachable", "revocation/current", "revocation/distribution-point"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED (0x1), then Code=12175; also 12057 (0x80072F19), 0x80092013; 0x80092012 where no list is named.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_UNABLE_TO_CHECK_REVOCATION, if it is set to check lists",
        program: "",
    }
    CERTIFICATE_REVOKED {
        key: "revoked",
        side: Server,
        rows: ["revocation/not-revoked"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED (0x4), then Code=12175; also 12170 (0x80072F8A), 0x80092010; System event log: Schannel 36883.",
        server: "",
        scan: "0x80072F8F",
        browser: "ERR_CERT_REVOKED",
        program: "",
    }
    FORBIDDEN {
        key: "403",
        side: Client,
        rows: ["client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: status 403 with its sub-status and Windows code (columns sc-status, sc-substatus, sc-win32-status).",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    SSL_REQUIRED {
        key: "403.4",
        side: Client,
        rows: ["reachability/http-closed", "proxy/bridges-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 4, on port 80.",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    CLIENT_CERTIFICATE_REQUIRED {
        key: "403.7",
        side: Client,
        rows: ["client-authentication/accepts-client", "client-authentication/accepted-issuers", "client-authentication/when"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 7.",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    CLIENT_CERTIFICATE_REVOKED {
        key: "403.13",
        side: Client,
        rows: ["client/crl-reachable", "client/not-revoked", "client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 13 with 2148081683 (0x80092013, a list could not be had) or 2148081680 (0x80092010, revoked).",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    CLIENT_CERTIFICATE_UNTRUSTED {
        key: "403.16",
        side: Client,
        rows: ["client-authentication/accepts-client", "client/leads-to-root", "client-authentication/accepted-issuers"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 16 with 2148204809 (0x800B0109, untrusted root) or 2148204810 (0x800B010A, no path).",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    CLIENT_CERTIFICATE_EXPIRED {
        key: "403.17",
        side: Client,
        rows: ["client/validity", "client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 17 with 2148204801 (0x800B0101).",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    NO_CLIENT_CERTIFICATE {
        key: "nocert",
        side: Client,
        rows: ["client-authentication/accepts-client", "client-authentication/accepted-issuers", "client/client-auth-eku"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: 12044, ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED (0x80072F0C); System event log: Schannel 36875.",
        server: "The web site's IIS log: 403 7.",
        scan: "0x80072F0C",
        browser: "",
        program: "",
    }
    NO_FITTING_CERTIFICATE {
        key: "nofit",
        side: Choice,
        rows: ["client/client-auth-eku", "client/validity", "client/subject-computer-name"],
        client: "ClientIDManagerStartup.log: no certificate fits (0x87D00281, CCM_E_NO_CLIENT_PKI_CERT).",
        server: "",
        scan: "",
        browser: "",
        program: "",
    }
    UPDATE_SCAN {
        key: "scan",
        side: Scan,
        rows: ["software-update-point/service", "client-authentication/update-point-ignores"],
        client: "WUAHandler.log and WindowsUpdate.log: the scan fails, and the code says why.",
        server: "The WSUS web site's IIS log.",
        scan: "",
        browser: "",
        program: "",
    }
    DEPLOYMENT {
        key: "osd",
        side: Deployment,
        rows: ["deployment/root-specified", "deployment/pkcs12", "deployment/client-auth-eku"],
        client: "smsts.log of the task sequence; SMSPXE.log: \u{201c}Failed to validate PXEClientKey certificate\u{201d}.",
        server: "The IIS log of the management point or distribution point: 403 16 or 403 17.",
        scan: "",
        browser: "",
        program: "",
    }
    POLICY_SIGNATURE {
        key: "sign",
        side: Signature,
        rows: ["site-server/validity", "management-point/site-signing-certificate"],
        client: "PolicyAgent.log: 0x87D00293 or 0x87D00294; the client accepts no policy.",
        server: "Status message 5112 of SMS_POLICY_PROVIDER.",
        scan: "",
        browser: "",
        program: "",
    }
    MONITORING {
        key: "mpc",
        side: Client,
        rows: ["monitoring/present"],
        client: "",
        server: "mpcontrol.log: Call to HttpSendRequestSync failed for port 443 with status code 403.",
        scan: "",
        browser: "",
        program: "",
    }
    ISSUER_LIST {
        key: "issuers",
        side: Client,
        rows: ["client-authentication/issuer-list-size", "client-authentication/accepted-issuers"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: 12044 (0x80072F0C), though the certificate is there.",
        server: "System event log, source Schannel: 36885 (the list of trusted authorities was cut); the web site's IIS log: 403 7.",
        scan: "0x80072F0C",
        browser: "",
        program: "",
    }
    REDIRECTED {
        key: "3xx",
        side: Answer,
        rows: ["management-point/list", "client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: Code=12156, ERROR_WINHTTP_REDIRECT_FAILED, or StatusCode=302.",
        server: "The web site's IIS log: 301, 302 or 307.",
        scan: "a code 0x802440xx for the answer's status",
        browser: "a page of somewhere else",
        program: "",
    }
    ACCOUNT_WANTED {
        key: "401",
        side: Answer,
        rows: ["client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=401.",
        server: "The web site's IIS log: 401 1 or 401 2.",
        scan: "0x80244017",
        browser: "HTTP 401",
        program: "The remote server returned an error: (401) Unauthorized.",
    }
    NOT_FOUND {
        key: "404",
        side: Answer,
        rows: ["management-point/list", "distribution-point/content", "software-update-point/service"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=404.",
        server: "The web site's IIS log: 404 with its sub-status.",
        scan: "0x80244019",
        browser: "HTTP 404",
        program: "The remote server returned an error: (404) Not Found.",
    }
    PROXY_ACCOUNT_WANTED {
        key: "407",
        side: Answer,
        rows: ["reachability/connects", "revocation/reachable"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=407.",
        server: "",
        scan: "0x8024401B",
        browser: "",
        program: "",
    }
    OTHER_STATUS {
        key: "4xx",
        side: Answer,
        rows: ["client-authentication/accepts-client", "management-point/list"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode= with the status of the evidence.",
        server: "The web site's IIS log: the same status with its sub-status, if the request came that far.",
        scan: "a code 0x802440xx for the answer's status",
        browser: "an error page with the status of the evidence",
        program: "",
    }
    SERVER_ERROR {
        key: "500",
        side: Answer,
        rows: ["management-point/list", "distribution-point/content", "software-update-point/service"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=500.",
        server: "The web site's IIS log: 500 with its sub-status and Windows code.",
        scan: "0x8024401F",
        browser: "HTTP 500",
        program: "The remote server returned an error: (500) Internal Server Error.",
    }
    BAD_GATEWAY {
        key: "502",
        side: Answer,
        rows: ["client-authentication/accepts-client", "proxy/bridges-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=502 or 504.",
        server: "",
        scan: "0x80244021 (502) or 0x80244023 (504)",
        browser: "HTTP 502 or 504",
        program: "The remote server returned an error: (502) Bad Gateway.",
    }
    UNAVAILABLE {
        key: "503",
        side: Answer,
        rows: ["client-authentication/accepts-client", "software-update-point/service"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=503.",
        server: "%SystemRoot%\\System32\\LogFiles\\HTTPERR: 503 with the reason (Disabled, AppOffline).",
        scan: "0x80244022",
        browser: "HTTP 503",
        program: "The remote server returned an error: (503) Server Unavailable.",
    }
    PROXY_REFUSAL {
        key: "proxy403",
        side: Answer,
        rows: ["reachability/connects", "revocation/reachable"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403 or 405.",
        server: "The web proxy's own log; the server's has nothing.",
        scan: "0x80244018",
        browser: "HTTP 403",
        program: "The remote server returned an error: (403) Forbidden.",
    }
    PROXY_STATUS {
        key: "proxyxxx",
        side: Answer,
        rows: ["reachability/connects"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode= with the status of the evidence.",
        server: "The web proxy's own log; the server's has nothing.",
        scan: "a code 0x802440xx for the answer's status",
        browser: "an error page with the status of the evidence",
        program: "",
    }
}
