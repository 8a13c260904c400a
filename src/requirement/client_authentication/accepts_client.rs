//! `client-authentication/accepts-client`

use super::PROTECTED;
use super::outcome::{Outcome, forbidden_cause};
use crate::plan::OfferLabel;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The role's protected path, asked with the site's own client certificate, answers as the role should.
    ///
    /// Who is hurt: every client. It is refused at its management point, `CcmExec.log` and `LocationServices.log` show
    /// status 403 (or WinHTTP's 12044, client certificate needed), and it becomes unmanaged.
    ///
    /// How it is seen: by presenting the definition's client certificate when the server asks for it, in the handshake,
    /// by renegotiation or by post-handshake authentication. IIS hides its sub-status from remote clients since
    /// version 7; where it shows, the cause names it. 403.14 (the directory may not be listed) counts as let in.
    ACCEPTS_CLIENT {
        id: "client-authentication/accepts-client",
        title: "The site's own client certificate is accepted",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Client computers, how the certificate is used" },
        scope: PROTECTED,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Import the clients' root authority into the server's Trusted Root store (and its intermediates into Intermediate Certification Authorities, never into Trusted Root), add it to the certificate trust list, and make the revocation list the client certificate names reachable for the server.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Client) else {
        return Verdict::unknown(
            "no client certificate of the site was presented",
            "a [[client]] in the definition, or --cert and --key, or --pfx",
        );
    };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let sub_status = answer.and_then(|answer| answer.sub_status);
    match Outcome::of(seen) {
        Outcome::Served(status) => Verdict::pass_with(status.to_string()),
        Outcome::Refused(_) if sub_status == Some(14) => Verdict::pass_with("403.14, past the client certificate"),
        Outcome::Refused(how) => Evidence::new("The site's own client certificate is refused.")
            .expected("an answer of the role")
            .observed(how)
            .cause(match (answer, seen.handshake.client_certificate_sent) {
                (_, false) => "The server never asked for the certificate on this connection, and refused all the same.",
                (Some(answer), true) if answer.status == 403 => forbidden_cause(sub_status),
                (_, true) => "The server looked at the certificate and ended the connection: it does not trust its authority, or cannot check it.",
            })
            .fail(),
        Outcome::Undecided(why, decided_by) => match answer.map(|answer| answer.status) {
            Some(status @ 500..=599) => Evidence::new("The client was let in, and the role failed.")
                .expected("an answer of the role")
                .observed(status.to_string())
                .cause("The role's application fails on the server; at a management point often its way to the site database.")
                .fail(),
            _ => Verdict::unknown(why, decided_by),
        },
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Client;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        vec![
            Case::passes("200", healthy().answering(Client, 200, "<MPList/>")),
            Case::passes("let in, listing forbidden", healthy().answering(Client, 403, "HTTP Error 403.14")),
            Case::fails("403.13", healthy().answering(Client, 403, "HTTP Error 403.13"), "revocation list"),
            Case::fails("403 without a reason", healthy().answering(Client, 403, ""), "does not say why"),
            Case::fails("the role fails", healthy().answering(Client, 500, ""), "site database"),
            Case::unknown("no identity", healthy()),
            Case::unknown("no such path", healthy().answering(Client, 404, "")),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
