//! Lengths of keys.

use crate::certificate::{Facts, KeyAlgorithm};

/// The fewest bits of an RSA key that Windows takes anywhere in a chain (KB 2661254).
pub const LEAST_BITS: u32 = 1024;

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
