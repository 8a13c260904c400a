//! `one-common-name`

use super::single_byte_names;
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, culprit};
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The subject has one common name at most. Two names belong into the Subject Alternative Name; of several common
    /// names most consumers read only one, and not all the same one.
    ///
    /// Who is hurt: the clients whose name stands in the common name that their software does not read: they are told
    /// CERT_CN_INVALID (0x10), while others connect, and a test from an administrator's browser proves nothing.
    ///
    /// How it is seen: in the subject of the leaf. For the rows on names every common name counts, so a name that
    /// stands only in a second one passes there and is named here.
    ONE_COMMON_NAME {
        slug: |_| "one-common-name",
        servers: None,
        title: "The subject of {} has one common name at most",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let names = &facts.subject.common_names;
    if names.len() <= 1 {
        return Verdict::pass();
    }
    let evidence = of
        .evidence("The subject has several common names.")
        .expected("one common name at most, further names as dNSName entries")
        .observed_all(names.iter().map(|name| format!("CN={}", name.text)))
        .because(&cause::SEVERAL_COMMON_NAMES);
    match single_byte_names::is_of_surplus_names(facts) {
        true => evidence.same_as(&cause::NOT_ASCII, culprit(of.chain.leaf())),
        false => evidence,
    }
    .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Attribute;
    use crate::requirement::case::{Case, INTERNET, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
            Case::passes("one", World::of(of, |r| r)),
            Case::passes("none", World::of(of, |r| r.no_cn())),
            Case::fails(
                "two",
                World::of(of, |r| r.no_san().attribute(Attribute::CommonName, INTERNET)),
                "CN=mp.contoso.com",
            ),
        ]
    }
}
