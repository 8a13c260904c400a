//! The certificate a web role presents.

pub(crate) mod names;

pub mod expected_certificate;
pub mod internet_name;
pub mod intranet_fqdn_preferred;
pub mod intranet_name;
pub mod update_point_both_names;
