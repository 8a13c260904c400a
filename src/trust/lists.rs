//! Revocation lists and OCSP answers: what was seen of them, and whether it is of use.

pub mod checked;
pub mod fitness;
pub mod ocsp;
pub mod store;
