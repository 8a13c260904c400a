//! Certificates as they stand below one another: each once, below the one that issued it. Who issued it is taken from the
//! order in which it was sent, else from the names; whether that holds is what requirements say.

use std::collections::{HashMap, HashSet};

use crate::report::certificate::CertificateReport;
use crate::report::circumstances::DeclaredAs;
use crate::report::document::Report;
use crate::report::view::View;

/// How deep a drawing goes.
const DEEPEST: usize = 8;

/// A certificate, or an issuer nobody showed, with what stands below.
pub(super) struct Node<'a> {
    pub(super) what: What<'a>,
    pub(super) below: Vec<Node<'a>>,
}

/// What stands there.
pub(super) enum What<'a> {
    /// A certificate.
    Shown(&'a CertificateReport),
    /// An issuer that was not seen, by its name.
    Missing(&'a str),
}

/// Every certificate, below its issuer; those with the most below first.
pub(super) fn forest<'a>(view: &View<'a>, most: usize) -> Vec<Node<'a>> {
    let report = view.report;
    let told: Vec<&CertificateReport> = report.certificates.iter().map(|one| &**one).take(most).collect();
    let issuers = issuers(view, &told);
    let mut below: HashMap<&str, Vec<&'a CertificateReport>> = HashMap::new();
    let mut missing: Vec<(&'a str, Vec<&'a CertificateReport>)> = Vec::new();
    let mut roots: Vec<&'a CertificateReport> = Vec::new();
    for one in told {
        match issuers.get(one.fingerprint_sha256.as_str()) {
            Some(Issuer::Certificate(print)) => below.entry(*print).or_default().push(one),
            Some(Issuer::Missing(name)) => match missing.iter_mut().find(|(known, _)| known == name) {
                Some((_, issued)) => issued.push(one),
                None => missing.push((*name, vec![one])),
            },
            None => roots.push(one),
        }
    }
    let mut drawn = HashSet::new();
    let mut nodes: Vec<Node<'a>> = roots.into_iter().map(|one| node(one, &below, &mut drawn, DEEPEST)).collect();
    for (name, issued) in missing {
        let below = issued.into_iter().map(|one| node(one, &below, &mut drawn, DEEPEST)).collect();
        nodes.push(Node { what: What::Missing(name), below });
    }
    // What stands in a circle, or deeper than is drawn, stands for itself.
    let mut left: Vec<&CertificateReport> = below.values().flatten().copied().collect();
    left.retain(|one| !drawn.contains(one.fingerprint_sha256.as_str()));
    left.sort_by_key(|one| &one.fingerprint_sha256);
    nodes.extend(left.into_iter().map(|one| Node { what: What::Shown(one), below: Vec::new() }));
    nodes
}

fn node<'a>(
    one: &'a CertificateReport,
    below: &HashMap<&str, Vec<&'a CertificateReport>>,
    drawn: &mut HashSet<&'a str>,
    depth: usize,
) -> Node<'a> {
    drawn.insert(&one.fingerprint_sha256);
    let issued = below.get(one.fingerprint_sha256.as_str()).filter(|_| depth > 1);
    let issued: Vec<&CertificateReport> = issued.into_iter().flatten().copied().collect();
    let below = issued.into_iter().map(|one| node(one, below, drawn, depth - 1)).collect();
    Node { what: What::Shown(one), below }
}

/// Who issued a certificate.
enum Issuer<'a> {
    Certificate(&'a str),
    Missing(&'a str),
}

/// Who issued each; those that issued themselves, or say nothing, have no entry.
fn issuers<'a>(view: &View<'a>, told: &[&'a CertificateReport]) -> HashMap<&'a str, Issuer<'a>> {
    let report = view.report;
    let known: HashSet<&str> = told.iter().map(|one| one.fingerprint_sha256.as_str()).collect();
    let sent = sent(report, view);
    let mut by_subject: HashMap<&str, &CertificateReport> = HashMap::new();
    let mut ranked: Vec<&CertificateReport> = told.to_vec();
    ranked.sort_by_key(|one| !is_root(report, one));
    for one in ranked {
        if let Some(subject) = one.subject.as_deref().filter(|subject| !subject.is_empty()) {
            by_subject.entry(subject).or_insert(one);
        }
    }
    let mut issuers = HashMap::new();
    for one in told {
        let print = one.fingerprint_sha256.as_str();
        let Some(issuer) = one.issuer.as_deref().filter(|issuer| Some(*issuer) != one.subject.as_deref()) else {
            continue;
        };
        let by_order = sent.get(print).copied().filter(|issuer| known.contains(issuer));
        let by_name = by_subject.get(issuer).map(|one| one.fingerprint_sha256.as_str());
        let found = by_order.or(by_name).filter(|found| *found != print);
        issuers.insert(print, found.map_or(Issuer::Missing(issuer), Issuer::Certificate));
    }
    issuers
}

/// Which certificate was sent behind which, where it has the issuer's name.
fn sent<'a>(report: &'a Report, view: &View<'a>) -> HashMap<&'a str, &'a str> {
    let chains = report.endpoints.iter().map(|endpoint| endpoint.received_certificate_chain.iter().collect::<Vec<_>>());
    let files = report.files.iter().map(|file| file.certificate.iter().chain(&file.others).collect::<Vec<_>>());
    let mut sent = HashMap::new();
    for chain in chains.chain(files) {
        for pair in chain.windows(2) {
            let [one, next] = pair else { continue };
            if let (Some(below), Some(above)) = (view.certificate(one), view.certificate(next))
                && below.issuer == above.subject
            {
                sent.entry(one.as_str()).or_insert(next.as_str());
            }
        }
    }
    sent
}

/// Whether a certificate was declared as a root.
pub(super) fn is_root(report: &Report, certificate: &CertificateReport) -> bool {
    report.circumstances.authorities.iter().any(|authority| {
        authority.declared_as != DeclaredAs::Intermediate
            && authority.fingerprint_sha256 == certificate.fingerprint_sha256
    })
}
