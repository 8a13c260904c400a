//! `explain` and `schema` as a user meets them.

use std::io::Read;
use std::process::Stdio;

use cmprobe::requirement::catalogue::catalogue;
use serde_json::Value;

use crate::program::run;

#[test]
fn the_list_names_every_requirement_in_80_columns_and_without_colour() {
    let (out, complaints, code) = run(&["explain"]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    for requirement in catalogue() {
        assert!(out.contains(&format!(" {}: ", requirement.id)), "{}", requirement.id);
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80 && !line.contains('\u{1b}')), "{out}");
    let (colored, _, _) = run(&["explain", "--color", "always"]);
    assert!(colored.contains("\u{1b}["));
}

#[test]
fn every_page_says_what_why_and_what_to_do() {
    for requirement in catalogue() {
        let (page, _, code) = run(&["explain", requirement.id]);
        assert_eq!(code, 0, "{}", requirement.id);
        for part in [requirement.id, "Who is hurt:", "How it is seen:", "\nseverity  ", "\nremedy    ", "\nsource    "]
        {
            assert!(page.contains(part), "{}: no {part:?} in\n{page}", requirement.id);
        }
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", requirement.id);
        }
    }
}

#[test]
fn a_subject_lists_its_requirements() {
    let (out, _, code) = run(&["explain", "web-server"]);
    assert_eq!(code, 0);
    assert!(out.contains("web-server/server-auth-eku") && !out.contains("client-authentication/"), "{out}");
}

#[test]
fn an_unknown_id_is_an_error_with_its_nearest_neighbour() {
    let (out, complaints, code) = run(&["explain", "web-server/server-auth-ekv"]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(complaints.contains("perhaps web-server/server-auth-eku"), "{complaints}");
    let (_, complaints, code) = run(&["explain", "colour\u{1b}[31m"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("colour\\u{1b}[31m"), "{complaints:?}");
}

#[test]
fn the_catalogue_as_json_is_whole_and_valid() {
    let (schema, _, _) = run(&["schema", "report"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let entry = serde_json::json!({ "$ref": "#/$defs/RequirementReport", "$defs": schema["$defs"] });
    let validator = jsonschema::validator_for(&entry).unwrap();
    let (out, _, code) = run(&["explain", "--format", "json"]);
    assert_eq!(code, 0);
    let entries: Vec<Value> = serde_json::from_str(&out).unwrap();
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids, catalogue().iter().map(|requirement| requirement.id).collect::<Vec<_>>());
    for entry in &entries {
        assert!(validator.is_valid(entry), "{entry}");
    }
    let (one, _, _) = run(&["explain", "--format", "json", catalogue()[0].id]);
    assert_eq!(serde_json::from_str::<Value>(&one).unwrap(), entries[0]);
}

#[test]
fn the_readme_table_has_a_row_for_every_requirement() {
    let (out, _, code) = run(&["explain", "--format", "markdown"]);
    assert_eq!(code, 0);
    assert_eq!(out.lines().count(), catalogue().len() + 2);
    assert!(out.lines().all(|line| line.starts_with('|') && line.ends_with('|')));
    assert_eq!(run(&["explain", "--format", "markdown", catalogue()[0].id]).2, 2);
}

#[test]
fn schemas_are_schemas() {
    for of in ["report", "definition", "observation"] {
        let (out, _, code) = run(&["schema", of]);
        assert_eq!(code, 0, "{of}");
        let schema: Value = serde_json::from_str(&out).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{of}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
    assert_eq!(run(&["schema"]).0, run(&["schema", "report"]).0);
    assert_eq!(run(&["schema", "everything"]).2, 2);
}

#[test]
fn no_command_and_an_unknown_one_are_usage_errors_and_help_tells_the_exit_codes() {
    assert_eq!(run(&[]).2, 2);
    assert_eq!(run(&["chekc"]).2, 2);
    let (help, _, code) = run(&["--help"]);
    assert_eq!(code, 0);
    assert!(help.contains("Exit codes:\n  0  "), "{help}");
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["explain", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaints.as_str()), (Some(0), ""));
}
