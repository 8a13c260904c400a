//! Which name a Name Constraints extension (RFC 5280, 4.2.1.10) excludes. Names of hosts, mailboxes, URIs, addresses and
//! directory names are compared; for other forms it is only said that they are not.
//!
//! The names are looked up, not held against every constraint in turn, so that thousands of both cost no more than their
//! sum; what would still cost more is left undecided.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::certificate::constraint::{NameConstraints, Subtree};
use crate::certificate::{AlternativeName, Certificate, Facts, Name};
use crate::trust::path::fault::{Fault, listed};
use crate::trust::path::search::Purpose;

/// Steps taken in comparing names, for all paths of a search together.
const MOST_STEPS: usize = 1_000_000;
/// The octets of the longest name a host can have.
const LONGEST_HOST: usize = 255;

/// How many steps are left.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn full() -> Self {
        Self(MOST_STEPS)
    }

    /// Takes some; whether they were there.
    fn take(&mut self, steps: usize) -> bool {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// What an authority's constraints say to the certificates below it.
pub(super) enum Constrained {
    /// Nothing against them.
    Within,
    /// A name is outside.
    Outside(Fault),
    /// It was not compared; why.
    Undecided(String),
}

/// A certificate below a constraint.
pub(super) struct Bearer<'a> {
    pub(super) certificate: &'a Arc<Certificate>,
    /// What the path is for, where this is the leaf.
    pub(super) purpose: Option<Purpose>,
}

/// Holds an authority's constraints against the certificates below it: self-issued ones in between are to be left out
/// (RFC 5280, 6.1.3 b and c). A name plainly outside decides, whatever stands beside it.
pub(super) fn constrained<'a>(
    constraints: &NameConstraints,
    below: impl Iterator<Item = Bearer<'a>>,
    budget: &mut Budget,
) -> Constrained {
    let limit = || {
        Constrained::Undecided(format!(
            "there are more names and Name Constraints than this program compares ({MOST_STEPS} steps)"
        ))
    };
    if !budget.take(constraints.permitted.len() + constraints.excluded.len()) {
        return limit();
    }
    let (permitted, excluded) = (Half::over(&constraints.permitted), Half::over(&constraints.excluded));
    let mut undecided = None;
    for bearer in below {
        let Some(facts) = bearer.certificate.facts() else { continue };
        for name in borne(facts, bearer.purpose) {
            match judge(&permitted, &excluded, &name, budget) {
                Judged::Within => {}
                Judged::Outside(constraint) => {
                    return Constrained::Outside(Fault::NameConstraint {
                        name: name.to_string(),
                        bearer: Arc::clone(bearer.certificate),
                        constraint,
                    });
                }
                Judged::Undecided(what) => {
                    undecided =
                        undecided.or_else(|| Some(format!("{what} ({name} in {})", bearer.certificate.subject_text())));
                }
                Judged::NoBudget => return limit(),
            }
        }
    }
    undecided.map_or(Constrained::Within, Constrained::Undecided)
}

/// A name a certificate bears.
enum Borne<'a> {
    Dns(&'a str),
    CommonName(&'a str),
    /// A common name that is an address, read and as it is written.
    CommonAddress(std::net::IpAddr, &'a str),
    Email(String),
    Uri(&'a str),
    Ip(std::net::IpAddr),
    Directory(&'a Name),
    Upn(&'a str),
    Other {
        kind: &'a str,
        value: &'a str,
    },
}

impl fmt::Display for Borne<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(text) => write!(f, "dns:{text}"),
            Self::CommonName(text) | Self::CommonAddress(_, text) => write!(f, "the common name {text}"),
            Self::Email(text) => write!(f, "email:{text}"),
            Self::Uri(text) => write!(f, "uri:{text}"),
            Self::Ip(address) => write!(f, "ip:{address}"),
            Self::Directory(name) => write!(f, "directory:{}", name.text),
            Self::Upn(text) => write!(f, "upn:{text}"),
            Self::Other { kind, value } => write!(f, "{kind}:{value}"),
        }
    }
}

/// Every name a certificate bears.
fn borne(facts: &Facts, purpose: Option<Purpose>) -> Vec<Borne<'_>> {
    let mut names = Vec::new();
    if !facts.subject.text.is_empty() {
        names.push(Borne::Directory(&facts.subject));
    }
    let (mut has_host, mut has_address) = (false, false);
    for name in facts.alternative_names.iter().flatten() {
        names.push(match name {
            AlternativeName::Dns(text) => {
                has_host = true;
                Borne::Dns(text)
            }
            AlternativeName::Ip(address) => {
                has_address = true;
                Borne::Ip(*address)
            }
            AlternativeName::Upn(text) => Borne::Upn(text),
            AlternativeName::Other { kind: "email", value } => Borne::Email(value.clone()),
            AlternativeName::Other { kind: "uri", value } => Borne::Uri(value),
            AlternativeName::Other { kind: "directory", .. } => continue,
            AlternativeName::Other { kind, value } => Borne::Other { kind, value },
        });
    }
    names.extend(facts.directory_names.iter().map(Borne::Directory));
    // RFC 5280 wants it where there is no alternative name; everybody does it always.
    names.extend(facts.subject.email_addresses().into_iter().map(Borne::Email));
    // Where no alternative name is a host's, clients take the common name for it.
    if purpose == Some(Purpose::ServerAuthentication) && !has_host {
        for common_name in &facts.subject.common_names {
            let text = common_name.text.as_str();
            match text.parse() {
                Ok(address) if !has_address => names.push(Borne::CommonAddress(address, text)),
                Ok(_) => {}
                Err(_) if is_host(text) => names.push(Borne::CommonName(text)),
                Err(_) => {}
            }
        }
    }
    names
}

/// Whether a common name is written as a host's: with a dot in it, and nothing a host name may not have.
fn is_host(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '*');
    text.len() <= LONGEST_HOST && text.contains('.') && text.chars().all(allowed)
}

enum Judged {
    Within,
    Outside(String),
    Undecided(&'static str),
    NoBudget,
}

/// Either half of the constraints, to be looked up in.
#[derive(Default)]
struct Half<'a> {
    all: &'a [Subtree],
    /// By the domain in lower case, with its leading dot where it has one.
    dns: HashMap<String, &'a Subtree>,
    /// Domains by what is above them: what a wildcard stands for.
    dns_below: HashMap<String, &'a Subtree>,
    email: HashMap<String, &'a Subtree>,
    uri: HashMap<String, &'a Subtree>,
    /// By mask: the networks.
    networks: HashMap<&'a [u8], HashMap<Vec<u8>, &'a Subtree>>,
    /// By a digest over the relative names.
    directory: HashMap<[u8; 32], &'a Subtree>,
    /// How many relative names the directory names have.
    depths: HashSet<usize>,
    others: Vec<(u8, Option<&'a str>)>,
}

impl<'a> Half<'a> {
    fn over(all: &'a [Subtree]) -> Self {
        let mut half = Self { all, ..Self::default() };
        for subtree in all {
            match subtree {
                Subtree::Dns(base) => {
                    let base = base.to_ascii_lowercase();
                    if let Some((label, above)) = base.split_once('.')
                        && !label.is_empty()
                    {
                        half.dns_below.entry(above.to_owned()).or_insert(subtree);
                    }
                    half.dns.entry(base).or_insert(subtree);
                }
                Subtree::Email(base) => {
                    // A host written as Windows does, with its @.
                    let base = mailbox(base.strip_prefix('@').unwrap_or(base));
                    half.email.entry(base).or_insert(subtree);
                }
                Subtree::Uri(base) => {
                    half.uri.entry(base.to_ascii_lowercase()).or_insert(subtree);
                }
                Subtree::Ip { network, mask } => {
                    let network = network.iter().zip(mask).map(|(network, mask)| network & mask).collect();
                    half.networks.entry(mask.as_slice()).or_default().entry(network).or_insert(subtree);
                }
                Subtree::Directory(name) => {
                    let digests = digests(name);
                    if let Some(whole) = digests.last() {
                        half.depths.insert(digests.len() - 1);
                        half.directory.entry(*whole).or_insert(subtree);
                    }
                }
                Subtree::Other { form, oid } => half.others.push((*form, oid.as_deref())),
            }
        }
        half
    }

    fn host(&self, name: &str) -> Option<&'a Subtree> {
        let covers_all = || self.dns.get("").copied();
        self.dns
            .get(name)
            .copied()
            .or_else(|| {
                below(name, |at| {
                    let (with_dot, without) = (name.get(at..)?, name.get(at + 1..)?);
                    self.dns.get(with_dot).or_else(|| self.dns.get(without)).copied()
                })
            })
            .or_else(covers_all)
    }

    /// The domain a wildcard's name may stand for.
    fn host_of_wildcard(&self, name: &str) -> Option<&'a Subtree> {
        name.strip_prefix("*.").and_then(|above| self.dns_below.get(above)).copied()
    }

    fn mailbox(&self, name: &str) -> Option<&'a Subtree> {
        let host = name.rsplit_once('@').map_or(name, |(_, host)| host);
        let by_domain = || below(host, |at| self.email.get(host.get(at..)?).copied());
        self.email.get(name).or_else(|| self.email.get(host)).copied().or_else(by_domain)
    }

    fn url(&self, host: &str) -> Option<&'a Subtree> {
        self.uri.get(host).copied().or_else(|| below(host, |at| self.uri.get(host.get(at..)?).copied()))
    }

    fn address(&self, octets: &[u8]) -> Option<&'a Subtree> {
        self.networks.iter().filter(|(mask, _)| mask.len() == octets.len()).find_map(|(mask, networks)| {
            let network: Vec<u8> = octets.iter().zip(*mask).map(|(octet, mask)| octet & mask).collect();
            networks.get(&network).copied()
        })
    }

    fn directory(&self, digests: &[[u8; 32]]) -> Option<&'a Subtree> {
        let prefixes = digests.iter().enumerate().filter(|(depth, _)| self.depths.contains(depth));
        prefixes.into_iter().find_map(|(_, digest)| self.directory.get(digest).copied())
    }
}

/// Looks something up for each place of a dot in a host's name, the outermost last.
fn below<T>(host: &str, look_up: impl FnMut(usize) -> Option<T>) -> Option<T> {
    host.match_indices('.').map(|(at, _)| at).find_map(look_up)
}

/// A mailbox with its host in lower case; what stands before the @ has its case.
fn mailbox(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((local, host)) => format!("{local}@{}", host.to_ascii_lowercase()),
        None => text.to_ascii_lowercase(),
    }
}

/// For no relative name, the first, the first two, and so on: a digest. Case, white space and string types do not matter.
fn digests(name: &Name) -> Vec<[u8; 32]> {
    let mut digest = [0; 32];
    let mut all = vec![digest];
    for part in name.folded().unwrap_or_default() {
        digest = Sha256::new().chain_update(digest).chain_update(part).finalize().into();
        all.push(digest);
    }
    all
}

fn judge(permitted: &Half<'_>, excluded: &Half<'_>, name: &Borne<'_>, budget: &mut Budget) -> Judged {
    let steps = match name {
        Borne::Dns(text) | Borne::CommonName(text) | Borne::Uri(text) => text.len() / 16 + 1,
        Borne::Email(text) => text.len() / 16 + 1,
        Borne::Directory(name) => name.der.as_slice().len() / 16 + 1,
        Borne::Ip(_) | Borne::CommonAddress(..) => permitted.networks.len() + excluded.networks.len() + 1,
        Borne::Upn(_) | Borne::Other { .. } => 1,
    };
    if !budget.take(steps) {
        return Judged::NoBudget;
    }
    match name {
        Borne::Dns(text) | Borne::CommonName(text) => {
            if permitted.dns.is_empty() && excluded.dns.is_empty() {
                return Judged::Within;
            }
            let text = text.trim_end_matches('.').to_ascii_lowercase();
            if text.len() > LONGEST_HOST {
                return Judged::Undecided("a name that is too long for a host's is not compared");
            }
            let out = excluded.host(&text).or_else(|| excluded.host_of_wildcard(&text));
            decide(out, permitted.dns.is_empty(), permitted.host(&text), permitted, |of| matches!(of, Subtree::Dns(_)))
        }
        Borne::Email(text) => {
            if permitted.email.is_empty() && excluded.email.is_empty() {
                return Judged::Within;
            }
            let text = mailbox(text);
            if text.len() > 2 * LONGEST_HOST || !text.contains('@') {
                return Judged::Undecided("what is no mailbox is not compared");
            }
            decide(excluded.mailbox(&text), permitted.email.is_empty(), permitted.mailbox(&text), permitted, |of| {
                matches!(of, Subtree::Email(_))
            })
        }
        Borne::Uri(text) => {
            if permitted.uri.is_empty() && excluded.uri.is_empty() {
                return Judged::Within;
            }
            // RFC 5280, 4.2.1.10: a URI without a host's name must be refused.
            let Some(host) = host_of(text) else {
                return Judged::Outside("constrains URIs by their hosts".to_owned());
            };
            decide(excluded.url(&host), permitted.uri.is_empty(), permitted.url(&host), permitted, |of| {
                matches!(of, Subtree::Uri(_))
            })
        }
        Borne::Ip(address) | Borne::CommonAddress(address, _) => {
            let octets = match address {
                std::net::IpAddr::V4(address) => address.octets().to_vec(),
                std::net::IpAddr::V6(address) => address.octets().to_vec(),
            };
            let (out, within) = (excluded.address(&octets), permitted.address(&octets));
            decide(out, permitted.networks.is_empty(), within, permitted, |of| matches!(of, Subtree::Ip { .. }))
        }
        Borne::Directory(name) => {
            if permitted.directory.is_empty() && excluded.directory.is_empty() {
                return Judged::Within;
            }
            let digests = digests(name);
            let (out, within) = (excluded.directory(&digests), permitted.directory(&digests));
            decide(out, permitted.directory.is_empty(), within, permitted, |of| matches!(of, Subtree::Directory(_)))
        }
        Borne::Upn(_) => {
            /// User principal names.
            const UPN: &str = "1.3.6.1.4.1.311.20.2.3";
            undecided_if(permitted, excluded, |form, oid| form == 0 && oid == Some(UPN))
        }
        Borne::Other { kind, value } => undecided_if(permitted, excluded, |form, oid| match form {
            0 => *kind == "other" && oid.is_some_and(|oid| value.strip_prefix(oid).is_some_and(|v| v.starts_with('='))),
            8 => *kind == "registered-id",
            _ => *kind == "other",
        }),
    }
}

/// Excluded first; then, where names of the form are constrained at all, permitted.
fn decide(
    excluded: Option<&Subtree>,
    is_free: bool,
    permitted: Option<&Subtree>,
    half: &Half<'_>,
    of_form: impl Fn(&Subtree) -> bool,
) -> Judged {
    if let Some(base) = excluded {
        return Judged::Outside(format!("may not certify {base}"));
    }
    if is_free || permitted.is_some() {
        return Judged::Within;
    }
    let bases: Vec<String> = half.all.iter().filter(|of| of_form(of)).map(ToString::to_string).collect();
    Judged::Outside(format!("may certify {} only", listed(&bases, "nothing")))
}

fn undecided_if(permitted: &Half<'_>, excluded: &Half<'_>, is_of_form: impl Fn(u8, Option<&str>) -> bool) -> Judged {
    if permitted.others.iter().chain(&excluded.others).any(|(form, oid)| is_of_form(*form, *oid)) {
        Judged::Undecided("names of its form are constrained, and not compared")
    } else {
        Judged::Within
    }
}

/// The host a URI names, in lower case; `None`: it names none, or an address.
fn host_of(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?.trim_end_matches('.').to_ascii_lowercase();
    let is_name = !host.is_empty() && host.len() <= LONGEST_HOST && host.parse::<std::net::Ipv4Addr>().is_err();
    is_name.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_covers(base: Subtree, name: &Borne<'_>) -> bool {
        let bases = [base];
        matches!(judge(&Half::default(), &Half::over(&bases), name, &mut Budget::full()), Judged::Outside(_))
    }

    #[test]
    fn a_domain_covers_itself_and_what_is_below_it() {
        for (base, name, covered) in [
            ("contoso.com", "contoso.com", true),
            ("contoso.com", "MP.Contoso.com", true),
            ("contoso.com", "notcontoso.com", false),
            ("contoso.com", "contoso.com.evil.example", false),
            (".contoso.com", "mp.contoso.com", true),
            (".contoso.com", "contoso.com", false),
            ("", "anything.example", true),
            ("mp.contoso.com", "*.contoso.com", true),
            ("a.mp.contoso.com", "*.contoso.com", false),
            ("contoso.com", "*.contoso.com", true),
        ] {
            assert_eq!(half_covers(Subtree::Dns(base.into()), &Borne::Dns(name)), covered, "{base} {name}");
        }
    }

    #[test]
    fn a_mail_constraint_is_a_mailbox_a_host_or_a_domain() {
        for (base, name, covered) in [
            ("root@example.com", "root@EXAMPLE.com", true),
            ("root@example.com", "Root@example.com", false),
            ("example.com", "anyone@example.com", true),
            ("@example.com", "anyone@example.com", true),
            ("example.com", "anyone@mail.example.com", false),
            (".example.com", "anyone@mail.example.com", true),
            (".example.com", "anyone@example.com", false),
        ] {
            assert_eq!(half_covers(Subtree::Email(base.into()), &Borne::Email(name.into())), covered, "{base} {name}");
        }
    }

    #[test]
    fn a_uri_is_held_against_its_host() {
        for (base, name, covered) in [
            ("example.com", "http://example.com:8080/x", true),
            ("example.com", "http://www.example.com/", false),
            (".example.com", "https://user@WWW.example.com?q", true),
            (".example.com", "https://example.com", false),
            (".example.com", "mailto:somebody@www.example.com", true),
            (".example.com", "http://10.0.0.1/", true),
        ] {
            assert_eq!(half_covers(Subtree::Uri(base.into()), &Borne::Uri(name)), covered, "{base} {name}");
        }
    }

    #[test]
    fn an_address_is_held_against_the_mask() {
        let ten = || Subtree::Ip { network: vec![10, 1, 2, 3], mask: vec![255, 0, 0, 0] };
        assert!(half_covers(ten(), &Borne::Ip("10.1.0.21".parse().unwrap())));
        assert!(!half_covers(ten(), &Borne::Ip("11.1.0.21".parse().unwrap())));
        assert!(!half_covers(ten(), &Borne::Ip("::".parse().unwrap())));
    }

    #[test]
    fn thousands_of_names_and_constraints_are_decided_and_hostile_masks_are_not() {
        let bases: Vec<Subtree> = (0..15_000).map(|n| Subtree::Dns(format!("z{n}.example"))).collect();
        let hosts: Vec<String> = (0..15_000).map(|n| format!("h{n}.z{n}.example")).collect();
        let (permitted, excluded, mut budget) = (Half::over(&bases), Half::default(), Budget::full());
        for host in &hosts {
            assert!(matches!(judge(&permitted, &excluded, &Borne::Dns(host), &mut budget), Judged::Within), "{host}");
        }
        assert!(matches!(judge(&permitted, &excluded, &Borne::Dns("h.example"), &mut budget), Judged::Outside(_)));
        let used = MOST_STEPS - budget.0;
        assert!(used < 50_000, "{used}");

        let masks: Vec<Subtree> = (0..15_000_u32)
            .map(|n| Subtree::Ip { network: vec![0xff; 4], mask: (0x8000_0000 | n).to_be_bytes().to_vec() })
            .collect();
        let (permitted, mut budget) = (Half::over(&masks), Budget::full());
        let address = Borne::Ip("1.2.3.4".parse().unwrap());
        let verdicts = (0..15_000).map(|_| judge(&permitted, &excluded, &address, &mut budget));
        assert!(verdicts.into_iter().any(|verdict| matches!(verdict, Judged::NoBudget)));
    }
}
