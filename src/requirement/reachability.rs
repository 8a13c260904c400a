//! Can a client get there at all: names, addresses, ports.

pub mod completes_handshake;
pub mod connects;
pub mod direct;
pub mod http_closed;
pub mod internet_address;
pub mod intranet_name_hidden;
pub mod name_resolves;
pub mod name_syntax;
pub mod service_record;
pub mod speaks_tls;
pub mod uninspected;
