//! `management-point/list`

use super::answers::{Listed, management_points};
use super::{MANAGEMENT_POINTS, answered};
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::Outcome;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
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
    /// answer given to anybody is read. The list names every management point of the site, so one healthy answer says
    /// nothing of the others: each is asked by itself. A node of a cluster stands in it by the cluster's name.
    LIST {
        id: "management-point/list",
        title: "The management point's list names it by its FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::MPT, place: "Testing a management point with its MPLIST address" },
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Check mpcontrol.log and the management point's registration in the site database; set the intranet FQDN in the site system's properties and let the component reinstall.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let open =
        subject.with_offer(OfferLabel::Anonymous).is_some_and(|seen| matches!(Outcome::of(seen), Outcome::Served(_)));
    let label = if open && subject.with_offer(OfferLabel::Client).is_none() {
        OfferLabel::Anonymous
    } else {
        OfferLabel::Client
    };
    let answer = match answered(subject, label, "the management point's list") {
        Ok(answer) => answer,
        Err(verdict) => return verdict,
    };
    let list = match management_points(&answer.body) {
        Ok(list) => list,
        Err(why) => {
            return Evidence::new("The answer is no list of management points.")
                .expected("an MPList")
                .observed(why)
                .cause(
                    "Something else answers for the path: an error page with status 200, a proxy, or another web site.",
                )
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
                .fail()
        } else {
            Verdict::pass_with(format!("{} management points", list.len()))
        };
    }
    if list.iter().any(names) {
        return Verdict::pass_with(format!("one of {} management points", list.len()));
    }
    Evidence::new("The list does not name this management point.")
        .expected_all(configured.iter().map(ToString::to_string))
        .observed_all(list.iter().take(20).map(|one| match &one.fqdn {
            Some(fqdn) => format!("{} ({fqdn})", one.name),
            None => format!("{} (no FQDN)", one.name),
        }))
        .observed_all(list.is_empty().then_some("an empty MPList"))
        .cause("The site system is configured with another name than the definition says, or the management point is not registered.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Client};
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
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
            Case::fails("a page", healthy().answering(Client, 200, "<html>"), "not XML"),
            Case::fails("an empty list", healthy().answering(Client, 200, "<MPList/>"), "an empty MPList"),
            Case::unknown("refused", healthy().answering(Client, 403, "")),
            Case::unknown("not asked", healthy()),
            Case::not_applicable("another role", healthy().role(Role::DistributionPoint)),
        ]
    }
}
