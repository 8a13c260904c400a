//! `issuer-spelling`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, authority};
use crate::rule::quality::{Decider, quality};
use crate::verdict::Evidence;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// On the way up to the root each certificate names its issuer as the issuer's certificate names itself, octet for octet.
    ///
    /// Who is hurt: it is not known. RFC 5280, 7.1 takes two names for the same whose text is the same apart from capitals, white
    /// space and string type; what Windows does with them is not documented, and other software compares the octets.
    ///
    /// How it is seen: names on the path, or on what could be followed upwards, that are the same by RFC 5280, 7.1 and not octet
    /// for octet. An authority renewed by other software, or moved, writes its name as another string type.
    ISSUER_SPELLING {
        slug: |_| "issuer-spelling",
        servers: Some("chain/issuer-spelling"),
        title: "Names on the way up from {} are written alike, octet for octet",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let Some(spelling) = of.paths().spellings().first() else { return Verdict::pass() };
    let (Some(below), Some(above)) = (spelling.below.facts(), spelling.above.facts()) else { return Verdict::pass() };
    Evidence::new(format!(
        "{} names its issuer by the same text as the issuer's certificate does, in another encoding.",
        spelling.below.subject_text()
    ))
    .expected("issuer and subject above it the same, octet for octet")
    .observed(format!("issuer: {}", below.issuer.spelled()))
    .observed(format!("subject above it: {}", above.subject.spelled()))
    .observed("the key above it fits: the signature is that authority's")
    .because(&cause::ISSUER_NAME_IN_OTHER_ENCODING)
    .culprit(authority(&spelling.above))
    .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Attribute;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
            Case::passes("the same octets", World::of(of, |r| r)),
            Case::fails(
                "in capitals",
                World::of(of, |r| {
                    r.issued_by(vec![
                        (Attribute::DomainComponent, "com".into()),
                        (Attribute::DomainComponent, "contoso".into()),
                        (Attribute::CommonName, "CONTOSO ISSUING CA".into()),
                    ])
                }),
                "another encoding",
            ),
        ]
    }
}
