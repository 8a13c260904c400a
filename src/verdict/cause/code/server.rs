//! Codes a server writes: IIS's statuses with their sub-statuses, and events of Windows' event log.

use super::Number::{Event, Status, Word};
use super::declare::codes;

codes! {
    /// HTTP statuses, and IIS's sub-statuses.
    STATUSES:
    Status(302, None), "", "The answer sends the client elsewhere.", [], [REDIRECTED_ELSEWHERE], "The Location of the answer.";
    Status(400, None), "", "The server did not take the request; nginx and its relatives answer so where a client certificate is missing or not taken.", [FORBIDDEN], [], "The body of the answer, and the log of the server or proxy that gave it.";
    Status(401, None), "", "The directory wants an account.", [], [WINDOWS_AUTHENTICATION_WANTED], "The sub-status in the server's IIS log.";
    Status(401, Some(1)), "", "The directory wants an account, and the one that was given is not taken.", [], [WINDOWS_AUTHENTICATION_WANTED], "";
    Status(401, Some(2)), "", "The directory wants an account, in a way the client does not offer.", [], [WINDOWS_AUTHENTICATION_WANTED], "";
    Status(403, None), "", "The server refuses; the sub-status in its own log says why, and no remote client is told.", [FORBIDDEN], [], "The web site's IIS log: columns sc-substatus and sc-win32-status; explain 403.N.";
    Status(403, Some(4)), "", "The directory requires TLS, and the request came without.", [SSL_REQUIRED], [INNER_LEG_IS_HTTP], "On port 80 this is as it should be; through a proxy it is the proxy's inner leg.";
    Status(403, Some(5)), "", "The directory requires 128-bit encryption.", [], [ACCESS_RULE_DENIES], "";
    Status(403, Some(6)), "", "The client's address is not allowed.", [], [ACCESS_RULE_DENIES], "";
    Status(403, Some(7)), "", "The directory requires a client certificate, and none arrived.", [NO_CLIENT_CERTIFICATE, CLIENT_CERTIFICATE_REQUIRED], [ISSUERS_LACK_CLIENT_ROOT, RENEGOTIATION_BLOCKED, CERTIFICATE_DID_NOT_ARRIVE], "Whether the client had none, chose none for the server's list of authorities, or was never asked.";
    Status(403, Some(8)), "", "The site is not open to this client's domain or address.", [], [ACCESS_RULE_DENIES], "";
    Status(403, Some(12)), "", "The client certificate is mapped to an account that has no access.", [], [ACCESS_RULE_DENIES], "";
    Status(403, Some(13)), "", "The client's certificate is revoked, or IIS could not find out whether it is.", [CLIENT_CERTIFICATE_REVOKED], [CLIENT_LIST_OUT_OF_REACH, CLIENT_CERTIFICATE_REVOKED, LIST_ENDED], "The Windows code beside it: 2148081683 (0x80092013) a list could not be had, 2148081680 (0x80092010) revoked.";
    Status(403, Some(14)), "", "The client was let in, and the directory may not be listed: nothing is wrong with its certificate.", [], [], "A request for a file below the directory.";
    Status(403, Some(16)), "", "The server does not trust the client's certificate, or cannot use it.", [CLIENT_CERTIFICATE_UNTRUSTED], [CLIENT_ROOT_NOT_TRUSTED, INTERMEDIATE_IN_TRUSTED_ROOT, CLIENT_ISSUER_UNKNOWN_TO_SERVER], "The Windows code beside it: 2148204809 (0x800B0109) the root, 2148204810 (0x800B010A) the issuing authority.";
    Status(403, Some(17)), "", "The client's certificate is out of its dates.", [CLIENT_CERTIFICATE_EXPIRED], [CLIENT_CERTIFICATE_ENDED], "The server's clock, too.";
    Status(404, None), "", "Nothing lies at this path.", [], [ROLE_NOT_HERE, CONTENT_NOT_HERE], "The sub-status in the server's IIS log.";
    Status(404, Some(0)), "", "Nothing lies at this path.", [], [ROLE_NOT_HERE, CONTENT_NOT_HERE], "";
    Status(404, Some(2)), "", "IIS may not run the role's program (ISAPI and CGI restrictions).", [], [ROLE_FAILS], "IIS Manager, the server, ISAPI and CGI Restrictions: the role's program must be Allowed.";
    Status(404, Some(5)), "", "Request filtering refuses a sequence in the URL.", [], [CONTENT_FILTERED], "";
    Status(404, Some(6)), "", "Request filtering refuses the method.", [], [WEBDAV_PUBLISHING_INSTALLED, WEBDAV_MISSING], "Request Filtering, HTTP Verbs: PROPFIND, CCM_POST and BITS_POST must pass.";
    Status(404, Some(7)), "", "Request filtering refuses the file name extension.", [], [CONTENT_FILTERED], "";
    Status(404, Some(8)), "", "Request filtering hides the directory.", [], [CONTENT_FILTERED], "";
    Status(404, Some(11)), "", "Request filtering refuses the URL's double escaping: a plus sign.", [], [DELTA_LIST_BLOCKED_BY_REQUEST_FILTERING, CONTENT_FILTERED], "";
    Status(404, Some(13)), "", "Request filtering finds the request too long.", [], [CONTENT_FILTERED], "";
    Status(405, None), "", "The method is not allowed here.", [], [WEBDAV_PUBLISHING_INSTALLED, WEBDAV_MISSING, VERBS], "The method in the same line of the IIS log.";
    Status(405, Some(0)), "", "The method is not allowed here.", [], [WEBDAV_PUBLISHING_INSTALLED, WEBDAV_MISSING], "The method in the same line of the IIS log.";
    Status(407, None), "", "A web proxy on the way wants a user.", [], [PROXY_WANTS_CREDENTIALS], "";
    Status(413, None), "", "The request's body is too large for a certificate to be asked for after it began.", [], [RENEGOTIATION_BLOCKED], "Ask for the certificate in the handshake, or raise uploadReadAheadSize of the web site.";
    Status(500, None), "", "The role's program failed, or the proxy in front of it.", [], [ROLE_FAILS, SITE_DATABASE_UNREACHABLE, INNER_NAME_DIFFERS], "The role's log; with 0x80070032 beside it, late-request-impossible.";
    Status(500, Some(19)), "", "IIS cannot read the configuration of this directory.", [], [ROLE_FAILS], "The Windows code beside it, and web.config there.";
    Status(501, None), "", "The server does not know the method.", [], [WEBDAV_PUBLISHING_INSTALLED, WEBDAV_MISSING, VERBS], "The method in the same line of the IIS log.";
    Status(502, None), "", "Something in front of the server cannot get through to it.", [], [GATEWAY_CANNOT_REACH_SERVER, PROXY_CANNOT_REACH], "The log of the device that answered.";
    Status(502, Some(3)), "", "IIS as a proxy (Application Request Routing) cannot get through to the server behind it.", [], [GATEWAY_CANNOT_REACH_SERVER], "The Windows code beside it.";
    Status(503, None), "", "No worker stands behind the web site.", [], [APPLICATION_POOL_STOPPED], "The server's HTTPERR log gives the reason.";
    Status(503, Some(0)), "", "The application pool is stopped.", [], [APPLICATION_POOL_STOPPED], "The server's HTTPERR log gives the reason.";
    Status(504, None), "", "Something in front of the server waited for it in vain.", [], [GATEWAY_CANNOT_REACH_SERVER, PROXY_CANNOT_REACH], "The log of the device that answered.";
    Word, "Disabled", "HTTPERR: the application pool was stopped, by hand or after failing too often.", [], [APPLICATION_POOL_STOPPED], "The System event log: source WAS.";
    Word, "AppOffline", "HTTPERR: the application pool or application is offline.", [], [APPLICATION_POOL_STOPPED], "The System event log: source WAS.";
}

codes! {
    /// Events of the System event log.
    EVENTS:
    Event("HttpEvent", 15021), "", "An error occurred while the TLS configuration of an address and port was used: the certificate that is bound is gone, or its key.", [PRIVATE_KEY], [NO_USABLE_CERTIFICATE_BOUND], "netsh http show sslcert.";
    Event("HttpEvent", 15300), "", "The TLS certificate settings of an address and port were deleted.", [PRIVATE_KEY], [NO_USABLE_CERTIFICATE_BOUND], "netsh http show sslcert.";
    Event("Schannel", 36869), "", "The server's certificate has no private key.", [PRIVATE_KEY], [NO_USABLE_CERTIFICATE_BOUND, PFX_WITHOUT_KEY], "";
    Event("Schannel", 36870), "", "The private key of the server's certificate cannot be read.", [PRIVATE_KEY], [NO_USABLE_CERTIFICATE_BOUND], "";
    Event("Schannel", 36871), "", "A TLS credential could not be made: the key, or what is left of the protocol versions.", [PRIVATE_KEY], [NO_USABLE_CERTIFICATE_BOUND], "";
    Event("Schannel", 36874), "", "A client offered no cipher suite the server has.", [SECURE_CHANNEL], [NOTHING_IN_COMMON], "";
    Event("Schannel", 36875), "", "The other side wanted a certificate, and there was none to present.", [NO_CLIENT_CERTIFICATE], [], "";
    Event("Schannel", 36877), "", "The client's certificate was not taken.", [CLIENT_CERTIFICATE_UNTRUSTED], [CLIENT_ROOT_NOT_TRUSTED], "The event's text gives the error code; explain that.";
    Event("Schannel", 36881), "", "The other side's certificate is out of its dates.", [CERTIFICATE_DATE], [], "";
    Event("Schannel", 36882), "", "The other side's certificate does not lead to a trusted root.", [CERTIFICATE_AUTHORITY], [], "";
    Event("Schannel", 36883), "", "The other side's certificate has been revoked.", [CERTIFICATE_REVOKED], [], "";
    Event("Schannel", 36884), "", "The other side's certificate does not have the name that was dialled.", [CERTIFICATE_NAME], [], "";
    Event("Schannel", 36885), "", "The server's list of trusted authorities was too long and was cut.", [ISSUER_LIST], [ISSUER_LIST_TOO_LONG, ISSUER_LIST_TRUNCATED], "";
    Event("Schannel", 36887), "", "An alert came from the other side.", [SECURE_CHANNEL], [], "The number in the event's text: explain \u{201c}alert N\u{201d}.";
    Event("Schannel", 36888), "", "An alert was sent to the other side.", [SECURE_CHANNEL], [SERVER_FAILS_IN_HANDSHAKE], "The number in the event's text: explain \u{201c}alert N\u{201d}.";
    Event("Schannel", 36889), "", "The server cannot build the chain of its own certificate.", [CERTIFICATE_AUTHORITY], [ISSUER_NOT_SENT], "";
}
