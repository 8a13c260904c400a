//! `schema`: the JSON Schemas of what is written and read.

use cmprobe::observation::Seen;
use cmprobe::report::{json, schema};
use cmprobe::site::definition::definition_schema;
use schemars::generate::SchemaSettings;

use crate::args::{SchemaArgs, SchemaOf};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

pub(crate) fn run(args: &SchemaArgs) -> Result<Outcome, Error> {
    let schema = match args.of {
        SchemaOf::Report => schema::schema().to_value(),
        SchemaOf::Definition => definition_schema(),
        SchemaOf::Observation => {
            let settings = SchemaSettings::draft2020_12().for_serialize();
            let mut schema = settings.into_generator().into_root_schema_for::<Seen>();
            schema.insert("title".into(), "cmprobe observations, a line of the file".into());
            schema.to_value()
        }
    };
    let text = json::indented(&schema).map_err(|error| Error::Output(error.to_string()))?;
    Sink::standard().finish(&text)?;
    Ok(Outcome::Passed)
}
