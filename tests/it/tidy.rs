//! The house rules that can be read off the sources: who may know whom, where the outside world is touched, how long a
//! file is. Tests inside the sources are left out of the arrows: they may reach for whatever they need.

mod bounds;
mod circles;
mod readers;
mod source;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use source::{Source, root, sources};

/// Which of our modules a module may name, beside itself. A module that is not here has no place in the house yet.
const ARROWS: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("site", &[]),
    ("import", &["wire", "site", "certificate"]),
    ("request", &["site", "plan"]),
    ("plan", &["wire", "site"]),
    ("certificate", &["wire"]),
    ("verdict", &["site"]),
    ("observation", &["wire", "site", "plan", "certificate"]),
    ("trust", &["wire", "site", "plan", "certificate", "verdict", "observation"]),
    ("rule", &["wire", "site", "plan", "certificate", "verdict", "observation", "trust"]),
    ("requirement", &["wire", "site", "plan", "certificate", "verdict", "observation", "trust", "rule"]),
    ("judgement", &["wire", "site", "plan", "certificate", "verdict", "observation", "trust", "rule", "requirement"]),
    (
        "diagnosis",
        &["wire", "site", "plan", "certificate", "verdict", "observation", "trust", "rule", "requirement", "judgement"],
    ),
    (
        "report",
        &[
            "wire",
            "site",
            "plan",
            "certificate",
            "verdict",
            "observation",
            "trust",
            "rule",
            "requirement",
            "judgement",
            "diagnosis",
        ],
    ),
    ("exporter", &["site", "plan", "report"]),
    ("identity", &["wire", "site", "plan", "certificate", "observation"]),
    ("resolve", &["wire", "site", "plan", "certificate", "observation"]),
    ("connect", &["wire", "site", "plan", "certificate", "observation"]),
    ("engine", &["wire", "site", "plan", "certificate", "observation", "identity"]),
    ("exchange", &["wire", "site", "plan", "certificate", "observation", "engine"]),
    ("revocation", &["wire", "site", "plan", "certificate", "observation", "connect", "exchange"]),
    (
        "prober",
        &[
            "wire",
            "site",
            "plan",
            "certificate",
            "observation",
            "identity",
            "resolve",
            "connect",
            "engine",
            "exchange",
            "revocation",
        ],
    ),
    ("lab", &["wire", "site", "plan", "certificate", "observation", "identity", "engine"]),
];

/// Modules that work on data alone: no runtime, no engine, no socket, no file, no clock.
const PURE: [&str; 15] = [
    "wire",
    "site",
    "import",
    "request",
    "plan",
    "certificate",
    "verdict",
    "observation",
    "trust",
    "rule",
    "requirement",
    "judgement",
    "diagnosis",
    "report",
    "exporter",
];

/// What verifies signatures lies in a pure room, and is handed to it as a value: the one place there that names a crypto
/// library.
const HANDED_IN: &str = "src/trust/signature";

/// Outside crates that belong to certain rooms, and these rooms.
const HOMES: &[(&str, &[&str])] = &[
    ("tokio", &["resolve", "connect", "engine", "exchange", "revocation", "prober", "lab", "bin"]),
    ("futures_util", &["resolve", "revocation", "prober", "lab", "bin"]),
    ("rustls", &["engine", "lab", "bin"]),
    ("tokio_rustls", &["engine", "lab", "bin"]),
    ("openssl", &["engine", "trust", "identity", "lab", "bin"]),
    ("openssl_sys", &["engine"]),
    ("foreign_types", &["engine"]),
    ("tokio_openssl", &["engine", "lab"]),
    ("hickory_resolver", &["resolve", "lab"]),
    ("hyper", &["exchange", "bin"]),
    ("hyper_util", &["exchange", "bin"]),
    ("http_body_util", &["exchange", "bin"]),
    ("form_urlencoded", &["exporter"]),
    ("ipnet", &["exporter"]),
    ("serde_saphyr", &["exporter"]),
    ("bcrypt", &["exporter", "bin"]),
    ("tokio_io_timeout", &["bin"]),
    ("webpki", &["trust", "engine", "lab"]),
    ("csv", &["import", "report"]),
    ("toml_edit", &["import"]),
    ("maud", &["report"]),
    ("clap", &["bin"]),
    ("anstream", &["bin"]),
    ("indicatif", &["bin"]),
    ("rpassword", &["bin"]),
    ("rustix", &["bin"]),
];

/// Sockets and clocks by name, wherever they come from.
const OUTSIDE_WORLD: [&str; 9] = [
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "ToSocketAddrs",
    "SystemTime",
    "Instant",
    "now_utc",
    "now_local",
];

/// The one module that may hold unsafe code, and the line that lets it.
const FOREIGN: [&str; 2] = ["src/engine/openssl/ffi.rs", "src/engine/openssl.rs"];

/// How long a file may be; longer ones are two rooms.
const LINES: usize = 720;

/// What the owner named at the top level, beside hidden entries.
const TOP_LEVEL: [&str; 7] = ["Cargo.lock", "Cargo.toml", "README.md", "src", "targets", "testdata", "tests"];

/// Fails with everything that was found.
fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn modules_name_only_those_they_may() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !["bin", "lib"].contains(&source.room.as_str())) {
        let Some((_, may)) = ARROWS.iter().find(|(room, _)| *room == source.room) else {
            found.push(format!(
                "{}: the module {} is not among the arrows: say whom it may name",
                source.path, source.room
            ));
            continue;
        };
        for (line, named) in source.named_modules() {
            if named != source.room && !may.contains(&named.as_str()) {
                found.push(format!("{}:{line}: {} may not name {named}", source.path, source.room));
            }
        }
    }
    nothing(found);
}

#[test]
fn every_arrow_belongs_to_a_module() {
    let rooms: BTreeSet<String> = sources().into_iter().map(|source| source.room).collect();
    let named = ARROWS.iter().flat_map(|(room, may)| [*room].into_iter().chain(may.iter().copied()));
    let homes = HOMES.iter().flat_map(|(_, rooms)| rooms.iter().copied());
    nothing(
        named.chain(homes).filter(|room| !rooms.contains(*room)).map(|room| format!("there is no {room}")).collect(),
    );
}

/// A stranger finds every room from the front page.
#[test]
fn the_crates_map_has_every_room() {
    let front = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let map = front.split("//! # ").find(|section| section.starts_with("The map")).unwrap();
    let rooms = front.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing = rooms.filter(|room| !map.contains(&format!("[`{room}`]")));
    nothing(missing.map(|room| format!("src/lib.rs: the map does not have {room}")).collect());
}

#[test]
fn pure_modules_touch_nothing_outside() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room.as_str())) {
        for token in &source.tokens {
            let is_foreign = HOMES.iter().any(|(name, rooms)| {
                *name == token.text
                    && (!rooms.contains(&source.room.as_str())
                        || (*name == "openssl" && !source.path.starts_with(HANDED_IN)))
            });
            if is_foreign || OUTSIDE_WORLD.contains(&token.text.as_str()) {
                found.push(format!("{}:{}: names {}", source.path, token.line, token.text));
            }
        }
        for (line, child) in source.children_of("std") {
            if ["fs", "env", "process", "thread", "os"].contains(&child.as_str()) {
                found.push(format!("{}:{line}: names std::{child}", source.path));
            }
        }
    }
    nothing(found);
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut found = Vec::new();
    for source in &sources() {
        for (name, rooms) in HOMES.iter().filter(|(_, rooms)| !rooms.contains(&source.room.as_str())) {
            let lines = source.uses_of(name);
            found.extend(lines.map(|line| format!("{}:{line}: {name} belongs to {}", source.path, rooms.join(", "))));
        }
    }
    nothing(found);
}

#[test]
fn only_the_program_prints_exits_and_reads_files_and_the_environment() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.room != "bin") {
        let prints = source.tokens.windows(2).filter(|pair| {
            pair[1].text == "!" && ["print", "println", "eprint", "eprintln", "dbg"].contains(&pair[0].text.as_str())
        });
        found.extend(prints.map(|pair| format!("{}:{}: {}!", source.path, pair[0].line, pair[0].text)));
        for (parent, child) in
            [("std", "env"), ("std", "process"), ("std", "fs"), ("tokio", "fs"), ("tokio", "process")]
        {
            // The lab lays its site's definition and certificates down for the program to read.
            if (source.room.as_str(), child) == ("lab", "fs") {
                continue;
            }
            let lines = source.children_of(parent).into_iter().filter(|(_, named)| named == child);
            found.extend(lines.map(|(line, _)| format!("{}:{line}: {parent}::{child}", source.path)));
        }
        let handles = source.tokens.iter().filter(|token| ["stdout", "stderr", "stdin"].contains(&token.text.as_str()));
        found.extend(handles.map(|token| format!("{}:{}: {}", source.path, token.line, token.text)));
    }
    nothing(found);
}

#[test]
fn unsafe_code_stays_in_its_module() {
    let mut found = Vec::new();
    for source in source::all_sources() {
        for token in &source.tokens {
            let allowed = match token.text.as_str() {
                "unsafe" => source.path == FOREIGN[0],
                "unsafe_code" => source.path == FOREIGN[1] || source.path == "src/lib.rs",
                _ => true,
            };
            if !allowed {
                found.push(format!("{}:{}: {}", source.path, token.line, token.text));
            }
        }
    }
    nothing(found);
}

#[test]
fn single_engines_are_known_to_their_parent_alone() {
    let mut found = Vec::new();
    // The lab's old TLS server is made of the same foreign calls as the engine that meets it.
    for source in sources().iter().filter(|source| !["engine", "lab"].contains(&source.room.as_str())) {
        for (line, child) in source.children_of("engine") {
            if ["rustls", "openssl", "hello_reader"].contains(&child.as_str()) {
                found.push(format!("{}:{line}: names the engine {child}", source.path));
            }
        }
    }
    nothing(found);
}

#[test]
fn no_file_is_two_rooms() {
    let long = source::files("src").into_iter().chain(source::files("tests")).filter_map(|path| {
        let lines = std::fs::read_to_string(root().join(&path)).unwrap().lines().count();
        (lines > LINES).then(|| format!("{path}: {lines} lines"))
    });
    nothing(long.collect());
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = source::files("src").into_iter().chain(source::files("tests")).filter(|path| {
        // A module's tests are about the module that is above them.
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        !path.ends_with("/tests.rs") && !text.starts_with("//! ")
    });
    nothing(silent.collect());
}

#[test]
fn every_dependency_has_its_reason() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut section = "";
    let mut before = "";
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies") && line.contains('=') && !line.starts_with('#') {
            // A comment that stands above the only dependency of a section is about that one.
            let above = section == "[build-dependencies]" && before.starts_with("# ");
            if !above && line.split_once(" # ").is_none_or(|(_, reason)| reason.trim().is_empty()) {
                found.push(line.to_owned());
            }
        }
        before = line;
    }
    nothing(found);
}

#[test]
fn the_top_level_is_what_the_owner_named() {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    let entries: BTreeSet<String> = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter_map(|path| path.split('/').next())
            .map(str::to_owned)
            .collect(),
        // Not a checkout: what lies there, but for what a build leaves.
        _ => entries(root()).into_iter().filter(|entry| entry != "target").collect(),
    };
    let foreign = entries.into_iter().filter(|entry| !entry.is_empty() && !entry.starts_with('.'));
    nothing(foreign.filter(|entry| !TOP_LEVEL.contains(&entry.as_str())).collect());
}

fn entries(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// The rules are only as good as the reading: what they must not be misled by.
#[test]
fn sources_are_read_as_code() {
    let source = Source::read(
        "src/plan/build.rs",
        r##"//! use crate::report;
use crate::{site::name::{HostName, Label}, observation};
use super::super::lab as simulated; // crate::report
const TEXT: &str = "crate::report \" tokio::net"; /* nested /* std::fs */ still */
const RAW: &[u8] = br#"println!("std::env")"#;
fn letter<'a>(of: &'a str) -> char { let quote = '"'; quote }
impl X { #[cfg(test)] fn only_tested() { std::fs::read("{").unwrap(); } fn after(&self) { tokio::spawn(()); } }
#[cfg(test)] use crate::prober;
#[cfg(test)]
mod tests { use crate::engine; fn x() { if true { println!() } } }
use std::{env, collections::BTreeMap};
"##,
    );
    assert_eq!(source.room, "plan");
    let named: Vec<String> = source.named_modules().into_iter().map(|(_, named)| named).collect();
    assert_eq!(named, ["site", "observation", "lab"]);
    let of_std: Vec<(usize, String)> = source.children_of("std");
    assert_eq!(of_std, [(11, "env".to_owned()), (11, "collections".to_owned())]);
    assert_eq!(source.uses_of("tokio").collect::<Vec<_>>(), [7]);
    assert!(!source.tokens.iter().any(|token| token.text == "println"));
    assert!(source.tokens.iter().any(|token| token.text == "quote"));
}
