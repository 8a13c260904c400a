//! Whether a client that dialled a name takes a certificate for that name's.

use std::net::IpAddr;

use super::{AlternativeName, Facts};

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
