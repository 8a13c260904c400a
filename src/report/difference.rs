//! What changed between two reports: findings, certificates, addresses, sessions. Compared by stable ids without
//! addresses, so that a moved address shows as just that, and by what a certificate is, not by when it was seen.

mod both;
mod certificates;
mod diagnoses;
mod sameness;
mod text;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use super::change::{
    CertificateChange, Change, DiagnosisChange, Difference, FindingChange, FindingSide, GroundsChange, SCHEMA_VERSION,
    SessionChange,
};
use super::document::Report;
use super::endpoint::EndpointReport;
use super::finding::{FindingReport, VerdictWord};
use super::page::{Page, WIDTH};
use super::tool::Tool;
use crate::plan::OfferLabel;
use crate::verdict::severity::Severity;
use both::Both;
use sameness::essence;

impl Difference {
    /// Compares two reports.
    pub fn between(before: &Report, after: &Report) -> Self {
        let (old, new) = (targets(before), targets(after));
        let certificates = (before.certificates_by_fingerprint(), after.certificates_by_fingerprint());
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        let mut difference = Self {
            schema_version: SCHEMA_VERSION.into(),
            tool: Tool::THIS,
            before: before.run.judged_at,
            after: after.run.judged_at,
            grounds: grounds(before, after),
            new_diagnoses: Vec::new(),
            gone_diagnoses: Vec::new(),
            changed_diagnoses: Vec::new(),
            new_findings: Vec::new(),
            gone_findings: Vec::new(),
            changed_findings: Vec::new(),
            new_targets: Vec::new(),
            gone_targets: Vec::new(),
            certificates: Vec::new(),
            addresses: Vec::new(),
            reachability: Vec::new(),
            sessions: Vec::new(),
            not_compared: Vec::new(),
        };
        let both = Both::of(before, after);
        let mut changes = certificates::Changes::default();
        for name in names {
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => {
                    difference.compare(name, old, new, &both);
                    changes.compare(name, (old, &certificates.0), (new, &certificates.1));
                }
                (None, Some(_)) | (Some(_), None) if both.leaves_out(name) => {
                    difference.not_compared.push(name.to_owned());
                }
                (None, Some(_)) => difference.new_targets.push(name.to_owned()),
                (Some(_), None) => difference.gone_targets.push(name.to_owned()),
                (None, None) => {}
            }
        }
        difference.certificates = changes.into_all();
        diagnoses::compare(&mut difference, before, after, &both);
        difference.compare_findings(before, after, &both);
        difference
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.grounds.is_empty()
            && self.new_diagnoses.is_empty()
            && self.gone_diagnoses.is_empty()
            && self.changed_diagnoses.is_empty()
            && self.new_findings.is_empty()
            && self.gone_findings.is_empty()
            && self.changed_findings.is_empty()
            && self.new_targets.is_empty()
            && self.gone_targets.is_empty()
            && self.certificates.is_empty()
            && self.addresses.is_empty()
            && self.reachability.is_empty()
            && self.sessions.is_empty()
    }

    /// As text, in colour or not: what a change ticket can hold. No line has more than so many columns; `None`: 80.
    pub fn render(&self, color: bool, width: Option<usize>) -> String {
        text::render(self, color, width.unwrap_or(WIDTH))
    }

    /// Writes it onto a page of another report.
    pub(super) fn write(&self, page: &mut Page) {
        let mut own = page.another().breaking();
        text::write(&mut own, self);
        page.append_directly(&own);
    }

    fn compare(&mut self, target: &str, old: &[&EndpointReport], new: &[&EndpointReport], both: &Both<'_>) {
        let target = || target.to_owned();
        let (addresses, addresses_now) =
            (values(old, EndpointReport::stands_at), values(new, EndpointReport::stands_at));
        if addresses != addresses_now {
            self.addresses.push(Change { target: target(), before: addresses, after: addresses_now });
        }
        let states = values(old, |one| Some(one.probe_status.to_string()));
        let states_now = values(new, |one| Some(one.probe_status.to_string()));
        if states != states_now {
            self.reachability.push(Change { target: target(), before: states, after: states_now });
        }
        // Where nobody answers any more, everything about sessions is gone too: that is said once.
        if new.iter().all(|one| one.tls_version.is_none()) || old.iter().all(|one| one.tls_version.is_none()) {
            return;
        }
        type Read = fn(&EndpointReport) -> Vec<String>;
        let told: [(&str, &str, Read); 6] = [
            ("", "protocol", |one| one.tls_version.iter().cloned().collect()),
            ("", "cipher", |one| one.cipher.iter().cloned().collect()),
            ("", "key exchange", |one| one.key_exchange_group.iter().cloned().collect()),
            ("session/old-versions", "versions accepted", versions_accepted),
            ("client-authentication/", "client certificate", |one| {
                one.client_certificate_request.iter().map(|request| request.when.name().to_owned()).collect()
            }),
            ("client-authentication/", "accepted issuers", |one| {
                one.client_certificate_request.iter().flat_map(|request| request.accepted_issuers.clone()).collect()
            }),
        ];
        for (_, what, read) in told.into_iter().filter(|(by, ..)| by.is_empty() || both.asks(by)) {
            let side = |endpoints: &[&EndpointReport]| -> Vec<String> {
                let all: BTreeSet<String> = endpoints.iter().flat_map(|one| read(one)).collect();
                all.into_iter().collect()
            };
            let (before, after) = (side(old), side(new));
            if before != after {
                self.sessions.push(SessionChange { target: target(), what: what.into(), before, after });
            }
        }
    }

    fn compare_findings(&mut self, before: &Report, after: &Report, both: &Both<'_>) {
        let (old, new) = (findings(before), findings(after));
        let keys: BTreeSet<&(String, String)> = old.keys().chain(new.keys()).collect();
        let keys = keys.into_iter().filter(|(about, requirement)| both.compares(about) && both.decides(requirement));
        for key in keys {
            let empty = BTreeMap::new();
            let (was, is) = (old.get(key).unwrap_or(&empty), new.get(key).unwrap_or(&empty));
            let mut gone = was.iter().filter(|(key, _)| !is.contains_key(key)).map(|(_, found)| found).peekable();
            let mut come = is.iter().filter(|(key, _)| !was.contains_key(key)).map(|(_, found)| found).peekable();
            let (about, requirement) = key;
            let change =
                |severity: &Severity, before: Option<&FindingSide>, after: Option<&FindingSide>| FindingChange {
                    requirement: requirement.clone(),
                    about: about.clone(),
                    severity: *severity,
                    before: before.cloned(),
                    after: after.cloned(),
                };
            while gone.peek().is_some() || come.peek().is_some() {
                match (gone.next(), come.next()) {
                    (Some((was, _)), Some((is, severity))) => {
                        self.changed_findings.push(change(severity, Some(was), Some(is)));
                    }
                    (Some((was, severity)), None) => self.gone_findings.push(change(severity, Some(was), None)),
                    (None, Some((is, severity))) => self.new_findings.push(change(severity, None, Some(is))),
                    (None, None) => {}
                }
            }
        }
    }
}

/// In what the two differ before anything is compared.
fn grounds(before: &Report, after: &Report) -> Vec<GroundsChange> {
    let code = |report: &Report| report.run.site.code.clone().unwrap_or_else(|| "one without a code".into());
    let profile = |report: &Report| report.run.site.profile.name().to_owned();
    let both = [("site", code(before), code(after)), ("profile", profile(before), profile(after))];
    // Codes are the same in any case, as the console takes them.
    let differ = both.into_iter().filter(|(_, before, after)| !before.eq_ignore_ascii_case(after));
    differ.map(|(what, before, after)| GroundsChange { what: what.into(), before, after }).collect()
}

/// Endpoints by target.
fn targets(report: &Report) -> BTreeMap<&str, Vec<&EndpointReport>> {
    let mut targets: BTreeMap<&str, Vec<&EndpointReport>> = BTreeMap::new();
    for endpoint in &report.endpoints {
        targets.entry(endpoint.target()).or_default().push(endpoint);
    }
    targets
}

/// One value of each endpoint, sorted, each once.
fn values(endpoints: &[&EndpointReport], read: impl Fn(&EndpointReport) -> Option<String>) -> Vec<String> {
    let all: BTreeSet<String> = endpoints.iter().filter_map(|one| read(one)).collect();
    all.into_iter().collect()
}

/// The versions that were accepted when offered alone.
fn versions_accepted(endpoint: &EndpointReport) -> Vec<String> {
    let is_alone = |offer: &OfferLabel| offer.name().starts_with("only-");
    let is_accepted = |status: &str, offers: &[OfferLabel]| status == "success" && offers.iter().any(is_alone);
    let handshakes = endpoint.handshakes.iter().filter(|one| is_accepted(&one.probe_status, &one.offers));
    let probes = endpoint.probes.iter().filter(|one| is_accepted(&one.probe_status, &one.offers));
    let versions = handshakes.map(|one| &one.tls_version).chain(probes.map(|probe| &probe.tls_version));
    versions.flatten().cloned().collect()
}

/// Findings worth listing, by what they are about and requirement, then by what makes them the same; the same at several
/// addresses counts once.
type Findings = BTreeMap<(String, String), BTreeMap<FindingSide, (FindingSide, Severity)>>;

fn findings(report: &Report) -> Findings {
    let targets: BTreeMap<&str, &str> =
        report.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint.target())).collect();
    let mut addresses: BTreeMap<&str, HashSet<String>> = BTreeMap::new();
    for endpoint in &report.endpoints {
        if let Some(address) = endpoint.address {
            let known = addresses.entry(endpoint.target()).or_default();
            known.extend([address.to_string(), address.ip().to_string()]);
        }
    }
    let nothing = HashSet::new();
    let mut found = Findings::new();
    for finding in &report.findings {
        if let Some(side) = side(finding) {
            let about = targets.get(finding.endpoint.as_str()).copied().unwrap_or(&finding.endpoint);
            let own = addresses.get(about).unwrap_or(&nothing);
            let key = FindingSide {
                message: essence(&side.message, own),
                observed: side.observed.iter().map(|words| essence(words, own)).collect(),
                // What a diagnosis is told as may change with the certificate it is about.
                diagnosis: None,
                ..side.clone()
            };
            found
                .entry((about.to_owned(), finding.requirement.to_string()))
                .or_default()
                .entry(key)
                .or_insert((side, finding.severity));
        }
    }
    found
}

fn side(finding: &FindingReport) -> Option<FindingSide> {
    let verdict = match finding.verdict {
        VerdictWord::Fail => "fail",
        // What a diagnosis leaves undecided comes and goes with it.
        VerdictWord::Unknown if finding.diagnosis.is_some() => return None,
        VerdictWord::Unknown => "unknown",
        VerdictWord::Pass | VerdictWord::NotApplicable => return None,
    };
    Some(FindingSide {
        verdict: verdict.into(),
        message: finding.message.to_string(),
        observed: finding.observed.clone(),
        waived: finding.waived.as_ref().map(|waived| waived.reason.clone()),
        diagnosis: finding.diagnosis.clone(),
    })
}
