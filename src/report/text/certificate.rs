//! A certificate in full, beneath what presented or held it.

use super::moment::{date_and_time, distance};
use crate::report::certificate::CertificateReport;
use crate::report::foreign::Foreign;
use crate::report::page::{Ink, Page};
use crate::wire::timestamp::Timestamp;

/// Where what is told in full begins.
pub(super) const MARGIN: usize = 5;
/// Where its words begin.
pub(super) const COLUMN: usize = 17;

/// Subject, issuer, names, end and thumbprint.
pub(super) fn in_full(page: &mut Page, certificate: &CertificateReport, now: Timestamp) {
    let value = |text: &Option<String>, instead: &str| {
        let text = text.as_deref().filter(|text| !text.is_empty()).unwrap_or(instead);
        Foreign::value(text).for_terminal()
    };
    let mut parts = Vec::new();
    match &certificate.unreadable {
        Some(why) => parts.push(("certificate", format!("cannot be read: {}", Foreign::message(why).for_terminal()))),
        None => {
            parts.push(("subject", value(&certificate.subject, "(empty)")));
            parts.push(("issuer", value(&certificate.issuer, "(empty)")));
        }
    }
    if let Some(names) = &certificate.subject_alternative_names {
        parts.push(("names", Foreign::joined(names, " ").for_terminal()));
    }
    if let Some(ends) = certificate.not_after {
        parts.push(("ends", format!("{}, {}", date_and_time(ends), distance(now, ends))));
    }
    parts.push(("thumbprint", certificate.thumbprint_sha1.clone()));
    for (label, words) in parts {
        page.labelled(MARGIN, label, Ink::Quiet, COLUMN, words.trim());
    }
}
