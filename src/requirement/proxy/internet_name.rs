//! `proxy/internet-name`

use crate::certificate::Facts;
use crate::requirement::web_server::names::contains;
use crate::rule::credential::Credential;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
use crate::site::profile::ByProfile;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The certificate a bridging proxy web server presents carries the Internet FQDN of everything it publishes.
    ///
    /// Who is hurt: the Internet clients of what is missing: WinHTTP reports a wrong name (CERT_CN_INVALID).
    ///
    /// How it is seen: the leaf presented outside, against the Internet FQDNs of the systems the definition says the proxy
    /// publishes. ISA Server 2006 itself, as a client of the site systems, reads only the Subject or the first
    /// Subject Alternative Name of their certificates.
    INTERNET_NAME {
        id: "proxy/internet-name",
        title: "The bridging proxy's certificate carries every Internet FQDN it publishes",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Proxy Web server accepting client connections over the Internet, specific information" },
            Citation { document: &document::CB, place: "Proxy servers for Internet-based clients, specific information" },
        ),
        scope: Scope::BRIDGING_PROXIES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the proxy a certificate with every published Internet FQDN in its Subject Alternative Name, or a listener and certificate for each name.",
        check: Check::OfUse(Use::Proxy, judge),
    }
}

fn judge(of: &Credential<'_>, leaf: &Facts) -> Verdict {
    let Some(endpoint) = of.endpoint() else {
        return Verdict::NotApplicable("no name is given that clients would dial");
    };
    let own = std::slice::from_ref(&endpoint.target.name);
    let names: &[HostName] = match &endpoint.target.expectation.proxy {
        Some(proxy) if !proxy.internet_fqdns.is_empty() => &proxy.internet_fqdns,
        Some(_) | None => own,
    };
    let missing: Vec<String> = names.iter().filter(|name| !contains(leaf, name)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return Verdict::pass();
    }
    of.evidence("The proxy's certificate lacks an Internet FQDN it publishes.")
        .expected_all(missing)
        .observed_all(leaf.host_names().take(20).map(str::to_owned))
        .because(&cause::PUBLISHED_NAME_MISSING)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("carried", World::web_server(|r| r).bridging_proxy()),
            Case::fails(
                "the proxy's own name alone",
                World::web_server(|r| r.no_cn().dns(&["isa01.contoso.com"])).bridging_proxy(),
                INTERNET,
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).bridging_proxy().refused()),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
