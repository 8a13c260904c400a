//! Certificates, each once with where it was seen, drawn from root to leaf.

use std::collections::HashMap;

use maud::{Markup, html};

use super::areas::Mark;
use super::forest::{Node, What, forest, is_root};
use super::words::{badge, date, left_out, section, value};
use super::{MOST, Source, bars};
use crate::report::calendar::{EndReport, common_name};
use crate::report::certificate::CertificateReport;

/// How many names, and how many places, are told of one.
const FEW: usize = 12;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let certificates = &source.report().certificates;
    if certificates.is_empty() {
        return html! {};
    }
    let ends: HashMap<&str, &EndReport> =
        source.report().calendar.iter().filter_map(|end| Some((end.fingerprint.as_deref()?, end))).collect();
    let content = html! {
        p.muted { "Each once, below the one that issued it; open one for its names, key and places." }
        ul.forest { @for node in forest(&source.view, MOST) { (drawn(source, &node, &ends)) } }
        (left_out(certificates.len().saturating_sub(MOST), "certificate"))
    };
    section("certificates", "Certificates", content)
}

fn drawn(source: &Source<'_>, node: &Node<'_>, ends: &HashMap<&str, &EndReport>) -> Markup {
    html! {
        li {
            @match &node.what {
                What::Missing(name) => p.missing { (badge(Mark::Open, "not seen")) " " (value(name)) },
                What::Shown(certificate) => {
                    (told(source, certificate, ends.get(certificate.fingerprint_sha256.as_str()).copied()))
                },
            }
            @if !node.below.is_empty() { ul { @for one in &node.below { (drawn(source, one, ends)) } } }
        }
    }
}

fn told(source: &Source<'_>, certificate: &CertificateReport, end: Option<&EndReport>) -> Markup {
    let report = source.report();
    let name = match certificate.subject.as_deref() {
        Some(subject) if !subject.is_empty() => common_name(subject),
        Some(_) => "no subject",
        None => "unreadable",
    };
    let mark = end.map_or(Mark::None, |end| bars::mark(source, end));
    let used_for = match end {
        _ if is_root(report, certificate) => "root".to_owned(),
        Some(end) => end.used_for.replace('-', " "),
        None => String::new(),
    };
    html! {
        details.certificate {
            summary {
                span.name { (value(name)) }
                @if !used_for.is_empty() { " " span.use { (value(&used_for)) } }
                @if let Some(ends) = certificate.not_after {
                    " " span class={ "ends " (mark.class()) } {
                        @match end { Some(end) if end.days < 0 => "ended ", _ => "ends " }
                        (date(ends))
                    }
                }
                @if let Some(end) = end.filter(|end| !end.systems.is_empty()) {
                    " " span.seen { (value(&short(&end.systems))) }
                }
            }
            dl {
                @for (label, text) in [("Subject", &certificate.subject), ("Issuer", &certificate.issuer)] {
                    @if let Some(text) = text { div { dt { (label) } dd { (value(text)) } } }
                }
                @if let Some(names) = &certificate.subject_alternative_names {
                    div { dt { "Names" } dd { (value(&short(names))) } }
                }
                @if let (Some(from), Some(to)) = (certificate.not_before, certificate.not_after) {
                    div { dt { "Valid" } dd { (date(from)) " to " (date(to)) } }
                }
                @if let Some(key) = &certificate.public_key {
                    div { dt { "Key" } dd {
                        (value(&key.algorithm)) ", " (key.bits) " bits"
                        @if let Some(signature) = &certificate.signature_algorithm { ", signed with " (value(signature)) }
                    } }
                }
                @if let Some(why) = &certificate.unreadable { div { dt { "Unreadable" } dd { (value(why)) } } }
                @if let Some(serial) = &certificate.serial { div { dt { "Serial" } dd { code { (value(serial)) } } } }
                div { dt { "Thumbprint" } dd { code { (value(&certificate.thumbprint_sha1)) } } }
                @if let Some(end) = end.filter(|end| !end.places.is_empty()) {
                    div { dt { "Seen" } @for place in end.places.iter().take(FEW) { dd { (value(place)) } }
                        @if end.places.len() > FEW { dd.muted { "and at " (end.places.len() - FEW) " more" } } }
                }
            }
        }
    }
}

/// The first of several, and how many more.
fn short(all: &[String]) -> String {
    let told = all.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    if all.len() > FEW { format!("{told} and {} more", all.len() - FEW) } else { told }
}
