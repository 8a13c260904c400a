//! What browsers are shown first: the definitions with their verdicts.

use std::fmt::Write;
use std::sync::Arc;

use cmprobe::exporter::query::of_definition;
use cmprobe::wire::timestamp::Timestamp;

use super::definition::Watched;
use crate::exit::Outcome;

/// What the page begins with.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
    content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";

/// The definitions, with where each stands.
pub(super) fn index(definitions: &[Arc<Watched>]) -> String {
    let mut page = format!("{HEAD}<title>cmprobe</title>\n</head>\n<body>\n<main>\n<h1>cmprobe</h1>\n");
    // Writing to a String cannot fail.
    let _ = write!(page, "<table>\n<caption>Definitions and their last runs</caption>\n<thead><tr>");
    for heading in ["Definition", "Verdict", "Ended", "Report", "Metrics"] {
        let _ = write!(page, "<th scope=\"col\">{heading}</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for watched in definitions {
        let state = watched.state();
        let name = escaped(&watched.name);
        let query = escaped(&of_definition(&watched.name, None));
        let (verdict, ended) = state.last.as_ref().map_or_else(
            || ("the first run has not ended", String::new()),
            |last| (verdict(last.outcome), moment(last.ended)),
        );
        let old = if state.is_current { "" } else { " (the file is wrong; an older one is in force)" };
        let _ = write!(page, "<tr><th scope=\"row\">{name}</th><td>{verdict}{old}</td><td>{ended}</td>");
        let _ = write!(page, "<td><a href=\"/report?{query}\">report</a></td><td><a href=\"/probe?{query}\">all</a>");
        for vantage in &state.vantages {
            let query = escaped(&of_definition(&watched.name, Some(vantage)));
            let _ = write!(page, ", <a href=\"/probe?{query}\">{}</a>", escaped(vantage));
        }
        page.push_str("</td></tr>\n");
    }
    page.push_str(
        "</tbody>\n</table>\n<p><a href=\"/metrics\">The exporter's own metrics</a></p>\n</main>\n</body>\n</html>\n",
    );
    page
}

/// A moment, to the second.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or_default();
    format!("{day} {} UTC", time.get(..8).unwrap_or_default())
}

const fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed | Outcome::Changed => "passes",
        Outcome::Failed | Outcome::Plugin(_) => "fails",
        Outcome::Undecided => "not decided",
    }
}

/// A text in HTML, as content or within a quoted attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(sign),
        }
    }
    escaped
}
