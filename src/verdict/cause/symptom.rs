//! How failures show where administrators look: the logs of Configuration Manager's clients with the codes in them, the
//! event log, and IIS's own log on the server.

use super::Symptom;

macro_rules! symptoms {
    ($($name:ident {
        key: $key:literal,
        rows: [$($row:literal),*],
        client: $client:literal,
        server: $server:literal $(,)?
    })+) => {
        $(
            #[doc = concat!("Symptom \u{201c}", $key, "\u{201d}.")]
            pub static $name: Symptom =
                Symptom { key: $key, rows: &[$($row),*], client: $client, server: $server };
        )+

        /// Every symptom.
        pub static SYMPTOMS: &[&Symptom] = &[$(&$name),+];
    };
}

symptoms! {
    NAME_NOT_RESOLVED {
        key: "dns",
        rows: ["reachability/name-resolves"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12007, ERROR_WINHTTP_NAME_NOT_RESOLVED (0x80072EE7); WUAHandler.log: 0x8024402C.",
        server: "",
    }
    CANNOT_CONNECT {
        key: "conn",
        rows: ["reachability/connects"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12029, ERROR_WINHTTP_CANNOT_CONNECT (0x80072EFD).",
        server: "",
    }
    TIMED_OUT {
        key: "time",
        rows: ["reachability/connects"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12002, ERROR_WINHTTP_TIMEOUT (0x80072EE2); WUAHandler.log the same.",
        server: "",
    }
    CONNECTION_RESET {
        key: "reset",
        rows: ["reachability/speaks-tls", "session/server-name", "client-authentication/when"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: [CCMHTTP] ERROR … Code=12030, ERROR_WINHTTP_CONNECTION_ERROR (0x80072EFE).",
        server: "",
    }
    SECURE_CHANNEL {
        key: "chan",
        rows: ["reachability/speaks-tls", "session/protocol", "session/reaches-clients", "session/reaches-old-clients"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR (0x80000000), then Code=12175, ERROR_WINHTTP_SECURE_FAILURE, or Code=12157, ERROR_WINHTTP_SECURE_CHANNEL_ERROR (0x80072F7D).",
        server: "System event log, source Schannel: 36874 (no cipher suite in common), 36888 (an alert was sent).",
    }
    PRIVATE_KEY {
        key: "key",
        rows: ["reachability/speaks-tls"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: Code=12030 (0x80072EFE), or WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR (0x80000000) and Code=12175.",
        server: "System event log: Schannel 36869 (the certificate has no private key), 36870 (the key cannot be read); HttpEvent 15021, 15300 (no usable certificate at the address and port).",
    }
    CERTIFICATE_DATE {
        key: "date",
        rows: ["*/validity", "chain/leads-to-site-root"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID (0x20), then Code=12175; also 12037 (0x80072F05), 0x800B0101; System event log: Schannel 36881.",
        server: "",
    }
    CERTIFICATE_NAME {
        key: "cn",
        rows: ["web-server/client-accepts-name", "web-server/intranet-name", "web-server/internet-name", "web-server/name-in-san", "nlb/cluster-name", "proxy/internet-name"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID (0x10), then Code=12175; also 12038 (0x80072F06), 0x800B010F; System event log: Schannel 36884.",
        server: "",
    }
    CERTIFICATE_AUTHORITY {
        key: "ca",
        rows: ["chain/leads-to-site-root", "chain/complete", "web-server/enterprise-issued"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA (0x8), then Code=12175; also 12045 (0x80072F0D), 0x800B0109; System event log: Schannel 36882.",
        server: "System event log, source Schannel: 36889, where the server cannot build its own chain.",
    }
    CERTIFICATE_INVALID {
        key: "cert",
        rows: ["chain/leads-to-site-root", "web-server/key-usage", "web-server/rsa-key", "web-server/signature"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT (0x2), then Code=12175; also 12169 (0x80072F89), 0x800B0103 to 0x800B0108, 0x800B010A.",
        server: "",
    }
    CERTIFICATE_USAGE {
        key: "usage",
        rows: ["*/server-auth-eku", "*/client-auth-eku", "web-server/application-policies"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE (0x40), then Code=12175; also 12179 (0x80072F93), 0x800B0110.",
        server: "",
    }
    REVOCATION_FAILED {
        key: "rev",
        rows: ["revocation/reachable", "revocation/current", "revocation/distribution-point"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED (0x1), then Code=12175; also 12057 (0x80072F19), 0x80092013; 0x80092012 where no list is named.",
        server: "",
    }
    CERTIFICATE_REVOKED {
        key: "revoked",
        rows: ["revocation/not-revoked"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED (0x4), then Code=12175; also 12170 (0x80072F8A), 0x80092010; System event log: Schannel 36883.",
        server: "",
    }
    FORBIDDEN {
        key: "403",
        rows: ["client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: status 403 with its sub-status and Windows code (columns sc-status, sc-substatus, sc-win32-status).",
    }
    SSL_REQUIRED {
        key: "403.4",
        rows: ["reachability/http-closed", "proxy/bridges-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 4, on port 80.",
    }
    CLIENT_CERTIFICATE_REQUIRED {
        key: "403.7",
        rows: ["client-authentication/accepts-client", "client-authentication/accepted-issuers", "client-authentication/when"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 7.",
    }
    CLIENT_CERTIFICATE_REVOKED {
        key: "403.13",
        rows: ["client/crl-reachable", "client/not-revoked", "client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 13 with 2148081683 (0x80092013, a list could not be had) or 2148081680 (0x80092010, revoked).",
    }
    CLIENT_CERTIFICATE_UNTRUSTED {
        key: "403.16",
        rows: ["client-authentication/accepts-client", "client/leads-to-root", "client-authentication/accepted-issuers"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 16 with 2148204809 (0x800B0109, untrusted root) or 2148204810 (0x800B010A, no path).",
    }
    CLIENT_CERTIFICATE_EXPIRED {
        key: "403.17",
        rows: ["client/validity", "client-authentication/accepts-client"],
        client: "LocationServices.log, CcmMessaging.log, ccmsetup.log: CCM_E_BAD_HTTP_STATUS_CODE (0x87D0027E), then StatusCode=403.",
        server: "The web site's IIS log: 403 17 with 2148204801 (0x800B0101).",
    }
    NO_CLIENT_CERTIFICATE {
        key: "nocert",
        rows: ["client-authentication/accepts-client", "client-authentication/accepted-issuers", "client/client-auth-eku"],
        client: "ClientIDManagerStartup.log: no certificate fits (0x87D00281, CCM_E_NO_CLIENT_PKI_CERT); CcmMessaging.log: 12044, ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED (0x80072F0C); System event log: Schannel 36875.",
        server: "The web site's IIS log: 403 7.",
    }
    UPDATE_SCAN {
        key: "scan",
        rows: ["software-update-point/service", "client-authentication/update-point-ignores"],
        client: "WUAHandler.log and WindowsUpdate.log: the scan fails, and the code says why.",
        server: "The WSUS web site's IIS log.",
    }
    DEPLOYMENT {
        key: "osd",
        rows: ["deployment/root-specified", "deployment/pkcs12", "deployment/client-auth-eku"],
        client: "smsts.log of the task sequence; SMSPXE.log: \u{201c}Failed to validate PXEClientKey certificate\u{201d}.",
        server: "The IIS log of the management point or distribution point: 403 16 or 403 17.",
    }
    POLICY_SIGNATURE {
        key: "sign",
        rows: ["site-server/validity", "management-point/site-signing-certificate"],
        client: "PolicyAgent.log: 0x87D00293 or 0x87D00294; the client accepts no policy.",
        server: "Status message 5112 of SMS_POLICY_PROVIDER.",
    }
    MONITORING {
        key: "mpc",
        rows: ["monitoring/present"],
        client: "",
        server: "mpcontrol.log: Call to HttpSendRequestSync failed for port 443 with status code 403.",
    }
    ISSUER_LIST {
        key: "issuers",
        rows: ["client-authentication/issuer-list-size", "client-authentication/accepted-issuers"],
        client: "ClientIDManagerStartup.log and CcmMessaging.log: 12044 (0x80072F0C), though the certificate is there.",
        server: "System event log, source Schannel: 36885 (the list of trusted authorities was cut); the web site's IIS log: 403 7.",
    }
}
