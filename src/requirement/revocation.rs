//! Revocation lists, as a client that checks them meets them: for the certificate presented and every authority below
//! the root. Where the definition says that clients do not check, nothing here applies.

pub mod checked;
pub mod current;
pub mod der_encoding;
pub mod distribution_point;
pub mod every_url;
pub mod expiry;
pub mod fitness;
pub mod not_revoked;
pub mod reachable;
pub mod store;
pub mod timely;
