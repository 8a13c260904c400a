//! Words of TLS and X.509 as the wire has them, the forms files carry them in, and the moments observations carry: the
//! ground every room stands on.

pub mod alert;
pub mod counted;
pub mod der;
pub mod json;
pub mod markup;
pub mod pem;
pub mod registry;
pub mod suite;
pub mod text;
pub mod timestamp;
pub mod version;
pub mod windows;
