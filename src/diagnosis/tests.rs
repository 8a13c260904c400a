use super::{Diagnoser, Explained};
use crate::judgement::Finding;
use crate::lab::pki::oid;
use crate::plan::OfferLabel;
use crate::requirement::case::{Case, World, lab};
use crate::requirement::catalogue::catalogue;
use crate::verdict::Verdict;

fn findings(world: &World) -> Vec<Finding> {
    world.judge_by(catalogue())
}

fn told(world: &World) -> (Vec<Finding>, Vec<Explained>, Vec<super::Diagnosis>) {
    let findings = findings(world);
    let mut diagnoser = Diagnoser::default();
    let told = diagnoser.take(&findings);
    (findings, told.explained, diagnoser.finish())
}

#[test]
fn a_refused_address_is_one_diagnosis_that_explains_everything_undecided() {
    let (findings, explained, diagnoses) = told(&World::web_server(|r| r).refused());
    assert_eq!(diagnoses.len(), 1, "{diagnoses:#?}");
    let open = findings
        .iter()
        .zip(&explained)
        .filter(|(finding, explained)| matches!(finding.verdict, Verdict::Unknown(_)) && **explained == Explained::Not);
    let open: Vec<&str> = open.map(|(finding, _)| finding.requirement.id).collect();
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_missing_issuer_is_one_diagnosis_and_so_is_another_hierarchy() {
    let leaf = lab().issue(&World::recipe_of(crate::rule::usage::Use::WebServer)).unwrap();
    let world = World::presenting(&[&leaf], &[&lab().root]);
    let (_, _, diagnoses) = told(&world);
    let errors: Vec<_> =
        diagnoses.iter().filter(|one| one.severity == crate::verdict::severity::Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{diagnoses:#?}");
    let _ = Case::passes("", World::web_server(|r| r));
}

#[test]
fn what_is_in_order_has_no_diagnosis() {
    let (_, explained, diagnoses) = told(&World::web_server(|r| r).healthy_crls());
    assert!(diagnoses.is_empty(), "{diagnoses:#?}");
    assert!(explained.iter().all(|one| !matches!(one, Explained::Is(_))));
}

/// Diagnoses of several things together: the cause of each, and of what it follows.
fn together(worlds: &[World]) -> Vec<(&'static str, Option<&'static str>)> {
    let mut diagnoser = Diagnoser::default();
    for world in worlds {
        let _ = diagnoser.take(&findings(world));
    }
    let all = diagnoser.finish();
    all.iter().map(|one| (one.id(), one.follows.as_ref().map(|named| named.told_as))).collect()
}

#[test]
fn a_proxy_that_gets_no_answer_follows_from_the_server_behind_it_and_only_then() {
    let proxy = || {
        let world = World::web_server(|r| r).bridging_proxy().answering(OfferLabel::Client, 502, "");
        world.with_proxy_certificate(&[oid::CLIENT_AUTHENTICATION]).target(|target| target.system = "ISA01".into())
    };
    let refused = |system: &'static str| World::web_server(|r| r).refused().target(|one| one.system = system.into());
    let about_proxy = |told: &[(&'static str, Option<&'static str>)]| {
        told.iter().find(|(id, _)| *id == "gateway-cannot-reach-server").copied().unwrap()
    };
    assert_eq!(about_proxy(&together(&[proxy()])), ("gateway-cannot-reach-server", None));
    // In whatever order they are met.
    for worlds in [[refused("MP01"), proxy()], [proxy(), refused("MP01")]] {
        let told = together(&worlds);
        assert_eq!(about_proxy(&told), ("gateway-cannot-reach-server", Some("nothing-listens")), "{told:?}");
    }
    assert_eq!(about_proxy(&together(&[refused("DP07"), proxy()])), ("gateway-cannot-reach-server", None));
}
