//! `not-a-ca`

use crate::certificate::{Facts, oid};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The certificate is not itself one of a certification authority.
    ///
    /// Who is hurt: the whole company, if this key is lost: whoever has it can issue certificates for any name. Some peers
    /// refuse such a leaf (rustls and others that follow webpki do); Windows accepts it and says nothing.
    ///
    /// How it is seen: Basic Constraints say CA. The usual ways to get here: the web site was put on the certification
    /// authority's own computer and its CA certificate chosen in the binding, a certificate was made with a tool whose
    /// defaults make an authority, or a server sends its chain with the issuer first (chain/order says whether the others are
    /// out of order too).
    NOT_A_CA {
        slug: |_| "not-a-ca",
        servers: None,
        title: "{} is not a certification authority's",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    match facts.basic_constraints {
        Some(constraints) if constraints.ca => of
            .evidence("A certification authority's certificate is used as an end entity's.")
            .expected("a certificate that may not certify others")
            .observed(format!("Basic Constraints: CA, subject {}", facts.subject.text))
            .because(&cause::AUTHORITY_BOUND_AS_SERVER)
            .fail(),
        Some(_) => Verdict::pass(),
        None => match facts.unread(oid::BASIC_CONSTRAINTS) {
            Some(what) => Verdict::unknown(what, "a certificate whose Basic Constraints can be read"),
            None => Verdict::pass(),
        },
    }
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
            Case::passes("no Basic Constraints", World::of(of, |r| r)),
            Case::passes("Basic Constraints that say so", World::of(of, |r| r.basic_constraints(false, None))),
            Case::passes("version 1, which cannot say", World::of(of, |r| r.version_1())),
            Case::fails("it may certify", World::of(of, |r| r.basic_constraints(true, None)), "CA, subject"),
            Case::unknown(
                "Basic Constraints that cannot be read",
                World::of(of, |r| r.extension("2.5.29.19", true, &[0x30, 0x03, 0x01])),
            ),
        ]
    }
}
