//! The certificate a web role presents.

pub(crate) mod names;

pub mod client_accepts_name;
pub mod internet_name;
pub mod intranet_fqdn_preferred;
pub mod intranet_name;
pub mod literal_ampersand;
pub mod name_in_san;
pub mod server_auth_eku;
pub mod update_point_both_names;
