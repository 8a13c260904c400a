//! The JSON Schema of everything written as JSON.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::catalogue::RequirementReport;
use super::cause::{CauseReport, CodeReport, CodesReport};
use super::change::Difference;
use super::document::Report;
use super::jsonl::Line;
use super::matrix::MatrixReport;

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
    schema.insert("title".into(), "cmprobe report".into());
    schema.insert(
        "description".into(),
        "A report as `--format json` writes it. Each line of `--format jsonl` is described by #/$defs/Line, each entry of \
         `explain --format json` by #/$defs/RequirementReport (a cause by #/$defs/CauseReport, a code by \
         #/$defs/CodesReport, the matrix by #/$defs/MatrixReport), what `diff --format json` writes by #/$defs/Difference. \
         Changes within version 1 only add properties."
            .into(),
    );
    schema
}
