//! `web-server/intranet-name`

use super::names;
use crate::certificate::Facts;
use crate::rule::credential::Credential;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::Verdict;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A site system that accepts connections from the intranet presents a certificate whose Subject Name or Subject
    /// Alternative Name contains the name it is configured with: its intranet FQDN, or its NetBIOS name where no FQDN
    /// is configured. It is the configured name that counts, because that is the name the site hands to clients.
    ///
    /// Who is hurt: every client inside. WinHTTP compares the name it dialled with the certificate and gives up;
    /// `ccmexec.log` and `LocationServices.log` show error 12175 with the flag CERT_CN_INVALID (0x10), and the
    /// client falls silent. A short name in the certificate does not help a system configured by its FQDN, nor the
    /// other way round: no suffix is ever added.
    ///
    /// How it is seen: in the common names and dNSName entries of the leaf, compared whole, without regard to case and
    /// to a trailing dot; a wildcard stands for one label. Two names joined by an ampersand in one value count here,
    /// because the document words it so; clients find neither, which web-server/client-accepts-name and
    /// web-server/literal-ampersand say.
    INTRANET_NAME {
        id: "web-server/intranet-name",
        title: "The web server certificate contains the name clients inside use",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Web server certificate of site system roles, Subject Name or Subject Alternative Name for connections from the intranet" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, Subject Name or Subject Alternative Name for connections from the intranet" },
        ),
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Request a certificate with the configured intranet name as a dNSName (`cmprobe request SYSTEM --definition FILE` writes the .inf file for certreq -new, or the DNS alternative names of the enrolment wizard), bind it in IIS, and check that the name configured on the site system's General tab is the one meant.",
        check: Check::OfUse(Use::WebServer, judge),
    }
}

fn judge(of: &Credential<'_>, leaf: &Facts) -> Verdict {
    let Some(endpoint) = of.endpoint() else { return Verdict::NotApplicable(names::NOT_CONFIGURED) };
    let expectation = &endpoint.target.expectation;
    let Some(connections) = expectation.client_connections else {
        return Verdict::NotApplicable(names::NOT_CONFIGURED);
    };
    if !connections.intranet() {
        return Verdict::NotApplicable("no client connects from the intranet");
    }
    let Some(name) = expectation.intranet_fqdn.as_ref().or(expectation.netbios_name.as_ref()) else {
        return Verdict::NotApplicable(names::NOT_CONFIGURED);
    };
    names::must_contain(leaf, name, "The certificate does not contain the name clients on the intranet use.")
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::San;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::site::ClientConnections;

    pub(super) fn all() -> Vec<Case> {
        let by_netbios = |world: World| world.expecting(|expectation| expectation.intranet_fqdn = None);
        vec![
            Case::passes("among the alternative names", World::web_server(|r| r)),
            Case::passes("the common name alone", World::web_server(|r| r.cn(INTRANET).no_san())),
            Case::passes(
                "in capitals, with a trailing dot",
                World::web_server(|r| r.cn("x").dns(&["MP01.CORP.CONTOSO.COM."])),
            ),
            Case::passes(
                "joined by an ampersand, as the document words it",
                World::web_server(|r| r.cn("mp01.corp.contoso.com & mp.contoso.com").no_san()),
            ),
            Case::passes("a wildcard", World::web_server(|r| r.cn("*.corp.contoso.com").no_san())),
            Case::passes(
                "the NetBIOS name, where the system is configured by it",
                by_netbios(World::web_server(|r| r.cn("mp01").no_san())),
            ),
            Case::fails(
                "the NetBIOS name, where the FQDN is configured",
                World::web_server(|r| r.cn("MP01").no_san()),
                "computer-name-only",
            ),
            Case::fails(
                "the FQDN, where the NetBIOS name is configured",
                by_netbios(World::web_server(|r| r)),
                "short-name-configured",
            ),
            Case::fails(
                "the Internet FQDN only",
                World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET])),
                "dns:mp.contoso.com",
            ),
            Case::fails(
                "a longer name that ends with it",
                World::web_server(|r| r.cn("x").dns(&["xmp01.corp.contoso.com"])),
                "name-not-requested",
            ),
            Case::fails(
                "a wildcard one level up",
                World::web_server(|r| r.cn("*.contoso.com").no_san()),
                "wildcard-does-not-cover",
            ),
            Case::fails(
                "as a URL",
                World::web_server(|r| r.cn("x").no_san().san(San::Uri("https://mp01.corp.contoso.com/".into()))),
                "as a URL",
            ),
            Case::fails("no name at all", World::web_server(|r| r.no_cn().no_san()), "no name at all"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::unknown("the certificate cannot be read", World::web_server(|r| r).unreadable()),
            Case::not_applicable(
                "clients of the Internet only",
                World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET]))
                    .expecting(|expectation| expectation.client_connections = Some(ClientConnections::Internet)),
            ),
            Case::not_applicable("an endpoint without a definition", World::web_server(|r| r).given()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
