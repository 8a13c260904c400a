//! The certificate a web role presents.

pub(crate) mod names;

pub mod application_policies;
pub mod client_accepts_name;
pub mod enterprise_issued;
pub mod expiry;
pub mod internet_name;
pub mod intranet_fqdn_preferred;
pub mod intranet_name;
pub mod key_length;
pub mod key_usage;
pub mod legacy_client_hash;
pub mod literal_ampersand;
pub mod name_in_san;
pub mod not_a_ca;
pub mod one_common_name;
pub mod rsa_key;
pub mod server_auth_eku;
pub mod signature;
pub mod single_byte_names;
pub mod update_point_both_names;
pub mod validity;
pub mod wildcard;
