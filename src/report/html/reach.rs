//! Who reaches whom: each name from each vantage, the picture in words; and where those vantages stand.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};

use super::areas::Mark;
use super::picture::proxies_before;
use super::words::{left_out, message, section, value, wide};
use super::{MOST, Source};
use crate::report::circumstances::VantageReport;
use crate::report::endpoint::EndpointReport;
use crate::report::reach::ReachReport;
use crate::report::text::ranges::ranges;
use crate::report::windows::WindowsClientReport;

/// How many names of a row are named.
const NAMED: usize = 6;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let report = source.report();
    let reach = &report.reach;
    if reach.is_empty() {
        return html! {};
    }
    let asked = |endpoint: &&EndpointReport| endpoint.client_certificate_request.is_some();
    let asking: HashSet<(&str, &str, &str)> = report
        .endpoints
        .iter()
        .filter(asked)
        .map(|endpoint| (endpoint.system.as_str(), endpoint.name.as_str(), endpoint.vantage.as_str()))
        .collect();
    let table = html! {
        table {
            caption { "Each name, from each vantage." }
            thead { tr {
                th scope="col" { "From" }
                th scope="col" { "Name dialled" }
                th scope="col" { "System" }
                th scope="col" { "Through" }
                th scope="col" { "Outcome" }
            } }
            tbody { @for one in reach.iter().take(MOST) { (row(source, one, &asking)) } }
        }
    };
    let content = html! {
        (wide("Table of who reaches whom", table))
        (left_out(reach.len().saturating_sub(MOST), "name"))
        (clients(source))
        @if !report.circumstances.vantages.is_empty() {
            h3 { "Where they stand" }
            ul { @for vantage in &report.circumstances.vantages { (stands(vantage)) } }
        }
        (notes(source))
    };
    section("reach", "Who reaches whom", content)
}

/// Which Windows clients agree on a session where: a row for all endpoints that agree with the same, and lose the rest by
/// the same.
fn clients(source: &Source<'_>) -> Markup {
    let endpoints = || source.report().endpoints.iter().filter(|one| !one.windows_clients.is_empty());
    let mut versions: Vec<&str> = Vec::new();
    let mut rows: Vec<(&EndpointReport, Vec<String>)> = Vec::new();
    let (mut alike, mut known) = (HashMap::new(), HashSet::new());
    for endpoint in endpoints() {
        for client in &endpoint.windows_clients {
            if !versions.contains(&client.windows.as_ref()) {
                versions.push(&client.windows);
            }
        }
        let at = *alike.entry(let_in(endpoint)).or_insert_with(|| {
            rows.push((endpoint, Vec::new()));
            rows.len() - 1
        });
        if known.insert((at, &endpoint.name, &endpoint.vantage))
            && let Some((_, places)) = rows.get_mut(at)
        {
            places.push(format!("{} from {}", endpoint.name, endpoint.vantage));
        }
    }
    if rows.is_empty() {
        return html! {};
    }
    let table = html! {
        table {
            caption { "Which Windows clients agree on a session with what answers, by what each of them offers." }
            thead { tr {
                th scope="col" { "Name" }
                @for version in &versions { th scope="col" { (version) } }
            } }
            tbody { @for (first, places) in rows.iter().take(MOST) {
                tr {
                    td { (value(&ranges(places.iter().map(String::as_str), NAMED))) }
                    @for version in &versions { (client(first, version)) }
                }
            } }
        }
    };
    html! {
        h3 { "Which Windows clients" }
        (wide("Table of which Windows clients reach whom", table))
        (left_out(rows.len().saturating_sub(MOST), "row"))
    }
}

/// Which clients an endpoint lets in, and by what it loses the others; on what they settle does not matter.
fn let_in(endpoint: &EndpointReport) -> Vec<(&str, Option<bool>, Option<String>)> {
    let clients = endpoint.windows_clients.iter();
    clients.map(|one| (one.windows.as_ref(), one.gets_in, lost_by(one))).collect()
}

fn lost_by(client: &WindowsClientReport) -> Option<String> {
    (client.gets_in != Some(true)).then(|| client.words.clone())
}

fn client(endpoint: &EndpointReport, version: &str) -> Markup {
    let found = endpoint.windows_clients.iter().find(|one| one.windows == version);
    let (mark, words) = match found.map(|one| one.gets_in) {
        Some(Some(true)) => (Mark::Met, "yes"),
        Some(Some(false)) => (Mark::Notice, "no"),
        Some(None) => (Mark::Open, "not decided"),
        None => (Mark::Open, "not asked"),
    };
    html! {
        td class=(mark.class()) {
            (words)
            @if let Some(why) = found.and_then(lost_by) { span.sub { (value(&why)) } }
        }
    }
}

fn stands(vantage: &VantageReport) -> Markup {
    html! {
        li {
            strong { (value(&vantage.name)) } ": asks "
            @if vantage.resolvers.is_empty() { "the machine's own name servers" }
            @else { (value(&vantage.resolvers.join(", "))) }
            @if let Some(proxy) = &vantage.proxy { ", through " (value(proxy)) }
        }
    }
}

/// What the definition says that cannot be.
fn notes(source: &Source<'_>) -> Markup {
    let circumstances = &source.report().circumstances;
    html! {
        @if !circumstances.definition_warnings.is_empty() {
            h3 { "Notes on the definition" }
            ul { @for note in circumstances.definition_warnings.iter().take(MOST) {
                li {
                    "Line " (note.defined_at.line) ": " (message(&note.message))
                    @if !note.hint.is_empty() { " (" (message(&note.hint)) ")" }
                }
            } }
        }
    }
}

fn row(source: &Source<'_>, one: &ReachReport, asking: &HashSet<(&str, &str, &str)>) -> Markup {
    let role = one.role.map(|role| role.name().replace('-', " ")).unwrap_or_default();
    let through = proxies_before(source, one);
    let is_cut = source.board.row(&one.system).is_some_and(|row| row.cut_from.contains(&one.vantage.as_str()));
    let asks = asking.contains(&(one.system.as_str(), one.name.as_str(), one.vantage.as_str()));
    let (mark, words) = outcome(one, is_cut, asks);
    html! {
        tr {
            td { (value(&one.vantage)) }
            td { (value(&one.name)) ":" (one.port) }
            td {
                (value(&one.system))
                @if !role.is_empty() { span.sub { (role) } }
            }
            td {
                @if through.is_empty() { "\u{2013}" } @else { (value(&through.join(", "))) }
                @if !one.leads_to.is_empty() { span.sub { "leads to " (value(&one.leads_to.join(", "))) } }
            }
            td class=(mark.class()) { (value(&words)) }
        }
    }
}

/// How it went, in words.
fn outcome(one: &ReachReport, is_cut: bool, asks: bool) -> (Mark, String) {
    let status = one.status.replace('-', " ");
    let mark = if is_cut { Mark::Error } else { Mark::Met };
    match (one.addresses, one.reached) {
        (_, _) if one.status == "not-probed" => (Mark::Open, "not looked at".to_owned()),
        (0, _) => (Mark::Error, format!("no address: {status}")),
        (1, 1) => (mark, "reached".to_owned()),
        (all, reached) if all == reached => (mark, format!("reached at {all} addresses")),
        (_, _) if !is_cut && asks => (mark, "answers whoever has a client certificate".to_owned()),
        (1, _) => (if is_cut { mark } else { Mark::Open }, status),
        (all, reached) => (if is_cut { mark } else { Mark::Open }, format!("{reached} of {all} addresses: {status}")),
    }
}
