//! Whether a client's certificate is one the site lets its clients choose by its Subject: it holds the computer's name, or
//! what `[site.selection]` says instead.

use crate::certificate::{AlternativeName, Facts, Name};
use crate::site::{Selection, Site};

/// What a Subject says of whether the certificate may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BySubject {
    /// It holds what it must; in words.
    Holds(String),
    /// It does not; in words, what it must hold.
    Lacks(String),
    /// There is no Subject: the alternative names are looked at instead.
    Empty,
    /// Nothing says what the computer is called.
    NoComputerName,
}

/// Holds a client's Subject against the site's way of choosing.
pub(crate) fn by_subject(site: &Site, facts: &Facts) -> BySubject {
    let subject = &facts.subject;
    match &site.selection {
        Some(Selection::SubjectContains(text)) if contains(&subject.text, text) => {
            BySubject::Holds(format!("the Subject contains \u{201c}{text}\u{201d}, as the site asks"))
        }
        Some(Selection::SubjectContains(text)) => {
            BySubject::Lacks(format!("a Subject that contains \u{201c}{text}\u{201d} ([site.selection])"))
        }
        Some(Selection::SubjectAttributes(wanted)) => {
            let missing = wanted.iter().find(|(attribute, value)| !has_attribute(subject, attribute, value));
            match missing {
                None => BySubject::Holds("the Subject has the attributes the site asks for".into()),
                Some((attribute, value)) => {
                    BySubject::Lacks(format!("a Subject with {attribute}={value} ([site.selection])"))
                }
            }
        }
        None if subject.text.is_empty() => BySubject::Empty,
        None => match computer_name(facts) {
            None => BySubject::NoComputerName,
            Some(computer) if contains(&subject.text, computer) => {
                BySubject::Holds(format!("the Subject holds the computer's name, {computer}"))
            }
            Some(computer) => BySubject::Lacks(format!("a Subject that holds the computer's name, {computer}")),
        },
    }
}

/// What the computer is called, by the first alternative name: the first label of its DNS name.
pub(crate) fn computer_name(facts: &Facts) -> Option<&str> {
    let name = match facts.alternative_names.as_deref()?.first()? {
        AlternativeName::Dns(name) => name.as_str(),
        // A computer's user principal name: WS01$@corp.contoso.com.
        AlternativeName::Upn(name) => name.split('@').next()?.strip_suffix('$')?,
        AlternativeName::Ip(_) | AlternativeName::Other { .. } => return None,
    };
    name.split('.').next().filter(|label| !label.is_empty())
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// The attributes a definition may name, by the names Windows has for them, and their object identifiers.
const ATTRIBUTES: [(&str, &str); 15] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("S", "2.5.4.8"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("T", "2.5.4.12"),
    ("G", "2.5.4.42"),
    ("I", "2.5.4.43"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("E", "1.2.840.113549.1.9.1"),
    ("D", "2.5.4.13"),
];

fn has_attribute(subject: &Name, attribute: &str, value: &str) -> bool {
    let known = ATTRIBUTES.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    let oid = known.map_or(attribute, |(_, oid)| oid);
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let wanted = format!("{oid}={value}");
    subject.folded().unwrap_or_default().iter().flat_map(|relative| relative.split('\u{1f}')).any(|one| one == wanted)
}
