//! `client-authentication/late-request`

use super::ASKING;
use crate::observation::handshake::RequestedWhen;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::version::ProtocolVersion;

requirement! {
    /// Where TLS 1.3 is settled on, the client certificate is asked for in the handshake and not after it.
    ///
    /// Who is hurt: clients that do not offer post-handshake authentication, which most do not: http.sys of Windows Server
    /// 2022 resets their connection, that of Server 2025 answers 500 with 0x80070032. That Windows' own clients do not
    /// offer it is inferred from other clients of Schannel; hence a warning and no error.
    ///
    /// How it is seen: by the engine that offers it, with the request made: the server asks after the handshake.
    LATE_REQUEST {
        id: "client-authentication/late-request",
        title: "With TLS 1.3 the client certificate is asked for in the handshake",
        severity: SeverityByProfile { native_mode_2007: Severity::Notice, current_branch: Severity::Warning },
        citation: Citation { document: &document::TOOL, place: "how http.sys asks for client certificates in TLS 1.3" },
        scope: ASKING,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Exchange],
        remedy: "Let the binding negotiate the client certificate in the handshake (netsh http add sslcert … clientcertnegotiation=enable), or keep TLS 1.3 off this binding.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let seen = &subject.seen.observations;
    let late = |request: &&crate::observation::handshake::ClientCertificateRequest| {
        request.when == RequestedWhen::PostHandshake
    };
    if seen.iter().filter_map(|seen| seen.handshake.client_certificate_request.as_ref()).any(|request| late(&request)) {
        return Evidence::new("The client certificate is asked for after a TLS 1.3 handshake.")
            .expected("a request in the handshake")
            .observed(RequestedWhen::PostHandshake.name())
            .cause("The binding does not negotiate client certificates, and TLS 1.3 has no renegotiation: clients that cannot be asked late are reset.")
            .because(&causes::LATE_REQUEST)
            .fail();
    }
    let in_tls13 = seen.iter().filter(|seen| seen.handshake.version == Some(ProtocolVersion::TLS1_3));
    match in_tls13.into_iter().any(|seen| seen.handshake.client_certificate_request.is_some()) {
        true => Verdict::pass(),
        false => Verdict::NotApplicable("no certificate was asked for in TLS 1.3"),
    }
}

#[cfg(test)]
mod cases {
    use super::{ProtocolVersion, RequestedWhen};
    use crate::observation::handshake::ClientCertificateRequest;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let asking = |version, when| {
            World::web_server(|r| r).handshakes(move |handshake| {
                handshake.version = Some(version);
                handshake.client_certificate_request =
                    Some(ClientCertificateRequest { when, accepted_issuers: Vec::new() });
            })
        };
        let tls13 = |when| asking(ProtocolVersion::TLS1_3, when);
        vec![
            Case::passes("in the handshake", tls13(RequestedWhen::Handshake)),
            Case::fails("after it", tls13(RequestedWhen::PostHandshake), "post-handshake"),
            Case::not_applicable("TLS 1.2", asking(ProtocolVersion::TLS1_2, RequestedWhen::Renegotiation)),
            Case::not_applicable("nobody asked", World::web_server(|r| r)),
            Case::not_applicable(
                "update points ask nobody",
                tls13(RequestedWhen::PostHandshake).role(Role::SoftwareUpdatePoint),
            ),
        ]
    }
}
