//! Which name a Name Constraints extension (RFC 5280, 4.2.1.10) excludes. DNS names, addresses and directory names are
//! compared; for other forms it is only said that they cannot be.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints, ParsedExtension};
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use crate::certificate::Certificate;
use crate::trust::path::fault::Fault;

/// What an authority's constraints say to the certificates below it.
pub(super) enum Constrained {
    /// Nothing against them.
    Within,
    /// A name is outside.
    Outside(Fault),
    /// A constraint is of a form, or a policy of a kind, that is not compared here; which.
    Undecided(&'static str),
}

/// Holds an authority's constraints against every certificate below it.
pub(super) fn constrained<'c>(
    authority: &Certificate,
    below: impl Iterator<Item = &'c Arc<Certificate>>,
) -> Constrained {
    let Ok((_, read)) = X509Certificate::from_der(authority.der.as_slice()) else { return Constrained::Within };
    let mut constraints: Option<&NameConstraints<'_>> = None;
    for extension in read.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::NameConstraints(found) => constraints = Some(found),
            ParsedExtension::PolicyConstraints(_) => return Constrained::Undecided("Policy Constraints"),
            _ => {}
        }
    }
    let Some(constraints) = constraints else { return Constrained::Within };
    for bearer in below {
        let Ok((_, read)) = X509Certificate::from_der(bearer.der.as_slice()) else { continue };
        let subject = read.subject();
        let own = (subject.iter().next().is_some()).then(|| GeneralName::DirectoryName(subject.clone()));
        let alternative = read.subject_alternative_name().ok().flatten().map(|found| &found.value.general_names);
        for name in own.iter().chain(alternative.into_iter().flatten()) {
            match judge(constraints, name) {
                Judged::Within => {}
                Judged::Outside(constraint) => {
                    return Constrained::Outside(Fault::NameConstraint {
                        name: shown(name),
                        bearer: Arc::clone(bearer),
                        constraint,
                    });
                }
                Judged::Undecided => return Constrained::Undecided("a Name Constraint of a rare form"),
            }
        }
    }
    Constrained::Within
}

enum Judged {
    Within,
    Outside(String),
    Undecided,
}

fn judge(constraints: &NameConstraints<'_>, name: &GeneralName<'_>) -> Judged {
    let same_form = |subtrees: &Option<Vec<GeneralSubtree<'_>>>| -> Vec<(bool, String)> {
        let of_form = subtrees.iter().flatten().filter(|subtree| is_same_form(&subtree.base, name));
        of_form.map(|subtree| (covers(&subtree.base, name) == Some(true), shown(&subtree.base))).collect()
    };
    let undecided = |subtrees: &Option<Vec<GeneralSubtree<'_>>>| {
        subtrees
            .iter()
            .flatten()
            .any(|subtree| is_same_form(&subtree.base, name) && covers(&subtree.base, name).is_none())
    };
    if undecided(&constraints.permitted_subtrees) || undecided(&constraints.excluded_subtrees) {
        return Judged::Undecided;
    }
    if let Some((_, base)) = same_form(&constraints.excluded_subtrees).into_iter().find(|(covered, _)| *covered) {
        return Judged::Outside(format!("may not certify {base}"));
    }
    let permitted = same_form(&constraints.permitted_subtrees);
    if permitted.is_empty() || permitted.iter().any(|(covered, _)| *covered) {
        return Judged::Within;
    }
    let bases: Vec<String> = permitted.into_iter().map(|(_, base)| base).collect();
    Judged::Outside(format!("may certify {} only", bases.join(", ")))
}

fn is_same_form(base: &GeneralName<'_>, name: &GeneralName<'_>) -> bool {
    std::mem::discriminant(base) == std::mem::discriminant(name)
}

/// Whether a name lies in a subtree of its own form; `None`: that form is not compared here.
fn covers(base: &GeneralName<'_>, name: &GeneralName<'_>) -> Option<bool> {
    match (base, name) {
        (GeneralName::DNSName(base), GeneralName::DNSName(name)) => Some(covers_dns(base, name)),
        (GeneralName::IPAddress(base), GeneralName::IPAddress(name)) => Some(covers_address(base, name)),
        (GeneralName::DirectoryName(base), GeneralName::DirectoryName(name)) => Some(covers_directory(base, name)),
        _ => None,
    }
}

/// A domain covers itself and what is below it; one written with a leading dot, only what is below it.
fn covers_dns(base: &str, name: &str) -> bool {
    let (base, name) = (base.to_ascii_lowercase(), name.trim_end_matches('.').to_ascii_lowercase());
    if base.is_empty() {
        return true;
    }
    match base.strip_prefix('.') {
        Some(_) => name.ends_with(&base),
        None => name == base || name.strip_suffix(&base).is_some_and(|left| left.ends_with('.')),
    }
}

fn covers_address(base: &[u8], name: &[u8]) -> bool {
    let Some((network, mask)) = base.split_at_checked(name.len()) else { return false };
    mask.len() == name.len()
        && network.iter().zip(mask).zip(name).all(|((network, mask), octet)| network & mask == octet & mask)
}

fn covers_directory(base: &X509Name<'_>, name: &X509Name<'_>) -> bool {
    let (base, name) = (relative_names(base), relative_names(name));
    name.get(..base.len()) == Some(base.as_slice())
}

/// Each relative name as identifiers and values in lower case: string types differ between authorities, names do not.
fn relative_names(name: &X509Name<'_>) -> Vec<Vec<(String, String)>> {
    name.iter()
        .map(|relative| {
            let mut attributes: Vec<(String, String)> = relative
                .iter()
                .map(|attribute| {
                    let value = attribute.attr_value();
                    let text = match attribute.as_str() {
                        Ok(text) => text.to_lowercase(),
                        Err(_) => data_encoding::HEXLOWER.encode(value.data),
                    };
                    (attribute.attr_type().to_id_string(), text)
                })
                .collect();
            attributes.sort();
            attributes
        })
        .collect()
}

/// A name or a subtree, for people.
fn shown(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(text) => format!("dns:{text}"),
        GeneralName::IPAddress(octets) => format!("ip:{}", shown_address(octets)),
        GeneralName::DirectoryName(name) => format!("directory:{name}"),
        GeneralName::RFC822Name(text) => format!("email:{text}"),
        GeneralName::URI(text) => format!("uri:{text}"),
        GeneralName::OtherName(oid, _) => format!("other name {}", oid.to_id_string()),
        GeneralName::RegisteredID(oid) => format!("registered id {}", oid.to_id_string()),
        GeneralName::X400Address(_) | GeneralName::EDIPartyName(_) | GeneralName::Invalid(..) => {
            "a malformed name".into()
        }
    }
}

fn shown_address(octets: &[u8]) -> String {
    let of = |octets: &[u8]| -> Option<String> {
        if let Ok(four) = <[u8; 4]>::try_from(octets) {
            return Some(Ipv4Addr::from(four).to_string());
        }
        <[u8; 16]>::try_from(octets).ok().map(|sixteen| Ipv6Addr::from(sixteen).to_string())
    };
    match octets.len() {
        8 | 32 => {
            let (network, mask) = octets.split_at(octets.len() / 2);
            // An IPv6 address has 16 octets too; 8 and 32 are an address and its mask.
            match (of(network), of(mask)) {
                (Some(network), Some(mask)) => format!("{network}/{mask}"),
                _ => data_encoding::HEXLOWER.encode(octets),
            }
        }
        _ => of(octets).unwrap_or_else(|| data_encoding::HEXLOWER.encode(octets)),
    }
}

#[cfg(test)]
mod tests {
    use super::{covers_address, covers_dns};

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
        ] {
            assert_eq!(covers_dns(base, name), covered, "{base} {name}");
        }
    }

    #[test]
    fn an_address_is_held_against_the_mask() {
        let ten = [10, 0, 0, 0, 255, 0, 0, 0];
        assert!(covers_address(&ten, &[10, 1, 0, 21]));
        assert!(!covers_address(&ten, &[11, 1, 0, 21]));
        assert!(!covers_address(&ten, &[0; 16]));
        assert!(!covers_address(&[10], &[10, 1, 0, 21]));
    }
}
