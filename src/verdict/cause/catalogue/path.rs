//! The path above a certificate, and who stands behind it.
//!
//! Order: an issuer is missing, has ended, does not fit by its key, is forbidden by a constraint, cannot be read. What a
//! peer sends proves nothing about a changed key: where a signature does not fit, nobody is ever told to trust.

use super::declare::causes;

causes! {
    section PATH;

    ISSUER_NOT_SENT {
        id: "issuer-not-sent",
        culprit: Address,
        rows: ["chain/leads-to-site-root", "chain/complete", "*/leads-to-root", "deployment/root-specified"],
        known_by: "The certificate of the authority that issued the server's own is neither sent, nor declared, nor to be had at the address the certificate names for it (AIA).",
        words: "The server does not send its issuing authority's certificate, and nobody can complete the path without it.",
        remedy: { both "Put the issuing authority's certificate where the server takes what it sends from. If that authority is itself the company's root, it need not be sent: name its file, which you have from the authority itself, in the definition's [trust] roots."
            then intermediate },
        symptoms: [CERTIFICATE_AUTHORITY, CERTIFICATE_INVALID],
        shows: "",
    }
    AUTHORITY_ABOVE_UNKNOWN {
        id: "authority-above-unknown",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "deployment/root-specified", "site-server/same-root"],
        known_by: "Authorities' certificates are sent, and the issuer of the highest of them is neither sent, nor declared, nor to be had at the address that one names for it (AIA).",
        words: "The authority above the highest certificate that is sent is not known here: it is no root of the definition's, and nobody sends it.",
        remedy: { both "Get this authority's certificate from the authority itself, not from a server (`certutil -ca.cert authority.cer` there), and name it in the definition's [trust] roots (or `--ca-file`), if it is signed by itself: a root that was left out. See that clients have it in Trusted Root; `certutil -dump authority.cer` shows its thumbprint. If another authority signed it, it is an intermediate authority's that servers do not send: put it into the Intermediate Certification Authorities store of each server's computer account, and name it in [trust] intermediates. If the company has no such authority, the certificates come from somebody else's: issue them from the site's own." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "Only where clients lack that authority too; else they notice nothing.",
    }
    ISSUER_FETCHABLE {
        id: "issuer-fetchable",
        culprit: Address,
        rows: ["chain/complete"],
        known_by: "The issuer's certificate is not sent, and is declared, or to be had over http at the address the certificate names for it (AIA).",
        words: "The server does not send its issuing authority's certificate; Windows can fetch it, mobile devices and many others cannot.",
        remedy: { both "Let the server send its issuing authority's certificate too."
            then intermediate },
        symptoms: [],
        shows: "Windows clients get in, the first time later than usual; mobile devices and other software fail.",
    }
    ISSUER_NAME_IN_OTHER_ENCODING {
        id: "issuer-name-in-other-encoding",
        culprit: Authority,
        rows: ["chain/issuer-spelling", "*/issuer-spelling", "revocation/current", "*/crl-current", "client-authentication/accepted-issuers"],
        known_by: "The issuer's name, or a name in the server's list of authorities, and the authority's subject are equal by the rules of RFC 5280 7.1, and their bytes differ.",
        words: "The issuer's name and the authority's own name are the same, but written in different string types.",
        remedy: { both "Issue the certificate (or the list) again, after the authority's name is written in one string type everywhere: it changes when an authority is renewed by other software than the one that made it. Whether Windows takes such a path is not documented; the evidence shows both spellings, and whether the key fits." },
        symptoms: [],
        shows: "What Windows does with it is not known; OpenSSL and many devices find no issuer.",
    }
    ROOT_NOT_DECLARED {
        id: "root-not-declared",
        culprit: Definition,
        rows: ["chain/leads-to-site-root", "deployment/root-specified", "*/leads-to-root", "site-server/same-root"],
        known_by: "The same root that the definition lacks stands above two systems or more, and no system leads to a declared one.",
        words: "The definition lacks the root that stands above all systems met.",
        remedy: { both "Compare the root's thumbprint in the evidence with what `certutil -ca.cert root.cer` and `certutil -dump root.cer` show on the company's own root, and where they are equal name that file in the definition's [trust] roots (or `--ca-file`). Clients already trust it, if they get in. If the two differ, find out whose root it is before anything is changed." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "Only where clients lack the root too; else they notice nothing.",
    }
    FOREIGN_HIERARCHY {
        id: "foreign-hierarchy",
        culprit: Certificate,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root", "deployment/root-specified"],
        known_by: "The path ends at a root that is not declared, while other systems lead to a declared one; or a file's certificate was issued by what calls itself a root and shares no word of its name with any that is declared.",
        words: "The certificate comes from another hierarchy than the site's others.",
        remedy: { both "Issue the certificate from the site's own authorities, and use that one in its place (a server's: IIS Manager, the web site, Bindings, https, Edit)." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "",
    }
    UNKNOWN_ROOT {
        id: "unknown-root",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root", "deployment/root-specified"],
        known_by: "The path is sound and ends at a root the definition does not name, which stands above one system only.",
        words: "The path ends at a root that the definition does not name.",
        remedy: { both "Compare the root's thumbprint in the evidence with what `certutil -ca.cert root.cer` and `certutil -dump root.cer` show on the company's own root, and where they are equal name that file in the definition's [trust] roots (or `--ca-file`). If they differ, issue the certificate from the site's own authority; that a server sent a root is no reason to believe it." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "Only where clients lack the root too; else they notice nothing.",
    }
    AUTHORITY_RENEWED_WITH_NEW_KEY {
        id: "authority-renewed-with-new-key",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "revocation/current", "*/crl-current", "site-server/same-root"],
        known_by: "The signature does not fit the authority's certificate that is sent, and it fits another of the same name, which leads to a declared root.",
        words: "The authority was renewed with a new key, and its old certificate is still used.",
        remedy: { both "Replace the authority's old certificate by the one whose key made this signature. Delete the old one from the server's Intermediate Certification Authorities store (computer account) unless other certificates still rest on it, and put the newer one there."
            then intermediate },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "",
    }
    POSSIBLE_IMPERSONATION {
        id: "possible-impersonation",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "deployment/root-specified", "*/leads-to-root", "revocation/current", "*/crl-current", "revocation/delta", "*/crl-delta", "site-server/same-root"],
        known_by: "A signature does not fit the key of the authority it names, and no certificate that leads to a declared root explains it.",
        words: "Somebody may be using this authority's name; or its key was changed, and nothing proves it.",
        remedy: { both "Ask the authority itself, not the server that showed this: `certutil -ca.cert authority.cer` on the authority writes its certificate, and `certutil -dump authority.cer` shows its thumbprint and key. If it is another one, do not rely on what answers at this address until it is known who does. If the authority says that it changed its key, issue the certificate again under the new one." },
        symptoms: [CERTIFICATE_AUTHORITY, CERTIFICATE_INVALID],
        shows: "",
    }
    SIGNATURE_BROKEN {
        id: "signature-broken",
        culprit: Certificate,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "*/path-signatures", "chain/signatures", "site-server/same-root"],
        known_by: "The key identifiers of certificate and authority are equal, and the signature is wrong all the same.",
        words: "The certificate was altered, damaged or forged: its signature is wrong.",
        remedy: { both "Export the certificate again from the authority's database (certsrv.msc, Issued Certificates, or `certutil -view`), and compare it with this one. If they differ, use the exported one in its place, and find out who altered this one." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x80096004, TRUST_E_CERT_SIGNATURE.",
    }
    SELF_SIGNED_BOUND {
        id: "self-signed-bound",
        culprit: Certificate,
        rows: ["*/enterprise-issued", "chain/leads-to-site-root", "*/leads-to-root"],
        known_by: "The certificate's signature verifies with its own key, whatever its issuer's name says.",
        words: "A certificate that was made on the server itself is used, not one of the company's authority.",
        remedy: { both "Use the certificate of the company's authority in its place; making clients accept the self-signed one instead is no remedy."
            then bind },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "",
    }
    ENHANCED_HTTP {
        id: "enhanced-http",
        culprit: Definition,
        rows: ["*/enterprise-issued", "chain/leads-to-site-root", "*/leads-to-root", "deployment/root-specified"],
        known_by: "The issuer is \u{201c}SMS Issuing\u{201d}, and the subject is \u{201c}SMS Role SSL Certificate\u{201d}.",
        words: "The site made this certificate for enhanced HTTP; it is no certificate of a public key infrastructure.",
        remedy: { native "Bind the certificate of the company's authority in its place; or, if the site is one of Current Branch, write `profile = \"current-branch\"` into the definition's [site] table, for a site of 2007 makes no such certificate. In IIS Manager it is the web site, Bindings, https, Edit."
            current "Set the role to HTTPS in the console and bind the company's certificate; or, if enhanced HTTP is meant, write `communication = \"enhanced-http\"` into the definition's [site] table. In the console it is Administration, Site Configuration, Servers and Site System Roles, the role's properties, Client connections: HTTPS; in IIS Manager the web site, Bindings, https, Edit." },
        symptoms: [CERTIFICATE_AUTHORITY],
        shows: "Over a cloud management gateway: CMGConnector_Forbidden in CMGService.log.",
    }
    AUTHORITY_BOUND_AS_SERVER {
        id: "authority-bound-as-server",
        culprit: Address,
        rows: ["*/not-a-ca"],
        known_by: "The certificate says that it is an authority's (basic constraints, CA=TRUE).",
        words: "An authority's own certificate is used where an end's belongs.",
        remedy: { both "Use a certificate from the template of this use in its place (a server's: Web Server), and take the authority's certificate and key off this machine."
            then bind },
        symptoms: [CERTIFICATE_INVALID],
        shows: "",
    }
    ROOT_IS_NO_AUTHORITY {
        id: "root-is-no-authority",
        culprit: Authority,
        rows: ["root/standard", "chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "The root the site is held against lacks CA=TRUE in its basic constraints, or keyCertSign in its Key Usage.",
        words: "The root itself is no certification authority, by what its own certificate says.",
        remedy: { both "Look at the root on the authority itself: `certutil -ca.cert root.cer` there writes its certificate, and `certutil -dump root.cer` shows its Basic Constraints and its thumbprint. If that one says CA, the file named in the definition's [trust] roots is another's: name the right one. If it does not, no certificate below it is ever accepted: set up a root authority anew, distribute its certificate by Group Policy, and issue what lies below it again." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "All systems and clients below this root fail at the same time: code 0x80096019, TRUST_E_BASIC_CONSTRAINTS, or 0x800B0103, CERT_E_ROLE.",
    }
    NOT_AN_AUTHORITY {
        id: "not-an-authority",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "A certificate that issued another one lacks CA=TRUE in its basic constraints, or keyCertSign in its Key Usage.",
        words: "The certificate was signed by something that is no authority.",
        remedy: { both "Issue the certificate from a certification authority of the site. What signed it (see the evidence) had no right to, and whoever holds that key should be asked why it did."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x80096019, TRUST_E_BASIC_CONSTRAINTS, or 0x800B0103, CERT_E_ROLE.",
    }
    PATH_LENGTH {
        id: "path-length",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "More authorities lie below an authority (the root's own limit counts too) than its path length constraint allows.",
        words: "The path has one authority more than an authority above it allows.",
        remedy: { both "Renew the certificate of the authority that sets the limit, with a greater PathLength in the [BasicConstraintsExtension] of its CAPolicy.inf, or issue from an authority higher up." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x800B0104, CERT_E_PATHLENCONST.",
    }
    NAME_CONSTRAINT {
        id: "name-constraint",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "An authority's name constraints exclude a name of the certificate, or do not permit it; a host name in the common name counts too.",
        words: "An authority on the path may not issue certificates for this name.",
        remedy: { both "Issue the certificate from an authority whose name constraints permit the name, or without the name if nobody dials it; else have the authority above renew this one with other constraints."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x800B0114, CERT_E_INVALID_NAME.",
    }
    POLICY_NOT_ALLOWED {
        id: "policy-not-allowed",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "Policy constraints demand a certificate policy, and by RFC 5280 6.1.5 none is left valid along the path.",
        words: "An authority demands a certificate policy that the path does not have.",
        remedy: { both "Issue the certificate from an authority and a template that have the policy which is demanded (the template's Extensions tab, Issuance Policies), or renew the authority without the demand."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "",
    }
    UNKNOWN_CRITICAL_EXTENSION {
        id: "unknown-critical-extension",
        culprit: Certificate,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "root/standard", "site-server/same-root"],
        known_by: "A certificate of the path has an extension that is marked critical and that nobody here knows.",
        words: "A certificate has a critical extension that whoever does not know it must refuse.",
        remedy: { both "Issue the certificate again without the extension the evidence names, or with it not marked critical."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x800B0105, CERT_E_CRITICAL.",
    }
    MALFORMED_CERTIFICATE {
        id: "malformed-certificate",
        culprit: Certificate,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "root/standard", "deployment/pkcs12", "*/der-encoding", "site-server/same-root"],
        known_by: "A certificate breaks a rule for how it is written; the evidence says which field, and who minds.",
        words: "A certificate is not written as certificates are.",
        remedy: { both "Issue the certificate again with software that writes the field the evidence names correctly; a certificate cannot be repaired, for its signature covers every byte."
            then replace },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Code 0x800B0108, CERT_E_MALFORMED.",
    }
    UNREADABLE_CERTIFICATE {
        id: "unreadable-certificate",
        culprit: Certificate,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "root/standard", "site-server/same-root"],
        known_by: "What stands in a certificate's place, in the handshake or in the file, cannot be read as X.509; the evidence says why.",
        words: "What stands in a certificate's place is none, or is damaged.",
        remedy: { both "Export the certificate again from where it was issued, and compare its thumbprint with the one there. Put it in the place of the one that cannot be read: at the server's binding or in its chain file (a load balancer or reverse proxy sends the file as it lies there), or in the file that is named." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Clients end the handshake with a decode error or a bad certificate; Windows with code 0x8009310B, CRYPT_E_ASN1_BADTAG, or 0x80093102.",
    }
    UNREADABLE_AUTHORITY {
        id: "unreadable-authority",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "What stands in the place of an authority's certificate on the path cannot be read as X.509; the evidence says why, and where it was met.",
        words: "What stands in the place of an authority's certificate is none, or is damaged.",
        remedy: { both "Get the authority's certificate from the authority itself (`certutil -ca.cert issuing.cer` there), and put it in the place of the damaged one. Where a server sends that, it lies in the Intermediate Certification Authorities store of its computer account, or in the chain file of a load balancer or reverse proxy; then choose the server's certificate in its binding again, or restart the web server. Where it was fetched, it lies at the address that certificates name for it (AIA); else it is in the file that is named." },
        symptoms: [CERTIFICATE_INVALID],
        shows: "Clients end the handshake with a decode error or a bad certificate; Windows with code 0x8009310B, CRYPT_E_ASN1_BADTAG, or 0x80093102.",
    }
    CHAIN_MISORDERED {
        id: "chain-misordered",
        culprit: Address,
        rows: ["chain/order"],
        known_by: "The certificates that are sent are out of order, twice there, lead in a circle, or do not belong to the path.",
        words: "The certificates that are sent were put together by hand, and not in order.",
        remedy: { both "Put the chain file together again: the server's own certificate, then its issuer's, and so on upwards, each once; leave out what does not belong to the path. The root may be left out." },
        symptoms: [],
        shows: "Windows clients sort it out; devices and old software fail. Windows refuses more than 32,768 octets.",
    }
    NODES_DIFFER {
        id: "nodes-differ",
        culprit: Address,
        rows: ["chain/one-leaf", "nlb/nodes-agree"],
        known_by: "Addresses, nodes or single connections of one name show different certificates.",
        words: "Some of the servers behind this name kept another certificate.",
        remedy: { both "Give every server behind the name the same certificate, or one that passes the same requirements: the evidence tells at which address or connection which thumbprint was met."
            then bind },
        symptoms: [],
        shows: "Some requests fail and others do not, with the codes of the certificate that is wrong.",
    }
}
