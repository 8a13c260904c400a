//! `management-point/list-known`

use std::sync::Arc;

use super::MANAGEMENT_POINTS;
use super::answers::Listed;
use super::list::listed;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::{Culprit, catalogue as causes};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Every management point in the list a management point hands out is one the definition names.
    ///
    /// Who is hurt: nobody as long as all of them are well; but what the definition does not name is not looked at, and
    /// clients are sent there all the same: a machine that was taken down, a test server nobody remembers.
    ///
    /// How it is seen: the FQDN of each member, or its name where it has none, against the names of the definition's
    /// systems and clusters. One that bears a system's computer name beside another FQDN is that system, listed under a
    /// name the definition does not have.
    LIST_KNOWN {
        id: "management-point/list-known",
        title: "The management point lists none but what the definition names",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "the management points clients are told of" },
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange, EvidenceSource::Definition],
        remedy: "Add the management point to the definition, or remove its role in the console if it is gone.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let site = subject.basis.site;
    if site.systems.is_empty() {
        return Verdict::NotApplicable("no definition says which management points there are");
    }
    let Some(list) = listed(subject) else {
        return Verdict::NotApplicable("no list was had: management-point/list tells");
    };
    let of_systems = site
        .systems
        .iter()
        .flat_map(|one| [Some(&one.netbios), one.intranet_fqdn.as_ref(), one.internet_fqdn.as_ref()]);
    let of_clusters = site.clusters.iter().flat_map(|one| [one.intranet_fqdn.as_ref(), one.internet_fqdn.as_ref()]);
    let known: Vec<_> = of_systems.chain(of_clusters).flatten().collect();
    let strange: Vec<&Listed> = list
        .iter()
        .filter(|one| match &one.fqdn {
            Some(fqdn) => !known.contains(&fqdn),
            None => !known.iter().any(|name| name.as_str().eq_ignore_ascii_case(&one.name)),
        })
        .collect();
    if strange.is_empty() {
        return Verdict::pass_with(format!("{} management points", list.len()));
    }
    let system = |one: &Listed| site.systems.iter().find(|system| system.name.eq_ignore_ascii_case(&one.name));
    let is_unknown = |one: &&&Listed| system(one).is_none();
    let words =
        |one: &Listed| one.fqdn.as_ref().map_or_else(|| one.name.clone(), |fqdn| format!("{} ({fqdn})", one.name));
    let seen = strange.iter().take(20).map(|one| words(one));
    let evidence = Evidence::new("The list names management points that the definition does not.")
        .expected("the definition's systems")
        .observed_all(seen);
    let renamed = strange.first().and_then(|one| system(one)).filter(|_| !strange.iter().any(|one| is_unknown(&one)));
    match renamed {
        Some(system) => evidence
            .cause("The site knows a management point of the definition by another name.")
            .because(&causes::LISTED_UNDER_OTHER_NAME)
            .culprit(Culprit::Definition(Arc::clone(&system.name))),
        None => evidence
            .cause("The definition is older than the site, or the site keeps a management point that is gone.")
            .because(&causes::LIST_KNOWN),
    }
    .fail()
}

#[cfg(test)]
mod cases {
    use crate::plan::OfferLabel::Client;
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::Site;
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let known = || {
            let text = format!(
                "[site]\ncode = \"PRI\"\n[[system]]\nname = \"MP01\"\nintranet_fqdn = \"{INTRANET}\"\nroles = [\"management-point\"]"
            );
            let site = Site::from_toml(&text, std::path::Path::new("")).expect("a definition that can be read");
            World::web_server(|r| r).site(|own| own.systems = site.systems)
        };
        let list = |fqdn: &str| {
            format!("<MPList><MP Name=\"MP\" FQDN=\"{INTRANET}\"/><MP Name=\"M2\" FQDN=\"{fqdn}\"/></MPList>")
        };
        vec![
            Case::passes("known", known().answering(Client, 200, &list(INTRANET))),
            Case::fails("one more", known().answering(Client, 200, &list("old.contoso.com")), "old.contoso.com"),
            Case::fails(
                "one of the definition's by another name",
                known().answering(
                    Client,
                    200,
                    "<MPList><MP Name=\"mp01\" FQDN=\"old.contoso.com\"/></MPList>",
                ),
                "listed-under-other-name",
            ),
            Case::fails(
                "that, and one more",
                known().answering(
                    Client,
                    200,
                    "<MPList><MP Name=\"MP01\" FQDN=\"old.contoso.com\"/><MP Name=\"M2\" FQDN=\"m2.contoso.com\"/></MPList>",
                ),
                "Cause(list-known)",
            ),
            Case::not_applicable("no definition", World::web_server(|r| r).answering(Client, 200, &list(INTRANET))),
            Case::not_applicable("no list", known().answering(Client, 403, "")),
            Case::not_applicable("another role", known().role(Role::DistributionPoint)),
        ]
    }
}
