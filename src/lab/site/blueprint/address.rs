//! The addresses of the lab's machines.

use std::net::Ipv4Addr;

/// Each of the lab's machines has an address of its own below 127.20.0.0, so that a port on one says nothing of another.
/// Linux and Windows answer on all of 127.0.0.0/8; macOS needs `ifconfig lo0 alias` for each.
pub const fn loopback(host: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 20, 0, host)
}
