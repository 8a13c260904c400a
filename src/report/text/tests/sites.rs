//! Reports of small and of large sites in trouble, made from the small result in `testdata/reports`.

use std::sync::Arc;

use time::Duration;

use crate::judgement::tally::FailCounts;
use crate::report::certificate::CertificateReport;
use crate::report::diagnosis::{ConsequencesReport, CulpritReport, CulpritWord, DiagnosisReport, SymptomReport};
use crate::report::document::{Parts, Report};
use crate::report::endpoint::EndpointReport;
use crate::report::finding::FindingReport;
use crate::report::waived::WaivedReport;
use crate::verdict::severity::Severity;

/// The small result of `testdata/reports`.
pub(super) fn two_systems() -> Report {
    let report: Report = serde_json::from_str(include_str!("../../../../testdata/reports/two-systems.json")).unwrap();
    put_together(report)
}

fn put_together(report: Report) -> Report {
    let Report { run, circumstances, diagnoses, endpoints, files, certificates, lists, findings, .. } = report;
    Report::of(run, Parts { circumstances, endpoints, files, certificates, lists, findings, diagnoses })
}

/// A site of distribution points, made step by step.
pub(super) struct Site {
    report: Report,
}

impl Site {
    /// So many distribution points at one vantage, each with a certificate of its own.
    pub(super) fn of(count: usize) -> Self {
        let mut report = two_systems();
        let template = report.endpoints.remove(0);
        let leaf = report.certificates.remove(0);
        report.endpoints.clear();
        report.findings.clear();
        report.diagnoses.clear();
        report.circumstances.vantages.truncate(1);
        for nth in 1..=count {
            let (endpoint, certificate) = distribution_point(&template, &leaf, nth);
            report.endpoints.push(endpoint);
            report.certificates.push(Arc::new(certificate));
        }
        let summary = &mut report.run.summary;
        (summary.endpoints, summary.pass, summary.unknown, summary.exit_code) = (count, count * 40, 0, 0);
        summary.fail = FailCounts::default();
        summary.first = None;
        Self { report }
    }

    /// Something is wrong: its findings, and what they add up to.
    pub(super) fn diagnose(&mut self, diagnosis: DiagnosisReport) {
        let summary = &mut self.report.run.summary;
        summary.fail.count(diagnosis.severity, diagnosis.findings);
        summary.unknown += diagnosis.consequences.unknown;
        summary.exit_code = u8::from(summary.fail.error > 0);
        for place in &diagnosis.places {
            self.report.findings.push(finding(&diagnosis, place));
        }
        self.report.diagnoses.push(diagnosis);
    }

    pub(super) fn report(self) -> Report {
        put_together(self.report)
    }

    fn ids(&self) -> Vec<String> {
        self.report.endpoints.iter().map(|endpoint| endpoint.id.clone()).collect()
    }

    /// No endpoint came further than this.
    fn stopped(&mut self, status: &'static str, has_address: bool) {
        for endpoint in &mut self.report.endpoints {
            endpoint.probe_status = status.into();
            endpoint.tls_version = None;
            endpoint.received_certificate_chain.clear();
            if !has_address {
                endpoint.id = endpoint.target().to_owned();
                endpoint.address = None;
            }
        }
        self.report.certificates.clear();
        self.report.lists.clear();
    }
}

fn distribution_point(
    template: &EndpointReport,
    leaf: &CertificateReport,
    nth: usize,
) -> (EndpointReport, CertificateReport) {
    let system = format!("DP{nth:02}");
    let name = format!("dp{nth:02}.corp.contoso.com");
    let address = format!("10.1.0.{nth}:443");
    let mut endpoint = template.clone();
    endpoint.id = format!("{system}/distribution-point/{name}/intranet/{address}");
    endpoint.role = Some(serde_json::from_value("distribution-point".into()).unwrap());
    endpoint.vantage = "intranet".to_owned();
    endpoint.address = Some(address.parse().unwrap());
    let mut certificate = leaf.clone();
    certificate.fingerprint_sha256 = format!("{nth:064x}");
    certificate.subject = Some(format!("CN={name}"));
    certificate.subject_alternative_names = Some(vec![format!("dns:{name}")]);
    // Five are issued each day.
    certificate.not_after = certificate.not_after.map(|ends| (ends.0 + Duration::days(nth.div_ceil(5) as i64)).into());
    endpoint.received_certificate_chain[0].clone_from(&certificate.fingerprint_sha256);
    (endpoint.system, endpoint.name) = (system, name);
    (endpoint, certificate)
}

fn finding(diagnosis: &DiagnosisReport, place: &str) -> FindingReport {
    let mut finding = two_systems().findings.remove(0);
    finding.requirement = diagnosis.requirements[0].clone().into();
    finding.severity = diagnosis.severity;
    finding.endpoint = place.to_owned();
    finding.message = diagnosis.title.clone().into();
    finding.expected.clone_from(&diagnosis.expected);
    finding.observed.clone_from(&diagnosis.observed);
    finding.diagnosis = Some(diagnosis.id.clone());
    finding.cause_id = Some(diagnosis.cause.clone().into());
    finding.culprit = Some(diagnosis.culprit.clone());
    finding.remedy = Some(diagnosis.remedy.clone().into());
    finding
}

/// Makers of diagnoses.
pub(super) struct Diagnosis;

impl Diagnosis {
    fn of(
        cause: &str,
        culprit: (CulpritWord, &str),
        sentences: (&str, &str, &str),
        requirement: &str,
        places: Vec<String>,
        unknown: usize,
    ) -> DiagnosisReport {
        let culprit = CulpritReport { kind: culprit.0, name: culprit.1.to_owned(), fingerprint_sha256: None };
        DiagnosisReport {
            id: DiagnosisReport::id(cause, &culprit),
            cause: cause.to_owned(),
            culprit,
            severity: Severity::Error,
            title: sentences.0.to_owned(),
            words: sentences.1.to_owned(),
            expected: vec!["what would be right".to_owned()],
            observed: vec!["what was seen".to_owned(), "and a little more that was seen".to_owned()],
            remedy: sentences.2.to_owned(),
            symptom: vec![SymptomReport {
                client: Some(
                    "LocationServices.log, CcmMessaging.log, ccmsetup.log: \
                     WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA (0x8), then Code=12175; also 12045 (0x80072F0D), \
                     0x800B0109; System event log: Schannel 36882."
                        .to_owned(),
                ),
                server: Some("System event log, source Schannel: 36889.".to_owned()),
                also: None,
            }],
            requirements: vec![requirement.to_owned()],
            place_count: places.len(),
            systems: 0,
            findings: places.len(),
            places,
            consequences: ConsequencesReport { fail: FailCounts::default(), unknown },
            first_end: None,
            last_end: None,
            waived: None,
            follows: None,
        }
    }

    /// One of them refuses connections.
    pub(super) fn refused(site: &Site, nth: usize) -> DiagnosisReport {
        let endpoint = &site.report.endpoints[nth - 1];
        let address = endpoint.address.unwrap().to_string();
        Self::of(
            "nothing-listens",
            (CulpritWord::Address, &address),
            (
                &format!("{address} refuses connections"),
                "Nothing listens at this port.",
                "Start W3SVC on the server and see that the web site has an https binding at this port. \
                 `netsh http show sslcert` and `netstat -ano` show it; the client request ports of the site are the other \
                 side.",
            ),
            "reachability/connects",
            vec![endpoint.id.clone()],
            37,
        )
    }
}

pub(super) fn all_refused() -> Report {
    let mut site = Site::of(30);
    site.stopped("connection-refused", true);
    for nth in 1..=30 {
        site.diagnose(Diagnosis::refused(&site, nth));
    }
    site.report()
}

pub(super) fn root_missing() -> Report {
    let mut site = Site::of(30);
    let mut diagnosis = Diagnosis::of(
        "root-not-declared",
        (CulpritWord::Definition, "trust.roots"),
        (
            "The definition does not name the root the site's certificates chain to, CN=Contoso Root CA",
            "The root that was met is not among those the definition names.",
            "Name the root in [trust] roots, once its thumbprint is confirmed by another way than this site. Export it on \
             the authority: `certutil -ca.cert root.cer`. Where the root is not yours, see who put it there.",
        ),
        "chain/leads-to-site-root",
        site.ids(),
        60,
    );
    diagnosis.requirements.extend(["deployment/root-specified", "client/leads-to-root"].map(str::to_owned));
    site.diagnose(diagnosis);
    site.report()
}

pub(super) fn authority_ended() -> Report {
    let mut site = Site::of(30);
    let places = site.ids();
    site.diagnose(Diagnosis::of(
        "authority-ended",
        (CulpritWord::Authority, "CN=Contoso Issuing CA, DC=contoso, DC=com"),
        (
            "Contoso Issuing CA ended on 2026-11-01, 25 days ago",
            "The authority's own certificate has ended.",
            "Renew the authority's certificate with the same key. In certsrv.msc: All Tasks, Renew CA Certificate; then \
             publish it and issue what it issued again.",
        ),
        "chain/validity",
        places,
        30,
    ));
    site.report()
}

pub(super) fn list_server_dead() -> Report {
    let mut site = Site::of(30);
    for url in ["http://pki.contoso.com/i1.crl", "http://pki.contoso.com/root.crl"] {
        let places = site.ids();
        site.diagnose(Diagnosis::of(
            "list-server-refuses",
            (CulpritWord::Url, url),
            (
                &format!("{url} cannot be had"),
                "The list cannot be had from its URL.",
                "Start the web site that serves the lists on pki.contoso.com. Test it as LocalSystem: `certutil -verify \
                 -urlfetch C.cer`.",
            ),
            "revocation/reachable",
            places,
            90,
        ));
    }
    site.report()
}

pub(super) fn resolver_down() -> Report {
    let mut site = Site::of(30);
    site.stopped("resolve-error", false);
    for server in ["10.1.0.10:53", "10.1.0.11:53"] {
        let places = site.ids();
        site.diagnose(Diagnosis::of(
            "name-server-silent",
            (CulpritWord::Resolver, &format!("{server} of vantage intranet")),
            (
                &format!("{server} does not answer"),
                "The name server does not answer from here.",
                "See that the vantage's `dns` is right and that port 53 is open for UDP and TCP. Do not publish anything.",
            ),
            "reachability/name-resolves",
            places,
            600,
        ));
    }
    site.report()
}

pub(super) fn healthy() -> Report {
    Site::of(30).report()
}

pub(super) fn one_fault() -> Report {
    let mut report = two_systems();
    report.findings.truncate(1);
    report.diagnoses.truncate(1);
    report.diagnoses[0].remedy = "Request a certificate with both names, each an entry of its own, and bind it on MP01. \
        `cmprobe request` writes the request; `certreq -new` makes it. Then in IIS Manager: Sites, the web site, Bindings, \
        https, Edit, and choose the new certificate; `netsh http show sslcert` proves it. From IIS 8.5 on, Enable Automatic \
        Rebind of Renewed Certificate saves that step."
        .to_owned();
    report.diagnoses[0].consequences.unknown = 37;
    report.run.summary.fail.warning = 0;
    report.run.summary.unknown = 37;
    put_together(report)
}

/// Nothing fails, but no client certificate was given.
pub(super) fn open_only() -> Report {
    let mut site = Site::of(30);
    for place in site.ids() {
        let mut finding = two_systems().findings.remove(1);
        finding.endpoint = place;
        site.report.findings.push(finding);
    }
    site.report.run.summary.unknown = 30;
    site.report.run.summary.exit_code = 3;
    site.report()
}

/// An endpoint given on the command line, without definition or site code.
pub(super) fn by_hand() -> Report {
    let mut report = two_systems();
    report.endpoints.truncate(1);
    report.findings.clear();
    report.diagnoses.clear();
    report.circumstances = crate::report::circumstances::Circumstances::default();
    report.run.site.code = None;
    report.run.site.name = "endpoints given on the command line".to_owned();
    let endpoint = &mut report.endpoints[0];
    endpoint.role = None;
    endpoint.system.clone_from(&endpoint.name);
    endpoint.vantage = "here".to_owned();
    endpoint.id = "mp.contoso.com/endpoint/mp.contoso.com:443/here/203.0.113.10:443".to_owned();
    let summary = &mut report.run.summary;
    (summary.endpoints, summary.pass, summary.unknown, summary.exit_code) = (1, 27, 0, 0);
    summary.fail = FailCounts::default();
    put_together(report)
}

/// Nothing was given, and nothing found.
pub(super) fn nothing() -> Report {
    let mut report = by_hand();
    report.endpoints.clear();
    report.certificates.clear();
    report.lists.clear();
    let summary = &mut report.run.summary;
    (summary.endpoints, summary.pass, summary.not_applicable) = (0, 0, 0);
    put_together(report)
}

/// Names of two columns a letter, names as long as DNS has them, text that would write to the terminal.
pub(super) fn long_names() -> Report {
    let mut site = Site::of(4);
    let systems = ["\u{914d}\u{5e03}\u{70b9}\u{4e00}\u{53f7}\u{670d}\u{52a1}", "DISTRIBUTION-01", "e\u{301}X", "D"];
    for (endpoint, system) in site.report.endpoints.iter_mut().zip(systems) {
        endpoint.name = format!("{}.{}.corp.contoso.com", "a".repeat(63), "b".repeat(63));
        endpoint.system = system.to_owned();
        endpoint.vantage = format!("vantage-{system}");
        endpoint.id = format!("{system}/distribution-point/{}/intranet/10.1.0.1:443", endpoint.name);
    }
    for nth in [1, 2, 3] {
        let mut diagnosis = Diagnosis::refused(&site, nth);
        diagnosis.cause = format!("cause-{nth}");
        diagnosis.id = format!("{nth:016x}");
        diagnosis.observed = vec!["CN=\u{1b}[2J\u{7}\u{202e}evil\r\n".to_owned()];
        site.diagnose(diagnosis);
    }
    site.report()
}

/// Every finding and diagnosis is accepted.
pub(super) fn waive(report: &mut Report, reason: &str) {
    let waived = Some(WaivedReport { reason: reason.to_owned(), until: None });
    report.diagnoses.iter_mut().for_each(|diagnosis| diagnosis.waived.clone_from(&waived));
    report.findings.iter_mut().for_each(|finding| finding.waived.clone_from(&waived));
    let summary = &mut report.run.summary;
    (summary.waived, summary.exit_code) = (summary.fail.error, 0);
    summary.fail = FailCounts::default();
}
