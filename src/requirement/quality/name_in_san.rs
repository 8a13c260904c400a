//! `web-server/name-in-san`

use super::client_accepts_name::dialled;
use super::names;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Where the certificate has dNSName entries, the dialled name is among them and not in the common name alone. As
    /// soon as one dNSName exists, a client that follows RFC 6125 looks at those entries only and no longer at the
    /// common name.
    ///
    /// Who is hurt: some clients and most things in between. Windows' own policy, proxies and load balancers differ
    /// here: what one accepts, the next refuses with CERT_CN_INVALID (0x10). The usual way to this certificate is a
    /// Windows Server 2003 authority that was given the intranet FQDN as subject and only the Internet FQDN in the
    /// request attribute `SAN:dns=`.
    ///
    /// How it is seen: in the leaf. A certificate without any dNSName is not concerned, because its common name counts
    /// for everybody of that time; nor is one that a client refuses altogether (web-server/client-accepts-name). A
    /// bridging ISA Server 2006 goes further on its inner leg: it reads the first entry only, and answers clients
    /// with HTTP 500, "the target principal name is incorrect", if the name it publishes stands second. ISA Server
    /// 2004 reads no entry at all.
    NAME_IN_SAN {
        id: "web-server/name-in-san",
        title: "The name dialled is among the dNSNames, where there are any",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 6125, section 6.4.4, and how ISA Server reads the entries" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the certificate again with every name as a dNSName entry, the one a bridging ISA Server publishes first, and leave the common name as it is or empty.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let dialled = dialled(subject);
    if names::address(dialled).is_some() {
        return Verdict::NotApplicable("an address was dialled, and addresses are no dNSNames");
    }
    subject.judge_leaves(|leaf| {
        if leaf.dns_names().next().is_none() {
            return Verdict::NotApplicable("the certificate has no dNSName, so its common name counts");
        }
        if leaf.dns_names().any(|name| names::is_taken_for(name, dialled)) {
            return Verdict::pass();
        }
        if !names::accepts(leaf, dialled) {
            return Verdict::NotApplicable("the name dialled is nowhere on the certificate");
        }
        Evidence::new("The name dialled is the common name only, and the certificate has dNSNames without it.")
            .expected(format!("dns:{dialled}"))
            .observed_all(names::listed(leaf))
            .cause("Only the further name was given in the request attribute; the first was left to the subject.")
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::site::name::HostName;

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("among several", World::web_server(|r| r)),
            Case::passes("beside another common name", World::web_server(|r| r.cn("x").dns(&[INTERNET, INTRANET]))),
            Case::passes("a wildcard", World::web_server(|r| r.cn("x").dns(&["*.corp.contoso.com"]))),
            Case::fails(
                "in the common name only",
                World::web_server(|r| r.cn(INTRANET).dns(&[INTERNET])),
                "dns:mp01.corp.contoso.com",
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("no dNSName", World::web_server(|r| r.cn(INTRANET).no_san())),
            Case::not_applicable("nowhere at all", World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET]))),
            Case::not_applicable(
                "an address dialled",
                World::web_server(|r| r)
                    .target(|target| target.name = HostName::new("10.1.0.21"))
                    .handshakes(|handshake| handshake.server_name = None),
            ),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
