//! Certificates for operating system deployment, in PKCS #12 files.

pub mod client_auth_eku;
pub mod key_length;
pub mod name;
pub mod pkcs12;
pub mod root_specified;

use crate::rule::scope::Scope;
use crate::rule::usage::Use;

/// Deployment certificates in files.
pub const DEPLOYMENT_FILES: Scope = Scope::files(&[Use::Deployment], "certificates for operating system deployment");
