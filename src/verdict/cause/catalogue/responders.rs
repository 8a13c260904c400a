//! OCSP responders, which clients since Windows Vista ask before they fetch a list.
//!
//! Order: was the responder reached, did it answer, of what, until when, by whose signature. Told apart as the servers of
//! lists are, by how they fail, wherever something else is to be done.

use super::declare::causes;

causes! {
    section RESPONDERS;

    OCSP_HOST_UNRESOLVED {
        id: "ocsp-host-unresolved",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL does not resolve at this vantage.",
        words: "The host of the OCSP responder has no name here.",
        remedy: { both "Create a host record for the responder's host in the DNS this vantage asks: the inner zone for inner clients, the public one for clients on the Internet. If there is no responder any more, take its URL out of the authority's Authority Information Access extension (certsrv.msc, Properties, Extensions); certificates that are issued afterwards no longer name it." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_HOST_REFUSES {
        id: "ocsp-host-refuses",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL refused the connection.",
        words: "Nothing listens where the OCSP responder should be: its host refuses the connection.",
        remedy: { both "Start the World Wide Web Publishing service and the web site on the responder's host, at the port the URL names (80 where it names none). If there is no responder any more, take its URL out of the authority's Authority Information Access extension (certsrv.msc, Properties, Extensions); certificates that are issued afterwards no longer name it." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_HOST_UNREACHABLE {
        id: "ocsp-host-unreachable",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "Nothing answered the attempt to connect to the host of the OCSP responder's URL, or the network said that it cannot be reached.",
        words: "The host of the OCSP responder cannot be reached from here.",
        remedy: { both "Check that the responder's host runs, and open its port (80, unless the URL says otherwise) in every firewall between this vantage and it. If there is no responder any more, take its URL out of the authority's Authority Information Access extension (certsrv.msc, Properties, Extensions); certificates that are issued afterwards no longer name it." },
        symptoms: [],
        shows: "Clients wait for the responder first: requests begin late.",
    }
    OCSP_HOST_SILENT {
        id: "ocsp-host-silent",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL took the connection, and gave no answer, or no whole one, in time.",
        words: "What listens at the OCSP responder's URL takes the connection and gives no answer in time.",
        remedy: { both "Restart the Online Responder service (OCSPSvc) and the web site on the responder's host, and ask it there with `certutil -url CERTIFICATE.cer`, OCSP, Retrieve. If it answers there, look at what is on the way from this vantage: a load balancer whose servers are gone, a filter that holds the answer back." },
        symptoms: [],
        shows: "Clients wait for the responder first: requests begin late.",
    }
    OCSP_NOT_THERE {
        id: "ocsp-not-there",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL answered 404 or 410.",
        words: "The web server is there, and no OCSP responder at the URL that certificates name.",
        remedy: { both "Set the responder's web page up on that host: install the Online Responder role service, and `certutil -vocsproot` creates the directory /ocsp anew. If the responder answers at another path or host, name that in the authority's Authority Information Access extension (certsrv.msc, Properties, Extensions, \u{201c}Include in the online certificate status protocol (OCSP) extension\u{201d}); those that are out there keep the old URL, at which it must answer until they are renewed." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_FORBIDDEN {
        id: "ocsp-forbidden",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL answered 401 or 403.",
        words: "The OCSP responder does not answer everybody.",
        remedy: { both "On the responder's host, allow anonymous authentication for the directory /ocsp (IIS Manager, the directory, Authentication, Anonymous Authentication: Enabled, the others Disabled), and leave Require SSL unticked there. Clients ask without a user." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_FAILS {
        id: "ocsp-fails",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The host of the OCSP responder's URL answered with a status of failure, or the responder itself answered that it failed, is to be asked later, or does not take the question.",
        words: "The OCSP responder fails.",
        remedy: { both "On the responder's host start the Online Responder service (OCSPSvc) and the application pool of the directory /ocsp, and open Online Responder Management (ocsp.msc): the revocation configuration that is not shown as working says why. The Application event log, source OnlineResponder, has the rest." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_IS_NONE {
        id: "ocsp-is-none",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "What was answered at the OCSP responder's URL is no OCSP response, or no HTTP, or leads elsewhere.",
        words: "What answers at the OCSP responder's URL is no OCSP responder.",
        remedy: { both "Exempt the responder's URL from what answers in its place: a sign-in or block page of a proxy or portal on the way, a redirection to https, another program at that host and port. `certutil -url CERTIFICATE.cer`, OCSP, Retrieve, on the responder's host tells whether the responder itself answers there." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_KNOWS_NOT {
        id: "ocsp-knows-not",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The OCSP responder answers unauthorized, unknown, or about another certificate.",
        words: "The OCSP responder does not know the certificate, or not the authority that issued it.",
        remedy: { both "On the responder's host open Online Responder Management (ocsp.msc) and add a revocation configuration for the authority certificate that issued this one. After an authority's renewal with a new key each of its certificates needs a configuration of its own. If there is one, refresh its revocation data (Array Configuration, Refresh Revocation Data), and compare the authority's certificate in it with the one in the chain." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_ANSWER_ENDED {
        id: "ocsp-answer-ended",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The OCSP answer's next update has passed, or it begins after the time it is judged at.",
        words: "The OCSP responder gives answers that are not valid now.",
        remedy: { both "On the responder's host open Online Responder Management (ocsp.msc), the revocation configuration, Edit Properties, Revocation Provider, and let it have the authority's present lists. An answer lives no longer than the list it was made from. If its data are fresh, something in front of it keeps old answers (a proxy, a cache); if the answer begins in the future, set the responder's clock right, or this machine's." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
    OCSP_SIGNED_BY_ANOTHER {
        id: "ocsp-signed-by-another",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "The OCSP answer is signed neither by the authority nor by a certificate for OCSP signing that this authority issued and that is within its dates.",
        words: "The OCSP answer is signed by somebody the authority did not name, or whose certificate has ended.",
        remedy: { both "On the responder's host enrol for a certificate of the template OCSP Response Signing at the authority that the answers are about. Choose it in Online Responder Management (ocsp.msc): the revocation configuration, Edit Properties, Signing. Tick \u{201c}Auto-Enroll for an OCSP signing certificate\u{201d} there, or it ends again after two weeks." },
        symptoms: [],
        shows: "Clients fall back to the list at once; they lose no more than a moment.",
    }
}
