//! Names and addresses: from the name a client is given to the address it connects to.
//!
//! Order: the vantage's proxy, the resolver's own failures, then what its answer says. Where all names fail at it, it is
//! the resolver; where one does, the name.

use super::declare::causes;

causes! {
    section NAMES;

    NAME_SERVER_SILENT {
        id: "name-server-silent",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves", "revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        known_by: "The vantage's name server gave no answer in time.",
        words: "The name server gave no answer in time from here.",
        remedy: { both "Check that the vantage's `dns` in the definition is the name server its clients use, that it runs, and that port 53 is open to it, UDP and TCP alike. If it answers for other names, it waits for somebody else about these: look at its forwarders, and at the delegation of their zone. Nothing is known against the names themselves." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_SERVER_UNUSABLE {
        id: "name-server-unusable",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves", "revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        known_by: "The question ended with an error of the socket, or the answer could not be read as DNS.",
        words: "At the name server's address stands none that answers us.",
        remedy: { both "Check that the vantage's `dns` in the definition names a name server's address and port, that its service runs, and that port 53 is open to it, UDP and TCP alike. Nothing is known against the names themselves." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_SERVER_FAILS {
        id: "name-server-fails",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves", "revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        known_by: "The name server answered SERVFAIL.",
        words: "The name server could not get an answer itself.",
        remedy: { both "On the name server, check where it gets the zone from: its forwarders, the delegation, the transfer of a secondary zone, and DNSSEC validation; its event log (DNS Server) names the zone." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_SERVER_REFUSES {
        id: "name-server-refuses",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves", "revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        known_by: "The name server answered REFUSED.",
        words: "The name server does not answer this vantage for this zone.",
        remedy: { both "Name the clients' own name servers at the vantage (`dns`), if this is another one. If clients do use it, allow their networks recursion, or this zone, in its access list." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    ALIAS_LOOP {
        id: "alias-loop",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "An alias (CNAME) in the answer leads back to one that was already met, or the aliases find no end.",
        words: "The name's aliases lead in a circle.",
        remedy: { both "Let the last alias end at a host record (A or AAAA), or replace the aliases by a host record for the name itself." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_KNOWN_TO_PROXY_ONLY {
        id: "name-known-to-proxy-only",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The vantage has a web proxy, the name server says that there is no such name, and the proxy opens a tunnel to it by name.",
        words: "Only the vantage's web proxy knows the name; its name server does not.",
        remedy: { both "Let the proxy resolve names (`--proxy-resolve remote`), or give the vantage a name server that knows them. If the clients of this vantage go through the proxy, too, nothing is wrong with the site." },
        symptoms: [],
        shows: "Clients that use the proxy notice nothing.",
    }
    NAME_NOT_IN_DNS {
        id: "name-not-in-dns",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The name server says that the intranet FQDN does not exist (NXDOMAIN).",
        words: "The inner DNS zone has no such name.",
        remedy: { both "Create a host record for the name in the inner zone; `ipconfig /registerdns` on the server does it where the zone takes dynamic updates. First compare the name with the intranet FQDN in the site system's properties: if that is another one, correct the definition." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_NOT_PUBLISHED {
        id: "name-not-published",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The name server says that the Internet FQDN does not exist (NXDOMAIN).",
        words: "The Internet name is not in the DNS that clients out there ask.",
        remedy: { both "Create a host record for the Internet FQDN in the public zone, with the address at which clients on the Internet reach the site system or the proxy in front of it. Where the inner network has a zone of the same name (split DNS), create it there as well." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "Only clients on the Internet fail.",
    }
    NETBIOS_NAME_NOT_IN_DNS {
        id: "netbios-name-not-in-dns",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The name server says that a name without a dot does not exist (NXDOMAIN).",
        words: "DNS has no such short name; WINS or a DNS suffix may still help some clients.",
        remedy: { native "In the console open the site system's properties, General tab, and specify a fully qualified domain name for it, which is in DNS. Then enter it in the definition as `intranet_fqdn`."
            current "In the console open Administration, Site Configuration, Servers and Site System Roles, the server, the properties of its site system role, and specify its fully qualified domain name, which is in DNS. Then enter it in the definition as `intranet_fqdn`." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "Clients that have neither WINS nor the suffix fail.",
    }
    NAME_MISSPELT_HERE {
        id: "name-misspelt-here",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "A name that was typed on the command line or read from a list does not exist (NXDOMAIN).",
        words: "The name that was typed is not known here.",
        remedy: { both "Check the spelling of the name. If it is right, ask the name server that knows it with `--resolver ADDRESS`, or pin its address with `--resolve HOST:PORT:ADDRESS`." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_HAS_NO_ADDRESS {
        id: "name-has-no-address",
        culprit: Definition,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The name server knows the name, but has neither an A nor an AAAA record for it, or only an alias to a name that does not exist.",
        words: "The name exists, but no address belongs to it.",
        remedy: { both "Give the name a host record (A or AAAA); the records it has now are of other kinds. Where it is an alias, let the alias lead to a name that has one." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "",
    }
    NAME_NOT_A_HOST_NAME {
        id: "name-not-a-host-name",
        culprit: Definition,
        rows: ["reachability/name-syntax"],
        known_by: "The name breaks RFC 1123: a character other than letters, digits and hyphens, a label that begins or ends with a hyphen, or one that is too long.",
        words: "A host name may not be written like this.",
        remedy: { native "Give the server a second host record with a name of letters, digits and hyphens (the computer need not be renamed), enter it in the site system's properties on the General tab and in the definition, and issue the certificate for it."
            current "Give the server a second host record with a name of letters, digits and hyphens (the computer need not be renamed), enter it in the properties of the site system role and in the definition, and issue the certificate for it."
            then issue then bind },
        symptoms: [NAME_NOT_RESOLVED, CERTIFICATE_NAME],
        shows: "Some clients take the name, others refuse it before they ask.",
    }
    ANSWER_LEADS_NOWHERE {
        id: "answer-leads-nowhere",
        culprit: Resolver,
        rows: ["reachability/name-resolves", "management-point/list-resolves"],
        known_by: "The answer is 0.0.0.0, :: or an address of the machine itself.",
        words: "A DNS filter, not the zone, answers for this name.",
        remedy: { both "Take the name off the filter's list (a DNS firewall, a blocking list, a hosts file), or let the vantage's clients ask a name server that has no filter in front of it." },
        symptoms: [CANNOT_CONNECT],
        shows: "",
    }
    PRIVATE_ADDRESS_OUTSIDE {
        id: "private-address-outside",
        culprit: Definition,
        rows: ["reachability/internet-address"],
        known_by: "At a vantage on the Internet the name leads to an address of a private or otherwise special network.",
        words: "Asked out there, it answers with inner addresses that nobody can reach.",
        remedy: { both "In the public zone, give each Internet FQDN the public address of the site system, or of the firewall or proxy that publishes it. If every name of the zone leads inside, the inner zone answers in the public one's place: let the name servers that the Internet asks hold the public zone, and see that the vantage's `dns` in the definition is one of them. For a test network, write `private_addresses = true` into the vantage's table." },
        symptoms: [CANNOT_CONNECT, TIMED_OUT],
        shows: "Only clients on the Internet fail.",
    }
    INNER_NAME_VISIBLE {
        id: "inner-name-visible",
        culprit: Definition,
        rows: ["reachability/intranet-name-hidden"],
        known_by: "At a vantage on the Internet an intranet FQDN resolves.",
        words: "Outsiders can look up inner names in it.",
        remedy: { both "Take the records of inner names out of the public zone, or answer the inner zone to inner clients alone (split DNS); where a wildcard record answers, replace it by the names that are meant. Where a name is meant to be known, give it to its system as the Internet FQDN as well." },
        symptoms: [],
        shows: "Clients notice nothing; whoever asks learns the names of inner servers.",
    }
    SERVICE_RECORD_LEFT_OVER {
        id: "service-record-left-over",
        culprit: Definition,
        rows: ["reachability/service-record"],
        known_by: "The management point's service record names port 80 or another than that of HTTPS, and the site is configured for HTTPS.",
        words: "The service record is a leftover from the time before HTTPS.",
        remedy: { both "Delete the record and have the site publish it again, or correct it. It is service `_mssms_mp_<site code>`, protocol `_tcp`, the port that the site's properties name for client requests by HTTPS, and as its host the management point's intranet FQDN." },
        symptoms: [CANNOT_CONNECT],
        shows: "Clients that find their management point by DNS fail.",
    }
    SERVICE_RECORD_STALE {
        id: "service-record-stale",
        culprit: Definition,
        rows: ["reachability/service-record"],
        known_by: "The service record's target is no management point of the definition, or has no address.",
        words: "The service record names a management point that is gone.",
        remedy: { both "Delete this service record; those of the other management points stay." },
        symptoms: [NAME_NOT_RESOLVED, CANNOT_CONNECT],
        shows: "Clients that find their management point by DNS fail now and then.",
    }
}
