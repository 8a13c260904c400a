//! `proxy/bridges-client`

use crate::observation::Observation;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{
    INNER_LEG_SHOWS_NOTHING, Outcome, names_wrong_principal, not_asked_as_client, status_text,
};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// With the site's client certificate a request gets through the bridging proxy to the published role; without
    /// one it is refused.
    ///
    /// Who is hurt: Internet clients that do not get through; and the site, where a proxy that authenticates itself
    /// inside lets anybody through.
    ///
    /// How it is seen: the published role's path is asked for at the proxy, with the definition's client certificate and
    /// without. Error 500 with a wrong principal name (0x80090322) is ISA Server's way to say that the name it calls
    /// the site system by is neither the Subject nor the first Subject Alternative Name of that system's
    /// certificate: ISA 2004 reads no Subject Alternative Name at all, ISA 2006 only the first.
    BRIDGES_CLIENT {
        id: "proxy/bridges-client",
        title: "The bridging proxy lets the site's clients through, and nobody else",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::PROXY, place: "SSL bridging with authentication" },
            Citation { document: &document::IBCM, place: "SSL bridging to SSL: the proxy authenticates the client" },
        ),
        scope: Scope::BRIDGING_PROXIES,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Let the listener require client certificates of the clients' root authorities, give the rule a client certificate for the inner leg, and publish the site system by a name its certificate carries first.",
        check: Check::Endpoint(check),
    }
}

/// What an answer at a proxy comes from, whatever stands behind the proxy.
const TOLD_AS_IT_IS: [&Cause; 3] =
    [&causes::REDIRECTED_ELSEWHERE, &causes::ANSWERED_OTHERWISE, &causes::PROXY_WANTS_CREDENTIALS];

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let anonymous = subject.with_offer(OfferLabel::Anonymous).map(Outcome::of);
    if let Some(Outcome::Served(status)) = anonymous {
        return Evidence::new("The proxy lets requests without a client certificate through.")
            .expected("403, an alert or a reset without a client certificate")
            .observed(format!("{status} without a client certificate"))
            .cause("The listener does not require client certificates, and the proxy authenticates itself on the inner leg.")
            .because(&causes::PROXY_LETS_ANYBODY_IN)
            .fail();
    }
    let Some(seen) = subject.with_offer(OfferLabel::Client) else { return not_asked_as_client(subject) };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let through = |observed: String, words: &str, cause: &'static Cause| {
        Evidence::new("A client of the site does not get through the proxy.")
            .expected("the published role's answer")
            .observed(observed)
            .cause(words)
            .because(cause)
            .fail()
    };
    if let Some(answer) = answer.filter(|answer| names_wrong_principal(answer)) {
        return through(
            format!("{} with a wrong principal name", answer.status),
            "The name the proxy calls the site system by is not the first name in that system's certificate: ISA Server reads no other.",
            &causes::INNER_NAME_DIFFERS,
        );
    }
    // Every management point has its list: where it is not there, the proxy leads elsewhere, or keeps the path back.
    let is_list = seen.exchange.as_ref().is_some_and(|exchange| exchange.path.to_ascii_lowercase().contains("mplist"));
    if let Some(answer) = answer.filter(|answer| is_list && matches!(answer.status, 404 | 410)) {
        return through(
            status_text(answer),
            "The management point's list is not there: the publishing rule lacks the path, or leads to another server or web site.",
            &causes::ROLE_NOT_HERE,
        );
    }
    match Outcome::of(seen) {
        Outcome::Served(_) | Outcome::LetIn(_) => passed(anonymous, seen),
        Outcome::Refused(how) if answer.is_some_and(|answer| answer.sub_status == Some(4)) => through(
            how,
            "403.4: the proxy speaks plain HTTP to the site system, which wants TLS.",
            &causes::INNER_LEG_IS_HTTP,
        ),
        Outcome::Refused(how)
            if answer.is_some_and(|answer| answer.sub_status == Some(7)) && seen.handshake.client_certificate_sent =>
        {
            through(how, INNER_LEG_SHOWS_NOTHING.0, INNER_LEG_SHOWS_NOTHING.1)
        }
        Outcome::Refused(how) => through(
            how,
            "The listener does not take the client's certificate, or the proxy shows the site system no client certificate on the inner leg.",
            &causes::LISTENER_REFUSES_CLIENT,
        ),
        Outcome::Troubled(trouble) if *trouble.cause == causes::ROLE_NOT_HERE => Verdict::unknown(
            format!("nothing of the role answers: {}", trouble.how),
            "a path of the published role that answers",
        ),
        Outcome::Troubled(trouble) if TOLD_AS_IT_IS.contains(&trouble.cause) => {
            through(trouble.how, trouble.words, trouble.cause)
        }
        Outcome::Troubled(trouble) => through(
            trouble.how,
            "The proxy cannot open the inner leg: no certificate for it, a name or a root it does not accept, or the site system is down.",
            &causes::INNER_LEG_FAILS,
        ),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

/// A client got through: whether others do not.
fn passed(anonymous: Option<Outcome>, seen: &Observation) -> Verdict {
    let status =
        seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref()).map_or_else(String::new, status_text);
    match anonymous {
        Some(Outcome::Refused(_)) => Verdict::pass_with(format!("{status} with a client certificate, refused without")),
        Some(Outcome::Undecided(why, decided_by)) => Verdict::unknown(why, decided_by),
        Some(Outcome::Troubled(trouble)) => {
            Verdict::unknown(format!("without a certificate {}", trouble.clause()), "a refusal")
        }
        Some(Outcome::Served(_) | Outcome::LetIn(_)) | None => {
            Verdict::pass_with(format!("{status} with a client certificate"))
        }
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Client};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let proxy = || World::web_server(|r| r).bridging_proxy().answering(Anonymous, 403, "");
        vec![
            Case::passes("through with, refused without", proxy().answering(Client, 200, "<MPList/>")),
            Case::fails(
                "anybody gets through",
                World::web_server(|r| r).bridging_proxy().answering(Anonymous, 200, "<MPList/>"),
                "200 without",
            ),
            Case::fails("the client is refused", proxy().answering(Client, 403, ""), "inner leg"),
            Case::fails(
                "the first name",
                proxy().answering(Client, 500, "The target principal name is incorrect. (0x80090322)"),
                "ISA Server",
            ),
            Case::fails("no inner leg", proxy().answering(Client, 502, ""), "502"),
            Case::unknown("no identity", proxy()),
            Case::fails("plain HTTP inside", proxy().answering(Client, 403, "HTTP Error 403.4"), "plain HTTP"),
            Case::fails("a redirect", proxy().answering(Client, 302, ""), "redirect"),
            Case::passes("404 past the certificate", proxy().answering(Client, 404, "")),
            Case::fails(
                "404 for the list of the management point that is published",
                proxy().answering(Client, 404, "").observations(|seen| {
                    if let Some(exchange) = &mut seen.exchange {
                        exchange.path = "/SMS_MP/.sms_aut?MPLIST".into();
                    }
                }),
                "publishing rule",
            ),
            Case::fails("a status of nobody's", proxy().answering(Client, 418, ""), "418"),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
