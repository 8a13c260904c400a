//! What is planned for a site, rule by rule; whole plans are compared in the integration tests.

use std::path::Path;

use super::{Options, Plan, ServerName};
use crate::plan::engine::EngineId;
use crate::plan::expectation::Presenter;
use crate::plan::offer::{Condition, Identity, OfferLabel, Sni};
use crate::plan::{Question, Target};
use crate::site::{ClientConnections, Site};

fn site(text: &str) -> Site {
    let text = format!("[site]\ncode = \"PRI\"\n{text}");
    Site::from_toml(&text, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn plan(text: &str) -> Plan {
    Plan::of(&site(text), &without_versions())
}

/// The defaults, without the offers that try versions and Windows clients one by one.
fn without_versions() -> Options {
    Options { tls_versions: false, ..Options::default() }
}

fn ids(plan: &Plan) -> Vec<String> {
    plan.targets.iter().map(|target| target.id.text()).collect()
}

fn target<'a>(plan: &'a Plan, id: &str) -> &'a Target {
    plan.targets
        .iter()
        .find(|target| target.id.text() == *id)
        .unwrap_or_else(|| panic!("{id} is not in {:?}", ids(plan)))
}

fn labels(target: &Target) -> Vec<&'static str> {
    target.offers.iter().map(|offer| offer.label.name()).collect()
}

const VANTAGES: &str = r#"vantage = [{ name = "in", network = "intranet" }, { name = "out", network = "internet" }]"#;
const CLIENT: &str = "[[client]]\nname = \"workstation\"\npfx = \"workstation.pfx\"";

/// The plan of a site with a vantage inside and one outside.
fn both(text: &str) -> Plan {
    let text = format!("{VANTAGES}\n[site]\ncode = \"PRI\"\n{CLIENT}\n{text}");
    let site = Site::from_toml(&text, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}"));
    Plan::of(&site, &without_versions())
}

#[test]
fn each_vantage_dials_the_names_its_clients_use() {
    let planned = both(
        r#"
        [[system]]
        name = "MP01"
        intranet_fqdn = "mp01.corp.contoso.com"
        internet_fqdn = "mp.contoso.com"
        roles = ["management-point"]
        [[system]]
        name = "DP01"
        roles = ["distribution-point"]
        [[system]]
        name = "SUP01"
        intranet_fqdn = "sup01.corp.contoso.com"
        internet_fqdn = "sup.contoso.com"
        client_connections = "internet"
        roles = ["software-update-point"]
        "#,
    );
    assert_eq!(
        ids(&planned),
        [
            "MP01/management-point/mp01.corp.contoso.com/in",
            "DP01/distribution-point/DP01/in",
            "MP01/management-point/mp.contoso.com/out",
            "SUP01/software-update-point/sup.contoso.com/out",
        ]
    );
    let hidden: Vec<String> = planned
        .lookups
        .iter()
        .filter_map(|lookup| match &lookup.question {
            Question::HiddenHost(name) => Some(format!("{} {name}", lookup.vantage)),
            Question::ManagementPointService { .. } => None,
        })
        .collect();
    assert_eq!(hidden, ["out mp01.corp.contoso.com", "out sup01.corp.contoso.com"]);
}

#[test]
fn a_bridge_answers_for_what_it_publishes_and_a_tunnel_does_not() {
    let systems = r#"
        [[system]]
        name = "MP01"
        intranet_fqdn = "mp01.corp.contoso.com"
        internet_fqdn = "mp.contoso.com"
        roles = ["management-point", "distribution-point", "software-update-point"]
        [[system]]
        name = "DP02"
        internet_fqdn = "dp.contoso.com"
        client_connections = "internet"
        roles = ["distribution-point"]
        [[proxy]]
        name = "ISA01"
        internet_fqdn = "mp.contoso.com"
        publishes = ["MP01", "DP02"]
    "#;
    let bridged = both(&format!("{systems}\nmode = \"bridging\""));
    let outside: Vec<String> = ids(&bridged).into_iter().filter(|id| id.ends_with("/out")).collect();
    assert_eq!(
        outside,
        ["ISA01/proxy/mp.contoso.com/out", "ISA01/proxy/mp.contoso.com:8531/out", "ISA01/proxy/dp.contoso.com/out",]
    );
    let proxy = target(&bridged, &outside[1]);
    assert_eq!((proxy.port, proxy.expectation.presenter), (8531, Presenter::BridgingProxy));
    assert_eq!(
        labels(proxy),
        ["default", "without-server-name", "anonymous", "stranger", "client", "plain-http"],
        "a bridge demands certificates for the update point too"
    );

    let one_port = both(&format!("{systems}\nmode = \"bridging\"\nport = 4443"));
    let ports: Vec<(&str, u16)> = one_port
        .targets
        .iter()
        .filter(|target| &*target.vantage == "out")
        .map(|target| (target.name.as_str(), target.port))
        .collect();
    assert_eq!(ports, [("mp.contoso.com", 4443), ("dp.contoso.com", 4443)]);

    let tunnelled = both(&format!("{systems}\nmode = \"tunneling\""));
    let through = target(&tunnelled, "DP02/distribution-point/dp.contoso.com/out");
    assert_eq!(through.expectation.presenter, Presenter::SiteSystem);
    assert_eq!(through.expectation.proxy.as_ref().map(|proxy| &*proxy.name), Some("ISA01"));
    assert!(labels(through).contains(&"plain-http"), "a proxy must not serve it in clear");
    assert!(!ids(&tunnelled).iter().any(|id| id.starts_with("ISA01/")));
    let inside = target(&tunnelled, "MP01/management-point/mp01.corp.contoso.com/in");
    assert_eq!(inside.expectation.proxy, None);
}

#[test]
fn a_cluster_is_met_by_its_name_and_its_nodes_by_theirs() {
    let planned = both(
        r#"
        [[system]]
        name = "MP02"
        intranet_fqdn = "mp02.corp.contoso.com"
        roles = ["management-point"]
        ports = { https = 4443 }
        [[system]]
        name = "MP03"
        intranet_fqdn = "mp03.corp.contoso.com"
        roles = ["distribution-point"]
        ports = { https = 4443 }
        [[cluster]]
        name = "CMNLB"
        role = "management-point"
        intranet_fqdn = "cm.corp.contoso.com"
        internet_fqdn = "cm.contoso.com"
        nodes = ["MP02", "MP03"]
        "#,
    );
    let cluster = target(&planned, "CMNLB/management-point/cm.corp.contoso.com/in");
    assert_eq!((cluster.port, cluster.connections), (4443, 4));
    assert_eq!(cluster.expectation.presenter, Presenter::Cluster);
    assert_eq!(cluster.expectation.client_connections, Some(ClientConnections::Both));
    let node = target(&planned, "MP03/management-point/mp03.corp.contoso.com/in");
    assert_eq!(node.expectation.cluster.as_ref().map(|cluster| &*cluster.name), Some("CMNLB"));
    let other_role = target(&planned, "MP03/distribution-point/mp03.corp.contoso.com/in");
    assert_eq!(other_role.expectation.cluster, None);
    target(&planned, "CMNLB/management-point/cm.contoso.com/out");

    let records: Vec<_> = planned
        .lookups
        .iter()
        .filter_map(|lookup| match &lookup.question {
            Question::ManagementPointService { record, targets, ports } => Some((record.as_str(), targets, ports)),
            Question::HiddenHost(_) => None,
        })
        .collect();
    let [(record, targets, ports)] = records.as_slice() else { panic!("one record: {records:?}") };
    assert_eq!(*record, "_mssms_mp_pri._tcp.corp.contoso.com");
    assert_eq!(targets.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["cm.corp.contoso.com"]);
    assert_eq!(**ports, [4443]);
}

#[test]
fn a_service_record_may_lead_to_management_points_that_are_not_looked_at() {
    let text = format!("{ONE}{}", ONE.replace("01", "02"));
    let records = |only: &str| -> Vec<usize> {
        let planned = Plan::of(&site(&text), &Options { only: vec![only.into()], ..Options::default() });
        let targets = planned.lookups.iter().filter_map(|lookup| match &lookup.question {
            Question::ManagementPointService { targets, .. } => Some(targets.len()),
            Question::HiddenHost(_) => None,
        });
        targets.collect()
    };
    assert_eq!(records("MP02"), [2]);
    assert_eq!(records("distribution-point"), [0; 0]);
}

#[test]
fn a_cluster_of_many_nodes_is_connected_to_sixteen_times_at_most() {
    for (nodes, connections) in [(1, 4), (2, 4), (3, 6), (8, 16), (9, 16)] {
        let mut text = String::new();
        let names: Vec<String> = (0..nodes).map(|node| format!("\"N{node}\"")).collect();
        for name in &names {
            text.push_str(&format!("[[system]]\nname = {name}\nroles = [\"management-point\"]\n"));
        }
        text.push_str("[[cluster]]\nname = \"C\"\nrole = \"management-point\"\nintranet_fqdn = \"10.1.0.30\"\n");
        text.push_str(&format!("nodes = [{}]", names.join(", ")));
        let planned = plan(&text);
        assert_eq!(target(&planned, "C/management-point/10.1.0.30/intranet").connections, connections, "{nodes} nodes");
    }
}

const ONE: &str =
    "[[system]]\nname = \"MP01\"\nintranet_fqdn = \"mp01.corp.contoso.com\"\nroles = [\"management-point\"]\n";

fn with(options: Options) -> Vec<super::super::Offer> {
    Plan::of(&site(ONE), &options).targets.first().map(|target| target.offers.to_vec()).unwrap_or_default()
}

#[test]
fn the_command_line_narrows_and_widens_what_is_offered() {
    let names = |options| with(options).iter().map(|offer| offer.label.name()).collect::<Vec<_>>();
    let handshakes = Options { http: false, ..without_versions() };
    assert_eq!(names(handshakes.clone()), ["default", "without-server-name"]);
    assert_eq!(
        names(without_versions()),
        ["default", "without-server-name", "anonymous", "stranger", "plain-http"],
        "without an identity nothing is asked as a client"
    );
    assert!(!names(Options { stranger: false, ..without_versions() }).contains(&"stranger"));
    assert_eq!(
        names(Options { tls_versions: true, ..handshakes.clone() }),
        [
            "default",
            "without-server-name",
            "only-ssl3",
            "only-tls10",
            "only-tls11",
            "only-tls12",
            "only-tls13",
            "windows-xp-sp3",
            "windows-vista",
            "windows-7",
            "windows-7-tls12"
        ]
    );
    assert_eq!(names(Options { server_name: ServerName::Off, ..handshakes.clone() }), ["default"]);
    let other = with(Options { server_name: ServerName::Other("mp.contoso.com".into()), ..handshakes });
    let sent: Vec<&Sni> = other.iter().map(|offer| &offer.sni).collect();
    assert_eq!(sent, [&Sni::Other("mp.contoso.com".into()), &Sni::Off]);
    let forced = with(Options { engine: Some(EngineId::Openssl), ..without_versions() });
    for offer in forced {
        let only = if offer.label == OfferLabel::PlainHttp { EngineId::Plain } else { EngineId::Openssl };
        assert_eq!(*offer.engines, [only], "{}", offer.label);
    }
}

#[test]
fn an_identity_is_presented_as_what_it_stands_for() {
    let planned = plan(&format!(
        "{ONE}[[system]]\nname = \"DMP01\"\nroles = [\"mobile-device-management-point\"]\n\
         [[client]]\nname = \"pc\"\npfx = \"pc.pfx\"\n[[client]]\nname = \"phone\"\nkind = \"mobile-device\"\ncertificate = \"phone.cer\"\nkey = \"phone.key\"\n"
    ));
    let presented = |id| {
        let offers = &target(&planned, id).offers;
        let client = offers.iter().find(|offer| offer.label == OfferLabel::Client);
        client.map(|offer| offer.identity.clone())
    };
    assert_eq!(presented("MP01/management-point/mp01.corp.contoso.com/intranet"), Some(Identity::Client("pc".into())));
    assert_eq!(
        presented("DMP01/mobile-device-management-point/DMP01/intranet"),
        Some(Identity::Client("phone".into()))
    );
}

#[test]
fn what_is_left_out_is_said() {
    let text = r#"
        [[system]]
        name = "FSP01"
        roles = ["fallback-status-point"]
        [[system]]
        name = "MP01"
        internet_fqdn = "mp.contoso.com"
        roles = ["management-point"]
    "#;
    let left_out = |plan: &Plan| plan.left_out.iter().map(|one| one.what.clone()).collect::<Vec<_>>();
    assert_eq!(left_out(&plan(text)), ["FSP01 fallback-status-point", "MP01 from the internet"]);
    let narrowed = Options { vantages: vec!["elsewhere".into()], ..Options::default() };
    let planned = Plan::of(&site(text), &narrowed);
    assert!(planned.targets.is_empty() && planned.lookups.is_empty());
    assert_eq!(left_out(&planned)[0], "vantage intranet");
}

#[test]
fn a_large_site_shares_its_offers() {
    let mut text = String::new();
    for number in 0..4_000 {
        text.push_str(&format!("[[system]]\nname = \"D{number}\"\nroles = [\"distribution-point\"]\n"));
    }
    let planned = plan(&text);
    assert_eq!(planned.targets.len(), 4_000);
    let first = planned.targets.first().map(|target| std::sync::Arc::clone(&target.offers));
    let shared = planned
        .targets
        .iter()
        .all(|target| first.as_ref().is_some_and(|first| std::sync::Arc::ptr_eq(first, &target.offers)));
    assert!(shared);
}

/// In a site of enhanced HTTP clients ask without certificate: so is asked where a client of the definition may not show
/// its own, and always where there is none.
#[test]
fn with_enhanced_http_anybody_asks_where_the_clients_certificate_is_withheld() {
    let systems = "[[system]]\nname = \"MP01\"\nroles = [\"management-point\", \"distribution-point\"]\n\
                   package_path = \"PRI00012.3\"";
    let asked = |communication: &str, client: &str| -> Vec<(&'static str, &'static str, Condition)> {
        let text = format!(
            "profile = \"current-branch\"\ncommunication = \"{communication}\"\n{client}\n\
             [[vantage]]\nname = \"in\"\nnetwork = \"intranet\"\n{systems}"
        );
        let plan = plan(&text);
        let requests = plan.targets.iter().flat_map(|target| {
            let role = target.role.unwrap().name();
            let asks = target.offers.iter().filter(|offer| offer.identity == Identity::None && offer.request.is_some());
            let as_client = asks.filter(|offer| {
                let label = offer.label.name();
                label.starts_with("client-") || label.ends_with("-certificate")
            });
            as_client.map(move |offer| (role, offer.label.name(), offer.condition))
        });
        requests.collect()
    };
    let alone = asked("enhanced-http", "");
    let labels = [
        ("management-point", OfferLabel::ManagementPointCertificate),
        ("management-point", OfferLabel::SiteSigningCertificate),
        ("distribution-point", OfferLabel::ClientSecondPath),
        ("distribution-point", OfferLabel::ClientListing),
        ("distribution-point", OfferLabel::ClientPackageHead),
        ("distribution-point", OfferLabel::ClientPackageRange),
    ];
    let expected = |condition| labels.map(|(role, label)| (role, label.name(), condition)).to_vec();
    assert_eq!(alone, expected(Condition::Always));
    assert_eq!(asked("enhanced-http", CLIENT), expected(Condition::WhereWithheld));
    assert_eq!(asked("https-only", CLIENT), []);
}
