//! Revocation lists and OCSP answers: what was seen of them, whether it is of use for a certificate, and what they say of
//! it. Everything goes through [`checked::Checked`]: any certificate, met or in a file, for whatever use.

pub mod checked;
pub mod delta;
pub mod fault;
pub mod fitness;
pub mod issuers;
pub mod listed;
pub mod ocsp;
pub mod reach;
pub mod store;
pub mod trusted;
