//! `software-update-point/http-content`

use crate::observation::failure::Stop;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The update point's plain HTTP twin answers beside its HTTPS port: content and licence texts are fetched there, by
    /// design, and never over TLS.
    ///
    /// Who is hurt: clients that scan without a fault and then get no update: the files and licence texts are at a port
    /// that somebody closed when the update point was set to SSL.
    ///
    /// How it is seen: the content directory is asked for over HTTP at port 8530 beside 8531, at port 80 beside 443, else
    /// where the definition says (`software-update-point-http`); any answer of a web server will do. Where the twin's port
    /// is not known, the row does not apply.
    HTTP_CONTENT {
        id: "software-update-point/http-content",
        title: "The update point's content is served over plain HTTP",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::SCAN, place: "The HTTP binding of the WSUS web site" },
            Citation { document: &document::CBTLS, place: "Content of a software update point that uses SSL" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::SoftwareUpdatePoint], "software update points"),
        evidence: &[EvidenceSource::Connection, EvidenceSource::Exchange],
        remedy: "Keep the http binding of the WSUS web site and open its port to clients: SSL is required on the five service directories only, never on the whole site.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::PlainContent) else {
        return Verdict::NotApplicable("where its plain HTTP twin is was not said, or was not asked");
    };
    let failed = |observed: String, words: &str, cause: &'static Cause| {
        Evidence::new("The update point's content cannot be had over plain HTTP.")
            .expected(format!("an answer at port {}", subject.target.http_port))
            .observed(observed)
            .cause(words)
            .because(cause)
            .fail()
    };
    if let Some(answer) = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()) {
        return match (answer.status, answer.sub_status) {
            (403, Some(4)) => failed(
                "403.4: SSL is required".into(),
                "The port answers, and wants TLS for content, too.",
                &causes::HTTP_WANTS_TLS,
            ),
            (500..=599, _) => {
                failed(status_text(answer), "The port answers, and what answers fails.", &causes::HTTP_TWIN_FAILS)
            }
            _ => Verdict::pass_with(status_text(answer)),
        };
    }
    match &seen.stopped {
        Some(failure)
            if failure.stop.is_not_attempted()
                || failure.is(crate::observation::failure::ConnectFailure::LocalLimit)
                || failure.is(crate::observation::failure::ConnectFailure::SourceAddressUnusable) =>
        {
            Verdict::unknown(format!("it was not asked: {}", failure.words()), "a run that asks for it")
        }
        Some(failure) => match failure.stop {
            Stop::Connect(_) | Stop::Exchange(_) => failed(
                failure.words().into_owned(),
                "The http binding was removed or its port closed when the update point was set to SSL.",
                &causes::HTTP_CONTENT,
            ),
            Stop::Resolve(_) | Stop::Handshake(_) => Verdict::unknown(failure.words(), "an answer over plain HTTP"),
        },
        None => Verdict::unknown("no answer was recorded", "a run that asks for it"),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::PlainContent;
    use super::Role;
    use crate::observation::failure::{ConnectFailure, Failure};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::SoftwareUpdatePoint);
        let stopped = |how: ConnectFailure| {
            point().also(PlainContent, move |seen| seen.stopped = Some(Failure::new(how, "the network's words")))
        };
        vec![
            Case::passes("listing denied", point().answering(PlainContent, 403, "HTTP Error 403.14")),
            Case::passes("nothing by that name", point().answering(PlainContent, 404, "")),
            Case::fails(
                "SSL on the whole site",
                point().answering(PlainContent, 403, "HTTP Error 403.4"),
                "http-wants-tls",
            ),
            Case::fails("an error", point().answering(PlainContent, 503, ""), "http-twin-fails"),
            Case::fails("closed", stopped(ConnectFailure::Refused), "the network's words"),
            Case::unknown("this machine's limit", stopped(ConnectFailure::LocalLimit)),
            Case::not_applicable("not asked", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
