//! `application-policies`

use crate::certificate::{Facts, oid};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// Where the certificate has Microsoft's Application Policies extension (1.3.6.1.4.1.311.21.10), that extension
    /// allows the purpose the certificate is relied on for, too. AD CS writes it beside the Enhanced Key Usage, from the same list; Windows
    /// holds a certificate good only for the purposes that both allow.
    ///
    /// Who is hurt: whoever relies on it on Windows, with CERT_WRONG_USAGE (0x40), while browsers and tools that read the Enhanced
    /// Key Usage alone find nothing wrong. It is a rare fault: the request brought an Enhanced Key Usage of its own
    /// that overrode the template's, or an authority's policy module rewrote one extension and not the other.
    ///
    /// How it is seen: in the leaf. A certificate without the extension passes, because then nothing is intersected; one
    /// whose Enhanced Key Usage lacks the purpose already is left to the row on that.
    APPLICATION_POLICIES {
        slug: |_| "application-policies",
        servers: None,
        title: "Application Policies of {}, where present, allow its purpose",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

/// Microsoft's "All application policies".
const ALL_APPLICATION_POLICIES: &str = "1.3.6.1.4.1.311.10.12.1";

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let (Some(purpose), Some(wanted)) = (of.of.data().purpose, of.of.purpose_oid()) else {
        return Verdict::NotApplicable("no purpose is asked of it");
    };
    if let Some(what) = facts.unread(oid::APPLICATION_POLICIES) {
        return Verdict::unknown(what, "a certificate whose Application Policies can be read");
    }
    let Some(policies) = &facts.application_policies else { return Verdict::pass() };
    if policies.iter().any(|policy| policy == wanted || policy == ALL_APPLICATION_POLICIES) {
        return Verdict::pass();
    }
    if !facts.has_extended_key_usage(wanted) {
        return Verdict::NotApplicable("the Enhanced Key Usage does not allow the purpose either");
    }
    let name = purpose.name();
    of.evidence(format!("Application Policies take away the {name} that the Enhanced Key Usage gives."))
        .expected(format!("{name} ({wanted})"))
        .observed_all(policies.iter().cloned())
        .because(&cause::POLICIES_DISAGREE)
        .fail()
}

#[cfg(test)]
mod cases {
    use super::{ALL_APPLICATION_POLICIES, oid};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let right = of.purpose_oid().unwrap_or(oid::SERVER_AUTHENTICATION);
        let other =
            if right == oid::SERVER_AUTHENTICATION { oid::CLIENT_AUTHENTICATION } else { oid::SERVER_AUTHENTICATION };
        let with = |policy: &'static str| World::of(of, move |r| r.eku(&[right]).application_policies(&[policy]));
        let unread = World::of(of, move |r| {
            let mut r = r.eku(&[right]);
            r.application_policies = None;
            r.extension(oid::APPLICATION_POLICIES, false, &[0x30, 0x05, 0x01])
        });
        vec![
            Case::passes("its purpose", with(right)),
            Case::passes(
                "no such extension",
                World::of(of, |mut r| {
                    r.application_policies = None;
                    r
                }),
            ),
            Case::passes("all policies", with(ALL_APPLICATION_POLICIES)),
            Case::fails("another purpose", with(other), other),
            Case::fails("none at all", World::of(of, move |r| r.eku(&[right]).application_policies(&[])), "take away"),
            Case::unknown("the extension cannot be read", unread),
            Case::not_applicable(
                "neither extension allows it",
                World::of(of, move |r| r.eku(&[other]).application_policies(&[other])),
            ),
        ]
    }
}
