//! Names on certificates, compared in the two ways that matter: as a client compares them with the name it dialled, and
//! as the document's letter counts a certificate to "contain" a name. Which names are expected is not said here.

pub(crate) use crate::certificate::host_name::{accepts, address, is_taken_for};
use crate::certificate::{AlternativeName, Facts};
use crate::site::name::HostName;
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::{Evidence, Verdict};

/// Why a row about configured names does not concern an endpoint of which the definition says nothing.
pub(crate) const NOT_CONFIGURED: &str = "no name is configured for this endpoint";

/// Whether the certificate contains a name by the document's letter: as a whole common name or dNSName, or as one of
/// several that an ampersand joins in one value. That no client would find it there is another requirement's matter.
pub(crate) fn contains(leaf: &Facts, name: &HostName) -> bool {
    leaf.host_names().any(|value| value.split('&').any(|part| is_taken_for(part.trim(), name.as_str())))
}

/// The verdict on a certificate that must contain a configured name.
pub(crate) fn must_contain(leaf: &Facts, name: &HostName, message: &str) -> Verdict {
    if contains(leaf, name) {
        return Verdict::pass();
    }
    missing(Evidence::new(message), leaf, name.as_str()).fail()
}

/// Every name on the certificate, for evidence: common names as `CN=…`, alternative names as `dns:…` and so on.
pub(crate) fn listed(leaf: &Facts) -> Vec<String> {
    let common = leaf.subject.common_names.iter().map(|cn| format!("CN={}", cn.text));
    let alternative = leaf.alternative_names.iter().flatten().map(ToString::to_string);
    let names: Vec<String> = common.chain(alternative).collect();
    if names.is_empty() { vec!["no name at all".into()] } else { names }
}

/// What brought about that a name is missing: of all that fits, what the certificate itself shows.
pub(crate) fn why_missing(leaf: &Facts, name: &str) -> &'static Cause {
    let any = |is: &dyn Fn(&str) -> bool| leaf.host_names().any(is);
    let computer = name.split('.').next().unwrap_or(name);
    let qualified = name.contains('.');
    let is_joined = |value: &str| value.contains('&') && value.split('&').any(|part| is_taken_for(part.trim(), name));
    if address(name).is_some() {
        return &cause::ADDRESS_DIALLED;
    }
    if leaf.host_names().next().is_none() && elsewhere(leaf, name).is_none() {
        return &cause::NO_NAME_AT_ALL;
    }
    if any(&is_joined) {
        return &cause::NAMES_JOINED_BY_AMPERSAND;
    }
    if elsewhere(leaf, name).is_some() {
        return &cause::NAME_IN_WRONG_FIELD;
    }
    if qualified && any(&|value| is_taken_for(value, computer)) {
        return &cause::COMPUTER_NAME_ONLY;
    }
    if !qualified && any(&|value| value.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(computer))) {
        return &cause::SHORT_NAME_CONFIGURED;
    }
    if any(&|value| value.starts_with("*.")) {
        return &cause::WILDCARD_DOES_NOT_COVER;
    }
    &cause::NAME_NOT_REQUESTED
}

/// The evidence for a missing name: which cause, and where the name stands instead.
pub(crate) fn missing(evidence: Evidence, leaf: &Facts, name: &str) -> Evidence {
    let evidence = evidence.expected(name).observed_all(listed(leaf)).because(why_missing(leaf, name));
    match elsewhere(leaf, name) {
        Some(kind) => evidence.cause(format!("The name stands in the certificate as {kind}.")),
        None => evidence,
    }
}

/// The kind of an alternative name that holds the name's text and is no dNSName.
fn elsewhere(leaf: &Facts, name: &str) -> Option<&'static str> {
    leaf.alternative_names.iter().flatten().find_map(|entry| match entry {
        AlternativeName::Upn(text) if text.eq_ignore_ascii_case(name) => Some("a user principal name"),
        AlternativeName::Other { kind: "email", value } if value.eq_ignore_ascii_case(name) => {
            Some("an e-mail address")
        }
        AlternativeName::Other { kind: "uri", value } if is_url_of(value, name) => Some("a URL"),
        AlternativeName::Dns(_) | AlternativeName::Ip(_) | AlternativeName::Upn(_) | AlternativeName::Other { .. } => {
            None
        }
    })
}

fn is_url_of(url: &str, name: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().is_some_and(|host| host.eq_ignore_ascii_case(name))
}
