//! That the crate's table of bounds is the code's: each is there with its number, a test meets it, and none of those that
//! bound what a peer may cost is missing.

use std::collections::BTreeSet;

use super::nothing;
use super::source::{files, root};

/// The rooms that read what peers send, and the files of others that do.
const READING: [&str; 26] = [
    "resolve",
    "connect",
    "exchange",
    "prober",
    "revocation",
    "engine/tap",
    "engine/message",
    "engine/follow",
    "engine/hello",
    "identity",
    "certificate",
    "observation/bounds",
    "trust/path",
    "trust/lists",
    "judgement/run",
    "wire/markup",
    "wire/pem",
    "import",
    "exporter",
    "plan/offer",
    "plan/endpoint",
    "site/definition",
    "requirement/management_point/answers",
    "bin/cmprobe/files",
    "bin/cmprobe/saved",
    "bin/cmprobe/serve",
];

/// Bounds of those that are in no row, and why.
const NOT_TOLD: &[(&str, &str)] = &[
    ("resolve::MOST", "suffixes of this machine's own configuration"),
    ("resolve::QUESTIONS_AT_ONCE", "how much happens at once: what is beyond it waits"),
    ("prober::MOST_WAITING", "how much happens at once: what is beyond it waits"),
    ("exchange::download::MOST_OF_PAGE", "a page is looked through for words, and nothing of it is kept"),
    ("prober::interner::KEPT", "a cache: what is beyond it is kept twice"),
    ("engine::tap::HEAD_LIMIT", "what is kept of a peer that speaks no TLS, to tell what it is"),
    ("trust::path::MOST_PRESENTED", "the count of certificates is bounded by the handshake's octets"),
    ("trust::path::walk::MOST_WAYS", "under the bounds of certificates and signatures"),
    ("trust::path::walk::MOST_STEPS", "under the bounds of certificates and signatures"),
    ("trust::path::fault::MOST_LISTED", "what is shown, not what is read"),
    ("trust::path::name_constraint::LONGEST_HOST", "no name of DNS is longer"),
    ("trust::lists::store::MOST_SIGNERS", "a cache: what is beyond it is verified again"),
    ("trust::lists::delta::MOST", "under the bounds of URLs: no more are asked for"),
    ("bin::cmprobe::saved::LONGEST_LINE", "another name of the observations'"),
    ("bin::cmprobe::files::LONGEST_LINE", "another name of the observations'"),
    ("observation::bounds::KEPT", "another name of the reader's"),
    ("observation::bounds::MOST_OCTETS_OF_LIST", "told by the fetcher's own: `floods_are_cut_off`"),
    ("observation::bounds::MOST_OCTETS_OF_OTHER", "told by the fetcher's own: `floods_are_cut_off`"),
    ("observation::bounds::MOST_OCTETS_OF_ANSWER", "told by the fetcher's own: `floods_are_cut_off`"),
    (
        "observation::bounds::MOST_URLS_OF_TARGET",
        "what several chains of one target have together, under each one's own",
    ),
    ("observation::bounds::MOST_ISSUERS_ABOVE", "under the bounds of URLs and of certificates above one another"),
    ("certificate::cache::CAPACITY", "a cache: what is beyond it is read again"),
    ("prober::interner::LONGEST", "a cache: what is beyond it is kept twice"),
    ("judgement::run::LONGEST_AUTHORITY", "what is told of others, not what is read"),
    ("judgement::run::MOST_AUTHORITIES", "what is told of others, not what is read"),
    ("identity::HIGHEST", "authorities of the user's own files"),
    ("identity::rounds::DEPTH", "no locked file has its rounds deeper"),
    ("engine::hello::RECORD_LIMIT", "no record of TLS is longer"),
    ("engine::hello::write::SERVER_NAME_LIMIT", "what we send"),
    ("plan::offer::LIST_LIMIT", "a body's bound for a longer one"),
    ("plan::offer::PACKAGE_LIMIT", "a body's bound for a shorter one"),
    ("plan::endpoint::shape::LONGEST", "what is shown, not what is read"),
    ("site::definition::LONGEST", "what is shown, not what is read"),
    ("site::definition::words::LONGEST", "what is shown, not what is read"),
    ("import::inventory::merge::LONGEST_NETBIOS", "no NetBIOS name is longer"),
    ("import::json::MOST_VALUES", "under the octets of an export"),
    ("import::mplist::NODES", "under the octets of an export"),
    ("bin::cmprobe::serve::TARGETS", "how much happens at once: what is beyond it waits"),
    ("bin::cmprobe::serve::collect::MOST", "of a colleague that was vouched for; its lines are read as a file's"),
];

/// A row: the bound's path, its number, and the test.
struct Row {
    bound: String,
    is: String,
    met_by: String,
}

fn rows(text: &str) -> Vec<Row> {
    let table = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    table
        .map(|line| {
            let cells: Vec<&str> = line.trim_end_matches(" |").split(" | ").collect();
            let [bound, is, _, met_by] = cells[..] else { panic!("{line}") };
            let bare = |cell: &str| cell.trim_matches('`').to_owned();
            Row { bound: bare(bound), is: bare(is), met_by: bare(met_by) }
        })
        .collect()
}

/// The file of a bound, and its name there.
fn place(bound: &str) -> (String, &str) {
    let (module, name) = bound.rsplit_once("::").unwrap();
    (format!("src/{}.rs", module.replace("::", "/")), name)
}

/// What a constant is, as it is written in a file; `None`: there is none.
fn written(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains(&format!("const {name}:")))?;
    let (_, value) = line.split_once(" = ")?;
    value.trim_end_matches(';').split('*').map(|part| part.trim().replace('_', "").parse::<u64>().ok()).product()
}

/// What a cell says: `24`, `10,000,000`, `256 KiB`.
fn told(cell: &str) -> Option<u64> {
    let (number, unit) = cell.split_once(' ').unwrap_or((cell, ""));
    let unit = match unit {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    number.replace(',', "").parse::<u64>().ok().map(|number| number * unit)
}

/// What is wrong with a table, where files are what `read` gives.
fn faults(rows: &[Row], read: impl Fn(&str) -> Option<String>, tests: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        let (path, name) = place(&row.bound);
        match read(&path).and_then(|text| written(&text, name)) {
            None => found.push(format!("{}: {path} has no such bound", row.bound)),
            Some(is) if told(&row.is) != Some(is) => found.push(format!("{} is {is}, not {}", row.bound, row.is)),
            Some(_) if !tests.contains(&row.met_by) => {
                found.push(format!("{}: there is no test {}", row.bound, row.met_by));
            }
            Some(_) => {}
        }
    }
    found
}

/// The bounds a file declares, by what such are called.
fn declared(path: &str, text: &str) -> Vec<String> {
    let module = path.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::");
    const STARTS: [&str; 3] = ["MOST", "LONGEST", "KEPT"];
    const ENDS: [&str; 10] =
        ["LIMIT", "DEPTH", "NODES", "ALIASES", "CONNECTIONS", "HEAD", "TARGETS", "HIGHEST", "COUNT", "CAPACITY"];
    let numbers = ["usize", "u64", "u32", "u8"];
    let names = text.lines().filter_map(|line| {
        let (_, rest) = line
            .split_once("const ")
            .filter(|(before, _)| before.trim().split('(').next().is_some_and(|word| ["", "pub"].contains(&word)))?;
        let (name, rest) = rest.split_once(": ")?;
        numbers.iter().any(|number| rest.starts_with(&format!("{number} = "))).then_some(name)
    });
    let names = names.filter(|name| {
        STARTS.iter().any(|start| name.starts_with(start)) || ENDS.iter().any(|end| name.ends_with(end))
    });
    names.map(|name| format!("{module}::{name}")).collect()
}

/// The names of tests in a text.
fn tests_in(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let marked = lines.windows(2).filter(|pair| pair[0].starts_with("#[") && pair[0].contains("test"));
    let named = marked.filter_map(|pair| pair[1].trim_start_matches("async ").strip_prefix("fn "));
    named.filter_map(|rest| rest.split('(').next()).map(str::to_owned).collect()
}

fn text_of(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

#[test]
fn the_table_of_bounds_is_the_codes() {
    let rows = rows(&text_of("src/lib.rs").unwrap());
    assert!(rows.len() > 50, "{} rows", rows.len());
    let sources = files("src");
    let tests = sources.iter().cloned().chain(files("tests/it"));
    let tests = tests.flat_map(|path| tests_in(&text_of(&path).unwrap())).collect();
    let mut found = faults(&rows, text_of, &tests);
    let is_told =
        |bound: &String| rows.iter().any(|row| row.bound == *bound) || NOT_TOLD.iter().any(|(known, _)| known == bound);
    let reading = |path: &&String| {
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
        let rooms = READING.iter().filter_map(|room| inside.strip_prefix(room));
        !inside.contains("tests") && rooms.into_iter().any(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let all: Vec<String> =
        sources.iter().filter(reading).flat_map(|path| declared(path, &text_of(path).unwrap())).collect();
    found.extend(all.iter().filter(|bound| !is_told(bound)).map(|bound| format!("{bound} is in no row")));
    found.extend(
        NOT_TOLD
            .iter()
            .filter(|(bound, why)| why.is_empty() || text_of(&place(bound).0).is_none())
            .map(|(bound, _)| format!("{bound} is said to be in no row, without a reason or without a file")),
    );
    nothing(found);
}

#[test]
fn a_row_that_is_not_the_codes_is_found() {
    let rows = rows(
        "//! | `door::MOST_GUESTS` | 2 KiB | guests | `so_many_come_in` |\n//! | `door::LONGEST` | 7 | names | `nobody` |",
    );
    let code = "#[tokio::test]\nasync fn so_many_come_in() {}\npub const MOST_GUESTS: usize = 2 * 1_024;\n const LONGEST: u8 = 8;";
    let tests: BTreeSet<String> = tests_in(code).into_iter().collect();
    let read = |path: &str| (path == "src/door.rs").then(|| code.to_owned());
    assert_eq!(faults(&rows, read, &tests), ["door::LONGEST is 8, not 7"]);
    assert_eq!(faults(&rows[..1], read, &BTreeSet::new()), ["door::MOST_GUESTS: there is no test so_many_come_in"]);
    assert_eq!(faults(&rows[..1], |_| None, &tests).len(), 1);
    assert_eq!(declared("src/door.rs", code), ["door::MOST_GUESTS", "door::LONGEST"]);
}
