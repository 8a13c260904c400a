//! One JSON object for a Zabbix text item, from which dependent items and discovery rules take what they need. Ids hold no
//! address, so that items do not come and go.

use std::collections::HashMap;

use serde::Serialize;

use super::document::Report;
use super::finding::FindingReport;
use super::foreign::Foreign;
use super::json;
use super::view::{Counted, Matter, Part, View, count};
use crate::judgement::tally::{FailCounts, Outcome};

/// Some databases keep no more of a text.
const MOST: usize = 64 * 1024;

/// What a name adds up to.
#[derive(Serialize)]
struct Entry {
    id: String,
    system: String,
    role: &'static str,
    name: String,
    vantage: String,
    port: u16,
    up: u8,
    errors: usize,
    warnings: usize,
    unknown: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    first: String,
}

/// What a system adds up to, where there are too many names.
#[derive(Serialize)]
struct SystemEntry {
    id: String,
    system: String,
    up: u8,
    errors: usize,
    warnings: usize,
    unknown: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    first: String,
}

#[derive(Serialize)]
struct List {
    vantage: String,
    hours: i64,
}

#[derive(Serialize)]
struct Whole<T> {
    time: i64,
    site: String,
    success: u8,
    complete: u8,
    errors: usize,
    warnings: usize,
    unknown: usize,
    first: String,
    endpoints: Vec<T>,
    lists: Vec<List>,
}

/// Writes the object. Where it would be larger than 64 KB, its entries are systems instead of names.
///
/// # Errors
/// None that a document of this crate can bring about.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    let by_name = json::line(&whole(&view, names(&view)))?;
    if by_name.len() < MOST {
        return Ok(by_name);
    }
    json::line(&whole(&view, systems(&view)))
}

fn whole<T: Serialize>(view: &View<'_>, endpoints: Vec<T>) -> Whole<T> {
    let run = &view.report.run;
    let first = view.matters().first().map(Matter::sentence).unwrap_or_default();
    let mut vantages: Vec<&str> = view.report.lists.iter().map(|list| list.vantage.as_str()).collect();
    vantages.sort_unstable();
    vantages.dedup();
    let hours = |vantage: &str| {
        let hours = view.hours(view.first_list_end(Some(vantage))?);
        Some(List { vantage: Foreign::value(vantage).for_json().to_owned(), hours })
    };
    Whole {
        time: run.finished_at.unix(),
        site: Foreign::value(view.site()).for_json().to_owned(),
        success: u8::from(matches!(run.summary.outcome(), Outcome::Passed | Outcome::Changed)),
        complete: u8::from(run.summary.complete),
        errors: run.summary.fail.error,
        warnings: run.summary.fail.warning,
        unknown: view.counts(Counted::Unknown).error,
        first: Foreign::message(&first).for_json().to_owned(),
        endpoints,
        lists: vantages.into_iter().filter_map(hours).collect(),
    }
}

fn names(view: &View<'_>) -> Vec<Entry> {
    let of = ByKey::new(view, |view, finding| {
        let subject = view.subject(&finding.endpoint);
        subject.endpoint.map_or(subject.id, |endpoint| endpoint.target()).to_owned()
    });
    let entry = |name: super::view::NameView<'_>| {
        let target = name.endpoints.first().map_or("", |endpoint| endpoint.target());
        let (fail, unknown, first) = of.at(target);
        Entry {
            id: format!("{}:{}", Foreign::value(target).for_json(), name.port),
            system: Foreign::value(name.system).for_json().to_owned(),
            role: name.role.map_or("", |role| role.name()),
            name: Foreign::value(name.name).for_json().to_owned(),
            vantage: Foreign::value(name.vantage).for_json().to_owned(),
            port: name.port,
            up: u8::from(name.is_up()),
            errors: fail.error,
            warnings: fail.warning,
            unknown: unknown.error,
            days: view.first_end(name.endpoints.iter().copied(), Part::Leaf).map(|end| view.days(end)),
            first,
        }
    };
    view.names().into_iter().map(entry).collect()
}

fn systems(view: &View<'_>) -> Vec<SystemEntry> {
    let of = ByKey::new(view, |view, finding| view.subject(&finding.endpoint).system.unwrap_or_default().to_owned());
    let mut endpoints: HashMap<&str, Vec<_>> = HashMap::new();
    for endpoint in &view.report.endpoints {
        endpoints.entry(&endpoint.system).or_default().push(endpoint);
    }
    let entry = |system: &str| {
        let (fail, unknown, first) = of.at(system);
        let own = endpoints.get(system).map_or(&[][..], Vec::as_slice);
        let shown = Foreign::value(system).for_json().to_owned();
        SystemEntry {
            id: shown.clone(),
            system: shown,
            up: u8::from(!own.is_empty() && own.iter().all(|endpoint| endpoint.is_up())),
            errors: fail.error,
            warnings: fail.warning,
            unknown: unknown.error,
            days: view.first_end(own.iter().copied(), Part::Leaf).map(|end| view.days(end)),
            first,
        }
    };
    view.systems().into_iter().map(entry).collect()
}

/// Findings by what they are counted under.
struct ByKey<'a>(HashMap<String, Vec<&'a FindingReport>>);

impl<'a> ByKey<'a> {
    fn new(view: &View<'a>, key: impl Fn(&View<'a>, &'a FindingReport) -> String) -> Self {
        let mut found: HashMap<String, Vec<&FindingReport>> = HashMap::new();
        for finding in &view.report.findings {
            found.entry(key(view, finding)).or_default().push(finding);
        }
        Self(found)
    }

    /// What is counted under a key, and the first message of the heaviest.
    fn at(&self, key: &str) -> (FailCounts, FailCounts, String) {
        let own = self.0.get(key).map_or(&[][..], Vec::as_slice);
        let all = || own.iter().copied();
        let heaviest = all().filter(|finding| finding.fails()).rev().max_by_key(|finding| finding.severity);
        let first = heaviest.map(|finding| Foreign::message(&finding.message).for_json().to_owned());
        (count(all(), Counted::Fail), count(all(), Counted::Unknown), first.unwrap_or_default())
    }
}
