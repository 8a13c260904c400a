//! Codes of Windows' certificate checks and of its TLS, and the alerts of TLS.

use super::Number::{Alert, Result};
use super::declare::codes;

codes! {
    /// Results of CryptoAPI and of Schannel.
    RESULTS:
    Result(0x800B_0101), "CERT_E_EXPIRED", "A certificate is out of its dates.", [CERTIFICATE_DATE], [CLIENT_CERTIFICATE_ENDED], "In an IIS log it is the client's certificate (403 17).";
    Result(0x800B_0102), "CERT_E_VALIDITYPERIODNESTING", "The dates of the certificates of a path do not lie within each other.", [CERTIFICATE_DATE], [], "";
    Result(0x800B_0103), "CERT_E_ROLE", "A certificate is used as an authority's, and is none.", [CERTIFICATE_INVALID], [NOT_AN_AUTHORITY], "";
    Result(0x800B_0104), "CERT_E_PATHLENCONST", "The path has more authorities than one above allows.", [CERTIFICATE_INVALID], [PATH_LENGTH], "";
    Result(0x800B_0105), "CERT_E_CRITICAL", "A certificate has a critical extension that is not known.", [CERTIFICATE_INVALID], [UNKNOWN_CRITICAL_EXTENSION], "";
    Result(0x800B_0106), "CERT_E_PURPOSE", "An authority may not issue certificates for this purpose.", [CERTIFICATE_INVALID], [AUTHORITY_FOR_OTHER_PURPOSES], "";
    Result(0x800B_0107), "CERT_E_ISSUERCHAINING", "A certificate's issuer is not the one above it.", [CERTIFICATE_INVALID], [AUTHORITY_RENEWED_WITH_NEW_KEY, SIGNATURE_BROKEN], "";
    Result(0x800B_0108), "CERT_E_MALFORMED", "A certificate cannot be read.", [CERTIFICATE_INVALID], [MALFORMED_CERTIFICATE], "";
    Result(0x800B_0109), "CERT_E_UNTRUSTEDROOT", "The path ends at a root that is not trusted.", [CERTIFICATE_AUTHORITY], [CLIENT_ROOT_NOT_TRUSTED, INTERMEDIATE_IN_TRUSTED_ROOT], "In an IIS log (403 16) it is the server that does not trust the client's root; in a client's log, the other way round.";
    Result(0x800B_010A), "CERT_E_CHAINING", "No path leads from the certificate to a root.", [CERTIFICATE_INVALID], [ISSUER_NOT_SENT, CLIENT_ISSUER_UNKNOWN_TO_SERVER], "In an IIS log (403 16) it is the server that lacks the client's issuing authority; in a client's log, the other way round.";
    Result(0x800B_010C), "CERT_E_REVOKED", "A certificate has been revoked.", [CERTIFICATE_REVOKED], [], "";
    Result(0x800B_010E), "CERT_E_REVOCATION_FAILURE", "Whether a certificate is revoked could not be checked.", [REVOCATION_FAILED], [], "The CAPI2 operational log names the URL that failed.";
    Result(0x800B_010F), "CERT_E_CN_NO_MATCH", "The name does not stand on the certificate.", [CERTIFICATE_NAME], [], "";
    Result(0x800B_0110), "CERT_E_WRONG_USAGE", "The certificate was not made for this use.", [CERTIFICATE_USAGE], [], "";
    Result(0x800B_0111), "TRUST_E_EXPLICIT_DISTRUST", "A certificate of the path is among those that are not to be trusted.", [CERTIFICATE_AUTHORITY], [], "The Untrusted Certificates store of the computer that says so (certutil -store Disallowed).";
    Result(0x800B_0112), "CERT_E_UNTRUSTEDCA", "An authority of the path is not trusted for this.", [CERTIFICATE_AUTHORITY], [], "";
    Result(0x800B_0114), "CERT_E_INVALID_NAME", "An authority may not issue certificates for this name.", [], [NAME_CONSTRAINT], "";
    Result(0x8009_2004), "CRYPT_E_NOT_FOUND", "The certificate that is asked for is not in the store.", [NO_CLIENT_CERTIFICATE], [], "The computer's Personal store on the machine that says so.";
    Result(0x8009_2010), "CRYPT_E_REVOKED", "A certificate has been revoked.", [CERTIFICATE_REVOKED], [CLIENT_CERTIFICATE_REVOKED], "In an IIS log (403 13) it is the client's certificate.";
    Result(0x8009_2012), "CRYPT_E_NO_REVOCATION_CHECK", "A certificate names no list by which it could be checked.", [], [NO_DISTRIBUTION_POINT], "";
    Result(0x8009_2013), "CRYPT_E_REVOCATION_OFFLINE", "A revocation list could not be had.", [REVOCATION_FAILED], [CLIENT_LIST_OUT_OF_REACH], "In an IIS log (403 13) it is the server that could not fetch the lists of the client's certificate.";
    Result(0x8009_3102), "CRYPT_E_ASN1_EOD", "A certificate or list ends before it should, and cannot be read.", [CERTIFICATE_INVALID], [UNREADABLE_CERTIFICATE, UNREADABLE_AUTHORITY], "";
    Result(0x8009_310B), "CRYPT_E_ASN1_BADTAG", "A certificate or list is not written as one, and cannot be read.", [CERTIFICATE_INVALID], [UNREADABLE_CERTIFICATE, UNREADABLE_AUTHORITY], "";
    Result(0x8009_6004), "TRUST_E_CERT_SIGNATURE", "A certificate's signature is wrong.", [], [SIGNATURE_BROKEN, POSSIBLE_IMPERSONATION], "Nothing is to be trusted until it is known why.";
    Result(0x8009_6019), "TRUST_E_BASIC_CONSTRAINTS", "A certificate is used as an authority's, and is none.", [], [NOT_AN_AUTHORITY], "";
    Result(0x8009_0016), "NTE_BAD_KEYSET", "The private key cannot be opened.", [PRIVATE_KEY], [], "The key of the certificate that is bound: certutil -verifystore my SERIAL.";
    Result(0x8009_0302), "SEC_E_UNSUPPORTED_FUNCTION", "The other side has none of the protocol versions (alert 70).", [SECURE_CHANNEL], [NOTHING_IN_COMMON, OLD_VERSIONS_ONLY], "";
    Result(0x8009_0304), "SEC_E_INTERNAL_ERROR", "The other side failed within itself (alert 80).", [], [SERVER_FAILS_IN_HANDSHAKE], "The other side's System event log (Schannel).";
    Result(0x8009_0308), "SEC_E_INVALID_TOKEN", "What came is no TLS.", [], [PLAIN_HTTP_ON_PORT, OTHER_SERVICE_ON_PORT], "";
    Result(0x8009_030C), "SEC_E_LOGON_DENIED", "The other side refuses access (alert 49).", [FORBIDDEN], [], "The server's IIS log, and a proxy's in front of it.";
    Result(0x8009_030E), "SEC_E_NO_CREDENTIALS", "There is no certificate, or no key for it, to present.", [NO_CLIENT_CERTIFICATE], [], "The computer's Personal store on the machine that says so.";
    Result(0x8009_030F), "SEC_E_MESSAGE_ALTERED", "A message did not verify (alert 20).", [], [KEY_DOES_NOT_FIT], "";
    Result(0x8009_0322), "SEC_E_WRONG_PRINCIPAL", "The certificate is for another name than the one that was dialled.", [CERTIFICATE_NAME], [INNER_NAME_DIFFERS], "Where a proxy says so, it is the name in its rule and the certificate of the server behind it.";
    Result(0x8009_0325), "SEC_E_UNTRUSTED_ROOT", "The other side does not trust the root (alert 48).", [CERTIFICATE_AUTHORITY], [CLIENT_ROOT_NOT_TRUSTED], "Who sent the alert: a client means the server's root, a server the client's.";
    Result(0x8009_0326), "SEC_E_ILLEGAL_MESSAGE", "The handshake failed (alert 10, 40, 47, 100, 110 and others).", [SECURE_CHANNEL], [], "Schannel 36887 on the side that received the alert gives its number; explain that.";
    Result(0x8009_0327), "SEC_E_CERT_UNKNOWN", "The other side cannot use the certificate (alert 42, 43, 46).", [CERTIFICATE_INVALID], [], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Result(0x8009_0328), "SEC_E_CERT_EXPIRED", "The other side finds the certificate out of its dates (alert 45).", [CERTIFICATE_DATE], [CLIENT_CERTIFICATE_ENDED], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Result(0x8009_0330), "SEC_E_DECRYPT_FAILURE", "A message could not be decrypted (alert 21, 51).", [], [KEY_DOES_NOT_FIT], "";
    Result(0x8009_0331), "SEC_E_ALGORITHM_MISMATCH", "Both sides have no cipher suite in common (alert 71).", [SECURE_CHANNEL], [NOTHING_IN_COMMON, OLD_VERSIONS_ONLY], "";
}

codes! {
    /// Alerts of TLS.
    ALERTS:
    Alert(10), "unexpected_message", "A message came that was not its turn.", [SECURE_CHANNEL], [], "";
    Alert(20), "bad_record_mac", "A record did not verify.", [], [KEY_DOES_NOT_FIT], "";
    Alert(21), "decryption_failed", "A record could not be decrypted.", [], [KEY_DOES_NOT_FIT], "";
    Alert(40), "handshake_failure", "The two sides could not agree, or the server has no certificate it can use.", [SECURE_CHANNEL], [NOTHING_IN_COMMON, NO_USABLE_CERTIFICATE_BOUND], "The System event log of the side that sent it (Schannel 36874, 36888).";
    Alert(42), "bad_certificate", "The certificate cannot be used.", [CERTIFICATE_INVALID], [], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Alert(43), "unsupported_certificate", "The certificate is of a kind that is not supported.", [CERTIFICATE_INVALID], [], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Alert(44), "certificate_revoked", "The certificate has been revoked.", [CERTIFICATE_REVOKED], [CLIENT_CERTIFICATE_REVOKED], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Alert(45), "certificate_expired", "The certificate is out of its dates.", [CERTIFICATE_DATE], [CLIENT_CERTIFICATE_ENDED], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Alert(46), "certificate_unknown", "The certificate was not accepted, for a reason that is not told.", [CERTIFICATE_INVALID], [], "Who sent the alert: a client means the server's certificate, a server the client's.";
    Alert(47), "illegal_parameter", "A message held something that is not allowed.", [SECURE_CHANNEL], [], "";
    Alert(48), "unknown_ca", "The root, or an authority on the way to it, is not known or not trusted.", [CERTIFICATE_AUTHORITY], [CLIENT_ROOT_NOT_TRUSTED, CLIENT_ISSUER_UNKNOWN_TO_SERVER], "Who sent the alert: a client means the server's root, a server the client's.";
    Alert(49), "access_denied", "The certificate is valid, and access is refused all the same.", [FORBIDDEN], [], "The server's IIS log, and a proxy's in front of it.";
    Alert(51), "decrypt_error", "A signature in the handshake did not verify.", [], [KEY_DOES_NOT_FIT], "";
    Alert(70), "protocol_version", "The other side has none of the protocol versions.", [SECURE_CHANNEL], [NOTHING_IN_COMMON, OLD_VERSIONS_ONLY, TLS13_ALONE], "";
    Alert(71), "insufficient_security", "The other side finds every cipher suite too weak.", [SECURE_CHANNEL], [NOTHING_IN_COMMON, NEW_SUITES_ALONE], "";
    Alert(80), "internal_error", "The side that sent it failed within itself.", [], [SERVER_FAILS_IN_HANDSHAKE, NO_USABLE_CERTIFICATE_BOUND], "That side's System event log (Schannel 36888).";
    Alert(100), "no_renegotiation", "The other side does not renegotiate.", [SECURE_CHANNEL], [RENEGOTIATION_BLOCKED], "";
    Alert(110), "unsupported_extension", "An extension came that was not asked for.", [SECURE_CHANNEL], [], "";
    Alert(112), "unrecognized_name", "The server does not know the name that was sent, or wants one.", [], [SERVER_NAME_REQUIRED, NAME_NOT_SERVED], "";
    Alert(116), "certificate_required", "The server demands a client certificate (TLS 1.3): it asks, which is what is wanted of it, and none came.", [NO_CLIENT_CERTIFICATE], [], "client-authentication/demanded is met by it; ClientIDManagerStartup.log says why the client presented none.";
}
