//! Files: keys, passwords, and what is in them.

use super::declare::causes;

causes! {
    section FILES;

    PFX_WITHOUT_KEY {
        id: "pfx-without-key",
        culprit: File,
        rows: ["*/pkcs12", "*/key-matches"],
        known_by: "The file holds certificates and no private key: a .pfx file without one, or a file that is none (DER, PEM, PKCS #7).",
        words: "The file holds the certificate without its private key.",
        remedy: { both "Export the certificate again from the store it was enrolled into: Certificates console, the certificate, All Tasks, Export, \u{201c}Yes, export the private key\u{201d}, Personal Information Exchange (.PFX). If that choice is grey, the template does not allow the key to be exported: tick \u{201c}Allow private key to be exported\u{201d} on its Request Handling tab and enrol anew." },
        symptoms: [],
        shows: "12185 (0x80072F99), ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY; Schannel 36869.",
    }
    NOT_PKCS12 {
        id: "not-pkcs12",
        culprit: File,
        rows: ["*/pkcs12"],
        known_by: "The file holds the certificate and its private key, and is no PKCS #12 file (.pfx).",
        words: "Certificate and key are there, but not as the .pfx file that is imported.",
        remedy: { both "Put both into one .pfx file: `openssl pkcs12 -export -in FILE.pem -out FILE.pfx`. Where they were enrolled into a store of Windows, export them from there instead: Certificates console, the certificate, All Tasks, Export, \u{201c}Yes, export the private key\u{201d}." },
        symptoms: [],
        shows: "The console and task sequence media refuse the file when it is imported.",
    }
    PFX_SEVERAL_KEYS {
        id: "pfx-several-keys",
        culprit: File,
        rows: ["*/pkcs12", "*/key-matches"],
        known_by: "The .pfx file holds more private keys than one.",
        words: "The .pfx file holds several private keys, and which one is meant does not follow from it.",
        remedy: { both "Export the one certificate that is meant, with its key, into a file of its own: Certificates console, the certificate, All Tasks, Export, \u{201c}Yes, export the private key\u{201d}." },
        symptoms: [],
        shows: "Import succeeds; which key is used is chance.",
    }
    KEY_OF_ANOTHER {
        id: "key-of-another",
        culprit: File,
        rows: ["*/pkcs12", "*/key-matches"],
        known_by: "The private key's public half is not the one of the certificate.",
        words: "The private key belongs to another certificate.",
        remedy: { both "Export certificate and key together from the store they were enrolled into, as a .pfx file, instead of putting them together by hand; a renewed certificate usually has a new key." },
        symptoms: [],
        shows: "12185 (0x80072F99), ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY; Schannel 36869.",
    }
    PASSWORD_DIFFERS {
        id: "password-differs",
        culprit: File,
        rows: ["*/pkcs12"],
        known_by: "The .pfx file does not open with the password that was given, in UTF-8 and in UTF-16, with its byte order mark and without.",
        words: "The password is another than the file's.",
        remedy: { both "Give the password the file was exported with (`--pass-file FILE`, `--pass-env NAME`, or password_file or password_env in the definition); if nobody knows it, export the file again with a new one." },
        symptoms: [],
        shows: "Task sequence media and properties refuse the file when it is imported.",
    }
    CERTIFICATE_COPIED {
        id: "certificate-copied",
        culprit: File,
        rows: ["client/unique-name", "monitoring/name", "deployment/name"],
        known_by: "Two files have the same certificate, or the same first name.",
        words: "One certificate, or one name, serves two computers.",
        remedy: { both "Let each computer enrol for itself, from a template that takes the name from Active Directory (Subject Name tab, Build from this Active Directory information, DNS name), instead of copying one's certificate to another." },
        symptoms: [],
        shows: "Clients register under one name and displace each other: ClientIDManagerStartup.log, duplicate records in the console.",
    }
    NO_NAME_IN_IT {
        id: "no-name-in-it",
        culprit: File,
        rows: ["client/unique-name", "monitoring/name", "deployment/name"],
        known_by: "The certificate has neither a Subject nor an alternative name.",
        words: "The client's certificate has no name by which it could be told from others.",
        remedy: { native "Let the template build the name from Active Directory (Subject Name tab, Build from this Active Directory information, DNS name) and enrol anew; a deployment certificate gets a Subject of its own in its request."
            current "Let the template build the name from Active Directory (Subject Name tab, Build from this Active Directory information, DNS name) and enrol anew. Task sequence media need no name." },
        symptoms: [],
        shows: "ClientIDManagerStartup.log: 0x87D00284, the certificate has no subject name.",
    }
    DEPLOYMENT_ROOT_MISSING {
        id: "deployment-root-missing",
        culprit: Definition,
        rows: ["deployment/root-specified"],
        known_by: "The path to the root is sound, and the root is not among those given to computers that are being deployed.",
        words: "Computers that are being deployed are not told of this root, and trust no server below it.",
        remedy: { native "In the console open the site's properties, Site Mode tab, Specify Root CA Certificates, and add the root's file, which you have from the authority itself; secondary sites inherit it."
            current "In the console open Administration, Site Configuration, Sites, Properties, Communication Security, Trusted Root Certification Authorities, Set, and add the root's file, which you have from the authority itself. The roots above the management points' certificates belong there, no others." },
        symptoms: [DEPLOYMENT],
        shows: "",
    }
    ROOT_FILE_HOLDS_NO_AUTHORITY {
        id: "root-file-holds-no-authority",
        culprit: File,
        rows: ["root/standard"],
        known_by: "The certificate in the file is issued by another, and its Basic Constraints do not say CA.",
        words: "The file named as a root holds a server's or client's certificate, and no authority's.",
        remedy: { both "Export the certificate of the root authority that stands topmost on this one's Certification Path tab, or on the root itself by `certutil -ca.cert root.cer`, and name that file. What is to be judged itself is named by `inspect`, and not as a root." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition, unless the same file was given to the site.",
    }
    ROOT_FILE_IS_NO_ROOT {
        id: "root-file-is-no-root",
        culprit: File,
        rows: ["root/standard"],
        known_by: "The certificate in the file is not self-signed: its issuer is another, or its own key does not fit its signature.",
        words: "The file named as a root holds another authority's certificate, not a root's.",
        remedy: { both "Export the root authority's own certificate (`certutil -ca.cert root.cer` on the root, or the topmost entry on a server certificate's Certification Path tab), not an issuing authority's, and name that file." },
        symptoms: [],
        shows: "Clients notice nothing: it is the definition, unless the same file was given to the site.",
    }
    KEY_IN_STORAGE_PROVIDER {
        id: "key-in-storage-provider",
        culprit: File,
        rows: ["*/cng-provider"],
        known_by: "The .pfx file says that its key was made by a provider of Cryptography Next Generation.",
        words: "The certificate's key lies with a provider of Cryptography Next Generation, which Configuration Manager 2007 (and SQL Server) cannot use.",
        remedy: { native "Enrol again from a version 2 template (Windows Server 2003 Enterprise), whose keys are made by a cryptographic service provider: \u{201c}Microsoft RSA SChannel Cryptographic Provider\u{201d}."
            current "For SQL Server, enrol again from a template whose provider category is Legacy Cryptographic Service Provider; for Configuration Manager's own certificates the provider may stay." },
        symptoms: [NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "",
    }
    SEVERAL_NAMES {
        id: "several-names",
        culprit: File,
        rows: ["client/first-san"],
        known_by: "The certificate has several alternative names; Configuration Manager reads the first.",
        words: "The certificate has several alternative names, and only the first is used.",
        remedy: { both "Leave one value in the template's alternative name, the computer's DNS name (Subject Name tab, DNS name ticked, the others not), and enrol again." },
        symptoms: [],
        shows: "The client registers under its first alternative name: ClientIDManagerStartup.log.",
    }
    SUBJECT_COMPUTER_NAME {
        id: "subject-computer-name",
        culprit: File,
        rows: ["client/subject-computer-name"],
        known_by: "The certificate has a Subject, and the computer's name is not in it.",
        words: "The certificate's Subject does not hold the computer's name, by which Configuration Manager chooses among several.",
        remedy: { both "Let the template build the Subject from Active Directory (Subject Name tab, Build from this Active Directory information, Common name or DNS name), and enrol again. If the site has criteria of its own, write them into the definition's [site.selection] instead." },
        symptoms: [NO_FITTING_CERTIFICATE, NO_CLIENT_CERTIFICATE],
        shows: "Only computers with several certificates fail.",
    }
    NOT_DER {
        id: "not-der",
        culprit: File,
        rows: ["mobile-device/der-encoding"],
        known_by: "The file is Base64 text (PEM), not DER.",
        words: "The file holds the certificate as Base64 text, and mobile devices import DER.",
        remedy: { both "Export the certificate again as \u{201c}DER encoded binary X.509 (.CER)\u{201d}, or convert it: `certutil -decode CERTIFICATE.pem CERTIFICATE.cer`." },
        symptoms: [],
        shows: "The device refuses the file when it is imported.",
    }
}
