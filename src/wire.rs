//! Words of TLS and X.509 as the wire has them, and the moments observations carry: the ground every room stands on.

pub mod alert;
pub mod der;
pub mod registry;
pub mod suite;
pub mod timestamp;
pub mod version;
pub mod windows;
