use super::{Diagnoser, Explained};
use crate::judgement::Finding;
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
