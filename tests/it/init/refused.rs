//! Exports that are none, or broken: each is refused by name, with what would be right; and no value of an export shows in
//! what is printed, whatever becomes of it.

use std::fs::File;

use super::Folder;
use super::exports::{CANARY, json, machines, pages};
use crate::program::run;

#[test]
fn broken_exports_are_refused_by_name_with_what_would_be_right() {
    let folder = Folder::new();
    let good = json(&machines(3));
    let deep = format!("{}1{}", "[".repeat(17), "]".repeat(17));
    let kept = format!("{}1{}", "[".repeat(16), "]".repeat(16));
    let many =
        format!("[{}]", vec![r#"{"RoleName":"SMS Management Point","NetworkOSPath":"\\\\a.b"}"#; 20_001].join(","));
    let rows: String = (0..20_001).map(|n| format!("mp{n}.corp.contoso.com,mp\n")).collect();
    for (name, bytes, told, right) in [
        ("cut.json", good[..good.len() / 2].to_owned(), "the export was cut short", "export it again"),
        ("broken.json", format!("{good}]"), "is no JSON", "as ConvertTo-Json"),
        (
            "depth-1.json",
            r#"[{"RoleName":"SMS Management Point","SiteCode":"PRI","NetworkOSPath":"\\\\MP01.corp.contoso.com","Props":["instance of SMS_EmbeddedProperty"]}]"#.to_owned(),
            "-Depth was too small",
            "cmprobe init --help",
        ),
        (
            "depth-1-joined.json",
            r#"[{"RoleName":"SMS Management Point","SiteCode":"PRI","Props":"System.Object[]"}]"#.to_owned(),
            "-Depth was too small",
            "cmprobe init --help",
        ),
        ("depth-0.json", r#"{"value":["@{RoleName=SMS Management Point}"]}"#.to_owned(), "-Depth was too small", "cmprobe init --help"),
        (
            "class.json",
            r#"[{"__CLASS":"SMS_Collection","Name":"All Systems","CollectionID":"SMS00001"}]"#.to_owned(),
            "no site system roles in it: it holds SMS_Collection",
            "cmprobe init --help",
        ),
        (
            "context.json",
            r#"{"@odata.context":"https://cm/AdminService/wmi/$metadata#SMS_R_System","value":[{"Name":"PC1"}]}"#.to_owned(),
            "it holds SMS_R_System",
            "cmprobe init --help",
        ),
        ("other.json", r#"{"Name":"PC1"}"#.to_owned(), "it holds other objects", "cmprobe init --help"),
        ("none.json", "[]".to_owned(), "it holds nothing", "cmprobe init --help"),
        ("page.json", pages(&machines(3), true), "the export stops after 6 roles", "$skip"),
        ("deep.json", deep, "nested more than 16 deep", "no export of roles"),
        ("deep-enough.json", kept, "it holds nothing", "cmprobe init --help"),
        ("many.json", many, "more than 20000 roles", "one site"),
        ("many.csv", format!("ServerName,RoleName\n{rows}"), "more than 20000 rows", "one site"),
        (
            "plain.json",
            r#"[{"RoleName":"SMS Management Point","SiteCode":"PRI","NetworkOSPath":"\\\\MP01.corp.contoso.com","SslState":0,"Props":[]}]"#.to_owned(),
            "no role in it can be judged: management-point, HTTP only (SslState 0)",
            "whose roles use HTTPS",
        ),
        ("lists.csv", "\"DisplayName\",\"Props\",\"SiteCode\"\r\n\"MP01\",\"System.Object[]\",\"PRI\"\r\n".to_owned(), "Export-Csv cannot write Props", "use ConvertTo-Json"),
        ("export.csv", "\"RoleName\",\"ServerName\",\"Props\"\n\"SMS Management Point\",\"MP01\",\"System.Object[]\"\n".to_owned(), "Export-Csv cannot write Props", "use ConvertTo-Json"),
        ("users.csv", "Name,Mail\nJane,jane@contoso.com\n".to_owned(), "no export cmprobe reads", "cmprobe init --help"),
        ("empty.csv", "ServerName,RoleName\n".to_owned(), "no site system roles in it", "ServerName,RoleName"),
        ("page.html", "<!DOCTYPE html><html><body>403</body></html>".to_owned(), "a web page, not an MPList", "SMS_MP"),
        ("clixml.xml", "<Objs Version=\"1.1\"><Obj/></Objs>".to_owned(), "Export-Clixml", "ConvertTo-Json"),
        ("kind.xml", "<Policy/>".to_owned(), "XML of another kind, <Policy>", "MPLIST"),
        ("cut.xml", "<MPList><MP Name=\"MP01\"".to_owned(), "the XML", "MPLIST"),
        ("dtd.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><MPList/>".to_owned(), "DTD", "MPLIST"),
        ("empty.xml", "<MPList/>".to_owned(), "names no management point", "another management point"),
        ("users.ldf", "dn: CN=Jane,DC=corp\nobjectClass: user\n".to_owned(), "no management points in it: it has 1 other objects", "ldifde"),
        (
            "broken.ldf",
            "dn: CN=SMS-MP-PRI\nmSSMSSiteCode: PRI\nmSSMSMPName:: TVAw\n MQ=\n".to_owned(),
            "line 3: the value of mSSMSMPName is no Base64",
            "give the file as ldifde wrote it",
        ),
        ("blank.json", "  \n".to_owned(), "the export is empty", "cmprobe init --help"),
    ] {
        let file = folder.write(name, bytes);
        let (out, complaints, code) = run(&["init", "--from", &file]);
        assert_eq!((out.as_str(), code), ("", 2), "{name}: {complaints}");
        for words in [name, told, right] {
            assert!(complaints.contains(words), "{name}: {words}\n{complaints}");
        }
    }
    let huge = folder.path("huge.json");
    File::create(&huge).unwrap().set_len(200 * 1024 * 1024).unwrap();
    let (_, complaints, code) = run(&["init", "--from", &huge]);
    assert_eq!(code, 2);
    assert!(complaints.contains("huge.json: is larger than 64 MiB"), "{complaints}");
}

#[test]
fn a_kind_that_is_forced_must_be_what_the_file_is() {
    let folder = Folder::new();
    let list = folder.write("list.xml", r#"<MPList><MP Name="MP01" FQDN="mp01.corp.contoso.com"/></MPList>"#);
    let table = folder.write("site.csv", "ServerName,RoleName\nMP01,mp\n");
    let console = folder.write("site.json", json(&machines(3)));
    for (flag, file, told) in [
        ("--from-json", &list, "looks like a management point's MPList"),
        ("--from-mplist", &table, "looks like CSV"),
        ("--from-csv", &list, "looks like a management point's MPList"),
        ("--from-ad", &console, "give it by --from-json"),
    ] {
        let (_, complaints, code) = run(&["init", flag, file]);
        assert_eq!(code, 2, "{flag}");
        assert!(complaints.contains(told), "{flag}: {complaints}");
    }
    for flags in [
        vec!["--from", "-", "--from-csv", "-"],
        vec!["--update", "site.toml"],
        vec!["--site-code", "PRI"],
        vec!["--from", "x", "--pfx", "y"],
        vec!["--from-csv", "https://mp01/x"],
    ] {
        let (_, complaints, code) = run(&[&["init"], flags.as_slice()].concat());
        assert_eq!(code, 2, "{flags:?}: {complaints}");
    }
}

#[test]
fn no_secret_of_an_export_shows_whatever_becomes_of_it() {
    let folder = Folder::new();
    let good = json(&machines(40));
    let definition = folder
        .write("old.toml", "[site]\ncode = \"PRI\"\n[[system]]\nname = \"GONE\"\nroles = [\"management-point\"]\n");
    assert!(good.matches(CANARY).count() > 100);
    let with_canaries = |text: &str| text.replace("SMS_EmbeddedProperty", CANARY);
    let spoiled = [
        good.clone(),
        good[..good.len() * 2 / 3].to_owned(),
        good.replacen("\"SiteCode\"", "SiteCode", 1),
        good.replace("\"Props\": [", "\"Props\": [\"CANARY-7d1f\","),
        good.replace("PRI", "CANARY-7d1f"),
        good.replace("SMS Distribution Point", CANARY),
        good.replace(".corp.contoso.com", " CANARY-7d1f\\n[[system]]"),
        format!("{}{good}{}", "[".repeat(20), "]".repeat(20)),
        with_canaries("dn: CN=x\nmSSMSMPName: SMS_EmbeddedProperty \u{1}\n"),
        with_canaries("<SMS_EmbeddedProperty a='SMS_EmbeddedProperty'>SMS_EmbeddedProperty"),
        with_canaries(
            "ServerName,RoleName,Password\n SMS_EmbeddedProperty x,SMS_EmbeddedProperty!,SMS_EmbeddedProperty\n",
        ),
    ];
    for (at, text) in spoiled.iter().enumerate() {
        let file = folder.write("export", text);
        for more in [vec![], vec!["--update", definition.as_str()], vec!["--site-code", "PRI"]] {
            let (out, complaints, _) = run(&[&["init", "--from", file.as_str()], more.as_slice()].concat());
            assert!(!out.contains(CANARY) && !complaints.contains(CANARY), "{at} {more:?}\n{complaints}\n{out}");
        }
    }
}

/// What a row says and cannot be read is told with what was written; nothing is left out without a word.
#[test]
fn what_cannot_be_read_of_a_table_is_told() {
    const HEADER: &str = "ServerName,RoleName,SiteCode,InternetFqdn,SslState,Port,ClientConnections";
    let folder = Folder::new();
    let written = |rows: &str| {
        let file = folder.write("x.csv", format!("{HEADER}\n{rows}\n"));
        let (out, complaints, code) = run(&["init", "--from", &file]);
        (out.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" "), complaints, code)
    };
    let (plain, ..) = written("MP01.corp.contoso.com,mp,PRI,,1,443,");
    for (rows, words) in [
        (
            "MP01.corp.contoso.com,mp,PRI,,1,70000,",
            "TODO the Port in the export is “70000”, which is no port up to 65535",
        ),
        ("MP01.corp.contoso.com,mp,PRI,,1,abc,", "TODO the Port in the export is “abc”, which is no port"),
        ("MP01.corp.contoso.com,mp,PRI,,1,443,beide", "TODO the ClientConnections in the export is “beide”"),
        ("MP01.corp.contoso.com,mp,PRI,,ja,443,", "TODO the SslState in the export is “ja”, which is no number"),
        (
            "MP01.corp.contoso.com,mp,PRI,https://mp.contoso.com/,1,443,both",
            "TODO the Internet FQDN in the export is “https://mp.contoso.com/”, which is no name",
        ),
        (
            "MP01.corp.contoso.com,managment-point,PRI,,1,443,\nMP02.corp.contoso.com,mp,PRI,,1,443,",
            "TODO “MP01.corp.contoso.com” is a “managment-point”, which is no role; if management-point is meant",
        ),
        ("10.1.2.3,mp,PRI,,1,443,", "TODO its name and FQDN: the export has an address in their place"),
    ] {
        let (out, complaints, code) = written(rows);
        assert_eq!((complaints.as_str(), code), ("", 0), "{rows}");
        assert!(out.contains(words), "{words}\n{out}");
        assert!(!plain.contains(words));
    }
    let (out, ..) = written("10.1.2.3,mp,PRI,,1,443,");
    assert!(out.contains("name = \"10.1.2.3\""), "{out}");
    // Words for numbers, as Excel and PowerShell write them.
    let (out, ..) = written("MP01.corp.contoso.com,mp,PRI,,False,443,\nMP02.corp.contoso.com,mp,PRI,,True,443,");
    assert!(out.contains("HTTP only") && out.contains("name = \"MP02\""), "{out}");
    let (_, complaints, code) = written("MP-MÜNCHEN.corp.contoso.com,mp,PRI,,1,443,");
    assert_eq!(code, 2);
    assert!(complaints.contains("no name that could be a host's") && complaints.contains("MÜNCHEN"), "{complaints}");
    let file = folder.write("excel.csv", "sep=;\r\nServerName;RoleName\r\nMP01.corp.contoso.com;mp\r\n");
    let (out, complaints, code) = run(&["init", "--from", &file]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    assert!(out.contains("name = \"MP01\""), "{out}");
}
