//! The targets that may be probed because a scrape asks for it: hosts under a name, or addresses in a network. Tested on
//! what a name resolved to, and what was tested is what is dialled.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use crate::site::name::HostName;

/// Which targets are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// This host, and every host below it.
    Suffix(String),
    /// Every address of this network.
    Network(IpNet),
}

impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(network) = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
            return Ok(Self::Network(network));
        }
        let suffix = text.trim_start_matches("*.").trim_start_matches('.').trim_end_matches('.').to_ascii_lowercase();
        let is_name = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        if suffix.split('.').all(is_name) {
            Ok(Self::Suffix(suffix))
        } else {
            Err("write the end of host names, corp.contoso.com, or a network, 10.1.0.0/16")
        }
    }
}

/// Whether a host that has these addresses may be probed: its name is under one that is allowed, or each of its addresses,
/// of which there is one at least, is in a network that is.
pub fn admits(patterns: &[Pattern], host: &HostName, addresses: &[IpAddr]) -> bool {
    let name = host.as_str().trim_end_matches('.').to_ascii_lowercase();
    let is_name = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_err();
    let is_under = |suffix: &str| {
        is_name && name.strip_suffix(suffix).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let within = |address: &IpAddr| {
        patterns.iter().any(|pattern| match pattern {
            Pattern::Network(network) => network.contains(&address.to_canonical()),
            Pattern::Suffix(_) => false,
        })
    };
    let named = patterns.iter().any(|pattern| match pattern {
        Pattern::Suffix(suffix) => is_under(suffix),
        Pattern::Network(_) => false,
    });
    named || !addresses.is_empty() && addresses.iter().all(within)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Pattern, admits};
    use crate::site::name::HostName;

    fn is_allowed(pattern: &str, host: &str, addresses: &[&str]) -> bool {
        let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        admits(&[pattern.parse().unwrap()], &HostName::new(host), &addresses)
    }

    #[test]
    fn names_are_under_a_name_or_are_not() {
        for pattern in ["corp.contoso.com", ".corp.contoso.com", "*.Corp.Contoso.com."] {
            assert!(is_allowed(pattern, "MP01.corp.contoso.com", &["192.0.2.1"]));
            assert!(is_allowed(pattern, "corp.contoso.com.", &[]));
            assert!(!is_allowed(pattern, "evilcorp.contoso.com", &["192.0.2.1"]));
            assert!(!is_allowed(pattern, "corp.contoso.com.evil.test", &["192.0.2.1"]));
        }
        assert!(!is_allowed("1", "127.0.0.1", &["127.0.0.1"]));
    }

    #[test]
    fn every_address_must_be_in_a_network() {
        assert!(is_allowed("10.1.0.0/16", "mp01", &["10.1.0.21", "10.1.9.9"]));
        assert!(!is_allowed("10.1.0.0/16", "mp01", &["10.1.0.21", "169.254.169.254"]));
        assert!(!is_allowed("10.1.0.0/16", "mp01", &[]));
        assert!(is_allowed("10.1.0.21", "10.1.0.21", &["10.1.0.21"]));
        assert!(is_allowed("10.1.0.0/16", "mp01", &["::ffff:10.1.0.21"]));
        assert!(is_allowed("2001:db8::/32", "mp01", &["2001:db8::1"]));
    }

    #[test]
    fn patterns_that_are_none_are_refused() {
        for text in ["", "*", ".", "a..b", "10.1.0.0/33", "https://a", "a/b", "a b"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
