use super::{Diagnoser, Diagnosis, Explained, MOST_KEPT, MOST_NAMED, Named};
use crate::judgement::Finding;
use crate::judgement::run::Place;
use crate::lab::pki::{Attribute, KeyName, Minted, Pki, Recipe, Text, oid};
use crate::plan::{OfferLabel, TargetId};
use crate::requirement::case::{Case, World, lab};
use crate::requirement::catalogue::catalogue;
use crate::rule::usage::Use;
use crate::site::Site;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::waiver::Waiver;
use crate::verdict::Verdict;
use crate::verdict::cause::consequence::Kind;
use crate::verdict::cause::{Culprit, catalogue as cause};
use crate::verdict::severity::Severity;

fn findings(world: &World) -> Vec<Finding> {
    world.judge_by(catalogue())
}

fn told(world: &World) -> (Vec<Finding>, Vec<Explained>, Vec<Diagnosis>) {
    let findings = findings(world);
    let mut diagnoser = Diagnoser::default();
    let told = diagnoser.take(Place::Target(0), &findings);
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
        let causes: Vec<&str> = diagnoses.iter().map(Diagnosis::id).collect();
        assert_eq!(causes, [cause]);
        let open: Vec<&str> = open(&findings, &explained).into_iter().filter(|id| !before.contains(id)).collect();
        assert!(open.is_empty(), "{open:?}");
    }
}

/// Behind something that passes requests on, and says so.
fn behind_device(world: World) -> World {
    world.answering(OfferLabel::Anonymous, 403, "").observations(|seen| {
        if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
            answer.via = Some("1.1 edge-7".into());
        }
    })
}

#[test]
fn a_device_nobody_declared_is_one_diagnosis_and_an_error_where_it_shows_a_certificate_of_its_own() {
    let leaf = Pki::stranger().unwrap().issuing.issue(&World::recipe_of(Use::WebServer)).unwrap();
    let own = || World::web_server(|r| r);
    let foreign = || World::presented_as(Use::WebServer, &[&leaf], &[&lab().root]);
    for (world, cause, severity) in [
        (behind_device(own()), "gateway-on-the-way", Severity::Warning),
        (behind_device(foreign()), "intercepted-on-the-way", Severity::Error),
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

#[test]
fn what_is_accepted_hides_nothing_that_is_not() {
    let leaf = Pki::stranger().unwrap().issuing.issue(&World::recipe_of(Use::WebServer)).unwrap();
    let foreign = || behind_device(World::presented_as(Use::WebServer, &[&leaf], &[&lab().root]));
    let follows = |explained: &[Explained], findings: &[Finding]| -> Vec<&'static str> {
        let both = findings.iter().zip(explained);
        both.filter(|(_, explained)| matches!(explained, Explained::Follows(_, Kind::Derived)))
            .map(|(finding, _)| finding.requirement.id)
            .collect()
    };
    let (findings, explained, _) = told(&foreign());
    let derived = follows(&explained, &findings);
    assert!(!derived.is_empty(), "something fails with it");
    let leading: Vec<&str> = failing(&findings).filter(|id| !derived.contains(id)).collect();
    let waived = |site: &mut Site| {
        for id in &leading {
            let (requirement, reason) = ((*id).to_owned(), "for now".to_owned());
            let (at, defined_at) = Default::default();
            site.waivers.push(Waiver { requirement, system: None, reason, until: None, at, defined_at });
        }
    };
    let (findings, explained, diagnoses) = told(&foreign().site(waived));
    let is_accepted = |named: &Named| {
        let is_it = |one: &&Diagnosis| one.told_as == named.told_as && one.culprit == named.culprit;
        diagnoses.iter().find(is_it).is_none_or(|one| one.waived.is_some())
    };
    let open = || findings.iter().zip(&explained).filter(|(finding, _)| finding.fails());
    let hidden = open().filter(|(_, explained)| match explained {
        Explained::Is(named) | Explained::Follows(named, _) => is_accepted(named),
        Explained::Not => true,
    });
    let hidden: Vec<&str> = hidden.map(|(finding, _)| finding.requirement.id).collect();
    assert!(open().next().is_some() && hidden.is_empty(), "{hidden:?}");
}

#[test]
fn a_run_of_lines_keeps_so_many_diagnoses_and_tells_the_rest_where_they_show() {
    let failing = findings(&World::web_server(|r| r.no_eku()));
    let one = failing.into_iter().find(|finding| matches!(finding.verdict, Verdict::Fail(_))).unwrap();
    let of = |culprit: usize| {
        let mut finding = one.clone();
        if let Verdict::Fail(evidence) = &mut finding.verdict {
            evidence.culprit = Some(Culprit::Url(format!("http://pki.contoso.com/{culprit}.crl").into()));
        }
        [finding]
    };
    let mut diagnoser = Diagnoser::forgetting_local();
    let told: Vec<usize> =
        (0..MOST_KEPT + 2).map(|at| diagnoser.take(Place::Target(at), &of(at)).local.len()).collect();
    assert!(told[..MOST_KEPT].iter().all(|count| *count == 0));
    assert_eq!(told[MOST_KEPT..], [1, 1]);
    // What is kept is added to; what is not is told wherever it shows.
    for (culprit, count) in [(0, 0), (MOST_KEPT - 1, 0), (MOST_KEPT, 1), (MOST_KEPT, 1)] {
        let told = diagnoser.take(Place::Target(MOST_KEPT + 2), &of(culprit));
        assert_eq!(told.local.len(), count, "{culprit}");
        assert!(matches!(&told.explained[..], [Explained::Is(_)]));
    }
    let kept = diagnoser.finish();
    assert_eq!(kept.len(), MOST_KEPT);
    assert_eq!(kept.iter().filter(|one| one.findings == 2).count(), 2);
    // Where documents are written at the end, all are kept.
    let mut diagnoser = Diagnoser::default();
    assert!((0..=MOST_KEPT).all(|at| diagnoser.take(Place::Target(at), &of(at)).local.is_empty()));
    assert_eq!(diagnoser.finish().len(), MOST_KEPT + 1);
}

#[test]
fn a_run_of_lines_names_so_many_places_of_a_diagnosis_and_counts_them_all() {
    const ALL: usize = 3 * MOST_NAMED;
    let failing = findings(&World::web_server(|r| r.no_eku()));
    let one = failing.into_iter().find(|finding| matches!(finding.verdict, Verdict::Fail(_))).unwrap();
    let at = |at: usize| {
        let mut finding = one.clone();
        if let Verdict::Fail(evidence) = &mut finding.verdict {
            evidence.culprit = Some(Culprit::Url("http://pki.contoso.com/a.crl".into()));
        }
        (finding.subject, finding.system) = (format!("endpoint {at:03}").into(), format!("system {}", at / 2).into());
        [finding]
    };
    let of = |mut diagnoser: Diagnoser| {
        for nth in (0..ALL).rev() {
            diagnoser.take(Place::Target(nth), &at(nth));
        }
        let [diagnosis] = diagnoser.finish().try_into().unwrap();
        diagnosis
    };
    let (lines, document) = (of(Diagnoser::forgetting_local()), of(Diagnoser::default()));
    let named = |one: &Diagnosis| one.places.named().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(named(&document), (0..ALL).map(|at| format!("endpoint {at:03}")).collect::<Vec<_>>());
    assert_eq!(named(&lines), named(&document)[..MOST_NAMED]);
    for one in [&lines, &document] {
        assert_eq!((one.places.count(), one.system_count(), one.findings), (ALL, ALL / 2, ALL));
    }
}

/// The requirements that fail.
fn failing(findings: &[Finding]) -> impl Iterator<Item = &'static str> {
    findings.iter().filter(|one| matches!(one.verdict, Verdict::Fail(_))).map(|one| one.requirement.id)
}

#[test]
fn in_whatever_order_things_are_looked_at_the_diagnoses_are_the_same() {
    let at = |number: u8, world: World| {
        let name = format!("mp{number}.corp.contoso.com");
        let world = world.seen(|seen| seen.endpoints[0].address.set_ip([10, 1, 0, number].into()));
        world.target(|target| {
            target.id = TargetId::new(format!("MP{number}"), "management-point", name, "intranet");
            target.system = target.id.system.clone();
        })
    };
    let ended = |world: World| world.at(time::macros::datetime!(2040-01-01 00:00 UTC));
    let worlds = [
        at(1, World::web_server(|r| r).refused()),
        at(2, ended(World::web_server(|r| r))),
        at(3, ended(World::web_server(|r| r).handshakes(|seen| seen.secure_renegotiation = Some(false)))),
        at(4, ended(World::web_server(|r| r).handshakes(|seen| seen.chain.truncate(1)))),
    ];
    let findings: Vec<Vec<Finding>> = worlds.iter().map(findings).collect();
    let told = |order: [usize; 4]| {
        let mut diagnoser = Diagnoser::default();
        for at in order {
            let _ = diagnoser.take(Place::Target(at), &findings[at]);
        }
        let all = diagnoser.finish();
        let all = all.iter().map(|one| {
            let evidence = (one.requirement.id, &one.message, &one.expected, &one.observed);
            let counts = (one.severity, one.findings, one.derived, one.blocked, one.first_end, one.last_end);
            format!(
                "{} {evidence:?} {:?} {:?} {counts:?} {:?}",
                one.id(),
                one.requirements,
                one.places.named().collect::<Vec<_>>(),
                one.follows
            )
        });
        all.collect::<Vec<_>>().join("\n")
    };
    let in_order = told([0, 1, 2, 3]);
    assert!(in_order.contains("certificate-ended"), "{in_order}");
    for other in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(told(other), in_order, "{other:?}");
    }
}

/// Diagnoses of several things together: the cause of each, and of what it follows.
fn together(worlds: &[World]) -> Vec<(&'static str, Option<&'static str>)> {
    let mut diagnoser = Diagnoser::default();
    for (at, world) in worlds.iter().enumerate() {
        let _ = diagnoser.take(Place::Target(at), &findings(world));
    }
    let all = diagnoser.finish();
    all.iter().map(|one| (one.id(), one.follows.as_ref().map(|leader| leader.named.told_as))).collect()
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

/// A certificate that calls its own signature, which is made with SHA-256, one with SHA-1.
#[test]
fn a_certificate_that_lies_about_its_signature_is_malformed_and_nothing_is_said_of_sha1() {
    const SHA256_WITH_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
    let mut lying = lab().issue(&World::recipe_of(Use::WebServer)).unwrap();
    let outer = lying.der.windows(SHA256_WITH_RSA.len()).rposition(|octets| octets == SHA256_WITH_RSA).unwrap();
    // sha1WithRSAEncryption
    lying.der[outer + SHA256_WITH_RSA.len() - 1] = 0x05;
    for world in [World::of_minted(Use::WebServer, &lying), World::of_minted(Use::WebServer, &lying).current_branch()] {
        let (findings, _, diagnoses) = told(&world.healthy_crls());
        let causes: Vec<&str> = diagnoses.iter().map(Diagnosis::id).collect();
        assert_eq!(causes, ["malformed-certificate"]);
        let fails = findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Fail(_)));
        let fails: Vec<&str> = fails.map(|finding| finding.requirement.id).collect();
        assert!(!fails.iter().any(|id| id.contains("sha1")), "{fails:?}");
    }
}

/// The zone that answers otherwise than it should is one thing to put right, whatever names in it are asked for.
#[test]
fn names_of_one_zone_that_lead_inside_are_one_diagnosis_and_those_of_another_zone_another() {
    let leading = |system: &'static str, name: &'static str, address: &str| {
        let address = address.parse().unwrap();
        let world = World::web_server(|r| r).from_internet().seen(|seen| seen.resolution.addresses = vec![address]);
        world.target(|target| {
            target.system = system.into();
            target.name = HostName::new(name);
            target.id = TargetId::new(system, "management-point", name, "internet");
            target.vantage = "internet".into();
        })
    };
    let mut diagnoser = Diagnoser::default();
    for world in [
        leading("MP01", "mp.contoso.com", "10.1.0.21"),
        leading("DP01", "DP.Contoso.com", "10.1.0.22"),
        leading("SUP01", "sup.contoso.com", "131.107.4.22"),
        leading("DP02", "dp02.eu.fabrikam.com", "192.168.1.1"),
    ] {
        let _ = diagnoser.take(Place::Target(diagnoser.all.len()), &findings(&world));
    }
    let all = diagnoser.finish();
    let told: Vec<_> = all
        .iter()
        .filter(|one| one.id() == "private-address-outside")
        .map(|one| (one.culprit.clone(), one.places.count()))
        .collect();
    let zone = |zone: &str| Culprit::Definition(format!("zone {zone} at vantage internet").into());
    assert_eq!(told, [(zone("contoso.com"), 2), (zone("eu.fabrikam.com"), 1)]);
}

/// Of two common names the surplus one is all that is not ASCII: it goes, and with it the other fault.
#[test]
fn a_second_common_name_beyond_ascii_is_one_diagnosis_and_an_organisation_beyond_it_another() {
    let told = |world: World| {
        let told = together(&[world]);
        told.into_iter().filter(|(_, follows)| follows.is_none()).map(|(id, _)| id).collect::<Vec<_>>()
    };
    let wide = |text: &str| Text::Utf8(text.into());
    let surplus = |r: Recipe| r.attribute(Attribute::CommonName, wide("tor.m\u{fc}nchen.contoso.com"));
    assert_eq!(told(World::of(Use::WebServer, surplus).healthy_crls()), ["several-common-names"]);
    let both = |r: Recipe| surplus(r).attribute(Attribute::Organization, wide("M\u{fc}ller"));
    assert_eq!(told(World::of(Use::WebServer, both).healthy_crls()), ["several-common-names", "not-ascii"]);
}

/// What follows from something else is put right there: its own remedy would send people elsewhere.
#[test]
fn what_follows_has_the_remedy_of_what_it_follows_from() {
    let proxy = World::web_server(|r| r).bridging_proxy().answering(OfferLabel::Client, 502, "");
    let proxy =
        proxy.with_proxy_certificate(&[oid::CLIENT_AUTHENTICATION]).target(|target| target.system = "ISA01".into());
    let mut diagnoser = Diagnoser::default();
    for world in [World::web_server(|r| r).refused(), proxy] {
        let _ = diagnoser.take(Place::Target(diagnoser.all.len()), &findings(&world));
    }
    let all = diagnoser.finish();
    let of = |id: &str| all.iter().find(|one| one.id() == id).unwrap().remedy(Profile::NativeMode2007);
    assert_eq!(of("gateway-cannot-reach-server"), of("nothing-listens"));
    assert_ne!(of("nothing-listens"), cause::GATEWAY_CANNOT_REACH_SERVER.remedy.under(Profile::NativeMode2007));
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
        let causes: Vec<&str> = diagnoses.iter().map(Diagnosis::id).collect();
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
