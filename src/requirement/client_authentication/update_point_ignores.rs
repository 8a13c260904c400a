//! `client-authentication/update-point-ignores`

use super::outcome::Outcome;
use crate::observation::Observation;
use crate::observation::handshake::LaterHandshake;
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The WSUS directories of a software update point ask nobody for a client certificate: they are to be set to
    /// ignore. The table of native mode lists the update point among the servers a client's certificate authenticates it
    /// to; later documents except it, and the Windows Update Agent has no certificate to show. The later documents are
    /// right, and the table's sentence holds for the other roles.
    ///
    /// Who is hurt: every client that scans for updates: `WindowsUpdate.log` shows 0x80072F0C (client certificate
    /// needed), and the client reports no compliance.
    ///
    /// How it is seen: by asking for a WSUS path without a certificate and watching for a request for one, in the
    /// handshake or after it.
    UPDATE_POINT_IGNORES {
        id: "client-authentication/update-point-ignores",
        title: "The update point asks for no client certificate",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::SCAN, place: "SSL settings of the WSUS virtual directories" },
            Citation { document: &document::CBTLS, place: "SSL settings of the WSUS virtual directories" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::SoftwareUpdatePoint], "software update points"),
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Exchange],
        remedy: "In IIS, set client certificates to Ignore on ApiRemoting30, ClientWebService, DSSAuthWebService, ServerSyncWebService and SimpleAuthWebService.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let evidence = || {
        Evidence::new("The update point asks for a client certificate.")
            .because(&causes::UPDATE_POINT_ASKS_FOR_CERTIFICATE)
            .expected("no request for a client certificate on the WSUS directories")
            .cause("Client certificates are set to Accept or Require on a WSUS directory, or for the whole web site.")
    };
    let requested =
        subject.seen.observations.iter().find_map(|seen| seen.handshake.client_certificate_request.as_ref());
    if let Some(request) = requested {
        return evidence().observed(format!("asked for: {}", request.when.name())).fail();
    }
    if let Some(how) = subject.seen.observations.iter().find_map(wants_certificate) {
        return evidence().observed(how).fail();
    }
    let Some(seen) = subject.with_offer(OfferLabel::Anonymous) else {
        return Verdict::NotApplicable("no WSUS path was asked for");
    };
    match Outcome::of(seen) {
        Outcome::Served(_) | Outcome::LetIn(_) => Verdict::pass(),
        Outcome::Troubled(trouble) => Verdict::unknown(
            format!("{}, and whether it asks for certificates does not show", trouble.clause()),
            "an answer of the update services",
        ),
        // IIS hides its sub-status, and whoever refuses may have other reasons.
        Outcome::Refused(how) => Verdict::unknown(
            format!("the path refuses ({how}), and whether for want of a certificate does not show"),
            "an answer of the update services",
        ),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

/// How a server shows that it wants a client certificate, short of asking for one; `None`: it does not.
pub(in crate::requirement) fn wants_certificate(seen: &Observation) -> Option<String> {
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let handshake = &seen.handshake;
    let refused = answer.filter(|answer| answer.status == 403 && answer.sub_status == Some(7));
    let alert = handshake.alerts.last().filter(|alert| answer.is_none() && alert.about_client_certificate());
    if handshake.later == LaterHandshake::Asked {
        return Some("asked for: renegotiation, which did not come to its end".into());
    }
    refused
        .map(|_| "refused without one: 403.7".into())
        .or_else(|| alert.map(|_| "refused without one: an alert".into()))
}

#[cfg(test)]
mod cases {
    use super::{OfferLabel::Anonymous, Role};
    use crate::observation::failure::{ExchangeFailure, Failure};
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let update_point = || World::web_server(|r| r).role(Role::SoftwareUpdatePoint);
        vec![
            Case::passes("200, and nothing asked", update_point().answering(Anonymous, 200, "")),
            Case::fails(
                "asked for and optional",
                update_point().answering(Anonymous, 200, "").handshakes(|handshake| {
                    handshake.client_certificate_request = Some(ClientCertificateRequest {
                        when: RequestedWhen::Renegotiation,
                        accepted_issuers: Vec::new(),
                    });
                }),
                "renegotiation",
            ),
            Case::fails("required", update_point().answering(Anonymous, 403, "HTTP Error 403.7"), "403.7"),
            Case::unknown("a Windows account is wanted", update_point().answering(Anonymous, 401, "")),
            Case::unknown("TLS is wanted", update_point().answering(Anonymous, 403, "HTTP Error 403.4")),
            Case::unknown("403 without a reason", update_point().answering(Anonymous, 403, "")),
            Case::unknown(
                "closed after the request",
                update_point().also(Anonymous, |seen| {
                    seen.stopped = Some(Failure::new(ExchangeFailure::Closed, "closed"));
                }),
            ),
            Case::not_applicable("not asked", update_point()),
            Case::not_applicable("a management point asks by right", World::web_server(|r| r)),
        ]
    }
}
