//! `reachability/service-record`

use crate::observation::failure::{ResolveFailure, Stop};
use crate::observation::{LookupAnswer, ServiceRecord};
use crate::plan::Question;
use crate::rule::scope::Scope;
use crate::rule::subject::LookupSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
use crate::site::profile::ByProfile;
use crate::site::vantage::Network;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// If the site's management point is published in DNS as `_mssms_mp_<sitecode>._tcp.<suffix>`, the record's target
    /// is the intranet FQDN of a management point of the site, that name has a host record, and the port is the one it
    /// serves HTTPS on.
    ///
    /// Who is hurt: clients that find their management point by DNS: workgroup computers, clients in another forest,
    /// clients of a site that does not publish to Active Directory. `LocationServices.log` shows the record they found
    /// and the attempts that fail. The classic fault is a port of 80 left over from mixed mode: the clients speak to a
    /// port where the management point does not serve them any more.
    ///
    /// How it is seen: by asking the intranet vantage's resolver for the record, and for its target's addresses. No such
    /// record is no fault: publishing is optional, and clients of a clustered management point do not use it. Priority
    /// and weight are not used by clients. Every record found is held against the definition, because a client may take
    /// any. A resolver that fails leaves it unknown.
    SERVICE_RECORD {
        id: "reachability/service-record",
        title: "The management point's service record leads to it, at its HTTPS port",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::DNS07, place: "Publishing the default management point to DNS" },
            Citation { document: &document::FIND, place: "Publish management points to DNS" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_on(Network::Intranet, "the management points' service record, asked for at intranet vantages"),
        evidence: &[EvidenceSource::Dns],
        remedy: "Correct the record (service _mssms_mp_<sitecode>, protocol _tcp, the client request port of the site for HTTPS, the management point's intranet FQDN), or have the site publish it again and delete the leftover one.",
        check: Check::Lookup(check),
    }
}

fn check(subject: &LookupSubject<'_>) -> Verdict {
    let (Question::ManagementPointService { record, targets, ports }, LookupAnswer::Service(answer)) =
        (&subject.lookup.question, &subject.seen.answer)
    else {
        return Verdict::NotApplicable("another question");
    };
    if answer.records.is_empty() {
        return match &answer.failure {
            Some(failure)
                if !matches!(failure.stop, Stop::Resolve(ResolveFailure::NameNotFound | ResolveFailure::NoData)) =>
            {
                Verdict::unknown(
                    format!("the resolver did not say whether {record} exists: {}", failure.detail),
                    "a resolver at this vantage that answers",
                )
            }
            Some(_) | None => {
                Verdict::NotApplicable("the management point is not published in DNS: clients find it another way")
            }
        };
    }
    let expected: Vec<(&HostName, u16)> = targets.iter().zip(ports.iter().copied()).collect();
    let mut faults = Vec::new();
    let mut undecided = None;
    for found in &answer.records {
        match judge(found, &expected) {
            Judged::Right => {}
            Judged::Wrong(what) => faults.push(what),
            Judged::Undecided(why) => undecided = Some(why),
        }
    }
    if let Some(failure) = answer.failure.as_ref().filter(|failure| failure.is(ResolveFailure::LocalLimit)) {
        undecided = Some(format!("{record} has {}", failure.detail));
    }
    if faults.is_empty() {
        return match undecided {
            Some(why) => Verdict::unknown(why, "a resolver at this vantage that answers"),
            None => Verdict::Pass(answer.records.iter().map(shown).collect()),
        };
    }
    let is_right_port = |found: &ServiceRecord| expected.iter().any(|(_, port)| *port == found.port);
    let names_host = |found: &ServiceRecord| !HostName::new(&found.target).is_empty();
    let has_other_port = answer.records.iter().any(|found| names_host(found) && !is_right_port(found));
    Evidence::new(format!("The service record {record} misleads clients: {}.", faults.join("; ")))
        .expected_all(expected.iter().map(|(target, port)| format!("{target}, port {port}")))
        .observed_all(answer.records.iter().map(shown))
        .because(if has_other_port { &cause::SERVICE_RECORD_LEFT_OVER } else { &cause::SERVICE_RECORD_STALE })
        .fail()
}

enum Judged {
    Right,
    Wrong(String),
    Undecided(String),
}

fn judge(found: &ServiceRecord, expected: &[(&HostName, u16)]) -> Judged {
    let target = HostName::new(&found.target);
    if target.is_empty() {
        return Judged::Wrong("it says that there is no such service (its target is the root)".into());
    }
    let of_target: Vec<u16> = expected.iter().filter(|(name, _)| **name == target).map(|(_, port)| *port).collect();
    let mut wrong = Vec::new();
    if of_target.is_empty() {
        wrong.push(format!("{target} is the intranet FQDN of no management point of the site"));
    } else if !of_target.contains(&found.port) {
        let ports: Vec<String> = of_target.iter().map(ToString::to_string).collect();
        wrong.push(format!(
            "{target} is to be reached at port {}, and serves HTTPS at {}",
            found.port,
            ports.join(", ")
        ));
    }
    if found.host.addresses.is_empty() {
        let why = found.host.failure.as_ref();
        let conclusive = why.is_some_and(|why| {
            matches!(
                why.stop,
                Stop::Resolve(ResolveFailure::NameNotFound | ResolveFailure::NoData | ResolveFailure::AliasLoop)
            )
        });
        if conclusive {
            wrong.push(format!("{target} has no host record"));
        } else if wrong.is_empty() {
            let why = why.map_or("no answer was recorded", |why| why.detail.as_str());
            return Judged::Undecided(format!("whether {target} has a host record is not known: {why}"));
        }
    }
    if wrong.is_empty() { Judged::Right } else { Judged::Wrong(wrong.join(", and ")) }
}

fn shown(found: &ServiceRecord) -> String {
    let addresses: Vec<String> = found.host.addresses.iter().map(ToString::to_string).collect();
    let addresses = if addresses.is_empty() { "no address".to_owned() } else { addresses.join(", ") };
    // The site publishes 0 and 0: others say that somebody wrote the record by hand.
    let rank = match (found.priority, found.weight) {
        (0, 0) => String::new(),
        (priority, weight) => format!(", priority {priority}, weight {weight}"),
    };
    format!("{}, port {}{rank} ({addresses})", found.target, found.port)
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, ResolveFailure};
    use crate::observation::resolution::{Resolution, ResolutionSource};
    use crate::observation::{LookupAnswer, ServiceAnswer, ServiceRecord};
    use crate::plan::Question;
    use crate::requirement::case::{Case, INTRANET, World};
    use crate::site::name::HostName;
    use crate::site::vantage::Network;

    fn record(target: &str, port: u16, host: Result<&str, ResolveFailure>) -> ServiceRecord {
        let failure = host.err().map(|kind| Failure::new(kind, "the resolver's words"));
        let host = Resolution {
            name: target.into(),
            source: ResolutionSource::Servers(vec!["10.1.0.10:53".into()]),
            addresses: host.iter().map(|address| address.parse().unwrap()).collect(),
            aliases: Vec::new(),
            failure,
            took: None,
        };
        ServiceRecord { target: target.into(), port, priority: 0, weight: 0, host }
    }

    fn answered(records: Vec<ServiceRecord>, failure: Option<ResolveFailure>, network: Network) -> World {
        let question = Question::ManagementPointService {
            record: "_mssms_mp_pri._tcp.corp.contoso.com".into(),
            targets: vec![HostName::new(INTRANET), HostName::new("mp02.corp.contoso.com")],
            ports: vec![443, 8443],
        };
        let failure = failure.map(|kind| Failure::new(kind, "the resolver's words"));
        World::lookup(question, LookupAnswer::Service(ServiceAnswer { records, failure }), network)
    }

    pub(super) fn all() -> Vec<Case> {
        let inside = |records| answered(records, None, Network::Intranet);
        let good = || record(INTRANET, 443, Ok("10.1.0.21"));
        let nothing = |kind| answered(vec![], Some(kind), Network::Intranet);
        vec![
            Case::passes("as published by the site", inside(vec![good()])),
            Case::passes(
                "in another case, with a dot",
                inside(vec![record("MP01.corp.contoso.com.", 443, Ok("10.1.0.21"))]),
            ),
            Case::passes(
                "two management points, each at its port",
                inside(vec![good(), record("mp02.corp.contoso.com", 8443, Ok("10.1.0.22"))]),
            ),
            Case::fails("port 80", inside(vec![record(INTRANET, 80, Ok("10.1.0.21"))]), "service-record-left-over"),
            Case::fails(
                "the other's port",
                inside(vec![record(INTRANET, 8443, Ok("10.1.0.21"))]),
                "serves HTTPS at 443",
            ),
            Case::fails(
                "no management point",
                inside(vec![record("dp01.corp.contoso.com", 443, Ok("10.1.0.30"))]),
                "dp01.corp.contoso.com is the intranet FQDN of no management point",
            ),
            Case::fails(
                "the Internet FQDN",
                inside(vec![record("mp.contoso.com", 443, Ok("10.1.0.21"))]),
                "mp.contoso.com",
            ),
            Case::fails(
                "no host record",
                inside(vec![record(INTRANET, 443, Err(ResolveFailure::NameNotFound))]),
                "has no host record",
            ),
            Case::fails(
                "one right and one left over",
                inside(vec![good(), record(INTRANET, 80, Ok("10.1.0.21"))]),
                "port 80",
            ),
            Case::fails(
                "left over, and written by hand",
                inside(vec![ServiceRecord { priority: 10, weight: 5, ..record(INTRANET, 80, Ok("10.1.0.21")) }]),
                "port 80, priority 10, weight 5",
            ),
            Case::fails(
                "no such service",
                inside(vec![record(".", 0, Err(ResolveFailure::NameUnusable))]),
                "no such service",
            ),
            Case::unknown(
                "its host is not answered for",
                inside(vec![record(INTRANET, 443, Err(ResolveFailure::Timeout))]),
            ),
            Case::unknown(
                "its host's addresses are left out",
                inside(vec![record(INTRANET, 443, Err(ResolveFailure::FamilyLeftOut))]),
            ),
            Case::unknown("the resolver fails", nothing(ResolveFailure::ServerFailure)),
            Case::not_applicable("not published", nothing(ResolveFailure::NameNotFound)),
            Case::not_applicable(
                "outside",
                answered(vec![record(INTRANET, 80, Ok("10.1.0.21"))], None, Network::Internet),
            ),
        ]
    }
}
