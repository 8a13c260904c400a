//! The JSON Schema of everything written as JSON.

use std::collections::BTreeSet;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::catalogue::RequirementReport;
use super::cause::{CauseReport, CodeReport, CodesReport};
use super::change::Difference;
use super::document::Report;
use super::json;
use super::jsonl::Line;
use super::matrix::MatrixReport;

/// What lines consist of that leave out what is `null`, an empty list or [`json::NOTHING`].
const LEAN: [&str; 3] = ["EndpointLine", "FindingsLine", "DiagnosisReport"];
/// How the definition of the same thing in such a line is called, after its name.
const IN_A_LINE: &str = "InALine";
/// Where definitions stand.
const DEFINITIONS: &str = "#/$defs/";

/// Gives lean lines definitions of their own. What a document always has, a line need not.
fn let_lines_be_lean(definitions: &mut Map<String, Value>) {
    let mut known: BTreeSet<String> = LEAN.into_iter().map(str::to_owned).collect();
    let mut left: Vec<String> = known.iter().cloned().collect();
    while let Some(name) = left.pop() {
        let Some(mut lean) = definitions.get(&name).cloned() else { continue };
        may_be_absent(&mut lean);
        each_reference(&mut lean, &mut |reference| {
            if let Some(name) = reference.strip_prefix(DEFINITIONS).map(str::to_owned) {
                reference.push_str(IN_A_LINE);
                if known.insert(name.clone()) {
                    left.push(name);
                }
            }
        });
        definitions.insert(format!("{name}{IN_A_LINE}"), lean);
    }
    if let Some(line) = definitions.get_mut("Line") {
        each_reference(line, &mut |reference| {
            if reference.strip_prefix(DEFINITIONS).is_some_and(|name| LEAN.contains(&name)) {
                reference.push_str(IN_A_LINE);
            }
        });
    }
    // Nothing but lines consists of them.
    definitions.retain(|name, _| !matches!(name.as_str(), "EndpointLine" | "FindingsLine"));
}

/// Does something with every reference in a schema.
fn each_reference(schema: &mut Value, act: &mut impl FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(reference) if name == "$ref" => act(reference),
                    member => each_reference(member, act),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| each_reference(element, act)),
        _ => {}
    }
}

/// Requires no property that may be nothing.
fn may_be_absent(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let properties = members.get("properties").cloned().unwrap_or_default();
            if let Some(required) = members.get_mut("required").and_then(Value::as_array_mut) {
                let is_named = |name: &str| json::NOTHING.iter().any(|(nothing, _)| *nothing == name);
                let may_be = |name: &str| is_named(name) || properties.get(name).is_some_and(may_be_nothing);
                required.retain(|name| !name.as_str().is_some_and(may_be));
            }
            members.values_mut().for_each(may_be_absent);
        }
        Value::Array(elements) => elements.iter_mut().for_each(may_be_absent),
        _ => {}
    }
}

/// Whether something may be `null` or a list.
fn may_be_nothing(property: &Value) -> bool {
    let is_nothing = |kind: &Value| kind == "null" || kind == "array";
    let kinds = property.get("type").into_iter().flat_map(|kind| match kind {
        Value::Array(kinds) => kinds.as_slice(),
        kind => std::slice::from_ref(kind),
    });
    let others = property.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    kinds.chain(others.filter_map(|other| other.get("type"))).any(is_nothing)
}

/// The JSON Schema of the document. Beside it stand what the lines of `jsonl` are, as `#/$defs/Line`, what an entry of the
/// catalogue is, as `#/$defs/RequirementReport`, what `explain --matrix` tells, as `#/$defs/MatrixReport`, and what `diff`
/// writes, as `#/$defs/Difference`.
pub fn schema() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<Line>();
    generator.subschema_for::<RequirementReport>();
    generator.subschema_for::<CauseReport>();
    generator.subschema_for::<CodeReport>();
    generator.subschema_for::<CodesReport>();
    generator.subschema_for::<MatrixReport>();
    generator.subschema_for::<Difference>();
    let mut schema = generator.into_root_schema_for::<Report>();
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        let_lines_be_lean(definitions);
    }
    schema.insert("title".into(), "cmprobe report".into());
    schema.insert(
        "description".into(),
        "A report as `--format json` writes it. Each line of `--format jsonl` is described by #/$defs/Line, each entry of \
         `explain --format json` by #/$defs/RequirementReport (a cause by #/$defs/CauseReport, a code by \
         #/$defs/CodesReport, the matrix by #/$defs/MatrixReport), what `diff --format json` writes by #/$defs/Difference. \
         In lines of endpoints, findings and \
         diagnoses, what is null, an empty list or a count of none is left out, and so is what the same line says \
         elsewhere: what a finding is about where that is the line's id, the failure of a probe where it is the endpoint's, \
         the version and suite of what came to its end where they are the endpoint's, that no client certificate was \
         presented, a diagnosis' requirements where the line's findings tell them, \
         a diagnosis' title where it is the culprit's name, a colon and the words, and of a failure that a diagnosis \
         explains the remedy, which the diagnosis has. Changes within version 1 only add properties."
            .into(),
    );
    schema
}
