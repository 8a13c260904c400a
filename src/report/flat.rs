//! Flat events: the columns of `csv` as one object a line, for log stores that take no nested fields. An empty column is
//! left out.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::csv::{COLUMNS, cells, rows};
use super::document::Report;
use super::foreign::Foreign;
use super::json;
use super::view::View;

/// An event: its fields in order.
struct Event(Vec<(&'static str, Value)>);

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Writes an object for each finding that fails, is not decided or is waived.
///
/// # Errors
/// None that a document of this crate can bring about.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    let run = &report.run;
    let host = report.circumstances.probe_host.as_deref().unwrap_or_default();
    let id = Foreign::owned(format!("{} {host}", run.started_at).trim_end().to_owned());
    let id = id.for_json().to_owned();
    let mut lines = String::new();
    for finding in rows(report) {
        let mut event = Event(Vec::with_capacity(COLUMNS.len() + 2));
        for (column, cell) in COLUMNS.iter().zip(cells(&view, finding)) {
            if *column == "waived" {
                event.0.push((column, Value::Bool(finding.waived.is_some())));
            } else if !cell.is_empty() {
                event.0.push((column, Value::String(cell.for_json().to_owned())));
            }
        }
        let version = Foreign::value(&run.tool.version).for_json().to_owned();
        event.0.extend([("run", Value::String(id.clone())), ("tool_version", Value::String(version))]);
        lines += &json::line(&event)?;
    }
    Ok(lines)
}
