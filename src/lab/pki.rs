//! Certificates and CRLs made to a recipe, as Active Directory Certificate Services would make them, or spoiled in one chosen way.
//! Test equipment: its keys are public, its dates are given to it, and the same recipe always gives the same bytes.
//!
//! ```
//! use cmprobe::lab::pki::{Pki, oid};
//!
//! # fn main() -> Result<(), cmprobe::lab::pki::MintError> {
//! let pki = Pki::lab()?;
//! let healthy = pki.web_server(&["mp01.corp.contoso.com", "mp.contoso.com"]);
//! let wrong_purpose = pki.issue(&healthy.eku(&[oid::CLIENT_AUTHENTICATION]))?;
//! let revoked = pki.issuing.crl(&pki.issuing_crl().revoke(&wrong_purpose))?;
//! # assert!(!revoked.is_empty());
//! # Ok(())
//! # }
//! ```

mod crl;
mod der;
mod extension;
mod key;
mod mint;
mod name;
mod ocsp;
pub mod oid;
mod organization;
mod pkcs12;
mod pkcs7;
mod recipe;
mod signature;

use std::error::Error;
use std::fmt;

use openssl::error::ErrorStack;
use time::OffsetDateTime;
use time::macros::datetime;

pub use crl::{CrlRecipe, IssuingDistributionPoint, Reason, Revoked};
pub use key::KeyName;
pub use mint::{Minted, pem};
pub use name::{Attribute, Name, Text};
pub use ocsp::{IdHash, OcspRecipe, OcspStatus};
pub use organization::{Organization, Pki, Published};
pub use pkcs7::pkcs7;
pub use pkcs12::{CRYPTOGRAPHIC_SERVICE_PROVIDER, KEY_STORAGE_PROVIDER, Pkcs12, Protection};
pub use recipe::{
    Access, BasicConstraints, DistributionPoint, KeyId, KeyUsage, NameConstraints, RawExtension, Recipe, San, Subtree,
    Template,
};
pub use signature::Signature;

/// The lab's "now" where nobody gives another: everything healthy is valid then.
pub const LAB_EPOCH: OffsetDateTime = datetime!(2026-01-01 00:00:00 UTC);

/// Why something could not be made: the recipe asks for what cannot be.
#[derive(Debug)]
pub enum MintError {
    /// OpenSSL refused, for instance because the key is too short for the hash.
    Crypto(ErrorStack),
    /// Not a dotted object identifier.
    ObjectIdentifier(String),
    /// This key cannot sign in this way.
    Signature { signature: Signature, key: KeyName },
    /// The key has no room for this signature's padding.
    KeyTooShort { bits: usize },
    /// A key of the lab could not be read.
    KeyUnreadable(KeyName),
    /// OpenSSL was built without MD2, MD4 and RC2.
    NoLegacyAlgorithms,
}

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crypto(stack) => {
                let reasons: Vec<&str> = stack.errors().iter().filter_map(openssl::error::Error::reason).collect();
                write!(f, "OpenSSL refused: {}", reasons.join("; "))
            }
            Self::ObjectIdentifier(text) => {
                write!(f, "{text:?} is not a dotted object identifier such as 2.5.29.17")
            }
            Self::Signature { signature, key } => {
                write!(f, "the key {key:?} cannot make a {signature:?} signature")
            }
            Self::KeyTooShort { bits } => {
                write!(f, "a key of {bits} bits has no room for this signature")
            }
            Self::KeyUnreadable(key) => write!(f, "the lab's key {key:?} cannot be read"),
            Self::NoLegacyAlgorithms => f.write_str("OpenSSL was built without its legacy provider"),
        }
    }
}

impl Error for MintError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Crypto(stack) => Some(stack),
            Self::ObjectIdentifier(_)
            | Self::Signature { .. }
            | Self::KeyTooShort { .. }
            | Self::KeyUnreadable(_)
            | Self::NoLegacyAlgorithms => None,
        }
    }
}

impl From<ErrorStack> for MintError {
    fn from(stack: ErrorStack) -> Self {
        Self::Crypto(stack)
    }
}

#[cfg(test)]
mod tests;
