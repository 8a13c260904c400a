//! `proxy/no-plain-http`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::requirement::reachability::http_closed::unanswered;
use crate::rule::scope::{Presenters, Scope};
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The proxy does not serve the published paths over plain HTTP. Bridging from HTTPS to HTTP and from HTTP to
    /// HTTPS are both unsupported.
    ///
    /// Who is hurt: Internet clients whose traffic crosses the Internet in clear, without either side proving itself.
    ///
    /// How it is seen: the published path is asked for on the HTTP port of the proxy. A refusal, 403 or a redirect to
    /// https is right; the role's own answer is not. How the proxy speaks to the site system behind it cannot be seen
    /// from outside.
    NO_PLAIN_HTTP {
        id: "proxy/no-plain-http",
        title: "The proxy does not serve the published paths over plain HTTP",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::PROXY, place: "Unsupported: HTTPS to HTTP and HTTP to HTTPS bridging" },
            Citation { document: &document::IBCM, place: "Not supported: bridging from HTTP to HTTPS, or from HTTPS to HTTP" },
        ),
        scope: Scope { presenters: Presenters::Proxies, words: "proxy web servers", ..Scope::EVERY_ENDPOINT },
        evidence: &[EvidenceSource::Exchange],
        remedy: "Remove the HTTP listener from the publishing rule, or let it answer with a refusal only.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::PlainHttp) else {
        return Verdict::NotApplicable("plain HTTP was not asked");
    };
    let Some(answer) = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()) else {
        let of_exchange = seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref());
        return match seen.stopped.as_ref().or(of_exchange) {
            Some(failure) => unanswered(failure),
            None => Verdict::unknown("no answer was recorded", "a run that asks the HTTP port"),
        };
    };
    let status = status_text(answer);
    match answer.status {
        200..=299 => Evidence::new("The proxy serves a published path over plain HTTP.")
            .expected("a refusal, 403, or a redirect to https")
            .observed(status)
            .because(&cause::SERVES_HTTP)
            .fail(),
        300..=399 => match answer.location.as_deref() {
            Some(to) if to.to_ascii_lowercase().starts_with("https:") => {
                Verdict::pass_with(format!("{status}, to {to}"))
            }
            to => Verdict::unknown(
                format!("plain HTTP leads on to {}, which was not followed", to.unwrap_or("nowhere")),
                "asking there",
            ),
        },
        500..=599 => {
            Verdict::unknown(format!("the proxy failed over plain HTTP ({status})"), "an answer other than 5xx")
        }
        _ => Verdict::pass_with(status),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::PlainHttp;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let proxy = || World::web_server(|r| r).bridging_proxy();
        vec![
            Case::passes("forbidden", proxy().answering(PlainHttp, 403, "")),
            Case::fails("served", proxy().answering(PlainHttp, 200, "<MPList/>"), "200"),
            Case::not_applicable("not tried", proxy()),
            Case::not_applicable("no proxy", World::web_server(|r| r).answering(PlainHttp, 200, "<MPList/>")),
        ]
    }
}
