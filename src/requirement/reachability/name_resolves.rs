//! `reachability/name-resolves`

use crate::observation::failure::{Failure, ResolveFailure, Stop};
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::rule::scope::Scope;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::NameKind;
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::cause::{Cause, Culprit, CulpritKind};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Each name clients at a vantage use has an address (A or AAAA) at the resolver they ask there: the intranet FQDN,
    /// or the NetBIOS name where the system is configured by it, inside; the Internet FQDN outside; a cluster's FQDN for
    /// a cluster.
    ///
    /// Who is hurt: every client at that vantage: WinHTTP reports that the name is not resolved (0x80072EE7), the client
    /// looks for another management point and finds none.
    ///
    /// How it is seen: by asking the vantage's own name servers (UDP, TCP where an answer is cut off), fully qualified,
    /// without search suffixes. The evidence tells apart: no such name (NXDOMAIN), a name without an address, a server
    /// that fails (SERVFAIL) or refuses (REFUSED), an answer that cannot be read, no answer in time, aliases in a circle;
    /// and shows the aliases followed. An alias (CNAME) is fine, although the documents speak of host records: the
    /// certificate must carry the name dialled, not the one the alias leads to, and Kerberos may want a service principal
    /// name for it. Names pinned to addresses are not asked for. A name that a vantage's web proxy is given (CONNECT) is the
    /// proxy's to resolve: a tunnel that opens proves it. Clients may still find a NetBIOS name by WINS, which is
    /// not asked. Where a name does not resolve, everything about its endpoints is unknown, and nothing else fails.
    NAME_RESOLVES {
        id: "reachability/name-resolves",
        title: "The name has an address where clients ask for it",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::DNS07, place: "Host records for intranet and Internet FQDNs" },
            Citation { document: &document::FIND, place: "DNS: host entries for the FQDNs of site systems" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Dns],
        remedy: "Publish a host record for the name in the zone clients at this vantage ask: intranet FQDNs in the internal zone, Internet FQDNs in public DNS; with split DNS in both. Then see that the vantage's name servers in the definition are the ones clients use.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let resolution = &subject.seen.resolution;
    if let Some(left_out) = resolution.failure.as_ref().filter(|failure| failure.is(ResolveFailure::FamilyLeftOut)) {
        return Verdict::unknown(left_out.words(), "a run without the option that leaves its addresses out (-4, -6)");
    }
    // However they were found: what is left out was not looked at.
    if let Some(failure) = resolution.failure.as_ref().filter(|failure| failure.is(ResolveFailure::TooManyAddresses)) {
        return Verdict::unknown(failure.words(), "a name with fewer addresses");
    }
    match resolution.source {
        ResolutionSource::Literal => return Verdict::NotApplicable("an address was dialled, not a name"),
        ResolutionSource::Pin => {
            return Verdict::NotApplicable("the name is pinned to addresses: no resolver was asked");
        }
        ResolutionSource::Proxy(_) => return by_proxy(subject),
        ResolutionSource::Servers(_) | ResolutionSource::Machine => {}
    }
    if !resolution.addresses.is_empty() && resolution.addresses.iter().all(std::net::IpAddr::is_unspecified) {
        return leads_nowhere(subject, resolution);
    }
    if !resolution.addresses.is_empty() {
        return Verdict::Pass(found(resolution));
    }
    match &resolution.failure {
        None => Verdict::unknown("the resolver's answer was not recorded", "a run that asks for the name"),
        Some(failure) => match cause(failure.stop, subject.target.name_kind, is_alias(resolution)) {
            Some(cause) => failed(subject, resolution, failure, cause),
            None => Verdict::unknown(format!("the name could not be asked for: {}", failure.detail), "another run"),
        },
    }
}

/// A name the proxy on the way was given: where a tunnel opened, it resolves there. Why none did is told of the connection.
fn by_proxy(subject: &TargetSubject<'_>) -> Verdict {
    let mut observations = subject.seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
    if observations.any(|seen| seen.timing.connect.is_some()) {
        return Verdict::pass_with("the proxy on the way was given the name, and reaches it");
    }
    match &subject.seen.resolution.failure {
        Some(failure) => Evidence::new(format!(
            "{} cannot be reached: the proxy of the vantage {} has no address.",
            subject.target.name, subject.target.vantage
        ))
        .expected("an address of the proxy")
        .observed(failure.words())
        .cause("The vantage's web proxy has no address.")
        .because(&causes::PROXY_UNRESOLVED)
        .fail(),
        None => Verdict::unknown(
            "the proxy on the way was given the name, and opened no tunnel",
            "what the proxy says, or --proxy-resolve local",
        ),
    }
}

/// What a name that resolves showed beside its addresses.
fn found(resolution: &Resolution) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(last) = resolution.aliases.last() {
        words.push(format!(
            "{}: {last} has the address, the certificate must carry {}",
            path(resolution),
            resolution.name
        ));
    }
    if let Some(failure) = &resolution.failure {
        words.push(format!("one address family could not be asked for: {}", failure.detail));
    }
    words
}

fn path(resolution: &Resolution) -> String {
    let names: Vec<&str> =
        std::iter::once(resolution.name.as_str()).chain(resolution.aliases.iter().map(String::as_str)).collect();
    format!("aliases {}", names.join(" \u{2192} "))
}

/// An answer like a DNS filter's: no address anybody could be at.
fn leads_nowhere(subject: &TargetSubject<'_>, resolution: &Resolution) -> Verdict {
    Evidence::new(format!(
        "{} leads to no address at all at the vantage {}.",
        subject.target.name, subject.target.vantage
    ))
    .expected(format!("the address of {}", subject.target.name))
    .observed_all(resolution.addresses.iter().map(ToString::to_string))
    .cause("A DNS filter answers for the name in the place of the zone.")
    .because(&causes::ANSWER_LEADS_NOWHERE)
    .fail()
}

/// The name server asked, for causes that lie in it.
fn resolver(subject: &TargetSubject<'_>, resolution: &Resolution) -> Culprit {
    let server = match &resolution.source {
        ResolutionSource::Servers(servers) => servers.join(", "),
        ResolutionSource::Proxy(proxy) => proxy.clone(),
        ResolutionSource::Machine | ResolutionSource::Pin | ResolutionSource::Literal => "this machine's own".into(),
    };
    Culprit::Resolver { vantage: subject.target.vantage.clone(), server: server.into() }
}

/// Why a name that did not resolve did not, and what has to be put right; `None`: it says nothing of the name.
pub(in crate::requirement) fn why_not_resolved(subject: &TargetSubject<'_>) -> Option<(&'static Cause, Culprit)> {
    let resolution = &subject.seen.resolution;
    let Stop::Resolve(kind) = resolution.failure.as_ref()?.stop else { return None };
    let cause = data(kind, subject.target.name_kind, is_alias(resolution))?;
    let culprit = match cause.culprit {
        CulpritKind::Resolver => resolver(subject, resolution),
        _ => Culprit::Definition(subject.target.system.clone()),
    };
    Some((cause, culprit))
}

/// The cause of a failure that lies in the name server, whatever name it was asked for; `None`: it lies in the name.
pub(in crate::requirement) fn in_the_server(failure: ResolveFailure) -> Option<&'static Cause> {
    data(failure, NameKind::Given, false).filter(|cause| cause.culprit == CulpritKind::Resolver)
}

/// Whether the name itself is known: as an alias, wherever that leads.
const fn is_alias(resolution: &Resolution) -> bool {
    !resolution.aliases.is_empty()
}

/// What brings a failure about, as data.
const fn data(failure: ResolveFailure, name: NameKind, is_alias: bool) -> Option<&'static Cause> {
    Some(match failure {
        ResolveFailure::NameNotFound if is_alias => &causes::NAME_HAS_NO_ADDRESS,
        ResolveFailure::NameNotFound => match name {
            NameKind::IntranetFqdn => &causes::NAME_NOT_IN_DNS,
            NameKind::InternetFqdn => &causes::NAME_NOT_PUBLISHED,
            NameKind::Netbios => &causes::NETBIOS_NAME_NOT_IN_DNS,
            NameKind::Given => &causes::NAME_MISSPELT_HERE,
        },
        ResolveFailure::NoData => &causes::NAME_HAS_NO_ADDRESS,
        ResolveFailure::ServerFailure => &causes::NAME_SERVER_FAILS,
        ResolveFailure::QueryRefused => &causes::NAME_SERVER_REFUSES,
        ResolveFailure::MalformedAnswer | ResolveFailure::Error => &causes::NAME_SERVER_UNUSABLE,
        ResolveFailure::AliasLoop => &causes::ALIAS_LOOP,
        ResolveFailure::Timeout => &causes::NAME_SERVER_SILENT,
        ResolveFailure::NameUnusable => &causes::NAME_NOT_A_HOST_NAME,
        ResolveFailure::FamilyLeftOut
        | ResolveFailure::TooManyAddresses
        | ResolveFailure::LocalLimit
        | ResolveFailure::NotFetched
        | ResolveFailure::NotAttempted => return None,
    })
}

fn failed(subject: &TargetSubject<'_>, resolution: &Resolution, failure: &Failure, cause: String) -> Verdict {
    let mut evidence =
        Evidence::new(format!("{} does not resolve at the vantage {}.", subject.target.name, subject.target.vantage))
            .expected(format!("an A or AAAA record for {}", subject.target.name))
            .observed(failure.detail.clone());
    if !resolution.aliases.is_empty() {
        evidence = evidence.observed(path(resolution));
    }
    if let ResolutionSource::Servers(servers) = &resolution.source {
        evidence = evidence.observed(format!("asked: {}", servers.join(", ")));
    }
    let evidence = evidence.cause(cause);
    let data = match failure.stop {
        Stop::Resolve(kind) => data(kind, subject.target.name_kind, is_alias(resolution)),
        Stop::Connect(_) | Stop::Handshake(_) | Stop::Exchange(_) => None,
    };
    match data {
        Some(cause) if cause.culprit == CulpritKind::Resolver => {
            evidence.because(cause).culprit(resolver(subject, resolution)).fail()
        }
        Some(cause) => evidence.because(cause).fail(),
        None => evidence.fail(),
    }
}

/// What brings a failure about; `None`: it says nothing of the name.
fn cause(stop: Stop, name: NameKind, is_alias: bool) -> Option<String> {
    let Stop::Resolve(failure) = stop else { return None };
    let words = match failure {
        ResolveFailure::NameNotFound if is_alias => {
            "The name is an alias, and the name the alias leads to does not exist: it was renamed, or its record is gone."
        }
        ResolveFailure::NameNotFound => match name {
            NameKind::IntranetFqdn => {
                "The zone has no record of this name: dynamic registration failed, the record was scavenged, or the FQDN in the site system's properties is not the one in DNS."
            }
            NameKind::InternetFqdn => {
                "The name was never published in public DNS, or the Internet FQDN in the site system's properties is not the one that was."
            }
            NameKind::Netbios => {
                "DNS has no such single-label name. Clients that use WINS, or append the right suffix, may still find it; a configured FQDN spares them that."
            }
            NameKind::Given => "The name is misspelt, or is not known where this vantage asks.",
        },
        ResolveFailure::NoData => {
            "The name exists, with records of other kinds or as the parent of others, and without an address: a missing host record."
        }
        ResolveFailure::ServerFailure => {
            "The name server could not get an answer itself: a broken delegation or forwarder, an expired secondary zone, or DNSSEC that does not validate."
        }
        ResolveFailure::QueryRefused => {
            "The name server does not answer this vantage for this zone: no recursion for outsiders, or an access list."
        }
        ResolveFailure::MalformedAnswer => {
            "Something between here and the name server mangles DNS, or it is no name server."
        }
        ResolveFailure::AliasLoop => "The alias records were set up in a circle.",
        ResolveFailure::Timeout => {
            "The name server is down or wrong in the definition, or port 53 is closed between here and there."
        }
        ResolveFailure::Error => {
            "The name servers of this vantage cannot be used from here: wrong addresses in the definition, or no way to them."
        }
        ResolveFailure::NameUnusable => "DNS has no way to carry such a name.",
        ResolveFailure::FamilyLeftOut
        | ResolveFailure::TooManyAddresses
        | ResolveFailure::LocalLimit
        | ResolveFailure::NotFetched
        | ResolveFailure::NotAttempted => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{Failure, ResolveFailure};
    use crate::observation::resolution::ResolutionSource;
    use crate::requirement::case::{Case, World};
    use crate::site::name::NameKind;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let unresolved = |kind| healthy().unresolved(kind);
        let from = |source| healthy().seen(|seen| seen.resolution.source = source);
        vec![
            Case::passes("it has an address", healthy()),
            Case::passes("asked by the machine's resolver", from(ResolutionSource::Machine)),
            Case::passes(
                "by an alias",
                healthy().seen(|seen| seen.resolution.aliases = vec!["web7.contoso.com".into()]),
            ),
            Case::passes(
                "one family answers",
                healthy().seen(|seen| {
                    seen.resolution.failure = Some(Failure::new(ResolveFailure::ServerFailure, "SERVFAIL for AAAA"));
                }),
            ),
            Case::passes("nothing listens there", healthy().refused()),
            Case::fails("no such name", unresolved(ResolveFailure::NameNotFound), "the resolver's words"),
            Case::fails("inside", unresolved(ResolveFailure::NameNotFound), "scavenged"),
            Case::fails("outside", healthy().from_internet().unresolved(ResolveFailure::NameNotFound), "public DNS"),
            Case::fails(
                "a NetBIOS name",
                unresolved(ResolveFailure::NameNotFound).target(|target| target.name_kind = NameKind::Netbios),
                "WINS",
            ),
            Case::fails("no address", unresolved(ResolveFailure::NoData), "without an address"),
            Case::fails(
                "an alias to a name that is gone",
                unresolved(ResolveFailure::NameNotFound)
                    .seen(|seen| seen.resolution.aliases = vec!["gone.contoso.com".into()]),
                "name-has-no-address",
            ),
            Case::unknown("its addresses are left out", unresolved(ResolveFailure::FamilyLeftOut)),
            Case::unknown(
                "a pin of the family that is left out",
                unresolved(ResolveFailure::FamilyLeftOut).seen(|seen| seen.resolution.source = ResolutionSource::Pin),
            ),
            Case::unknown(
                "an address of the family that is left out",
                unresolved(ResolveFailure::FamilyLeftOut)
                    .seen(|seen| seen.resolution.source = ResolutionSource::Literal),
            ),
            Case::not_applicable("a pin that is used", from(ResolutionSource::Pin)),
            Case::fails("SERVFAIL", unresolved(ResolveFailure::ServerFailure), "delegation"),
            Case::fails("REFUSED", unresolved(ResolveFailure::QueryRefused), "access list"),
            Case::fails("no answer in time", unresolved(ResolveFailure::Timeout), "port 53"),
            Case::fails("an unreadable answer", unresolved(ResolveFailure::MalformedAnswer), "mangles"),
            Case::fails(
                "aliases in a circle",
                unresolved(ResolveFailure::AliasLoop).seen(|seen| {
                    seen.resolution.aliases = vec!["a.contoso.com".into(), "b.contoso.com".into()];
                }),
                "mp01.corp.contoso.com \u{2192} a.contoso.com \u{2192} b.contoso.com",
            ),
            Case::not_applicable("pinned", from(ResolutionSource::Pin)),
            Case::not_applicable("an address was given", from(ResolutionSource::Literal)),
            Case::fails(
                "a DNS filter",
                healthy().seen(|seen| seen.resolution.addresses = vec![std::net::Ipv4Addr::UNSPECIFIED.into()]),
                "0.0.0.0",
            ),
            Case::unknown(
                "more addresses than are looked at",
                healthy().seen(|seen| {
                    seen.resolution.failure = Some(Failure::new(ResolveFailure::TooManyAddresses, "3999 addresses"));
                }),
            ),
            Case::unknown(
                "more of them pinned",
                from(ResolutionSource::Pin).seen(|seen| {
                    seen.resolution.failure = Some(Failure::new(ResolveFailure::TooManyAddresses, "300 addresses"));
                }),
            ),
            Case::unknown("this machine could not ask", unresolved(ResolveFailure::LocalLimit)),
            Case::unknown("not asked at all", healthy().seen(|seen| seen.resolution.addresses.clear())),
        ]
    }
}
