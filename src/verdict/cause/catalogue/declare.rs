//! How a cause is written down: `causes!` declares those of a section, and the steps many remedies end with are spelt out
//! once, by profile.

/// Declares the causes of a section, and the list of them in the order in which they are written.
///
/// A remedy is `{ both "…" then step }` or `{ native "…" current "…" then step }`; a step is one of the macros below.
macro_rules! causes {
    (section $section:ident; $(
        $name:ident {
            id: $id:literal,
            culprit: $culprit:ident,
            rows: [$($row:literal),* $(,)?],
            known_by: $known_by:literal,
            words: $words:literal,
            remedy: $remedy:tt,
            symptoms: [$($symptom:ident),* $(,)?],
            shows: $shows:literal $(,)?
        }
    )+) => {
        $(
            #[doc = $words]
            pub static $name: $crate::verdict::cause::Cause = $crate::verdict::cause::Cause {
                id: $id,
                words: $words,
                known_by: $known_by,
                remedy: $crate::verdict::cause::catalogue::declare::remedy! $remedy,
                culprit: $crate::verdict::cause::CulpritKind::$culprit,
                symptoms: &[$(&$crate::verdict::cause::symptom::$symptom),*],
                shows: $shows,
                rows: &[$($row),*],
            };
        )+

        /// The causes of this section, in their order.
        pub(super) static $section: &[&$crate::verdict::cause::Cause] = &[$(&$name),+];
    };
}
pub(crate) use causes;

/// A remedy by profile, with the steps it ends with.
macro_rules! remedy {
    (both $text:literal $(then $step:ident)*) => {
        $crate::verdict::cause::catalogue::declare::remedy!(native $text current $text $(then $step)*)
    };
    (native $native:literal current $current:literal $(then $step:ident)*) => {
        $crate::site::profile::ByProfile {
            native_mode_2007: concat!(
                $native $(, " ", $crate::verdict::cause::catalogue::declare::$step!(native))*
            ),
            current_branch: concat!(
                $current $(, " ", $crate::verdict::cause::catalogue::declare::$step!(current))*
            ),
        }
    };
}
pub(crate) use remedy;

/// Choosing a certificate for a web site's binding.
macro_rules! bind {
    (native) => {
        "Bind it in IIS Manager: the web site, Bindings, https, Edit (IIS 6: the web site's Properties, Directory Security, Server Certificate); a proxy or load balancer gets it at its listener. `netsh http show sslcert` then shows its thumbprint at this address and port."
    };
    (current) => {
        "Bind it in IIS Manager: the web site, Bindings, https, Edit; a proxy or load balancer gets it at its listener. `netsh http show sslcert` then shows its thumbprint at this address and port."
    };
}
pub(crate) use bind;

/// Requesting a server certificate with the right names.
macro_rules! issue {
    (native) => {
        "`cmprobe request SYSTEM --definition FILE` writes the .inf file for `certreq -new` with each name as a DNS entry of its own. Only a request made on Windows Server 2003 cannot hold them: submit that one with `certreq -submit -attrib \"CertificateTemplate:WebServer\\nSAN:dns=<intranet FQDN>&dns=<Internet FQDN>\" new.req`, and switch the authority's EDITF_ATTRIBUTESUBJECTALTNAME2 off again at once, for while it is on whoever may enrol can name any server."
    };
    (current) => {
        "On the server open the Certificates console of the computer account, Personal, All Tasks, Request New Certificate, choose the Web Server template, and enter each name under Subject, Alternative name, type DNS, one entry each (`cmprobe request SYSTEM --definition FILE` lists them, and writes the .inf file for `certreq -new`)."
    };
}
pub(crate) use issue;

/// Putting an issuing authority's certificate where the server finds it.
macro_rules! intermediate {
    ($profile:ident) => {
        "On the server run `certutil -addstore CA issuing.cer`, which puts it into the Intermediate Certification Authorities store of the computer account (or let Group Policy do so: Public Key Policies, Intermediate Certification Authorities); it does not belong into Trusted Root. Then choose the server's certificate in its binding again, or restart IIS, so that the chain that is sent is built anew; a proxy or load balancer gets it appended to its certificate file."
    };
}
pub(crate) use intermediate;

/// Putting another certificate where the one that is judged is used.
macro_rules! replace {
    (native) => {
        "Then put it in the place of this one: a server's in its binding (IIS Manager, the web site, Bindings, https, Edit; IIS 6: Directory Security, Server Certificate; a proxy: its listener), a client's by autoenrolment (`certutil -pulse` on the computer), one from a file by importing the new file."
    };
    (current) => {
        "Then put it in the place of this one: a server's in its binding (IIS Manager, the web site, Bindings, https, Edit; a proxy: its listener), a client's by autoenrolment (`certutil -pulse` on the computer), one from a file by importing the new file."
    };
}
pub(crate) use replace;

/// Publishing a revocation list.
macro_rules! publish {
    ($profile:ident) => {
        "On the authority run `certutil -crl`, and copy the file to where the URL leads, under the name the URL has (into the directory: `certutil -dspublish -f FILE.crl`). Prove it as LocalSystem on a client with `certutil -verify -urlfetch CERTIFICATE.cer`; clients that still hold the old answer forget it with `certutil -setreg chain\\ChainCacheResyncFiletime @now`."
    };
}
pub(crate) use publish;

/// Letting computers enrol by themselves.
macro_rules! enrol {
    (native) => {
        "Let autoenrolment do it: Group Policy, Public Key Policies, Autoenrollment Settings, with Read, Enroll and Autoenroll for the computers on the template; `gpupdate /force` and `certutil -pulse` on the computer begin it at once."
    };
    (current) => {
        "Let autoenrolment do it: Group Policy, Public Key Policies, Certificate Services Client - Auto-Enrollment, with Read, Enroll and Autoenroll for the computers on the template; `gpupdate /force` and `certutil -pulse` on the computer begin it at once."
    };
}
pub(crate) use enrol;

/// Negotiating client certificates in the handshake.
macro_rules! negotiate {
    (native) => {
        "Let the server ask for the client certificate in the handshake instead of later. IIS 7: note the certificate's hash and the application id from `netsh http show sslcert ipport=0.0.0.0:443`, delete the entry with `netsh http delete sslcert ipport=0.0.0.0:443`, and add it again with `netsh http add sslcert ipport=0.0.0.0:443 certhash=HASH appid={ID} clientcertnegotiation=enable`. IIS 6: set the metabase property SSLAlwaysNegoClientCert of the web site to TRUE, and restart IIS."
    };
    (current) => {
        "Let the server ask for the client certificate in the handshake instead of later: note the certificate's hash and the application id from `netsh http show sslcert ipport=0.0.0.0:443`, delete the entry with `netsh http delete sslcert ipport=0.0.0.0:443`, and add it again with `netsh http add sslcert ipport=0.0.0.0:443 certhash=HASH appid={ID} clientcertnegotiation=enable`."
    };
}
pub(crate) use negotiate;
