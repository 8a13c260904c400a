//! Flat events: the columns of `csv` as one object a line, for log stores that take no nested fields. An empty column is
//! left out.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::csv::{COLUMNS, cells, rows};
use super::document::Report;
use super::foreign::Foreign;
use super::json;
use super::text::ending::comes_to;
use super::text::entry::Matters;
use super::view::View;
use crate::judgement::tally::Outcome;

/// An event: its fields in order.
struct Event(Vec<(&'static str, Value)>);

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Writes an object for each finding that fails, is not decided or is waived, then one for the run: what it comes to.
///
/// # Errors
/// None that a document of this crate can bring about.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    let run = &report.run;
    let host = report.circumstances.probe_host.as_deref().unwrap_or_default();
    let id = Foreign::owned(format!("{} {host}", run.started_at).trim_end().to_owned());
    let id = id.for_json().to_owned();
    let of_run = || {
        let version = Foreign::value(&run.tool.version).for_json().to_owned();
        [("run", Value::String(id.clone())), ("tool_version", Value::String(version))]
    };
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
        event.0.extend(of_run());
        lines += &json::line(&event)?;
    }
    // The run itself, so that one in which nothing is wrong leaves a trace, too.
    let verdict = match run.summary.outcome() {
        Outcome::Passed => "pass",
        Outcome::Failed => "fail",
        Outcome::Undecided => "unknown",
        Outcome::Changed => "changed",
    };
    let whole = [
        ("time", run.finished_at.to_string()),
        ("site", run.site.code.clone().unwrap_or_default()),
        ("profile", run.site.profile.name().to_owned()),
        ("verdict", verdict.to_owned()),
        ("message", comes_to(report, &Matters::new(&view))),
    ];
    let whole = whole.into_iter().filter(|(_, words)| !words.is_empty());
    let mut event = Event(
        whole.map(|(name, words)| (name, Value::String(Foreign::message(&words).for_json().to_owned()))).collect(),
    );
    event.0.push(("waived", Value::Bool(false)));
    event.0.extend(of_run());
    lines += &json::line(&event)?;
    Ok(lines)
}
