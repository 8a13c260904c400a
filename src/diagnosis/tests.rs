use super::{Diagnoser, Explained};
use crate::judgement::Finding;
use crate::lab::pki::{Pki, oid};
use crate::plan::OfferLabel;
use crate::requirement::case::{Case, World, lab};
use crate::requirement::catalogue::catalogue;
use crate::rule::usage::Use;
use crate::verdict::Verdict;
use crate::verdict::cause::Culprit;
use crate::verdict::severity::Severity;

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
fn what_stands_in_a_certificates_place_and_is_none_is_one_diagnosis_above_everything_undecided() {
    let open = |findings: &[Finding], explained: &[Explained]| {
        let unknown = |finding: &Finding| matches!(finding.verdict, Verdict::Unknown(_));
        let both = findings.iter().zip(explained);
        let open = both.filter(|(finding, explained)| unknown(finding) && **explained == Explained::Not);
        open.map(|(finding, _)| finding.requirement.id).collect::<Vec<_>>()
    };
    let (healthy, told_of_it, _) = told(&World::web_server(|r| r).healthy_crls());
    let before = open(&healthy, &told_of_it);
    let leaf = World::web_server(|r| r).healthy_crls().unreadable();
    let issuer = World::web_server(|r| r).healthy_crls().knowing(&[]).unreadable_issuer();
    for (world, cause) in [(leaf, "unreadable-certificate"), (issuer, "unreadable-authority")] {
        let (findings, explained, diagnoses) = told(&world);
        let causes: Vec<&str> = diagnoses.iter().map(super::Diagnosis::id).collect();
        assert_eq!(causes, [cause]);
        let open: Vec<&str> = open(&findings, &explained).into_iter().filter(|id| !before.contains(id)).collect();
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn a_device_nobody_declared_is_one_diagnosis_and_an_error_where_it_shows_a_certificate_of_its_own() {
    let leaf = Pki::stranger().unwrap().issuing.issue(&World::recipe_of(Use::WebServer)).unwrap();
    let through = |world: World| {
        world.answering(OfferLabel::Anonymous, 403, "").observations(|seen| {
            if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
                answer.via = Some("1.1 edge-7".into());
            }
        })
    };
    let own = || World::web_server(|r| r);
    let foreign = || World::presented_as(Use::WebServer, &[&leaf], &[&lab().root]);
    for (world, cause, severity) in [
        (through(own()), "gateway-on-the-way", Severity::Warning),
        (through(foreign()), "intercepted-on-the-way", Severity::Error),
    ] {
        let (.., diagnoses) = told(&world);
        let told: Vec<_> = diagnoses.iter().map(|one| (one.id(), one.severity, one.culprit.clone())).collect();
        assert_eq!(told, [(cause, severity, Culprit::Device("1.1 edge-7".into()))]);
    }
}

#[test]
fn a_missing_issuer_is_one_diagnosis_and_so_is_another_hierarchy() {
    let leaf = lab().issue(&World::recipe_of(Use::WebServer)).unwrap();
    let world = World::presenting(&[&leaf], &[&lab().root]);
    let (_, _, diagnoses) = told(&world);
    let errors: Vec<_> = diagnoses.iter().filter(|one| one.severity == Severity::Error).collect();
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
