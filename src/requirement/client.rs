//! Certificates of client computers, in files, and of what else is a client of site systems: a proxy on its inner leg.

pub(crate) mod by_subject;

pub mod first_san;
pub mod subject_computer_name;
pub mod unique_name;

use crate::certificate::{AlternativeName, Facts};
use crate::rule::scope::Scope;
use crate::rule::subject::FileSubject;
use crate::rule::usage::Use;
use crate::verdict::cause::{Culprit, catalogue as cause};
use crate::verdict::{Evidence, Verdict};

/// Client computers' certificates in files.
pub const CLIENT_FILES: Scope = Scope::files(&[Use::Client], "client computers' certificates");

/// The value a client is known by: the first Subject Alternative Name, else the Subject; `None`: there is neither.
pub(crate) fn identity(certificate: &Facts) -> Option<String> {
    let alternative = certificate
        .alternative_names
        .iter()
        .flatten()
        .map(AlternativeName::to_string)
        .find(|value| !value.ends_with(':'));
    alternative.or_else(|| (!certificate.subject.text.is_empty()).then(|| certificate.subject.text.clone()))
}

/// Two files with one name: one failure, told of the first of them by name.
pub(crate) fn copied(evidence: Evidence, subject: &FileSubject<'_>, same: &[&str]) -> Verdict {
    let evidence =
        evidence.observed_all(same.iter().map(|name| format!("also in {name}"))).because(&cause::CERTIFICATE_COPIED);
    let first = same.iter().min().filter(|first| **first < subject.name);
    match first {
        Some(first) => evidence.same_as(&cause::CERTIFICATE_COPIED, Culprit::File((*first).into())).fail(),
        None => evidence.fail(),
    }
}

/// The other files looked at together with one whose certificate is known by the same value.
pub(crate) fn same_name<'a>(subject: &FileSubject<'a>, own: &str) -> Vec<&'a str> {
    let others = subject.siblings.iter().filter(|(name, other)| {
        name != subject.name && other.facts().and_then(identity).is_some_and(|value| value.eq_ignore_ascii_case(own))
    });
    others.map(|(name, _)| name.as_str()).collect()
}
