//! `reachability/name-syntax`

use std::net::IpAddr;

use crate::rule::scope::Scope;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Every label of the name clients dial follows RFC 1123: ASCII letters, digits and hyphens, a letter or a digit at
    /// both ends, 63 characters at most; the name is not all digits and has 253 characters at most.
    ///
    /// Who is hurt: clients whose software takes the rule seriously, and there are always some. Windows DNS accepts an
    /// underscore, so the computer works for years inside; then a public DNS provider refuses the record, a public
    /// authority the certificate, a proxy or a mobile device the URL. Double-byte characters are not supported by
    /// Configuration Manager in these names at all.
    ///
    /// How it is seen: in the name as the definition (or the command line) gives it; nothing is asked for. A name that
    /// breaks the rule may still resolve and be reached, and then fails nothing else. An address given on the command
    /// line is no name; a cluster defined by its address is nlb/addressed-by-fqdn's.
    NAME_SYNTAX {
        id: "reachability/name-syntax",
        title: "The name clients dial is written as RFC 1123 allows",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::FQDN, place: "Requirements for fully qualified domain names" },
            Citation { document: &document::TOOL, place: "RFC 1123 on the names of hosts" },
        ),
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Definition],
        remedy: "Give the site system another FQDN (a further host record is enough, the computer need not be renamed), set it in the site system's properties, and issue the certificate for it.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let name = &subject.target.name;
    let bare = name.as_str().trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok() {
        return Verdict::NotApplicable("an address was dialled, not a name");
    }
    let Some(fault) = name.syntax_fault() else { return Verdict::pass() };
    Evidence::new(format!("The name {name} is not one a client can rely on: {fault}."))
        .expected("labels of ASCII letters, digits and hyphens, with a letter or digit at both ends")
        .observed(name.to_string())
        .because(&cause::NAME_NOT_A_HOST_NAME)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::site::name::HostName;

    fn named(name: &str) -> World {
        World::web_server(|r| r).target(|target| target.name = HostName::new(name))
    }

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("an FQDN", named("mp01.corp.contoso.com")),
            Case::passes("a NetBIOS name", named("MP01")),
            Case::passes("a digit in front", named("3com.contoso.com")),
            Case::passes("63 characters", named(&format!("{}.contoso.com", "a".repeat(63)))),
            Case::fails("64 characters", named(&format!("{}.contoso.com", "a".repeat(64))), "64 characters"),
            Case::fails("an underscore", named("mp_01.corp.contoso.com"), "mp_01"),
            Case::fails("an ampersand between two names", named("mp01.corp.contoso.com&mp.contoso.com"), "&"),
            Case::fails("a hyphen at the end", named("mp01-.corp.contoso.com"), "hyphen"),
            Case::fails("two dots in a row", named("mp01..contoso.com"), "label is empty"),
            Case::fails("an umlaut", named("m\u{fc}nchen.contoso.com"), "only ASCII"),
            Case::not_applicable("an address", named("10.1.0.21")),
            Case::not_applicable("an IPv6 address", named("[2001:db8::1]")),
            Case::passes("whatever becomes of it", named("mp01.corp.contoso.com").refused()),
        ]
    }
}
