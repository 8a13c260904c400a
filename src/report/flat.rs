//! Flat events: the columns of `csv` as one object a line, for log stores that take no nested fields. An empty column is
//! left out.

use serde_json::{Map, Value};

use super::csv::{COLUMNS, cells, rows};
use super::document::Report;
use super::json;
use super::view::View;

/// Writes an object for each finding that fails, is not decided or is waived.
///
/// # Errors
/// None that a document of this crate can bring about.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    let run = &report.run;
    let host = report.circumstances.probe_host.as_deref().unwrap_or_default();
    let id = format!("{} {host}", run.started_at.to_the_second()).trim_end().to_owned();
    let mut lines = String::new();
    for finding in rows(report) {
        let mut event = Map::new();
        for (column, cell) in COLUMNS.iter().zip(cells(&view, finding)) {
            if *column == "waived" {
                event.insert((*column).to_owned(), Value::Bool(finding.waived.is_some()));
            } else if !cell.is_empty() {
                event.insert((*column).to_owned(), Value::String(cell.for_json().to_owned()));
            }
        }
        event.insert("run".to_owned(), Value::String(id.clone()));
        event.insert("tool_version".to_owned(), Value::String(run.tool.version.clone().into_owned()));
        lines += &json::line(&event)?;
    }
    Ok(lines)
}
