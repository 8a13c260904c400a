//! That the crate's table of bounds is the code's: each is there with its number, a test meets it, and none of those that
//! bound what a peer may cost is missing.

use std::collections::BTreeSet;

use super::nothing;
use super::source::{files, root};

/// The rooms that read what peers send, and the files of others that do.
const READING: [&str; 8] =
    ["resolve", "exchange", "prober", "engine/tap", "engine/message", "identity", "trust/path", "wire/markup"];

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
    let names = text.lines().filter_map(|line| line.trim().trim_start_matches("pub ").strip_prefix("const "));
    let names = names.filter_map(|rest| rest.split(':').next()).filter(|name| {
        ["MOST", "LONGEST", "KEPT"].iter().any(|start| name.starts_with(start)) || name.ends_with("LIMIT")
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
    assert!(rows.len() > 20, "{} rows", rows.len());
    let sources = files("src");
    let tests = sources.iter().flat_map(|path| tests_in(&text_of(path).unwrap())).collect();
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
