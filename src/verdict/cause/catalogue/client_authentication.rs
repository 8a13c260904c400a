//! Client certificates at the server: asked for, taken, refused.
//!
//! Order: who answered, the status before its sub-status, whether a certificate was asked for and sent, what can be known
//! of the certificate without the server, and the sub-status last.

use super::declare::causes;

causes! {
    section CLIENT_AUTHENTICATION;

    CERTIFICATE_NOT_REQUIRED {
        id: "certificate-not-required",
        culprit: Address,
        rows: ["client-authentication/demanded", "client-authentication/refuses-stranger"],
        known_by: "A request without a client certificate is served (2xx), and no certificate was asked for.",
        words: "The role's directory serves anybody: it asks for no client certificate.",
        remedy: { native "In the console switch the site to native mode (the site's properties, Site Mode tab); the management point is then reinstalled with the right settings (mpsetup.log). By hand: IIS Manager, the role's directory, SSL Settings, tick Require SSL and choose Client certificates: Require."
            current "In the console open Administration, Site Configuration, Servers and Site System Roles, the role's properties, and choose Client connections: HTTPS; the role is then reinstalled with the right settings (mpsetup.log). By hand: IIS Manager, the role's directory, SSL Settings, tick Require SSL and choose Client certificates: Require." },
        symptoms: [],
        shows: "Clients notice nothing, and everybody else gets in like them.",
    }
    ANY_CERTIFICATE_TAKEN {
        id: "any-certificate-taken",
        culprit: Address,
        rows: ["client-authentication/refuses-stranger"],
        known_by: "A certificate was asked for, and one that no authority of the site issued was served.",
        words: "The server asks for a certificate and takes any, whoever made it.",
        remedy: { native "Let IIS verify client certificates (the metabase property CertCheckMode: 0), and give the web site a certificate trust list with the clients' root alone. On a proxy, name the clients' authorities at its listener."
            current "Let IIS verify client certificates (the registry value DefaultSslCertCheckMode below HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters\\SslBindingInfo: 0). Set the clients' root in the console: Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set. On a proxy, name the clients' authorities at its listener." },
        symptoms: [],
        shows: "Clients notice nothing, and whoever has some certificate gets in like them.",
    }
    WINDOWS_AUTHENTICATION_WANTED {
        id: "windows-authentication-wanted",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "software-update-point/service"],
        known_by: "The answer is 401 and offers Negotiate or NTLM.",
        words: "The directory wants a Windows account, where a client has a certificate only.",
        remedy: { both "In IIS Manager open the role's directory, Authentication, enable Anonymous Authentication and disable Windows Authentication for this directory. Paths that begin with NOCERT_ want an account by design." },
        symptoms: [ACCOUNT_WANTED],
        shows: "",
    }
    CLIENT_CERTIFICATE_ENDED {
        id: "client-certificate-ended",
        culprit: File,
        rows: ["client/validity", "monitoring/validity", "mobile-device/validity", "deployment/validity", "distribution-point-client/validity", "proxy-client/validity", "client-authentication/accepts-client"],
        known_by: "The client certificate that was presented is out of its dates, or the answer's body names 403.17.",
        words: "The client's certificate is out of its dates.",
        remedy: { both "Give the client a new certificate, and, if the file belongs to this definition, export it anew."
            then enrol },
        symptoms: [CLIENT_CERTIFICATE_EXPIRED, DEPLOYMENT],
        shows: "",
    }
    CLIENT_CERTIFICATE_REVOKED {
        id: "client-certificate-revoked",
        culprit: File,
        rows: ["client/not-revoked", "monitoring/not-revoked", "mobile-device/not-revoked", "deployment/not-revoked", "distribution-point-client/not-revoked", "proxy-client/not-revoked", "client-authentication/accepts-client"],
        known_by: "The client certificate that was presented stands on its authority's list.",
        words: "The client's certificate has been revoked.",
        remedy: { both "Delete the revoked certificate from the client's Personal store, and give the client a new one; find out from the authority why it was revoked."
            then enrol },
        symptoms: [CLIENT_CERTIFICATE_REVOKED],
        shows: "With 2148081680 (0x80092010) behind 403 13.",
    }
    CLIENT_LIST_OUT_OF_REACH {
        id: "client-list-out-of-reach",
        culprit: Url,
        rows: ["*/crl-reachable", "client-authentication/accepts-client"],
        known_by: "A list of the client certificate's path cannot be had, or the body names 403.13 and the certificate stands on no list.",
        words: "IIS cannot check whether the client's certificate is revoked, and takes it for revoked.",
        remedy: { both "Make the lists of the client certificate and of every authority above it reachable for the servers, which fetch them as LocalSystem. Run `certutil -verify -urlfetch CLIENT.cer` there as LocalSystem (for example by `psexec -s`), and mend the URL it complains about." },
        symptoms: [CLIENT_CERTIFICATE_REVOKED],
        shows: "With 2148081683 (0x80092013) behind 403 13; whether clients check lists themselves makes no difference.",
    }
    CLIENT_ROOT_NOT_TRUSTED {
        id: "client-root-not-trusted",
        culprit: Address,
        rows: ["client-authentication/accepts-client"],
        known_by: "The body names 403.16, or the certificate is refused, and its path to a client root is sound.",
        words: "The server does not trust the root of the clients' certificates.",
        remedy: { native "On the server put the clients' root, which you have from the authority itself, into Trusted Root Certification Authorities of the computer account (`certutil -addstore Root root.cer`, or by Group Policy). Their issuing authority belongs into Intermediate Certification Authorities (`certutil -addstore CA issuing.cer`); if the web site has a certificate trust list, add the root there too."
            current "On the server put the clients' root, which you have from the authority itself, into Trusted Root Certification Authorities of the computer account (`certutil -addstore Root root.cer`, or by Group Policy). Their issuing authority belongs into Intermediate Certification Authorities (`certutil -addstore CA issuing.cer`). Then in the console: Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set." },
        symptoms: [CLIENT_CERTIFICATE_UNTRUSTED],
        shows: "",
    }
    CLIENT_ISSUER_UNKNOWN_TO_SERVER {
        id: "client-issuer-unknown-to-server",
        culprit: Address,
        rows: ["client-authentication/accepts-client"],
        known_by: "The client certificate is refused when it is sent alone, and let in when its authority's certificate is sent with it.",
        words: "The server does not have the certificate of the authority that issued the clients' certificates.",
        remedy: { both "On the server run `certutil -addstore CA issuing.cer` with the certificate of the clients' issuing authority, which puts it into Intermediate Certification Authorities of the computer account (or let Group Policy do so)." },
        symptoms: [CLIENT_CERTIFICATE_UNTRUSTED],
        shows: "With 2148204810 (0x800B010A) behind 403 16; over a cloud management gateway: 401.",
    }
    CLIENT_OF_FOREIGN_HIERARCHY {
        id: "client-of-foreign-hierarchy",
        culprit: File,
        rows: ["*/leads-to-root", "client-authentication/accepts-client"],
        known_by: "No path leads from the client certificate to a root that the site's clients have.",
        words: "The client's certificate comes from elsewhere, not from the site's authorities.",
        remedy: { both "Give the client a certificate of the site's own authority. If its root is one of the site's after all, name it in the definition's [trust] client_roots, once its thumbprint is compared with the authority's own."
            then enrol },
        symptoms: [CLIENT_CERTIFICATE_UNTRUSTED],
        shows: "",
    }
    CLIENT_ISSUER_NOT_AT_HAND {
        id: "client-issuer-not-at-hand",
        culprit: File,
        rows: ["*/leads-to-root"],
        known_by: "The authority that issued the client certificate, or one above it, calls itself a root, shares no word of its name with any that is declared, is not in the file, and the certificate does not say where it can be fetched.",
        words: "The authority that issued the client's certificate is none of those declared, and its own certificate is not at hand.",
        remedy: { both "Find out whose authority it is: the evidence has its name. If it is the site's, export the client's certificate again with the certificates of its path, or name the authority's in the definition's [trust] intermediates, once its thumbprint is compared with the authority's own. If it is not, give the client a certificate of the site's authority." },
        symptoms: [CLIENT_CERTIFICATE_UNTRUSTED],
        shows: "",
    }
    INTERMEDIATE_IN_TRUSTED_ROOT {
        id: "intermediate-in-trusted-root",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "client-authentication/accepted-issuers"],
        known_by: "A sound client certificate is refused (403.16 with 0x800B0109) by IIS 8 or later, though the server has the clients' root; or the list of authorities holds one that is no root.",
        words: "A certificate that is not self-signed lies among the server's trusted roots, and confuses IIS (KB 2802568).",
        remedy: { both "On the server take what is not self-signed out of Trusted Root Certification Authorities of the computer account. They are listed in PowerShell: `Get-ChildItem cert:\\LocalMachine\\root | Where-Object { $_.Issuer -ne $_.Subject }`. Move each one to Intermediate Certification Authorities, and take it out of the Group Policy that put it there, or it comes back." },
        symptoms: [CLIENT_CERTIFICATE_UNTRUSTED, CLIENT_CERTIFICATE_REQUIRED],
        shows: "403 16 with 2148204809; where the site has a list of trusted authorities, 403 7.",
    }
    ISSUERS_LACK_CLIENT_ROOT {
        id: "issuers-lack-client-root",
        culprit: Address,
        rows: ["client-authentication/accepted-issuers", "client-authentication/accepts-client"],
        known_by: "The list of authorities the server sends lacks the clients' root, and is short (under 12,000 octets), so that nothing was cut from it.",
        words: "The list of authorities the server names lacks the clients' root, so Windows picks no certificate for it.",
        remedy: { native "On the server put the clients' root, which you have from the authority itself, into Trusted Root Certification Authorities of the computer account (`certutil -addstore Root root.cer`, or by Group Policy). If the web site has a certificate trust list, add it there. On Server 2008 and later the registry value SendTrustedIssuerList=0 lets the server send no list."
            current "In the console set the clients' root: Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set. On the server it belongs into Trusted Root Certification Authorities of the computer account (from the authority itself: `certutil -addstore Root root.cer`). Leave the registry value SendTrustedIssuerList at 0, its default since Server 2012: then no list is sent." },
        symptoms: [NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    ISSUER_LIST_TRUNCATED {
        id: "issuer-list-truncated",
        culprit: Address,
        rows: ["client-authentication/accepted-issuers"],
        known_by: "The list of authorities the server sends lacks the clients' root, and is as long as Windows lets it become (12,000 to 16,384 octets).",
        words: "The server's list of authorities was cut off before it came to the clients' root.",
        remedy: { native "Remove the roots the server does not need from its Trusted Root Certification Authorities store (KB 2801679, KB 933430 for Server 2003), or give the web site a certificate trust list with the clients' root alone. On Server 2008 and 2008 R2 the registry value SendTrustedIssuerList=0 (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL) lets the server send no list."
            current "On the server set the registry value SendTrustedIssuerList=0 (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL), which is the default since Server 2012. Then remove the roots the server does not need from its Trusted Root Certification Authorities store (KB 2801679; Server 2012: KB 2880390)." },
        symptoms: [NO_CLIENT_CERTIFICATE, ISSUER_LIST],
        shows: "",
    }
    RENEGOTIATION_BLOCKED {
        id: "renegotiation-blocked",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "client-authentication/when"],
        known_by: "The server asks for renegotiation and then resets or falls silent; or it refuses the client without ever having asked for a certificate.",
        words: "The server asks for the client certificate by renegotiation, which does not come through.",
        remedy: { both "Check that renegotiation is not switched off (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL, DisableRenegoOnServer absent or 0; a change wants a restart), and that a load balancer in between lets it pass."
            then negotiate },
        symptoms: [CLIENT_CERTIFICATE_REQUIRED, CONNECTION_RESET],
        shows: "",
    }
    LATE_REQUEST_IMPOSSIBLE {
        id: "late-request-impossible",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "client-authentication/when", "client-authentication/late-request"],
        known_by: "The answer is 500 and names 0x80070032 (ERROR_NOT_SUPPORTED), over TLS 1.3.",
        words: "The server wants the client certificate after the handshake, and TLS 1.3 has no renegotiation.",
        remedy: { both "Settle the client certificate in the handshake, or switch TLS 1.3 off for this binding (IIS Manager, the web site, Bindings, https, Edit, Disable TLS 1.3 over TCP)."
            then negotiate },
        symptoms: [SERVER_ERROR],
        shows: "The IIS log: 500 with 50 (0x80070032).",
    }
    LATE_REQUEST {
        id: "late-request",
        culprit: Address,
        rows: ["client-authentication/late-request", "client-authentication/when"],
        known_by: "TLS 1.3 settles, and the certificate is asked for after the handshake (post-handshake authentication).",
        words: "The server asks for the client certificate after the handshake; clients that cannot be asked then are reset.",
        remedy: { both "Settle the client certificate in the handshake, or switch TLS 1.3 off for this binding (IIS Manager, the web site, Bindings, https, Edit, Disable TLS 1.3 over TCP)."
            then negotiate },
        symptoms: [CONNECTION_RESET],
        shows: "",
    }
    ACCESS_RULE_DENIES {
        id: "access-rule-denies",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "software-update-point/service"],
        known_by: "The body names 403.5, 403.6, 403.8 or 403.12.",
        words: "A rule of the web server refuses the client before its certificate matters.",
        remedy: { both "Mend the rule that the sub-status names. For 403.5, untick \u{201c}Require 128-bit SSL\u{201d} in the directory's SSL Settings or let the client have stronger suites; 403.6 and 403.8, IIS Manager, IP Address and Domain Restrictions; 403.12, the mapping of client certificates to accounts, and the rights of the account on the directory." },
        symptoms: [FORBIDDEN],
        shows: "",
    }
    CERTIFICATE_DID_NOT_ARRIVE {
        id: "certificate-did-not-arrive",
        culprit: Address,
        rows: ["client-authentication/accepts-client"],
        known_by: "The answer 403.7 meets a client that presented its certificate, and the server's list of authorities is empty or has the client's.",
        words: "The server says that no client certificate arrived, though one was presented that its list of authorities allows.",
        remedy: { both "See where the certificate is lost. A proxy or load balancer in front that ends TLS must hand it on, or pass TLS through. At the web server `netsh http show sslcert` shows a certificate trust list as Ctl Store Name: it must have the clients' root, or go. The web server's log has each refusal with sc-substatus and sc-win32-status." },
        symptoms: [NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    REFUSED_WITHOUT_REASON {
        id: "refused-without-reason",
        culprit: Address,
        rows: ["client-authentication/accepts-client"],
        known_by: "The client is refused (403, an alert, a reset), the body names no sub-status, and nothing is wrong with the certificate as far as can be known here.",
        words: "The server refuses the client's certificate and does not say why.",
        remedy: { both "Read the reason where the server wrote it down: the web site's IIS log, columns sc-status, sc-substatus and sc-win32-status, for this request; `cmprobe explain 403.16` (or what stands there) says what it means. Remote clients are never told the sub-status." },
        symptoms: [FORBIDDEN, CONNECTION_RESET],
        shows: "",
    }
    UPDATE_POINT_ASKS_FOR_CERTIFICATE {
        id: "update-point-asks-for-certificate",
        culprit: Address,
        rows: ["client-authentication/update-point-ignores", "software-update-point/service"],
        known_by: "A directory of WSUS asks for a client certificate, or refuses for want of one (403.7).",
        words: "A directory of WSUS asks for client certificates, which update scans never present.",
        remedy: { both "In IIS Manager open the WSUS web site and, for each of ApiRemoting30, ClientWebService, DSSAuthWebService, ServerSyncWebService and SimpleAuthWebService: SSL Settings, Client certificates: Ignore." },
        symptoms: [UPDATE_SCAN],
        shows: "0x80072F0C, or 0x80244018 (403).",
    }
    FOREIGN_ISSUERS {
        id: "foreign-issuers",
        culprit: Address,
        rows: ["client-authentication/foreign-issuers"],
        known_by: "The list of authorities the server sends names some that are no client roots of the site.",
        words: "The server takes client certificates of authorities that are not the site's.",
        remedy: { native "Give the web site a certificate trust list with the clients' root alone. IIS 6: Properties, Directory Security, Secure communications, Edit, Enable certificate trust list; IIS 7: `netsh http add sslcert` with sslctlidentifier=NAME and sslctlstorename=CA."
            current "Set the clients' root in the console: Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set. Then the management point takes certificates below it alone." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    REFUSES_OUTSIDER {
        id: "refuses-outsider",
        culprit: Address,
        rows: ["client-authentication/refuses-outsider"],
        known_by: "The certificate declared as an outsider's, from another trusted root, is served.",
        words: "The server lets in certificates of any root it trusts, not only of the clients'.",
        remedy: { native "Give the web site a certificate trust list with the clients' root alone. IIS 6: Properties, Directory Security, Secure communications, Edit, Enable certificate trust list; IIS 7: `netsh http add sslcert` with sslctlidentifier=NAME and sslctlstorename=CA."
            current "Set the clients' root in the console: Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set. A distribution point's web site needs a certificate trust list of its own (`netsh http add sslcert` with sslctlidentifier=NAME and sslctlstorename=CA)." },
        symptoms: [],
        shows: "Clients notice nothing; holders of foreign certificates get in.",
    }
}
