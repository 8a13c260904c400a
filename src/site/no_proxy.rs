//! What is reached without the proxy: names, suffixes and networks, in the forms of `NO_PROXY` and of Windows' list of
//! exceptions.

use std::net::IpAddr;

use super::fault::Wrong;
use super::name::HostName;

/// An exception from a vantage's proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyException {
    /// This name.
    Name(HostName),
    /// Names that end so: `.corp.contoso.com`, `*.corp.contoso.com`.
    Suffix(String),
    /// Names of one label: Windows' `<local>`.
    SingleLabel,
    /// Addresses of this network.
    Network {
        /// Its first address.
        address: IpAddr,
        /// How many leading bits count.
        bits: u8,
    },
}

impl ProxyException {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let right = "write a name, a suffix as in .corp.contoso.com, an address, or a network as in 10.0.0.0/8";
        let wrong = |problem: &str| Err(Wrong::new(format!("\u{201c}{text}\u{201d} {problem}"), right));
        if text.contains('@') {
            // What stands before it may be a password.
            return Err(Wrong::new("an exception holds a user name or password", right));
        }
        if text == "*" {
            return Err(Wrong::new(
                "\u{201c}*\u{201d} is everything",
                "leave `proxy` out where nothing goes through it",
            ));
        }
        if text.eq_ignore_ascii_case("<local>") {
            return Ok(Self::SingleLabel);
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Network { address, bits: width(address) });
        }
        if let Some((network, bits)) = text.split_once('/') {
            let address = network.parse::<IpAddr>().ok();
            return match (address, bits.parse::<u8>()) {
                (Some(address), Ok(bits)) if bits <= width(address) => Ok(Self::Network { address, bits }),
                _ => wrong("is no network"),
            };
        }
        let suffix = text.strip_prefix('*').unwrap_or(text);
        if let Some(name) = suffix.strip_prefix('.').filter(|name| is_name(name)) {
            return Ok(Self::Suffix(format!(".{}", name.to_ascii_lowercase())));
        }
        if text.contains(':') && is_name(text.split(':').next().unwrap_or_default()) {
            return wrong("holds a port, which makes no difference here");
        }
        if is_name(text) && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Ok(Self::Name(HostName::new(text)));
        }
        wrong("is no name, suffix or network")
    }

    /// Whether what is dialled as this name, at this address where one is known, is reached without the proxy.
    pub fn covers(&self, name: &HostName, at: Option<IpAddr>) -> bool {
        let literal = name.as_str().parse::<IpAddr>().ok();
        match self {
            Self::Name(only) => only == name,
            Self::Suffix(suffix) => literal.is_none() && name.as_str().to_ascii_lowercase().ends_with(suffix),
            Self::SingleLabel => literal.is_none() && !name.is_fully_qualified(),
            Self::Network { address, bits } => at.or(literal).is_some_and(|at| is_in(*address, *bits, at)),
        }
    }
}

/// Whether it can be a name: what is in it is not judged further.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte) || !byte.is_ascii())
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn is_in(network: IpAddr, bits: u8, at: IpAddr) -> bool {
    let leading = |value: u128, width: u8| value.checked_shr(u32::from(width.saturating_sub(bits))).unwrap_or(0);
    match (network, at) {
        (IpAddr::V4(network), IpAddr::V4(at)) => {
            leading(u128::from(network.to_bits()), 32) == leading(u128::from(at.to_bits()), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(at)) => leading(network.to_bits(), 128) == leading(at.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{HostName, ProxyException};

    #[test]
    fn every_form_covers_what_it_names_and_nothing_else() {
        for (text, name, at, covered) in [
            ("mp01.corp.contoso.com", "MP01.corp.contoso.com", "10.1.0.21", true),
            ("mp01.corp.contoso.com", "x.mp01.corp.contoso.com", "10.1.0.21", false),
            (".corp.contoso.com", "mp01.Corp.contoso.com", "10.1.0.21", true),
            ("*.corp.contoso.com", "mp01.corp.contoso.com", "10.1.0.21", true),
            (".corp.contoso.com", "corp.contoso.com", "10.1.0.21", false),
            (".corp.contoso.com", "mp01.xcorp.contoso.com", "10.1.0.21", false),
            ("<local>", "mp01", "10.1.0.21", true),
            ("<local>", "mp01.corp", "10.1.0.21", false),
            ("<local>", "::1", "::1", false),
            ("10.0.0.0/8", "mp01.corp", "10.1.0.21", true),
            ("10.0.0.0/8", "mp01.corp", "11.0.0.0", false),
            ("10.1.0.20/31", "mp01.corp", "10.1.0.21", true),
            ("10.1.0.20/31", "mp01.corp", "10.1.0.22", false),
            ("0.0.0.0/0", "mp01.corp", "192.0.2.1", true),
            ("10.1.0.21", "mp01.corp", "10.1.0.21", true),
            ("2001:db8::/32", "mp01.corp", "2001:db8:1::1", true),
            ("2001:db8::/32", "mp01.corp", "2001:db9::1", false),
            ("[2001:db8::1]", "2001:db8::1", "2001:db8::1", true),
            ("::/0", "mp01.corp", "10.1.0.21", false),
        ] {
            let exception = ProxyException::parse(text).unwrap();
            assert_eq!(exception.covers(&HostName::new(name), at.parse().ok()), covered, "{text} {name} {at}");
        }
        let network = ProxyException::parse("10.0.0.0/8").unwrap();
        assert!(network.covers(&HostName::new("10.1.0.21"), None), "an address that was dialled");
        assert!(!network.covers(&HostName::new("mp01.corp"), None), "a name nobody resolved");
    }

    #[test]
    fn what_is_none_is_told() {
        for text in ["", "*", "10.*", "10.0.0.0/33", "10.0.0/8", "a b", "mp01:443", "http://mp01", "300.1.1.1", "."] {
            assert!(ProxyException::parse(text).is_err(), "{text}");
        }
        let secret = ProxyException::parse("user:Canary1@proxy").unwrap_err();
        assert!(!secret.to_string().contains("Canary1"), "{secret}");
    }
}
