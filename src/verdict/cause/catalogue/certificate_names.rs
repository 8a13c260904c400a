//! Names in the certificate: first whether it is the right certificate at all, then what it says instead of the name.

use super::declare::causes;

causes! {
    section CERTIFICATE_NAMES;

    WRONG_CERTIFICATE_BOUND {
        id: "wrong-certificate-bound",
        culprit: Address,
        rows: ["chain/one-leaf", "web-server/intranet-name", "*/internet-name", "*/client-accepts-name", "web-server/intranet-fqdn-preferred", "web-server/update-point-both-names", "*/name-in-san"],
        known_by: "Another offer, another address or a file shows a certificate for this server that passes.",
        words: "Another certificate than the one that is meant is bound here.",
        remedy: { both "Choose the certificate that was meant in this binding, and in the binding without a host name at the same address and port as well."
            then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    ADDRESS_DIALLED {
        id: "address-dialled",
        culprit: Definition,
        rows: ["*/client-accepts-name", "web-server/update-point-both-names", "web-server/intranet-name", "*/internet-name"],
        known_by: "The name that is dialled is an IP address.",
        words: "Clients are given an address here; what they verify is a name.",
        remedy: { both "Give the site system its fully qualified domain name, in its properties in the console and in the definition, and dial that." },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    NAMES_JOINED_BY_AMPERSAND {
        id: "names-joined-by-ampersand",
        culprit: Certificate,
        rows: ["*/literal-ampersand", "*/client-accepts-name", "*/internet-name", "web-server/intranet-name", "web-server/update-point-both-names"],
        known_by: "A name on the certificate holds an ampersand, and a part of it is the name that is wanted.",
        words: "The delimiter of the request was typed into the name itself, so that two names became one that fits neither.",
        remedy: { both "Request the certificate again with each name as an entry of its own, then bind the new one."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    COMPUTER_NAME_ONLY {
        id: "computer-name-only",
        culprit: Certificate,
        rows: ["web-server/intranet-name", "*/client-accepts-name", "web-server/intranet-fqdn-preferred", "web-server/update-point-both-names", "*/internet-name"],
        known_by: "The certificate has the first label of the name that is dialled, and not the name.",
        words: "The certificate is for the computer's short name; clients use the full one.",
        remedy: { both "Request a certificate with the fully qualified domain name (the short name may stay beside it), then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    SHORT_NAME_CONFIGURED {
        id: "short-name-configured",
        culprit: Definition,
        rows: ["web-server/intranet-name", "*/client-accepts-name", "web-server/intranet-fqdn-preferred", "web-server/update-point-both-names", "*/internet-name"],
        known_by: "The short name is dialled, and the certificate has the full one.",
        words: "Clients are told the computer's short name, and the certificate has the full one.",
        remedy: { native "In the console open the site system's properties, General tab, and specify the fully qualified domain name that the certificate has. Then enter it in the definition as `intranet_fqdn`."
            current "In the console open Administration, Site Configuration, Servers and Site System Roles, the server, the properties of its site system role, and specify the fully qualified domain name that the certificate has. Then enter it in the definition as `intranet_fqdn`." },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    NAME_IN_WRONG_FIELD {
        id: "name-in-wrong-field",
        culprit: Certificate,
        rows: ["*/client-accepts-name", "web-server/update-point-both-names", "web-server/intranet-name", "*/internet-name"],
        known_by: "The name that is dialled stands in an e-mail address, a URI, a user principal name or another field of the Subject, and in no DNS name.",
        words: "The name stands on the certificate where no client looks for it.",
        remedy: { both "Request the certificate again with the name as a DNS name, then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    WILDCARD_DOES_NOT_COVER {
        id: "wildcard-does-not-cover",
        culprit: Certificate,
        rows: ["*/client-accepts-name", "web-server/intranet-name", "*/internet-name", "web-server/update-point-both-names"],
        known_by: "The certificate has a wildcard for the name's domain, but at another depth.",
        words: "The certificate's wildcard stands for one label only, and does not cover this name.",
        remedy: { both "Request a certificate with this very name, then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    NO_NAME_AT_ALL {
        id: "no-name-at-all",
        culprit: Certificate,
        rows: ["*/client-accepts-name", "web-server/intranet-name", "*/internet-name", "web-server/update-point-both-names"],
        known_by: "The certificate has neither a common name nor a DNS name.",
        words: "The certificate carries no host name at all.",
        remedy: { both "Request a certificate with the server's names (the template must let the request supply them), then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
    NAME_ONLY_IN_COMMON_NAME {
        id: "name-only-in-common-name",
        culprit: Certificate,
        rows: ["*/name-in-san", "*/client-accepts-name"],
        known_by: "The common name fits, and the certificate has DNS names among which it is not.",
        words: "The name stands in the Subject only, and clients that find alternative names look nowhere else.",
        remedy: { both "Request the certificate again with every name as a DNS entry, the common name's too; where ISA Server 2006 bridges to this server, the name its rule uses comes first, for it reads no other. Then bind it."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "Clients differ: some read the Subject too, others do not.",
    }
    UPDATE_POINT_LACKS_INNER_NAME {
        id: "update-point-lacks-inner-name",
        culprit: Certificate,
        rows: ["web-server/update-point-both-names"],
        known_by: "The update point takes Internet clients, and its certificate lacks one of its two names.",
        words: "The update point's certificate lacks the inner name, which WSUS itself and the site server use.",
        remedy: { both "Request a certificate with the intranet FQDN and the Internet FQDN, bind it to the WSUS web site, and run `WSUSUtil.exe configuressl <intranet FQDN>` in the Tools folder of WSUS once more."
            then issue },
        symptoms: [],
        shows: "Clients notice nothing; the site server's WCM.log and wsyncmgr.log fail to reach WSUS by its inner name.",
    }
    NODE_LACKS_CLUSTER_NAME {
        id: "node-lacks-cluster-name",
        culprit: Certificate,
        rows: ["nlb/cluster-name", "nlb/nodes-agree", "*/client-accepts-name", "web-server/intranet-name", "*/internet-name"],
        known_by: "A node of a declared cluster shows a certificate without the cluster's name.",
        words: "The cluster's node has a certificate for its own name alone, and clients dial the cluster's.",
        remedy: { both "Request a certificate for the node with the cluster's name first and the node's own name after it, then bind it on this node."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "Only the clients that this node serves fail.",
    }
    PUBLISHED_NAME_MISSING {
        id: "published-name-missing",
        culprit: Certificate,
        rows: ["proxy/internet-name", "proxy/client-accepts-name"],
        known_by: "The certificate of the proxy's listener lacks an Internet FQDN that the proxy publishes.",
        words: "The certificate of the proxy's listener is older than the publication of this name.",
        remedy: { both "Request a certificate with every Internet FQDN the proxy publishes and give it to the listener; or give this name a listener and a certificate of its own."
            then issue },
        symptoms: [CERTIFICATE_NAME],
        shows: "Only clients on the Internet fail.",
    }
    NAME_NOT_REQUESTED {
        id: "name-not-requested",
        culprit: Certificate,
        rows: ["*/internet-name", "web-server/intranet-name", "*/client-accepts-name", "web-server/intranet-fqdn-preferred", "web-server/update-point-both-names"],
        known_by: "The certificate has names, and this one is in no form among them.",
        words: "The certificate was requested without this name.",
        remedy: { both "Request a certificate that has this name beside the ones it has now, then bind it. If the name is the one that is wrong, correct it in the site system's properties and in the definition instead."
            then issue then bind },
        symptoms: [CERTIFICATE_NAME],
        shows: "",
    }
}
