//! `init --update --write` over definitions written in many ways: what no difference names is there afterwards as it was,
//! octet for octet and in its order; what goes becomes a comment where it stood.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use cmprobe::site::Site;

use super::exports::{json, machines};
use super::{Folder, definition};
use crate::program::run;

/// Comments wherever there may be some.
const COMMENTED: &str = r#"# above everything

# of the site
[site]   # beside a heading
code = "PRI"  # beside a key
# between keys
profile = "current-branch"


# two empty lines above
[[vantage]]
name = "internet"
network = "internet"
# dns = ["…"]                       # TODO a resolver outside

# of MP01
[[system]]
name = "MP01"
# published since 2019
internet_fqdn = "mp.contoso.com"
intranet_fqdn = "mp01.corp.contoso.com"
client_connections = "both"
roles = [
    # the first is what it is for
    "management-point", # main
    "distribution-point", # since May
    # none follows
]
# TODO the ports, of nobody

# of DP01
  [[system]]
  name = 'DP01'
  intranet_fqdn = """dp01.corp.contoso.com"""
  roles = [ "distribution-point" ] # only
  [system.ports]
  # moved
  https = 8443   # for good
  http = 8080

# TODO of nobody, below a table

[[system]]
name = "DP02"
intranet_fqdn = "dp02.corp.contoso.com"
roles = ["distribution-point",
         "state-migration-point"]
ports.https = 443

# --- waivers ---

[[waiver]]
requirement = "web-server/key-length"
system = "MP01"
reason = "replaced # in May"
until = 2030-05-31

# the end, without a line end"#;

const INLINE: &str = r#"site = { code = "PRI", profile = "current-branch" } # ours
system = [
  # first
  { name = "MP01", intranet_fqdn = "mp01.corp.contoso.com", internet_fqdn = "mp.contoso.com", client_connections = "both", roles = ["management-point", "distribution-point"] }, # m
  { name = "DP01", intranet_fqdn = "dp01.corp.contoso.com", roles = ["distribution-point"] }, # d
  # last
  { name = "DP02", intranet_fqdn = "dp02.corp.contoso.com", roles = ["distribution-point"] }
]
# end
"#;

/// A console's rows: server, role, Internet name, port.
fn table(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut text = "ServerName,RoleName,SiteCode,InternetFqdn,SslState,Port,ClientConnections\n".to_owned();
    for (server, role, internet, port) in rows {
        let connections = if internet.is_empty() { "intranet" } else { "both" };
        writeln!(text, "{server}.corp.contoso.com,{role},PRI,{internet},1,{port},{connections}").unwrap();
    }
    text
}

const MP: &str = "SMS Management Point";
const DP: &str = "SMS Distribution Point";
const SMP: &str = "SMS State Migration Point";

fn consoles() -> Vec<String> {
    let all = [
        ("MP01", MP, "mp.contoso.com", ""),
        ("MP01", DP, "mp.contoso.com", ""),
        ("DP01", DP, "", "8443"),
        ("DP02", DP, "", ""),
        ("DP02", SMP, "", ""),
    ];
    let mut consoles = vec![table(&all)];
    // Each row gone; each server gone; every row for itself.
    for at in 0..all.len() {
        consoles.push(table(&[&all[..at], &all[at + 1..]].concat()));
        consoles.push(table(&all[at..=at]));
    }
    for name in ["MP01", "DP01", "DP02"] {
        consoles.push(table(&all.iter().filter(|row| row.0 != name).copied().collect::<Vec<_>>()));
    }
    // Something new at each place, and something changed.
    let new = [
        ("DP07", DP, "", ""),
        ("MP07", MP, "mp7.contoso.com", "8443"),
        ("DP01", SMP, "", "8443"),
        ("MP01", SMP, "mp.contoso.com", ""),
    ];
    consoles.extend(new.iter().map(|row| table(&[&all[..], &[*row]].concat())));
    consoles.push(table(&[&all[..], &new[..]].concat()));
    consoles.push(table(&[
        ("MP01", MP, "other.contoso.com", "4443"),
        ("DP01", SMP, "dp.contoso.com", "443"),
        ("DP02", DP, "dp2.contoso.com", "8443"),
    ]));
    consoles.push(table(&[("MP01", SMP, "", "4443"), ("DP02", MP, "", ""), ("XX01", MP, "", "")]));
    consoles
}

/// How a line of before may stand afterwards: as it was, as a comment, or with another value between what it began with
/// and its comment.
fn is_kept(before: &str, after: &str, may_change: bool) -> bool {
    let commented = after.strip_prefix("# ") == Some(before) || {
        let bare = before.trim_start_matches([' ', '\t']);
        let indent = &before[..before.len() - bare.len()];
        after == format!("{indent}# {bare}")
    };
    if before == after || commented {
        return true;
    }
    let end = |line: &str| line[line.trim_end().len()..].to_owned();
    let comment = |line: &str| line.rsplit_once(" # ").map(|(_, comment)| comment.to_owned());
    let beginning = |line: &str| line.chars().take_while(|c| !"=[{".contains(*c)).collect::<String>();
    may_change
        && comment(before) == comment(after)
        && end(before) == end(after)
        && beginning(before) == beginning(after)
}

/// The lines of before that are not there afterwards, in their order.
fn lost<'a>(before: &'a str, after: &str, may_change: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let mut rest: &[&str] = &after.split_inclusive('\n').collect::<Vec<_>>();
    let mut lost = Vec::new();
    for line in before.split_inclusive('\n') {
        match rest.iter().position(|other| is_kept(line, other, may_change(line))) {
            Some(at) => rest = &rest[at + 1..],
            // Of a list that is not a role a line: what shares its line with the bracket goes without it.
            None if line.trim() == "\"state-migration-point\"]" => {}
            None => lost.push(line),
        }
    }
    lost
}

#[test]
fn what_no_difference_names_is_kept_octet_for_octet_and_in_its_order() {
    let folder = Folder::new();
    let exported = definition(&folder, "own.json", json(&machines(12)), &[]);
    let mut definitions = vec![COMMENTED.to_owned(), INLINE.to_owned(), exported];
    let folder_of_examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets");
    let mut examples: Vec<_> = std::fs::read_dir(folder_of_examples).unwrap().map(|one| one.unwrap().path()).collect();
    examples.sort();
    definitions.extend(examples.iter().map(|path| std::fs::read_to_string(path).unwrap()));
    definitions.push(COMMENTED.replace('\n', "\r\n"));
    // One line of a file from Windows that was changed elsewhere.
    definitions.push(COMMENTED.replace('\n', "\r\n").replacen("\r\n", "\n", 3));
    let mut changed = BTreeSet::new();
    for (at, text) in definitions.iter().enumerate() {
        for (number, console) in consoles().iter().enumerate() {
            let file = folder.write("site.toml", text);
            let export = folder.write("console.csv", console);
            let (told, complaints, code) = run(&["init", "--from", &export, "--update", &file, "--write"]);
            // A site of another code, or one that would be none: told, and left as it was.
            let after = folder.read("site.toml");
            if code == 2 {
                assert_eq!(&after, text, "{complaints}");
                continue;
            }
            let keys = [
                "ports.https",
                "roles",
                "internet_fqdn",
                "client_connections",
                "https",
                "{ name",
                "\"management-point\"",
                "\"state",
                "\"distribution",
            ];
            let may_change = |line: &str| keys.iter().any(|key| line.trim_start_matches(['#', ' ']).starts_with(key));
            let lost = lost(text, &after, may_change);
            assert!(lost.is_empty(), "{at}, {number}: {lost:?}\n{told}{complaints}\n{after}");
            let agrees = told.contains("No difference");
            assert!(!agrees || after == *text, "{at}, {number}: {told}{complaints}");
            assert!(agrees || code == 4 || after != *text, "{at}, {number}: {told}{complaints}");
            if !agrees {
                changed.insert(at);
            }
            assert!(Site::from_toml(&after, Path::new("")).is_ok(), "{after}");
            // What was new in place of all there was lets that be taken out, the next time.
            if complaints.contains("no system would be left") {
                continue;
            }
            // What could be done is done: a second time nothing is written.
            let (_, _, _) = run(&["init", "--from", &export, "--update", &file, "--write"]);
            assert_eq!(folder.read("site.toml"), after, "{at}, {number}");
        }
    }
    assert!([0, 1, 2].iter().all(|at| changed.contains(at)), "{changed:?}");
}

#[test]
fn what_stands_above_a_system_that_is_gone_stays_above_and_the_system_becomes_a_comment_where_it_stood() {
    let folder = Folder::new();
    let file = folder.write("site.toml", COMMENTED);
    let export =
        folder.write("console.csv", table(&[("DP01", DP, "", "8443"), ("DP02", DP, "", ""), ("DP02", SMP, "", "")]));
    // The waiver names MP01: it must go first.
    let unwaived = COMMENTED.replace("system = \"MP01\"\n", "");
    folder.write("site.toml", &unwaived);
    let (told, complaints, code) = run(&["init", "--from", &export, "--update", &file, "--write"]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{told}");
    let expected = unwaived
        .replace(
            "[[system]]\nname = \"MP01\"\n",
            "# No longer in the console (console.csv):\n# [[system]]\n# name = \"MP01\"\n",
        )
        .replace("internet_fqdn = \"mp.", "# internet_fqdn = \"mp.")
        .replace("intranet_fqdn = \"mp01", "# intranet_fqdn = \"mp01")
        .replace("client_connections", "# client_connections")
        .replace("roles = [\n", "# roles = [\n")
        .replace("    # the first", "#     # the first")
        .replace("    \"management-point\"", "#     \"management-point\"")
        .replace("    \"distribution-point\", # since", "#     \"distribution-point\", # since")
        .replace("    # none follows\n]", "#     # none follows\n# ]");
    assert_eq!(folder.read("site.toml"), expected);
}
