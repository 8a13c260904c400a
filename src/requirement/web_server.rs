//! The certificate a web role presents.

pub mod server_auth_eku;
