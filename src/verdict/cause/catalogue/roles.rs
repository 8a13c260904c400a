//! The roles' own answers, and proxies and gateways in front of them.
//!
//! Order: who answered (a gateway, http.sys, the role), then what it answered.

use super::declare::causes;

causes! {
    section ROLES;

    GATEWAY_CANNOT_REACH_SERVER {
        id: "gateway-cannot-reach-server",
        culprit: Device,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "proxy/bridges-client", "cloud-management-gateway/service", "sms-provider/service", "distribution-point/listing", "state-migration-point/service"],
        known_by: "The answer is 502 or 504, or another 5xx with a Via header.",
        words: "Something in front of the server answers, and cannot get through to it.",
        remedy: { both "On the proxy, gateway or load balancer that answers here, look at what stands behind it: the address and port of its backend, whether that runs, and the device's own log. The answer came from the device, so the server's settings are not known from it." },
        symptoms: [BAD_GATEWAY],
        shows: "",
    }
    APPLICATION_POOL_STOPPED {
        id: "application-pool-stopped",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The answer is 503, and it comes from no gateway or proxy in front.",
        words: "IIS has no worker for the role: its application pool is stopped.",
        remedy: { native "In IIS Manager open Application Pools, start the role's pool, and check its identity if it stops again; %SystemRoot%\\System32\\LogFiles\\HTTPERR gives the reason (Disabled, AppOffline)."
            current "In IIS Manager open Application Pools, start the role's pool, and check its identity if it stops again (WsusPool: its private memory limit too); %SystemRoot%\\System32\\LogFiles\\HTTPERR gives the reason (Disabled, AppOffline)." },
        symptoms: [UNAVAILABLE],
        shows: "",
    }
    SITE_DATABASE_UNREACHABLE {
        id: "site-database-unreachable",
        culprit: Address,
        rows: ["management-point/list", "client-authentication/accepts-client"],
        known_by: "The management point's list (MPLIST) is answered 500, and its certificate (MPCERT) 200.",
        words: "The management point runs, but does not reach the site database.",
        remedy: { both "On the management point read mpcontrol.log; then check that SQL Server answers it (port 1433, firewall), and that its computer account is a member of the role smsdbrole_MP in the site database." },
        symptoms: [SERVER_ERROR],
        shows: "On the management point: mpcontrol.log.",
    }
    ROLE_FAILS {
        id: "role-fails",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The answer is 500, or another 5xx, not from a gateway and not one of the kinds that are known.",
        words: "The client was let in, and the role's own program fails.",
        remedy: { both "Read the role's log on the server, and the web site's IIS log for the sub-status. The role's log is mpcontrol.log for a management point, distmgr.log on the site server for a distribution point, SoftwareDistribution.log of WSUS for an update point, smpmgr.log for a state migration point. The client's certificate is not at fault." },
        symptoms: [SERVER_ERROR],
        shows: "",
    }
    REQUEST_UNANSWERED {
        id: "request-unanswered",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The TLS session stands and took the request, and no answer came in time.",
        words: "The server takes the request and does not answer it.",
        remedy: { both "On the server see whether the role's worker hangs: IIS Manager, the server, Worker Processes, View Current Requests; recycle the role's application pool. If the request is not there, it did not arrive: read the log of the load balancer on the way." },
        symptoms: [TIMED_OUT],
        shows: "",
    }
    REQUEST_CUT_OFF {
        id: "request-cut-off",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The TLS session stands, and ended after the request, without an answer and without a word of a certificate.",
        words: "The connection ends once the request is sent, without an answer.",
        remedy: { both "Look into the web site's IIS log and %SystemRoot%\\System32\\LogFiles\\HTTPERR for this request. If it is in neither, a device on the way ends the connection: its log says by which rule. If it is there, mend what the log names, for example a worker that crashes (Application log)." },
        symptoms: [CONNECTION_RESET],
        shows: "",
    }
    ANSWER_NOT_HTTP {
        id: "answer-not-http",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The TLS session stands, and what came back for the request is no answer in HTTP/1.1 that could be read.",
        words: "What answers does not speak HTTP as clients do.",
        remedy: { both "Find out which program listens at this port: `netsh http show servicestate` lists what http.sys serves. If it is not IIS, let the name and port lead to the role's web site; if a device stands in front, let it speak HTTP/1.1 to its clients." },
        symptoms: [OTHER_STATUS],
        shows: "12152, ERROR_WINHTTP_INVALID_SERVER_RESPONSE.",
    }
    ROLE_NOT_HERE {
        id: "role-not-here",
        culprit: Address,
        rows: ["management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "proxy/bridges-client"],
        known_by: "Every path of the role is answered 404.",
        words: "This web site is not the role's.",
        remedy: { both "Compare port and name with the role's properties in the console; a site may use a web site of its own called SMSWEB, on other ports than the default web site. If the role should be here, let the console remove and install it again, and read its setup log." },
        symptoms: [NOT_FOUND],
        shows: "",
    }
    REDIRECTED_ELSEWHERE {
        id: "redirected-elsewhere",
        culprit: Address,
        rows: ["management-point/list", "client-authentication/accepts-client", "client-authentication/demanded", "proxy/bridges-client", "distribution-point/content", "software-update-point/service", "distribution-point/listing", "state-migration-point/service", "cloud-management-gateway/service", "sms-provider/service"],
        known_by: "The answer is a redirection (3xx), to a sign-in page for example.",
        words: "The answer sends clients elsewhere, where there is nothing for them.",
        remedy: { both "In IIS Manager open the web site, HTTP Redirect, and untick \u{201c}Redirect requests to this destination\u{201d} for the role's directories. Where a proxy publishes the site with a sign-in of its own, publish these paths without it (pass-through)." },
        symptoms: [REDIRECTED],
        shows: "",
    }
    ANSWERED_OTHERWISE {
        id: "answered-otherwise",
        culprit: Address,
        rows: ["client-authentication/accepts-client", "management-point/list", "distribution-point/content", "distribution-point/listing", "proxy/bridges-client"],
        known_by: "The answer has a status that the role never sends: 4xx, and none of 401, 403, 404, 407 and 410; or of a package's file one method (HEAD, or GET of a range) is answered as a client needs it and the other is not.",
        words: "What answers the role's path does not take the request for one it knows.",
        remedy: { both "Find out who answers: the status, the Server and Via headers and the title (see the evidence) tell whether it is IIS, a program of another web site, or a device in front. On IIS the web site's log has the sub-status; look there for request filtering, URL rewriting and limits of the request, and let the path through unchanged. In front of IIS, let the device pass the path, its method and its headers as they are." },
        symptoms: [OTHER_STATUS],
        shows: "",
    }
    SOMETHING_ELSE_ANSWERS {
        id: "something-else-answers",
        culprit: Address,
        rows: ["distribution-point/listing", "software-update-point/service", "state-migration-point/service"],
        known_by: "The answer is 200, or another success, and is none of the role's: a page to an update scan's question or at the state migration point's path, another success than 207 to PROPFIND.",
        words: "Something else than the role answers for its path.",
        remedy: { both "Let the name and port lead to the role's own web site. The answer's Server and Via headers and its title (see the evidence) tell what answers now: a sign-in page, a portal, another web site. Where a proxy or load balancer signs in for others, publish the role's paths without it (pass-through)." },
        symptoms: [],
        shows: "The client is answered, and finds nothing in the answer that it can read.",
    }
    NOT_A_LIST {
        id: "not-a-list",
        culprit: Address,
        rows: ["management-point/list"],
        known_by: "The answer is 200, or another success, and holds no list of management points.",
        words: "Something else than a management point answers its question.",
        remedy: { both "Let the name or the publishing rule lead to the management point's web site. The answer's Server and Via headers and its title (see the evidence) tell what answers now: a portal, another web site, a proxy's page." },
        symptoms: [],
        shows: "LocationServices.log: the answer cannot be read.",
    }
    MANAGEMENT_POINT_LIST_MALFORMED {
        id: "management-point-list-malformed",
        culprit: Address,
        rows: ["management-point/list"],
        known_by: "The answer begins as a list of management points, and breaks off or is no sound XML.",
        words: "The management point's list breaks off, or is no sound XML.",
        remedy: { both "Ask for the list on the management point itself (`https://NAME/SMS_MP/.sms_aut?MPLIST`, in a browser with a client's certificate). If it is whole there, let the proxy or load balancer in front pass answers on as they are. If it is not, read mpcontrol.log and the web site's IIS log there, and look in the evidence at the place where it ends: a character such as & in the name of a site system has to be written &amp;." },
        symptoms: [],
        shows: "LocationServices.log: the answer cannot be read.",
    }
    ANSWER_COMPRESSED {
        id: "answer-compressed",
        culprit: Address,
        rows: ["management-point/list"],
        known_by: "The answer is a success, and begins as a gzip file.",
        words: "The management point's answer comes compressed, which clients do not ask for and do not unpack.",
        remedy: { both "In IIS Manager open SMS_MP, Compression, and untick \u{201c}Enable dynamic content compression\u{201d}. Where it is not ticked, let the proxy or load balancer in front (the Via header in the evidence) pass answers on as they are." },
        symptoms: [],
        shows: "LocationServices.log: the answer cannot be read.",
    }
    HTTP_STILL_OPEN {
        id: "http-still-open",
        culprit: Address,
        rows: ["reachability/http-closed"],
        known_by: "The management point gives its list over plain HTTP.",
        words: "The management point still serves clients without TLS.",
        remedy: { native "In IIS Manager open SMS_MP and its neighbours, SSL Settings, tick Require SSL and choose Client certificates: Require. The site does so itself when it is switched to native mode (the site's properties, Site Mode tab); if it did not, let it reinstall the management point (mpsetup.log). Close port 80 to clients where nothing else needs it."
            current "In the console choose HTTPS only (Administration, Site Configuration, Sites, Properties, Communication Security), and HTTPS in the management point's properties. The role is then reinstalled so that IIS requires SSL on its directories (mpsetup.log). Where the site is meant to use enhanced HTTP, write `communication = \"enhanced-http\"` into the definition: then port 80 is right." },
        symptoms: [],
        shows: "Clients notice nothing.",
    }
    LISTED_UNDER_OTHER_NAME {
        id: "listed-under-other-name",
        culprit: Definition,
        rows: ["management-point/list", "management-point/list-known"],
        known_by: "The management point stands in its own list, or in another's, by its computer name beside another fully qualified name, or without one.",
        words: "The site knows this management point by another name than clients dial.",
        remedy: { native "In the console open the site system's properties, General tab, and specify the fully qualified domain name that is in DNS and on the certificate. If the list is right, correct the definition instead."
            current "In the console open Administration, Site Configuration, Servers and Site System Roles, the server, the properties of its site system role, and specify the fully qualified domain name that is in DNS and on the certificate. If the list is right, correct the definition instead." },
        symptoms: [],
        shows: "Clients go to the name the list gives them: LocationServices.log.",
    }
    NOT_IN_LIST {
        id: "not-in-list",
        culprit: Definition,
        rows: ["management-point/list"],
        known_by: "The management point gives a list in which it does not stand itself.",
        words: "The management point answers, but the site has not registered it.",
        remedy: { both "Read mpcontrol.log on the management point and its status messages in the console (SMS_MP_CONTROL_MANAGER): it registers itself once its own test passes. If it stays away, remove the role and install it again." },
        symptoms: [],
        shows: "Clients never choose it: LocationServices.log.",
    }
    SIGNS_WITH_OTHER_CERTIFICATE {
        id: "signs-with-other-certificate",
        culprit: Certificate,
        rows: ["management-point/own-certificate"],
        known_by: "The certificate the management point hands out (MPCERT) is not the one it shows in the handshake.",
        words: "The management point hands out another certificate than the one that is bound.",
        remedy: { both "Choose the certificate that is meant in the web site's https binding, delete ended ones from the computer's Personal store, and restart the management point's component (SMS_MP_CONTROL_MANAGER in the Service Manager of the console)."
            then bind },
        symptoms: [POLICY_SIGNATURE],
        shows: "",
    }
    NO_CERTIFICATE_HANDED_OUT {
        id: "no-certificate-handed-out",
        culprit: Address,
        rows: ["management-point/own-certificate", "management-point/site-signing-certificate"],
        known_by: "The answer to MPCERT or SITESIGNCERT holds no certificate.",
        words: "The management point hands out no certificate when it is asked for one.",
        remedy: { native "In the console choose the signing certificate at the site's properties, Site Mode tab, and look at the status messages of SMS_POLICY_PROVIDER; then mpcontrol.log on the management point."
            current "Read mpcontrol.log and mpsetup.log on the management point, and CertMgr.log on the site server, which hands the certificates over." },
        symptoms: [POLICY_SIGNATURE],
        shows: "",
    }
    SIGNING_CERTIFICATE_DIFFERS {
        id: "signing-certificate-differs",
        culprit: Certificate,
        rows: ["management-point/site-signing-certificate"],
        known_by: "The signing certificate the management point hands out is not the one in the file the definition names.",
        words: "The site's signing certificate is not the one the definition names.",
        remedy: { native "Put the new certificate into the file the definition names as `signing_certificate`, if it was renewed; if not, choose the right one in the console at the site's properties, Site Mode tab, and give management points time to be updated."
            current "Put the certificate the management point hands out into the file the definition names as `signing_certificate`, or leave the line out: the site renews this certificate itself. If it is another site's, correct the definition's site code." },
        symptoms: [],
        shows: "Clients notice nothing, unless it is another site's: then they accept no policy.",
    }
    SIGNING_SUBJECT_WRONG {
        id: "signing-subject-wrong",
        culprit: Certificate,
        rows: ["site-server/subject-text"],
        known_by: "The signing certificate's Subject differs from the sentence; the evidence shows the first character at which it does.",
        words: "The signing certificate's Subject is not the sentence Configuration Manager looks for.",
        remedy: { both "Request the signing certificate again with the Subject \u{201c}CN=The site code of this site server is XXX\u{201d}, letter for letter, XXX being the site code as the console shows it. The template must let the request supply the Subject (Subject Name tab, Supply in the request)." },
        symptoms: [POLICY_SIGNATURE],
        shows: "The console offers no certificate on the Site Mode tab.",
    }
    SITE_CODE_WRONG {
        id: "site-code-wrong",
        culprit: Certificate,
        rows: ["site-server/site-code"],
        known_by: "The site code in the signing certificate's Subject is not the definition's.",
        words: "The signing certificate is for another site code.",
        remedy: { both "Request the signing certificate again with the Subject \u{201c}CN=The site code of this site server is XXX\u{201d}, XXX being the site code exactly as the console shows it, capitals included. If the certificate is right, correct `code` in the definition instead." },
        symptoms: [POLICY_SIGNATURE],
        shows: "The console offers no certificate on the Site Mode tab.",
    }
    PROFILE_DIFFERS {
        id: "profile-differs",
        culprit: Definition,
        rows: ["management-point/profile"],
        known_by: "The version in the management point's list is another release's than the profile's.",
        words: "The site is of another release than the profile it is held against.",
        remedy: { both "Set `profile` in the definition's [site] table (or `--profile`) to what the site is, native-mode-2007 or current-branch, and run the check again: much of what else fails is the other release's law." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition.",
    }
    MONITORING_CERTIFICATE_MISSING {
        id: "monitoring-certificate-missing",
        culprit: Definition,
        rows: ["monitoring/present"],
        known_by: "The definition names no monitoring certificate; whether the server has one cannot be seen from outside.",
        words: "Whether the server has a client certificate of its own, to watch itself with, was not looked at.",
        remedy: { both "Export the certificate with Client Authentication from the Personal store of the management point (and state migration point), and name the file as a [[client]] with kind = \"monitoring\". If mpcontrol.log there shows status code 403 while clients get in, it has none: enrol the server from the Workstation Authentication template." },
        symptoms: [MONITORING],
        shows: "",
    }
    LIST_KNOWN {
        id: "list-known",
        culprit: Definition,
        rows: ["management-point/list-known"],
        known_by: "The management point's list names one that the definition does not have.",
        words: "The site has a management point that the definition does not know.",
        remedy: { both "Add the management point to the definition as a [[system]] (`cmprobe init --from EXPORT --update DEFINITION` tells the lines, with `--write` it writes them), or remove the role in the console if it is a leftover." },
        symptoms: [],
        shows: "Clients notice nothing, as long as it works: nobody has checked.",
    }
    LIST_RESOLVES {
        id: "list-resolves",
        culprit: Definition,
        rows: ["management-point/list-resolves"],
        known_by: "A name in the management point's list does not resolve here, or does not stand on the certificate met there.",
        words: "The site sends clients to a management point by a name that does not lead to it.",
        remedy: { both "Correct the fully qualified domain name in that site system's properties in the console, or create the host record it needs; a management point that is gone is removed in the console." },
        symptoms: [NAME_NOT_RESOLVED],
        shows: "Some clients choose it and fail: LocationServices.log.",
    }
    LIST_STATE {
        id: "list-state",
        culprit: Definition,
        rows: ["management-point/list-state"],
        known_by: "The management point's list gives SSLState 0 for one that is declared with HTTPS.",
        words: "The site tells clients to reach this management point without TLS.",
        remedy: { native "In the console set the site's properties, Site Mode tab, to native mode, if they are not; then remove the management point and install it again (mpsetup.log)."
            current "In the console open the management point's properties and choose Client connections: HTTPS; where enhanced HTTP is meant, write `communication = \"enhanced-http\"` into the definition." },
        symptoms: [],
        shows: "LocationServices.log: the management point is used by http.",
    }
    WSUS_NOT_ON_HTTPS {
        id: "wsus-not-on-https",
        culprit: Address,
        rows: ["software-update-point/service"],
        known_by: "The port answers, and WSUS is not served there: another status, or another page.",
        words: "WSUS is not served over HTTPS here.",
        remedy: { both "Run `WSUSUtil.exe configuressl <name on the certificate>` in the Tools folder of WSUS. Then tick Require SSL on ApiRemoting30, ClientWebService, DSSAuthWebService, ServerSyncWebService and SimpleAuthWebService alone (not on the whole web site), and match the ports in the update point's properties (8530 and 8531, or 80 and 443)." },
        symptoms: [UPDATE_SCAN],
        shows: "",
    }
    UPDATE_POINT_FORBIDS {
        id: "update-point-forbids",
        culprit: Address,
        rows: ["software-update-point/service"],
        known_by: "The services of WSUS answer 403, name no sub-status, and no client certificate was asked for.",
        words: "The update point refuses update scans, and does not say why.",
        remedy: { both "Read the sub-status in the WSUS web site's IIS log (sc-substatus). For 7, set SSL Settings, Client certificates to Ignore on the WSUS directories; for 4, something in front speaks HTTP to the site; for 6 and 8, mend IP Address and Domain Restrictions." },
        symptoms: [UPDATE_SCAN],
        shows: "0x80244018 (403).",
    }
    HTTP_CONTENT {
        id: "http-content",
        culprit: Address,
        rows: ["software-update-point/http-content"],
        known_by: "The update point's HTTP port does not answer.",
        words: "The update point's HTTP port is closed, and update files and licence texts are fetched by it even under TLS.",
        remedy: { both "In IIS Manager give the WSUS web site its http binding back (8530 beside 8531, 80 beside 443), and open the port to clients; Require SSL stays on the five directories alone." },
        symptoms: [UPDATE_SCAN],
        shows: "Scans pass; downloads and licence texts fail.",
    }
    HTTP_WANTS_TLS {
        id: "http-wants-tls",
        culprit: Address,
        rows: ["software-update-point/http-content"],
        known_by: "The update point's HTTP port answers, with 403.4: SSL is required.",
        words: "SSL is required on the whole WSUS web site, and update files and licence texts are fetched over plain HTTP.",
        remedy: { both "In IIS Manager open the WSUS web site, SSL Settings, and untick Require SSL for the site, Content and SelfUpdate. Leave it ticked on ApiRemoting30, ClientWebService, DSSAuthWebService, ServerSyncWebService and SimpleAuthWebService." },
        symptoms: [UPDATE_SCAN],
        shows: "Scans pass; downloads and licence texts fail.",
    }
    HTTP_TWIN_FAILS {
        id: "http-twin-fails",
        culprit: Address,
        rows: ["software-update-point/http-content"],
        known_by: "The update point's HTTP port answers with a status of 5xx.",
        words: "The update point's HTTP port answers with an error, and update files and licence texts are fetched by it.",
        remedy: { both "In IIS Manager start WsusPool, if it is stopped, and read the sub-status for this request in the WSUS web site's IIS log; at 502 or 504 look at the device in front, which answers." },
        symptoms: [UPDATE_SCAN],
        shows: "Scans pass; downloads and licence texts fail.",
    }
    DIRECTORIES_CLOSED {
        id: "directories-closed",
        culprit: Address,
        rows: ["software-update-point/directories-closed"],
        known_by: "Over plain HTTP one of the five directories of WSUS is served, or Content or SelfUpdate is refused.",
        words: "WSUS requires TLS on the wrong directories.",
        remedy: { both "In IIS Manager tick Require SSL on ApiRemoting30, ClientWebService, DSSAuthWebService, ServerSyncWebService and SimpleAuthWebService, and untick it on Content and SelfUpdate, which are fetched over HTTP." },
        symptoms: [UPDATE_SCAN],
        shows: "",
    }
    WEBDAV_PUBLISHING_INSTALLED {
        id: "webdav-publishing-installed",
        culprit: Address,
        rows: ["distribution-point/listing"],
        known_by: "PROPFIND with a client's certificate is answered 405 or 501, and the site is one of Current Branch.",
        words: "IIS's own WebDAV Publishing takes the requests by which clients list content.",
        remedy: { native "Leave WebDAV on a distribution point of 2007: its clients list content by it. If the site is one of Current Branch, correct the definition's `profile`."
            current "On the distribution point open Server Manager, Remove Roles and Features, Web Server, Common HTTP Features, untick \u{201c}WebDAV Publishing\u{201d}, and restart IIS. In PowerShell it is `Uninstall-WindowsFeature Web-DAV-Publishing`; the distribution point answers these requests itself." },
        symptoms: [OTHER_STATUS],
        shows: "The job in DataTransferService.log ends with 0x800705B4; the IIS log: 405 0.",
    }
    WEBDAV_MISSING {
        id: "webdav-missing",
        culprit: Address,
        rows: ["distribution-point/listing"],
        known_by: "PROPFIND with a client's certificate is answered 405 or 501, and the site is one of 2007.",
        words: "WebDAV, by which clients list content, is missing or not allowed on this distribution point.",
        remedy: { native "On the distribution point install WebDAV and allow it. Server 2008: the WebDAV module for IIS 7, enabled for the web site with an authoring rule that lets all users read; Server 2003: Web Service Extensions, WebDAV, Allow. Keep \u{201c}Allow clients to transfer content from this distribution point using BITS\u{201d} ticked in its properties."
            current "Correct the definition's `profile` if the site is one of 2007; a distribution point of Current Branch answers these requests itself and wants no WebDAV Publishing of IIS." },
        symptoms: [OTHER_STATUS],
        shows: "The IIS log: 405 0 or 501.",
    }
    CONTENT_NOT_HERE {
        id: "content-not-here",
        culprit: Address,
        rows: ["distribution-point/content"],
        known_by: "The content directories of every drive letter that was asked for are answered 404.",
        words: "The web site has no content directory of a distribution point.",
        remedy: { native "In the console tick \u{201c}Allow clients to transfer content from this distribution point using BITS\u{201d} in the distribution point's properties, so that its virtual directories are made, and read distmgr.log on the site server."
            current "Read distmgr.log on the site server: it makes the virtual directories when the role is installed. If they never came, remove the distribution point in the console and install it again with its web site's name and ports." },
        symptoms: [NOT_FOUND],
        shows: "",
    }
    CONTENT_FILTERED {
        id: "content-filtered",
        culprit: Address,
        rows: ["distribution-point/content", "distribution-point/listing"],
        known_by: "The body names 404.5, 404.7, 404.8, 404.11 or 404.13.",
        words: "IIS's request filtering hides the content.",
        remedy: { both "On the distribution point correct requestFiltering for the content's directories (IIS Manager, Request Filtering, or the section of that name in applicationHost.config). The sub-status says which of its lists: file name extensions (404.7), hidden segments such as bin (404.8), forbidden sequences (404.5), double escaping (404.11), the length of requests (404.13)." },
        symptoms: [NOT_FOUND],
        shows: "For some files only.",
    }
    PACKAGE_NOT_HERE {
        id: "package-not-here",
        culprit: Address,
        rows: ["distribution-point/content"],
        known_by: "The package directory is there, and the file below it that the definition names is not (404).",
        words: "The package's file is not on this distribution point.",
        remedy: { both "In the console look at the package's status for this distribution point and distribute it again (distmgr.log and PkgXferMgr.log on the site server say why it did not come). If the definition's `package_path` is of an older version of the package, correct it." },
        symptoms: [NOT_FOUND],
        shows: "",
    }
    RANGES_NOT_SERVED {
        id: "ranges-not-served",
        culprit: Address,
        rows: ["distribution-point/content"],
        known_by: "A request with Range is answered with the whole file (200), not with the range (206).",
        words: "The server, or a device in front of it, answers every request with the whole file; BITS wants ranges.",
        remedy: { both "On the distribution point look, in IIS Manager, Handler Mappings and Modules, for what answers in the place of the static file handler, and take it off the content's directories. If requests pass a proxy, a load balancer or a filter on the way, let it hand the Range header on and leave the answers as they are." },
        symptoms: [],
        shows: "BITS: 0x80200013 (BG_E_INSUFFICIENT_RANGE_SUPPORT); DataTransferService.log shows the job fail.",
    }
    CERTIFICATE_NOT_BOUND {
        id: "certificate-not-bound",
        culprit: Address,
        rows: ["*/expected-certificate"],
        known_by: "The certificate that is shown is not the one the definition (or `--expect`) names.",
        words: "Another certificate than the expected one is bound here.",
        remedy: { both "Choose the certificate that the definition expects in the binding; if the one that is bound is right, correct `expected_certificate` in the definition."
            then bind },
        symptoms: [],
        shows: "Clients notice nothing, until the certificate that is bound ends.",
    }
    INNER_LEG_IS_HTTP {
        id: "inner-leg-is-http",
        culprit: Device,
        rows: ["software-update-point/service", "proxy/bridges-client", "client-authentication/accepts-client"],
        known_by: "The answer that comes through the proxy names 403.4 (SSL required).",
        words: "The proxy takes TLS off and speaks plain HTTP to the server, which demands TLS.",
        remedy: { both "On the proxy let the publishing rule bridge to SSL: ISA Server or TMG, the rule's Bridging tab, Redirect requests to SSL port, with a client certificate to authenticate to the server; elsewhere, the backend's address with https." },
        symptoms: [SSL_REQUIRED],
        shows: "",
    }
    INNER_NAME_DIFFERS {
        id: "inner-name-differs",
        culprit: Device,
        rows: ["proxy/bridges-client", "client-authentication/accepts-client", "management-point/list", "distribution-point/content", "software-update-point/service", "state-migration-point/service", "distribution-point/listing"],
        known_by: "The proxy's answer names 0x80090322, or says that the target principal name is incorrect.",
        words: "The proxy's rule dials the server by a name that its certificate does not have first.",
        remedy: { both "On the proxy write into the rule's To tab the name that the server's certificate has as its common name, or as its first DNS name (ISA Server 2006 reads no other); or issue the server a certificate that has the rule's name first." },
        symptoms: [SERVER_ERROR],
        shows: "The page says \u{201c}The target principal name is incorrect\u{201d}; on ISA Server the log of the rule.",
    }
    INNER_LEG_SHOWS_NOTHING {
        id: "inner-leg-shows-nothing",
        culprit: Device,
        rows: ["proxy/bridges-client", "client-authentication/accepts-client"],
        known_by: "The client's certificate was taken at the proxy, and the answer that comes through it names 403.7 (client certificate required).",
        words: "The proxy takes the client's certificate, and shows the server behind it none of its own.",
        remedy: { both "On the proxy give the publishing rule a certificate with Client Authentication for its own leg to the server. On ISA Server or TMG that is the rule's Bridging tab, Use a certificate to authenticate to the SSL web server (it must lie, with its key, in the Personal store of the account of ISA Server's own service); elsewhere, the backend's client certificate and key." },
        symptoms: [CLIENT_CERTIFICATE_REQUIRED],
        shows: "Only clients on the Internet fail; the 403 7 stands in the IIS log of the server behind the proxy, with the proxy's address.",
    }
    INNER_LEG_FAILS {
        id: "inner-leg-fails",
        culprit: Device,
        rows: ["proxy/bridges-client"],
        known_by: "The proxy answers with another 5xx of its own.",
        words: "The proxy cannot open its own connection to the server behind it.",
        remedy: { both "On the proxy check its log for this request, its client certificate for the rule (present, in date, with its key, Client Authentication), and that it trusts the authority of the server's certificate." },
        symptoms: [SERVER_ERROR, BAD_GATEWAY, UNAVAILABLE],
        shows: "The log of the proxy itself.",
    }
    LISTENER_REFUSES_CLIENT {
        id: "listener-refuses-client",
        culprit: Device,
        rows: ["proxy/bridges-client", "client-authentication/accepts-client"],
        known_by: "The proxy itself ends the handshake with an alert, or answers 403, and the certificate that was met is the proxy's.",
        words: "The proxy's listener does not take the client's certificate.",
        remedy: { both "On the proxy name the clients' root and issuing authorities for the listener (ISA Server, TMG: the listener's Authentication tab, Advanced, Client Certificate Trust List). Let it fetch the lists of the clients' certificates, too: TMG takes a list it cannot fetch for a revocation." },
        symptoms: [FORBIDDEN],
        shows: "Only clients on the Internet fail.",
    }
    PROXY_LETS_ANYBODY_IN {
        id: "proxy-lets-anybody-in",
        culprit: Device,
        rows: ["proxy/bridges-client", "client-authentication/demanded", "client-authentication/refuses-stranger"],
        known_by: "A request without a client certificate is served through the proxy.",
        words: "The proxy's listener asks nobody for a certificate, and its own opens the server to all.",
        remedy: { both "On the proxy require client certificates at the listener (ISA Server, TMG: the listener's Authentication tab, SSL Client Certificate Authentication), and name the clients' authorities there." },
        symptoms: [],
        shows: "Clients notice nothing, and everybody else gets in like them.",
    }
    PROXY_TAKES_ANY_CERTIFICATE {
        id: "proxy-takes-any-certificate",
        culprit: Device,
        rows: ["client-authentication/refuses-stranger"],
        known_by: "The proxy asks for a certificate, and one that no authority of the site issued is served through it.",
        words: "The proxy's listener asks for a certificate and takes any, whoever made it.",
        remedy: { both "On the proxy name the clients' authorities alone at the listener (ISA Server, TMG: the listener's Authentication tab, Advanced, Client Certificate Trust List), and let it verify certificates. The proxy shows the server its own, so that nobody behind it looks at the clients'." },
        symptoms: [],
        shows: "Clients notice nothing, and whoever has some certificate gets in like them.",
    }
    VERBS {
        id: "verbs",
        culprit: Device,
        rows: ["proxy/verbs"],
        known_by: "HEAD, GET, PROPFIND or a request with Range does not come through the proxy as it does without it.",
        words: "The proxy lets some kinds of requests through and not others.",
        remedy: { both "On the proxy let the publishing rule pass the methods clients use: GET, HEAD, PROPFIND, CCM_POST and BITS_POST, and the Range header (ISA Server, TMG: right-click the rule, Configure HTTP, Methods: allow these)." },
        symptoms: [],
        shows: "CcmMessaging.log or DataTransferService.log: StatusCode=405 or 500, from the Internet only.",
    }
    SERVICE {
        id: "service",
        culprit: Address,
        rows: ["cloud-management-gateway/service"],
        known_by: "The gateway's own address is answered as no gateway answers it.",
        words: "The gateway does not answer at its service name.",
        remedy: { both "See that the gateway is Ready, and start it if it is stopped: in the console Administration, Cloud Services, Cloud Management Gateway (CloudMgr.log on the site server; Connection analyzer asks step by step). A service name of your own domain must be a CNAME to the name Azure gave the gateway, and to nothing else." },
        symptoms: [OTHER_STATUS],
        shows: "LocationServices.log and CcmMessaging.log of clients on the Internet.",
    }
    ADMINISTRATION_SERVICE_MISSING {
        id: "administration-service-missing",
        culprit: Address,
        rows: ["sms-provider/service"],
        known_by: "The administration service's address is answered with another status than 401 that is no success, or with a page, and by no gateway or proxy in front; or with no HTTP, or the request has no answer.",
        words: "The administration service does not run, or another web site answers at its port.",
        remedy: { both "Restart the component SMS_REST_PROVIDER on the SMS Provider's server (in the console Monitoring, System Status, Component Status, Start, Configuration Manager Service Manager), and read SMS_REST_PROVIDER.log and AdminService.log there. `netsh http show sslcert` and `netsh http show servicestate` tell what listens at port 443, and with which certificate." },
        symptoms: [OTHER_STATUS],
        shows: "Consoles and scripts that use the administration service: no connection, 404 or 503.",
    }
    ADMINISTRATION_SERVICE_OPEN {
        id: "administration-service-open",
        culprit: Address,
        rows: ["sms-provider/service"],
        known_by: "The administration service's metadata is served to whoever shows no account.",
        words: "Something answers at the administration service's address without asking who is there.",
        remedy: { both "Find out what answers: a proxy that signs in for others, or another program with a page for everything (its Server header and title tell). The service itself always wants a Windows account or a token; publish it through nothing that signs in for its callers." },
        symptoms: [],
        shows: "Nobody notices; whoever reaches the port reads the site.",
    }
    GATEWAY_NAME_NO_ALIAS {
        id: "gateway-name-no-alias",
        culprit: Definition,
        rows: ["cloud-management-gateway/service"],
        known_by: "A service name outside Azure's domains resolves to an address, and no alias on the way is a name in Azure.",
        words: "The gateway's service name leads to an address, not to the gateway's name in Azure.",
        remedy: { both "In public DNS replace the name's host record by a CNAME to the name Azure gave the gateway (the console shows it as the deployment name: NAME.REGION.cloudapp.azure.com). An address of its own serves until Azure gives the gateway another." },
        symptoms: [],
        shows: "Only clients on the Internet fail, and only once the address has changed.",
    }
}
