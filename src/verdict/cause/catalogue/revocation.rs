//! Revocation lists.
//!
//! Order per URL: was it fetched, is it a list, whose, signed, complete, in date, its delta, its entries. Every certificate
//! of a path counts, clients' files too: IIS checks each (KB 294305).

use super::declare::causes;

causes! {
    section REVOCATION;

    NO_DISTRIBUTION_POINT {
        id: "no-distribution-point",
        culprit: Authority,
        rows: ["*/distribution-point"],
        known_by: "The certificate names no revocation list; what stands there may be an OCSP responder alone.",
        words: "The certificate does not say where its revocation list is.",
        remedy: { both "Give the authority an http location for its list, publish the list there, and issue the certificate again. On the authority: certsrv.msc, Properties, Extensions, CRL Distribution Point (CDP), Add, and tick \u{201c}Include in the CDP extension of issued certificates\u{201d}; restart the service, and `certutil -crl` publishes. The address is stamped into a certificate when it is issued, so that those out there keep the old one." },
        symptoms: [REVOCATION_FAILED, CLIENT_CERTIFICATE_REVOKED],
        shows: "Code 0x80092012, CRYPT_E_NO_REVOCATION_CHECK.",
    }
    DIRECTORY_ONLY {
        id: "directory-only",
        culprit: Authority,
        rows: ["*/distribution-point", "revocation/reachable", "*/crl-reachable"],
        known_by: "The certificate names its list in the directory (ldap) or on a share (file) alone.",
        words: "Only members of the forest can fetch the revocation list.",
        remedy: { both "Give the authority an http location for its list beside the one in the directory, publish the list there, and issue the certificate again. On the authority: certsrv.msc, Properties, Extensions, CRL Distribution Point (CDP), Add, and tick \u{201c}Include in the CDP extension of issued certificates\u{201d}; restart the service, and `certutil -crl` publishes. The address is stamped into a certificate when it is issued, so that those out there keep the old one." },
        symptoms: [REVOCATION_FAILED],
        shows: "Only clients outside the forest, workgroup computers and mobile devices fail.",
    }
    HTTPS_ONLY {
        id: "https-only",
        culprit: Authority,
        rows: ["*/distribution-point", "revocation/reachable", "*/crl-reachable"],
        known_by: "The certificate names its list at https addresses alone.",
        words: "The revocation list is to be had over https only, where nobody fetches it: checking that connection would need a list again.",
        remedy: { both "Give the authority a location with http instead of https, publish the list there, and issue the certificate again. On the authority: certsrv.msc, Properties, Extensions, CRL Distribution Point (CDP), Add, and tick \u{201c}Include in the CDP extension of issued certificates\u{201d}; restart the service, and `certutil -crl` publishes. The address is stamped into a certificate when it is issued, so that those out there keep the old one." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_HOST_UNRESOLVED {
        id: "list-host-unresolved",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The host of the list's URL does not resolve at this vantage.",
        words: "The host the revocation list lies on has no name here.",
        remedy: { both "Create a host record for the list's host in the DNS this vantage asks: the inner zone for inner clients and site systems, the public one for clients on the Internet." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_HOST_REFUSES {
        id: "list-host-refuses",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The host of the list's URL refused the connection.",
        words: "Nothing listens where the revocation list lies: its host refuses the connection.",
        remedy: { both "Start the web server on the list's host, at the port the URL names (80 where it names none); if the lists have moved, let the URL's host lead to the new one in DNS." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_HOST_UNREACHABLE {
        id: "list-host-unreachable",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "Nothing answered the attempt to connect to the host of the list's URL, or the network said that it cannot be reached.",
        words: "The host the revocation list lies on cannot be reached from here.",
        remedy: { both "Check that the list's host runs, and open its port (80, unless the URL says otherwise) in every firewall between this vantage and it; site systems fetch clients' lists too." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_HOST_SILENT {
        id: "list-host-silent",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The host of the list's URL took the connection, and let the time pass, or closed it, without an answer.",
        words: "The web server the revocation list lies on takes the connection and gives no answer.",
        remedy: { both "Restart the web server on the list's host, and fetch the URL there with a browser. If it answers there, look at what is on the way from this vantage: a load balancer whose servers are gone, a filter that holds the answer back." },
        symptoms: [REVOCATION_FAILED],
        shows: "Windows gives a list 15 seconds, and all lists of a chain 20.",
    }
    LIST_NEVER_ENDS {
        id: "list-never-ends",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's host answers, and its answer had not ended when the time for it was up; the evidence says how many octets had come.",
        words: "The web server of the revocation list begins to send it, and does not come to its end in time.",
        remedy: { both "Fetch the URL with a browser on the list's host itself, and again from this vantage, to see which of the two is slow. If it is slow on the host, serve the list as a plain file of a directory and look at the host's load and disk; if only from here, look at what is on the way: a proxy or filter that holds the answer back to scan it, a limit of bandwidth, large packets that are lost." },
        symptoms: [REVOCATION_FAILED],
        shows: "Windows gives a list 15 seconds, and all lists of a chain 20.",
    }
    LIST_HOST_FAILS {
        id: "list-host-fails",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's host answers with a status that is neither success nor a redirection, a refusal, or that nothing is there: 5xx most often.",
        words: "The web server the revocation list lies on, or something in front of it, fails.",
        remedy: { both "Fetch the URL with a browser on the list's host itself, to see whether the host fails or something in front of it. If it fails there, too, start the web site and its application pool, and read the site's log for the status and its reason; a directory of files needs no program at all. If it succeeds there, a proxy or load balancer on the way answers in the host's place: look at its log." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_HOST_SPEAKS_NO_HTTP {
        id: "list-host-speaks-no-http",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "What answers at the URL's host and port is no HTTP.",
        words: "What listens at the revocation list's address is no web server.",
        remedy: { both "Let the URL's host and port lead to the web server the lists lie on: look at the host's record in DNS, at the port in the URL (80 where it has none), and on the host at what listens there, `netstat -ano`. A port that speaks TLS serves no http URL." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_TOO_LARGE {
        id: "list-too-large",
        culprit: Authority,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The answer is longer than the 100 MiB Windows takes for something it fetches, or no list as far as it was read.",
        words: "What lies at the revocation list's URL is no list, or one larger than Windows loads.",
        remedy: { both "Lay the list in the place of the other file, if one lies there; if it is the list, renew the authority with a new key, which begins a new list, and take ended certificates out of the old one."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    REASONS_WITHOUT_LIST {
        id: "reasons-without-list",
        culprit: Authority,
        rows: ["revocation/current", "*/crl-current"],
        known_by: "The lists that are to be had tell of some reasons for revocation only (onlySomeReasons), and none of the others.",
        words: "The authority shares the reasons for revocation out among several lists, and not all of those lists are to be had.",
        remedy: { both "Publish the list for the reasons the evidence names at a URL the certificate names for it, or let the authority write one list for all reasons, which is what Windows' own authority does."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_NOT_THERE {
        id: "list-not-there",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url"],
        known_by: "The list's host answered 404 or 410, and the URL has no plus sign.",
        words: "Nothing lies at the revocation list's URL.",
        remedy: { both "Publish the list at this very URL; after a renewal with a new key the file has a number in its name, NAME(1).crl."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_FORBIDDEN {
        id: "list-forbidden",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's host answered 401 or 403, or another refusal.",
        words: "The revocation list is not given to everybody.",
        remedy: { both "On the list's host, allow anonymous authentication for the directory the lists lie in (IIS Manager, the directory, Authentication, Anonymous Authentication: Enabled, the others Disabled). Give its account the right to read the files, and leave Require SSL unticked there." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_REDIRECTED {
        id: "list-redirected",
        culprit: Url,
        rows: ["revocation/reachable", "*/crl-reachable", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's host answers with a redirection that leads in a circle, to https, or too far.",
        words: "The revocation list's URL is redirected to where clients do not follow.",
        remedy: { both "On the list's host, exempt the directory the lists lie in from redirections (to https, to a sign-in, to another host), so that the list itself is answered over http." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_IS_A_PAGE {
        id: "list-is-a-page",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/reachable", "*/crl-reachable", "revocation/delta", "*/crl-delta"],
        known_by: "The answer is 200 with an HTML page.",
        words: "A sign-in or error page answers where the revocation list should.",
        remedy: { both "Exempt the list's URL from what answers in its place: a sign-in page or block page of a proxy or portal on the way, an error page of the web server that is sent with status 200, or a rule that sends every unknown path to one page." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_EMPTY {
        id: "list-empty",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The answer is 200 with no octets.",
        words: "The file at the revocation list's URL is empty.",
        remedy: { both "Publish the list again, and see that the copying to the web server did not run out of disk or rights."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_IS_OTHER_FILE {
        id: "list-is-other-file",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The answer is DER, and no revocation list: a certificate, for example.",
        words: "Another file lies where the revocation list should.",
        remedy: { both "Replace the file at this URL by the list."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_CUT_SHORT {
        id: "list-cut-short",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/reachable", "*/crl-reachable", "revocation/delta", "*/crl-delta"],
        known_by: "The answer ends before its Content-Length, or before the list's own end.",
        words: "The revocation list is cut short.",
        remedy: { both "Copy the list to the web server again, whole; if the file there is whole, something on the way (a proxy's limit, a time-out) cuts it."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_COMPRESSED {
        id: "list-compressed",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The answer has a Content-Encoding that was not asked for, or begins as a gzip file.",
        words: "The web server sends the revocation list compressed, unasked.",
        remedy: { both "On the list's host, switch compression off for this directory (static compression, and the MIME type application/pkix-crl from its list), and lay the list there as the authority writes it." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_MALFORMED {
        id: "list-malformed",
        culprit: Authority,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list breaks RFC 5280 5: its version, two signature algorithms that differ, a critical extension nobody knows; the evidence says which.",
        words: "The revocation list is not written as lists are.",
        remedy: { both "Publish the list again with software that writes the field the evidence names correctly: it is the authority's software, or what converts the file on its way."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_OF_OTHER_AUTHORITY {
        id: "list-of-other-authority",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's issuer is another authority than the certificate's.",
        words: "Another authority's revocation list lies here.",
        remedy: { both "Publish the list of the certificate's own authority at this URL, and give the other one a file name of its own."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_SIGNED_BY_OLD_KEY {
        id: "list-signed-by-old-key",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list's signature does not fit the key that issued the certificate, and fits the authority's other, known key.",
        words: "The revocation list belongs to the authority's other key, before or after its renewal.",
        remedy: { both "Publish the list of the key that issued this certificate at this URL. An authority writes one list for each of its keys, told apart by the number in the file's name, NAME.crl and NAME(1).crl."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_SIGNER_LACKS_RIGHT {
        id: "list-signer-lacks-right",
        culprit: Authority,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The Key Usage of the authority's certificate lacks cRLSign.",
        words: "The authority's certificate does not let it sign revocation lists, and Windows refuses its lists.",
        remedy: { both "Renew the authority's certificate with CRL signing in its Key Usage (Certificate Signing, Off-line CRL Signing, CRL Signing), and publish a list under it." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_SIGNED_BY_UNKNOWN_KEY {
        id: "list-signed-by-unknown-key",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The list has the authority's name, and its signature fits none of that name's keys that are known here.",
        words: "A key that is not known to be the authority's signed the revocation list.",
        remedy: { both "Publish the list that the authority itself writes at this URL; nothing that is told here makes the other key one to be trusted."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_SIGNER_UNTRUSTED {
        id: "list-signer-untrusted",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The certificate names another signer for its list, and no path leads from that one to a trusted root.",
        words: "Clients do not trust whoever signed the revocation list.",
        remedy: { both "Have the list signed by an authority of the site's own hierarchy, or declare the signer's own root if it is meant to be trusted for lists." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_SIGNER_REVOKED {
        id: "list-signer-revoked",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "The certificate of whoever signed the list stands on its own authority's list.",
        words: "The certificate of the revocation list's signer is revoked itself.",
        remedy: { both "Give the signer of lists a new certificate, and publish a list that it signed." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_NOT_YET_VALID {
        id: "list-not-yet-valid",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url", "revocation/delta", "*/crl-delta"],
        known_by: "This Update of the list lies after the time it is judged at.",
        words: "The revocation list begins in the future.",
        remedy: { both "Compare this machine's clock and the authority's with the right time, and set right the one that is wrong. If it was this machine's, nothing else is to be done; if it was the authority's, let it publish a new list." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    DELTA_WHERE_BASE_BELONGS {
        id: "delta-where-base-belongs",
        culprit: Url,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url"],
        known_by: "The list has a delta indicator, and the URL is that of the full list.",
        words: "The delta list lies under the full list's name.",
        remedy: { both "Lay the full list at this URL again; the delta's own name ends in a plus sign, NAME+.crl."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    LIST_ENDED {
        id: "list-ended",
        culprit: Authority,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url"],
        known_by: "The list's next update has passed.",
        words: "The revocation list is out of date: the authority stopped publishing, or nobody copies it.",
        remedy: { both "Check that Certificate Services (CertSvc) run on the authority, publish a new list, and see why it did not come by itself: the copy job, its account, the disk of the web server."
            then publish },
        symptoms: [REVOCATION_FAILED, CLIENT_CERTIFICATE_REVOKED],
        shows: "Everything this authority issued fails at the same time.",
    }
    OFFLINE_ROOT_LIST_ENDED {
        id: "offline-root-list-ended",
        culprit: Authority,
        rows: ["revocation/current", "*/crl-current", "revocation/every-url"],
        known_by: "The next update of a root's or policy authority's list has passed.",
        words: "The list of an authority that is kept offline has run out.",
        remedy: { both "Start the offline authority, publish a new list, and put the day of the next one into a calendar. `certutil -setreg ca\\CRLPeriod Months` and `certutil -setreg ca\\CRLPeriodUnits 12`, then a restart of Certificate Services, give its lists a longer life."
            then publish },
        symptoms: [REVOCATION_FAILED, CLIENT_CERTIFICATE_REVOKED],
        shows: "Everything below this authority fails at the same time.",
    }
    DELTA_LIST_BLOCKED_BY_REQUEST_FILTERING {
        id: "delta-list-blocked-by-request-filtering",
        culprit: Url,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "The delta's URL has a plus sign and is answered 404 (IIS: 404.11), while the full list beside it is given.",
        words: "IIS refuses the plus sign in the delta list's name.",
        remedy: { both "On the list's host, for the directory the lists lie in and no other, open IIS Manager, Request Filtering, Edit Feature Settings, and tick \u{201c}Allow double escaping\u{201d}. The same by command: `appcmd set config \"SITE/DIRECTORY\" -section:system.webServer/security/requestFiltering -allowDoubleEscaping:true`. Or let the authority make no delta lists: certsrv.msc, Revoked Certificates, Properties, untick \u{201c}Publish Delta CRLs\u{201d}." },
        symptoms: [REVOCATION_FAILED],
        shows: "The list host's IIS log: 404 11.",
    }
    DELTA_MISSING {
        id: "delta-missing",
        culprit: Authority,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "The full list (or the certificate) names a delta list, and it cannot be had.",
        words: "The revocation list points to a delta list that is not there.",
        remedy: { both "On the authority run `certutil -crl delta`, and copy the file to where the delta's URL leads, under the name the URL has. If no delta lists are wanted, untick \u{201c}Publish Delta CRLs\u{201d} (certsrv.msc, Revoked Certificates, Properties) and publish the full list anew, which then names none." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    DELTA_ENDED {
        id: "delta-ended",
        culprit: Authority,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "The delta list is there, and its next update has passed, or it is another authority's.",
        words: "The revocation list points to a delta list that is out of use.",
        remedy: { both "On the authority run `certutil -crl delta`, copy the file to where the delta's URL leads, under the name the URL has, and see why it did not come by itself: the copy job takes the full list only, perhaps." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    FULL_LIST_WHERE_DELTA_BELONGS {
        id: "full-list-where-delta-belongs",
        culprit: Url,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "What lies at the delta list's URL has no delta indicator: it is a complete list.",
        words: "A complete list lies under the delta list's name.",
        remedy: { both "On the authority run `certutil -crl delta`, and copy the delta list (NAME+.crl) to this URL; the complete list has a name without the plus sign." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    DELTA_OF_OTHER_PART {
        id: "delta-of-other-part",
        culprit: Url,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "The delta list and the complete list that names it speak of different certificates (issuing distribution point).",
        words: "The delta list belongs to another part of the authority's list.",
        remedy: { both "Publish at this URL the delta list with the same issuing distribution point as the complete list that names it; an authority that divides its list writes one delta list for each part." },
        symptoms: [REVOCATION_FAILED],
        shows: "",
    }
    DELTA_WITHOUT_ITS_BASE {
        id: "delta-without-its-base",
        culprit: Url,
        rows: ["revocation/delta", "*/crl-delta"],
        known_by: "The delta list goes on from a complete list with a higher number (delta CRL indicator) than the one that is published.",
        words: "The delta list goes on from a complete list that is not published here.",
        remedy: { both "Copy the newest complete list to its URL, before the delta list that goes on from it; a copy job that takes the delta alone brings this about each time."
            then publish },
        symptoms: [REVOCATION_FAILED],
        shows: "Revocations between the two complete lists go unseen.",
    }
    CERTIFICATE_REVOKED {
        id: "certificate-revoked",
        culprit: Certificate,
        rows: ["*/not-revoked"],
        known_by: "The certificate's serial number stands on its authority's list, on its delta list, or in an OCSP answer.",
        words: "The certificate has been revoked, and no client that checks takes it.",
        remedy: { both "Find out from the authority why it was revoked (the evidence gives the day, and the reason where one is given), and issue a new certificate in its place. For a server request it and choose it in the web site's https binding; for a client delete the old one from its Personal store and enrol anew (`certutil -pulse`). A revocation is final." },
        symptoms: [CERTIFICATE_REVOKED, CLIENT_CERTIFICATE_REVOKED],
        shows: "",
    }
    CERTIFICATE_ON_HOLD {
        id: "certificate-on-hold",
        culprit: Certificate,
        rows: ["*/not-revoked"],
        known_by: "The certificate's serial number stands on its authority's list with the reason certificateHold, and no delta list releases it; or an OCSP answer says so.",
        words: "The certificate is on hold: revoked until somebody releases it.",
        remedy: { both "Release the certificate on the authority with `certutil -revoke SERIAL -1`, if the reason for the hold is gone, and publish the list."
            then publish },
        symptoms: [CERTIFICATE_REVOKED, CLIENT_CERTIFICATE_REVOKED],
        shows: "",
    }
    AUTHORITY_REVOKED {
        id: "authority-revoked",
        culprit: Authority,
        rows: ["*/not-revoked"],
        known_by: "The serial number of an authority's certificate on the path stands on the list of the authority above it.",
        words: "The certificate of an issuing authority has been revoked, and everything below it with it.",
        remedy: { both "Find out why it was revoked, set up a new issuing authority (or renew this one with a new key, if it is sound), and issue everything below it again." },
        symptoms: [CERTIFICATE_REVOKED, CLIENT_CERTIFICATE_REVOKED],
        shows: "All systems below this authority fail at the same time.",
    }
    LIST_SLOW {
        id: "list-slow",
        culprit: Url,
        rows: ["revocation/timely", "*/crl-timely"],
        known_by: "Fetching the list took longer than the 15 seconds Windows waits for one.",
        words: "The revocation list arrives later than Windows waits for it (15 seconds).",
        remedy: { both "Bring the list nearer to those who fetch it (a web server at their place, under the same name), or make it smaller: renew the authority with a new key, which begins a new list, or take ended certificates out of it." },
        symptoms: [REVOCATION_FAILED, CLIENT_CERTIFICATE_REVOKED],
        shows: "The first request fails and later ones do not, once the list has arrived in the background.",
    }
    LIST_PEM {
        id: "list-pem",
        culprit: Url,
        rows: ["revocation/der-encoding"],
        known_by: "The list is written in Base64 (PEM), not in DER.",
        words: "The revocation list lies there as text (PEM), and RFC 5280 asks for DER over http.",
        remedy: { both "Lay the file there as the authority writes it, without converting it; `certutil -decode LIST.pem LIST.crl` turns Base64 back into DER." },
        symptoms: [],
        shows: "Windows reads both; other software refuses it.",
    }
    LIST_ENDS_SOON {
        id: "list-ends-soon",
        culprit: Authority,
        rows: ["revocation/expiry", "*/crl-expiry"],
        known_by: "The list's next update is nearer than its warning looks ahead.",
        words: "The revocation list ends soon, and no newer one lies there yet.",
        remedy: { both "Publish a new list before this one ends, and see why it did not come by itself: the authority's service, its clock, its right to write to the web server."
            then publish },
        symptoms: [],
        shows: "Nothing yet; on the day it ends, everything this authority issued fails.",
    }
    SOME_URLS_DEAD {
        id: "some-urls-dead",
        culprit: Url,
        rows: ["revocation/every-url"],
        known_by: "One of the list's URLs gives it, and this one does not.",
        words: "The revocation list is to be had, but not at every URL that is named for it.",
        remedy: { both "Publish the list at this URL too, or take the URL out of the authority's CRL distribution points (certsrv.msc, Properties, Extensions); certificates that are issued afterwards no longer name it." },
        symptoms: [],
        shows: "Clients wait for the dead URL first: requests begin late.",
    }
}
