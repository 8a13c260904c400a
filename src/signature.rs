//! The signature algorithms certification paths are checked with.

use rustls_pki_types::SignatureVerificationAlgorithm;

/// What webpki is given to check signatures with.
pub static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = webpki::ALL_VERIFICATION_ALGS;
