//! `cloud-management-gateway/service-name`

use crate::certificate::Facts;
use crate::requirement::quality::names::dialled;
use crate::requirement::web_server::names::is_taken_for;
use crate::rule::credential::Credential;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The common name of the gateway's certificate is the service name clients dial. From it the console reads what the
    /// gateway is to be called; a wildcard for the domain counts, and the name is then typed in.
    ///
    /// Who is hurt: whoever sets the gateway up or renews its certificate: with another common name the gateway is called
    /// by another name, and clients on the Internet dial one that is not there.
    ///
    /// How it is seen: the common names of the certificate, met in the handshake or in its file, against the service name.
    /// That a client finds the name among the alternative names does not settle it: client-accepts-name tells of that.
    SERVICE_NAME {
        id: "cloud-management-gateway/service-name",
        title: "The common name of the gateway's certificate is the service name",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CMGCERT, place: "the certificate's common name is the service name" },
        scope: Scope::files(&[Use::CloudManagementGateway], "cloud management gateways' certificates").only_in(Profile::CurrentBranch),
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        remedy: "Issue a certificate with the service name as its common name; a wildcard of its domain counts.",
        check: Check::OfUse(Use::CloudManagementGateway, judge),
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let Some(service) = dialled(of).filter(|name| !name.is_empty()) else {
        return Verdict::NotApplicable("no service name is given");
    };
    let names: Vec<&str> = facts.subject.common_names.iter().map(|cn| cn.text.as_str()).collect();
    if let Some(name) = names.iter().find(|name| is_taken_for(name, service)) {
        return Verdict::pass_with(*name);
    }
    let found = if names.is_empty() { vec!["no common name"] } else { names };
    of.evidence("The common name is not the service name.")
        .expected(service)
        .observed_all(found.into_iter().map(str::to_owned))
        .because(&cause::SERVICE_NAME)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, GATEWAY, World, lab};
    use crate::rule::usage::Use::CloudManagementGateway;
    use crate::site::name::HostName;

    pub(super) fn all() -> Vec<Case> {
        let met = |cn: &'static str| World::of(CloudManagementGateway, move |r| r.cn(cn).dns(&[GATEWAY]));
        let in_file = |cn: &str| {
            World::file(CloudManagementGateway, &lab().web_server(&[GATEWAY]).cn(cn))
                .current_branch()
                .target(|target| target.name = HostName::new(GATEWAY))
        };
        vec![
            Case::passes("the service name", met(GATEWAY)),
            Case::passes("in capitals", met("CMG.Contoso.com")),
            Case::passes("a wildcard of its domain", met("*.contoso.com")),
            Case::fails("another, and the name among the alternatives", met("gate.contoso.com"), "gate.contoso.com"),
            Case::fails("a wildcard of another domain", met("*.fabrikam.com"), "*.fabrikam.com"),
            Case::fails("none", World::of(CloudManagementGateway, |r| r.no_cn()), "no common name"),
            Case::passes("in a file", in_file(GATEWAY)),
            Case::fails("another in a file", in_file("gate.contoso.com"), "gate.contoso.com"),
            Case::unknown("nothing listens", met(GATEWAY).refused()),
            Case::nothing("a site system", World::web_server(|r| r).current_branch()),
        ]
    }
}
