//! `key-length`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::rule::usage::Use;
use crate::trust::keys::is_rsa;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The RSA key is as long as the documents ask: at most 2048 bits for what clients present (2007: client computers,
    /// mobile devices, deployment; Current Branch: mobile devices, deployment, distribution points), at most 8096 for the
    /// signing certificate of 2007, 2048 or 4096 for a cloud management gateway, at most 2048 for the site database server.
    /// For web servers no document states a maximum; the minimum of 2048 bits is this tool's, and everybody's since 2013.
    ///
    /// Who is hurt: with a key longer than supported the component that uses it: enrolment, boot media or policy signing fails.
    /// With a short one everybody: rustls, browsers and many appliances want 2048 bits, and a key of 1024 can be broken by
    /// those who have the means.
    ///
    /// How it is seen: in the modulus of the key, in bits. Keys that are not RSA have a row of their own.
    KEY_LENGTH {
        slug: |_| "key-length",
        servers: None,
        title: "The key of {} is as long as documents ask",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if !is_rsa(facts) {
        return Verdict::NotApplicable("the key is not an RSA key");
    }
    let limits = of.of.data().key.under(of.profile());
    let bits = facts.public_key.bits;
    if bits == 0 {
        return Verdict::unknown("the certificate's key cannot be read", "a certificate with a well-formed RSA key");
    }
    let evidence =
        |message: &str, expected: String| of.evidence(message).expected(expected).observed(format!("{bits} bits"));
    // The gateway takes two lengths, and nothing between or above them.
    if of.of == Use::CloudManagementGateway && bits != 2048 && bits != 4096 {
        let because = if bits < 2048 { &cause::KEY_TOO_SHORT } else { &cause::KEY_LENGTH_NOT_ALLOWED };
        return evidence("The gateway does not take a key of this length.", "2048 or 4096 bits".into())
            .because(because)
            .fail();
    }
    if let Some(least) = limits.least.filter(|least| bits < *least) {
        return evidence("The certificate's key is short.", format!("at least {least} bits"))
            .because(&cause::KEY_TOO_SHORT)
            .fail();
    }
    if let Some(most) = limits.most.filter(|most| bits > *most) {
        return evidence("The certificate's key is longer than supported.", format!("at most {most} bits"))
            .because(&cause::KEY_TOO_LONG)
            .fail();
    }
    Verdict::pass_with(format!("{bits} bits"))
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::KeyName;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let keyed = |key| World::of(of, move |r| r.key(key));
        let limits = of.data().key.under(World::profile_of(of));
        let mut cases = vec![
            Case::passes("2048 bits", keyed(KeyName::Rsa2048B)),
            Case::not_applicable("an elliptic curve", keyed(KeyName::P256A)),
        ];
        if limits.least.is_some() {
            cases.push(Case::fails("1024 bits", keyed(KeyName::Rsa1024), "1024 bits"));
        }
        if limits.most.is_some_and(|most| most <= 8096) {
            cases.push(Case::fails("8192 bits", keyed(KeyName::Rsa8192), "8192 bits"));
        }
        if of == Use::CloudManagementGateway {
            cases.push(Case::fails("between the two lengths", keyed(KeyName::Rsa3072), "key-length-not-allowed"));
            cases.push(Case::passes("the longer of the two", keyed(KeyName::Rsa4096)));
            cases.push(Case::fails("above both", keyed(KeyName::Rsa8192), "key-length-not-allowed"));
            cases.push(Case::fails("below both", keyed(KeyName::Rsa1024), "key-too-short"));
        }
        cases
    }
}
