//! `management-point/list-state`

use super::MANAGEMENT_POINTS;
use super::answers::Listed;
use super::list::listed;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The list a management point hands out does not say of this management point that it takes no HTTPS: its `SSLState`
    /// is not 0.
    ///
    /// Who is hurt: clients that go by the list: they ask for an HTTPS management point, find that none says it is one, and
    /// stay where they are or fall back to plain HTTP.
    ///
    /// How it is seen: the `SSLState` among the capabilities of the list's member that bears this management point's name.
    /// Where a release does not tell it, the row does not apply; nor where the definition says
    /// `communication = "enhanced-http"` and the list says 0: so it is with enhanced HTTP.
    LIST_STATE {
        id: "management-point/list-state",
        title: "The list says that the management point takes HTTPS",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "capabilities in the list of management points" },
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Set the role's client connections to HTTPS in the console and wait until the management point has been reinstalled (mpsetup.log, sitecomp.log).",
        check: Check::Endpoint(check),
    }
}

/// What a management point's list says of how this one takes clients, where the definition says otherwise.
pub fn contradicted(subject: &EndpointSubject<'_>) -> Option<u32> {
    if !matches!(subject.target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint)) {
        return None;
    }
    let state = own(subject, &listed(subject)?)?.ssl_state?;
    ((state == 0) != subject.basis.site.is_enhanced_http()).then_some(state)
}

/// What a list says of the management point that hands it out.
fn own<'l>(subject: &EndpointSubject<'_>, list: &'l [Listed]) -> Option<&'l Listed> {
    let expectation = &subject.target.expectation;
    let names = [&expectation.intranet_fqdn, &expectation.internet_fqdn];
    let own: Vec<_> = names.into_iter().flatten().chain([&subject.target.name]).collect();
    list.iter().find(|one| one.fqdn.as_ref().is_some_and(|fqdn| own.contains(&fqdn)))
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(list) = listed(subject) else {
        return Verdict::NotApplicable("no list was had: management-point/list tells");
    };
    let Some(member) = own(subject, &list) else {
        return Verdict::NotApplicable("the list does not name it: management-point/list tells");
    };
    match member.ssl_state {
        None => Verdict::NotApplicable("the list does not say how it takes clients"),
        // Roles are set to HTTP there, and serve HTTPS with what the site made.
        Some(0) if subject.basis.site.is_enhanced_http() => {
            Verdict::NotApplicable("with enhanced HTTP the role is set to HTTP by design")
        }
        Some(0) => Evidence::new("The list says that this management point takes no HTTPS.")
            .expected("an SSLState other than 0")
            .observed("SSLState 0")
            .cause("The role is set to HTTP in the console, whatever listens at its HTTPS port.")
            .because(&causes::LIST_STATE)
            .fail(),
        Some(state) => Verdict::pass_with(format!("SSLState {state}")),
    }
}

#[cfg(test)]
mod cases {
    use crate::plan::OfferLabel::Client;
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::Communication;
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let saying = |property: &str| {
            let list = format!(
                "<MPList><MP Name=\"MP01\" FQDN=\"{INTRANET}\"><Version>9128</Version><Capabilities SchemaVersion=\"1.0\">{property}</Capabilities></MP></MPList>"
            );
            World::web_server(|r| r).answering(Client, 200, &list)
        };
        let enhanced =
            |world: World| world.current_branch().site(|site| site.communication = Communication::EnhancedHttp);
        let state = |value: u32| saying(&format!("<Property Name=\"SSLState\" Value=\"{value}\"/>"));
        vec![
            Case::passes("63", state(63)),
            Case::fails("0", state(0), "SSLState 0"),
            Case::not_applicable("0 with enhanced HTTP", enhanced(state(0))),
            Case::passes("63 with enhanced HTTP", enhanced(state(63))),
            Case::not_applicable("not said", saying("")),
            Case::not_applicable("no list", World::web_server(|r| r).answering(Client, 403, "")),
            Case::not_applicable("another role", state(0).role(Role::DistributionPoint)),
        ]
    }
}
