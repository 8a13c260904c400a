//! Certificates of mobile device clients, in files.

pub mod client_auth_eku;
pub mod der_encoding;
pub mod key_length;

use crate::rule::scope::{FileKind, Scope};

/// Mobile device clients' certificates in files.
pub const MOBILE_FILES: Scope = Scope::files(&[FileKind::MobileDevice], "mobile device clients' certificates");
