//! `web-server/internet-name`

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
    /// A site system that accepts connections from the Internet presents a certificate whose Subject Name or Subject
    /// Alternative Name contains its Internet FQDN.
    ///
    /// Who is hurt: every client outside. They are told the Internet FQDN only; WinHTTP compares it with the
    /// certificate and gives up with error 12175 and the flag CERT_CN_INVALID (0x10) in `ccmexec.log` and
    /// `LocationServices.log`. Laptops fall silent when they leave the building and speak again when they come back.
    ///
    /// How it is seen: in the common names and dNSName entries of the leaf, compared whole, without regard to case and
    /// to a trailing dot; a wildcard stands for one label. Names joined by an ampersand in one value count here, as
    /// with web-server/intranet-name. Seen from inside it is judged too: the certificate is the same, unless a proxy
    /// terminates TLS outside, and then that proxy's own row judges what clients outside meet.
    INTERNET_NAME {
        id: "web-server/internet-name",
        title: "The web server certificate contains the Internet FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Web server certificate of site system roles, Subject Name or Subject Alternative Name for connections from the Internet" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, Subject Name or Subject Alternative Name for connections from the Internet" },
        ),
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Request a certificate with the Internet FQDN as a dNSName beside the intranet name (`cmprobe request SYSTEM --definition FILE` writes the .inf file for certreq -new, or the DNS alternative names of the enrolment wizard) and bind it in IIS.",
        check: Check::OfUse(Use::WebServer, judge),
    }
}

fn judge(of: &Credential<'_>, leaf: &Facts) -> Verdict {
    let Some(endpoint) = of.endpoint() else { return Verdict::NotApplicable(names::NOT_CONFIGURED) };
    let expectation = &endpoint.target.expectation;
    let Some(connections) = expectation.client_connections else {
        return Verdict::NotApplicable(names::NOT_CONFIGURED);
    };
    if !connections.internet() {
        return Verdict::NotApplicable("no client connects from the Internet");
    }
    let Some(name) = &expectation.internet_fqdn else {
        return Verdict::NotApplicable(names::NOT_CONFIGURED);
    };
    names::must_contain(leaf, name, "The certificate does not contain the name clients on the Internet use.")
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::site::ClientConnections;

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("among the alternative names", World::web_server(|r| r)),
            Case::passes("seen from outside", World::web_server(|r| r).from_internet()),
            Case::passes("the common name alone", World::web_server(|r| r.cn(INTERNET).no_san())),
            Case::passes(
                "joined by an ampersand, as the document words it",
                World::web_server(|r| r.cn("mp01.corp.contoso.com&mp.contoso.com").no_san()),
            ),
            Case::fails("the intranet FQDN only", World::web_server(|r| r.dns(&[INTRANET])), "name-not-requested"),
            Case::fails(
                "a name below it",
                World::web_server(|r| r.dns(&[INTRANET, "www.mp.contoso.com"])),
                "dns:www.mp.contoso.com",
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable(
                "clients of the intranet only",
                World::web_server(|r| r.dns(&[INTRANET]))
                    .expecting(|expectation| expectation.client_connections = Some(ClientConnections::Intranet)),
            ),
            Case::not_applicable(
                "no Internet FQDN is configured",
                World::web_server(|r| r.dns(&[INTRANET])).expecting(|expectation| expectation.internet_fqdn = None),
            ),
            Case::not_applicable("an endpoint without a definition", World::web_server(|r| r).given()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
