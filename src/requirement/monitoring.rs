//! The certificate with which a management point or state migration point is asked by its own site how it is.

pub mod name;
pub mod present;
