//! The handshake: what answers at the port, and how far TLS gets with it.
//!
//! Order: what answers, whether by server name, the offer, how far it came. A reset with a server name and without one is
//! the binding or its key; without one only, a binding that requires the name; to new or middle-sized hellos only, a
//! device that chokes on them.

use super::declare::causes;

causes! {
    section HANDSHAKE;

    PLAIN_HTTP_ON_PORT {
        id: "plain-http-on-port",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "The answer to the ClientHello is HTTP in clear text.",
        words: "The port has an http binding: the web site speaks HTTP there, without TLS.",
        remedy: { native "In IIS Manager open the web site, Bindings, remove the http entry at this port, and add one of type https with the site system's certificate. In IIS 6 it is the web site's Properties: the number belongs into SSL port, and Directory Security, Server Certificate takes the certificate. If HTTPS listens at another port, correct the definition's port instead."
            current "In IIS Manager open the web site, Bindings, remove the http entry at this port, and add one of type https with the site system's certificate; `netsh http show sslcert` then lists it. If HTTPS listens at another port, correct the definition's port instead." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    APPLICATION_PROTOCOL_DEMANDED {
        id: "application-protocol-demanded",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "The alert no_application_protocol (120) answers every hello, and none of them names an application protocol.",
        words: "What answers at this port serves only clients that name an application protocol (ALPN), and Configuration Manager's clients name none.",
        remedy: { both "On the load balancer, proxy or service that answers at this port, serve HTTP/1.1 to clients that send no ALPN extension; where only HTTP/2 is allowed, allow HTTP/1.1 beside it. If the port is another service's, correct the definition's port instead." },
        symptoms: [SECURE_CHANNEL],
        shows: "Browsers get in.",
    }
    OTHER_SERVICE_ON_PORT {
        id: "other-service-on-port",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "Bytes that are neither TLS nor HTTP answer the ClientHello, or come before it.",
        words: "Another service than a web server listens at this port.",
        remedy: { both "Correct the port in the definition if the role's is another, or move the other service away. `netstat -ano` on the server names the process that listens there." },
        symptoms: [SECURE_CHANNEL],
        shows: "Also 12152, ERROR_WINHTTP_INVALID_SERVER_RESPONSE.",
    }
    INTOLERANT_OF_NEW_HELLO {
        id: "intolerant-of-new-hello",
        culprit: Device,
        rows: ["session/hello-tolerance", "reachability/speaks-tls", "session/reaches-old-clients", "session/reaches-clients"],
        known_by: "Silence, a close or an alert answers the first hello, and a hello of TLS 1.2, or one under 256 or over 511 octets, gets an answer.",
        words: "A load balancer or firewall on the way chokes on this kind of hello.",
        remedy: { both "Bring the firmware of the load balancer or firewall in front of the server up to date; until then, let what answers at this port pass the connection through without looking into TLS." },
        symptoms: [TIMED_OUT, CONNECTION_RESET],
        shows: "New versions of Windows fail, old ones get in.",
    }
    SERVER_NAME_REQUIRED {
        id: "server-name-required",
        culprit: Address,
        rows: ["session/server-name", "reachability/speaks-tls"],
        known_by: "The handshake is answered when it carries the server name, and not when it carries none.",
        words: "The binding answers only clients that send the server name (SNI).",
        remedy: { native "In IIS Manager open the web site, Bindings, https, Edit, and untick Require Server Name Indication (IIS 8 and later); on a proxy or load balancer, name a default site for clients that send no name. Windows XP and Server 2003 never send one."
            current "In IIS Manager open the web site, Bindings, https, Edit, and untick Require Server Name Indication; on a proxy or load balancer, name a default site for clients that send no name." },
        symptoms: [CONNECTION_RESET],
        shows: "Only clients that send no server name fail.",
    }
    NO_USABLE_CERTIFICATE_BOUND {
        id: "no-usable-certificate-bound",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "A reset, a close or alert 80 answers every hello before any certificate, with the server name and without.",
        words: "No certificate is bound at this port, or its private key cannot be used.",
        remedy: { native "Bind a certificate whose private key can be used; which of both is missing, the server's System event log tells. HttpEvent 15021 or 15300: no certificate is bound; choose one in IIS Manager, the web site, Bindings, https, Edit (IIS 6: Properties, Directory Security, Server Certificate). Schannel 36869: the certificate has no key; import it with its key, or run `certutil -repairstore my SERIAL`. Schannel 36870: the key cannot be read; in the Certificates console of the computer account choose All Tasks, Manage Private Keys, and give SYSTEM and NETWORK SERVICE access."
            current "Bind a certificate whose private key can be used; which of both is missing, the server's System event log tells. HttpEvent 15021 or 15300: no certificate is bound; choose one in IIS Manager, the web site, Bindings, https, Edit. Schannel 36869: the certificate has no key; import it with its key, or run `certutil -repairstore my SERIAL`. Schannel 36870: the key cannot be read; in the Certificates console of the computer account choose All Tasks, Manage Private Keys, and give SYSTEM and NETWORK SERVICE access." },
        symptoms: [PRIVATE_KEY],
        shows: "",
    }
    NAME_NOT_SERVED {
        id: "name-not-served",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "The alert unrecognized_name (112) answers every hello, with the server name and without.",
        words: "What answers here has no site for the name that clients dial, and turns down every other.",
        remedy: { both "Add the name to what answers here: a listener or publishing rule at the proxy or load balancer, a host name for HTTPS at the web server. If the name leads to the wrong machine, correct its record in DNS instead." },
        symptoms: [SECURE_CHANNEL],
        shows: "Clients of the names it knows get in.",
    }
    HELLO_REFUSED {
        id: "hello-refused",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "A fatal alert answers every hello before any certificate, and it is neither about what was offered nor internal_error (80).",
        words: "What answers here turns down every client with an alert of its own, before it shows a certificate.",
        remedy: { both "Look up this moment in the log of what answers here: on Windows Schannel event 36888 of the System log has the alert's number and the reason, on a proxy or load balancer its own log has it. If it is not the system you mean, correct the name's record or the port." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    NOTHING_IN_COMMON {
        id: "nothing-in-common",
        culprit: Address,
        rows: ["reachability/speaks-tls", "session/protocol", "session/reaches-clients"],
        known_by: "Alert 40, 70 or 71 answers every protocol version and every cipher suite that was offered.",
        words: "The server is set to protocol versions or cipher suites that no client offers.",
        remedy: { native "Give the server back the TLS versions and cipher suites that its clients have. In the registry, HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols, keys of the versions the clients have (TLS 1.0 for Windows XP to 7): Server, Enabled=1, DisabledByDefault=0. Then undo a Group Policy at Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order, and restart the server."
            current "Give the server back TLS 1.2 and the cipher suites that its clients have. In the registry, HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server: Enabled=1, DisabledByDefault=0. Then check the Group Policy at Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order, and restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    HANDSHAKE_SILENT {
        id: "handshake-silent",
        culprit: Address,
        rows: ["reachability/speaks-tls"],
        known_by: "The connection opens, and nothing answers any kind of hello, large or small, old or new.",
        words: "The port accepts connections, but the service behind it does not answer.",
        remedy: { both "Restart the web server (`iisreset`), or look at the load balancer's pool: it may accept connections for servers that are gone. If small exchanges pass and large ones vanish, packets of full size are lost on the way: check the MTU of tunnels and VPNs." },
        symptoms: [TIMED_OUT],
        shows: "",
    }
    SERVER_FAILS_IN_HANDSHAKE {
        id: "server-fails-in-handshake",
        culprit: Address,
        rows: ["reachability/completes-handshake"],
        known_by: "The server answers the hello and then ends the handshake itself (alert 80, a close, silence), without having asked for a client certificate.",
        words: "The server begins the handshake and never ends it: no client gets in.",
        remedy: { both "Look into the server's System event log: Schannel 36888 names the alert and an internal number. Usually the key of the bound certificate cannot be used: `certutil -verifystore my SERIAL` on the server must end with \u{201c}Encryption test passed\u{201d} or \u{201c}Signature test passed\u{201d}; `certutil -repairstore my SERIAL` mends the link to the key." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    KEY_DOES_NOT_FIT {
        id: "key-does-not-fit",
        culprit: Address,
        rows: ["session/key-proof"],
        known_by: "The server's signature over the handshake does not verify with the key of the certificate it shows, and the engine can verify such signatures.",
        words: "Whoever answers here does not hold the key of the certificate that is shown.",
        remedy: { both "On the server or proxy, install certificate and private key together from one export. If both are right there, somebody else answers at this address: find out who, before anything at the clients is changed. Do not make clients accept it." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    ISSUER_LIST_TOO_LONG {
        id: "issuer-list-too-long",
        culprit: Address,
        rows: ["client-authentication/issuer-list-size", "session/message-size", "reachability/completes-handshake"],
        known_by: "The list of authorities in the server's CertificateRequest is longer than 16,384 octets (older clients and servers), 32,768 (Windows clients since 7), or the 65,535 that fit at all.",
        words: "The server names more authorities than clients can take.",
        remedy: { native "Remove the roots the server does not need from its Trusted Root Certification Authorities store (KB 2801679, KB 933430 for Server 2003), or give the web site a certificate trust list with the clients' root alone. On Server 2008 and 2008 R2 the registry value SendTrustedIssuerList=0 (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL) lets the server send no list."
            current "On the server set the registry value SendTrustedIssuerList=0 (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL), which is the default since Server 2012. Then remove the roots the server does not need from its Trusted Root Certification Authorities store (KB 2801679; Server 2012: KB 2880390)." },
        symptoms: [ISSUER_LIST, CLIENT_CERTIFICATE_REQUIRED, SECURE_CHANNEL],
        shows: "",
    }
    INTERCEPTED_ON_THE_WAY {
        id: "intercepted-on-the-way",
        culprit: Device,
        rows: ["chain/leads-to-site-root", "chain/one-leaf", "reachability/direct", "reachability/uninspected", "proxy/mode"],
        known_by: "The certificate comes from a foreign issuer, and another vantage is shown another one, which is the site's, or the connection bears a Via header nobody declared.",
        words: "A device on the way opens TLS and shows a certificate of its own.",
        remedy: { both "On the device (a web proxy or firewall that inspects TLS), exempt the site systems' hosts from inspection. Making clients accept its certificate is no cure: client certificates cannot pass through it." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "Only clients behind this device fail.",
    }
    GATEWAY_ON_THE_WAY {
        id: "gateway-on-the-way",
        culprit: Device,
        rows: ["reachability/direct"],
        known_by: "Answers over HTTPS bear a Via header nobody declared, and the certificate is the site's.",
        words: "Something the definition does not name stands in front of the server, opens TLS with a certificate of the site's and passes requests on.",
        remedy: { both "Let the name lead to the server itself, or, if the device publishes the site by right, name it in the definition as a [[proxy]] with mode = \"bridging\". It is found by the name its Via header gives; a device that opens TLS cannot pass client certificates on, and one that is declared is held against what such a proxy needs." },
        symptoms: [],
        shows: "Clients get in only as far as the device authenticates itself in their place.",
    }
    OLD_VERSIONS_ONLY {
        id: "old-versions-only",
        culprit: Address,
        rows: ["session/protocol"],
        known_by: "The highest version the server settles on is older than TLS 1.2.",
        words: "TLS 1.2 is switched off at this server, or unknown to it.",
        remedy: { native "Switch TLS 1.2 on, where the server's Windows has it (Server 2008 R2 and later; Server 2008 SP2 after an update), beside the older versions. In its registry: HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server, Enabled=1 and DisabledByDefault=0; then restart. Server 2003 cannot speak it: there waive session/protocol in the definition until the server is replaced."
            current "Switch TLS 1.2 on in the server's registry: HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server, Enabled=1 and DisabledByDefault=0, and restart. On a proxy or load balancer, allow TLS 1.2 at its listener." },
        symptoms: [SECURE_CHANNEL],
        shows: "Clients that ask for TLS 1.2 at least fail: Windows 11, and those on which older versions are off.",
    }
    CERTIFICATE_MESSAGE_TOO_LONG {
        id: "certificate-message-too-long",
        culprit: Certificate,
        rows: ["session/message-size", "session/reaches-old-clients", "session/reaches-clients"],
        known_by: "The server's Certificate message is longer than the 32,768 octets that Windows clients take.",
        words: "Windows clients drop the handshake, because the certificates the server sends are too long together.",
        remedy: { both "Issue the certificate again with fewer names, and take certificates that do not belong to the path out of the chain file. Then choose the new certificate in the binding (IIS Manager, the web site, Bindings, https, Edit)." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    TLS13_ALONE {
        id: "tls13-alone",
        culprit: Address,
        rows: ["session/reaches-old-clients", "session/reaches-clients"],
        known_by: "TLS 1.3 settles, and every handshake that offered no more than TLS 1.2 was refused.",
        words: "The server speaks TLS 1.3 alone; Windows before Windows 11 and Server 2022 cannot.",
        remedy: { native "Allow the older versions again beside TLS 1.3 on what answers here (no Windows of the time speaks it): TLS 1.2, and TLS 1.0 for the clients that have nothing newer."
            current "Allow TLS 1.2 again beside TLS 1.3 on what answers here. On Windows: HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server, Enabled=1 and DisabledByDefault=0, and restart." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    NEW_VERSIONS_ALONE {
        id: "new-versions-alone",
        culprit: Address,
        rows: ["session/reaches-old-clients", "session/reaches-clients"],
        known_by: "The server settles on TLS 1.2 or newer, and refuses a client that offers older versions alone.",
        words: "The server speaks only protocol versions that older versions of Windows do not have switched on.",
        remedy: { native "Allow TLS 1.0 again beside the newer versions on what answers here, or bring the clients that are lost to a newer one. On Windows: HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Server, Enabled=1 and DisabledByDefault=0, and restart. Windows 7 learns TLS 1.2 by KB 3140245 and its registry values; Windows XP, Server 2003 and Vista have nothing newer than TLS 1.0. If the site has none of these any more, name those it has in the definition's [site] table (`windows`)."
            current "Bring the clients that are lost to TLS 1.2, or take those Windows versions out of the definition's [site] table (`windows`), if the site has none of them any more. Windows 7 and 8 learn it by KB 3140245 and its registry values; later versions have it switched on unless a policy switched it off (HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client)." },
        symptoms: [SECURE_CHANNEL],
        shows: "Only older versions of Windows fail.",
    }
    NEW_SUITES_ALONE {
        id: "new-suites-alone",
        culprit: Address,
        rows: ["session/reaches-old-clients", "session/reaches-clients"],
        known_by: "The server settles on ECDHE with AES-GCM, and refuses every offer of the cipher suites that older versions of Windows have.",
        words: "The server takes only cipher suites that older versions of Windows do not have.",
        remedy: { native "Add suites with AES-CBC to the server's order (Group Policy: Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order). For example TLS_RSA_WITH_AES_128_CBC_SHA serves Windows Vista and later, and TLS_RSA_WITH_3DES_EDE_CBC_SHA Windows XP. Restart the server. Windows 7 comes no further by KB 3140245 alone: it switches TLS 1.2 on, not these suites."
            current "Add suites with AES-CBC to the server's order (Group Policy: Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order), for example TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, beside those it has. Then restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "Only older versions of Windows fail.",
    }
    OLD_SUITES_ALONE {
        id: "old-suites-alone",
        culprit: Address,
        rows: ["session/reaches-old-clients", "session/reaches-clients"],
        known_by: "The server settles on RC4, DES or Triple DES alone, and refuses every offer without them.",
        words: "The server takes only cipher suites that newer versions of Windows no longer offer.",
        remedy: { native "Add suites with AES to the server's order. Windows Server 2008 and later have them (Group Policy: Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order); Server 2003 learns TLS_RSA_WITH_AES_128_CBC_SHA by KB 948963. Restart the server. On a proxy or load balancer, its own list decides."
            current "Add suites with AES to the server's order (Group Policy: Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order; on a proxy or load balancer, its own list). For example TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 serves every Windows version of today; restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "Only newer versions of Windows fail.",
    }
    FOREIGN_SUITES_ALONE {
        id: "foreign-suites-alone",
        culprit: Address,
        rows: ["session/reaches-clients", "session/reaches-old-clients"],
        known_by: "The server settles on cipher suites that no version of Windows offers (Camellia, ARIA, CCM, ChaCha20 alone), and refuses every offer without them.",
        words: "The server takes only cipher suites that no version of Windows offers.",
        remedy: { native "Add suites with AES to what the server takes: TLS_RSA_WITH_AES_128_CBC_SHA serves Windows Vista and later, and TLS_RSA_WITH_3DES_EDE_CBC_SHA Windows XP. On Windows that is the order in Group Policy (Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order); on a proxy or load balancer, its own list. Restart the server."
            current "Add suites with AES to what the server takes: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 serves every Windows version of today. On Windows that is the order in Group Policy (Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order); on a proxy or load balancer, its own list. Restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    FOREIGN_GROUPS_ALONE {
        id: "foreign-groups-alone",
        culprit: Address,
        rows: ["session/reaches-clients", "session/reaches-old-clients"],
        known_by: "Wherever the server settles on a version and a suite that Windows clients offer, it exchanges keys by a group they do not offer, and it refuses their hellos.",
        words: "The server exchanges keys by groups (elliptic curves) alone that these versions of Windows do not offer.",
        remedy: { both "Add the curves P-256 and P-384 to what the server takes: every version of Windows from Vista on has them. On Windows that is the order in Group Policy (Administrative Templates, Network, SSL Configuration Settings, ECC Curve Order); elsewhere its own list (`ssl_ecdh_curve`, `SSLOpenSSLConfCmd Groups`, `curves`). Restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "",
    }
    SHORT_DIFFIE_HELLMAN_PRIME {
        id: "short-diffie-hellman-prime",
        culprit: Address,
        rows: ["session/reaches-clients", "session/reaches-old-clients"],
        known_by: "The server's half of a Diffie-Hellman exchange has a prime of less than 1024 bits, which clients refuse since Windows 10.",
        words: "The server exchanges keys by Diffie-Hellman with a prime that clients since Windows 10 refuse as too short.",
        remedy: { both "Let the server use a Diffie-Hellman prime of 2048 bits. On Windows that is ServerMinKeyBitLength=2048 in the registry under SCHANNEL\\KeyExchangeAlgorithms\\Diffie-Hellman, elsewhere a new file of parameters (`openssl dhparam 2048`). Better still, put the ECDHE suites first and take the DHE suites out. Restart the server." },
        symptoms: [SECURE_CHANNEL],
        shows: "Only clients since Windows 10 fail.",
    }
}
