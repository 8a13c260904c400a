//! `explain` and `schema` as a user meets them.

use std::io::Read;
use std::process::Stdio;

use cmprobe::requirement::catalogue::{catalogue, find};
use cmprobe::rule::usage::Use;
use cmprobe::verdict::cause::catalogue::CAUSES;
use cmprobe::verdict::cause::code::CODES;
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
    for (slip, meant) in [
        ("issuernotsent", "issuer-not-sent"),
        ("issuer-not-sen", "issuer-not-sent"),
        ("0x800B01O9", "0x800B0109"),
        ("CERT_CN_INVALDI", "CERT_CN_INVALID"),
    ] {
        let (out, complaints, code) = run(&["explain", slip]);
        assert_eq!((out.as_str(), code), ("", 2), "{slip}");
        assert!(complaints.contains(meant), "{slip}: {complaints}");
    }
}

#[test]
fn every_cause_has_a_page_with_its_remedy_and_its_symptom() {
    for cause in CAUSES.iter() {
        let (page, complaints, code) = run(&["explain", cause.id]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{}", cause.id);
        for part in ["\nknown by  ", "\nremedy    ", "\nconcerns  ", "\nfails     "] {
            assert!(page.contains(part), "{}: no {part:?} in\n{page}", cause.id);
        }
        let shown = ["\nclient    ", "\nserver    ", "\nshows     "].iter().any(|part| page.contains(part));
        assert!(shown, "{}: nothing says how it shows in\n{page}", cause.id);
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        let of_both = cause.remedy.native_mode_2007 == cause.remedy.current_branch;
        assert_eq!(page.contains("Current Branch: "), !of_both, "{page}");
    }
}

#[test]
fn the_lists_of_causes_and_codes_are_whole() {
    let (causes, _, code) = run(&["explain", "--causes"]);
    assert_eq!(code, 0);
    for cause in CAUSES.iter() {
        assert!(causes.contains(&format!("  {} \u{2013} ", cause.id)), "{}", cause.id);
    }
    let (codes, _, code) = run(&["explain", "--codes"]);
    assert_eq!(code, 0);
    assert!(codes.contains("\n403.16 \u{2013} ") && codes.contains("\nSchannel 36870 \u{2013} "), "{codes}");
    assert!(causes.lines().chain(codes.lines()).all(|line| line.chars().count() <= 80));
    for (list, rows) in [("--causes", CAUSES.len()), ("--codes", CODES.len())] {
        let (table, _, _) = run(&["explain", list, "--format", "markdown"]);
        assert_eq!(table.lines().count(), rows + 2, "{list}");
        assert!(table.lines().all(|line| line.starts_with("| ") || line.starts_with("|-")), "{table}");
        let (entries, _, _) = run(&["explain", list, "--format", "json"]);
        assert_eq!(serde_json::from_str::<Vec<Value>>(&entries).unwrap().len(), rows, "{list}");
        assert_eq!(run(&["explain", list, "403.16"]).2, 2);
    }
}

#[test]
fn a_code_leads_to_causes_and_requirements_in_every_spelling() {
    for spelling in [
        &["0x80072F0C"][..],
        &["80072f0c"],
        &["12044"],
        &["2147954444"],
        &["-2147012852"],
        &["CLIENT_AUTH_CERT_NEEDED"],
        &["ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED"],
        &["80072F0Ch"],
        &["return", "code", "-2147012852"],
        &["[CCMHTTP] ERROR: URL=https://sup01.corp.contoso.com:8531/ClientWebService/client.asmx, Code=12044"],
    ] {
        let (page, complaints, code) = run(&[&["explain"], spelling].concat());
        assert_eq!((complaints.as_str(), code), ("", 0), "{spelling:?}");
        assert!(page.starts_with("12044 (0x80072F0C) "), "{spelling:?}: {page}");
        for part in [
            "update-point-asks-for-certificate: ",
            "issuers-lack-client-root: ",
            "client-authentication/accepts-client",
        ] {
            assert!(page.contains(part), "{spelling:?}: no {part} in\n{page}");
        }
    }
    for spelling in [&["403.16"][..], &["403", "16"], &["403 16"], &["HTTP", "403.16"]] {
        let (page, _, code) = run(&[&["explain"], spelling].concat());
        assert_eq!(code, 0, "{spelling:?}");
        assert!(
            page.contains("client-root-not-trusted: ") && page.contains("intermediate-in-trusted-root: "),
            "{page}"
        );
    }
    for (words, begins) in [(["alert", "48"], "alert 48 unknown_ca"), (["Sch", "36870"], "Schannel 36870")] {
        assert!(run(&["explain", words[0], words[1]]).0.starts_with(begins));
    }
}

#[test]
fn every_code_as_json_names_causes_and_requirements_that_exist() {
    let (schema, _, _) = run(&["schema", "report"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let valid = |of: &str| {
        let entry = serde_json::json!({ "$ref": format!("#/$defs/{of}"), "$defs": schema["$defs"] });
        jsonschema::validator_for(&entry).unwrap()
    };
    let (codes, _, _) = run(&["explain", "--codes", "--format", "json"]);
    let (causes, _, _) = run(&["explain", "--causes", "--format", "json"]);
    let codes: Vec<Value> = serde_json::from_str(&codes).unwrap();
    let causes: Vec<Value> = serde_json::from_str(&causes).unwrap();
    for (entries, of) in [(&codes, "CodeReport"), (&causes, "CauseReport")] {
        let validator = valid(of);
        assert!(entries.iter().all(|entry| validator.is_valid(entry)), "{of}");
        for id in entries.iter().flat_map(|entry| entry["requirements"].as_array().unwrap()) {
            assert!(find(id.as_str().unwrap()).is_some(), "{id}");
        }
    }
    let known: Vec<&str> = causes.iter().filter_map(|cause| cause["id"].as_str()).collect();
    for id in codes.iter().flat_map(|entry| entry["causes"].as_array().unwrap()) {
        assert!(known.contains(&id.as_str().unwrap()), "{id}");
    }
    let (one, _, _) = run(&["explain", "403.13", "--format", "json"]);
    let one: Value = serde_json::from_str(&one).unwrap();
    assert!(valid("CodesReport").is_valid(&one));
    assert_eq!(one["causes"][0]["id"], "client-list-out-of-reach");
    let (cause, _, _) = run(&["explain", "issuer-not-sent", "--format", "json"]);
    assert!(causes.contains(&serde_json::from_str(&cause).unwrap()));
    let (page, _, _) = run(&["explain", "web-server/literal-ampersand", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&page).unwrap()["causes"][0], "names-joined-by-ampersand");
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
fn clusters_are_judged_in_sites_of_2007_alone_and_rest_on_no_page_of_today() {
    for of in catalogue().iter().filter(|of| of.id.starts_with("nlb/")) {
        let (page, _, _) = run(&["explain", of.id]);
        assert!(page.contains("(sites of 2007 only)") && !page.contains("current branch documentation"), "{page}");
    }
    let (help, _, _) = run(&["check", "--help"]);
    let at = help.split("--at <TIME>").nth(1).unwrap().split("--warn-days").next().unwrap();
    assert!(at.contains("lists") && at.contains("--revocation off"), "{at}");
}

#[test]
fn the_matrix_has_a_column_for_every_use_and_in_every_cell_a_requirement_or_a_reason() {
    let (out, complaints, code) = run(&["explain", "--matrix", "--format", "json"]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    let matrix: Value = serde_json::from_str(&out).unwrap();
    let (schema, _, _) = run(&["schema", "report"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let entry = serde_json::json!({ "$ref": "#/$defs/MatrixReport", "$defs": schema["$defs"] });
    assert!(jsonschema::validator_for(&entry).unwrap().is_valid(&matrix));
    let uses: Vec<&str> = Use::ALL.into_iter().map(Use::name).collect();
    let columns = |cells: &Value| -> Vec<String> {
        cells.as_array().unwrap().iter().map(|cell| cell["use"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(columns(&matrix["uses"]), uses);
    let mut told: Vec<&str> = Vec::new();
    for row in matrix["qualities"].as_array().unwrap() {
        assert_eq!(columns(&row["cells"]), uses);
        for cell in row["cells"].as_array().unwrap() {
            let halves = ["native-mode-2007", "current-branch"].map(|profile| &cell[profile]);
            for half in halves {
                let judged = half["severity"].is_string() && half["citation"].is_object();
                assert_ne!(judged, half["reason"].is_u64() && half["why"].is_string(), "{cell}");
            }
            let judged = halves.iter().any(|half| half["severity"].is_string());
            assert_eq!(judged, cell["requirement"].is_string(), "{cell}");
            if let Some(id) = cell["requirement"].as_str() {
                assert!(find(id).is_some(), "{id}");
                told.push(id);
            }
        }
    }
    for of in matrix["uses"].as_array().unwrap() {
        told.extend(of["own"].as_array().unwrap().iter().filter_map(Value::as_str));
    }
    // Whatever is asked of a use stands in its column or beside the table.
    for requirement in catalogue() {
        let subject = requirement.id.split('/').next().unwrap();
        assert!(told.contains(&requirement.id) || !uses.contains(&subject), "{}", requirement.id);
    }
}

#[test]
fn the_matrix_is_read_in_80_columns() {
    let (out, _, code) = run(&["explain", "--matrix"]);
    assert_eq!(code, 0);
    assert!(out.lines().all(|line| line.chars().count() <= 80 && !line.contains('\u{1b}')), "{out}");
    let row = |begins: &str| out.lines().find(|line| line.trim_start().starts_with(begins)).unwrap().to_owned();
    assert!(row("validity ").contains(" E "), "{out}");
    for of in Use::ALL {
        assert!(out.contains(&format!("  {}\n", of.name())), "{}", of.name());
    }
    assert!(out.contains("[chain/leads-to-site-root]") && out.contains("self-signed by design"), "{out}");
    assert_eq!(run(&["explain", "--matrix", "web-server"]).2, 2);
}

#[test]
fn the_readme_table_has_a_row_for_every_requirement() {
    let (out, _, code) = run(&["explain", "--format", "markdown"]);
    assert_eq!(code, 0);
    assert_eq!(out.lines().count(), catalogue().len() + 2);
    assert!(out.lines().all(|line| line.starts_with('|') && line.ends_with('|')));
    let (page, _, code) = run(&["explain", "--format", "markdown", catalogue()[0].id]);
    assert_eq!(code, 0);
    assert!(page.starts_with(&format!("# {}\n", catalogue()[0].id)) && page.contains("\n**remedy**: "), "{page}");
}

#[test]
fn an_id_is_found_in_capitals_too() {
    assert_eq!(run(&["explain", "WEB-SERVER/VALIDITY"]), run(&["explain", "web-server/validity"]));
    assert_eq!(run(&["explain", "Nothing-Listens"]), run(&["explain", "nothing-listens"]));
}

#[test]
fn what_a_plan_is_written_as_fits_its_schema() {
    let schema: Value = serde_json::from_str(&run(&["schema", "plan"]).0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site.toml");
    std::fs::write(&site, run(&["init"]).0).unwrap();
    let (plan, complaints, code) = run(&["plan", site.to_str().unwrap(), "--format", "json"]);
    assert_eq!(code, 0, "{complaints}");
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert!(jsonschema::is_valid(&schema, &plan));
    assert!(!jsonschema::is_valid(&schema, &serde_json::json!({ "site": plan["site"] })));
}

#[test]
fn schemas_are_schemas() {
    for of in ["report", "definition", "observation", "plan"] {
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
fn a_reader_who_leaves_early_is_told_nothing_and_the_code_says_so() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cmprobe"))
        .args(["explain", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaints.as_str()), (Some(141), ""));
}
