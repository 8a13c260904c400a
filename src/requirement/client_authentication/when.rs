//! `client-authentication/when`

use super::PROTECTED;
use super::accepted_issuers::{not_requested, request};
use crate::observation::handshake::LaterHandshake;
use crate::plan::OfferLabel;
use crate::plan::engine::EngineId;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Says when the server asked for the client certificate: in the handshake, after the request by renegotiation
    /// (TLS 1.2 and older), after the request by post-handshake authentication (TLS 1.3), or never. IIS asks after the
    /// request unless its binding negotiates the certificate at once. It is a finding only where a client of TLS 1.3
    /// without post-handshake authentication could not follow.
    ///
    /// Who is hurt: clients that cannot follow: with TLS 1.3 most clients do not offer post-handshake authentication,
    /// and Windows Server 2022 then resets the connection, Server 2025 answers 500 with 0x80070032.
    ///
    /// How it is seen: by the engine that can follow both ways, with the request made.
    WHEN {
        id: "client-authentication/when",
        title: "The client certificate is asked for when clients can answer",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "how IIS asks for client certificates" },
        scope: PROTECTED,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Exchange],
        remedy: "Let the binding negotiate the client certificate in the handshake (netsh http … clientcertnegotiation=enable), or turn TLS 1.3 off for it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if let Some(request) = request(subject) {
        return Verdict::pass_with(request.when.name());
    }
    let labels = [OfferLabel::Client, OfferLabel::Stranger, OfferLabel::Anonymous];
    let asked: Vec<_> = labels.iter().filter_map(|label| subject.with_offer(*label)).collect();
    let cannot_ask = asked.iter().any(|seen| {
        seen.exchange
            .as_ref()
            .and_then(|exchange| exchange.answer.as_ref())
            .is_some_and(|answer| answer.status == 500 && answer.body.contains("80070032"))
    });
    if cannot_ask {
        return Evidence::new("The server wants the certificate after a TLS 1.3 handshake and cannot ask for it.")
            .because(&causes::LATE_REQUEST_IMPOSSIBLE)
            .expected("a request in the handshake, by renegotiation, or by post-handshake authentication")
            .observed("500 with 0x80070032")
            .cause("The binding does not negotiate client certificates, and TLS 1.3 has no renegotiation.")
            .fail();
    }
    let followed = asked.iter().any(|seen| seen.engine.follows_late_requests() && seen.exchange.is_some());
    let answered = asked.iter().any(|seen| seen.exchange.as_ref().is_some_and(|exchange| exchange.answer.is_some()));
    if asked.iter().any(|seen| seen.engine.follows_late_requests() && seen.handshake.later == LaterHandshake::Asked) {
        return Verdict::pass_with("renegotiation, which did not come to its end");
    }
    match (answered, followed) {
        (true, true) => Verdict::pass_with("never"),
        (true, false) => Verdict::unknown(
            "the engine used cannot be asked after the request",
            EngineId::option(|can| can.follows_late_requests),
        ),
        (false, _) => not_requested(subject),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Anonymous;
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let asking = |when| {
            healthy().handshakes(move |handshake| {
                handshake.client_certificate_request =
                    Some(ClientCertificateRequest { when, accepted_issuers: Vec::new() });
            })
        };
        vec![
            Case::passes("in the handshake", asking(RequestedWhen::Handshake)),
            Case::passes("by renegotiation", asking(RequestedWhen::Renegotiation)),
            Case::passes("never", healthy().answering(Anonymous, 200, "")),
            Case::fails("it cannot ask", healthy().answering(Anonymous, 500, "0x80070032"), "0x80070032"),
            Case::not_applicable("nothing was asked for", healthy()),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
