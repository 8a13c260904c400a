//! Reaching the port: proxies on the way, then the connection itself.
//!
//! Order: the proxy's answer, one of several addresses, then refused, silent, unreachable.

use super::declare::causes;

causes! {
    section CONNECTION;

    PROXY_WANTS_CREDENTIALS {
        id: "proxy-wants-credentials",
        culprit: Device,
        rows: ["reachability/connects", "proxy/bridges-client", "client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The web proxy answered 407 to CONNECT, or to the request for a list.",
        words: "The web proxy wants a user and a password; Configuration Manager's clients ask as LocalSystem and have none.",
        remedy: { both "On the web proxy, exempt computers from authentication for these hosts (the site systems, and the hosts of the revocation lists). `netsh winhttp show proxy` on a client shows whether it uses this proxy at all; a bypass list there lets it go directly." },
        symptoms: [PROXY_ACCOUNT_WANTED, REVOCATION_FAILED],
        shows: "",
    }
    PROXY_FORBIDS {
        id: "proxy-forbids",
        culprit: Device,
        rows: ["reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The web proxy answered 403 or 405 to CONNECT, or 403 in its own name to the request for a list.",
        words: "The web proxy's rules forbid this connection.",
        remedy: { both "On the web proxy, add a rule that lets computers reach this host and port; many proxies allow CONNECT to port 443 alone, and a site's ports may be others." },
        symptoms: [PROXY_REFUSAL],
        shows: "",
    }
    PROXY_CANNOT_REACH {
        id: "proxy-cannot-reach",
        culprit: Device,
        rows: ["reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The web proxy answered 408, 502, 503 or 504 to CONNECT, or 502, 503 or 504 to the request for a list.",
        words: "The web proxy cannot resolve or reach the server behind this name.",
        remedy: { both "On the web proxy itself, resolve the name and connect to the port: its name server, its route and the firewall behind it decide, not the client's. Where inner servers need no proxy, put them into the clients' bypass list and the vantage's `no_proxy`." },
        symptoms: [BAD_GATEWAY],
        shows: "",
    }
    PROXY_UNRESOLVED {
        id: "proxy-unresolved",
        culprit: Device,
        rows: ["reachability/name-resolves", "reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The name of the vantage's web proxy has no address at this vantage.",
        words: "The vantage's web proxy has no address: its name does not resolve.",
        remedy: { both "Correct the proxy's name, as `--proxy` or the vantage's `proxy` in the definition writes it, or create its host record in the DNS this vantage asks. On a client, `netsh winhttp show proxy` names the one in use." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "Every target behind this proxy fails alike.",
    }
    PROXY_NOT_LISTENING {
        id: "proxy-not-listening",
        culprit: Device,
        rows: ["reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The vantage's web proxy refused the connection.",
        words: "Nothing listens at the web proxy's address and port: the connection was refused.",
        remedy: { both "Start the web proxy's service, or correct its address and port, as `--proxy` or the vantage's `proxy` in the definition names them. On a client, `netsh winhttp show proxy` names the one in use." },
        symptoms: [CANNOT_CONNECT],
        shows: "Every target behind this proxy fails alike.",
    }
    PROXY_WITHOUT_ROUTE {
        id: "proxy-without-route",
        culprit: Device,
        rows: ["reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The network answered that the vantage's web proxy cannot be reached.",
        words: "No route leads from this vantage to its web proxy.",
        remedy: { both "Check the route from this vantage to the web proxy, and its address, as `--proxy` or the vantage's `proxy` in the definition names it. On a client, `netsh winhttp show proxy` names the one in use." },
        symptoms: [CANNOT_CONNECT],
        shows: "Every target behind this proxy fails alike.",
    }
    PROXY_SILENT {
        id: "proxy-silent",
        culprit: Device,
        rows: ["reachability/connects", "revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "Nothing answered the attempt to connect to the vantage's web proxy, or it took the connection and gave no answer in time.",
        words: "The vantage's web proxy does not answer.",
        remedy: { both "Check that the web proxy's machine and service run, and that firewalls between this vantage and it let its port pass. Then check its address and port, as `--proxy` or the vantage's `proxy` in the definition names them (on a client: `netsh winhttp show proxy`)." },
        symptoms: [TIMED_OUT],
        shows: "Every target behind this proxy fails alike.",
    }
    PROXY_REDIRECTS {
        id: "proxy-redirects",
        culprit: Device,
        rows: ["reachability/connects"],
        known_by: "The web proxy answered CONNECT with a redirection (3xx), or with 511.",
        words: "The web proxy sends every connection to a page where a user is to sign in; Configuration Manager's clients have no user to show it to.",
        remedy: { both "On the web proxy or its sign-in portal, exempt computers from signing in for these hosts (the site systems, and the hosts of the revocation lists). `netsh winhttp show proxy` on a client shows whether it uses this proxy at all; a bypass list there lets it go directly." },
        symptoms: [PROXY_STATUS],
        shows: "A browser on the same machine can work: there somebody has signed in.",
    }
    PROXY_LIMITS {
        id: "proxy-limits",
        culprit: Device,
        rows: ["reachability/connects"],
        known_by: "The web proxy answered 429 to CONNECT.",
        words: "The web proxy takes no more connections from this address for now.",
        remedy: { both "First see whether it is for this run: make it with fewer connections (`--concurrency`, `--rate`). If the proxy still refuses, or the clients of a place come from one address, raise what the web proxy allows one address for these hosts; its log names the rule." },
        symptoms: [PROXY_STATUS],
        shows: "Some connections fail, most when many clients come at once.",
    }
    PROXY_FAILS {
        id: "proxy-fails",
        culprit: Device,
        rows: ["reachability/connects"],
        known_by: "The web proxy answered 500 to CONNECT.",
        words: "The web proxy itself fails over the connection it is asked for.",
        remedy: { both "Look for this request in the web proxy's own log: what failed stands there, a name it could not look up, a filter, its storage. Restart its service if it says nothing. `netsh winhttp show proxy` on a client shows whether it uses this proxy at all." },
        symptoms: [PROXY_STATUS],
        shows: "The server's own log has nothing.",
    }
    PROXY_IS_NONE {
        id: "proxy-is-none",
        culprit: Device,
        rows: ["reachability/connects"],
        known_by: "What was asked as the vantage's web proxy closed the connection, answered in no HTTP, or answered CONNECT with a status that is no proxy's.",
        words: "What stands at the web proxy's address does not answer as a web proxy does.",
        remedy: { both "Check the proxy's address and port, as `--proxy` or the vantage's `proxy` in the definition names them: another service may listen there, or the proxy may want TLS itself. On a client, `netsh winhttp show proxy` names the one in use." },
        symptoms: [CONNECTION_RESET],
        shows: "Every target behind this proxy fails alike; where it answers, also 12152, ERROR_WINHTTP_INVALID_SERVER_RESPONSE.",
    }
    ADDRESS_OUT_OF_DATE {
        id: "address-out-of-date",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "This address refuses the connection, while another address of the same name can be connected to.",
        words: "DNS lists an address at which nobody listens, beside one that works.",
        remedy: { both "Remove the host record of this address, if the server behind it is gone; else start the service there." },
        symptoms: [CANNOT_CONNECT],
        shows: "Some requests fail, or begin late: clients try the addresses in turn.",
    }
    ADDRESS_WITHOUT_ANSWER {
        id: "address-without-answer",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "Nothing answers the attempt to connect to this address, while another address of the same name can be connected to.",
        words: "DNS lists an address from which nothing comes back, beside one that works.",
        remedy: { both "Remove the host record of this address, if the server behind it is gone; else start that server, and let the firewalls between this vantage and it pass the port." },
        symptoms: [TIMED_OUT],
        shows: "Some requests fail, or begin late: clients try the addresses in turn.",
    }
    PROXY_DOES_NOT_LISTEN {
        id: "proxy-does-not-listen",
        culprit: Device,
        rows: ["reachability/connects"],
        known_by: "The definition has a proxy web server publish this name, and the connection was refused.",
        words: "Nothing listens where clients on the Internet are sent: the proxy does not publish this port, or the name does not lead to the proxy.",
        remedy: { both "Compare the address that was refused with the proxy's outside address: if the name leads elsewhere, to the site system's own address for example, correct its record in the DNS that clients on the Internet ask. If it is the proxy's, look there and not at the server behind it: whether its service runs, and whether a publishing rule (a listener, a forwarded port) for this name and port is enabled; its log shows what it turns away." },
        symptoms: [CANNOT_CONNECT],
        shows: "Only clients on the Internet fail.",
    }
    NOTHING_LISTENS {
        id: "nothing-listens",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "The connection was refused at every address of the name.",
        words: "Nothing listens at this port.",
        remedy: { both "On the server, check that the World Wide Web Publishing Service (W3SVC) runs, and that the web site has an https binding at this port and is started: `netsh http show sslcert`, `netstat -ano`. If it listens at another port, compare the site's client request ports with those of the definition." },
        symptoms: [CANNOT_CONNECT],
        shows: "",
    }
    PACKETS_DROPPED {
        id: "packets-dropped",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "Nothing answered the attempt to connect, not even a refusal.",
        words: "A firewall drops the packets on the way to this port, or the machine is off.",
        remedy: { both "Check that the machine runs, then that its Windows Firewall and every firewall between this vantage and it let this port pass; the firewall's own log shows what it drops." },
        symptoms: [TIMED_OUT],
        shows: "",
    }
    CONNECTION_CUT_OFF {
        id: "connection-cut-off",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "The connection was reset before it was open.",
        words: "Something on the way cuts the connection off before it is open.",
        remedy: { both "Find what sends the reset: the log of every firewall, load balancer and intrusion prevention system between this vantage and the server. Let it pass this port." },
        symptoms: [CONNECTION_RESET],
        shows: "",
    }
    NO_ROUTE {
        id: "no-route",
        culprit: Address,
        rows: ["reachability/connects"],
        known_by: "The network answered that the address cannot be reached.",
        words: "No route leads from this vantage to the address.",
        remedy: { both "Check the route from this vantage to the address. For an IPv6 address, either give the vantage's clients IPv6, or take the AAAA record away." },
        symptoms: [CANNOT_CONNECT],
        shows: "",
    }
}
