//! The TLS session itself.

pub mod reach;
pub(crate) mod versions;

pub mod clock;
pub mod forward_secrecy;
pub mod handshake_time;
pub mod hello_tolerance;
pub mod key_proof;
pub mod message_size;
pub mod old_versions;
pub mod protocol;
pub mod reaches_clients;
pub mod reaches_old_clients;
pub mod secure_renegotiation;
pub mod server_name;
