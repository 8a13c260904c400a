//! `web-server/client-accepts-name`

use super::names;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The name that was dialled is on the certificate in the way a client compares: equal to a whole common name or
    /// dNSName, without regard to case and to one trailing dot, or covered by a wildcard that stands for exactly its
    /// left-most label. Whatever the documents say of the certificate's form, this comparison decides whether a client
    /// connects.
    ///
    /// Who is hurt: every client that uses this name. WinHTTP ends the request with error 12175 and the flag
    /// CERT_CN_INVALID (0x10), in newer logs "the host name in the certificate is invalid or does not match";
    /// CryptoAPI's word for it is 0x800B010F.
    ///
    /// How it is seen: the name the probe dialled is held against the common names and dNSName entries of the leaf. Two
    /// names joined by an ampersand are one value, and match neither. Where an address was dialled, the iPAddress
    /// entries count (Windows 10 and later) and a common name that is that address (every Windows), never a dNSName;
    /// if another server name was sent on request, that name is compared instead of the address. Configuration Manager
    /// clients always dial names.
    CLIENT_ACCEPTS_NAME {
        id: "web-server/client-accepts-name",
        title: "A client finds the name it dialled on the certificate",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "how WinHTTP and CryptoAPI compare the server's name" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue a certificate that has this very name as a dNSName entry of its own and bind it in IIS; or correct the name clients are given, where the certificate is right and the configured FQDN is not.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let dialled = dialled(subject);
    subject.judge_leaves(|leaf| {
        if names::accepts(leaf, dialled) {
            return Verdict::pass();
        }
        Evidence::new("A client that dials this name refuses the certificate: the name is not on it.")
            .expected(dialled)
            .observed_all(names::listed(leaf))
            .cause(names::why_missing(leaf, dialled))
            .fail()
    })
}

/// The name a client compares: the one dialled, or the one sent where an address was dialled.
pub(super) fn dialled<'a>(subject: &EndpointSubject<'a>) -> &'a str {
    let name = subject.target.name.as_str();
    if names::address(name).is_none() {
        return name;
    }
    let sent = subject.principal().and_then(|principal| principal.handshake.server_name.as_deref());
    sent.unwrap_or(name)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::San;
    use crate::requirement::case::{ADDRESS, Case, INTERNET, INTRANET, World};
    use crate::site::name::HostName;

    pub(super) fn all() -> Vec<Case> {
        let dialling = |world: World, name: &str| world.target(|target| target.name = HostName::new(name));
        let by_address =
            |world: World| dialling(world, "10.1.0.21").handshakes(|handshake| handshake.server_name = None);
        vec![
            Case::passes("a dNSName", World::web_server(|r| r)),
            Case::passes("the common name alone", World::web_server(|r| r.cn(INTRANET).no_san())),
            Case::passes(
                "the common name, beside other dNSNames",
                World::web_server(|r| r.cn(INTRANET).dns(&[INTERNET])),
            ),
            Case::passes("in capitals", dialling(World::web_server(|r| r), "MP01.Corp.Contoso.COM")),
            Case::passes(
                "a trailing dot on the certificate",
                World::web_server(|r| r.cn("x").dns(&["mp01.corp.contoso.com."])),
            ),
            Case::passes(
                "a wildcard for its first label",
                World::web_server(|r| r.cn("x").dns(&["*.corp.contoso.com"])),
            ),
            Case::passes("the NetBIOS name dialled", dialling(World::web_server(|r| r.cn("MP01").no_san()), "mp01")),
            Case::passes("an endpoint without a definition", World::web_server(|r| r).given()),
            Case::passes(
                "an address among the alternative names",
                by_address(World::web_server(|r| r.san(San::Ip(ADDRESS.ip())))),
            ),
            Case::passes("an address as common name", by_address(World::web_server(|r| r.cn("10.1.0.21").no_san()))),
            Case::passes(
                "an address dialled, and the name sent on request",
                dialling(World::web_server(|r| r), "10.1.0.21"),
            ),
            Case::fails("another name", World::web_server(|r| r.cn(INTERNET).dns(&[INTERNET])), "dns:mp.contoso.com"),
            Case::fails(
                "joined by an ampersand",
                World::web_server(|r| r.cn("mp01.corp.contoso.com&mp.contoso.com").no_san()),
                "joined by an ampersand",
            ),
            Case::fails(
                "a wildcard two labels up",
                World::web_server(|r| r.cn("x").dns(&["*.contoso.com"])),
                "A wildcard stands for one label",
            ),
            Case::fails("the FQDN, and the NetBIOS name dialled", dialling(World::web_server(|r| r), "MP01"), "FQDN"),
            Case::fails(
                "an address as dNSName",
                by_address(World::web_server(|r| r.cn("x").dns(&["10.1.0.21"]))),
                "An address was dialled",
            ),
            Case::fails("an address dialled", by_address(World::web_server(|r| r)), "An address was dialled"),
            Case::fails("no names", World::web_server(|r| r.no_cn().no_san()), "no name at all"),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::unknown("the certificate cannot be read", World::web_server(|r| r).unreadable()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
