use super::{Diagnoser, Explained};
use crate::judgement::Finding;
use crate::lab::pki::{KeyName, Minted, Pki, Recipe, oid};
use crate::plan::OfferLabel;
use crate::requirement::case::{Case, World, lab};
use crate::requirement::catalogue::catalogue;
use crate::rule::usage::Use;
use crate::site::role::Role;
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

/// What is told of several things together and follows from nothing.
fn leading(worlds: &[World]) -> Vec<&'static str> {
    together(worlds).into_iter().filter(|(_, follows)| follows.is_none()).map(|(id, _)| id).collect()
}

#[test]
fn a_page_that_answers_everything_is_one_diagnosis_at_each_role() {
    let page = "<html><title>Sign in</title>";
    let to_everything = |world: World, labels: &[OfferLabel]| {
        labels.iter().fold(world, |world, label| world.answering(*label, 200, page)).current_branch().healthy_crls()
    };
    let of = |role: Role| World::web_server(|r| r).role(role);
    let at_management_point = [
        OfferLabel::Anonymous,
        OfferLabel::Client,
        OfferLabel::ManagementPointCertificate,
        OfferLabel::SiteSigningCertificate,
    ];
    let at_distribution_point = [OfferLabel::Anonymous, OfferLabel::Client, OfferLabel::ClientListing];
    let both = [OfferLabel::Anonymous, OfferLabel::ClientSecondPath];
    for (world, cause) in [
        (to_everything(of(Role::ManagementPoint), &at_management_point), "not-a-list"),
        (to_everything(of(Role::DistributionPoint), &at_distribution_point), "something-else-answers"),
        (to_everything(of(Role::SoftwareUpdatePoint), &both), "something-else-answers"),
        (to_everything(of(Role::StateMigrationPoint), &at_distribution_point[..2]), "something-else-answers"),
    ] {
        let (findings, explained, diagnoses) = told(&world);
        let causes: Vec<&str> = diagnoses.iter().map(super::Diagnosis::id).collect();
        assert_eq!(causes, [cause], "{diagnoses:#?}");
        let asked = |id: &str| id.starts_with("management-point/") || id.starts_with("distribution-point/");
        let both = findings.iter().zip(&explained);
        let open = both.filter(|(finding, explained)| {
            matches!(finding.verdict, Verdict::Unknown(_)) && **explained == Explained::Not
        });
        let open: Vec<&str> = open.map(|(finding, _)| finding.requirement.id).filter(|id| asked(id)).collect();
        assert!(open.is_empty(), "{cause}: {open:?}");
    }
}

#[test]
fn an_open_directory_of_a_management_point_that_answers_stands_for_itself() {
    let list = "<MPList><MP Name=\"MP01\" FQDN=\"mp01.corp.contoso.com\"><Version>9128</Version></MP></MPList>";
    let open = World::web_server(|r| r).answering(OfferLabel::Anonymous, 200, list).current_branch().healthy_crls();
    assert!(leading(&[open.answering(OfferLabel::Client, 200, list)]).contains(&"certificate-not-required"));
}

#[test]
fn names_at_a_proxy_that_bridges_and_should_tunnel_follow_from_that() {
    let leaf = lab().issue(&lab().web_server(&["edge.contoso.com"])).unwrap();
    let own = || World::presenting(&[&leaf, &lab().issuing], &[&lab().root]).healthy_crls().tunneling_proxy();
    let inside = || World::web_server(|r| r).healthy_crls();
    let told = together(&[own(), own().beside(inside())]);
    let named = told.iter().find(|(id, _)| *id == "name-not-requested").copied().unwrap();
    assert_eq!(named, ("name-not-requested", Some("mode-differs")), "{told:?}");
    assert_eq!(told.first().map(|(id, _)| *id), Some("mode-differs"));
    // A certificate that lacks the name inside, too, is one to put right.
    let directly = World::presenting(&[&leaf, &lab().issuing], &[&lab().root]).healthy_crls();
    let told = together(&[directly, own(), own().beside(inside())]);
    assert!(told.contains(&("name-not-requested", None)), "{told:?}");
}

#[test]
fn the_sites_own_certificate_leaves_nothing_undecided_beside_it() {
    let made = Minted::self_signed(&Recipe::root("SMS Issuing").key(KeyName::Rsa2048E)).unwrap();
    let leaf = World::recipe_of(Use::WebServer).cn("SMS Role SSL Certificate");
    let leaf = made.issue(&leaf).unwrap();
    let (findings, explained, diagnoses) = told(&World::presenting(&[&leaf], &[&lab().root]).healthy_crls());
    assert!(diagnoses.iter().any(|one| one.id() == "enhanced-http"), "{diagnoses:#?}");
    let both = findings.iter().zip(&explained);
    let open = both.filter(|(finding, explained)| {
        finding.requirement.id.starts_with("chain/")
            && matches!(finding.verdict, Verdict::Unknown(_))
            && **explained == Explained::Not
    });
    let open: Vec<&str> = open.map(|(finding, _)| finding.requirement.id).collect();
    assert!(open.is_empty(), "{open:?}");
}
