//! `schema`: the JSON Schemas of what is written and read.

use cmprobe::observation::Seen;
use cmprobe::report::plan::PlanDocument;
use cmprobe::report::{json, schema};
use cmprobe::site::definition::definition_schema;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::args::{SchemaArgs, SchemaOf};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

/// The schema of what is written of a type, under this title.
fn of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema.to_value()
}

pub(crate) fn run(args: &SchemaArgs) -> Result<Outcome, Error> {
    let schema = match args.of {
        SchemaOf::Report => schema::schema().to_value(),
        SchemaOf::Definition => definition_schema(),
        SchemaOf::Observation => of::<Seen>("cmprobe observations, a line of the file"),
        SchemaOf::Plan => of::<PlanDocument>("cmprobe plan"),
    };
    let text = json::indented(&schema).map_err(|error| Error::Output(error.to_string()))?;
    Sink::standard().finish(&text)?;
    Ok(Outcome::Passed)
}
