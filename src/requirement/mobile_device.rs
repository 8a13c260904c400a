//! Certificates of mobile device clients, in files.

pub mod client_auth_eku;
pub mod der_encoding;
pub mod key_length;

use crate::rule::scope::Scope;
use crate::rule::usage::Use;

/// Mobile device clients' certificates in files.
pub const MOBILE_FILES: Scope = Scope::files(&[Use::MobileDevice], "mobile device clients' certificates");
