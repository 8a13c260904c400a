//! `reachability/connects`

use std::sync::Arc;

use crate::observation::Observation;
use std::net::IpAddr;

use crate::observation::failure::{ConnectFailure, Failure, Phase, ProxyFailure, Stop};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::cause::{Cause, Culprit};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A TCP connection comes about at every address the name resolved to, at the role's port.
    ///
    /// Who is hurt: clients that are given this address. WinHTTP reports that it cannot connect (0x80072EFD) or waits
    /// until time is up (0x80072EE2); with several addresses a client loses time at each dead one, and some clients try
    /// only the first.
    ///
    /// How it is seen: each address of each name is an endpoint of its own, so that a live one hides no dead one. The
    /// evidence tells apart: refused (nothing listens, or a firewall says so), no answer in time (a firewall drops, the
    /// machine is off, the address is somebody else's), no way there, and a web proxy on the way that would not connect.
    /// Everything beyond the connection is unknown then, and nothing else fails. The ports are the site's client request
    /// ports, 443 unless the definition says otherwise, and 8531 for a software update point on a web site of its own.
    CONNECTS {
        id: "reachability/connects",
        title: "The address accepts TCP connections at the role's port",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Site system roles that clients connect to over HTTPS" },
            Citation { document: &document::CB, place: "PKI certificates for servers: web server certificate, how it is used" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Connection],
        remedy: "See that the web site has an https binding at this port and address (netsh http show sslcert; netstat -ano), that the firewalls between this vantage and the server let it pass, that the definition's ports are the site's client request ports, and that DNS names no address that is gone.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if subject.seen.address.ip().is_unspecified() {
        return Verdict::NotApplicable("the name leads to no address at all: reachability/name-resolves tells");
    }
    let attempts = || attempts(subject);
    if attempts().any(connected) {
        return Verdict::pass();
    }
    let at_connect = |failure: &&Failure| failure.phase() == Phase::Connect && !failure.stop.is_not_attempted();
    let Some(failure) = attempts().filter_map(|seen| seen.stopped.as_ref()).find(at_connect) else {
        let why = attempts().find_map(|seen| seen.stopped.as_ref()).map_or("not attempted", |why| why.detail.as_str());
        return Verdict::unknown(format!("no connection was attempted: {why}"), "a run that attempts it");
    };
    let Some((words, cause)) = cause(failure.stop) else {
        let is_link_local = matches!(subject.seen.address.ip(), IpAddr::V6(at) if at.is_unicast_link_local());
        let decided_by = if failure.is(ConnectFailure::SourceAddressUnusable) {
            "a run without the source address (--source-ip, the vantage's source_ip), or with another one"
        } else if is_link_local {
            "an address of the server that is not link-local (fe80::/10)"
        } else {
            "a run with fewer connections at once, or more open files and ports"
        };
        return Verdict::unknown(
            format!("this machine could not open the connection: {}", failure.words()),
            decided_by,
        );
    };
    let evidence = Evidence::new(format!("No connection to {} comes about.", subject.stands_at()))
        .expected(format!("a TCP connection to {}", subject.stands_at()))
        .observed(failure.words());
    // Where another address of the name answers, it is this address's record that is wrong, or its server that is down.
    let here = match cause.id {
        _ if subject.elsewhere.is_empty() => None,
        "nothing-listens" => Some(&causes::ADDRESS_OUT_OF_DATE),
        "packets-dropped" => Some(&causes::ADDRESS_WITHOUT_ANSWER),
        _ => None,
    };
    if let Some(here) = here {
        let answering: Vec<String> = subject.elsewhere.iter().map(|(address, _)| address.to_string()).collect();
        return evidence
            .observed(format!("the name's other addresses answer: {}", answering.join(", ")))
            .cause(words)
            .because(here)
            .fail();
    }
    match &subject.target.expectation.proxy {
        Some(proxy) if *cause == causes::NOTHING_LISTENS => evidence
            .cause("The proxy that publishes the name does not listen there, or the name does not lead to the proxy.")
            .because(&causes::PROXY_DOES_NOT_LISTEN)
            .culprit(Culprit::Device(Arc::clone(&proxy.name)))
            .fail(),
        Some(_) | None => evidence.cause(words).because(cause).fail(),
    }
}

/// The attempts at the role's own port.
pub(super) fn attempts<'a>(subject: &EndpointSubject<'a>) -> impl Iterator<Item = &'a Observation> {
    subject.seen.observations.iter().filter(|seen| seen.engine.speaks_tls())
}

/// Whether an attempt got as far as a TCP connection.
pub(super) fn connected(seen: &Observation) -> bool {
    match &seen.stopped {
        None => true,
        Some(failure) => {
            failure.phase() > Phase::Connect && !failure.stop.is_not_attempted() && seen.timing.connect.is_some()
        }
    }
}

/// What keeps a connection from coming about, in words and as a cause; `None`: nothing that is there.
fn cause(stop: Stop) -> Option<(&'static str, &'static Cause)> {
    let Stop::Connect(failure) = stop else { return None };
    Some(match failure {
        ConnectFailure::Refused => (
            "Nothing listens at that port: IIS is stopped, the web site has no https binding or another port; or a firewall refuses.",
            &causes::NOTHING_LISTENS,
        ),
        ConnectFailure::Timeout | ConnectFailure::Deadline => (
            "A firewall drops the packets, the machine is off, or the address in DNS is out of date.",
            &causes::PACKETS_DROPPED,
        ),
        ConnectFailure::Unreachable => ("There is no route from this vantage to the address.", &causes::NO_ROUTE),
        ConnectFailure::Reset => {
            ("Something on the way cuts the connection off before it is open.", &causes::CONNECTION_CUT_OFF)
        }
        ConnectFailure::Proxy(failure) => match failure {
            ProxyFailure::Unresolved => ("The vantage's web proxy has no address.", &causes::PROXY_UNRESOLVED),
            ProxyFailure::NotListening => {
                ("Nothing listens at the web proxy's address and port.", &causes::PROXY_NOT_LISTENING)
            }
            ProxyFailure::Unreachable => ("No route leads to the vantage's web proxy.", &causes::PROXY_WITHOUT_ROUTE),
            ProxyFailure::ConnectTimeout => {
                ("Nothing answers at the web proxy's address, not even by a refusal.", &causes::PROXY_SILENT)
            }
            ProxyFailure::Silent => {
                ("The vantage's web proxy takes the connection, and says nothing.", &causes::PROXY_SILENT)
            }
            ProxyFailure::WantsCredentials => {
                ("The vantage's web proxy wants a user, and clients ask without one.", &causes::PROXY_WANTS_CREDENTIALS)
            }
            ProxyFailure::Forbids => ("The rules of the vantage's web proxy forbid it.", &causes::PROXY_FORBIDS),
            ProxyFailure::CannotReach => (
                "The vantage's web proxy would not connect to it: its rules, or its own view of DNS.",
                &causes::PROXY_CANNOT_REACH,
            ),
            ProxyFailure::Redirects => (
                "The vantage's web proxy sends everybody to a page where a user is to sign in, and clients show it to nobody.",
                &causes::PROXY_REDIRECTS,
            ),
            ProxyFailure::Limits => ("The vantage's web proxy takes no more from here for now.", &causes::PROXY_LIMITS),
            ProxyFailure::Fails => ("The vantage's web proxy itself fails.", &causes::PROXY_FAILS),
            ProxyFailure::Refused => {
                ("What stands at the web proxy's address answers otherwise than a proxy does.", &causes::PROXY_IS_NONE)
            }
        },
        ConnectFailure::LocalLimit | ConnectFailure::SourceAddressUnusable | ConnectFailure::NotAttempted => {
            return None;
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{ConnectFailure, Failure, HandshakeFailure, ProxyFailure, Stop};
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let stopped = |stop: Stop| healthy().stopped(Failure::new(stop, "the network's words"));
        vec![
            Case::passes("a whole session", healthy()),
            Case::passes("connected, then silence", stopped(HandshakeFailure::Timeout.into())),
            Case::passes("connected, then reset", stopped(HandshakeFailure::Reset.into())),
            Case::fails("refused", healthy().refused(), "10.1.0.21:443 refused the connection"),
            Case::fails("no answer", stopped(ConnectFailure::Timeout.into()), "drops the packets"),
            Case::fails("all the time was up", stopped(ConnectFailure::Deadline.into()), "drops the packets"),
            Case::fails("no way there", stopped(ConnectFailure::Unreachable.into()), "no route"),
            Case::fails("the proxy is silent", stopped(ProxyFailure::Silent.into()), "Cause(proxy-silent)"),
            Case::fails("the proxy's machine is", stopped(ProxyFailure::ConnectTimeout.into()), "Cause(proxy-silent)"),
            Case::fails("the proxy refuses", stopped(ProxyFailure::NotListening.into()), "Cause(proxy-not-listening)"),
            Case::fails("no way to it", stopped(ProxyFailure::Unreachable.into()), "Cause(proxy-without-route)"),
            Case::fails("it has no address", stopped(ProxyFailure::Unresolved.into()), "Cause(proxy-unresolved)"),
            Case::fails("cut off", stopped(ConnectFailure::Reset.into()), "Cause(connection-cut-off)"),
            Case::fails("the proxy cannot", stopped(ProxyFailure::CannotReach.into()), "proxy-cannot-reach"),
            Case::fails(
                "the proxy sends to a portal",
                stopped(ProxyFailure::Redirects.into()),
                "Cause(proxy-redirects)",
            ),
            Case::fails("the proxy's limit", stopped(ProxyFailure::Limits.into()), "Cause(proxy-limits)"),
            Case::fails("the proxy fails", stopped(ProxyFailure::Fails.into()), "Cause(proxy-fails)"),
            Case::fails("it is no proxy", stopped(ProxyFailure::Refused.into()), "proxy-is-none"),
            Case::fails(
                "port 80 is another matter",
                healthy().refused().also(OfferLabel::PlainHttp, |seen| {
                    seen.engine = EngineId::Plain;
                    seen.stopped = None;
                }),
                "refused",
            ),
            Case::passes(
                "a later offer was refused",
                healthy().also(OfferLabel::WithoutServerName, |seen| {
                    seen.stopped = Some(Failure::new(ConnectFailure::Refused, "refused"));
                }),
            ),
            Case::not_applicable(
                "a DNS filter's address",
                healthy().refused().seen(|seen| {
                    seen.endpoints[0].address.set_ip(std::net::Ipv4Addr::UNSPECIFIED.into());
                }),
            ),
            Case::unknown(
                "a source address of the other family",
                stopped(ConnectFailure::SourceAddressUnusable.into()),
            ),
            Case::unknown("this machine's limit", stopped(ConnectFailure::LocalLimit.into())),
            Case::unknown("not attempted", stopped(ConnectFailure::NotAttempted.into())),
            Case::unknown(
                "the engine could not begin",
                stopped(HandshakeFailure::EngineLimit.into()).observations(|seen| seen.timing.connect = None),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::cause;
    use crate::observation::failure::{ConnectFailure, ProxyFailure, Stop};
    use crate::verdict::cause::host::Host;

    /// What a client's log shows is what was met here: a refusal is no time-out.
    #[test]
    fn every_way_a_connection_fails_shows_as_just_that() {
        for (stop, says) in [
            (Stop::from(ConnectFailure::Refused), &["12029"][..]),
            (ConnectFailure::Timeout.into(), &["12002"]),
            (ConnectFailure::Deadline.into(), &["12002"]),
            (ConnectFailure::Unreachable.into(), &["12029"]),
            (ConnectFailure::Reset.into(), &["12030"]),
            (ProxyFailure::Unresolved.into(), &["12007"]),
            (ProxyFailure::NotListening.into(), &["12029"]),
            (ProxyFailure::ConnectTimeout.into(), &["12002"]),
            (ProxyFailure::Unreachable.into(), &["12029"]),
            (ProxyFailure::Silent.into(), &["12002"]),
            (ProxyFailure::WantsCredentials.into(), &["StatusCode=407"]),
            (ProxyFailure::Forbids.into(), &["StatusCode=403"]),
            (ProxyFailure::CannotReach.into(), &["StatusCode=502"]),
            (ProxyFailure::Redirects.into(), &["StatusCode= with"]),
            (ProxyFailure::Limits.into(), &["StatusCode= with"]),
            (ProxyFailure::Fails.into(), &["StatusCode= with"]),
            (ProxyFailure::Refused.into(), &["12030"]),
        ] {
            let (_, cause) = cause(stop).unwrap();
            let shown: String =
                cause.shown_at(Host::ManagementPoint).iter().filter_map(|one| one.client.clone()).collect();
            let codes = [
                "12002",
                "12007",
                "12029",
                "12030",
                "StatusCode=407",
                "StatusCode=403",
                "StatusCode=502",
                "StatusCode= with",
            ];
            for code in codes {
                assert_eq!(shown.contains(code), says.contains(&code), "{stop:?}: {}: {shown}", cause.id);
            }
        }
    }
}
