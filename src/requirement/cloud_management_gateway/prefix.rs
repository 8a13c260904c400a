//! `cloud-management-gateway/prefix`

use std::net::IpAddr;

use super::GATEWAYS;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// The first label of the service name has 3 to 24 lower-case letters and digits, and nothing else: Azure names the
    /// gateway's resources by it.
    ///
    /// Who is hurt: whoever sets the gateway up: Azure refuses the name, and no gateway comes about; the certificate that
    /// was bought for it has to be bought again.
    ///
    /// How it is seen: in the service name, as the definition writes it. Where `inspect` is given none, in the common name
    /// of the gateway's certificate; a wildcard leaves it open.
    PREFIX {
        id: "cloud-management-gateway/prefix",
        title: "The service name begins with a label that Azure takes",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CMGCERT, place: "the globally unique name: 3 to 24 letters and digits" },
        scope: GATEWAYS,
        evidence: &[EvidenceSource::Definition],
        remedy: "Choose a service name whose first label has 3 to 24 lower-case letters and digits.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let Some(name) = service_name(subject) else { return Verdict::NotApplicable("no service name is given") };
    if name.parse::<IpAddr>().is_ok() {
        return Verdict::NotApplicable("an address was dialled, not a name");
    }
    let prefix = name.split('.').next().unwrap_or_default();
    let is_taken = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    if (3..=24).contains(&prefix.len()) && prefix.bytes().all(is_taken) {
        return Verdict::pass_with(prefix);
    }
    Evidence::new("Azure does not take the first label of the service name.")
        .expected("3 to 24 lower-case letters and digits")
        .observed(format!("{prefix}, {}", counted(prefix.chars().count(), "character")))
        .because(&cause::PREFIX)
        .culprit(Culprit::Definition(name.into()))
        .fail()
}

/// The service name: the one dialled. Where only a certificate is looked at, the one it names, of which it is the common
/// name; a wildcard leaves the first label open.
fn service_name<'a>(subject: &'a TargetSubject<'_>) -> Option<&'a str> {
    let dialled = subject.target.name.as_str();
    if !dialled.is_empty() {
        return Some(dialled);
    }
    let facts = subject.endpoints.iter().find_map(|endpoint| endpoint.met.first()?.leaf().facts())?;
    let common = facts.subject.common_names.iter().map(|name| name.text.as_str());
    common.into_iter().find(|name| name.contains('.')).filter(|name| !name.starts_with('*'))
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::CloudManagementGateway;
    use crate::site::name::HostName;

    pub(super) fn all() -> Vec<Case> {
        let named = |name: &str| {
            let name = HostName::new(name);
            World::of(CloudManagementGateway, |r| r).target(|target| target.name = name)
        };
        let alone = |cn: &'static str| {
            let nameless = HostName::new("");
            World::of(CloudManagementGateway, move |r| r.cn(cn)).target(|target| target.name = nameless)
        };
        vec![
            Case::passes("three letters", named("cmg.contoso.com")),
            Case::passes("twenty-four", named("contoso1contoso2contoso3.contoso.com")),
            Case::fails("two letters", named("cm.contoso.com"), "2 characters"),
            Case::fails("twenty-five", named("contoso1contoso2contoso34.contoso.com"), "25 characters"),
            Case::fails("a hyphen", named("contoso-cmg.contoso.com"), "contoso-cmg"),
            Case::fails("a capital", named("Cmg.contoso.com"), "Cmg"),
            Case::passes("of a certificate alone, by its common name", alone("cmg.contoso.com")),
            Case::fails("two letters on a certificate alone", alone("cm.cloudapp.net"), "2 characters"),
            Case::not_applicable("a wildcard on a certificate alone", alone("*.contoso.com")),
            Case::not_applicable("an address", named("203.0.113.10")),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
