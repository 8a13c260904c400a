//! `web-server/wildcard`

use super::names;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// No name on the certificate is a wildcard. The documents ask for the site system's own names; they say nothing of
    /// wildcards for site systems (only the cloud management gateway of later versions is documented to take one).
    ///
    /// Who is hurt: today's Windows clients accept a wildcard for one label, so usually nobody; but mobile devices, old
    /// proxies and anything that compares names literally may refuse it, and one key on many servers puts them all at
    /// risk when it is lost on one of them.
    ///
    /// How it is seen: an asterisk in a common name or dNSName of the leaf. Whether the wildcard covers the names clients
    /// use is judged by the rows on names.
    WILDCARD {
        id: "web-server/wildcard",
        title: "No wildcard stands for the site system",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "the documents know no wildcard for site systems" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue each site system a certificate with its own FQDNs from the Web Server template and bind that.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        if !leaf.host_names().any(|name| name.contains('*')) {
            return Verdict::pass();
        }
        Evidence::new("A wildcard stands for the site system.")
            .expected("the site system's own names")
            .observed_all(names::listed(leaf))
            .cause("One certificate is shared by many servers, or was bought for a whole domain.")
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("its own names", World::web_server(|r| r)),
            Case::fails("a dNSName", World::web_server(|r| r.dns(&["*.corp.contoso.com"])), "dns:*.corp.contoso.com"),
            Case::fails("the common name", World::web_server(|r| r.cn("*.contoso.com").no_san()), "CN=*.contoso.com"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
