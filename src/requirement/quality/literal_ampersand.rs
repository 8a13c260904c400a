//! `web-server/literal-ampersand`

use super::names;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// No common name and no dNSName holds an ampersand. The document tells readers to give both names "using the
    /// ampersand (&) symbol delimiter": that is how the names are written in the request attribute
    /// `SAN:dns=<intranet FQDN>&dns=<Internet FQDN>`, from which the authority makes two dNSName entries. It is not
    /// what the issued certificate is to say.
    ///
    /// Who is hurt: every client, if the names stand nowhere else. A client compares whole values, so
    /// `mp01.corp.contoso.com&mp.contoso.com` is neither of the two names, and requests to either end with
    /// CERT_CN_INVALID (0x10).
    ///
    /// How it is seen: in the leaf. By the document's letter such a certificate contains both names, so
    /// web-server/intranet-name and web-server/internet-name pass; whether a client accepts it is
    /// web-server/client-accepts-name.
    LITERAL_AMPERSAND {
        id: "web-server/literal-ampersand",
        title: "No name on the certificate holds an ampersand",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CRNM, place: "Web server certificate of site system roles, \u{201c}the ampersand (&) symbol delimiter\u{201d}" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Request the certificate again with each name as a DNS alternative name of its own: certreq -submit -attrib \"CertificateTemplate:WebServer\\nSAN:dns=<intranet FQDN>&dns=<Internet FQDN>\" (the authority must have EDITF_ATTRIBUTESUBJECTALTNAME2 set), or the enrolment wizard's alternative names.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        let Some(joined) = leaf.host_names().find(|name| name.contains('&')) else { return Verdict::pass() };
        let parts = joined.split('&').map(|part| {
            let part = part.trim();
            format!("dns:{}", part.strip_prefix("dns=").unwrap_or(part))
        });
        Evidence::new("A name on the certificate holds an ampersand.")
            .expected_all(parts.filter(|part| part != "dns:"))
            .observed_all(names::listed(leaf))
            .cause("The delimiter of the request attribute was typed into the name itself.")
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("two entries", World::web_server(|r| r)),
            Case::fails(
                "in the common name",
                World::web_server(|r| r.cn("mp01.corp.contoso.com&mp.contoso.com").no_san()),
                "dns:mp.contoso.com",
            ),
            Case::fails(
                "in a dNSName, the attribute's text and all",
                World::web_server(|r| r.dns(&["mp01.corp.contoso.com&dns=mp.contoso.com"])),
                "\"dns:mp.contoso.com\"",
            ),
            Case::fails("beside good names", World::web_server(|r| r.cn("a & b")), "CN=a & b"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
