//! Definitions as users write them: every bad file of `testdata/definitions/` gives just the faults beside it.
//! `CMPROBE_UPDATE=1` writes what is expected anew; read the difference before keeping it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use cmprobe::plan::Plan;
use cmprobe::plan::build::Options;
use cmprobe::report::plan::{self, PlanDocument};
use cmprobe::requirement::catalogue::catalogue;
use cmprobe::site::definition::{definition_schema, unknown_requirement};
use cmprobe::site::name::HostName;
use cmprobe::site::profile::{Profile, ProfileSource};
use cmprobe::site::role::{Role, UnjudgedRole};
use cmprobe::site::vantage::Network;
use cmprobe::site::windows::WindowsVersion;
use cmprobe::site::{
    ClientConnections, ClientKind, Communication, ExpectedCertificate, IdentitySource, ProxyMode, SecretSource,
    Selection, Site, SiteKind,
};
use cmprobe::wire::windows::WindowsClient;
use proptest::collection::vec;
use proptest::{prop_assert, proptest};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with this extension, in order.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder of the repository");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

/// Holds a text against the file beside it, or writes the file anew where told to.
fn compare(expected: &Path, text: &str) {
    if std::env::var_os("CMPROBE_UPDATE").is_some() {
        fs::write(expected, text).expect("a writable folder");
    }
    let kept = fs::read_to_string(expected).unwrap_or_default();
    assert_eq!(kept, text, "{} differs; CMPROBE_UPDATE=1 writes it anew", expected.display());
}

#[test]
fn every_bad_definition_is_told_all_its_faults() {
    let bad = files("testdata/definitions", "toml");
    assert!(bad.len() > 40, "only {} files", bad.len());
    for path in bad {
        let text = fs::read_to_string(&path).expect("a readable definition");
        let faults = Site::from_toml(&text, Path::new("")).expect_err(&format!("{} has no fault", path.display()));
        let told: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
        compare(&path.with_extension("expected"), &told);
    }
}

#[test]
fn every_expectation_belongs_to_a_bad_definition() {
    for path in files("testdata/definitions", "expected") {
        assert!(path.with_extension("toml").exists(), "{} stands alone", path.display());
    }
}

proptest! {
    #[test]
    fn no_text_whatever_breaks_the_reader(text in "\\PC*") {
        let _ = Site::from_toml(&text, Path::new(""));
    }

    #[test]
    fn no_mutilated_definition_breaks_the_reader(
        file in 0..1000usize,
        cuts in vec((0.0..1.0f64, 0.0..0.1f64, "[\\PC\\n]{0,8}"), 1..6),
    ) {
        let files = [files("targets", "toml"), files("testdata/definitions", "toml")].concat();
        let path = &files[file % files.len()];
        let mut text: Vec<char> = fs::read_to_string(path).expect("a readable definition").chars().collect();
        for (from, length, new) in cuts {
            let from = (text.len() as f64 * from) as usize;
            let to = (from + (text.len() as f64 * length) as usize).min(text.len());
            text.splice(from..to, new.chars());
        }
        let text: String = text.into_iter().collect();
        if let Err(faults) = Site::from_toml(&text, Path::new("")) {
            let lines = text.split('\n').count();
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.at.line) && fault.at.column > 0));
        }
    }
}

#[test]
fn a_definition_with_everything_is_understood() {
    let text = r#"
        [site]
        code = "PRI"
        profile = "current-branch"
        kind = "secondary"
        clients_check_revocation = false
        [trust]
        roots = ["pki/root.cer", "/etc/pki/other.cer"]
        [site_server]
        signing_certificate = "pki/signing.cer"
        [[client]]
        name = "workstation"
        pfx = "pki/workstation.pfx"
        password_file = "pki/workstation.password"
        [[client]]
        name = "phone"
        kind = "mobile-device"
        certificate = "pki/phone.cer"
        [[vantage]]
        name = "Internet"
        dns = ["198.51.100.53:5353", "2001:db8::53"]
        source_ip = "192.0.2.9"
        proxy = "http://proxy.contoso.com:8080/"
        hosts = { "mp.contoso.com" = ["198.51.100.21", "2001:db8::21"] }
        [[system]]
        name = "MP01"
        intranet_fqdn = "mp01.corp.contoso.com."
        internet_fqdn = "mp.contoso.com"
        roles = ["management-point", "software-update-point"]
        ports = { https = 4443, http = 8080, management-point = 4444 }
        [[system]]
        name = "MP02"
        client_connections = "both"
        roles = ["management-point"]
        [[cluster]]
        name = "CMNLB"
        role = "management-point"
        internet_fqdn = "cm.contoso.com"
        nodes = ["mp01", "MP02"]
        ports = { https = 443 }
        [[proxy]]
        name = "ISA01"
        internet_fqdn = "mp.contoso.com"
        mode = "bridging"
        publishes = ["mp01", "cmnlb"]
        [[waiver]]
        requirement = "web-server/key-length"
        system = "cmnlb"
        reason = "replaced in May"
        until = 2027-05-31
    "#;
    let site = Site::from_toml(text, Path::new("sites")).expect("no fault");
    assert_eq!((site.code.as_deref(), site.name.as_str()), (Some("PRI"), "site PRI"));
    assert_eq!((site.profile, site.kind), (Profile::CurrentBranch, SiteKind::Secondary));
    assert!(!site.clients_check_revocation && !site.legacy_clients);
    assert_eq!(site.trust.roots, [Path::new("sites/pki/root.cer"), Path::new("/etc/pki/other.cer")]);
    assert_eq!(site.signing_certificate.as_deref(), Some(Path::new("sites/pki/signing.cer")));

    let [workstation, phone] = &*site.clients else { panic!("two clients: {:?}", site.clients) };
    assert!(matches!(&workstation.source, IdentitySource::Pfx(path) if path == Path::new("sites/pki/workstation.pfx")));
    assert!(
        matches!(&workstation.secret, Some(SecretSource::File(path)) if path == Path::new("sites/pki/workstation.password"))
    );
    assert_eq!(phone.kind, ClientKind::MobileDevice);
    assert!(matches!(&phone.source, IdentitySource::Pair { key: None, .. }) && phone.secret.is_none());

    let [outside] = &*site.vantages else { panic!("one vantage: {:?}", site.vantages) };
    assert_eq!(outside.network, Network::Internet, "by its name");
    assert_eq!(
        outside.dns.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["198.51.100.53:5353", "[2001:db8::53]:53"]
    );
    assert_eq!(outside.proxy.as_deref(), Some("http://proxy.contoso.com:8080"));
    assert_eq!(
        outside.hosts.iter().map(|(name, at)| (name.as_str(), at.len())).collect::<Vec<_>>(),
        [("mp.contoso.com", 2)]
    );

    let [first, second] = &*site.systems else { panic!("two systems: {:?}", site.systems) };
    assert_eq!(first.intranet_fqdn.as_ref().map(HostName::as_str), Some("mp01.corp.contoso.com"));
    assert_eq!(first.client_connections, ClientConnections::Both, "by its Internet FQDN");
    let port = |role| first.ports.https_for(role);
    assert_eq!((port(Role::ManagementPoint), port(Role::SoftwareUpdatePoint), first.ports.http()), (4444, 8531, 8080));
    assert_eq!(port(Role::DistributionPoint), 4443);
    assert!(second.internet_fqdn.is_none(), "its cluster has one");

    assert_eq!(site.clusters[0].nodes.iter().map(|node| &**node).collect::<Vec<_>>(), ["MP01", "MP02"]);
    assert_eq!(site.proxies[0].publishes.iter().map(|name| &**name).collect::<Vec<_>>(), ["MP01", "CMNLB"]);
    assert_eq!(site.proxies[0].mode, ProxyMode::Bridging);
    let [waiver] = &*site.waivers else { panic!("one waiver: {:?}", site.waivers) };
    assert_eq!((waiver.system.as_deref(), waiver.until), (Some("CMNLB"), Some(time::macros::date!(2027 - 05 - 31))));
    let at = text.lines().position(|line| line.contains("requirement =")).map(|line| line + 1);
    assert_eq!(Some(waiver.at.line), at);

    let known = ["web-server/key-length"];
    assert_eq!(unknown_requirement(waiver, known.into_iter()), None);
    let fault = unknown_requirement(waiver, ["web-server/key-usage", "web-server/key-lengths"].into_iter());
    let told = fault.map(|fault| fault.to_string()).unwrap_or_default();
    assert!(
        told.contains("\u{201c}web-server/key-length\u{201d}") && told.contains("web-server/key-lengths"),
        "{told}"
    );
}

#[test]
fn a_site_of_current_branch_is_understood() {
    let text = "[site]
code = \"CB1\"
profile = \"current-branch\"
communication = \"enhanced-http\"
windows = [\"10-1607\", \"11-24H2\"]
[site.selection]
subject_attributes = { OU = \"Clients\", O = \"Contoso\" }
[trust]
public_roots = [\"pki/public.cer\"]
[[client]]
name = \"monitor\"
kind = \"monitoring\"
pfx = \"monitor.pfx\"
[[client]]
name = \"dp\"
kind = \"distribution-point-client\"
pfx = \"dp.pfx\"
[[client]]
name = \"other\"
kind = \"outsider\"
pfx = \"other.pfx\"
[[vantage]]
name = \"intranet\"
proxy = \"http://proxy:8080\"
no_proxy = [\".corp.contoso.com\", \"10.0.0.0/8\"]
[[system]]
name = \"MP01\"
roles = [\"MP\", \"Sup\", \"enrollment-point\"]
expected_certificate = \"\u{200e}00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF 00 11 22 33\"
package_path = \"PRI00012.3/\"
ports = { SUP = 443, software-update-point-http = 80 }
[[system]]
name = \"GATE\"
internet_fqdn = \"gate.contoso.com\"
roles = [\"cmg\"]
[[system]]
name = \"SQL01\"
intranet_fqdn = \"sql01.corp.contoso.com\"
expected_certificate = \"pki/sql01.cer\"
roles = [\"sms-provider\", \"reporting-point\"]
[[waiver]]
requirement = \"web-server/key-length\"
reason = \"May\"
";
    let site = Site::from_toml(text, Path::new("sites")).expect("no fault");
    assert_eq!((site.profile, &site.profile_source), (Profile::CurrentBranch, &ProfileSource::Declared));
    assert_eq!(site.communication, Communication::EnhancedHttp);
    assert_eq!(site.windows, [WindowsVersion::Windows10V1607, WindowsVersion::Windows11V22H2]);
    let attributes = [("OU", "Clients"), ("O", "Contoso")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let Some(Selection::SubjectAttributes(found)) = &site.selection else { panic!("{:?}", site.selection) };
    assert!(found.len() == 2 && attributes.iter().all(|pair| found.contains(pair)), "{found:?}");
    assert_eq!(site.trust.public_roots, [Path::new("sites/pki/public.cer")]);
    let kinds: Vec<ClientKind> = site.clients.iter().map(|client| client.kind).collect();
    assert_eq!(kinds, [ClientKind::Monitoring, ClientKind::DistributionPointClient, ClientKind::Outsider]);
    assert_eq!(site.vantages[0].no_proxy.len(), 2);

    let [mp, gate, sql] = &*site.systems else { panic!("three systems: {:?}", site.systems) };
    assert_eq!(mp.roles, [Role::ManagementPoint, Role::SoftwareUpdatePoint]);
    assert_eq!(mp.not_judged, [UnjudgedRole::EnrollmentPoint]);
    assert_eq!((mp.ports.https_for(Role::SoftwareUpdatePoint), mp.ports.update_point_http()), (443, 80));
    let thumbprint = "00112233445566778899aabbccddeeff00112233".to_owned();
    assert_eq!(mp.expected_certificate, Some(ExpectedCertificate::Thumbprint(thumbprint)));
    assert_eq!(sql.expected_certificate, Some(ExpectedCertificate::File("sites/pki/sql01.cer".into())));
    assert_eq!(mp.package_path.as_deref(), Some("PRI00012.3"));
    assert_eq!((gate.client_connections, sql.ports.update_point_http()), (ClientConnections::Internet, 8530));

    // Everything reports may point at has its line.
    let line = |wanted: &str, nth: usize| {
        text.lines().enumerate().filter(|(_, line)| *line == wanted).nth(nth).map(|(at, _)| at + 1)
    };
    let places = site.systems.iter().map(|system| system.defined_at.line);
    assert_eq!(places.collect::<Vec<_>>(), (0..3).filter_map(|nth| line("[[system]]", nth)).collect::<Vec<_>>());
    let places = site.clients.iter().map(|client| client.defined_at.line);
    assert_eq!(places.collect::<Vec<_>>(), (0..3).filter_map(|nth| line("[[client]]", nth)).collect::<Vec<_>>());
    assert_eq!(Some(site.waivers[0].defined_at.line), line("[[waiver]]", 0));
    assert_eq!(Some(site.vantages[0].defined_at.line), line("[[vantage]]", 0));
    assert_eq!((site.place("communication").line, site.place("kind").line), (4, 1));

    // The published schema takes it, too.
    let schema = jsonschema::validator_for(&definition_schema()).expect("a schema");
    let value: toml::Table = text.parse().expect("TOML");
    let value = serde_json::to_value(value).expect("JSON");
    assert_eq!(schema.validate(&value).map_err(|fault| fault.to_string()), Ok(()));
}

#[test]
fn every_windows_a_definition_may_name_has_an_offer() {
    for version in WindowsVersion::ALL {
        assert!(WindowsClient::named(version.name()).is_some(), "{}", version.name());
    }
}

#[test]
fn roles_are_dialled_where_their_clients_are() {
    let text = |profile: &str| {
        format!(
            "site = {{ code = \"CB1\", profile = \"{profile}\" }}
vantage = [{{ name = \"inside\" }}, {{ name = \"outside\", network = \"internet\" }}]
[[system]]
name = \"GATE\"
internet_fqdn = \"gate.contoso.com\"
roles = [\"cmg\"]
[[system]]
name = \"SQL01\"
intranet_fqdn = \"sql01.corp.contoso.com\"
internet_fqdn = \"sql01.contoso.com\"
roles = [\"sms-provider\", \"reporting-point\", \"certificate-registration-point\", \"peer-cache-source\"]
"
        )
    };
    let planned = |profile: &str| {
        let site = Site::from_toml(&text(profile), Path::new("")).expect("no fault");
        let plan = Plan::of(&site, &Options::default());
        let targets: Vec<String> = plan.targets.iter().map(|target| target.id.to_string()).collect();
        let left_out: Vec<String> = plan.left_out.iter().map(|left| format!("{}: {}", left.what, left.why)).collect();
        (targets, left_out)
    };
    let (targets, left_out) = planned("current-branch");
    assert_eq!(
        targets,
        [
            "SQL01/sms-provider/sql01.corp.contoso.com/inside",
            "SQL01/reporting-point/sql01.corp.contoso.com/inside",
            "GATE/cloud-management-gateway/gate.contoso.com/outside",
        ]
    );
    assert!(left_out[0].starts_with("SQL01 certificate-registration-point: not judged: "), "{left_out:?}");
    assert!(left_out[1].starts_with("SQL01 peer-cache-source: not judged: it is a client"), "{left_out:?}");
    let (targets, left_out) = planned("native-mode-2007");
    assert_eq!(targets, [""; 0]);
    assert_eq!(left_out.len(), 5, "{left_out:?}");
}

#[test]
fn names_may_hold_what_ids_are_divided_by() {
    let text = "site = { code = \"PRI\" }
vantage = [{ name = \"in/side\" }]
[[client]]
name = \"stranger\"
pfx = \"ws.pfx\"
[[system]]
name = \"MP/management-point\"
intranet_fqdn = \"mp.corp.contoso.com\"
roles = [\"mp\"]
[[system]]
name = \"MP\"
intranet_fqdn = \"mp.corp.contoso.com\"
roles = [\"mp\"]
";
    let site = Site::from_toml(text, Path::new("")).expect("no fault");
    let plan = Plan::of(&site, &Options::default());
    let systems: Vec<&str> = plan.targets.iter().map(|target| &*target.system).collect();
    assert_eq!(systems, ["MP/management-point", "MP"]);
}

#[test]
fn without_a_vantage_there_is_one_inside() {
    let text = "[site]\ncode = \"PRI\"\n[[system]]\nname = \"MP01\"\nroles = [\"management-point\"]\n";
    let site = Site::from_toml(text, Path::new("")).expect("no fault");
    let [vantage] = &*site.vantages else { panic!("one vantage: {:?}", site.vantages) };
    assert_eq!((&*vantage.name, vantage.network), ("intranet", Network::Intranet));
    assert!(vantage.dns.is_empty() && vantage.proxy.is_none());
    assert_eq!(site.profile, Profile::NativeMode2007);
    assert_eq!(site.systems[0].client_connections, ClientConnections::Intranet);
}

#[test]
fn every_starter_loads_and_plans_as_expected() {
    let starters = files("targets", "toml");
    assert!(starters.len() >= 6, "only {} starters", starters.len());
    let schema = jsonschema::validator_for(&definition_schema()).expect("a schema");
    for path in &starters {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let text = fs::read_to_string(path).expect("a readable definition");
        let site = Site::from_toml(&text, Path::new("targets")).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        let catalogued = |waiver| unknown_requirement(waiver, catalogue().iter().map(|requirement| requirement.id));
        assert_eq!(site.waivers.iter().find_map(catalogued), None, "{name}");

        let plan = Plan::of(&site, &Options::default());
        assert!(!plan.targets.is_empty(), "{name} probes nothing");
        let ids: HashSet<String> = plan
            .targets
            .iter()
            .map(|target| target.id.text())
            .chain(plan.lookups.iter().map(|one| one.id.text()))
            .collect();
        assert_eq!(ids.len(), plan.targets.len() + plan.lookups.len(), "{name}: an id stands for two things");
        let shown = plan::text(&site, &plan, false);
        for line in shown.lines() {
            assert!(line.chars().count() <= 80, "{name}: wider than 80 columns: {line}");
        }
        compare(&root().join(format!("testdata/plans/{name}.txt")), &shown);

        let document = serde_json::to_value(PlanDocument::new(&site, &plan)).expect("a document");
        assert_eq!(document["summary"]["targets"], plan.targets.len(), "{name}");

        // What the reader takes the published schema takes too; TOML's dates are texts to it.
        let value: toml::Table = text.parse().expect("TOML");
        let as_json = serde_json::to_string(&value).expect("JSON").replace("{\"$__toml_private_datetime\":", "");
        let as_json = as_json.replace("\"2027-05-31\"}", "\"2027-05-31\"");
        let as_json: serde_json::Value = serde_json::from_str(&as_json).expect("JSON");
        if let Err(fault) = schema.validate(&as_json) {
            panic!("{name}: {fault} at {}", fault.instance_path());
        }
    }
}

#[test]
fn every_expected_plan_belongs_to_a_starter() {
    for path in files("testdata/plans", "txt") {
        let starter = root().join("targets").join(path.with_extension("toml").file_name().expect("a name"));
        assert!(starter.exists(), "{} stands alone", path.display());
    }
}
