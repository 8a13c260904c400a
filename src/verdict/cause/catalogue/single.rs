//! Requirements with one cause each: what is wrong is what the requirement says, and there is one thing to do.

use super::declare::causes;

causes! {
    section SINGLE;

    WILDCARD_USED {
        id: "wildcard-used",
        culprit: Certificate,
        rows: ["*/wildcard"],
        known_by: "A name on the certificate begins with *.",
        words: "The certificate is for a whole domain: whoever has its key can be any of its servers.",
        remedy: { both "Issue each site system a certificate with its own names, and bind that."
            then issue then bind },
        symptoms: [],
        shows: "Windows clients take it; some mobile devices and old software do not.",
    }
    SEVERAL_COMMON_NAMES {
        id: "several-common-names",
        culprit: Certificate,
        rows: ["*/one-common-name"],
        known_by: "The certificate's Subject holds more common names than one.",
        words: "The Subject has several common names, and which one counts differs from client to client.",
        remedy: { both "Request the certificate again with one common name, or none, and every name as a DNS alternative name; then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "Clients differ.",
    }
    NOT_ASCII {
        id: "not-ascii",
        culprit: Certificate,
        rows: ["*/single-byte-names"],
        known_by: "The Subject or a name on the certificate has characters that are not ASCII.",
        words: "The certificate's Subject or names have characters beyond ASCII, which Configuration Manager does not support.",
        remedy: { both "Request the certificate again with a Subject in ASCII (organisation and unit too, or leave them out) and with DNS names in their xn-- form."
            then replace },
        symptoms: [],
        shows: "No failing client is known; the documents exclude it.",
    }
    SHA2_FOR_OLD_CLIENTS {
        id: "sha2-for-old-clients",
        culprit: Definition,
        rows: ["*/legacy-client-hash"],
        known_by: "A certificate of the path is signed with SHA-2, and the definition says `legacy_clients = true`.",
        words: "Windows XP before Service Pack 3 and Server 2003 without KB 938397 cannot verify a SHA-2 signature.",
        remedy: { native "Bring these clients to Windows XP SP3, or install KB 938397 on Server 2003 (KB 968730 too where they enrol), and then take `legacy_clients` out of the definition. Only where that is impossible, keep an authority that signs with SHA-1 for them."
            current "Take `legacy_clients` out of the definition: Current Branch has no clients that old." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Only these old clients fail.",
    }
    SHA1 {
        id: "sha1",
        culprit: Authority,
        rows: ["chain/sha1-signatures", "*/sha1-signature"],
        known_by: "A certificate of the path, the root apart, is signed with SHA-1.",
        words: "A certificate is signed with SHA-1, which Current Branch no longer supports.",
        remedy: { native "Once no client needs SHA-1 any more, set the authority to SHA-256 (`certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256`, restart Certificate Services), renew the issuing authorities' certificates, then issue those below them again."
            current "Set the authority to SHA-256 (`certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256`, restart Certificate Services), renew the issuing authorities' certificates, then issue those below them again." },
        symptoms: [],
        shows: "Windows refuses SHA-1 below public roots only; below the company's own it still takes it.",
    }
    CLUSTER_BY_ADDRESS {
        id: "cluster-by-address",
        culprit: Definition,
        rows: ["nlb/addressed-by-fqdn"],
        known_by: "The cluster is declared by an IP address, or by a name without its domain.",
        words: "Clients are sent to the cluster by an address or a short name instead of its full name.",
        remedy: { both "In the management point component's properties (Component Configuration) give the cluster's fully qualified domain name, and register that name in DNS." },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    NODE_NAME_MISSING {
        id: "node-name-missing",
        culprit: Certificate,
        rows: ["nlb/node-name"],
        known_by: "A node's certificate has the cluster's name, and not the node's own after it.",
        words: "The node's certificate lacks the node's own name after the cluster's; the site server reaches it by that.",
        remedy: { both "Request a certificate for the node with the cluster's FQDN first and the node's own name after it, then bind it on this node."
            then issue then bind },
        symptoms: [MONITORING],
        shows: "Clients notice nothing.",
    }
    OLD_VERSIONS_ON {
        id: "old-versions-on",
        culprit: Address,
        rows: ["session/old-versions"],
        known_by: "The server settles on a version that the profile no longer needs.",
        words: "The server still speaks protocol versions that are broken or outdated.",
        remedy: { native "Switch SSL 3.0 off (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\SSL 3.0\\Server, Enabled=0) and restart: every client of a 2007 site has TLS 1.0 beside it. Leave TLS 1.0 on as long as there is Windows XP, Server 2003, Vista or Server 2008, or Windows 7 without KB 3140245: without it all of these are lost."
            current "Make sure first that every component and the SQL Server clients speak TLS 1.2; then switch the versions off (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols, key of the version, Server, Enabled=0), and restart. Clients before Windows 8.1 without KB 3140245 are lost." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    NO_EPHEMERAL_SUITE {
        id: "no-ephemeral-suite",
        culprit: Address,
        rows: ["session/forward-secrecy"],
        known_by: "The server settles on a cipher suite without ephemeral keys, although others were offered.",
        words: "The server prefers cipher suites without forward secrecy: who gets its key later can read what was recorded before.",
        remedy: { native "Put the ECDHE suites first, where the server's Windows has them (Server 2008 and later: Group Policy, Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order; a proxy or load balancer: its own list). Then restart the server. Server 2003 has none: there waive session/forward-secrecy in the definition until the server is replaced."
            current "Put the ECDHE suites first in the server's order (Group Policy: Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order; on a proxy or load balancer, its own list), and restart the server." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    SCHANNEL_UNPATCHED {
        id: "schannel-unpatched",
        culprit: Address,
        rows: ["session/secure-renegotiation"],
        known_by: "The server does not answer the signal of RFC 5746 (secure renegotiation).",
        words: "The server lacks the update for secure renegotiation (MS10-049).",
        remedy: { both "Install MS10-049 (KB 980436) or anything later on the server, and leave its registry values AllowInsecureRenegoClients and AllowInsecureRenegoServers at their defaults." },
        symptoms: [],
        shows: "Clients that insist on it are refused in the handshake.",
    }
    HANDSHAKE_SLOW {
        id: "handshake-slow",
        culprit: Address,
        rows: ["session/handshake-time"],
        known_by: "The handshake took longer than its requirement allows.",
        words: "The server takes long for a handshake.",
        remedy: { both "Look at the server's load, and at what it waits for during the handshake: name resolution, domain controllers, the revocation lists of its own and of client certificates. The CAPI2 operational log (Event Viewer, Applications and Services Logs, Microsoft, Windows, CAPI2) shows which and how long." },
        symptoms: [TIMED_OUT],
        shows: "",
    }
    MODE_DIFFERS {
        id: "mode-differs",
        culprit: Definition,
        rows: ["proxy/mode"],
        known_by: "The certificate met outside is the site system's where the definition says bridging, or the proxy's own where it says tunneling.",
        words: "The proxy does not publish as the definition says.",
        remedy: { both "Correct `mode` in the definition, or the proxy's rule: one that publishes a server tunnels, one that publishes a web site bridges." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    SERVES_HTTP {
        id: "serves-http",
        culprit: Device,
        rows: ["proxy/no-plain-http"],
        known_by: "The proxy serves a role's path over plain HTTP.",
        words: "The proxy publishes the site system without TLS as well.",
        remedy: { both "Remove the HTTP listener from the publishing rule, or let it answer with a refusal only." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    NO_CERTIFICATE_FOR_INNER_LEG {
        id: "no-certificate-for-inner-leg",
        culprit: Definition,
        rows: ["proxy/client-auth-eku"],
        known_by: "The certificate of the proxy's listener lacks Client Authentication, and the definition names no separate one.",
        words: "The proxy's certificate is for servers alone, and no other is named for its own leg to the site system.",
        remedy: { both "Name the certificate with which the proxy authenticates itself to the site system as `client_certificate` in its [[proxy]] table. If it has none, issue it one from the Workstation Authentication template, or one certificate with both purposes for both legs." },
        symptoms: [CLIENT_CERTIFICATE_REQUIRED],
        shows: "The site system refuses the proxy, and so every client on the Internet.",
    }
    TUNNEL_CERTIFICATE_UNUSED {
        id: "tunnel-certificate-unused",
        culprit: Definition,
        rows: ["proxy/tunnel-needs-none"],
        known_by: "The definition names a client certificate for a proxy that tunnels.",
        words: "A proxy that tunnels opens no TLS, so that a certificate of its own has no use.",
        remedy: { both "Remove `client_certificate` from the [[proxy]] table, or correct its mode." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition.",
    }
    SIGNING_ON_SECONDARY {
        id: "signing-on-secondary",
        culprit: Definition,
        rows: ["site-server/not-on-secondary"],
        known_by: "The definition of a secondary site names a signing certificate.",
        words: "A secondary site signs no policy and has no signing certificate.",
        remedy: { both "Leave `signing_certificate` out of the secondary site's definition; it belongs to the primary site's." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition.",
    }
    SERVICE_NAME {
        id: "service-name",
        culprit: Certificate,
        rows: ["cloud-management-gateway/service-name"],
        known_by: "The common name of the gateway's certificate is not its service name, nor a wildcard for it.",
        words: "The cloud management gateway's certificate has another common name than its service name.",
        remedy: { both "Issue a certificate with the service name as its common name (a wildcard of its domain counts), and give the .pfx file to the gateway: Administration, Cloud Services, Cloud Management Gateway, Properties, Settings, Certificate file." },
        symptoms: [CERTIFICATE_NAME],
        shows: "Only clients on the Internet fail.",
    }
    PREFIX {
        id: "prefix",
        culprit: Definition,
        rows: ["cloud-management-gateway/prefix"],
        known_by: "The first label of the service name has fewer than 3 or more than 24 characters, or others than lower-case letters and digits.",
        words: "Azure does not take the cloud management gateway's service name.",
        remedy: { both "Choose a service name whose first label has 3 to 24 lower-case letters and digits, and issue the gateway's certificate for it; the name cannot be changed later, only the gateway set up anew." },
        symptoms: [],
        shows: "The gateway is never set up: CloudMgr.log.",
    }
    NAME {
        id: "name",
        culprit: Certificate,
        rows: ["sql-server/name"],
        known_by: "The Subject of the SQL Server's certificate is not its intranet FQDN, or the cluster's.",
        words: "The SQL Server's certificate is for another name than the one the site dials.",
        remedy: { both "Issue a certificate with the SQL Server's intranet FQDN (the cluster's, where there is one) as its Subject. Choose it in SQL Server Configuration Manager, Protocols, Properties, Certificate, restart SQL Server, and copy it into the site server's Trusted People store." },
        symptoms: [],
        shows: "smsprov.log, mpcontrol.log: the connection to SQL Server fails.",
    }
    TERM {
        id: "term",
        culprit: Certificate,
        rows: ["sql-server/term"],
        known_by: "The certificate of a SQL Server cluster is valid for less than two years.",
        words: "A SQL Server cluster's certificate is to be valid for two years at least.",
        remedy: { both "Issue the cluster's certificate from a template with a validity of two years or more, and install it on every node; there choose it in SQL Server Configuration Manager, Protocols, Properties, Certificate, and restart SQL Server." },
        symptoms: [],
        shows: "Nothing, until it ends.",
    }
    WAIVER_ENDED {
        id: "waiver-ended",
        culprit: Definition,
        rows: ["waiver/current"],
        known_by: "The day in a waiver's `until` has passed.",
        words: "The waiver has ended, and what it accepted counts again.",
        remedy: { both "Mend what the waiver covers, or agree on a new day and write it into its `until`." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition.",
    }
    WAIVER_UNUSED {
        id: "waiver-unused",
        culprit: Definition,
        rows: ["waiver/needed"],
        known_by: "Nothing fails that the waiver covers.",
        words: "Nothing needs this waiver.",
        remedy: { both "Remove the [[waiver]] table, or correct the requirement or the system it names." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition.",
    }
}
