//! What an authority's certificate says of the certificates below it: the names it may certify, and the certificate
//! policies a path over it must be valid for (RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.10, 4.2.1.11, 4.2.1.14).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::certificate::Name;

/// anyPolicy.
pub const ANY_POLICY: &str = "2.5.29.32.0";

/// Name Constraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// A name of a form that stands here must lie in one of these.
    pub permitted: Vec<Subtree>,
    /// No name may lie in one of these.
    pub excluded: Vec<Subtree>,
}

/// Some of the names of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subtree {
    /// A domain and what is below it; with a leading dot, only what is below it.
    Dns(String),
    /// A mailbox, all of a host's, or (with a leading dot) all of a domain's hosts.
    Email(String),
    /// A host, or (with a leading dot) all of a domain's.
    Uri(String),
    /// Addresses: a network and its mask, of equal length.
    Ip {
        /// The network.
        network: Vec<u8>,
        /// Which of its bits count.
        mask: Vec<u8>,
    },
    /// A name and what is below it.
    Directory(Name),
    /// Any other form, by its GeneralName's number, and an otherName's identifier.
    Other {
        /// The number: 0 otherName, 3 x400Address, 5 ediPartyName, 8 registeredID.
        form: u8,
        /// The identifier of an otherName.
        oid: Option<String>,
    },
}

impl fmt::Display for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(base) => write!(f, "dns:{base}"),
            Self::Email(base) => write!(f, "email:{base}"),
            Self::Uri(base) => write!(f, "uri:{base}"),
            Self::Ip { network, mask } => write!(f, "ip:{}/{}", Address(network), Address(mask)),
            Self::Directory(name) => write!(f, "directory:{}", name.text),
            Self::Other { oid: Some(oid), .. } => write!(f, "other name {oid}"),
            Self::Other { form: 3, .. } => f.write_str("an X.400 address"),
            Self::Other { form: 5, .. } => f.write_str("an EDI party name"),
            Self::Other { form: 8, .. } => f.write_str("a registered identifier"),
            Self::Other { .. } => f.write_str("another name"),
        }
    }
}

/// An address as people write it; octets that are none, in hexadecimal.
struct Address<'a>(&'a [u8]);

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(four) = <[u8; 4]>::try_from(self.0) {
            return write!(f, "{}", Ipv4Addr::from(four));
        }
        match <[u8; 16]>::try_from(self.0) {
            Ok(sixteen) => write!(f, "{}", Ipv6Addr::from(sixteen)),
            Err(_) => f.write_str(&data_encoding::HEXLOWER.encode(self.0)),
        }
    }
}

/// What is said of certificate policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFacts {
    /// Certificate Policies, OIDs in order; `None`: no such extension.
    pub certificate: Option<Vec<String>>,
    /// Policy Mappings: the issuer's, and what the subject has for it.
    pub mappings: Vec<(String, String)>,
    /// Policy Constraints: how many certificates may follow before a policy is demanded.
    pub require_explicit: Option<u32>,
    /// Policy Constraints: how many certificates may follow before policies are no longer mapped.
    pub inhibit_mapping: Option<u32>,
    /// Inhibit anyPolicy: how many certificates may follow before anyPolicy no longer stands for every policy.
    pub inhibit_any: Option<u32>,
}

/// Something of a certificate that is not as X.509 wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The extension it lies in, where it lies in one.
    pub oid: Option<String>,
    /// What, in words.
    pub words: String,
    /// Whether it can be read all the same: written otherwise than DER or RFC 5280 demand, which some minds and some not.
    pub is_readable: bool,
}
