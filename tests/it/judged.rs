//! What the program concluded, for the modules that check real servers with it.

use std::collections::BTreeSet;

use cmprobe::report::document::Report;
use cmprobe::report::finding::{FindingReport, VerdictWord};

use crate::program;

/// The time at which everything the lab mints is valid.
pub(crate) const AT: &str = "2026-02-01";

/// A report, with questions tests ask.
pub(crate) struct Judged(pub(crate) Report);

/// Runs `check` over a definition and reads its whole report.
pub(crate) fn check(definition: &str, further: &[&str]) -> Judged {
    read(&[&["check", definition, "--revocation", "off"], further].concat())
}

/// Runs a command that reports.
pub(crate) fn read(arguments: &[&str]) -> Judged {
    let common = ["--at", AT, "--format", "json", "--show", "all", "--quiet"];
    let (out, complaints, code) = program::run(&[arguments, &common].concat());
    match serde_json::from_str(&out) {
        Ok(report) => Judged(report),
        Err(error) => panic!("no report ({error}), exit {code}: {complaints}"),
    }
}

impl Judged {
    /// The failures, waived or not, of a severity or any: requirement and subject.
    ///
    /// Without what is so of every one of Debian's servers: they speak nothing that Windows XP does; and of every one of
    /// these definitions: they name no certificate that a management point is monitored with.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &FindingReport> {
        let everywhere = ["session/reaches-old-clients", "monitoring/present"];
        let is_particular = move |one: &&FindingReport| !everywhere.contains(&one.requirement.as_ref());
        self.0.findings.iter().filter(|one| one.verdict == VerdictWord::Fail).filter(is_particular)
    }

    /// The requirements that fail at subjects whose id begins so.
    pub(crate) fn failing(&self, subject: &str) -> BTreeSet<&str> {
        self.failures().filter(|one| one.endpoint.starts_with(subject)).map(|one| one.requirement.as_ref()).collect()
    }

    /// The one finding of a requirement at a subject whose id begins so.
    pub(crate) fn finding(&self, requirement: &str, subject: &str) -> &FindingReport {
        let mut found =
            self.0.findings.iter().filter(|one| one.requirement == requirement && one.endpoint.starts_with(subject));
        match (found.next(), found.next()) {
            (Some(one), None) => one,
            (None, _) => panic!("no finding of {requirement} at {subject}"),
            (Some(one), Some(other)) => panic!("two findings of {requirement}: {one:?}, {other:?}"),
        }
    }

    /// Asserts that nothing fails, at no severity.
    pub(crate) fn nothing_fails(&self) {
        let failures: Vec<&FindingReport> = self.failures().filter(|one| !self.is_of_newest(one)).collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }

    /// Whether a failure is what a server of these tests loses by speaking TLS 1.3: the Windows of 2007, where it speaks
    /// nothing older beside it, and the way to ask for a certificate before the request.
    fn is_of_newest(&self, failure: &FindingReport) -> bool {
        let Some(at) = self.0.endpoints.iter().find(|one| one.id == failure.endpoint) else { return false };
        let is_newest = |version: &Option<String>| version.as_deref().is_none_or(|version| version == "TLSv1.3");
        match failure.requirement.as_ref() {
            "session/reaches-clients" => {
                at.tls_version.is_some() && at.handshakes.iter().all(|one| is_newest(&one.tls_version))
            }
            "client-authentication/late-request" => at.tls_version.as_deref() == Some("TLSv1.3"),
            _ => false,
        }
    }

    /// Asserts that a requirement passes there.
    pub(crate) fn passes(&self, requirement: &str, subject: &str) {
        let finding = self.finding(requirement, subject);
        assert_eq!(finding.verdict, VerdictWord::Pass, "{finding:#?}");
    }

    /// Asserts that a requirement does not apply there.
    pub(crate) fn does_not_apply(&self, requirement: &str, subject: &str) {
        let finding = self.finding(requirement, subject);
        assert_eq!(finding.verdict, VerdictWord::NotApplicable, "{finding:#?}");
    }

    /// Asserts that a requirement fails there.
    pub(crate) fn fails(&self, requirement: &str, subject: &str) {
        let finding = self.finding(requirement, subject);
        assert_eq!(finding.verdict, VerdictWord::Fail, "{finding:#?}");
    }
}
