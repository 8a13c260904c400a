//! The TLS session itself.

pub(crate) mod versions;

pub mod forward_secrecy;
pub mod handshake_time;
pub mod old_versions;
pub mod protocol;
pub mod reaches_old_clients;
pub mod secure_renegotiation;
pub mod server_name;
