//! Proxy web servers for Internet-based client management.

pub mod bridges_client;
pub mod client_auth_eku;
pub mod internet_name;
pub mod mode;
pub mod no_plain_http;
pub mod tunnel_needs_none;
pub mod verbs;
