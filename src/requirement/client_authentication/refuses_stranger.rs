//! `client-authentication/refuses-stranger`

use super::PROTECTED;
use super::outcome::Outcome;
use crate::plan::OfferLabel;
use crate::plan::expectation::Presenter;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The role's protected path, asked with a well-formed client certificate from a root the site does not trust, is
    /// refused. Without a certificate trust list IIS accepts every client certificate that chains to any root the server
    /// trusts, public authorities included; a proxy may accept any certificate at all.
    ///
    /// Who is hurt: the site: anybody who can get a certificate from somewhere is taken for a client.
    ///
    /// How it is seen: by presenting a certificate minted on the spot, with the names of the site's own client where
    /// one is known, under a root that exists nowhere else. A server that refuses it may still trust too many public
    /// roots: only the list of issuers it sends can show that, or an outsider's certificate (refuses-outsider). Where the
    /// door stands open to anybody it proves nothing, and the row does not apply. `--no-stranger` leaves this proof out.
    REFUSES_STRANGER {
        id: "client-authentication/refuses-stranger",
        title: "A client certificate from an untrusted root is refused",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CTL, place: "What a certificate trust list does on site systems" },
            Citation { document: &document::PLAN, place: "PKI trusted root certificates and the certificate issuers list" },
        ),
        scope: PROTECTED,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Let IIS verify client certificates (CertCheckMode 0), give the web site a certificate trust list with the clients' root authorities, and on a proxy name those authorities for its listener.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    refuses(subject, OfferLabel::Stranger, &causes::ANY_CERTIFICATE_TAKEN)
}

/// Whether the client of an offer, who is none of the site's, is kept out where others are.
pub(super) fn refuses(subject: &EndpointSubject<'_>, label: OfferLabel, cause: &'static Cause) -> Verdict {
    let Some(seen) = subject.with_offer(label) else {
        return Verdict::NotApplicable("no such certificate was presented");
    };
    let anonymous = subject.with_offer(OfferLabel::Anonymous).map(Outcome::of);
    if anonymous.is_some_and(|outcome| outcome.is_let_in()) {
        return Verdict::NotApplicable("the door stands open to anybody: client-authentication/demanded tells");
    }
    let let_in = |how: String| {
        Evidence::new("A certificate of somebody else opens the protected path.")
            .expected("403, an alert or a reset for a certificate from a root that is none of the site's")
            .observed(format!("{how} for such a certificate"))
            .cause("Whoever answers asks for a certificate and takes any.")
            .because(match subject.target.expectation.presenter {
                Presenter::BridgingProxy if *cause == causes::ANY_CERTIFICATE_TAKEN => {
                    &causes::PROXY_TAKES_ANY_CERTIFICATE
                }
                _ => cause,
            })
            .fail()
    };
    match Outcome::of(seen) {
        Outcome::Refused(how) => Verdict::pass_with(how),
        Outcome::Served(status) => let_in(status.to_string()),
        Outcome::LetIn(how) => let_in(how),
        Outcome::Troubled(trouble) => Verdict::unknown(
            format!("{}, which is neither a refusal nor an open door", trouble.clause()),
            "an answer of the role",
        ),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Stranger;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        vec![
            Case::passes("403.16", healthy().answering(Stranger, 403, "HTTP Error 403.16")),
            Case::fails("let in", healthy().answering(Stranger, 200, "<MPList/>"), "200 for such a certificate"),
            Case::fails(
                "let in to a file that is not there",
                healthy().answering(Stranger, 404, ""),
                "404 past the certificate",
            ),
            Case::not_applicable(
                "open to anybody",
                healthy().answering(Stranger, 200, "").answering(super::OfferLabel::Anonymous, 200, ""),
            ),
            Case::not_applicable("not asked", healthy()),
            Case::unknown("the server fails", healthy().answering(Stranger, 503, "")),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
