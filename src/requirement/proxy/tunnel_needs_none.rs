//! `proxy/tunnel-needs-none`

use crate::rule::scope::{Presenters, Scope};
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::ProxyMode;
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A tunnelling proxy web server needs no certificate of its own: TLS passes through it unopened.
    ///
    /// Who is hurt: nobody but the administrator who renews a certificate that is never shown.
    ///
    /// How it is seen: `mode = "tunneling"` in the definition. A `client_certificate` named beside it is never used.
    TUNNEL_NEEDS_NONE {
        id: "proxy/tunnel-needs-none",
        title: "A tunnelling proxy needs no certificate of its own",
        severity: SeverityByProfile::both(Severity::Notice),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Proxy Web servers, note on tunneling" },
            Citation { document: &document::CB, place: "Proxy servers for Internet-based clients, note on tunneling" },
        ),
        scope: Scope { presenters: Presenters::Proxies, words: "tunnelling proxy web servers", ..Scope::EVERY_ENDPOINT },
        evidence: &[EvidenceSource::Definition],
        remedy: "Remove `client_certificate` from the [[proxy]] table, or correct its mode.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    match &subject.target.expectation.proxy {
        Some(proxy) if proxy.mode == ProxyMode::Tunneling => {
            if proxy.has_client_certificate != Some(true) {
                return Verdict::pass();
            }
            Evidence::new("A tunnelling proxy is given a certificate it never uses.")
                .expected("no certificate")
                .observed("`client_certificate` in the definition")
                .because(&cause::TUNNEL_CERTIFICATE_UNUSED)
                .fail()
        }
        Some(_) | None => Verdict::NotApplicable("the proxy does not tunnel"),
    }
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let tunnel = || World::web_server(|r| r).tunneling_proxy();
        vec![
            Case::passes("none", tunnel()),
            Case::fails(
                "one is named",
                tunnel().expecting(|expectation| {
                    if let Some(proxy) = expectation.proxy.as_mut().map(std::sync::Arc::make_mut) {
                        proxy.has_client_certificate = Some(true);
                    }
                }),
                "client_certificate",
            ),
            Case::not_applicable("a bridge", World::web_server(|r| r).bridging_proxy()),
            Case::not_applicable("no proxy", World::web_server(|r| r)),
        ]
    }
}
