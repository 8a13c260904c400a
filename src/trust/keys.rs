//! Lengths of keys.

use crate::certificate::{Facts, KeyAlgorithm};

pub use super::path::search::LEAST_RSA_BITS as LEAST_BITS;

/// Whether a certificate's key is an RSA key, bound to RSASSA-PSS or not.
pub const fn is_rsa(facts: &Facts) -> bool {
    match facts.public_key.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => true,
        KeyAlgorithm::Ec(_)
        | KeyAlgorithm::Dsa
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::Ed448
        | KeyAlgorithm::Other(_) => false,
    }
}
