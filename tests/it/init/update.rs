//! `init --update`: what the console has and the definition has not, with lines and exit code 4; and `--write`, which puts
//! it right and leaves everything somebody wrote.

use std::fs;

use super::exports::{json, machines, utf_16};
use super::{Folder, planned};
use crate::program::run;

/// A definition somebody has worked on.
const DEFINITION: &str = r#"# Our site. Ask Kim before changing anything.
[site]
code = "PRI"
name = "Contoso primary site"      # as on the door
profile = "native-mode-2007"
clients_check_revocation = false   # until the list server is moved

[trust]
roots = ["pki/root.cer"]

[[vantage]]
name = "intranet"
[vantage.hosts]                    # the lab has no DNS
"mp01.corp.contoso.com" = ["10.1.0.21"]

# --- management points ---
[[system]]
name = "MP01"
intranet_fqdn = "MP01.corp.contoso.com"
internet_fqdn = "mp.contoso.com"   # published by ISA01
client_connections = "both"
roles = ["management-point"]       # DP since May?
[system.ports]
http = 8080                        # by hand

[[system]]
name = "DP03"
intranet_fqdn = "dp03.corp.contoso.com"
roles = ["distribution-point"]     # the old one

[[system]]
name = "PC117"                     # no console names branch distribution points
intranet_fqdn = "pc117.corp.contoso.com"
roles = ["branch-distribution-point"]

# Nodes: see the cluster below.
[[system]]
name = "MP02"
intranet_fqdn = "mp02.corp.contoso.com"
client_connections = "both"
roles = ["management-point"]

# --- clusters ---
[[cluster]]
name = "CMNLB"
role = "management-point"
intranet_fqdn = "cm.corp.contoso.com"
internet_fqdn = "cm.contoso.com"
nodes = ["MP02"]

[[waiver]]
requirement = "web-server/key-length"
system = "MP01"
reason = "replaced in May"
until = 2027-05-31
"#;

fn role(server: &str, name: &str, ssl: i64, properties: &str) -> String {
    format!(
        r#"{{"RoleName":"{name}","SiteCode":"PRI","NetworkOSPath":"\\\\{server}.corp.contoso.com","SslState":{ssl},"Type":2,"Props":[{properties}]}}"#
    )
}

fn number(name: &str, value: i64) -> String {
    format!(r#"{{"PropertyName":"{name}","Value":{value}}}"#)
}

fn public(name: &str) -> String {
    format!(r#"{{"PropertyName":"Server Remote Public Name","Value1":"{name}"}}"#)
}

fn facing(inside: i64, outside: i64) -> String {
    format!("{},{}", number("MPIntranetFacing", inside), number("MPInternetFacing", outside))
}

/// What the console says of the same site now.
fn console() -> String {
    let roles = [
        role("MP01", "SMS Site System", 2, &public("mp2.contoso.com")),
        role("MP01", "SMS Management Point", 1, &facing(1, 1)),
        role("MP01", "SMS Distribution Point", 1, &number("SslState", 63)),
        role("MP02", "SMS Site System", 2, &public("cm.contoso.com")),
        role("MP02", "SMS Management Point", 1, &facing(1, 1)),
        role("DP07", "SMS Distribution Point", 1, &number("SslState", 63)),
        role("DP08", "SMS Distribution Point", 0, &number("SslState", 0)),
        r#"{"ComponentName":"SMS_SITE_COMPONENT_MANAGER","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLState","Value":32}]}"#.into(),
    ];
    format!("[{}]", roles.join(","))
}

/// The line a text stands at.
fn line(text: &str) -> usize {
    DEFINITION.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn differences_are_told_with_their_lines_and_end_in_4() {
    let folder = Folder::new();
    let (definition, export) = (folder.write("site.toml", DEFINITION), folder.write("site.json", console()));
    let (out, complaints, code) = run(&["init", "--from", &export, "--update", &definition]);
    assert_eq!((complaints.as_str(), code), ("", 4), "{out}");
    let squeezed = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "+ DP07 distribution-point dp07.corp.contoso.com in the console, not in the definition".to_owned(),
        format!(
            "- DP03 distribution-point in the definition (line {}), not in the console",
            line("name = \"DP03\"") - 1
        ),
        format!(
            "~ MP01 internet_fqdn \"mp.contoso.com\" (line {}); console: \"mp2.contoso.com\"",
            line("published by ISA01")
        ),
        format!("~ MP01 roles no distribution-point (line {}); console: has it", line("DP since May")),
        format!("~ [site] clients_check_revocation false (line {}); console: true", line("until the list server")),
        "5 differences. To add: [[system]] name = \"DP07\"".to_owned(),
    ] {
        assert!(squeezed.contains(&words), "{words}\n{out}");
    }
    for silent in ["MP02", "PC117", "DP08", "CMNLB"] {
        assert!(!out.contains(silent), "{silent}\n{out}");
    }
    assert_eq!(folder.read("site.toml"), DEFINITION, "nothing is written without --write");
}

#[test]
fn another_sites_export_is_refused_and_of_several_sites_the_definitions_is_taken() {
    let folder = Folder::new();
    let definition = folder.write("site.toml", DEFINITION);
    let other = folder.write("other.json", console().replace("PRI", "ABC"));
    for more in [vec![], vec!["--write"]] {
        let (out, complaints, code) =
            run(&[&["init", "--from", &other, "--update", &definition], more.as_slice()].concat());
        assert_eq!((out.as_str(), code), ("", 2), "{complaints}");
        assert!(complaints.contains("there is nothing of site PRI in it"), "{complaints}");
        assert!(complaints.contains("ABC ("), "{complaints}");
    }
    assert_eq!(folder.read("site.toml"), DEFINITION);
    let own = folder.write("own.json", console().replace("PRI", "pri"));
    let (alone, _, code) = run(&["init", "--from", &own, "--update", &definition]);
    assert_eq!(code, 4);
    // Both together: what is the other site's is no difference.
    let both = folder.write("both.json", format!("{},{}", console().trim_end_matches(']'), &other_role()[1..]));
    let (out, _, code) = run(&["init", "--from", &both, "--update", &definition]);
    assert_eq!((out.replace("both.json", "own.json"), code), (alone, 4));
    let (_, complaints, code) = run(&["init", "--from", &both, "--update", &definition, "--site-code", "ABC"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("describes site PRI, and --site-code chooses ABC"), "{complaints}");
}

/// A management point of another site.
fn other_role() -> String {
    format!("[{}]", role("X1", "SMS Management Point", 1, &facing(1, 1)).replace("PRI", "ABC"))
}

#[test]
fn a_definition_is_brought_up_to_date_and_all_that_was_written_by_hand_stays() {
    let folder = Folder::new();
    let export = folder.write("site.json", console());
    let dos = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let before = DEFINITION;
    for (name, bytes) in [
        ("unix.toml", DEFINITION.as_bytes().to_vec()),
        ("dos.toml", dos(DEFINITION).into_bytes()),
        ("unicode.toml", utf_16(DEFINITION, u16::to_le_bytes)),
    ] {
        let definition = folder.write(name, bytes);
        let (_, complaints, code) = run(&["init", "--from", &export, "--update", &definition, "--write"]);
        assert_eq!((complaints.as_str(), code), ("", 0));
        if name != "unix.toml" {
            let unix = folder.read("unix.toml");
            let expected = if name == "dos.toml" { dos(&unix).into_bytes() } else { utf_16(&unix, u16::to_le_bytes) };
            assert!(fs::read(&definition).unwrap() == expected, "{name}");
            continue;
        }
        let after = folder.read(name);
        let changed = [
            "mp.contoso.com\"   # published",
            "roles = [\"management-point\"]       # DP since May?",
            "clients_check_revocation = false",
        ];
        let gone = ["name = \"DP03\"", "dp03.corp", "roles = [\"distribution-point\"]     # the old one"];
        for line in before.lines() {
            let is_touched = changed.iter().chain(&gone).any(|part| line.contains(part));
            assert!(is_touched || after.lines().any(|kept| kept == line), "{line}\n{after}");
        }
        for line in [
            "internet_fqdn = \"mp2.contoso.com\"   # published by ISA01",
            "roles = [\"management-point\", \"distribution-point\"]       # DP since May?",
            "clients_check_revocation = true   # until the list server is moved",
            "http = 8080                        # by hand",
            "# No longer in the console (site.json):",
            "# name = \"DP03\"",
            "# roles = [\"distribution-point\"]     # the old one",
        ] {
            assert!(after.lines().any(|kept| kept == line), "{line}\n{after}");
        }
        let place = |text: &str| after.find(text).unwrap_or_else(|| panic!("{text}\n{after}"));
        assert!(
            place("name = \"MP02\"") < place("name = \"DP07\"")
                && place("name = \"DP07\"") < place("# --- clusters ---")
        );
        assert!(planned(&folder, &after).iter().any(|(system, ..)| system == "DP07"));
        let (out, _, code) = run(&["init", "--from", &export, "--update", &definition]);
        assert_eq!(code, 0, "{out}");
        assert!(out.contains("No difference"), "{out}");
    }
}

#[test]
fn what_is_named_elsewhere_is_not_taken_out() {
    let folder = Folder::new();
    let definition = folder.write("site.toml", DEFINITION);
    let roles = [
        role("MP01", "SMS Site System", 2, &public("mp.contoso.com")),
        role("MP01", "SMS Management Point", 1, &facing(1, 1)),
    ];
    let export = folder.write("site.json", format!("[{}]", roles.join(",")));
    let (out, complaints, code) = run(&["init", "--from", &export, "--update", &definition, "--write"]);
    assert_eq!(code, 4, "{out}");
    assert!(complaints.contains("MP02: not taken out, because the cluster CMNLB names it"), "{complaints}");
    let after = folder.read("site.toml");
    assert!(after.contains("\nname = \"MP02\"") && after.contains("# name = \"DP03\""), "{after}");
}

#[test]
fn a_list_of_management_points_says_nothing_of_what_it_does_not_name() {
    let folder = Folder::new();
    let definition = folder.write("site.toml", DEFINITION);
    let list = r#"<MPList><MP Name="MP01" FQDN="mp01.corp.contoso.com" SiteCode="PRI"/><MP Name="CMNLB" FQDN="cm.corp.contoso.com" SiteCode="PRI"/><MP Name="MP02" FQDN="mp02.corp.contoso.com" SiteCode="PRI"/></MPList>"#;
    let file = folder.write("list.xml", list);
    let (out, _, code) = run(&["init", "--from", &file, "--update", &definition]);
    assert_eq!((out.as_str(), code), ("No difference: 2 systems of the definition agree with list.xml.\n", 0));
    let file = folder.write("list.xml", list.replace("MP02", "MP09").replace("mp02", "mp09"));
    let (out, _, code) = run(&["init", "--from", &file, "--update", &definition]);
    assert_eq!(code, 4);
    assert!(out.contains("+ MP09") && out.contains("- MP02") && out.contains("2 differences"), "{out}");
}

#[test]
fn every_definition_init_writes_agrees_with_its_export_and_changes_ports_and_roles_too() {
    let folder = Folder::new();
    let site = machines(40);
    let export = folder.write("site.json", json(&site));
    let (text, _, _) = run(&["init", "--from", &export]);
    let definition = folder.write("site.toml", &text);
    let (out, _, code) = run(&["init", "--from", &export, "--update", &definition]);
    assert_eq!(code, 0, "{out}");
    // In a definition of one line a table, too.
    let inline = r#"site = { code = "PRI" }
system = [
  { name = "SUP01", intranet_fqdn = "sup01.corp.contoso.com", roles = ["software-update-point"], ports = { software-update-point = 443 } }, # WSUS
  { name = "MP01", intranet_fqdn = "mp01.corp.contoso.com", roles = ["management-point", "distribution-point"] },
]
"#;
    let definition = folder.write("inline.toml", inline);
    let roles = [
        role(
            "SUP01",
            "SMS Software Update Point",
            0,
            &format!("{},{}", number("SSLWSUS", 1), number("WSUSIISSSLPort", 8531)),
        ),
        role("MP01", "SMS Management Point", 1, ""),
        role("MP01", "SMS Distribution Point", 0, &number("SslState", 0)),
    ];
    let export = folder.write("inline.json", format!("[{}]", roles.join(",")));
    let (out, complaints, code) = run(&["init", "--from", &export, "--update", &definition, "--write"]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{out}");
    assert!(out.contains("ports.software-update-point  443 (line 3); console: 8531"), "{out}");
    assert!(out.contains("distribution-point (line 4); console: distribution-point, HTTP only (SslState 0)"), "{out}");
    let after = folder.read("inline.toml");
    assert!(
        after.contains("software-update-point = 8531")
            && after.contains("# WSUS")
            && !after.contains("distribution-point\""),
        "{after}"
    );
}

#[test]
fn a_definition_with_faults_is_told_them_and_not_written() {
    let folder = Folder::new();
    let definition =
        folder.write("site.toml", DEFINITION.replace("roles = [\"distribution", "rolls = [\"distribution"));
    let export = folder.write("site.json", console());
    let before = fs::read(&definition).unwrap();
    let (_, complaints, code) = run(&["init", "--from", &export, "--update", &definition, "--write"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("site.toml:") && complaints.contains("rolls"), "{complaints}");
    assert_eq!(fs::read(&definition).unwrap(), before);
}
