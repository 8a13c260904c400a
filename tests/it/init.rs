//! `init`: exports of every form become definitions that plan as they should; what is broken is refused by name; no secret
//! of an export shows anywhere.

mod demo_site; // a definition built from an export of the demo's site passes `check`
mod exports; // sites as a console exports them
mod fetched; // a management point's list, asked for over http and https
mod kept; // what is not brought up to date stays as it is
mod refused; // exports that are none, or broken
mod update; // a definition held against the console, and brought up to date

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{cmprobe, run};
use exports::{Machine, documents, json, machines, pages, utf_16};

/// A folder for a test's files.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// The definition `init` writes of an export.
#[track_caller]
pub(crate) fn definition(folder: &Folder, name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> String {
    let export = folder.write(name, bytes);
    let (out, complaints, code) = run(&[&["init", "--from", export.as_str()], more].concat());
    assert_eq!((complaints.as_str(), code), ("", 0), "{out}");
    out
}

/// What `plan` would dial: system, role, vantage, name and port.
#[track_caller]
pub(crate) fn planned(folder: &Folder, definition: &str) -> BTreeSet<(String, String, String, String, u64)> {
    let file = folder.write("planned.toml", definition);
    let (out, complaints, code) = run(&["plan", &file, "--format", "json"]);
    assert_eq!(code, 0, "{complaints}\n{definition}");
    let plan: Value = serde_json::from_str(&out).unwrap();
    let text = |target: &Value, key: &str| target[key].as_str().unwrap_or_default().to_owned();
    let targets = plan["targets"].as_array().unwrap().iter();
    targets
        .map(|one| {
            let port = one["port"].as_u64().unwrap();
            (text(one, "system"), text(one, "role"), text(one, "vantage"), text(one, "name"), port)
        })
        .collect()
}

#[test]
fn exports_of_any_size_and_form_become_definitions_that_plan_every_https_role_and_no_other() {
    let folder = Folder::new();
    for count in [3, 40, 1000] {
        let site = machines(count);
        let expected: BTreeSet<_> = site.iter().flat_map(Machine::targets).collect();
        assert!(!expected.is_empty());
        let array = json(&site);
        let first = definition(&folder, "array.json", &array, &[]);
        assert_eq!(planned(&folder, &first), expected, "{count}");
        let plain = site.iter().filter(|machine| machine.is_plain()).count();
        assert_eq!(first.matches("HTTP only (").count(), plain, "{count}");
        let after_head = |text: &str| text.split_once('\n').unwrap().1.to_owned();
        for (name, bytes) in [
            (
                "object.json",
                format!("{{\"@odata.context\":\"https://x/$metadata#SMS_SCI_SysResUse\",\"value\":{array}}}")
                    .into_bytes(),
            ),
            ("documents.json", documents(&site).into_bytes()),
            ("pages.json", pages(&site, false).into_bytes()),
            ("mark.json", [b"\xef\xbb\xbf", array.as_bytes()].concat()),
            ("little.json", utf_16(&array.replace('\n', "\r\n"), u16::to_le_bytes)),
            ("big.json", utf_16(&array, u16::to_be_bytes)),
        ] {
            let other = definition(&folder, name, bytes, &[]);
            assert_eq!(after_head(&other), after_head(&first), "{name}");
        }
    }
}

#[test]
fn one_object_alone_is_an_export_and_names_and_numbers_may_be_written_in_any_way() {
    let folder = Folder::new();
    let one = r#"{"rolename":"sms management point","SITECODE":"PRI","NetworkOSPath":null,
        "NALPath":"[\"Display=\\\\MP01.corp.contoso.com\\\"]MSWNET:[\"SMS_SITE=PRI\"]\\\\MP01.corp.contoso.com\\",
        "SslState":"3","Type":"2","Props":{"PropertyName":"mpinternetfacing","Value":"0","Value1":null}}"#;
    let text = definition(&folder, "one.json", one, &[]);
    assert_eq!(planned(&folder, &text).len(), 1);
    for line in [
        "name = \"MP01\"",
        "intranet_fqdn = \"mp01.corp.contoso.com\"",
        "client_connections = \"intranet\"",
        "kind = \"primary\"\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let named = r#"{"RoleName":"SMS Management Point","SiteCode":"PRI","SslState":1,"Props":[{"PropertyName":"Server Remote Name","Value1":"MP02.corp.contoso.com"}]}"#;
    assert!(definition(&folder, "named.json", named, &[]).contains("mp02.corp.contoso.com"));
}

#[test]
fn the_site_itself_is_read_from_its_components() {
    let folder = Folder::new();
    let export = r#"[
        {"RoleName":"SMS Management Point","SiteCode":"PRI","NetworkOSPath":"\\\\MP01.corp.contoso.com","SslState":1,"Type":2,"Props":[]},
        {"RoleName":"SMS Software Update Point","SiteCode":"PRI","NetworkOSPath":"\\\\MP01.corp.contoso.com","SslState":0,"Type":2,"Props":[{"PropertyName":"SSLWSUS","Value":1},{"PropertyName":"WSUSIISSSLPort","Value":4433},{"PropertyName":"IsINF","Value":0},{"PropertyName":"IsIntranet","Value":1}]},
        {"RoleName":null,"ItemName":"SMS_MP_CONTROL_MANAGER|MP01","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLPortsList","Value":0,"Value1":"8443"}]},
        {"ComponentName":"SMS_SITE_COMPONENT_MANAGER","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLState","Value":32}]},
        {"ComponentName":"SMS_DISCOVERY_DATA_MANAGER","SiteCode":"PRI","Props":[]}]"#;
    let text = definition(&folder, "site.json", export, &[]);
    for line in ["https = 8443", "software-update-point = 4433", "clients_check_revocation = true\n"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let ports: BTreeSet<u64> = planned(&folder, &text).into_iter().map(|(.., port)| port).collect();
    assert_eq!(ports, BTreeSet::from([4433, 8443]));
}

#[test]
fn roles_that_are_not_judged_are_comments_with_the_reason_and_others_are_counted() {
    let folder = Folder::new();
    let role = |name: &str, state: i64| {
        format!(
            r#"{{"RoleName":"{name}","SiteCode":"PRI","NetworkOSPath":"\\\\S01.corp.contoso.com","SslState":{state},"Type":2,"Props":[]}}"#
        )
    };
    let roles = [
        role("SMS Management Point", 1),
        role("SMS Distribution Point", 4),
        role("SMS SQL Server", 0),
        role("SMS Enrollment Server", 1),
        role("SMS Cloud Proxy Connector", 1),
        role("SMS Portal Web Site", 1),
        role("SMS AMT Service Point", 0),
        role("SMS Site Server", 0),
        role("SMS Component Server", 0),
        role("SMS Component Server", 0),
    ];
    let text = definition(&folder, "site.json", format!("[{}]", roles.join(",")), &[]);
    for words in [
        "# distribution-point, HTTP only (SslState 4)",
        "# the site database: judged in a file only",
        "# enrollment-point, not judged: on-premises device management is deprecated",
        "# cloud management gateway connection point. TODO",
        "# application catalog website point: gone since Current Branch 1910",
        "# out of band service point: gone",
        "SMS Component Server (2), SMS Site Server (1)",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert_eq!(planned(&folder, &text).len(), 1);
}

#[test]
fn roles_of_current_branch_and_enhanced_http_are_judged_as_such_and_a_role_of_2007_tells_the_release() {
    let folder = Folder::new();
    let role = |name: &str, state: i64| {
        format!(
            r#"{{"RoleName":"{name}","SiteCode":"PRI","NetworkOSPath":"\\\\S01.corp.contoso.com","SslState":{state},"Type":2,"Props":[]}}"#
        )
    };
    let state = |bits: i64| {
        format!(
            r#"{{"ComponentName":"SMS_SITE_COMPONENT_MANAGER","SiteCode":"PRI","Props":[{{"PropertyName":"IISSSLState","Value":{bits}}}]}}"#
        )
    };
    let port = r#"{"ComponentName":"SMS_MP_CONTROL_MANAGER","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLPortsList","Value1":"8443"}]}"#;
    let roles = [
        role("SMS Management Point", 0),
        role("SMS Distribution Point", 0),
        role("SMS State Migration Point", 0),
        role("SMS Provider", 0),
        role("SMS SRS Reporting Point", 1),
        state(1024),
        port.into(),
    ];
    let text = definition(&folder, "enhanced.json", format!("[{}]", roles.join(",")), &[]);
    for words in [
        "communication = \"enhanced-http\"",
        "clients_check_revocation = false",
        "roles = [\"management-point\", \"distribution-point\", \"sms-provider\", \"reporting-point\"]",
        "# state-migration-point, HTTP only (SslState 0)",
        "# management-point: SslState 0 in the console; enhanced HTTP",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let ports: BTreeSet<(String, u64)> =
        planned(&folder, &text).into_iter().map(|(_, role, _, _, port)| (role, port)).collect();
    let at = |role: &str, port: u64| (role.to_owned(), port);
    assert_eq!(
        ports,
        BTreeSet::from([
            at("management-point", 8443),
            at("distribution-point", 8443),
            at("sms-provider", 443),
            at("reporting-point", 443)
        ])
    );
    let export = folder.path("enhanced.json");
    let definition_file =
        folder.write("old.toml", text.replace("communication = \"enhanced-http\"", "communication = \"https-only\""));
    let (out, _, code) = run(&["init", "--from", &export, "--update", &definition_file, "--write"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("~ [site]          communication  \"https-only\" (line 7); console: \"enhanced-http\""),
        "{out}"
    );
    assert_eq!(folder.read("old.toml"), text);
    let roles = [role("SMS Management Point", 1), role("SMS Provider", 1), role("SMS Server Locator Point", 0)];
    let text = definition(&folder, "2007.json", format!("[{}]", roles.join(",")), &[]);
    assert!(text.contains("profile = \"native-mode-2007\"") && text.contains("but a server-locator-point"), "{text}");
    assert!(text.contains("# sms-provider, judged in current-branch only"), "{text}");
}

#[test]
fn an_ssl_state_of_bits_says_https_by_its_first() {
    let folder = Folder::new();
    for (name, of_role, of_property, expected) in [
        ("SMS Management Point", 63, None, Some(true)),
        ("SMS Management Point", 31, None, Some(true)),
        ("SMS Management Point", 1087, None, Some(true)),
        ("SMS Management Point", 3, None, Some(true)),
        ("SMS Management Point", 0, None, Some(false)),
        ("SMS Management Point", 4, None, Some(false)),
        ("SMS Management Point", 32, None, None),
        ("SMS State Migration Point", 63, None, Some(true)),
        ("SMS Distribution Point", 0, Some(63), Some(true)),
        ("SMS Distribution Point", 0, Some(31), Some(true)),
        ("SMS Distribution Point", 63, Some(0), Some(false)),
        ("SMS Distribution Point", 63, None, Some(true)),
        ("SMS Distribution Point", 63, Some(32), Some(true)),
    ] {
        let property =
            of_property.map_or_else(String::new, |n: i64| format!(r#"{{"PropertyName":"SslState","Value":{n}}}"#));
        let object = |server: &str, name: &str, state: i64, props: &str| {
            format!(
                r#"{{"RoleName":"{name}","SiteCode":"PRI","NetworkOSPath":"\\\\{server}.corp.contoso.com","SslState":{state},"Type":2,"Props":[{props}]}}"#
            )
        };
        let export =
            format!("[{},{}]", object("S01", name, of_role, &property), object("S02", "SMS Management Point", 1, ""));
        let text = definition(&folder, "bits.json", export, &[]);
        let is_said = text.contains("does not say whether");
        let is_role = planned(&folder, &text).iter().any(|(system, ..)| system == "S01");
        let found = if is_said { None } else { Some(is_role) };
        assert_eq!(found, expected, "{name} {of_role} {of_property:?}\n{text}");
    }
}

#[test]
fn so_many_misspelt_roles_are_told_and_the_rest_is_counted() {
    let folder = Folder::new();
    let told = |count: usize| {
        let rows: String = (0..count).map(|at| format!("MP{at}.corp.contoso.com,SMS Managment Point,PRI\n")).collect();
        let rows = format!("ServerName,RoleName,SiteCode\nMP.corp.contoso.com,SMS Management Point,PRI\n{rows}");
        let text = definition(&folder, "site.csv", rows, &[]);
        assert!(text.contains(&format!("({count})")), "{count}: {text}");
        text.matches("which is no role").count()
    };
    assert_eq!((told(1), told(50), told(51)), (1, 50, 50));
}

#[test]
fn tables_are_read_with_any_separator_and_column_order_and_the_type_line_is_skipped() {
    let folder = Folder::new();
    let rows = "\
#TYPE Selected.System.Data.DataRow
\"RoleName\",\"ServerName\",\"SiteCode\",\"InternetFqdn\",\"SslState\",\"Port\",\"ClientConnections\"
\"SMS Management Point\",\"MP01.corp.contoso.com\",\"PRI\",\"mp.contoso.com\",\"1\",\"8443\",\"both\"
\"dp\",\"DP01.corp.contoso.com\",\"PRI\",\"\",\"1\",\"\",\"intranet\"
\"SMS Distribution Point\",\"DP02\",\"PRI\",\"\",\"0\",\"\",\"\"
\"sup\",\"SUP01.corp.contoso.com\",\"PRI\",\"\",\"3\",\"443\",\"intranet\"
";
    let text = definition(&folder, "site.csv", rows, &[]);
    let target = |system: &str, role: &str, vantage: &str, name: &str, port: u64| {
        (system.to_owned(), role.to_owned(), vantage.to_owned(), name.to_owned(), port)
    };
    let expected = BTreeSet::from([
        target("MP01", "management-point", "intranet", "mp01.corp.contoso.com", 8443),
        target("MP01", "management-point", "internet", "mp.contoso.com", 8443),
        target("DP01", "distribution-point", "intranet", "dp01.corp.contoso.com", 443),
        target("SUP01", "software-update-point", "intranet", "sup01.corp.contoso.com", 443),
    ]);
    assert_eq!(planned(&folder, &text), expected);
    for (name, separator) in [("semicolons.csv", ";"), ("tabs.csv", "\t")] {
        let bytes = utf_16(&rows.replace(',', separator).replace('\n', "\r\n"), u16::to_le_bytes);
        let other = definition(&folder, name, bytes, &[]);
        assert_eq!(planned(&folder, &other), expected, "{name}");
    }
    // What the site database says alone: no Internet names, no TLS.
    let bare = "ServerName,RoleName,SiteCode\nMP01.corp.contoso.com,SMS Management Point,PRI\n";
    let text = definition(&folder, "bare.csv", bare, &[]);
    assert!(text.contains("TODO the export does not say whether the management-point uses HTTPS"), "{text}");
}

#[test]
fn lists_of_management_points_say_release_and_state() {
    let folder = Folder::new();
    let of_2007 = r#"<MPList><MP Name="MP01" FQDN="MP01.corp.contoso.com" SiteCode="PRI"><Version>6487</Version><Capabilities SchemaVersion="1.0"/></MP></MPList>"#;
    let text = definition(&folder, "2007.xml", of_2007, &[]);
    assert!(text.contains("profile = \"native-mode-2007\"") && text.contains("code = \"PRI\""), "{text}");
    let current = "\u{feff}<MPList><MP Name=\"MP01\" FQDN=\"MP01.corp.contoso.com\"><Version>9128</Version><Capabilities SchemaVersion=\"1.0\"><Property Name=\"SSLState\" Value=\"63\"/></Capabilities></MP>\
        <MP Name=\"MP02\" FQDN=\"MP02.corp.contoso.com\"><Version>9128</Version><Capabilities><Property Name=\"SSLState\" Value=\"0\"/></Capabilities></MP></MPList>";
    let text = definition(&folder, "current.xml", current, &[]);
    assert!(text.contains("code = \"XXX\"") && text.contains("TODO the site's code"), "{text}");
    assert!(text.contains("# MP02 mp02.corp.contoso.com: management-point, HTTP only (SSLState 0)"), "{text}");
    let text = definition(&folder, "current.xml", current, &["--site-code", "Lab"]);
    assert!(text.contains("code = \"Lab\"") && text.contains("profile = \"current-branch\""), "{text}");
    assert_eq!(planned(&folder, &text).len(), 1);
    let of_2012 = current.replace("9128", "8239");
    assert!(definition(&folder, "2012.xml", of_2012, &[]).contains("build 8239: System Center 2012"));
}

#[test]
fn what_the_directory_publishes_is_read_as_ldif_and_as_json() {
    let folder = Folder::new();
    let signing = &cmprobe::lab::pki::Pki::lab().unwrap();
    let signing = signing.issue(&signing.site_signing("PRI")).unwrap();
    let hex = data_encoding::HEXUPPER.encode(&signing.der);
    let capabilities = format!(
        "<ClientOperationalSettings><Version>5.00.9128.1000</Version><SecurityConfiguration><SiteSigningCert>{hex}</SiteSigningCert></SecurityConfiguration>\
         <FSP><FSPServer>fsp01.corp.contoso.com</FSPServer></FSP><CCM><CommandLine>SMSMP=a&b CANARY</CommandLine></CCM>\
         <HTTPSPort>8443</HTTPSPort><Capabilities SchemaVersion=\"1.0\"><Property Name=\"SSLState\" Value=\"63\"/></Capabilities></ClientOperationalSettings>"
    );
    let encoded = data_encoding::BASE64.encode(capabilities.as_bytes());
    let folded: Vec<&str> = encoded.as_bytes().chunks(76).map(|part| std::str::from_utf8(part).unwrap()).collect();
    let ldif = format!(
        "dn: CN=SMS-MP-PRI-MP01,CN=System Management,CN=System,DC=corp,DC=contoso,DC=com\r\nchangetype: add\r\n\
         dNSHostName: MP01.corp.contoso.com\r\nmSSMSMPName: MP01\r\nmSSMSSiteCode: PRI\r\nmSSMSVersion: 9128\r\nmSSMSCapabilities:: {}\r\n\r\n",
        folded.join("\r\n ")
    );
    let text = definition(&folder, "mp.ldf", utf_16(&ldif, u16::to_le_bytes), &[]);
    for words in ["code = \"PRI\"", "https = 8443", "name = \"FSP01\"", "The site code of this site server is PRI"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains("CANARY"));
    assert_eq!(planned(&folder, &text).len(), 1);
    let object = serde_json::json!({"dNSHostName": "MP01.corp.contoso.com", "mSSMSMPName": ["MP01"], "mSSMSSiteCode": "PRI",
        "mSSMSVersion": "9128", "mSSMSCapabilities": capabilities});
    let export = folder.write("mp.json", object.to_string());
    let (out, complaints, code) = run(&["init", "--from-ad", &export]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    let body = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(body(&out), body(&text));
}

#[test]
fn several_exports_complete_each_other_and_systems_of_one_name_are_a_cluster_in_2007() {
    let folder = Folder::new();
    let role = |server: &str, role: &str, more: &str| {
        format!(
            r#"{{"RoleName":"{role}","SiteCode":"PRI","NetworkOSPath":"\\\\{server}.corp.contoso.com","SslState":1,"Type":2,"Props":[{more}]}}"#
        )
    };
    let public = r#"{"PropertyName":"Server Remote Public Name","Value1":"cm.contoso.com"}"#;
    let facing = r#"{"PropertyName":"MPInternetFacing","Value":1},{"PropertyName":"MPIntranetFacing","Value":1}"#;
    let roles: Vec<String> = ["MP02", "MP03"]
        .iter()
        .flat_map(|server| [role(server, "SMS Site System", public), role(server, "SMS Management Point", facing)])
        .collect();
    let json = folder.write("site.json", format!("[{}]", roles.join(",")));
    let list = folder.write(
        "list.xml",
        r#"<MPList><MP Name="MP02" FQDN="MP02.corp.contoso.com" SiteCode="PRI"><Version>6487</Version></MP></MPList>"#,
    );
    let (text, _, code) = run(&["init", "--from", &json, "--from-mplist", &list]);
    assert_eq!(code, 0);
    assert!(text.contains("profile = \"native-mode-2007\"") && text.contains("\n[[cluster]]\n"), "{text}");
    let targets = planned(&folder, &text);
    let outside: Vec<&str> = targets
        .iter()
        .filter(|(_, _, vantage, ..)| vantage == "internet")
        .map(|(system, ..)| system.as_str())
        .collect();
    assert_eq!(outside, ["CLUSTER1"]);
    assert_eq!(targets.len(), 3);
    let (text, _, _) = run(&["init", "--from", &json]);
    assert!(text.contains("\n# [[cluster]]\n") && !text.contains("\n[[cluster]]\n"), "{text}");
    assert_eq!(planned(&folder, &text).len(), 4);
}

#[test]
fn of_several_sites_one_is_chosen() {
    let folder = Folder::new();
    let role = |site: &str, kind: i64, server: &str| {
        format!(
            r#"{{"RoleName":"SMS Management Point","SiteCode":"{site}","NetworkOSPath":"\\\\{server}.corp.contoso.com","SslState":1,"Type":{kind},"Props":[]}}"#
        )
    };
    let export = format!("[{},{},{}]", role("CAS", 4, "CAS01"), role("PRI", 2, "MP01"), role("SEC", 1, "MP02"));
    let file = folder.write("all.json", &export);
    let (_, complaints, code) = run(&["init", "--from", &file]);
    assert_eq!(code, 2);
    assert!(complaints.contains("PRI (1), SEC (1)") && complaints.contains("--site-code"), "{complaints}");
    let text = definition(&folder, "all.json", &export, &["--site-code", "sec"]);
    assert!(
        text.contains("code = \"SEC\"") && text.contains("kind = \"secondary\"") && !text.contains("MP01"),
        "{text}"
    );
    let (_, complaints, code) = run(&["init", "--from", &file, "--site-code", "CAS"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("it has no clients"), "{complaints}");
    let (_, complaints, code) = run(&["init", "--from", &file, "--site-code", "XYZ"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("nothing of site XYZ"), "{complaints}");
    // A hierarchy of one site with clients needs no choice.
    let text =
        definition(&folder, "two.json", format!("[{},{}]", role("CAS", 4, "CAS01"), role("PRI", 2, "MP01")), &[]);
    assert!(text.contains("code = \"PRI\""), "{text}");
}

#[test]
fn a_definition_is_written_to_a_new_file_only() {
    let folder = Folder::new();
    let export = folder.write("site.json", json(&machines(3)));
    let target = folder.path("site.toml");
    let (out, complaints, code) = run(&["init", "--from", &export, "-o", &target]);
    assert_eq!((out.as_str(), code), ("", 0));
    assert!(complaints.contains("marked TODO. Next: cmprobe plan"), "{complaints}");
    assert_eq!(planned(&folder, &folder.read("site.toml")).len(), 3);
    folder.write("site.toml", "kept");
    let (_, complaints, code) = run(&["init", "--from", &export, "-o", &target]);
    assert_eq!(code, 2);
    assert!(complaints.contains("is there already") && complaints.contains("--update"), "{complaints}");
    assert_eq!(folder.read("site.toml"), "kept");
}

#[test]
fn an_export_may_come_from_standard_input_and_without_a_source_an_example_is_shown() {
    let folder = Folder::new();
    let piped = cmprobe(&["init", "--from", "-"]).write_stdin(json(&machines(3))).output().unwrap();
    assert_eq!(piped.status.code(), Some(0));
    let text = String::from_utf8(piped.stdout).unwrap();
    assert!(text.starts_with("# cmprobe init, from standard input: "), "{text}");
    assert_eq!(planned(&folder, &text).len(), 3);
    let example = cmprobe(&["init"]).write_stdin("").output().unwrap();
    assert_eq!(example.status.code(), Some(0));
    assert!(planned(&folder, &String::from_utf8(example.stdout).unwrap()).len() > 4);
}

#[test]
fn the_readme_and_the_help_have_the_commands_and_its_definitions_are_ones() {
    let folder = Folder::new();
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (help, _, _) = run(&["init", "--help"]);
    for line in cmprobe::import::EXPORT_SCRIPT.lines() {
        assert!(readme.contains(line) && help.lines().any(|shown| shown == line), "{line}\n{help}");
    }
    // What cannot leave the console cannot be read, and the other way round.
    let read = ["Server Remote Public Name", "MPInternetFacing", "SSLWSUS", "IISSSLPortsList", "IISSSLState", "IsINF"];
    assert!(read.iter().all(|name| cmprobe::import::EXPORT_SCRIPT.contains(&format!("'{name}'"))));
    let definitions: Vec<&str> =
        readme.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(text, _)| text).collect();
    assert!(definitions.len() >= 2);
    for text in definitions {
        assert!(planned(&folder, text).len() >= 4, "{text}");
    }
}

#[test]
fn at_a_terminal_questions_are_asked() {
    let folder = Folder::new();
    let target = folder.path("site.toml");
    let answers = folder.write("answers", "PRI\n\n\n\nmp01.corp.contoso.com\n\nmp\n\n\n\n\n\n");
    let command = format!("{} init -o {target}", env!("CARGO_BIN_EXE_cmprobe"));
    let asked = std::process::Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .stdin(fs::File::open(answers).unwrap())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&asked.stdout).into_owned();
    assert!(
        asked.status.success() && shown.contains("Site code") && shown.contains("FQDN of a site system"),
        "{shown}"
    );
    assert_eq!(planned(&folder, &folder.read("site.toml")).len(), 1);
}
