//! What the README says is what the program does: its table of requirements, its definition, its exit codes.

use std::path::Path;

use cmprobe::plan::Plan;
use cmprobe::plan::build::Options;
use cmprobe::report::{Format, catalogue, matrix, roles};
use cmprobe::site::Site;

use crate::program::cmprobe;

const BEGIN: &str = "<!-- requirements: `cmprobe explain --format markdown` -->\n";
const BEGIN_ROLES: &str = "<!-- roles: CMPROBE_UPDATE=1 writes them anew -->\n";
const END_ROLES: &str = "<!-- end of roles -->";
const END: &str = "<!-- end of requirements -->";
const MATRIX_BEGIN: &str = "<!-- matrix: `cmprobe explain --matrix --format markdown` -->\n";
const MATRIX_END: &str = "<!-- end of matrix -->";

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README")
}

/// The README's parts that are made of data: where each begins and ends, and what stands between.
fn parts() -> [(&'static str, &'static str, String); 3] {
    let matrix = format!("\n{}\n", matrix::markdown());
    [
        (BEGIN, END, catalogue::markdown()),
        (BEGIN_ROLES, END_ROLES, roles::markdown()),
        (MATRIX_BEGIN, MATRIX_END, matrix),
    ]
}

#[test]
fn what_is_made_of_data_is_what_the_data_say() {
    let mut text = readme();
    for (begin, end, right) in parts() {
        let (head, rest) = text.split_once(begin).expect("the table's beginning");
        let (table, tail) = rest.split_once(end).expect("the table's end");
        if std::env::var_os("CMPROBE_UPDATE").is_none() {
            assert_eq!(table, right, "run the tests with CMPROBE_UPDATE=1 to write the table anew");
        }
        text = format!("{head}{begin}{right}{end}{tail}");
    }
    if std::env::var_os("CMPROBE_UPDATE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        std::fs::write(path, text).expect("the README can be written");
    }
}

#[test]
fn the_definition_it_shows_is_understood_and_planned() {
    let text = readme();
    let (_, rest) = text.split_once("```toml\n").expect("a definition");
    let (definition, _) = rest.split_once("```").expect("its end");
    let site = Site::from_toml(definition, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}"));
    let plan = Plan::of(&site, &Options::default());
    assert_eq!(plan.targets.len(), 4, "two roles, inside and outside");
}

#[test]
fn every_format_has_a_row_and_a_command_the_program_understands() {
    let text = readme();
    let (_, rest) = text.split_once("\n## Formats\n").expect("the heading");
    let table = rest.split("\n## ").next().unwrap_or_default();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    for format in Format::ALL {
        let own = format!("`{}`", format.name());
        assert!(rows.iter().any(|row| row[0] == own), "{own} has no row");
    }
    let folder = tempfile::tempdir().unwrap();
    for row in rows {
        let command = row[2].trim_matches('`');
        let args: Vec<&str> = command.split(' ').skip(1).collect();
        let output = cmprobe(&args).current_dir(folder.path()).output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
        // Understood, and then its definition is not there.
        assert!(complaints.contains("there is no such file"), "{command}: {complaints}");
    }
}
