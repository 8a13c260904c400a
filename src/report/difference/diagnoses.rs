//! Diagnoses that came, went, or show elsewhere. One is the same as before where its id is, or, since a renewed certificate
//! and a moved address have other ids, where the same cause shows at just the same places. Where one of the two runs left
//! requirements out, what stands by itself in the one run can be part of a diagnosis of the other, and is neither new nor
//! gone.

use std::collections::{BTreeMap, BTreeSet};

use super::both::Both;
use super::{DiagnosisChange, Difference};
use crate::report::diagnosis::DiagnosisReport;
use crate::report::document::Report;
use crate::report::finding::{FindingReport, VerdictWord};

/// Requirements that fail, each with where.
type Failing<'a> = BTreeSet<(&'a str, &'a str)>;

/// A diagnosis with everywhere it shows, by target.
struct Told<'a> {
    report: &'a DiagnosisReport,
    places: BTreeSet<&'a str>,
    /// What fails with it that both runs decide.
    failing: Failing<'a>,
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

/// The diagnoses of a report.
struct All<'a> {
    /// Those that both runs could have, by id.
    by_id: BTreeMap<&'a str, Told<'a>>,
    /// What fails with diagnoses that tell, too, of what one of the two runs left out.
    beside_left_out: Failing<'a>,
}

pub(super) fn compare(difference: &mut Difference, before: &Report, after: &Report, both: &Both<'_>) {
    let (mut old, new) = (told(before, both), told(after, both));
    // What the other run has as part of something that this one did not ask for.
    let is_part = |one: &Told<'_>, other: &Failing<'_>| !one.failing.is_empty() && one.failing.is_subset(other);
    let mut come = Vec::new();
    for (id, is) in &new.by_id {
        let Some(was) = old.by_id.remove(id) else {
            if !is_part(is, &old.beside_left_out) {
                come.push(is);
            }
            continue;
        };
        let (new, gone) = (apart(&is.places, &was.places), apart(&was.places, &is.places));
        if !new.is_empty() || !gone.is_empty() {
            difference.changed_diagnoses.push(is.change(new, gone));
        }
    }
    old.by_id.retain(|_, was| !is_part(was, &new.beside_left_out));
    let mut left: BTreeMap<(&str, &BTreeSet<&str>), Vec<&Told<'_>>> = BTreeMap::new();
    for was in old.by_id.values() {
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

/// The diagnoses of a report. A line of `jsonl` names only the first places of a diagnosis; its findings name all.
fn told<'a>(report: &'a Report, both: &Both<'_>) -> All<'a> {
    let targets: BTreeMap<&str, &str> =
        report.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint.target())).collect();
    let target = |id: &'_ str| -> Option<&str> { targets.get(id).copied() };
    let mut findings: BTreeMap<&str, Vec<(&FindingReport, &str)>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.verdict == VerdictWord::Fail) {
        if let Some(id) = finding.diagnosis.as_deref() {
            let about: &str = &finding.endpoint;
            findings.entry(id).or_default().push((finding, target(about).unwrap_or(about)));
        }
    }
    let mut all = All { by_id: BTreeMap::new(), beside_left_out: BTreeSet::new() };
    for report in &report.diagnoses {
        let of = findings.remove(report.id.as_str()).unwrap_or_default();
        let mut places: BTreeSet<&str> = match of.as_slice() {
            [] => report.places.iter().map(|place| target(place).unwrap_or(place)).collect(),
            of => of.iter().map(|(_, place)| *place).collect(),
        };
        places.retain(|place| both.compares(place));
        let failing: Failing<'_> = of.iter().map(|(finding, place)| (&*finding.requirement, *place)).collect();
        let (decided, left_out): (Failing<'_>, Failing<'_>) =
            failing.into_iter().filter(|(_, place)| both.compares(place)).partition(|(one, _)| both.decides(one));
        if !left_out.is_empty() {
            all.beside_left_out.extend(&decided);
        }
        let is_decided = report.requirements.iter().any(|requirement| both.decides(requirement));
        if is_decided && !places.is_empty() {
            all.by_id.insert(&report.id, Told { report, places, failing: decided });
        }
    }
    all
}

fn apart(these: &BTreeSet<&str>, those: &BTreeSet<&str>) -> Vec<String> {
    these.difference(those).map(|place| (*place).to_owned()).collect()
}

fn owned(places: &BTreeSet<&str>) -> Vec<String> {
    places.iter().map(|place| (*place).to_owned()).collect()
}
