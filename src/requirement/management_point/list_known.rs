//! `management-point/list-known`

use super::MANAGEMENT_POINTS;
use super::list::listed;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Every management point in the list a management point hands out is one the definition names.
    ///
    /// Who is hurt: nobody as long as all of them are well; but what the definition does not name is not looked at, and
    /// clients are sent there all the same: a machine that was taken down, a test server nobody remembers.
    ///
    /// How it is seen: the FQDN of each member, or its name where it has none, against the names of the definition's
    /// systems and clusters.
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
    let strange: Vec<String> = list
        .iter()
        .filter(|one| match &one.fqdn {
            Some(fqdn) => !known.contains(&fqdn),
            None => !known.iter().any(|name| name.as_str().eq_ignore_ascii_case(&one.name)),
        })
        .map(|one| one.fqdn.as_ref().map_or_else(|| one.name.clone(), ToString::to_string))
        .collect();
    if strange.is_empty() {
        return Verdict::pass_with(format!("{} management points", list.len()));
    }
    Evidence::new("The list names management points that the definition does not.")
        .expected("the definition's systems")
        .observed_all(strange.into_iter().take(20))
        .cause("The definition is older than the site, or the site keeps a management point that is gone.")
        .because(&causes::LIST_KNOWN)
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
            Case::not_applicable("no definition", World::web_server(|r| r).answering(Client, 200, &list(INTRANET))),
            Case::not_applicable("no list", known().answering(Client, 403, "")),
            Case::not_applicable("another role", known().role(Role::DistributionPoint)),
        ]
    }
}
