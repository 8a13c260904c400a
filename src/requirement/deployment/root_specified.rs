//! `deployment/root-specified`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::requirement::enhanced_http;
use crate::requirement::quality::enterprise_issued;
use crate::rule::credential;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, SiteSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::site::ClientKind;
use crate::site::profile::{ByProfile, Profile};
use crate::site::role::Role;
use crate::trust::path::fault::{Break, Fault, Place};
use crate::trust::path::search::{Purpose, Search};
use crate::trust::path::{MOST_PRESENTED, Paths, Why};
use crate::verdict::cause::{Cause, Culprit, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The root authorities given for operating system deployment include those above the site server's signing
    /// certificate and above the management points' certificates. Here they are the definition's roots: what a computer
    /// being deployed is given and knows nothing beside.
    ///
    /// Who is hurt: computers being deployed: they do not trust the management point, and the task sequence gets no policy.
    ///
    /// How it is seen: where the definition has a client of kind "deployment": certification paths from every
    /// management point's certificate seen, and from the signing certificate where its file is named, to the
    /// definition's roots.
    ROOT_SPECIFIED {
        id: "deployment/root-specified",
        title: "The roots given for deployment include the site server's and the management points'",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Root certification authority certificates for operating system deployment clients" },
            Citation { document: &document::CB, place: "Root certification authority certificates: operating system deployment" },
        ),
        scope: Scope { words: "sites with a deployment certificate", ..Scope::EVERY_ENDPOINT },
        evidence: &[EvidenceSource::Site],
        remedy: "Add the missing root authority in the site's properties, Site Mode tab, Specify Root CA Certificates; secondary sites inherit it.",
        check: Check::Site(check),
    }
}

fn check(site: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let defined = site.basis.site;
    if !defined.clients.iter().any(|client| client.kind == ClientKind::Deployment) {
        return Vec::new();
    }
    // A run narrowed to other systems says nothing of it.
    let has_points = defined.systems.iter().any(|system| system.roles.iter().any(is_point));
    if has_points && !site.targets.iter().any(|target| target.target.role.as_ref().is_some_and(is_point)) {
        return Vec::new();
    }
    vec![(SiteId::of(site.basis.site.code.as_deref().unwrap_or("site")).with("deployment"), judge(site))]
}

/// Whether a role is a management point's.
const fn is_point(role: &Role) -> bool {
    matches!(role, Role::ManagementPoint | Role::ProxyManagementPoint)
}

/// What breaks a path, and what has to be put right where that is not the definition. Of a root that a management point's
/// or the signing certificate leads to and the definition lacks, their own rows tell, and deployment with them.
fn because(broken: &Break, system: Option<&str>) -> (&'static Cause, Option<Culprit>) {
    let made_by_the_site = || broken.at_leaf() && broken.at.facts().is_some_and(enterprise_issued::made_by_the_site);
    match (&broken.fault, system) {
        (_, Some(system)) if made_by_the_site() => (&cause::ENHANCED_HTTP, Some(Culprit::Definition(system.into()))),
        (Fault::UnknownRoot, _) => (&cause::UNKNOWN_ROOT, Some(credential::authority(&broken.at))),
        (Fault::IssuerNotAtHand { issuer, .. }, _) if !broken.at_leaf() => {
            (&cause::AUTHORITY_ABOVE_UNKNOWN, Some(credential::authority_named(issuer)))
        }
        (Fault::OtherKey { issuer, .. }, _) => (&cause::POSSIBLE_IMPERSONATION, Some(credential::authority(issuer))),
        _ => (
            cause::find(broken.cause_id()).unwrap_or(&cause::DEPLOYMENT_ROOT_MISSING),
            Some(match broken.place {
                Place::Leaf => credential::culprit(&broken.at),
                Place::Authority | Place::Root => credential::authority(&broken.at),
            }),
        ),
    }
}

fn judge(site: &SiteSubject<'_>) -> Verdict {
    let trust = site.basis.trust;
    if trust.roots.is_empty() {
        return Verdict::unknown("no root is given", "[trust] roots in the definition");
    }
    let points: Vec<&EndpointSubject<'_>> = site
        .targets
        .iter()
        .filter(|target| target.target.role.as_ref().is_some_and(is_point))
        .flat_map(|target| &target.endpoints)
        .filter(|one| !one.chain.is_empty())
        .collect();
    let is_own = |one: &EndpointSubject<'_>| enhanced_http::serves(site.basis, one);
    if !points.is_empty() && points.iter().all(|one| is_own(one)) {
        return Verdict::NotApplicable("no management point presents a certificate of the PKI: enhanced HTTP");
    }
    let points: Vec<&EndpointSubject<'_>> = points.into_iter().filter(|one| !is_own(one)).collect();
    // The signing certificate's file has it alone; what stands above it was presented along with others it issued.
    let mut authorities: Vec<Arc<Certificate>> = trust.signing_authorities.clone();
    for authority in points.iter().flat_map(|one| one.chain.iter().skip(1)) {
        if authorities.len() < MOST_PRESENTED && !authorities.contains(authority) {
            authorities.push(Arc::clone(authority));
        }
    }
    // The signing certificate of a Current Branch site is always its own authority's: no root stands above it.
    let is_signed_below = site.basis.site.profile == Profile::NativeMode2007;
    let signing = trust.signing_certificate.iter().filter(|_| is_signed_below).map(|one| {
        let purpose = Purpose::DocumentSigning;
        Paths::find(&Search::new(one, &authorities, trust, &trust.roots, purpose, site.basis.now))
    });
    let signing: Vec<Paths> = signing.collect();
    let was_planned = site.targets.iter().any(|target| target.target.role.as_ref().is_some_and(is_point));
    if points.is_empty() && (was_planned || signing.is_empty()) {
        return Verdict::unknown("no management point's certificate was seen", "a run that reaches a management point");
    }
    let of_points = points.iter().filter_map(|one| Some((one.target.system.to_string(), one.paths()?, false)));
    let of_signing = signing.iter().map(|paths| ("the signing certificate".to_owned(), paths, true));
    let (mut missing, mut undecided, mut roots) = (BTreeMap::new(), None, BTreeSet::new());
    for (whose, paths, is_file) in of_points.chain(of_signing) {
        match paths.best() {
            Ok(path) => {
                roots.insert(path.root.subject_text().to_owned());
            }
            Err(none) => match &none.why {
                Why::Broken(broken) => match broken.undecided_in_file(site.basis.crls).filter(|_| is_file) {
                    Some(unknown) => undecided = Some(unknown),
                    None => {
                        let system = (!is_file).then_some(whose.as_str());
                        missing.insert(format!("{whose}: {broken}"), because(broken, system));
                    }
                },
                Why::Undecided(unknown) => undecided = Some(unknown.clone()),
            },
        }
    }
    if !missing.is_empty() {
        let evidence = Evidence::new("A root that deployment needs is not among those given.")
            .expected("the roots above the site server's and every management point's certificate");
        // A root is given to computers only once it is certain that it is the right one.
        let (cause, culprit) = missing
            .values()
            .find(|(cause, _)| **cause != cause::DEPLOYMENT_ROOT_MISSING)
            .or_else(|| missing.values().next())
            .cloned()
            .unwrap_or((&cause::DEPLOYMENT_ROOT_MISSING, None));
        let evidence = evidence.observed_all(missing.into_keys()).because(cause);
        return match culprit {
            Some(culprit) => evidence.culprit(culprit),
            None => evidence,
        }
        .fail();
    }
    match undecided {
        Some(unknown) => Verdict::Unknown(unknown),
        None => Verdict::Pass(roots.into_iter().collect()),
    }
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::site::{Client, ClientKind, IdentitySource, SiteSystem};

    pub(super) fn all() -> Vec<Case> {
        let deploying = || {
            World::web_server(|r| r).as_site().site(|site| {
                let source = IdentitySource::Pfx("deployment.pfx".into());
                site.clients.push(Client::new("deployment", ClientKind::Deployment, source));
            })
        };
        vec![
            Case::passes("the management point's root is given", deploying()),
            Case::fails(
                "another root is given",
                {
                    let mut world = deploying();
                    world.roots = World::foreign_roots();
                    world
                },
                "MP01",
            ),
            Case::unknown("no management point was reached", deploying().refused()),
            Case::nothing("no deployment", World::web_server(|r| r).as_site()),
            Case::nothing("a run that looks at no management point", {
                let system = SiteSystem { roles: vec![Role::ManagementPoint], ..SiteSystem::new("MP01") };
                deploying().role(Role::DistributionPoint).site(|site| site.systems.push(system))
            }),
        ]
    }
}
