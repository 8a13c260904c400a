//! Diagnoses that came, went, or show elsewhere. One is the same as before where its id is, or, since a renewed certificate
//! and a moved address have other ids, where the same cause shows at just the same places.

use std::collections::{BTreeMap, BTreeSet};

use super::both::Both;
use super::{DiagnosisChange, Difference};
use crate::report::diagnosis::DiagnosisReport;
use crate::report::document::Report;
use crate::report::finding::VerdictWord;

/// A diagnosis with everywhere it shows, by target.
struct Told<'a> {
    report: &'a DiagnosisReport,
    places: BTreeSet<&'a str>,
}

impl Told<'_> {
    fn change(&self, new: Vec<String>, gone: Vec<String>) -> DiagnosisChange {
        DiagnosisChange {
            id: self.report.id.clone(),
            cause: self.report.cause.clone(),
            severity: self.report.severity,
            title: self.report.title.clone(),
            new_places: new,
            gone_places: gone,
        }
    }
}

pub(super) fn compare(difference: &mut Difference, before: &Report, after: &Report, both: &Both<'_>) {
    let (mut old, new) = (told(before, both), told(after, both));
    let mut come = Vec::new();
    for (id, is) in &new {
        let Some(was) = old.remove(id) else {
            come.push(is);
            continue;
        };
        let (new, gone) = (apart(&is.places, &was.places), apart(&was.places, &is.places));
        if !new.is_empty() || !gone.is_empty() {
            difference.changed_diagnoses.push(is.change(new, gone));
        }
    }
    let mut left: BTreeMap<(&str, &BTreeSet<&str>), Vec<&Told<'_>>> = BTreeMap::new();
    for was in old.values() {
        left.entry((was.report.cause.as_str(), &was.places)).or_default().push(was);
    }
    for is in come {
        let alike = left.get_mut(&(is.report.cause.as_str(), &is.places));
        if alike.and_then(Vec::pop).is_none() {
            difference.new_diagnoses.push(is.change(owned(&is.places), Vec::new()));
        }
    }
    let gone = left.into_values().flatten();
    difference.gone_diagnoses.extend(gone.map(|was| was.change(Vec::new(), owned(&was.places))));
    for changes in [&mut difference.new_diagnoses, &mut difference.gone_diagnoses, &mut difference.changed_diagnoses] {
        changes.sort_by(|one, other| (other.severity, &one.title).cmp(&(one.severity, &other.title)));
    }
}

/// The diagnoses of a report by id. A line of `jsonl` names only the first places of a diagnosis; its findings name all.
fn told<'a>(report: &'a Report, both: &Both<'_>) -> BTreeMap<&'a str, Told<'a>> {
    let targets: BTreeMap<&str, &str> =
        report.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint.target())).collect();
    let target = |id: &'_ str| -> Option<&str> { targets.get(id).copied() };
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.verdict == VerdictWord::Fail) {
        if let Some(id) = finding.diagnosis.as_deref() {
            let about: &str = &finding.endpoint;
            places.entry(id).or_default().insert(target(about).unwrap_or(about));
        }
    }
    let told = report.diagnoses.iter().map(|report| {
        let named = || report.places.iter().map(|place| target(place).unwrap_or(place)).collect();
        let mut places: BTreeSet<&str> = places.remove(report.id.as_str()).unwrap_or_else(named);
        places.retain(|place| both.compares(place));
        (report.id.as_str(), Told { report, places })
    });
    let is_compared = |told: &Told<'_>| {
        !told.places.is_empty() && told.report.requirements.iter().any(|requirement| both.decides(requirement))
    };
    told.filter(|(_, told)| is_compared(told)).collect()
}

fn apart(these: &BTreeSet<&str>, those: &BTreeSet<&str>) -> Vec<String> {
    these.difference(those).map(|place| (*place).to_owned()).collect()
}

fn owned(places: &BTreeSet<&str>) -> Vec<String> {
    places.iter().map(|place| (*place).to_owned()).collect()
}
