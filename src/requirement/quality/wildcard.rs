//! `wildcard`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// No name on the certificate is a wildcard. The documents ask for the site system's own names; they say nothing of
    /// wildcards for site systems (only the cloud management gateway of later versions is documented to take one).
    ///
    /// Who is hurt: today's Windows clients accept a wildcard for one label, so usually nobody; but mobile devices, old
    /// proxies and anything that compares names literally may refuse it, and one key on many servers puts them all at
    /// risk when it is lost on one of them.
    ///
    /// How it is seen: an asterisk in a common name or dNSName of the leaf. Whether the wildcard covers the names clients
    /// use is judged by the rows on names.
    WILDCARD {
        slug: |_| "wildcard",
        servers: None,
        title: "No wildcard on {} stands for the site system",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let wild: Vec<&str> = facts.host_names().filter(|name| name.contains('*')).collect();
    if wild.is_empty() {
        return Verdict::pass();
    }
    of.evidence("A wildcard stands for the site system's name.")
        .expected("the names of this site system, written out")
        .observed_all(wild)
        .because(&cause::WILDCARD_USED)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
            Case::passes("its own names", World::of(of, |r| r)),
            Case::fails("a dNSName", World::of(of, |r| r.dns(&["*.corp.contoso.com"])), "*.corp.contoso.com"),
            Case::fails("the common name", World::of(of, |r| r.cn("*.contoso.com").no_san()), "CN=*.contoso.com"),
        ]
    }
}
