//! Host names as a definition or a command line gives them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name a client dials: an FQDN or a NetBIOS computer name, without a trailing dot, in the case it was written in.
///
/// Any text can be a host name here, because a wrong one must be reportable (`reachability/name-syntax`), not refused.
/// Two host names are equal when they differ only in case.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct HostName(Box<str>);

impl HostName {
    /// Takes a name as written; one trailing dot is dropped.
    pub fn new(text: &str) -> Self {
        Self(text.strip_suffix('.').unwrap_or(text).into())
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names nothing: no character, or a lone dot.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has more than one label.
    pub fn is_fully_qualified(&self) -> bool {
        self.0.contains('.')
    }

    /// What RFC 1123 has against the name, label by label; `None` when nothing.
    pub fn syntax_fault(&self) -> Option<String> {
        if self.0.is_empty() {
            return Some("the name is empty".into());
        }
        if self.0.len() > 253 {
            return Some(format!("the name has {} characters; DNS allows 253", self.0.len()));
        }
        if self.0.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Some(format!("\u{201c}{}\u{201d} is all digits: an address, not a name", self.0));
        }
        self.0.split('.').find_map(label_fault)
    }
}

/// What RFC 1123 has against one label.
fn label_fault(label: &str) -> Option<String> {
    if label.is_empty() {
        return Some("a label is empty (two dots in a row, or a leading dot)".into());
    }
    if label.len() > 63 {
        return Some(format!("the label \u{201c}{label}\u{201d} has {} characters; DNS allows 63", label.len()));
    }
    if let Some(wrong) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
        return Some(format!(
            "the label \u{201c}{label}\u{201d} holds \u{201c}{wrong}\u{201d}; only ASCII letters, digits and hyphens are allowed"
        ));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some(format!("the label \u{201c}{label}\u{201d} begins or ends with a hyphen"));
    }
    None
}

impl PartialEq for HostName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HostName {}

impl std::hash::Hash for HostName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|b| state.write_u8(b.to_ascii_lowercase()));
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of a system's configured names a probe dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    /// The FQDN clients inside use.
    IntranetFqdn,
    /// The FQDN clients outside use.
    InternetFqdn,
    /// The computer name, where the system is configured by it.
    Netbios,
    /// A name or address given on the command line, of which nothing more is known.
    Given,
}

impl NameKind {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IntranetFqdn => "intranet-fqdn",
            Self::InternetFqdn => "internet-fqdn",
            Self::Netbios => "netbios",
            Self::Given => "given",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HostName;

    #[test]
    fn rfc_1123_is_held_against_each_label() {
        for good in ["mp01.corp.contoso.com", "MP01", "3com.example", "a-b.c", &"a".repeat(63)] {
            assert_eq!(HostName::new(good).syntax_fault(), None, "{good}");
        }
        for (bad, part) in [
            ("", "empty"),
            ("mp_01.contoso.com", "\u{201c}_\u{201d}"),
            ("mp01..contoso.com", "label is empty"),
            ("-mp.contoso.com", "hyphen"),
            ("mp-.contoso.com", "hyphen"),
            ("m\u{fc}nchen.contoso.com", "\u{201c}\u{fc}\u{201d}"),
            ("a&b", "\u{201c}&\u{201d}"),
            ("10.1.2.3", "digits"),
            (&"a".repeat(64), "64 characters"),
            (&"abc.".repeat(64), "DNS allows 253"),
        ] {
            let fault = HostName::new(bad).syntax_fault().unwrap_or_default();
            assert!(fault.contains(part), "{bad}: {fault}");
        }
    }

    #[test]
    fn names_are_compared_without_case_and_trailing_dot() {
        assert_eq!(HostName::new("MP01.Corp."), HostName::new("mp01.corp"));
        assert_ne!(HostName::new("mp01.corp"), HostName::new("mp01.corp2"));
    }
}
