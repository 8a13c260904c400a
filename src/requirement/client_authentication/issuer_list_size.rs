//! `client-authentication/issuer-list-size`

use super::ASKING;
use super::accepted_issuers::{not_requested, request};
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

/// Where older Schannel cuts the list, in bytes.
const LIMIT: usize = 16 * 1024;

requirement! {
    /// The list of authorities in the server's request for a client certificate has 16,384 octets at most. Schannel cuts
    /// it there (event 36885; Server 2003 and 2008 even at 12,228, as is remembered of KB 933430): what falls off the end is not accepted, and which authorities that hits
    /// changes with every root update.
    ///
    /// Who is hurt: clients whose root stands behind the cut: they send no certificate, and the server answers 403.7.
    ///
    /// How it is seen: the names in the request, with the two bytes each needs for its length.
    ISSUER_LIST_SIZE {
        id: "client-authentication/issuer-list-size",
        title: "The list of accepted authorities is short enough",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "Schannel's limit for the trusted issuers list" },
        scope: ASKING,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Remove roots the server does not need from its Trusted Root store, give the web site a certificate trust list, or set SendTrustedIssuerList to 0.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(request) = request(subject) else { return not_requested(subject) };
    let size = request.list_length();
    if size <= LIMIT {
        return Verdict::pass_with(format!("{}, {size} bytes", counted(request.accepted_issuers.len(), "name")));
    }
    Evidence::new("The list of accepted authorities is too long for older servers.")
        .because(&causes::ISSUER_LIST_TOO_LONG)
        .expected(format!("{LIMIT} bytes at most"))
        .observed(format!("{}, {size} bytes", counted(request.accepted_issuers.len(), "name")))
        .cause("The server sends every root it trusts.")
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let asking = |bytes: usize| {
            World::web_server(|r| r).handshakes(move |handshake| {
                handshake.client_certificate_request = Some(ClientCertificateRequest {
                    when: RequestedWhen::Handshake,
                    accepted_issuers: vec![Der::from(vec![0; bytes - 2])],
                });
            })
        };
        vec![
            Case::passes("at the limit", asking(16_384)),
            Case::fails("one byte above", asking(16_385), "16385 bytes"),
            Case::not_applicable("nobody asked", World::web_server(|r| r)),
            Case::not_applicable("update points ask nobody", asking(100).role(Role::SoftwareUpdatePoint)),
        ]
    }
}
