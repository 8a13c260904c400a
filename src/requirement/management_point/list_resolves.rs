//! `management-point/list-resolves`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::MANAGEMENT_POINTS;
use super::list::listed;
use crate::certificate::host_name;
use crate::observation::failure::ResolveFailure;
use crate::requirement::quality::client_accepts_name::CLIENT_ACCEPTS_NAME;
use crate::requirement::reachability::name_resolves::why_not_resolved;
use crate::rule::credential::{Credential, Place, culprit};
use crate::rule::subject::{EndpointSubject, SiteSubject, TargetSubject};
use crate::rule::{Check, Citation, EvidenceSource, SiteId, document, requirement};
use crate::site::name::HostName;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::cause::{Cause, Culprit};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Every management point in the list resolves at the vantage the list was got from, and stands in the certificate
    /// met there.
    ///
    /// Who is hurt: clients that are sent from one management point to the next: they get a name that leads nowhere, or to
    /// a certificate that is for another name.
    ///
    /// How it is seen: the members that the definition names are judged by their own probes at the same vantage; the names
    /// in the certificates those met are compared with the FQDN the list says. Others are
    /// looked up with `--discover` alone, 64 of them at the most.
    LIST_RESOLVES {
        id: "management-point/list-resolves",
        title: "The management points in the list resolve and present their names",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "the management points clients are told of" },
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange, EvidenceSource::Dns, EvidenceSource::Handshake],
        remedy: "Publish the member's host record where these clients ask, give it a certificate with the FQDN the list says, or remove a role that is gone.",
        check: Check::Site(check),
    }
}

fn check(subject: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
    let mut found = BTreeMap::new();
    for target in subject.targets {
        let scope = &MANAGEMENT_POINTS;
        let one = target.target;
        if scope.excludes(subject.basis.site.profile, one.role, one.network, &one.expectation).is_some() {
            continue;
        }
        let Some(list) = target.endpoints.iter().find_map(listed) else { continue };
        let members: Vec<(HostName, &TargetSubject<'_>)> = list
            .into_iter()
            .filter_map(|member| member.fqdn)
            .filter_map(|fqdn| Some((fqdn.clone(), dialled(subject, &one.vantage, &fqdn)?)))
            .collect();
        let verdict = if members.is_empty() {
            Verdict::NotApplicable("no member of the list is probed at this vantage")
        } else {
            judge(&members)
        };
        let id = SiteId::of(Arc::clone(&one.system)).with(Arc::clone(&one.id.what)).with(Arc::clone(&one.id.name));
        found.insert(id.with(Arc::clone(&one.id.vantage)), verdict);
    }
    found.into_iter().collect()
}

/// The target at a vantage that dials a name.
fn dialled<'a>(subject: &'a SiteSubject<'_>, vantage: &str, fqdn: &HostName) -> Option<&'a TargetSubject<'a>> {
    subject.targets.iter().find(|one| &*one.target.vantage == vantage && one.target.name == *fqdn)
}

fn judge(members: &[(HostName, &TargetSubject<'_>)]) -> Verdict {
    let (mut wrong, mut unseen) = (Vec::new(), Vec::new());
    // Where nothing is wrong but that names do not resolve, and all for one reason, that is what is told.
    let mut reasons: Vec<Option<(&Cause, Culprit)>> = Vec::new();
    // What a member's own certificate fails is told at the member.
    let mut told_there: Vec<Option<(&'static Cause, Culprit)>> = Vec::new();
    for (fqdn, target) in members {
        let resolution = &target.seen.resolution;
        if resolution.failure.as_ref().is_some_and(|failure| failure.is(ResolveFailure::FamilyLeftOut)) {
            unseen.push(fqdn.as_str());
            continue;
        }
        if let Some(failure) = &resolution.failure {
            wrong.push(format!("{fqdn}: {}", failure.words()));
            reasons.push(why_not_resolved(target));
            continue;
        }
        // Nobody asked for it: a run that was ended early.
        if resolution.addresses.is_empty() {
            unseen.push(fqdn.as_str());
            continue;
        }
        for endpoint in &target.endpoints {
            if let Some(words) = unnamed(endpoint, fqdn) {
                wrong.push(words);
                reasons.push(None);
                told_there.push(why_refused(endpoint));
            }
        }
    }
    if wrong.is_empty() && !unseen.is_empty() {
        let why = format!("of the list's management points these were not looked at: {}", unseen.join(", "));
        return Verdict::unknown(why, "a run that looks at them");
    }
    if wrong.is_empty() {
        return Verdict::pass_with(format!("{} of its members are probed here", members.len()));
    }
    wrong.dedup();
    reasons.dedup();
    let evidence = Evidence::new("The list sends clients to management points they cannot use.")
        .expected("names that resolve here, in the certificates met there")
        .observed_all(wrong)
        .cause("The list's name is not the one in DNS or in the certificate, or the management point is gone.");
    told_there.dedup();
    match (reasons.as_slice(), told_there.as_slice()) {
        ([Some((cause, culprit))], _) => evidence.because(cause).culprit(culprit.clone()).fail(),
        ([None], [Some((cause, culprit))]) => {
            evidence.because(&causes::LIST_RESOLVES).same_as(cause, culprit.clone()).fail()
        }
        _ => evidence.because(&causes::LIST_RESOLVES).fail(),
    }
}

/// What is wrong with the names in the certificate met at an endpoint; `None`: nothing, or none was met.
fn unnamed(endpoint: &EndpointSubject<'_>, fqdn: &HostName) -> Option<String> {
    let facts = endpoint.chain.first()?.facts()?;
    (!host_name::accepts(facts, fqdn.as_str()))
        .then(|| format!("{fqdn}: the certificate at {} is for {}", endpoint.stands_at(), facts.subject.text))
}

/// By which cause a client refuses the certificate met at an endpoint, and what has to be put right there.
fn why_refused(endpoint: &EndpointSubject<'_>) -> Option<(&'static Cause, Culprit)> {
    let met = endpoint.met.first()?;
    let of = Credential { basis: endpoint.basis, of: endpoint.of, chain: met, place: Place::Endpoint(endpoint) };
    let Verdict::Fail(evidence) = (CLIENT_ACCEPTS_NAME.judge)(&of, met.leaf().facts()?) else { return None };
    let because = evidence.because?;
    Some((because, evidence.culprit.unwrap_or_else(|| culprit(met.leaf()))))
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::ResolveFailure;
    use crate::plan::OfferLabel::Client;
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::name::HostName;

    const SECOND: &str = "mp02.corp.contoso.com";

    pub(super) fn all() -> Vec<Case> {
        let list =
            format!("<MPList><MP Name=\"MP01\" FQDN=\"{INTRANET}\"/><MP Name=\"MP02\" FQDN=\"{SECOND}\"/></MPList>");
        let first = || World::web_server(|r| r).answering(Client, 200, &list);
        let second = |names: &[&str]| {
            World::web_server(|r| r.cn("x").dns(names)).target(|target| {
                target.id = crate::plan::TargetId::new("MP02", "management-point", "mp02", "intranet");
                target.name = HostName::new(SECOND);
            })
        };
        vec![
            Case::passes("it stands in the certificate", first().beside(second(&[SECOND]))),
            Case::fails("it does not", first().beside(second(&["other.contoso.com"])), "the certificate at"),
            Case::fails(
                "it does not resolve",
                first().beside(second(&[SECOND]).unresolved(ResolveFailure::NameNotFound)),
                SECOND,
            ),
            Case::unknown("nobody looked at it", {
                first().beside(second(&[SECOND]).seen(|seen| {
                    seen.endpoints.clear();
                    seen.resolution.addresses.clear();
                }))
            }),
            Case::unknown(
                "its addresses are left out",
                first().beside(second(&[SECOND]).unresolved(ResolveFailure::FamilyLeftOut)),
            ),
            Case::passes("itself", first().as_site()),
            Case::nothing("no list", World::web_server(|r| r).answering(Client, 403, "").as_site()),
        ]
    }
}
