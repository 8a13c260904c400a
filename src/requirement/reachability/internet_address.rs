//! `reachability/internet-address`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::observation::resolution::ResolutionSource;
use crate::rule::scope::Scope;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::site::vantage::Network;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The Internet FQDN, asked for outside, leads to addresses that can be reached from all over the Internet.
    ///
    /// Who is hurt: every Internet client. It resolves the name, tries 10.x or 192.168.x in whatever network it is in,
    /// and times out (0x80072EE2) or, worse, meets somebody else's machine there.
    ///
    /// How it is seen: in the addresses the vantage's resolver gave, against IANA's registries of special addresses:
    /// private use (RFC 1918), shared between carriers (100.64.0.0/10), loopback, link-local, unique local (fc00::/7),
    /// multicast and reserved ones, and also those for documentation (192.0.2.0/24, 2001:db8::/32 and so on), which only
    /// a copied example puts into a zone. Any such address among several fails, because clients pick one. A vantage with
    /// `private_addresses = true` (a test network) is left out, and so are names pinned to addresses, for which no DNS
    /// was asked. The usual way to get here: split DNS whose outer half was filled from the inner one, or an Internet
    /// FQDN in an Active Directory zone that outsiders can query.
    INTERNET_ADDRESS {
        id: "reachability/internet-address",
        title: "Outside, the Internet FQDN leads to public addresses",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::DNS07, place: "Internet FQDNs: host records in public DNS" },
            Citation { document: &document::IBCM, place: "Prerequisites: host entries on public DNS servers" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_on(Network::Internet, "Internet vantages"),
        evidence: &[EvidenceSource::Dns],
        remedy: "In public DNS, let the Internet FQDN lead to the public address of the site system, or of the firewall or proxy that publishes it. For a test network, set private_addresses = true at the vantage.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let resolution = &subject.seen.resolution;
    match resolution.source {
        ResolutionSource::Literal => return Verdict::NotApplicable("an address was dialled, not a name"),
        ResolutionSource::Pin => return Verdict::NotApplicable("the name is pinned to addresses: no DNS was asked"),
        ResolutionSource::Proxy(_) => return Verdict::NotApplicable("the proxy on the way resolves the name"),
        ResolutionSource::Servers(_) | ResolutionSource::Machine => {}
    }
    if subject.target.expectation.private_addresses {
        return Verdict::NotApplicable("the vantage may lead to private addresses (private_addresses = true)");
    }
    if resolution.addresses.is_empty() {
        return subject.no_endpoint();
    }
    let special: Vec<(IpAddr, &str)> =
        resolution.addresses.iter().filter_map(|address| special(*address).map(|what| (*address, what))).collect();
    if special.is_empty() {
        return Verdict::pass();
    }
    Evidence::new(format!("{} leads Internet clients to addresses that are not on the Internet.", subject.target.name))
        .expected("globally reachable addresses")
        .observed_all(special.into_iter().map(|(address, what)| format!("{address}: {what}")))
        .because(&cause::PRIVATE_ADDRESS_OUTSIDE)
        .culprit(super::zone(&subject.target.name, &subject.target.vantage))
        .fail()
}

/// What kind of special address it is; `None`: globally reachable. From IANA's IPv4 and IPv6 special-purpose registries.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let octets = address.octets();
    Some(match octets {
        [0, ..] => "this network (0.0.0.0/8)",
        [10, ..] => "private use (10.0.0.0/8)",
        [100, 64..=127, ..] => "shared between carriers (100.64.0.0/10)",
        [127, ..] => "loopback (127.0.0.0/8)",
        [169, 254, ..] => "link-local (169.254.0.0/16)",
        [172, 16..=31, ..] => "private use (172.16.0.0/12)",
        [192, 0, 0, _] => "reserved for protocols (192.0.0.0/24)",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "for documentation",
        [192, 168, ..] => "private use (192.168.0.0/16)",
        [198, 18..=19, ..] => "for benchmarks (198.18.0.0/15)",
        [224..=239, ..] => "multicast (224.0.0.0/4)",
        [240..=255, ..] => "reserved (240.0.0.0/4)",
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(inner) = address.to_ipv4_mapped() {
        return Some(special_v4(inner).unwrap_or("an IPv4 address written as IPv6 (::ffff:0:0/96)"));
    }
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified (::)",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback (::1)",
        [0x64, 0xff9b, 1, ..] => "local translation (64:ff9b:1::/48)",
        [0x100, 0, 0, 0, ..] => "discarded (100::/64)",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => "for documentation",
        [0x2001, 2, 0, ..] => "for benchmarks (2001:2::/48)",
        [0xfc00..=0xfdff, ..] => "unique local (fc00::/7)",
        [0xfe80..=0xfebf, ..] => "link-local (fe80::/10)",
        [0xfec0..=0xfeff, ..] => "site-local (fec0::/10), long withdrawn",
        [0xff00..=0xffff, ..] => "multicast (ff00::/8)",
        _ => return None,
    })
}

#[cfg(test)]
mod cases {
    use std::net::IpAddr;

    use crate::observation::failure::ResolveFailure;
    use crate::observation::resolution::ResolutionSource;
    use crate::requirement::case::{Case, World};

    fn outside(addresses: &[&str]) -> World {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        World::web_server(|r| r).from_internet().seen(|seen| seen.resolution.addresses = addresses)
    }

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("a public address", outside(&["131.107.4.22"])),
            Case::passes("both families", outside(&["131.107.4.22", "2620:1ec::42"])),
            Case::fails("RFC 1918", outside(&["10.1.0.21"]), "10.1.0.21: private use (10.0.0.0/8)"),
            Case::fails("one of two", outside(&["131.107.4.22", "192.168.3.4"]), "192.168.3.4"),
            Case::not_applicable(
                "a test network",
                outside(&["10.1.0.21"]).expecting(|expectation| expectation.private_addresses = true),
            ),
            Case::not_applicable(
                "pinned",
                outside(&["10.1.0.21"]).seen(|seen| seen.resolution.source = ResolutionSource::Pin),
            ),
            Case::not_applicable(
                "an address was given",
                outside(&["10.1.0.21"]).seen(|seen| seen.resolution.source = ResolutionSource::Literal),
            ),
            Case::not_applicable("inside", World::web_server(|r| r)),
            Case::unknown(
                "it does not resolve",
                World::web_server(|r| r).from_internet().unresolved(ResolveFailure::NameNotFound),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::special;

    #[test]
    fn ranges_end_where_iana_says() {
        for (address, is_special) in [
            ("9.255.255.255", false),
            ("10.0.0.0", true),
            ("10.255.255.255", true),
            ("11.0.0.0", false),
            ("100.63.255.255", false),
            ("100.64.0.0", true),
            ("100.127.255.255", true),
            ("100.128.0.0", false),
            ("127.0.0.1", true),
            ("169.253.255.255", false),
            ("169.254.0.1", true),
            ("172.15.255.255", false),
            ("172.16.0.0", true),
            ("172.31.255.255", true),
            ("172.32.0.0", false),
            ("192.0.1.255", false),
            ("192.0.2.1", true),
            ("192.167.255.255", false),
            ("192.168.0.0", true),
            ("192.169.0.0", false),
            ("198.17.255.255", false),
            ("198.18.0.0", true),
            ("198.20.0.0", false),
            ("198.51.100.7", true),
            ("203.0.113.7", true),
            ("223.255.255.255", false),
            ("224.0.0.1", true),
            ("255.255.255.255", true),
            ("0.0.0.0", true),
            ("::", true),
            ("::1", true),
            ("::ffff:10.0.0.1", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::808:808", false),
            ("2001:db8::1", true),
            ("2001:db9::1", false),
            ("2002::1", false),
            ("3fff:fff:ffff::1", true),
            ("3fff:1000::1", false),
            ("fbff::1", false),
            ("fc00::1", true),
            ("fdff::1", true),
            ("fe7f::1", false),
            ("fe80::1", true),
            ("febf::1", true),
            ("fec0::1", true),
            ("ff02::1", true),
            ("2620:1ec::42", false),
        ] {
            assert_eq!(special(address.parse().unwrap()).is_some(), is_special, "{address}");
        }
    }
}
