//! `management-point/list`

use super::answers::{Listed, begins_as_list, is_compressed, management_points};
use super::{MANAGEMENT_POINTS, answered};
use crate::observation::Observation;
use crate::observation::failure::HandshakeFailure;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, Trouble, trouble};
use crate::requirement::client_authentication::page;
use crate::requirement::enhanced_http;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// `/SMS_MP/.sms_aut?MPLIST` is answered with 200 and a list of management points in which this one stands by the
    /// FQDN it is configured with. It is the test the documentation itself gives for a management point.
    ///
    /// Who is hurt: clients that look up their management point in the list: they are sent to a name that does not
    /// answer, or whose certificate is for another.
    ///
    /// How it is seen: the question is asked with the site's client certificate; where the path is open to anybody, the
    /// answer given to anybody is read. A final answer that is no list fails: a redirect, a sign-in page, 404, an answer of
    /// a gateway, a list that breaks off, each by its own cause. The list names every management point of the site, so one healthy answer says
    /// nothing of the others: each is asked by itself. A node of a cluster stands in it by the cluster's name.
    LIST {
        id: "management-point/list",
        title: "The management point's list names it by its FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::MPT, place: "Testing a management point with its MPLIST address" },
            Citation { document: &document::TOOL, place: "what a management point answers to ?MPLIST" },
        ),
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Check mpcontrol.log and the management point's registration in the console; set the intranet FQDN in the site system's properties and let the component reinstall.",
        check: Check::Endpoint(check),
    }
}

/// The offer whose answer is the list: the client's, or where there is none and the path is open, anybody's.
pub(super) fn label(subject: &EndpointSubject<'_>) -> OfferLabel {
    let open = subject.with_offer(OfferLabel::Anonymous).is_some_and(|seen| Outcome::of(seen).is_let_in());
    let has_client = subject.with_offer(OfferLabel::Client).is_some_and(|seen| !is_left_to_anybody(subject, seen));
    if open && !has_client { OfferLabel::Anonymous } else { OfferLabel::Client }
}

/// Whether clients show tokens here and no certificate, and this observation is of one that was not shown.
fn is_left_to_anybody(subject: &EndpointSubject<'_>, seen: &Observation) -> bool {
    let is_withheld = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::NotPresented));
    is_withheld && enhanced_http::serves(subject.basis, subject)
}

/// The list an endpoint gave; `None`: it gave none.
pub(super) fn listed(subject: &EndpointSubject<'_>) -> Option<Vec<Listed>> {
    let answer = answered(subject, label(subject), "the management point's list").ok()?;
    management_points(&answer.body).ok()
}

/// What answers in the management point's place, or fails there; `None`: nothing of the kind.
fn in_its_place(subject: &EndpointSubject<'_>) -> Option<Trouble> {
    let asked = [OfferLabel::Client, OfferLabel::Anonymous];
    let asked = asked.into_iter().filter_map(|label| subject.with_offer(label));
    let asked = asked.into_iter().find(|seen| !is_left_to_anybody(subject, seen))?;
    let exchange = asked.exchange.as_ref();
    // A 404 past the client's certificate lets the client in, and is no list for all that.
    let mut trouble = match exchange.and_then(|exchange| exchange.answer.as_ref()).and_then(trouble) {
        Some(trouble) => trouble,
        None => match Outcome::of(asked) {
            Outcome::Troubled(trouble) => trouble,
            Outcome::Served(_) | Outcome::LetIn(_) | Outcome::Refused(_) | Outcome::Undecided(..) => return None,
        },
    };
    if *trouble.cause == causes::ROLE_FAILS && answered(subject, OfferLabel::ManagementPointCertificate, "").is_ok() {
        trouble.cause = &causes::SITE_DATABASE_UNREACHABLE;
        trouble.words =
            "The management point answers what it knows itself, and fails where it has to ask the site database.";
    }
    Some(trouble)
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if let Some(trouble) = in_its_place(subject) {
        return trouble.evidence("The management point's list is not to be had.", "200 with an MPList").fail();
    }
    let answer = match answered(subject, label(subject), "the management point's list") {
        Ok(answer) => answer,
        Err(verdict) => return verdict,
    };
    let list = match management_points(&answer.body) {
        Ok(list) => list,
        Err(why) => {
            let (words, cause) = if is_compressed(&answer.body) {
                ("What answers compresses its answers unasked.", &causes::ANSWER_COMPRESSED)
            } else if begins_as_list(&answer.body) {
                (
                    "The management point answers, and its list cannot be read to its end.",
                    &causes::MANAGEMENT_POINT_LIST_MALFORMED,
                )
            } else {
                (
                    "Something else answers for the path: an error page with status 200, a proxy, or another web site.",
                    &causes::NOT_A_LIST,
                )
            };
            return Evidence::new("The answer is no list of management points.")
                .expected("an MPList")
                .observed(why)
                .observed_all(page::shown(answer))
                .cause(words)
                .because(cause)
                .fail();
        }
    };
    let expectation = &subject.target.expectation;
    let by_cluster = expectation.cluster.iter().flat_map(|cluster| [&cluster.intranet_fqdn, &cluster.internet_fqdn]);
    let configured: Vec<&HostName> =
        by_cluster.chain([&expectation.intranet_fqdn, &expectation.internet_fqdn]).flatten().collect();
    let names = |listed: &Listed| {
        let by_fqdn = listed.fqdn.as_ref().is_some_and(|fqdn| configured.contains(&fqdn));
        let by_name = configured.is_empty()
            && expectation.netbios_name.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(&listed.name));
        by_fqdn || by_name
    };
    if configured.is_empty() && expectation.netbios_name.is_none() {
        return if list.is_empty() {
            Evidence::new("The list is empty.")
                .expected("at least one management point")
                .observed("an empty MPList")
                .because(&causes::NOT_IN_LIST)
                .fail()
        } else {
            Verdict::pass_with(format!("{} management points", list.len()))
        };
    }
    if list.iter().any(names) {
        return Verdict::pass_with(format!("one of {} management points", list.len()));
    }
    let by_another_name = expectation
        .netbios_name
        .as_ref()
        .is_some_and(|own| list.iter().any(|listed| own.as_str().eq_ignore_ascii_case(&listed.name)));
    Evidence::new("The list does not name this management point.")
        .expected_all(configured.iter().map(ToString::to_string))
        .observed_all(list.iter().take(20).map(|one| match &one.fqdn {
            Some(fqdn) => format!("{} ({fqdn})", one.name),
            None => format!("{} (no FQDN)", one.name),
        }))
        .observed_all(list.is_empty().then_some("an empty MPList"))
        .because(if by_another_name { &causes::LISTED_UNDER_OTHER_NAME } else { &causes::NOT_IN_LIST })
        .cause("The site system is configured with another name than the definition says, or the management point is not registered.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Client, ManagementPointCertificate};
    use crate::observation::failure::{ExchangeFailure, Failure};
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let stopped = |how: ExchangeFailure| {
            healthy().also(Client, move |seen| seen.stopped = Some(Failure::new(how, "no answer came in time")))
        };
        let cut = |world: World| {
            world.observations(|seen| {
                if let Some(exchange) = &mut seen.exchange {
                    exchange.failure =
                        Some(Failure::new(ExchangeFailure::Closed, "the body was cut short after 8 octets"));
                }
            })
        };
        let list =
            |fqdn: &str| format!(r#"<MPList><MP Name="MP01" FQDN="{fqdn}"><Version>6487</Version></MP></MPList>"#);
        vec![
            Case::passes("named, in any case", healthy().answering(Client, 200, &list(&INTRANET.to_uppercase()))),
            Case::passes("named, and open to anybody", healthy().answering(Anonymous, 200, &list(INTRANET))),
            Case::fails(
                "another name",
                healthy().answering(Client, 200, &list("old.corp.contoso.com")),
                "old.corp.contoso.com",
            ),
            Case::fails(
                "broken off",
                healthy().answering(Client, 200, "<?xml version=\"1.0\"?><MPList><MP Name=\"MP01\">"),
                "management-point-list-malformed",
            ),
            Case::fails(
                "a bare ampersand",
                healthy().answering(Client, 200, "<MPList><MP Name=\"R&D 1\"/></MPList>"),
                "line 1, character",
            ),
            Case::fails("a page", healthy().answering(Client, 200, "<html>"), "not XML"),
            Case::fails("an empty list", healthy().answering(Client, 200, "<MPList/>"), "an empty MPList"),
            Case::fails("nothing there", healthy().answering(Client, 404, ""), "404"),
            Case::fails("gone", healthy().answering(Client, 410, ""), "410"),
            Case::fails(
                "no web site of that name",
                healthy().answering(Client, 400, "Bad Request - Invalid Hostname"),
                "name in its bindings",
            ),
            Case::fails("a proxy that wants a user", healthy().answering(Client, 407, ""), "sign in"),
            Case::unknown(
                "nginx refuses the certificate",
                healthy().answering(Client, 400, "<title>400 The SSL certificate error</title>"),
            ),
            Case::fails("a status of nobody's", healthy().answering(Client, 418, ""), "418"),
            Case::fails(
                "a success without anything in it",
                healthy().answering(Client, 204, ""),
                "the answer is empty",
            ),
            Case::fails("packed", healthy().answering(Client, 200, "\u{1f}\u{fffd}\u{8}"), "answer-compressed"),
            Case::fails("a redirect", healthy().answering(Client, 302, ""), "redirect"),
            Case::fails("no worker", healthy().answering(Client, 503, ""), "application pool"),
            Case::fails("a gateway", healthy().answering(Client, 502, ""), "in front"),
            Case::fails(
                "the site database",
                healthy().answering(Client, 500, "").answering(ManagementPointCertificate, 200, ""),
                "site database",
            ),
            Case::fails("nothing there for anybody", healthy().answering(Anonymous, 404, ""), "404"),
            Case::fails("no answer in time", stopped(ExchangeFailure::Timeout), "no answer"),
            Case::unknown("cut short", cut(healthy().answering(Client, 200, "<MPList>"))),
            Case::unknown("longer than is read", {
                healthy().answering(Client, 200, "<MPList>").observations(|seen| {
                    if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
                        answer.body_cut = true;
                    }
                })
            }),
            Case::unknown("refused", healthy().answering(Client, 403, "")),
            Case::unknown("no identity", healthy()),
            Case::not_applicable("left out", healthy().with_client()),
            Case::not_applicable("another role", healthy().role(Role::DistributionPoint)),
        ]
    }
}
