//! Dates of certificates, and the clocks they are held against.
//!
//! Order: the clock, another day than today, older than a known successor, plainly ended. Everything that has a date is
//! asked before one certificate is blamed.

use super::declare::causes;

causes! {
    section DATES;

    CLOCK_WRONG {
        id: "clock-wrong",
        culprit: Machine,
        rows: ["session/clock", "*/validity", "revocation/current", "*/crl-current", "root/standard"],
        known_by: "The dates that two or more hosts send agree with one another and differ from this machine's clock by more than five minutes, and no `--at` was given.",
        words: "The clock of the machine that ran this check is wrong, and everything that has a date was held against it.",
        remedy: { both "Set this machine's clock right (`w32tm /resync`; elsewhere the time service), and run the check again before anything is renewed." },
        symptoms: [],
        shows: "Clients notice nothing: it is this machine's clock.",
    }
    SERVER_CLOCK_WRONG {
        id: "server-clock-wrong",
        culprit: Address,
        rows: ["session/clock"],
        known_by: "This server's date alone differs from that of the others and of this machine.",
        words: "The server's clock is wrong.",
        remedy: { both "Set the server's clock right: `w32tm /resync` there; `w32tm /query /status` shows whom it takes its time from." },
        symptoms: [CLIENT_CERTIFICATE_EXPIRED],
        shows: "",
    }
    JUDGED_AS_OF {
        id: "judged-as-of",
        culprit: Definition,
        rows: ["revocation/current", "revocation/expiry", "*/crl-current", "*/crl-expiry"],
        known_by: "`--at` was given, and what fails are revocation lists that were fetched today.",
        words: "Today's revocation lists are held against another day, for which they were not made.",
        remedy: { both "Leave the lists out of a judgement as of another day: give `--revocation off` beside `--at`. This concerns this program's run alone; nothing is to be changed at the site." },
        symptoms: [],
        shows: "Clients notice nothing: they live today.",
    }
    CERTIFICATE_ENDED_RENEWED_NOT_BOUND {
        id: "certificate-ended-renewed-not-bound",
        culprit: Address,
        rows: ["web-server/validity", "proxy/validity", "cloud-management-gateway/validity", "sms-provider/validity", "reporting-point/validity"],
        known_by: "The certificate that is shown has ended, and a valid one with the same names is known: from a file, another node, another binding, or the management point's own answer.",
        words: "The certificate was renewed, but the old one is still bound.",
        remedy: { both "Choose the renewed certificate in the binding; renewing it put it into the store and changed nothing else. In IIS 8.5 and later, Server Certificates, Enable Automatic Rebind of Renewed Certificate does this the next time."
            then bind },
        symptoms: [CERTIFICATE_DATE],
        shows: "",
    }
    CERTIFICATE_ENDED {
        id: "certificate-ended",
        culprit: Certificate,
        rows: ["*/validity"],
        known_by: "The certificate's end has passed, and no successor of it is known.",
        words: "The certificate has ended, and was not renewed.",
        remedy: { native "Renew the certificate, where its owner keeps it. A server's: Certificates console of its computer account, Personal, All Tasks, Renew Certificate with New Key, then choose it in IIS Manager, the web site, Bindings, https, Edit (a proxy: its listener). A client's: autoenrolment; `gpupdate /force` and `certutil -pulse` on the computer. One in a .pfx file (deployment): enrol anew, export with the key, and put the file into the boot media or the PXE service point's properties again."
            current "Renew the certificate, where its owner keeps it. A server's: Certificates console of its computer account, Personal, All Tasks, Renew Certificate with New Key, then choose it in IIS Manager, the web site, Bindings, https, Edit (a proxy: its listener). A client's: autoenrolment; `gpupdate /force` and `certutil -pulse` on the computer. One in a .pfx file: enrol anew, export with the key, and give it to the distribution point's properties (`Set-CMDistributionPoint -CertificatePath`) or to new task sequence media; SMSPXE.log then shows its thumbprint." },
        symptoms: [CERTIFICATE_DATE, CLIENT_CERTIFICATE_EXPIRED, DEPLOYMENT],
        shows: "",
    }
    CERTIFICATE_ENDS_SOON {
        id: "certificate-ends-soon",
        culprit: Certificate,
        rows: ["*/expiry"],
        known_by: "The certificate ends within the number of days that `--warn-days` sets, or the use's own.",
        words: "The certificate ends soon.",
        remedy: { native "Renew the certificate before it ends. A server's: Certificates console of its computer account, Personal, All Tasks, Renew Certificate with New Key, then choose it in IIS Manager, the web site, Bindings, https, Edit (a proxy: its listener): autoenrolment renews, but binds nothing. A client's renews itself by autoenrolment; see that it does. One in a .pfx file (deployment): enrol anew, export with the key, and put the file into the boot media or the PXE service point's properties again."
            current "Renew the certificate before it ends. A server's: Certificates console of its computer account, Personal, All Tasks, Renew Certificate with New Key, then choose it in IIS Manager, the web site, Bindings, https, Edit (a proxy: its listener): autoenrolment renews, but binds nothing. A client's renews itself by autoenrolment; see that it does. One in a .pfx file: enrol anew, export with the key, and give it to the distribution point's properties (`Set-CMDistributionPoint -CertificatePath`) or to new task sequence media." },
        symptoms: [],
        shows: "Nothing yet; on the day it ends, what an ended certificate shows.",
    }
    CERTIFICATE_NOT_YET_VALID {
        id: "certificate-not-yet-valid",
        culprit: Certificate,
        rows: ["*/validity", "*/path-validity", "chain/leads-to-site-root", "*/leads-to-root", "site-server/same-root"],
        known_by: "The certificate begins later than now, and the clocks are right.",
        words: "The certificate is not valid yet.",
        remedy: { both "Wait, if it begins within hours; otherwise check the clock of the authority that issued it (`w32tm /query /status` there), and issue the certificate again."
            then replace },
        symptoms: [CERTIFICATE_DATE, CLIENT_CERTIFICATE_EXPIRED],
        shows: "",
    }
    VALIDITY_IMPOSSIBLE {
        id: "validity-impossible",
        culprit: Certificate,
        rows: ["*/validity"],
        known_by: "The certificate's first day lies after its last.",
        words: "The certificate begins after its end: it was never valid and never will be.",
        remedy: { both "Issue the certificate again, and put right what wrote its dates (a template or a tool with a validity of its own)."
            then replace },
        symptoms: [CERTIFICATE_DATE, CLIENT_CERTIFICATE_EXPIRED],
        shows: "",
    }
    OLD_AUTHORITY_STILL_SENT {
        id: "old-authority-still-sent",
        culprit: Address,
        rows: ["chain/validity", "chain/leads-to-site-root"],
        known_by: "An authority's certificate that the server sends has ended, and a valid one of the same authority with the same key is at hand.",
        words: "The authority's certificate was renewed, and the server still sends the old one.",
        remedy: { both "On the server, delete the authority's old certificate from the Intermediate Certification Authorities store of the computer account, and put the renewed one there."
            then intermediate },
        symptoms: [CERTIFICATE_DATE],
        shows: "Clients that know the renewed certificate get in; the others, and mobile devices, do not.",
    }
    AUTHORITY_ENDED {
        id: "authority-ended",
        culprit: Authority,
        rows: ["chain/validity", "chain/leads-to-site-root", "*/leads-to-root", "*/path-validity", "site-server/same-root"],
        known_by: "An authority's certificate on the path has ended, or has not begun, and no other certificate of that authority is at hand.",
        words: "The certificate of an issuing authority is out of its dates, and everything below it with it.",
        remedy: { both "On the authority open certsrv.msc, All Tasks, Renew CA Certificate; keeping the key keeps what it has issued. Publish the new certificate where the AIA extension of its certificates says, and put it into the Intermediate Certification Authorities store of every server (`certutil -addstore CA issuing.cer`) in place of the old one." },
        symptoms: [CERTIFICATE_DATE],
        shows: "All systems below this authority fail at the same time.",
    }
    ROOT_ENDED {
        id: "root-ended",
        culprit: Authority,
        rows: ["chain/leads-to-site-root", "chain/validity", "root/standard", "root/expiry", "*/leads-to-root", "*/path-validity", "site-server/same-root"],
        known_by: "The root at the end of the path is out of its dates; Windows counts the dates of every certificate of a path, the root's too.",
        words: "The trusted root itself is out of its dates.",
        remedy: { both "Renew the root authority's certificate (certsrv.msc on the root, All Tasks, Renew CA Certificate), and distribute it. Group Policy does that: Computer Configuration, Policies, Windows Settings, Security Settings, Public Key Policies, Trusted Root Certification Authorities, Import. Name the new file in the definition's [trust] table. Its thumbprint is read on the root itself: `certutil -ca.cert root.cer`." },
        symptoms: [CERTIFICATE_DATE],
        shows: "All systems and clients below this root fail at the same time.",
    }
    SIGNING_CERTIFICATE_ENDED {
        id: "signing-certificate-ended",
        culprit: Certificate,
        rows: ["site-server/validity", "site-server/expiry", "management-point/site-signing-certificate"],
        known_by: "The site server signing certificate is out of its dates, or ends within the days its warning looks ahead.",
        words: "Clients accept no policy once the site's signing certificate has ended.",
        remedy: { native "Enrol a new signing certificate under the same root, and choose it in the console at the site's properties, Site Mode tab. As long as the old one is valid clients fetch the new one by themselves; once it has ended, those that did not are to be given it with the client's installation (SMSSIGNCERT)."
            current "Look into CertMgr.log on the site server, and restart the service SMS_EXECUTIVE there: the site makes and renews this certificate itself. Clients fetch the new one from the management point." },
        symptoms: [POLICY_SIGNATURE],
        shows: "",
    }
}
