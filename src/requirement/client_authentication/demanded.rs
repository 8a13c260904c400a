//! `client-authentication/demanded`

use super::PROTECTED;
use super::outcome::Outcome;
use crate::plan::OfferLabel;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The role's protected path, asked without a client certificate, is refused: with 403, with an alert, or by a
    /// reset. In native mode client and server prove themselves to each other; a path that answers anybody is not in
    /// native mode, whatever the console says. Current Branch management points may know their clients by other means
    /// (Windows authentication, tokens), so there this is worth knowing and no more.
    ///
    /// Who is hurt: the site, not the clients: policy, with whatever stands in it, is handed to whoever asks.
    ///
    /// How it is seen: by asking for the path with no certificate to show. IIS asks for a certificate after it has read
    /// the request, so a handshake without a request for one decides nothing. A path that is not there, a redirect
    /// or a server error is neither a refusal nor an open door. Directories that are open by design
    /// (`…_ALTAUTH`, `NOCERT_…`) are never asked here.
    DEMANDED {
        id: "client-authentication/demanded",
        title: "Without a client certificate the protected path is refused",
        severity: SeverityByProfile { native_mode_2007: Severity::Error, current_branch: Severity::Notice },
        citation: Citation { document: &document::CRNM, place: "Client computers, how the certificate is used" },
        scope: PROTECTED,
        evidence: &[EvidenceSource::Exchange],
        remedy: "In IIS, set SSL settings of the role's virtual directory to require SSL and require client certificates; check that the site is in native mode.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Anonymous) else {
        return Verdict::unknown("the protected path was not asked for", "a run without --no-http");
    };
    match Outcome::of(seen) {
        Outcome::Refused(how) => Verdict::pass_with(how),
        Outcome::Served(status) => Evidence::new("The protected path is open to anybody.")
            .expected("403, an alert or a reset without a client certificate")
            .observed(format!("{status} without a client certificate"))
            .cause("The virtual directory does not require client certificates, or something before the server answers for it.")
            .fail(),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Anonymous;
    use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure, Stop};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::wire::alert::Alert;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let stopped = |stop: Stop| {
            healthy().also(Anonymous, move |seen| seen.stopped = Some(Failure::new(stop, "the peer's way to end it")))
        };
        vec![
            Case::passes("403", healthy().answering(Anonymous, 403, "")),
            Case::passes("a reset after the request", stopped(ExchangeFailure::Reset.into())),
            Case::passes(
                "an alert that asks for a certificate",
                healthy().also(Anonymous, |seen| {
                    seen.handshake.alerts = vec![Alert { level: Some(2), description: 116 }];
                    seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "certificate_required (116)"));
                }),
            ),
            Case::fails("200", healthy().answering(Anonymous, 200, "<MPList/>"), "200 without a client certificate"),
            Case::unknown("not asked", healthy()),
            Case::unknown("no such path", healthy().answering(Anonymous, 404, "")),
            Case::unknown("a reset before anything was asked", stopped(HandshakeFailure::Reset.into())),
            Case::unknown("silence", stopped(ExchangeFailure::Timeout.into())),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
