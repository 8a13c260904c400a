//! Checks kept apart: one that panics leaves its own finding unknown, naming what it was, and the others go on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::rule::{Requirement, SiteId};
use crate::verdict::Verdict;

/// What a check says; `unknown`, if it panics.
///
/// What checks share is filled once or not at all, so that nothing half made is left behind.
pub(super) fn guarded(requirement: &Requirement, check: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|panic| failed(requirement, &*panic))
}

/// The same of a check that says something of several things; of the site `code` as a whole, if it panics.
pub(super) fn guarded_site(
    requirement: &Requirement,
    code: &str,
    check: impl FnOnce() -> Vec<(SiteId, Verdict)>,
) -> Vec<(SiteId, Verdict)> {
    let checked = catch_unwind(AssertUnwindSafe(check));
    checked.unwrap_or_else(|panic| vec![(SiteId::of(code), failed(requirement, &*panic))])
}

fn failed(requirement: &Requirement, panic: &(dyn Any + Send)) -> Verdict {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Verdict::unknown(
        format!(
            "a fault of this program: its check {} broke off ({})",
            requirement.id,
            words.unwrap_or("it does not say why")
        ),
        "a version of this program without the fault; please report it",
    )
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "what the macro declares is public")]
mod tests {
    use crate::requirement::case::World;
    use crate::requirement::session::forward_secrecy::FORWARD_SECRECY;
    use crate::rule::scope::Scope;
    use crate::rule::subject::{EndpointSubject, SiteSubject};
    use crate::rule::{Check, Citation, EvidenceSource, Requirement, SiteId, document, requirement};
    use crate::verdict::Verdict;
    use crate::verdict::severity::{Severity, SeverityByProfile};

    mod cases {
        use crate::requirement::case::Case;

        pub(super) fn all() -> Vec<Case> {
            Vec::new()
        }
    }

    requirement! {
        /// Breaks off.
        BREAKS_OFF {
            id: "test/breaks-off",
            title: "It breaks off",
            severity: SeverityByProfile::both(Severity::Error),
            citation: Citation { document: &document::TOOL, place: "nowhere" },
            scope: Scope::EVERY_ENDPOINT,
            evidence: &[EvidenceSource::Handshake],
            remedy: "None.",
            check: Check::Endpoint(breaks_off),
        }
    }

    requirement! {
        /// Breaks off over the whole site.
        SITE_BREAKS_OFF {
            id: "test/site-breaks-off",
            title: "It breaks off",
            severity: SeverityByProfile::both(Severity::Error),
            citation: Citation { document: &document::TOOL, place: "nowhere" },
            scope: Scope::EVERY_ENDPOINT,
            evidence: &[EvidenceSource::Site],
            remedy: "None.",
            check: Check::Site(site_breaks_off),
        }
    }

    static TWO: &[&Requirement] = &[&BREAKS_OFF, &FORWARD_SECRECY];
    static OF_SITE: &[&Requirement] = &[&SITE_BREAKS_OFF];

    fn breaks_off(subject: &EndpointSubject<'_>) -> Verdict {
        let nothing: [u8; 0] = [];
        Verdict::pass_with(nothing[subject.seen.observations.len()].to_string())
    }

    fn site_breaks_off(_: &SiteSubject<'_>) -> Vec<(SiteId, Verdict)> {
        panic!("no site is so")
    }

    #[test]
    fn a_check_that_panics_is_unknown_and_the_others_go_on() {
        let findings = World::web_server(|recipe| recipe).judge_by(TWO);
        let [broken, other] = &findings[..] else { panic!("{findings:?}") };
        let Verdict::Unknown(unknown) = &broken.verdict else { panic!("{broken:?}") };
        assert!(unknown.why.contains("test/breaks-off") && unknown.why.contains("index out of bounds"), "{unknown:?}");
        assert!(matches!(other.verdict, Verdict::Pass(_)), "{other:?}");

        let world = World::web_server(|recipe| recipe);
        let findings = world.as_site().judge_by(OF_SITE);
        let [broken] = &findings[..] else { panic!("{findings:?}") };
        let Verdict::Unknown(unknown) = &broken.verdict else { panic!("{broken:?}") };
        assert!(unknown.why.contains("no site is so"), "{unknown:?}");
    }
}
