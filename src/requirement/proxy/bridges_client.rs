//! `proxy/bridges-client`

use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::Outcome;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
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
        citation: Citation { document: &document::PROXY, place: "SSL bridging with authentication" },
        scope: Scope::BRIDGING_PROXIES,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Let the listener require client certificates of the clients' root authorities, give the rule a client certificate for the inner leg, and publish the site system by a name its certificate carries first.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let anonymous = subject.with_offer(OfferLabel::Anonymous).map(Outcome::of);
    if let Some(Outcome::Served(status)) = anonymous {
        return Evidence::new("The proxy lets requests without a client certificate through.")
            .expected("403, an alert or a reset without a client certificate")
            .observed(format!("{status} without a client certificate"))
            .cause("The listener does not require client certificates, and the proxy authenticates itself on the inner leg.")
            .fail();
    }
    let Some(seen) = subject.with_offer(OfferLabel::Client) else {
        return Verdict::unknown(
            "no client certificate of the site was presented",
            "a [[client]] in the definition, or --cert and --key, or --pfx",
        );
    };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let through = |observed: String, cause: &str| {
        Evidence::new("A client of the site does not get through the proxy.")
            .expected("the published role's answer")
            .observed(observed)
            .cause(cause)
            .fail()
    };
    match (Outcome::of(seen), answer) {
        (Outcome::Served(status), _) => match anonymous {
            Some(Outcome::Refused(_)) => {
                Verdict::pass_with(format!("{status} with a client certificate, refused without"))
            }
            Some(Outcome::Undecided(why, decided_by)) => Verdict::unknown(why, decided_by),
            Some(Outcome::Served(_)) | None => {
                Verdict::unknown("the path was not asked for without a certificate", "a run without --no-http")
            }
        },
        (Outcome::Refused(how), _) => through(
            how,
            "The listener does not trust the client's authority, or the proxy shows the site system no client certificate on the inner leg.",
        ),
        (Outcome::Undecided(..), Some(answer))
            if answer.body.contains("80090322") || answer.body.contains("principal name") =>
        {
            through(
                format!("{} with a wrong principal name", answer.status),
                "The name the proxy calls the site system by is not the first name in that system's certificate: ISA Server reads no other.",
            )
        }
        (Outcome::Undecided(..), Some(answer)) if answer.status >= 500 => through(
            answer.status.to_string(),
            "The proxy cannot open the inner leg: no certificate for it, a name or a root it does not accept, or the site system is down.",
        ),
        (Outcome::Undecided(why, decided_by), _) => Verdict::unknown(why, decided_by),
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
            Case::unknown("no such path", proxy().answering(Client, 404, "")),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
