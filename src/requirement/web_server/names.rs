//! Names on certificates, compared in the two ways that matter: as a client compares them with the name it dialled, and
//! as the document's letter counts a certificate to "contain" a name. Which names are expected is not said here.

pub(crate) use crate::certificate::host_name::{accepts, address, is_taken_for};
use crate::certificate::{AlternativeName, Facts};
use crate::site::name::HostName;
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::{Evidence, Verdict};
use crate::wire::text::{is_unseen, pointed_at, quotable};

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
        None => match leaf.host_names().find_map(|value| nearly(value, name)) {
            Some(words) => evidence.cause(words),
            None => evidence,
        },
    }
}

/// What else a value holds beside the name, or instead of one of its characters, where that alone keeps it from being the
/// name: often nobody sees it.
fn nearly(value: &str, name: &str) -> Option<String> {
    let quoted = quotable(value);
    if let Some(unseen) = value.chars().find(|c| is_unseen(*c)) {
        let seen: String = value.chars().filter(|c| !is_unseen(*c)).collect();
        return is_taken_for(&seen, name).then(|| {
            let what = pointed_at(unseen);
            format!("The value \u{201c}{quoted}\u{201d} is the name and {what}, which clients compare too.")
        });
    }
    let pairs = || value.chars().zip(name.chars());
    let is_alike = |(seen, wanted): (char, char)| seen.eq_ignore_ascii_case(&wanted) || !seen.is_ascii();
    if let Some((seen, wanted)) = pairs().find(|(seen, _)| !seen.is_ascii()) {
        return (value.chars().count() == name.chars().count() && pairs().all(is_alike)).then(|| {
            let (seen, wanted) = (pointed_at(seen), pointed_at(wanted));
            format!("The value \u{201c}{quoted}\u{201d} has {seen} where the name has {wanted}.")
        });
    }
    let parts = || value.split([';', ',', '=', ':', '/', '|']).filter(|part| !part.is_empty());
    (parts().count() > 1 && parts().any(|part| is_taken_for(part, name))).then(|| {
        format!("The value \u{201c}{quoted}\u{201d} holds more than the name, and clients compare the whole of it.")
    })
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
