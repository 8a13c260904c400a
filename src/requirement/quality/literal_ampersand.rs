//! `literal-ampersand`

use crate::certificate::Facts;
use crate::requirement::web_server::names;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// No common name and no dNSName holds an ampersand. The document tells readers to give both names "using the
    /// ampersand (&) symbol delimiter": that is how the names are written in the request attribute
    /// `SAN:dns=<intranet FQDN>&dns=<Internet FQDN>`, from which the authority makes two dNSName entries. It is not
    /// what the issued certificate is to say.
    ///
    /// Who is hurt: every client, if the names stand nowhere else. A client compares whole values, so
    /// `mp01.corp.contoso.com&mp.contoso.com` is neither of the two names, and requests to either end with
    /// CERT_CN_INVALID (0x10).
    ///
    /// How it is seen: in the leaf. By the document's letter such a certificate contains both names, so
    /// the rows on its names pass; whether a client accepts it is
    /// client-accepts-name.
    LITERAL_AMPERSAND {
        slug: |_| "literal-ampersand",
        servers: None,
        title: "No name on {} holds an ampersand",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let Some(joined) = facts.host_names().find(|name| name.contains('&')) else { return Verdict::pass() };
    let parts = joined.split('&').map(|part| {
        let part = part.trim();
        format!("dns:{}", part.strip_prefix("dns=").unwrap_or(part))
    });
    of.evidence("A name on the certificate holds an ampersand.")
        .expected_all(parts.filter(|part| part != "dns:"))
        .observed_all(names::listed(facts))
        .because(&cause::NAMES_JOINED_BY_AMPERSAND)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
            Case::passes("two entries", World::of(of, |r| r)),
            Case::fails(
                "in the common name",
                World::of(of, |r| r.cn("mp01.corp.contoso.com&mp.contoso.com").no_san()),
                "dns:mp.contoso.com",
            ),
            Case::fails(
                "in a dNSName, the attribute's text and all",
                World::of(of, |r| r.dns(&["mp01.corp.contoso.com&dns=mp.contoso.com"])),
                "\"dns:mp.contoso.com\"",
            ),
            Case::fails("beside good names", World::of(of, |r| r.cn("a & b")), "CN=a & b"),
        ]
    }
}
