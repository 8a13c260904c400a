//! Names on certificates, compared in the two ways that matter: as a client compares them with the name it dialled, and
//! as the document's letter counts a certificate to "contain" a name. Which names are expected is not said here.

use std::net::IpAddr;

use crate::certificate::{AlternativeName, Facts};
use crate::site::name::HostName;
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::{Evidence, Verdict};

/// Why a row about configured names does not concern an endpoint of which the definition says nothing.
pub(crate) const NOT_CONFIGURED: &str = "no name is configured for this endpoint";

/// Whether a client that dialled a name takes a name on a certificate for it: the whole name, without regard to case and
/// to one trailing dot on either side; a wildcard stands for exactly the left-most label, and never for an address.
pub(crate) fn is_taken_for(presented: &str, dialled: &str) -> bool {
    let presented = presented.strip_suffix('.').unwrap_or(presented);
    let dialled = dialled.strip_suffix('.').unwrap_or(dialled);
    if presented.is_empty() {
        return false;
    }
    if presented.eq_ignore_ascii_case(dialled) {
        return true;
    }
    let (Some(domain), Some((label, rest))) = (presented.strip_prefix("*."), dialled.split_once('.')) else {
        return false;
    };
    !label.is_empty() && !domain.is_empty() && domain.eq_ignore_ascii_case(rest) && address(dialled).is_none()
}

/// Whether a client takes the certificate for the name it dialled, going by common names and dNSNames alike.
///
/// An address is looked for among the iPAddress entries, where Windows 10 and later look, and in the common names, where
/// all earlier versions look; it is never held against a dNSName.
pub(crate) fn accepts(leaf: &Facts, dialled: &str) -> bool {
    match address(dialled) {
        None => leaf.host_names().any(|presented| is_taken_for(presented, dialled)),
        Some(address) => has_address(leaf, address),
    }
}

fn has_address(leaf: &Facts, dialled: IpAddr) -> bool {
    let listed =
        leaf.alternative_names.iter().flatten().any(|name| matches!(name, AlternativeName::Ip(ip) if *ip == dialled));
    listed || leaf.subject.common_names.iter().any(|cn| address(&cn.text) == Some(dialled))
}

/// The address a text is, in brackets or not.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).parse().ok()
}

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

#[cfg(test)]
mod tests {
    use super::{address, is_taken_for};

    #[test]
    fn a_name_is_taken_for_another_as_a_whole_and_without_regard_to_case() {
        for (presented, dialled) in [
            ("mp01.corp.contoso.com", "MP01.Corp.Contoso.com"),
            ("mp01.corp.contoso.com.", "mp01.corp.contoso.com"),
            ("mp01.corp.contoso.com", "mp01.corp.contoso.com."),
            ("MP01", "mp01"),
            ("*.contoso.com", "mp.contoso.com"),
            ("*.Contoso.com", "MP.contoso.com."),
        ] {
            assert!(is_taken_for(presented, dialled), "{presented} for {dialled}");
        }
        for (presented, dialled) in [
            ("mp01.corp.contoso.com", "mp01"),
            ("mp01", "mp01.corp.contoso.com"),
            ("xmp01.corp.contoso.com", "mp01.corp.contoso.com"),
            ("corp.contoso.com", "mp01.corp.contoso.com"),
            ("mp01.corp.contoso.com&mp.contoso.com", "mp.contoso.com"),
            ("mp01.corp.contoso.com..", "mp01.corp.contoso.com"),
            ("*.contoso.com", "mp01.corp.contoso.com"),
            ("*.contoso.com", "contoso.com"),
            ("*.contoso.com", ".contoso.com"),
            ("m*.contoso.com", "mp.contoso.com"),
            ("mp.*.com", "mp.contoso.com"),
            ("*", "mp01"),
            ("*.", "mp01."),
            ("*.1.0.21", "10.1.0.21"),
            ("", ""),
            (".", ""),
        ] {
            assert!(!is_taken_for(presented, dialled), "{presented} for {dialled}");
        }
    }

    #[test]
    fn addresses_are_told_from_names() {
        assert!(address("10.1.0.21").is_some());
        assert!(address("2001:db8::1").is_some());
        assert!(address("[2001:db8::1]").is_some());
        assert!(address("mp01").is_none());
        assert!(address("3com.example").is_none());
    }
}
