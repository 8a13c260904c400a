//! One entry for each file: how it stands, what it is, whose it is, when it ends.

use std::collections::HashMap;

use super::endpoints::State;
use crate::report::document::{Certificates, Report};
use crate::report::file::{FileReport, KeyWord};
use crate::report::page::{Ink, Page};

pub(super) fn write(page: &mut Page, report: &Report, verbose: bool) {
    if report.files.is_empty() {
        return;
    }
    if !report.endpoints.is_empty() {
        page.heading("Files");
    }
    let mut states: HashMap<&str, State> = HashMap::new();
    for finding in &report.findings {
        let state = states.entry(&finding.endpoint).or_insert(State::Pass);
        *state = (*state).max(State::of(finding));
    }
    let certificates = report.certificates_by_fingerprint();
    for file in &report.files {
        let state = states.get(file.id.as_str()).copied().unwrap_or(State::Pass);
        page.labelled(0, state.word(), state.ink(), 5, &words(file, &certificates));
        if verbose {
            in_full(page, file, &certificates);
        }
    }
}

/// What a file's line says.
fn words(file: &FileReport, certificates: &Certificates<'_>) -> String {
    let mut words = format!("{}: {}, {}", file.id, file.kind, file.format.words());
    if let Some(certificate) = file.certificate.as_deref().and_then(|own| certificates.get(own)) {
        let names = certificate.subject_alternative_names.as_deref().unwrap_or_default();
        let subject = certificate.subject.as_deref().filter(|subject| !subject.is_empty());
        words += &format!(", {}", subject.or(names.first().map(String::as_str)).unwrap_or("no name"));
        if let Some(until) = certificate.not_after {
            words += &format!(", until {}", until.0.date());
        }
    }
    match file.private_key {
        KeyWord::Absent => {}
        KeyWord::Fits => words += ", with its key",
        KeyWord::DoesNotFit => words += ", with a key of another certificate",
    }
    words
}

/// What a file holds, in full.
fn in_full(page: &mut Page, file: &FileReport, certificates: &Certificates<'_>) {
    let mut parts = Vec::new();
    if let Some(certificate) = file.certificate.as_deref().and_then(|own| certificates.get(own)) {
        let names = certificate.subject_alternative_names.as_deref().unwrap_or_default().join(" ");
        parts.push(("names", names));
        parts.push(("issuer", certificate.issuer.clone().unwrap_or_default()));
        parts.push(("thumbprint", certificate.thumbprint_sha1.clone()));
    }
    if let Some(provider) = &file.provider {
        parts.push(("provider", provider.clone()));
    }
    parts.extend(
        file.others
            .iter()
            .filter_map(|other| certificates.get(other.as_str()))
            .map(|other| ("also", other.subject.clone().unwrap_or_default())),
    );
    for (label, words) in parts.iter().filter(|(_, words)| !words.is_empty()) {
        page.labelled(8, label, Ink::Quiet, 20, words);
    }
}
