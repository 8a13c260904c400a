//! What was looked at, held against what, from where, when and by what: the first lines.

use super::moment::{date_and_time, span};
use crate::report::document::ProfileSource;
use crate::report::page::{Ink, Page};
use crate::report::view::View;
use crate::wire::counted::counted;

/// How many of the definition's oddities are told; of more, only their number.
const WARNINGS: usize = 3;

pub(super) fn write(page: &mut Page, view: &View<'_>, verbose: bool) {
    let (run, circumstances) = (&view.report.run, &view.report.circumstances);
    let site = match &run.site.code {
        Some(code) if *code == run.site.name => code.clone(),
        Some(code) => format!("{code}, {}", run.site.name),
        None => run.site.name.clone(),
    };
    let source = match run.site.profile_source {
        ProfileSource::Declared => "declared",
        ProfileSource::ManagementPoint => "by the management point's version",
        ProfileSource::Flag => "by --profile",
        ProfileSource::Assumed => "assumed",
    };
    let against = format!(": held against {} ({source})", run.site.profile.name());
    page.labelled(0, "", Ink::Heading, 2, &format!("{site}{against}"));
    let mut from: Vec<&str> = circumstances.vantages.iter().map(|vantage| vantage.name.as_str()).collect();
    if from.is_empty() {
        for endpoint in &view.report.endpoints {
            if !from.contains(&endpoint.vantage.as_str()) {
                from.push(&endpoint.vantage);
            }
        }
    }
    let from = if from.is_empty() { String::new() } else { format!(", from {}", from.join(" and ")) };
    let host = circumstances.probe_host.as_ref().map(|host| format!(", on {host}")).unwrap_or_default();
    let took = span(view.seconds());
    let tool = format!("{} {}", run.tool.name, run.tool.version);
    page.wrapped(0, 2, &format!("{}, {took}{from}{host}, {tool}", date_and_time(run.started_at)));
    if run.judged_at.unix() != run.started_at.unix() {
        page.wrapped(0, 2, &format!("judged as of {}", date_and_time(run.judged_at)));
    }
    if verbose {
        stands(page, view);
    }
    for note in &circumstances.left_out.notes {
        page.labelled(0, "note", Ink::Notice, 5, note);
    }
    warnings(page, view, verbose);
}

/// The vantages in full.
fn stands(page: &mut Page, view: &View<'_>) {
    for vantage in &view.report.circumstances.vantages {
        let resolvers = match vantage.resolvers.as_slice() {
            [] => "the machine's own name servers".to_owned(),
            some => some.join(", "),
        };
        let proxy = vantage.proxy.as_ref().map(|proxy| format!(", through {proxy}")).unwrap_or_default();
        page.labelled(2, &vantage.name, Ink::Quiet, 12, &format!("asks {resolvers}{proxy}"));
    }
}

/// What the definition says that cannot be.
fn warnings(page: &mut Page, view: &View<'_>, verbose: bool) {
    let circumstances = &view.report.circumstances;
    let warnings = &circumstances.definition_warnings;
    let path = circumstances.definition.as_ref().map_or("definition", |definition| definition.path.as_str());
    let told = if verbose { warnings.len() } else { WARNINGS };
    for warning in warnings.iter().take(told) {
        let hint = if warning.hint.is_empty() { String::new() } else { format!(" ({})", warning.hint) };
        let words = format!("{path}:{}: {}{hint}", warning.defined_at.line, warning.message);
        page.labelled(0, "note", Ink::Notice, 5, &words);
    }
    if warnings.len() > told {
        page.wrapped(5, 5, &format!("and {} in the definition", counted(warnings.len() - told, "more note")));
    }
}
