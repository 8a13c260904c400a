//! `reachability/direct`

use crate::plan::expectation::Presenter;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::trust::path::Why;
use crate::trust::path::fault::Fault;
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Nothing that the definition does not name stands between here and the server and opens TLS.
    ///
    /// Who is hurt: clients: a device that opens TLS cannot pass their certificate on, so that the server refuses them, and
    /// what it shows in the server's place is not the server's. Whatever else fails here may be the device's doing.
    ///
    /// How it is seen: an answer over HTTPS carries a `Via` header, which only what reads and passes on HTTP writes. A
    /// bridging proxy the definition names does so by right.
    DIRECT {
        id: "reachability/direct",
        title: "Nothing undeclared opens TLS on the way",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 9110, section 7.6.3" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Exempt the site systems from TLS inspection on the device, or name it in the definition as the proxy it is.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if subject.target.expectation.presenter == Presenter::BridgingProxy || subject.target.role == Some(Role::Proxy) {
        return Verdict::NotApplicable("a proxy stands here by right");
    }
    let over_tls = subject.seen.observations.iter().filter(|seen| seen.engine.speaks_tls());
    let answers: Vec<_> =
        over_tls.filter_map(|seen| seen.exchange.as_ref()).filter_map(|exchange| exchange.answer.as_ref()).collect();
    if answers.is_empty() {
        return Verdict::NotApplicable("nothing was answered over HTTPS");
    }
    match answers.iter().find_map(|answer| answer.via.as_deref()) {
        None => Verdict::pass(),
        Some(via) => {
            let foreign = foreign_issuer(subject);
            let (words, cause) = match &foreign {
                Some(_) => (
                    "A web proxy or firewall on the way opens TLS and shows a certificate of its own making.",
                    &causes::INTERCEPTED_ON_THE_WAY,
                ),
                None => (
                    "A web proxy, gateway or load balancer stands in front of the server, which the definition does not name.",
                    &causes::GATEWAY_ON_THE_WAY,
                ),
            };
            Evidence::new("Something between here and the server opens TLS and passes requests on.")
                .expected("answers without a Via header")
                .observed(format!("Via: {via}"))
                .observed_all(foreign.map(|issuer| format!("a certificate of {issuer}")))
                .cause(words)
                .because(cause)
                .culprit(Culprit::Device(via.into()))
                .fail()
        }
    }
}

/// Who issued the certificate met here, where no path leads from it to a root of the site's.
pub(super) fn foreign_issuer(subject: &EndpointSubject<'_>) -> Option<String> {
    let Err(nothing) = subject.paths()?.best() else { return None };
    let Why::Broken(broken) = &nothing.why else { return None };
    let is_foreign = matches!(
        broken.fault,
        Fault::UnknownRoot | Fault::IssuerNotAtHand { .. } | Fault::SelfSigned { .. } | Fault::OtherKey { .. }
    );
    let leaf = subject.chain.first()?.facts()?;
    is_foreign.then(|| leaf.issuer.text.clone())
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Pki;
    use crate::plan::OfferLabel::Anonymous;
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r).answering(Anonymous, 403, "");
        let foreign = || {
            let leaf = Pki::stranger().unwrap().issuing.issue(&World::recipe_of(Use::WebServer)).unwrap();
            World::presented_as(Use::WebServer, &[&leaf], &[&lab().root]).answering(Anonymous, 403, "")
        };
        let via = |world: World| {
            world.observations(|seen| {
                if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
                    answer.via = Some("1.1 edge-7".into());
                }
            })
        };
        vec![
            Case::passes("no Via", healthy()),
            Case::fails("a Via nobody declared", via(healthy()), "1.1 edge-7"),
            Case::fails("with the server's own certificate", via(healthy()), "gateway-on-the-way"),
            Case::fails("with one of its own making", via(foreign()), "intercepted-on-the-way"),
            Case::fails("with one of which nothing is known", via(healthy().trusting(&[])), "gateway-on-the-way"),
            Case::passes("a foreign certificate alone is a matter of its own", foreign()),
            Case::not_applicable("a bridging proxy", via(healthy().bridging_proxy())),
            Case::not_applicable("nothing answered", World::web_server(|r| r)),
        ]
    }
}
