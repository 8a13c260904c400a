//! `web-server/one-common-name`

use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The subject has one common name at most. Two names belong into the Subject Alternative Name; of several common
    /// names most consumers read only one, and not all the same one.
    ///
    /// Who is hurt: the clients whose name stands in the common name that their software does not read: they are told
    /// CERT_CN_INVALID (0x10), while others connect, and a test from an administrator's browser proves nothing.
    ///
    /// How it is seen: in the subject of the leaf. For the rows on names every common name counts, so a name that
    /// stands only in a second one passes there and is named here.
    ONE_COMMON_NAME {
        id: "web-server/one-common-name",
        title: "The subject has one common name at most",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 6125, section 2.3.1: which of several common names counts is not defined" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Request the certificate with one common name, or none, and every name as a DNS alternative name.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| {
        let names = &leaf.subject.common_names;
        if names.len() <= 1 {
            return Verdict::pass();
        }
        Evidence::new(format!("The subject has {} common names.", names.len()))
            .expected("one common name, or none")
            .observed_all(names.iter().map(|name| format!("CN={}", name.text)))
            .cause("Both names were entered as common names in the request instead of as alternative names.")
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Attribute;
    use crate::requirement::case::{Case, INTERNET, World};

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("one", World::web_server(|r| r)),
            Case::passes("none", World::web_server(|r| r.no_cn())),
            Case::fails(
                "two",
                World::web_server(|r| r.no_san().attribute(Attribute::CommonName, INTERNET)),
                "CN=mp.contoso.com",
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", World::web_server(|r| r).bridging_proxy()),
        ]
    }
}
