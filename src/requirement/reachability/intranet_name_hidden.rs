//! `reachability/intranet-name-hidden`

use crate::observation::LookupAnswer;
use crate::observation::failure::{ResolveFailure, Stop};
use crate::plan::Question;
use crate::rule::scope::Scope;
use crate::rule::subject::LookupSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::vantage::Network;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// An intranet FQDN that differs from the Internet FQDN does not resolve outside.
    ///
    /// Who is hurt: the company, and its roaming clients. Outsiders learn names and addresses of inner servers; and a
    /// client that finds an intranet name from outside takes itself to be on the intranet, tries the inner management
    /// point and waits for time-outs instead of using the Internet one.
    ///
    /// How it is seen: by asking the Internet vantage's resolver for each intranet FQDN. It passes where the name does not
    /// exist or has no address. Where the resolver fails, refuses or says nothing, it stays unknown: another resolver out
    /// there may know. A wildcard record in the public zone (*.contoso.com) answers for names nobody published, and is
    /// found here too. What stands inside the certificate is not this row's matter: an intranet name in a certificate
    /// shown outside is wanted for roles that serve both.
    INTRANET_NAME_HIDDEN {
        id: "reachability/intranet-name-hidden",
        title: "Outside, nobody can look up the intranet FQDN",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "split DNS: what is inside only belongs to the inner zone only" },
        scope: Scope::EVERY_ENDPOINT.only_on(Network::Internet, "intranet names asked for at Internet vantages"),
        evidence: &[EvidenceSource::Dns],
        remedy: "Take the record out of the public zone, do not let outsiders query the inner zone, and replace a wildcard record by the names that are meant. Where the exposure is meant, give the system this name as its Internet FQDN as well.",
        check: Check::Lookup(check),
    }
}

fn check(subject: &LookupSubject<'_>) -> Verdict {
    let (Question::HiddenHost(name), LookupAnswer::Host(resolution)) = (&subject.lookup.question, &subject.seen.answer)
    else {
        return Verdict::NotApplicable("another question");
    };
    if !resolution.addresses.is_empty() {
        let addresses: Vec<String> = resolution.addresses.iter().map(ToString::to_string).collect();
        let mut evidence = Evidence::new(format!(
            "The intranet name {name} can be looked up at the Internet vantage {}.",
            subject.lookup.vantage
        ))
        .expected("no such name outside")
        .observed(format!("{name}: {}", addresses.join(", ")));
        if !resolution.aliases.is_empty() {
            evidence = evidence.observed(format!("by the aliases {}", resolution.aliases.join(" \u{2192} ")));
        }
        return evidence.because(&cause::INNER_NAME_VISIBLE).culprit(super::zone(name, &subject.lookup.vantage)).fail();
    }
    match &resolution.failure {
        Some(failure) => match failure.stop {
            Stop::Resolve(ResolveFailure::NameNotFound) => Verdict::pass(),
            Stop::Resolve(ResolveFailure::NoData) => {
                Verdict::pass_with(format!("no address is given away: {}", failure.detail))
            }
            Stop::Resolve(ResolveFailure::FamilyLeftOut) => Verdict::unknown(
                format!("whether {name} is known outside was not asked in full: {}", failure.detail),
                "a run without the option that leaves its addresses out (-4, -6)",
            ),
            _ => Verdict::unknown(
                format!("the resolver did not say whether {name} is known outside: {}", failure.detail),
                "a resolver at this vantage that answers",
            ),
        },
        None => Verdict::unknown("the resolver's answer was not recorded", "a run that asks for the name"),
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, ResolveFailure};
    use crate::observation::resolution::{Resolution, ResolutionSource};
    use crate::observation::{LookupAnswer, ServiceAnswer};
    use crate::plan::Question;
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::name::HostName;
    use crate::site::vantage::Network;

    fn asked(addresses: &[&str], failure: Option<ResolveFailure>, network: Network) -> World {
        let answer = Resolution {
            name: INTRANET.into(),
            source: ResolutionSource::Servers(vec!["198.51.100.53:53".into()]),
            addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
            aliases: Vec::new(),
            failure: failure.map(|kind| Failure::new(kind, "the resolver's words")),
            took: None,
        };
        World::lookup(Question::HiddenHost(HostName::new(INTRANET)), LookupAnswer::Host(answer), network)
    }

    pub(super) fn all() -> Vec<Case> {
        let outside = |addresses: &[&str], failure| asked(addresses, failure, Network::Internet);
        let other =
            Question::ManagementPointService { record: "_mssms_mp_pri._tcp".into(), targets: vec![], ports: vec![] };
        let other_answer = LookupAnswer::Service(ServiceAnswer { records: vec![], failure: None });
        vec![
            Case::passes("no such name", outside(&[], Some(ResolveFailure::NameNotFound))),
            Case::passes("a name without an address", outside(&[], Some(ResolveFailure::NoData))),
            Case::fails("an inner address", outside(&["10.1.0.21"], None), "mp01.corp.contoso.com: 10.1.0.21"),
            Case::fails("a public address, by a wildcard", outside(&["131.107.4.22"], None), "inner-name-visible"),
            Case::unknown("its addresses are left out", outside(&[], Some(ResolveFailure::FamilyLeftOut))),
            Case::unknown("REFUSED", outside(&[], Some(ResolveFailure::QueryRefused))),
            Case::unknown("SERVFAIL", outside(&[], Some(ResolveFailure::ServerFailure))),
            Case::unknown("no answer", outside(&[], Some(ResolveFailure::Timeout))),
            Case::not_applicable("inside it must resolve", asked(&["10.1.0.21"], None, Network::Intranet)),
            Case::not_applicable("another question", World::lookup(other, other_answer, Network::Internet)),
        ]
    }
}
