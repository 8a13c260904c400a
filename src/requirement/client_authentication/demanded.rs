//! `client-authentication/demanded`

use super::PROTECTED;
use super::outcome::Outcome;
use crate::plan::OfferLabel;
use crate::plan::expectation::Presenter;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
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
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Client computers, how the certificate is used" },
            Citation { document: &document::CB, place: "PKI certificates for clients: Windows computers, how the certificate is used" },
        ),
        scope: PROTECTED,
        evidence: &[EvidenceSource::Exchange],
        remedy: "In IIS, set SSL settings of the role's virtual directory to require SSL and require client certificates; check that the site is in native mode.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Anonymous) else {
        return Verdict::NotApplicable("the protected path was not asked for");
    };
    let (words, cause) = match subject.target.expectation.presenter {
        Presenter::BridgingProxy => (
            "The proxy's listener requires no client certificate, and the proxy authenticates itself on the inner leg.",
            &causes::PROXY_LETS_ANYBODY_IN,
        ),
        Presenter::SiteSystem | Presenter::Cluster | Presenter::Unknown => (
            "The virtual directory does not require client certificates, or something before the server answers for it.",
            &causes::CERTIFICATE_NOT_REQUIRED,
        ),
    };
    let open = |how: String| {
        Evidence::new("The protected path is open to anybody.")
            .expected("403, an alert or a reset without a client certificate")
            .observed(format!("{how} without a client certificate"))
            .cause(words)
            .because(cause)
            .fail()
    };
    match Outcome::of(seen) {
        Outcome::Refused(how) => Verdict::pass_with(how),
        Outcome::Served(status) => open(status.to_string()),
        Outcome::LetIn(how) => open(how),
        Outcome::Troubled(trouble) if *trouble.cause == causes::ROLE_NOT_HERE && is_there(subject) => {
            open("404 for a file that is not there".into())
        }
        Outcome::Troubled(trouble) => Verdict::unknown(
            format!("{}, which is neither a refusal nor an open door", trouble.clause()),
            "an answer of the role",
        ),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

/// Whether the directory is there: a client is told something else of it than that it is not.
fn is_there(subject: &EndpointSubject<'_>) -> bool {
    let answered = subject.with_offer(OfferLabel::Client).and_then(|seen| seen.exchange.as_ref()?.answer.as_ref());
    subject.target.role == Some(Role::DistributionPoint) && answered.is_some_and(|answer| answer.status != 404)
}

#[cfg(test)]
mod cases {
    use super::OfferLabel;
    use super::OfferLabel::Anonymous;
    use super::Role;
    use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure, Stop};
    use crate::requirement::case::{Case, World};
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
            Case::fails(
                "404 for a file that is not there, in a directory that is",
                healthy().role(Role::DistributionPoint).answering(Anonymous, 404, "").answering(
                    OfferLabel::Client,
                    200,
                    "",
                ),
                "404 for a file",
            ),
            Case::not_applicable("not asked", healthy()),
            Case::unknown("no such path", healthy().answering(Anonymous, 404, "")),
            Case::unknown("a reset before anything was asked", stopped(HandshakeFailure::Reset.into())),
            Case::unknown("silence", stopped(ExchangeFailure::Timeout.into())),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
