//! `reachability/http-closed`

use crate::observation::exchange::Answer;
use crate::observation::failure::{ConnectFailure, ExchangeFailure, Failure, Stop};
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Unknown, Verdict};

requirement! {
    /// In native mode the management point does not hand out its list over plain HTTP: port 80 is closed, refuses, or
    /// leads to HTTPS.
    ///
    /// Who is hurt: the site's security, and clients by confusion. Over HTTP nobody authenticates and anybody on the way
    /// reads policy and inventory; and a management point that still answers there is one whose site is in mixed mode, or
    /// a second one nobody remembers, so that clients get different answers from the same computer.
    ///
    /// How it is seen: by asking `/SMS_MP/.sms_aut?MPLIST` over plain HTTP. A refused or unanswered connection is right,
    /// and so are 403 (IIS logs 403.4: SSL required), any other refusal and a redirect to https. It fails where the list
    /// itself comes back. A failure of the server (5xx) or a redirect to another http address leaves it unknown; a run
    /// that makes no HTTP requests leaves it out. Fallback status points, server locator points and the content of software
    /// update points use HTTP by design and are not asked. A Current Branch site may serve both on purpose (HTTPS or
    /// HTTP), so there it is a warning.
    HTTP_CLOSED {
        id: "reachability/http-closed",
        title: "Port 80 does not serve the management point's list",
        severity: SeverityByProfile { native_mode_2007: Severity::Error, current_branch: Severity::Warning },
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Site system roles that clients connect to over HTTPS in native mode" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, how it is used" },
        ),
        scope: Scope::WEB_ROLES.only_roles(&[Role::ManagementPoint, Role::ProxyManagementPoint], "management points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Require SSL on the SMS_MP virtual directories (the site does so when it is switched to native mode; have it reinstall the management point if it did not), and close port 80 to clients where nothing else needs it.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::PlainHttp) else {
        return Verdict::NotApplicable("plain HTTP was not asked");
    };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    if let Some(answer) = answer {
        return judge(answer);
    }
    let of_exchange = seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref());
    match seen.stopped.as_ref().or(of_exchange) {
        Some(failure) => unanswered(failure),
        None => Verdict::unknown("no answer was recorded", "a run that asks port 80"),
    }
}

fn judge(answer: &Answer) -> Verdict {
    let status = status_text(answer);
    match answer.status {
        200..=299 if answer.body.to_ascii_lowercase().contains("<mplist") => {
            Evidence::new("The management point hands out its list over plain HTTP.")
                .because(&causes::HTTP_STILL_OPEN)
                .expected("no connection, 403, or a redirect to https")
                .observed(format!("{status}, with a list of management points"))
                .cause("The site is in mixed mode, SSL is not required on the SMS_MP virtual directory, or a second management point serves the same address.")
                .fail()
        }
        300..=399 => match answer.location.as_deref() {
            Some(location) if location.to_ascii_lowercase().starts_with("https:") => {
                Verdict::pass_with(format!("{status}, to {location}"))
            }
            location => Verdict::unknown(
                format!("plain HTTP leads on to {}, which was not followed", location.unwrap_or("nowhere")),
                "asking there",
            ),
        },
        500..=599 => Verdict::unknown(
            format!("the server failed over plain HTTP ({status}): what it would hand out is not known"),
            "an answer other than 5xx",
        ),
        _ => Verdict::pass_with(format!("plain HTTP is answered with {status}, not with a list")),
    }
}

/// The verdict where plain HTTP gave no answer; shared with the row on proxies.
pub(crate) fn unanswered(failure: &Failure) -> Verdict {
    let unknown = || {
        Verdict::Unknown(Unknown {
            why: format!("plain HTTP gave no answer to judge: {}", failure.detail),
            decided_by: "a run that gets an answer".into(),
        })
    };
    match failure.stop {
        Stop::Connect(
            ConnectFailure::NotAttempted
            | ConnectFailure::LocalLimit
            | ConnectFailure::SourceAddressUnusable
            | ConnectFailure::Proxy(_),
        ) => unknown(),
        Stop::Connect(_)
        | Stop::Exchange(ExchangeFailure::Reset | ExchangeFailure::Closed | ExchangeFailure::HttpError) => {
            Verdict::pass_with(failure.detail.clone())
        }
        Stop::Resolve(_) | Stop::Handshake(_) | Stop::Exchange(_) => unknown(),
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{ConnectFailure, ExchangeFailure, Failure, Stop};
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    const LIST: &str = "<MPList><MP Name=\"MP01\" FQDN=\"mp01.corp.contoso.com\"></MP></MPList>";

    fn answered(status: u16, body: &str) -> World {
        World::web_server(|r| r).answering(OfferLabel::PlainHttp, status, body)
    }

    fn stopped(stop: impl Into<Stop> + Copy) -> World {
        World::web_server(|r| r).also(OfferLabel::PlainHttp, move |seen| {
            seen.engine = EngineId::Plain;
            seen.stopped = Some(Failure::new(stop, "the network's words"));
        })
    }

    fn redirected(location: &'static str) -> World {
        answered(302, "").observations(|seen| {
            if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
                answer.location = Some(location.into());
            }
        })
    }

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("refused", stopped(ConnectFailure::Refused)),
            Case::passes("dropped", stopped(ConnectFailure::Timeout)),
            Case::passes("reset when asked", stopped(ExchangeFailure::Reset)),
            Case::passes("no HTTP there", stopped(ExchangeFailure::HttpError)),
            Case::passes("SSL required", answered(403, "HTTP Error 403.4 - Forbidden: SSL is required")),
            Case::passes("not found", answered(404, "")),
            Case::passes("asks who is there", answered(401, "")),
            Case::passes("another web site", answered(200, "<html>Welcome</html>")),
            Case::passes("leads to https", redirected("https://mp01.corp.contoso.com/SMS_MP/.sms_aut?MPLIST")),
            Case::fails("the list", answered(200, LIST), "200, with a list"),
            Case::fails(
                "the list, in a Current Branch site",
                answered(200, &LIST.to_lowercase()).current_branch(),
                "with a list",
            ),
            Case::unknown("leads to another http address", redirected("http://other.contoso.com/")),
            Case::unknown("fails", answered(500, "")),
            Case::unknown("no answer in time", stopped(ExchangeFailure::Timeout)),
            Case::unknown("not attempted", stopped(ConnectFailure::NotAttempted)),
            Case::not_applicable("not asked", World::web_server(|r| r)),
            Case::not_applicable("a distribution point", answered(200, LIST).role(Role::DistributionPoint)),
            Case::not_applicable("a bridging proxy has its own row", answered(200, LIST).bridging_proxy()),
        ]
    }
}
