//! What a certificate may be used for, its key, and how it is signed.

use super::declare::causes;

causes! {
    section PURPOSE;

    NO_PURPOSE_NAMED {
        id: "no-purpose-named",
        culprit: Certificate,
        rows: ["*/server-auth-eku", "*/client-auth-eku", "*/document-signing-eku", "proxy/client-auth-eku"],
        known_by: "The certificate has no Extended Key Usage.",
        words: "The certificate names no purpose, and Configuration Manager asks for one by name.",
        remedy: { native "Reissue the certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, deployment and a proxy's own leg, Authenticated Session for devices, one with Document Signing for the site server. That last one is a version 2 template with Document Signing among its application policies; Computer does as well as Workstation Authentication."
            current "Reissue the certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, distribution points, media and a proxy's own leg, Authenticated Session for devices."
            then replace },
        symptoms: [CERTIFICATE_USAGE, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    ANY_PURPOSE_ONLY {
        id: "any-purpose-only",
        culprit: Certificate,
        rows: ["*/server-auth-eku", "*/client-auth-eku", "*/document-signing-eku", "proxy/client-auth-eku"],
        known_by: "The certificate's Extended Key Usage holds anyExtendedKeyUsage (2.5.29.37.0) and not the purpose itself.",
        words: "The certificate is for any purpose, and Configuration Manager asks for this one by name.",
        remedy: { native "Reissue the certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, deployment and a proxy's own leg, Authenticated Session for devices, one with Document Signing for the site server. That last one is a version 2 template with Document Signing among its application policies; Computer does as well as Workstation Authentication."
            current "Reissue the certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, distribution points, media and a proxy's own leg, Authenticated Session for devices."
            then replace },
        symptoms: [CERTIFICATE_USAGE, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    OTHER_TEMPLATE {
        id: "other-template",
        culprit: Certificate,
        rows: ["*/server-auth-eku", "*/client-auth-eku", "*/document-signing-eku", "proxy/client-auth-eku"],
        known_by: "The certificate's Extended Key Usage holds other purposes than the one of this use.",
        words: "The certificate was made for something else.",
        remedy: { native "Issue a certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, deployment and a proxy's own leg, Authenticated Session for devices, one with Document Signing for the site server. That last one is a version 2 template; Computer does as well as Workstation Authentication. If the store holds such a one already, choose that one instead."
            current "Issue a certificate from its use's template: Web Server for servers and proxies, Workstation Authentication for clients, distribution points, media and a proxy's own leg, Authenticated Session for devices. If the store holds such a one already, choose that one instead."
            then replace },
        symptoms: [CERTIFICATE_USAGE, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    POLICIES_DISAGREE {
        id: "policies-disagree",
        culprit: Certificate,
        rows: ["*/application-policies"],
        known_by: "The certificate has Microsoft's application policies (1.3.6.1.4.1.311.21.10), and they lack the purpose that its Extended Key Usage has.",
        words: "The certificate's two lists of purposes disagree, and Windows takes only what both allow.",
        remedy: { both "In the certificate template open the Extensions tab, Application Policies, and enter the purpose of this use there; then issue the certificate again, without purposes of its own in the request."
            then replace },
        symptoms: [CERTIFICATE_USAGE, NO_FITTING_CERTIFICATE],
        shows: "",
    }
    AUTHORITY_FOR_OTHER_PURPOSES {
        id: "authority-for-other-purposes",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "An authority's certificate on the path has an Extended Key Usage without the purpose of this very use.",
        words: "An authority on the path may issue certificates, but not for this purpose.",
        remedy: { both "Issue the certificate from an authority that may: certutil -dump AUTHORITY.cer shows which purposes its Enhanced Key Usage allows, and one without that extension allows all. Or have the authority above renew this one with the purpose." },
        symptoms: [CERTIFICATE_USAGE, CLIENT_CERTIFICATE_UNTRUSTED],
        shows: "",
    }
    KEY_USAGE_TOO_NARROW {
        id: "key-usage-too-narrow",
        culprit: Certificate,
        rows: ["*/key-usage"],
        known_by: "The certificate's Key Usage lacks what the key exchange needs (Digital Signature, Key Encipherment), or what the document demands of this use.",
        words: "The certificate's Key Usage forbids what the handshake does with its key.",
        remedy: { both "In the certificate template open the Request Handling tab and set Purpose to \u{201c}Signature and encryption\u{201d} (its Key Usage then is Digital Signature, Key Encipherment, a0); then issue the certificate again."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "",
    }
    KEY_TOO_SHORT {
        id: "key-too-short",
        culprit: Certificate,
        rows: ["*/key-length", "*/key-minimum"],
        known_by: "The certificate's RSA key has fewer bits than the use's minimum, or than the 1,024 Windows takes at all (KB 2661254).",
        words: "The certificate's key is too short.",
        remedy: { native "Set the template's minimum key size to 2048 on its Request Handling tab, and issue the certificate again with a new key."
            current "Set the template's minimum key size to 2048 on its Cryptography tab, and issue the certificate again with a new key."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "",
    }
    AUTHORITY_KEY_TOO_SHORT {
        id: "authority-key-too-short",
        culprit: Authority,
        rows: ["chain/key-minimum", "*/path-key-minimum", "root/key-minimum"],
        known_by: "An authority's certificate on the path, or the root, has an RSA key of fewer than 1,024 bits.",
        words: "An authority's key is so short that Windows refuses every path over it (KB 2661254).",
        remedy: { both "Renew the authority's certificate with a new key of at least 2048 bits, and issue again what lies below it. On the authority: certsrv.msc, All Tasks, Renew CA Certificate, Yes to a new key pair; the length stands in CAPolicy.inf as RenewalKeyLength." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Everything below this authority fails.",
    }
    KEY_TOO_LONG {
        id: "key-too-long",
        culprit: Certificate,
        rows: ["*/key-length"],
        known_by: "The certificate's key has more bits than the document supports for this use.",
        words: "The certificate's key is longer than Configuration Manager supports for this use.",
        remedy: { native "Set the template's key size to 2048 (the site server signing certificate's: at most 8096, 4096 is usual), and enrol again with a new key."
            current "Set the template's key size to 2048, and enrol again with a new key; a .pfx file made from it goes into the distribution point's properties or the task sequence media anew." },
        symptoms: [POLICY_SIGNATURE, DEPLOYMENT],
        shows: "Of other certificates no failing one is known; the documents exclude it.",
    }
    KEY_LENGTH_NOT_ALLOWED {
        id: "key-length-not-allowed",
        culprit: Certificate,
        rows: ["cloud-management-gateway/key-length"],
        known_by: "The gateway's certificate has an RSA key of more than 2,048 bits, and not of 4,096.",
        words: "The certificate's key is long enough, and of a length that a cloud management gateway does not take.",
        remedy: { both "Issue the gateway's certificate again with a new key of 2048 or of 4096 bits, and give the .pfx file to the gateway: Administration, Cloud Services, Cloud Management Gateway, Properties, Settings, Certificate file." },
        symptoms: [],
        shows: "Nothing is seen at clients; no document says how Azure refuses it. CloudMgr.log tells of a gateway that cannot be set up.",
    }
    ELLIPTIC_CURVE_KEY {
        id: "elliptic-curve-key",
        culprit: Certificate,
        rows: ["*/rsa-key"],
        known_by: "The certificate's public key is an elliptic curve's.",
        words: "The certificate's key is an elliptic curve's, and Configuration Manager takes RSA keys.",
        remedy: { native "Issue the certificate again from a version 2 template (duplicated for Windows Server 2003), whose cryptographic service provider makes RSA keys: \u{201c}Microsoft RSA SChannel Cryptographic Provider\u{201d}."
            current "On the template's Cryptography tab choose the algorithm RSA (its provider may stay a Key Storage Provider), and issue the certificate again."
            then replace },
        symptoms: [CERTIFICATE_INVALID, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    PSS_KEY {
        id: "pss-key",
        culprit: Certificate,
        rows: ["*/rsa-key"],
        known_by: "The certificate's public key is one for RSASSA-PSS alone.",
        words: "The certificate's key may be used for RSASSA-PSS signatures alone, and Configuration Manager takes plain RSA keys.",
        remedy: { native "Issue the certificate again from a version 2 template (duplicated for Windows Server 2003), whose cryptographic service provider makes plain RSA keys: \u{201c}Microsoft RSA SChannel Cryptographic Provider\u{201d}."
            current "Issue the certificate again with a plain RSA key: on the template's Cryptography tab the algorithm RSA; with other software, the key type rsaEncryption."
            then replace },
        symptoms: [CERTIFICATE_INVALID, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    ODD_KEY {
        id: "odd-key",
        culprit: Certificate,
        rows: ["*/rsa-key"],
        known_by: "The certificate's public key is of a kind that is neither RSA nor an elliptic curve of Windows (DSA, Ed25519 and others).",
        words: "The certificate's key is of a kind that Windows' TLS does not use; Configuration Manager takes RSA keys.",
        remedy: { native "Issue the certificate again from a version 2 template (duplicated for Windows Server 2003), whose cryptographic service provider makes RSA keys: \u{201c}Microsoft RSA SChannel Cryptographic Provider\u{201d}."
            current "Issue the certificate again with an RSA key: on the template's Cryptography tab the algorithm RSA."
            then replace },
        symptoms: [CERTIFICATE_INVALID, NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    BROKEN_HASH {
        id: "broken-hash",
        culprit: Authority,
        rows: ["*/signature", "chain/signatures", "*/path-signatures"],
        known_by: "A certificate is signed with MD2, MD4 or MD5.",
        words: "A certificate is signed with a hash under which signatures can be forged.",
        remedy: { native "On the authority that signed it set a hash the clients know, restart Certificate Services, and issue the certificates below it again. That is `certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256` for clients from Windows XP SP3 on; an authority of Server 2003 sets SHA-1, `certutil -setreg ca\\csp\\HashAlgorithm 0x8004`."
            current "On the authority that signed it set SHA-256: `certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256`, restart Certificate Services (`net stop certsvc`, `net start certsvc`), and issue the certificates below it again." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "",
    }
    PSS_SIGNATURE {
        id: "pss-signature",
        culprit: Authority,
        rows: ["*/signature", "chain/signature-family"],
        known_by: "A certificate is signed with RSASSA-PSS, and the site is one of 2007.",
        words: "A certificate is signed in the alternate format (RSASSA-PSS), which Windows XP and Server 2003 cannot verify.",
        remedy: { both "On the authority that signed it run `certutil -setreg ca\\csp\\AlternateSignatureAlgorithm 0`, restart Certificate Services, and issue the certificates below it again. AlternateSignatureAlgorithm=0 in CAPolicy.inf keeps it so at the authority's next renewal." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Only clients before Windows Vista fail.",
    }
    ECDSA_AUTHORITY {
        id: "ecdsa-authority",
        culprit: Authority,
        rows: ["*/signature", "chain/signature-family"],
        known_by: "A certificate is signed with an elliptic-curve key, and the site is one of 2007.",
        words: "A certificate is signed by an authority with an elliptic-curve key, which Windows XP and Server 2003 cannot verify.",
        remedy: { both "Let an authority with an RSA key issue the site's certificates; one with an elliptic-curve key cannot be changed into one, it can only be set up anew." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Only clients before Windows Vista fail.",
    }
}
