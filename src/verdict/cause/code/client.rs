//! Codes a client writes into its logs: WinHTTP's, Configuration Manager's, Windows Update's.

use super::Number::{Flag, Result, Windows, Word};
use super::declare::codes;

codes! {
    /// Errors of WinHTTP, and of WinINet by the same numbers.
    WINHTTP:
    Windows(12002), "ERROR_WINHTTP_TIMEOUT", "Nothing answered in time.", [TIMED_OUT], [], "";
    Windows(12007), "ERROR_WINHTTP_NAME_NOT_RESOLVED", "The server's name could not be resolved.", [NAME_NOT_RESOLVED], [], "";
    Windows(12015), "ERROR_WINHTTP_LOGIN_FAILURE", "The server wanted an account, and none was taken.", [], [WINDOWS_AUTHENTICATION_WANTED], "";
    Windows(12029), "ERROR_WINHTTP_CANNOT_CONNECT", "The connection to the server could not be opened.", [CANNOT_CONNECT], [], "";
    Windows(12030), "ERROR_WINHTTP_CONNECTION_ERROR", "The connection was reset or closed before the answer.", [CONNECTION_RESET], [], "The server's System event log at the same second (Schannel, HttpEvent).";
    Windows(12037), "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID", "The server's certificate, or one above it, is out of its dates.", [CERTIFICATE_DATE], [], "The client's own clock, too.";
    Windows(12038), "ERROR_WINHTTP_SECURE_CERT_CN_INVALID", "The name that was dialled does not stand on the server's certificate.", [CERTIFICATE_NAME], [], "The URL in the same line: it has the name that was dialled.";
    Windows(12044), "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED", "The server wants a client certificate, and the client presented none.", [NO_CLIENT_CERTIFICATE], [UPDATE_POINT_ASKS_FOR_CERTIFICATE], "Which log it stands in: a scan (WUAHandler.log) never presents one; for everything else ClientIDManagerStartup.log says why none was chosen.";
    Windows(12045), "ERROR_WINHTTP_SECURE_INVALID_CA", "The server's certificate does not lead to a root the client trusts.", [CERTIFICATE_AUTHORITY], [], "";
    Windows(12057), "ERROR_WINHTTP_SECURE_CERT_REV_FAILED", "The client could not check whether the server's certificate is revoked.", [REVOCATION_FAILED], [], "The client's CAPI2 operational log names the URL that failed.";
    Windows(12152), "ERROR_WINHTTP_INVALID_SERVER_RESPONSE", "What answered does not speak HTTP.", [], [OTHER_SERVICE_ON_PORT], "";
    Windows(12156), "ERROR_WINHTTP_REDIRECT_FAILED", "The answer was a redirection the client does not follow.", [], [REDIRECTED_ELSEWHERE], "";
    Windows(12157), "ERROR_WINHTTP_SECURE_CHANNEL_ERROR", "The TLS handshake failed.", [SECURE_CHANNEL], [], "The System event logs of both sides (Schannel 36874, 36887, 36888 name the alert).";
    Windows(12166), "ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT", "The client's proxy script could not be run.", [], [], "The client's proxy settings (netsh winhttp show proxy, WPAD in DHCP and DNS): the request never reached the site.";
    Windows(12167), "ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT", "The client's proxy script could not be fetched.", [], [], "The client's proxy settings (netsh winhttp show proxy, WPAD in DHCP and DNS): the request never reached the site.";
    Windows(12169), "ERROR_WINHTTP_SECURE_INVALID_CERT", "The server's certificate, or one above it, cannot be used.", [CERTIFICATE_INVALID], [], "";
    Windows(12170), "ERROR_WINHTTP_SECURE_CERT_REVOKED", "The server's certificate, or one above it, has been revoked.", [CERTIFICATE_REVOKED], [], "";
    Windows(12175), "ERROR_WINHTTP_SECURE_FAILURE", "Something is wrong with the server's certificate or the handshake; the flags say what.", [CERTIFICATE_DATE, CERTIFICATE_NAME, CERTIFICATE_AUTHORITY, CERTIFICATE_INVALID, CERTIFICATE_USAGE, REVOCATION_FAILED, CERTIFICATE_REVOKED, SECURE_CHANNEL], [], "The line before it in the same log: WINHTTP_CALLBACK_STATUS_FLAG_… says which of these it is; explain that flag.";
    Windows(12178), "ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR", "The client's search for a proxy failed.", [], [], "The client's proxy settings (netsh winhttp show proxy, WPAD in DHCP and DNS): the request never reached the site.";
    Windows(12179), "ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE", "The server's certificate was not made for servers.", [CERTIFICATE_USAGE], [], "";
    Windows(12180), "ERROR_WINHTTP_AUTODETECTION_FAILED", "The client found no proxy script where one is announced.", [], [], "The client's proxy settings (netsh winhttp show proxy, WPAD in DHCP and DNS): the request never reached the site.";
    Windows(12185), "ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY", "The client's certificate has no private key.", [], [PFX_WITHOUT_KEY, KEY_OF_ANOTHER], "The certificate in the computer's Personal store: its icon has no key.";
    Windows(12186), "ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY", "The client's certificate has a private key that SYSTEM may not use.", [], [], "In the Certificates console of the client's computer account: All Tasks, Manage Private Keys; SYSTEM must have Full Control.";
    Windows(12187), "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED_PROXY", "A proxy on the way wants a client certificate.", [], [INTERCEPTED_ON_THE_WAY, LISTENER_REFUSES_CLIENT], "The proxy on the way (netsh winhttp show proxy), not the site.";
    Windows(12188), "ERROR_WINHTTP_SECURE_FAILURE_PROXY", "Something is wrong with the certificate of a proxy on the way.", [], [INTERCEPTED_ON_THE_WAY], "The proxy on the way (netsh winhttp show proxy), not the site.";
    Windows(1460), "ERROR_TIMEOUT", "A download did not come to its end in time.", [], [WEBDAV_PUBLISHING_INSTALLED], "ContentTransferManager.log and DataTransferService.log of the client, and the distribution point's IIS log: a PROPFIND answered 405.";
    Result(0x8020_0013), "BG_E_INSUFFICIENT_RANGE_SUPPORT", "BITS asked for a part of a file, and the server, or a proxy on the way, gave something else.", [], [RANGES_NOT_SERVED], "DataTransferService.log has the URL; the distribution point's IIS log has 200 where 206 should stand.";
    Windows(50), "ERROR_NOT_SUPPORTED", "The server wanted the client certificate after the handshake, and TLS 1.3 has no renegotiation.", [], [LATE_REQUEST_IMPOSSIBLE], "";
}

codes! {
    /// Bits of the flags WinHTTP gives with 12175.
    FLAGS:
    Flag(0x1), "WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED", "The client could not check whether the server's certificate is revoked.", [REVOCATION_FAILED], [], "The client's CAPI2 operational log names the URL that failed.";
    Flag(0x2), "WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT", "The server's certificate, or one above it, cannot be used.", [CERTIFICATE_INVALID], [], "";
    Flag(0x4), "WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED", "The server's certificate, or one above it, has been revoked.", [CERTIFICATE_REVOKED], [], "";
    Flag(0x8), "WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA", "The server's certificate does not lead to a root the client trusts.", [CERTIFICATE_AUTHORITY], [], "";
    Flag(0x10), "WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID", "The name that was dialled does not stand on the server's certificate.", [CERTIFICATE_NAME], [], "The URL in the next line: it has the name that was dialled.";
    Flag(0x20), "WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID", "The server's certificate, or one above it, is out of its dates.", [CERTIFICATE_DATE], [], "The client's own clock, too.";
    Flag(0x40), "WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE", "The server's certificate was not made for servers.", [CERTIFICATE_USAGE], [], "";
    Flag(0x8000_0000), "WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR", "The TLS handshake failed.", [SECURE_CHANNEL], [], "The System event logs of both sides (Schannel 36874, 36887, 36888 name the alert).";
}

codes! {
    /// Errors of Configuration Manager's client and of the cloud management gateway.
    MANAGER:
    Result(0x87D0_027E), "CCM_E_BAD_HTTP_STATUS_CODE", "The server answered with a status that is no success.", [FORBIDDEN], [], "The next line of the log: StatusCode= says which; explain that, with the sub-status from the server's IIS log.";
    Result(0x87D0_0231), "", "The client's registration or post failed for now and is tried again.", [], [], "The lines above it in CcmMessaging.log or ClientIDManagerStartup.log: they have the code that counts.";
    Result(0x87D0_0280), "", "The client's certificate store is empty.", [NO_FITTING_CERTIFICATE], [], "The computer's Personal store, and whether autoenrolment ran: certutil -pulse.";
    Word, "CCM_E_NO_CLIENT_PKI_CERT", "The client has no certificate it may use.", [NO_FITTING_CERTIFICATE], [], "ClientIDManagerStartup.log lists each certificate and why it was passed over; ccmsetup.log during installation.";
    Result(0x87D0_0281), "", "No certificate in the client's store meets the criteria for one.", [NO_FITTING_CERTIFICATE], [], "ClientIDManagerStartup.log lists each certificate and why it was passed over.";
    Result(0x87D0_0282), "", "Several certificates fit, and the client was told to choose none of them.", [NO_FITTING_CERTIFICATE], [SUBJECT_COMPUTER_NAME], "The selection criteria in the site's client settings (Communication Security, Client Computer Settings).";
    Result(0x87D0_0283), "", "The client's certificate has no private key.", [], [PFX_WITHOUT_KEY, KEY_OF_ANOTHER], "The certificate in the computer's Personal store: its icon has no key.";
    Result(0x87D0_0284), "", "The client's certificate has no subject name.", [NO_FITTING_CERTIFICATE], [NO_NAME_IN_IT], "";
    Result(0x87D0_0287), "", "The certificate the site signs with is missing.", [POLICY_SIGNATURE], [], "PolicyAgent.log and status message 5112 of SMS_POLICY_PROVIDER.";
    Result(0x87D0_0293), "", "The client could not renew its copy of the certificate the site signs with.", [POLICY_SIGNATURE], [], "PolicyAgent.log and status message 5112 of SMS_POLICY_PROVIDER.";
    Result(0x87D0_0294), "", "The client could not verify the signature of a policy.", [POLICY_SIGNATURE], [], "PolicyAgent.log and status message 5112 of SMS_POLICY_PROVIDER.";
    Result(0x87D0_0295), "", "The certificate the client registers with is missing, or cannot be used.", [NO_FITTING_CERTIFICATE], [], "ClientIDManagerStartup.log: let the client register again.";
    Word, "CMGConnector_Clientcertificaterequired", "The management point behind the cloud management gateway wants a certificate the connection point did not present.", [], [], "The client certificate of the server with the gateway's connection point: Client Authentication, in date, below the clients' root (SMS_Cloud_ProxyConnector.log).";
    Word, "CMGConnector_Forbidden", "The management point behind the cloud management gateway refused the connection point.", [], [ENHANCED_HTTP, CLIENT_ROOT_NOT_TRUSTED], "SMS_Cloud_ProxyConnector.log, and the IIS log of the management point.";
    Word, "CMGService_Invalid_Token", "The token with which the client came to the cloud management gateway has ended or is another's.", [], [], "The client's clock, and its token (CcmMessaging.log); no certificate is at fault.";
}

codes! {
    /// Errors of Windows Update, by the status they stand for.
    UPDATE:
    Result(0x8024_4017), "WU_E_PT_HTTP_STATUS_DENIED", "The update point answered 401.", [], [WINDOWS_AUTHENTICATION_WANTED], "The WSUS web site's IIS log.";
    Result(0x8024_4018), "WU_E_PT_HTTP_STATUS_FORBIDDEN", "The update point answered 403.", [], [UPDATE_POINT_ASKS_FOR_CERTIFICATE], "The WSUS web site's IIS log for the sub-status.";
    Result(0x8024_4019), "WU_E_PT_HTTP_STATUS_NOT_FOUND", "The update point answered 404.", [], [ROLE_NOT_HERE, WSUS_NOT_ON_HTTPS], "The URL in WindowsUpdate.log: its port.";
    Result(0x8024_401B), "WU_E_PT_HTTP_STATUS_PROXY_AUTH_REQ", "A proxy on the way answered 407.", [], [PROXY_WANTS_CREDENTIALS], "";
    Result(0x8024_401C), "WU_E_PT_HTTP_STATUS_REQUEST_TIMEOUT", "The answer was 408: too late.", [TIMED_OUT], [], "";
    Result(0x8024_401F), "WU_E_PT_HTTP_STATUS_SERVER_ERROR", "The update point answered 500.", [], [ROLE_FAILS], "SoftwareDistribution.log of WSUS.";
    Result(0x8024_4021), "WU_E_PT_HTTP_STATUS_BAD_GATEWAY", "Something in front of the update point answered 502.", [], [GATEWAY_CANNOT_REACH_SERVER, PROXY_CANNOT_REACH], "";
    Result(0x8024_4022), "WU_E_PT_HTTP_STATUS_SERVICE_UNAVAIL", "The update point answered 503.", [], [APPLICATION_POOL_STOPPED], "";
    Result(0x8024_4023), "WU_E_PT_HTTP_STATUS_GATEWAY_TIMEOUT", "Something in front of the update point answered 504.", [TIMED_OUT], [GATEWAY_CANNOT_REACH_SERVER], "";
    Result(0x8024_402C), "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED", "The update point's name, or the proxy's, could not be resolved.", [NAME_NOT_RESOLVED], [], "netsh winhttp show proxy: it may be the proxy's name.";
}
